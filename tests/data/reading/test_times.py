import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading import times
from data.reading.answers import Problem
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
        # hours in brackets, or behind the word that they explain
        ("Early morning (5am - 8am)", "05:00-07:59"),
        ("Morning (8am - 12 noon)", "08:00-11:59"),
        ("Rush hour (7-9am)", "07:00-08:59"),
        ("Daytime (9-5)", "09:00-16:59"),
        ("Evening (6pm onwards)", "18:00-23:59"),
        ("Night [midnight to 5am]", "00:00-04:59"),
        ("Early (before 8am)", "00:00-07:59"),
        ("Morning: 6am-12pm", "06:00-11:59"),
        ("Evening 18–24", "18:00-23:59"),
        ("1 - Early morning (5-8am)", "05:00-07:59"),
        ("A) Morning (8am-12pm)", "08:00-11:59"),
        ("Overnight (11pm - 5am)", "23:00-28:59"),
        ("(7am)", "07:00-07:59"),
        ("just gone 6am (approx)", "05:31-06:29"),
        ("Night 0–6", "00:00-05:59"),
        ("Morning (before the school opens)", "06:00-11:59"),
        # how sure, and how rough
        ("6.30-ish", "06:01-06:59"),
        ("6am?", "06:00-06:59"),
        ("?7am", "07:00-07:59"),
        ("6am (?)", "06:00-06:59"),
        ("maybe 6am", "06:00-06:59"),
        ("6ish am", "05:31-06:29"),
        ("sixish", "05:31-18:29"),
        ("2pm or so, I think", "13:31-14:29"),
        ("6am (approx.)", "05:31-06:29"),
        ("07:00 approx", "06:31-07:29"),
        ("c6am", "05:31-06:29"),
        ("noonish", "11:31-12:29"),
        ("just before 6am", "05:31-06:00"),
        ("nearly 6am", "05:31-06:00"),
        ("no later than 6am", "00:00-06:00"),
        ("6am or earlier", "00:00-06:00"),
        ("from 6am onwards", "06:00-23:59"),
        ("6am+", "06:00-23:59"),
        ("sometime after 2pm", "14:00-23:59"),
        ("before dawn", "00:00-08:59"),
        ("just before midnight", "00:00-23:59"),
        # as it is said
        ("half six", "06:30-18:30"),
        ("half six in the morning", "06:30-06:30"),
        ("half past 6 in the evening", "18:30-18:30"),
        ("quarter to six in the morning", "05:45-05:45"),
        ("quarter past 6am", "06:15-06:15"),
        ("ten to six", "05:50-17:50"),
        ("10 past 6", "06:10-18:10"),
        ("20 to 7am", "06:40-06:40"),
        ("twenty-five to eight in the morning", "07:35-07:35"),
        ("six", "06:00-18:59"),
        ("six o'clock", "06:00-18:59"),
        ("six-thirty am", "06:30-06:30"),
        ("six forty five pm", "18:45-18:45"),
        ("around quarter to seven pm", "18:16-19:14"),
        # the half of the day that a part of it says
        ("6 o'clock in the morning", "06:00-06:59"),
        ("2 in the morning", "02:00-02:59"),
        ("2 at night", "02:00-02:59"),
        ("7 at night", "19:00-19:59"),
        ("12 at night", "00:00-23:59"),
        ("3 in the afternoon", "15:00-15:59"),
        ("this afternoon around 3", "14:31-15:29"),
        ("around 6 in the morning", "05:31-06:29"),
        ("between 6 and 7 in the morning", "06:00-06:59"),
        ("5.30 early morning", "05:30-05:30"),
        ("morning, 6am", "06:00-06:59"),
        ("6.30 in the evening", "18:30-18:30"),
        ("0630 evening", "18:30-18:30"),
        ("AM 6.30", "06:30-06:30"),
        # ranges over midnight, and the half of the day that one side says of the other
        ("11pm-1am", "23:00-24:59"),
        ("11-1am", "23:00-24:59"),
        ("11pm-1", "23:00-24:59"),
        ("23:00-02:00", "23:00-25:59"),
        ("Night (10pm - 6am)", "22:00-29:59"),
        ("10pm-midnight", "22:00-23:59"),
        ("22:00-24:00", "22:00-23:59"),
        ("midnight-2am", "00:00-01:59"),
        ("6am-8", "06:00-07:59"),
        ("8am-6", "08:00-17:59"),
        ("5:30-6pm", "17:30-17:59"),
        ("6/7am", "06:00-07:59"),
        ("6am and 7am", "06:00-07:59"),
        ("9 'til 11am", "09:00-10:59"),
        ("btw 5 & 6pm", "17:00-17:59"),
        ("0600-0800hrs", "06:00-07:59"),
        ("late morning / early afternoon", "10:00-14:59"),
        ("dawn to dusk", "03:00-22:59"),
        ("630am", "06:30-06:30"),
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
        ("rush hour", times.NOT_UNDERSTOOD),
        ("early", times.NOT_UNDERSTOOD),
        ("10 to 6", times.NOT_UNDERSTOOD),
        ("Finished (9am)", times.NOT_UNDERSTOOD),
        ("6am, again at 2pm", times.NOT_UNDERSTOOD),
        ("6pm in the morning", times.PART_DIFFERS),
        ("14:00-13:00", times.BACKWARDS),
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
    assert isinstance(found, Problem) or (
        0 <= found.first < 24 * 60 and found.first <= found.last < found.first + 24 * 60
    )


