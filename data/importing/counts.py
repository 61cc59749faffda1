"""
Official returns (FOI answers: visits per area and period) into rows of the counts table.

Found by what the cells say, never by where they stand: a table is a column of postcode districts or boroughs with figures
beside it and periods, or visits, above them. Nothing is guessed in silence: what was taken from a footnote, a file's name or a
day of extraction is told, every total is recomputed, and a cell that cannot be read is set aside with its place.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import pyarrow as pa

from data.errors import InputError
from data.geography.bundled import read_pieces
from data.importing.foi_coverage import Coverages, cover, name_period, stated_elsewhere
from data.importing.foi_notes import NoteLine, Notes, is_note_like, read_notes, split_mark
from data.importing.foi_periods import Period, is_part_of_year, read_period
from data.importing.foi_tables import (
    DERIVED,
    LONG_ROLES,
    OTHER_MEASURE,
    PROSE_LENGTH,
    Cell,
    Column,
    Grid,
    Row,
    Table,
    find_tables,
    lay_out,
    make_grid,
)
from data.importing.foi_totals import Checks, check_totals, is_placeless, starts_by_type, types_of
from data.importing.foi_words import Area, NotAFigureError, is_figure_like, read_figure
from data.importing.report import Reject
from data.importing.sheet import Sheet
from data.schema import ALL_SETTINGS, UNKNOWN

COUNTS_SCHEMA = pa.schema(
    [
        ("area_level", pa.string()),
        ("area_code", pa.string()),
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
        ("setting", pa.string()),
        ("visits_low", pa.int32()),
        ("visits_high", pa.int32()),
        ("reference", pa.string()),
    ]
)
# What is looked at to tell a return from a log; the longest banner met so far has 17 lines.
LOOKED_AT_CELLS = 40_000
LOOKED_AT_ROWS = 400
MOST_ROWS = 200_000  # every district, month and kind of address of ten years is fewer
MOST_PROSE_LINES = 8

_SPEAKS_OF_VISITS = re.compile(
    r"\b(?:visits?|raids?|immigration enforcement|enforcement visits?)\b", re.IGNORECASE
)
_MARKS_OF_A_LOG = re.compile(
    r"\b(?:outcome|address|street|time|description|latitude|longitude|easting|northing|notes?|url|source|officers"
    r"|detained|crowd|duration)\b",
    re.IGNORECASE,
)
NO_PLACE = "Names no postcode district or borough of London. Correct the name, or leave the row out."
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


@dataclass(frozen=True)
class _Figure:
    """One readable cell, with all that it is the figure of."""

    area: Area
    period: Period
    setting: str
    low: int
    high: int
    reference: str
    cell: Cell
    row: Row
    table: int
    label: str = ""  # the kind of address as written, to tell two rows of one setting from one row twice


@dataclass
class _Reading:
    """What is gathered while the tables are read."""

    notes: Notes
    figures: list[_Figure] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    rows: int = 0
    # (area, period, setting) of which a part could not be read, so that its sum would be too small
    broken: set[tuple[Area, Period, str]] = field(default_factory=set)

    def reject(self, cell: Cell, reason: str) -> None:
        sheet = f"Sheet {cell.sheet}: " if cell.sheet else ""
        self.rejects.append(Reject(cell.row, cell.letter, sheet + reason))


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
    tables = _with_visits([table for table in tables if table.values() or table.ignored])
    lines = [line for number, grid in enumerate(grids) for line in _note_lines(grid, number, tables)]
    _refuse_prose(tables, lines)
    notes, told = read_notes(lines, file_name)
    reading = _Reading(notes, told=told)
    for number, table in enumerate(tables):
        _read_table(
            reading, table, number, sheets[table.sheet].name, file_name, {table.sheet for table in tables}
        )
    if not reading.figures and not reading.rejects:
        raise InputError(NO_TABLE)
    checks = check_totals(tables, lambda cell: read_figure(cell.text, notes.symbols))
    return _batch(reading, checks)


def _laid_out(grid: Grid, number: int) -> tuple[Grid, int, bool]:
    laid_out, is_turned = lay_out(grid)
    return laid_out, number, is_turned


def _looks_like_counts(sheet: Sheet) -> bool:
    if not sheet.n_rows or sheet.n_rows > MOST_ROWS:
        return False
    stop = min(LOOKED_AT_ROWS, max(LOOKED_AT_CELLS // max(sheet.n_columns, 1), 60))
    grid = make_grid(sheet, stop=stop)
    tables = find_tables(*_laid_out(grid, 0))
    if any(_heads_a_log(grid, table) for table in tables):
        return False
    words = " ".join(cell.text for line in grid[:60] for cell in line if not is_figure_like(cell.text))
    speaks = bool(_SPEAKS_OF_VISITS.search(words + " " + sheet.name))
    return any(_is_return(table, grid, speaks) for table in tables)


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
    if speaks_of_visits:
        return True
    measures_something_else = any(
        OTHER_MEASURE.search(DERIVED.sub(" ", text)) for text in [heading_words, *table.caption]
    )
    return not measures_something_else and (is_long or all(column.period for column in values))


def _heads_a_log(grid: Grid, table: Table) -> bool:
    """Whether the table's headings, or the sheet's first line, name what only a log of incidents has."""
    read = {column.at for column in table.columns if column.role != "period"}
    lines = [line for line in table.headings if line >= 0]
    headings = [cell.text for line in lines for at, cell in enumerate(grid[line]) if at not in read]
    first = [cell.text for cell in grid[0]] if len([cell for cell in grid[0] if cell.text]) > 3 else []
    marks = [
        text
        for text in {*headings, *first}
        if len(text) < PROSE_LENGTH and _MARKS_OF_A_LOG.search(text.replace("_", " "))
    ]
    return len(marks) > 1


def _with_visits(tables: list[Table]) -> list[Table]:
    """The tables that count visits, not arrests or anything else."""
    visits = [table for table in tables if table.values() and not _counts_something_else(table)]
    if tables and not visits:
        if {reason for table in tables for _, reason in table.ignored} == {"no heading"}:
            raise InputError(
                f"Row {tables[0].rows[0].key.row} begins a table without headings. "
                "Write 'Postcode' and the year in a row above the figures, and import it again."
            )
        raise InputError(
            "The figures of this return are headed as something else than visits. "
            "Only visits can be imported; head their columns 'Visits' or with the years if that is what they are."
        )
    if not visits:
        raise InputError(NO_TABLE)
    return visits


def _counts_something_else(table: Table) -> bool:
    nearest = next((line for line in table.caption if len(line) > 10), "")
    return bool(OTHER_MEASURE.search(nearest)) and not _SPEAKS_OF_VISITS.search(nearest)


def _note_lines(grid: Grid, number: int, tables: list[Table]) -> list[NoteLine]:
    """Every line of words outside the tables of one sheet, cells joined."""
    own = [table for table in tables if table.sheet == number]
    used = {
        (cell.row, cell.column) for table in own for row in table.rows for cell in _used_cells(table, row)
    }
    first = min((row for row, _ in used), default=None)
    lines = []
    for line in grid:
        cells = [cell for cell in line if cell.text and (cell.row, cell.column) not in used]
        mark, text = split_mark([cell.text for cell in cells])
        if re.search(r"[A-Za-z]{2}|=", text):
            is_above = first is not None and line[0].row < first
            lines.append(NoteLine(line[0].row, text, mark, number, is_above))
    return lines


def _used_cells(table: Table, row: Row) -> list[Cell]:
    return [row.key, *[row.cells[column.at] for column in table.columns]]


def _refuse_prose(tables: list[Table], lines: list[NoteLine]) -> None:
    """A text that breaks into the figures, or follows them in place of notes, means the file is not what it seems."""
    for table in tables:
        broken = next((row for row in table.rows if row.kind == "prose"), None)
        if broken:
            raise _prose_error(broken.key.row)
        last = max((cell.row for row in table.rows for cell in [row.key]), default=0)
        stray = [
            line for line in lines
            if line.sheet == table.sheet and line.row > last and not line.is_above
            and len(line.text) > PROSE_LENGTH and not is_note_like(line)
        ]  # fmt: skip
        ends_in_total = bool(table.rows) and table.rows[-1].kind == "total"
        runs_on = stray and stray[0].row == last + 1 and not ends_in_total and not table.is_turned
        if runs_on or len(stray) > max(MOST_PROSE_LINES, len(table.rows) // 2):
            raise _prose_error(stray[0].row)


def _prose_error(row: int) -> InputError:
    return InputError(
        f"Row {row} holds words where the figures of the return are expected. "
        "Keep only the table with its headings and notes in the file, and import it again."
    )


def _read_table(
    reading: _Reading,
    table: Table,
    number: int,
    sheet_name: str,
    file_name: str,
    sheets_with_tables: set[int],
) -> None:
    """The figures of one table, with the days they cover."""
    default = None
    if not any(column.role in LONG_ROLES for column in table.columns):
        without = [column for column in table.values() if not column.period]
        if without and not any(row.period for row in table.rows):
            default, place = stated_elsewhere(
                table.caption, reading.notes, table.sheet, sheet_name, file_name
            )
            reading.told.append(f"No heading names the period; {default.words()} is taken from {place}.")
    rows = list(_data_rows(reading, table, default))
    periods: dict[Period, set[str]] = defaultdict(set)
    for _, _, column, period, _, _ in rows:
        periods[period] |= set(column.heading.marks)
    coverages = cover(dict(periods), reading.notes, table.sheet, sheets_with_tables)
    reading.told += coverages.told
    _read_figures(reading, table, number, rows, coverages)
    _tell_of_ignored(reading, table)


def _tell_of_ignored(reading: _Reading, table: Table) -> None:
    for cell, reason in table.ignored:
        what = (
            "has figures but no heading"
            if reason == "no heading"
            else "is headed as something else than visits"
        )
        place = f"Row {cell.row}" if table.is_turned else f"Column {cell.letter}"
        reading.told.append(f"{place} {what}; it was left out.")


DataCell = tuple[Row, Area, Column, Period, str, str]


def _data_rows(reading: _Reading, table: Table, default: Period | None) -> Iterable[DataCell]:
    """Every cell that should hold a figure: its row, area, column, period, setting and kind of address as written."""
    nested = types_of(table)
    of_an_area = {id(row) for rows in nested.values() for row in rows}
    starts_with_types = starts_by_type(table)
    section_period, section_setting = None, None
    area: Area | None = None
    counted: set[int] = set()
    for position, row in enumerate(table.rows):
        if row.kind == "area":
            area = row.area
        elif row.kind == "heading" or (row.kind == "type" and starts_with_types):
            section_period = row.period or section_period
            section_setting = row.setting or (None if not row.period else section_setting)
            continue
        elif is_placeless(table, row):
            counted.add(row.key.row)
            reading.reject(row.key, NO_PLACE)
            continue
        elif row.kind != "type" or (id(row) not in of_an_area and not table.has_setting_column()):
            continue
        if area is None:
            continue
        counted.add(row.key.row)
        if row.is_unknown_type:
            reading.told.append(
                f"Row {row.key.row} names a kind of address that is not known; it is kept as 'unknown'."
            )
        if row.kind == "area" and not row.has_figures and position in nested:
            continue  # an area's name as the heading of its kinds of address
        period = _row_period(reading, row, table)
        if period == "unreadable":
            continue
        setting = row.setting or section_setting or ALL_SETTINGS
        for column in table.values():
            own = column.period or period or section_period or default
            if own is None:
                reading.reject(
                    row.key,
                    "Stands under no year. Write the year in the heading, or in a line above the row.",
                )
                break
            yield row, area, column, own, column.setting or setting, _type_label(row, column, table)
    reading.rows += len(counted) if not table.is_turned else len(table.values())


def _type_label(row: Row, column: Column, table: Table) -> str:
    """The kind of address as the return writes it."""
    setting_column = next((other for other in table.columns if other.role == "setting"), None)
    if setting_column:
        return row.cells[setting_column.at].text.lower()
    return row.key.text.lower() if row.kind == "type" else column.heading.text if column.setting else ""


def _row_period(reading: _Reading, row: Row, table: Table) -> Period | str | None:
    """The period that a row of a long table names; None where the table names periods elsewhere."""
    named = {column.role: row.cells[column.at] for column in table.columns if column.role in LONG_ROLES}
    if not named:
        return None
    try:
        return _period_of(named)
    except ValueError:
        cell = next((cell for cell in named.values() if not read_period(cell.text)), row.key)
        reading.reject(
            cell, "Names no year or period. Write it as 2019, 2018/19, Q1 2019, January 2019 or 2019-01-31."
        )
        return "unreadable"


def _period_of(named: dict[str, Cell]) -> Period:
    texts = {role: cell.text for role, cell in named.items()}
    if "start" in texts and "end" in texts:
        start, end = read_period(texts["start"]), read_period(texts["end"])
        if not start or not end or start.start > end.end:
            raise ValueError
        return Period(start.start, end.end)
    if "part" in texts:
        part = texts["part"]
        year = texts.get("year", "")
        spelled = f"{part}/{year}" if part.isdigit() and int(part) > 4 else part
        found = read_period(spelled) if read_period(spelled) else read_period(f"{part} {year}")
        found = found or (read_period(f"{part}/{year}") if part.isdigit() else None)
        if not found or (part.isdigit() and not is_part_of_year(part) and not year):
            raise ValueError
        return found
    found = read_period(
        texts.get("period") or texts.get("year") or texts.get("start") or texts.get("end") or ""
    )
    if not found:
        raise ValueError
    return found


def _read_figures(
    reading: _Reading, table: Table, number: int, rows: list[DataCell], coverages: Coverages
) -> None:
    high_at = next((column.at for column in table.columns if column.role == "high"), None)
    reference_at = next((column.at for column in table.columns if column.role == "reference"), None)
    symbols = reading.notes.symbols
    for row, area, column, period, setting, label in rows:
        cell = row.cells[column.at]
        days = coverages.covered[period]
        try:
            low, high = read_figure(cell.text, symbols)
            if column.role == "low" and high_at is not None:
                high = read_figure(row.cells[high_at].text, symbols)[1]
            if low > high:
                raise NotAFigureError("The fewest visits are more than the most. Correct one of the two.")
        except NotAFigureError as error:
            reading.reject(cell, str(error))
            reading.broken.add((area, days, setting))
            continue
        reference = _own_reference(row, reference_at) or reading.notes.reference
        reading.figures.append(_Figure(area, days, setting, low, high, reference, cell, row, number, label))


def _own_reference(row: Row, at: int | None) -> str | None:
    """A row's own reference; only its number is taken, so no other text can pass."""
    if at is None:
        return None
    number = re.search(r"\d{4,6}(?:/\d{3,6})?", row.cells[at].text)
    return f"FOI {number[0]}" if number else UNKNOWN


