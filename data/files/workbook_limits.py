"""How large a workbook may be, and what is said of one that is larger, locked or damaged."""

from data.errors import InputError
from data.files.sheet import MAX_COLUMNS, column_letters, too_many_columns

MAX_CELLS = 25_000_000  # rows times columns up to the last used cell, over all sheets

DAMAGED = "The workbook is damaged. Open it in the program that made it, save it again and import that file."
LOCKED = "The workbook is locked with a password. Remove the password, save it and import it again."


def too_large(why: str) -> InputError:
    """The error for a workbook that would take up more memory than any real table."""
    return InputError(
        f"The workbook is too large to read: {why}. Copy the table alone to a new workbook and import that."
    )


class CellCount:
    """Counts the cells of one sheet after the other, as a reader makes room for them."""

    def __init__(self) -> None:
        self._n_cells = 0

    def add(self, rows: int, columns: int) -> None:
        """
        Count a sheet whose used cells reach to this row and column.

        Raises
        ------
        InputError
            It has too many columns, or all sheets so far too many cells.
        """
        if columns > MAX_COLUMNS:
            raise too_many_columns(columns)
        self._n_cells += rows * columns
        if self._n_cells > MAX_CELLS:
            raise too_large(
                f"its used cells reach to row {rows:,} and column {column_letters(columns - 1)}; "
                "a stray cell far from the table may be the reason"
            )
