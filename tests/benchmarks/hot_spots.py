"""Hot spots among a million incidents, against pandas and PySAL called one by one."""

import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from esda.getisord import G_Local
from esda.moran import Moran, Moran_Local
from esda.smoothing import Empirical_Bayes
from libpysal.graph import Graph

from analysis.filters import Filters
from analysis.hot_spots.hot_spots import hot_spots
from analysis.hot_spots.spatial_tests import GLOBAL_PERMUTATIONS, PERMUTATIONS
from data.store.store import Store
from tests.benchmarks.measure import best_seconds, print_ratio
from tests.benchmarks.million import make_store

ROWS = 1_000_000


def bench() -> None:
    """Print the ratios. Most of the time is PySAL's own, in permutations that both sides wait for."""
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder) / "million.duckdb", ROWS)
        table = store.sql("SELECT postcode_district, locality_code FROM incidents").to_pandas()
        for level, column in (("district", "postcode_district"), ("locality", "locality_code")):
            areas = _read_areas(store, level)
            kernel, ours, peer = best_seconds(
                lambda areas=areas: _tests(np.random.default_rng(0).gamma(2.0, size=len(areas)), areas),
                lambda level=level: hot_spots(store.run, Filters(), level, "incidents"),
                lambda areas=areas, column=column: _pandas(table, column, areas),
                turns=2,
            )
            print_ratio(
                f"Hot spots, 1 million incidents by {level}",
                ours,
                {"pandas and PySAL": peer, "PySAL's permutations alone": kernel},
                {
                    "pandas and PySAL": "at least 10 times faster, or limited by the next",
                    "PySAL's permutations alone": "at most twice",
                },
            )


def _read_areas(store: Store, level: str) -> gpd.GeoDataFrame:
    rows = store.sql(
        "SELECT code, residents, geometry FROM areas WHERE level = ? AND geometry IS NOT NULL AND residents >= 1000 "
        "ORDER BY code",
        [level],
    ).to_pandas()
    outlines = gpd.GeoSeries.from_wkb(rows["geometry"].map(bytes), crs="EPSG:4326").to_crs("EPSG:27700")
    return gpd.GeoDataFrame(rows[["code", "residents"]], geometry=outlines).set_index("code")


def _pandas(table: pd.DataFrame, column: str, areas: gpd.GeoDataFrame) -> None:
    """The plainest way: count the values, smooth, find neighbours, test."""
    events = table[column].value_counts().reindex(areas.index, fill_value=0)
    _tests(Empirical_Bayes(events.to_numpy(), areas["residents"].to_numpy()).r.ravel(), areas)


def _tests(rates: np.ndarray, areas: gpd.GeoDataFrame) -> None:
    graph = Graph.build_contiguity(areas, rook=False)
    G_Local(rates, graph, transform="B", star=True, permutations=PERMUTATIONS, n_jobs=1, seed=0)
    Moran_Local(rates, graph, permutations=PERMUTATIONS, n_jobs=1, seed=0)
    Moran(rates, graph, permutations=GLOBAL_PERMUTATIONS)
