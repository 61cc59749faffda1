"""
Checks an old Excel workbook (XLS) before a reader sees it that believes what a file says about itself.

An XLS file is an OLE container, a small disk of its own: a table says for each sector which one comes next. calamine
follows it without end where it leads round in a circle, and makes room for every cell up to the furthest one
stated. So the chains of sectors and the places of the cells are looked at here first.

Source: [MS-CFB] and [MS-XLS], Microsoft's descriptions of the two formats.
"""

import struct
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from data.errors import InputError
from data.files.workbook_limits import DAMAGED, LOCKED, CellCount

MAX_ROWS, MAX_COLUMNS = 65_536, 256  # an XLS sheet's grid
MAX_SHEETS = 1000

_END_OF_CHAIN = 0xFFFFFFFE
_MINI_SECTOR = 64
_MINI_STREAM_BELOW = 4096  # streams smaller than this are kept in mini sectors, all in the root's stream
_STREAM, _ROOT = 2, 5

_WORKBOOK_STREAMS = ("Workbook", "Book")
_LOCKED_STREAM = "EncryptedPackage"  # Excel puts a locked XLSX into an OLE container

_END, _SHEET, _SEVERAL_NUMBERS = 0x0A, 0x85, 0xBD
# Records of used cells; they begin with row and column.
_CELLS = frozenset((0x06, _SEVERAL_NUMBERS, 0xFD, 0x203, 0x204, 0x205, 0x27E))


def check_ole(data: bytes) -> None:
    """
    Let a readable XLS workbook through.

    Raises
    ------
    InputError
        No workbook inside; locked; damaged.
    """
    try:
        streams = _read_streams(data)
        if _LOCKED_STREAM in streams:
            raise InputError(LOCKED)
        workbooks = [streams[name] for name in _WORKBOOK_STREAMS if name in streams]
        if not workbooks:
            raise InputError(
                "The file is an old Office file without a sheet, such as a document or a message. "
                "Save the table in it as XLSX or CSV and import that file."
            )
        for workbook in workbooks:
            _check_records(workbook)
    except struct.error:  # something was said to be where the file has ended
        raise InputError(DAMAGED) from None


class _Entry(NamedTuple):
    """One line of the container's directory."""

    name: str
    kind: int
    start: int
    size: int


def _read_streams(data: bytes) -> dict[str, bytes]:
    """The contents of the streams that matter, by name."""
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        raise InputError(DAMAGED)
    sectors = _Sectors(data, 1 << shift, first=1)
    n_directory, n_tables, directory, _, _, mini_table, n_mini, more_tables, n_more = struct.unpack_from(
        "<9I", data, 40
    )
    if max(n_directory, n_tables, n_mini, n_more) > len(data) >> shift:
        raise InputError(DAMAGED)
    places = list(struct.unpack_from("<109I", data, 76))
    while more_tables < _END_OF_CHAIN:
        sectors.count_step()
        *more, more_tables = struct.unpack(f"<{(1 << shift) // 4}I", sectors.read(more_tables))
        places += more
    table = array("I", b"".join(sectors.read(place) for place in places[:n_tables]))

    entries = list(_entries(sectors.read_chain(directory, table)))
    root = next((entry for entry in entries if entry.kind == _ROOT), None)
    if root is None:
        raise InputError(DAMAGED)
    if any(entry.size > len(data) for entry in entries):
        raise InputError(DAMAGED)
    minis = _Sectors(sectors.read_chain(root.start, table) if root.size else b"", _MINI_SECTOR, first=0)
    minis_table = array("I", sectors.read_chain(mini_table, table))
    streams = {}
    for entry in entries:
        if entry.kind == _STREAM and entry.name in (*_WORKBOOK_STREAMS, _LOCKED_STREAM):
            if entry.name in streams:
                raise InputError(DAMAGED)
            small = entry.size < _MINI_STREAM_BELOW
            chosen, chosen_table = (minis, minis_table) if small else (sectors, table)
            streams[entry.name] = (
                chosen.read_chain(entry.start, chosen_table)[: entry.size] if entry.size else b""
            )
    return streams


def _entries(directory: bytes) -> Iterator[_Entry]:
    for at in range(0, len(directory) - 127, 128):
        kind = directory[at + 66]
        start, size = struct.unpack_from("<IQ", directory, at + 116)
        yield _Entry(directory[at : at + 64].decode("utf-16-le", "ignore").split("\0")[0], kind, start, size)


class _Sectors:
    """The sectors of a container or of its stream of small streams."""

    def __init__(self, data: bytes, size: int, first: int) -> None:
        self._data, self._size, self._first = data, size, first
        # Every sector belongs to one chain at most.
        self._steps_left = len(data) // size + 1

    def count_step(self) -> None:
        self._steps_left -= 1
        if self._steps_left < 0:
            raise InputError(DAMAGED)

    def read(self, number: int) -> bytes:
        start = (number + self._first) * self._size
        if start >= len(self._data):
            raise InputError(DAMAGED)
        return self._data[start : start + self._size].ljust(self._size, b"\0")

    def read_chain(self, start: int, table: Sequence[int]) -> bytes:
        pieces = []
        while start != _END_OF_CHAIN:
            self.count_step()
            if start >= len(table):
                raise InputError(DAMAGED)
            pieces.append(self.read(start))
            start = table[start]
        return b"".join(pieces)


def _check_records(workbook: bytes) -> None:
    # A sheet is looked for where the book says, which need not be where the one before has ended.
    starts = [
        0,
        *(
            struct.unpack_from("<I", workbook, at)[0]
            for kind, at, _ in _records(workbook, 0)
            if kind == _SHEET
        ),
    ]
    if len(starts) > MAX_SHEETS:
        raise InputError(DAMAGED)
    count = CellCount()
    for start in starts:
        rows = columns = 0
        for kind, at, length in _records(workbook, start):
            if kind in _CELLS:
                row, column = _last_cell(workbook, kind, at, length)
                rows, columns = max(rows, row + 1), max(columns, column + 1)
            elif kind in _CHECKS:
                _CHECKS[kind](workbook, at, length)
        if columns > MAX_COLUMNS:
            raise InputError(DAMAGED)
        count.add(rows, columns)


def _records(workbook: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of the records from one place to the next end mark."""
    kind = 0
    while kind != _END and at + 4 <= len(workbook):
        kind, length = struct.unpack_from("<HH", workbook, at)
        yield kind, at + 4, length
        at += 4 + length


def _last_cell(workbook: bytes, kind: int, at: int, length: int) -> tuple[int, int]:
    row, column = struct.unpack_from("<HH", workbook, at)
    return row, column + ((length - 6) // 6 - 1 if kind == _SEVERAL_NUMBERS else 0)


def _check_dimensions(workbook: bytes, at: int, length: int) -> None:
    row, row_end, column, column_end = struct.unpack_from("<IIHH" if length == 14 else "<HHHH", workbook, at)
    if not (row <= row_end <= MAX_ROWS and column <= column_end <= MAX_COLUMNS):
        raise InputError(DAMAGED)


def _check_texts(workbook: bytes, at: int, length: int) -> None:
    _, n_texts = struct.unpack_from("<II", workbook, at)
    if n_texts > len(workbook) // 3:  # the shortest text takes up three bytes
        raise InputError(DAMAGED)


def _refuse_locked(workbook: bytes, at: int, length: int) -> None:
    raise InputError(LOCKED)


_CHECKS: dict[int, Callable[[bytes, int, int], None]] = {
    0x002F: _refuse_locked,
    0x00FC: _check_texts,
    0x0200: _check_dimensions,
}
