from datetime import date

import pytest

from analysis.words import area_noun, day_in_words, figure, listed, period_in_words, rate_range


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(1, 1, "1 visit"), (0, 0, "0 visits"), (4736, 4736, "4,736 visits"), (861, 1044, "861 to 1,044 visits")],
)
def test_figures_are_ranges_where_they_are_not_known_exactly(low, high, text):
    assert figure(low, high, "visit") == text


def test_rates():
    assert rate_range(0.411, 0.414) == "0.41"
    assert rate_range(0.41, 0.43) == "0.41 to 0.43"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2014, 1, 1), date(2022, 12, 31), "from 2014 to 2022"),
        (date(2022, 1, 1), date(2022, 12, 31), "in 2022"),
        (date(2019, 1, 1), date(2019, 10, 31), "from 1 January 2019 to 31 October 2019"),
        (date(2021, 5, 13), date(2021, 5, 13), "on 13 May 2021"),
        (None, None, "in these records"),
    ],
)
def test_periods(start, end, text):
    assert period_in_words(start, end) == text


def test_other_words():
    assert area_noun("district") == "postcode districts"
    assert day_in_words(date(2022, 6, 11)) == "11 June 2022"


def test_a_list_reads_as_a_person_would_say_it():
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
