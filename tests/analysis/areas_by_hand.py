"""Squares of land to think about neighbours with, as areas of a store."""

import numpy as np
import shapely

from data.geography.projection import to_degrees
from tests.conftest import area_row, insert

SIDE_METRES = 1000


def square(west: float, south: float, side: float = SIDE_METRES) -> bytes:
    """A square of the national grid (metres) as WKB in degrees."""
    return shapely.to_wkb(
        shapely.transform(
            shapely.box(west, south, west + side, south + side),
            lambda points: np.column_stack(to_degrees(points[:, 0], points[:, 1])),
        )
    )


def grid(columns: int, rows: int, residents: int = 10_000, level: str = "district") -> list[dict]:
    """Areas 'X0Y0', 'X1Y0', … that touch each other, far from any river."""
    return [
        area_row(level, f"X{x}Y{y}", f"X{x}Y{y}", "unknown", residents)
        | {"geometry": square(600_000 + x * SIDE_METRES, 300_000 + y * SIDE_METRES)}
        for x in range(columns)
        for y in range(rows)
    ]


def put_areas(store, rows: list[dict]):
    """The store with these areas in place of its own."""
    with store.write() as connection:
        connection.execute("DELETE FROM areas")
        connection.execute("DELETE FROM area_overlap")
        insert(connection, "areas", rows)
    return store
