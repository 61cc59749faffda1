"""A table as CSV that a spreadsheet opens without running anything in it."""

import pandas as pd

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


def to_csv(table: pd.DataFrame) -> str:
    """The table as CSV text, UTF-8, without index; text that would be a formula gets an apostrophe in front."""
    # By position: the headings of a group's own log may be empty, or stand twice.
    columns = [table.iloc[:, position] for position in range(table.shape[1])]
    safe = pd.concat([column if _is_number(column) else column.map(_harmless) for column in columns], axis=1)
    safe.columns = [_harmless(heading) for heading in table.columns]
    return safe.to_csv(index=False, lineterminator="\n")


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)


def _harmless(value):
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
