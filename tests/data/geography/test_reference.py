import csv

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely

from data.geography import reference
from data.geography.bundled import read_pieces
from data.geography.lookup import write_whole
from data.geography.pieces import SMALLEST_LOCALITY
from data.geography.projection import to_degrees, to_grid
from data.geography.reference import ensure_reference, load_areas, lookup_path
from data.schema import AREA_OVERLAP, AREAS

TYPES = {"VARCHAR": pa.string(), "BLOB": pa.binary(), "DOUBLE": pa.float64(), "INTEGER": pa.int32()}


@pytest.fixture(scope="module")
def outlines(areas):
    """Outlines in EPSG:4326 by level and code; areas without one left out."""
    return areas["geometry"].dropna().map(shapely.from_wkb)


def metres(geometry):
    return shapely.transform(geometry, lambda xy: np.column_stack(to_grid(*xy.T)))


# The tables


@pytest.mark.parametrize(("table", "schema"), list(zip(load_areas(), (AREAS, AREA_OVERLAP), strict=True)))
def test_tables_have_the_columns_and_types_of_the_schema(table, schema):
    assert table.schema.names == schema.column_names()
    assert table.schema.types == [TYPES[column.type] for column in schema.columns]
    for column in schema.columns:
        assert column.nullable or table[column.name].null_count == 0


def test_london_has_its_boroughs_districts_and_sectors(areas):
    counts = areas.groupby("level").size()
    assert (counts["borough"], counts["district"], counts["sector"]) == (33, 311, 1307)
    assert areas.index.is_unique


def test_every_parent_is_an_area(areas):
    parents = areas.loc[["sector", "locality"], "parent_code"]
    for level, above in (("sector", "district"), ("locality", "borough")):
        assert set(parents[level]) <= set(areas.loc[above].index)


# Land


def test_boroughs_have_their_published_land_area(areas, shared):
    path = shared / "data" / "london-geography" / "London_Borough_Excluding_MHW.shp"
    if not path.exists():
        pytest.skip("needs ../shared/data, the published boroughs")
    published = gpd.read_file(path, ignore_geometry=True).set_index("GSS_CODE")
    assert len(published) == 33
    land = published["HECTARES"] - published["NONLD_AREA"]
    assert (areas.loc["borough", "hectares"] / land - 1).abs().max() < 0.001


@pytest.mark.parametrize("level", ["locality", "district", "sector"])
def test_hectares_of_every_level_sum_to_london(areas, level):
    london = areas.loc["borough", "hectares"].sum()
    assert areas.loc[level, "hectares"].sum() == pytest.approx(london)


def test_localities_of_one_borough_tile_it(areas, outlines):
    for borough, localities in areas.loc["locality"].groupby("parent_code"):
        parts = outlines["locality"][localities.index].to_numpy()
        assert shapely.coverage_is_valid(parts)
        whole = outlines["borough", borough]
        assert shapely.area(parts).sum() == pytest.approx(whole.area, rel=1e-9)
        assert shapely.symmetric_difference(shapely.union_all(parts), whole).area < 1e-9 * whole.area


def test_boroughs_do_not_overlap(outlines):
    assert shapely.coverage_is_valid(outlines["borough"].to_numpy())


def test_outlines_are_valid_and_simplified_by_less_than_two_per_cent(areas, outlines):
    assert shapely.is_valid(outlines.to_numpy()).all()
    boroughs = outlines["borough"]
    drawn = shapely.area(metres(boroughs.to_numpy())) / 10_000
    assert (drawn / areas.loc["borough", "hectares"].reindex(boroughs.index) - 1).abs().max() < 0.02


def test_the_point_of_every_area_lies_inside_it(areas, outlines):
    own = areas.loc[outlines.index]
    inside = shapely.points(own["longitude"].to_numpy(), own["latitude"].to_numpy())
    assert shapely.contains(outlines.to_numpy(), inside).all()


def test_only_areas_of_boxes_alone_have_no_outline(areas):
    london = areas.drop(index="authority", level="level")
    no_outline = london[london["geometry"].isna()]
    assert "locality" not in no_outline.index.get_level_values("level")
    pieces = read_pieces()
    by_sector = pieces.groupby("sector")["street_postcodes"].sum()
    assert by_sector[no_outline.loc["sector"].index].max() <= 5


def test_live_postcodes_fall_in_a_locality_of_their_own_borough(postcodes, outlines):
    live = postcodes[postcodes["is_live"] & postcodes["authority_code"].str.startswith("E09")]
    spots = shapely.points(*to_degrees(live["easting"].to_numpy(float), live["northing"].to_numpy(float)))
    localities = outlines["locality"]
    spot, locality = shapely.STRtree(localities.to_numpy()).query(spots, predicate="intersects")
    borough_of = localities.index.str[:9].to_numpy()
    is_own = borough_of[locality] == live["authority_code"].to_numpy()[spot]
    assert len(set(spot[is_own])) / len(live) >= 0.999


# Postcodes


def test_every_locality_holds_enough_live_postcodes(postcodes, areas):
    live = postcodes[postcodes["is_live"] & (postcodes["locality_code"] != "unknown")]
    counted = live.groupby("locality_code").size()
    assert counted.min() >= SMALLEST_LOCALITY
    assert counted.to_dict() == areas.loc["locality", "live_postcodes"].to_dict()


def test_the_locality_of_a_postcode_lies_in_its_own_borough(postcodes):
    in_london = postcodes["authority_code"].str.startswith("E09")
    assert (postcodes["locality_code"][~in_london] == "unknown").all()
    london = postcodes[in_london]
    assert (london["locality_code"].str[:9] == london["authority_code"]).all()


