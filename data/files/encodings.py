"""Bytes of a text file in any encoding into UTF-8, piece by piece."""

import codecs
import re
from collections.abc import Iterable, Iterator

from data.errors import InputError

_MIXED = "data.files.cp1252_for_stray_bytes"

# In order of how often spreadsheets on British machines write them, which decides between equals:
# Windows, a Mac's "CSV (Macintosh)", and "CSV (MS-DOS)".
_EIGHT_BIT = ("cp1252", "mac_roman", "cp850")

_USUAL_SIGNS = frozenset("’‘“”–—…£€§©®°·•½¼¾²³´«»¿¡ºª\u00a0\u00ad")


def _decode_stray_byte(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(_MIXED, _decode_stray_byte)


def to_utf8(pieces: Iterable[bytes], encoding: str, errors: str) -> Iterator[bytes]:
    """
    The same text in UTF-8.

    Raises
    ------
    InputError
        The bytes are not in this encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    try:
        for piece in pieces:
            yield decoder.decode(piece).encode()
        yield decoder.decode(b"", final=True).encode()
    except UnicodeError:
        name = encoding.upper()
        raise InputError(
            f"The file begins as {name} text but is damaged further down. Save it again as CSV UTF-8 and import that."
        ) from None


def guess_encoding(sample: bytes) -> tuple[str, str]:
    """
    Encoding and error handler for text that is not (wholly) UTF-8.

    Text that is mostly UTF-8 stays so, with stray bytes read as Windows text: that is what pasting one file
    below another gives. Otherwise it is the eight-bit encoding in which the letters and signs beyond ASCII
    make the most sense beside their neighbours.
    """
    n_utf8 = len(re.findall(r"[^\x00-\x7f]", sample.decode("utf-8", "ignore")))
    n_stray = sample.decode("utf-8", "replace").count("\ufffd")
    if n_utf8 > n_stray:
        return "utf-8", _MIXED
    return min(_EIGHT_BIT, key=lambda encoding: _oddness(sample, encoding)), "replace"


def _oddness(sample: bytes, encoding: str) -> int:
    """How much in the text looks wrong: nonsense signs, capitals inside words, letters beside digits."""
    text = sample.decode(encoding, "replace")
    return sum(_sign_oddness(match[1], match[2], match[3]) for match in _BEYOND_ASCII.finditer(text))


_BEYOND_ASCII = re.compile(r"(?<=(.))([^\x00-\x7f])(?=(.))", re.DOTALL)


def _sign_oddness(before: str, sign: str, after: str) -> int:
    inside_word = before.isalpha() and after.isalpha()
    if not sign.isalpha():
        return 2 * (sign not in _USUAL_SIGNS) + (inside_word and sign not in "’\u00ad")
    if before.isdigit() or after.isdigit():
        return 2
    if sign.isupper() and (before.islower() or (inside_word and after.islower())):
        return 2
    return 0 if before.isalpha() or after.isalpha() else 1
