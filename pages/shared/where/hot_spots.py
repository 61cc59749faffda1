"""Hot spots: smoothed rates, the places that pass a test, and a density whose circle is said, as map and table."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from analysis.hot_spots import words as words
from analysis.hot_spots.hot_spots import HotSpotsResult, hot_spots
from analysis.hot_spots.neighbours import neighbours
from analysis.where.kernel_density import BANDWIDTHS_METRES, density_classes, kernel_density
from analysis.words import period_in_words
from pages.shared import view
from pages.shared.ask import ask, share
from pages.shared.colours import Colours, colours, spread
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.page import Frame
from pages.shared.maps.choropleth import LEVEL_NOUNS, legend_html, outlines_of
from pages.shared.maps.maps import AreaLayer, MapArea, coloured, draw_map, outlined, surface_layer
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table

# Names in the address; those of source and level are the map's, so that they hold from one question to the next.
SOURCE, LEVEL, SHOWN, BANKS, RADIUS = "source", "level", "hot-spots-as", "banks", "radius"
SOURCES = {"counts": "Official visits", "incidents": "Recorded incidents"}
# Official figures come by postcode district, so they have no localities.
LEVELS = {
    "counts": {"district": "Postcode districts", "borough": "Boroughs"},
    "incidents": {"district": "Postcode districts", "borough": "Boroughs", "locality": "Localities"},
}
VIEWS = {
    "hot-spots": "Hot spots",
    "rates": "Smoothed rates",
    "alike": "Like and unlike neighbours",
    "density": "Density",
}
NEIGHBOURS = {"bridges": "Across bridges", "banks": "On one bank only"}
NEIGHBOURS_HELP = (
    "Areas that touch are neighbours. Those on both banks of the tidal Thames do not touch; here you choose whether a "
    "bridge, tunnel or ferry makes neighbours of them."
)
TABLE_HEIGHT_PIXELS = 560


def draw_hot_spots(frame: Frame) -> None:
    """Draw the controls, the map, what it says, and the table."""
    source, level, shown, with_bridges = _draw_controls()
    graph = share(frame, neighbours, level, with_bridges)
    result = ask(frame, hot_spots, frame.filters, level, source, with_bridges, graph=graph)
    subject = words.subject_of(result)
    if shown != "density":
        _say_finding(words.finding(result))
    left, right = st.columns([5, 4], gap="medium")
    with left:
        if shown == "density":
            _draw_density(frame, subject)
        else:
            _draw_areas(frame, result, subject, shown)
    with right:
        _draw_table(frame, result, subject)
    for sentence in words.sentences(result)[0 if shown == "density" else 1 :]:
        st.html(f'<p class="said">{escape(sentence)}</p>')
    for note in words.notes(result):
        st.caption(plain(note))


def _draw_controls() -> tuple[str, str, str, bool]:
    with st.container(horizontal=True, gap="small"):
        source = view.choose(st.segmented_control, "Source", SOURCES, SOURCE, required=True)
        level = view.choose(st.segmented_control, "By", LEVELS[source], LEVEL, required=True)
        banks = view.choose(
            st.segmented_control, "Neighbours", NEIGHBOURS, BANKS, required=True, help=NEIGHBOURS_HELP
        )
    shown = view.choose(st.segmented_control, "Map of", VIEWS, SHOWN, required=True)
    return source, level, shown, banks == "bridges"


def _draw_areas(frame: Frame, result: HotSpotsResult, subject: words.Subject, shown: str) -> None:
    shades, table = colours(), result.table
    labels, ramp, numbers = _classes(shown, subject, result, shades)
    areas = {
        row.area_code: MapArea(int(number), words.lines_of(row, subject.source))
        for row, number in zip(table.itertuples(), numbers, strict=True)
    }
    title = f"{VIEWS[shown]}: {subject.records()} by {LEVEL_NOUNS[subject.level]}"
    layer = AreaLayer(outlines_of(frame, subject.level), areas, coloured(shades, ramp))
    _draw_map(frame, [layer], f"hot-spots-{shown}-{subject.level}", shades, title, subject.level)
    gap = words.NO_FIGURE if (numbers < 0).any() else ""
    unit = ", per 1,000 residents per year" if shown == "rates" else ""
    # What a map of hot spots does not show is its news; rates have the same classes whatever is shown.
    always = {"hot-spots": [0, 1], "rates": range(len(labels)), "alike": []}[shown]
    present = [number for number in range(len(labels)) if number in always or number in numbers]
    st.html(
        legend_html(
            title + unit,
            [labels[number] for number in present],
            [ramp[number] for number in present],
            shades,
            gap,
        )
    )


def _classes(
    shown: str, subject: words.Subject, result: HotSpotsResult, shades: Colours
) -> tuple[Sequence[str], Sequence[str], Sequence[int]]:
    """The classes of a map in words, their colours, and the class of each area."""
    ramp, table = shades.ramp, result.table
    if shown == "hot-spots":
        return words.VERDICTS, (ramp[-1], ramp[0], shades.none), words.verdict_numbers(table)
    if shown == "alike":
        shade = (ramp[-1], ramp[3], *shades.other_ramp, ramp[0], shades.none)
        return words.ALIKE, shade, words.alike_numbers(table)
    labels = words.rate_classes(subject.source).labels
    return labels, spread(ramp, len(labels)), words.rate_numbers(table, subject.source)


def _draw_density(frame: Frame, subject: words.Subject) -> None:
    options = {str(metres): f"{metres:,} m" for metres in BANDWIDTHS_METRES}
    radius = view.choose(st.segmented_control, "Radius of the circle", options, RADIUS, "2000", required=True)
    surface = ask(frame, kernel_density, frame.filters, subject.source, int(radius))
    _say_finding(f"{surface.finding} {_period(subject)}.")
    if surface.bounds is None:
        st.info(plain(surface.sentence))
        return
    shades, classes = colours(), density_classes(subject.source)
    ramp = spread(shades.ramp, len(classes.labels) - 1)
    # The lowest class stays empty, so that the outlines show where there is next to nothing.
    layers = [
        surface_layer(classes.index(surface.per_km2) - 1, surface.bounds, ramp),
        AreaLayer(outlines_of(frame, subject.level), {}, outlined(shades, weight=0.35), interactive=False),
    ]
    title = f"{SOURCES[subject.source]} per square kilometre {_period(subject)}"
    _draw_map(frame, layers, f"hot-spots-density-{subject.level}", shades, title, subject.level)
    st.html(legend_html(title, classes.labels, (shades.paper, *ramp), shades))
    for sentence in (surface.sentence, *surface.notes):
        st.caption(plain(sentence))


def _draw_map(frame: Frame, layers: list, key: str, shades: Colours, title: str, level: str) -> None:
    boroughs = outlines_of(frame, "borough")
    if level != "borough":
        layers = [*layers, AreaLayer(boroughs, {}, outlined(shades, weight=0.9), interactive=False)]
    description = f"Map of London: {title}. The table holds the figures of the areas."
    draw_map(layers, key, shades, description, boroughs.around(frame.filters.boroughs))


def _draw_table(frame: Frame, result: HotSpotsResult, subject: words.Subject) -> None:
    noun = LEVEL_NOUNS[subject.level]
    headings = [Heading(noun.capitalize()), *(Heading(text, "number") for text in words.HEADINGS)]
    rows = [words.cells_of(row, subject.source) for row in result.table.itertuples()]
    show_table(
        f"{SOURCES[subject.source]} {_period(subject)}", headings, rows, height_pixels=TABLE_HEIGHT_PIXELS
    )
    st.caption(plain(words.HOW_TO_READ))
    offer_download(
        "Download this table (CSV)",
        lambda: words.to_download(result.table, subject),
        file_name(f"hot spots of {SOURCES[subject.source]} by {noun}", frame.filters),
        key="download-hot-spots",
    )


def _say_finding(finding: str) -> None:
    st.html(f'<h4 class="finding">{escape(finding)}</h4>')


def _period(subject: words.Subject) -> str:
    return period_in_words(subject.period_start, subject.period_end)
