"""Charts of shares: a dot or bar, a line for its interval, the numbers behind it."""

import altair as alt
import pandas as pd

from pages.shared.charts.charts import on_one_line
from pages.shared.colours import Colours

ROW_PIXELS = 28
OUTCOME_PIXELS = 34
SHARE_AXIS = alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], title="Share of recorded incidents")
# The numbers behind a share stand right of 100 %, where no line can run into them: this much of the axis for each of
# their letters, measured on a phone.
AXIS_PER_LETTER = 0.034
LABEL_PIXELS = 150
# The longest outcome would leave a phone no room for the chart. Vega hangs a second line below; this lifts the first.
BROKEN_LABEL = "split(replace(datum.label, ' after ', '|after '), '|')"
LABEL_BASELINE = {
    "condition": {"test": "indexof(datum.label, ' after ') > 0", "value": "bottom"},
    "value": "middle",
}


def shares_of_outcomes(overall: pd.DataFrame, colours: Colours) -> alt.LayerChart:
    """Bars of all outcomes with Wilson lines, and a tick for London; `overall` as in `OutcomesResult`."""
    rows = overall.assign(
        said=[f"{n:,} of {of:,}" for n, of in zip(overall["n"], overall["of"], strict=True)]
    )
    base = _rows(rows, "outcome", "Outcome")
    chart = base.mark_bar(color=colours.faint_bar).encode(x=_share("share", rows))
    chart += _interval(base, rows, colours)
    if rows["london_share"].notna().all():
        chart += base.mark_tick(color=colours.mark, thickness=3, size=14).encode(x="london_share:Q")
    return (chart + _numbers(base, rows, colours)).properties(height=alt.Step(OUTCOME_PIXELS))


def shares_by_group(rows: pd.DataFrame, colours: Colours) -> alt.LayerChart:
    """
    Dots of one outcome's share with Wilson lines, a diamond for the shrunk share, and a line for the share of all.

    `rows` from `one_outcome`.
    """
    base = _rows(rows, "name", "Group")
    chart = _interval(base, rows, colours)
    if rows["beside_share"].notna().all():
        beside = alt.Chart(rows.head(1)).mark_rule(color=colours.mark, strokeDash=[4, 3])
        chart = beside.encode(x=_share("beside_share", rows)) + chart
    chart += base.mark_point(color=colours.bar, filled=True, size=70, opacity=1).encode(
        x=_share("share", rows)
    )
    chart += (
        base.transform_filter("isValid(datum.shrunk)")
        .mark_point(shape="diamond", color=colours.mark, filled=False, size=60, strokeWidth=1.5, opacity=1)
        .encode(x="shrunk:Q")
    )
    return (chart + _numbers(base, rows, colours)).properties(height=alt.Step(ROW_PIXELS))


def _rows(rows: pd.DataFrame, column: str, title: str) -> alt.Chart:
    # Vega takes a label of two lines for one that overlaps its neighbours, and would move the first one down.
    axis = alt.Axis(
        labelLimit=LABEL_PIXELS,
        labelExpr=BROKEN_LABEL,
        labelBaseline=LABEL_BASELINE,
        labelFlush=False,
        labelOverlap=False,
        title=None,
    )
    tooltip = [
        alt.Tooltip(f"{column}:N", title=title),
        alt.Tooltip("said:N", title="Incidents"),
        alt.Tooltip("share:Q", title="Share", format=".0%"),
        alt.Tooltip("low:Q", title="Likely at least", format=".0%"),
        alt.Tooltip("high:Q", title="Likely at most", format=".0%"),
    ]
    if "shrunk" in rows:
        tooltip.append(alt.Tooltip("shrunk:Q", title="Pulled towards all", format=".0%"))
    rows = rows.assign(**{column: on_one_line(rows[column])})
    y = alt.Y(f"{column}:N", sort=list(rows[column]), axis=axis)
    return alt.Chart(rows).encode(y=y, tooltip=tooltip)


def _share(column: str, rows: pd.DataFrame) -> alt.X:
    scale = alt.Scale(domain=[0, _axis_end(rows)], nice=False)
    return alt.X(f"{column}:Q", axis=SHARE_AXIS, scale=scale)


def _axis_end(rows: pd.DataFrame) -> float:
    return 1 + AXIS_PER_LETTER * (rows["said"].str.len().max() + 1)


def _interval(base: alt.Chart, rows: pd.DataFrame, colours: Colours) -> alt.Chart:
    return base.mark_rule(color=colours.bar, strokeWidth=2).encode(x=_share("low", rows), x2="high:Q")


def _numbers(base: alt.Chart, rows: pd.DataFrame, colours: Colours) -> alt.Chart:
    numbers = base.mark_text(align="right", color=colours.ink, fontSize=12)
    return numbers.encode(x=alt.datum(_axis_end(rows)), text="said:N")
