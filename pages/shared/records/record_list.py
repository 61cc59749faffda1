"""All records that show, as the filters choose them: a table by pages, and one of them opened to be mended."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from analysis.records.record_words import start_in_words
from analysis.records.records import chosen_ids
from analysis.words import counted
from data.errors import InputError
from data.log.acts import CHECKED_CONFIDENCES, check_incident
from data.log.entry import place_in
from data.log.merging import merge_incidents
from data.log.rows import code_of, find_by_code
from data.places.named import named
from data.schema import OUTCOME_VALUES, labels
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.door.access import by_recorders
from pages.shared.door.told import refuse, say_what_happened, tell
from pages.shared.frame.page import Frame
from pages.shared.records.record_cards import draw_card, find_record, own_ids, undoing
from pages.shared.tables import Heading, show_table

# Name in the address.
NUMBER = "page"
OPEN = f"{view.WIDGET}list-open"
OTHER = f"{view.WIDGET}list-other"
AT_ONCE = 25
TABLE_HEIGHT_PIXELS = 480
HEADINGS = (
    Heading("Code", "short"),
    Heading("When"),
    Heading("Where, and how finely"),
    Heading("How it ended"),
    Heading("Confidence"),
    Heading("Review"),
    Heading("Reported by"),
)
NOTHING = "No record that shows fits this choice. Clear a filter, or choose a longer time."


def draw_list(frame: Frame) -> None:
    """The table, and the record that is opened."""
    say_what_happened()
    ids = ask(frame, chosen_ids, frame.filters)
    if not ids:
        st.info(NOTHING)
        return
    pages = -(-len(ids) // AT_ONCE)
    number = int(view.number("Page", NUMBER, 1, 1, pages, 1, width=160)) if pages > 1 else 1
    first = (number - 1) * AT_ONCE
    records = [
        record for record in (find_record(frame, each) for each in ids[first : first + AT_ONCE]) if record
    ]
    last = first + len(records)
    caption = f"{counted(len(ids), 'record')}, newest first: {first + 1:,} to {last:,}"
    show_table(caption, HEADINGS, [_cells(record) for record in records], height_pixels=TABLE_HEIGHT_PIXELS)
    st.caption(
        "A record younger than the group's delay is not among them: it opens by its code alone, in Log a raid."
    )
    by_id = {record["incident_id"]: record for record in records}
    opened = st.selectbox(
        "Open one, to edit, check, merge or delete it",
        list(by_id),
        index=None,
        format_func=lambda each: _in_short(by_id[each]),
        placeholder="Choose a record of this page",
        # With another page of the table, and once a record went, the list begins anew.
        key=f"{OPEN}-{hash(tuple(by_id))}",
    )
    if opened is not None:
        draw_card(frame, by_id[opened], partial(_draw_more, frame, by_id[opened]))


def _cells(record: Mapping) -> list[str]:
    return [
        code_of(record["incident_id"]),
        start_in_words(record),
        f"{named(place_in(record)).label} ({record['location_precision']})",
        labels(OUTCOME_VALUES)[record["outcome"]],
        record["confidence"],
        record["review"],
        record["source_kind"],
    ]


def _in_short(record: Mapping) -> str:
    return f"{code_of(record['incident_id'])} · {start_in_words(record)} · {named(place_in(record)).label}"


def _draw_more(frame: Frame, record: Mapping) -> None:
    incident_id = record["incident_id"]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for confidence in CHECKED_CONFIDENCES:
            st.button(
                f"Looks right: {confidence}",
                key=f"list-check-{confidence}-{incident_id}",
                on_click=_check,
                args=(frame, incident_id, confidence),
                disabled=incident_id in own_ids(),
            )
        st.text_input("Code of another record of the same raid", key=OTHER, max_chars=20, width=260)
        st.button("Make one of the two", key="list-merge", on_click=_merge, args=(frame, incident_id))


@by_recorders
def _check(frame: Frame, incident_id: str, confidence: str) -> None:
    try:
        step = check_incident(frame.store, incident_id, confidence)
    except InputError as error:
        refuse(str(error))
        return
    if step is None:
        tell("It was checked already.")
    else:
        tell(f"Checked; its confidence is {confidence} now.", undoing(frame, step))


@by_recorders
def _merge(frame: Frame, keep_id: str) -> None:
    try:
        merged = merge_incidents(frame.store, keep_id, find_by_code(frame.store, st.session_state[OTHER]))
    except InputError as error:
        refuse(str(error))
        return
    st.session_state[OTHER] = ""
    tell(merged.sentence, undoing(frame, merged.step))
