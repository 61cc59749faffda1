"""Charts of the page When: the week by the hour, and shares by weekday, month and year."""

import altair as alt
import pandas as pd

from analysis.when.tables import WEEKDAYS
from pages.shared.charts.charts import on_one_line
from pages.shared.colours import Colours

# With the axis and the legend, which take half of it.
WEEK_PIXELS = 335
HEIGHT_PIXELS = 230


def week_by_hour(cells: pd.DataFrame, column: str, top: float, colours: Colours) -> alt.Chart:
    """
    168 cells, the hours from left to right and a row for each weekday.

    Parameters
    ----------
    cells
        As `Times.hours_to_draw`.
    column
        'weight' (incidents) or 'share' (of all known hours).
    top
        The value of the strongest colour, one for all maps that stand side by side.
    """
    title, form = ("Incidents", ",.2~f") if column == "weight" else ("Share of known hours", ".1~%")
    ramp = [colours.none, *colours.ramp]
    steps = [top * step / (len(ramp) - 1) for step in range(len(ramp))]
    legend = alt.Legend(orient="bottom", title=title, format=form, gradientLength=220, tickCount=4)
    return (
        alt.Chart(cells)
        .mark_rect(stroke=colours.paper, strokeWidth=1)
        .encode(
            x=alt.X(
                "time:O",
                title="Hour of the day (London's clock)",
                axis=alt.Axis(
                    labelAngle=0, labelExpr="slice(datum.value, 0, 2)", labelOverlap=True, ticks=False
                ),
            ),
            y=alt.Y("weekday_name:O", title=None, sort=list(WEEKDAYS), axis=alt.Axis(ticks=False)),
            color=alt.Color(f"{column}:Q", scale=alt.Scale(domain=steps, range=ramp), legend=legend),
            tooltip=[
                alt.Tooltip("weekday_name:N", title="Weekday"),
                alt.Tooltip("time:N", title="Hour from"),
                alt.Tooltip("weight:Q", title="Incidents", format=",.3~f"),
                alt.Tooltip("share:Q", title="Share of known hours", format=".1%"),
            ],
        )
        .properties(height=WEEK_PIXELS)
    )


def shares_over(table: pd.DataFrame, name: str, beside: str, colours: Colours) -> alt.LayerChart:
    """
    Shares as bars with their interval as a line, and a tick for what they are compared with.

    Parameters
    ----------
    table
        Columns `name` (words on the axis, in order), `n`, `share`, `low`, `high`, `beside` (0 to 1).
    beside
        What the tick is, for the words under the pointer.
    """
    table = table.assign(**{name: on_one_line(table[name])})
    base = alt.Chart(table).encode(
        x=alt.X(f"{name}:N", title=None, sort=list(table[name]), axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        tooltip=[
            alt.Tooltip(f"{name}:N", title=name.capitalize()),
            alt.Tooltip("n:Q", title="Incidents", format=",.3~f"),
            alt.Tooltip("share:Q", title="Share", format=".1%"),
            alt.Tooltip("low:Q", title="Likely from", format=".1%"),
            alt.Tooltip("high:Q", title="Likely to", format=".1%"),
            alt.Tooltip("beside:Q", title=beside, format=".1%"),
        ],
    )  # fmt: skip
    axis = alt.Axis(format="%", title="Share of incidents", tickCount=5)
    bars = base.mark_bar(color=colours.faint_bar).encode(y=alt.Y("share:Q", axis=axis))
    likely = base.mark_rule(color=colours.bar, strokeWidth=2).encode(y="low:Q", y2="high:Q")
    ticks = base.mark_tick(color=colours.mark, thickness=2).encode(y="beside:Q")
    return (bars + likely + ticks).properties(height=HEIGHT_PIXELS)
