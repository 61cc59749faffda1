"""Numbers of people and durations as people write them."""

import re
from collections.abc import Callable

import numpy as np

from data.reading.distinct import LONGEST_VALUE, Distinct, Problem, is_blank

# More than this is a slip of the pen or another column. People: the largest visits on record found some hundreds.
LARGEST = {
    "people_detained": 2_000,
    "people_released": 2_000,
    "crowd_size": 100_000,
    "duration_minutes": 7 * 24 * 60,
}

NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20,
    "a": 1, "an": 1, "nil": 0, "none": 0, "nobody": 0, "no one": 0, "noone": 0, "no": 0, "single": 1, "a couple": 2,
    "couple": 2, "a dozen": 12, "dozen": 12, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "hundred": 100, "a hundred": 100, "one hundred": 100, "two hundred": 200,
    "three hundred": 300, "five hundred": 500, "a thousand": 1000, "one thousand": 1000, "half": 0.5, "half a": 0.5,
    "half an": 0.5,
}  # fmt: skip

# They say that there were some, not how many: kept as "not stated".
NOT_A_NUMBER_OF = frozenset(
    (
        "several", "some", "many", "a few", "few", "a lot", "lots", "multiple", "various", "numerous", "unknown number",
        "dozens", "scores", "hundreds", "thousands", "crowd", "large", "large crowd", "small", "small crowd", "big",
        "big crowd", "unknown", "not stated", "a number", "a while", "long", "short", "brief", "all day", "hours",
        "several hours", "a few hours", "minutes", "a few minutes", "several minutes", "some time",
    )
)  # fmt: skip

NOT_UNDERSTOOD = (
    "The number is not understood; write it in digits, or leave the cell empty if it is not stated."
)
NEGATIVE = "The number is below zero; correct it, or leave the cell empty if it is not stated."
NOT_WHOLE = "People are counted in whole numbers; correct the number."
TOO_LARGE = "The number is too large to be true; correct it."
BACKWARDS = "The range runs backwards; write the smaller number first."
DURATION_NOT_UNDERSTOOD = "The duration is not understood; write it in minutes, or as 2h30, or leave the cell empty if it is not stated."
PART_OF_A_MINUTE = (
    "The duration is no whole number of minutes and does not say what it counts; write it in minutes, or as 1:30 or 1.5 "
    "hours."
)

# Words that may stand before a number; the number that follows is the fewest, or about it, and is taken as it is.
_BEFORE = re.compile(
    r"^(?:(?:c|ca|circa|about|around|approx|approximately|roughly|some|nearly|almost|over|more than|at least|min|minimum"
    r"|just over|well over|upwards of|estimated|est|maybe|probably)\b\.?|[~≈>≥+]+)\s*"
)
# An upper bound alone does not say a number: kept as "not stated".
_UPPER_BOUND = re.compile(r"^(?:<|≤|up to|under|less than|fewer than|below|max|maximum|at most|no more than)")
_AFTER = re.compile(
    r"\s*(?:\+|or more|or so|plus|ish|approx|people|persons|person|men|women|man|woman|workers|worker|arrests|arrest"
    r"|arrested|detained|taken|released|in total|total|protesters|supporters|neighbours|residents)\.?\s*$"
)
_RANGE = re.compile(r"^(.+?)\s*(?:-|–|—|\bto\b|\bor\b|/)\s*(.+)$")
_DIGITS = re.compile(r"^-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$")
_THOUSANDS_POINT = re.compile(r"^\d{1,3}(?:\.\d{3})+$")


def parse_number(text: str) -> float | Problem | None:
    """
    A number as people write it.

    Approximate ("c. 200", "~50") and lower-bound forms ("200+", "over 50") give the number itself; a range
    ("10-15") gives its lower end, the most that is certain; "several" and an upper bound alone ("up to 20", "<5")
    give None, not stated.

    >>> parse_number("two people"), parse_number("200+"), parse_number("10-15"), parse_number("several")
    (2.0, 200.0, 10.0, None)
    """
    if len(text) > LONGEST_VALUE:
        return Problem(NOT_UNDERSTOOD)
    plain = " ".join(text.lower().split())
    number = _simple_number(plain)
    if number is not None:
        return Problem(NEGATIVE) if number < 0 else number
    if is_blank(plain) or plain in NOT_A_NUMBER_OF:
        return None
    plain = _strip_repeatedly(_AFTER, plain)
    if plain in NOT_A_NUMBER_OF or _UPPER_BOUND.match(plain):
        return None
    plain = _strip_repeatedly(_BEFORE, plain)
    if (number := _simple_number(plain)) is not None:
        return Problem(NEGATIVE) if number < 0 else number
    return _parse_range(plain)


def _parse_range(plain: str) -> float | Problem:
    found = _RANGE.match(plain)
    low, high = (_simple_number(part) for part in found.groups()) if found else (None, None)
    if low is None or high is None:
        return Problem(NOT_UNDERSTOOD)
    return Problem(BACKWARDS) if high < low else low


def _simple_number(plain: str) -> float | None:
    if plain in NUMBER_WORDS:
        return float(NUMBER_WORDS[plain])
    # '1.000' is a thousand to some and one to others.
    if not _DIGITS.match(plain) or _THOUSANDS_POINT.match(plain):
        return None
    return float(plain.replace(",", ""))


