"""
Official returns (FOI answers: visits per area and period) into rows of the counts table.

Found by what the cells say, never by where they stand: a table is a column of postcode districts or boroughs with figures
beside it and periods, or visits, above them. Nothing is guessed in silence: what was taken from a footnote, a file's name or a
day of extraction is told, every total is recomputed, and a cell that cannot be read is set aside with its place.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyarrow as pa

from data.errors import InputError
from data.files.sheet import Sheet
from data.reading.answers import Reject
from data.reading.headings import COUNT_HEADINGS, LOG_FIELDS, field_by_synonym, normalise
from data.reading.periods import read_period
from data.returns.cells import MOST_DIGITS, is_figure_like, read_figure
from data.returns.figures import Figure, Reading, find_repeated, read_table, sum_figures
from data.returns.grid import Cell, Grid, lay_out, make_grid
from data.returns.headings import DERIVED, OTHER_MEASURE, PROSE_LENGTH, ROLE_OF, plain, read_heading
from data.returns.notes import NoteLine, Notes, is_note_like, read_notes, rounded_range, split_mark
from data.returns.tables import (
    FINANCIAL_IN_DOUBT,
    LONG_ROLES,
    NO_HEADING,
    NO_YEAR,
    Column,
    Row,
    Table,
    find_tables,
    used_cells,
)
from data.returns.totals import Checks, check_totals, find_part_sums, place_loose_rows
from data.schema import UNKNOWN

SEVERAL = "several"
# What is looked at to tell a return from a log; the longest banner met so far has 17 lines.
LOOKED_AT_CELLS = 40_000
LOOKED_AT_ROWS = 400
MOST_CELLS = 1_000_000  # every district, month and kind of address of ten years is fewer
# Lines of words beside a table: the raw returns have at most nine, all short or numbered below.
MOST_NOTE_LINES = 8
MOST_PROSE_LINES = 15
# A sheet with as many lines of as many cells holds a table; notes have a number and a text.
LEAST_CELLS, LEAST_LINES = 3, 2
LEAST_NUMBERED = 3  # two areas with one and two visits are likely enough

_SPEAKS_OF_VISITS = re.compile(
    r"\b(?:visits?|raids?|immigration enforcement|enforcement visits?)\b", re.IGNORECASE
)
_MARKS_OF_A_LOG = re.compile(
    r"\b(?:outcome|address|street|time|description|latitude|longitude|easting|northing|notes?|url|source|officers"
    r"|detained|crowd|duration)\b",
    re.IGNORECASE,
)
# A return may count arrests or releases; nothing but a log says when, how, or before whom.
_ONLY_IN_A_LOG = LOG_FIELDS - {"people_detained", "people_released", "latitude", "easting"}
_OF_A_START = ("date", "day", "time", "hour")
_IS_DAY_OR_TIME = re.compile(r"^(?:week)?days?\b|^dates?\b|^d\.?o\.?m\b|\bday\W*$|^times?\b", re.IGNORECASE)
# What Google Forms, Microsoft Forms, ODK, KoBo, SurveyMonkey, Typeform and Airtable put beside the answers.
_OF_A_FORM = re.compile(
    r"^\W*(?:timestamp|submi(?:ssion|tted|t)\b.*|submission(?:date|id)|respondent.*|response (?:id|type)|completion time"
    r"|(?:meta.*)?instance\W?id|(?:meta.*)?instancename|uuid|e-?mail(?: address)?|device\W?id|collector id|network id"
    r"|form\W?version|created (?:time|by|at)|ip address|user agent)\W*$",
    re.IGNORECASE,
)
LINES_ABOVE_A_FORM = 5
_HOW_TO_NAME = {
    NO_YEAR: "with a month or quarter and no year. Write the year in the heading, such as 'January 2019'",
    FINANCIAL_IN_DOUBT: "with a financial year of one number. Write both of its years, such as '2018/19'",
}
NO_TABLE = (
    "No table with postcode districts or boroughs and figures beside them was found. "
    "Check that this is the return with the figures, and that its headings name the years."
)


@dataclass(frozen=True)
class CountsBatch:
    """
    What one official return holds.

    Attributes
    ----------
    reference
        Of the return, such as 'FOI 55886'; 'unknown' where it says none, 'several' where its rows name their own.
    extracted_on
        Day the figures were drawn from the official database, where the return says so.
    counts
        Rows of the counts table without `import_id` and `superseded_by`; no two of one area and setting overlap.
    rows
        Rows of figures read: below headings, without totals, group lines, blank lines and notes.
    rejects
        Cells and rows set aside; a row with one unreadable cell keeps its other figures.
    totals_checked
        One per total that the return states: total, row, column, stated, recomputed, matches.
    notes
        What a person should know, in our own words.
    """

    reference: str
    extracted_on: date | None
    counts: pa.Table
    rows: int
    rejects: list[Reject]
    totals_checked: list[dict]
    notes: list[str]


def looks_like_counts(sheets: list[Sheet]) -> bool:
    """Whether a file is an official return, by its content; looks at the first few hundred rows only."""
    return any(_looks_like_counts(sheet) for sheet in sheets)


def parse_counts(sheets: list[Sheet], file_name: str) -> CountsBatch:
    """
    Read an official return.

    Parameters
    ----------
    sheets
        All sheets of the file.
    file_name
        Its reference and, where a text names no period at all, its year may be in it.

    Raises
    ------
    InputError
        There is no table, it counts something else, its period is nowhere said, or words break into its figures.
    """
    grids = [
        make_grid(sheet, number if len(sheets) > 1 else 0) for number, sheet in enumerate(sheets, start=1)
    ]
    tables = [table for number, grid in enumerate(grids) for table in find_tables(*_laid_out(grid, number))]
    tables = [table for table in tables if table.values() or table.ignored]
    visits = _with_visits(tables)
    others = _sheets_of_something_else(grids, {table.sheet for table in visits})
    told_of_others = _told_of_others(tables, visits, others)
    tables = visits
    lines = [
        line
        for number, grid in enumerate(grids)
        if number not in others
        for line in _note_lines(grid, number, tables)
    ]
    _refuse_prose(tables, lines)
    notes, told = read_notes(lines, file_name)
    told += told_of_others
    told += _settle_rounding(notes, tables)

    @lru_cache(maxsize=65536)
    def read_text(text: str) -> tuple[int, int]:
        low, high = read_figure(text, notes.symbols)
        is_rounded = notes.rounded_to > 1 and low == high and text[:1].isdigit()
        return rounded_range(low, notes) if is_rounded else (low, high)

    def read_cell(cell: Cell) -> tuple[int, int]:
        return read_text(cell.text)

    reading = Reading(notes, read_cell, told=told)
    for table in tables:
        told += place_loose_rows(table, read_cell)
    for row in [row for table in tables for row in find_part_sums(table, read_cell)]:
        told.append(f"Row {row.key.row} sums up the districts below it; it was checked and not counted.")
    for number, table in enumerate(tables):
        read_table(
            reading, table, number, sheets[table.sheet].name, file_name, {table.sheet for table in tables}
        )
    repeated = find_repeated(reading)
    checks = check_totals(tables, read_cell, [figure.cell for same in repeated for figure in same])
    return _batch(reading, repeated, checks)


def _settle_rounding(notes: Notes, tables: list[Table]) -> list[str]:
    """What to tell of a note that figures are rounded; it is of no account where they are not."""
    if notes.rounded_to == 1:
        return []
    cells = [
        row.cells[column.at].text.replace(",", "")
        for table in tables
        for row in table.rows
        if row.kind in ("area", "type", "loose")
        for column in table.values()
    ]
    base = notes.rounded_to
    if all(int(text[:MOST_DIGITS]) % base == 0 for text in cells if text.isdecimal()):
        low, high = rounded_range(4 * base, notes)
        return [
            f"By the note in row {notes.rounded_row} figures are rounded to the nearest {base}; they are kept as ranges, "
            f"{4 * base} as {low} to {high}."
        ]
    notes.rounded_to = 1
    return [
        f"The note in row {notes.rounded_row} says that figures are rounded to the nearest {base}, but not all of them are; "
        "they are kept as written."
    ]


def _laid_out(grid: Grid, number: int) -> tuple[Grid, int, bool]:
    laid_out, is_turned = lay_out(grid)
    return laid_out, number, is_turned


def _n_cells(sheet: Sheet) -> int:
    return sheet.n_rows * sheet.n_columns + sum(map(len, sheet.ragged_cells))


def _looks_like_counts(sheet: Sheet) -> bool:
    if _n_cells(sheet) > MOST_CELLS:
        return False
    stop = min(LOOKED_AT_ROWS, max(LOOKED_AT_CELLS // max(sheet.n_columns, 1), 60))
    grid = make_grid(sheet, stop=stop)
    laid_out, is_turned = lay_out(grid)
    tables = find_tables(laid_out, 0, is_turned)
    if _is_form(grid) or any(
        _heads_a_log(laid_out, table) or _is_log_below_banner(laid_out, table) for table in tables
    ):
        return False
    words = " ".join(cell.text for line in grid[:60] for cell in line if not is_figure_like(cell.text))
    speaks = bool(_SPEAKS_OF_VISITS.search(words + " " + sheet.name))
    return any(_is_return(table, laid_out, speaks) for table in tables)


def _is_return(table: Table, grid: Grid, speaks_of_visits: bool) -> bool:
    """Whether a table counts visits: figures under periods or under visits, and no columns of a log."""
    values = table.values()
    rows = [row for row in table.rows if row.kind in ("area", "type")]
    heading_words = " ".join(cell.text for line in table.headings if line >= 0 for cell in grid[line])
    is_long = any(column.role in LONG_ROLES for column in table.columns)
    if not values:
        return speaks_of_visits and bool(table.ignored) and not is_long and not table.is_turned
    cells = [row.cells[column.at].text for row in rows for column in values if row.cells[column.at].text]
    if not cells or sum(map(is_figure_like, cells)) < 0.5 * len(cells):
        return False
    if _has_days(table, rows) or any(_is_numbered(column, rows) for column in values):
        return False
    if speaks_of_visits:
        return True
    measures_something_else = any(
        OTHER_MEASURE.search(DERIVED.sub(" ", text)) for text in [heading_words, *table.caption]
    )
    return not measures_something_else and (is_long or all(column.period for column in values))


def _has_days(table: Table, rows: list[Row]) -> bool:
    """Whether rows are dated to the day, as those of a log are; the first of a month stands for its month."""
    roles = {column.role for column in table.columns}
    if {"start", "end"} <= roles:
        return False
    for column in table.columns:
        periods = (
            [read_period(row.cells[column.at].text) for row in rows] if column.role in LONG_ROLES else []
        )
        days = [period.start for period in periods if period and period.start == period.end]
        if len(days) * 2 > len(rows) and any(day.day != 1 for day in days):
            return True
    return False


def _is_numbered(column: Column, rows: list[Row]) -> bool:
    """Whether the figures of a column without a period only number the rows."""
    texts = [row.cells[column.at].text for row in rows]
    is_counted_up = texts == [str(number) for number in range(1, len(texts) + 1)]
    return not column.period and len(texts) >= LEAST_NUMBERED and is_counted_up


def _heads_a_log(grid: Grid, table: Table) -> bool:
    """Whether the table's headings, or the sheet's first line, name what only a log of incidents has."""
    read = {column.at for column in table.columns if column.role != "period"}
    lines = [line for line in table.headings if line >= 0]
    headings = [cell.text for line in lines for at, cell in enumerate(grid[line]) if at not in read]
    first = [cell.text for cell in grid[0] if cell.text]
    marks = [
        text
        for text in {*headings, *(first if len(first) > 3 else [])}
        if len(text) < PROSE_LENGTH and _MARKS_OF_A_LOG.search(text.replace("_", " "))
    ]
    return len(marks) > 1


def _is_form(grid: Grid) -> bool:
    """Whether a line near the top has the headings of a form's answers: questions, and what the form adds by itself."""
    lines = ([cell.text for cell in line if cell.text] for line in grid[:LINES_ABOVE_A_FORM])
    return any(
        len(texts) > 1
        and any(text.endswith("?") or _OF_A_FORM.search(text) or "? (" in text for text in texts)
        for texts in lines
    )


