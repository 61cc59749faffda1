"""
Logging a raid by hand: a message read and thrown away, the form, a sentence of what will be kept, and the way back.

The message reaches this machine only when the button below it is pressed, is read in that very step, and stays nowhere.
"""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from analysis.records.record_words import record_in_words
from analysis.words import day_in_words
from data import clock
from data.errors import InputError
from data.log.acts import Logged, log_incident
from data.log.entry import entry_columns
from data.log.undoing import undo_change
from data.message.draft import read_message
from data.places.named import NamedPlace as Place
from data.places.named import place_of
from pages.shared import view
from pages.shared.door.access import by_recorders
from pages.shared.door.told import forget_told, refuse, say_what_happened, tell
from pages.shared.frame.page import Frame
from pages.shared.plain import plain
from pages.shared.records.record_cards import draw_own, find_record, hidden_until, remember_own
from pages.shared.records.record_fields import (
    draw_fields,
    fill,
    fill_said,
    forget,
    form_name,
    is_empty,
    read_fields,
)
from pages.shared.records.record_place import settle_place

FORM = form_name("log")
MESSAGE = f"{view.WIDGET}message"
SAID, LOGGED = f"{view.WIDGET}log-said", f"{view.WIDGET}log-logged"
MOST_CHARACTERS = 4000
FIELD_WORDS = {
    "day": "the day",
    "date_precision": "the day",
    "hour_from": "the time",
    "hour_to": "the time",
    "place_text": "the place",
    "setting": "the kind of place",
    "outcome": "how it ended",
    "people_detained": "people detained",
    "people_released": "people let go",
    "crowd_size": "the crowd",
    "duration_minutes": "how long it took",
    "police_present": "the police",
    "community_response": "the response",
}


def draw_log(frame: Frame) -> None:
    """Log a raid, and what was logged in this session."""
    say_what_happened()
    logged = st.session_state.get(LOGGED)
    record = find_record(frame, logged.incident_id) if logged else None
    if record:
        _draw_logged(frame, logged, record)
    else:
        # Also where the record just saved was deleted below.
        st.session_state.pop(LOGGED, None)
        _draw_form(frame)
    st.divider()
    draw_own(frame)


def _draw_form(frame: Frame) -> None:
    if is_empty(FORM):
        fill(FORM)
    with st.container(key="thumb-log"):
        _draw_message()
        place = draw_fields(frame, FORM)
        _draw_preview(place)
        st.button("Save this record", type="primary", width="stretch", on_click=_save, args=(frame,))


def _draw_preview(place: Place | None) -> None:
    if place is None:
        st.caption("Once it is said where, all that will be kept is shown here.")
        return
    try:
        kept = record_in_words(entry_columns(read_fields(FORM), place), place.label)
        st.html(f'<p class="kept"><span>All that will be kept:</span> {escape(kept)}</p>')
    except InputError as error:
        st.warning(plain(str(error)))


def _draw_message() -> None:
    # Inside a form nothing is sent before its button is pressed.
    key = _message_key()
    with (
        st.expander("Paste a message (optional)", key=f"{key}-drawer"),
        st.form("message-form", border=False),
    ):
        st.text_area(
            "The message as it came",
            key=key,
            height=110,
            max_chars=MOST_CHARACTERS,
            placeholder="From a group chat or a social feed",
        )
        st.caption("It is read by rules on this machine, and thrown away at once.")
        st.form_submit_button("Fill the form from it", on_click=_read, width="stretch")
    if SAID in st.session_state:
        st.info(plain(st.session_state.pop(SAID)))


def _message_key() -> str:
    return f"{MESSAGE}-{st.session_state.get(MESSAGE, 0)}"


def _read() -> None:
    text = st.session_state.pop(_message_key())
    # A new box: Streamlit drops all it has of a box that is no longer drawn, and keeps what was last sent from one that is.
    st.session_state[MESSAGE] = st.session_state.get(MESSAGE, 0) + 1
    if not text.strip():
        st.session_state[SAID] = "There is no message to read. Paste one above, or fill in the form by hand."
        return
    draft = read_message(text, clock.today())
    if draft.tells_of_no_raid:
        st.session_state[SAID] = "The message tells of no raid, so nothing is filled in. It is thrown away."
        return
    # It is one of the geography's own names, each of which is understood.
    place = place_of(draft.place_text) if draft.place_text else None
    fill_said(FORM, {name: getattr(draft, name) for name in draft.said}, place)
    st.session_state[SAID] = _what_was_read(draft.said)


def _what_was_read(said: Sequence[str]) -> str:
    """Which fields a message filled, and which of the three that matter most it did not; never what it said."""
    if not said:
        return "Nothing in the message could be read. It is thrown away; fill in the form by hand."
    found = ", ".join(dict.fromkeys(FIELD_WORDS[name] for name in said))
    missing = [FIELD_WORDS[name] for name in ("day", "place_text", "outcome") if name not in said]
    left = f" Not understood or not in it: {', '.join(missing)}." if missing else ""
    return f"Read from the message: {found}.{left} The message is thrown away. Look at each field before you save."


@by_recorders
def _save(frame: Frame) -> None:
    try:
        place = settle_place(FORM)
        if place is None:
            raise InputError(
                "Say where it was: write a postcode, a district, a borough or a place, or tap it on the map."
            )
        logged = log_incident(frame.store, read_fields(FORM), place)
    except InputError as error:
        refuse(str(error))
        return
    forget(FORM)
    forget_told()
    remember_own(logged.incident_id)
    st.session_state[LOGGED] = logged


def _draw_logged(frame: Frame, logged: Logged, record: Mapping) -> None:
    """What was saved, its code, and the way back; in place of the form, so that it is seen on a phone."""
    day = hidden_until(frame, record)
    shows = (
        f"Until {day_in_words(day)} it shows nowhere but here" if day else "It is old enough to show at once"
    )
    st.success(
        plain(f"Saved under the code {logged.code}. {shows}; with this code the record can be opened again.")
    )
    with st.container(key="thumb-logged"):
        st.code(logged.code, language=None)
        with st.container(horizontal=True):
            st.button("Log another raid", type="primary", on_click=_log_another)
            st.button("Undo", key="log-undo", on_click=_take_back, args=(frame, logged))


def _log_another() -> None:
    st.session_state.pop(LOGGED, None)
    forget_told()


@by_recorders
def _take_back(frame: Frame, logged: Logged) -> None:
    _log_another()
    try:
        undo_change(frame.store, logged.step)
        tell("Taken back: the record is gone.")
    except InputError as error:
        refuse(str(error))
