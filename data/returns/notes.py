"""What an official return says of itself beside its tables: reference, day of extraction, days covered, signs used."""

import re
from dataclasses import dataclass, field, replace
from datetime import date

from data.reading.periods import Coverage, find_coverage, find_day, read_period
from data.returns.words import MARK, read_range, tidy
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
_RANGE_INSIDE = re.compile(
    r"(?:<=?|≤|less than|fewer than|under|below)\s*\w+|\bbetween\s+\w+\s+and\s+\w+\b|\b\d+\s*(?:-|to|and)\s*\d+\b|\b\w+ or (?:fewer|less)\b",
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
SUPERSCRIPTS = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹", "123456789")


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


def is_note_like(line: NoteLine) -> bool:
    """Whether a line below a table looks like one of its notes, and not like a text of another kind."""
    return bool(line.mark or _NOTE_START.match(line.text) or len(line.text) < 30)


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
        if not line.is_above and _ROUNDED.search(line.text) and not _NOT_ROUNDED.search(line.text):
            notes.is_rounded = True
    if notes.is_rounded:
        told.append("A note says that figures are rounded; they are kept as written, and totals may differ.")
    return notes, told


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
