"""Lists of words in text files, each file read once and when it is first asked for."""

import re
from functools import cache
from pathlib import Path


@cache
def words_of(title: str) -> frozenset[str]:
    """
    The words, or whole phrases, of the list that stands under `[title]` in one of the text files here.

    >>> "mr" in words_of("sure titles"), "becket house" in words_of("known names")
    (True, True)
    """
    return lists_in(Path(__file__).parent)[title]


@cache
def lists_in(folder: Path) -> dict[str, frozenset[str]]:
    """Title -> words of every list in the text files of a folder."""
    lists: dict[str, frozenset[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        text = re.sub(r"(?m)^#.*\n", "", path.read_text("utf-8"))
        for title, block in re.findall(r"(?m)^\[(.+)\]\n([^\[]*)", text):
            lists[title] = frozenset(word for part in re.split("[,\n]", block) if (word := part.strip()))
    return lists


def any_of(words: frozenset[str]) -> str:
    """A pattern of any of some words, the longest first; blanks in them may be several."""
    return "|".join(
        r"\s+".join(map(re.escape, word.split()))
        for word in sorted(words, key=lambda word: (-len(word), word))
    )
