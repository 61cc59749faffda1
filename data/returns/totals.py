"""Every total that a return states, recomputed from its rows."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from data.returns.cells import NotAFigureError, districts_in_use
from data.returns.grid import Cell
from data.returns.notes import name_period
from data.returns.tables import LONG_ROLES, Column, Row, Table
from data.schema import ALL_SETTINGS

Range = tuple[int, int]
ReadCell = Callable[[Cell], Range]

WHOLE_WORDS = ("grand", "overall", "year", "all", "london")


@dataclass(frozen=True)
class Line:
    """A row that counts towards totals, with its table."""

    table: Table
    row: Row


@dataclass
class Checks:
    """Totals compared so far, as plain values for a report, and what to tell."""

    done: list[dict] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def compare(self, label: str, cell: Cell, stated: Range, recomputed: Range) -> None:
        """Add one comparison; ranges match where they meet."""
        matches = stated[0] <= recomputed[1] and recomputed[0] <= stated[1]
        self.done.append(
            {
                "total": label,
                "row": cell.row,
                "column": cell.letter,
                "stated": _shown(stated),
                "recomputed": _shown(recomputed),
                "matches": matches,
            }
        )
        if not matches:
            self.told.append(
                f"{cell.place}: the return states {_shown(stated)} as {label}, "
                f"but the figures it is made of add up to {_shown(recomputed)}."
            )

    def cannot(self, label: str, cell: Cell) -> None:
        """Tell of a total that cannot be checked."""
        self.told.append(
            f"{cell.place}: {label} could not be checked, since it or a figure it is made of cannot be read."
        )


def check_totals(tables: list[Table], read_cell: ReadCell) -> Checks:
    """Recompute the totals of all tables of one file: across, down, by kind of address, by group, and overall."""
    checks = Checks()
    reader = _Reader(read_cell, checks)
    for table in tables:
        reader.check_across(table)
        reader.check_types(table)
        if table.has_setting_column():
            reader.check_all_rows(table)
        reader.check_down(table, [other for other in tables if other.sheet == table.sheet])
    return checks


def types_of(table: Table) -> dict[int, list[Row]]:
    """Position of each area's row -> the rows of its kinds of address."""
    found: dict[int, list[Row]] = {}
    if starts_by_type(table):
        return found
    current = None
    for position, row in enumerate(table.rows):
        if row.kind == "area":
            current = position
        elif row.kind in ("total", "group", "heading"):
            current = None
        elif row.kind == "type" and current is not None:
            found.setdefault(current, []).append(row)
    return found


def counted_rows(table: Table) -> list[Row]:
    """The rows that make up a table's totals: one per area, and those that name no area."""
    if table.has_setting_column():
        return _counted_by_type(table)
    nested = types_of(table)
    lines: list[Row] = []
    for position, row in enumerate(table.rows):
        if row.kind in ("area", "unknown"):
            # An area without figures of its own is the sum of its kinds of address.
            lines += nested[position] if position in nested and not row.has_figures else [row]
        elif is_placeless(table, row):
            lines.append(row)
    return lines


def _counted_by_type(table: Table) -> list[Row]:
    """Where each row names its kind of address: those rows, and "all" only for areas that have no others."""
    lines: list[Row] = []
    for rows in rows_by_area(table).values():
        parts = [row for row in rows if row.setting not in (None, ALL_SETTINGS)]
        lines += parts or rows
    return lines + [row for row in table.rows if row.kind == "unknown"]


def rows_by_area(table: Table) -> dict[tuple, list[Row]]:
    """Rows of figures by area and stated period; a blank key goes on with the area above."""
    stated = [column.at for column in table.columns if column.role in LONG_ROLES]
    found: dict[tuple, list[Row]] = {}
    area = None
    for row in table.rows:
        if row.kind == "area":
            area = row.area
        if row.kind in ("area", "type") and area:
            found.setdefault((area, *(row.cells[at].text for at in stated)), []).append(row)
    return found


def members(table: Table, row: Row) -> list[Row]:
    """The districts of a group line: 'E' holds E1 to E20, not EC1A; 'EC1' holds EC1A to EC1Y."""
    if row.area and row.area.level == table.level:
        inside = rf"{row.area.code}[A-Z]"
    elif row.postal_area:
        inside = rf"{row.postal_area}\d"
    else:
        return []
    return [other for other in table.rows if other.kind == "area" and re.match(inside, other.area.code)]


def find_part_sums(table: Table, read_cell: ReadCell) -> list[Row]:
    """Rows such as EC1 that only sum EC1A to EC1Y below them; made group lines, so that no visit is counted twice."""
    found = []
    for position, row in enumerate(table.rows):
        if row.kind != "area" or row.area.level != "district" or row.area.code in districts_in_use():
            continue
        parts = list(
            takewhile(
                lambda other, code=row.area.code: (
                    other.kind == "area" and re.fullmatch(rf"{code}[A-Z]", other.area.code)
                ),
                table.rows[position + 1 :],
            )
        )
        if parts and not table.has_setting_column() and _is_sum_of(table, row, parts, read_cell):
            row.kind = "group"
            found.append(row)
    return found


