"""
Text into cells: UTF-8 bytes with any delimiter, line end and quoting into columns.

The text is cut at row ends into chunks of a few megabytes, which Arrow parses, one chunk per core.
"""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from pyarrow import csv

from data.errors import InputError
from data.files.layout import Layout, find_layout
from data.files.quoting import mend, row_at
from data.files.sheet import Sheet, build_sheet

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
