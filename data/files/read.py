"""
Any table file into Sheets: text in any encoding, compressed text, XLSX, XLS and ODS.

What a file is, is told by its content, not its name. Nothing is written to disk. Whatever cannot be read raises
InputError with one sentence that never repeats what the file holds."""

import gzip
import hashlib
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import BinaryIO

from data.errors import InputError
from data.files.encodings import guess_encoding, to_utf8
from data.files.sheet import Sheet
from data.files.text import NotUtf8Error, read_delimited
from data.files.uploaded import TableFile, UploadedTable
from data.files.workbook import MAX_WORKBOOK_BYTES, read_workbook

HEAD_BYTES = 8192

_ADVICE = "Open it in the program that made it, save the table as CSV or XLSX, and import that file."

# (first bytes, what it is). Longer beginnings stand before shorter ones that they begin with.
_FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"PAR1", "a Parquet file"),
    (b"ARROW1", "an Arrow file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x00\x01\x00\x00Standard", "an Access database"),
    (b"{\\rtf", "a rich text document"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"\x00\x00\x27\x0a", "a shapefile"),
    (b"\x7fELF", "a program"),
)

# Text that is not a table, after any byte-order mark and blanks.
_FOREIGN_TEXT = (
    (re.compile(rb"<(!doctype html|html|head|body|table|meta)\b", re.I), "a web page"),
    (re.compile(rb"<\?xml|<!DOCTYPE", re.I), "an XML document"),
    (re.compile(rb"\{\s*\"|\{\s*\}|\[\s*[\[{]"), "a JSON document"),
)

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def tell_kind(head: bytes) -> str:
    """
    'zip', 'ole', 'gzip' or 'text', from the first `HEAD_BYTES` bytes.

    Raises
    ------
    InputError
        The file is empty or of a kind that holds no table.
    """
    if not head:
        raise InputError(
            "The file is empty: it has no bytes at all. Save the table again and import that file."
        )
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    for beginning, name in _FOREIGN:
        if head.startswith(beginning):
            raise InputError(f"The file is {name}, not a table. {_ADVICE}")
    if head[8:12] == b"DUCK":
        raise InputError(f"The file is a DuckDB database, not a table. {_ADVICE}")
    if head[257:262] == b"ustar":
        raise InputError("The file is a TAR archive: unpack it, and import the table inside.")
    _refuse_other_text(head)
    return "text"


