"""The table of a log in a sheet: its heading row, found by content, the rows below it, and those that are set aside."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import InputError
from data.files.sheet import MAX_CHARACTERS, Sheet, column_letters
from data.reading.answers import Column, Reject, RowProblems, as_array, empty_rows
from data.reading.headings import (
    COORDINATE_PAIRS,
    COUNT_HEADINGS,
    DATE_FIELDS,
    FORM_COLUMNS,
    FORM_TIMES,
    PLACE_FIELDS,
    STARTS,
    normalise,
)
from data.reading.numbers import PARSERS
from data.reading.times import DayTime, parse_time

# Banner lines above the headings; the longest met so far had six.
ROWS_SEARCHED = 60
# No clock time is longer.
LONGEST_TIME = 12
# Several columns may say something of the place ("street", "area"): they are read one after the other.
REPEATABLE_FIELDS = ("place",)
# Fields that give the same column of the schema.
SAME_COLUMN = {"duration_hours": "duration_minutes"}

NO_HEADINGS = (
    "No row of headings was found: a list of incidents needs a heading for the date (such as 'Date', 'Month' or 'Year') "
    "and one for the place (such as 'Postcode', 'District', 'Borough', 'Latitude' and 'Longitude' or 'Location'). "
    "Add the headings above the first row, or say which column is which."
)
NO_DATE = (
    "No heading for the date was recognised in row {row}; looked for 'Date', 'Month', 'Year' and the like. "
    "Rename the heading of the date, or say which column it is."
)
NO_PLACE = (
    "No heading for the place was recognised in row {row}; looked for 'Postcode', 'District', 'Borough', 'Latitude' and "
    "'Longitude', 'Location' and the like. Rename the heading of the place, or say which column it is."
)
CLASH = "Columns {first} and {second} both read as {field} in row {row}; rename the heading of one of them, or say which one to use."
COUNTS = (
    "Column {column} counts visits or incidents (its heading is in row {row}), so this is a table of totals and not a list "
    "of incidents, and it is not a return of the Home Office in a form that is understood. If each row is one incident, "
    "set this column to 'ignore'."
)

FieldOf = Callable[[str], str | None]


@dataclass(frozen=True)
class HeadingRow:
    """
    A row of headings.

    `position` counts from 0 within the sheet's columns, `number` is the row's number in the file; `fields` holds
    for each heading the field it is read as, or None.
    """

    position: int
    number: int
    headings: list[str]
    fields: list[str | None]

    def has_date(self) -> bool:
        """Whether a heading gives the date, or at least the year."""
        return any(field in self.fields for field in DATE_FIELDS)

    def has_place(self) -> bool:
        """Whether a heading, or a pair of them, gives the place."""
        return any(field in self.fields for field in PLACE_FIELDS) or any(
            first in self.fields and second in self.fields for first, second in COORDINATE_PAIRS
        )

    def recognised(self) -> int:
        """How many headings are read as a field."""
        return sum(field is not None for field in self.fields)

    def columns_of(self, field: str) -> list[int]:
        """Positions of the columns read as a field."""
        return [position for position, name in enumerate(self.fields) if name == field]


def _heading_rows(sheet: Sheet, field_of: FieldOf) -> list[HeadingRow]:
    cells = sheet.rows(0, ROWS_SEARCHED)
    return [
        HeadingRow(
            position,
            int(number),
            row,
            _fields(row, field_of, cells[position + 1 :]),
        )
        for position, (row, number) in enumerate(zip(cells, sheet.row_numbers, strict=False))
    ]


def _fields(headings: list[str], field_of: FieldOf, below: list[list[str]]) -> list[str | None]:
    """
    The field of each heading; of several dates not the one on which a form was filled in.

    "Start" and "From" above clock times give the time where another heading gives the date.
    """
    fields = [field_of(heading) if 0 < len(heading) <= MAX_CHARACTERS else None for heading in headings]
    names = [normalise(heading[:MAX_CHARACTERS]) for heading in headings]
    if fields.count("date") > 1 and not FORM_COLUMNS.isdisjoint(names):
        fields = [None if name in FORM_TIMES else field for name, field in zip(names, fields, strict=True)]
    for at, name in enumerate(names):
        # Asked first, or a wide sheet would be gone through once for each of its columns.
        if name not in STARTS or "time" in fields:
            continue
        has_date = any(field in DATE_FIELDS for other, field in enumerate(fields) if other != at)
        if has_date and _are_times(below, at):
            fields[at] = "time"
    return fields


def _are_times(rows: list[list[str]], at: int) -> bool:
    """Whether the filled cells of a column, among the rows looked at, are clock times for the most part."""
    texts = [row[at].strip() for row in rows if at < len(row) and row[at].strip()]
    return bool(texts) and sum(map(_is_clock_time, texts)) * 2 > len(texts)


def _is_clock_time(text: str) -> bool:
    return (len(text) <= LONGEST_TIME and ":" in text) or isinstance(
        parse_time(text[: LONGEST_TIME + 1]), DayTime
    )


def find_heading_row(sheet: Sheet, field_of: FieldOf) -> HeadingRow | None:
    """
    The row, below any banner, with the most recognised headings and both a date and a place; None without one.

    Headings in two rows, such as a 'Place' over 'Borough' and 'Postcode', are taken together: the lower one counts.
    """
    rows = _heading_rows(sheet, field_of)
    rows += [two for upper, lower in pairwise(rows) if (two := _in_two_rows(upper, lower))]
    complete = [row for row in rows if row.has_date() and row.has_place()]
    return max(complete, key=HeadingRow.recognised, default=None)


def _in_two_rows(upper: HeadingRow, lower: HeadingRow) -> HeadingRow | None:
    """Both rows as one of headings; None where the lower one is a row of its own, or of data."""
    is_filled = [bool(cell.strip()) for cell in lower.headings]
    is_data = any(
        filled and above and not below
        for filled, above, below in zip(is_filled, upper.fields, lower.fields, strict=True)
    )
    if is_data or sum(is_filled) < 2 or not lower.has_place():
        return None
    return HeadingRow(
        lower.position,
        lower.number,
        _overlaid(is_filled, lower.headings, upper.headings),
        _overlaid(is_filled, lower.fields, upper.fields),
    )


Cell = TypeVar("Cell")


def _overlaid(is_filled: list[bool], over: list[Cell], under: list[Cell]) -> list[Cell]:
    return [upper if filled else lower for filled, upper, lower in zip(is_filled, over, under, strict=True)]


def fullest_row(sheet: Sheet, field_of: FieldOf) -> HeadingRow:
    """The first of the rows with the most recognised headings, or, where there are none, the most filled cells."""
    rows = _heading_rows(sheet, field_of)
    return max(
        rows,
        key=lambda row: (row.recognised(), sum(bool(cell.strip()) for cell in row.headings)),
        default=HeadingRow(0, 1, [], []),
    )


def no_headings(sheets: list[Sheet], field_of: FieldOf) -> InputError:
    """What to say where no sheet has the headings of a list of incidents."""
    rows = [fullest_row(sheet, field_of) for sheet in sheets]
    best = max(rows, key=HeadingRow.recognised, default=None)
    if best is None or not (best.has_date() or best.has_place()):
        return InputError(NO_HEADINGS)
    return InputError((NO_PLACE if best.has_date() else NO_DATE).format(row=best.number))


def check_headings(row: HeadingRow, is_ignored: Callable[[str], bool] = lambda heading: False) -> None:
    """
    Refuse headings that cannot be read without guessing.

    Raises
    ------
    InputError
        Two headings read as one field, or a column counts incidents instead of describing one.
    """
    targets = [SAME_COLUMN.get(field, field) for field in row.fields]
    for field in dict.fromkeys(target for target in targets if target):
        positions = [position for position, target in enumerate(targets) if target == field]
        if len(positions) > 1 and field not in REPEATABLE_FIELDS:
            first, second = (column_letters(position) for position in positions[:2])
            raise InputError(
                CLASH.format(first=first, second=second, field=field.replace("_", " "), row=row.number)
            )
    for position, heading in enumerate(row.headings):
        if normalise(heading) in COUNT_HEADINGS and not is_ignored(heading):
            raise InputError(COUNTS.format(column=column_letters(position), row=row.number))


# The heading of what a set-aside file adds; importing it again ignores the column.
REASON = "reason"
# Of many rows that lost a value the first are named.
ROWS_NAMED = 8
MORE_CELLS = (
    "The row has more cells than there are headings; put text that holds the separator in quotation marks, or add the "
    "missing heading."
)


@dataclass(frozen=True)
class IncidentTable:
    """
    One sheet's rows below its headings, without blank ones.

    `ragged` holds the rows with more cells than headings, by number and cells; they are not in `cells`.
    """

    headings: HeadingRow
    cells: list[Column]
    row_numbers: np.ndarray
    ragged: list[tuple[int, list[str]]]

    @property
    def n_rows(self) -> int:
        """Rows in `cells`."""
        return len(self.row_numbers)

    def columns(self) -> dict[str, Column]:
        """Field -> its column; the first where several give it."""
        fields = dict.fromkeys(field for field in self.headings.fields if field)
        return {field: self.cells[self.headings.columns_of(field)[0]] for field in fields}

    def long_cells(self) -> list[tuple[str, np.ndarray]]:
        """The fields whose cells hold more than can be read, each with a mask of their rows."""
        found = [
            (field, np.asarray(pc.greater(pc.utf8_length(self.cells[at]), MAX_CHARACTERS)))
            for at, field in enumerate(self.headings.fields)
            if field
        ]
        return [(field, is_long) for field, is_long in found if is_long.any()]

    def without(self, is_left_out: np.ndarray) -> "IncidentTable":
        """The same rows, with empty cells in those of a mask."""
        mask = pa.array(is_left_out)
        return replace(self, cells=[pc.if_else(mask, "", cells) for cells in self.cells])

    def ignored_headings(self) -> list[str]:
        """Headings of the columns that nothing is read from."""
        named = zip(self.headings.headings, self.headings.fields, strict=True)
        return [heading for heading, field in named if field is None and heading.strip()]


def table_below(sheet: Sheet, headings: HeadingRow) -> IncidentTable:
    """The table under a row of headings."""
    below = headings.position + 1
    cells = [column.slice(below) for column in sheet.columns]
    row_numbers = sheet.row_numbers[below:]
    is_used = _used_rows(cells, headings)
    if not is_used.all():
        cells = [column.filter(pa.array(is_used)) for column in cells]
        row_numbers = row_numbers[is_used]
    cells = _filled_down(cells, headings, row_numbers, sheet.merged)
    ragged = zip(sheet.ragged_rows, sheet.ragged_cells, strict=True)
    return IncidentTable(
        headings, cells, row_numbers, [(number, row) for number, row in ragged if number > headings.number]
    )


def _filled_down(
    cells: list[Column], headings: HeadingRow, row_numbers: np.ndarray, merged: list[tuple[int, int, int]]
) -> list[Column]:
    """The columns with the text of a merged cell in each of its rows; a number stays one row's, or it would count twice."""
    texts: dict[int, np.ndarray] = {}
    last_filled = (-1, 0)
    for position, top, bottom in merged:
        field = headings.fields[position] if position < len(headings.fields) else None
        # Ranges that overlap are no spreadsheet's.
        if field is None or field in PARSERS or top <= headings.number or (position, top) <= last_filled:
            continue
        first, end = np.searchsorted(row_numbers, [top, bottom + 1])
        if end > first and row_numbers[first] == top:
            column = texts.setdefault(position, np.array(cells[position].to_pylist(), object))
            column[first:end] = column[first]
        last_filled = (position, bottom)
    return [
        pa.array(texts[position], pa.string()) if position in texts else column
        for position, column in enumerate(cells)
    ]


