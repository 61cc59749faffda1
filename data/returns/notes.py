"""What an official return says of itself beside its tables, and which days its figures therefore cover."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from data.errors import InputError
from data.reading.periods import (
    YEAR_START,
    Coverage,
    Period,
    day_words,
    find_coverage,
    find_day,
    month_end,
    read_period,
)
from data.returns.cells import NUMBER_WORDS, read_range, tidy
from data.returns.headings import TO_DATE, plain_mark
from data.schema import UNKNOWN


@dataclass(frozen=True)
class NoteLine:
    """One line of text outside the figures, cells joined; `mark` is the footnote's number or sign, if any."""

    row: int
    text: str
    mark: str = ""
    sheet: int = 0
    is_above: bool = False


@dataclass(frozen=True)
class CoverageNote:
    """Days that a footnote gives, and where it stands."""

    row: int
    coverage: Coverage
    mark: str
    sheet: int
    # It speaks of the figures themselves, not of what happened on a day.
    is_of_figures: bool = False
    # It says that the year is not complete.
    is_incomplete: bool = False


@dataclass
class Notes:
    """Everything the lines outside the figures say."""

    reference: str = UNKNOWN
    extracted_on: date | None = None
    extracted_row: int = 0
    coverages: list[CoverageNote] = field(default_factory=list)
    symbols: dict[str, tuple[int, int] | None] = field(default_factory=dict)
    is_rounded: bool = False
    # Figures above this are ranges: the nearest multiple, and the row that says so.
    rounded_to: int = 1
    rounded_row: int = 0


