"""A release as a data package: files that are what their descriptor says, and the same for the same release."""

import csv
import hashlib
import io
import json
import zipfile

import pytest

from data.errors import InputError
from publish.package import DESCRIPTOR, TABLES, package_files, write_package
from publish.release import Release

TIME = {"from": "2024-01-01", "to": "2024-12-31"}


@pytest.fixture
def release() -> Release:
    manifest = {"number": 3, "made_on": "2026-12-01", "region": {"code": "E12000007", "name": "London"}}
    row = TIME | {"area": "E09000012", "name": "=HYPERLINK(1)", "about": 15}
    return Release(manifest, {name: [row] if name == "areas" else [] for name in TABLES}, ["9 kept back."])


def test_every_file_has_the_columns_size_and_digest_that_the_descriptor_names(release):
    files = package_files(release)
    descriptor = json.loads(files[DESCRIPTOR])
    assert {resource["path"] for resource in descriptor["resources"]} == files.keys() - {DESCRIPTOR}
    for resource in descriptor["resources"]:
        written = files[resource["path"]].encode()
        heads = next(csv.reader(io.StringIO(files[resource["path"]])))
        assert heads == [field["name"] for field in resource["schema"]["fields"]]
        assert resource["bytes"] == len(written)
        assert resource["hash"] == "sha256:" + hashlib.sha256(written).hexdigest()


def test_no_cell_is_a_formula_and_nothing_kept_back_is_in_it(release):
    files = package_files(release)
    assert (
        files["areas.csv"] == "from,to,area,name,about\n2024-01-01,2024-12-31,E09000012,'=HYPERLINK(1),15\n"
    )
    assert "kept" not in "".join(files.values())


def test_the_same_release_is_the_same_file(release, tmp_path):
    for name in ("one.zip", "two.zip"):
        write_package(release, tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert DESCRIPTOR in archive.namelist()


def test_a_file_that_cannot_be_written_is_said_in_a_sentence_and_nothing_is_left(release, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_package(release, tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
