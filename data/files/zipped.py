"""
Checks a zipped workbook (XLSX, ODS) before a reader sees it that believes what a file says about itself.

calamine unpacks whatever is packed, and makes room for every cell between the first and the last one used. So all
parts are unpacked here first, piece by piece and within limits, and the last used cell of each is looked for.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

import numpy as np

from data.errors import InputError
from data.files.sheet import MAX_COLUMNS
from data.files.workbook_limits import DAMAGED, LOCKED, MAX_CELLS, CellCount, too_large

MAX_PARTS = 10_000
MAX_UNPACKED_BYTES = 1 << 30  # a sheet of a million rows and twelve columns takes about half of it
MAX_RATIO = 200  # of parts over RATIO_FROM_BYTES; sheets of nothing but formatted empty cells reach about 50
RATIO_FROM_BYTES = 32 << 20

_PIECE_BYTES = 1 << 20

# (a part that tells what the archive is, what it is). The two that can be read come first.
_ARCHIVES = (
    ("xl/workbook.xml", "xlsx"),
    ("content.xml", "ods"),
    ("xl/workbook.bin", "a binary workbook (XLSB): save it as XLSX and import that file"),
    ("word/document.xml", "a Word document: save the table in it as XLSX or CSV and import that file"),
    ("ppt/presentation.xml", "a presentation: save the table in it as XLSX or CSV and import that file"),
    (
        "Index/Document.iwa",
        "an Apple Numbers or Pages file: export the table as XLSX or CSV and import that file",
    ),
)
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def check_zipped(data: bytes) -> None:
    """
    Let a readable workbook through.

    Raises
    ------
    InputError
        Another kind of archive; locked; damaged; or it would take up more memory than any real table.
    """
    parts = _list_parts(data)
    kind = next(
        (kind for name, kind in _ARCHIVES if name in parts),
        "a ZIP archive: unpack it, and import the table inside",
    )
    if kind == "ods" and not _is_ods(data, parts):
        kind = "a document without a sheet: save the table in it as ODS or CSV and import that file"
    if kind not in ("xlsx", "ods"):
        raise InputError(f"The file is {kind}.")
    if any(part.flag_bits & 1 for part in parts.values()):
        raise InputError(LOCKED)
    for part in parts.values():
        if part.file_size > max(RATIO_FROM_BYTES, MAX_RATIO * part.compress_size):
            raise too_large(f"one part of it is packed {part.file_size // max(part.compress_size, 1):,} to 1")
    if sum(part.file_size for part in parts.values()) > MAX_UNPACKED_BYTES:
        raise too_large(f"it unpacks to more than {MAX_UNPACKED_BYTES / 1e6:,.0f} MB")

    count = CellCount()
    for part in parts.values():
        for rows, columns in _extents(lambda part=part: _unpack(data, part), part.filename, kind):
            count.add(rows, columns)


def unpack_parts(data: bytes, name: re.Pattern) -> Iterator[Callable[[], Iterator[bytes]]]:
    """What unpacks each part whose whole name the pattern matches, piece by piece; of an archive that `check_zipped` let through."""
    for part in _list_parts(data).values():
        if name.fullmatch(part.filename):
            yield lambda part=part: _unpack(data, part)


def _list_parts(data: bytes) -> dict[str, zipfile.ZipInfo]:
    # Each entry of the directory begins with this mark; zipfile would list them all, however many.
    if data.count(b"PK\x01\x02") > MAX_PARTS:
        raise too_large(f"it has more than {MAX_PARTS:,} parts")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, struct.error):
        raise InputError(DAMAGED) from None
    if len({part.filename for part in parts}) < len(parts):
        raise InputError(DAMAGED)
    return {part.filename: part for part in parts}


def _is_ods(data: bytes, parts: dict[str, zipfile.ZipInfo]) -> bool:
    if "META-INF/manifest.xml" in parts:
        manifest = b"".join(_unpack(data, parts["META-INF/manifest.xml"]))
        if b"encryption-data" in manifest:
            raise InputError(LOCKED)
    return "mimetype" in parts and b"".join(_unpack(data, parts["mimetype"])).startswith(_ODS_TYPE)


def _unpack(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part's bytes; stops as soon as there are more than the directory states, which zipfile would hide."""
    start = part.header_offset
    if data[start : start + 4] != b"PK\x03\x04":
        raise InputError(DAMAGED)
    start += 30 + sum(struct.unpack("<HH", data[start + 26 : start + 30]))
    packed = memoryview(data)[start : start + part.compress_size]
    n_unpacked = 0
    for piece in _UNPACKERS.get(part.compress_type, _refuse_method)(packed):
        n_unpacked += len(piece)
        if n_unpacked > part.file_size:
            raise too_large("a part of it unpacks to more than it states")
        yield piece
    if n_unpacked != part.file_size:
        raise InputError(DAMAGED)