Key = tuple[str, str, Period, str]


def _batch(reading: _Reading, checks: Checks) -> CountsBatch:
    figures = _without_twice(reading)
    sums = _sum_up(reading, figures)
    sums = _without_overlaps(reading, sums)
    references = {reference for _, _, reference in sums.values()}
    told = [*reading.told, *_told_of_spelling(figures), *_told_of_unused(figures), *checks.told]
    if not checks.done:
        told.append("The return states no totals, so none could be checked.")
    counts = _table(sums)
    reference = reading.notes.reference
    if len(references) == 1:
        reference = references.pop()
    elif references:
        reference = "several"
    return CountsBatch(
        reference, reading.notes.extracted_on, counts, reading.rows, sorted(reading.rejects, key=lambda r: (r.row, r.column)),
        checks.done, list(dict.fromkeys(told)),
    )  # fmt: skip


def _table(sums: dict[Key, tuple[int, int, str]]) -> pa.Table:
    rows = [
        (level, code, period.start, period.end, setting, low, high, reference)
        for (level, code, period, setting), (low, high, reference) in sums.items()
    ]
    columns = list(zip(*rows, strict=True)) or [[] for _ in COUNTS_SCHEMA]
    return pa.table(
        [pa.array(values, kind.type) for values, kind in zip(columns, COUNTS_SCHEMA, strict=True)],
        COUNTS_SCHEMA,
    )


