"""A second look: what waits for it, what may be the same raid twice, and what was changed."""

from collections.abc import Mapping
from functools import partial
from html import escape

import streamlit as st

from analysis.records.duplicates import MOST_PAIRS, duplicates
from analysis.records.trail_words import steps_to_take_back, trail_lines
from analysis.where.places import area_names
from analysis.words import counted, day_in_words
from data.errors import InputError
from data.log.acts import CHECKED_CONFIDENCES, check_incident
from data.log.apart import list_told_apart, offer_again, tell_apart
from data.log.entry import entered_start
from data.log.merging import merge_incidents, merge_records
from data.log.reading import list_to_check, trail
from data.log.rows import code_of
from data.log.undoing import undo_change
from data.schema import CONFIDENCE_VALUES
from pages.shared.ask import ask
from pages.shared.door.access import by_recorders
from pages.shared.door.told import refuse, say_what_happened, tell
from pages.shared.frame.page import Frame
from pages.shared.plain import meanings, plain
from pages.shared.records.record_cards import (
    TAKEN_BACK,
    draw_card,
    draw_code_box,
    find_record,
    in_words,
    own_ids,
    seen_ids,
    undoing,
)
from pages.shared.tables import Heading, show_table

MORE, STEP = "records-more", "records-step"
AT_ONCE = 10  # cards; a phone scrolls past no more
ACTS_SHOWN = 30
LEAVE_IT = (
    "You logged this one in this session: leave the second look to somebody else. They open it by its code."
)
TRAIL_HEADINGS = (
    Heading("When (UTC)"),
    Heading("What"),
    Heading("Record, and what changed in it", "address"),
)


def draw_moderation(frame: Frame) -> None:
    """Everything a second look needs."""
    say_what_happened()
    _draw_to_check(frame)
    _draw_duplicates(frame)
    _draw_told_apart(frame)
    _draw_trail(frame)


def _draw_to_check(frame: Frame) -> None:
    waiting = list_to_check(frame.store, seen_ids()).to_dict("records")
    st.subheader("Waiting for a second look", anchor=False)
    if waiting:
        st.caption(meanings(CONFIDENCE_VALUES, only=CHECKED_CONFIDENCES))
    else:
        st.caption(
            "Nothing waits that is old enough to show. A younger record opens by the code that whoever logged it was given."
        )
    draw_code_box(frame)
    shown = AT_ONCE * st.session_state.get(MORE, 1)
    for record in waiting[:shown]:
        draw_card(frame, record, partial(_draw_check, frame, record["incident_id"]))
    if len(waiting) > shown:
        st.button(f"Show more ({len(waiting) - shown:,} wait)", on_click=_show_more)


def _show_more() -> None:
    st.session_state[MORE] = st.session_state.get(MORE, 1) + 1


def _draw_check(frame: Frame, incident_id: str) -> None:
    is_own = incident_id in own_ids()
    if is_own:
        st.caption(LEAVE_IT)
    with st.container(horizontal=True):
        for confidence in CHECKED_CONFIDENCES:
            st.button(
                f"Looks right: {confidence}",
                key=f"check-{confidence}-{incident_id}",
                on_click=_check,
                args=(frame, incident_id, confidence),
                disabled=is_own,
            )


@by_recorders
def _check(frame: Frame, incident_id: str, confidence: str) -> None:
    try:
        step = check_incident(frame.store, incident_id, confidence)
        if step is not None:
            tell(f"Checked; its confidence is {confidence} now.", undoing(frame, step))
    except InputError as error:
        refuse(str(error))


def _draw_duplicates(frame: Frame) -> None:
    st.subheader("Maybe the same raid twice", anchor=False)
    pairs = ask(frame, duplicates, seen_ids())
    if pairs.empty:
        st.caption("No two records of one day lie near each other, or all such pairs have been looked at.")
        return
    more = " or more" if len(pairs) == MOST_PAIRS else ""
    st.caption(f"{counted(len(pairs), 'pair')}{more}; the first is shown.")
    _draw_pair(frame, next(pairs.itertuples(index=False)))


