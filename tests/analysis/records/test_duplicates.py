"""Pairs that may be one raid, on localities drawn by hand: two 1 km apart, one 5 km off, districts around them."""

from datetime import date, datetime, timedelta

import pytest

from analysis.records.duplicates import duplicates
from data.schema import AREAS, LOG_IMPORT_ID, UNKNOWN
from data.store.store import create_store
from tests.conftest import EAST, TOWN, WEST, import_row, incident_row, insert, overlap_row

DAY = datetime(2022, 1, 11)
HERE, NEAR, FAR = "E09000012-E1", "E09000012-E2", "E09000033-W1"
# At London's latitude 0.0144 of a degree of longitude is 1 km.
MIDDLES = {HERE: 0.0, NEAR: 0.0144, FAR: 0.072, "E1": 0.0, "E2": 0.036, "W1": 0.0864}
ONE, TWO, THREE = (f"00000000-0000-4000-9000-{number:012}" for number in (1, 2, 3))
BUNDLED = "22222222-2222-4222-8222-222222222222"


@pytest.fixture
def store(tmp_path):
    def fill(connection):
        for code, longitude in MIDDLES.items():
            level = "locality" if "-" in code else "district"
            row = dict.fromkeys(AREAS.column_names()) | {
                "level": level, "code": code, "name": code, "parent_code": UNKNOWN, "longitude": longitude, "latitude": 51.5,
            }  # fmt: skip
            insert(connection, "areas", [row])
        insert(connection, "area_overlap", [overlap_row("district", "E2", "borough", WEST, 0.5, None)])

    return create_store(tmp_path / "near.duckdb", fill)


def at_locality(code: str) -> dict:
    borough, district = code.split("-")
    return {
        "locality_code": code, "borough_code": borough, "postcode_district": district, "location_precision": "locality",
    }  # fmt: skip


def at_district(code: str, borough: str = UNKNOWN) -> dict:
    return {"borough_code": borough, "postcode_district": code, "location_precision": "district"}


def at_borough(code: str) -> dict:
    return {"borough_code": code, "location_precision": "borough"}


def put(store, *records: tuple[dict, dict]) -> None:
    """Records as (place, other values); the first of them is ONE, the second TWO."""
    rows = []
    for number, (place, values) in enumerate(records, start=1):
        ids = {"incident_id": f"00000000-0000-4000-9000-{number:012}", "import_id": LOG_IMPORT_ID}
        rows.append(ids | incident_row(DAY + timedelta(hours=7)) | place | values)
    with store.write() as connection:
        insert(connection, "incidents", rows)


def put_bundled_import(store) -> None:
    with store.write() as connection:
        insert(connection, "imports", [import_row(import_id=BUNDLED, is_bundled=True)])


def reasons(store, **options) -> list[str]:
    return list(duplicates(store.run, **options)["reason"])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (at_locality(HERE), at_locality(HERE), "in the same locality."),
        (at_locality(HERE), at_locality(NEAR), "less than 2 km apart."),
        (at_locality(HERE), at_locality(FAR), None),
        (at_locality(HERE), at_district("E1"), "in the same postcode district."),
        (at_locality(NEAR), at_district("E1"), "in postcode districts side by side."),
        (at_district("E1"), at_district("E2"), "in postcode districts side by side."),
        (at_district("E1"), at_district("W1"), None),
        (at_locality(HERE), at_borough(EAST), "in the same borough, one of them known by nothing finer."),
        (at_locality(FAR), at_borough(EAST), None),
        (at_borough(EAST), at_borough(EAST), "in the same borough, one of them known by nothing finer."),
        (at_borough(TOWN), at_borough(TOWN), "in the same borough, one of them known by nothing finer."),
        (at_borough(EAST), at_borough(WEST), None),
        (at_district("E2"), at_borough(WEST), "in the same borough, one of them known by nothing finer."),
        (at_district("E2"), at_borough(EAST), None),
        (at_locality(HERE), {"location_precision": UNKNOWN}, None),
    ],
)
def test_records_of_one_day_are_a_pair_where_they_may_be_near(store, one, other, expected):
    put(store, (one, {}), (other, {}))
    assert reasons(store) == ([f"On the same day, {expected}"] if expected else [])
    assert duplicates(store.run).columns.tolist() == ["left_id", "right_id", "reason"]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"started_earliest": DAY, "started_latest": DAY + timedelta(hours=23), "date_precision": "day"}, "On the same day,"),
        ({"started_earliest": DAY.replace(hour=15), "started_latest": DAY.replace(hour=15)}, "On the same day, at different hours,"),
        ({"started_earliest": DAY - timedelta(hours=2), "started_latest": DAY + timedelta(hours=8)}, "On the same day,"),
        ({"started_earliest": DAY - timedelta(hours=2), "started_latest": DAY - timedelta(hours=1)}, None),
        ({"started_earliest": DAY, "started_latest": DAY + timedelta(days=20), "date_precision": "month"}, None),
    ],
)  # fmt: skip
def test_the_day_must_be_common_and_known(store, values, expected):
    put(store, (at_locality(HERE), {}), (at_locality(HERE), values))
    assert reasons(store) == ([f"{expected} in the same locality."] if expected else [])


