"""Charts of the page Quality: shares of records, and months with and without reports."""

import altair as alt
import pandas as pd

from analysis.quality.gaps import NO_REPORTS, NONE_CHOSEN, OUTSIDE
from analysis.quality.tables import MONTHS, VAGUE, VAGUE_COLUMN
from pages.shared.colours import Colours

BAR_PIXELS = 26
# A cell of a month, high enough for its number.
CELL_PIXELS = 22
# Colours of the ramp for the six classes: the one before the last two is left out, on which no text reads well.
CLASS_COLOURS = (0, 1, 2, 3, 5, 6)


def shares_of_records(table: pd.DataFrame, axis_title: str, colours: Colours) -> alt.LayerChart:
    """Bars of `share` by `label`, in the order of the table; `said` (numbers) stands beside each bar."""
    base = alt.Chart(table).encode(
        y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=170, ticks=False)),
        x=alt.X(
            "share:Q",
            # Room at the right for the numbers beside a full bar.
            scale=alt.Scale(domain=[0, 1.45], nice=False),
            axis=alt.Axis(format="%", values=[0, 0.5, 1], title=axis_title, titleAnchor="start", grid=False),
        ),
        tooltip=[alt.Tooltip("label:N", title=" "), alt.Tooltip("said:N", title="Incidents")],
    )
    bars = base.mark_bar(color=colours.bar)
    numbers = base.mark_text(align="left", dx=5, color=colours.ink).encode(text="said:N")
    return (bars + numbers).properties(height=alt.Step(BAR_PIXELS))


def months_and_years(cells: pd.DataFrame, colours: Colours) -> alt.LayerChart:
    """
    A cell for each month, a row for each year; `cells` from `months_to_draw`.

    Signs tell the kinds apart and not colours alone: a number, 0 (none of this choice), a dash (no reports).
    """
    fills = {str(position): colours.ramp[number] for position, number in enumerate(CLASS_COLOURS)}
    fills |= {
        NONE_CHOSEN: colours.no_figures,
        NO_REPORTS: colours.paper,
        OUTSIDE: colours.paper,
        VAGUE: colours.paper,
    }
    texts = {kind: _readable(fill, colours) for kind, fill in fills.items()}
    columns = [*MONTHS, *([VAGUE_COLUMN] if (cells["kind"] == VAGUE).any() else [])]
    base = alt.Chart(cells).encode(
        x=alt.X(
            "month_name:N", title=None, sort=columns, scale=alt.Scale(domain=columns),
            axis=alt.Axis(orient="top", labelAngle=0, labelExpr="slice(datum.value, 0, 1)", ticks=False, domain=False),
        ),
        y=alt.Y("year:O", title=None, axis=alt.Axis(ticks=False, domain=False)),
        tooltip=[
            alt.Tooltip("year:O", title="Year"),
            alt.Tooltip("month_name:N", title="Month"),
            alt.Tooltip("said:N", title="Recorded"),
        ],
    )  # fmt: skip
    squares = base.mark_rect(stroke=colours.paper, strokeWidth=1).encode(
        color=alt.Color(
            "kind:N", scale=alt.Scale(domain=list(fills), range=list(fills.values())), legend=None
        )
    )
    signs = base.mark_text(fontSize=11).encode(
        text="shown:N",
        color=alt.Color(
            "kind:N", scale=alt.Scale(domain=list(texts), range=list(texts.values())), legend=None
        ),
    )
    return (
        alt.layer(squares, signs).resolve_scale(color="independent").properties(height=alt.Step(CELL_PIXELS))
    )


def _readable(fill: str, colours: Colours) -> str:
    """The ink or the paper, whichever reads better on a colour (WCAG 2.2, contrast ratio)."""
    return max((colours.ink, colours.paper), key=lambda text: _contrast(text, fill))


def _contrast(first: str, second: str) -> float:
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
