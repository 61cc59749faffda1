"""
What a step did, or why it was refused.

On the Records page it comes with the way back, and stays until the next step or another page (`tell`, `refuse`);
elsewhere it is said once, where the step was taken (`telling`, `draw_told`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import streamlit as st

from data.errors import InputError
from pages.shared import view
from pages.shared.door.access import by_recorders
from pages.shared.plain import plain

TOLD = f"{view.WIDGET}records-told"


@dataclass(frozen=True)
class Told:
    """One sentence; `undo` takes the step back and returns what is said then."""

    sentence: str
    is_refused: bool = False
    undo: Callable[[], str] | None = None


@contextmanager
def telling(place: str) -> Iterator[Callable[[str], None]]:
    """Take a step: what is said of it is drawn by `draw_told` of that place, and an `InputError` as its sentence."""
    try:
        yield partial(say_at, place)
    except InputError as error:
        st.session_state[key_of(place)] = Told(str(error), is_refused=True)


def say_at(place: str, sentence: str) -> None:
    """Say that something was done, by `draw_told` of that place."""
    st.session_state[key_of(place)] = Told(sentence)


def draw_told(place: str) -> bool:
    """Say once what became of a step; says whether it went well just now."""
    told = st.session_state.pop(key_of(place), None)
    if told is not None:
        _draw(told)
    return told is not None and not told.is_refused


def key_of(place: str) -> str:
    """Under which a session keeps what is to be said at a place."""
    return f"told-{place}"


def _draw(told: Told) -> None:
    (st.error if told.is_refused else st.success)(plain(told.sentence))


def tell(sentence: str, undo: Callable[[], str] | None = None) -> None:
    """Say that something was done. Only from a callback."""
    st.session_state[TOLD] = Told(sentence, undo=undo)


def refuse(sentence: str) -> None:
    """Say why something was not done. Only from a callback."""
    st.session_state[TOLD] = Told(sentence, is_refused=True)


def forget_told() -> None:
    """Say nothing any more."""
    st.session_state.pop(TOLD, None)


def say_what_happened() -> None:
    """Draw the sentence, and the button that takes the step back; the style keeps both in sight on a long page."""
    told = st.session_state.get(TOLD)
    if told is None:
        return
    with st.container(key="told"):
        _draw(told)
        if told.undo is not None:
            st.button("Undo", key="records-undo", on_click=_undo, args=(told.undo,))


@by_recorders
def _undo(undo: Callable[[], str]) -> None:
    try:
        tell(undo())
    except InputError as error:
        refuse(str(error))
