"""What is known officially after the last figures by district: totals that stand beside those, and are never joined to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.tables import counts
from analysis.words import counted, day_in_words, period_in_words
from data.returns.since import load_totals_since

# What a kind of count is called in a sentence, and what it is.
KINDS = {
    "illegal working": ("visits for illegal working", "visits to places of work alone"),
    "all enforcement visits": ("visits of all kinds", "all visits of Immigration Enforcement"),
}
# Figures older than this are not those of today.
OLD_AFTER_YEARS = 2
DAYS_PER_MONTH = 365.25 / 12
AREAS_TOLD = ("London", "United Kingdom")


@dataclass(frozen=True)
class Since:
    """
    Official totals since the last figures by district.

    `last` is the last day that those reach. `totals` are the rows of `load_totals_since` that end after it, the newest first, `told` the
    longest for each area and kind, and of those as long the newest.
    """

    last: date
    totals: pd.DataFrame
    told: pd.DataFrame


def since(run: Run, today: date) -> Since | None:
    """The totals after the last figures by district; None where there are no figures, or they are those of today."""
    in_force = counts.filter(_.superseded_by.isnull(), _.area_level == "district")
    last = run(in_force.aggregate(last=_.period_end.max()))["last"].iloc[0]
    if pd.isna(last) or (today - pd.Timestamp(last).date()).days <= OLD_AFTER_YEARS * 365:
        return None
    totals = load_totals_since()
    totals = totals[totals["period_end"] > last]
    # In whole months: a leap year's day does not make a year longer than the next.
    days = (totals["period_end"] - totals["period_start"]).dt.days + 1
    totals = totals.assign(months=(days / DAYS_PER_MONTH).round())
    order = ["area", "kind", "months", "period_end"]
    told = totals.sort_values(order, ascending=[True, True, False, False]).drop_duplicates(["area", "kind"])
    totals = totals.sort_values(
        ["area", "kind", "period_end", "months"], ascending=[True, True, False, False]
    )
    return Since(pd.Timestamp(last).date(), totals.drop(columns="months"), told.drop(columns="months"))


def sentences(found: Since, areas: Sequence[str] = AREAS_TOLD) -> list[str]:
    """What the newest totals say, each with its time and what it counts; and that they are no part of the figures by district."""
    told = [
        f"{row.area}: {row.visits:,} {KINDS[row.kind][0]} {period_in_words(row.period_start.date(), row.period_end.date())}"
        + (f", with {counted(int(row.arrests), 'arrest')}." if row.arrests == row.arrests else ".")
        for row in found.told.itertuples()
        if row.area in areas
    ]
    return [
        f"The official figures by district and borough end on {day_in_words(found.last)}; they are not those of today.",
        *told,
        "These totals count other things than the figures by district, so they are neither joined to them nor added to each other.",
    ]
