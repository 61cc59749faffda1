"""Raids beside residents: which figure, a scatter with names and a fitted line, what it shows and what it cannot."""

from html import escape
from textwrap import wrap

import altair as alt
import streamlit as st

from analysis.areas import Run
from analysis.filters import Filters
from analysis.residents.compare import RESIDENTS, CompareResult, chosen_figure, compare, points_to_download
from analysis.residents.words import figure_value
from analysis.where.measures import value_in_words
from analysis.where.places import area_names
from analysis.words import area_noun
from data.errors import InputError
from data.imports.area_figures import AreaFigures, load_area_figures, read_area_figures
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.charts.charts import draw_chart
from pages.shared.colours import Colours, colours
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.page import Frame
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table
from pages.shared.uploads import FILE_TYPES, uploaded_table

# Names in the address.
SOURCE, TABLE, FIGURE, DIVIDED_BY = "source", "beside", "figure", "divided-by"
# What the session keeps: the person's own table or why it cannot be used, and how often one was put in.
OWN, ROUND = "compare-own", "compare-round"

SOURCES = {"counts": "Official visits", "incidents": "Recorded incidents"}
TABLES = {"census": "Census 2021", "own": "A table of your own"}
MEASURES = {"counts": ("visits", "visits_rate"), "incidents": ("incidents", "incidents_rate")}
RATES = {
    "counts": "Official visits per 1,000 residents per year",
    "incidents": "Recorded incidents per 1,000 residents per year",
}
UPLOAD_HELP = (
    "One row for each area, with its code in a column: boroughs as E09000012, postcode districts as SE15. It is read on this "
    "machine, kept until you close this window or forget it, and never stored or shared."
)
HOW_TO_READ = (
    "Each point is an area; those that pull the line most, and those at the ends, are named. Line: the regression. Band: "
    "where the line would lie 19 times in 20 if areas were independent."
)
HEIGHT_PIXELS, TABLE_HEIGHT_PIXELS = 420, 420
TITLE_LETTERS = 44


def draw_compare(frame: Frame) -> None:
    """Draw everything: controls, chart, what it says, table, download."""
    with st.container(horizontal=True, gap="small"):
        source = view.choose(st.segmented_control, "Source", SOURCES, SOURCE, required=True)
        table = view.choose(st.segmented_control, "Set beside", TABLES, TABLE, required=True)
    result, level = _own(frame, source) if table == "own" else _bundled(frame, source)
    if result is None:
        return
    if result.rate_ratio is None:
        st.info(plain(result.finding))
    else:
        draw_chart(_scatter(result, source, colours()), result.finding, HOW_TO_READ)
        st.html("".join(f'<p class="said">{escape(sentence)}</p>' for sentence in result.sentences))
        _draw_table(result, source, level, frame)
    for note in result.notes:
        st.caption(plain(note))


@st.cache_data(show_spinner=False)
def _bundled_figures() -> AreaFigures:
    return load_area_figures()


def _compare_bundled(run: Run, filters: Filters, source: str, name: str) -> CompareResult:
    """The comparison with one of the bundled figures."""
    figures = _bundled_figures()
    chosen = chosen_figure(run, figures, name)
    return compare(run, filters, figures.level, source, chosen.table, chosen.label, chosen.unit)


def _bundled(frame: Frame, source: str) -> tuple[CompareResult, str]:
    figures = _bundled_figures()
    labels = {name: _begin(figure.label) for name, figure in figures.figures.items()}
    name = view.choose(st.selectbox, "Figure: share of residents", labels, FIGURE)
    return ask(frame, _compare_bundled, frame.filters, source, name), figures.level


def _own(frame: Frame, source: str) -> tuple[CompareResult | None, str]:
    st.file_uploader(
        "A table by borough, postcode district or locality",
        type=FILE_TYPES,
        key=_upload_key(),
        on_change=_take,
        args=(frame,),
        help=UPLOAD_HELP,
    )
    own = st.session_state.get(OWN)
    if own is None:
        st.caption(plain(UPLOAD_HELP))
        return None, ""
    if isinstance(own, str):
        st.error(plain(own))
        return None, ""
    _say_what_was_read(own)
    labels = {name: figure.label for name, figure in own.figures.items()}
    left, right = st.columns(2)
    with left:
        name = view.choose(st.selectbox, "Figure", labels, FIGURE)
    wholes = {"": "Nothing: as it is", RESIDENTS: "Residents (Census 2021)"} | labels
    wholes.pop(name)
    with right:
        divided_by = view.choose(st.selectbox, "Divided by", wholes, DIVIDED_BY)
    st.button("Forget this table", on_click=_forget)
    chosen = chosen_figure(frame.store.run, own, name, divided_by)
    # Not through the cache that all visitors share: the table is this person's alone.
    return compare(
        frame.store.run, frame.filters, own.level, source, chosen.table, chosen.label, chosen.unit
    ), own.level


def _take(frame: Frame) -> None:
    """Read what was put in, or forget what was taken out."""
    upload = st.session_state[_upload_key()]
    if upload is None:
        st.session_state.pop(OWN, None)
        return
    levels = ("borough", "district", "locality")
    codes = {level: set(ask(frame, area_names, level)) for level in levels}
    try:
        st.session_state[OWN] = read_area_figures(uploaded_table(upload), codes)
    except InputError as error:
        st.session_state[OWN] = str(error)


