"""What a file is, told by its first bytes and never by its name."""

import re

from data.errors import InputError

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
