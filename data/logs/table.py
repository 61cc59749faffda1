"""The rows of a sheet below its headings, and those of them that are set aside."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from data.files.sheet import Sheet, column_letters
from data.logs.columns import HeadingRow
from data.logs.report import Reject
from data.reading.distinct import Column, as_array, empty_rows
from data.reading.headings import normalise
from data.reading.problems import RowProblems

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
    ragged = zip(sheet.ragged_rows, sheet.ragged_cells, strict=True)
    return IncidentTable(
        headings, cells, row_numbers, [(number, row) for number, row in ragged if number > headings.number]
    )


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
