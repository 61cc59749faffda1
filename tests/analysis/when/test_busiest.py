import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.when.busiest import EVEN, TOLD, TOO_FEW, UNSTEADY, busiest

EACH_HOUR = np.eye(24)
EVENLY = np.full(24, 1 / 24)


def hours(**n: int) -> np.ndarray:
    """Incidents by hour: `hours(h6=10)`."""
    counts = np.zeros(24, int)
    for name, number in n.items():
        counts[int(name[1:])] = number
    return counts


def test_a_clear_peak_is_told_with_its_share_and_interval():
    n = np.full(24, 2) + hours(h6=20, h7=30, h8=20)
    found = busiest(EACH_HOUR, n, EVENLY, 3, seed=0)
    assert (found.verdict, found.first) == (TOLD, 6)
    # 76 of 118; the bootstrap interval of a share is close to the normal one, 0.644 ± 1.96 × 0.0441.
    assert found.share == pytest.approx(76 / 118)
    assert (found.low, found.high) == pytest.approx((0.558, 0.730), abs=0.015)


def test_a_peak_over_midnight_is_found():
    found = busiest(EACH_HOUR, hours(h23=30, h0=40, h1=30), EVENLY, 3, seed=0)
    assert (found.verdict, found.first, found.share) == (TOLD, 23, 1.0)


def test_one_busy_hour_stands_in_the_middle_of_the_three():
    assert busiest(EACH_HOUR, hours(h6=50), EVENLY, 3, seed=0).first == 5


def test_nineteen_incidents_are_too_few_and_twenty_are_not():
    assert busiest(EACH_HOUR, hours(h6=19), EVENLY, 3, seed=0).verdict == TOO_FEW
    assert busiest(EACH_HOUR, hours(h6=20), EVENLY, 3, seed=0).verdict == TOLD


def test_an_even_spread_has_no_busiest_hours():
    assert busiest(EACH_HOUR, np.full(24, 10), EVENLY, 3, seed=0).verdict == EVEN


def test_two_equal_peaks_cannot_be_told_apart():
    assert busiest(EACH_HOUR, hours(h6=50, h18=50), EVENLY, 3, seed=0).verdict == UNSTEADY


def test_incidents_drawn_evenly_are_rarely_said_to_have_busiest_hours():
    random = np.random.default_rng(1)
    samples = [random.multinomial(60, EVENLY) for _ in range(200)]
    told = sum(busiest(EACH_HOUR, sample, EVENLY, 3, seed=0).verdict == TOLD for sample in samples)
    # At most 5 % by the rule; that they must agree too makes it fewer.
    assert told <= 10


def test_a_day_that_the_record_holds_more_of_is_no_busier_for_it():
    even = np.array([0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    assert busiest(np.eye(7), np.array([40, 10, 10, 10, 10, 10, 10]), even, 1, seed=0).verdict == EVEN


def test_parts_of_the_day_count_where_they_are_shared_out():
    morning = np.zeros((1, 24))
    morning[0, 6:12] = 1 / 6
    found = busiest(morning, np.array([100]), EVENLY, 3, seed=0)
    # Any three of the six hours hold half of each incident, in every sample drawn again.
    assert (found.share, found.low, found.high) == pytest.approx((0.5, 0.5, 0.5))


def test_the_same_seed_gives_the_same_answer():
    n = np.full(24, 2) + hours(h6=20)
    assert busiest(EACH_HOUR, n, EVENLY, 3, seed=5) == busiest(EACH_HOUR, n, EVENLY, 3, seed=5)


@given(st.lists(st.integers(0, 40), min_size=7, max_size=7), st.integers(1, 3))
def test_shares_and_intervals_lie_between_none_and_all(n, width):
    found = busiest(np.eye(7), np.array(n), np.full(7, 1 / 7), width, seed=0)
    assert found.verdict in (TOLD, TOO_FEW, EVEN, UNSTEADY)
    assert 0 <= found.low <= found.high <= 1 + 1e-12
    assert 0 <= found.share <= 1 + 1e-12