def _draw_pair(frame: Frame, pair) -> None:
    records = [find_record(frame, each) for each in (pair.left_id, pair.right_id)]
    if None in records:
        return
    with st.container(border=True, key="thumb-pair"):
        st.caption(plain(pair.reason))
        for column, record, name in zip(st.columns(2), records, ("First", "Second"), strict=True):
            column.html(f'<p class="said"><strong>{name}.</strong> {escape(in_words(record))}</p>')
        leading = _draw_leading(pair, *records)
        keep, other = records[leading], records[1 - leading]
        merged, _ = merge_records(keep, other)
        st.html(f'<p class="kept"><span>What would be kept:</span> {escape(in_words(merged))}</p>')
        with st.container(horizontal=True):
            st.button(
                "Make one record of them",
                type="primary",
                on_click=_merge,
                args=(frame, keep["incident_id"], other["incident_id"]),
            )
            st.button("Not the same", on_click=_tell_apart, args=(frame, pair.left_id, pair.right_id))


def _draw_leading(pair, first: Mapping, second: Mapping) -> int:
    """Which of the two is right where they contradict each other: 0 or 1. Asked only where they do."""
    _, conflicts = merge_records(first, second)
    if not conflicts:
        return 0
    fields = ", ".join(name.replace("_", " ") for name in conflicts)
    return st.segmented_control(
        f"They contradict each other in: {fields}. Keep that of the",
        [0, 1],
        default=0,
        format_func=("first", "second").__getitem__,
        required=True,
        key=f"lead-{pair.left_id}-{pair.right_id}",
    )


@by_recorders
def _merge(frame: Frame, keep_id: str, other_id: str) -> None:
    try:
        merged = merge_incidents(frame.store, keep_id, other_id)
        tell(merged.sentence, undoing(frame, merged.step))
    except InputError as error:
        refuse(str(error))


@by_recorders
def _tell_apart(frame: Frame, one_id: str, other_id: str) -> None:
    try:
        tell_apart(frame.store, one_id, other_id)
        tell(
            "Noted as two raids. This pair is not offered again.",
            partial(_offer_again, frame, one_id, other_id),
        )
    except InputError as error:
        refuse(str(error))


def _offer_again(frame: Frame, one_id: str, other_id: str) -> str:
    offer_again(frame.store, one_id, other_id)
    return "The pair is offered again."


def _draw_told_apart(frame: Frame) -> None:
    pairs = {
        (one["incident_id"], other["incident_id"]): f"{_code_and_day(one)} and {_code_and_day(other)}"
        for one, other in list_told_apart(frame.store, seen_ids())
    }
    if not pairs:
        return
    with st.popover("Told apart"):
        # Where one goes or comes, the list begins anew.
        pair = st.selectbox(
            "Which two", list(pairs), format_func=pairs.get, key=f"records-apart-{hash(tuple(pairs))}"
        )
        # On a phone the box shows the first of the two alone.
        st.caption(pairs[pair])
        st.button("Offer again", on_click=_offer, args=(frame, *pair))


def _code_and_day(record: Mapping) -> str:
    start = entered_start(record)
    day = day_in_words(start["day"]) if start["date_precision"] == "day" else "day not known"
    return f"{code_of(record['incident_id'])} ({day})"


@by_recorders
def _offer(frame: Frame, one_id: str, other_id: str) -> None:
    try:
        tell(_offer_again(frame, one_id, other_id))
    except InputError as error:
        refuse(str(error))


def _draw_trail(frame: Frame) -> None:
    st.subheader("What changed", anchor=False)
    st.caption("Who did it is not recorded, and the time only by the hour.")
    changes = trail(frame.store, ACTS_SHOWN, seen_ids())
    if changes.empty:
        st.caption(
            "Nothing yet: no record that shows was logged, edited, checked, merged or deleted by hand."
        )
        return
    names = {
        **ask(frame, area_names, "borough"),
        **ask(frame, area_names, "locality"),
    }
    show_table(
        f"The last {ACTS_SHOWN} acts at most, newest first",
        TRAIL_HEADINGS,
        trail_lines(changes, names),
        height_pixels=420,
    )
    _draw_take_back(frame, steps_to_take_back(changes))


def _draw_take_back(frame: Frame, steps: Mapping[int, str]) -> None:
    if not steps:
        return
    with st.popover("Take back a change"):
        # With each new act the list begins anew, at the newest.
        step = st.selectbox("Which one", list(steps), format_func=steps.get, key=f"{STEP}-{max(steps)}")
        st.button("Yes, take it back", key="take-back-step", on_click=_take_back, args=(frame, step))


@by_recorders
def _take_back(frame: Frame, step: int) -> None:
    try:
        undo_change(frame.store, step)
        tell(TAKEN_BACK)
    except InputError as error:
        refuse(str(error))
