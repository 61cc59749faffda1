"""A table as CSV that a spreadsheet opens without running anything in it."""

import math
import re
import unicodedata
from decimal import Decimal
from numbers import Real

import pandas as pd

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
# Full-width, small and raised forms of them compute too in some languages, and so does the typographical minus.
_SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋⩵⩶﬩−"
# A longitude west of Greenwich and a lone dash begin like a formula and compute nothing.
HARMLESS = re.compile(r"-|-?[0-9]+(\.[0-9]+)?")
_NUMBER = re.compile(r" *-?[0-9]+(\.[0-9]+)? *")
# Where a spreadsheet of another language or setting may begin a new cell although CSV does not.
_NEW_CELL = re.compile(r"([;|:^~\t\n\v\f\x1c-\x1e\x85\u2028\u2029])")
_SUSPECT = re.compile(f"[{re.escape(_SIGNS)}\t\r\0]")
# What a spreadsheet may pass over before it looks for a formula, by Unicode category: blanks, invisible and combining letters.
_PASSED_OVER = ("C", "Z", "M")
_QUOTES = "\"'`´‘’“”„«»"
# Says to a spreadsheet that the file is UTF-8.
MARK = "\ufeff"


def to_csv(table: pd.DataFrame, with_mark: bool = False) -> str:
    """
    The table as CSV text without index; text that would be a formula gets an apostrophe in front.

    So does a piece of text that would be one where semicolons, tabs or line ends part the cells. Plain numbers stay as they
    are, so that rows to be corrected can be imported again.

    Parameters
    ----------
    table
        Any columns; their headings may be empty, or stand twice.
    with_mark
        As spreadsheets like it best: a byte order mark in front, and lines that end as on Windows.
    """
    # By position: the headings of a group's own log may be empty, or stand twice.
    columns = [table.iloc[:, position] for position in range(table.shape[1])]
    safe = pd.concat([_defused_column(column) for column in columns], axis=1)
    safe.columns = [_defused(heading) for heading in table.columns]
    return MARK * with_mark + safe.to_csv(index=False, lineterminator="\r\n" if with_mark else "\n")


def _defused_column(column: pd.Series) -> pd.Series:
    kinds = pd.api.types
    if kinds.is_integer_dtype(column) or kinds.is_bool_dtype(column) or kinds.is_datetime64_any_dtype(column):
        return column
    if kinds.is_float_dtype(column) and (column != -math.inf).all():
        return column
    return column.astype(object).map(_defused)


def _defused(value):
    if isinstance(value, str):
        return defused_text(value)
    # Minus infinity is a formula with a name in it; a number is not, however it is written.
    if isinstance(value, Real | Decimal) and value != -math.inf:
        return value
    written = str(value)
    defused = defused_text(written)
    return value if defused == written else defused


def defused_text(text: str) -> str:
    """
    The text as a spreadsheet takes it for text, wherever it begins its cells; line ends become plain ones.

    >>> defused_text("=1+1"), defused_text("-0.06"), defused_text("note;=1+1")
    ("'=1+1", '-0.06', "note;'=1+1")
    """
    if not _SUSPECT.search(text):
        return text
    is_lead = text.startswith(FORMULA_STARTS) and not HARMLESS.fullmatch(text)
    # The writer of CSV does not quote a carriage return, which would begin a row.
    first, *others = _NEW_CELL.split(text.replace("\r\n", "\n").replace("\r", "\n"))
    # Numbers with semicolons between, as of a point, are numbers however the cells are parted.
    if others and set(others[::2]) == {";"} and all(map(_NUMBER.fullmatch, text.split(";"))):
        return f"'{text}" if first.startswith("-") else text
    safe = first if not others and HARMLESS.fullmatch(first.strip(" ")) else _defused_piece(first)
    for mark, piece in zip(others[::2], others[1::2], strict=True):
        safe += mark + _defused_piece(piece)
    # A tab, a carriage return or a NUL in front is a beginning by itself, whatever follows.
    return f"'{safe}" if is_lead and not safe.startswith("'") else safe


def _defused_piece(piece: str) -> str:
    # An apostrophe in front already says that text follows.
    seen = "'" if piece.startswith("'") else next(filter(_is_seen, piece), " ")
    return f"'{piece}" if seen in _SIGNS else piece


def _is_seen(letter: str) -> bool:
    return letter not in _QUOTES and unicodedata.category(letter)[0] not in _PASSED_OVER
