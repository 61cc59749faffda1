"""Importing a million messy rows, against DuckDB merely reading them and pandas doing the same work."""

import os
import shutil
import tempfile
from pathlib import Path

import duckdb
import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from data.geography.reference import ensure_reference
from data.imports.importer import import_file
from data.keeping.opening import open_store
from data.store.store import Store
from tests.benchmarks.measure import best_seconds, print_ratio
from tests.benchmarks.messy import write_messy

ROWS = 1_000_000


def bench() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_messy(Path(folder) / "messy.csv", ROWS)
        os.environ["RAIDS_BUNDLED"] = "none"
        empty = open_store(Path(folder) / "empty.duckdb").path
        reading, ours = best_seconds(lambda: _read(path), lambda: _import(path, empty))
        pandas = best_seconds(lambda: _pandas(path, Store(empty)), turns=1)[0]
        print_ratio(
            f"Importing {ROWS:,} messy rows ({path.stat().st_size / 1e6:.0f} MB)",
            ours,
            {"DuckDB reading the CSV": reading, "pandas and geopandas": pandas},
            {"DuckDB reading the CSV": "at most 4 times", "pandas and geopandas": "at least 5 times faster"},
        )


def _import(path: Path, empty: Path) -> None:
    fresh = empty.with_name("fresh.duckdb")
    shutil.copy(empty, fresh)
    import_file(Store(fresh), path)


def _read(path: Path) -> None:
    duckdb.connect().execute("CREATE TABLE messy AS SELECT * FROM read_csv(?)", [str(path)])


def _pandas(path: Path, store: Store) -> pd.DataFrame:
    """The plain way: read, parse the dates, look up postcodes, join points to localities, map the words."""
    messy = pd.read_csv(path, dtype=str, keep_default_na=False)
    messy["started"] = pd.to_datetime(
        messy["Date of raid"], format="mixed", dayfirst=True, errors="coerce", utc=True
    ).dt.tz_convert("Europe/London")
    postcodes = pq.read_table(ensure_reference(), columns=["postcode", "locality_code"]).to_pandas()
    messy["postcode"] = messy["Postcode"].str.upper().str.replace(" ", "")
    messy = messy.merge(postcodes, on="postcode", how="left")
    areas = store.sql("SELECT code, geometry FROM areas WHERE level = 'locality'").to_pandas()
    localities = gpd.GeoDataFrame(
        areas[["code"]], geometry=gpd.GeoSeries.from_wkb(areas["geometry"].map(bytes)), crs="EPSG:4326"
    )
    longitude = pd.to_numeric(messy["Longitude"], errors="coerce")
    latitude = pd.to_numeric(messy["Latitude"], errors="coerce")
    points = gpd.GeoDataFrame(messy, geometry=gpd.points_from_xy(longitude, latitude), crs="EPSG:4326")
    placed = gpd.sjoin(points[longitude.notna() & latitude.notna()], localities, predicate="within")
    messy["locality_code"] = messy["locality_code"].fillna(placed["code"])
    for column in ("Type of place", "What happened", "Police present"):
        messy[column] = (
            messy[column].str.strip().str.lower().map({"arrested": "people detained"}).fillna("unknown")
        )
    for column in ("Number arrested", "Crowd size"):
        messy[column] = pd.to_numeric(messy[column], errors="coerce")
    return messy