def _without_twice(reading: _Reading) -> list[_Figure]:
    """Figures without those that a return gives twice: the same in two tables is kept once, all else is set aside."""
    groups: dict[tuple, list[_Figure]] = defaultdict(list)
    for figure in reading.figures:
        groups[figure.area.level, figure.area.code, figure.period, figure.setting, figure.label].append(
            figure
        )
    dropped: set[int] = set()
    twice: dict[int, set[int]] = defaultdict(set)
    cells: dict[int, Cell] = {}
    again = False
    for same in groups.values():
        if len(same) == 1:
            continue
        tables = {figure.table for figure in same}
        if len(tables) == len(same) and len({(figure.low, figure.high) for figure in same}) == 1:
            dropped |= {id(figure) for figure in same[1:]}
            again = True
            continue
        for figure in same:
            dropped.add(id(figure))
            twice[figure.cell.row] |= {other.cell.row for other in same if other is not figure}
            cells[figure.cell.row] = figure.row.key
            reading.broken.add((figure.area, figure.period, ALL_SETTINGS))
    for row, others in twice.items():
        where = _row_words(others - {row} or {row})
        reading.rejects.append(
            Reject(
                row,
                cells[row].letter,
                f"Gives the same area and period as {where}. Keep one of them, and import the return again.",
            )
        )
    if again:
        reading.told.append("Figures that stand alike in two tables of the return are counted once.")
    return [figure for figure in reading.figures if id(figure) not in dropped]


