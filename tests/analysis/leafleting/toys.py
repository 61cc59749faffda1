"""Toy stops, and the real ones where the postcode reference can be made."""

from functools import cache

import numpy as np
import pandas as pd

from analysis.leafleting.graph import neighbours
from analysis.leafleting.stops import doors_by_borough, make_stops
from data.geography.reference import ensure_reference
from data.organising.households import load_households


def toy_stops(points, doors=1) -> pd.DataFrame:
    points = np.asarray(points, float)
    return pd.DataFrame(
        {
            "postcode": [f"E1 {number // 100}{number % 100:02d}" for number in range(len(points))],
            "easting": points[:, 0],
            "northing": points[:, 1],
            "doors": np.broadcast_to(doors, len(points)),
            "locality_code": "E09000030-E1",
            "district": "E1",
            "sector": "E1 1",
            "borough_code": "E09000030",
        }
    )


def lattice(columns: int, rows: int, spacing: float = 30) -> np.ndarray:
    return np.array([(spacing * column, spacing * row) for column in range(columns) for row in range(rows)])


def graph_of(stops: pd.DataFrame, barriers=()):
    return neighbours(stops[["easting", "northing"]].to_numpy(), barriers)


@cache
def london() -> tuple[pd.DataFrame, dict[str, float]]:
    """The postcode reference of London and each borough's doors per postcode."""
    postcodes = pd.read_parquet(ensure_reference(), filters=[("locality_code", "!=", "unknown")])
    return postcodes, doors_by_borough(postcodes, load_households())


def real_stops(column: str, value: str) -> pd.DataFrame:
    postcodes, doors = london()
    return make_stops(postcodes[postcodes[column] == value], doors)
