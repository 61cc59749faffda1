"""Seen and unseen: how much of what the Home Office says it did stands in these records, as charts, words and tables."""

from html import escape

import altair as alt
import pandas as pd
import streamlit as st

from analysis.quality.seen import SeenResult, seen
from analysis.quality.seen_words import areas_to_draw, is_whole_year, share_in_words, to_download
from analysis.words import number_range, period_in_words
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.charts import charts
from pages.shared.colours import Colours, colours
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.page import Frame
from pages.shared.plain import plain
from pages.shared.tables import Heading, show_table

# The name in the address; the same as that of the map, so that the level holds from one question to the next.
LEVEL = "level"
LEVELS = {"borough": "Boroughs", "district": "Postcode districts"}
LEVEL_NOUNS = {"borough": "borough", "district": "postcode district"}
MOST_DRAWN = 33
ROW_PIXELS = 20
TABLE_HEIGHT_PIXELS = 480
SHARE_FORMAT = ".2~%"
TABLE_HEADINGS = ("Recorded", "Official visits", "Share heard of", "Likely between")


def draw_seen(frame: Frame) -> None:
    """Draw the level's control and everything that answers the question."""
    level = view.choose(st.segmented_control, "By", LEVELS, LEVEL, required=True)
    result = ask(frame, seen, frame.filters, level)
    if result.years.empty:
        st.info(plain(f"{result.finding}."))
    else:
        left, right = st.columns([4, 3], gap="large")
        with left:
            _draw_areas(result, level)
            _draw_years(result)
        with right:
            _draw_words(result, level)
        _draw_table(result, level, frame)
    for note in result.notes:
        st.caption(plain(note))


def _draw_areas(result: SeenResult, level: str) -> None:
    drawn, axis_end = areas_to_draw(result.table, MOST_DRAWN)
    if drawn.empty:
        st.info(plain(f"{result.finding}."))
        return
    charts.draw_chart(
        shares_by_area(drawn, axis_end, result.total["share_low"], colours()),
        result.finding,
        f"Each {LEVEL_NOUNS[level]} of which official figures cover at least half, most visits first"
        f"{'' if len(drawn) < MOST_DRAWN else f', the first {MOST_DRAWN}'}. Dot: recorded incidents among official visits, "
        "hollow where none is recorded. Line: where the share would lie 19 times in 20 by chance; some run past the edge. "
        "Dashed: all together.",
    )


def _draw_words(result: SeenResult, level: str) -> None:
    st.html("".join(f'<p class="said">{escape(sentence)}</p>' for sentence in result.sentences))
    if result.blind:
        st.html(f'<h4 class="finding">Where these records are blind, by {LEVEL_NOUNS[level]}</h4>')
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in result.blind)
        st.html(f'<ul class="said">{items}</ul>')
        st.caption("At most: the upper end of the line in the chart. Most visits first.")


def _draw_years(result: SeenResult) -> None:
    charts.draw_chart(
        shares_by_year(result.years, colours()),
        result.years_finding,
        "Dot: recorded incidents among official visits. Line: where the share would lie 19 times in 20 by chance. "
        "A year that figures cover in part is faint.",
    )


def _draw_table(result: SeenResult, level: str, frame: Frame) -> None:
    period = period_in_words(result.period_start, result.period_end)
    noun = LEVEL_NOUNS[level]
    caption = f"Recorded incidents and official visits by {noun} {period}"
    tables = {
        caption: (noun.capitalize(), result.table, "area_name"),
        f"All together, by year {period}": ("Year", result.years, "year"),
    }
    with st.expander("The same as tables"):
        for title, (first, table, key) in tables.items():
            headings = [Heading(first), *(Heading(text, "number") for text in TABLE_HEADINGS)]
            show_table(
                title, headings, [_row(row, key) for row in table.itertuples()], None, TABLE_HEIGHT_PIXELS
            )
        for label, table, what in (
            (f"Download by {noun} (CSV)", result.table, f"seen by {noun}"),
            (f"Download by {noun} and year (CSV)", result.area_years, f"seen by {noun} and year"),
        ):
            offer_download(
                label,
                lambda table=table: to_download(table, period),
                file_name(what, frame.filters),
                key=f"download-{what}",
            )


