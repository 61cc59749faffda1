"""Local groups: what they cover, edited by hand or imported; where new ones would cover most; what is high both ways."""

from html import escape

import altair as alt
import pandas as pd
import streamlit as st

from analysis.organise.coverage import (
    COVERED,
    CoverageResult,
    best_new_areas,
    coverage,
    coverage_to_download,
    covered_numbers,
    lines_of,
)
from analysis.organise.quadrants import HIGHEST, quadrants
from analysis.organise.words import coverage_sentences, highest_sentence, new_groups_sentence
from analysis.words import counted
from data.errors import InputError
from data.organising.groups import KINDS, Cover, add_area, add_cover, import_groups, list_groups, remove_area
from data.schema import GROUP_KIND_VALUES
from pages.shared.ask import ask
from pages.shared.charts import charts
from pages.shared.colours import Colours, colours
from pages.shared.door.access import by_keepers, by_recorders
from pages.shared.door.told import draw_told, telling
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.page import Frame
from pages.shared.maps.choropleth import LEVEL_NOUNS, legend_html, outlines_of
from pages.shared.maps.maps import AreaLayer, MapArea, coloured, draw_map
from pages.shared.plain import meanings, plain
from pages.shared.tables import Heading, show_table
from pages.shared.uploads import FILE_TYPES, uploaded_table

GROUPS, TAKEN_AWAY = "groups", "groups-taken-away"
KIND, AREA, UPLOAD = "groups-kind", "groups-area", "groups-upload"
CHART_PIXELS = 320
MAY_NOT_CHANGE = "Groups and their areas are for recorders and keepers to change; ask one of your group."
MAY_NOT_IMPORT = "A list of groups is for keepers to import; ask one of your group."


def draw_groups(frame: Frame, level: str) -> None:
    """What groups cover, the table of them, and how it is changed."""
    result = ask(frame, coverage, frame.filters, level)
    st.html("".join(f'<p class="said">{escape(sentence)}</p>' for sentence in coverage_sentences(result)))
    listed = list_groups(frame.store)
    left, right = st.columns([5, 4], gap="medium")
    with left:
        _draw_map(frame, result, level)
    with right:
        show_table(
            "Groups and areas",
            [Heading("Group"), Heading("Covers"), Heading("Kind of area")],
            listed[["name", "area_name", "area_level"]].to_numpy().tolist(),
            height_pixels=360,
        )
        noun = LEVEL_NOUNS[level]
        offer_download(
            f"Download what is covered, by {noun} (CSV)",
            lambda: coverage_to_download(result),
            file_name(f"covered by groups by {noun}", frame.filters),
            key="download-coverage",
        )
    _draw_changes(frame, listed)


def _draw_map(frame: Frame, result: CoverageResult, level: str) -> None:
    shades, table = colours(), result.table
    ramp = (shades.none, shades.ramp[2], shades.ramp[-1])
    areas = {
        row.area_code: MapArea(number, lines_of(row))
        for row, number in zip(table.itertuples(), covered_numbers(table), strict=True)
    }
    title = f"What local groups cover, by {LEVEL_NOUNS[level]}"
    layer = AreaLayer(outlines_of(frame, level), areas, coloured(shades, ramp))
    draw_map([layer], f"groups-{level}", shades, f"Map of London: {title}. The table holds the same.")
    st.html(
        legend_html(
            title, COVERED, ramp, shades, "nobody lives there" if table["covered_share"].isna().any() else ""
        )
    )


def _draw_changes(frame: Frame, listed: pd.DataFrame) -> None:
    if not frame.role.may_record:
        st.caption(MAY_NOT_CHANGE)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Kind of group", list(KINDS), format_func=KINDS.get, key=KIND, help=meanings(GROUP_KIND_VALUES)
        )
        st.text_input("An area it covers", key=AREA, placeholder="Hackney, or SE15")
        st.button("Add the area", on_click=_add, args=(frame,))
    covers = {
        f"{row.name}: {row.area_name}": Cover(row.kind, row.area_level, row.area_code, row.public_name)
        for row in listed.itertuples(index=False)
    }
    with st.container(horizontal=True):
        _draw_more_changes(frame, covers)
    _say_what_happened(frame)


def _draw_more_changes(frame: Frame, covers: dict[str, Cover]) -> None:
    if covers:
        with st.popover("Take an area away"):
            chosen = st.selectbox("Group and area", list(covers))
            st.button("Take it away", on_click=_take_away, args=(frame, covers[chosen]))
    if not frame.role.may_keep:
        st.caption(MAY_NOT_IMPORT)
        return
    with st.popover("Import a list"):
        st.caption(
            "A table with a column ‘kind’ and a column ‘area’: one row for each group and area. What is there already stays. A column "
            "of names is left out; contacts and persons have no place here."
        )
        upload = st.file_uploader("List of groups", FILE_TYPES, key=UPLOAD)
        st.button("Import it", on_click=_import, args=(frame,), disabled=upload is None)


