"""
Text into cells: UTF-8 bytes with any delimiter, line end and quoting into columns.

First how quotation marks part cells, then which delimiter and width a table has, then the reading: the text is cut at row ends into
chunks of a few megabytes, which Arrow parses, one chunk per core.
"""

import math
import os
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv

from data.errors import InputError
from data.files.sheet import MAX_COLUMNS, Sheet, build_sheet, too_many_columns

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


DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"  # for text whose lines do not split: a separator that no spreadsheet writes
MIN_ALIKE = 0.1  # of the lines; commas in prose split fewer of them alike


@dataclass(frozen=True)
class Layout:
    """The delimiter, the cells in the heading row (`width`) and in most rows (`usual_width`, never more)."""

    delimiter: str
    width: int
    usual_width: int


def find_layout(sample: bytes, is_whole: bool) -> Layout:
    """
    The layout of the text that begins with `sample`.

    Of the delimiters that split many lines alike it is the one that does so from the earliest line on, and of
    several the one that gives the most cells; where none does, each line is one cell. The heading row is taken to be
    the first row with as many cells as most rows have; banner lines above it have fewer.

    Raises
    ------
    InputError
        More than `MAX_COLUMNS` columns.
    """
    stated = re.match(rb"sep=([,;\t|])\r?\n", sample)
    candidates = [_splitting(sample, d, is_whole) for d in ((stated[1].decode(),) if stated else DELIMITERS)]
    most_alike = max(candidate.share_alike for candidate in candidates)
    if most_alike < MIN_ALIKE:
        return Layout(NO_DELIMITER, 1, 1)
    even = [candidate for candidate in candidates if candidate.share_alike >= 0.5 * most_alike]
    best = min(even, key=lambda one: (one.heading_row, -one.share_alike * math.log2(one.layout.usual_width)))
    if best.layout.width > MAX_COLUMNS:
        raise too_many_columns(best.layout.width)
    return best.layout


class _Splitting(NamedTuple):
    """What a delimiter makes of a text: how large a share of its rows have the usual width, and where they begin."""

    layout: Layout
    share_alike: float
    heading_row: int


def _splitting(sample: bytes, delimiter: str, is_whole: bool) -> _Splitting:
    rows = careful_rows(sample, delimiter)
    # The last row may be cut in two, unless it is the only one.
    widths = [len(row) for row in (rows if is_whole else rows[:-1] or rows)]
    several = Counter(width for width in widths if width > 1)
    if not several:
        return _Splitting(Layout(delimiter, 1, 1), 0.0, 0)
    usual_width, n_alike = several.most_common(1)[0]
    heading_row = next(row for row, width in enumerate(widths) if width >= usual_width)
    return _Splitting(Layout(delimiter, widths[heading_row], usual_width), n_alike / len(widths), heading_row)


CHUNK_BYTES = 4 << 20
MAX_CELLS = 300_000_000  # ten million rows of thirty columns
MAX_RAGGED = 100_000  # rows set aside one by one, which takes far more memory than the others do
SAMPLE_BYTES = 1 << 17


class NotUtf8Error(ValueError):
    """Some bytes are not UTF-8; `sample` holds them with what surrounds them."""

    def __init__(self, sample: bytes):
        super().__init__("not UTF-8")
        self.sample = sample


class _EndlessRowError(ValueError):
    """A row does not end within a chunk."""


@dataclass(frozen=True)
class _Part:
    """Consecutive rows: columns of those that fit, their positions from 0, and the rows with too many cells."""

    columns: list[pa.StringArray]
    positions: np.ndarray
    ragged: list[tuple[int, list[str]]]
    n_records: int


class _OddRow(NamedTuple):
    """A row that is wider or narrower than most: its position in the chunk, its number of cells, its text."""

    position: int
    n_cells: int
    text: str


@dataclass
class _Collected:
    """The parts so far, in order, with positions turned into row numbers."""

    parts: list[list[pa.StringArray]] = field(default_factory=list)
    row_numbers: list[np.ndarray] = field(default_factory=list)
    ragged: list[tuple[int, list[str]]] = field(default_factory=list)
    n_records: int = 0

    def add(self, part: _Part) -> None:
        first = self.n_records + 1
        self.parts.append(part.columns)
        self.row_numbers.append(part.positions + first)
        self.ragged += [(position + first, cells) for position, cells in part.ragged]
        self.n_records += part.n_records
        if len(self.ragged) > MAX_RAGGED:
            raise InputError(
                f"More than {MAX_RAGGED:,} rows, the last of them row {self.ragged[-1][0]:,}, have more cells than there "
                "are headings. Give every column a heading, or split the file where its columns change."
            )
        if self.n_records * max(len(part.columns), 1) > MAX_CELLS:
            raise InputError(
                f"The file has more than {self.n_records - 1:,} rows, over {MAX_CELLS:,} cells in all, "
                "which is more than can be read at once. Split it and import the pieces one after the other."
            )


def read_delimited(pieces: Iterable[bytes]) -> Sheet:
    """
    The one table in UTF-8 text.

    Parameters
    ----------
    pieces
        The text's bytes in order, without byte-order mark, cut anywhere.

    Raises
    ------
    InputError
        No row holds anything; too many columns or cells; a row that does not end.
    NotUtf8Error
        The bytes are not UTF-8 after all.
    """
    pieces = iter(pieces)
    head = b""
    while len(head) < SAMPLE_BYTES and (piece := next(pieces, None)) is not None:
        head += piece
    layout = find_layout(head[:SAMPLE_BYTES], is_whole=len(head) < SAMPLE_BYTES)
    collected = _parse(chain([head], pieces), layout)
    sheet = build_sheet(
        "", collected.parts, np.concatenate([np.empty(0, np.int64), *collected.row_numbers]), collected.ragged
    )
    if not sheet.n_rows and not sheet.ragged_rows:
        raise InputError(
            "The file is empty: it has only blank lines. Save the table again and import that file."
        )
    return sheet


