"""Shares of outcomes over a million incidents, against pandas with the same libraries called one by one."""

import tempfile
from pathlib import Path

import pandas as pd
from esda.smoothing import Empirical_Bayes
from statsmodels.stats.proportion import proportion_confint

from analysis.filters import Filters
from analysis.outcomes.outcomes import outcomes
from tests.benchmarks.measure import best_seconds, print_ratio
from tests.benchmarks.million import make_store

ROWS = 1_000_000


def bench() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "million.duckdb", ROWS)
        # As pandas holds what it reads from a CSV: words as text.
        table = store.sql(
            "SELECT borough_code, locality_code, outcome::VARCHAR AS outcome FROM incidents"
        ).to_pandas()
        for by, column in (("borough", "borough_code"), ("locality", "locality_code")):
            counting = f"SELECT {column}, outcome, count(*) FROM incidents GROUP BY ALL"  # noqa: S608
            ours, kernel, peer = best_seconds(
                lambda by=by: outcomes(store.run, Filters(), by),
                lambda counting=counting: store.cursor().execute(counting).df(),
                lambda column=column: _pandas(table, column),
            )
            print_ratio(
                f"Outcomes, 1 million incidents by {by}",
                ours,
                {"pandas, statsmodels and esda": peer, "DuckDB's own GROUP BY": kernel},
                {
                    "pandas, statsmodels and esda": "at least 10 times faster, or limited by the next",
                    "DuckDB's own GROUP BY": "at most twice",
                },
            )


def _pandas(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Count with pandas, then interval and shrunk share of each outcome."""
    counted = table.groupby([column, "outcome"]).size().unstack(fill_value=0)
    of = counted.sum(axis=1)
    parts = []
    for outcome in counted:
        n = counted[outcome]
        low, high = proportion_confint(n, of, method="wilson")
        shrunk = Empirical_Bayes(n, of).r.ravel()
        parts.append(
            pd.DataFrame({"n": n, "of": of, "share": n / of, "low": low, "high": high, "shrunk": shrunk})
        )
    return pd.concat(parts, keys=list(counted))


if __name__ == "__main__":
    bench()
