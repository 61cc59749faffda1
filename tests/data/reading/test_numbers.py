import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.reading import numbers
from data.reading.answers import Distinct, Problem, distinct
from data.reading.numbers import parse_duration, parse_duration_in_hours, parse_people, read_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        ("3.0", 3),
        ("0", 0),
        ("three", 3),
        ("None", 0),
        ("nobody", 0),
        ("2 people", 2),
        ("Two men", 2),
        ("4 arrested", 4),
        ("a dozen", 12),
        ("1,000", 1000),
        ("c. 200", 200),
        ("~50", 50),
        ("about 50 people", 50),
        ("200+", 200),
        ("over 50", 50),
        ("at least 3", 3),
        ("more than a dozen", 12),
        ("10-15", 10),
        ("10 to 15", 10),
        ("2 or 3", 2),
        ("several", None),
        ("a few", None),
        ("<5", None),
        ("up to 20", None),
        ("", None),
        ("n/a", None),
        ("?", None),
    ],
)
def test_people_are_counted_as_written(text, number):
    assert parse_people(text) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-1", numbers.NEGATIVE),
        ("2.5", numbers.NOT_WHOLE),
        ("15-10", numbers.BACKWARDS),
        ("1.000", numbers.NOT_UNDERSTOOD),
        ("3?", numbers.NOT_UNDERSTOOD),
        ("two thirds of them", numbers.NOT_UNDERSTOOD),
        ("9" * 1_000_000, numbers.NOT_UNDERSTOOD),
    ],
)
def test_what_is_no_number_gets_its_reason(text, reason):
    assert parse_people(text) == Problem(reason)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        ("45 minutes", 45),
        ("30m", 30),
        ("90 mins", 90),
        ("4 hours", 240),
        ("1h", 60),
        ("2h30", 150),
        ("1 hour 30 minutes", 90),
        ("1 hr 15", 75),
        ("1.5 hours", 90),
        ("1:30", 90),
        ("01:30:00", 90),
        ("half an hour", 30),
        ("an hour", 60),
        ("over an hour", 60),
        ("an hour and a half", 90),
        ("2 and a half hours", 150),
        ("2½ hours", 150),
        ("4-5 hours", 240),
        ("about 2 hours", 120),
        ("20 minutes or so", 20),
        ("several hours", None),
        ("up to 2 hours", None),
        ("", None),
    ],
)
def test_durations_are_minutes(text, minutes):
    assert parse_duration(text) == minutes


def test_what_is_no_duration_gets_its_reason():
    assert parse_duration("all night long") == Problem(numbers.DURATION_NOT_UNDERSTOOD)
    assert parse_duration("-5") == Problem(numbers.NEGATIVE)


@pytest.mark.parametrize("text", ["0.0625", "0.5", "1.5", "half", "about 0.75"])
def test_a_bare_part_of_a_minute_may_be_of_an_hour_or_a_day(text):
    assert parse_duration(text) == Problem(numbers.PART_OF_A_MINUTE)
    assert parse_duration("1.5 minutes") == 2


def test_a_heading_may_say_that_a_bare_number_is_hours():
    assert parse_duration_in_hours("1.5") == 90
    assert parse_duration_in_hours("30 minutes") == 30


def test_numbers_too_large_to_be_true_are_a_problem():
    cells = distinct(pa.array(["4", "2001", "4", ""]))
    values, is_stated, problems = read_numbers("people_detained", cells)
    assert values.tolist() == [4, 0, 4, 0]
    assert is_stated.tolist() == [True, False, True, False]
    assert problems == [None, Problem(numbers.TOO_LARGE), None]


def test_every_row_gets_the_number_of_its_text():
    cells = Distinct(["two", "7"], np.array([1, 0, 1]))
    assert read_numbers("crowd_size", cells)[0].tolist() == [7, 2, 7]


@given(st.integers(0, 10**9), st.sampled_from(["{}", "{:,}", "{}.0", "c. {}", "{}+", "{} people", "over {}"]))
def test_any_number_written_in_any_form_reads_back_the_same(number, form):
    assert parse_people(form.format(number)) == number


@given(st.text(max_size=100))
def test_any_text_gives_a_number_nothing_or_a_problem(text):
    for parse in (parse_people, parse_duration, parse_duration_in_hours):
        found = parse(text)
        assert found is None or isinstance(found, Problem) or found >= 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("a couple", 2), ("two dozen", 24), ("half a dozen", 6), ("twenty-five", 25), ("thirty two", 32),
        ("two hundred and fifty", 250), ("2 then another 1", 3), ("2, then another one", 3), ("2+1", 3), ("2 plus 1 later", 3),
        ("2 men and 1 woman", 3), ("a man and a woman", 2), ("3 (all men)", 3), ("none that we know of", 0), ("a family of four", 4),
        ("between 5 and 10", 5), ("two.", 2), ("total: 4", 4), ("all of them", None), ("dozens", None),
    ],
)  # fmt: skip
def test_people_told_in_words_or_in_parts_are_counted(text, number):
    assert parse_people(text) == number


@pytest.mark.parametrize("text", ["2 and 1", "2 detained, then 1 released", "2 people and 3 vans", "one two"])
def test_two_numbers_that_may_not_belong_together_are_not_added(text):
    assert parse_people(text) == Problem(numbers.NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("half hour", 30), ("about half an hour", 30), ("quarter of an hour", 15), ("three quarters of an hour", 45), ("hour", 60),
        ("couple of hours", 120), ("hour and a half", 90), ("45 mins to an hour", 45), ("1 hour to 2 hours", 60), ("1hr30", 90),
        ("ten or fifteen minutes", 10), ("30 mins max", None), ("less than an hour", None), ("all morning", None),
    ],
)  # fmt: skip
def test_durations_in_spoken_words_are_minutes(text, minutes):
    assert parse_duration(text) == minutes