def text_encoding(head: bytes) -> tuple[str, int]:
    """The encoding that the first bytes tell and how many bytes of byte-order mark to skip; 'utf-8' where nothing tells."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    even, odd = head[0::2].count(0), head[1::2].count(0)
    # Western text in UTF-16 has a zero in nearly every second byte, and nearly none in the others.
    if odd > 0.3 * len(head[1::2]) and even < 0.1 * odd:
        return "utf-16-le", 0
    if even > 0.3 * len(head[0::2]) and odd < 0.1 * even:
        return "utf-16-be", 0
    return "utf-8", 0


def _refuse_other_text(head: bytes) -> None:
    if not head.strip(b"\0"):
        raise InputError(
            "The file begins with nothing but zero bytes: it is damaged or no table. Save it again."
        )
    encoding, skip = text_encoding(head)
    beginning = head[skip:].decode(encoding, errors="ignore").encode().lstrip()
    for pattern, name in _FOREIGN_TEXT:
        if pattern.match(beginning):
            raise InputError(f"The file is {name}, not a table. {_ADVICE}")
    # No table holds control characters other than tab and line ends; nearly every other binary file does.
    n_control = sum(beginning.count(code) for code in range(32) if code not in (0, 9, 10, 11, 12, 13, 26))
    if n_control > 0.05 * len(beginning) or beginning.count(0) > 0.05 * len(beginning):
        raise InputError(f"The file is neither a text table nor a workbook. {_ADVICE}")


MAX_TEXT_BYTES = 2 << 30  # some fifteen million rows; also for what compressed text unpacks to
MAX_TEXT_RATIO = 100  # tables compress ten- to fortyfold
_PIECE_BYTES = 4 << 20

# Why a file could not be opened or read, looked for in this order.
_DISK_ERRORS = (
    (FileNotFoundError, "There is no file of this name. Check the name and the folder."),
    (
        PermissionError,
        "You are not allowed to read this file. Ask its owner, or copy it to a folder of your own.",
    ),
    (OSError, "The file could not be read from the disk. Copy it to this machine again and import the copy."),
)

Source = Callable[[], Iterator[bytes]]  # gives the bytes from the start, each time it is called


def read_sheets(path: TableFile) -> list[Sheet]:
    """
    All sheets that hold something, in the file's order; one for a text file.

    Raises
    ------
    InputError
        The file cannot be read; the message says why and what to do.
    """
    with _opened(path) as file:
        return _read(file)


def hash_file(path: TableFile) -> str:
    """
    SHA-256 of a file, in hexadecimal.

    Raises
    ------
    InputError
        The file cannot be opened, or its size or first bytes tell that it holds no table; then it is not read further.
    """
    with _opened(path) as file:
        _tell(file)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _opened(path: TableFile) -> Iterator[BinaryIO]:
    if isinstance(path, UploadedTable):
        with path.open() as file:
            yield file
        return
    try:
        # Before opening, since opening a pipe would wait for a writer.
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise InputError(
                "This is a folder, not a file. Import the files in it, one or several at a time."
            )
        if not stat.S_ISREG(mode):
            raise InputError(
                "This is a device or a pipe, not a file. Save the table to a file and import that."
            )
        with open(path, "rb") as file:
            yield file
    except OSError as error:
        sentence = next(sentence for kind, sentence in _DISK_ERRORS if isinstance(error, kind))
        raise InputError(sentence) from None


def _tell(file: BinaryIO) -> tuple[str, bytes]:
    """The kind of a file and its first bytes; refused if it is too large for its kind."""
    head = file.read(HEAD_BYTES)
    kind = tell_kind(head)
    n_bytes = _size(file)
    _refuse_too_large(n_bytes, MAX_TEXT_BYTES if kind in ("text", "gzip") else MAX_WORKBOOK_BYTES)
    return kind, head


def _size(file: BinaryIO) -> int:
    at = file.tell()
    n_bytes = file.seek(0, os.SEEK_END)
    file.seek(at)
    return n_bytes


def _read(file: BinaryIO) -> list[Sheet]:
    kind, head = _tell(file)
    if kind in ("zip", "ole"):
        return read_workbook(head + file.read(), kind)
    if kind == "text":
        return [_read_text(partial(_pieces, file), head)]
    source = partial(_unpacked_pieces, file, _size(file))
    head = next(source(), b"")[:HEAD_BYTES]
    if tell_kind(head) != "text":
        raise InputError(
            "The file is compressed, and what is inside is no text table: unpack it and import that."
        )
    return [_read_text(source, head)]


def _refuse_too_large(n_bytes: int, limit: int) -> None:
    if n_bytes > limit:
        raise InputError(
            f"The file has {n_bytes / 1e6:,.0f} MB; at most {limit / 1e6:,.0f} MB of this kind can be read. "
            "Split it, and import the pieces one after the other."
        )


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _unpacked_pieces(file: BinaryIO, n_packed: int) -> Iterator[bytes]:
    """What gzip's stream unpacks to, stopped where it grows beyond what tables do."""
    n_unpacked = 0
    try:
        for piece in _pieces(gzip.GzipFile(fileobj=_rewound(file))):
            n_unpacked += len(piece)
            if n_unpacked > MAX_TEXT_BYTES or n_unpacked > max(16 * _PIECE_BYTES, MAX_TEXT_RATIO * n_packed):
                raise InputError(
                    f"The compressed file unpacks to more than {n_unpacked / 1e6:,.0f} MB, far more than a table of its "
                    "size would. Unpack it and import a part of it."
                )
            yield piece
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise InputError("The compressed file is damaged or cut short. Fetch or save it again.") from None


def _rewound(file: BinaryIO) -> BinaryIO:
    file.seek(0)
    return file


def _read_text(source: Source, head: bytes) -> Sheet:
    encoding, n_mark = text_encoding(head)
    if encoding != "utf-8":
        return read_delimited(_without_zeros(lambda: to_utf8(_after(source, n_mark), encoding, "strict")))
    try:
        return read_delimited(_without_zeros(lambda: _after(source, n_mark)))
    except NotUtf8Error as error:
        encoding, errors = guess_encoding(error.sample)
    return read_delimited(_without_zeros(lambda: to_utf8(_after(source, n_mark), encoding, errors)))


def _after(source: Source, n_skipped: int) -> Iterator[bytes]:
    """The source's bytes from `n_skipped` on; fewer than its first piece has."""
    pieces = source()
    yield next(pieces, b"")[n_skipped:]
    yield from pieces


def _without_zeros(source: Source) -> Iterator[bytes]:
    """The same bytes, as long as there is no zero among them, which no text has."""
    for n_before, piece in enumerate(source()):
        if b"\0" in piece:
            before = b"".join(islice(source(), n_before)) + piece[: piece.index(b"\0")]
            line = max(before.count(b"\n"), before.count(b"\r")) + 1
            raise InputError(
                f"Line {line:,} holds a zero byte, which no text has, so the file is damaged. "
                "Save the table again as CSV or XLSX and import that file."
            )
        yield piece
