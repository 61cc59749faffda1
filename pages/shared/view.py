"""
What is being looked at: kept for the session, carried over from page to page, and written into the address.

Streamlit forgets a widget's value and clears the address when a person moves to another page. So every choice is
kept here too, as the texts that stand in the address. The address decides when a session begins; afterwards the
session does.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st

KEPT = "view"
ASKED = "view-asked"
PAGE = "view-page"
WIDGET = "control:"
# What a person may pick as a day. No record can lie outside.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2099, 12, 31)


def kept() -> dict[str, list[str]]:
    """Every choice that differs from its default, by its name in the address; all pages together."""
    if KEPT not in st.session_state:
        st.session_state[KEPT] = {name: st.query_params.get_all(name) for name in st.query_params}
    return st.session_state[KEPT]


def begin(page: str) -> None:
    """Begin a page: nothing has been asked for yet, so nothing stands in its address."""
    st.session_state[ASKED] = []
    if st.session_state.get(PAGE) != page:
        # The widgets of the page before still answer to their keys, but those of this page would start empty.
        for key in [key for key in st.session_state if str(key).startswith(WIDGET)]:
            del st.session_state[key]
    st.session_state[PAGE] = page


def choose(
    widget: Callable, label: str, options: Mapping[str, str], name: str, default: str | None = None, **looks
) -> str:
    """
    One choice out of several, remembered under `name`.

    Parameters
    ----------
    widget
        `st.selectbox`, `st.radio`, `st.segmented_control` or alike.
    options
        Value (as it stands in the address) -> text shown.
    default
        A key of `options`; the first if not given. A value that is not in `options` falls back to it.
    """
    default = next(iter(options)) if default is None else default
    wanted = next(iter(kept().get(name, [])), default)
    _seed(name, wanted if wanted in options else default, lambda value: value in options)
    chosen = widget(label, list(options), key=WIDGET + name, format_func=options.get, **looks)
    # A segmented control can be switched off altogether; that means the default.
    chosen = default if chosen is None else chosen
    _remember(name, [chosen], [default])
    return chosen


def choose_many(label: str, options: Mapping[str, str], name: str, **looks) -> tuple[str, ...]:
    """Any number of choices, remembered under `name`; none by default. Unknown values are dropped."""
    _seed(
        name,
        [value for value in dict.fromkeys(kept().get(name, [])) if value in options],
        lambda values: all(value in options for value in values),
    )
    chosen = st.multiselect(label, list(options), key=WIDGET + name, format_func=options.get, **looks)
    _remember(name, chosen, [])
    return tuple(chosen)


def switch(label: str, name: str, **looks) -> bool:
    """A switch that is off by default, remembered under `name`."""
    _seed(name, kept().get(name) == ["on"], lambda value: isinstance(value, bool))
    is_on = st.toggle(label, key=WIDGET + name, **looks)
    _remember(name, ["on"] if is_on else [], [])
    return is_on


def write(label: str, name: str, default: str = "", **looks) -> str:
    """A text as a person types it, without spaces at its ends, remembered under `name`."""
    _seed(name, next(iter(kept().get(name, [])), default), lambda value: isinstance(value, str))
    text = st.text_input(label, key=WIDGET + name, **looks).strip()
    _remember(name, [text], [default])
    return text


def number(label: str, name: str, default: float, low: float, high: float, step: float, **looks) -> float:
    """A number between `low` and `high`, remembered under `name`; whole if `step` is."""
    wanted = _as_number(next(iter(kept().get(name, [])), ""), type(step))
    is_valid = wanted is not None and low <= wanted <= high
    _seed(
        name,
        wanted if is_valid else default,
        lambda value: isinstance(value, type(step)) and low <= value <= high,
    )
    chosen = st.number_input(label, low, high, step=step, key=WIDGET + name, **looks)
    _remember(name, [_written(chosen)], [_written(default)])
    return chosen


def choose_day(label: str, name: str, default: date | None) -> date | None:
    """A day, remembered under `name` as 2022-06-11; `default` if the address holds no such day."""
    wanted = _as_day(next(iter(kept().get(name, [])), "")) or default
    _seed(name, wanted, lambda value: value is None or FIRST_DAY <= value <= LAST_DAY)
    day = st.date_input(
        label, key=WIDGET + name, min_value=FIRST_DAY, max_value=LAST_DAY, format="DD/MM/YYYY"
    )
    _remember(name, [day.isoformat()] if day else [], [default.isoformat()] if default else [])
    return day


def current(name: str, options: Mapping[str, str], default: str) -> str:
    """What `choose` will return further down the page, for what is drawn above it."""
    wanted = st.session_state.get(WIDGET + name, next(iter(kept().get(name, [])), default))
    return wanted if wanted in options else default


def code(name: str, known: Container[str]) -> str:
    """A code that was `put` under `name`; '' if there is none or it is not a known one."""
    wanted = next(iter(kept().get(name, [])), "")
    _remember(name, [wanted] if wanted in known else [], [])
    return wanted if wanted in known else ""


def put(name: str, value: str) -> None:
    """Set a choice from a click on the map or alike. Only from a callback: the widget must not be drawn yet."""
    kept()[name] = [value]
    st.session_state.pop(WIDGET + name, None)


def forget(names: Sequence[str]) -> None:
    """Set choices back to their defaults. Only from a callback."""
    for name in names:
        kept().pop(name, None)
        st.session_state.pop(WIDGET + name, None)


def write_address() -> str:
    """Write what this page asked for into the address; returns its query, '' if all is at its default."""
    wanted = {name: kept()[name] for name in st.session_state[ASKED] if name in kept()}
    # Writing the same again would add an entry to the browser's history at every step.
    if {name: st.query_params.get_all(name) for name in st.query_params} != wanted:
        st.query_params.from_dict(wanted)
    return urlencode(wanted, doseq=True)


def _seed(name: str, value, is_valid: Callable[[object], bool]) -> None:
    key = WIDGET + name
    if key not in st.session_state or not is_valid(st.session_state[key]):
        st.session_state[key] = value


def _remember(name: str, values: Sequence[str], default: Sequence[str]) -> None:
    st.session_state[ASKED].append(name)
    if list(values) == list(default):
        kept().pop(name, None)
    else:
        kept()[name] = list(values)


def _written(value: float) -> str:
    """A number as it stands in the address, to be read back as it is: '1000000', '2.5'."""
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def _as_number(text: str, kind: type) -> float | None:
    try:
        return kind(text)
    except ValueError:
        return None


def _as_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
