"""What goes because it is too old, in words: the same on a page, in a notice and in a terminal."""

from data.log.retention import Deletion


def say_deletion(deletion: Deletion) -> str:
    """
    What is deleted, in numbers.

    >>> from datetime import date
    >>> say_deletion(Deletion(date(2020, 1, 1), incidents=2, imports=1)), say_deletion(Deletion(date(2020, 1, 1)))
    ('2 records, 1 import of which nothing is left', 'nothing')
    """
    parts = {
        ("record", "records"): deletion.incidents,
        ("row of the trail of changes", "rows of the trail of changes"): deletion.changes,
        ("import of which nothing is left", "imports of which nothing is left"): deletion.imports,
        ("number of who had a walk", "numbers of who had a walk"): deletion.walkers,
    }
    return (
        ", ".join(f"{number:,} {words[number != 1]}" for words, number in parts.items() if number)
        or "nothing"
    )
