"""Columns as their distinct values: each value is understood once, however many rows hold it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Column = pa.Array | pa.ChunkedArray

# What people write for "not stated"; compared after lower-casing and trimming.
BLANKS = frozenset(
    (
        "",
        "-",
        "--",
        "---",
        "–",
        "—",
        "?",
        "??",
        "???",
        ".",
        "n/a",
        "na",
        "n.a.",
        "n/k",
        "nk",
        "none",
        "null",
        "nan",
        "tbc",
        "tba",
        "unknown",
        "not known",
        "not stated",
        "not given",
        "not recorded",
        "unspecified",
        "unclear",
        "unsure",
        "not sure",
        "don't know",
        "dont know",
        "no data",
        "no location",
        "#n/a",
    )
)


# No date, time or number is longer; a longer cell is prose, and patterns would search it for long.
LONGEST_VALUE = 80


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: empty, or a word such as 'n/a' or 'unknown'."""
    return text.strip().lower() in BLANKS


@dataclass(frozen=True)
class Problem:
    """Why a value cannot be used and what to do about it; never holds the value."""

    reason: str


@dataclass(frozen=True)
class Distinct:
    """A column as its distinct texts (trimmed) and, for each row, which of them it holds."""

    texts: Sequence[str]
    index: np.ndarray

    def spread(self, values: np.ndarray) -> np.ndarray:
        """One value per distinct text, given to every row that holds the text."""
        return values[self.index]

    def rows_per_text(self) -> np.ndarray:
        """How many rows hold each text."""
        return np.bincount(self.index, minlength=len(self.texts))


def as_array(column: Column) -> pa.Array:
    """A column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def distinct(column: Column) -> Distinct:
    """The distinct texts of a text column without nulls, in order of first appearance."""
    encoded = as_array(column.dictionary_encode())
    texts = pc.utf8_trim_whitespace(encoded.dictionary).to_pylist()
    return Distinct(texts, encoded.indices.to_numpy(zero_copy_only=False))


def empty_rows(column: Column) -> np.ndarray:
    """Mask of the rows whose cell is empty or nothing but spaces."""
    return np.asarray(pc.equal(pc.utf8_trim_whitespace(column), ""))
