"""What the heading of a column says: a period, visits, a kind of address, a total, or the part it plays."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from data.reading.periods import (
    Period,
    is_financial_in_doubt,
    is_part_of_year,
    names_doubtful_year,
    read_period,
)
from data.returns.cells import MARK, WORDS, read_setting, tidy
from data.schema import ALL_SETTINGS

# A heading can stand this many lines above the rows; longer cells are a title, or words.
MAX_HEADING_LINES = 3
PROSE_LENGTH = 40
MAX_HEADING_LENGTH = 120


@dataclass(frozen=True)
class Heading:
    """What the heading of a column says."""

    text: str = ""
    period: Period | None = None
    setting: str | None = None
    role: str = ""  # of `ROLES`, or "visits", "total", "other", "" for an empty heading
    marks: tuple[str, ...] = ()


# Headings of long tables (one row per area and period), after `plain`.
ROLES: dict[str, list[str]] = WORDS["roles"]
ROLE_OF = {words: role for role, names in ROLES.items() for words in names}
_VISIT_CORE = frozenset(WORDS["visits"]["core"])
_VISIT_WORDS = _VISIT_CORE | frozenset(WORDS["visits"]["around"])
_BESIDE_A_PERIOD = _VISIT_WORDS | {"year", "years"}
_VISITS = re.compile(r"\b(?:visits?|raids?)\b", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:sub\s?-?)?totals?\b|\boverall\b|\ball years\b|\bsum\b", re.IGNORECASE)
SUPERSCRIPTS = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹", "123456789")
# A heading's mark for a year that is said to be incomplete, and for one that was taken from the table's caption.
TO_DATE = "to date"
YEAR_ABOVE = "year above"
_TO_DATE = re.compile(r"\(?\b(?:ytd|(?:year )?to date|part[ -]?year|so far|incomplete)\b\)?", re.IGNORECASE)
# Worked out from the figures beside it, so it says nothing of what they count.
DERIVED = re.compile(
    r"\b(?:percent\w*|share|proportion|rank|change|difference|average|mean|median)\b|%", re.IGNORECASE
)
OTHER_MEASURE = re.compile(
    r"\b(?:arrests?|arrested|remov\w+|deport\w*|detain\w*|detention|penalt\w+|encounter\w*|officers?|notices?"
    r"|population|residents?|households?|rates?|per\s+1|percent\w*|share|proportion|rank|change|difference|average"
    r"|mean|median|costs?|prices?|ages?|aged|persons?|people|offences?|crimes?|nationals?|released?|returns?|wages?"
    r"|income|male|female|measures|ethnic\w*|white|asian|black|language\w*|residence|tenure|dwellings|births|deaths"
    r"|stops?|search\w*|victims?|accidents?|vehicles?|prosecut\w+|licen[cs]e\w*)\b|%",
    re.IGNORECASE,
)


def speaks(heading: Heading) -> bool:
    """Whether a heading says what its column counts, or which part it plays."""
    if heading.period:
        # A lone day is a date in a log; only the first of a month may stand for its month or year.
        return heading.period.start != heading.period.end or heading.period.start.day == 1
    if heading.role == "other":
        measures = bool(OTHER_MEASURE.search(heading.text)) and len(heading.text) < PROSE_LENGTH
        return measures or is_part_of_year(heading.text) or names_doubtful_year(heading.text)
    return bool(heading.setting or heading.role)


def plain(text: str) -> str:
    """A heading's letters and digits in small words, one space between."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower().replace("_", " ")))


def plain_mark(mark: str) -> str:
    """'[2]', '[note 2]', '(2)', '2.' and '²' are one footnote, '2'."""
    return mark.translate(SUPERSCRIPTS).strip(" []().:").lower().removeprefix("note").strip()


def heading_marks(text: str) -> tuple[str, list[str]]:
    """A heading without the signs that lead to footnotes, and those signs."""
    marks = []
    text = tidy(text)
    # A superscript 1 that lost its shape: 20191 is the year 2019 with footnote 1.
    if lost := re.fullmatch(r"((?:19|20)\d\d)([1-9])", text):
        return lost[1], [lost[2]]
    # Provisional and revised figures: 2019p, 2019r.
    if lettered := re.fullmatch(r"((?:19|20)\d\d) ?([pr])", text, re.IGNORECASE):
        return lettered[1], [lettered[2].lower()]
    while (found := MARK.search(text)) and found.start() > 0:
        marks.append(plain_mark(found[1]))
        text = text[: found.start()].strip()
    return text, marks