def _stored(packed: memoryview) -> Iterator[bytes]:
    for start in range(0, len(packed), _PIECE_BYTES):
        yield bytes(packed[start : start + _PIECE_BYTES])


def _deflated(packed: memoryview) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), _PIECE_BYTES):
            yield unpacker.decompress(packed[start : start + _PIECE_BYTES], _PIECE_BYTES)
            while unpacker.unconsumed_tail and not unpacker.eof:
                yield unpacker.decompress(unpacker.unconsumed_tail, _PIECE_BYTES)
        yield unpacker.flush()
    except zlib.error:
        raise InputError(DAMAGED) from None


def _refuse_method(packed: memoryview) -> Iterator[bytes]:
    raise InputError(DAMAGED)


_UNPACKERS: dict[int, Callable[[memoryview], Iterator[bytes]]] = {
    zipfile.ZIP_STORED: _stored,
    zipfile.ZIP_DEFLATED: _deflated,
}


def _extents(unpack: Callable[[], Iterator[bytes]], part: str, kind: str) -> list[tuple[int, int]]:
    """How many rows and columns the used cells of each sheet in a part reach to; empty for a part without cells."""
    rows, columns, is_certain = _survey(unpack())
    if kind == "ods":
        return _OdsCells().extents(unpack()) if part == "content.xml" else []
    if is_certain and columns <= MAX_COLUMNS and rows * columns <= MAX_CELLS:
        return [(rows, columns)]
    # Formatted but empty cells may reach much further than the used ones, which are worth the slower look.
    return _XlsxCells().extents(unpack())


def _survey(pieces: Iterator[bytes]) -> tuple[int, int, bool]:
    """
    A quick look through one part as bytes.

    Returns
    -------
    rows, columns
        The furthest cell of an XLSX sheet, used or not; 0 where there is none.
    is_certain
        Whether all cells are written as `<c r="B7"`, as nearly every program does.
    """
    rows, columns, n_texts, is_certain, rest = 0, 0, 0, True, b""
    for index, piece in enumerate(pieces):
        if index == 0 and piece[:2] in _WIDE_BEGINNINGS:
            raise InputError(DAMAGED)
        text = rest + piece
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise InputError(
                "The workbook declares XML entities, which no spreadsheet program writes: it is not safe to read."
            )
        # A tag cut in two is looked at whole with the next piece.
        end = text.rfind(b"<", max(0, len(text) - _TAG_BYTES))
        text, rest = (text, b"") if end < 0 else (text[:end], text[end:])
        n_texts += text.count(b"<si") + text.count(b":si")
        if n_texts > MAX_CELLS:
            raise too_large(f"it has more than {MAX_CELLS:,} texts")
        last_row, last_column, is_plain = _furthest_cell(text)
        rows, columns = max(rows, last_row), max(columns, last_column)
        is_certain &= is_plain and not any(mark in text for mark in _PREFIXED_CELLS)
    return rows, columns, is_certain


_TAG_BYTES = 40  # `<c r="XFD1048576"` has 17
_WIDE_BEGINNINGS = (
    b"\xff\xfe",
    b"\xfe\xff",
    b"<\0",
    b"\0<",
)  # XML in UTF-16, where a look at bytes sees nothing
_PREFIXED_CELLS = (b":c ", b":c\t", b":c\r", b":c\n")


