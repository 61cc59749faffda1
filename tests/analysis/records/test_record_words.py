from datetime import datetime

import pytest

from analysis.records.record_words import record_in_words, start_in_words
from tests.conftest import incident_row

NOON = datetime(2022, 6, 14, 12)


def start(first: datetime, last: datetime) -> str:
    return start_in_words({"started_earliest": first, "started_latest": last})


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (NOON, NOON, "In the hour from 12:00 on 14 June 2022"),
        (datetime(2022, 6, 14), datetime(2022, 6, 14, 5), "Between 00:00 and 06:00 on 14 June 2022"),
        (datetime(2022, 6, 14, 18), datetime(2022, 6, 14, 23), "Between 18:00 and 24:00 on 14 June 2022"),
        (datetime(2022, 6, 14), datetime(2022, 6, 14, 23), "On 14 June 2022"),
        (datetime(2022, 2, 1), datetime(2022, 2, 28, 23), "In February 2022"),
        (datetime(2022, 1, 1), datetime(2022, 12, 31, 23), "In 2022"),
        (datetime(2022, 1, 1), datetime(2023, 12, 31, 23), "Between 1 January 2022 and 31 December 2023"),
        (
            datetime(2022, 6, 14, 22),
            datetime(2022, 6, 15, 3),
            "Between 22:00 on 14 June 2022 and 04:00 the next day",
        ),
    ],
)
def test_the_start_is_said_as_finely_as_it_is_known_and_no_finer(first, last, words):
    assert start(first, last) == words


@pytest.mark.parametrize(
    ("precision", "place", "words"),
    [
        ("locality", "SE15 5 (Southwark)", "in the locality SE15 5 (Southwark),"),
        ("district", "SE15 (Southwark)", "somewhere in the postcode district SE15 (Southwark),"),
        ("borough", "Southwark", "somewhere in Southwark,"),
        ("unknown", "not known", "at a place that is not known,"),
    ],
)
def test_the_place_is_said_as_finely_as_it_is_known(precision, place, words):
    assert words in record_in_words(incident_row(NOON, location_precision=precision), place)


def test_nothing_is_said_of_what_is_not_stated():
    told = record_in_words(incident_row(NOON, location_precision="borough"), "Southwark")
    assert told == (
        "In the hour from 12:00 on 14 June 2022, somewhere in Southwark, at a workplace: how it ended is not known."
    )


def test_a_stated_zero_is_said():
    record = incident_row(NOON, location_precision="borough", people_detained=0, crowd_size=1200)
    assert record_in_words(record, "Southwark").endswith(" 0 detained; a crowd of 1,200.")
