"""
The comments of a workbook: nothing is read from them, but one that tells who or where somebody is refuses the file, so that it
is not passed on in the belief that it is clean.
"""

import re
from collections.abc import Callable, Iterator
from xml.parsers import expat

from data.errors import InputError
from data.files.workbook_limits import DAMAGED
from data.files.zipped import unpack_parts
from data.identifiers.identifiers import identifier_in

IN_COMMENT = (
    "{comment} looks like it holds {kind}; delete the comments of the workbook, save it, and import it again."
)

_XLSX_PARTS = re.compile(
    r"xl/(?:comments\w*|comments/\w+|threadedComments/\w+|worksheets/comments\w*)\.xml", re.IGNORECASE
)
_ODS_PART = re.compile(r"content\.xml")
_COMMENTS = ("comment", "threadedComment", "annotation")
# Who wrote a comment and when is not what it says.
_NOT_TEXT = ("creator", "date", "initials", "creator-initials")


def refuse_comments(data: bytes) -> None:
    """
    Let a workbook through whose comments hold no identifier.

    Parameters
    ----------
    data
        A zipped workbook (XLSX, ODS) that `zipped.check_zipped` has let through.

    Raises
    ------
    InputError
        A comment looks as if it held an identifier; the sentence names its cell where the file does.
    """
    for pattern in (_XLSX_PARTS, _ODS_PART):
        for unpack in unpack_parts(data, pattern):
            for cell, text in _comments_in(unpack) if _has_comment(unpack()) else []:
                if kind := identifier_in(text):
                    comment = f"The comment on cell {cell}" if cell else "A comment"
                    raise InputError(IN_COMMENT.format(comment=comment, kind=kind))


def _has_comment(pieces: Iterator[bytes]) -> bool:
    end = b""
    for piece in pieces:
        if b"omment" in end + piece or b"annotation" in end + piece:
            return True
        end = piece[-20:]
    return False


def _comments_in(unpack: Callable[[], Iterator[bytes]]) -> list[tuple[str, str]]:
    """Cell ('' where it is not said) and text of each comment of one part."""
    found: list[tuple[str, list[str]]] = []
    depth = {"comment": 0, "skipped": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if plain in _COMMENTS:
            depth["comment"] += 1
            cell = attributes.get("ref", "")
            found.append((cell if re.fullmatch(r"[A-Z]{1,3}[0-9]{1,7}", cell) else "", []))
        elif plain in _NOT_TEXT:
            depth["skipped"] += 1
        elif depth["comment"] and plain == "p":
            found[-1][1].append("\n")

    def end(name: str) -> None:
        plain = name.rpartition(":")[2]
        if plain in _COMMENTS:
            depth["comment"] -= 1
        elif plain in _NOT_TEXT:
            depth["skipped"] -= 1

    def text(characters: str) -> None:
        if depth["comment"] and not depth["skipped"]:
            found[-1][1].append(characters)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    try:
        for piece in unpack():
            parser.Parse(piece)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError):  # LookupError: an encoding nobody knows
        raise InputError(DAMAGED) from None
    return [(cell, "".join(characters)) for cell, characters in found]
