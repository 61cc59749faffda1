import numpy as np
import pandas as pd
import pytest
from libpysal.graph import Graph
from libpysal.weights import lat2W

from analysis.hot_spots.neighbours import _touching
from analysis.hot_spots.spatial_tests import gi_star, global_moran, local_moran
from tests.analysis.spdata import read_neighbours, read_outlines, read_published


def lattice(side: int) -> Graph:
    return Graph.from_W(lat2W(side, side, rook=False))


def test_columbus_crime_has_the_morans_i_that_spdep_gives():
    # spdep 1.3, moran.test(col_sf$CRIME, nb2listw(poly2nb(col_sf))): I = 0.500188557. Data: Anselin (1988).
    columbus = read_outlines("columbus")
    graph = _touching(columbus.geometry.rename(None))
    assert graph.n_edges == 236  # as poly2nb finds them
    moran, p_value = global_moran(columbus["crime"].to_numpy(), graph, seed=1)
    assert moran == pytest.approx(0.500188557, abs=1e-9)
    assert p_value == pytest.approx(0.001)
    # The local values add up to the whole.
    local = local_moran(columbus["crime"].to_numpy(), graph, seed=1)[0]
    assert local.sum() / (len(columbus) - 1) == pytest.approx(0.500188557, abs=1e-9)


def test_new_york_leukaemia_has_the_morans_i_of_the_textbook():
    # Bivand, Pebesma and Gómez-Rubio, Applied Spatial Data Analysis with R, 9.4: I = 0.146882990 of the cases by tract.
    cases = read_published("new_york")["cases"].to_numpy()
    moran, p_value = global_moran(cases, read_neighbours("new_york"), seed=1)
    assert moran == pytest.approx(0.146882990, abs=1e-9)
    assert p_value < 0.005


def test_gi_star_of_getis_and_ords_own_example():
    # spdep 0.8, localG: 1.447943 for the 120th of 256 pixels, those within 30 m being neighbours. It divides the variance
    # by 255 where Ord and Getis (1995) and esda divide by 256. Data: Getis and Ord, Local spatial statistics (1996).
    pixels = read_published("getis_ord")
    points = pixels[["x_metres", "y_metres"]].to_numpy(float)
    metres = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    focal, neighbour = np.nonzero((metres > 0) & (metres <= 30))
    graph = Graph.from_arrays(focal, neighbour, np.ones(len(focal)))
    z_score, _ = gi_star(pixels["value"].to_numpy(float), graph, seed=1)
    assert z_score[len(pixels) - 136 - 1] == pytest.approx(1.447943 * np.sqrt(256 / 255), abs=1e-6)


def test_gi_star_by_hand():
    # Corner of a 3 by 3 board of 1 to 9: 1 + 2 + 4 + 5 = 12 of an expected 20, variance 60 / 9 * (36 - 16) / 8.
    z_score, p_value = gi_star(np.arange(1.0, 10), lattice(3), seed=0)
    assert z_score[0] == pytest.approx(-8 / np.sqrt(60 / 9 * 20 / 8))
    assert z_score[8] == pytest.approx(8 / np.sqrt(60 / 9 * 20 / 8))
    # Its neighbours 5, 6 and 8 add up to 19: the share of all sets of three others that reach it.
    assert p_value[8] == pytest.approx(_share_of_triples(19, keeping_out=9), abs=0.015)


def _share_of_triples(at_least: int, keeping_out: int) -> float:
    numbers = [number for number in range(1, 10) if number != keeping_out]
    sums = [a + b + c for a in numbers for b in numbers for c in numbers if a < b < c]
    return sum(total >= at_least for total in sums) / len(sums)


def test_an_area_that_neighbours_all_others_says_nothing():
    z_score, p_value = gi_star(np.arange(1.0, 10), lattice(3), seed=0)
    assert (z_score[4], p_value[4]) == (0, 1)


def test_the_same_seed_gives_the_same_numbers_and_leaves_the_graph_as_it_was():
    graph = lattice(5)
    before = graph.sparse.toarray()
    values = np.random.default_rng(3).random(25)
    for test in (gi_star, local_moran, global_moran):
        for first, second in zip(test(values, graph, 7), test(values, graph, 7), strict=True):
            assert np.array_equal(first, second)
    assert np.array_equal(graph.sparse.toarray(), before)


def test_high_among_high_and_low_among_high_are_told_apart():
    values = np.zeros((7, 7))
    values[:3, :3] = 10
    values[1, 1] = 0
    quadrant = pd.Series(local_moran(values.ravel(), lattice(7), seed=0)[2]).to_numpy().reshape(7, 7)
    assert (quadrant[0, 1], quadrant[1, 1], quadrant[6, 6]) == ("HH", "LH", "LL")


def test_values_without_any_order_are_not_found_to_have_one():
    values = np.random.default_rng(11).random(400)
    graph = lattice(20)
    assert global_moran(values, graph, seed=0)[1] > 0.05
    p_value = gi_star(values, graph, seed=0)[1]
    assert 0.02 < (p_value <= 0.05).mean() < 0.09
