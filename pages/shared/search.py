"""The search box of a map: a postcode or a place leads to the area that holds it."""

from collections.abc import Callable

import streamlit as st

from data.geography.search import Match, find_place
from pages.shared.answers import area_at
from pages.shared.frame import Frame
from pages.shared.plain import plain

BOX = "search-box"
PICK = "search-pick"


def draw_search(frame: Frame, level: str, on_found: Callable[[str], None]) -> None:
    """
    Draw the box, and say where the place that was found lies.

    `on_found` is called with the code of the area of `level`, before the page runs again. What is typed is looked up on
    this machine and stands neither in the address nor in the store.
    """
    st.text_input(
        "Find a postcode or place",
        key=BOX,
        placeholder="SE15 4QL, N17 or Peckham",
        on_change=lambda: _look_up(frame, level, on_found),
    )
    typed = st.session_state[BOX].strip()
    if not typed:
        return
    matches = find_place(typed)
    if not matches:
        st.caption(
            "No London postcode or place of that name is known here. Try a postcode district or a borough."
        )
    elif len(matches) > 1:
        st.pills(
            "More places of that name",
            range(len(matches)),
            format_func=lambda number: plain(matches[number].name),
            key=PICK,
            on_change=lambda: _go(frame, level, on_found, matches[st.session_state[PICK] or 0]),
        )


def _look_up(frame: Frame, level: str, on_found: Callable[[str], None]) -> None:
    st.session_state.pop(PICK, None)  # it numbers the matches of what was typed before
    typed = st.session_state[BOX].strip()
    _go(frame, level, on_found, next(iter(find_place(typed)), None) if typed else None)


def _go(frame: Frame, level: str, on_found: Callable[[str], None], match: Match | None) -> None:
    if match is None:
        return
    code = (
        match.code
        if match.level == level
        else area_at(frame.version, frame.store, level, match.longitude, match.latitude)
    )
    if code:
        on_found(code)
