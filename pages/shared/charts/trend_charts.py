"""Charts over time: one area's years or months, and small multiples of all boroughs on one scale."""

import altair as alt
import pandas as pd
import streamlit as st

from pages.shared.charts.charts import HEIGHT_PIXELS, on_one_line
from pages.shared.colours import Colours

# Columns and width of one small chart, for a narrow screen and for a wide one; the page shows the one that fits.
NARROW, WIDE = (3, 82), (6, 118)
SMALL_HEIGHT_PIXELS = 64
# Two lines for a name too long for one, in Vega's language: 'Hammersmith and' and 'Fulham'.
BREAK_NAME = "split(replace(datum.label, regexp(' (and|upon) '), ' $1|'), '|')"
# Below this width of the part of the page that holds them, the narrow multiples are shown.
WIDE_FROM_PIXELS = 880
ONE_OF_TWO = f"""<style>
.st-key-multiples {{ container-type: inline-size; }}
.st-key-multiples-wide {{ display: none; }}
@container (min-width: {WIDE_FROM_PIXELS}px) {{
  .st-key-multiples-wide {{ display: flex; }}
  .st-key-multiples-narrow {{ display: none; }}
}}
</style>"""


def visits_over_time(history: pd.DataFrame, steps: pd.DataFrame, colours: Colours) -> alt.LayerChart:
    """
    Official visits by year.

    `history` from `area_history`, `steps` the rows of `change_points` for the same area. A range is a full bar up to its
    lower end and a faint one up to its upper end; a year covered in part is grey, with a dashed bar up to the number that its
    rate makes of a whole year.
    """
    years = alt.Chart(history).encode(
        x=alt.X("period:O", title="Year", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[
            alt.Tooltip("period:O", title="Year"),
            alt.Tooltip("visits_low:Q", title="Visits, at least", format=",.0f"),
            alt.Tooltip("visits_high:Q", title="Visits, at most", format=",.0f"),
            alt.Tooltip("covered_days:Q", title="Days covered", format=",.0f"),
        ],
    )
    y = alt.Y("visits_high:Q", title="Visits a year", axis=alt.Axis(tickMinStep=1))
    bars = years.mark_bar(color=colours.faint_bar).encode(y=y)
    bars += years.mark_bar().encode(y="visits_low:Q", color=_grey_if_partial(colours))
    if history["is_partial"].any():
        rated = years.transform_filter("datum.is_partial").mark_bar(
            fillOpacity=0, stroke=colours.faint_line, strokeDash=[3, 3]
        )
        bars += rated.encode(y="rate_high:Q")
    return _with_steps(bars, history, steps, colours)


def incidents_over_time(history: pd.DataFrame, steps: pd.DataFrame, colours: Colours) -> alt.LayerChart:
    """Recorded incidents by month; `history` and `steps` as for `visits_over_time`; a month covered in part is grey."""
    years = [period for period in history["period"] if period.endswith("-01")]
    bars = (
        alt.Chart(history)
        .mark_bar()
        .encode(
            x=alt.X(
                "period:O",
                title="Month",
                axis=alt.Axis(
                    values=years,
                    labelExpr="slice(datum.value, 0, 4)",
                    labelAngle=0,
                    labelOverlap=True,
                    ticks=True,
                ),
            ),
            y=alt.Y("incidents:Q", title="Incidents a month", axis=alt.Axis(tickMinStep=1)),
            color=_grey_if_partial(colours),
            tooltip=[
                alt.Tooltip("period:O", title="Month"),
                alt.Tooltip("incidents:Q", title="Incidents"),
                alt.Tooltip("covered_days:Q", title="Days covered"),
            ],
        )
    )
    return _with_steps(bars, history, steps, colours)


def draw_multiples(years: pd.DataFrame, colours: Colours, alternative: str) -> None:
    """
    Draw one small chart per area, all on one scale.

    `years` as in `TrendsResult`, of the areas to be drawn; `alternative` says in words what is shown. Both layouts are sent, and the width of the page decides which is seen: a facet cannot wrap by itself.
    """
    st.html(ONE_OF_TWO)
    with st.container(key="multiples"):
        for name, (columns, width) in (("narrow", NARROW), ("wide", WIDE)):
            with st.container(key=f"multiples-{name}"):
                chart = _multiples(years, colours, columns, width)
                chart = chart.properties(usermeta={"embedOptions": {"actions": False}})
                st.altair_chart(chart, width="content", theme="streamlit", alt=alternative)


def _multiples(years: pd.DataFrame, colours: Colours, columns: int, width: int) -> alt.FacetChart:
    years = years.assign(area_name=on_one_line(years["area_name"]))
    first, last = int(years["year"].min()), int(years["year"].max())
    bars = (
        alt.Chart(years)
        .properties(width=width, height=SMALL_HEIGHT_PIXELS)
        .encode(
            x=alt.X(
                "year:O", title=None,
                axis=alt.Axis(values=[first, last], labelAngle=0, labelOverlap=False, labelFontSize=10, labelExpr="'’' + slice(datum.label, 2)"),
            ),
            tooltip=[
                alt.Tooltip("area_name:N", title="Area"),
                alt.Tooltip("year:O", title="Year"),
                alt.Tooltip("rate_low:Q", title="A year, at least", format=",.0f"),
                alt.Tooltip("rate_high:Q", title="A year, at most", format=",.0f"),
            ],
        )
    )  # fmt: skip
    y = alt.Y(
        "rate_high:Q",
        title=None,
        scale=alt.Scale(nice=2),
        axis=alt.Axis(tickCount=2, labelFontSize=10, format=",d"),
    )
    layers = bars.mark_bar(color=colours.faint_bar).encode(y=y) + bars.mark_bar().encode(
        y="rate_low:Q", color=_grey_if_partial(colours)
    )
    header = alt.Header(
        title=None,
        labelFontSize=11,
        labelAnchor="start",
        labelExpr=BREAK_NAME,
        labelPadding=2,
    )
    return layers.facet(
        alt.Facet("area_name:N", header=header), columns=columns, spacing={"row": 18, "column": 8}
    )


def _grey_if_partial(colours: Colours) -> dict:
    return alt.condition("datum.is_partial", alt.value(colours.faint_line), alt.value(colours.bar))


def _with_steps(
    chart: alt.LayerChart | alt.Chart, history: pd.DataFrame, steps: pd.DataFrame, colours: Colours
) -> alt.LayerChart:
    """The chart with a line, and the date, at the beginning of each new level."""
    marks = alt.Chart(steps[["date"]].rename(columns={"date": "period"})).encode(
        x=alt.X("period:O", bandPosition=0, scale=alt.Scale(domain=list(history["period"])))
    )
    lines = marks.mark_rule(color=colours.mark, strokeDash=[5, 3])
    names = marks.mark_text(align="left", baseline="top", dx=4, y=0, color=colours.mark).encode(
        text="period:O"
    )
    return (chart + lines + names if len(steps) else alt.layer(chart)).properties(height=HEIGHT_PIXELS)
