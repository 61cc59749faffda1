"""Numbers of people and durations as people write them."""

import re
from collections.abc import Callable

import numpy as np

from data.reading.answers import LONGEST_VALUE, Distinct, Problem, is_blank, split_answer
from data.reading.phrases import expand
from data.reading.spelt import spelt_number

# More than this is a slip of the pen or another column. People: the largest visits on record found some hundreds.
LARGEST = {
    "people_detained": 2_000,
    "people_released": 2_000,
    "crowd_size": 100_000,
    "duration_minutes": 7 * 24 * 60,
}

NONE_WORDS = frozenset(
    (
        "none",
        "nobody",
        "no one",
        "noone",
        "no-one",
        "no",
        "nope",
        "not any",
        "no people",
        "nil",
        "zero",
        "not one",
    )
)

# They say that there were some, not how many: kept as "not stated".
NOT_A_NUMBER_OF = frozenset(
    (
        "several", "some", "many", "a few", "few", "a lot", "lots", "multiple", "various", "numerous", "unknown number",
        "dozens", "scores", "hundreds", "thousands", "crowd", "large", "large crowd", "small", "small crowd", "big",
        "big crowd", "unknown", "not stated", "a number", "a while", "long", "short", "brief", "all day", "hours",
        "several hours", "a few hours", "minutes", "a few minutes", "several minutes", "some time", "all morning", "ages",
        "all afternoon", "most of the day", "most of the morning", "half a day", "all of them", "all", "everyone",
        "everybody", "not many", "loads", "a handful", "handful", "a couple of hundred", "quite a few", "a whole family",
        "the whole family", "family", "a family", "dozens of people", "hundreds of people", "lots of people",
    )
)  # fmt: skip

