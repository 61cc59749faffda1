"""Recorded incidents beside official visits over a million incidents, against pandas."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.filters import Filters
from analysis.quality.seen import seen
from analysis.where.profile import wilson_interval
from tests.benchmarks.measure import best_seconds, print_ratio
from tests.benchmarks.million import make_store

ROWS = 1_000_000


def bench() -> None:
    """Print the ratio."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "million.duckdb", ROWS)
        columns = "started_earliest, started_latest, postcode_district"
        incidents = store.sql(f"SELECT {columns} FROM incidents").to_pandas()  # noqa: S608
        visits = store.sql("SELECT * FROM counts WHERE superseded_by IS NULL").to_pandas()
        ours, pandas = best_seconds(
            lambda: seen(store.run, Filters(), "district"), lambda: _pandas(incidents, visits)
        )
        print_ratio(
            "Seen and unseen, 1 million incidents by district",
            ours,
            {"pandas": pandas},
            {
                "pandas": "at least 10 times faster; nearly half of ours is spent at any size, compiling above all"
            },
        )


def _pandas(incidents: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Every incident joined with every figure of its district, kept where it lies inside, counted; then shares."""
    both = incidents.merge(visits, left_on="postcode_district", right_on="area_code")
    first, last = pd.to_datetime(both["period_start"]), pd.to_datetime(both["period_end"])
    inside = (both["started_earliest"] >= first) & (both["started_latest"] < last + pd.Timedelta(days=1))
    heard = both[inside].groupby("area_code").size().rename("incidents")
    table = visits.groupby("area_code")[["visits_low", "visits_high"]].sum().join(heard).fillna(0)
    table["share_low"] = table["incidents"] / table["visits_high"].where(table["visits_high"] > 0, np.nan)
    pairs = zip(table["incidents"].astype(int), table["visits_high"].astype(int), strict=True)
    table["likely_low"] = [wilson_interval(n, of)[0] if n <= of else np.nan for n, of in pairs]
    return table
