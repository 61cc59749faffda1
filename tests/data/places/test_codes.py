"""A code is found where it stands, and what only looks like one is none."""

import pytest

from data.places.codes import codes_in, join_spaced, read_code


def districts(text):
    return [code.place.postcode_district for code in codes_in([text])[0]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("raid in SE15 today", ["SE15"]),
        ("#SE15", ["SE15"]),
        ("(SE15)", ["SE15"]),
        ("SE15/SE5", ["SE15", "SE5"]),
        ("mid-E8", ["E8"]),
        ("SE15's high road", ["SE15"]),
        ("SE15, N17 and E5", ["SE15", "N17", "E5"]),
        ("a nail shop SE15", ["SE15"]),
        ("flat SE15", ["SE15"]),
        ("the E8 area", ["E8"]),
        ("E7ish", ["E7"]),
    ],
)
def test_districts_are_found_in_a_text(text, found):
    assert districts(text) == found


@pytest.mark.parametrize(
    "text",
    ["bus N15", "route E8", "the N15 bus", "night bus N29", "Unit E8", "room E3", "platform N1", "gate E5", "stop E2", "the E8",
     "near M1", "on or near M1", "M1 junction 4", "M25", "A406", "SE98", "£E8", "xE8", "E8.5", "DE1TA", "no. E8"],
)  # fmt: skip
def test_buses_rooms_and_roads_are_no_districts(text):
    assert districts(text) == []


@pytest.mark.parametrize(
    ("text", "precision", "is_listed"),
    [
        ("SE15 5DT", "locality", True),
        ("SE155DT", "locality", True),
        ("SE15 4, today", "locality", True),
        ("SE15 4 (Peckham)", "locality", True),
        ("SE15 4 people", "district", True),
        ("SE15 4 vans", "district", True),
        ("SE15 6am", "district", True),
        ("SE15 9ZZ", "district", False),
    ],
)
def test_what_stands_behind_a_district_belongs_to_it_only_if_nothing_is_counted(text, precision, is_listed):
    (code,) = codes_in([text])[0]
    assert (code.place.location_precision, code.is_listed) == (precision, is_listed)


def test_a_letter_in_front_that_may_belong_to_a_code_makes_it_uncertain():
    (code,) = codes_in(["High Road S E15"])[0]
    assert code.place is None
    assert districts("Block B E8") == ["E8"]


@pytest.mark.parametrize("text", ["SE 15", "se 15", "SE-15", "S.E.15", "S.E. 15", "SE. 15", "SE15."])
def test_a_district_alone_is_read_with_what_stands_inside_it(text):
    assert read_code(join_spaced(text)).place.postcode_district == "SE15"


@pytest.mark.parametrize("text", ["open at 10", "so 15 people", "in 15 minutes", "Block B 12", "to 15"])
def test_words_before_a_number_are_no_district(text):
    assert join_spaced(text) == text


@pytest.mark.parametrize("text", ["SE98", "SE15 Peckham", "Peckham", "", "15", "SW21", "SE15 5DT 2"])
def test_what_is_no_code_as_a_whole_is_none(text):
    assert read_code(text) is None


def test_a_question_mark_behind_a_district_is_no_part_of_a_postcode():
    # "E1 5?" is one that was cut short, "E15?" is a doubt.
    assert read_code("E15?").place.postcode_district == "E15"
    assert read_code("E1 5?").place.postcode_district == "E1"