_REFERENCES = (
    r"\b(?:FOI|FOIA|FoI|EIR|CASE|IR)\s*(?:request|case|return|response|release)?\s*(?:reference|ref)?\s*(?:number|no)?(?![a-z])\.?\s*[:#-]?\s*(\d{4}/\d{3,6}|\d{4,6})\b",
    r"\b(?:our\s+)?(?:reference|ref)\b\.?\s*(?:number|no\.?)?\s*[:#-]?\s*(?:FOI\s*)?(\d{4}/\d{3,6}|\d{4,6})\b",
    r"^\(?(\d{5,6})\)?\s*(?:\(?(?:annex|appendix|table|data)\b.*)?$",
    r"\b(?:annex|appendix)\s*\w?\s*[:-]\s*(\d{5,6})\b",
)
_EXTRACTED = re.compile(
    r"\b(?:extract(?:ed|ion)?|as at|as of|correct (?:at|on|as at|as of)|accurate (?:at|as at)|drawn|downloaded|snapshot"
    r"|(?:run|taken|produced|generated|compiled|prepared|obtained|retrieved|pulled|created|printed) (?:on|at)"
    r"|(?:report|run) date|date of (?:the )?(?:report|run))\b",
    re.IGNORECASE,
)
_SPEAKS_OF_FIGURES = re.compile(
    r"\b(?:data|figures?|statistics|numbers?|table|returns?|cover\w*|include[sd]?|exclud\w+|only)\b",
    re.IGNORECASE,
)
# "Incomplete postcodes have been excluded" says nothing of the year.
_INCOMPLETE = re.compile(
    r"\b(?:incomplete|partial)\b(?!\s+(?!year|data|figures?|period)\w)|\bpart[ -]?years?\b|\byear[ -]to[ -]date\b"
    r"|\bytd\b|\bso far\b|\bnot (?:yet )?(?:an? )?(?:complete|full|whole|entire)\b",
    re.IGNORECASE,
)
_NAMES_A_PART = re.compile(
    r"\bpart[ -]?years?\b|\byear[ -]to[ -]date\b|\bytd\b|\b(?:full|whole|entire) year\b", re.I
)
_SPEAKS_OF_COVERAGE = re.compile(
    r"\b(?:data|figures?|statistics|numbers?|cover\w*|period|visits|year|years|is|are|includes?|only|relates?"
    r"|table|for|from|up|to)\b|=|:",
    re.IGNORECASE,
)
_SPEAKS_OF_SOURCES = re.compile(
    r"\bonwards?\b|\bintroduced\b|\breplaced\b|\bsystem was\b|\bmoved to\b|\brequest(?:ed)?\b|\bpandemic\b"
    r"|\bmigrated\b|\bextracted from\b|\bpublished\b"
    r"|\bplease\b(?! (?:note|be aware|remember|bear in mind))",
    re.IGNORECASE,
)
_LEAVES_OUT = re.compile(
    r"\b(?:not (?:include|cover|contain)\w*|exclud\w+|without|missing|no data|not (?:yet )?(?:available|held))\b",
    re.IGNORECASE,
)
_ANY_SIGN = r"(?:\*+|\[?[a-z]\]|-{1,2}|~|\.\.|:|[xcz]|dash(?:es)?|hyphens?|asterisks?|blanks?(?: cells?)?|empty cells?)"
_SIGN = rf"[\"'“‘(]?({_ANY_SIGN})[\"'”’)]?"
_MEANS = re.compile(
    rf"^(?:an?\s+|the\s+|(?:cell|figure|value|count|number)s? (?:with|marked|showing|shown as)\s+)?{_SIGN}\s*"
    r"(?:=|:|-(?=\s)|denotes?|indicates?|means?|represents?|refers? to|shows?|is used (?:for|where|to)|is|are|stands? for)\s*(.+)$",
    re.IGNORECASE,
)
_SIGN_FIRST = re.compile(r"^(\*+|\[[a-z]\])\s*(.+)$", re.IGNORECASE)
_SHOWN_AS = re.compile(
    r"((?:counts?|figures?|numbers?|values?|totals?|cells?)?[^.]*?(?:fewer than|less than|under|below|between)[^.]*?)\s+"
    rf"(?:are|is|have been|has been|were|will be|being)?\s*(?:shown|replaced|marked|represented|suppressed|denoted|displayed|indicated|presented|given)\s*(?:as|with|by|using|to)?\s*(?:an?\s+)?\(?{_SIGN}(?=$|[\s.,)\"'”’])",
    re.IGNORECASE,
)
_SIGN_WORDS = {
    "dash": "-", "dashes": "-", "hyphen": "-", "hyphens": "-", "asterisk": "*", "asterisks": "*", "blank": "",
    "blanks": "", "blank cell": "", "blank cells": "", "empty cell": "", "empty cells": "",
}  # fmt: skip
_MEANS_ZERO = re.compile(
    r"\b(?:zero|nil|none|no visits?|no (?:data|records?|figures?) (?:held|recorded)|0)\b", re.I
)
_MEANS_WITHHELD = re.compile(
    r"\b(?:withheld|suppress\w+|confidential\w*|not available|unavailable|missing|redacted|not applicable|disclos\w+|not held)\b",
    re.IGNORECASE,
)
_NUMBER = rf"(?:\d+|{'|'.join(NUMBER_WORDS)})"
_RANGE_INSIDE = re.compile(
    r"(?:<=?|≤|less than|fewer than|under|below)\s*\w+|\bbetween\s+\w+\s+and\s+\w+\b|\b\w+ or (?:fewer|less)\b"
    rf"|\b{_NUMBER}\s*(?:-|to|and|or)\s*{_NUMBER}\b",
    re.IGNORECASE,
)
# "* = fewer than 5, - = nil" is two explanations; "[c] = confidential, 1 to 4" is one.
_LEGEND_PARTS = re.compile(
    rf"(?<=[a-z0-9)\"'”’])(?:[.;]\s+|,\s+(?=[\"'“‘(]?{_ANY_SIGN}[\"'”’)]?\s*(?:=|denote|mean|indicate)))",
    re.IGNORECASE,
)
_ROUNDED = re.compile(r"\bround(?:ed|ing)\b", re.IGNORECASE)
_NOT_ROUNDED = re.compile(r"\b(?:not|un)\s?-?(?:been )?rounded\b", re.IGNORECASE)
_LEADING_MARK = re.compile(
    r"^\s*(?:note\s*)?(\*+|†|‡|\(?\d{1,2}[.):](?=\s)|\(\d\)|\[(?:note\s?)?\d{1,2}\]|[¹²³⁴⁵⁶⁷⁸⁹]|\d{1,2}(?=\s+[A-Z]))\s*",
    re.I,
)
_NOTE_START = re.compile(
    r"^\s*(?:notes?|sources?|footnotes?|data|these|this|the (?:data|figures?|statistics|above)|figures?|statistics|caveats?"
    r"|please note|all|official|extracted|covers|period|table|includes?|excludes?|where|produced|published|crown copyright"
    r"|contact|provisional|numbers?|totals?|end of|caveat|n\.?b\.?)\b|^\s*(?:\*|†|‡|-|<|\[)",
    re.IGNORECASE,
)