def _is_log_below_banner(grid: Grid, table: Table) -> bool:
    """Whether figures under a title such as "Raids April 2024" are the days of a log, by the headings between the two."""
    areas = [row for row in table.rows if row.kind == "area"]
    values = table.values()
    if table.is_turned or not areas:
        return False
    lines = [line for line in grid if line[0].row < areas[0].key.row]
    if not values:
        return any(_heads_days(cell.text) for line in lines for cell in line)
    cells = [cell for row in areas for cell in (row.cells[column.at] for column in values) if cell.text]
    may_be_days = all(re.fullmatch(r"0?[1-9]|[12]\d|3[01]", cell.text) for cell in cells)
    lowest = [next((line for line in reversed(lines) if line[column.at].text), None) for column in values]
    own = [line[column.at].text for line, column in zip(lowest, values, strict=True) if line]
    if any(map(_heads_days, own)):
        return not any(normalise(cell.text) in COUNT_HEADINGS for line in lines for cell in line)
    is_dated_above = not any(read_heading(text).period for text in own if text)
    if is_dated_above and not any(normalise(text) in COUNT_HEADINGS for text in own):
        beside = [
            cell.text for at, cell in enumerate(lines[-1]) if at not in {column.at for column in values}
        ]
        if any(map(_heads_days, beside)):
            return True
    is_left = all(column.at < areas[0].key.column for column in values)
    if is_left and may_be_days and all(sum(bool(cell.text) for cell in line) == 1 for line in lowest if line):
        return True
    for line in lines:
        texts = [cell.text for cell in line if 0 < len(cell.text) < PROSE_LENGTH]
        marks = {field for text in texts if (field := field_by_synonym(text)) in _ONLY_IN_A_LOG}
        if not marks or any(normalise(text) in COUNT_HEADINGS for text in texts):
            continue
        heads = any(read_heading(line[column.at].text).period for column in values if line[column.at].text)
        if not heads or len(marks) > 1 or (may_be_days and len(values) == 1):
            return True
    return False


