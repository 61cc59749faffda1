"""
What is being looked at: it stands in the address, and the address decides.

Streamlit's own `bind="query-params"` replaces the address in place, so that Back leaves the page, and writes what is
shown (a borough's name) where we write its code. So a choice is written here, which adds an entry to the browser's
history. Wherever the address is another than the one last written (a link, Back, Forward), it is read anew; otherwise
the widgets have it. What the other pages were left at stands in the links to them.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

import streamlit as st

WIDGET, SESSION = "control:", "view"
# What a person may pick as a day. No record can lie outside.
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2099, 12, 31)
Choices = dict[str, list[str]]


@dataclass
class _Session:
    """
    What a person has chosen, by its name in the address; a choice at its default is not there.

    `choices` are those of the open page, `everything` those of all; `asked` the names that each page asked for when last
    drawn to its end, `asking` those of the open one so far; `address` was last written; `is_chosen`: something just was.
    """

    page: str = ""
    address: Choices = field(default_factory=dict)
    choices: Choices = field(default_factory=dict)
    everything: Choices = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    asking: list[str] = field(default_factory=list)
    is_chosen: bool = False


def begin(page: str) -> None:
    """Begin a page, with what stands in its address where that is new."""
    session, address = _session(), _address()
    if page != session.page:
        # The widgets of the page before still answer to their keys, but those of this page would start empty.
        _let_go(key for key in list(st.session_state) if str(key).startswith(WIDGET))
        session.choices = dict(address)
    # A choice made before the browser knew the address of the one before is no step back.
    elif address != session.address and not session.is_chosen:
        _let_go(WIDGET + name for name in (*session.asking, *session.asked.get(page, ())))
        session.choices = dict(address)
    session.page, session.address, session.asking, session.is_chosen = page, address, [], False


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
    wanted = value(name) if value(name) in options else default
    looks |= _seeded(name, wanted, lambda value: value in options)
    # A segmented control can be switched off altogether; that means the default.
    chosen = widget(label, list(options), format_func=options.get, **looks) or default
    _remember(name, [chosen], [default])
    return chosen


def choose_many(label: str, options: Mapping[str, str], name: str, **looks) -> tuple[str, ...]:
    """Any number of choices, `name` in the address; none by default. Unknown values are dropped."""
    looks |= _seeded(name, _known(name, options), lambda values: all(value in options for value in values))
    return _remember(name, st.multiselect(label, list(options), format_func=options.get, **looks))


def undrawn(name: str, known: Container[str]) -> tuple[str, ...]:
    """The values of a choice that has no widget here; those that are not known are dropped."""
    return _remember(name, _known(name, known))


def switch(label: str, name: str, **looks) -> bool:
    """A switch that is off by default, `name` in the address."""
    looks |= _seeded(name, value(name) == "on", lambda value: isinstance(value, bool))
    return bool(_remember(name, ["on"] if st.toggle(label, **looks) else []))


def write(label: str, name: str, default: str = "", **looks) -> str:
    """A text as a person types it, without spaces at its ends, `name` in the address."""
    looks |= _seeded(name, next(iter(values(name)), default), lambda value: isinstance(value, str))
    return _remember(name, [st.text_input(label, **looks).strip()], [default])[0]


def number(label: str, name: str, default: float, low: float, high: float, step: float, **looks) -> float:
    """A number between `low` and `high`, `name` in the address; whole if `step` is."""
    wanted = _as_number(value(name), type(step))
    looks |= _seeded(
        name,
        wanted if wanted is not None and low <= wanted <= high else default,
        lambda value: isinstance(value, type(step)) and low <= value <= high,
    )
    chosen = st.number_input(label, low, high, step=step, **looks)
    _remember(name, [_written(chosen)], [_written(default)])
    return chosen


def choose_day(label: str, name: str, default: date | None) -> date | None:
    """A day, `name` in the address, as 2022-06-11; `default` if the address holds no such day."""
    looks = _seeded(
        name,
        as_day(value(name)) or default,
        lambda value: value is None or FIRST_DAY <= value <= LAST_DAY,
    )
    day = st.date_input(label, min_value=FIRST_DAY, max_value=LAST_DAY, format="DD/MM/YYYY", **looks)
    _remember(name, [day.isoformat()] if day else [], [default.isoformat()] if default else [])
    return day


def values(name: str) -> list[str]:
    """What is chosen, as it stands in the address; empty for the default."""
    return _session().choices.get(name, [])


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


def link(page: str, names: Sequence[str], at_first: Sequence[str] = ()) -> Choices:
    """
    What stands in a link to a page, so that it opens as it was left, in this tab or another.

    Of all that was chosen on any page, the choices of the given names and those that the page asked for when it was
    last open; if it never was, those of the names `at_first`.
    """
    session = _session()
    asked = (*names, *session.asked.get(page, at_first))
    return {name: session.everything[name] for name in asked if name in session.everything}


def write_address() -> str:
    """Write what this page asked for into the address; returns its query, '' if all is at its default."""
    session = _session()
    session.address = {name: session.choices[name] for name in session.asking if name in session.choices}
    session.asked[session.page] = session.asking
    # Writing the same again would add an entry to the browser's history at every step.
    if _address() != session.address:
        st.query_params.from_dict(session.address)
    return urlencode(session.address, doseq=True)


def as_day(text: str) -> date | None:
    """The day that a text of an address names; None if it names none that may be picked."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _session() -> _Session:
    return st.session_state.setdefault(SESSION, _Session())


def _address() -> Choices:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _note_choice() -> None:
    _session().is_chosen = True


def _let_go(keys: Iterable[str]) -> None:
    for key in keys:
        st.session_state.pop(key, None)


def _known(name: str, known: Container[str]) -> list[str]:
    return [value for value in dict.fromkeys(values(name)) if value in known]


def _seeded(name: str, wanted, is_valid: Callable[[object], bool]) -> dict:
    """What every widget is given, once it stands at what is wanted or at what a person made of it."""
    key = WIDGET + name
    if key not in st.session_state or not is_valid(st.session_state[key]):
        st.session_state[key] = wanted
    return {"key": key, "on_change": _note_choice}


def _remember(name: str, values: Sequence[str], default: Sequence[str] = ()) -> tuple[str, ...]:
    _session().asking.append(name)
    _keep(name, [] if list(values) == list(default) else values)
    return tuple(values)


def _keep(name: str, values: Sequence[str]) -> None:
    for choices in (_session().choices, _session().everything):
        choices.pop(name, None)
        if values:
            choices[name] = list(values)


def _written(value: float) -> str:
    """A number as it stands in the address, to be read back as it is: '1000000', '2.5'."""
    return str(value) if isinstance(value, int) else f"{value:.12g}"


def _as_number(text: str, kind: type) -> float | None:
    try:
        return kind(text)
    except ValueError:
        return None