@lru_cache(maxsize=4096)
def read_heading(text: str, dashed_months: bool = False) -> Heading:
    """What one heading says: a period, a kind of address, visits, a total, or something else."""
    text, marks = heading_marks(text)
    if _TO_DATE.search(text):
        text = _TO_DATE.sub(" ", text)
        if end := _with_its_end(text):
            text = end
        else:
            marks = [*marks, TO_DATE]
    period, setting, role = _meaning(text, dashed_months) if plain(text) or "%" in text else (None, None, "")
    return Heading(plain(text) or text, period, setting, role, tuple(marks))


def _with_its_end(text: str) -> str | None:
    """'2024 (to 31 March)', '2024, 31/03/2024', 'January to March 2024': a part of a year that says where it ends; or None."""
    for written in (text, _YEAR_FIRST.sub(r"\1 to ", text)):
        found = read_period(written)
        is_one_point = len(re.findall(r"\bto\b|\buntil\b|\bas (?:at|of)\b|-|–", written)) == 0
        if found and not is_one_point and not found.is_whole_year():
            return written
    return None


_YEAR_FIRST = re.compile(
    r"^\W*((?:19|20)\d\d(?:\s?[/-]\s?\d\d(?!\d))?)\b\W*(?:(?:data|figures)?\W*(?:up\W?)?to|until|till|as (?:at|of)|at|ending|ends?|-)?\W*",
    re.IGNORECASE,
)


def _meaning(text: str, dashed_months: bool) -> tuple[Period | None, str | None, str]:
    """Period, setting and role of a heading without its footnote signs."""
    words = plain(text)
    if "%" in text:
        return None, None, "other"
    if words in ROLE_OF:
        return None, None, ROLE_OF[words]
    if period := read_period(text, dashed_months):
        return period, None, ""
    if OTHER_MEASURE.search(text.replace("_", " ")) and (DERIVED.search(text) or not _VISITS.search(text)):
        return None, None, "other"
    if (setting := read_setting(text)) and setting != ALL_SETTINGS and words != "blank":
        return None, setting, ""
    role = "total" if _TOTAL.search(text) else "visits"
    spoken = set(words.split())
    if spoken <= _VISIT_WORDS and spoken & _VISIT_CORE:
        return None, None, role
    rest = " ".join(word for word in re.split(r"[\s_]+", text) if plain(word) not in _BESIDE_A_PERIOD)
    if rest and (period := read_period(rest, dashed_months)):
        return period, None, role
    return None, None, role if role == "total" and len(spoken) <= 4 else "other"


def merge_headings(stack: list[str], dashed_months: bool) -> Heading:
    """One heading out of the stacked ones: "2019" over "Q1", "Visits" under "2019"."""
    stack = [text for text in stack if text]
    if not stack:
        return Heading()
    read = [read_heading(text, dashed_months) for text in stack]
    lowest = read[0]
    marks = tuple(mark for heading in read for mark in heading.marks)
    period = next((heading.period for heading in read if heading.period), None)
    if len(stack) > 1 and not lowest.period and is_part_of_year(heading_marks(stack[0])[0]):
        for above in stack[1:]:
            joined = read_period(f"{heading_marks(stack[0])[0]} {heading_marks(above)[0]}", dashed_months)
            if joined:
                return Heading(lowest.text, joined, marks=marks)
    if period and is_financial_in_doubt(" ".join(stack), period):
        return replace(lowest, marks=marks, role="other", period=None)
    others = [heading for heading in read if heading.role == "other"]
    if others and lowest.role not in ("total", "visits") and not lowest.period and not lowest.setting:
        return replace(lowest, marks=marks, role="other", period=None)
    if any(OTHER_MEASURE.search(heading.text) and len(heading.text) < PROSE_LENGTH for heading in others):
        return replace(lowest, marks=marks, role="other", period=None, setting=None)
    setting = next((heading.setting for heading in read if heading.setting), None)
    role = lowest.role
    if role in ROLES and len(stack) > 1 and period:
        role = ""
    return Heading(lowest.text, period, setting, role, marks)


def days_as_years_or_months(read: dict[int, Heading]) -> dict[int, Heading]:
    """Headings that a spreadsheet turned into days (1 January 2014 for 2014) back into the years or months meant."""
    days = {
        at: heading.period
        for at, heading in read.items()
        if heading.period and heading.period.start == heading.period.end
    }
    firsts = [period.start for period in days.values()]
    if len(firsts) < 2 or any(day.day != 1 for day in firsts):
        return read
    yearly = all(day.month == 1 for day in firsts)
    shape = "{:%Y}" if yearly else "{:%m/%Y}"
    return read | {at: replace(read[at], period=read_period(shape.format(days[at].start))) for at in days}