# What a whole sentence or a typing hand may put together.
PIECES = st.sampled_from(
    [*times.PARTS_OF_DAY, "half", "six", "quarter to", "6", "11pm", "1am", "18:30", "-", "to", "or", "/", "(", ")", "?", "ish",
     "around", "just before", "onwards", "between", "and", "in the", "noon"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=8).map(" ".join))
def test_any_words_of_time_give_an_interval_that_begins_in_the_day_or_a_problem(text):
    found = parse_time(text)
    assert isinstance(found, Problem) or (
        0 <= found.first < 24 * 60 and found.first <= found.last < found.first + 24 * 60
    )


# By hand, so that a change of the hours of a part is noticed.
PARTS = {
    (
        0,
        5,
    ): "early hours, small hours, wee hours, wee small hours, middle of the night, dead of night, early hours of the morning",
    (3, 8): "dawn, dawn raid, crack of dawn, daybreak, sunrise, first light",
    (4, 8): "early morning, early in the morning, very early morning, very early, v early, early am",
    (5, 9): "first thing, first thing in the morning",
    (6, 9): "breakfast, breakfast time, morning rush hour, morning rush",
    (6, 11): "morning",
    (9, 11): "mid morning",
    (10, 11): "late morning",
    (0, 11): "am",
    (11, 14): "lunch, lunchtime, lunch time",
    (12, 14): "early afternoon",
    (14, 16): "mid afternoon",
    (15, 17): "late afternoon",
    (12, 17): "afternoon",
    (12, 23): "pm",
    (15, 18): "teatime, tea time",
    (16, 19): "evening rush hour, evening rush",
    (15, 22): "dusk, sunset",
    (17, 19): "early evening",
    (18, 23): "evening",
    (20, 23): "late evening",
    (6, 17): "daytime, during the day",
    (8, 18): "working hours, office hours, business hours",
    (
        0,
        23,
    ): "day, all day, any time, night, night time, nighttime, overnight, late night, late at night, midnight, 12 midnight",
}


def test_every_part_of_the_day_has_its_hours():
    told = {part: hours for hours, parts in PARTS.items() for part in parts.split(", ")}
    assert told == times.PARTS_OF_DAY
    for part, hours in told.items():
        assert parse_time(part).hours() == hours


@pytest.mark.parametrize(
    ("text", "parts", "hours"),
    [("at 6", [(6, 11)], (6, 6)), ("half seven", [(18, 23)], (19, 19)), ("around 3", [(12, 17)], (14, 15))],
)
def test_a_part_of_the_day_known_from_elsewhere_settles_the_half(text, parts, hours):
    found = parse_time(text, parts)
    assert (found.hours(), found.is_open) == (hours, False)


def test_an_hour_that_may_lie_in_either_half_says_so():
    assert parse_time("half six").is_open
    assert not parse_time("06:30").is_open