def _sum_up(reading: _Reading, figures: list[_Figure]) -> dict[Key, tuple[int, int, str]]:
    """One figure per area, period and setting, and one for all settings together."""
    sums: dict[Key, tuple[int, int, str]] = {}
    for figure in figures:
        if (figure.area, figure.period, figure.setting) in reading.broken and figure.setting != ALL_SETTINGS:
            continue
        key = (figure.area.level, figure.area.code, figure.period, figure.setting)
        low, high, reference = sums.get(key, (0, 0, figure.reference))
        sums[key] = (low + figure.low, high + figure.high, reference)
    broken = {(area.level, area.code, period) for area, period, _ in reading.broken}
    parts: dict[tuple, list[tuple[int, int, str]]] = defaultdict(list)
    for (level, code, period, setting), figure in sums.items():
        if setting != ALL_SETTINGS:
            parts[level, code, period].append(figure)
    for (level, code, period), found in parts.items():
        key = (level, code, period, ALL_SETTINGS)
        if key not in sums and (level, code, period) not in broken:
            sums[key] = (sum(low for low, _, _ in found), sum(high for _, high, _ in found), found[0][2])
    return sums


def _without_overlaps(
    reading: _Reading, sums: dict[Key, tuple[int, int, str]]
) -> dict[Key, tuple[int, int, str]]:
    """No day counted twice: of a year and its quarters the quarters stay, of a year and a stray month the year."""
    by_place: dict[tuple, list[Period]] = defaultdict(list)
    for level, code, period, setting in sums:
        by_place[level, code, setting].append(period)
    dropped: set[Key] = set()
    for (level, code, setting), periods in by_place.items():
        for period in sorted(
            periods, key=lambda each: (each.start, each.start.toordinal() - each.end.toordinal())
        ):
            inside = [other for other in periods if other != period and other.meets(period)]
            if (level, code, period, setting) in dropped or not inside:
                continue
            held = [other for other in inside if period.holds(other)]
            days = sum((other.end - other.start).days + 1 for other in held)
            losers = [period] if days == (period.end - period.start).days + 1 else inside
            dropped |= {(level, code, other, setting) for other in losers}
            reading.told += [
                f"The figures for {name_period(other)} overlap others of the return and were left out."
                for other in losers
            ]
    return {key: value for key, value in sums.items() if key not in dropped}


