"""One place as somebody writes or taps it: the finest that may be kept, and never an address."""

import pytest

from data.errors import InputError
from data.geography.bundled import read_places
from data.geography.locate import load_places
from data.places.named import NamedPlace as Place
from data.places.named import finest, is_place, named, place_of
from data.schema import UNKNOWN

SE15_4 = Place("E09000028-SE15-4", "E09000028", "SE15", "locality")
SE15 = Place(UNKNOWN, "E09000028", "SE15", "district")
SOUTHWARK = Place(UNKNOWN, "E09000028", UNKNOWN, "borough")
HACKNEY = Place(UNKNOWN, "E09000012", UNKNOWN, "borough")


def place_in(district: str, borough: str = UNKNOWN) -> Place:
    return Place(UNKNOWN, borough, district, "district")


def vars_of(place: Place) -> dict:
    names = ("locality_code", "borough_code", "postcode_district", "location_precision")
    return {name: getattr(place, name) for name in names}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("SE15 4QL", SE15_4),
        ("se154ql", SE15_4),
        ("SE15 4", SE15_4),
        ("E09000028-SE15-4", SE15_4),
        ("SE15 4 (Southwark)", SE15_4),
        ("Peckham", SE15),
        ("#Peckham", SE15),
        ("Peckham station", SE15),
        ("in Peckham, London", SE15),
        ("Peckham, Southwark", SE15),
        ("LB Southwark", SOUTHWARK),
        ("E09000028", SOUTHWARK),
        ("Hayes, Hillingdon", Place(UNKNOWN, "E09000017", "UB3", "district")),
        ("Brixton", Place(UNKNOWN, "E09000022", UNKNOWN, "borough")),
        ("Glasgow", Place(UNKNOWN, "S12000049", UNKNOWN, "borough")),
        # A code beside a name counts where the name may stand for it.
        ("Tottenham N15", place_in("N15")),
        ("Tottenham, N15 4QL", Place("E09000014-N15-4", "E09000014", "N15", "locality")),
        ("N15 Tottenham", place_in("N15")),
        ("Brixton SW2", place_in("SW2", "E09000022")),
        ("Peckham SE15", SE15),
        ("SE15 4QL, Peckham", SE15_4),
        ("Shoreditch E2", place_in("E2")),
        ("Hayes UB3", place_in("UB3", "E09000017")),
        ("se 15", place_in("SE15")),
        ("SE 15", place_in("SE15")),
        ("Peckham SE 15", SE15),
        ("SE 15 4QL", SE15_4),
        # Reporting centres are public buildings, and no streets.
        ("Lunar House", place_in("CR0", "E09000008")),
        ("outside Lunar House, Croydon", place_in("CR0", "E09000008")),
        ("Becket House", place_in("SE1", "E09000028")),
        ("Eaton House", Place(UNKNOWN, "E09000018", UNKNOWN, "borough")),
    ],
)
def test_a_place_comes_to_its_locality_or_coarser(written, expected):
    place = place_of(written)
    assert place == named(expected)
    assert is_place(place)
    assert place_of(place.label) == place


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("12 Rye Lane, SE15", "street address"),
        ("Flat 3, Quux House", "street address"),
        ("Rye Lane", "street address"),
        ("", "empty"),
        ("London", "too wide"),
        ("Quux", "not known"),
        ("jo@example.org", "like an e-mail address, which is never kept"),
        ("07700 900123", "like a phone number"),
        ("Zebedee Quux", "like a name"),
        ("Hayes", "more than one place"),
        ("Shoreditch", "more than one borough"),
        ("Peckham N17", "contradict"),
        ("Tottenham SE15", "contradict"),
        ("N17 Peckham", "contradict"),
        ("Shoreditch SE15", "more than one borough"),
        ("SE15 Rye Lane", "street address"),
        ("SE 98", "not known"),
        ("x" * 500, "not known"),
    ],
)
def test_a_place_that_is_none_is_refused_without_repeating_it(written, told):
    with pytest.raises(InputError, match=told) as refused:
        place_of(written)
    assert not written or written not in str(refused.value)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (SE15_4, SE15, SE15_4),
        (SOUTHWARK, SE15_4, SE15_4),
        (SE15, SOUTHWARK, SE15),
        (Place(UNKNOWN, UNKNOWN, "SE15", "district"), SOUTHWARK, SE15),
        (Place(UNKNOWN, UNKNOWN, "SE15", "district"), SE15, SE15),
        (HACKNEY, SE15_4, None),
        (HACKNEY, SOUTHWARK, None),
        (Place(UNKNOWN, UNKNOWN, "N17", "district"), SE15_4, None),
        (Place(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN), SE15_4, SE15_4),
        (Place(UNKNOWN, UNKNOWN, "N17", "district"), SOUTHWARK, None),
    ],
)
def test_two_places_come_to_the_finer_or_to_none(one, other, expected):
    for found in (finest(one, other), finest(other, one)):
        assert (found and vars_of(found)) == (expected and vars_of(expected))


def test_a_code_counts_beside_an_area_and_only_one_code_does():
    n15, n17, tottenham = place_of("N15"), place_of("N17"), place_of("Tottenham")
    assert finest(n15, tottenham) == finest(tottenham, n15) == n15
    assert finest(finest(n17, tottenham), n15) is None
    assert finest(tottenham, place_of("Walthamstow")) is None


@pytest.mark.parametrize(
    "place",
    [
        Place("E09000028-SE15-4", "E09000012", "SE15", "locality"),
        Place("E09000028-SE15-4", "E09000028", "SE15", "district"),
        Place(UNKNOWN, "E09000012", "SE15", "district"),
        Place(UNKNOWN, "E09000028", "SE15", "borough"),
        Place(UNKNOWN, "Southwark", UNKNOWN, "borough"),
        Place(UNKNOWN, UNKNOWN, "QU1", "district"),
        Place(UNKNOWN, "E09000028", UNKNOWN, UNKNOWN),
        Place("12 Quux Road", UNKNOWN, UNKNOWN, "locality"),
    ],
)
def test_parts_that_do_not_belong_together_are_no_place(place):
    assert not is_place(place)


def test_every_name_of_an_area_comes_to_a_place_or_to_a_sentence():
    known, several = 0, 0
    for name in read_places()["name"].unique():
        try:
            assert is_place(place_of(name))
            known += 1
        except InputError as told:
            several += "more than one" in str(told)
    assert known + several == read_places()["name"].nunique()
    assert known > 0.9 * read_places()["name"].nunique()


def test_every_name_that_the_geography_gives_is_understood():
    held = load_places().table
    pairs = {
        (borough, place.postcode_district)
        for place in held
        if place.location_precision == "locality"
        for borough in (place.borough_code, UNKNOWN)
    }
    for place in (*held, *(Place(UNKNOWN, borough, district, "district") for borough, district in pairs)):
        label = named(place).label
        # A district's borough is added where it lies in one alone.
        assert place_of(label).label.startswith(label)