def _parse(pieces: Iterable[bytes], layout: Layout) -> _Collected:
    """All rows, chunks in parallel, with never more than a few chunks of text in memory."""
    collected = _Collected()
    n_workers = os.cpu_count() or 1
    pending: deque[Future[_Part]] = deque()
    pool = ThreadPoolExecutor(n_workers)
    try:
        for chunk in _chunks(pieces, layout.delimiter):
            pending.append(pool.submit(_part, chunk, layout))
            while len(pending) > 2 * n_workers:
                collected.add(pending.popleft().result())
        while pending:
            collected.add(pending.popleft().result())
    except _EndlessRowError:
        for future in pending:
            collected.add(future.result())
        raise InputError(
            f"Row {collected.n_records + 1:,} goes on for millions of characters, so this is no table with one "
            "record a line. Save the table as CSV or XLSX and import that file."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
    return collected


def _chunks(pieces: Iterable[bytes], delimiter: str) -> Iterator[bytes]:
    """The text in chunks of whole rows, mended."""
    buffer = b""
    for piece in chain(pieces, [None]):
        is_last = piece is None
        buffer += piece or b""
        while buffer and (is_last or len(buffer) >= CHUNK_BYTES):
            chunk, end = mend(buffer, delimiter, is_last)
            if not end:
                raise _EndlessRowError
            yield chunk
            buffer = buffer[end:]


def _part(chunk: bytes, layout: Layout) -> _Part:
    """The rows of a chunk: those of the usual width as they come, the others put back in their places."""
    _require_utf8(chunk)
    usual, odd = _parse_alike(chunk, layout)
    is_odd = np.zeros(len(usual[0]) + len(odd), dtype=bool)
    is_odd[[row.position for row in odd]] = True
    if not odd:
        return _Part(_widened(usual, layout), np.flatnonzero(~is_odd), [], len(is_odd))

    short, short_positions = _filled(odd, layout)
    long, long_positions, ragged = _cut_off(odd, layout)
    blocks = [block for block in (_widened(usual, layout), _widened(short, layout), long) if block]
    positions = np.concatenate([np.flatnonzero(~is_odd), short_positions, long_positions]).astype(np.int64)
    order = np.argsort(positions)
    rows = pa.array(order)
    columns = [pa.concat_arrays(pieces).take(rows) for pieces in zip(*blocks, strict=True)]
    return _Part(columns, positions[order], ragged, len(is_odd))


def _parse_alike(text: bytes, layout: Layout) -> tuple[list[pa.StringArray], list[_OddRow]]:
    """The rows of the usual width (and blank ones) as columns, and the others."""
    odd: list[_OddRow] = []

    def set_aside(row: csv.InvalidRow) -> str:
        odd.append(_OddRow(row.number - 1, row.actual_columns, row.text))
        return "skip"

    names = [str(index) for index in range(layout.usual_width)]
    table = csv.read_csv(
        pa.BufferReader(text),
        # One block on this thread: only then does Arrow number the rows it hands to `set_aside`.
        csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=names),
        csv.ParseOptions(
            delimiter=layout.delimiter,
            newlines_in_values=True,
            ignore_empty_lines=False,
            invalid_row_handler=set_aside,
        ),
        csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )
    return [column.combine_chunks() for column in table.columns], odd


def _require_utf8(text: bytes) -> None:
    # Arrow could check this too, but not in the rows that it sets aside.
    try:
        text.isascii() or text.decode()
    except UnicodeDecodeError:
        raise NotUtf8Error(text) from None


def _filled(odd: list[_OddRow], layout: Layout) -> tuple[list[pa.StringArray], list[int]]:
    """The rows with fewer cells than usual as columns, and their positions."""
    short = [row for row in odd if row.n_cells < layout.usual_width]
    if not short:
        return [], []
    # Many rows may lack cells at their end; filled up, Arrow parses them too, much faster than Python would.
    texts = [row.text + layout.delimiter * (layout.usual_width - row.n_cells) for row in short]
    columns, _ = _parse_alike("\n".join(texts).encode(), layout)
    return columns, [row.position for row in short]


def _cut_off(
    odd: list[_OddRow], layout: Layout
) -> tuple[list[pa.StringArray], list[int], list[tuple[int, list[str]]]]:
    """The rows with more cells than usual as columns with their positions; and those that hold too many."""
    rows, positions, ragged = [], [], []
    for row in odd:
        if row.n_cells > layout.usual_width:
            cells, _ = row_at(row.text.encode(), 0, layout.delimiter)
            cells = [cell.decode() for cell in cells]
            used = _without_blank_end(cells)
            if len(used) > layout.width:
                ragged.append((row.position, used))
            else:
                rows.append((cells + [""] * layout.width)[: layout.width])
                positions.append(row.position)
    return [pa.array(column, pa.string()) for column in zip(*rows, strict=True)], positions, ragged


def _without_blank_end(cells: list[str]) -> list[str]:
    n_used = len(cells)
    while n_used and not cells[n_used - 1].strip():
        n_used -= 1
    return cells[:n_used]


def _widened(columns: list[pa.StringArray], layout: Layout) -> list[pa.StringArray]:
    """The same columns, and blank ones where the heading row is wider than most rows."""
    n_missing = layout.width - layout.usual_width
    return columns + [pa.repeat("", len(columns[0]))] * n_missing if columns else []
