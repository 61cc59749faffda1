import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.geography.cells import NOWHERE, build_cells

# A square cut in a western and an eastern half, with a lake in the east and an island of the west beyond it.
WEST = shapely.union(shapely.box(0, 51, 0.01, 51.02), shapely.box(0.05, 51.001, 0.0507, 51.0021))
EAST = shapely.box(0.01, 51, 0.02, 51.02).difference(shapely.box(0.0131, 51.0032, 0.0177, 51.0143))
POLYGONS = np.array([WEST, EAST])


@pytest.fixture(scope="module")
def cells():
    return build_cells(POLYGONS)


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        (0.005, 51.01, 0),
        (0.012, 51.01, 1),
        (0.015, 51.01, NOWHERE),  # in the lake
        (0.0505, 51.0015, 0),  # on the island
        (-0.0001, 51.01, NOWHERE),
        (51.01, 0.005, NOWHERE),  # swapped
        (float("nan"), 51.01, NOWHERE),
    ],
)
def test_a_point_is_found_in_the_polygon_that_holds_it(cells, longitude, latitude, expected):
    assert cells.find(np.array([longitude]), np.array([latitude])).tolist() == [expected]


def test_a_point_on_a_common_edge_is_in_the_first(cells):
    assert cells.find(np.array([0.01]), np.array([51.01])).tolist() == [0]


@given(st.lists(st.tuples(st.floats(-0.005, 0.056), st.floats(50.995, 51.025)), min_size=1, max_size=50))
def test_the_grid_agrees_with_the_polygons_everywhere(cells, points):
    longitude, latitude = np.array(points).T
    shapes = shapely.points(longitude, latitude)
    expected = np.where(
        shapely.intersects(WEST, shapes), 0, np.where(shapely.intersects(EAST, shapes), 1, NOWHERE)
    )
    assert cells.find(longitude, latitude).tolist() == expected.tolist()
