"""Spots where leaflets are handed out; they go on the printed sheets and are kept nowhere else."""

import streamlit as st

from analysis.leafleting.requests import SPOT_KINDS, Spot, read_spot
from pages.shared.door.told import draw_told, telling
from pages.shared.plain import plain

SPOTS, SPOT = "leaflet-spots", "spot"
KIND, PLACE, NUMBER = "spot-kind", "spot-place", "spot-leaflets"
MOST = 100_000


def chosen_spots() -> tuple[Spot, ...]:
    """The spots added so far."""
    return st.session_state.get(SPOTS, ())


def draw_spots() -> None:
    """Add a spot, and take one away."""
    with st.expander("Spots besides doors: rows of shops, markets, stations"):
        st.caption(
            "They go on the cover sheet and a sheet of their own, and are forgotten when this window is closed."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox("Kind", SPOT_KINDS, key=KIND, format_func=str.capitalize, width=200)
            st.text_input(
                "Postcode or place", key=PLACE, placeholder="SE15 5BA or Rye Lane", max_chars=60, width=240
            )
            st.number_input("Leaflets there", 1, MOST, 100, 50, key=NUMBER, width=180)
            st.button("Add the spot", on_click=_add)
        draw_told(SPOT)
        for number, spot in enumerate(chosen_spots()):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(plain(f"{spot.kind.capitalize()}, {spot.place}: {spot.leaflets:,} leaflets"))
                st.button("Take it away", on_click=_take_away, args=(number,), key=f"spot-away-{number}")


def _add() -> None:
    with telling(SPOT):
        spot = read_spot(st.session_state[KIND], st.session_state[PLACE], st.session_state[NUMBER])
        st.session_state[SPOTS] = (*chosen_spots(), spot)
        st.session_state[PLACE] = ""


def _take_away(number: int) -> None:
    spots = chosen_spots()
    st.session_state[SPOTS] = spots[:number] + spots[number + 1 :]