# Overlaps


def test_overlaps_of_every_area_sum_to_one(area_overlap):
    sums = area_overlap.groupby(["from_level", "from_code"])["share"].sum()
    assert sums.to_numpy() == pytest.approx(1)
    assert set(area_overlap["from_level"]) == {"district", "sector", "locality"}


def test_a_district_is_split_as_its_live_postcodes_are(postcodes, area_overlap):
    overlap = area_overlap[area_overlap["from_level"] == "district"]
    live = postcodes[postcodes["is_live"] & postcodes["district"].isin(overlap["from_code"])]
    live = live[live["authority_code"] != "unknown"]
    expected = live.groupby("district")["authority_code"].value_counts(normalize=True)
    actual = overlap.set_index(["from_code", "to_code"])["share"]
    assert actual.to_dict() == pytest.approx(expected.to_dict())


def test_beyond_london_a_district_overlaps_with_authorities(area_overlap):
    # KT8 is East Molesey in Elmbridge (Surrey) and Hampton Court in Richmond.
    split = area_overlap[area_overlap["from_code"] == "KT8"].set_index("to_code")
    assert split["to_level"].to_dict() == {"E07000207": "authority", "E09000027": "borough"}
    assert split["residents"].isna().to_dict() == {"E07000207": True, "E09000027": False}


# Residents


@pytest.mark.parametrize("level", ["locality", "district", "sector"])
def test_residents_of_every_level_sum_to_the_census(areas, level):
    with (reference.ROOT / "data" / "bundled" / "borough_residents.csv").open(encoding="utf-8") as lines:
        census = {row["borough_code"]: row for row in csv.DictReader(lines)}
    residents = areas.loc["borough", "residents"]
    assert residents.to_dict() == {code: int(row["residents_2021"]) for code, row in census.items()}
    assert areas.loc[level, "residents"].sum() == residents.sum()
    households = sum(int(row["in_households_2021"]) for row in census.values())
    assert areas.loc[level, "households_residents"].sum() == households


def test_district_residents_are_near_the_census_of_2011(areas, shared, record_property):
    path = shared / "data" / "foi-immigration-raids" / "LondonPop.csv"
    if not path.exists():
        pytest.skip("needs ../shared/data, the 2011 census by district")
    earlier = pd.read_csv(path, index_col="Postcode")["Residents"]
    # Sharing by postcodes cannot know how many live at each, and ten years lie between the two: London grew by 8 %.
    error = (areas.loc["district", "residents"].reindex(earlier.index) / earlier - 1).abs()
    record_property("median_relative_error", round(float(error.median()), 4))
    assert error.notna().all()
    assert error.median() < 0.25


# The file on this machine's disk


@pytest.fixture
def few_postcodes(monkeypatch):
    """`read_postcodes` gives three of the real ones; counts how often it is asked."""
    asked = []

    def read_postcodes(progress=None):
        asked.append(1)
        if progress:
            progress(1.0)
        return pa.table(
            {
                "postcode": ["G21DU", "SE154ST", "SE159ZZ"],
                "sector": ["G2 1", "SE15 4", "SE15 0"],
                "district": ["G2", "SE15", "SE15"],
                "authority_code": ["S12000049", "E09000028", "E09000028"],
                "easting": pa.array([259_200, 534_272, 534_280], pa.int32()),
                "northing": pa.array([665_300, 176_318, 176_320], pa.int32()),
                "is_live": [True, True, False],
            }
        )

    monkeypatch.setattr(reference, "read_postcodes", read_postcodes)
    return asked


def test_the_reference_is_made_once_and_whole(tmp_path, few_postcodes):
    shares = []
    path = ensure_reference(tmp_path / "geography", shares.append)
    assert ensure_reference(tmp_path / "geography") == path
    assert len(few_postcodes) == 1
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert {each.name for each in path.parent.iterdir()} == {path.name, lookup_path(path).name}


def test_a_reference_of_earlier_inputs_is_replaced(tmp_path, few_postcodes):
    stale = tmp_path / "postcodes-0123456789abcdef.parquet"
    stale.touch()
    assert ensure_reference(tmp_path).exists()
    assert not stale.exists()


def test_a_terminated_postcode_of_a_lost_sector_comes_to_the_nearest_live_one(tmp_path, few_postcodes):
    table = pd.read_parquet(ensure_reference(tmp_path)).set_index("postcode")
    assert table["locality_code"].to_dict() == {
        "G21DU": "unknown",
        "SE154ST": "E09000028-SE15-4",
        "SE159ZZ": "E09000028-SE15-4",
    }


@pytest.mark.parametrize("which", ["postcodes", "lookup"])
def test_a_kept_file_that_was_cut_short_is_made_anew(tmp_path, monkeypatch, which):
    class MadeAnew(Exception):
        pass

    def read_postcodes(report):
        raise MadeAnew

    monkeypatch.setattr(reference, "read_postcodes", read_postcodes)
    kept = ensure_reference()
    for path in (kept, lookup_path(kept)):
        (tmp_path / path.name).symlink_to(path)
    assert ensure_reference(tmp_path) == tmp_path / kept.name
    cut = kept if which == "postcodes" else lookup_path(kept)
    (tmp_path / cut.name).unlink()
    (tmp_path / cut.name).write_bytes(cut.read_bytes()[:1_000_000])
    with pytest.raises(MadeAnew):
        ensure_reference(tmp_path)


def test_a_file_written_whole_may_be_read_by_anybody(tmp_path):
    write_whole(tmp_path / "kept", lambda part: part.write(b"public"))
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o644