def _say_what_happened(frame: Frame) -> None:
    draw_told(GROUPS)
    if TAKEN_AWAY in st.session_state:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("The area was taken away.")
            st.button("Put it back", on_click=_put_back, args=(frame,))


@by_recorders
def _add(frame: Frame) -> None:
    with telling(GROUPS) as say:
        cover = add_area(frame.store, st.session_state[KIND], st.session_state[AREA])
        say(f"{cover.group}: the area is added.")
        st.session_state[AREA] = ""


@by_recorders
def _take_away(frame: Frame, cover: Cover) -> None:
    with telling(GROUPS):
        remove_area(frame.store, cover)
        st.session_state[TAKEN_AWAY] = cover


@by_recorders
def _put_back(frame: Frame) -> None:
    cover = st.session_state[TAKEN_AWAY]
    with telling(GROUPS):
        add_cover(frame.store, cover)
        del st.session_state[TAKEN_AWAY]


@by_keepers
def _import(frame: Frame) -> None:
    with telling(GROUPS) as say:
        found = import_groups(frame.store, uploaded_table(st.session_state[UPLOAD]))
        say(" ".join([f"Imported: {counted(len(found.covers), 'area')} with a group.", *found.notes]))


def draw_new_groups(frame: Frame, level: str, k: int) -> None:
    """Where `k` new groups would cover most visits that no group covers."""
    try:
        result = ask(frame, best_new_areas, frame.filters, level, k)
    except InputError as error:
        st.info(plain(str(error)))
        return
    st.html(f'<p class="said">{escape(new_groups_sentence(result))}</p>')
    if len(result.table):
        show_table(
            "New groups, the one that adds most first",
            [Heading(LEVEL_NOUNS[level].capitalize()), Heading("Visits a year newly covered", "number"), Heading("Residents newly covered", "number")],
            [[row.area_name, f"{row.visits:,.0f}", f"{row.residents:,.0f}"] for row in result.table.itertuples()],
        )  # fmt: skip


def draw_high_on_both(frame: Frame) -> None:
    """Postcode districts by count and by rate, and the highest on both."""
    result = ask(frame, quadrants, frame.filters)
    if result.table.empty:
        st.info(plain(highest_sentence(result)))
        return
    charts.draw_chart(
        _count_by_rate(result.table, colours()),
        highest_sentence(result),
        "Each dot a postcode district with at least 1,000 residents. Both axes grow by factors. Lines: the middle district.",
    )
    with st.expander("The same as a table"):
        show_table(
            "Postcode districts, highest on both first",
            [Heading("District"), Heading("Visits", "number"), Heading("Per 1,000 a year", "number"), Heading("Quadrant")],
            [
                [row.area_name, f"{row.visits:,.0f}", f"{row.rate_per_1000:.2f}", row.quadrant]
                for row in result.table.itertuples()
            ],
            height_pixels=480,
        )  # fmt: skip
        offer_download(
            "Download this table (CSV)",
            lambda: result.table.round({"rate_per_1000": 3}),
            file_name("districts by count and rate", frame.filters),
            key="download-quadrants",
        )


def _count_by_rate(table: pd.DataFrame, colours: Colours) -> alt.LayerChart:
    x = alt.X(
        "visits:Q",
        scale=alt.Scale(type="symlog", constant=10),
        title="Official visits",
        axis=alt.Axis(values=[0, 10, 30, 100, 300, 1000]),
    )
    y = alt.Y(
        "rate_per_1000:Q",
        scale=alt.Scale(type="symlog", constant=0.1),
        title="Per 1,000 residents a year",
        axis=alt.Axis(values=[0, 0.1, 0.3, 1, 3, 9], format="~g"),
    )
    is_high = alt.datum.both_rank <= HIGHEST
    dots = (
        alt.Chart(table)
        .mark_circle(size=46, opacity=0.85)
        .encode(
            x=x,
            y=y,
            color=alt.condition(is_high, alt.value(colours.bar), alt.value(colours.faint_bar)),
            tooltip=[
                alt.Tooltip("area_name:N", title="District"),
                alt.Tooltip("visits:Q", title="Official visits", format=",.0f"),
                alt.Tooltip("rate_per_1000:Q", title="Per 1,000 residents a year", format=".2f"),
                alt.Tooltip("quadrant:N", title="Quadrant"),
            ],
        )
    )
    names = (
        alt.Chart(table)
        .transform_filter(is_high)
        .mark_text(align="left", dx=6, dy=-5, fontSize=11, color=colours.mark)
        .encode(x=x, y=y, text="area_name:N")
    )
    lines = alt.Chart(table).mark_rule(color=colours.faint_line, strokeDash=[3, 3])
    middle_x, middle_y = lines.encode(x="median(visits):Q"), lines.encode(y="median(rate_per_1000):Q")
    return (middle_x + middle_y + dots + names).properties(height=CHART_PIXELS)