_SPEAKS_OF_A_RETURN = re.compile(
    r"\b(?:provisional|subject to (?:change|revision)|revis(?:ed|ion)|round(?:ed|ing)|suppress\w*|disclos\w*|withheld"
    r"|databases?|statistics?|figures?|values?|counts?|totals?|published|caveats?|double.counted|quality assur\w+"
    r"|may (?:not|differ|change)|foi|freedom of information)\b",
    re.IGNORECASE,
)


def split_mark(cells: list[str]) -> tuple[str, str]:
    """A line's footnote sign ("1", "*") and its words, from the cells of a row."""
    cells = [tidy(cell) for cell in cells if tidy(cell)]
    if len(cells) > 1 and re.fullmatch(r"\(?\d{1,2}[.)]?|\*+|†|‡|[¹²³⁴⁵⁶⁷⁸⁹]", cells[0]):
        return plain_mark(cells[0]), " ".join(cells[1:])
    text = " ".join(cells)
    leading = _LEADING_MARK.match(text)
    if leading and leading.end() < len(text):
        return plain_mark(leading[1]), text[leading.end() :] if leading[1][0] != "*" else text
    return "", text


def is_note_like(line: NoteLine) -> bool:
    """Whether a line below a table looks like one of its notes, and not like a text of another kind."""
    is_short = len(line.text) < 30
    return bool(
        line.mark or is_short or _NOTE_START.match(line.text) or _SPEAKS_OF_A_RETURN.search(line.text)
    )


def read_notes(lines: list[NoteLine], file_name: str) -> tuple[Notes, list[str]]:
    """
    Read every line outside the figures.

    Returns
    -------
    notes
        What was found.
    told
        Sentences for the person on where it was found, in our own words.
    """
    notes, told = Notes(), []
    _find_reference(lines, file_name, notes, told)
    _find_extraction(lines, notes)
    for line in lines:
        notes.coverages += _coverages(line)
        _find_symbols(line, notes, told)
        _find_rounding(line, notes)
    if notes.is_rounded and notes.rounded_to == 1:
        told.append("A note says that figures are rounded; they are kept as written, and totals may differ.")
    return notes, told


def _find_rounding(line: NoteLine, notes: Notes) -> None:
    for sentence in _sentences(line.text):
        if not _ROUNDED.search(sentence) or _NOT_ROUNDED.search(sentence) or _NOT_OF_FIGURES.search(sentence):
            continue
        found = _NEAREST.search(sentence)
        base = NUMBER_WORDS.get(found[1].lower(), 0) or int(found[1]) if found else 1
        if line.is_above and base == 1:
            continue
        notes.is_rounded = True
        if notes.rounded_to == 1 < base:
            notes.rounded_to, notes.rounded_row = base, line.row


_NOT_OF_FIGURES = re.compile(
    r"%|\bper\s?cent|\bproportions?\b|\bplease\b|\brequest|\b(?:could|can|would) you\b|\brates?\b|\?",
    re.IGNORECASE,
)
_NEAREST = re.compile(
    rf"\b(?:nearest|multiples? of|base(?: of)?|closest)\s+(?:multiple of\s+)?(?:£)?(\d{{1,3}}|{'|'.join(NUMBER_WORDS)})\b",
    re.IGNORECASE,
)


def rounded_range(figure: int, notes: Notes) -> tuple[int, int]:
    """
    What a figure allows that was rounded to the nearest 5, say.

    Nothing else becomes 0, and no small number is left, where a sign stands for those.
    """
    least = max((most for fewest, most in filter(None, notes.symbols.values()) if fewest == 1), default=0)
    if not figure:
        return (0, 0) if least else (0, notes.rounded_to // 2)
    half = notes.rounded_to // 2
    return max(figure - half, least + 1, 1), figure + half


def _find_reference(lines: list[NoteLine], file_name: str, notes: Notes, told: list[str]) -> None:
    for above in (True, False):
        if not above and (number := reference_in_name(file_name)):
            notes.reference = f"FOI {number}"
            told.append(
                f"The return does not state its reference; {notes.reference} is taken from the file's name."
            )
            return
        for line in lines:
            if line.is_above != above:
                continue
            for pattern in _REFERENCES:
                found = re.search(pattern, line.text, re.IGNORECASE)
                if found and not _is_year(found[1]):
                    notes.reference = f"FOI {found[1]}"
                    return


def reference_in_name(file_name: str) -> str | None:
    """The number of the request in a file's name, such as 55886; a year is not one."""
    name = re.sub(r"\.\w{2,4}$", "", file_name)
    named = re.search(r"(?:foi|case|ref)\W{0,3}(\d{4,6})(?!\d)", name, re.IGNORECASE)
    if named and not _is_year(named[1]):
        return named[1]
    numbers = [number for number in re.findall(r"(?<!\d)\d{5}(?!\d)", name) if not _is_year(number)]
    return numbers[0] if numbers else None


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in ("19", "20")


def _find_extraction(lines: list[NoteLine], notes: Notes) -> None:
    # "Extracted on" goes before "as at", which may speak of something else.
    for wanted in (r"extract", r""):
        for line in lines:
            for found in _EXTRACTED.finditer(line.text):
                if not found[0].lower().startswith(wanted):
                    continue
                day = find_day(line.text[found.end() : found.end() + 60])
                if day:
                    notes.extracted_on, notes.extracted_row = day, line.row
                    return


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[a-z0-9)])[.;]\s+(?=[A-Z*])", text) if part.strip()]


