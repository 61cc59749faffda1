import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.ranks import ordinal, rank_in_words, rank_intervals


def test_large_differences_give_certain_ranks():
    low = np.array([10_000, 100, 1_000])
    first, last = rank_intervals(low, low, np.ones(3))
    assert first.tolist() == last.tolist() == [1, 3, 2]


def test_equal_small_counts_cannot_be_told_apart():
    counts = np.full(10, 2)
    first, last = rank_intervals(counts, counts, np.ones(10))
    assert (first <= 2).all()
    assert (last >= 9).all()


def test_a_wide_range_of_one_count_widens_its_rank():
    low, high = np.array([1, 200, 300.0]), np.array([600, 200, 300.0])
    first, last = rank_intervals(low, high, np.ones(3))
    assert (first[0], last[0]) == (1, 3)


def test_the_rate_decides_where_there_is_an_exposure():
    counts = np.array([1000.0, 900.0])
    first, _last = rank_intervals(counts, counts, np.array([10.0, 1.0]))
    assert first.tolist() == [2, 1]


def test_areas_without_figure_or_exposure_have_no_rank_and_take_none():
    counts = np.array([np.nan, 500.0, 5.0])
    first, last = rank_intervals(counts, counts, np.array([1.0, 1.0, np.nan]))
    assert np.isnan(first[[0, 2]]).all()
    assert (first[1], last[1]) == (1, 1)


def test_no_areas_at_all_give_no_ranks():
    first, last = rank_intervals(np.array([]), np.array([]), np.array([]))
    assert len(first) == len(last) == 0


def test_nothing_counted_anywhere_is_no_order():
    first, last = rank_intervals(np.zeros(5), np.zeros(5), np.ones(5))
    assert np.isnan(first).all()
    assert np.isnan(last).all()


def test_the_same_seed_gives_the_same_ranks():
    counts = np.arange(20.0)
    assert np.array_equal(
        rank_intervals(counts, counts, np.ones(20)), rank_intervals(counts, counts, np.ones(20))
    )


def test_nine_times_in_ten_the_true_rank_is_inside():
    # Counts drawn from known levels: the share of areas whose true rank lies inside is at least the promised 90 %,
    # less the noise of 600 areas (three standard errors, 0.037).
    random = np.random.default_rng(7)
    inside = []
    for _ in range(20):
        level = random.gamma(2, 10, 30)
        counts = random.poisson(level).astype(float)
        true = (-level).argsort().argsort() + 1
        first, last = rank_intervals(counts, counts, np.ones(30))
        inside.extend((first <= true) & (true <= last))
    assert np.mean(inside) > 0.9 - 0.037


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=1, max_size=40).filter(any))
def test_the_interval_holds_the_rank_of_the_figures_themselves(values):
    counts = np.array(values, dtype=float)
    first, last = rank_intervals(counts, counts, np.ones(len(counts)))
    observed = np.array([1 + sum(other > value for other in values) for value in values])
    assert (first <= observed).all()
    assert (observed <= last).all()
    assert first.min() == 1
    assert last.max() <= len(values)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (111, "111th"),
    ],
)
def test_ordinals(number, text):
    assert ordinal(number) == text


def test_ranks_in_words():
    assert rank_in_words(3, 7, 33) == "between 3rd and 7th of 33"
    assert rank_in_words(1, 1, 33) == "1st of 33"
    assert rank_in_words(np.nan, np.nan, 33) == ""
