from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.trends.trend import TREND_WORDS, mann_kendall, trend_of
from analysis.trends.words import change_cells, change_sentence, words_sentences
from tests.analysis.trends.test_change import COAL, LONDON


def years(low, hot=(), high=None, covered=1.0) -> pd.DataFrame:
    """A history whose hot years are given by their number."""
    return pd.DataFrame(
        {
            "year": np.arange(2014, 2014 + len(low)),
            "low": np.asarray(low, dtype=float),
            "high": np.asarray(low if high is None else high, dtype=float),
            "rate_low": np.asarray(low, dtype=float),
            "rate_high": np.asarray(low if high is None else high, dtype=float),
            "covered_share": covered,
            "is_hot_spot": [number in hot for number in range(len(low))],
        }
    )


@pytest.mark.parametrize(
    ("values", "tau", "p_value"),
    [
        # cor.test(1:n, values, method = "kendall") in R: exact without ties, normal with ties.
        (LONDON, -0.8888889, 0.0002425044),
        (COAL, -0.437537396611217, 3.43224607228849e-10),
    ],
)
def test_mann_kendall_is_that_of_r(values, tau, p_value):
    assert mann_kendall(values) == pytest.approx((tau, p_value), rel=1e-6)


@pytest.mark.parametrize(
    ("history", "word"),
    [
        (years([3, 5, 2, 4, 0, 3, 0, 0]), "past"),
        (years([0, 0, 0, 0, 0, 0, 0, 14]), "new"),
        (years([5, 6, 5, 6, 5, 6, 5, 6], hot={6, 7}), "new"),
        # A former hot spot that is still visited, and one of a single late year, are what their counts are.
        (years([5, 5, 6, 5, 6, 5, 6, 5], hot={2}), "persistent"),
        (years([8, 7, 6, 5, 4, 3, 2, 1], hot={0}), "falling"),
        (years([5, 6, 5, 6, 5, 6, 5, 6], hot={6}), "persistent"),
        (years([5, 6, 5, 6, 5, 6, 5, 6], hot={1, 6, 7}), "persistent"),
        (years([1, 2, 3, 4, 5, 6, 7, 8]), "rising"),
        (years([8, 7, 6, 5, 4, 3, 2, 1]), "falling"),
        (years([5, 6, 5, 6, 5, 6, 5, 6]), "persistent"),
        (years([5, 0, 5, 6, 0, 6, 5, 6], hot={0, 2, 3, 5, 6, 7}), "persistent"),
        (years([5, 0, 5, 6, 0, 6, 0, 6]), "sporadic"),
        (years([5, 6, 7]), "cannot tell"),
        (years([0, 0, 0, 0, 0]), "cannot tell"),
    ],
)
def test_each_word_has_its_history(history, word):
    assert trend_of(history).word == word


@pytest.mark.parametrize(
    ("history", "is_covered", "reason"),
    [
        (years([5, 6, 7]), True, "too few years"),
        (years([0, 0, 0, 0, 0, 0, 9]), True, "too few counted"),
        (years([0, 0, 0, 0, 0, 0, 10]), True, ""),
        (years([3, 3, 3, 0, 0, 0], high=[3, 3, 4, 0, 0, 0]), True, "too few counted"),
        (years([8, 7, 6, 5, 4, 3, 2, 1]), False, "covered too little"),
        (years([1, 2, 3, 4, 5, 1], high=[1, 2, 3, 4, 5, 9]), True, "known as ranges"),
    ],
)
def test_what_cannot_be_told_has_its_reason(history, is_covered, reason):
    found = trend_of(history, is_covered)
    assert found.reason == reason
    assert (found.word == "cannot tell") == bool(reason)


def test_visits_that_may_have_gone_on_are_not_past():
    history = years([5, 5, 6, 5, 6, 5, 0, 0], high=[5, 5, 6, 5, 6, 5, 0, 4])
    assert trend_of(history).word == "cannot tell"


