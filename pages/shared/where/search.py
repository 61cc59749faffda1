"""The search box: a postcode or a place leads to the area that holds it, and a slip of the finger to what was meant."""

from collections.abc import Callable, Sequence

import streamlit as st

from analysis.where.places import place_finder
from data.geography.search import Match, find_place, is_elsewhere, suggest_places
from pages.shared.ask import share
from pages.shared.frame.page import Frame
from pages.shared.plain import plain

BOX = "search-box"
PICK = "search-pick"
# Kinds of match that hold several areas of a level: the map goes there, but none of them is meant.
LARGER = {"borough": (), "district": ("borough",), "locality": ("borough", "district")}
# The finest level that official figures have: where a postcode or a place leads to that is no area of the pages itself.
FINEST_COUNTED = "district"
ELSEWHERE = "That lies outside London, and these records hold London alone. Try a postcode district such as SE15, or a borough."
UNKNOWN = "No London postcode or place of that name is known here. Try a postcode district such as SE15, or choose a borough below."
MEANT = "That is not known here. Did you mean …"


def draw_search(frame: Frame, level: str, lead_to: Callable[[str, str], None]) -> None:
    """
    Draw the box over a map of one level, and lead to what is found.

    `lead_to` is called before the page runs again, with the code of the area of `level` that holds the place ('' where
    the place is larger than such an area) and the code to zoom to. What is typed is looked up on this machine and stands
    neither in the address nor in the store.
    """

    def go(match: Match) -> None:
        if match.level in LARGER[level]:
            lead_to("", match.code)
            return
        code = match.code if match.level == level else _area_around(frame, match, level)
        if code:
            lead_to(code, code)

    matches = _draw_box("Find a postcode or place", go)
    if len(matches) == 1 and level == "borough" and matches[0].level != "borough":
        st.caption(
            f"{plain(matches[0].name)} lies in the borough that is marked. For a finer look choose Postcode districts above."
        )


def draw_area_search(frame: Frame, lead_to: Callable[[str], None]) -> None:
    """
    Draw the box that leads to the page of one area.

    `lead_to` is called before the page runs again, with the area's code: that of a borough, district or locality as it
    was typed, and for a full postcode, a sector or a place the postcode district around it, the finest with official figures.
    """

    def go(match: Match) -> None:
        is_meant = match.level in ("borough", "district")
        code = match.code if is_meant else _area_around(frame, match, FINEST_COUNTED)
        if code:
            lead_to(code)

    _draw_box("What about where I live? Type a postcode, an area or a borough, and press Enter", go)


def _draw_box(label: str, go: Callable[[Match], None]) -> Sequence[Match]:
    """The box, what it says, and what else is called so; what was found is returned."""
    st.text_input(label, key=BOX, placeholder="SE15 4QL, N17 or Peckham", on_change=lambda: _look_up(go))
    typed = st.session_state[BOX].strip()
    if not typed:
        return []
    matches = find_place(typed)
    offered = matches if len(matches) > 1 else [] if matches else suggest_places(typed)
    if not matches and not offered:
        st.caption(ELSEWHERE if is_elsewhere(typed) else UNKNOWN)
    if offered:
        st.pills(
            "More places of that name" if matches else MEANT,
            range(len(offered)),
            format_func=lambda number: plain(offered[number].name),
            key=PICK,
            on_change=lambda: _pick(go, offered),
        )
    return matches


def _look_up(go: Callable[[Match], None]) -> None:
    st.session_state.pop(PICK, None)  # it numbers the matches of what was typed before
    typed = st.session_state[BOX].strip()
    matches = find_place(typed) if typed else []
    if matches:
        go(matches[0])


def _pick(go: Callable[[Match], None], offered: Sequence[Match]) -> None:
    number = st.session_state[PICK]
    if number is not None:
        go(offered[number])


def _area_around(frame: Frame, match: Match, level: str) -> str | None:
    return share(frame, place_finder, level).area_at(match.longitude, match.latitude)
