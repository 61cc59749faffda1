"""
Quotation marks in text tables: where a row ends, which cells it has, and which marks are mere text.

A program that writes a cell in quotation marks doubles the marks inside; a person who types a mark does not.
Readers of tables take any mark at the start of a cell for an opening one, and run a row with a stray mark into
those that follow. So stray marks are found here first, and their rows written anew.
"""

import re
from functools import cache

import numpy as np

MAX_QUOTED_BYTES = 1 << 20  # for scale: a spreadsheet's cell ends at 32,767 characters


def careful_rows(text: bytes, delimiter: str) -> list[list[bytes]]:
    """
    The rows of a text, by a rule that holds for any text.

    A quotation mark opens a quoted cell when it is the first thing in the cell (blanks aside) and a mark
    that is not doubled closes it right before a delimiter or line end (blanks aside), with no
    `MAX_QUOTED_BYTES` between two marks. Every other mark is text.
    """
    rows, at = [], 0
    while at < len(text):
        row, at = row_at(text, at, delimiter)
        rows.append(row)
    return rows


def row_at(text: bytes, at: int, delimiter: str) -> tuple[list[bytes], int]:
    """The cells of the row that begins `at`, and where it ends."""
    line = _LINE.match(text, at)
    if b'"' not in line[1]:
        return line[1].split(delimiter.encode()), line.end()
    pattern = _cell_pattern(delimiter)
    row = []
    while True:
        cell = pattern.match(text, at)
        quoted, plain, ending = cell.groups()
        row.append(plain if quoted is None else quoted.replace(b'""', b'"'))
        at = cell.end()
        if ending != delimiter.encode():
            return row, at


_LINE = re.compile(rb"([^\r\n]*+)(?:\r\n|\r|\n|\Z)")


@cache
def _cell_pattern(delimiter: str) -> re.Pattern:
    """A cell, quoted or plain, with what ends it."""
    delimiter = re.escape(delimiter)
    end = rf"{delimiter}|\r\n|\r|\n|\Z"
    run = rf'[^"]{{0,{MAX_QUOTED_BYTES - 1}}}+'
    return re.compile(rf'(?: *"({run}(?:""{run})*+)" *(?={end})|([^{delimiter}\r\n]*+))({end})'.encode())


def mend(text: bytes, delimiter: str, is_last: bool) -> tuple[bytes, int]:
    """
    The whole rows of a text with all quotation marks in their places, and how many bytes they took up before.

    Counted from 0 within a row, marks with an even number open a quoted cell: before them must be the cell's start, or
    the mark just before (then the two are a doubled one). Marks with an odd number close it, and likewise with
    what follows. Rows in which a mark breaks this are written anew; all others stay as they are.
    """
    if b'"' not in text:
        end = len(text) if is_last else _last_row_end(text, np.empty(0, np.int64))
        return text[:end], end
    codes = np.frombuffer(text, np.uint8)
    marks = np.flatnonzero(codes == ord('"'))
    misplaced = _misplaced(codes, marks, delimiter)
    latest_end = len(text) if is_last else len(text) - MAX_QUOTED_BYTES
    pieces, at = [], 0
    while at < latest_end:
        first = int(np.searchsorted(marks, at))
        # Whether a mark should open or close depends on how many there are before it, from this row on.
        candidates = misplaced[first % 2]
        bad = int(np.searchsorted(candidates, first))
        if bad == len(candidates):
            end = len(text) if is_last else at + _last_row_end(text[at:], marks[first:] - at)
            pieces.append(text[at:end])
            return b"".join(pieces), end
        # The row may begin in front of a cell whose closing mark is the misplaced one.
        start = at + _last_row_end(
            text[at : marks[candidates[bad]] + 1], marks[first : candidates[bad] + 1] - at
        )
        row, end = row_at(text, start, delimiter)
        pieces.append(text[at:start])
        if end > latest_end:
            return b"".join(pieces), start
        # An empty row stays visible: its bare line feed would join a carriage return before it into one line end.
        pieces.append((delimiter.encode().join(map(_quoted, row)) or b'""') + b"\n")
        at = end
    return b"".join(pieces), at


def _misplaced(codes: np.ndarray, marks: np.ndarray, delimiter: str) -> tuple[np.ndarray, np.ndarray]:
    """Which marks are out of place if those with even numbers open, and which if those with odd numbers do."""
    is_edge = np.zeros(256, dtype=bool)
    is_edge[[ord(delimiter), ord("\n"), ord("\r")]] = True
    gaps = np.diff(marks)
    opens = is_edge[codes[marks - 1]] | (marks == 0)
    opens[1:] |= gaps == 1
    # Nothing closes what the last mark opens; and a gap too long for a cell is no cell.
    opens &= np.append(gaps <= MAX_QUOTED_BYTES, False)
    closes = is_edge[codes[np.minimum(marks + 1, len(codes) - 1)]] | (marks == len(codes) - 1)
    closes[:-1] |= gaps == 1
    is_even = np.arange(len(marks)) % 2 == 0
    return np.flatnonzero(~np.where(is_even, opens, closes)), np.flatnonzero(
        ~np.where(is_even, closes, opens)
    )


def _last_row_end(text: bytes, marks: np.ndarray) -> int:
    """After the last line end outside quotation marks; 0 when there is none."""
    end = len(text)
    while end > 0:
        # A carriage return at the very end may be half of a CRLF.
        end = max(text.rfind(b"\n", 0, end), text.rfind(b"\r", 0, min(end, len(text) - 1))) + 1
        n_before = int(np.searchsorted(marks, end))
        if n_before % 2 == 0:
            return end
        end = int(marks[n_before - 1])
    return 0


def _quoted(cell: bytes) -> bytes:
    return b'"' + cell.replace(b'"', b'""') + b'"' if cell else cell
