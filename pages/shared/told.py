"""What the last step on the Records page did, and the way back; it stays until the next step or another page."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from data.errors import InputError
from pages.shared import view
from pages.shared.access import by_recorders
from pages.shared.plain import plain

TOLD = f"{view.WIDGET}records-told"


@dataclass(frozen=True)
class Told:
    """One sentence; `undo` takes the step back and returns what is said then."""

    sentence: str
    is_refused: bool = False
    undo: Callable[[], str] | None = None


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
        (st.error if told.is_refused else st.success)(plain(told.sentence))
        if told.undo is not None:
            st.button("Undo", key="records-undo", on_click=_undo, args=(told.undo,))


@by_recorders
def _undo(undo: Callable[[], str]) -> None:
    try:
        tell(undo())
    except InputError as error:
        refuse(str(error))
