"""Dates in all the forms people write, with how finely the day is known."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import NamedTuple

from data.reading.answers import LONGEST_VALUE, Problem, is_blank
from data.reading.times import DayTime, parse_time

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# A name or how it is cut short, in small letters; nothing of a word may go on behind it.
MONTH = (
    r"(?:jan(?:uary)?|febr?(?:uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nes(?:day)?)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"(?![a-z])\.?"
)


def month_number(name: str) -> int:
    """
    The number of a month, from its name in any letters, whole or cut short.

    >>> month_number("Sept."), month_number("jan")
    (9, 1)
    """
    return _position(MONTHS, name) + 1


def weekday_number(name: str) -> int:
    """
    The position of a weekday, from its name in any letters, whole or cut short; Monday is 0.

    >>> weekday_number("Weds")
    2
    """
    return _position(WEEKDAYS, name)


def _position(names: tuple[str, ...], written: str) -> int:
    return next(number for number, name in enumerate(names) if name.lower().startswith(written.lower()[:3]))


EPOCH = date(1970, 1, 1).toordinal()
EARLIEST_YEAR = 1990
# Day 0 of Excel's calendar, which counts a 29 February 1900 that never was.
EXCEL_EPOCH = date(1899, 12, 30).toordinal()

EMPTY = "The date is empty; write at least the year."
NOT_UNDERSTOOD = (
    "The date is not understood; write it as 2022-06-11, 11/06/2022, 11 June 2022, June 2022 or 2022."
)
NO_YEAR = "The date has no certain year; write the year with four digits."
NO_SUCH_DAY = "There is no such day in the calendar; correct the date."
AFTER_TODAY = "The date is after today; correct it."
TOO_EARLY = f"The date is before {EARLIEST_YEAR}; correct it."
WRONG_WEEKDAY = "The weekday does not fit the date; correct one of the two."
SEVERAL_DAYS = "The date covers several days; write the day on which it started, or only the month."
SEVERAL_YEARS = (
    "The date may cover two years, such as April to March; write the single year, or the month as 2022-06."
)
BOUND_ONLY = "The date says only before or after which day it was; write the day, or the month or year alone."
DAY_IN_DOUBT = "The day is not certain, so the month stands for it; where it is certain write the day alone."
BESIDE_NOT_UNDERSTOOD = (
    "What stands beside the date is no time that is understood; leave only the date and its time in the cell, such as "
    "11/06/2022 14:30, or the month or year alone."
)
MONTH_FIRST_ONLY = "Read day first there is no such date; correct it, or choose 'month first' in the mapping if this column runs so."
DAY_FIRST_ONLY = "Read month first there is no such date; correct it, or choose 'day first' in the mapping if this column runs so."
EITHER_WAY = (
    "The date could be read day first or month first, and other dates in this column fit month first only; "
    "choose 'month first' in the mapping, or write dates as 2022-06-11."
)

DAY_FIRST, MONTH_FIRST = "day first", "month first"


class PartialDate(NamedTuple):
    """
    A day, month or year as days since 1970-01-01, both ends included.

    `reading` is '' unless the date was written in digits and hangs on the order of day and month: 'either' or, where
    only one order gives a date, that order. `time` is what else the cell says, such as '2pm'. `is_in_doubt` is whether a day
    is named that may be another one; then the month is what is known.
    """

    first: int
    last: int
    precision: str
    reading: str = ""
    time: str = ""
    is_in_doubt: bool = False

    @property
    def day(self) -> date | None:
        """The day; None where no more than the month is known."""
        return date.fromordinal(self.first + EPOCH) if self.precision == "day" else None


_MONTH = rf"(?P<month_name>{MONTH})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR4 = r"(?P<year>\d{4})"
_YEAR = r"(?P<year>\d{4}|'?\d{2})"
# Nothing of the date may go on after it: not a digit, and not a separator with a digit behind it.
_END = r"(?![\d]|[-/.]\d)"

# In this order: a form that could be the beginning of another comes after it.
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_YEAR4}(?P<gap>[-/.]| [-/.] )(?P<month>\d{{1,2}})(?P=gap)(?P<day>\d{{1,2}}){_END}",
        rf"(?P<first>\d{{1,2}})(?P<gap>[-/. ]|\. | [-/.] )(?P<second>\d{{1,2}})(?P=gap){_YEAR}{_END}",
        rf"(?:the )?{_DAY}[-/. ]*(?:of )?{_MONTH}[-/., ]*(?:in )?{_YEAR}{_END}",
        rf"{_MONTH}[-/. ]*(?:the )?{_DAY}(?:,? +|[-/,]){_YEAR4}{_END}",
        rf"{_YEAR4}[-/., ]*{_MONTH}[-/. ]*{_DAY}{_END}",
        r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        rf"{_YEAR4}[-/.](?P<month>\d{{1,2}}){_END}",
        rf"(?P<month>\d{{1,2}})[-/.]{_YEAR4}{_END}",
        rf"{_MONTH}(?:[-/., ]*(?:of |in )?(?P<year>\d{{4}})"
        rf"|[-/]? ?(?P<short>(?<=[-/])\d{{2}}|['’]\d{{2}})){_END}",
        rf"{_YEAR4}[-/., ]*{_MONTH}(?! ?\d)",
        r"(?P<serial>\d{5})(?P<fraction>\.\d+)?(?![\d/.-])",
        rf"{_YEAR4}(?![\d:]|[-/. ]\d)",
    )
)

_WEEKDAY_BEFORE = re.compile(rf"^({WEEKDAY})(?!\w),?\s*(?:the )?")
_WEEKDAY_AFTER = re.compile(rf"[,\s(]+({WEEKDAY})[)]?$")
_TIME_JOINT_BEFORE = re.compile(r"^(?:t(?=\d)|[,;\s]|at\b|@|on the\b|in the\b|-\s)+")
_TIME_JOINT_AFTER = re.compile(r"(?:[,;\s]|\bon\b|\bof\b|\bthe\b|\s-)+$")
_SEVERAL = re.compile(
    rf"^(?:the )?\d{{1,2}}(?:st|nd|rd|th)?\s*(?:-|–|/|to|and|&|or)\s*(?:the )?\d{{1,2}}(?:st|nd|rd|th)?\s*(?:of )?(?P<month>{MONTH})"
)
# "May/June 2023" is known by its year.
_SEVERAL_MONTHS = re.compile(rf"^{MONTH} ?(?:/|-|or|to|and|&) ?{MONTH},? ?(?P<year>\d{{4}})$")
_TWO_YEARS = re.compile(r"^\d\d(?P<year>\d\d) ?(?P<gap>[-/]) ?(?:\d\d)?(?P<next>\d\d)$")
# As computers print it: "Jun 11 12:08:00 2022".
_TIME_BEFORE_YEAR = re.compile(r"^([a-z]+ \d{1,2}) (\d{1,2}:\d\d\S*)(?: (?!\d)(\S+))? (\d{4})$")
_DASHES = re.compile("[‐‑‒–—−]")
_ANOTHER_DATE = re.compile(rf"\d[-/]\d{{1,2}}[-/]\d|(?<![a-z]){MONTH}")
_DAY_AND_MONTH_ONLY = re.compile(
    rf"^(?:\d{{1,2}}(?:st|nd|rd|th)?[-/. ]*(?:of )?{MONTH}"
    rf"|{MONTH}(?:[-/. ]*\d{{1,2}}(?:st|nd|rd|th)?)?|\d{{1,2}}[-/]\d{{1,2}})$"
)

_WORDS = tomllib.loads((Path(__file__).parent / "dates.toml").read_text(encoding="utf-8"))
_KIND_BEFORE = {word: kind for kind, words in _WORDS["before"].items() for word in words}
_DOUBT_BEHIND = frozenset(_WORDS["behind"]["doubt"])
_ANY_BEFORE = "|".join(re.escape(word) for word in sorted(_KIND_BEFORE, key=len, reverse=True))
_ORDINAL = r"(?:1st|2nd|3rd|4th|5th|first|second|third|fourth|fifth|last|final|next to last)"
_BEFORE_IT = re.compile(
    rf"^(?:(?P<words>{_ANY_BEFORE})(?:(?<![a-z])|(?![a-z]))|(?P<week>(?:the )?{_ORDINAL} (?:week|weekend|half|part|quarter|days|few days)(?: (?:of|in))?))"
    r"[.:,]?(?: of\b)?[\s-]*"
)
# "Week commencing 5 June" names a day on which it need not have been.
_WEEK = re.compile(
    r"^(?:in )?(?:the )?(?P<kind>w/?c|w/?b|w/?e|(?:week|wk|weekend)(?: (?:commencing|beginning|starting|ending|of))?)[.:]? (?:the )?(?=\S)"
)
_NO_NUMBER = r"(?:\?+|x+|_+|0{1,2}|-{1,2}|d{1,2}|n/?k|tbc)"
# What stands in place of a number that is not known -> what is left of the date.
_PLACEHOLDERS = tuple(
    (re.compile(pattern), left)
    for pattern, left in (
        (rf"^{_NO_NUMBER}[-/. ]+{_NO_NUMBER}[-/. ]+(?=\d{{4}}$)", ""),
        (rf"^{_NO_NUMBER}(?:st|th)?[-/. ]+(?:of )?(?=\d{{1,2}}[-/.]\d{{4}}$|{MONTH})", ""),
        (rf"^(\d{{4}})[-/.]{_NO_NUMBER}[-/.]{_NO_NUMBER}$", r"\1"),
        (rf"^(\d{{4}}[-/.]\d{{1,2}})[-/.]{_NO_NUMBER}$", r"\1"),
        (r"^\d{1,2}[-/.](?:\?+|x+|_+)[-/.](?=\d{4}$)", ""),
        # "Summer 23"
        (r"(?<=(?:spring|summer|autumn) )(?:of )?'?([0-6]\d)$", r"20\1"),
    )
)
# "4? June 2024", "June-ish 2023"
_DOUBT_WITHIN = re.compile(r"(?<=\w)\?(?= ?\w)|(?<=[a-z\d])[ -]?ish\b(?=.*\d)")
# What may make another day of the one that stands before it.
_MAY_CHANGE_DAY = re.compile(r"\d|\b(?:or|to|until|till|before|after|and|night of|not)\b|[&/-]")


def parse_date(text: str, date_order: str = DAY_FIRST) -> PartialDate | Problem:
    """
    The day, month or year a cell names, and what it says of the time.

    Parameters
    ----------
    text
        The cell.
    date_order
        How dates written in digits with the year last are read. Two-digit years up to 69 are 20xx, others 19xx.

    Returns
    -------
    date
        Or the problem that keeps the row from being used. Whether the date lies in the past is for `check_bounds`.

    Notes
    -----
    Words that leave the day open ("about", "week of", "?") leave its month; those that leave the month open leave the year.

    >>> parse_date("Sat 11/06/22").precision, parse_date("late June 2022").precision, parse_date("11/06/2022 2pm").time
    ('day', 'month', '2pm')
    """
    if is_blank(text):
        return Problem(EMPTY)
    if len(text) > LONGEST_VALUE:
        return Problem(NOT_UNDERSTOOD)
    plain = _DASHES.sub("-", " ".join(text.lower().split())).strip("'’‘`´ ").rstrip(".,;")
    for pattern, left in _PLACEHOLDERS:
        plain = pattern.sub(left, plain)
    plain, n_doubts = _DOUBT_WITHIN.subn("", plain)
    found = _read(plain, date_order)
    return _in_doubt(found) if n_doubts and isinstance(found, PartialDate) else found


def _read(plain: str, date_order: str) -> PartialDate | Problem:
    if week := _WEEK.match(plain):
        found = _read(plain[week.end() :], date_order)
        return _of_week(found, week["kind"]) if isinstance(found, PartialDate) else found
    before = _BEFORE_IT.match(plain)
    if before and before.end() < len(plain) and _begins_with_date(plain[before.end() :]):
        return _behind(before, plain[before.end() :], date_order)
    plain, weekday = _split_weekday(plain)
    plain = _TIME_BEFORE_YEAR.sub(r"\1 \4 \2 \3", plain).rstrip()
    if _covers_two_years(plain):
        return Problem(SEVERAL_YEARS)
    if days := _SEVERAL.match(plain):
        found = _read(f"1 {plain[days.start('month') :]}", date_order)
        return _in_doubt(found) if isinstance(found, PartialDate) else Problem(SEVERAL_DAYS)
    if months := _SEVERAL_MONTHS.match(plain):
        plain = months["year"]
    found = _find_form(plain)
    if found is None:
        return Problem(NO_YEAR if _DAY_AND_MONTH_ONLY.match(plain) else NOT_UNDERSTOOD)
    match, time, is_in_doubt = found
    if _ANOTHER_DATE.search(time):
        return Problem(SEVERAL_DAYS)
    day = _from_match(match, time, date_order)
    if not is_in_doubt:
        day = _check_weekday(day, weekday)
    if isinstance(day, Problem):
        return day
    # "In the shop" behind the day costs the time alone; "posted" before it may make another day of it.
    may_be_another = bool(match.start()) or bool(_MAY_CHANGE_DAY.search(time))
    if time and may_be_another and not is_in_doubt and not isinstance(parse_time(time), DayTime):
        return Problem(BESIDE_NOT_UNDERSTOOD)
    return _in_doubt(day) if is_in_doubt else day


def _begins_with_date(plain: str) -> bool:
    """Whether a text begins with a date, or with words that leave one open."""
    rest, _ = _split_weekday(plain)
    if any(form.match(rest) for form in _FORMS) or _WEEK.match(plain):
        return True
    before = _BEFORE_IT.match(plain)
    return bool(before) and before.end() < len(plain) and _begins_with_date(plain[before.end() :])


def _behind(before: re.Match, rest: str, date_order: str) -> PartialDate | Problem:
    """The date behind words that leave it open."""
    kind = "part" if before["week"] else _KIND_BEFORE[before["words"]]
    if kind == "bound":
        return Problem(BOUND_ONLY)
    found = _read(rest, date_order)
    if kind == "nothing" or isinstance(found, Problem):
        return found
    if kind == "winter":
        return Problem(SEVERAL_YEARS) if found.precision == "year" else found
    return _in_doubt(found)


def _in_doubt(found: PartialDate) -> PartialDate:
    """The month of a day that may be another one; a month or year is not known better than it is."""
    if found.precision != "day":
        return found
    day = found.day
    return _whole_month(day.year, day.month, "")._replace(reading=found.reading, is_in_doubt=True)


def _of_week(found: PartialDate, kind: str) -> PartialDate | Problem:
    """The month, or else the year, in which a week lies that is called by its first or its last day."""
    if found.precision != "day":
        return found
    is_end = kind in ("we", "w/e") or kind.endswith("ending")
    days = (-1, 1) if kind.startswith("weekend") else (-6, 0) if is_end else (0, 6)
    first, last = (date.fromordinal(found.first + EPOCH + step) for step in days)
    if (first.year, first.month) == (last.year, last.month):
        return _in_doubt(found)
    if first.year != last.year:
        return Problem(SEVERAL_YEARS)
    year = _days(date(first.year, 1, 1), date(first.year, 12, 31), "year", "")
    return year._replace(reading=found.reading, is_in_doubt=True)


def _split_weekday(plain: str) -> tuple[str, int | None]:
    """The text without its weekday, and the weekday (0 is Monday), if it has one."""
    if before := _WEEKDAY_BEFORE.match(plain):
        return plain[before.end() :], weekday_number(before[1])
    if after := _WEEKDAY_AFTER.search(plain):
        return plain[: after.start()], weekday_number(after[1])
    return plain, None


def _covers_two_years(plain: str) -> bool:
    """Whether a text is a year and the next: "2021/22", but also "2011/12"; "2011-12" is a month by ISO 8601."""
    if re.fullmatch(r"\d{4} (?:or|to|and|&) \d{4}", plain):
        return True
    found = _TWO_YEARS.match(plain)
    if not found or (int(found["year"]) + 1) % 100 != int(found["next"]):
        return False
    return found["gap"] == "/" or int(found["next"]) > 12


def _find_form(plain: str) -> tuple[re.Match, str, bool] | None:
    """The first form that begins the text, or else ends it; what is left is the time, or a doubt of the day."""
    for form in _FORMS:
        if match := form.match(plain):
            rest = plain[match.end() :]
            if not rest:
                return match, "", False
            if rest.strip(" ,;:-()[]?.") in _DOUBT_BEHIND:
                return match, "", True
            if rest[0] in "t ,;@(?[":
                is_in_doubt = rest[0] == "?"
                return match, _TIME_JOINT_BEFORE.sub("", rest.lstrip("?")), is_in_doubt
    for form in _FORMS:
        for match in form.finditer(plain):
            if match.end() == len(plain) and match.start() and plain[match.start() - 1] in " ,;":
                return match, _TIME_JOINT_AFTER.sub("", plain[: match.start()]), False
    return None


def _from_match(match: re.Match, time: str, date_order: str) -> PartialDate | Problem:
    parts = match.groupdict()
    if parts.get("serial"):
        return _from_serial(parts, time)
    year = _full_year(parts.get("year") or parts["short"])
    if parts.get("first"):
        return _from_digits(year, int(parts["first"]), int(parts["second"]), time, date_order)
    month = month_number(parts["month_name"]) if parts.get("month_name") else int(parts.get("month") or 0)
    if parts.get("day"):
        return _one_day(year, month, int(parts["day"]), time)
    if month or parts.get("month"):
        return _whole_month(year, month, time)
    return _days(date(year, 1, 1), date(year, 12, 31), "year", time) if year else Problem(NO_SUCH_DAY)


def _full_year(text: str) -> int:
    digits = text.lstrip("'’")
    if len(digits) == 4:
        return int(digits)
    return int(digits) + (2000 if int(digits) <= 69 else 1900)


def _from_serial(parts: dict, time: str) -> PartialDate | Problem:
    day = int(parts["serial"]) + EXCEL_EPOCH - EPOCH
    if parts["fraction"] and not time:
        minutes = int(float(parts["fraction"]) * 24 * 60 + 0.5)
        time = f"{min(minutes, 1439) // 60:02}:{min(minutes, 1439) % 60:02}"
    return PartialDate(day, day, "day", "", time)


def _from_digits(year: int, first: int, second: int, time: str, date_order: str) -> PartialDate | Problem:
    """A date such as 11/06/2022, in the order of the column."""
    day_first, month_first = (
        _one_day(year, second, first, time),
        _one_day(year, first, second, time),
    )
    wanted, other, only = (
        (day_first, month_first, MONTH_FIRST_ONLY)
        if date_order == DAY_FIRST
        else (month_first, day_first, DAY_FIRST_ONLY)
    )
    if isinstance(wanted, Problem):
        return wanted if isinstance(other, Problem) else Problem(only)
    if isinstance(other, Problem):
        return wanted._replace(reading=date_order)
    return wanted if wanted.first == other.first else wanted._replace(reading="either")


def _one_day(year: int, month: int, day: int, time: str) -> PartialDate | Problem:
    try:
        number = date(year, month, day).toordinal() - EPOCH
    except ValueError:
        return Problem(NO_SUCH_DAY)
    return PartialDate(number, number, "day", "", time)


def _whole_month(year: int, month: int, time: str) -> PartialDate | Problem:
    if not (1 <= month <= 12 and 1 <= year < 9999):
        return Problem(NO_SUCH_DAY)
    following = date(year + month // 12, month % 12 + 1, 1)
    return PartialDate(
        date(year, month, 1).toordinal() - EPOCH, following.toordinal() - 1 - EPOCH, "month", "", time
    )


def _days(first: date, last: date, precision: str, time: str) -> PartialDate:
    return PartialDate(first.toordinal() - EPOCH, last.toordinal() - EPOCH, precision, "", time)


def _check_weekday(found: PartialDate | Problem, weekday: int | None) -> PartialDate | Problem:
    if weekday is None or isinstance(found, Problem) or found.precision != "day":
        return found
    # Day 0 of the count, 1 January 1970, was a Thursday.
    return found if (found.first + 3) % 7 == weekday else Problem(WRONG_WEEKDAY)


def check_bounds(found: PartialDate, today: date) -> Problem | None:
    """A problem where the date begins after today or before records are kept; None where it does not."""
    if found.first > today.toordinal() - EPOCH:
        return Problem(AFTER_TODAY)
    if found.first < date(EARLIEST_YEAR, 1, 1).toordinal() - EPOCH:
        return Problem(TOO_EARLY)
    return None
