import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.hot_spots.smoothing import smooth
from tests.analysis.spdata import read_published


def test_rates_that_differ_as_chance_would_make_them_are_all_the_rate_of_all():
    # Raw rates 0.1 and 0.2 of ten each: variance 0.0025, of which chance alone explains 0.015.
    assert smooth([1, 2], [10, 10]).tolist() == [0.15, 0.15]


def test_two_areas_by_hand():
    # Overall 0.5; variance 0.16 less 0.5 / 100 = 0.155; weight 0.155 / (0.155 + 0.5 / 100) = 0.96875.
    assert smooth([90, 10], [100, 100]) == pytest.approx([0.8875, 0.1125], abs=1e-12)


def test_nothing_anywhere_is_a_rate_of_zero():
    assert smooth([0, 0, 0], [5, 10, 20]).tolist() == [0, 0, 0]


def test_one_area_keeps_its_rate_and_none_gives_none():
    assert smooth([3], [12]).tolist() == [0.25]
    assert smooth([], []).tolist() == []


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.floats(1, 1e6)), min_size=1, max_size=50).map(
        lambda pairs: np.array(pairs, dtype=float).T
    )
)
def test_a_smoothed_rate_lies_between_its_own_and_that_of_all(figures):
    events, population = figures
    raw, overall = events / population, events.sum() / population.sum()
    rates = smooth(events, population)
    margin = 1e-9 * (1 + overall + raw)
    assert np.isfinite(rates).all()
    assert (rates >= np.minimum(raw, overall) - margin).all()
    assert (rates <= np.maximum(raw, overall) + margin).all()


def test_north_carolina_sids_as_pysal_gives_it():
    # Sudden infant deaths 1974-78 in Ashe, Alleghany, Surry, Currituck and Northampton; Cressie and Read (1985). The
    # rates are those of PySAL's own test of esda.smoothing, per birth.
    counties = read_published("north_carolina")
    rates = smooth(counties["deaths_1974_78"], counties["births_1974_78"])
    assert rates[:5] == pytest.approx([0.0016973, 0.0017054, 0.0017731, 0.0020129, 0.0035349], abs=5e-8)


def test_auckland_as_in_marshalls_paper():
    # spdep, EBest: variance between areas 7.284173e-07 and mean 0.002633436 child deaths per child and year.
    areas = read_published("auckland")
    deaths, children = areas["deaths_1977_85"].to_numpy(float), 9 * areas["children_1981"].to_numpy(float)
    variance, mean = 7.284173e-07, 0.002633436
    expected = mean + variance * (deaths / children - mean) / (variance + mean / children)
    assert smooth(deaths, children) == pytest.approx(expected, rel=1e-6)
