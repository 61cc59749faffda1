"""A plan of walks as it stands: map, walks, what was checked, changes by hand, downloads, and saving."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

import numpy as np
import shapely
import streamlit as st
from shapely import LineString

from analysis.export import to_csv
from analysis.leafleting import words as plan_words
from analysis.leafleting.exports import stops_table, to_geojson, to_gpx
from analysis.leafleting.plan import Plan, make_plan, plan_tables
from analysis.leafleting.progress import OVERDUE_DAYS, progress
from analysis.leafleting.requests import Typed, coming_saturday, cut_in_two, merge, move, read_request
from analysis.leafleting.sheets import leaflets_by_language, say_languages, to_sheets, walk_sheets
from analysis.leafleting.words import Shown
from analysis.words import day_in_words
from data import clock
from data.geography.projection import to_grid
from data.geography.reference import read_london_postcodes
from data.organising.languages import load_main_languages
from data.organising.leafleting import save_plan
from data.streets.network import Streets
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.colours import Colours, colours
from pages.shared.door.access import by_recorders
from pages.shared.door.told import draw_told, say_at, telling
from pages.shared.frame.page import Frame
from pages.shared.leaflet.form import DRAWN
from pages.shared.leaflet.spots import chosen_spots
from pages.shared.maps.choropleth import legend_html, outlines_of
from pages.shared.maps.maps import LONDON, AreaLayer, draw_map, outlined
from pages.shared.maps.walk_maps import (
    NEAREST_ZOOM,
    WALK_COLOURS,
    ShapesLayer,
    bounds_of,
    shape_feature,
    walk_styles,
)
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table

DRAFT, PLANNING, SAVING = "leaflet-draft", "plan", "plan-saved"
# Widgets of the changes by hand; a click on the map sets them.
WALK, STOP, TO, OTHER = "leaflet-walk", "leaflet-stop", "leaflet-to", "leaflet-other"
CORNERS = "leaflet-barrier-corners"
# Names in the address.
DRAWING, HIDE, TILES, DAY = "draw-barrier", "hide-taken", "street-map", "day"
TABLE_HEIGHT_PIXELS = 420
SAVE_IT = (
    "Save the plan to write down who has which walk and what was done; nobody is sent where somebody was."
)
MAY_NOT_SAVE = "Plans are for recorders and keepers to save; ask one of your group."
TILES_REVEAL = (
    "The pictures of streets come from openstreetmap.org, which then learns your internet address and which streets you look at. "
    "Nothing is asked of it unless you switch this on."
)


@dataclass(frozen=True)
class Draft:
    """A plan that is being worked on: how it was asked for, how it looks, and what it was before each change by hand."""

    plan: Plan
    shown: Shown
    typed: Typed
    streets: Streets | None
    earlier: tuple[Plan, ...] = ()


def plan_anew(frame: Frame, typed: Typed, barriers: list[LineString], streets: Streets | None) -> None:
    """Make a plan for what was typed; refused, the one that is there stays as it is."""
    with telling(PLANNING), st.spinner("Planning the walks …"):
        postcodes = st.cache_resource(read_london_postcodes, show_spinner=False)()
        request = read_request(typed, postcodes)
        plan = make_plan(frame.store.run, postcodes, request, clock.today(), barriers, streets)
        st.session_state[DRAFT] = Draft(plan, plan_words.show(plan), typed, streets)


def draw_plan(frame: Frame, typed: Typed) -> None:
    """The plan there is, if any, and the map on which barriers are drawn."""
    draft: Draft | None = st.session_state.get(DRAFT)
    if draft is not None:
        _draw_finding(frame, draft, typed)
    draw_told(PLANNING)
    with st.container(horizontal=True, vertical_alignment="center"):
        is_drawing = view.switch("Draw a barrier on the map", DRAWING)
        hides_taken = view.switch("Hide what is given out or done", HIDE)
        with st.popover("Background"):
            with_tiles = view.switch("Street map", TILES)
            st.caption(TILES_REVEAL)
    if draft is None and not is_drawing:
        st.info("No plan yet. Say where, how many leaflets, people and hours, and press ‘Plan the walks’.")
        return
    if is_drawing:
        _draw_barrier_controls()
    left, right = st.columns(2, gap="medium") if draft else (st.container(), None)
    with left:
        _draw_map(frame, draft, is_drawing, hides_taken, with_tiles)
    if draft is not None:
        with right:
            _draw_changes(draft)
            st.html(
                f'<ul class="said">{"".join(f"<li>{escape(said)}</li>" for said in draft.shown.checks)}</ul>'
            )
        _draw_walks(draft.plan)
        _draw_taking_away(frame, draft)
        _draw_places(draft.plan)


def _draw_finding(frame: Frame, draft: Draft, typed: Typed) -> None:
    first, *others = draft.plan.sentences
    printed = leaflets_by_language(frame.store.run, draft.plan, load_main_languages())
    others += filter(None, [say_languages(printed)])
    st.html(f'<h4 class="finding">{escape(first)}</h4><p class="said">{escape(" ".join(others))}</p>')
    if typed != draft.typed:
        st.caption("What is asked for above has changed since. This is the plan of before; press ‘Plan the walks’ for another.")  # fmt: skip


def _draw_map(
    frame: Frame, draft: Draft | None, is_drawing: bool, hides_taken: bool, with_tiles: bool
) -> None:
    shades = colours()
    styles = walk_styles(shades)
    taken = [] if hides_taken else _taken_features(frame, draft)
    layers = [AreaLayer(outlines_of(frame, "district"), {}, outlined(shades, weight=0.6), interactive=False)]
    layers += [ShapesLayer(taken, styles, interactive=not is_drawing)]
    layers += _plan_layers(draft, styles, is_drawing) if draft else []
    drawn = [shape_feature(line, "barrier") for line in _barriers(draft)]
    drawn += [shape_feature(shapely.Point(corner), "start") for corner in st.session_state.get(CORNERS, [])]
    layers.append(ShapesLayer(drawn, styles, interactive=False))
    draw_map(
        layers,
        f"leaflet-{'barriers' if is_drawing else 'plan'}-{'tiles' if with_tiles else 'plain'}",
        shades,
        "Map of the walks. The table holds the same.",
        bounds_of(list(draft.shown.shapes.values())) if draft else LONDON,
        with_tiles,
        on_click=None if is_drawing else _choose,
        on_point=_add_corner if is_drawing else None,
        nearest_zoom=NEAREST_ZOOM,
    )
    if draft:
        st.html(_legend(shades, bool(taken)))


def _legend(shades: Colours, has_taken: bool) -> str:
    labels = ["a walk, with its number; neighbours never share a colour", "stop", "where to start"]
    gap = "given out, or done in the last weeks" if has_taken else ""
    return legend_html("Walks", labels, [WALK_COLOURS[0], shades.paper, shades.strong_line], shades, gap)


def _taken_features(frame: Frame, draft: Draft | None) -> list[dict]:
    known = ask(frame, progress, clock.today(), OVERDUE_DAYS)
    grounds = plan_words.taken_grounds(known, draft.plan.plan_id if draft else "")
    return [shape_feature(shape, "taken", lines) for shape, lines in grounds]


def _plan_layers(draft: Draft, styles: dict, is_drawing: bool) -> list[ShapesLayer]:
    shown, walks = draft.shown, draft.plan.walks.to_dict("records")
    grounds = [
        shape_feature(
            shown.shapes[row["walk"]],
            f"walk {shown.colours[row['walk']] % len(WALK_COLOURS)}",
            plan_words.walk_lines(row),
            f"walk:{row['walk']}",
        )
        for row in walks
    ]
    chosen = st.session_state.get(WALK)
    lines = [shape_feature(way, "way") for way in shown.ways.values()]
    lines += [shape_feature(shown.shapes[chosen], "chosen")] if chosen in shown.shapes else []
    stops = [
        shape_feature(
            shapely.Point(row["easting"], row["northing"]),
            "start" if row["position"] == 1 else "stop",
            plan_words.stop_lines(row),
            f"stop:{row['postcode']}",
        )
        for row in draft.plan.stops.to_dict("records")
    ]
    numbers = [
        shape_feature(shape.representative_point(), "", label=str(walk))
        for walk, shape in shown.shapes.items()
    ]
    is_live = not is_drawing
    return [
        ShapesLayer(grounds, styles, interactive=is_live),
        ShapesLayer(lines, styles, interactive=False),
        ShapesLayer(stops, styles, interactive=is_live),
        ShapesLayer(numbers, styles, interactive=False),
    ]


def _barriers(draft: Draft | None) -> list[LineString]:
    """Those of the plan, those drawn since, and the one that is being drawn."""
    drawn = [*(draft.plan.barriers if draft else ()), *st.session_state.get(DRAWN, ())]
    corners = st.session_state.get(CORNERS, [])
    return [*drawn, LineString(corners)] if len(corners) > 1 else drawn


def _choose(code: str) -> None:
    """A click on the map: a walk, or a stop and so its walk."""
    draft: Draft | None = st.session_state.get(DRAFT)
    kind, _, name = code.partition(":")
    if draft is None:
        return
    stops = draft.plan.stops
    if kind == "walk" and int(name) in draft.shown.shapes:
        st.session_state[WALK] = int(name)
    elif kind == "stop" and (stops["postcode"] == name).any():
        st.session_state[WALK] = int(stops.loc[stops["postcode"] == name, "walk"].iloc[0])
        st.session_state[STOP] = name


def _add_corner(longitude: float, latitude: float) -> None:
    easting, northing = to_grid(np.array([longitude]), np.array([latitude]))
    corners = st.session_state.get(CORNERS, [])
    st.session_state[CORNERS] = [*corners, (float(easting[0]), float(northing[0]))]


def _draw_barrier_controls() -> None:
    corners = st.session_state.get(CORNERS, [])
    st.caption(
        "Click two or more points along the river, railway or road that nobody crosses, then finish the barrier and plan the walks "
        f"anew. Points so far: {len(corners)}."
    )
    with st.container(horizontal=True):
        st.button("Finish this barrier", on_click=_finish_barrier, disabled=len(corners) < 2, type="primary")
        st.button("Start it again", on_click=lambda: st.session_state.pop(CORNERS), disabled=not corners)


def _finish_barrier() -> None:
    line = LineString(st.session_state.pop(CORNERS))
    st.session_state[DRAWN] = (*st.session_state.get(DRAWN, ()), line)
    say_at(PLANNING, "The barrier is drawn. Plan the walks to keep to it.")
    view.forget([DRAWING])


def _draw_walks(plan: Plan) -> None:
    """The walks with a bar each: half full is on target."""
    headings = [*plan_words.WALK_HEADINGS[:3], "Beside its target", *plan_words.WALK_HEADINGS[3:]]
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings)
    rows = []
    for cells, row in zip(plan_words.walk_cells(plan), plan.walks.to_dict("records"), strict=True):
        said = "block job" if row["is_block"] else plan_words.balance_in_words(row["doors"], row["target"])
        full = plan_words.balance_share(row["doors"], row["target"])
        bar = f'<span class="balance" aria-hidden="true"><span style="width:{full:.0%}"></span></span>{escape(said)}'
        first, *others = map(escape, cells)
        body = "".join(f'<td class="short">{cell}</td>' for cell in [*others[:2], bar, *others[2:]])
        rows.append(f'<tr><th scope="row">{first}</th>{body}</tr>')
    caption = f"Walks; doors are estimates, and a bar half full is on target ({len(rows)} walks)"
    st.html(
        f'<div class="table" role="region" tabindex="0" aria-label="Walks" style="max-height: {TABLE_HEIGHT_PIXELS}px"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _draw_changes(draft: Draft) -> None:
    st.markdown("**Change it by hand.** Click a walk or a stop on the map, or choose it here.")
    numbers, stops = draft.plan.walks["walk"].tolist(), draft.plan.stops
    walk = st.selectbox("Walk", numbers, format_func=_walk_name, key=WALK)
    others = [number for number in numbers if number != walk]
    with st.container(horizontal=True):
        with st.popover("Move a stop", disabled=not others):
            stop = st.selectbox("Stop", stops.loc[stops["walk"] == walk, "postcode"].tolist(), key=STOP)
            to = st.selectbox("To", others, format_func=_walk_name, key=TO)
            _change_button("Move it", lambda plan, roads: move(plan, stop, to, roads))
        with st.popover("Join with another", disabled=not others):
            other = st.selectbox("Other walk", others, format_func=_walk_name, key=OTHER)
            _change_button("Join them", lambda plan, roads: merge(plan, walk, other, roads))
        _change_button("Cut it in two", lambda plan, roads: cut_in_two(plan, walk, roads))
        st.button("Undo", on_click=_undo, disabled=not draft.earlier)


def _walk_name(number: int) -> str:
    # Nothing that a change alters may stand in it: the browser would go on showing what it was.
    return f"Walk {number}"


def _change_button(label: str, change: Callable[[Plan, Streets | None], Plan]) -> None:
    st.button(label, on_click=_change, args=(change,))


def _change(change: Callable[[Plan, Streets | None], Plan]) -> None:
    draft: Draft = st.session_state[DRAFT]
    with telling(PLANNING):
        plan = change(draft.plan, draft.streets)
        st.session_state[DRAFT] = replace(
            draft, plan=plan, shown=plan_words.show(plan), earlier=(*draft.earlier, draft.plan)
        )


def _undo() -> None:
    draft: Draft = st.session_state[DRAFT]
    *earlier, plan = draft.earlier
    st.session_state[DRAFT] = replace(draft, plan=plan, shown=plan_words.show(plan), earlier=tuple(earlier))


def _draw_taking_away(frame: Frame, draft: Draft) -> None:
    st.subheader("Take it along", anchor=False)
    with st.container(width=220):
        day = view.choose_day("Day that stands on the sheets", DAY, coming_saturday(clock.today()))
    plan, spots = draft.plan, chosen_spots()
    said = day_in_words(day) if day else ""

    def sheets() -> bytes:
        return walk_sheets(to_sheets(frame.store.run, plan, load_main_languages()), said, spots)

    with st.container(horizontal=True):
        _offer("Sheets to print (PDF)", sheets, "walks.pdf", "application/pdf", "primary")
        _offer(
            "Map (GeoJSON)",
            lambda: to_geojson(plan.walks, plan.stops),
            "walks.geojson",
            "application/geo+json",
        )
        _offer("Routes (GPX)", lambda: to_gpx(plan.walks, plan.stops), "walks.gpx", "application/gpx+xml")
        _offer(
            "Checklist (CSV)",
            lambda: to_csv(stops_table(plan.walks, plan.stops), with_mark=True),
            "stops.csv",
            "text/csv",
        )
        if frame.role.may_record:
            st.button("Save this plan", on_click=_save, args=(frame,))
    draw_told(SAVING)
    st.caption(
        f"A sheet says nothing of raids, groups or people. {SAVE_IT if frame.role.may_record else MAY_NOT_SAVE}"
    )


def _offer(
    label: str, make: Callable[[], str | bytes], name: str, mime: str, looks: str = "secondary"
) -> None:
    st.download_button(
        label, make, file_name=name, mime=mime, type=looks, key=f"download-{name}", on_click="ignore"
    )


@by_recorders
def _save(frame: Frame) -> None:
    with telling(SAVING) as say:
        save_plan(frame.store, *plan_tables(st.session_state[DRAFT].plan))
        say("Saved. Its walks can be given out under ‘Walks’.")


def _draw_places(plan: Plan) -> None:
    with st.expander("Which places were chosen"):
        show_table(
            "Places asked for, those walked now first",
            [Heading("Place"), *(Heading(text, "number") for text in plan_words.AREA_HEADINGS)],
            plan_words.area_cells(plan.areas),
            height_pixels=TABLE_HEIGHT_PIXELS,
        )
    for note in plan.notes:
        st.caption(plain(note))