def _heads_days(text: str) -> bool:
    return bool(_IS_DAY_OR_TIME.search(text)) or field_by_synonym(text) in _OF_A_START


def _with_visits(tables: list[Table]) -> list[Table]:
    """The tables that count visits, not arrests or anything else."""
    _refuse_doubtful_headings([table for table in tables if not _counts_something_else(table)])
    visits = [table for table in tables if table.values() and not _counts_something_else(table)]
    if tables and not visits:
        if {reason for table in tables for _, reason in table.ignored} == {NO_HEADING}:
            first = tables[0].rows[0].key
            if plain(first.text) in ROLE_OF:
                raise InputError(
                    f"Row {first.row} heads the figures with something that is no year from 1980 to 2049. "
                    "Correct the heading, and import the return again."
                )
            raise InputError(
                f"Row {first.row} begins a table without headings. "
                "Write 'Postcode' and the year in a row above the figures, and import it again."
            )
        raise InputError(
            "The figures of this return are headed as something else than visits. "
            "Only visits can be imported; head their columns 'Visits' or with the years if that is what they are."
        )
    if not visits:
        raise InputError(NO_TABLE)
    return visits


def _refuse_doubtful_headings(tables: list[Table]) -> None:
    """Figures of which nobody can say which months they are for."""
    for table in tables:
        for cell, reason in table.ignored:
            if reason in _HOW_TO_NAME:
                raise InputError(
                    f"{cell.place} heads figures {_HOW_TO_NAME[reason]}, and import the return again."
                )


