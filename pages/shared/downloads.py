"""Downloads of just what is shown, with the filters in the name of the file."""

import re
from collections.abc import Callable

import pandas as pd
import streamlit as st

from analysis.filters import Filters

# A spreadsheet runs a cell that begins with one of these as a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(table: pd.DataFrame) -> bytes:
    """
    A table as CSV that spreadsheets open as it is meant: UTF-8 with a mark, and no text that runs as a formula.

    A text that begins like a formula gets an apostrophe in front, which spreadsheets hide.
    """
    safe = table.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_defused)
    safe.columns = [_defused(name) for name in safe.columns]
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def file_name(what: str, filters: Filters) -> str:
    """
    A name for a download that says what is in it and which filters were in force.

    >>> file_name("official visits by borough", Filters(outcomes=("no arrests",)))
    'official-visits-by-borough_no-arrests.csv'
    """
    return f"{re.sub(r'[^a-z0-9]+', '-', what.lower()).strip('-')}_{filters.slug()}.csv"


def offer_download(label: str, make: Callable[[], pd.DataFrame], name: str, key: str) -> None:
    """A button that makes the table when it is pressed, and saves it."""
    st.download_button(
        label, lambda: csv_bytes(make()), file_name=name, mime="text/csv", key=key, on_click="ignore"
    )


def _defused(cell):
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