def _coverages(line: NoteLine) -> list[CoverageNote]:
    if line.is_above and not re.match(
        r"\s*(?:table|data|figures?|these|covers|period|note|please note|latest|up to|visits|raids|number of visits)\b",
        line.text,
        re.I,
    ):
        return []  # the words of the request, not of the answer
    found = []
    for sentence in _sentences(line.text):
        spoken = _without_extraction(sentence)
        if _SPEAKS_OF_SOURCES.search(spoken):
            continue
        coverages = _left_out(spoken) if _LEAVES_OUT.search(spoken) else find_coverage(spoken)
        if not _may_give_days(line, spoken):
            coverages = [coverage for coverage in coverages if coverage.is_lone]  # only to be told of
        is_incomplete = bool(_INCOMPLETE.search(spoken))
        if is_incomplete and not coverages and (line.mark or _NAMES_A_PART.search(spoken)):
            coverages = [Coverage()]
        is_of_figures = bool(_SPEAKS_OF_FIGURES.search(spoken))
        found += [
            CoverageNote(line.row, coverage, line.mark, line.sheet, is_of_figures, is_incomplete)
            for coverage in coverages
        ]
    return found


def _may_give_days(line: NoteLine, sentence: str) -> bool:
    """Whether a sentence can speak of the days covered: by its words, its footnote sign, or by holding nothing else."""
    patterns = (_SPEAKS_OF_COVERAGE, _LEAVES_OUT, _INCOMPLETE)
    return bool(
        line.mark
        or any(pattern.search(sentence) for pattern in patterns)
        or read_period(sentence.strip("*†‡. "))
    )


def _without_extraction(sentence: str) -> str:
    """A sentence without its "extracted on 16/10/2019", so that this day is not taken for a day covered."""
    found = _EXTRACTED.search(sentence)
    if not found or not find_day(sentence[found.end() : found.end() + 60]):
        return sentence
    day = re.search(
        r"(?:19|20)\d\d(?:-\d\d-\d\d)?|\d\d?/\d\d?/\d\d(?!\d)|-[a-z]{3,9}-\d\d(?!\d)",
        sentence[found.end() :],
        re.I,
    )
    return sentence[: found.start()] + (sentence[found.end() + day.end() :] if day else "")


def _left_out(sentence: str) -> list[Coverage]:
    """
    '2019 does not include November and December' covers 2019 to the end of October.

    Days left out elsewhere than at the end of a year are handed on as lone days, which nothing can be cut to.
    """
    kept = []
    for coverage in find_coverage(re.sub(r"\b(?:and|or)\b|&", "to", sentence)):
        if coverage.start and not coverage.end:
            # "From November 2019 no data are held"
            kept.append(Coverage(end=date.fromordinal(coverage.start.toordinal() - 1)))
            continue
        if not (coverage.start and coverage.end):
            continue
        if coverage.end == date(coverage.start.year, 12, 31) and coverage.start.month > 1:
            last = date.fromordinal(coverage.start.toordinal() - 1)
            kept.append(Coverage(date(coverage.start.year, 1, 1), last, names_its_year=True))
        else:
            kept.append(replace(coverage, is_lone=True))
    return kept