def _forget() -> None:
    st.session_state.pop(OWN, None)
    # Another key makes another, empty uploader.
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _upload_key() -> str:
    return f"compare-upload-{st.session_state.get(ROUND, 0)}"


def _say_what_was_read(own: AreaFigures) -> None:
    said = f"{len(own.table)} {area_noun(own.level)} read"
    if own.missing:
        said += f"; {own.missing} are not in the table"
    if own.elsewhere:
        said += f"; {own.elsewhere} rows of places outside London, or of regions, are left out"
    st.caption(f"{said}. The table is kept until you close this window, and never stored.")


def _scatter(result: CompareResult, source: str, shades: Colours) -> alt.LayerChart:
    title = wrap(_begin(result.label) + (" (% of residents)" if result.unit == "%" else ""), TITLE_LETTERS)
    x = alt.X("value:Q", title=title, scale=alt.Scale(zero=False, nice=True))
    # As high as the points need: a band that opens wide at its ends would press them to the ground.
    scale = alt.Scale(domain=[0, result.points["rate_high"].max()], nice=True)
    y = alt.Y("rate_per_1000:Q", title=RATES[source], scale=scale)
    line = alt.Chart(result.line).encode(x=x)
    band = line.mark_area(color=shades.faint_bar, opacity=0.5, clip=True).encode(
        y=alt.Y("low:Q", scale=scale), y2="high:Q"
    )
    curve = line.mark_line(color=shades.bar, clip=True).encode(y=y)
    points = alt.Chart(result.points).encode(x=x, y=y, tooltip=_tooltip(result, source))
    ranges = points.mark_rule(color=shades.mark, opacity=0.6).encode(y="rate_low:Q", y2="rate_high:Q")
    marks = points.mark_circle(color=shades.mark, size=70, opacity=0.8)
    # The rim of a name keeps it off the line, and lies below the points so that it hides none.
    rims = _names(points, color=shades.paper, stroke=shades.paper, strokeWidth=4, strokeJoin="round")
    layers = alt.layer(band, curve, rims, ranges, marks, _names(points, color=shades.mark))
    return layers.properties(height=HEIGHT_PIXELS)


def _names(points: alt.Chart, **looks) -> alt.LayerChart:
    """Names beside their points, on the side where there is room."""
    named = points.transform_joinaggregate(least="min(value)", most="max(value)").transform_filter(
        "datum.is_named"
    )
    left, right = "datum.value - datum.least", "datum.most - datum.value"
    looks |= {"dy": -3, "baseline": "bottom", "fontSize": 12}
    return alt.layer(
        named.transform_filter(f"{left} <= {right}").mark_text(align="left", dx=6, **looks),
        named.transform_filter(f"{left} > {right}").mark_text(align="right", dx=-6, **looks),
    ).encode(text="area_name:N")


def _tooltip(result: CompareResult, source: str) -> list[alt.Tooltip]:
    decimals = ".2f" if source == "counts" else ".4f"
    return [
        alt.Tooltip("area_name:N", title="Area"),
        alt.Tooltip(
            "value:Q",
            title="Share (%)" if result.unit == "%" else "Figure",
            format=".1f" if result.unit == "%" else ",.4~f",
        ),
        alt.Tooltip("observed_low:Q", title=f"{SOURCES[source]}, at least", format=",.0f"),
        alt.Tooltip("observed_high:Q", title=f"{SOURCES[source]}, at most", format=",.0f"),
        alt.Tooltip("rate_per_1000:Q", title="Per 1,000 residents per year", format=decimals),
        alt.Tooltip("expected:Q", title="By the line", format=",.1f"),
    ]


def _draw_table(result: CompareResult, source: str, level: str, frame: Frame) -> None:
    count, rate = MEASURES[source]
    rows = [
        [
            row.area_name,
            figure_value(row.value, result.unit),
            value_in_words(count, row.observed_low, row.observed_high, float("nan")),
            value_in_words(rate, row.rate_low, row.rate_high, float("nan")),
            f"{row.expected:,.0f}",
            f"{row.influence:.2f}",
        ]
        for row in result.points.itertuples()
    ]
    headings = [
        Heading("Area"),
        Heading("Share" if result.unit == "%" else "Figure", "number"),
        Heading("Number", "number"),
        Heading("Per 1,000 a year", "number"),
        Heading("By the line", "number"),
        Heading("Influence", "number"),
    ]
    caption = f"{SOURCES[source]} {result.period} and {result.label}, by {area_noun(level)}; those that pull the line most first"
    with st.expander("The same as a table"):
        show_table(caption, headings, rows, height_pixels=TABLE_HEIGHT_PIXELS)
        st.caption(
            "Influence: how far an area bends the line; near or above 1, it does so alone (Cook's distance)."
        )
        offer_download(
            "Download this table (CSV)",
            lambda: points_to_download(result),
            file_name(f"{SOURCES[source]} beside residents", frame.filters),
            key="download-compare",
        )


def _begin(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