def _counts_something_else(table: Table) -> bool:
    nearest = next((line for line in table.caption if len(line) > 10), "")
    return bool(OTHER_MEASURE.search(nearest)) and not _SPEAKS_OF_VISITS.search(nearest)


def _sheets_of_something_else(grids: list[Grid], with_visits: set[int]) -> set[int]:
    """The sheets that hold rows of cells and no visits, such as a log: their words are no notes of the return."""
    return {
        number
        for number, grid in enumerate(grids)
        if number not in with_visits
        and sum(sum(bool(cell.text) for cell in line) >= LEAST_CELLS for line in grid) >= LEAST_LINES
    }


def _told_of_others(tables: list[Table], visits: list[Table], others: set[int]) -> list[str]:
    told = [
        f"Sheet {number + 1} holds a table of something else than visits; it was left out. "
        "Import it from a file of its own if it is wanted."
        for number in sorted(others)
    ]
    for table in tables:
        if table.sheet not in others and not any(table is kept for kept in visits):
            cell = table.rows[0].key
            sheet = f"sheet {cell.sheet}, " if cell.sheet else ""
            told.append(
                f"The table that begins in {sheet}row {cell.row} counts something else than visits; it was left out."
            )
    return told


def _note_lines(grid: Grid, number: int, tables: list[Table]) -> list[NoteLine]:
    """Every line of words outside the tables of one sheet, cells joined."""
    own = [table for table in tables if table.sheet == number]
    used = {(cell.row, cell.column) for table in own for cell in used_cells(table)}
    first = min((row for row, _ in used), default=None)
    lines = []
    for line in grid:
        cells = [cell for cell in line if cell.text and (cell.row, cell.column) not in used]
        mark, text = split_mark([cell.text for cell in cells])
        if re.search(r"[A-Za-z]{2}|=", text):
            is_above = first is not None and line[0].row < first
            lines.append(NoteLine(line[0].row, text, mark, number, is_above))
    return lines


