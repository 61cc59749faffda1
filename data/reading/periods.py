"""Periods as official returns write them: in headings ("Q1 2019", "2018/19") and in footnotes ("2019 is to October")."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from data.reading.dates import MONTH, MONTHS, month_number


@dataclass(frozen=True, order=True)
class Period:
    """A stretch of days, both ends counted."""

    start: date
    end: date

    def holds(self, other: "Period") -> bool:
        """Whether the other period lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Period") -> bool:
        """Whether the two share a day."""
        return self.start <= other.end and other.start <= self.end

    def cut_to(self, other: "Period") -> "Period":
        """The days both have; the two must meet."""
        return Period(max(self.start, other.start), min(self.end, other.end))

    def is_whole_year(self) -> bool:
        """Whether it is a calendar year or one from April to March."""
        return self.end == _year_on(self.start) and (self.start.month, self.start.day) in ((1, 1), (4, 1))

    def words(self) -> str:
        """As told to a person: '1 January 2019 to 30 September 2019'."""
        return f"{day_words(self.start)} to {day_words(self.end)}"


@dataclass(frozen=True)
class Coverage:
    """
    What one footnote says of the days covered.

    Only one end may be said ("up to October 2019"), or months without a year ("January to September").
    """

    start: date | None = None
    end: date | None = None
    months: tuple[int, int] | None = None
    # The note names the year it speaks of, apart from the days it gives: "2019 is January to October".
    names_its_year: bool = False
    # One day, month or quarter that nothing joins to another: it may be an end, the whole, or neither.
    is_lone: bool = False


@dataclass(frozen=True)
class _Point:
    """A day, month, quarter or year; `year` is empty where the text leaves it to be understood."""

    year: int | None
    first: tuple[int, int] = (1, 1)
    last: tuple[int, int] = (12, 31)
    years_on: int = 0
    is_plain_year: bool = False
    is_day: bool = False

    def start(self, year: int | None = None) -> date:
        return _day(self.year or year, *self.first)

    def end(self, year: int | None = None) -> date:
        return _day((self.year or year) + self.years_on, *self.last)

    def is_financial_year(self) -> bool:
        return self.years_on == 1 and self.first == (4, 1)

    def year_of(self, month: int) -> int:
        """The calendar year of a month in this calendar or financial year."""
        return self.year + (self.is_financial_year() and month < 4)

    def end_year(self) -> int | None:
        return None if self.year is None else self.year + self.years_on


# In place of the first month: from where the year begins, as in "to the end of October".
YEAR_START = 0

QUARTERS = {1: ((1, 1), (3, 31)), 2: ((4, 1), (6, 30)), 3: ((7, 1), (9, 30)), 4: ((10, 1), (12, 31))}
HALVES = {1: ((1, 1), (6, 30)), 2: ((7, 1), (12, 31))}

_YEAR = r"(?:19[89]\d|20[0-4]\d)"