def _furthest_cell(text: bytes) -> tuple[int, int, bool]:
    """The largest row and column of all `<c r="B7"`, and whether no cell was written otherwise."""
    codes = np.frombuffer(text + bytes(_TAG_BYTES), np.uint8)
    at = np.flatnonzero((codes[:-1] == ord("<")) & (codes[1:] == ord("c")))
    at = at[np.isin(codes[at + 2], np.frombuffer(b" \t\r\n/>", np.uint8))]
    if not len(at):
        return 0, 0, True
    is_plain = all((codes[at + 2 + offset] == code).all() for offset, code in enumerate(b' r="'))
    at += 6
    column, at, n_letters = _leading_number(codes, at, base=26, zero=ord("A") - 1, most=3)
    row, at, n_digits = _leading_number(codes, at, base=10, zero=ord("0"), most=7)
    is_plain &= bool((n_letters > 0).all() and (n_digits > 0).all() and (codes[at] == ord('"')).all())
    return int(row.max()), int(column.max()), is_plain


def _leading_number(
    codes: np.ndarray, at: np.ndarray, base: int, zero: int, most: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The numbers written from each place on, the places after them, and how many signs each has."""
    number = np.zeros(len(at), np.int64)
    n_signs = np.zeros(len(at), np.int64)
    lowest = 0 if base == 10 else 1
    for _ in range(most):
        digit = codes[at + n_signs].astype(np.int64) - zero
        # Where one place has no further sign, it is looked at again and still has none.
        goes_on = (digit >= lowest) & (digit < base + lowest)
        number = np.where(goes_on, number * base + digit, number)
        n_signs += goes_on
    return number, at + n_signs, n_signs


class _Cells:
    """Walks through one part's XML and notes, sheet by sheet, how far the used cells reach."""

    # Element (without its prefix) -> method.
    handlers: dict[str, str]

    def __init__(self) -> None:
        self.found: list[tuple[int, int]] = [(0, 0)]
        self.row = self.column = 0

    def extents(self, pieces: Iterator[bytes]) -> list[tuple[int, int]]:
        handlers = {name: getattr(self, method) for name, method in self.handlers.items()}

        def start(name: str, attributes: dict[str, str]) -> None:
            handler = handlers.get(name.rpartition(":")[2])
            if handler:
                handler({key.rpartition(":")[2]: value for key, value in attributes.items()})

        parser = expat.ParserCreate()
        parser.StartElementHandler = start
        try:
            for piece in pieces:
                parser.Parse(piece)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError):  # LookupError: an encoding nobody knows
            raise InputError(DAMAGED) from None
        return self.found

    def use(self, attributes: dict[str, str]) -> None:
        if self.row and self.column:
            rows, columns = self.found[-1]
            self.found[-1] = max(rows, self.row), max(columns, self.column)


class _XlsxCells(_Cells):
    handlers = {"row": "start_row", "c": "start_cell", "v": "use", "is": "use", "f": "use"}  # noqa: RUF012

    def start_row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes.get("r", self.row + 1))
        self.column = 0

    def start_cell(self, attributes: dict[str, str]) -> None:
        self.column += 1
        if "r" in attributes:
            reference = re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7})", attributes["r"].upper())
            if reference is None:
                raise InputError(DAMAGED)
            letters, digits = reference.groups()
            self.row = int(digits)
            self.column = 0
            for letter in letters:
                self.column = self.column * 26 + ord(letter) - ord("A") + 1


class _OdsCells(_Cells):
    handlers = {  # noqa: RUF012
        "table": "start_table",
        "table-row": "start_row",
        "table-cell": "start_cell",
        "covered-table-cell": "start_cell",
        "p": "use",
    }

    def start_table(self, attributes: dict[str, str]) -> None:
        self.found.append((0, 0))
        self.row = self.column = 0

    def start_row(self, attributes: dict[str, str]) -> None:
        self.row += int(attributes.get("number-rows-repeated", 1))
        self.column = 0

    def start_cell(self, attributes: dict[str, str]) -> None:
        self.column += int(attributes.get("number-columns-repeated", 1))
        if "value-type" in attributes or "formula" in attributes:
            self.use(attributes)