def test_three_of_a_kind_are_three_pairs_each_once(store):
    put(store, *[(at_locality(HERE), {})] * 3)
    pairs = duplicates(store.run)
    assert {frozenset((pair.left_id, pair.right_id)) for pair in pairs.itertuples()} == {
        frozenset(pair) for pair in ((ONE, TWO), (ONE, THREE), (TWO, THREE))
    }


def test_the_one_to_keep_is_known_more_finely_and_the_most_alike_come_first(store):
    put(
        store,
        (at_borough(EAST), {}),
        (at_locality(HERE), {}),
        (at_locality(HERE), {"started_latest": DAY.replace(hour=9)}),
    )
    pairs = duplicates(store.run)
    assert pairs[["left_id", "right_id"]].values.tolist() == [[TWO, THREE], [TWO, ONE], [THREE, ONE]]


def test_the_bundled_reports_are_not_compared_with_each_other_but_with_the_log(store):
    put(store, (at_locality(HERE), {"import_id": BUNDLED}), (at_locality(HERE), {"import_id": BUNDLED}))
    put_bundled_import(store)
    assert reasons(store) == []
    with store.write() as connection:
        connection.execute("UPDATE incidents SET import_id = ? WHERE incident_id = ?", [LOG_IMPORT_ID, TWO])
    assert len(reasons(store)) == 1


def test_a_young_record_is_compared_only_for_who_has_its_code_and_then_is_the_one_to_keep(store, monkeypatch):
    monkeypatch.setattr("data.clock.today", lambda: date(2022, 1, 12))
    put(
        store,
        (at_locality(HERE), {"import_id": BUNDLED, "source_kind": "press"}),
        (at_borough(EAST), {"source_kind": "group report"}),
    )
    # What came with the dashboard is public, and shows at once.
    put_bundled_import(store)
    assert reasons(store) == []
    pairs = duplicates(store.run, also=[TWO.upper()])
    assert pairs[["left_id", "right_id"]].values.tolist() == [[TWO, ONE]]


def test_no_more_pairs_come_than_are_asked_for_and_those_most_alike(store):
    places = [at_locality(HERE), at_locality(HERE), at_locality(NEAR), at_borough(EAST)]
    put(store, *((place, {}) for place in places))
    every = reasons(store)
    assert len(every) == 6
    assert reasons(store, most=2) == every[:2]
    assert every[0].endswith("in the same locality.")


def test_two_records_of_one_night_are_one_pair(store):
    night = {"started_earliest": DAY + timedelta(hours=22), "started_latest": DAY + timedelta(hours=29)}
    put(store, (at_locality(HERE), night), (at_locality(HERE), night))
    assert len(reasons(store)) == 1


def test_an_empty_store_has_no_pairs(store):
    assert duplicates(store.run).empty
