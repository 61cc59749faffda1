import pandas as pd
import pytest

from analysis.leafleting.stops import COLUMNS, deliverable, make_stops
from tests.analysis.leafleting.toys import london

EAST, TOWN = "E09000012", "E07000072"


def reference(count=4, **values) -> pd.DataFrame:
    """Rows as the postcode reference has them."""
    return pd.DataFrame(
        {
            "postcode": [f"E81A{chr(65 + number)}" for number in range(count)],
            "sector": "E8 1",
            "district": "E8",
            "locality_code": f"{EAST}-E8-1",
            "authority_code": EAST,
            "easting": [float(number) for number in range(count)],
            "northing": 0.0,
            "is_live": True,
        }
        | values
    )


def test_stops_are_sorted_postcodes_with_a_space_and_whole_doors():
    stops = make_stops(reference().iloc[::-1], {EAST: 20.0})
    assert list(stops.columns) == COLUMNS
    assert stops["postcode"].tolist() == ["E8 1AA", "E8 1AB", "E8 1AC", "E8 1AD"]
    assert stops["doors"].tolist() == [20, 20, 20, 20]
    assert stops.index.tolist() == [0, 1, 2, 3]


def test_terminated_postcodes_and_those_outside_london_or_without_place_are_left_out():
    rows = reference(
        authority_code=[EAST, TOWN, EAST, EAST],
        is_live=[True, True, False, True],
        easting=[0.0, 1.0, 2.0, None],
    )
    assert make_stops(rows, {EAST: 20.0})["postcode"].tolist() == ["E8 1AA"]


@pytest.mark.parametrize(("sharing", "kept"), [(10, 10), (11, 0)])
def test_a_point_of_more_than_ten_postcodes_is_a_delivery_office(sharing, kept):
    assert len(deliverable(reference(sharing, easting=5.0))) == kept


def test_fractions_of_doors_add_up_over_a_sector():
    assert make_stops(reference(), {EAST: 2.25})["doors"].tolist() == [2, 3, 2, 2]


def test_a_postcode_has_at_least_one_door():
    assert make_stops(reference(), {EAST: 0.1})["doors"].tolist() == [1, 1, 1, 1]


def test_returned_sheets_correct_the_doors_of_their_sector():
    rows = reference(sector=["E8 1", "E8 1", "E8 2", "E8 2"])
    assert make_stops(rows, {EAST: 20.0}, {"E8 2": 0.5})["doors"].tolist() == [20, 20, 10, 10]


def test_no_postcodes_make_no_stops():
    assert make_stops(reference().head(0), {EAST: 20.0}).empty


def test_londons_households_are_shared_out_over_its_postcodes():
    postcodes, doors = london()
    kept = deliverable(postcodes)
    # 3,423,890 households in London (ONS, Census 2021, TS041; by borough they are rounded), 130,817 of them in Southwark (TS025).
    assert kept["authority_code"].map(doors).sum() == pytest.approx(3_423_890, abs=5)
    for code, households in (("E09000028", 130_817), ("E09000001", 4_914), ("E09000025", 115_507)):
        assert doors[code] * (kept["authority_code"] == code).sum() == pytest.approx(households)
    assert len(doors) == 33


def test_the_doors_of_a_real_sector_add_up():
    postcodes, doors = london()
    stops = make_stops(postcodes[postcodes["sector"] == "SE15 5"], doors)
    assert abs(stops["doors"].sum() - len(stops) * doors["E09000028"]) <= 0.5
