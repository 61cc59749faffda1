"""The figures of one table of an official return, each with its area, its days and its kind of address."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from data.errors import InputError
from data.logs.report import Reject
from data.reading.periods import Period, is_part_of_year, month_end, names_doubtful_year, read_period
from data.returns.columns import LONG_ROLES, NO_HEADING, Column
from data.returns.coverage import Coverages, cover, stated_elsewhere
from data.returns.grid import Cell
from data.returns.headings import YEAR_ABOVE
from data.returns.notes import Notes
from data.returns.rows import Row
from data.returns.tables import Table
from data.returns.totals import is_placeless, starts_by_type, types_of
from data.returns.words import Area, NotAFigureError, read_figure
from data.schema import ALL_SETTINGS, UNKNOWN

NO_PLACE = "Names no postcode district or borough of London. Correct the name, or leave the row out."
# Not the first figures of a longer number, such as a telephone's, nor those of a code with letters.
OWN_REFERENCE = r"(?:\b|(?<=foi))\d{4,6}(?:/\d{3,6})?(?!/?\w)"


@dataclass(frozen=True)
class Figure:
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
class Reading:
    """What is gathered while the tables are read."""

    notes: Notes
    figures: list[Figure] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    rows: int = 0
    # (area, period, setting) of which a part could not be read, so that its sum would be too small
    broken: set[tuple[Area, Period, str]] = field(default_factory=set)

    def reject(self, cell: Cell, reason: str) -> None:
        """Set a cell aside."""
        sheet = f"Sheet {cell.sheet}: " if cell.sheet else ""
        self.rejects.append(Reject(cell.row, cell.letter, sheet + reason))


def read_table(
    reading: Reading,
    table: Table,
    number: int,
    sheet_name: str,
    file_name: str,
    sheets_with_tables: set[int],
) -> None:
    """The figures of one table, with the days they cover."""
    _refuse_columns_alike(table)
    default = None
    if not any(column.role in LONG_ROLES for column in table.columns):
        without = [column for column in table.values() if not column.period]
        if without and not any(row.period for row in table.rows):
            default, place = stated_elsewhere(table.caption, reading.notes, sheet_name, file_name)
            reading.told.append(f"No heading names the period; {default.words()} is taken from {place}.")
    if any(YEAR_ABOVE in column.heading.marks for column in table.columns):
        reading.told.append(
            "The headings name months without a year; it is taken from the line above the table."
        )
    rows = list(_data_rows(reading, table, default))
    periods: dict[Period, set[str]] = defaultdict(set)
    for _, _, column, period, _, _ in rows:
        periods[period] |= set(column.heading.marks)
    coverages = cover(dict(periods), reading.notes, table.sheet, sheets_with_tables)
    reading.told += coverages.told
    _read_figures(reading, table, number, rows, coverages)
    _tell_of_ignored(reading, table)


def _refuse_columns_alike(table: Table) -> None:
    """Two columns of one period and kind of address: nothing tells which of them holds the visits."""
    alike: dict[tuple, list[Column]] = defaultdict(list)
    for column in table.values():
        label = column.heading.text if column.setting else ""
        alike[column.period, column.setting, label].append(column)
    for columns in alike.values():
        if len(columns) > 1:
            cells = [table.rows[0].cells[column.at] for column in columns]
            names = [str(cell.row) if table.is_turned else cell.letter for cell in cells]
            raise InputError(
                f"{'Rows' if table.is_turned else 'Columns'} {', '.join(names[:-1])} and {names[-1]} are headed alike. "
                "Head each with its own period, or keep one of them, and import the return again."
            )


def _tell_of_ignored(reading: Reading, table: Table) -> None:
    for cell, reason in table.ignored:
        what = (
            "has figures but no heading"
            if reason == NO_HEADING
            else "is headed as something else than visits"
        )
        place = f"Row {cell.row}" if table.is_turned else f"Column {cell.letter}"
        reading.told.append(f"{place} {what}; it was left out.")


DataCell = tuple[Row, Area, Column, Period, str, str]


def _data_rows(reading: Reading, table: Table, default: Period | None) -> Iterable[DataCell]:
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


def _row_period(reading: Reading, row: Row, table: Table) -> Period | str | None:
    """The period that a row of a long table names; None where the table names periods elsewhere."""
    named = {column.role: _spelt_out(row, column) for column in table.columns if column.role in LONG_ROLES}
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


def _spelt_out(row: Row, column: Column) -> Cell:
    """A cell that names a period; 2019 below "Financial year" is not the calendar's."""
    cell = row.cells[column.at]
    return (
        cell._replace(text=f"FY {cell.text}")
        if names_doubtful_year(f"{column.heading.text} {cell.text}")
        else cell
    )


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
        if found and found.start == found.end and found.start.day == 1:
            # A spreadsheet keeps a month as its first day.
            found = Period(found.start, month_end(found.start.year, found.start.month))
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
    reading: Reading, table: Table, number: int, rows: list[DataCell], coverages: Coverages
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
        reading.figures.append(Figure(area, days, setting, low, high, reference, cell, row, number, label))


def _own_reference(row: Row, at: int | None) -> str | None:
    """A row's own reference; only its number is taken, so no other text can pass."""
    if at is None:
        return None
    number = re.search(OWN_REFERENCE, row.cells[at].text, re.IGNORECASE)
    return f"FOI {number[0]}" if number else UNKNOWN
