"""
Text into cells: UTF-8 bytes with any delimiter, line end and quoting into columns.

The text is cut at row ends into chunks of a few megabytes. A chunk whose quotation marks all open and close
where they should goes through Arrow, one chunk per core; any other goes through `careful_rows`, which takes a
mark that closes nothing for a plain character. Both give the same rows for the same text (tested), so the
result does not show which one was used.
"""

import math
import os
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from data.errors import InputError
from data.importing.sheet import MAX_COLUMNS, Sheet, build_sheet, too_many_columns

CHUNK_BYTES = 4 << 20
MAX_QUOTED_BYTES = 1 << 20  # for scale: a spreadsheet's cell ends at 32,767 characters
MAX_CELLS = 300_000_000  # ten million rows of thirty columns
SAMPLE_BYTES = 1 << 17
DELIMITERS = (",", ";", "\t", "|")


class NotUtf8Error(ValueError):
    """Some bytes are not UTF-8; `sample` holds them with what surrounds them."""

    def __init__(self, sample: bytes):
        super().__init__("not UTF-8")
        self.sample = sample


class _EndlessRowError(ValueError):
    """A row does not end within a chunk."""


@dataclass(frozen=True)
class Layout:
    """The delimiter, the number of cells in the heading row (`width`) and in most rows (`usual_width`)."""

    delimiter: str
    width: int
    usual_width: int


@dataclass(frozen=True)
class _Part:
    """Consecutive rows: columns of those that fit, their positions from 0, and the rows with too many cells."""

    columns: list[pa.StringArray]
    positions: np.ndarray
    ragged: list[tuple[int, list[str]]]
    n_records: int


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


def find_layout(sample: bytes, is_whole: bool) -> Layout:
    """
    The layout of the text that begins with `sample`.

    The delimiter is the one that splits the most lines alike into the most cells. The heading row is taken
    to be the first row with as many cells as most rows have; banner lines above it have fewer.

    Raises
    ------
    InputError
        More than `MAX_COLUMNS` columns.
    """
    stated = re.match(rb"sep=([,;\t|])\r?\n", sample)
    delimiters = (stated[1].decode(),) if stated else DELIMITERS
    widths = {delimiter: _widths(sample, delimiter, is_whole) for delimiter in delimiters}
    delimiter = max(delimiters, key=lambda each: _evenness(widths[each]))
    several = [width for width in widths[delimiter] if width > 1]
    if not several:
        return Layout(delimiter, 1, 1)
    usual_width = Counter(several).most_common(1)[0][0]
    width = next(width for width in several if width >= usual_width)
    if width > MAX_COLUMNS:
        raise too_many_columns(width)
    return Layout(delimiter, width, usual_width)


def _widths(sample: bytes, delimiter: str, is_whole: bool) -> list[int]:
    rows, consumed = careful_rows(sample, delimiter, is_last=is_whole)
    if not consumed:
        # Not one whole row: a first line longer than the sample, still long enough to count its cells.
        rows, _ = careful_rows(sample, delimiter, is_last=True)
    return [len(row) for row in rows]


def _evenness(widths: list[int]) -> float:
    several = Counter(width for width in widths if width > 1)
    if not several:
        return 0.0
    width, n_alike = several.most_common(1)[0]
    return n_alike / len(widths) * math.log2(width)


def _parse(pieces: Iterable[bytes], layout: Layout) -> _Collected:
    """All rows, chunks in parallel, with never more than a few chunks of text in memory."""
    collected = _Collected()
    n_workers = os.cpu_count() or 1
    pending: deque[Future[_Part]] = deque()
    pool = ThreadPoolExecutor(n_workers)
    try:
        for chunk, is_clean in _chunks(pieces, layout.delimiter):
            pending.append(pool.submit(_clean_part if is_clean else _careful_part, chunk, layout))
            while len(pending) > 2 * n_workers:
                collected.add(pending.popleft().result())
        while pending:
            collected.add(pending.popleft().result())
    except _EndlessRowError:
        for future in pending:
            collected.add(future.result())
        raise InputError(
            f"Row {collected.n_records + 1:,} does not end within {CHUNK_BYTES:,} bytes, so this is not a table "
            "with one record a line. Save the table as CSV or XLSX and import that file."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)
    return collected


