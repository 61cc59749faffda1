"""Every total that a return states, recomputed from its rows."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from data.reading.headings import normalise
from data.reading.periods import read_period
from data.returns.cells import Area, NotAFigureError, districts_in_use, is_total, read_setting, tidy
from data.returns.grid import Cell, row_words
from data.returns.notes import name_period
from data.returns.tables import LONG_ROLES, Column, Row, Table
from data.schema import ALL_SETTINGS

Range = tuple[int, int]
Place = tuple[int, int, int]  # sheet, row, column
ReadCell = Callable[[Cell], Range]

FIGURE_ROLES = ("value", "total", "low", "high")
# More rows than these under labels that nobody knows are no totals; each is compared with the whole table.
MOST_LABELS = 50
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
    # Cells that may stand twice, each with the totals that it is a part of: as stated, and what their parts allow.
    parts_of: dict[Place, list[tuple[Range, dict[Place, Range]]]] = field(default_factory=dict)

    def needs_all(self, cells: list[Cell]) -> bool | None:
        """Whether a total that is made of some cells matches only with all of them; None where none tells."""
        places = {place_of(cell) for cell in cells}
        needed = None
        for stated, parts in self.parts_of[place_of(cells[0])]:
            if places <= parts.keys():
                if not _meet(stated, _sum(parts.values())):
                    return False
                without = (_sum(part for at, part in parts.items() if at != place) for place in places)
                needed = needed or (True if not any(_meet(stated, rest) for rest in without) else None)
        return needed

    def compare(self, label: str, cell: Cell, stated: Range, parts: dict[Place, Range]) -> None:
        """Add one comparison; ranges match where they meet."""
        for place in self.parts_of.keys() & parts.keys():
            self.parts_of[place].append((stated, parts))
        recomputed = _sum(parts.values())
        matches = _meet(stated, recomputed)
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


def check_totals(tables: list[Table], read_cell: ReadCell, watched: Iterable[Cell] = ()) -> Checks:
    """
    Recompute the totals of all tables of one file: across, down, by kind of address, by group, and overall.

    The totals that cells `watched` are part of are kept, to ask `Checks.needs_all`.
    """
    checks = Checks(parts_of={place_of(cell): [] for cell in watched})
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
    stated = _stated(table)
    found: dict[tuple, list[Row]] = {}
    area = None
    for row in table.rows:
        if row.kind == "area":
            area = row.area
        if row.kind == "area":
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


def place_loose_rows(table: Table, read_cell: ReadCell) -> list[str]:
    """
    Settle rows whose place is left empty: they go on with the area above, or sum up areas, or name no place at all.

    In a table that names its area in each row, an empty place is never the area's above; figures decide the rest.

    Returns
    -------
    told
        Sentences for the person on rows that were understood by what stands around them.
    """
    reader = _Reader(read_cell, Checks())
    stretches = _stretches(table)
    sums = reader.take_unknown_as_totals(table, stretches)
    n_blank = sum(len(keyed) == 1 and any(row.kind == "loose" for row in loose) for keyed, loose in stretches)
    n_repeated = sum(len(keyed) > 1 for keyed, _ in stretches)
    going_on: set[int] = set()
    for keyed, loose in stretches if n_blank > n_repeated else []:
        parts = list(takewhile(lambda row: row.kind == "loose", loose))
        is_last = len(stretches) > 1 and keyed is stretches[-1][0]
        own = parts[: reader.first_type_total(table, keyed[0].area, parts)] if is_last else parts
        for row in own:
            row.kind, row.area = "area", keyed[0].area
        keyed += own
        going_on |= {row.key.row for row in own}
    reader.place_totals(table, stretches)
    left = [row for row in table.rows if row.kind == "loose"]
    for row in left:
        alike = _rows_alike(table, row) if len(left) <= MOST_LABELS else []
        row.kind = "total" if alike and reader.fits(table, row, alike) else "unknown"
    filled = {row.key.row for row in table.rows if row.is_filled}
    return _told_of_loose(going_on, filled, sums | reader.take_as_totals(table))


def _told_of_loose(going_on: set[int], filled: set[int], totals: set[int]) -> list[str]:
    told = []
    if filled:
        told.append(
            f"Kinds of address or periods that {row_words(filled)} leave{'s' * (len(filled) == 1)} empty were taken from the "
            "rows above."
        )
    if going_on:
        name, go, them = ("names", "goes", "it") if len(going_on) == 1 else ("name", "go", "them")
        told.append(
            f"{row_words(going_on).capitalize()} {name} no place and {go} on with the place above {them}. "
            "Write the place in every row if that is wrong."
        )
    if totals:
        is_one = len(totals) == 1
        told.append(
            f"{row_words(totals).capitalize()} {'has' if is_one else 'have'} a label that is not known, and "
            f"{'holds' if is_one else 'hold'} the sums of other rows; {'it was' if is_one else 'they were'} checked as "
            "totals and not counted."
        )
    return told


def _stretches(table: Table) -> list[tuple[list[Row], list[Row]]]:
    """For each area the rows that name it and the rows without a place below them; at the ends those below no area."""
    found: list[tuple[list[Row], list[Row]]] = []
    is_open = False
    for row in table.rows:
        if row.kind == "area":
            if not is_open or found[-1][0][0].area != row.area or found[-1][1]:
                found.append(([], []))
            found[-1][0].append(row)
            is_open = True
        elif row.kind in ("loose", "loose total"):
            if is_open:
                found[-1][1].append(row)
        else:
            is_open = False
    return found


def _names_of(table: Table, row: Row) -> tuple[str, ...]:
    """The kind of address and the period of a row, as written."""
    return row.type_text, *(row.cells[at].text for at in _stated(table))


def _stated(table: Table) -> list[int]:
    return [column.at for column in table.columns if column.role in LONG_ROLES]


def _rows_alike(table: Table, row: Row) -> list[Row]:
    """The rows of areas that share a total row's kind of address and its period, so far as it names them."""
    kind = normalise(row.type_text)
    rows = [other for other in table.rows if other.kind == "area" and other is not row]
    if kind:
        rows = [other for other in rows if normalise(other.type_text) == kind]
    elif table.has_setting_column():
        rows = [other for other in _counted_by_type(table) if other.kind == "area"]
    return _of_period(table, row, rows)


