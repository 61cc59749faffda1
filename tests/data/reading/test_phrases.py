import re

import pytest

from data.message.text import sentences
from data.reading.phrases import expand, read_phrases
from data.reading.told import (
    find_numbers,
    find_outcome,
    find_police,
    find_response,
    find_setting,
    says_no_raid,
    says_others_came,
    says_taken,
)

GROUPS = {name: group for name, group in read_phrases().items() if name not in ("lists", "settings")}
SETTINGS = [(group["value"], group["phrases"]) for group in read_phrases()["settings"]]
PHRASES = [(phrase, example) for group in GROUPS.values() for phrase, example in group.items()]
PHRASES += [(phrase, example) for _, group in SETTINGS for phrase, example in group.items()]
LONGEST = 160


def test_a_phrase_is_found_in_its_example():
    assert PHRASES
    missed = [each for each in PHRASES if not re.search(expand(each[0]), each[1], re.IGNORECASE)]
    assert missed == []


def test_a_phrase_is_short_enough_to_be_read():
    assert [phrase for phrase, _ in PHRASES if len(phrase) > LONGEST] == []


@pytest.mark.parametrize("group", ["to_come", "remembered"])
def test_an_example_of_another_day_is_no_sentence_on_the_raid(group):
    for example in GROUPS[group].values():
        assert sentences(example) == []


def test_an_example_of_another_raid_is_left_out_of_its_sentence():
    for example in GROUPS["elsewhere"].values():
        assert sentences(f"Raid in Lewisham, {example}") == ["Raid in Lewisham,"]


def test_a_greeting_is_no_sentence():
    for example in GROUPS["greeting"].values():
        assert "morning" not in " ".join(sentences(example))


def examples(*groups):
    return [example for group in groups for example in GROUPS[group].values()]


@pytest.mark.parametrize(
    ("value", "example"), [(value, example) for value, group in SETTINGS for example in group.values()]
)
def test_an_example_of_a_kind_of_place_is_read_as_it(value, example):
    assert find_setting([example]) == (value or "unknown")


@pytest.mark.parametrize("example", examples("stopped", "stopped_told"))
def test_an_example_of_a_raid_that_was_stopped_is_read_as_one(example):
    assert find_outcome([example], find_numbers([example]), False) == "prevented"


@pytest.mark.parametrize("example", examples("none_detained", "left_with_nobody"))
def test_an_example_of_nobody_taken_is_read_as_no_arrests(example):
    numbers = find_numbers([example])
    assert (numbers.detained, find_outcome([example], numbers, False)) == (0, "no arrests")


@pytest.mark.parametrize("example", examples("taken"))
def test_an_example_of_people_taken_is_read_as_that(example):
    assert says_taken([example])


@pytest.mark.parametrize("example", examples("let_go"))
def test_an_example_of_people_let_go_is_a_release_where_people_responded(example):
    assert find_outcome([example], find_numbers([example]), True) == "released after community response"


@pytest.mark.parametrize("example", examples("let_go_later"))
def test_an_example_of_a_later_release_is_no_release_by_those_who_responded(example):
    assert find_outcome([example], find_numbers([example]), True) != "released after community response"


@pytest.mark.parametrize("example", examples("detained", "crowd", "let_go_number"))
def test_an_example_with_a_number_gives_it(example):
    numbers = find_numbers([example])
    assert [numbers.detained, numbers.released, numbers.crowd].count(None) == 2


@pytest.mark.parametrize("example", examples("no_crowd"))
def test_an_example_of_people_who_are_no_crowd_gives_no_number(example):
    numbers = find_numbers([example])
    assert (numbers.crowd, find_response([example], numbers)) == (None, "unknown")


@pytest.mark.parametrize("example", examples("police"))
def test_an_example_of_police_is_read_as_that(example):
    assert find_police([example]) == "yes"


@pytest.mark.parametrize("example", examples("no_police"))
def test_an_example_of_police_who_were_absent_is_read_as_none(example):
    assert find_police([example]) == "no"


@pytest.mark.parametrize("example", examples("police_elsewhere", "police_called"))
def test_an_example_that_only_names_the_police_does_not_say_that_they_were_there(example):
    assert find_police([example]) == "unknown"


@pytest.mark.parametrize("example", examples("response"))
def test_an_example_of_a_response_is_read_as_that(example):
    assert find_response([example], find_numbers([example])) == "yes"


@pytest.mark.parametrize("example", examples("no_response"))
def test_an_example_of_no_response_is_read_as_none(example):
    assert find_response([example], find_numbers([example])) == "no"


@pytest.mark.parametrize("example", examples("not_a_response"))
def test_an_example_of_what_officers_did_is_no_response(example):
    assert find_response([example], find_numbers([example])) == "unknown"


@pytest.mark.parametrize("example", examples("no_raid"))
def test_an_example_of_no_raid_is_read_as_that(example):
    assert says_no_raid([example])


@pytest.mark.parametrize("example", examples("since"))
def test_an_example_of_another_raid_does_not_say_that_there_was_none(example):
    assert not says_no_raid([example])


@pytest.mark.parametrize("example", examples("not_immigration", "others_raid"))
def test_an_example_of_the_work_of_others_is_no_immigration_raid(example):
    assert says_others_came([example])


@pytest.mark.parametrize("example", examples("with_others", "immigration"))
def test_an_example_of_others_beside_immigration_officers_is_still_a_raid(example):
    assert not says_others_came([example])
