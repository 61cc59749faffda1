"""
Does a text hold something that tells who or where somebody is? Names, numbers and addresses by which a person, a home or a
workplace could be found; never how often or when.

Detection is the second line: the first is that no free text is stored anywhere. So a doubtful text is refused, and the
sentence says what to leave out, never what was found.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from data.identifiers.names import (
    names_person,
    names_person_in_place,
    names_person_in_word,
)
from data.identifiers.shapes import (
    ADDRESS,
    DOCUMENT,
    EMAIL,
    HANDLE,
    HOME_OFFICE,
    INSURANCE,
    NHS,
    OFFICER,
    PHONE,
    VEHICLE,
    WEB,
    shape_in,
    spot_in,
)
from data.reading.spelt import has_spelt_number, in_figures

NAME = "a name"
KINDS = (
    NAME,
    OFFICER,
    PHONE,
    EMAIL,
    HANDLE,
    WEB,
    VEHICLE,
    INSURANCE,
    HOME_OFFICE,
    NHS,
    ADDRESS,
    DOCUMENT,
)

# Longer texts are looked at in pieces, so that no pattern can search for long.
_PIECE, _OVERLAP = 2_000, 100
_RUNS_OF_BLANKS = re.compile(r"[^\S\n]{4,}|\n{4,}")

_DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u30fc")
# Letters that show nothing, though Unicode counts them as letters or marks.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0\u2800")


@lru_cache(4_096)
def _tidy_letter(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind in ("Cf", "Co", "Cn") or letter in _UNSEEN or "\ufe00" <= letter <= "\ufe0f":
        return ""
    if kind == "Cc":
        return letter if letter in "\t\n\r" else ""
    if kind in ("Zs", "Zl", "Zp"):
        return " "
    if kind == "Nd":
        return str(unicodedata.digit(letter))
    return "-" if letter in _DASHES else letter


def tidy(text: str) -> str:
    """
    A text in one form for each letter, digit, dash and space, without those that show nothing.

    >>> tidy("０７７\\u200b００ ９００–１２３")
    '07700 900-123'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_tidy_letter, unicodedata.normalize("NFKC", text)))


def identifier_in(text: str) -> str | None:
    """
    What kind of identifier a text holds, in words such as 'a phone number'; None if it holds none that is known.

    Dates, times, figures, postcodes, districts and places are none.

    >>> identifier_in("call 07700 900123"), identifier_in("Flat 3, 14 Rye Lane"), identifier_in("2 arrests, SE15 4QN")
    ('a phone number', 'a street address', None)
    """
    return _first_in(text, names_person) or spot_in(tidy(text))


def identifier_in_place(text: str) -> str | None:
    """
    As `identifier_in`, for a description of a place: streets, stations and pubs that bear a person's name are fine.

    A code of one spot is none here: a place is turned into its locality, and the cell is not kept.
    """
    return _first_in(text, names_person_in_place)


def identifier_in_word(text: str) -> str | None:
    """As `identifier_in`, for a cell where a word of a closed list is expected: there an unknown word may be a name."""
    return _first_in(text, names_person_in_word) or spot_in(tidy(text))


def identifiers_in(
    texts: Sequence[str], find: Callable[[str], str | None] = identifier_in
) -> list[str | None]:
    """The kind of identifier in each of many distinct texts; see `identifier_in`."""
    if not len(texts):
        return []
    # Most texts of a clean file hold nothing that even resembles one.
    suspects = pc.match_substring_regex(pa.array(texts, pa.string()), _SUSPECT)
    return [
        find(text) if suspect else None for text, suspect in zip(texts, suspects.to_pylist(), strict=True)
    ]


# A digit, a sign, or two letters: whatever is shorter holds nobody.
_SUSPECT = r"[@#/]|[0-9].*[0-9]|[^\x00-\x7f]|[A-Za-z]{2}"


def _first_in(text: str, names: Callable[[str], bool]) -> str | None:
    # Long runs of blanks say nothing, and many a pattern would search them for long.
    plain = _RUNS_OF_BLANKS.sub(lambda run: run[0][:3], tidy(text))
    if len(plain) <= _PIECE:
        return _kind_in(plain, names)
    pieces = (plain[start : start + _PIECE] for start in range(0, len(plain), _PIECE - _OVERLAP))
    return next(filter(None, (_kind_in(piece, names) for piece in pieces)), None)


def _kind_in(text: str, names: Callable[[str], bool]) -> str | None:
    return shape_in(text) or _spelt_shape_in(text) or (NAME if names(text) else None)


def _spelt_shape_in(text: str) -> str | None:
    """What a text holds with its figures written as words, or with letters for them."""
    figures = in_figures(text)
    found = shape_in(figures) if figures != text else None
    return found or (PHONE if has_spelt_number(text) else None)
