import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InputError
from data.geography.locate import load_places
from data.geography.projection import to_degrees
from data.places import coordinates
from data.places.coordinates import (
    BLANK,
    NOT_UNDERSTOOD,
    parse_coordinate,
    parse_grid_reference,
    parse_pair,
    read_degrees,
    read_metres,
)
from data.reading.answers import RowProblems


def read(latitudes, longitudes):
    problems = RowProblems(len(latitudes))
    found, is_zero = read_degrees(
        pa.array(latitudes), pa.chunked_array([longitudes]), load_places(), problems
    )
    return found, is_zero, [problems.kinds[kind][1] for kind in problems.found]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("51.47", 51.47),
        ("-0.07", -0.07),
        ("−0.07", -0.07),
        ("51,47", 51.47),
        ("0.07 W", -0.07),
        ("51.47°N", 51.47),
        ("51° 30' 0\" N", 51.5),
        ("0°4'12\"W", -0.07),
        ("535 000", 535_000),
    ],
)
def test_coordinates_are_read_as_people_write_them(text, number):
    assert parse_coordinate(text) == pytest.approx(number)


@pytest.mark.parametrize("text", ["", "north", "51.47.1", "2.155.235.500", "1" * 100_000 + "x"])
def test_what_is_no_coordinate_is_no_number(text):
    assert math.isnan(parse_coordinate(text))


def test_a_pair_in_one_cell_is_read_in_either_order():
    for text in ("51.47, -0.07", "(51.47,-0.07)", "-0.07, 51.47", "POINT(-0.07 51.47)", "51.47 -0.07"):
        assert parse_pair(text) == (-0.07, 51.47)
    assert parse_pair("SE15") is None


# 51°28'12" is 51.47 and 51°28.2' too; 0°4'12" and 0°4.2' are 0.07.
@pytest.mark.parametrize(
    "text",
    [
        "51.47 -0.07 0 0", "51.47 -0.07 12.5 4.9", "51.47 -0.07 -3", "51.47, -0.07, 0, 0", "[-0.07, 51.47]", "51.47; -0.07",
        "51,47; -0,07", "51,47 -0,07", "POINT Z (-0.07 51.47 3)", "SRID=4326;POINT(-0.07 51.47)", "geo:51.47,-0.07",
        "lat 51.47 lon -0.07", "Lat: 51.47, Lng: -0.07", "51.47N 0.07W", "51.47° N, 0.07° W", "N 51.47, W 0.07",
        "51°28'12\"N 0°4'12\"W", "51°28'12”N, 0°4'12”W", "51 28 12 N 0 4 12 W", "51 28.2 N, 0 4.2 W", "N51 28.2 W0 4.2",
        "N51°28.2' W000°04.2'", "51d28m12s N 0d4m12s W",
    ],
)  # fmt: skip
def test_a_pair_is_read_as_telephones_and_maps_write_it(text):
    assert parse_pair(text) == pytest.approx((-0.07, 51.47))


@pytest.mark.parametrize(
    "text", ["E8, N1", "E15 N17", "10 N, 5 W", "51 28 61 N 0 4 12 W", "51.47", "51.47 -0.07 0 0 0", "1.2.3, 4", "15 June", "x" * 5_000]
)  # fmt: skip
def test_what_is_no_pair_is_none(text):
    assert parse_pair(text) is None


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("TQ 345 768", (534_550, 176_850)),
        ("tq345768", (534_550, 176_850)),
        ("TQ 34500 76800", (534_500.5, 176_800.5)),
        # Greenwich's false origin: the south-west corner of square SV, and Muckle Flugga in HP.
        ("SV 000 000", (50, 50)),
        ("HP 600 190", (460_050, 1_219_050)),
    ],
)
def test_grid_references_are_the_middle_of_their_square(text, metres):
    assert parse_grid_reference(text) == metres


@pytest.mark.parametrize("text", ["TQ 34 76", "TQ 3456 78", "QQ 345 768", "TI 345 768", "TQ", ""])
def test_grid_references_that_are_too_coarse_or_none_are_not_read(text):
    assert parse_grid_reference(text) is None


@given(st.integers(0, 6999), st.integers(0, 12999))
def test_any_square_of_the_grid_reads_back_from_its_reference(east, north):
    # The lettering of the national grid, from its definition: 500 km squares, then 100 km ones, from the north-west.
    letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
    hundred_east, hundred_north = east // 1000 + 10, north // 1000 + 5
    first = letters[(4 - hundred_north // 5) * 5 + hundred_east // 5]
    second = letters[(4 - hundred_north % 5) * 5 + hundred_east % 5]
    text = f"{first}{second} {east % 1000:03} {north % 1000:03}"
    assert parse_grid_reference(text) == (east * 100 + 50, north * 100 + 50)


def test_good_coordinates_find_their_place_and_the_others_say_why_not():
    found, is_zero, problems = read(
        ["51.4703", "", "51.4703", "0", "40.88", "-0.0697", "x"],
        ["-0.0697", " ", "", "0.0", "-73.84", "51.4703", "y"],
    )
    assert load_places().table[found[0]].postcode_district == "SE15"
    assert found[1:4].tolist() == [BLANK, NOT_UNDERSTOOD, NOT_UNDERSTOOD]
    assert is_zero.tolist() == [False, False, False, True, False, False, False]
    assert problems == ["", "", "", "", coordinates.OUTSIDE, coordinates.SWAPPED, ""]


def test_columns_that_are_swapped_throughout_are_refused_in_one_sentence():
    with pytest.raises(InputError, match="Latitude and longitude are swapped in the whole file"):
        read(["-0.0697", "-0.07", ""], ["51.4703", "51.48", ""])


def test_metres_that_are_swapped_in_some_rows_are_set_aside():
    problems = RowProblems(3)
    eastings, northings = pa.array(["534169", "176359", "206000"]), pa.array(["176359", "534169", "560500"])
    found, _ = read_metres(eastings, northings, load_places(), problems)
    # The last is Stranraer, in the far west of Scotland.
    assert [problems.kinds[kind][1] for kind in problems.found] == ["", coordinates.SWAPPED_METRES, ""]
    assert load_places().table[found[2]].borough_code == "S12000006"


def test_metres_that_are_swapped_throughout_are_refused_in_one_sentence():
    with pytest.raises(InputError, match="Easting and northing are swapped in the whole file"):
        read_metres(pa.array(["176359", ""]), pa.array(["534169", ""]), load_places(), RowProblems(2))


@given(st.floats(51.3, 51.68), st.floats(-0.45, 0.25))
def test_reading_text_one_by_one_gives_what_reading_in_bulk_gives(latitude, longitude):
    in_bulk = read([f"{latitude:.6f}"], [f"{longitude:.6f}"])[0]
    one_by_one = read([f" {latitude:.6f} N", "x"], [f"{longitude:.6f}°", "x"])[0]
    assert in_bulk[0] == one_by_one[0]


def test_metres_and_degrees_of_one_spot_agree():
    longitude, latitude = to_degrees([534_500.0], [176_800.0])
    problems = RowProblems(1)
    places = load_places()
    metres, _ = coordinates.read_metres(pa.array(["534500"]), pa.array(["176800"]), places, problems)
    degrees, _ = read_degrees(pa.array([str(latitude[0])]), pa.array([str(longitude[0])]), places, problems)
    assert metres[0] == degrees[0] >= 0
