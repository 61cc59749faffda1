import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading import times
from data.reading.distinct import Problem
from data.reading.times import WHOLE_DAY, DayTime, parse_time


def read(text):
    found = parse_time(text)
    if isinstance(found, Problem):
        return found.reason
    return f"{found.first // 60:02}:{found.first % 60:02}-{found.last // 60:02}:{found.last % 60:02}"


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        # the clock
        ("12.08", "12:08-12:08"),
        ("12:08", "12:08-12:08"),
        ("12:08:33", "12:08-12:08"),
        ("12:08:33.125", "12:08-12:08"),
        ("1208", "12:08-12:08"),
        ("1400 hrs", "14:00-14:00"),
        ("14h30", "14:30-14:30"),
        ("14h", "14:00-14:59"),
        ("3:30", "03:30-03:30"),
        ("2.30pm", "14:30-14:30"),
        ("2:30 p.m.", "14:30-14:30"),
        ("14:30 pm", "14:30-14:30"),
        ("2pm", "14:00-14:59"),
        ("12am", "00:00-00:59"),
        ("12pm", "12:00-12:59"),
        ("12 noon", "12:00-12:59"),
        ("14", "14:00-14:59"),
        ("03", "03:00-03:59"),
        ("0", "00:00-00:59"),
        ("00:00", "00:00-00:00"),
        ("0.505555", "12:08-12:08"),
        ("0.506", "12:09-12:09"),
        ("0.5", "12:00-12:00"),
        ("0.75", "18:00-18:00"),
        ("0.50", "00:50-00:50"),
        ("930", "09:30-09:30"),
        ("100", "01:00-01:00"),
        # neither am nor pm: both
        ("3", "03:00-15:59"),
        ("at 3", "03:00-15:59"),
        ("3 o'clock", "03:00-15:59"),
        ("12", "00:00-12:59"),
        ("around 3", "02:31-15:29"),
        ("3-5", "03:00-16:59"),
        ("10-12", "10:00-23:59"),
        ("between 10 and 12", "10:00-23:59"),
        # bounds
        ("around 3pm", "14:31-15:29"),
        ("c. 14:30", "14:01-14:59"),
        ("~2pm", "13:31-14:29"),
        ("around noon", "11:31-12:29"),
        ("shortly after 2pm", "14:00-14:59"),
        ("from 2pm", "14:00-14:59"),
        ("after 2pm", "14:00-23:59"),
        ("after 14:30", "14:30-23:59"),
        ("after 2", "02:00-23:59"),
        ("after lunch", "11:00-23:59"),
        ("before 9", "00:00-08:59"),
        ("before 9am", "00:00-08:59"),
        ("by noon", "00:00-11:59"),
        ("2-4pm", "14:00-15:59"),
        ("2pm - 4pm", "14:00-15:59"),
        ("11-1pm", "11:00-12:59"),
        ("from 3 to 5pm", "15:00-16:59"),
        ("14:00-16:30", "14:00-16:29"),
        ("10:00–11:00", "10:00-10:59"),
        ("between 1pm and 2pm", "13:00-13:59"),
        ("6am or 7am", "06:00-07:59"),
        ("7am or 6am", "06:00-07:59"),
        ("6 or 7am", "06:00-07:59"),
        ("08:00 or 09:00", "08:00-09:00"),
        ("around 2pm or 3pm", "14:00-15:59"),
        ("3 or 4", "03:00-16:59"),
        # parts of the day
        ("morning", "06:00-11:59"),
        ("in the morning", "06:00-11:59"),
        ("early morning", "04:00-08:59"),
        ("mid-morning", "09:00-11:59"),
        ("dawn", "03:00-08:59"),
        ("noon", "12:00-12:59"),
        ("Midday", "12:00-12:59"),
        ("lunchtime", "11:00-14:59"),
        ("afternoon", "12:00-17:59"),
        ("evening", "18:00-23:59"),
        ("night", "00:00-23:59"),
        ("midnight", "00:00-23:59"),
        ("AM", "00:00-11:59"),
        ("", "00:00-23:59"),
        ("n/a", "00:00-23:59"),
    ],
)
def test_a_time_becomes_an_interval_of_the_day(text, interval):
    assert read(text) == interval


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("25:00", times.NO_SUCH_TIME),
        ("24:00", times.NO_SUCH_TIME),
        ("13am", times.NO_SUCH_TIME),
        ("before 00:00", times.NO_SUCH_TIME),
        ("14:75", times.NOT_UNDERSTOOD),
        ("0.25", times.FRACTION_OR_CLOCK),
        ("960", times.NOT_UNDERSTOOD),
        ("school run", times.NOT_UNDERSTOOD),
        ("2pm or so, I think", times.NOT_UNDERSTOOD),
        ("23:00-02:00", times.BACKWARDS),
        ("x" * 1_000_000, times.NOT_UNDERSTOOD),
    ],
)
def test_what_is_no_time_gets_its_reason(text, reason):
    assert read(text) == reason


@pytest.mark.parametrize(
    ("text", "zone_minutes"),
    [
        ("12:08Z", 0),
        ("12:08:33+00:00", 0),
        ("12:08+01:00", 60),
        ("12:08+0530", 330),
        ("12:08:33-05:00", -300),
        ("12:08 BST", 60),
        ("12:08 (GMT)", 0),
        ("2pm UTC", 0),
        ("12:08", None),
        ("10:00-11:00", None),
    ],
)
def test_a_zone_is_told_from_a_range(text, zone_minutes):
    assert parse_time(text).zone_minutes == zone_minutes


def test_an_empty_time_is_the_whole_day():
    assert parse_time(" ") == WHOLE_DAY == DayTime(0, 24 * 60 - 1)


@given(st.integers(0, 23), st.integers(0, 59))
def test_any_minute_written_in_any_form_reads_back_the_same(hour, minute):
    half = f"{(hour - 1) % 12 + 1}:{minute:02}{'am' if hour < 12 else 'pm'}"
    for text in (
        f"{hour:02}:{minute:02}",
        # "0.25" may be a fraction of the day.
        f"{hour or '00'}.{minute:02}",
        f"{hour:02}{minute:02}",
        f"{hour}h{minute:02}",
        half,
    ):
        assert parse_time(text) == DayTime(hour * 60 + minute, hour * 60 + minute)


@given(st.text(max_size=100))
def test_any_text_gives_an_interval_within_the_day_or_a_problem(text):
    found = parse_time(text)
    assert isinstance(found, Problem) or 0 <= found.first <= found.last < 24 * 60