def _chunks(pieces: Iterable[bytes], delimiter: str) -> Iterator[tuple[bytes, bool]]:
    """Chunks of whole rows, each with whether its quotation marks are all in their places."""
    buffer = b""
    for piece in chain(pieces, [None]):
        is_last = piece is None
        buffer += piece or b""
        while buffer and (is_last or len(buffer) >= CHUNK_BYTES):
            end, is_clean = _cut(buffer, delimiter, is_last)
            if not end:
                raise _EndlessRowError
            yield buffer[:end], is_clean
            buffer = buffer[end:]


def _cut(buffer: bytes, delimiter: str, is_last: bool) -> tuple[int, bool]:
    """Where to end a chunk, and whether it is clean; 0 when no row ends."""
    quotes = (
        np.flatnonzero(np.frombuffer(buffer, np.uint8) == ord('"'))
        if b'"' in buffer
        else np.empty(0, np.int64)
    )
    end = len(buffer) if is_last and len(quotes) % 2 == 0 else _last_row_end(buffer, quotes)
    if end and _is_clean(buffer, quotes[quotes < end], end, delimiter):
        return end, True
    # Rows that begin late in the buffer may have a quoted cell that closes beyond it.
    _, end = careful_rows(buffer, delimiter, is_last)
    return end, False


def _last_row_end(buffer: bytes, quotes: np.ndarray) -> int:
    """After the last line end outside quotation marks; 0 when there is none."""
    end = len(buffer)
    while end > 0:
        # A carriage return at the very end may be half of a CRLF.
        end = max(buffer.rfind(b"\n", 0, end), buffer.rfind(b"\r", 0, min(end, len(buffer) - 1))) + 1
        n_before = int(np.searchsorted(quotes, end))
        if n_before % 2 == 0:
            return end
        end = int(quotes[n_before - 1])
    return 0


def _is_clean(chunk: bytes, quotes: np.ndarray, end: int, delimiter: str) -> bool:
    """
    Whether all quotation marks open or close a cell, or stand doubled in a quoted one.

    Counted from 0, marks with an even number open: before them must be the start of a cell, or the mark just
    before (then the two are a doubled one). Marks with an odd number close: likewise with what follows.
    """
    if len(quotes) == 0:
        return True
    if len(quotes) % 2:
        return False
    text = np.frombuffer(chunk, np.uint8, end)
    edges = np.zeros(256, dtype=bool)
    edges[[ord(delimiter), ord("\n"), ord("\r")]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    starts = edges[text[opening - 1]] | (opening == 0)
    starts[1:] |= opening[1:] == closing[:-1] + 1
    stops = edges[text[np.minimum(closing + 1, end - 1)]] | (closing == end - 1)
    stops[:-1] |= closing[:-1] + 1 == opening[1:]
    return bool(starts.all() and stops.all() and (closing - opening).max() < MAX_QUOTED_BYTES)


def careful_rows(text: bytes, delimiter: str, is_last: bool) -> tuple[list[list[bytes]], int]:
    """
    The rows of a text, by a rule that holds for any text.

    A quotation mark opens a quoted cell when it is the first thing in the cell (blanks aside) and a mark
    that is not doubled closes it right before a delimiter or line end (blanks aside). Every other mark is text.

    Parameters
    ----------
    is_last
        Whether the text ends here. Otherwise rows whose end could look different with more text are left.

    Returns
    -------
    rows, consumed
        The rows, and how many bytes they take up.
    """
    rows, row, consumed = [], [], 0
    latest_start = len(text) if is_last else len(text) - MAX_QUOTED_BYTES
    for cell in _cell_pattern(delimiter).finditer(text):
        quoted, plain, ending = cell.groups()
        row.append(plain if quoted is None else quoted.replace(b'""', b'"'))
        if ending == delimiter.encode():
            continue
        if not ending and (not is_last or (not cell[0] and len(row) == 1)):
            break  # an unfinished row, or the nothing after the last line end
        rows.append(row)
        row, consumed = [], cell.end()
        if not ending or consumed > latest_start:
            break
    return rows, consumed


def _cell_pattern(delimiter: str) -> re.Pattern:
    end = rf"{re.escape(delimiter)}|\r\n|\r|\n|\Z"
    pattern = rf'(?: *"((?:[^"]++|"")*+)" *(?={end})|([^{re.escape(delimiter)}\r\n]*+))({end})'
    return re.compile(pattern.encode())


def _careful_part(chunk: bytes, layout: Layout) -> _Part:
    rows, _ = careful_rows(chunk, layout.delimiter, is_last=True)
    nothing = [pa.array([], pa.string())] * layout.usual_width
    try:
        return _fit(
            nothing,
            [(position, [cell.decode() for cell in row]) for position, row in enumerate(rows)],
            layout,
        )
    except UnicodeDecodeError:
        raise NotUtf8Error(chunk) from None


def _clean_part(chunk: bytes, layout: Layout) -> _Part:
    odd: list[tuple[int, str]] = []

    def set_aside(row: csv.InvalidRow) -> str:
        odd.append((row.number - 1, row.text))
        return "skip"

    names = [str(index) for index in range(layout.usual_width)]
    try:
        table = csv.read_csv(
            pa.BufferReader(chunk),
            # One block on this thread: only then does Arrow number the rows it hands to `set_aside`.
            csv.ReadOptions(use_threads=False, block_size=len(chunk) + 1, column_names=names),
            csv.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=set_aside,
            ),
            csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError):
        if _is_utf8(chunk):
            raise
        raise NotUtf8Error(chunk) from None
    rows = [(position, _careful_row(text, layout.delimiter)) for position, text in odd]
    return _fit([column.combine_chunks() for column in table.columns], rows, layout)