# One alternative per way of writing; the first that fits at a place is taken, so the longer ones stand first.
_TOKEN = re.compile(
    rf"""
      (?P<iso>{_YEAR}-\d\d-\d\d)(?:t[\d:.]+)?
    | (?P<dmy>\d{{1,2}}(?P<mark>[/.-])\d{{1,2}}(?P=mark)(?:{_YEAR}|\d\d)(?!\d))
    | (?P<day_name_year>\d{{1,2}}(?P<joint>[/-]){MONTH}(?P=joint)(?:{_YEAR}|\d\d)(?!\d))
    | (?P<day_month_year>\d{{1,2}}\ (?:of\ )?{MONTH},?\ {_YEAR})
    | (?P<month_day_year>{MONTH}\ \d{{1,2}},?\ {_YEAR})
    | (?P<quarter_year>q[1-4][ \-/]*{_YEAR}(?:\ ?[/-]\ ?(?:{_YEAR}|\d\d)(?!\d))?
        |{_YEAR}(?:\ ?[/-]\ ?\d\d(?!\d))?[ \-/]*q[1-4](?!\d))
    | (?P<half_year>h[12][ \-/]*{_YEAR}|{_YEAR}[ \-/]*h[12](?!\d))
    | (?P<day_month>\d{{1,2}}\ (?:of\ )?{MONTH})
    | (?P<month_year>{MONTH}[ \-/,]*{_YEAR}(?!\d)|{MONTH}\ ?[-']\ ?\d\d(?!\d))
    | (?P<year_month>{_YEAR}[ \-/]*{MONTH})
    | (?P<number_month>(?:0?[1-9]|1[0-2])/{_YEAR}(?!\d))
    | (?P<two_years>{_YEAR}\ ?[/-]\ ?(?:{_YEAR}|\d\d)(?![\d/]))
    | (?P<fiscal_short>fy\ ?\d\d[/-]\d\d(?!\d))
    | (?P<year>{_YEAR}(?:\.0)?(?!\d))
    | (?P<month>{MONTH})
    | (?P<quarter>q[1-4](?!\d))
    | (?P<year_ending>(?:year|(?:12|twelve)\ months)\ (?:ending|ended|to(?!\ date))(?:\ the)?(?:\ end\ of)?)
    | (?P<up_to>(?:up\ ?to|to\ the\ end\ of|to\ end(?:\ of)?|until|till|ending|ends|as\ at|as\ of|latest|last\ updated(?:\ (?:in|on|to))?)
        (?:\ (?:and\ including|the|week|month|end|ending|of))*\b)
    | (?P<between>\bbetween\b)
    | (?P<and>\band\b|&)
    | (?P<to>\b(?:to|through)\b(?:\ the\ end\ of)?|-)
    | (?P<from>\b(?:from|since|starting|beginning|starts|begins)\b(?:\ on)?)
    | (?P<word>[^\W_]+(?:'\w+)?|<)
    """,
    re.VERBOSE,
)
_FINANCIAL = re.compile(r"(?<![a-z])f/?y(?![a-z])|\b(?:financial|fiscal|tax)\b", re.IGNORECASE)
_SHORT_MONTHS = re.compile(
    rf"({MONTH})[ '’-]*(\d\d)\s*(?:-|–|—|to|until)\s*({MONTH})[ '’-]*(\d\d)(?:\s+inclusive)?", re.IGNORECASE
)
_SHORT_YEARS = re.compile(
    r"(?:f/?y|financial year|fiscal year|tax year|year)?\W*(\d\d)\s*[/–-]\s*(\d\d)(?:\s*\(?(?:f/?y|financial year)\)?)?",
    re.IGNORECASE,
)
_TWO_YEARS = re.compile(r"\d\d\s?[/-]\s?\d\d")
# "Relates to 2019" says what is counted, not where it ends.
_SPEAKS_ABOUT = re.compile(r"\b(?:relat|refer|appl|pertain|correspond|limited|confined)\w*\s+to\b", re.I)
# Words a period heading may carry without saying anything else.
HEADING_WORDS = {
    "year", "years", "calendar", "cy", "fy", "financial", "fiscal", "in", "for", "the", "of", "during", "period",
    "data", "figures", "only", "provisional", "part", "inclusive", "quarter", "month", "date", "full",
    "jan", "is", "covers",
}  # fmt: skip


def read_period(text: str, dashed_months: bool = False) -> Period | None:
    """
    The period that a heading names, or None where it names none or says something else besides.

    `dashed_months` reads "2011-12" as December 2011, not as a financial year; the other headings of the
    table tell which is meant.

    >>> read_period("2018/19").words()
    '1 April 2018 to 31 March 2019'
    """
    tokens = _tokens(_with_long_years(text), dashed_months)
    if any(kind == "word" and value not in HEADING_WORDS for kind, value in tokens):
        return None
    try:
        found = _ranges([token for token in tokens if token[0] != "word"])
    except ValueError:  # such as 31 June
        return None
    if len(found) != 1 or found[0].start is None or found[0].end is None:
        return None
    period = Period(found[0].start, found[0].end)
    return None if is_financial_in_doubt(text, period) else period


def _with_long_years(text: str) -> str:
    """
    A heading whose years have two figures with four: 'Apr 22 - Mar 23', '22/23'.

    Only where they can mean nothing else: months that follow on one another, two years that do.
    """
    text = re.sub(r"\bf/y\b", "FY", text, flags=re.IGNORECASE)
    if re.search(_YEAR, text):
        return text
    if found := _SHORT_MONTHS.fullmatch(text.strip()):
        first, last = int(found[2]), int(found[4])
        start = (first, month_number(found[1]))
        if start < (last, month_number(found[3])) and last - first <= 1:
            return f"{found[1]} 20{first:02} to {found[3]} 20{last:02}"
    if (found := _SHORT_YEARS.fullmatch(text.strip())) and (int(found[1]) + 1) % 100 == int(found[2]):
        return f"20{found[1]}/{found[2]}"
    return text