def _find_symbols(line: NoteLine, notes: Notes, told: list[str]) -> None:
    # A starred footnote ("* January to September") explains a heading, not a sign, unless it speaks of figures.
    for sentence in _LEGEND_PARTS.split(line.text):
        sentence = sentence.strip().rstrip(".")
        if found := _MEANS.match(sentence):
            sign, meaning = found[1], found[2]
        elif found := _SHOWN_AS.search(sentence):
            sign, meaning = found[2], found[1]
        elif found := _SIGN_FIRST.match(sentence):
            sign, meaning = found[1], found[2]
        else:
            continue
        sign = _SIGN_WORDS.get(sign.lower(), sign.lower())
        if sign in notes.symbols:
            continue
        allowed = _meaning(meaning)
        if allowed == "nothing":
            continue
        notes.symbols[sign] = allowed
        if allowed not in (None, (0, 0)) and sign != "<":
            told.append(
                f"A sign in place of a figure is read as {allowed[0]} to {allowed[1]}, by the note in row {line.row}."
            )


def _meaning(text: str) -> tuple[int, int] | str | None:
    """A range, None for withheld, or "nothing" where the words say neither."""
    for found in _RANGE_INSIDE.finditer(text):
        described = read_range(found[0])
        if described:
            return described
    if _MEANS_ZERO.search(text):
        return (0, 0)
    return None if _MEANS_WITHHELD.search(text) else "nothing"


SHORTEST_DAYS = 28  # a file's name may hold the day it was saved; that is no period


@dataclass
class Coverages:
    """From each period as its heading names it to the days covered, and what to tell of it."""

    covered: dict[Period, Period]
    told: list[str] = field(default_factory=list)

    def cut(self, period: Period, to: Period, why: str) -> None:
        """Cut one heading's period to the days said elsewhere."""
        before = self.covered[period]
        if not before.meets(to) or before.cut_to(to) == before:
            return
        self.covered[period] = before.cut_to(to)
        self.told.append(
            f"The figures headed {name_period(period)} cover {self.covered[period].words()}, {why}."
        )


def cover(
    periods: dict[Period, set[str]], notes: Notes, sheet: int, sheets_with_tables: set[int]
) -> Coverages:
    """
    Cut the periods of one table to the days its notes give.

    Parameters
    ----------
    periods
        As the headings name them, each with the footnote signs it bears.
    sheet, sheets_with_tables
        A note counts for the tables of its own sheet, or for all where its sheet has none.

    Raises
    ------
    InputError
        A heading or a note says that a year is not complete, or names days of it, and nothing says where it ends.
    """
    found = Coverages({period: period for period in periods})
    own: list[CoverageNote] = []
    for note in notes.coverages:
        if note.sheet == sheet or note.sheet not in sheets_with_tables:
            own.append(note)
            _apply(found, periods, note)
    if notes.extracted_on:
        _cut_at_extraction(found, notes.extracted_on)
    for period, marks in periods.items():
        if TO_DATE in marks and found.covered[period] == period:
            raise InputError(
                f"The heading for {name_period(period)} says that the year is not complete, but nothing says to which "
                "day it goes. Write it in the heading, such as '2019 (January to September)', and import it again."
            )
    for note in own:
        _refuse_if_open(found, periods, note)
    return found


def _refuse_if_open(found: Coverages, periods: dict[Period, set[str]], note: CoverageNote) -> None:
    """A note that leaves a heading's days in doubt, and nothing else settled them."""
    coverage = note.coverage
    said = Period(coverage.start or date.min, coverage.end or date.max)
    is_of_all = coverage.start is None and coverage.end is None
    # "To 31 March 2024" leaves the years before it as they are.
    end = Period(coverage.end, coverage.end) if coverage.end and not coverage.start else said
    marked = [period for period in periods if note.mark and note.mark in periods[period]]
    met = marked or (
        sorted(periods)[-1:] if is_of_all else [period for period in periods if period.meets(end)]
    )
    doubtful = [
        period for period in met if found.covered[period] == period and (note.is_incomplete or period != said)
    ]
    if note.is_incomplete and doubtful and not (is_of_all and note.mark and not marked):
        raise InputError(
            f"The note in row {note.row} says that the figures headed {name_period(doubtful[0])} are not complete, "
            "but nothing says to which day they go. Write it in the heading, such as '2019 (January to September)', "
            "and import it again."
        )
    shortened = [period for period in doubtful if period.holds(said)]
    if not coverage.is_lone or not shortened:
        return
    if note.is_of_figures or marked:
        raise InputError(
            f"The note in row {note.row} names days of {name_period(shortened[0])}, but does not say whether its figures "
            "begin or end there. Write in the heading what they cover, such as '2019 (January to September)', "
            "take the note out, and import it again."
        )
    found.told.append(
        f"The note in row {note.row} names days of {name_period(shortened[0])}; it was not applied."
    )


