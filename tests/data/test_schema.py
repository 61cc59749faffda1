"""Every value of every closed list means something, and has its words wherever people read it."""

import pytest

from data.schema import (
    CHANGE_ACT_VALUES,
    INCIDENTS,
    OUTCOME_VALUES,
    REVIEW_VALUES,
    SETTING_VALUES,
    SOURCE_KIND_VALUES,
    TABLES,
    UNKNOWN,
    labels,
)

LISTED = [(table.name, column) for table in TABLES for column in table.columns if column.values]


@pytest.mark.parametrize(("table", "column"), LISTED, ids=lambda each: getattr(each, "name", each))
def test_every_value_of_a_closed_list_has_a_meaning_and_a_label_of_its_own(table, column):
    meanings = [value.meaning for value in column.values.values()]
    assert all(len(meaning) > 10 and not meaning.endswith(".") for meaning in meanings)
    assert len(set(meanings)) == len(meanings)
    assert len(set(labels(column.values).values())) == len(column.values)


@pytest.mark.parametrize(
    "values",
    [OUTCOME_VALUES, SETTING_VALUES, SOURCE_KIND_VALUES, REVIEW_VALUES],
    ids=["outcome", "setting", "source", "review"],
)
def test_every_value_that_a_sentence_says_has_its_words(values):
    assert all(value.said for value in values.values())


def test_of_every_outcome_but_unknown_it_is_known_whether_anybody_was_taken():
    assert {name for name, outcome in OUTCOME_VALUES.items() if outcome.is_taken is None} == {UNKNOWN}


def test_nobody_was_taken_where_a_raid_counts_as_resisted():
    resisted = [outcome for outcome in OUTCOME_VALUES.values() if outcome.is_resisted]
    assert resisted
    assert all(outcome.is_taken is False for outcome in resisted)


def test_unknown_stands_last_in_every_list_that_has_it():
    for _table, column in LISTED:
        assert UNKNOWN not in column.allowed[:-1], column.name


def test_what_was_taken_back_is_called_so():
    assert labels(CHANGE_ACT_VALUES)["undone"] == "Taken back"


def test_the_values_of_a_column_are_its_type_in_the_store():
    review = next(column for column in INCIDENTS.columns if column.name == "review")
    assert review.definition() == "review ENUM('to check', 'checked', 'as imported') NOT NULL"
