"""Downloads of just what is shown, with the filters in the name of the file."""

import re
from collections.abc import Callable

import pandas as pd
import streamlit as st

from analysis.export import to_csv
from analysis.filters import Filters


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
        label,
        lambda: to_csv(make(), with_mark=True),
        file_name=name,
        mime="text/csv",
        key=key,
        on_click="ignore",
    )
