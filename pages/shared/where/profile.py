"""One area in full: sentences, history, settings and outcomes, each also as a table."""

from html import escape

import pandas as pd
import streamlit as st

from analysis.filters import Filters
from analysis.findings import incidents_finding, visits_finding
from analysis.where.measures import value_in_words
from analysis.where.profile import AreaProfile
from pages.shared.charts import charts
from pages.shared.colours import colours
from pages.shared.downloads import file_name, offer_download
from pages.shared.tables import Heading, show_table

HISTORY_HEADINGS = (
    Heading("Year"),
    Heading("Official visits", "number"),
    Heading("Share of the year covered", "number"),
    Heading("Recorded incidents", "number"),
)


def draw_profile(profile: AreaProfile, filters: Filters, is_named: bool = True) -> None:
    """Draw everything about one area, under its name unless that stands above already."""
    if is_named:
        st.html(f'<h3 class="area">{escape(profile.name)}</h3>')
    st.html("".join(f'<p class="said">{escape(sentence)}</p>' for sentence in profile.sentences))
    _draw_history(profile, filters)
    if profile.outcomes["area_n"].sum():
        left, right = st.columns(2, gap="large")
        with left:
            _draw_shares(profile.outcomes, "outcome", f"How recorded incidents in {profile.name} ended")
        with right:
            _draw_shares(profile.settings, "setting", f"Where in {profile.name} people were sought")


def _draw_history(profile: AreaProfile, filters: Filters) -> None:
    history, shades = profile.history, colours()
    left, right = st.columns(2, gap="large")
    with left:
        if history["visits_low"].notna().any():
            charts.draw_chart(
                charts.visits_by_year(history, shades), visits_finding(profile.name, history),
                "All dates. A faint bar reaches to the highest number the return allows; a year covered in part is "
                "faint altogether.",
            )  # fmt: skip
    with right:
        if history["incidents"].any():
            charts.draw_chart(
                charts.incidents_by_year(history, shades), incidents_finding(profile.name, history),
                "All dates, with the other filters in force. What was reported, not how much happened.",
            )  # fmt: skip
    if history.empty:
        return
    with st.expander("These years as a table"):
        show_table(
            f"{profile.name} by year", HISTORY_HEADINGS, [_history_row(row) for row in history.itertuples()]
        )
        offer_download(
            "Download these years (CSV)",
            lambda: history,
            file_name(f"{profile.name} by year", filters.without_dates()),
            key="download-history",
        )


def _history_row(row) -> list[str]:
    share = "–" if pd.isna(row.covered_share) else f"{row.covered_share:.0%}"
    visits = value_in_words("visits", row.visits_low, row.visits_high, float("nan"))
    return [f"{row.year:.0f}", visits, share, f"{row.incidents:,}"]


def _draw_shares(shares: pd.DataFrame, column: str, title: str) -> None:
    with_interval = "low" in shares
    charts.draw_chart(
        charts.shares_beside_london(shares, column, colours()),
        title,
        "Bar: this area. "
        + (
            "Line: where the share would lie 19 times in 20 if more of the same kind were reported. "
            if with_interval
            else ""
        )
        + "Tick: all London.",
    )
    headings = [
        Heading(column.capitalize()),
        Heading("Incidents", "number"),
        Heading("Share", "number"),
        *([Heading("Likely between", "number")] if with_interval else []),
        Heading("London", "number"),
    ]
    rows = [
        [
            getattr(row, column),
            f"{row.area_n:,}",
            f"{row.area_share:.0%}",
            *([f"{row.low:.0%} and {row.high:.0%}"] if with_interval else []),
            f"{row.london_share:.0%}",
        ]
        for row in shares.itertuples()
    ]
    with st.expander("The same as a table"):
        show_table(title, headings, rows)
