"""What is wrong with which row: the first thing found, by field and reason; never what the row holds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.reading.distinct import Distinct, Problem


@dataclass(frozen=True)
class Reject:
    """A row that was set aside: its number in the file, the field at fault, and what to do about it."""

    row: int
    column: str
    reason: str


class RowProblems:
    """
    The first problem of every row of a table.

    `found` holds for each row a position in `kinds`, pairs of a field and a reason; 0 for a row without a problem.
    """

    def __init__(self, n_rows: int):
        self.found = np.zeros(n_rows, np.int32)
        self.kinds: list[tuple[str, str]] = [("", "")]

    def add(self, rows: np.ndarray, field: str, reason: str) -> None:
        """Note a problem for the rows of a mask that have none yet."""
        self._note(rows, np.full(len(rows), self._kind(field, reason), np.int32))

    def add_for_texts(self, cells: Distinct, field: str, problems: Sequence[Problem | None]) -> None:
        """Note the problems of a column's distinct texts for the rows that hold them."""
        if not any(problems):
            return
        kinds = [self._kind(field, problem.reason) if problem else 0 for problem in problems]
        of_rows = cells.spread(np.array(kinds, np.int32))
        self._note(of_rows != 0, of_rows)

    def _kind(self, field: str, reason: str) -> int:
        if (field, reason) not in self.kinds:
            self.kinds.append((field, reason))
        return self.kinds.index((field, reason))

    def _note(self, rows: np.ndarray, kinds: np.ndarray) -> None:
        np.copyto(self.found, kinds, where=rows & (self.found == 0))

    @property
    def rejected(self) -> np.ndarray:
        """Mask of the rows that cannot be used."""
        return self.found != 0

    def take_over(self, other: "RowProblems") -> None:
        """Note another's problems for the rows that have none yet."""
        kinds = np.array([0] + [self._kind(*kind) for kind in other.kinds[1:]], np.int32)
        self._note(other.rejected, kinds[other.found])
