"""Which days the figures of a return really cover: headings, cut by footnotes and by the day of extraction."""

from dataclasses import dataclass, field
from datetime import date

from data.errors import InputError
from data.reading.periods import (
    YEAR_START,
    Coverage,
    Period,
    day_words,
    find_coverage,
    month_end,
    read_period,
)
from data.returns.headings import TO_DATE
from data.returns.notes import CoverageNote, Notes

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
    marked = [period for period in periods if note.mark and note.mark in periods[period]]
    met = marked or (
        sorted(periods)[-1:] if is_of_all else [period for period in periods if period.meets(said)]
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