def _careful_row(text: str, delimiter: str) -> list[str]:
    rows, _ = careful_rows(text.encode(), delimiter, is_last=True)
    return [cell.decode() for cell in rows[0]]


def _is_utf8(chunk: bytes) -> bool:
    try:
        chunk.decode()
    except UnicodeDecodeError:
        return False
    return True


def _fit(usual: list[pa.StringArray], odd: list[tuple[int, list[str]]], layout: Layout) -> _Part:
    """Rows of the usual width (as columns) and the others (with their positions) in one table as wide as the headings."""
    n_records = len(usual[0]) + len(odd)
    usual_positions = np.delete(np.arange(n_records), [position for position, _ in odd])
    is_surplus = np.zeros(len(usual[0]), dtype=bool)
    for column in usual[layout.width :]:
        is_surplus |= pc.greater(pc.binary_length(pc.utf8_trim_whitespace(column)), 0).to_numpy(
            zero_copy_only=False
        )
    surplus = [
        (int(usual_positions[at]), [column[at].as_py() for column in usual])
        for at in np.flatnonzero(is_surplus)
    ]

    ragged = sorted(surplus + [row for row in odd if _overflows(row[1], layout.width)])
    fitting = [row for row in odd if not _overflows(row[1], layout.width)]
    columns = usual[: layout.width] + [pa.repeat("", len(usual[0]))] * (layout.width - len(usual))
    if not ragged and not fitting:
        return _Part(columns, usual_positions, [], n_records)

    added = zip(
        *(cells[: layout.width] + [""] * (layout.width - len(cells)) for _, cells in fitting), strict=True
    )
    if fitting:
        columns = [
            pa.concat_arrays([column, pa.array(cells, pa.string())])
            for column, cells in zip(columns, added, strict=True)
        ]
    positions = np.concatenate([usual_positions, np.array([position for position, _ in fitting], np.int64)])
    order = np.argsort(positions, kind="stable")
    order = order[~np.isin(positions[order], [position for position, _ in ragged])]
    return _Part([column.take(pa.array(order)) for column in columns], positions[order], ragged, n_records)


def _overflows(cells: list[str], width: int) -> bool:
    return any(cell.strip() for cell in cells[width:])