def _refuse_prose(tables: list[Table], lines: list[NoteLine]) -> None:
    """A text that breaks into the figures, or is more than their notes, means the file is not what it seems."""
    for table in tables:
        broken = next((row for row in table.rows if row.kind == "prose"), None)
        if broken:
            raise _prose_error(broken.key.row)
    for sheet in {table.sheet for table in tables}:
        own = [table for table in tables if table.sheet == sheet]
        last = max(cell.row for table in own for cell in used_cells(table))
        ends_in_total = any(table.rows[-1].kind == "total" for table in own)
        long_lines = [
            line for line in lines if line.sheet == sheet and len(line.text) > PROSE_LENGTH and not line.mark
        ]
        below = [line for line in long_lines if line.row > last]
        runs_on = below and below[0].row == last + 1 and not ends_in_total and not is_note_like(below[0])
        if runs_on or len([line for line in below if not is_note_like(line)]) > MOST_NOTE_LINES:
            raise _prose_error(below[0].row)
        if len(long_lines) > max(MOST_PROSE_LINES, sum(len(table.rows) for table in own) // 2):
            raise _prose_error(max(long_lines, key=lambda line: line.row).row if not below else below[0].row)


def _prose_error(row: int) -> InputError:
    return InputError(
        f"Row {row} holds words where the figures of the return are expected. "
        "Keep only the table with its headings and notes in the file, and import it again."
    )


def _nothing_kept(rejects: list[Reject]) -> InputError:
    if not rejects:
        return InputError(NO_TABLE)
    first = min(rejects, key=lambda reject: (reject.row, reject.column))
    return InputError(
        f"No figure of this return can be kept. The first cell set aside is in row {first.row}, column {first.column}: "
        f"{first.reason}"
    )


def _batch(reading: Reading, repeated: list[list[Figure]], checks: Checks) -> CountsBatch:
    counts = sum_figures(reading, repeated, checks)
    if not counts.num_rows:
        raise _nothing_kept(reading.rejects)
    if not checks.done and not checks.told:
        checks.told.append("The return states no totals, so none could be checked.")
    references = counts["reference"].unique().to_pylist()
    if UNKNOWN in references:
        reading.told.append("The return states no reference; it is kept as 'unknown'.")
    reference = reading.notes.reference
    if references:
        reference = references[0] if len(references) == 1 else SEVERAL
    return CountsBatch(
        reference,
        reading.notes.extracted_on,
        counts,
        reading.rows,
        sorted(reading.rejects, key=lambda reject: (reject.row, reject.column)),
        checks.done,
        list(dict.fromkeys([*reading.told, *checks.told])),
    )
