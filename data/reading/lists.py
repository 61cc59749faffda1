"""The words of `words.toml`: which of them are read as which value of a closed list."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "words.toml"
# Fields that are answered with yes or no.
YES_NO_FIELDS = ("police_present", "community_response")

Words = dict[str, tuple[str, ...]]


@cache
def read_lists(kind: str) -> dict[str, Words]:
    """
    Field -> value -> words of one kind, 'words' or 'names'; 'answer' holds yes and no, which the fields answered so have too.

    A word that is or may be somebody's name is of the kind 'names'.
    """
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    lists = {
        field: {value: tuple(table[kind]) for value, table in values.items() if kind in table}
        for field, values in tables.items()
    }
    for field in YES_NO_FIELDS:
        lists[field] = {
            value: (*lists["answer"].get(value, ()), *lists[field].get(value, ())) for value in ("yes", "no")
        }
    return {field: words for field, words in lists.items() if words}
