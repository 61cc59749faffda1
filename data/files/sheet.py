"""A table as it stands in a file: every cell as text, nothing understood yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.errors import InputError

# What "'0630" begins with, straight or as a word processor bends it.
TEXT_MARKS = ("'", "’", "‘", "`", "´")
MAX_COLUMNS = 512  # the widest real table met so far has 142 columns
# Of a heading or a cell that is read. What many patterns look through takes them longer than its length grows, and no
# place, time or note of a return comes near; the longest note met so far has about 600.
MAX_CHARACTERS = 2_000


@dataclass(frozen=True)
class Sheet:
    """
    One sheet of a workbook, or the one table of a text file.

    Attributes
    ----------
    name
        The sheet's name, '' for a text file.
    columns
        All cells as text from column A on, '' for empty, no nulls, without the apostrophe before a cell by which a
        spreadsheet was told to keep it as text. Banner, heading and blank rows are
        rows like any other; short rows are filled up with ''. Blank rows after the last used one and blank
        columns right of the last used one are left out.
    row_numbers
        int64, as long as each column: the row's number, from 1, as a spreadsheet shows it. A cell
        with line breaks is still one row. Ascending, with gaps where `ragged_rows` were taken out.
    ragged_rows, ragged_cells
        Rows with something to the right of the heading row's last cell (an unquoted comma in an address, say):
        their numbers, and their cells. They are not in `columns`.
    merged
        Cells merged down a column: the column, counted from 0, and the first and last row by their numbers. Their text
        stands in the first.
    """

    name: str
    columns: list[pa.StringArray | pa.ChunkedArray]
    row_numbers: np.ndarray
    ragged_rows: list[int] = field(default_factory=list)
    ragged_cells: list[list[str]] = field(default_factory=list)
    merged: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def n_rows(self) -> int:
        """Rows in `columns`; ragged ones are not counted."""
        return len(self.row_numbers)

    @property
    def n_columns(self) -> int:
        """Columns, named or not."""
        return len(self.columns)

    def rows(self, start: int = 0, stop: int | None = None) -> list[list[str]]:
        """Rows `start` up to but not including `stop` (positions from 0, not row numbers), each a list of cells."""
        start, stop, _ = slice(start, stop).indices(self.n_rows)
        cells = [column.slice(start, max(stop - start, 0)).to_pylist() for column in self.columns]
        return [list(row) for row in zip(*cells, strict=True)]


def column_letters(index: int) -> str:
    """
    The spreadsheet's letters of a column counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(16383)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def too_many_columns(n_columns: int) -> InputError:
    """The error for a table of more than `MAX_COLUMNS` columns."""
    return InputError(
        f"The table has {n_columns:,} columns, to column {column_letters(n_columns - 1)}; at most {MAX_COLUMNS} can "
        "be read. Delete the columns that are not needed, or a stray cell far from the table, and import it again."
    )


def refuse_long_cells(rows: Iterable[tuple[int, Sequence[str]]], sheet: int = 0) -> None:
    """
    Refuse cells that are longer than anything that is read from them.

    Parameters
    ----------
    rows
        Numbers of rows, each with its cells from column A on.
    sheet
        Its number, from 1; 0 for the only one.

    Raises
    ------
    InputError
        A cell has more than `MAX_CHARACTERS` characters.
    """
    for number, cells in rows:
        for position, cell in enumerate(cells):
            if len(cell) > MAX_CHARACTERS:
                place = f"Sheet {sheet}, row" if sheet else "Row"
                raise InputError(
                    f"{place} {number}, column {column_letters(position)} holds {len(cell):,} characters; at most "
                    f"{MAX_CHARACTERS:,} can be read. Shorten it or empty it, and import the file again."
                )


def build_sheet(
    name: str,
    parts: list[list[pa.StringArray]],
    row_numbers: np.ndarray,
    ragged: list[tuple[int, list[str]]],
    merged: list[tuple[int, int, int]] | None = None,
) -> Sheet:
    """A Sheet from its parts (each a list of equally many columns), without the blank rows and columns at its end."""
    columns = [
        _without_text_marks(pa.chunked_array(pieces, pa.string())) for pieces in zip(*parts, strict=True)
    ]
    while columns and not pc.any(_is_used(columns[-1])).as_py():
        columns.pop()
    n_rows = _last_used_row(columns)
    return Sheet(
        name,
        [column.slice(0, n_rows) for column in columns],
        row_numbers[:n_rows],
        [number for number, _ in ragged],
        [cells for _, cells in ragged],
        merged or [],
    )


def _without_text_marks(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column without apostrophes before its cells; few columns have one, so that is looked for first."""
    if not any(pc.any(pc.starts_with(column, mark)).as_py() for mark in TEXT_MARKS):
        return column
    return pc.replace_substring_regex(column, f"^[{''.join(TEXT_MARKS)}]+", "")


def _is_used(column: pa.StringArray | pa.ChunkedArray) -> pa.BooleanArray | pa.ChunkedArray:
    return pc.greater(pc.binary_length(pc.utf8_trim_whitespace(column)), 0)


def _last_used_row(columns: list[pa.ChunkedArray]) -> int:
    """How many rows there are up to the last one that holds something."""
    if not columns:
        return 0
    n_rows = len(columns[0])
    step = 1
    # Most tables end with a used row; only those that do not are looked at further and further up.
    while n_rows:
        start = max(0, n_rows - step)
        used = np.zeros(n_rows - start, dtype=bool)
        for column in columns:
            used |= _is_used(column.slice(start, n_rows - start)).to_numpy()
        if used.any():
            return start + int(np.flatnonzero(used)[-1]) + 1
        n_rows = start
        step *= 8
    return 0
