"""Walks of saved plans: given out, returned, released, and how far leafleting has come."""

from html import escape

import pandas as pd
import streamlit as st

from analysis.leafleting import progress as words
from analysis.leafleting.progress import Progress, progress
from data import clock
from data.organising.leafleting import (
    ALLOWED,
    MOST_LEAFLETS,
    MOST_WALKERS,
    record,
    remove_plan,
    undo_last_event,
)
from data.schema import WALK_EVENT_VALUES
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.colours import colours
from pages.shared.door.access import by_recorders
from pages.shared.door.told import draw_told, telling
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.page import Frame
from pages.shared.maps.choropleth import legend_html, outlines_of
from pages.shared.maps.maps import AreaLayer, draw_map, outlined
from pages.shared.maps.walk_maps import (
    NEAREST_ZOOM,
    ShapesLayer,
    bounds_of,
    shape_feature,
    state_ramp,
    walk_styles,
)
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table

# Names in the address.
WALK, OVERDUE = "walk", "overdue"
OVERDUE_AFTER = {"7": "1 week", "14": "2 weeks", "28": "4 weeks", "56": "8 weeks"}
WALKER, LEAFLETS, DOORS = "walk-walker", "walk-leaflets", "walk-doors"
WALKS, REMOVING = "walks", "plan-removed"
TABLE_HEIGHT_PIXELS = 480
MAY_NOT_ENTER = "What becomes of walks is for recorders and keepers to enter; ask one of your group."
# What can happen to a walk, as the words of its button.
BUTTONS = {
    "assigned": "Give it out",
    "out": "Gone out",
    "done": "Back: all done",
    "part": "Back: done in part",
    "released": "Release it",
}


def draw_walks(frame: Frame) -> None:
    """What became of the walks of all saved plans, and how that is entered."""
    days = int(view.choose(st.selectbox, "Overdue after", OVERDUE_AFTER, OVERDUE, "14", width=180))
    result = ask(frame, progress, clock.today(), days)
    draw_told(WALKS)
    if result.walks.empty:
        draw_told(REMOVING)
        st.info(
            "No plan is saved yet. Make one under ‘Plan’ and press ‘Save this plan’; then its walks can be given out here."
        )
        return
    first, *others = result.sentences
    st.html(f'<h4 class="finding">{escape(first)}</h4>')
    for sentence in others:
        st.warning(plain(sentence))
    left, right = st.columns([4, 5], gap="medium")
    with left:
        _draw_entry(frame, result.walks)
    with right:
        _draw_map(frame, result)
    _draw_tables(frame, result)
    _draw_removal(frame, result)
    for note in result.notes:
        st.caption(plain(note))


def _draw_entry(frame: Frame, walks: pd.DataFrame) -> None:
    """One walk and what may happen to it next: few, wide controls, for a phone at the door of the hall."""
    rows = {f"{row['plan_id']}:{row['walk']}": row for row in walks.to_dict("records")}
    labels = words.labels_of(walks)
    row = rows[view.choose(st.selectbox, "Walk (its code is at the top of the sheet)", labels, WALK)]
    st.caption(plain(words.state_in_words(row)))
    if not frame.role.may_record:
        st.caption(MAY_NOT_ENTER)
        return
    allowed = ALLOWED[row["state"]]
    if "assigned" in allowed:
        st.number_input(
            f"Number of the person who takes it, 1 to {MOST_WALKERS}",
            1,
            MOST_WALKERS,
            None,
            key=WALKER,
            help="The group gives each of its volunteers a number and keeps the list on paper. No name and no initials are kept here.",
        )
        _button(frame, row, "assigned")
    for event in ("out", "released"):
        if event in allowed:
            _button(frame, row, event)
    if "done" in allowed:
        with st.container(border=True):
            st.number_input(
                "Leaflets given (leave empty if not counted)", 0, MOST_LEAFLETS, None, 10, key=LEAFLETS
            )
            st.number_input(
                "Doors reached (leave empty if not counted)", 0, MOST_LEAFLETS, None, 10, key=DOORS
            )
            for event in ("done", "part"):
                _button(frame, row, event)
    if not allowed:
        st.caption("This walk is done. If that was a mistake, take it back.")
    st.button("Take back the last entry", on_click=_take_back, args=(frame, walks), width="stretch")


