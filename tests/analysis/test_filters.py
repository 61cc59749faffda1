from datetime import date

import pytest

from analysis.filters import Filters
from data.errors import InputError


def test_no_filters_describe_nothing_and_name_all():
    assert Filters().describe() == []
    assert Filters().slug() == "all"
    assert Filters().is_empty()


def test_filters_are_described_in_words():
    filters = Filters(
        date_from=date(2022, 6, 1),
        date_to=date(2022, 6, 30),
        outcomes=("prevented",),
        boroughs=("E09000028",),
    )
    assert filters.describe({"E09000028": "Southwark"}) == [
        "1 June 2022 to 30 June 2022",
        "outcome: prevented",
        "borough: Southwark",
    ]


@pytest.mark.parametrize(
    ("filters", "slug"),
    [
        (Filters(date_from=date(2022, 1, 1)), "2022-01-01-to-now"),
        (Filters(date_to=date(2022, 1, 1), outcomes=("no arrests",)), "start-to-2022-01-01-no-arrests"),
    ],
)
def test_the_file_name_says_the_filters(filters, slug):
    assert filters.slug() == slug


def test_leaving_out_the_dates_keeps_the_rest():
    filters = Filters(date_from=date(2022, 1, 1), settings=("home",))
    assert filters.without_dates() == Filters(settings=("home",))


def test_dates_the_wrong_way_round_are_refused():
    with pytest.raises(InputError, match="first day is after the last"):
        Filters(date_from=date(2022, 1, 2), date_to=date(2022, 1, 1))
