"""Every total that a return states, recomputed from its rows."""

from collections.abc import Callable
from dataclasses import dataclass, field

from data.importing.foi_coverage import name_period
from data.importing.foi_tables import Cell, Column, Row, Table
from data.importing.foi_words import NotAFigureError

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
                f"Row {cell.row}, column {cell.letter}: the return states {_shown(stated)} as {label}, "
                f"but the figures it is made of add up to {_shown(recomputed)}."
            )

    def cannot(self, label: str, cell: Cell) -> None:
        """Tell of a total that cannot be checked."""
        self.told.append(
            f"Row {cell.row}, column {cell.letter}: {label} could not be checked, "
            "since it or a figure it is made of cannot be read."
        )


def check_totals(tables: list[Table], read_cell: ReadCell) -> Checks:
    """Recompute the totals of all tables of one file: across, down, by kind of address, by group, and overall."""
    checks = Checks()
    reader = _Reader(read_cell, checks)
    for table in tables:
        reader.check_across(table)
        reader.check_types(table)
        reader.check_down(table, [other for other in tables if other.sheet == table.sheet])
    return checks


def types_of(table: Table) -> dict[int, list[Row]]:
    """Position of each area's row -> the rows of its kinds of address."""
    found: dict[int, list[Row]] = {}
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
    nested = types_of(table)
    lines: list[Row] = []
    for position, row in enumerate(table.rows):
        if row.kind in ("area", "unknown"):
            # An area without figures of its own is the sum of its kinds of address.
            lines += nested[position] if position in nested and not row.has_figures else [row]
        elif row.kind == "group" and row.has_figures and not _members(table, row):
            lines.append(row)
    return lines


def _members(table: Table, row: Row) -> list[Row]:
    """The districts of a postal area: 'E' holds E1 to E20, not EC1A."""
    return [
        other for other in table.rows
        if other.kind == "area" and row.postal_area and other.area.code.rstrip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
        and letters_of(other.area.code) == row.postal_area
    ]  # fmt: skip


def letters_of(district: str) -> str:
    """'EC' of EC1A."""
    return district[: next(at for at, sign in enumerate(district) if sign.isdigit())] if district[-2:] else ""


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
            if not parent.has_figures or _is_long(table):
                continue
            for column in table.columns:
                if column.role in ("value", "total"):
                    label = f"the figure of {parent.area.code} for all kinds of address"
                    self._compare(label, parent.cells[column.at], [row.cells[column.at] for row in types])

    def check_down(self, table: Table, same_sheet: list[Table]) -> None:
        """Totals below or above the rows they sum."""
        for position, row in enumerate(table.rows):
            if row.kind == "area total":
                own = [other for other in table.rows if other.kind == "type" and _precedes(table, other, row)]
                lines = [Line(table, other) for other in own] or [
                    Line(table, other)
                    for other in table.rows
                    if other.kind == "area" and other.area.code == row.area.code
                ]
                self._check_line(table, row, [lines])
            elif (row.kind == "total" and row.has_figures) or (_is_group(row) and _members(table, row)):
                self._check_line(table, row, _scopes_down(table, position, same_sheet))
        self._check_type_totals(table)

    def _check_type_totals(self, table: Table) -> None:
        """Kinds of address summed up over all areas, below the grand total."""
        if _starts_with_types(table):
            return
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
    members = [Line(table, other) for other in _members(table, row)]
    sections = [lines(before + 1, position), lines(group_before + 1, position), lines(position + 1, after)]
    everywhere = [Line(other, each) for other in same_sheet for each in counted_rows(other)]
    if members:
        return [members, *sections]
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


def _is_long(table: Table) -> bool:
    return any(
        column.role in ("year", "part", "period", "start", "end", "setting") for column in table.columns
    )


def _is_group(row: Row) -> bool:
    return row.kind == "group" and row.has_figures


def _starts_with_types(table: Table) -> bool:
    kinds = [row.kind for row in table.rows if row.kind in ("area", "type")]
    return bool(kinds) and kinds[0] == "type"


def _precedes(table: Table, row: Row, total: Row) -> bool:
    """Whether a kind of address stands between an area's total and the row above that begins the area."""
    end = table.rows.index(total)
    start = max(
        (at for at in range(end) if table.rows[at].kind in ("area", "area total", "total", "group")),
        default=-1,
    )
    return row in table.rows[start + 1 : end]


def _column_words(column: Column) -> str:
    if column.role == "total":
        return "all its columns"
    return name_period(column.period) if column.period else "its column"


def _shown(figure: Range) -> int | str:
    return figure[0] if figure[0] == figure[1] else f"{figure[0]} to {figure[1]}"
