"""Where the bundled geography lies, and its files as tables. SOURCES.csv says where each comes from."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "data" / "bundled" / "geography"


def read_pieces(directory: Path = BUNDLED) -> pd.DataFrame:
    """
    London's finest pieces, of which every area is made: one row per postcode sector and borough.

    Returns
    -------
    pieces
        `sector`, `district`, `borough_code`, `locality_code`, `live_postcodes`, `street_postcodes` (without those of
        delivery offices), `residents`, `households_residents` (persons, 2021), `hectares`, `longitude`, `latitude`
        (its middle postcode) and `geometry` (shapely, EPSG:4326, None for a piece that is only boxes).
    """
    pieces = pq.read_table(directory / "pieces.parquet").to_pandas()
    pieces["geometry"] = shapely.from_wkb(pieces["geometry"].to_numpy(object))
    return pieces


def read_localities() -> pd.DataFrame:
    """`locality_code`, `borough_code`, `postcode_district`, `name`, by code."""
    return _read_csv("localities.csv")


def read_authorities() -> pd.DataFrame:
    """Every local authority, London's boroughs too: `code`, `name`, `live_postcodes`, `longitude`, `latitude`."""
    return _read_csv("authorities.csv", live_postcodes=np.int64, longitude=float, latitude=float)


def read_outside_london() -> pd.DataFrame:
    """What London's districts hold beyond its border: `sector`, `authority_code`, `live_postcodes`."""
    return _read_csv("outside_london.csv", live_postcodes=np.int64)


def read_spellings() -> pd.DataFrame:
    """Usual spellings of boroughs that no rule covers: `spelling` (as `names.plain` gives it), `code`."""
    return _read_csv("spellings.csv")


def read_places() -> pd.DataFrame:
    """London's place names: `name`, `borough_code`, `longitude`, `latitude`."""
    return _read_csv("places.csv", longitude=float, latitude=float)


def read_crossings() -> pd.DataFrame:
    """Ways over or under the tidal Thames, on foot or by road: `name`, `longitude`, `latitude` of their middle."""
    return _read_csv("thames_crossings.csv", longitude=float, latitude=float)


def read_sources() -> pd.DataFrame:
    """Where the bundled files come from: `file`, `source`, `versions`, `licence`, `attribution`, `sha256`."""
    return _read_csv("SOURCES.csv")


def _read_csv(name: str, **numbers: type) -> pd.DataFrame:
    """One bundled CSV; every column is text but for `numbers`."""
    table = pd.read_csv(BUNDLED / name, dtype=str, keep_default_na=False)
    for column, kind in numbers.items():
        table[column] = pd.to_numeric(table[column]).astype(kind)
    return table