def _is_sum_of(table: Table, row: Row, parts: list[Row], read_cell: ReadCell) -> bool:
    try:
        return all(
            read_cell(row.cells[column.at])[end]
            == sum(read_cell(part.cells[column.at])[end] for part in parts)
            > 0
            for column in table.values()
            for end in (0, 1)
            if any(read_cell(cell.cells[column.at])[1] for cell in (row, *parts))
        ) and any(read_cell(row.cells[column.at])[1] for column in table.values())
    except NotAFigureError:
        return False


@dataclass
class _Reader:
    read_cell: ReadCell
    checks: Checks

    def check_across(self, table: Table) -> None:
        """The total at the end of each row."""
        for total in (column for column in table.columns if column.role == "total"):
            rows = [
                row
                for row in table.rows
                if row.kind in ("area", "type", "unknown", "area total") or _is_group(row)
            ]
            rows = [row for row in rows if row.cells[total.at].text]
            scopes = _scopes_across(table, total)
            scope = (
                max(scopes, key=lambda columns: self._matches_across(rows, total, columns)) if scopes else []
            )
            for row in rows if scope else []:
                label = (
                    f"the total of row {row.key.row}"
                    if not table.is_turned
                    else f"the total of column {row.key.letter}"
                )
                self._compare(label, row.cells[total.at], [row.cells[column.at] for column in scope])

    def _matches_across(self, rows: list[Row], total: Column, scope: list[Column]) -> int:
        return sum(
            self._agrees(row.cells[total.at], [row.cells[column.at] for column in scope]) for row in rows
        )

    def check_types(self, table: Table) -> None:
        """An area's row against its kinds of address."""
        for position, types in types_of(table).items():
            parent = table.rows[position]
            if not parent.has_figures or table.has_setting_column():
                continue
            for column in table.columns:
                if column.role in ("value", "total"):
                    label = f"the figure of {parent.area.code} for all kinds of address"
                    self._compare(label, parent.cells[column.at], [row.cells[column.at] for row in types])

    def check_all_rows(self, table: Table) -> None:
        """Where each row names its kind of address, the row for all of them."""
        for rows in rows_by_area(table).values():
            parts = [row for row in rows if row.setting not in (None, ALL_SETTINGS)]
            for whole in rows if parts else []:
                if whole.setting == ALL_SETTINGS:
                    self._check_line(table, whole, [[Line(table, part) for part in parts]])

    def check_down(self, table: Table, same_sheet: list[Table]) -> None:
        """Totals below or above the rows they sum."""
        for position, row in enumerate(table.rows):
            if row.kind == "area total":
                self._check_line(table, row, [_lines_of_area(table, position)])
            elif row.has_figures and (
                row.kind == "total" or (row.kind == "group" and (row.area or members(table, row)))
            ):
                self._check_line(table, row, _scopes_down(table, position, same_sheet))
        if starts_by_type(table):
            self._check_areas_of_types(table)
        else:
            self._check_type_totals(table)

    def _check_areas_of_types(self, table: Table) -> None:
        """A kind of address against the areas below it."""
        for position, row in enumerate(table.rows):
            if row.kind == "type" and row.has_figures:
                below = list(takewhile(lambda other: other.kind == "area", table.rows[position + 1 :]))
                self._check_line(table, row, [[Line(table, other) for other in below]])

    def _check_type_totals(self, table: Table) -> None:
        """Kinds of address summed up over all areas, below the grand total."""
        nested = {id(row) for types in types_of(table).values() for row in types}
        for row in table.rows:
            if row.kind == "type" and id(row) not in nested and nested:
                alike = [
                    Line(table, other)
                    for other in table.rows
                    if id(other) in nested and other.key.text == row.key.text
                ]
                self._check_line(table, row, [alike])

    def _check_line(self, table: Table, row: Row, scopes: list[list[Line]]) -> None:
        scopes = [scope for scope in scopes if scope]
        if not scopes:
            return
        columns = [
            column
            for column in table.columns
            if column.role in ("value", "total", "low", "high") and row.cells[column.at].text
        ]
        best = max(scopes, key=lambda scope: self._matches_down(row, columns, scope))
        for column in columns:
            label = f"the total of {_column_words(column)}" if not table.is_turned else "the total of its row"
            self._compare(label, row.cells[column.at], _parts(table, column, best))

    def _matches_down(self, row: Row, columns: list[Column], scope: list[Line]) -> int:
        return sum(
            self._agrees(row.cells[column.at], _parts(scope[0].table, column, scope)) for column in columns
        )

    def _compare(self, label: str, cell: Cell, parts: list[Cell]) -> None:
        try:
            self.checks.compare(label, cell, self.read_cell(cell), self._sum(parts))
        except NotAFigureError:
            self.checks.cannot(label, cell)

    def _agrees(self, cell: Cell, parts: list[Cell]) -> bool:
        try:
            stated, recomputed = self.read_cell(cell), self._sum(parts)
        except NotAFigureError:
            return False
        return stated[0] <= recomputed[1] and recomputed[0] <= stated[1]

    def _sum(self, cells: list[Cell]) -> Range:
        read = [self.read_cell(cell) for cell in cells]
        return sum(low for low, _ in read), sum(high for _, high in read)


