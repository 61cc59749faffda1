from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.when.aoristic import clock_changes, shares, spread

LONDON = ZoneInfo("Europe/London")
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WEEK = timedelta(days=7)

hours = st.datetimes(datetime(1995, 1, 1), datetime(2035, 1, 1)).map(
    lambda moment: moment.replace(minute=0, second=0, microsecond=0)
)
spans = st.integers(0, 400)


def exists(hour: datetime) -> bool:
    """London's clock showed this hour."""
    return hour.replace(tzinfo=LONDON).astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) == hour


def hour_by_hour(earliest: datetime, latest: datetime) -> np.ndarray:
    """The plainest way: walk through UTC and look at London's clock."""
    cells = np.zeros((7, 24))
    moment = earliest.replace(tzinfo=UTC) - timedelta(hours=2)
    while moment < latest.replace(tzinfo=UTC) + timedelta(hours=2):
        local = moment.astimezone(LONDON).replace(tzinfo=None)
        if earliest <= local <= latest:
            cells[local.weekday(), local.hour] += 1
        moment += timedelta(hours=1)
    return cells / cells.sum()


def test_the_example_of_eight_hours_gives_an_eighth_to_each():
    """Ratcliffe, https://www.jratcliffe.net/aoristic-analysis, event A: between 8am and 4pm, 0.125 for each hour."""
    weights = spread(["2022-06-11T08"], ["2022-06-11T15"], [1])
    assert weights[SAT, 8:16].tolist() == [0.125] * 8
    assert weights.sum() == 1


def test_weights_are_those_of_the_r_package():
    """
    The published `aoristic.df` of the R package aoristic, run on these five spans (its end is the end of our last hour).

    Sums over the five, in the package's words: hour1 is Sunday 00:00 to 00:59, a week is 1/168 for every hour.
    """
    earliest = ["2022-06-11T08", "2022-06-11T22", "2022-06-12T06", "2022-06-08T14", "2022-06-06T00"]
    latest = ["2022-06-11T15", "2022-06-12T02", "2022-06-13T08", "2022-06-08T14", "2022-06-12T23"]
    weights = spread(earliest, latest, np.ones(5))
    expected = np.full((7, 24), 0.005952381)
    expected[MON, :9] = 0.042989418
    expected[WED, 14] = 1.005952381
    expected[SAT, 8:16] = 0.130952381
    expected[SAT, 22:] = 0.205952381
    expected[SUN, :3] = 0.205952381
    expected[SUN, 6:] = 0.042989418
    assert weights == pytest.approx(expected, abs=1e-9)


def test_a_known_hour_has_the_whole_weight_however_many_incidents_share_it():
    weights = spread(["2022-06-11T17"], ["2022-06-11T17"], [41])
    assert weights[SAT, 17] == 41
    assert np.count_nonzero(weights) == 1


def test_an_evening_goes_on_past_midnight():
    weights = spread(["2022-06-12T22"], ["2022-06-13T01"], [1])
    assert weights[SUN, 22:].tolist() == [0.25, 0.25]
    assert weights[MON, :2].tolist() == [0.25, 0.25]


def test_the_hour_that_the_clock_repeats_in_autumn_counts_twice():
    # 30 October 2022: 00, 01 (summer time), 01 (winter time), 02.
    weights = spread(["2022-10-30T00"], ["2022-10-30T02"], [1])
    assert weights[SUN, :3].tolist() == [0.25, 0.5, 0.25]


def test_the_hour_that_the_clock_skips_in_spring_does_not_count():
    # 27 March 2022: 00, 02, 03.
    weights = spread(["2022-03-27T00"], ["2022-03-27T03"], [1])
    assert weights[SUN, :4] == pytest.approx([1 / 3, 0, 1 / 3, 1 / 3])


def test_a_whole_day_of_25_hours_has_two_of_them_at_01():
    weights = spread(["2022-10-30T00"], ["2022-10-30T23"], [25])
    assert weights[SUN, :3].tolist() == [1, 2, 1]


def test_the_clock_changes_in_the_nights_that_the_government_lists():
    """https://www.gov.uk/when-do-the-clocks-change: 27 March and 30 October 2022, 26 March 2023."""
    assert clock_changes(date(2022, 1, 1), date(2023, 3, 26)) == [
        date(2022, 3, 27), date(2022, 10, 30), date(2023, 3, 26),
    ]  # fmt: skip
    assert clock_changes(date(2022, 10, 30), date(2022, 10, 30)) == [date(2022, 10, 30)]
    assert clock_changes(date(2022, 3, 28), date(2022, 10, 29)) == []


def test_a_known_hour_that_the_clock_shows_twice_or_skips_is_one_incident():
    weights = spread(["2022-10-30T01", "2022-03-27T01"], ["2022-10-30T01", "2022-03-27T01"], [1, 1])
    assert weights[SUN, 1] == 2


def test_a_span_of_ten_days_wraps():
    # Monday 00:00 to Wednesday of the week after, 23:00: Monday to Wednesday twice.
    weights = spread(["2022-06-06T00"], ["2022-06-15T23"], [240])
    assert weights[: WED + 1] == pytest.approx(np.full((3, 24), 2))
    assert weights[THU:] == pytest.approx(np.full((4, 24), 1))


def test_no_span_gives_no_weight():
    assert spread([], [], []).tolist() == np.zeros((7, 24)).tolist()
    assert shares([], []).shape == (0, 7, 24)


@given(st.lists(st.tuples(hours, spans, st.integers(1, 1000)), min_size=1, max_size=20))
def test_weights_sum_to_one_per_incident(spans_of):
    earliest, lengths, n = zip(*spans_of, strict=True)
    latest = [first + timedelta(hours=length) for first, length in zip(earliest, lengths, strict=True)]
    assert spread(earliest, latest, n).sum() == pytest.approx(sum(n))
    each = shares(earliest, latest)
    assert each.sum(axis=(1, 2)) == pytest.approx(np.ones(len(n)))
    assert (each >= 0).all()
    assert np.tensordot(n, each, 1) == pytest.approx(spread(earliest, latest, n))


@given(hours, spans)
def test_weights_are_those_of_walking_through_utc_hour_by_hour(earliest, length):
    latest = earliest + timedelta(hours=length)
    assume(length or exists(earliest))
    assert spread([earliest], [latest], [1]) == pytest.approx(hour_by_hour(earliest, latest))


@pytest.mark.parametrize("change", [datetime(2022, 3, 27), datetime(2022, 10, 30), datetime(1996, 10, 27)])
@given(before=st.integers(0, 30), after=st.integers(4, 30))
def test_nights_of_a_clock_change_are_those_of_walking_through_utc(change, before, after):
    earliest, latest = change - timedelta(hours=before), change + timedelta(hours=after)
    assert spread([earliest], [latest], [1]) == pytest.approx(hour_by_hour(earliest, latest))


@given(hours, spans)
def test_a_week_later_the_weights_are_the_same(earliest, length):
    latest = earliest + timedelta(hours=length)
    # Not where one of the two spans holds a change of the clock.
    ends = earliest, latest, earliest + WEEK, latest + WEEK
    assume(len({moment.replace(tzinfo=LONDON).utcoffset() for moment in ends}) == 1)
    assert spread([earliest], [latest], [1]) == pytest.approx(spread([ends[2]], [ends[3]], [1]))
