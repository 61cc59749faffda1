from datetime import datetime

import numpy as np
import pytest

from analysis.filters import Filters
from analysis.outcomes.stated_numbers import median_interval, people, stand_offs
from analysis.outcomes.words import stated_sentences
from tests.analysis.where.test_where import with_rows
from tests.conftest import incident_row


def store_with(toy_store, column: str, values: list, **others):
    rows = [incident_row(datetime(2020, 3, 1, 9), **{column: value}, **others) for value in values]
    return with_rows(toy_store, "incidents", rows)


@pytest.mark.parametrize(
    ("size", "first", "last"),
    # Conover, Practical Nonparametric Statistics (3rd ed. 1999), 3.2; ranks from R 4.2.2, qbinom(0.025, size, 0.5).
    [(6, 1, 6), (10, 2, 9), (20, 6, 15), (30, 10, 21), (50, 18, 33)],
)
def test_the_interval_of_a_median_lies_at_the_published_ranks(size, first, last):
    assert median_interval(np.arange(1, size + 1)) == (first, last)


def test_five_values_have_a_median_and_no_interval(toy_store):
    store = store_with(toy_store, "people_detained", [1, 2, 3, 4, 90])
    row = people(store.run, Filters()).table.iloc[0]
    assert (row["median"], row["quartile_low"], row["quartile_high"], row["highest"]) == (3, 2, 4, 90)
    assert np.isnan(row["median_low"])
    assert np.isnan(row["median_high"])


def test_a_number_that_is_not_stated_is_left_out_and_a_nought_is_not(toy_store):
    told = people(
        store_with(toy_store, "people_detained", [None, None, None, 0, 0, 2, 4, 5, 7]).run, Filters()
    )
    row = told.table.iloc[0]
    assert (row["of"], row["stated"], row["total"], row["median"]) == (9, 6, 18, 3)
    assert stated_sentences(told) == [
        "6 of 9 recorded incidents say how many people were held, also if let go later: 18 in all; the median is 3 "
        "(95 % interval 0 to 7), the middle half 0.5 to 4.8, the highest 7. The other 3 are left out, not counted as 0.",
        "None of 9 recorded incidents says how many people were let go.",
    ]
    assert np.isnan(told.table.iloc[1]["total"])


def test_fewer_than_five_cannot_tell_what_is_usual(toy_store):
    told = people(store_with(toy_store, "people_released", [3]).run, Filters())
    assert stated_sentences(told)[1] == (
        "1 of 1 recorded incident says how many people were let go: 3 in all. Cannot tell what is usual: fewer than "
        "5 say so."
    )
    assert np.isnan(told.table.iloc[1]["median"])
    assert told.table.iloc[1]["highest"] == 3


def test_stand_offs_are_incidents_with_a_response(toy_store):
    store_with(toy_store, "duration_minutes", [30, 60, 60, 90, 120, 480], community_response="yes")
    with toy_store.write() as connection:
        connection.execute("UPDATE incidents SET community_response = 'no' WHERE duration_minutes = 480")
    told = stand_offs(toy_store.run, Filters())
    assert told.table[["of", "stated"]].iloc[0].tolist() == [5, 5]
    assert told.table["median"].iloc[0] == 60
    assert stated_sentences(told)[0].startswith(
        "5 of 5 recorded incidents with a community response say how long it lasted; the median is 60 minutes, "
        "the middle half 60 to 90"
    )


def test_a_sum_of_minutes_means_nothing(toy_store):
    store_with(toy_store, "duration_minutes", [30, 60], community_response="yes")
    assert stand_offs(toy_store.run, Filters()).table["total"].isna().all()


def test_nothing_chosen_is_a_sentence(toy_store):
    assert stated_sentences(people(toy_store.run, Filters())) == ["No recorded incident fits this choice."]
    assert stated_sentences(stand_offs(toy_store.run, Filters())) == [
        "No recorded incident with a community response fits this choice."
    ]
