"""
Where a raid was: typed or tapped, and turned into its locality at once.

What was typed leaves the session as soon as it has been looked up, and the spot of a tap never leaves the browser.
"""

from html import escape

import streamlit as st

from analysis.where.places import area_names
from data.places.named import NamedPlace as Place
from data.places.named import place_of
from pages.shared.ask import ask
from pages.shared.door.told import draw_told, forget_told, telling
from pages.shared.frame.page import Frame
from pages.shared.records.log_map import draw_borough_map, draw_locality_map

TYPED, WAY, PLACE, BOROUGH = "place-typed", "place-way", "place", "place-borough"
ROUND, LAST_WAY = "place-round", "place-last-way"
WAYS = {"type": "Type it", "map": "Tap it on the map"}
KEPT = {
    "locality": "This locality is all that is kept.",
    "district": "This postcode district is all that is kept.",
    "borough": "This borough is all that is kept. A postcode or a tap on the map says more.",
}


def draw_place(frame: Frame, form: str) -> Place | None:
    """Ask for the place in the form of that name; returns it once it is known."""
    st.markdown("**Where**")
    place = st.session_state.get(form + PLACE)
    draw_told(form + PLACE)
    if place is None:
        if form + WAY not in st.session_state:
            st.session_state[form + WAY] = st.session_state.get(form + LAST_WAY, "type")
        way = st.segmented_control(
            "How to say where",
            list(WAYS),
            format_func=WAYS.get,
            key=form + WAY,
            required=True,
            label_visibility="collapsed",
        )
        st.session_state[form + LAST_WAY] = way  # for when it is changed
        if way == "map":
            _draw_map(frame, form)
        else:
            _draw_box(form)
        return None
    with st.container(horizontal=True, vertical_alignment="center", key=f"{form}place-known"):
        kept = KEPT.get(place.location_precision, "This is all that is kept.")
        st.html(f'<p class="said"><strong>{escape(place.label)}</strong><br>{kept}</p>')
        st.button("Change", key=f"{form}place-change", on_click=_change, args=(form,))
    return place


def settle_place(form: str) -> Place | None:
    """
    The place, also where somebody typed one and at once pressed a button further down. Only from a callback.

    Raises
    ------
    InputError
        What was typed is not a place, or looks like an address.
    """
    typed = st.session_state.get(_typed_key(form), "").strip()
    if typed:
        _empty_box(form)
        put_place(form, place_of(typed))
    return st.session_state.get(form + PLACE)


def put_place(form: str, place: Place | None) -> None:
    """Set the place of a form, or empty it. Only from a callback or before the form is drawn."""
    st.session_state[form + PLACE] = place
    _empty_box(form)
    # Where the map begins if the place is changed: a tap beside the right locality is mended with one more.
    st.session_state[form + BOROUGH] = place.borough_code if place else None


def forget_place(form: str) -> None:
    """Ask for the place anew."""
    put_place(form, None)


def _typed_key(form: str) -> str:
    return f"{form}{TYPED}-{st.session_state.get(form + ROUND, 0)}"


def _empty_box(form: str) -> None:
    # A new box for each text: Streamlit drops all it has of a box that is no longer drawn, and keeps what was last sent
    # from one that is.
    st.session_state.pop(_typed_key(form), None)
    st.session_state[form + ROUND] = st.session_state.get(form + ROUND, 0) + 1


def _change(form: str) -> None:
    st.session_state[form + PLACE] = None


def _draw_box(form: str) -> None:
    st.text_input(
        "Postcode, district, borough or place",
        key=_typed_key(form),
        placeholder="SE15, Peckham, Hackney …",
        max_chars=60,
        on_change=_look_up,
        args=(form,),
    )
    st.caption("It is turned into its locality on this machine, and thrown away.")


def _look_up(form: str) -> None:
    forget_told()  # that a place was missing
    with telling(form + PLACE):
        settle_place(form)


def _draw_map(frame: Frame, form: str) -> None:
    borough = st.session_state.get(form + BOROUGH)
    if borough not in ask(frame, area_names, "borough"):
        st.caption("Tap the borough. What comes next are its localities.")
        draw_borough_map(frame, form, lambda code: st.session_state.update({form + BOROUGH: code}))
        return
    st.caption("Tap the locality. The spot itself is not kept, nor does it leave this screen.")
    draw_locality_map(frame, borough, form, lambda code: _take(form, code))
    with st.container(horizontal=True):
        st.button(
            "Only the borough is known", key=f"{form}place-only-borough", on_click=_take, args=(form, borough)
        )
        st.button("Another borough", key=f"{form}place-other-borough", on_click=forget_place, args=(form,))


def _take(form: str, code: str) -> None:
    forget_told()
    with telling(form + PLACE):
        put_place(form, place_of(code))
