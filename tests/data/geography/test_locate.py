import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.geography.bundled import read_localities
from data.geography.locate import SOMEWHERE, Place
from data.geography.projection import to_degrees

PECKHAM = Place("E09000028-SE15-4", "E09000028", "SE15", "locality")
GLASGOW = Place("unknown", "S12000049", "unknown", "borough")


def at(places, longitude, latitude):
    """Place of one point, or None."""
    row = places.points(np.array([longitude]), np.array([latitude]))[0]
    return None if row == -1 else places.table[row]


# Postcodes


def test_a_london_postcode_comes_to_its_locality(places):
    assert places.postcodes(["SE154ST"]) == [PECKHAM]


def test_a_postcode_elsewhere_comes_to_its_authority(places):
    assert places.postcodes(["G21DU"]) == [GLASGOW]


def test_what_is_no_postcode_has_no_place(places):
    assert places.postcodes(["ZZ991AA", "", "SE15 4ST", "SE154STX", "Ü", "se154st"]) == [None] * 6


def test_no_postcodes_are_answered(places):
    assert places.postcodes([]) == []


def test_every_postcode_comes_to_its_own_borough(places, postcodes):
    rows = places.postcode_rows(pa.array(postcodes["postcode"], pa.string()))
    found = np.array([place.borough_code for place in places.table] + ["unknown"])[rows]
    assert (found == postcodes["authority_code"]).all()


def test_no_two_codes_of_a_place_meet_in_less_than_a_locality(places):
    # A place's locality has one borough and one district, so the three together say no more than the locality.
    for place in places.table:
        if place.location_precision == "locality":
            assert place.locality_code.startswith(place.borough_code)
    localities = read_localities()
    assert localities["locality_code"].is_unique
    assert len(localities) == sum(place.location_precision == "locality" for place in places.table)


# Points


def test_a_point_on_land_comes_to_its_locality(places):
    assert at(places, -0.06824, 51.46990) == PECKHAM  # west of Rye Lane


def test_a_point_on_the_river_comes_to_the_bank(places):
    assert at(places, -0.1225, 51.5010).borough_code in ("E09000033", "E09000022")  # off Westminster Bridge


@pytest.mark.parametrize(
    ("longitude", "latitude", "authority"),
    [
        (-4.2501, 55.8612, "S12000049"),  # Glasgow
        (-5.9301, 54.5965, "N09000003"),  # Belfast
        (-3.1790, 51.4840, "W06000015"),  # Cardiff
        (0.2140, 51.4460, "E07000107"),  # Dartford, beside Bexley
    ],
)
def test_a_point_elsewhere_comes_to_its_authority(places, longitude, latitude, authority):
    assert at(places, longitude, latitude) == Place("unknown", authority, "unknown", "borough")


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        (51.4699, -0.0660),  # swapped
        (2.3522, 48.8566),  # Paris
        (-0.066, 5.14699),
        (0.0, 0.0),
        (1.5, 53.5),  # the North Sea
        (float("nan"), 51.5),
        (-0.1, float("inf")),
    ],
)
def test_a_point_outside_the_kingdom_has_no_place(places, longitude, latitude):
    assert at(places, longitude, latitude) is None


def test_no_points_are_answered(places):
    assert places.points(np.array([]), np.array([])).tolist() == []


def test_the_national_grid_gives_the_same_places_as_degrees(places, postcodes):
    some = postcodes.dropna(subset=["easting"]).sample(5_000, random_state=1)
    easting, northing = some["easting"].to_numpy(float) + 0.37, some["northing"].to_numpy(float) + 0.41
    rows = places.points(*to_degrees(easting, northing))
    assert (places.grid(easting, northing) == rows).all()


def test_the_spot_of_a_postcode_comes_to_its_own_authority(places, postcodes):
    live = postcodes[postcodes["is_live"]].dropna(subset=["easting"]).sample(20_000, random_state=2)
    rows = places.grid(live["easting"].to_numpy(float), live["northing"].to_numpy(float))
    boroughs = np.array([place.borough_code for place in places.table] + ["unknown"])
    assert (boroughs[rows] == live["authority_code"]).mean() > 0.999