def _apply(found: Coverages, periods: dict[Period, set[str]], note: CoverageNote) -> None:
    why = f"by the note in row {note.row}"
    order = sorted(periods)
    marked = [period for period in order if note.mark and note.mark in periods[period]]
    coverage = note.coverage
    if coverage.is_lone or coverage == Coverage():
        return
    if coverage.months:
        is_to_a_month = coverage.months[0] == YEAR_START
        of_last = order[-1:] if is_to_a_month and note.is_of_figures else []
        targets = marked or of_last or (order if len(order) == 1 and not is_to_a_month else [])
        for period in targets:
            found.cut(period, months_within(period, *coverage.months), why)
        if not targets:
            found.told.append(
                f"The note in row {note.row} names months without a year; it was not applied. "
                "Write the year beside the months if it matters."
            )
        return
    said = Period(coverage.start or date.min, coverage.end or date.max)
    targets = _targets(order, marked, said, coverage.names_its_year)
    for period in targets:
        found.cut(period, said, why)
    if not targets and any(period.meets(said) and not said.holds(period) for period in order):
        found.told.append(
            f"The note in row {note.row} names days within the headings' years; it was not applied."
        )


def _targets(order: list[Period], marked: list[Period], said: Period, names_its_year: bool) -> list[Period]:
    """The headings that a note's days are for."""
    if marked:
        return marked
    if said.start == date.min:
        return [period for period in order[-1:] if period.start <= said.end]
    if said.end == date.max:
        return [period for period in order[:1] if said.start <= period.end]
    met = [period for period in order if period.meets(said)]
    if names_its_year or not met:
        return met
    # A stretch inside a table's middle years tells of something that happened then, not of what is counted.
    at_an_end = said.start <= order[0].end or said.end >= order[-1].start
    return met if at_an_end else []


def _cut_at_extraction(found: Coverages, extracted_on: date) -> None:
    for period, covered in list(found.covered.items()):
        if covered.start <= extracted_on < covered.end:
            found.cut(period, Period(covered.start, extracted_on), "the day the data were extracted")


def months_within(period: Period, first: int, last: int) -> Period:
    """Months of a calendar or financial year as days."""
    first = period.start.month if first == YEAR_START else first
    start_year = period.start.year if first >= period.start.month else period.end.year
    end_year = start_year if last >= first else start_year + 1
    return Period(date(start_year, first, 1), month_end(end_year, last))


def stated_elsewhere(
    captions: list[str], notes: Notes, sheet_name: str, file_name: str
) -> tuple[Period, str]:
    """
    The period of figures whose heading names none, and where it was found.

    Raises
    ------
    InputError
        It is said nowhere, or in several ways.
    """
    in_notes = [note for note in notes.coverages if note.coverage.start and note.coverage.end]
    places = (
        (only_period(captions), "the line above the table"),
        (
            _only([Period(note.coverage.start, note.coverage.end) for note in in_notes]),
            "a note below the table",
        ),
        (read_period(sheet_name) or only_period([sheet_name]), "the sheet's name"),
        (only_period([file_name.rsplit(".", 1)[0]]), "the year in the file's name"),
    )
    for period, place in places:
        if period:
            return period, place
    raise InputError(
        "The table does not say which period its figures cover. "
        "Write the year in the heading above the figures, or in the file's name, and import it again."
    )


def _only(periods: list[Period]) -> Period | None:
    periods = [period for period in periods if (period.end - period.start).days + 1 >= SHORTEST_DAYS]
    return periods[0] if len(set(periods)) == 1 else None


def only_period(texts: list[str]) -> Period | None:
    """The one period in the nearest of some lines that names any."""
    for text in texts:
        found = [Period(said.start, said.end) for said in find_coverage(text) if said.start and said.end]
        if found:
            return _only(found)
    return None


def name_period(period: Period) -> str:
    """A heading's period in few words: '2019', '2018/19', or both days."""
    start, end = period.start, period.end
    if (start.month, start.day) == (1, 1) and (end.month, end.day) == (12, 31) and start.year == end.year:
        return str(start.year)
    if (start.month, start.day) == (4, 1) and end == date(start.year + 1, 3, 31):
        return f"{start.year}/{end.year % 100:02}"
    return f"{day_words(start)} to {day_words(end)}"
