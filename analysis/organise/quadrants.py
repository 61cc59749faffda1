"""Many visits and many per resident: the postcode districts that stand out both ways."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.areas import Run
from analysis.filters import Filters
from analysis.where.where import where

# How many of the highest on both are named.
HIGHEST = 20
QUADRANTS = (
    "many visits, many per resident",
    "many visits, few per resident",
    "few visits, many per resident",
    "few visits, few per resident",
)


@dataclass(frozen=True)
class Quadrants:
    """
    Postcode districts by count and by rate, highest on both first.

    `table` has `area_code, area_name, visits` (middle of a range), `rate_per_1000` (per year), `count_rank`, `rate_rank` (1 is
    the highest), `both_rank` (the order by the worse of the two ranks) and `quadrant`, one of `QUADRANTS`: above the median
    or not.
    """

    table: pd.DataFrame
    period_start: date | None
    period_end: date | None


def quadrants(run: Run, filters: Filters) -> Quadrants:
    """
    Which postcode districts are high by official visits and by visits per resident at once.

    A district is as high on both as the worse of its two ranks; of equal ones the better sum comes first. Only districts
    with at least 1,000 residents whose figures cover half of them.
    """
    result = where(run, filters, "district", "counts", rank_by="rate")
    table = result.table[result.table["rank_low"].notna()].copy()
    if table.empty:
        return Quadrants(pd.DataFrame(), result.period_start, result.period_end)
    table["visits"] = (table["visits_low"] + table["visits_high"]) / 2
    table["rate_per_1000"] = (table["rate_per_1000_low"] + table["rate_per_1000_high"]) / 2
    table["count_rank"] = table["visits"].rank(ascending=False, method="min").astype(int)
    table["rate_rank"] = table["rate_per_1000"].rank(ascending=False, method="min").astype(int)
    is_many = table["visits"] > table["visits"].median()
    is_often = table["rate_per_1000"] > table["rate_per_1000"].median()
    table["quadrant"] = np.select([is_many & is_often, is_many, is_often], QUADRANTS[:3], QUADRANTS[3])
    ranks = table[["count_rank", "rate_rank"]]
    table = table.assign(worse=ranks.max(axis=1), both=ranks.sum(axis=1))
    table = table.sort_values(["worse", "both", "area_name"], ignore_index=True)
    table["both_rank"] = np.arange(1, len(table) + 1)
    columns = [
        "area_code", "area_name", "visits", "rate_per_1000", "count_rank", "rate_rank", "both_rank", "quadrant",
    ]  # fmt: skip
    return Quadrants(table[columns], result.period_start, result.period_end)
