from html import escape

import pandas as pd
import streamlit as st

from analysis.areas import LONDON
from analysis.trends.trend import TREND_WORDS
from analysis.trends.trends import (
    TrendsResult,
    area_history,
    areas_table,
    areas_years,
    change_between,
    spans_beside_step,
    trends,
)
from analysis.trends.words import (
    change_cells,
    change_sentence,
    trend_cells,
    trend_sentences,
    words_sentences,
)
from analysis.where.places import area_names
from analysis.words import area_noun, number_range
from data.errors import InputError
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.charts import trend_charts
from pages.shared.charts.charts import draw_chart
from pages.shared.colours import colours
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.page import Frame, page
from pages.shared.plain import plain
from pages.shared.since import draw_since
from pages.shared.tables import Heading, show_table

# Names in the address; level and area are those of the map.
SOURCE, LEVEL, AREA = "source", "level", "area"
SPANS = ("first-from", "first-to", "second-from", "second-to")

SOURCES = {"counts": "Official visits", "incidents": "Recorded incidents"}
SOURCE_HELP = (
    "Official visits: what the Home Office says it did, by year. Recorded incidents: what groups and public reports saw, "
    "by month. They answer different questions and are never added up."
)
LEVELS = {
    "counts": {"borough": "Boroughs", "district": "Postcode districts"},
    "incidents": {"borough": "Boroughs", "district": "Postcode districts", "locality": "Localities"},
}
HOW_TO_READ = {
    "counts": "A dashed line marks a step to a new level. A faint bar reaches to the highest number the return allows. A "
    "grey bar is a year covered in part; its dashed outline is what the same rate makes of a whole year.",
    "incidents": "A dashed line marks a step to a new level. A grey bar is a month covered in part. What was "
    "reported, not how much happened.",
}
TABLE_HEIGHT_PIXELS = 560


def main() -> None:
    """Draw the page."""
    with page("Is it changing") as frame:
        source, level, area = _draw_controls(frame)
        result = ask(frame, trends, frame.filters, level, source)
        _draw_area(result, area, frame)
        changes = _draw_change(result, area)
        _draw_multiples(result)
        if changes is not None and len(changes):
            _draw_areas(result, changes, area, frame)
        if source == "counts":
            draw_since(frame)
        for note in result.notes:
            st.caption(plain(note))


def _draw_controls(frame: Frame) -> tuple[str, str, str]:
    with st.container(horizontal=True, gap="small"):
        source = view.choose(st.segmented_control, "Source", SOURCES, SOURCE, required=True, help=SOURCE_HELP)
        level = view.choose(st.segmented_control, "By", LEVELS[source], LEVEL, required=True)
        areas = {"": "All London"} | ask(frame, area_names, level)
        area = view.choose(st.selectbox, "Area", areas, AREA, width=320)
    return source, level, area or LONDON


def _draw_area(result: TrendsResult, area: str, frame: Frame) -> None:
    finding, *others = trend_sentences(result, area)
    history = area_history(result, area)
    if history.empty or len(history) < 2:
        st.info(plain(finding))
        return
    steps = result.change_points[result.change_points["area_code"] == area]
    draw = trend_charts.visits_over_time if result.source == "counts" else trend_charts.incidents_over_time
    draw_chart(draw(history, steps, colours()), finding, HOW_TO_READ[result.source])
    for sentence in others:
        st.html(f'<p class="said">{escape(sentence)}</p>')
    with st.expander("The same as a table"):
        _draw_history(result, history, frame)