def is_financial_in_doubt(text: str, period: Period) -> bool:
    """Whether a text such as "FY 2019" says that its year is not the calendar's, and not where it begins."""
    if not _FINANCIAL.search(text) or _TWO_YEARS.search(text):
        return False
    is_calendar = period.start.day == 1 and period.start.month in (1, 4, 7, 10) and period.end.month % 3 == 0
    is_written_out = (period.start.month, period.end.month) == (4, 3)
    return is_calendar and not is_written_out


@lru_cache(maxsize=4096)
def names_doubtful_year(text: str) -> bool:
    """Whether a heading names a financial year by one number ("FY 2019", "FY22")."""
    rest = _FINANCIAL.sub(" ", text.replace("'", " "))
    is_short = rest != text and bool(re.fullmatch(r"(?:\W|years?|ending|ended)*\d\d\W*", rest.strip(), re.I))
    return read_period(text) is None and (is_short or read_period(rest) is not None)


def find_coverage(sentence: str) -> list[Coverage]:
    """The periods that a sentence of a footnote speaks of, in order; whether they matter is for the caller."""
    # "Numbers may change" is not the month of May.
    sentence = re.sub(r"\bmay\b", " ", sentence)
    sentence = _SPEAKS_ABOUT.sub(" ", sentence)
    try:
        found = _ranges([token for token in _tokens(sentence) if token[0] != "word"])
    except ValueError:
        return []
    return [
        coverage
        for coverage in found
        if (coverage.months is None or len(set(coverage.months)) > 1) and not _is_in_doubt(sentence, coverage)
    ]


def _is_in_doubt(sentence: str, coverage: Coverage) -> bool:
    if coverage.start is None or coverage.end is None:
        return False
    return is_financial_in_doubt(sentence, Period(coverage.start, coverage.end))


def find_day(text: str) -> date | None:
    """The first full date in a text, day before month as the United Kingdom writes it."""
    for kind, value in _tokens(text):
        if kind == "point" and value.is_day and value.year:
            try:
                return value.start()
            except ValueError:
                return None
    return None


@lru_cache(maxsize=4096)
def is_part_of_year(text: str) -> bool:
    """Whether a heading names months or quarters without their year ("Q1", "Jan-Mar")."""
    kinds = _tokens(text)
    points = [value for kind, value in kinds if kind == "point"]
    return bool(points) and all(
        (kind == "point" and value.year is None) or kind == "to" for kind, value in kinds
    )


def has_dashed_month(text: str) -> bool:
    """Whether a heading such as "2018-01" can only be a month, not a financial year or a span of years."""
    found = re.fullmatch(rf"({_YEAR})-(0[1-9]|1[0-2])", text.strip())
    return bool(found) and int(found[2]) <= int(found[1]) % 100


def day_words(day: date) -> str:
    """As told to a person: '30 September 2019'."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def month_end(year: int, month: int) -> date:
    """Last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def _day(year: int | None, month: int, day: int) -> date:
    if year is None:
        raise ValueError("a day without a year")
    return date(year, month, day or monthrange(year, month)[1])


def _month_point(name: str, year: int | None) -> _Point:
    month = month_number(name)
    return _Point(year, (month, 1), (month, 0))


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _two_years(text: str, dashed_months: bool = False) -> _Point:
    """'2018/19' and '2018-2019' are financial years; '2014-19' and '2014-2019' are spans of calendar years."""
    first, second = re.findall(r"\d+", text)
    year = int(first)
    if dashed_months and has_month_shape(text):
        return _Point(year, (int(second), 1), (int(second), 0))
    later = int(second) if len(second) == 4 else year // 100 * 100 + int(second)
    if later == year + 1:
        return _Point(year, (4, 1), (3, 31), years_on=1)
    if later > year:
        return _Point(year, years_on=later - year)
    if has_month_shape(text):
        return _Point(year, (int(second), 1), (int(second), 0))
    raise ValueError("years that run backwards")


def has_month_shape(text: str) -> bool:
    """Whether a text is a year, a hyphen and the number of a month."""
    return bool(re.fullmatch(rf"{_YEAR}-(?:0[1-9]|1[0-2])", text.strip()))