def _row(row, key: str) -> list[str]:
    has_visits = not pd.isna(row.visits_low)
    share = share_in_words(row.share_low, row.share_high, row.is_exceeded)
    return [
        str(getattr(row, key)),
        f"{row.incidents:,}" if has_visits else "–",
        number_range(row.visits_low, row.visits_high) if has_visits else "no figures",
        share if getattr(row, "is_covered", True) or not has_visits else "covered too little",
        share_in_words(row.likely_low, row.likely_high),
    ]


def shares_by_area(areas: pd.DataFrame, axis_end: float, london: float, colours: Colours) -> alt.LayerChart:
    """The share heard of in each area, with its interval, beside that of all together; rows as in `SeenResult.table`."""
    scale = alt.Scale(domain=[0, axis_end], nice=False)
    axis = alt.Axis(format=SHARE_FORMAT, title="Share of official visits heard of", tickCount=5, orient="top")
    areas = areas.assign(area_name=charts.on_one_line(areas["area_name"]))
    base = alt.Chart(areas).encode(
        y=alt.Y(
            "area_name:N",
            title=None,
            sort=list(areas["area_name"]),
            axis=alt.Axis(labelLimit=130, labelFlush=False),
        ),
        tooltip=_tooltip(alt.Tooltip("area_name:N", title="Area")),
    )
    rules = base.mark_rule(color=colours.faint_bar, strokeWidth=4, clip=True)
    rules = rules.encode(x=alt.X("likely_low:Q", axis=axis, scale=scale), x2="likely_high:Q")
    ranges = base.mark_rule(color=colours.bar, strokeWidth=4, clip=True).encode(
        x="share_low:Q", x2="share_high:Q"
    )
    dots = _dots(base, colours).encode(x="share_low:Q")
    together = alt.Chart(pd.DataFrame({"share": [london]}))
    together = together.mark_rule(color=colours.mark, strokeDash=[4, 3]).encode(x="share:Q")
    return (rules + together + ranges + dots).properties(height=alt.Step(ROW_PIXELS))


def shares_by_year(years: pd.DataFrame, colours: Colours) -> alt.LayerChart:
    """The share heard of in each year, with its interval; rows as in `SeenResult.years`."""
    years = years.assign(is_whole=years["covered_days"].map(is_whole_year))
    opacity = alt.condition("datum.is_whole", alt.value(1), alt.value(0.4))
    base = alt.Chart(years).encode(
        x=alt.X("year:O", title="Year", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        opacity=opacity,
        tooltip=_tooltip(
            alt.Tooltip("year:O", title="Year"), alt.Tooltip("covered_days:Q", title="Days covered")
        ),
    )
    axis = alt.Axis(format=SHARE_FORMAT, title="Share heard of", tickCount=5)
    rules = base.mark_rule(color=colours.faint_bar, strokeWidth=5)
    rules = rules.encode(y=alt.Y("likely_low:Q", axis=axis), y2="likely_high:Q")
    ranges = base.mark_rule(color=colours.bar, strokeWidth=5).encode(y="share_low:Q", y2="share_high:Q")
    return (rules + ranges + _dots(base, colours).encode(y="share_low:Q")).properties(
        height=charts.HEIGHT_PIXELS
    )


def _dots(base: alt.Chart, colours: Colours) -> alt.Chart:
    hollow = alt.condition("datum.incidents == 0", alt.value(colours.paper), alt.value(colours.bar))
    return base.mark_point(filled=True, size=55, stroke=colours.bar, strokeWidth=1.6, opacity=1).encode(
        fill=hollow
    )


def _tooltip(*first: alt.Tooltip) -> list[alt.Tooltip]:
    return [
        *first,
        alt.Tooltip("incidents:Q", title="Recorded incidents", format=","),
        alt.Tooltip("visits_low:Q", title="Official visits, at least", format=",.0f"),
        alt.Tooltip("visits_high:Q", title="Official visits, at most", format=",.0f"),
        alt.Tooltip("share_low:Q", title="Share heard of, at least", format=SHARE_FORMAT),
        alt.Tooltip("share_high:Q", title="Share heard of, at most", format=SHARE_FORMAT),
        alt.Tooltip("likely_high:Q", title="Likely not more than", format=SHARE_FORMAT),
    ]
