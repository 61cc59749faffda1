"""
Any table file into Sheets: text in any encoding, compressed text, XLSX, XLS and ODS.

What a file is, is told by its content, not its name. Nothing is written to disk. Whatever cannot be read raises
InputError with one sentence that never repeats what the file holds.
"""

import gzip
import hashlib
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import BinaryIO

from data.errors import InputError
from data.files.encodings import guess_encoding, to_utf8
from data.files.kinds import HEAD_BYTES, tell_kind, text_encoding
from data.files.sheet import Sheet
from data.files.text import NotUtf8Error, read_delimited
from data.files.uploaded import TableFile, UploadedTable
from data.files.workbook import MAX_WORKBOOK_BYTES, read_workbook

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
