"""
What is being looked at: it stands in the address, and the address decides.

Streamlit's own `bind="query-params"` replaces the address in place, so that Back leaves the page, and writes what is
shown (a borough's name) where we write its code. So a choice is written here, which adds an entry to the browser's
history. Wherever the address is another than the one last written (a link, Back, Forward), it is read anew; otherwise
the widgets have it. What the other pages were left at stands in the links to them.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

import streamlit as st

WIDGET = "control:"
# Under these a session keeps: the choices of the open page, by their names in the address; those of every page; the
# names that each page asked for; those that the open one has asked for so far; the page and its address as last
# written; whether something was just chosen.
VIEW, EVERYTHING, ASKED, ASKING, AT, CHOSEN = (
    "view", "view-everything", "view-asked", "view-asking", "view-at", "view-chosen",
)  # fmt: skip
# What a person may pick as a day. No record can lie outside.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2099, 12, 31)


def begin(page: str) -> None:
    """Begin a page, with what stands in its address where that is new."""
    state = st.session_state
    page_before, address_before = state.get(AT, ("", {}))
    if page != page_before:
        # The widgets of the page before still answer to their keys, but those of this page would start empty.
        _let_go(key for key in list(state) if str(key).startswith(WIDGET))
        state[VIEW] = _address()
    # A choice made before the browser knew the address of the one before is no step back.
    elif _address() != address_before and not state[CHOSEN]:
        _let_go(WIDGET + name for name in (*state[ASKING], *state[ASKED].get(page, ())))
        state[VIEW] = _address()
    state[AT], state[CHOSEN], state[ASKING] = (page, _address()), False, []
    state.setdefault(EVERYTHING, {})
    state.setdefault(ASKED, {})


def choose(
    widget: Callable, label: str, options: Mapping[str, str], name: str, default: str | None = None, **looks
) -> str:
    """
    One choice out of several, `name` in the address.

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
    wanted = value(name) or default
    _seed(name, wanted if wanted in options else default, lambda value: value in options)
    chosen = widget(label, list(options), **_keyed(name), format_func=options.get, **looks)
    # A segmented control can be switched off altogether; that means the default.
    chosen = default if chosen is None else chosen
    _remember(name, [chosen], [default])
    return chosen


def choose_many(label: str, options: Mapping[str, str], name: str, **looks) -> tuple[str, ...]:
    """Any number of choices, `name` in the address; none by default. Unknown values are dropped."""
    _seed(name, _known(name, options), lambda values: all(value in options for value in values))
    chosen = st.multiselect(label, list(options), **_keyed(name), format_func=options.get, **looks)
    _remember(name, chosen, [])
    return tuple(chosen)


def switch(label: str, name: str, **looks) -> bool:
    """A switch that is off by default, `name` in the address."""
    _seed(name, value(name) == "on", lambda value: isinstance(value, bool))
    is_on = st.toggle(label, **_keyed(name), **looks)
    _remember(name, ["on"] if is_on else [], [])
    return is_on


def write(label: str, name: str, default: str = "", **looks) -> str:
    """A text as a person types it, without spaces at its ends, `name` in the address."""
    _seed(name, next(iter(values(name)), default), lambda value: isinstance(value, str))
    text = st.text_input(label, **_keyed(name), **looks).strip()
    _remember(name, [text], [default])
    return text


def number(label: str, name: str, default: float, low: float, high: float, step: float, **looks) -> float:
    """A number between `low` and `high`, `name` in the address; whole if `step` is."""
    wanted = _as_number(value(name), type(step))
    is_valid = wanted is not None and low <= wanted <= high
    _seed(
        name,
        wanted if is_valid else default,
        lambda value: isinstance(value, type(step)) and low <= value <= high,
    )
    chosen = st.number_input(label, low, high, step=step, **_keyed(name), **looks)
    _remember(name, [_written(chosen)], [_written(default)])
    return chosen