# Sectors and districts


@pytest.mark.parametrize(
    ("sector", "place"),
    [
        ("SE15 4", PECKHAM),
        ("se154", PECKHAM),
        ("EC3M 1", Place("E09000001-EC3M", "E09000001", "EC3M", "locality")),
        ("G2 1", GLASGOW),
        ("ZZ1 1", None),
        ("SE15", None),
        ("SE15 4ST", None),
        ("", None),
    ],
)
def test_a_sector_comes_to_its_locality_where_it_lies_in_one(places, sector, place):
    assert places.sector(sector) == place


def test_a_sector_cut_by_a_borough_comes_to_its_district(places, area_overlap):
    cut = area_overlap[(area_overlap["from_level"] == "sector") & area_overlap["share"].between(0.3, 0.7)]
    cut = cut[cut["to_level"] == "borough"]
    whole = [each for each in set(cut["from_code"]) if (area_overlap["from_code"] == each).sum() == 2]
    assert whole
    for sector in whole:
        place = places.sector(sector)
        assert place in (Place("unknown", "unknown", sector.split(" ")[0], "district"), SOMEWHERE)


@pytest.mark.parametrize(
    ("district", "place"),
    [
        ("N17", Place("unknown", "E09000014", "N17", "district")),  # all in Haringey
        ("SE15", Place("unknown", "unknown", "SE15", "district")),  # Southwark and Lewisham
        ("se15 ", Place("unknown", "unknown", "SE15", "district")),
        ("KT8", Place("unknown", "unknown", "KT8", "district")),  # Richmond and Elmbridge
        ("E98", Place("unknown", "E09000030", "unknown", "borough")),  # one building: too small to name
        ("G2", GLASGOW),
        ("W1", None),  # divided into W1A to W1W: what is left of it is not what people call W1
        ("SW1", None),
        ("BT35", SOMEWHERE),  # two authorities, neither in London
        ("ZZ1", None),
        ("", None),
    ],
)
def test_a_district_comes_with_its_borough_where_it_lies_in_one(places, district, place):
    assert places.district(district) == place


def test_every_borough_that_a_district_gets_holds_all_but_strays_of_it(places, area_overlap):
    overlap = area_overlap[area_overlap["from_level"] == "district"]
    pairs = set(read_localities()[["postcode_district", "borough_code"]].itertuples(index=False, name=None))
    for district, split in overlap.groupby("from_code"):
        place, largest = places.district(district), split.loc[split["share"].idxmax()]
        if largest["share"] >= 0.995:
            assert place.borough_code == largest["to_code"]
        else:
            assert place == Place("unknown", "unknown", district, "district")
        if place.borough_code != "unknown" and place.postcode_district != "unknown":
            assert (district, place.borough_code) in pairs


# Boroughs


def test_a_borough_is_found_by_any_usual_spelling(places):
    assert places.borough("LB Southwark") == Place("unknown", "E09000028", "unknown", "borough")
    assert places.borough("Glasgow") == GLASGOW
    assert places.borough("Atlantis") is None


# However they are written


@given(st.sampled_from(["SE15 4", "N17 9", "EC3M 1", "W1T 2", "E1W 3"]), st.data())
def test_capitals_and_spaces_of_a_sector_do_not_matter(places, sector, data):
    space = data.draw(st.sampled_from([" ", "  ", "\t"]))
    around = data.draw(st.sampled_from(["", " ", "\n"]))
    letters = data.draw(st.sampled_from([str.upper, str.lower, str.title]))
    assert places.sector(around + letters(sector.replace(" ", space)) + around) == places.sector(sector)


@given(st.text(max_size=10))
def test_any_text_is_answered(places, text):
    for found in (
        places.sector(text),
        places.district(text),
        places.borough(text),
        *places.postcodes([text]),
    ):
        assert found is None or isinstance(found, Place)


@given(st.floats(), st.floats())
def test_any_point_is_answered(places, longitude, latitude):
    found = at(places, longitude, latitude)
    assert found is None or found in places.table
