"""Changes over time of a million incidents, against pandas and statsmodels."""

import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

from analysis.filters import Filters
from analysis.hot_spots.hot_spots import hot_spot_years
from analysis.trends.histories import incidents_history
from analysis.trends.trends import trends
from tests.benchmarks.measure import best_seconds, print_ratio
from tests.benchmarks.million import make_store

ROWS = 1_000_000


def bench() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "million.duckdb", ROWS)
        columns = "borough_code, started_earliest, started_latest"
        table = store.sql(f"SELECT {columns} FROM incidents").to_pandas()  # noqa: S608
        counted = incidents_history(store.run, Filters(), "borough").rows["incidents"].sum()
        assert counted == _months(table).to_numpy().sum()
        months, plain_months, whole, hot_spots, plain = best_seconds(
            lambda: incidents_history(store.run, Filters(), "borough"),
            lambda: _months(table),
            lambda: trends(store.run, Filters(), "borough", "incidents"),
            lambda: hot_spot_years(store.run, Filters(), "borough", "incidents"),
            lambda: _changes(_months(table)),
        )
        name = "Trends, 1 million incidents by borough and month"
        print_ratio(name, months, {"pandas": plain_months}, {"pandas": "at least 10 times faster"})
        print_ratio(
            f"{name}, with yearly changes, steps and words, less the hot spots of each year ({hot_spots:.2f} s, esda's)",
            whole - hot_spots,
            {"pandas, and statsmodels for the changes alone": plain},
            {
                "pandas, and statsmodels for the changes alone": "at least 10 times faster; most of ours is work on areas "
                "and years, the same at any size, and does more"
            },
        )


def _months(table: pd.DataFrame) -> pd.DataFrame:
    """Incidents whose time lies in one month, by borough and month."""
    month = table["started_earliest"].dt.strftime("%Y-%m")
    known = table[month == table["started_latest"].dt.strftime("%Y-%m")]
    return known.groupby(["borough_code", month]).size().unstack(fill_value=0)


def _changes(months: pd.DataFrame) -> list[np.ndarray]:
    """Each year to the next: the regression of the months on the year, with their days as offset."""
    days = np.log(pd.PeriodIndex(months.columns, freq="M").days_in_month.to_numpy())
    years = months.columns.str[:4].astype(int).to_numpy()
    intervals = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for counts in months.to_numpy():
            for year in range(years.min(), years.max()):
                both = (years == year) | (years == year + 1)
                group = sm.add_constant((years[both] == year + 1).astype(float))
                model = sm.GLM(counts[both], group, sm.families.Poisson(), offset=days[both])
                intervals.append(np.exp(model.fit().conf_int()[1]))
    return intervals