def _draw_history(result: TrendsResult, history: pd.DataFrame, frame: Frame) -> None:
    name = history["area_name"][0]
    what = f"{SOURCES[result.source]} in {name} by {'year' if result.source == 'counts' else 'month'}"
    headings = [
        Heading("Year" if result.source == "counts" else "Month"),
        Heading("Visits" if result.source == "counts" else "Incidents", "number"),
        Heading("Days covered", "number"),
        Heading("Per year of the time covered", "number"),
    ]
    columns = ["visits_low", "visits_high"] if result.source == "counts" else ["incidents", "incidents"]
    rows = [
        [period, number_range(low, high), f"{days:,.0f}", number_range(rate_low, rate_high)]
        for period, low, high, days, rate_low, rate_high in history[
            ["period", *columns, "covered_days", "rate_low", "rate_high"]
        ].itertuples(index=False)
    ]
    show_table(what, headings, rows, height_pixels=TABLE_HEIGHT_PIXELS)
    offer_download(
        "Download this history (CSV)", lambda: history, file_name(what, frame.filters), key="download-history"
    )


def _draw_change(result: TrendsResult, area: str) -> pd.DataFrame | None:
    """The change between two spans of years, in words; returns that of every area."""
    default = spans_beside_step(result)
    if default is None:
        return None
    st.subheader("Change between two periods", anchor=False)
    years = {str(year): str(year) for year in sorted(result.years["year"].unique())}
    labels = ("First period from", "to", "Second period from", "to (included)")
    with st.container(horizontal=True, gap="small"):
        chosen = [
            int(view.choose(st.selectbox, label, years, name, str(year), width=150))
            for label, name, year in zip(labels, SPANS, (*default[0], *default[1]), strict=True)
        ]
    try:
        changes = change_between(result, (chosen[0], chosen[1]), (chosen[2], chosen[3]))
    except InputError as error:
        st.info(plain(str(error)))
        return None
    of_area = changes[changes["area_code"] == area]
    if len(of_area):
        st.html(f'<p class="said">{escape(change_sentence(of_area.iloc[0], result.source))}</p>')
    return changes


def _draw_multiples(result: TrendsResult) -> None:
    years, summary = areas_years(result), words_sentences(result)
    # One small chart per district would be a wall of them.
    if result.level != "borough" or not summary or spans_beside_step(result) is None:
        return
    noun = SOURCES[result.source].lower()
    st.subheader("All boroughs on one scale", anchor=False)
    st.html(f'<h4 class="finding">{escape(summary[0])}</h4>')
    trend_charts.draw_multiples(years, colours(), f"{noun.capitalize()} a year, by borough. {summary[0]}")
    st.caption(
        f"{noun.capitalize()} per year of the time covered, every borough that has any, and is covered enough, on the same scale. Grey: covered in "
        "part. Faint: up to the highest number that the return allows. The table below holds all areas."
    )


def _draw_areas(result: TrendsResult, changes: pd.DataFrame, area: str, frame: Frame) -> None:
    table = areas_table(result, changes)
    if table.empty:
        return
    noun = area_noun(result.level)
    title = f"{SOURCES[result.source]}: trend and change of all {noun}"
    headings = [
        Heading("Area"),
        Heading("Trend"),
        Heading("Ratio", "number"),
        Heading("Likely between", "number"),
        Heading("Years a hot spot"),
    ]
    rows = []
    for _, row in table.iterrows():
        word, hot = trend_cells(row)
        rows.append([row["area_name"], word, *change_cells(row), hot])
    codes = list(table["area_code"])
    st.subheader(f"All {noun}", anchor=False)
    show_table(
        f"{title}. Ratio: {changes['to'].iloc[0]} over {changes['from'].iloc[0]}, for the same length of time",
        headings, rows, codes.index(area) if area in codes else None, TABLE_HEIGHT_PIXELS,
    )  # fmt: skip
    offer_download(
        "Download this table (CSV)", lambda: table, file_name(title, frame.filters), key="download-trends"
    )
    with st.expander("What the words for trends mean"):
        rows = [[word.capitalize(), meaning] for word, meaning in TREND_WORDS.items()]
        show_table(
            "In this order; the first that holds is taken", [Heading("Word"), Heading("Meaning")], rows
        )


main()
