"""
The fields of one record, big enough for a thumb: the same where a raid is logged and where it is corrected.

Nothing here goes into the address, and emptying a form empties every one of its fields.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import streamlit as st

from data import clock
from data.errors import InputError
from data.log.entry import IncidentEntry
from data.places.named import NamedPlace as Place
from data.reading.dates import EARLIEST_YEAR, MONTHS
from data.schema import (
    OUTCOME_VALUES,
    POLICE_VALUES,
    RESPONSE_VALUES,
    SETTING_VALUES,
    UNKNOWN,
    ClosedList,
    labels,
)
from pages.shared import view
from pages.shared.frame.page import Frame
from pages.shared.plain import meanings
from pages.shared.records.record_place import draw_place, put_place

DAY, OTHER_DAY, MONTH, YEAR = "day", "other-day", "month", "year"
TIME, HOUR, SAID_SPAN, MORE = "time", "hour", "said-span", "more"
DAYS = {
    "today": "Today",
    "yesterday": "Yesterday",
    "other": "Another day",
    "month": "Only the month",
    "year": "Only the year",
}
# Hours of the day, from and to, both included.
WHOLE_DAY = (0, 23)
HOURS_OF_DAY = 24
PARTS = {
    WHOLE_DAY: "Not known",
    (0, 5): "Night 0–6",
    (6, 11): "Morning 6–12",
    (12, 17): "Afternoon 12–18",
    (18, 23): "Evening 18–24",
}
NUMBERS = {
    "people_detained": ("People detained", 1),
    "people_released": ("People let go", 1),
    "crowd_size": ("Crowd at its peak", 5),
    "duration_minutes": ("Minutes it took", 15),
}
NUMBER_PAIRS = (("people_detained", "people_released"), ("crowd_size", "duration_minutes"))
ANSWERS = {
    "police_present": ("Police besides immigration officers", POLICE_VALUES),
    "community_response": ("Did people respond?", RESPONSE_VALUES),
}
CHOICES = ("outcome", "setting", *ANSWERS)
# A slip of the finger gets the sentence of the store and not a silent correction.
MOST = 1_000_000


def form_name(name: str) -> str:
    """What the keys of a form begin with; they go when a person moves to another page, as those of all controls do."""
    return f"{view.WIDGET}{name}-"


def fill(form: str, values: Mapping | None = None, place: Place | None = None) -> None:
    """
    Put values into a form, and the defaults wherever there are none. Only from a callback, or before it is drawn.

    Parameters
    ----------
    values
        By the names of `IncidentEntry`; what is missing or None gets its default.
    """
    values = {name: value for name, value in (values or {}).items() if value is not None}
    state = st.session_state
    # A record that is known to the hour has a day.
    precision = values.get("date_precision", "day")
    _put_day(form, values.get("day", clock.today()), precision if precision in DAYS else "day")
    _put_hours(form, values.get("hour_from", 0), values.get("hour_to", 23))
    for name in CHOICES:
        state[form + name] = values.get(name, UNKNOWN)
    for name in NUMBERS:
        state[form + name] = values.get(name)
    # Said once: a drawer that closed by itself while a number is taken out would be a nuisance.
    state[form + MORE] = _says_more(values)
    put_place(form, place)


def fill_said(form: str, said: Mapping, place: Place | None = None) -> None:
    """
    Put what a message said into a form that is filled, and leave what was entered in all other fields; as `fill`.

    A day that it did not say must be chosen: today stands in a form that nobody has touched, and is not the day of the
    message for that. Another day was chosen by a person and stays.
    """
    state = st.session_state
    if "day" in said:
        _put_day(form, said["day"], said.get("date_precision", "day"))
    elif state[form + DAY] == "today":
        state[form + DAY] = None
    if "hour_from" in said:
        _put_hours(form, said["hour_from"], said["hour_to"])
    for name in (*CHOICES, *NUMBERS):
        if name in said:
            state[form + name] = said[name]
    state[form + MORE] = state[form + MORE] or _says_more(said)
    if place is not None:
        put_place(form, place)


def _says_more(values: Mapping) -> bool:
    """Whether any value belongs in the drawer of the form."""
    return any(values.get(name, UNKNOWN) != UNKNOWN for name in (*NUMBERS, *ANSWERS))


def _put_day(form: str, day: date, precision: str = "day") -> None:
    today, state = clock.today(), st.session_state
    quick = {today: "today", today - timedelta(days=1): "yesterday"}
    state[form + DAY] = quick.get(day, "other") if precision == "day" else precision
    state[form + OTHER_DAY] = day
    state[form + MONTH], state[form + YEAR] = day.month, day.year


def _put_hours(form: str, first: int, last: int) -> None:
    part = next(
        (part for part in list(PARTS)[1:] if first == last and part[0] <= first <= part[1]), (first, last)
    )
    state = st.session_state
    state[form + TIME] = part
    state[form + HOUR] = first if first == last else None
    state[form + SAID_SPAN] = part if part not in PARTS else None


def forget(form: str) -> None:
    """
    Forget all that stands in a form that is not drawn next. Only from a callback.

    It is filled anew in the run that draws it again: the browser is told of values that are put in then, and of no others.
    """
    for key in [key for key in st.session_state if str(key).startswith(form)]:
        del st.session_state[key]


def is_empty(form: str) -> bool:
    """Whether a form is not there yet, or was left: its fields must be filled before they are drawn."""
    return form + "outcome" not in st.session_state


def draw_fields(frame: Frame, form: str) -> Place | None:
    """Draw all fields; returns the place once it is known."""
    _draw_day(form)
    if _precision(form) == "day":
        _draw_time(form)
    place = draw_place(frame, form)
    _choose_value(st.pills, "How it ended", OUTCOME_VALUES, form + "outcome", width="stretch")
    _choose_value(st.pills, "What kind of place", SETTING_VALUES, form + "setting", width="stretch")
    with st.expander("Numbers, police and response, if known", expanded=st.session_state[form + MORE]):
        for pair in NUMBER_PAIRS:
            for column, name in zip(st.columns(2), pair, strict=True):
                label, step = NUMBERS[name]
                column.number_input(label, 0, MOST, None, step, key=form + name, placeholder="Not stated")
        for name, (label, values) in ANSWERS.items():
            _choose_value(st.segmented_control, label, values, form + name)
    return place


def read_fields(form: str) -> IncidentEntry:
    """
    What stands in a form.

    Raises
    ------
    InputError
        The day is missing.
    """
    state = st.session_state
    day = _day(form)
    if day is None:
        raise InputError("Say on which day it was.")
    precision = _precision(form)
    # Hours that stood in the form before the day was taken back say nothing.
    first, last = state[form + TIME] if precision == "day" else WHOLE_DAY
    hour = state.get(form + HOUR)
    if precision == "day" and hour is not None and first <= hour <= last:
        first = last = hour
    if first >= HOURS_OF_DAY:
        day, first, last = day + timedelta(days=1), first - HOURS_OF_DAY, last - HOURS_OF_DAY
    is_known = (first, last) != WHOLE_DAY
    return IncidentEntry(
        day=day,
        date_precision=precision,
        hour_from=first if is_known else None,
        hour_to=last if is_known else None,
        **{name: state[form + name] for name in ("setting", "outcome", *NUMBERS, *ANSWERS)},
    )


def _draw_day(form: str) -> None:
    st.segmented_control(
        "Which day", list(DAYS), key=form + DAY, format_func=DAYS.get, required=True, width="stretch"
    )
    chosen = st.session_state[form + DAY]
    if chosen in ("month", "year"):
        _draw_month_or_year(form, chosen)
    elif chosen == "other":
        st.date_input(
            "The day",
            key=form + OTHER_DAY,
            min_value=view.FIRST_DAY,
            max_value=clock.today(),
            format="DD/MM/YYYY",
        )


def _draw_month_or_year(form: str, chosen: str) -> None:
    years = range(clock.today().year, EARLIEST_YEAR - 1, -1)
    st.selectbox("The year", years, key=form + YEAR)
    if chosen == "month":
        st.pills(
            "The month",
            range(1, 13),
            key=form + MONTH,
            format_func=lambda month: MONTHS[month - 1][:3],
            required=True,
            width="stretch",
        )


def _precision(form: str) -> str:
    """How finely the day in the form is known: 'day', 'month' or 'year'."""
    chosen = st.session_state[form + DAY]
    return chosen if chosen in ("month", "year") else "day"


def _day(form: str) -> date | None:
    """The day chosen, or the first of the month or year chosen; None where none is."""
    state = st.session_state
    chosen = state[form + DAY]
    if chosen is None:
        return None
    if chosen in ("month", "year"):
        return date(state[form + YEAR], state[form + MONTH] if chosen == "month" else 1, 1)
    if chosen == "other":
        return st.session_state.get(form + OTHER_DAY)
    return clock.today() - timedelta(days=chosen == "yesterday")


def _draw_time(form: str) -> None:
    parts = dict(PARTS)
    said = st.session_state.get(form + SAID_SPAN)
    if said:
        next_day = " the next day" if said[1] >= HOURS_OF_DAY else ""
        parts[said] = f"{said[0]:02d}:00 to {_on_the_clock(said[1] + 1)}:00{next_day}"
    first, last = st.pills(
        "What time", list(parts), key=form + TIME, format_func=parts.get, required=True, width="stretch"
    )
    if (first, last) != WHOLE_DAY:
        st.pills(
            "In the hour from, if known",
            range(first, last + 1),
            key=form + HOUR,
            format_func=_on_the_clock,
            width="stretch",
        )


def _on_the_clock(hour: int) -> str:
    """An hour of a night that goes on after midnight, as the clock shows it; the end of the day is 24."""
    return f"{hour % HOURS_OF_DAY if hour > HOURS_OF_DAY else hour:02d}"


def _choose_value(widget: Callable, label: str, values: ClosedList, key: str, **looks) -> None:
    widget(
        label,
        list(values),
        key=key,
        format_func=labels(values).get,
        required=True,
        help=meanings(values),
        **looks,
    )
