"""
The few texts of a group that are kept on disk: names, headings and words of a saved format. Short ones only, and none that is
a value of a record or tells who or where somebody is.
"""

import re
from collections.abc import Callable

from data.errors import InputError
from data.identifiers.identifiers import identifier_in, identifier_in_group, identifier_in_word, tidy
from data.reading.dates import PartialDate, parse_date
from data.reading.times import DayTime, parse_time

POSTCODE, DATE, NUMBER = "a whole postcode", "a date or a time", "a number or coordinates"
LONGEST, MOST_WORDS = 40, 6

_POSTCODE = re.compile(
    r"(?<![^\W_])(?:[A-Z]{1,2}\d[A-Z\d]?[\s.-]{0,3}\d[A-Z]{2}|GIR\s?0AA)(?![^\W_])", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?=.*\d)[\d\s.,;:/+±°'\"′″()#£%-]*(?:[NSEW][\d\s.,;:/+±°'\"′″()-]*){0,2}|[A-Z]{2}\s?\d{2,5}\s?\d{2,5}",
    re.IGNORECASE,
)
# A day as a spreadsheet counts it.
_SERIAL = re.compile(r"(?<!\d)\d{5}(?!\d)")
_SINGLE_DISTRICT = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(?:\s?\d)?", re.IGNORECASE)


def holds_postcode(text: str) -> bool:
    """
    Whether a whole postcode stands in a text; a district is none.

    >>> holds_postcode("SE15 4QN"), holds_postcode("back of e16an"), holds_postcode("SE15")
    (True, True, False)
    """
    return bool(_POSTCODE.search(tidy(text)))


def value_in(text: str) -> str | None:
    """
    Which value of a record a text is, in words; None if it is none.

    >>> value_in("2026-05-01"), value_in("51.47, -0.06"), value_in("Date of raid")
    ('a date or a time', 'a number or coordinates', None)
    """
    plain = tidy(text).strip()
    if holds_postcode(plain):
        return POSTCODE
    if any(map(str.isdigit, plain)):
        if _is_date(plain) or isinstance(parse_time(plain), DayTime):
            return DATE
        if _NUMBER.fullmatch(plain):
            return NUMBER
    return None


def _is_date(text: str) -> bool:
    """Whether a text is a date, or holds a whole day; "raid log 2024" and "FOI 55886" are names with a figure."""
    found = parse_date(text)
    if isinstance(found, PartialDate) and (not found.time or isinstance(parse_time(found.time), DayTime)):
        return True
    words = text.split()[:MOST_WORDS]
    ends = (parse_date(" ".join(words[at:])) for at in range(len(words)))
    return not _SERIAL.search(text) and any(
        isinstance(end, PartialDate) and end.precision == "day" for end in ends
    )


def is_district(text: str) -> bool:
    """Whether a text is a postcode district or sector and nothing else."""
    return bool(_SINGLE_DISTRICT.fullmatch(tidy(text).strip()))


def refuse_name(text: str, what: str) -> None:
    """Refuse a name that a person gives to something kept, by the rules of `refuse_heading` and as a person's name."""
    _refuse(text, what, identifier_in_group)


def refuse_heading(text: str, what: str) -> None:
    """
    Refuse a text that is to be kept.

    Parameters
    ----------
    what
        What the text is, as in "heading of column B".

    Raises
    ------
    InputError
        It is longer than 40 characters or 6 words, a value of a record, or looks as if it told who or where somebody is.
    """
    _refuse(text, what, identifier_in)


def refuse_word(text: str, what: str) -> None:
    """As `refuse_heading`, for a word of a closed list: there an unknown word may be a name."""
    _refuse(text, what, identifier_in_word)


def _refuse(text: str, what: str, find: Callable[[str], str | None]) -> None:
    if len(text) > LONGEST or len(text.split()) > MOST_WORDS:
        raise InputError(
            f"The {what} is longer than {LONGEST} letters or {MOST_WORDS} words. Only short ones are kept: shorten it, and save "
            "again."
        )
    if kind := find(text) or value_in(text):
        raise InputError(f"The {what} looks like it holds {kind}. Take it out, and save again.")
