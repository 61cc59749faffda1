"""The figures of an official return, each with its area, its days and its kind of address; none twice, no day counted twice."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pyarrow as pa

from data.errors import InputError
from data.reading.answers import Reject
from data.reading.headings import normalise
from data.reading.periods import Period, is_part_of_year, month_end, names_doubtful_year, read_period
from data.returns.cells import Area, NotAFigureError, districts_in_use
from data.returns.grid import Cell, row_words
from data.returns.headings import YEAR_ABOVE
from data.returns.notes import Coverages, Notes, cover, name_period, stated_elsewhere
from data.returns.tables import LONG_ROLES, NO_HEADING, Column, Row, Table
from data.returns.totals import Checks, ReadCell, is_placeless, starts_by_type, types_of
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
    read_cell: ReadCell
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
    others = {row.key.row for row in table.rows if row.kind == "other measure"}
    if others:
        reading.told.append(f"{row_words(others).capitalize()} count something else than visits; left out.")
    _tell_of_ignored(reading, table)


def _refuse_columns_alike(table: Table) -> None:
    """Two columns of one period and kind of address: nothing tells which of them holds the visits."""
    alike: dict[tuple, list[Column]] = defaultdict(list)
    for column in table.values():
        label = column.written if column.setting else ""
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
    unknown_types: set[int] = set()
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
        elif row.kind != "type" or id(row) not in of_an_area:
            continue
        if area is None:
            continue
        counted.add(row.key.row)
        if row.is_unknown_type:
            unknown_types.add(row.key.row)
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
            yield row, area, column, own, column.setting or setting, _type_label(row, column)
    reading.rows += len(counted) if not table.is_turned else len(table.values())
    if unknown_types:
        name = "names" if len(unknown_types) == 1 else "name"
        where = row_words(unknown_types).capitalize()
        reading.told.append(f"{where} {name} a kind of address that is not known; it is kept as 'unknown'.")


def _type_label(row: Row, column: Column) -> str:
    """The kind of address as the return writes it, to the last blank: two spellings are two rows of its database."""
    return row.type_text or (
        row.key.written if row.kind == "type" else column.written if column.setting else ""
    )


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
    for row, area, column, period, setting, label in rows:
        cell = row.cells[column.at]
        days = coverages.covered[period]
        try:
            low, high = reading.read_cell(cell)
            if column.role == "low" and high_at is not None:
                high = reading.read_cell(row.cells[high_at])[1]
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

NAMED_AREAS = 12  # in one sentence

# Area level, area code, days, setting.
Key = tuple[str, str, Period, str]


def find_repeated(reading: Reading) -> list[list[Figure]]:
    """The figures of one area, period and kind of address that a return gives more than once."""
    groups: dict[tuple, list[Figure]] = defaultdict(list)
    for figure in reading.figures:
        label = normalise(figure.label)
        groups[figure.area.level, figure.area.code, figure.period, figure.setting, label].append(figure)
    return [same for same in groups.values() if len(same) > 1]


def sum_figures(reading: Reading, repeated: list[list[Figure]], checks: Checks) -> pa.Table:
    """One row per area, period and setting; what was left out or understood on the way is added to `reading`."""
    figures = _without_twice(reading, repeated, checks)
    sums = _without_overlaps(reading, _sum_up(reading, figures))
    reading.told += [*_told_of_missing(reading, sums), *_told_of_spelling(figures), *_told_of_unused(figures)]
    return _table(sums)


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


def _without_twice(reading: Reading, repeated: list[list[Figure]], checks: Checks) -> list[Figure]:
    """
    Figures without those that a return gives twice.

    The same in two tables is kept once. A kind of address that stands twice in two spellings is two rows of the
    official database, and both count, as do any that a stated total needs both; all else is set aside.
    """
    alike = [same for same in repeated if _is_one_table_again(same)]
    if alike:
        reading.told.append("Figures that stand alike in two tables of the return are counted once.")
    dropped = {id(figure) for same in alike for figure in same[1:]}
    by_rows: dict[tuple[Cell, ...], list[list[Figure]]] = defaultdict(list)
    for same in repeated:
        if not _is_one_table_again(same):
            by_rows[tuple(figure.row.key for figure in same)].append(same)
    for keys, sames in by_rows.items():
        if _are_added_up(sames, checks):
            reading.told.append(
                f"{row_words({key.row for key in keys}).capitalize()} give the same area, period and kind of address "
                "in two spellings, or as parts that a total needs; their figures were added up."
            )
            continue
        for figure in (figure for same in sames for figure in same):
            dropped.add(id(figure))
            reading.broken.add((figure.area, figure.period, ALL_SETTINGS))
        for key in keys:
            others = {other.row for other in keys if other is not key}
            reading.reject(
                key,
                f"Gives the same area and period as {row_words(others)}. Keep one of them, and import the return again.",
            )
    return [figure for figure in reading.figures if id(figure) not in dropped]


def _is_one_table_again(same: list[Figure]) -> bool:
    return len({one.table for one in same}) == len(same) and len({(one.low, one.high) for one in same}) == 1


def _are_added_up(sames: list[list[Figure]], checks: Checks) -> bool:
    """Whether rows of one area, period and kind of address are parts of it, by their spelling or a stated total."""
    needed = [checks.needs_all([figure.cell for figure in same]) for same in sames]
    if False in needed:
        return False
    return True in needed or all(len({figure.label for figure in same}) == len(same) for same in sames)


def _sum_up(reading: Reading, figures: list[Figure]) -> dict[Key, tuple[int, int, str]]:
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
    reading: Reading, sums: dict[Key, tuple[int, int, str]]
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


def _told_of_missing(reading: Reading, sums: dict[Key, tuple[int, int, str]]) -> list[str]:
    """Areas of which some kinds of address are kept, and no figure for all of them: a part of it was set aside."""
    kept = {key[:3] for key in sums}
    parts = {(area.level, area.code, period) for area, period, _ in reading.broken}
    codes = sorted({key[1] for key in parts & kept if (*key, ALL_SETTINGS) not in sums})
    if not codes:
        return []
    listed = ", ".join(codes[:NAMED_AREAS]) + (
        f" and {len(codes) - NAMED_AREAS} more" if len(codes) > NAMED_AREAS else ""
    )
    return [
        f"For {listed} no figure for all kinds of address could be kept, since a part of it was set aside."
    ]


def _told_of_spelling(figures: list[Figure]) -> list[str]:
    respelt = {
        figure.row.key.row for figure in figures if figure.area.is_respelt and figure.area.level == "district"
    }
    if not respelt:
        return []
    return [
        f"Postcode districts written in another way than usual ('E01', 'e 1') were understood in {row_words(respelt)}."
    ]


def _told_of_unused(figures: list[Figure]) -> list[str]:
    """Districts that no address has, such as EC1 for all of EC1A to EC1Y: kept, but no map can show them."""
    rows: dict[str, int] = {}
    for figure in figures:
        if figure.area.level == "district" and figure.area.code not in districts_in_use():
            rows.setdefault(figure.area.code, figure.row.key.row)
    if not rows:
        return []
    listed = ", ".join(
        f"{code} (row {row})" for code, row in sorted(rows.items(), key=lambda item: item[1])[:NAMED_AREAS]
    )
    more = f" and {len(rows) - NAMED_AREAS} more" if len(rows) > NAMED_AREAS else ""
    return [
        f"Not a postcode district of London in use: {listed}{more}. Kept as the return gives it; no map can show it."
    ]
