"""A table as CSV that a spreadsheet opens without running anything in it."""

import re

import pandas as pd

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
# A longitude west of Greenwich and a lone dash begin like a formula and compute nothing.
HARMLESS = re.compile(r"-|[+-]?[0-9]+(\.[0-9]+)?")
# Says to a spreadsheet that the file is UTF-8.
MARK = "\ufeff"


def to_csv(table: pd.DataFrame, with_mark: bool = False) -> str:
    """
    The table as CSV text without index; text that would be a formula gets an apostrophe in front.

    Plain numbers stay as they are, so that rows to be corrected can be imported again.

    Parameters
    ----------
    table
        Any columns; their headings may be empty, or stand twice.
    with_mark
        As spreadsheets like it best: a byte order mark in front, and lines that end as on Windows.
    """
    # By position: the headings of a group's own log may be empty, or stand twice.
    columns = [table.iloc[:, position] for position in range(table.shape[1])]
    safe = pd.concat([column if _is_number(column) else column.map(_defused) for column in columns], axis=1)
    safe.columns = [_defused(heading) for heading in table.columns]
    return MARK * with_mark + safe.to_csv(index=False, lineterminator="\r\n" if with_mark else "\n")


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)


def _defused(value):
    if isinstance(value, str) and value.startswith(FORMULA_STARTS) and not HARMLESS.fullmatch(value):
        return f"'{value}"
    return value
