import streamlit as st

from analysis.where.measures import (
    filters_for,
    measure_values,
    rank_span,
    share_span,
    value_in_words,
    values_to_download,
)
from analysis.where.places import area_names
from analysis.where.profile import area_profile
from analysis.where.where import MEASURES, where
from analysis.words import figure, period_in_words
from data.schema import OUTCOME_VALUES, OUTCOMES, labels
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.menu import AREA as AREA_PAGE
from pages.shared.frame.menu import link_to
from pages.shared.frame.page import Frame, page
from pages.shared.maps import maps
from pages.shared.maps.choropleth import (
    LEVEL_NOUNS,
    TITLES,
    AreaMap,
    draw_area_map,
    draw_density_map,
    outlines_of,
)
from pages.shared.plain import meanings, plain
from pages.shared.since import draw_since
from pages.shared.tables import Heading, show_table
from pages.shared.where.compare import draw_compare
from pages.shared.where.hot_spots import draw_hot_spots
from pages.shared.where.profile import draw_profile
from pages.shared.where.search import draw_search
from pages.shared.where.seen import draw_seen

# Names in the address.
QUESTION, SOURCE, LEVEL, MEASURE, SHARE_OF, LAYER, AREA, ZOOM, TILES = (
    "question", "source", "level", "measure", "share-of", "layer", "area", "zoom", "street-map",
)  # fmt: skip

QUESTIONS = {
    "how-many": "How many",
    "hot-spots": "Hot spots",
    "residents": "Beside the residents",
    "heard-of": "Heard of",
}
SOURCES = {"counts": "Official visits", "incidents": "Recorded incidents"}
SOURCE_HELP = (
    "Official visits: what the Home Office says it did. Recorded incidents: what groups and public reports saw. "
    "They answer different questions and are never added up."
)
CORNERS = (
    "A raid known by its postcode in a small corner of a district, such as N1C, is counted in the district beside it: one in "
    "twenty of London's postcodes lies so."
)
# Official figures come by postcode district, so they have no localities.
LEVELS = {
    "counts": {"borough": "Boroughs", "district": "Postcode districts"},
    "incidents": {"borough": "Boroughs", "district": "Postcode districts", "locality": "Localities"},
}
MEASURES_OF = {
    "counts": {"visits": "Count", "visits_rate": "Per 1,000 residents"},
    "incidents": {
        "incidents": "Count",
        "incidents_rate": "Per 1,000 residents",
        "outcome_share": "Outcome share",
    },
}
MEASURE_HELP = "Per 1,000 residents: usual residents at the Census of 2021, and per year."
LAYERS = {"areas": "Areas", "density": "Heat map"}
# Short, so that the table fits a phone; its caption says the rest.
HEADINGS = {"count": "Number", "rate": "Per 1,000 a year", "share": "Share"}
TABLE_HEIGHT_PIXELS = 560
TILES_REVEAL = (
    "The pictures of streets come from openstreetmap.org, which then learns your internet address and which part of London "
    "you look at. Nothing is asked of it unless you switch this on."
)


def main() -> None:
    """Draw the page."""
    with page("Where raids happen") as frame:
        question = view.choose(
            st.segmented_control, "Question", QUESTIONS, QUESTION, required=True, label_visibility="collapsed"
        )
        DRAWN[question](frame)


def draw_how_many(frame: Frame) -> None:
    """Counts, rates and shares of outcomes on the map and as a table, and one area in full."""
    source, level, measure, outcome = _draw_controls()
    rank_by = "rate" if MEASURES[measure].kind == "rate" else "count"
    filters = filters_for(measure, frame.filters)
    result = ask(frame, where, filters, level, source, rank_by)
    values = measure_values(result, measure, outcome)
    choices = {"": "None chosen"} | ask(frame, area_names, level)
    left, right = st.columns([4, 3], gap="medium")
    with left:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            draw_search(frame, level, _lead_to)
            layer = view.choose(
                st.segmented_control,
                "Drawn as",
                LAYERS,
                LAYER,
                required=True,
                label_visibility="collapsed",
            )
            with st.popover("Background"):
                with_tiles = view.switch("Street map", TILES)
                st.caption(TILES_REVEAL)
            if view.value(ZOOM):
                st.button("All London", on_click=view.forget, args=([ZOOM],))
        chosen = view.current(AREA, choices, "")
        shown = AreaMap(
            level, measure, values, period_in_words(result.period_start, result.period_end), outcome, chosen,
            _bounds(frame, level), with_tiles,
        )  # fmt: skip
        draw = draw_density_map if layer == "density" else draw_area_map
        draw(frame, shown, "where", _choose)
    with right:
        _draw_table(shown, frame)
    if filters != frame.filters:
        st.caption(
            "The filter by outcome does not apply to shares: among raids chosen by outcome all end alike."
        )
    _say_what_is_not_on_the_map(result, source, is_heat_map=layer == "density")
    if source == "incidents" and level == "district":
        st.caption(CORNERS)
    if source == "counts":
        draw_since(frame)
    st.subheader("One area in full", anchor=False)
    chosen = view.choose(st.selectbox, "Area (or click one on the map)", choices, AREA)
    if chosen:
        link_to(AREA_PAGE, f"All about {plain(choices[chosen])}, beside any other area", area=chosen)
        draw_profile(ask(frame, area_profile, frame.filters, level, chosen), frame.filters)


