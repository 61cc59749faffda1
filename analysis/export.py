"""A table as CSV that a spreadsheet opens without running anything in it."""

import pandas as pd

# A cell that begins with one of these is a formula to a spreadsheet (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


def to_csv(table: pd.DataFrame) -> str:
    """The table as CSV text, UTF-8, without index; text that would be a formula gets an apostrophe in front."""
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_harmless)
    safe.columns = [_harmless(column) for column in safe.columns]
    return safe.to_csv(index=False, lineterminator="\n")


def _harmless(value):
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
