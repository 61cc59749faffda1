"""What goes because it is too old, in words: the same on a page, in a notice and in a terminal."""

from analysis.words import day_in_words
from data.log.retention import DELETE_DAYS, ClockDoubt, Deletion


def say_clock_doubt(doubt: ClockDoubt) -> str:
    """Why the machine's day is hard to believe, as a sentence."""
    today, last = day_in_words(doubt.today), day_in_words(doubt.last)
    if doubt.is_before:
        return f"This machine's clock says {today}, which lies before the last entry in the database, of {last}. One of the two is wrong."
    return (
        f"This machine's clock says {today}, more than {DELETE_DAYS} days after the last entry in the database, of {last}. Look whether "
        "the clock is right."
    )


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
    said = [f"{number:,} {words[number != 1]}" for words, number in parts.items() if number]
    if deletion.incidents and deletion.first and deletion.last:
        first, last = day_in_words(deletion.first), day_in_words(deletion.last)
        said[0] += f" (of {first})" if first == last else f" (of {first} to {last})"
    return ", ".join(said) or "nothing"
