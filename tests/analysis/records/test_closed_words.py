"""Every value of a closed list has its words wherever values are put into words."""

from datetime import datetime

import pytest

from analysis.areas import LEVELS
from analysis.organise.priority import PARTS, PRESETS
from analysis.outcomes.outcomes import GROUPS, NAMES_OF_UNKNOWN
from analysis.outcomes.response import RESPONSES
from analysis.outcomes.words import GROUP_NOUNS, GROUP_WORDS
from analysis.quality import words as quality_words
from analysis.quality.quality import BREAKDOWNS, FIELDS, PAGES
from analysis.records.record_words import PRECISION_WORDS, record_in_words
from analysis.words import AREA_NOUNS
from data.schema import INCIDENTS, YES_NO_UNKNOWN

CLOSED = {column.name: tuple(column.allowed) for column in INCIDENTS.columns if column.allowed}
ON_A_CARD = ("outcome", "setting", "location_precision", "police_present", "community_response")
RECORD = {
    "started_earliest": datetime(2022, 6, 14, 7), "started_latest": datetime(2022, 6, 14, 7), "date_precision": "hour",
    "location_precision": "locality", "setting": "workplace", "outcome": "prevented", "people_detained": None,
    "people_released": None, "crowd_size": None, "duration_minutes": None, "police_present": "unknown",
    "community_response": "unknown",
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value"), [(column, value) for column in ON_A_CARD for value in CLOSED[column]]
)
def test_a_card_says_every_value_of_its_lists(column, value):
    said = record_in_words(RECORD | {column: value}, "Peckham")
    assert said.startswith("In the hour from 07:00 on 14 June 2022, ")
    assert "None" not in said
    assert "  " not in said
    assert ": ." not in said


@pytest.mark.parametrize("column", ["outcome", "setting"])
def test_no_two_values_of_a_list_are_said_alike_on_a_card(column):
    said = [record_in_words(RECORD | {column: value}, "Peckham") for value in CLOSED[column]]
    assert len(set(said)) == len(CLOSED[column])


@pytest.mark.parametrize(
    ("words", "listed"),
    [
        (PRECISION_WORDS, CLOSED["location_precision"]),
        (RESPONSES, YES_NO_UNKNOWN),
        (GROUP_WORDS, GROUPS),
        (GROUP_NOUNS, GROUPS),
        (NAMES_OF_UNKNOWN, GROUPS),
        (AREA_NOUNS, LEVELS),
        (quality_words.FIELDS, FIELDS),
        (quality_words.PAGES, PAGES),
        (quality_words.BREAKDOWN_TITLES, BREAKDOWNS),
    ],
)
def test_words_and_their_list_name_the_same(words, listed):
    assert sorted(words) == sorted(listed)


def test_every_way_to_weigh_areas_weighs_parts_that_there_are():
    assert {part for weights in PRESETS.values() for part in weights} == set(PARTS)