def _used_rows(cells: list[Column], headings: HeadingRow) -> np.ndarray:
    """Mask of the rows that hold something. A column is looked at only for rows that no column before it used."""
    is_used = np.zeros(len(cells[0]), bool)
    for position in sorted(range(len(cells)), key=lambda position: headings.fields[position] is None):
        unsure = np.flatnonzero(~is_used)
        if not len(unsure):
            break
        column = cells[position] if len(unsure) == len(is_used) else cells[position].take(pa.array(unsure))
        is_used[unsure] = ~empty_rows(column)
    return is_used


def list_rejects(table: IncidentTable, problems: RowProblems) -> list[Reject]:
    """One Reject for each row with a problem and each ragged row, in the file's order."""
    columns = {field: table.headings.columns_of(field) for field in table.headings.fields if field}
    letters = {field: column_letters(found[0]) for field, found in columns.items() if len(found) == 1}
    told = [
        (field, f"Column {letters[field]}: {reason}" if field in letters else reason)
        for field, reason in problems.kinds
    ]
    rows = np.flatnonzero(problems.rejected)
    numbers, kinds = table.row_numbers[rows].tolist(), problems.found[rows].tolist()
    rejects = [Reject(number, *told[kind]) for number, kind in zip(numbers, kinds, strict=True)]
    rejects += [Reject(number, "", MORE_CELLS) for number, _ in table.ragged]
    return sorted(rejects, key=lambda reject: reject.row) if table.ragged else rejects


