"""Cells as people leave them: blanks, yes and no, each distinct value read once, and what is wrong with which row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.reading.headings import normalise
from data.reading.lists import read_lists

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


# "arrest?" asks; it reads as its word only where a mapping says so.
DOUBT = "?"
_TICKS = {"✓": "yes", "✔": "yes", "☑": "yes", "✅": "yes", "✗": "no", "✘": "no", "☒": "no", "❌": "no"}
# Words that answer, and behind which more may stand; a yes needs no sign between, a no does: "no idea" is none.
_LED = re.compile(
    r"(?:(?P<yes>yes|yeah|yep|yup|y|true)(?:\b|(?=[-,:;(]))\s*[-–—,:;.(/]*|(?P<no>no|nope|n|none|false)\s*[-–—,:;.(]+)\s*(?P<detail>.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOT_SURE = re.compile(
    r"\b(?:not sure|unsure|don'?t know|dunno|think|maybe|perhaps|possibly|probably|unclear|unconfirmed|no idea|not certain"
    r"|can'?t (?:say|remember|tell)|unknown|not confirmed|apparently|reportedly|allegedly)\b|\?"
    r"|\byes\W+(?:(?:and|or)\W+)?no\b|\bno\W+(?:(?:and|or)\W+)?yes\b",
    re.IGNORECASE,
)
_BOTH = re.compile(r"^(?:or|and|/)?\s*(?:no|yes|n|y)\b", re.IGNORECASE)
_WORD_OF = {
    normalise(word): value
    for kind in ("words", "names")
    for value, words in read_lists(kind)["answer"].items()
    for word in (value, *words)
}
# The longest answer that is looked through; whatever is longer is prose.
LONGEST_ANSWER = 300


def untick(text: str) -> str:
    """A tick or a cross as the word for it."""
    return _TICKS.get(text.strip(), text)


def is_in_doubt(text: str) -> bool:
    """Whether an answer says itself that it is not certain."""
    return bool(_NOT_SURE.search(text))


def split_answer(text: str) -> tuple[str | None, str]:
    """
    'yes' or 'no', and what is added to it; None and '' where it is no clear answer.

    >>> split_answer("Yes - 2 vans"), split_answer("X"), split_answer("yes?"), split_answer("no idea")
    (('yes', '2 vans'), ('yes', ''), (None, ''), (None, ''))
    """
    plain = " ".join(untick(text).split())
    if len(plain) > LONGEST_ANSWER or is_in_doubt(plain):
        return None, ""
    if answer := _WORD_OF.get(normalise(plain)):
        return answer, ""
    led = _LED.match(plain)
    if not led or _BOTH.match(led["detail"]):
        return None, ""
    return "yes" if led["yes"] else "no", led["detail"].strip(" ()")


def says_taken(detained: np.ndarray, released: np.ndarray, is_said: np.ndarray | bool = False) -> np.ndarray:
    """
    Where people were detained, and not all of them let go again.

    Parameters
    ----------
    detained, released
        Persons; 0 where it is not stated.
    is_said
        Where it is said that people were detained, but not how many.
    """
    return ((detained > 0) & (released < detained)) | (
        np.asarray(is_said) & (detained == 0) & (released == 0)
    )


def says_none_taken(
    detained: np.ndarray, is_stated: np.ndarray, released: np.ndarray, has_response: np.ndarray
) -> np.ndarray:
    """Where nobody was detained, and nothing tells of people who may have prevented it."""
    return is_stated & (detained == 0) & (released == 0) & ~has_response
