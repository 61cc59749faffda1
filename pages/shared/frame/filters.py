"""The filters in the sidebar of every page."""

from collections.abc import Mapping, Sequence
from datetime import date

import streamlit as st

from analysis.filters import Filters
from analysis.periods import Period, preset_periods
from data.schema import CONFIDENCES, OUTCOMES, SETTINGS, SOURCE_KINDS
from pages.shared import view

# The filters' names in the address.
PERIOD, DATE_FROM, DATE_TO = "period", "from", "to"
OUTCOME, SETTING, BOROUGH, SOURCE_KIND, CONFIDENCE = (
    "outcome",
    "setting",
    "borough",
    "reported-by",
    "confidence",
)
FILTER_NAMES = (PERIOD, DATE_FROM, DATE_TO, OUTCOME, SETTING, BOROUGH, SOURCE_KIND, CONFIDENCE)

CUSTOM = "custom"


def draw_filters(borough_names: Mapping[str, str], first: date | None, last: date | None) -> Filters:
    """
    Draw the filters where the caller stands, and return what is chosen.

    Parameters
    ----------
    borough_names
        ONS code -> name, in the order shown.
    first, last
        The days that the records reach; None for an empty store.
    """
    date_from, date_to = _choose_dates(preset_periods(first, last), first, last)
    return Filters(
        date_from=date_from,
        date_to=date_to,
        boroughs=view.choose_many("Boroughs", borough_names, BOROUGH, placeholder="All boroughs"),
        outcomes=view.choose_many("Outcomes", _words(OUTCOMES), OUTCOME, placeholder="All outcomes"),
        settings=view.choose_many("Settings", _words(SETTINGS), SETTING, placeholder="All settings"),
        source_kinds=view.choose_many(
            "Reported by", _words(SOURCE_KINDS), SOURCE_KIND, placeholder="All sources"
        ),
        confidences=view.choose_many(
            "Confidence in the record", _words(CONFIDENCES), CONFIDENCE, placeholder="Any confidence"
        ),
    )


def reset_filters() -> None:
    """Set every filter back to 'all'; a callback."""
    view.forget(FILTER_NAMES)


def _choose_dates(
    presets: Mapping[str, Period], first: date | None, last: date | None
) -> tuple[date | None, date | None]:
    labels = {name: period.label for name, period in presets.items()} | {CUSTOM: "Choose the dates …"}
    chosen = view.choose(st.selectbox, "Period", labels, PERIOD)
    if chosen != CUSTOM:
        return presets[chosen].date_from, presets[chosen].date_to
    date_from = view.choose_day("From", DATE_FROM, first)
    date_to = view.choose_day("To (included)", DATE_TO, last)
    if date_from and date_to and date_from > date_to:
        st.caption("‘From’ is later than ‘To’; they were swapped.")
        date_from, date_to = date_to, date_from
    return date_from, date_to


def _words(words: Sequence[str]) -> dict[str, str]:
    return {word: word.capitalize() for word in words}