def _parts(table: Table, column: Column, scope: list[Line]) -> list[Cell]:
    """The cells that a total in a column is made of."""
    cells = []
    for line in scope:
        if column.role == "total":
            columns = (
                _scopes_across(line.table, column)[0] if _scopes_across(line.table, column) else [column]
            )
        elif line.table is table:
            columns = [column]
        else:
            columns = [
                other for other in line.table.columns
                if (other.role, other.period, other.setting) == (column.role, column.period, column.setting)
            ]  # fmt: skip
        cells += [line.row.cells[other.at] for other in columns]
    return cells


def _scopes_across(table: Table, total: Column) -> list[list[Column]]:
    """The columns that a total column may sum: those of its period, or all, or those since the total before it."""
    values = [column for column in table.columns if column.role == "value" and column.at != total.at]
    if total.period:
        return [[column for column in values if column.period and total.period.holds(column.period)]]
    totals_before = [column.at for column in table.columns if column.role == "total" and column.at < total.at]
    since = [column for column in values if max(totals_before, default=-1) < column.at < total.at]
    return [scope for scope in (values, since) if scope]


def _scopes_down(table: Table, position: int, same_sheet: list[Table]) -> list[list[Line]]:
    """The rows that a total may sum, the likeliest first; the one that fits most of its figures is taken."""
    row = table.rows[position]
    counted = {id(other): other for other in counted_rows(table)}
    breaks = [
        at
        for at, other in enumerate(table.rows)
        if other.kind in ("total", "group", "heading") and at != position
    ]
    before = max((at for at in breaks if at < position and table.rows[at].kind != "heading"), default=-1)
    group_before = max((at for at in breaks if at < position), default=-1)
    after = min((at for at in breaks if at > position), default=len(table.rows))

    def lines(start: int, stop: int) -> list[Line]:
        return [Line(table, other) for other in table.rows[start:stop] if id(other) in counted]

    whole = lines(0, len(table.rows))
    own = [Line(table, other) for other in members(table, row)]
    sections = [lines(before + 1, position), lines(group_before + 1, position), lines(position + 1, after)]
    everywhere = [Line(other, each) for other in same_sheet for each in counted_rows(other)]
    if own:
        return [own, *sections]
    if row.area and row.area.level != table.level:  # a borough over its districts
        return [sections[2], sections[1]]
    period_rows = _rows_of_period(table, row, whole)
    is_last = not any(other.kind == "total" for other in table.rows[position + 1 :])
    says_whole = any(word in row.key.text.lower().split() for word in WHOLE_WORDS)
    if period_rows is not None:
        return [period_rows]
    ordered = [whole, *sections] if is_last or says_whole else [*sections, whole]
    return [*ordered, everywhere]


def _rows_of_period(table: Table, row: Row, whole: list[Line]) -> list[Line] | None:
    """In a table with a row per period, the rows of the total's own year; None where it names none."""
    stated = [
        column.at for column in table.columns if column.role in ("year", "part", "period", "start", "end")
    ]
    named = [at for at in stated if row.cells[at].text and not _is_word_of_total(row.cells[at].text)]
    if not stated:
        return None
    return [line for line in whole if all(line.row.cells[at].text == row.cells[at].text for at in named)]


def _is_word_of_total(text: str) -> bool:
    return text.lower() in ("all", "total", "all years")


def _is_group(row: Row) -> bool:
    return row.kind == "group" and row.has_figures


def is_placeless(table: Table, row: Row) -> bool:
    """Whether a row has figures for no area of the table's level: unknown places, or a postal area as a whole."""
    if row.kind == "group":
        return row.has_figures and not row.area and not members(table, row)
    return row.kind == "unknown"


def starts_by_type(table: Table) -> bool:
    """Whether kinds of address go before the areas: "Shops", then every district."""
    kinds = [
        row.kind
        for row in table.rows
        if row.kind in ("area", "type") or (row.kind == "heading" and row.setting)
    ]
    return bool(kinds) and kinds[0] != "area" and not table.has_setting_column()


def _lines_of_area(table: Table, position: int) -> list[Line]:
    """The rows that an area's own total, below them, sums."""
    code = table.rows[position].area.code
    lines: list[Line] = []
    for row in reversed(table.rows[:position]):
        if (row.kind == "area" and row.area.code != code) or row.kind not in ("area", "type"):
            break
        lines.append(Line(table, row))
        if row.kind == "area" and not table.has_setting_column():
            break
    types = [line for line in lines if line.row.kind == "type"]
    return types if types and not table.has_setting_column() else lines


def _column_words(column: Column) -> str:
    if column.role == "total":
        return "all its columns"
    return name_period(column.period) if column.period else "its column"


def _shown(figure: Range) -> int | str:
    return figure[0] if figure[0] == figure[1] else f"{figure[0]} to {figure[1]}"
