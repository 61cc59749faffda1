"""The filters: their controls in the sidebar, what of them is in force, and how each is taken off."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from analysis.filters import Filters, Period, preset_periods
from data.schema import (
    CONFIDENCE_VALUES,
    OUTCOME_VALUES,
    SETTING_VALUES,
    SOURCE_KIND_VALUES,
    ClosedList,
    labels,
)
from pages.shared import view
from pages.shared.plain import meanings, plain

# The filters' names in the address.
PERIOD, DATE_FROM, DATE_TO = "period", "from", "to"
OUTCOME, SETTING, BOROUGH, SOURCE_KIND, CONFIDENCE = (
    "outcome",
    "setting",
    "borough",
    "reported-by",
    "confidence",
)
DATES = (PERIOD, DATE_FROM, DATE_TO)
FILTER_NAMES = (*DATES, OUTCOME, SETTING, BOROUGH, SOURCE_KIND, CONFIDENCE)

CUSTOM = "custom"
NO_FILTER = "No filter in force: all records."


@dataclass(frozen=True)
class Choice:
    """A filter of which any number of values is chosen: its control, what a chip calls it, and its field of `Filters`."""

    label: str
    placeholder: str
    word: str
    field: str
    options: Mapping[str, str]
    help: str | None = None


class _AnyDay:
    def __contains__(self, text: str) -> bool:
        return view.as_day(text) is not None


def draw_filters(
    used: Collection[str], borough_names: Mapping[str, str], first: date | None, last: date | None
) -> Filters:
    """
    Draw the filters that a page uses where the caller stands, and return what is chosen.

    Those it does not use stay in the address, so that they hold on the page after it; nothing is filtered by them here.

    Parameters
    ----------
    used
        Names of filters as they stand in the address, of `FILTER_NAMES`.
    borough_names
        ONS code -> name, in the order shown.
    first, last
        The days that the records reach; None for an empty store.
    """
    periods = preset_periods(first, last)
    date_from, date_to = _choose_dates(periods, first, last) if PERIOD in used else _keep_dates(periods)
    chosen = {}
    for name, choice in _choices(borough_names).items():
        if name in used:
            chosen[choice.field] = view.choose_many(
                choice.label, choice.options, name, placeholder=choice.placeholder, help=choice.help
            )
        else:
            view.undrawn(name, choice.options)
    return Filters(date_from=date_from, date_to=date_to, **chosen)


def draw_in_force(filters: Filters, borough_names: Mapping[str, str]) -> None:
    """Say what is filtered, each with a cross that takes it off."""
    if filters.is_empty():
        st.caption(NO_FILTER)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="in-force"):
        st.caption("Filters in force:", width="content")
        for text in Filters(filters.date_from, filters.date_to).describe():
            _draw_chip(text, PERIOD, "")
        for name, choice in _choices(borough_names).items():
            for value in getattr(filters, choice.field):
                _draw_chip(f"{choice.word}: {choice.options[value]}", name, value)


def reset_filters() -> None:
    """Set every filter back to 'all'; a callback."""
    view.forget(FILTER_NAMES)


def _draw_chip(text: str, name: str, value: str) -> None:
    st.button(
        plain(text),
        key=f"chip-{name}-{value}",
        icon=":material/close:",
        icon_position="right",
        on_click=_take_off,
        args=(name, value),
    )


def _take_off(name: str, value: str) -> None:
    if name == PERIOD:
        view.forget(DATES)
    else:
        view.put(name, *(other for other in view.values(name) if other != value))


def _choices(borough_names: Mapping[str, str]) -> dict[str, Choice]:
    return {
        BOROUGH: Choice("Boroughs", "All boroughs", "Borough", "boroughs", borough_names),
        OUTCOME: _choice("Outcomes", "All outcomes", "Outcome", "outcomes", OUTCOME_VALUES),
        SETTING: _choice("Settings", "All settings", "Setting", "settings", SETTING_VALUES),
        SOURCE_KIND: _choice("Reported by", "All sources", "Source", "source_kinds", SOURCE_KIND_VALUES),
        CONFIDENCE: _choice(
            "Confidence in the record", "Any confidence", "Confidence", "confidences", CONFIDENCE_VALUES
        ),
    }


def _choice(label: str, placeholder: str, word: str, field: str, values: ClosedList) -> Choice:
    return Choice(label, placeholder, word, field, labels(values), meanings(values))


def _choose_dates(
    periods: Mapping[str, Period], first: date | None, last: date | None
) -> tuple[date | None, date | None]:
    labels = {CUSTOM: "Choose the dates …"} | {name: period.label for name, period in periods.items()}
    chosen = view.choose(st.selectbox, "Period", labels, PERIOD, "all")
    if chosen != CUSTOM:
        return periods[chosen].date_from, periods[chosen].date_to
    date_from = view.choose_day("From", DATE_FROM, first)
    date_to = view.choose_day("To (included)", DATE_TO, last)
    if date_from and date_to and date_from > date_to:
        st.caption("‘From’ is later than ‘To’; they were swapped.")
        date_from, date_to = date_to, date_from
    return date_from, date_to


def _keep_dates(periods: Mapping[str, Period]) -> tuple[None, None]:
    if view.undrawn(PERIOD, {*periods, CUSTOM} - {"all"}) == (CUSTOM,):
        view.undrawn(DATE_FROM, _AnyDay())
        view.undrawn(DATE_TO, _AnyDay())
    return None, None
