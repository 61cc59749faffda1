from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from data.clock import is_skipped, to_london

EPOCH = datetime(1970, 1, 1)


def minutes(moment: datetime) -> int:
    return int((moment.replace(tzinfo=None) - EPOCH).total_seconds() // 60)


def test_the_clock_goes_forward_and_back():
    # 2022: forward on 27 March at 01:00 UTC, back on 30 October at 01:00 UTC.
    utc = [
        datetime(2022, 3, 27, 0, 59),
        datetime(2022, 3, 27, 1, 0),
        datetime(2022, 10, 30, 0, 59),
        datetime(2022, 10, 30, 1),
    ]
    local = [
        datetime(2022, 3, 27, 0, 59),
        datetime(2022, 3, 27, 2, 0),
        datetime(2022, 10, 30, 1, 59),
        datetime(2022, 10, 30, 1),
    ]
    assert to_london(np.array([minutes(moment) for moment in utc])).tolist() == [
        minutes(moment) for moment in local
    ]


def test_only_the_hour_of_going_forward_is_skipped():
    hours = [minutes(datetime(2022, 3, 27, hour)) // 60 for hour in range(24)]
    assert np.flatnonzero(is_skipped(np.array(hours))).tolist() == [1]
    hours = [minutes(datetime(2022, 10, 30, hour)) // 60 for hour in range(24)]
    assert not is_skipped(np.array(hours)).any()


@given(st.datetimes(datetime(1990, 1, 1), datetime(2055, 1, 1)))
def test_it_agrees_with_the_time_zone_database(moment):
    expected = moment.replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/London"))
    assert to_london(np.array([minutes(moment)]))[0] == minutes(expected)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2055, 1, 1)))
def test_an_hour_is_skipped_when_no_moment_falls_into_it(moment):
    hour = moment.replace(minute=0, second=0, microsecond=0, tzinfo=ZoneInfo("Europe/London"))
    there_and_back = hour.astimezone(UTC).astimezone(ZoneInfo("Europe/London"))
    exists = there_and_back.replace(tzinfo=None) == hour.replace(tzinfo=None)
    assert bool(is_skipped(np.array([minutes(hour) // 60]))[0]) is not exists
    assert timedelta(0) <= abs(there_and_back - hour) <= timedelta(hours=1)