def tell_lost(table: IncidentTable, lost: RowProblems, rejected: np.ndarray) -> list[str]:
    """
    A sentence for each reason why values were lost whose rows are kept: the column, what to do, and the first rows.

    Parameters
    ----------
    lost
        Whose problems cost a row one value, and not its place in the log.
    rejected
        Mask of the rows that are not kept; nothing is said of them.
    """
    told = []
    for kind, (field, reason) in enumerate(lost.kinds[1:], start=1):
        numbers = table.row_numbers[(lost.found == kind) & ~rejected].tolist()
        if numbers:
            found = table.headings.columns_of(field)
            where = f"Column {column_letters(found[0])}: " if len(found) == 1 else ""
            told.append(f"{where}{reason} Kept without it: {_row_list(numbers)}.")
    return told


def _row_list(numbers: list[int]) -> str:
    """
    Some rows by their numbers, the first few of many.

    >>> _row_list([4]), _row_list([4, 9]), _row_list(list(range(2, 14)))
    ('row 4', 'rows 4 and 9', 'rows 2, 3, 4, 5, 6, 7, 8, 9 and 4 more')
    """
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    shown = numbers[:ROWS_NAMED] if len(numbers) > ROWS_NAMED + 1 else numbers[:-1]
    last = f"{len(numbers) - len(shown):,} more" if len(numbers) - len(shown) > 1 else str(numbers[-1])
    return f"rows {', '.join(map(str, shown))} and {last}"


