"""The many ways to write a local authority's name, brought to one."""

import re
from functools import cache

from data.geography.bundled import read_authorities, read_spellings

# What is said around a name without changing whose name it is. Longest first: each end is cut once.
_BEFORE = (
    "london borough of",
    "royal borough of",
    "county borough of",
    "metropolitan borough of",
    "borough of",
    "district of",
    "county of",
    "city of",
    "lb of",
    "lb",
)
_AFTER = (
    "metropolitan borough council",
    "london borough council",
    "county borough council",
    "borough council",
    "district council",
    "county council",
    "city council",
    "london borough",
    "county of",
    "council",
    "borough",
    "city of",
    "city",
    "lb",
)


def plain(name: str) -> str:
    """
    A name without capitals, punctuation and words such as 'London Borough of'.

    >>> plain("London Borough of Barking & Dagenham")
    'barking and dagenham'
    """
    words = re.sub(r"[^\w\s]", " ", name.casefold().replace("&", " and ").replace("'", "").replace("’", ""))
    words = " ".join(words.replace("_", " ").split()).removeprefix("the ")
    bare = words
    for before in _BEFORE:
        if bare.startswith(before + " "):
            bare = bare.removeprefix(before + " ")
            break
    for after in _AFTER:
        if bare.endswith(" " + after):
            bare = bare.removesuffix(" " + after)
            break
    # The City is no short way to say London.
    return words if bare == "london" else bare


@cache
def _codes() -> dict[str, str]:
    """Code by plain name, for every authority and every usual spelling."""
    authorities, spellings = read_authorities(), read_spellings()
    codes = {plain(name): code for name, code in zip(authorities["name"], authorities["code"], strict=True)}
    return codes | dict(zip(spellings["spelling"], spellings["code"], strict=True))


@cache
def _names() -> dict[str, str]:
    """Official name by code."""
    authorities = read_authorities()
    return dict(zip(authorities["code"], authorities["name"], strict=True))


def authority_code(text: str) -> str | None:
    """
    ONS code of the local authority that `text` names, by its code, its name or a usual spelling; None if none.

    >>> authority_code("RBKC")
    'E09000020'
    """
    code = text.strip().upper()
    return code if code in _names() else _codes().get(plain(text))


def authority_name(code: str) -> str:
    """Official name of an authority, by its ONS code."""
    return _names()[code]
