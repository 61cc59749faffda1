import math

import pandas as pd
import pytest
import shapely

from analysis.leafleting.shapes import CELL_METRES, colour_numbers, walk_shapes


def stops(*rows):
    return pd.DataFrame(rows, columns=["walk", "easting", "northing"])


def test_a_tower_is_a_circle_of_sixty_metres():
    shape = walk_shapes(stops((1, 534_000.0, 176_000.0), (1, 534_000.0, 176_000.0)))[1]
    # A circle drawn with eight corners a quarter is 0.6 % smaller than a round one.
    assert shape.area == pytest.approx(math.pi * CELL_METRES**2, rel=0.01)


def test_two_stops_forty_metres_apart_share_the_ground_between_them_in_halves():
    shapes = walk_shapes(stops((1, 0.0, 0.0), (2, 40.0, 0.0)))
    assert shapes[1].area == pytest.approx(shapes[2].area)
    assert shapely.intersection(shapes[1], shapes[2]).area == pytest.approx(0, abs=1e-6)
    assert shapes[1].bounds[2] == pytest.approx(20)


def test_stops_of_one_walk_far_apart_have_ground_in_two_parts():
    shape = walk_shapes(stops((1, 0.0, 0.0), (1, 500.0, 0.0), (2, 0.0, 300.0)))[1]
    assert shapely.get_num_geometries(shape) == 2


def test_neighbours_have_different_colours_and_few_are_used():
    squares = {
        (row, column): shapely.box(row * 100, column * 100, row * 100 + 100, column * 100 + 100)
        for row in range(6)
        for column in range(6)
    }
    colours = colour_numbers(pd.Series(squares))
    for (row, column), colour in colours.items():
        for beside in ((row + 1, column), (row, column + 1), (row + 1, column + 1)):
            assert colours.get(beside) != colour
    assert max(colours.values()) <= 6


def test_shapes_far_apart_may_share_a_colour():
    apart = pd.Series({1: shapely.box(0, 0, 10, 10), 2: shapely.box(500, 0, 510, 10)})
    assert colour_numbers(apart) == {1: 0, 2: 0}