def _of_period(table: Table, row: Row, rows: list[Row]) -> list[Row]:
    """Of some rows those of a total row's own period, where it names one."""
    named = {at: _without_total(row.cells[at].text) for at in _stated(table)}
    named = {at: text for at, text in named.items() if text}
    return [
        other for other in rows if all(other.cells[at].text == text for at, text in named.items())
    ] or rows


def _without_total(text: str) -> str:
    rest = tidy(_TOTAL_AROUND.sub(" ", text))
    return "" if is_total(text) and not read_period(rest) else rest


_TOTAL_AROUND = re.compile(r"\b(?:grand|sub-?)?\s*totals?\b|\ball\b|\bfor\b|:", re.IGNORECASE)


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

    def fits(self, table: Table, row: Row, parts: list[Row]) -> bool:
        """Whether a row states the sums of some others, and not all of them are nothing."""
        cells = [(column, row.cells[column.at]) for column in table.columns if column.role in FIGURE_ROLES]
        cells = [(column, cell) for column, cell in cells if cell.text]
        lines = [Line(table, part) for part in parts]
        try:
            is_some = any(self.read_cell(cell)[1] for _, cell in cells)
        except NotAFigureError:
            return False
        return (
            bool(parts)
            and is_some
            and all(self._agrees(cell, _parts(table, column, lines)) for column, cell in cells)
        )

    def first_type_total(self, table: Table, area: Area, parts: list[Row]) -> int:
        """Where, of rows without a place, those begin that give each kind of address or period summed up over all areas."""
        rows = [row for row in table.rows if row.kind == "area"]
        n_names = len({_names_of(table, row) for row in (*rows, *parts)})
        start = len(parts) - n_names
        if start < 0 or n_names < 2 or len({_names_of(table, row) for row in parts[start:]}) < n_names:
            return len(parts)
        for row in parts[:start]:
            row.kind, row.area = "area", area
        is_sum = all(self.fits(table, row, _rows_alike(table, row)) for row in parts[start:])
        for row in parts[:start]:
            row.kind, row.area = "loose", None
        return start if is_sum else len(parts)

    def take_unknown_as_totals(self, table: Table, stretches: list[tuple[list[Row], list[Row]]]) -> set[int]:
        """Rows of a kind of address that nobody knows which hold the sums of their area's others, or of all; their numbers."""
        found = set()
        for keyed, loose in stretches:
            for row in [row for row in (*keyed, *loose) if row.is_unknown_type]:
                others = [
                    other for other in (*keyed, *loose) if other is not row and not other.is_unknown_type
                ]
                wholes = [others]
                if row.kind == "loose" and keyed is stretches[-1][0]:
                    rows = (other for other in table.rows if other.kind in ("area", "loose"))
                    wholes.append([other for other in rows if not other.is_unknown_type])
                if any(
                    len(whole) > 1 and self.fits(table, row, _of_period(table, row, whole))
                    for whole in wholes
                ):
                    row.kind = "loose total" if row.kind == "loose" else "area total"
                    row.is_unknown_type, row.type_text = False, ""
                    found.add(row.key.row)
        return found

    def place_totals(self, table: Table, stretches: list[tuple[list[Row], list[Row]]]) -> None:
        """Settle rows that are labelled as totals beside an empty place: of the area above them, or of several."""
        fitting = {
            id(row): self.fits(table, row, _of_period(table, row, _parts_of_area(keyed)))
            for keyed, loose in stretches
            for row in loose
            if row.kind == "loose total"
        }
        is_usual = sum(fitting.values()) > 1
        for keyed, loose in stretches:
            for number, row in enumerate(row for row in loose if row.kind == "loose total"):
                is_likely = fitting[id(row)] or (is_usual and not number)
                is_sure = fitting[id(row)] and (is_usual or len(stretches) == 1)
                if is_sure or (is_likely and not self.fits(table, row, _rows_alike(table, row))):
                    row.kind, row.area = "area total", keyed[0].area
        for row in table.rows:
            if row.kind == "loose total":
                row.kind = "total"

    def take_as_totals(self, table: Table) -> set[int]:
        """Rows under no known place that hold the sums of all others, made totals; their numbers."""
        found = set()
        rows = [row for row in table.rows if row.kind == "unknown" and row.has_figures]
        rows = [row for row in rows if read_setting(row.key.text) is None]
        for row in rows if len(rows) <= MOST_LABELS else []:
            if row.is_unknown_type:
                row.type_text = ""
            others = _rows_alike(table, row) if row.type_text else counted_rows(table)
            others = _of_period(table, row, [other for other in others if other is not row])
            if len(others) > 1 and self.fits(table, row, others):
                row.kind = "total"
                found.add(row.key.row)
        return found

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
            column for column in table.columns if column.role in FIGURE_ROLES and row.cells[column.at].text
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
            read = {place_of(part): self.read_cell(part) for part in parts}
            self.checks.compare(label, cell, self.read_cell(cell), read)
        except NotAFigureError:
            self.checks.cannot(label, cell)

    def _agrees(self, cell: Cell, parts: list[Cell]) -> bool:
        try:
            return _meet(self.read_cell(cell), _sum(map(self.read_cell, parts)))
        except NotAFigureError:
            return False


