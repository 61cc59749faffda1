"""Two boroughs drawn by hand, each a square of one kilometre; `spots` sets postcodes on a square lattice."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.geography.pieces import (
    DELIVERY_OFFICE,
    SMALLEST_LOCALITY,
    SPECK,
    cut_pieces,
    join_localities,
    share_residents,
)

WEST, EAST = "E09000001", "E09000002"
BOROUGHS = pd.Series({WEST: shapely.box(0, 0, 1000, 1000), EAST: shapely.box(1000, 0, 2000, 1000)})


def spots(sector, borough, west, count):
    """`count` postcodes of a sector, one every 10 m northwards in columns 10 m apart from `west` on."""
    number = np.arange(count)
    return pd.DataFrame(
        {
            "sector": sector,
            "district": sector.split(" ")[0],
            "borough_code": borough,
            "easting": west + 10 * (number // 100),
            "northing": 5 + 10 * (number % 100),
        }
    )


def by_sector(pieces, column):
    return dict(zip(zip(pieces["borough_code"], pieces["sector"], strict=True), pieces[column], strict=True))


@pytest.fixture(scope="module")
def three_in_the_west():
    """SE1 1 around 100 m, SE1 2 around 500 m, SE2 1 around 700 m; the east is all SE1 1."""
    postcodes = pd.concat(
        [
            spots("SE1 1", WEST, 100, 100),
            spots("SE1 2", WEST, 500, 99),
            spots("SE2 1", WEST, 700, 100),
            spots("SE1 1", EAST, 1500, 100),
        ],
        ignore_index=True,
    )
    return cut_pieces(postcodes, BOROUGHS)


def test_sectors_meet_halfway_between_their_postcodes(three_in_the_west):
    widths = {key: outline.bounds[::2] for key, outline in by_sector(three_in_the_west, "geometry").items()}
    assert widths[WEST, "SE1 1"] == pytest.approx((0, 300), abs=0.5)
    assert widths[WEST, "SE1 2"] == pytest.approx((300, 600), abs=0.5)
    assert widths[EAST, "SE1 1"] == pytest.approx((1000, 2000), abs=0.02)


def test_pieces_tile_their_boroughs(three_in_the_west):
    outlines = three_in_the_west["geometry"].to_numpy()
    assert shapely.coverage_is_valid(outlines)
    assert shapely.area(outlines).sum() == pytest.approx(2_000_000)


def test_a_sector_that_is_too_small_joins_its_own_district(three_in_the_west):
    # SE1 2 has 99 postcodes and as long an edge with SE2 1 as with SE1 1.
    codes = by_sector(three_in_the_west.join(join_localities(three_in_the_west)), "locality_code")
    assert codes == {
        (WEST, "SE1 1"): f"{WEST}-SE1",
        (WEST, "SE1 2"): f"{WEST}-SE1",
        (WEST, "SE2 1"): f"{WEST}-SE2-1",
        (EAST, "SE1 1"): f"{EAST}-SE1-1",
    }


def test_a_district_that_is_too_small_joins_a_neighbour_in_its_borough():
    postcodes = pd.concat(
        [
            spots("SE1 1", WEST, 100, 150),
            spots("SE2 1", WEST, 900, 20),
            spots("SE2 1", EAST, 1100, 150),
        ],
        ignore_index=True,
    )
    pieces = cut_pieces(postcodes, BOROUGHS)
    joined = pieces.join(join_localities(pieces))
    assert by_sector(joined, "locality_code")[WEST, "SE2 1"] == f"{WEST}-SE1-1"
    assert by_sector(joined, "postcode_district")[WEST, "SE2 1"] == "SE1"
    assert by_sector(joined, "contents")[WEST, "SE2 1"] == "SE1 1, SE2 1"


def test_a_delivery_office_gets_no_land_and_counts_for_no_locality():
    office = pd.concat([spots("W1A 1", WEST, 105, 1)] * DELIVERY_OFFICE)
    postcodes = pd.concat(
        [spots("SE1 1", WEST, 100, 150), spots("SE1 1", EAST, 1500, 100), office], ignore_index=True
    )
    pieces = cut_pieces(postcodes, BOROUGHS)
    boxes = pieces[pieces["sector"] == "W1A 1"].iloc[0]
    assert (boxes["live_postcodes"], boxes["street_postcodes"]) == (DELIVERY_OFFICE, 0)
    assert boxes["geometry"].is_empty
    joined = pieces.join(join_localities(pieces))
    assert by_sector(joined, "locality_code")[WEST, "W1A 1"] == f"{WEST}-SE1-1"
    assert by_sector(joined, "contents")[WEST, "W1A 1"] == "SE1 1"


@pytest.mark.parametrize(("count", "parts"), [(SPECK - 1, 1), (SPECK, 2)])
def test_a_speck_of_a_sector_goes_to_the_sector_around_it(count, parts):
    # SE1 2 lies around 900 m, and with `count` postcodes amid SE1 1.
    amid = spots("SE1 2", WEST, 300, count).assign(northing=lambda spot: spot["northing"] + 400)
    around = pd.concat([spots("SE1 1", WEST, west, 100) for west in (100, 500)])
    postcodes = pd.concat(
        [around, amid, spots("SE1 2", WEST, 900, 100), spots("SE1 1", EAST, 1500, 100)], ignore_index=True
    )
    pieces = cut_pieces(postcodes, BOROUGHS)
    assert shapely.get_num_geometries(by_sector(pieces, "geometry")[WEST, "SE1 2"]) == parts
    assert by_sector(pieces, "street_postcodes")[WEST, "SE1 2"] == 100 + count


@given(st.lists(st.integers(1, 60), min_size=4, max_size=9))
def test_no_locality_is_too_small_and_none_crosses_a_borough(counts):
    # A row of pieces, alternating between two districts; the east holds one large one.
    sizes = [*counts, SMALLEST_LOCALITY, SMALLEST_LOCALITY]
    codes = [WEST] * (len(counts) + 1) + [EAST]
    pieces = pd.DataFrame(
        {
            "sector": [f"SE{1 + row % 2} {row}" for row in range(len(sizes))],
            "district": [f"SE{1 + row % 2}" for row in range(len(sizes))],
            "borough_code": codes,
            "street_postcodes": sizes,
            "easting": [100.0 * row for row in range(len(sizes))],
            "northing": 0.0,
            "geometry": [shapely.box(100 * row, 0, 100 * row + 100, 100) for row in range(len(sizes))],
        }
    )
    joined = pieces.join(join_localities(pieces))
    totals = joined.groupby("locality_code")["street_postcodes"].sum()
    assert (totals >= SMALLEST_LOCALITY).all()
    assert (joined.groupby("locality_code")["borough_code"].nunique() == 1).all()
    assert (joined.groupby("locality_code")["postcode_district"].nunique() == 1).all()


@given(st.lists(st.integers(0, 500), min_size=1, max_size=20).filter(any), st.integers(0, 400_000))
def test_shared_residents_sum_to_the_borough(postcodes, residents):
    pieces = pd.DataFrame({"borough_code": WEST, "street_postcodes": postcodes})
    shared = share_residents(pieces, pd.Series({WEST: residents}))
    assert shared.sum() == residents
    exact = residents * np.array(postcodes) / sum(postcodes)
    assert np.abs(shared - exact).max() < 1