def _button(frame: Frame, row: dict, event: str) -> None:
    is_next = event == ("assigned" if row["state"] in ("planned", "released", "part") else "done")
    meaning = WALK_EVENT_VALUES[event].meaning
    st.button(
        BUTTONS[event],
        on_click=_enter,
        args=(frame, row, event),
        type="primary" if is_next else "secondary",
        width="stretch",
        key=f"walk-{event}",
        help=f"{meaning[0].upper()}{meaning[1:]}.",
    )


@by_recorders
def _enter(frame: Frame, row: dict, event: str) -> None:
    code = row["code"]
    walker = st.session_state.get(WALKER) if event == "assigned" else None
    counted = {"leaflets": None, "doors_reached": None}
    if event in words.RETURNED:
        counted = {
            "leaflets": st.session_state.get(LEAFLETS),
            "doors_reached": st.session_state.get(DOORS),
        }
    with telling(WALKS) as say:
        # Plans may share a code; the walk meant is that of the row.
        record(
            frame.store,
            code,
            event,
            walker,
            **counted,
            plan_id=row["plan_id"],
        )
        say(words.told(code, event, walker))
        for name in (WALKER, LEAFLETS, DOORS):
            st.session_state.pop(name, None)


@by_recorders
def _take_back(frame: Frame, walks: pd.DataFrame) -> None:
    with telling(WALKS) as say:
        undone = undo_last_event(frame.store)
        say(words.taken_back(walks, undone.plan_id, undone.walk, undone.event))


def _draw_map(frame: Frame, result: Progress) -> None:
    shades = colours()
    rows = words.drawn_last_first(result.walks.to_dict("records"))
    features = [
        shape_feature(
            result.shapes[row["plan_id"], row["walk"]],
            f"state {words.class_of(row['state'])}",
            words.lines_of(row),
            f"{row['plan_id']}:{row['walk']}",
        )
        for row in rows
    ]
    codes = [
        shape_feature(
            result.shapes[row["plan_id"], row["walk"]].representative_point(), "", label=row["code"]
        )
        for row in rows
        if row["state"] in words.NAMED_ON_MAP
    ]
    styles = walk_styles(shades)
    title = "What became of each walk"
    draw_map(
        [
            AreaLayer(outlines_of(frame, "district"), {}, outlined(shades, weight=0.6), interactive=False),
            ShapesLayer(features, styles),
            ShapesLayer(codes, styles, interactive=False),
        ],
        "leaflet-walks", shades,
        f"Map: {title}. The table holds the same.", bounds_of(list(result.shapes.values())),
        on_click=lambda code: view.put(WALK, code), nearest_zoom=NEAREST_ZOOM,
    )  # fmt: skip
    st.html(legend_html(title, words.MAP_CLASSES, state_ramp(shades), shades))


def _draw_tables(frame: Frame, result: Progress) -> None:
    show_table(
        "Walks, those that need something first",
        [Heading("Code", "short"), Heading("Doors", "number"), *(Heading(text) for text in words.HEADINGS[1:])],
        [words.cells_of(row) for row in result.walks.to_dict("records")],
        height_pixels=TABLE_HEIGHT_PIXELS,
    )  # fmt: skip
    offer_download(
        "Download these walks (CSV)",
        lambda: words.to_download(result.walks),
        file_name("leaflet walks", frame.filters),
        key="download-walks",
    )
    with st.expander("By postcode district"):
        show_table(
            "Walks and doors by postcode district; a walk counts in each district that it touches",
            [Heading("District"), *(Heading(text, "number") for text in words.DISTRICT_HEADINGS)],
            [words.district_cells(row) for row in result.by_district.to_dict("records")],
        )


def _draw_removal(frame: Frame, result: Progress) -> None:
    draw_told(REMOVING)
    if not (result.untouched and frame.role.may_record):
        return
    with st.popover("Remove a plan"):
        st.caption(
            "Only a plan of which no walk was ever given out can be removed; its sheets are worth nothing then."
        )
        chosen = st.selectbox(
            "Plan", list(result.untouched), format_func=result.untouched.get, key="plan-to-remove"
        )
        st.button("Yes, remove it", on_click=_remove, args=(frame, chosen))


@by_recorders
def _remove(frame: Frame, plan_id: str) -> None:
    with telling(REMOVING) as say:
        remove_plan(frame.store, plan_id)
        say("The plan was removed.")
