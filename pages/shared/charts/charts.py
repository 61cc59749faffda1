"""Charts: a title that states the finding, units on the axis, values under the pointer."""

from html import escape

import altair as alt
import pandas as pd
import streamlit as st

from analysis.findings import WHOLE_YEAR
from pages.shared.colours import Colours

HEIGHT_PIXELS = 220
BAR_PIXELS = 26


def visits_by_year(history: pd.DataFrame, colours: Colours) -> alt.LayerChart:
    """
    Official visits by year; `history` as in `AreaProfile`.

    A range is drawn as a full bar up to its lower end and a faint one up to its upper end; a year that the figures
    cover in part is faint altogether.
    """
    years = history.dropna(subset=["visits_low"]).assign(
        coverage=lambda table: table["covered_share"].map(
            lambda share: "whole year" if share >= WHOLE_YEAR else "part of the year only"
        )
    )
    x = alt.X("year:O", title="Year", axis=alt.Axis(labelAngle=0, labelOverlap=True))
    tooltip = [
        alt.Tooltip("year:O", title="Year"),
        alt.Tooltip("visits_low:Q", title="Visits, at least", format=",.0f"),
        alt.Tooltip("visits_high:Q", title="Visits, at most", format=",.0f"),
        alt.Tooltip("coverage:N", title="Covered"),
    ]
    bars = alt.Chart(years).encode(x=x, tooltip=tooltip)
    upper = bars.mark_bar(color=colours.faint_bar).encode(
        y=alt.Y("visits_high:Q", title="Official visits", axis=alt.Axis(tickMinStep=1))
    )
    whole = alt.datum.coverage == "whole year"
    lower = bars.mark_bar().encode(
        y=alt.Y("visits_low:Q"),
        color=alt.condition(whole, alt.value(colours.bar), alt.value(colours.faint_bar)),
    )
    return (upper + lower).properties(height=HEIGHT_PIXELS)


def incidents_by_year(history: pd.DataFrame, colours: Colours) -> alt.Chart:
    """Recorded incidents by year; `history` as in `AreaProfile`."""
    return (
        alt.Chart(history)
        .properties(height=HEIGHT_PIXELS)
        .mark_bar(color=colours.bar)
        .encode(
            x=alt.X("year:O", title="Year", axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("incidents:Q", title="Recorded incidents", axis=alt.Axis(tickMinStep=1)),
            tooltip=[alt.Tooltip("year:O", title="Year"), alt.Tooltip("incidents:Q", title="Incidents")],
        )
    )


def shares_beside_london(shares: pd.DataFrame, column: str, colours: Colours) -> alt.LayerChart:
    """
    Shares of an area's incidents (bar, with a line for the interval where there is one) and of London's (tick).

    `shares` as `settings` or `outcomes` in `AreaProfile`.
    """
    shares = shares.assign(**{column: on_one_line(shares[column])})
    base = alt.Chart(shares).encode(
        y=alt.Y(f"{column}:N", title=None, sort=list(shares[column]), axis=alt.Axis(labelLimit=220)),
        tooltip=[
            alt.Tooltip(f"{column}:N", title=column.capitalize()),
            alt.Tooltip("area_n:Q", title="Incidents here"),
            alt.Tooltip("area_share:Q", title="Share here", format=".0%"),
            alt.Tooltip("london_share:Q", title="Share in London", format=".0%"),
        ],
    )
    axis = alt.Axis(format="%", title="Share of recorded incidents")
    scale = alt.Scale(domain=[0, 1])
    chart = base.mark_bar(color=colours.faint_bar).encode(x=alt.X("area_share:Q", axis=axis, scale=scale))
    if "low" in shares:
        chart += base.mark_rule(color=colours.bar, strokeWidth=2).encode(x="low:Q", x2="high:Q")
    chart += base.mark_tick(color=colours.mark, thickness=3, size=14).encode(x="london_share:Q")
    return chart.properties(height=alt.Step(BAR_PIXELS))


def on_one_line(texts: pd.Series) -> list[str]:
    """
    Texts as names on a chart, which would stay empty for some of them.

    Vega's language knows no line ends inside a text, and the one name that JavaScript keeps for itself parts no data. A letter
    that is not seen makes another of it.
    """
    lines = [" ".join(str(text).split()) for text in texts]
    return [line + "\u2060" if line == "__proto__" else line for line in lines]


def draw_chart(chart: alt.LayerChart | alt.Chart, finding: str, how_to_read: str) -> None:
    """
    Draw a chart over the full width under its finding, which is also what a screen reader calls it.

    The finding stands above and not inside the chart, where a long one would be cut off on a phone.
    """
    st.html(f'<h4 class="finding">{escape(finding)}</h4>')
    # Vega's menu offers to open the chart, with its data, in an editor on an outside host.
    chart = chart.properties(usermeta={"embedOptions": {"actions": False}})
    st.altair_chart(chart, width="stretch", theme="streamlit", alt=finding)
    st.caption(how_to_read)
