from datetime import date

from analysis.records.retention_words import say_deletion
from data.log.retention import Deletion


def test_what_goes_is_said_in_numbers_without_what_is_none():
    told = say_deletion(Deletion(date(2020, 1, 1), incidents=1, changes=1200, walkers=2))
    assert told == "1 record, 1,200 rows of the trail of changes, 2 numbers of who had a walk"
    days = {"first": date(2018, 5, 1), "last": date(2019, 12, 31)}
    told = say_deletion(Deletion(date(2020, 1, 1), incidents=2, **days))
    assert told == "2 records (of 1 May 2018 to 31 December 2019)"
    assert say_deletion(Deletion(date(2020, 1, 1))) == "nothing"
