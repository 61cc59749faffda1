"""The lists of words beside this file, each read once and when it is first asked for."""

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
    return _lists()[title]


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists: dict[str, frozenset[str]] = {}
    for path in sorted(Path(__file__).parent.glob("*.txt")):
        text = re.sub(r"(?m)^#.*\n", "", path.read_text("utf-8"))
        for title, block in re.findall(r"(?m)^\[(.+)\]\n([^\[]*)", text):
            lists[title] = frozenset(word for part in re.split("[,\n]", block) if (word := part.strip()))
    return lists
