from datetime import datetime

import numpy as np
import pytest

from analysis.filters import Filters
from analysis.where.kernel_density import BANDWIDTHS_METRES, density_classes, kernel_density
from data.geography.projection import to_degrees, to_grid
from tests.analysis.where.test_where import with_rows
from tests.conftest import count_row, incident_row

DAY = datetime(2022, 6, 11, 12)
MIDDLE = (530_000.0, 180_000.0)


@pytest.fixture
def store(toy_store):
    """Districts E1, E2 and W1 at the corners of a triangle, 3 km apart east and north of E1."""
    with toy_store.write() as connection:
        for code, east, north in (("E1", 0, 0), ("E2", 3000, 0), ("W1", 0, 3000)):
            longitude, latitude = to_degrees(MIDDLE[0] + east, MIDDLE[1] + north)
            connection.execute(
                "UPDATE areas SET longitude = ?, latitude = ? WHERE code = ?", [longitude, latitude, code]
            )
    rows = [incident_row(DAY, postcode_district=code) for code in ("E1", "E1", "E1", "E2")]
    with_rows(toy_store, "counts", [count_row("E1", 2022, 1, 4), count_row("E2", 2022, 20)])
    return with_rows(toy_store, "incidents", rows)


def total(surface) -> float:
    return float((surface.per_km2 * surface.cell_km2[:, None]).sum())


def value_at(surface, east: float, north: float) -> float:
    longitude, latitude = to_degrees(MIDDLE[0] + east, MIDDLE[1] + north)
    (south, west), (top, right) = surface.bounds
    rows, columns = surface.per_km2.shape
    row = int((top - latitude) / (top - south) * rows)
    return surface.per_km2[row, int((longitude - west) / (right - west) * columns)]


@pytest.mark.parametrize("bandwidth", [1000, 2000, 4000])
@pytest.mark.parametrize(("source", "drawn"), [("incidents", 4), ("counts", 22.5)])
def test_the_surface_adds_up_to_the_records_drawn(store, source, drawn, bandwidth):
    assert total(kernel_density(store.run, Filters(), source, bandwidth)) == pytest.approx(drawn, rel=0.01)


def test_a_lone_record_is_a_dome_of_the_height_that_its_circle_gives(store):
    # Epanechnikov in the plane: 2 / (pi h²) in the middle, 3/4 of that half-way out, nothing beyond h.
    surface = kernel_density(store.run, Filters(), "counts", 1000)
    peak = 20 * 2 / np.pi
    assert value_at(surface, 3000, 0) == pytest.approx(peak, rel=0.03)
    assert value_at(surface, 3500, 0) == pytest.approx(peak * 0.75, rel=0.12)
    assert (
        surface.finding
        == "Official visits at their thickest, each spread over a circle of 1,000 m radius: 13 per square kilometre"
    )
    assert value_at(surface, 3000, 1300) == 0
    assert value_at(surface, 1500, 0) == 0


def test_a_cell_is_as_wide_on_the_ground_as_is_said(store):
    surface = kernel_density(store.run, Filters(), "incidents", 2000)
    assert surface.cell_km2 == pytest.approx(0.0625, rel=0.01)
    (south, west), (_north, east) = surface.bounds
    width = np.hypot(*np.subtract(to_grid(east, south), to_grid(west, south)))
    assert width / surface.per_km2.shape[1] == pytest.approx(250, rel=0.01)


def test_what_cannot_be_drawn_is_said_and_so_is_the_circle(store):
    store = with_rows(store, "incidents", [incident_row(DAY, borough_code="E09000012")])
    sentence = kernel_density(store.run, Filters(), "incidents", 2000).sentence
    assert "circle of 2,000 m radius" in sentence
    assert "cells of about 250 m" in sentence
    assert "Not drawn: 1 incident known by borough only, or less." in sentence


def test_a_circle_finer_than_the_places_are_known_is_warned_of(store):
    fine, coarse = (kernel_density(store.run, Filters(), "incidents", metres) for metres in (500, 4000))
    assert fine.notes[0].startswith("These records are known by points typically 3,000 m apart.")
    assert not coarse.notes


def test_nothing_recorded_is_an_empty_surface(toy_store):
    surface = kernel_density(toy_store.run, Filters(), "incidents", BANDWIDTHS_METRES[0])
    assert surface.bounds is None
    assert not surface.per_km2.size


def test_classes_say_their_ends_and_the_lowest_is_below_all(store):
    classes = density_classes("incidents")
    assert classes.labels[0] == "under 0.01"
    assert classes.labels[-1] == "over 3"
    assert len(classes.labels) == len(classes.bounds) + 1
    assert classes.index(np.array([0.0, 0.02, 9.0])).tolist() == [0, 1, 6]