def _told_of_spelling(figures: list[_Figure]) -> list[str]:
    respelt = {
        figure.row.key.row for figure in figures if figure.area.is_respelt and figure.area.level == "district"
    }
    if not respelt:
        return []
    return [
        f"Postcode districts written in another way than usual ('E01', 'e 1') were understood in {_row_words(respelt)}."
    ]


@cache
def _districts_in_use() -> frozenset[str]:
    return frozenset(read_pieces()["district"])


def _told_of_unused(figures: list[_Figure]) -> list[str]:
    """Districts that no address has, such as EC1 for all of EC1A to EC1Y: kept, but no map can show them."""
    rows: dict[str, int] = {}
    for figure in figures:
        if figure.area.level == "district" and figure.area.code not in _districts_in_use():
            rows.setdefault(figure.area.code, figure.row.key.row)
    if not rows:
        return []
    listed = ", ".join(
        f"{code} (row {row})" for code, row in sorted(rows.items(), key=lambda item: item[1])[:12]
    )
    more = f" and {len(rows) - 12} more" if len(rows) > 12 else ""
    return [
        f"Not a postcode district of London in use: {listed}{more}. Kept as the return gives it; no map can show it."
    ]


def _row_words(rows: set[int], most: int = 8) -> str:
    """'row 5', 'rows 5, 6 and 9', 'rows 5, 6, … and 12 more'."""
    listed = sorted(rows)
    if len(listed) == 1:
        return f"row {listed[0]}"
    if len(listed) > most:
        return f"rows {', '.join(map(str, listed[:most]))} and {len(listed) - most} more"
    return f"rows {', '.join(map(str, listed[:-1]))} and {listed[-1]}"