def _draw_controls() -> tuple[str, str, str, str]:
    with st.container(horizontal=True, gap="small"):
        source = view.choose(st.segmented_control, "Source", SOURCES, SOURCE, required=True, help=SOURCE_HELP)
        level = view.choose(st.segmented_control, "By", LEVELS[source], LEVEL, required=True)
        measure = view.choose(
            st.segmented_control, "Figure", MEASURES_OF[source], MEASURE, required=True, help=MEASURE_HELP
        )
    outcome = OUTCOMES[0]
    if measure == "outcome_share":
        outcome = view.choose(
            st.selectbox, "Outcome", labels(OUTCOME_VALUES), SHARE_OF, help=meanings(OUTCOME_VALUES)
        )
    return source, level, measure, outcome


def _draw_table(shown: AreaMap, frame: Frame) -> None:
    values, kind = shown.values, MEASURES[shown.measure].kind
    rows = [
        [
            row.area_name,
            value_in_words(shown.measure, row.low, row.high, row.of),
            share_span(row.likely_low, row.likely_high)
            if kind == "share"
            else rank_span(row.rank_low, row.rank_high),
            f"{row.residents:,.0f}",
        ]
        for row in values.itertuples()
    ]
    headings = [
        Heading(LEVEL_NOUNS[shown.level].capitalize()),
        Heading(HEADINGS[kind], "number"),
        Heading("Likely share" if kind == "share" else "Likely rank", "number"),
        Heading("Residents", "number"),
    ]
    codes = list(values["area_code"])
    chosen = codes.index(shown.chosen) if shown.chosen in codes else None
    show_table(f"{shown.title()}, highest first", headings, rows, chosen, TABLE_HEIGHT_PIXELS)
    offer_download(
        "Download this table (CSV)",
        lambda: values_to_download(values, shown.measure, shown.period),
        file_name(
            f"{TITLES[shown.measure].format(outcome=shown.outcome)} by {LEVEL_NOUNS[shown.level]}",
            frame.filters,
        ),
        key="download-where",
    )


def _say_what_is_not_on_the_map(result, source: str, is_heat_map: bool) -> None:
    noun = "official visit" if source == "counts" else "recorded incident"
    parts = [
        (result.outside_london_low, result.outside_london_high, "outside London"),
        (
            result.place_unknown_low,
            result.place_unknown_high,
            "at a place not known finely enough for this map",
        ),
    ]
    said = [f"{figure(low, high, noun)} {where}" for low, high, where in parts if round(high)]
    # Under a heat map its own sentence says what could not be drawn.
    if said and not is_heat_map:
        st.caption(f"Not on the map: {'; '.join(said)}.")
    for note in result.notes:
        st.caption(plain(note))


def _bounds(frame: Frame, level: str) -> maps.Bounds:
    """What to zoom to: where the search led, else the boroughs of the filter, else all London."""
    if view.value(ZOOM):
        corners = {}
        for each in ("borough", "district", level):
            corners |= outlines_of(frame, each).corners
        for zoomed in view.undrawn(ZOOM, corners):
            return corners[zoomed]
    return outlines_of(frame, "borough").around(frame.filters.boroughs)


def _choose(code: str) -> None:
    view.put(AREA, code)


def _lead_to(area: str, zoom: str) -> None:
    view.put(AREA, area)
    view.put(ZOOM, zoom)


DRAWN = {
    "how-many": draw_how_many,
    "hot-spots": draw_hot_spots,
    "residents": draw_compare,
    "heard-of": draw_seen,
}
main()
