"""Single records as cards: all that is kept of each, and the buttons to correct it or to take it out."""

from collections.abc import Callable, Mapping
from datetime import date
from html import escape

import streamlit as st

from analysis.records.record_words import record_in_words
from analysis.words import day_in_words, listed
from data import clock
from data.errors import InputError
from data.log.acts import delete_incident, edit_incident
from data.log.entry import entered_start, entry_columns, misfits, place_in
from data.log.reading import bundled_imports, read_incident
from data.log.rows import code_of, find_by_code
from data.log.undoing import undo_change
from data.places.named import named
from data.schema import OUTCOME_VALUES, UNKNOWN, labels
from data.store.settings import shown_from
from data.store.store import LockedError
from pages.shared import view
from pages.shared.door.access import by_recorders
from pages.shared.door.told import forget_told, refuse, tell
from pages.shared.frame.page import Frame
from pages.shared.records.record_fields import (
    draw_fields,
    fill,
    forget,
    form_name,
    is_empty,
    read_fields,
)
from pages.shared.records.record_place import settle_place

# For this session alone: young records show to whoever logged them or was given their code.
OWN, OPENED = "records-own", "records-opened"
FORM = form_name("edit")
EDITING = f"{view.WIDGET}records-editing"
CODE = f"{view.WIDGET}records-code"
COUNTED = {"people_detained": "people detained", "people_released": "people let go"}
TAKEN_BACK = "Taken back: all is as it was before."


def own_ids() -> tuple[str, ...]:
    """The records logged in this session, newest first."""
    return st.session_state.get(OWN, ())


def remember_own(incident_id: str) -> None:
    """Remember that a record was logged in this session."""
    st.session_state[OWN] = (incident_id, *own_ids())


def seen_ids() -> tuple[str, ...]:
    """The records logged in this session or opened by their code."""
    return tuple(dict.fromkeys((*own_ids(), *st.session_state.get(OPENED, ()))))


def in_words(record: Mapping) -> str:
    """All that is kept of a record, as a sentence or two."""
    return record_in_words(record, named(place_in(record)).label)


def undoing(frame: Frame, step: int) -> Callable[[], str]:
    """What an Undo button does with a step of the trail."""

    def undo() -> str:
        undo_change(frame.store, step)
        return TAKEN_BACK

    return undo


def draw_own(frame: Frame) -> None:
    """The records of this session, and the way to open another by its code."""
    records = [record for record in (find_record(frame, each) for each in seen_ids()) if record]
    st.subheader("Logged or opened in this session", anchor=False)
    if records:
        st.caption(
            "Young records show here to you alone. When this window is closed, each opens by its code and in no other way."
        )
    else:
        st.caption("Nothing yet. A record that is too young to show opens by its code.")
    draw_code_box(frame)
    for record in records:
        draw_card(frame, record)


def draw_code_box(frame: Frame) -> None:
    """Open a record by its code, for the rest of the session."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="thumb-code"):
        st.text_input(
            "Open a record by its code", key=CODE, placeholder="7f3a-91c2-04de", max_chars=20, width=240
        )
        st.button("Open it", key="records-open", on_click=_open, args=(frame,))


def draw_card(frame: Frame, record: Mapping, draw_more: Callable[[], None] | None = None) -> None:
    """
    One record with its buttons; `draw_more` draws what else may be done with it.

    While it is being corrected, its fields stand in place of its buttons.
    """
    incident_id = record["incident_id"]
    with st.container(border=True, key=f"thumb-card-{incident_id}"):
        st.html(f'<p class="said">{escape(in_words(record))}</p>')
        st.caption(_about(frame, record))
        if st.session_state.get(EDITING) == incident_id and not is_empty(FORM):
            _draw_edit(frame, record)
            return
        if draw_more:
            draw_more()
        with st.container(horizontal=True):
            st.button("Edit", key=f"edit-{incident_id}", on_click=_begin_edit, args=(record,))
            st.button("Delete", key=f"delete-{incident_id}", on_click=_delete, args=(frame, incident_id))


def hidden_until(frame: Frame, record: Mapping) -> date | None:
    """The day from which a record shows to everybody; None if it does already."""
    if str(record["import_id"]) in bundled_imports(frame.store):
        return None
    return shown_from(record["started_latest"], frame.store.settings().hidden_days, clock.today())


def _about(frame: Frame, record: Mapping) -> str:
    parts = [code_of(record["incident_id"]), record["review"], f"{record['confidence']} confidence"]
    day = hidden_until(frame, record)
    return " · ".join([*parts, *([f"hidden until {day_in_words(day)}"] if day else [])])


def find_record(frame: Frame, incident_id: str) -> dict | None:
    """One record, young or not; None if it was deleted or merged meanwhile."""
    try:
        return read_incident(frame.store, incident_id)
    except LockedError:
        raise
    except InputError:
        return None


def _open(frame: Frame) -> None:
    try:
        incident_id = find_by_code(frame.store, st.session_state[CODE])
    except InputError as error:
        refuse(str(error))
        return
    st.session_state[CODE] = ""
    st.session_state[OPENED] = tuple(dict.fromkeys((incident_id, *st.session_state.get(OPENED, ()))))
    forget_told()


def _begin_edit(record: Mapping) -> None:
    place = named(place_in(record)) if record["location_precision"] != UNKNOWN else None
    fill(FORM, {**record, **entered_start(record)}, place)
    st.session_state[EDITING] = record["incident_id"]
    forget_told()


def _draw_edit(frame: Frame, record: Mapping) -> None:
    place = draw_fields(frame, FORM)
    _ask_about_misfits()
    with st.container(horizontal=True):
        st.button("Save the changes", type="primary", on_click=_save_edit, args=(frame, record))
        st.button("Leave it as it was", on_click=_end_edit)
    if place is None:
        st.caption("Without a place, the record keeps the one it has.")


def _ask_about_misfits() -> None:
    """Where the outcome was changed and a number stands that it contradicts: ask, and offer to take the number out."""
    state = st.session_state
    entered = {name: state.get(FORM + name) for name in ("outcome", "people_detained", "people_released")}
    wrong = misfits(entered)
    if not wrong:
        return
    said = listed([f"{state[FORM + name]:,} {COUNTED[name]}" for name in wrong])
    st.warning(
        f"It says ‘{labels(OUTCOME_VALUES)[entered['outcome']].lower()}’ and {said}. Is the number still right?"
    )
    st.button("Take the number out", on_click=_take_out, args=(wrong,))


def _take_out(names: list[str]) -> None:
    for name in names:
        st.session_state[FORM + name] = None


@by_recorders
def _save_edit(frame: Frame, record: Mapping) -> None:
    try:
        place = settle_place(FORM) or named(place_in(record))
        changed = entry_columns(read_fields(FORM), place)
        changed = {name: value for name, value in changed.items() if name != "source_kind"}
        step = edit_incident(frame.store, record["incident_id"], changed)
    except InputError as error:
        refuse(str(error))
        return
    _end_edit()
    if step is None:
        tell("Nothing was different, so nothing was changed.")
    else:
        tell("The changes are saved.", undoing(frame, step))


def _end_edit() -> None:
    st.session_state.pop(EDITING, None)
    forget(FORM)
    forget_told()


@by_recorders
def _delete(frame: Frame, incident_id: str) -> None:
    try:
        step = delete_incident(frame.store, incident_id)
        tell("The record is deleted.", undoing(frame, step))
    except InputError as error:
        refuse(str(error))