def test_the_years_told_are_those_that_were_tested():
    history = years([8, 7, 6, 5, 4, 9], hot={0, 2, 5}, covered=[1, 1, 1, 1, 1, 0.4])
    found = trend_of(history)
    assert (found.years, found.hot_spot_years, found.last_hot_year) == (5, 2, 2016)
    assert (found.tau, found.p_value) == mann_kendall(np.array([8, 7, 6, 5, 4]))


def test_a_year_covered_less_than_half_is_not_looked_at():
    history = years([8, 7, 6, 5, 0, 0], covered=[1, 1, 1, 1, 0.4, 0.4])
    assert trend_of(history).word == "persistent"
    assert trend_of(history.tail(5)).word == "cannot tell"


def test_ranges_that_allow_two_words_leave_it_untold():
    assert trend_of(years([1, 2, 3, 4, 5, 1], high=[1, 2, 3, 4, 5, 9])).word == "cannot tell"


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=1, max_size=12))
def test_every_history_has_one_of_the_words(history):
    rates, hot = zip(*history, strict=True)
    found = trend_of(years(rates, hot={number for number, is_hot in enumerate(hot) if is_hot}))
    assert found.word in TREND_WORDS


def change(**values) -> pd.Series:
    row = {
        "area_name": "Camden",
        "from": "2019",
        "to": "2020",
        "count_from": 8.0,
        "count_to": 8.0,
        "rate_ratio": 1.0,
        "low": 0.8,
        "high": 1.2,
    }
    return pd.Series(row | values)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (change(), "cannot be told whether more or fewer"),
        (change(rate_ratio=2.0, low=1.5, high=2.5), "2.00 times as many"),
        (change(rate_ratio=2.0, low=1.5, high=2.5), "so more"),
        (change(rate_ratio=0.0, low=0.0, high=0.7), "so fewer"),
        (
            change(count_from=0.0, rate_ratio=np.nan, low=0.4, high=np.nan),
            "none in 2019, so no ratio; at least 0.40 times",
        ),
        (change(rate_ratio=2.0, low=1.5, high=np.nan), "at least 1.50"),
        (
            change(count_from=0.0, count_to=0.0, rate_ratio=np.nan, low=np.nan, high=np.nan),
            "none in either, so there is no change to tell.",
        ),
        (
            change(count_from=0.06, count_to=0.4, rate_ratio=np.nan, low=np.nan, high=np.nan),
            "too few to compare.",
        ),
        (change(count_from=0.06, rate_ratio=np.nan, low=0.4, high=np.nan), "less than one in 2019"),
    ],
)
def test_a_change_is_said_without_a_number_that_is_none(row, expected):
    said = change_sentence(row, "counts")
    assert expected in said
    assert "nan" not in said
    assert "inf" not in said


def test_one_year_beside_one_other_says_what_its_interval_leaves_out():
    wider = "so it cannot be told whether more or fewer, if visits came one by one; they come in operations, so the true"
    assert wider in change_sentence(change(), "counts")
    assert change_sentence(change(), "incidents").endswith("more or fewer.")
    assert change_sentence(change(**{"from": "2014 to 2019"}), "counts").endswith("more or fewer.")


def test_cells_without_a_number_are_dashes():
    assert change_cells(change()) == ("1.00", "0.80 to 1.20")
    assert change_cells(change(rate_ratio=np.nan, low=np.nan, high=np.nan)) == ("–", "–")


@pytest.fixture
def recorded_words() -> list[str]:
    trend = pd.DataFrame(
        {
            "area_code": ["a", "b", "c", "d"],
            "trend": ["cannot tell", "falling", "cannot tell", "cannot tell"],
            "reason": ["too few counted", "", "too few years", "too few counted"],
        }
    )
    return words_sentences(SimpleNamespace(trend=trend, level="borough", source="incidents"))


def test_areas_of_which_it_cannot_be_told_are_counted_apart(recorded_words):
    assert recorded_words == [
        "Of 4 boroughs with any recorded incident: 1 falling and 3 of which it cannot be told (1 too few years, 2 too few counted)."
    ]