def choose_day(label: str, name: str, default: date | None) -> date | None:
    """A day, `name` in the address, as 2022-06-11; `default` if the address holds no such day."""
    wanted = as_day(value(name)) or default
    _seed(name, wanted, lambda value: value is None or FIRST_DAY <= value <= LAST_DAY)
    day = st.date_input(label, **_keyed(name), min_value=FIRST_DAY, max_value=LAST_DAY, format="DD/MM/YYYY")
    _remember(name, [day.isoformat()] if day else [], [default.isoformat()] if default else [])
    return day


def undrawn(name: str, known: Container[str]) -> tuple[str, ...]:
    """The values of a choice that has no widget here; those that are not known are dropped."""
    known_values = _known(name, known)
    _remember(name, known_values, [])
    return tuple(known_values)


def values(name: str) -> list[str]:
    """What is chosen, as it stands in the address; empty for the default."""
    return st.session_state[VIEW].get(name, [])


def value(name: str) -> str:
    """The first of `values`; '' if there is none."""
    return next(iter(values(name)), "")


def current(name: str, options: Container[str], default: str) -> str:
    """What `choose` will return further down the page, for what is drawn above it."""
    wanted = st.session_state.get(WIDGET + name, value(name) or default)
    return wanted if wanted in options else default


def put(name: str, *values: str) -> None:
    """Set a choice; without values, back to its default. Only from a callback: the widget must not be drawn yet."""
    _keep(name, values)
    _let_go([WIDGET + name])
    _note_choice()


def forget(names: Sequence[str]) -> None:
    """Set choices back to their defaults. Only from a callback."""
    for name in names:
        put(name)


def link(page: str, names: Sequence[str], at_first: Sequence[str] = ()) -> dict[str, list[str]]:
    """
    What stands in a link to a page, so that it opens as it was left, in this tab or another.

    Of all that was chosen on any page, the choices of the given names and those that the page asked for when it was
    last open; if it never was, those of the names `at_first`.
    """
    everything = st.session_state[EVERYTHING]
    asked = (*names, *st.session_state[ASKED].get(page, at_first))
    return {name: everything[name] for name in asked if name in everything}


def write_address() -> str:
    """Write what this page asked for into the address; returns its query, '' if all is at its default."""
    state = st.session_state
    page, _ = state[AT]
    wanted = {name: state[VIEW][name] for name in state[ASKING] if name in state[VIEW]}
    # Writing the same again would add an entry to the browser's history at every step.
    if _address() != wanted:
        st.query_params.from_dict(wanted)
    state[AT], state[ASKED][page] = (page, wanted), state[ASKING]
    return urlencode(wanted, doseq=True)


def as_day(text: str) -> date | None:
    """The day that a text of an address names; None if it names none that may be picked."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _address() -> dict[str, list[str]]:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _keyed(name: str) -> dict:
    return {"key": WIDGET + name, "on_change": _note_choice}


def _note_choice() -> None:
    st.session_state[CHOSEN] = True


def _let_go(keys: Iterable[str]) -> None:
    for key in keys:
        st.session_state.pop(key, None)


def _known(name: str, known: Container[str]) -> list[str]:
    return [value for value in dict.fromkeys(values(name)) if value in known]


def _seed(name: str, value, is_valid: Callable[[object], bool]) -> None:
    key = WIDGET + name
    if key not in st.session_state or not is_valid(st.session_state[key]):
        st.session_state[key] = value


def _remember(name: str, values: Sequence[str], default: Sequence[str]) -> None:
    st.session_state[ASKING].append(name)
    _keep(name, [] if list(values) == list(default) else values)


def _keep(name: str, values: Sequence[str]) -> None:
    for choices in (st.session_state[VIEW], st.session_state[EVERYTHING]):
        if values:
            choices[name] = list(values)
        else:
            choices.pop(name, None)


def _written(value: float) -> str:
    """A number as it stands in the address, to be read back as it is: '1000000', '2.5'."""
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def _as_number(text: str, kind: type) -> float | None:
    try:
        return kind(text)
    except ValueError:
        return None