def _quarter_year(text: str) -> _Point:
    quarter = int(re.search(r"q([1-4])", text)[1])
    years = re.sub(r"q[1-4]", "", text).strip(" -/")
    first, last = QUARTERS[quarter]
    if re.fullmatch(_YEAR, years):
        return _Point(int(years), first, last)
    financial = _two_years(years)
    if financial.first != (4, 1):
        raise ValueError("a quarter of several years")
    # The first quarter of a financial year is April to June, the fourth is January to March of the next year.
    first, last = QUARTERS[quarter % 4 + 1]
    return _Point(financial.year + (quarter == 4), first, last)


def _half_year(text: str) -> _Point:
    first, last = HALVES[int(re.search(r"h([12])", text)[1])]
    return _Point(int(re.search(_YEAR, text)[0]), first, last)


def _day_point(day: str, month: int, year: int | None) -> _Point:
    return _Point(year, (month, int(day)), (month, int(day)), is_day=True)


def _dmy(text: str) -> _Point:
    day, month, year = re.split(r"[/.-]", text)
    if int(month) > 12:
        raise ValueError("no such month")
    return _day_point(day, int(month), _full_year(year))


def _named_day(text: str) -> _Point:
    name = re.search(r"[a-z]{3,}", text.replace("of ", ""))[0]
    digits = re.findall(r"\d+", text)
    day = next(part for part in digits if len(part) < 3)
    year = next((int(part) for part in digits if len(part) == 4), None)
    return _day_point(day, month_number(name), year)


def _short_named_day(text: str) -> _Point:
    day, name, year = re.split(r"[/-]", text)
    return _day_point(day, month_number(name), _full_year(year))


def _named_month(text: str) -> _Point:
    return _month_point(re.search(r"[a-z]{3,}", text)[0], _full_year(re.search(r"\d+", text)[0]))


def _iso(text: str) -> _Point:
    day = date.fromisoformat(text)
    return _day_point(str(day.day), day.month, day.year)


_POINTS = {
    "iso": _iso,
    "dmy": _dmy,
    "day_name_year": _short_named_day,
    "day_month_year": _named_day,
    "month_day_year": _named_day,
    "day_month": _named_day,
    "quarter_year": _quarter_year,
    "half_year": _half_year,
    "month_year": _named_month,
    "year_month": _named_month,
    "number_month": lambda text: _Point(int(text[-4:]), (int(text[:-5]), 1), (int(text[:-5]), 0)),
    "fiscal_short": lambda text: _two_years("20" + text.removeprefix("fy").strip()),
    "year": lambda text: _Point(int(text[:4]), is_plain_year=True),
    "month": lambda text: _month_point(text, None),
    "quarter": lambda text: _Point(None, *QUARTERS[int(text[1])]),
}


def _tokens(text: str, dashed_months: bool = False) -> list[tuple[str, object]]:
    """A text as ("point", _Point), connecting words, and ("word", text) for everything else."""
    text = re.sub(r"[‐‑‒–—−]", "-", text.lower())
    text = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", re.sub(r"[\s_]+", " ", text))
    text = re.sub(r"\b(?:fy|cy)(?=\d)", lambda match: match[0] + " ", text)
    tokens: list[tuple[str, object]] = []
    for match in _TOKEN.finditer(text):
        kind, value = match.lastgroup, match[0]
        if kind == "mark":
            kind = "dmy"
        try:
            if kind == "two_years":
                tokens.append(("point", _two_years(value, dashed_months)))
            elif kind in _POINTS:
                tokens.append(("point", _POINTS[kind](match[kind])))
            else:
                tokens.append((kind, value))
        except (ValueError, KeyError):
            tokens.append(("word", value))
    return tokens


def _ranges(tokens: list[tuple[str, object]]) -> list[Coverage]:
    """Points and connecting words, put together into periods."""
    found: list[Coverage] = []
    at = 0
    while at < len(tokens):
        coverage, used = _coverage_at(tokens, at)
        if coverage is not None:
            found.append(coverage)
        at += used
    return found


def _kind(tokens: list[tuple[str, object]], at: int) -> str:
    return tokens[at][0] if 0 <= at < len(tokens) else ""