def _strip_repeatedly(pattern: re.Pattern, text: str) -> str:
    while (shorter := pattern.sub("", text)) != text:
        text = shorter
    return text


def parse_people(text: str) -> int | Problem | None:
    """A whole number of people; None where it is not stated."""
    number = parse_number(text)
    if isinstance(number, float):
        return int(number) if number.is_integer() else Problem(NOT_WHOLE)
    return number


_CLOCK = re.compile(r"^(\d{1,3}):([0-5]\d)(?::[0-5]\d)?$")
_HOURS = re.compile(
    r"^(.+?)\s*(?:h|hr|hrs|hour|hours)\b\.?(?:\s*(?:and|,)?\s*)(.*)$|^(\d+)h(\d{1,2})\s*(?:m|min|mins|minutes)?$"
)
_MINUTES = re.compile(r"^(.+?)\s*(?:m|min|mins|minute|minutes)\.?$")
_AND_A_HALF = re.compile(r"^(.+?)\s*(?:and a half|1/2|½)$")


def parse_duration(text: str) -> int | Problem | None:
    """
    A duration in minutes; a bare number is minutes, "over an hour" is 60, a range gives its lower end.

    >>> parse_duration("45"), parse_duration("4 hours"), parse_duration("2h30"), parse_duration("1:30")
    (45, 240, 150, 90)
    """
    if len(text) > LONGEST_VALUE:
        return Problem(DURATION_NOT_UNDERSTOOD)
    plain = " ".join(text.lower().split())
    if is_blank(plain) or plain in NOT_A_NUMBER_OF:
        return None
    stripped = _strip_repeatedly(
        _BEFORE, _strip_repeatedly(re.compile(r"\s*(?:\+|or so|or more|approx)\.?$"), plain)
    )
    if _UPPER_BOUND.match(stripped):
        return None
    number = _simple_number(stripped)
    if number is not None and number > 0 and not number.is_integer():
        # Half an hour, or a spreadsheet's half a day, rather than half a minute.
        return Problem(PART_OF_A_MINUTE)
    minutes = _clock_minutes(stripped)
    if minutes is None:
        minutes = _minutes_in_words(stripped)
    if isinstance(minutes, float):
        return int(minutes + 0.5)
    return minutes


def _clock_minutes(plain: str) -> float | None:
    found = _CLOCK.match(plain)
    return float(int(found[1]) * 60 + int(found[2])) if found else None


def _minutes_in_words(plain: str) -> float | Problem | None:
    if found := _HOURS.match(plain):
        hours, rest = (found[3], found[4]) if found[3] else (found[1], found[2])
        if rest in ("and a half", "a half", "1/2", "½"):
            rest = "30"
        return _add(_scaled(hours, 60), _scaled(_without_unit(_MINUTES, rest), 1) if rest else 0.0)
    return _scaled(_without_unit(_MINUTES, plain), 1)


def _without_unit(pattern: re.Pattern, text: str) -> str:
    found = pattern.match(text)
    return found[1] if found else text


def _scaled(text: str, factor: int) -> float | Problem | None:
    half = _AND_A_HALF.match(text)
    if text in ("½", "half", "half an", "1/2"):
        number: float | Problem | None = 0.5
    elif half:
        number = parse_number(half[1])
        number = number + 0.5 if isinstance(number, float) else number
    else:
        number = parse_number(text)
    if isinstance(number, Problem):
        return Problem(NEGATIVE) if number.reason == NEGATIVE else Problem(DURATION_NOT_UNDERSTOOD)
    return None if number is None else number * factor


def _add(first: float | Problem | None, second: float | Problem | None) -> float | Problem | None:
    for part in (first, second):
        if part is None or isinstance(part, Problem):
            return part
    return first + second


def parse_duration_in_hours(text: str) -> int | Problem | None:
    """A duration in minutes where the heading says that a bare number is hours."""
    number = parse_number(text)
    if isinstance(number, float):
        return int(number * 60 + 0.5)
    return parse_duration(text)


PARSERS: dict[str, Callable[[str], int | Problem | None]] = {
    "people_detained": parse_people,
    "people_released": parse_people,
    "crowd_size": parse_people,
    "duration_minutes": parse_duration,
    "duration_hours": parse_duration_in_hours,
}


def read_numbers(field: str, cells: Distinct) -> tuple[np.ndarray, np.ndarray, list[Problem | None]]:
    """
    One number column for every row.

    Returns
    -------
    numbers
        int64, one per row; 0 where there is none.
    is_stated
        One bool per row.
    problems
        One per distinct text of `cells`; None where there is none.
    """
    largest = LARGEST["duration_minutes" if field == "duration_hours" else field]
    parse = PARSERS[field]
    numbers = np.zeros(len(cells.texts), np.int64)
    is_stated = np.zeros(len(cells.texts), bool)
    problems: list[Problem | None] = [None] * len(cells.texts)
    for position, text in enumerate(cells.texts):
        number = parse(text)
        if isinstance(number, Problem):
            problems[position] = number
        elif number is not None and number > largest:
            problems[position] = Problem(TOO_LARGE)
        elif number is not None:
            numbers[position], is_stated[position] = number, True
    return cells.spread(numbers), cells.spread(is_stated), problems
