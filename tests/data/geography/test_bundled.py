import csv
import hashlib

from data.geography.bundled import (
    BUNDLED,
    read_authorities,
    read_localities,
    read_outside_london,
    read_pieces,
)


def sources():
    with (BUNDLED / "SOURCES.csv").open(encoding="utf-8") as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def test_every_bundled_file_is_listed_with_its_hash():
    # After changing spellings.csv by hand, put its new SHA-256 into SOURCES.csv.
    files = {path.name for path in BUNDLED.iterdir()} - {"SOURCES.csv"}
    assert set(sources()) == files
    for name, row in sources().items():
        assert hashlib.sha256((BUNDLED / name).read_bytes()).hexdigest() == row["sha256"], name
        assert row["source"]
        assert row["licence"]


def test_the_bundled_geography_is_smaller_than_two_megabytes():
    assert sum(path.stat().st_size for path in BUNDLED.iterdir()) < 2_000_000


def test_every_authority_has_a_name_and_a_code_of_its_own():
    authorities = read_authorities()
    assert authorities["code"].is_unique
    assert (authorities["name"] != "").all()


def test_every_authority_of_the_reference_is_named(postcodes):
    assert set(postcodes["authority_code"]) - {"unknown"} == set(read_authorities()["code"])


def test_each_piece_is_of_a_locality_in_its_own_borough():
    pieces = read_pieces().merge(read_localities(), on="locality_code", suffixes=("", "_of_locality"))
    assert len(pieces) == len(read_pieces())
    assert (pieces["borough_code"] == pieces["borough_code_of_locality"]).all()


def test_what_lies_outside_london_belongs_to_districts_that_reach_in():
    outside = read_outside_london()
    assert not outside["authority_code"].str.startswith("E09").any()
    assert set(outside["sector"].str.split(" ").str[0]) <= set(read_pieces()["district"])
