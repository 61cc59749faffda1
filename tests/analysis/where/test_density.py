from datetime import datetime

import pytest

from analysis.filters import Filters
from analysis.where.density import density
from tests.conftest import EAST, TOWN, WEST, count_row, incident_row, insert

DAY = datetime(2022, 6, 11, 12)


@pytest.fixture
def store(toy_store):
    with toy_store.write() as connection:
        connection.execute(
            "UPDATE areas SET longitude = -0.1, latitude = 51.5 WHERE level IN ('district', 'locality')"
        )
        connection.execute("UPDATE areas SET longitude = -0.2 WHERE code = 'E2'")
        insert(
            connection,
            "counts",
            [_with_ids(count_row("E1", 2022, 1, 4)), _with_ids(count_row("E2", 2022, 0))],
        )
        insert(
            connection,
            "incidents",
            [
                _with_ids(
                    incident_row(DAY, locality_code="E09000012-E1", borough_code=EAST, postcode_district="E1")
                ),
                _with_ids(
                    incident_row(DAY, locality_code="E09000012-E1", borough_code=EAST, postcode_district="E1")
                ),
                _with_ids(incident_row(DAY, borough_code=WEST, postcode_district="E2")),
                _with_ids(incident_row(DAY, borough_code=WEST)),
                _with_ids(incident_row(DAY, borough_code=TOWN)),
            ],
        )
    return toy_store


def _with_ids(row: dict) -> dict:
    ids = {"import_id": "00000000-0000-0000-0000-000000000001"}
    if "outcome" in row:
        ids["incident_id"] = "00000000-0000-0000-0000-000000000002"
    return row | ids


def test_an_incident_stands_in_its_locality_or_else_in_its_district(store):
    found = density(store.run, Filters(), "incidents")
    assert sorted(map(tuple, found.points.to_numpy().tolist())) == [(-0.2, 51.5, 1.0), (-0.1, 51.5, 2.0)]


def test_what_is_known_by_borough_only_is_counted_and_what_is_outside_london_is_not(store):
    found = density(store.run, Filters(), "incidents")
    assert found.sentence.startswith("3 incidents drawn in the middle")
    assert found.sentence.endswith("Not drawn: 1 incident known by borough only, or less.")


def test_a_range_of_visits_weighs_its_middle_and_none_has_no_point(store):
    found = density(store.run, Filters(), "counts")
    assert found.points["weight"].tolist() == [2.5]
