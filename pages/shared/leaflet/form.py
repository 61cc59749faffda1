"""What is asked for: areas, leaflets, people, hours, and everything a person may add; all of it stands in the address."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from shapely import LineString

from analysis.filters import Filters
from analysis.leafleting.edit import HARD_MAX_DOORS
from analysis.leafleting.order import SECONDS_PER_DOOR
from analysis.leafleting.plan import DOORS_PER_HOUR, LONGEST_HOURS
from analysis.leafleting.requests import Typed, ranked_choices
from analysis.organise.priority import PRESETS, priority
from analysis.where.places import area_names
from data import clock
from data.errors import InputError
from data.streets.files import read_barriers, read_streets
from data.streets.network import Streets
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.frame.page import Frame
from pages.shared.maps.choropleth import LEVEL_NOUNS
from pages.shared.plain import plain
from pages.shared.uploads import private_copy

# Names in the address.
AREAS, RANKED, LEAFLETS, PEOPLE, HOURS = "areas", "ranked", "leaflets", "people", "hours"
SIZE, SIZES, MEET, MUST, MUST_NOT, FLOORS = "doors-a-walk", "sizes", "meet", "must", "must-not", "floors"
PACE, AGAIN = "doors-an-hour", "again"
# More than anybody has, so that a slip of the finger gets a sentence and not a silent correction.
MOST = 100_000_000
DRAWN, FILES = "leaflet-barriers-drawn", "leaflet-files"
BARRIER_FILES = ["geojson", "json", "gpkg", "zip"]
STREET_FILES = ["graphml", "gz", "gpkg", "pbf", "osm"]


def draw_request(frame: Frame) -> Typed:
    """The controls of a request; returns what stands in them."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        areas = view.write("Areas, with commas between", AREAS, placeholder="SE15, N17 or Hackney", width=340)
        ranked = view.choose_many(
            "Or from the ranking, most urgent first", _ranking(frame), RANKED, placeholder="None", width=340
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        leaflets = view.number("Leaflets", LEAFLETS, 1000, 0, MOST, 50, width=180)
        people = view.number("People", PEOPLE, 4, 0, MOST, 1, width=180)
        hours = view.number("Hours each", HOURS, 2.0, 0.0, float(LONGEST_HOURS), 0.5, width=180, format="%g")
    with st.expander("More: size of walks, meeting point, places that must or must not be walked"):
        more = _draw_more(frame)
    return Typed(areas, ranked, leaflets, people, hours, **more)


def _ranking(frame: Frame) -> dict[str, str]:
    choices = {}
    for level in ("borough", "district"):
        result = ask(frame, priority, Filters(), level, PRESETS["leaflet next"], clock.today())
        choices |= ranked_choices(result.table, level, LEVEL_NOUNS[level])
    return choices


def _draw_more(frame: Frame) -> dict:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        more = {
            "doors_per_walk": view.number(
                "Doors a walk (0: as suits the people)", SIZE, 0, 0, HARD_MAX_DOORS, 10, width=250
            ),
            "sizes": view.write(
                "Or a size for each walk", SIZES, placeholder="80, 150, 150", width=200,
                help="For different people: doors of each walk, with commas between. They are scaled so that together they make up "
                "all doors.",
            ),
            "doors_per_hour": view.number(
                "Doors an hour, walking included", PACE, int(DOORS_PER_HOUR), 1, 1000, 10, width=230,
                help=f"For the choice of places. A sheet's own time counts {SECONDS_PER_DOOR} seconds for each door, and the way.",
            ),
            "meeting_point": view.write("Meeting point, a postcode", MEET, placeholder="SE15 4QL", width=200),
        }  # fmt: skip
    localities = ask(frame, area_names, "locality")
    more["must"] = view.choose_many("Must be walked", localities, MUST, placeholder="No place")
    more["must_not"] = view.choose_many("Must not be walked", localities, MUST_NOT, placeholder="No place")
    boroughs = ask(frame, area_names, "borough")
    chosen = view.choose_many("Boroughs that get a share of the doors in any case", boroughs, FLOORS)
    more["floors"] = tuple(
        (
            code,
            view.number(
                f"{plain(boroughs[code])}: at least, in % of the doors", f"floor-{code}", 20, 0, 100, 5
            ),
        )
        for code in chosen
    )
    more["again"] = view.switch("Plan again what was leafleted in the last weeks", AGAIN)
    return more


def draw_files() -> tuple[list[LineString], Streets | None]:
    """Files of barriers and streets, and the barriers drawn by hand; returns what there is of them."""
    with st.expander("Barriers that nobody crosses, and streets to walk along"):
        st.caption(
            "A river, railway or dual carriageway. Draw one below on the map, or load lines as GeoJSON, GeoPackage or zipped shapefile."
        )
        barriers = _read("Barriers", "barriers", BARRIER_FILES, read_barriers) or []
        st.caption(
            "Without streets, ways are straight lines with 30 % added. With a street graph saved by OSMnx (GraphML), a GeoPackage of "
            "streets or an extract of OpenStreetMap, walks follow the streets and the sheets name them."
        )
        streets = _read("Streets", "streets", STREET_FILES, read_streets)
        drawn = st.session_state.get(DRAWN, ())
        if drawn:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.caption(f"Barriers drawn by hand: {len(drawn)}.")
                st.button("Take the last one away", on_click=_take_last_away)
    return [*barriers, *drawn], streets


def _take_last_away() -> None:
    st.session_state[DRAWN] = st.session_state[DRAWN][:-1]


def _read(label: str, name: str, types: list[str], read: Callable[[Path], object]):
    """What is in an uploaded file, read once; None without a file, or with one that is refused."""
    upload = st.file_uploader(label, types, key=f"leaflet-{name}")
    if upload is None:
        return None
    files = st.session_state.setdefault(FILES, {})
    if files.get(name, ("",))[0] != upload.file_id:
        try:
            with st.spinner("Reading the file …"), private_copy(upload) as path:
                files[name] = (upload.file_id, read(path), "")
        except InputError as error:
            files[name] = (upload.file_id, None, str(error))
    _, content, problem = files[name]
    if problem:
        st.error(plain(problem))
    return content
