"""The filters in the sidebar of every page."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from analysis.filters import Filters
from analysis.periods import Period, preset_periods
from data.schema import (
    CONFIDENCE_VALUES,
    OUTCOME_VALUES,
    SETTING_VALUES,
    SOURCE_KIND_VALUES,
    ClosedList,
    labels,
)
from pages.shared import view
from pages.shared.plain import meanings

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
        outcomes=_choose_values("Outcomes", OUTCOME_VALUES, OUTCOME, "All outcomes"),
        settings=_choose_values("Settings", SETTING_VALUES, SETTING, "All settings"),
        source_kinds=_choose_values("Reported by", SOURCE_KIND_VALUES, SOURCE_KIND, "All sources"),
        confidences=_choose_values(
            "Confidence in the record", CONFIDENCE_VALUES, CONFIDENCE, "Any confidence"
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


def _choose_values(label: str, values: ClosedList, name: str, placeholder: str) -> tuple[str, ...]:
    return view.choose_many(label, labels(values), name, placeholder=placeholder, help=meanings(values))