def set_aside(table: IncidentTable, problems: RowProblems, rejects: list[Reject]) -> pa.Table:
    """
    The rows of `rejects` as they were, under their own headings, with a last column 'reason'.

    Cells beyond the headings stand under empty ones. A 'reason' that an earlier import put last is replaced.
    """
    numbers = np.concatenate([table.row_numbers[problems.rejected], [number for number, _ in table.ragged]])
    order = pa.array(np.argsort(numbers, kind="stable"))
    headings = list(table.headings.headings)
    kept = len(headings) - (normalise(headings[-1]) == REASON)
    width = max([len(headings), *(len(row) for _, row in table.ragged)])
    positions = [*range(kept), *range(len(headings), width)]
    columns = [_cells(table, problems.rejected, position).take(order) for position in positions]
    names = [headings[position] if position < len(headings) else "" for position in positions]
    reasons = pa.array([reject.reason for reject in rejects], pa.string())
    return pa.Table.from_arrays([*columns, reasons], names=[*names, REASON])


def _cells(table: IncidentTable, is_rejected: np.ndarray, position: int) -> pa.Array:
    """One column of the rejected rows, then of the ragged ones."""
    if position < len(table.cells):
        usual = as_array(table.cells[position].filter(pa.array(is_rejected)))
    else:
        usual = pa.repeat(pa.scalar(""), int(is_rejected.sum()))
    surplus = pa.array([row[position] if position < len(row) else "" for _, row in table.ragged], pa.string())
    return pa.concat_arrays([usual, surplus])