def _coverage_at(tokens: list[tuple[str, object]], at: int) -> tuple[Coverage | None, int]:
    """The period that begins at one token, if any, and how many tokens it takes."""
    kind, value = tokens[at]
    following = tokens[at + 1][1] if _kind(tokens, at + 1) == "point" else None
    if kind == "year_ending" and following is not None:
        end = following.end()
        return Coverage(_year_before(end), end), 2
    # "Data to October 2019": here the "to" joins no two points, so it gives the end alone.
    is_upper_bound = kind == "up_to" or (kind == "to" and value != "-")
    if is_upper_bound and following is not None and following.year and not _is_joined(tokens, at + 1):
        return Coverage(end=following.end()), 2
    if is_upper_bound and following is not None and not following.year and not following.is_day:
        return (
            (None, 1) if _is_joined(tokens, at + 1) else (Coverage(months=(YEAR_START, following.last[0])), 2)
        )
    if kind == "point" and value.is_plain_year and _kind(tokens, at + 1) == "from":
        later = tokens[at + 2][1] if _kind(tokens, at + 2) == "point" else None
        # "2014 is from April 2014"
        if later is not None and later.year == value.year and not _is_joined(tokens, at + 2):
            return Coverage(later.start(), value.end(), names_its_year=True), 3
    if kind == "from" and following is not None and not _is_joined(tokens, at + 1):
        return (Coverage(start=following.start()), 2) if following.year else (None, 2)
    if kind != "point":
        return None, 1
    subject, at_first = _subject(tokens, at)
    return _from_point(tokens, at, at_first, subject)


def _subject(tokens: list[tuple[str, object]], at: int) -> tuple[_Point | None, int]:
    """A year that the points after it belong to: "2019 is from January to October"."""
    value = tokens[at][1]
    step = 2 if _kind(tokens, at + 1) in ("from", "between", "to") else 1
    if not (value.is_plain_year or value.is_financial_year()) or _kind(tokens, at + step) != "point":
        return None, at
    # "2019 to October" gives an end; "2019 - January to October" and "2019 January to October" name the year.
    if step == 2 and _kind(tokens, at + 1) == "to" and not _is_joined(tokens, at + step):
        return None, at
    first = tokens[at + step][1]
    is_same_year = (
        first.year == value.year
        and not first.is_plain_year
        and not first.years_on
        and _is_joined(tokens, at + step)
    )
    return (value, at + step) if first.year is None or is_same_year else (None, at)


def _is_joined(tokens: list[tuple[str, object]], at: int) -> bool:
    """Whether a point is joined to a later one by "to", "until", a hyphen, or "and" after "between"."""
    connector = _kind(tokens, at + 1)
    if _kind(tokens, at + 2) != "point":
        return False
    return connector in ("to", "up_to") or (connector == "and" and _kind(tokens, at - 1) == "between")


def _from_point(
    tokens: list[tuple[str, object]], at: int, first_at: int, subject: _Point | None
) -> tuple[Coverage | None, int]:
    first = last = tokens[first_at][1]
    ahead = first_at
    while _is_joined(tokens, ahead):
        ahead += 2
        last = tokens[ahead][1]
    used = ahead - at + 1
    if subject is not None and first.year is None:
        start, end = first.start(subject.year_of(first.first[0])), last.end(subject.year_of(last.last[0]))
        if first is last and _kind(tokens, at + 1) == "from":
            end = subject.end()  # "2014 is from April"
        return _in_order(start, end, names_its_year=True), used
    year = None
    if first.year is None and last.year is None and _is_year(tokens, ahead + 1):
        year = tokens[ahead + 1][1].year  # "January to September of 2019"
        used += 1
    year = year or last.year or first.year
    if year is None:
        return Coverage(months=(first.first[0], last.last[0])), used
    end = last.end(year if first.year is None else first.end_year())
    names_its_year = subject is not None or (
        first is not last and first.is_plain_year and not last.is_plain_year
    )
    is_lone = first is last and subject is None and not (first.is_plain_year or first.years_on)
    return _in_order(first.start(year), end, names_its_year, is_lone), used


def _in_order(start: date, end: date, names_its_year: bool, is_lone: bool = False) -> Coverage:
    if start > end:
        raise ValueError("a period that ends before it starts")
    return Coverage(start, end, names_its_year=names_its_year, is_lone=is_lone)


def _is_year(tokens: list[tuple[str, object]], at: int) -> bool:
    return _kind(tokens, at) == "point" and tokens[at][1].is_plain_year


def _year_on(start: date) -> date:
    """The last day of the twelve months that begin on the first of a month."""
    return date.fromordinal(start.replace(year=start.year + 1).toordinal() - 1)


def _year_before(end: date) -> date:
    """The first day of the twelve months that end on a day."""
    following = date.fromordinal(end.toordinal() + 1)
    return following.replace(year=following.year - 1)
