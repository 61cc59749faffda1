"""Dates in all the forms people write, with how finely the day is known."""

import re
from datetime import date
from typing import NamedTuple

from data.reading.distinct import LONGEST_VALUE, Problem, is_blank

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
    only one order gives a date, that order. `time` is what else the cell says, such as '2pm'.
    """

    first: int
    last: int
    precision: str
    reading: str = ""
    time: str = ""

    @property
    def day(self) -> date | None:
        """The day; None where no more than the month is known."""
        return date.fromordinal(self.first + EPOCH) if self.precision == "day" else None


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb", "febr"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            ("monday", "mon"),
            ("tuesday", "tues", "tue"),
            ("wednesday", "wednes", "weds", "wed"),
            ("thursday", "thurs", "thur", "thu"),
            ("friday", "fri"),
            ("saturday", "sat"),
            ("sunday", "sun"),
        )
    )
    for name in names
}


def _alternatives(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH = rf"(?P<month_name>{_alternatives(_MONTHS)})(?![a-z])\.?"
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
        rf"{_MONTH}[-/. ]*{_DAY}(?:,? +|[-/,]){_YEAR4}{_END}",
        rf"{_YEAR4}[-/., ]*{_MONTH}[-/. ]*{_DAY}{_END}",
        r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        rf"{_YEAR4}[-/.](?P<month>\d{{1,2}}){_END}",
        rf"(?P<month>\d{{1,2}})[-/.]{_YEAR4}{_END}",
        rf"(?:early |mid[- ]|late |(?:beginning|start|middle|end) of )?{_MONTH}(?:[-/., ]*(?:of |in )?(?P<year>\d{{4}})"
        rf"|[-/]? ?(?P<short>(?<=[-/])\d{{2}}|['’]\d{{2}})){_END}",
        rf"{_YEAR4}[-/., ]*{_MONTH}(?! ?\d)",
        r"(?P<serial>\d{5})(?P<fraction>\.\d+)?(?![\d/.-])",
        rf"(?:in )?{_YEAR4}(?![\d:]|[-/. ]\d)",
    )
)

_WEEKDAY_BEFORE = re.compile(rf"^({_alternatives(_WEEKDAYS)})\b[.,]?\s*(?:the )?")
_WEEKDAY_AFTER = re.compile(rf"[,\s(]+({_alternatives(_WEEKDAYS)})\b[.)]?$")
_TIME_JOINT_BEFORE = re.compile(r"^(?:t(?=\d)|[,;\s]|at\b|@|on the\b|in the\b|-\s)+")
_TIME_JOINT_AFTER = re.compile(r"(?:[,;\s]|\bon\b|\bof\b|\bthe\b|\s-)+$")
_SEVERAL = re.compile(
    rf"^\d{{1,2}}(?:st|nd|rd|th)?\s*(?:-|–|/|to|and|&|or)\s*\d{{1,2}}(?:st|nd|rd|th)?\s*(?:of )?(?:{_alternatives(_MONTHS)})\b"
)
_TWO_YEARS = re.compile(r"^\d\d(?P<year>\d\d) ?(?P<gap>[-/]) ?(?:\d\d)?(?P<next>\d\d)$")
# As computers print it: "Jun 11 12:08:00 2022".
_TIME_BEFORE_YEAR = re.compile(r"^([a-z]+ \d{1,2}) (\d{1,2}:\d\d\S*)(?: (?!\d)(\S+))? (\d{4})$")
_DASHES = re.compile("[‐‑‒–—−]")
_ANOTHER_DATE = re.compile(rf"\d[-/]\d{{1,2}}[-/]\d|(?:{_alternatives(_MONTHS)})(?![a-z])")
_DAY_AND_MONTH_ONLY = re.compile(
    rf"^(?:\d{{1,2}}(?:st|nd|rd|th)?[-/. ]*(?:of )?(?:{_alternatives(_MONTHS)})"
    rf"|(?:{_alternatives(_MONTHS)})\.?(?:[-/. ]*\d{{1,2}}(?:st|nd|rd|th)?)?|\d{{1,2}}[-/]\d{{1,2}})$"
)


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

    >>> parse_date("Sat 11/06/22").precision, parse_date("June 2022").precision, parse_date("11/06/2022 2pm").time
    ('day', 'month', '2pm')
    """
    if is_blank(text):
        return Problem(EMPTY)
    if len(text) > LONGEST_VALUE:
        return Problem(NOT_UNDERSTOOD)
    plain = _DASHES.sub("-", " ".join(text.lower().split())).rstrip(".,;")
    plain, weekday = _split_weekday(plain)
    plain = _TIME_BEFORE_YEAR.sub(r"\1 \4 \2 \3", plain).rstrip()
    if _covers_two_years(plain):
        return Problem(SEVERAL_YEARS)
    if _SEVERAL.match(plain):
        return Problem(SEVERAL_DAYS)
    found = _find_form(plain)
    if found is None:
        return Problem(NO_YEAR if _DAY_AND_MONTH_ONLY.match(plain) else NOT_UNDERSTOOD)
    match, time = found
    if _ANOTHER_DATE.search(time):
        return Problem(SEVERAL_DAYS)
    return _check_weekday(_from_match(match, time, date_order), weekday)


def _split_weekday(plain: str) -> tuple[str, int | None]:
    """The text without its weekday, and the weekday (0 is Monday), if it has one."""
    if before := _WEEKDAY_BEFORE.match(plain):
        return plain[before.end() :], _WEEKDAYS[before[1]]
    if after := _WEEKDAY_AFTER.search(plain):
        return plain[: after.start()], _WEEKDAYS[after[1]]
    return plain, None


def _covers_two_years(plain: str) -> bool:
    """Whether a text is a year and the next: "2021/22", but also "2011/12"; "2011-12" is a month by ISO 8601."""
    found = _TWO_YEARS.match(plain)
    if not found or (int(found["year"]) + 1) % 100 != int(found["next"]):
        return False
    return found["gap"] == "/" or int(found["next"]) > 12


def _find_form(plain: str) -> tuple[re.Match, str] | None:
    """The first form that begins the text, or else ends it; what is left is the time."""
    for form in _FORMS:
        if match := form.match(plain):
            rest = plain[match.end() :]
            if not rest:
                return match, ""
            if rest[0] in "t ,;@(":
                return match, _TIME_JOINT_BEFORE.sub("", rest)
    for form in _FORMS:
        for match in form.finditer(plain):
            if match.end() == len(plain) and match.start() and plain[match.start() - 1] in " ,;":
                return match, _TIME_JOINT_AFTER.sub("", plain[: match.start()])
    return None


def _from_match(match: re.Match, time: str, date_order: str) -> PartialDate | Problem:
    parts = match.groupdict()
    if parts.get("serial"):
        return _from_serial(parts, time)
    year = _full_year(parts.get("year") or parts["short"])
    if parts.get("first"):
        return _from_digits(year, int(parts["first"]), int(parts["second"]), time, date_order)
    month = _MONTHS[parts["month_name"]] if parts.get("month_name") else int(parts.get("month") or 0)
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