# Of these words those that tell of people: somebody was taken, however many.
SOME_OF = frozenset(
    (
        "several", "some", "many", "a few", "few", "a lot", "lots", "multiple", "various", "numerous", "unknown number",
        "dozens", "scores", "a number", "all of them", "all", "everyone", "everybody", "not many", "loads", "a handful",
        "handful", "quite a few", "a whole family", "the whole family", "family", "a family", "lots of people",
        "dozens of people",
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
_BEFORE = re.compile(rf"^(?:{expand('{before_number}')}\b[.:]?|[~≈>≥]+=?)\s*")
# An upper bound alone does not say a number: kept as "not stated".
_UPPER_BOUND = re.compile(r"^(?:<|≤|up to|under|less than|fewer than|below|max|maximum|at most|no more than)")
# Who was counted; kinds of people that differ may be counted one by one and added.
_PEOPLE = expand("{one_kind}")
_AFTER = re.compile(rf"\s*(?:\+|(?<=[\d ])x|ish|\b{_PEOPLE}|\b{expand('{after_number}')})[.!]?\s*$")
_RANGE = re.compile(r"^(\S.*?) ?(?:-|–|—|\bto\b|\bor\b|/) ?(\S.*)$")
_BETWEEN = re.compile(r"^between (\S.*?) and (\S.*)$")
_DIGITS = re.compile(r"^-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$")
_THOUSANDS_POINT = re.compile(r"^\d{1,3}(?:\.\d{3})+$")
# "2 men and 1 woman", "2 + 1", "2, then another 1": people told in parts.
_PARTS = re.compile(r" ?(?:,? ?\b(?:and|plus|then|later)\b(?: (?:later|then|also))?|[+&,;]) ?")
_TWO_ENDS = (re.compile(r"released|let go|freed"), re.compile(r"arrest|detain|taken|took|nicked"))
_REMARK = re.compile(
    r"(?<=\w) ?\((?:[^()\d]*|(?:\d{1,2} ?(?:m|f|men|man|women|woman|male|males|female|females|kids?|child|children|adults?|minors?)[ ,&+]*(?:and )?)+)\)$"
)
_ONE_MORE = re.compile(r"^(?:another|a further|further|one more|an extra)\b ?")
_MORE_BEHIND = re.compile(r" (?:more|others?|extra|later|afterwards)$")


def parse_number(text: str) -> float | Problem | None:
    """
    A number as people write it.

    Approximate ("c. 200", "~50") and lower-bound forms ("200+", "over 50") give the number itself; a range
    ("10-15") gives its lower end, the most that is certain; "several" and an upper bound alone ("up to 20", "<5")
    give None, not stated. People told in parts ("two men and a woman", "2 then another 1") are added.

    >>> parse_number("two people"), parse_number("200+"), parse_number("10-15"), parse_number("several")
    (2.0, 200.0, 10.0, None)
    """
    if len(text) > LONGEST_VALUE:
        return Problem(NOT_UNDERSTOOD)
    plain = _without_remark(" ".join(text.lower().split()))
    number = _simple_number(plain)
    if number is not None:
        return Problem(NEGATIVE) if number < 0 else number
    if is_blank(plain) or plain in NOT_A_NUMBER_OF:
        return None
    if (number := _one_number(plain)) is not None or _says_no_number(plain):
        return number
    if (number := _sum_of_parts(plain)) is not None:
        return number
    return _parse_range(_strip_repeatedly(_BEFORE, _strip_repeatedly(_AFTER, plain)))


def _without_remark(plain: str) -> str:
    """Without the full stop, and without a remark in brackets that holds no figure: "3 (all men)"."""
    without = _REMARK.sub("", plain).removesuffix(".").strip()
    return without or plain


def _one_number(plain: str) -> float | Problem | None:
    """A number with what may stand around it; None where there is none, or none that is stated."""
    if _UPPER_BOUND.match(plain):
        return None
    plain = _strip_repeatedly(_BEFORE, _strip_repeatedly(_AFTER, plain))
    if plain.startswith("a family of "):
        plain = plain.removeprefix("a family of ")
    number = _simple_number(plain)
    return Problem(NEGATIVE) if number is not None and number < 0 else number


def _says_no_number(plain: str) -> bool:
    if plain.endswith((" max", " maximum", " tops", " at most")):
        return None
    stripped = _strip_repeatedly(_AFTER, plain)
    return bool(_UPPER_BOUND.match(plain)) or stripped in NOT_A_NUMBER_OF


def _sum_of_parts(plain: str) -> float | None:
    """The sum of parts, each a number of people; None unless the words show that they are told one after the other."""
    parts = [part for part in _PARTS.split(plain) if part]
    if len(parts) < 2 or all(end.search(plain) for end in _TWO_ENDS):
        return None
    numbers = []
    for part in parts:
        bare = _MORE_BEHIND.sub("", _ONE_MORE.sub("", part))
        numbers.append(_one_number(bare or "1"))
    if any(not isinstance(number, float) or not number.is_integer() for number in numbers):
        return None
    is_told_apart = (
        re.search(r"\+|&|\b(?:plus|then|later|another|further|more|others?)\b", plain)
        or all(re.search(rf"\b{_PEOPLE}$", part) for part in parts)
    )  # fmt: skip
    return sum(numbers) if is_told_apart else None


def _parse_range(plain: str) -> float | Problem:
    found = _BETWEEN.match(plain) or _RANGE.match(plain)
    low, high = (_simple_number(part) for part in found.groups()) if found else (None, None)
    if low is None or high is None:
        return Problem(NOT_UNDERSTOOD)
    return Problem(BACKWARDS) if high < low else low


def _simple_number(plain: str) -> float | None:
    if plain in NONE_WORDS:
        return 0.0
    if plain in ("both", "both of them"):
        return 2.0
    if plain in ("half", "half a", "half an"):
        return 0.5
    # '1.000' is a thousand to some and one to others.
    if _DIGITS.match(plain) and not _THOUSANDS_POINT.match(plain):
        return float(plain.replace(",", ""))
    counted = spelt_number(plain)
    return None if counted is None else float(counted)


def _strip_repeatedly(pattern: re.Pattern, text: str) -> str:
    while (shorter := pattern.sub("", text)) != text:
        text = shorter
    return text


def parse_people(text: str) -> int | Problem | None:
    """A whole number of people; None where it is not stated."""
    number = parse_number(text)
    if number == Problem(NOT_UNDERSTOOD):
        number = _number_answered(text)
    if isinstance(number, float):
        return int(number) if number.is_integer() else Problem(NOT_WHOLE)
    return number


def _number_answered(text: str) -> float | Problem | None:
    """The number behind a yes, or 0 for a no: "Yes - 2 men", "N", "no, all had papers"."""
    answer, detail = split_answer(text)
    number = parse_number(detail) if detail else Problem(NOT_UNDERSTOOD)
    if answer == "yes" and isinstance(number, float) and number > 0:
        return number
    if answer == "no" and (number in (Problem(NOT_UNDERSTOOD), 0.0)) and not re.search(r"\d", detail):
        return 0.0
    return Problem(NOT_UNDERSTOOD)


# Parts of an hour that have words of their own.
_IN_MINUTES = (
    (re.compile(r"\b(?:three[- ]quarters|3/4|¾) of an hour\b"), "45 minutes"),
    (re.compile(r"\b(?:a )?quarter of an hour\b"), "15 minutes"),
    (
        re.compile(
            r"^((?:about|around|nearly|over|at least|roughly) )?(?:(?:an?|one) )?half[- ](?:an? )?hour$"
        ),
        r"\g<1>30 minutes",
    ),
    (re.compile(r"\b(?:an? )?hour and a half\b"), "90 minutes"),
    (re.compile(r"\b(?:an? )?hour and (?:a )?quarter\b"), "75 minutes"),
    (re.compile(r"\b(?:a )?couple of (?=hours|mins|minutes)"), "2 "),
    (
        re.compile(
            r"^((?:about|around|nearly|over|at least|roughly|under an?|less than an?|up to an?) )?hour$"
        ),
        r"\g<1>60 minutes",
    ),
    (re.compile(r"^([\d-]+) ?(?:mins?|minutes) (?:to|or) (?:an hour|1 ?h(?:ou)?r)$"), r"\1 minutes"),
    (re.compile(r"^(\d+) ?hr(\d\d)$"), r"\1h\2"),
    (re.compile(r"(\d) ?(?:hrs?|hours?|mins?|minutes?) (?:to|or) (?=\d)"), r"\1-"),
)
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
    for words, minutes in _IN_MINUTES:
        plain = words.sub(minutes, plain)
    if plain.endswith((" max", " maximum", " tops", " at most")):
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


PEOPLE_FIELDS = ("people_detained", "people_released", "crowd_size")
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
            # A yes is no number and no slip either: it says that there were some.
            problems[position] = None if _says_some(field, text) else number
        elif number is not None and number > largest:
            problems[position] = Problem(TOO_LARGE)
        elif number is not None:
            numbers[position], is_stated[position] = number, True
    return cells.spread(numbers), cells.spread(is_stated), problems


def says_some(field: str, cells: Distinct) -> np.ndarray:
    """Mask of the rows whose cell in a column of people says yes, or "several", and no number."""
    texts = np.array([_says_some(field, text) for text in cells.texts], bool)
    return cells.spread(texts)


def _says_some(field: str, text: str) -> bool:
    if field not in PEOPLE_FIELDS or len(text) > LONGEST_VALUE:
        return False
    if _without_remark(" ".join(text.lower().split())) in SOME_OF:
        return True
    return split_answer(text)[0] == "yes" and isinstance(parse_people(text), Problem)
