"""The Where page's aggregates over ten million incidents, against hand-written SQL and pandas."""

import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.filters import Filters
from analysis.where.frequency import incidents_by_area
from analysis.where.where import where
from tests.benchmarks.measure import best_seconds, print_ratio
from tests.benchmarks.million import make_store

ROWS = 10_000_000
FILTERS = Filters(
    date_from=date(2015, 1, 1),
    date_to=date(2022, 12, 31),
    outcomes=("people detained", "prevented", "no arrests"),
)
WHERE = """
    started_earliest >= TIMESTAMP '2015-01-01' AND started_latest < TIMESTAMP '2023-01-01'
    AND outcome IN ('people detained', 'prevented', 'no arrests')
"""


def bench() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "ten_million.duckdb", ROWS)
        # As pandas holds what it reads from a CSV: words as text.
        words = "borough_code, locality_code, outcome::VARCHAR AS outcome"
        table = store.sql(f"SELECT started_earliest, started_latest, {words} FROM incidents").to_pandas()  # noqa: S608
        for level, column in (("borough", "borough_code"), ("locality", "locality_code")):
            by_hand = f"SELECT {column}, outcome, count(*) FROM incidents WHERE {WHERE} GROUP BY ALL"  # noqa: S608
            ours, sql, whole, pandas = best_seconds(
                lambda level=level: store.run(incidents_by_area(FILTERS, level)),
                lambda by_hand=by_hand: store.cursor().execute(by_hand).df(),
                lambda level=level: where(store.run, FILTERS, level, "incidents"),
                lambda column=column: _pandas(table, column),
            )
            name = f"Where, 10 million incidents by {level}"
            print_ratio(
                name,
                ours,
                {"SQL by hand": sql, "pandas": pandas},
                {"SQL by hand": "at most 1.3 times", "pandas": "at least 10 times faster"},
            )
            print_ratio(
                f"{name}, with rates and ranks",
                whole,
                {"pandas": pandas},
                {"pandas": "at least 10 times faster"},
            )


def _pandas(table: pd.DataFrame, column: str) -> pd.Series:
    chosen = table[
        (table["started_earliest"] >= "2015-01-01")
        & (table["started_latest"] < "2023-01-01")
        & table["outcome"].isin(FILTERS.outcomes)
    ]
    return chosen.groupby([column, "outcome"]).size()
