"""The search box of a map: a postcode or a place leads to the area that holds it."""

from collections.abc import Callable

import streamlit as st

from analysis.where.places import place_finder
from data.geography.search import Match, find_place
from pages.shared.ask import share
from pages.shared.frame.page import Frame
from pages.shared.plain import plain

BOX = "search-box"
PICK = "search-pick"
# Kinds of match that hold several areas of a level: the map goes there, but none of them is meant.
LARGER = {"borough": (), "district": ("borough",), "locality": ("borough", "district")}


def draw_search(frame: Frame, level: str, lead_to: Callable[[str, str], None]) -> None:
    """
    Draw the box, and lead to what is found.

    `lead_to` is called before the page runs again, with the code of the area of `level` that holds the place ('' where
    the place is larger than such an area) and the code to zoom to. What is typed is looked up on this machine and stands
    neither in the address nor in the store.
    """
    st.text_input(
        "Find a postcode or place",
        key=BOX,
        placeholder="SE15 4QL, N17 or Peckham",
        on_change=lambda: _look_up(frame, level, lead_to),
    )
    typed = st.session_state[BOX].strip()
    if not typed:
        return
    matches = find_place(typed)
    if not matches:
        st.caption(
            "No London postcode or place of that name is known here. Try a postcode district or a borough."
        )
    elif len(matches) == 1 and level == "borough" and matches[0].level != "borough":
        st.caption(
            f"{plain(matches[0].name)} lies in the borough that is marked. For a finer look choose Postcode districts above."
        )
    elif len(matches) > 1:
        st.pills(
            "More places of that name",
            range(len(matches)),
            format_func=lambda number: plain(matches[number].name),
            key=PICK,
            on_change=lambda: _go(frame, level, lead_to, matches[st.session_state[PICK] or 0]),
        )


def _look_up(frame: Frame, level: str, lead_to: Callable[[str, str], None]) -> None:
    st.session_state.pop(PICK, None)  # it numbers the matches of what was typed before
    typed = st.session_state[BOX].strip()
    matches = find_place(typed) if typed else []
    if matches:
        _go(frame, level, lead_to, matches[0])


def _go(frame: Frame, level: str, lead_to: Callable[[str, str], None], match: Match) -> None:
    if match.level in LARGER[level]:
        lead_to("", match.code)
        return
    code = (
        match.code
        if match.level == level
        else share(frame, place_finder, level).area_at(match.longitude, match.latitude)
    )
    if code:
        lead_to(code, code)
