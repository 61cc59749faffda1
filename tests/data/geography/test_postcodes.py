"""Facts about the reference that `read_postcodes` makes, from outside the packages it reads."""

import pytest

from data.geography.postcodes import PACKAGES, SCHEMA, packages_hash
from data.geography.projection import to_degrees


def test_the_packages_hash_is_stable():
    assert packages_hash() == packages_hash()
    assert len(PACKAGES) == 2


def test_the_reference_has_the_columns_of_the_schema(postcodes):
    assert set(SCHEMA.names) <= set(postcodes.columns)


def test_london_has_as_many_postcodes_as_the_directory_says(postcodes):
    in_london = postcodes["authority_code"].str.startswith("E09")
    assert len(postcodes) == 2_720_556
    assert in_london.sum() == 331_981
    assert (in_london & postcodes["is_live"]).sum() == 180_884


def test_postcodes_are_sorted_and_none_comes_twice(postcodes):
    assert postcodes["postcode"].is_monotonic_increasing
    assert postcodes["postcode"].is_unique


def test_sector_and_district_are_parts_of_the_postcode(postcodes):
    assert (postcodes["sector"].str.replace(" ", "") == postcodes["postcode"].str[:-2]).all()
    assert (postcodes["district"] == postcodes["postcode"].str[:-3]).all()


@pytest.mark.parametrize(
    ("postcode", "authority", "longitude", "latitude"),
    [
        ("SW1A1AA", "E09000033", -0.1419, 51.5010),  # Buckingham Palace
        ("BT15GS", "N09000003", -5.9301, 54.5965),  # Belfast City Hall, given in the Irish grid
        ("G511EA", "S12000049", -4.2945, 55.8585),  # Glasgow Science Centre
        ("EH11YJ", "S12000036", -3.1905, 55.9501),  # Edinburgh City Chambers
        ("CF103ND", "W06000015", -3.1790, 51.4840),  # Cardiff City Hall
        ("BT486DQ", "N09000005", -7.3217, 54.9978),  # Derry Guildhall
    ],
)
def test_well_known_postcodes_lie_where_they_should(postcodes, postcode, authority, longitude, latitude):
    row = postcodes[postcodes["postcode"] == postcode].iloc[0]
    assert row["authority_code"] == authority
    assert to_degrees(row["easting"], row["northing"]) == pytest.approx((longitude, latitude), abs=0.004)