def place_of(cell: Cell) -> Place:
    """Sheet, row and column of a cell."""
    return cell.sheet, cell.row, cell.column


def _sum(ranges: Iterable[Range]) -> Range:
    ranges = list(ranges)
    return sum(low for low, _ in ranges), sum(high for _, high in ranges)


def _meet(one: Range, other: Range) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


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
    if row.type_text:
        return [[Line(table, other) for other in _rows_alike(table, row)]]
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
    if not _stated(table):
        return None
    own = {id(other) for other in _of_period(table, row, [line.row for line in whole])}
    return [line for line in whole if id(line.row) in own]


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
        if row.kind == "area" and not table.has_setting_column() and not _stated(table):
            break
    types = [line for line in lines if line.row.kind == "type"]
    rows = [line.row for line in types or lines]
    return [Line(table, row) for row in _of_period(table, table.rows[position], _parts_of_area(rows))]


def _parts_of_area(rows: list[Row]) -> list[Row]:
    """Of an area's rows those that make up its total: its kinds of address, or where it names none, all."""
    return [row for row in rows if row.setting not in (None, ALL_SETTINGS)] or rows


def _column_words(column: Column) -> str:
    if column.role == "total":
        return "all its columns"
    return name_period(column.period) if column.period else "its column"


def _shown(figure: Range) -> int | str:
    return figure[0] if figure[0] == figure[1] else f"{figure[0]} to {figure[1]}"
