"""A release: parts of k or more, rounded, adding up, and nothing that an attack on all numbers together brings out."""

import json
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from data.errors import InputError
from data.store.store import create_store
from publish.attack import Number, attack, rounded
from publish.parts import Span, Tally, split_time
from publish.release import (
    BREAKDOWNS,
    OTHER,
    audit,
    digest_of,
    make_release,
    read_release,
    released_tables,
    shown_categories,
)
from publish.rules import Area, area_tree
from tests.conftest import (
    EAST,
    TOY_AREAS,
    TOY_OVERLAP,
    WEST,
    area_row,
    import_row,
    incident_row,
    insert,
    overlap_row,
)
from tests.publish.trial import (
    CODES,
    LAST_CLOSED,
    LONDON,
    as_release,
    careless_numbers,
    changed_by_a_late_record,
    draw_records,
    faults_of,
    smallest_difference,
    true_counts,
)

TODAY = date(2026, 12, 1)
OWN = "00000000-0000-4000-9000-000000000002"


DRAWN = [
    (seed, number, where)
    for seed, number in enumerate((100, 300, 1_000, 3_000))
    for where in ("skewed", "one", "each")
]


@pytest.mark.parametrize(("seed", "number", "where"), DRAWN)
def test_every_part_holds_ten_or_more_is_rounded_and_adds_up(seed, number, where):
    records = draw_records(seed, number, where)
    tables, covers_to, _ = released_tables(records, LONDON, LAST_CLOSED)
    assert faults_of(records, tables) == []
    first = min(row["from"] for row in tables["areas"])
    whole = [{"area": LONDON.code, "from": start, "to": covers_to} for start in (first, "2007-01-01")]
    released, recorded = true_counts(records, whole)
    assert true_counts(records, tables["areas"]).sum() == released
    # Before the first block that is released, at most nine in each block of three years are left out.
    assert recorded - released <= 9 * 3


@pytest.mark.parametrize(("seed", "number", "where"), DRAWN)
def test_no_two_selections_of_released_parts_differ_by_fewer_than_ten(seed, number, where):
    records = draw_records(seed, number, where)
    tables, _, _ = released_tables(records, LONDON, LAST_CLOSED)
    assert smallest_difference(true_counts(records, tables["areas"]), 2_000, seed) >= 10


@pytest.mark.parametrize("seed", range(4))
def test_linear_programming_bounds_nothing_of_a_release_below_ten(seed):
    tables, covers_to, _ = released_tables(draw_records(seed, 1_500), LONDON, LAST_CLOSED)
    assert audit(as_release(tables, covers_to)) == []


def test_the_same_attack_breaks_what_a_careless_build_would_publish():
    broken = [bool(attack(*careless_numbers(seed))) for seed in range(10)]
    assert np.mean(broken) > 0.9


def test_what_is_left_of_a_quarter_is_found_by_subtraction():
    # London in a quarter: about 45, so 43 to 47. Its one area that is resolved there: about 40, so 38 to 42. Elsewhere 1 to 9.
    quarter, year = Span(8100, 8100), Span(8100, 8103)
    times = [Number(frozenset("ab"), quarter, 45), Number(frozenset("ab"), Span(8101, 8103), 100)]
    areas = [
        Number(frozenset("a"), quarter, 40),
        Number(frozenset("a"), Span(8101, 8103), 40),
        Number(frozenset("b"), year, 65),
    ]
    assert next((found.span, found.low, found.high) for found in attack(times, areas)) == (quarter, 1, 9)


def test_what_is_safe_by_hand_is_left_alone():
    whole = Span(8100, 8103)
    assert (
        attack(
            [Number(frozenset("ab"), whole, 50)],
            [Number(frozenset("a"), whole, 20), Number(frozenset("b"), whole, 30)],
        )
        == []
    )


def test_a_time_is_split_only_where_every_piece_holds_ten():
    area = Area("a", "A", ("a",))
    # 2024: 10 in each quarter of the first half; 10 and 9 in the second, so that half stays whole.
    tally = Tally({("a", 8096): 10, ("a", 8097): 10, ("a", 8098): 10, ("a", 8099): 9})
    year = Span(8096, 8099)
    parts = [(part.span, part.incidents) for part in split_time(tally, area, year, year)]
    assert parts == [(Span(8096, 8096), 10), (Span(8097, 8097), 10), (Span(8098, 8099), 19)]


def test_an_area_is_split_only_where_every_borough_holds_ten():
    tree = area_tree(pd.DataFrame({"code": ["x", "y"], "name": ["X", "Y"]}))
    rows = [("x", 8100)] * 30 + [("y", 8100)] * 9
    records = pd.DataFrame(rows, columns=["borough_code", "quarter"]).assign(
        **dict.fromkeys(BREAKDOWNS, "unknown")
    )
    tables, _, _ = released_tables(records, tree, LAST_CLOSED)
    assert [(row["area"], row["about"]) for row in tables["areas"]] == [("E12000007", 40)]


def test_the_city_is_never_alone_and_every_borough_is_in_a_sub_region():
    codes = [area.code for area in LONDON.every()]
    assert "E09000033+E09000001" in codes
    assert "E09000001" not in codes
    assert sorted(LONDON.members) == CODES
    assert len([area for area in LONDON.every() if not area.children]) == 32


@pytest.mark.parametrize(("incidents", "about"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_counts_are_rounded_to_the_nearest_five(incidents, about):
    assert rounded(incidents) == about


def test_small_categories_go_together_and_a_full_or_lonely_one_hides_the_breakdown():
    values = ("a", "b", "c", "d", "unknown")
    assert shown_categories({"a": 40, "b": 20, "c": 7, "d": 6}, values) == {"a": 40, "b": 20, OTHER: 13}
    # Two hidden ones of 9 at most cannot hold 18 without both being known: the five of rounding are counted in.
    assert shown_categories({"a": 40, "b": 20, "c": 9, "d": 9, "unknown": 30}, values) == {}
    # Nothing is hidden by hiding nothing: the smallest that could be shown goes with those that are none.
    assert shown_categories({"a": 40, "b": 30, "c": 10}, values) == {"a": 40, "b": 30, OTHER: 10}
    assert shown_categories({"a": 95, "b": 10}, values) == {}


@pytest.mark.parametrize("seed", range(6))
def test_a_late_record_changes_nothing_that_was_released(seed):
    records = draw_records(seed, 1_000)
    assert not changed_by_a_late_record(records, seed=seed)
    before, covers_to, _ = released_tables(records[records["quarter"] < 2024 * 4], LONDON, 2023 * 4 + 3)
    after, _, _ = released_tables(records, LONDON, LAST_CLOSED, as_release(before, covers_to))
    for name in ("region_by_time", "areas", "breakdowns"):
        assert after[name][: len(before[name])] == before[name]


@pytest.mark.parametrize(
    ("today", "last"),
    [("2026-03-30", 2024), ("2026-03-31", 2025), ("2026-12-31", 2025), ("2027-04-01", 2026)],
)
def test_a_year_is_released_ninety_days_after_its_end_and_not_before(own_store, today, last):
    release = make_release(own_store.run, date.fromisoformat(today))
    assert release.manifest["covers_to"] == f"{last}-12-31"


@pytest.fixture
def own_store(tmp_path):
    """Thirty of the group's own incidents a year in 2024, 2025 and 2026 in the east, and 5 of public reports in the west."""

    def fill(connection):
        insert(connection, "areas", [area_row(*row) for row in TOY_AREAS])
        insert(connection, "area_overlap", [overlap_row(*row) for row in TOY_OVERLAP])
        bundled = import_row(import_id="00000000-0000-4000-9000-000000000001", is_bundled=True)
        insert(connection, "imports", [bundled, import_row(import_id=OWN)])
        rows = [
            incident_row(datetime(year, month, day, 7), borough_code=EAST, import_id=OWN)
            for year in (2024, 2025, 2026)
            for month in (1, 5, 10)
            for day in range(1, 11)
        ]
        rows += [
            incident_row(datetime(2023, 3, day, 7), borough_code=WEST, import_id=bundled["import_id"])
            for day in range(1, 6)
        ]
        # Known by the year alone, and without a place.
        rows += [
            incident_row(datetime(2024, 1, 1), datetime(2024, 12, 31), borough_code=EAST, import_id=OWN),
            incident_row(datetime(2024, 1, 1), import_id=OWN),
        ]
        row_ids = [
            row | {"incident_id": f"00000000-0000-4000-9000-{number:012}"} for number, row in enumerate(rows)
        ]
        insert(connection, "incidents", row_ids)

    return create_store(tmp_path / "own.duckdb", fill)


def test_the_groups_own_records_are_rounded_and_public_reports_stay_as_they_are(own_store):
    release = make_release(own_store.run, TODAY)
    assert [(row["from"], row["to"], row["about"]) for row in release.tables["region_by_time"]] == [
        # The years 2022 to 2024 are not told apart, since two of them hold none; of 2025 the third quarter holds none.
        ("2022-01-01", "2024-12-31", 30),
        ("2025-01-01", "2025-03-31", 10),
        ("2025-04-01", "2025-06-30", 10),
        ("2025-07-01", "2025-12-31", 10),
    ]
    assert release.tables["reported"] == [{"area": WEST, "name": "Westham", "year": 2023, "incidents": 5}]
    assert release.kept_back == [
        "1 outside the region, or in no borough that is known.",
        "1 not known by the quarter in which they happened.",
        "30 recorded since 2026-01-01: a year is released once it ended 90 days ago.",
    ]


def test_nothing_exact_of_the_records_is_in_the_file(own_store):
    written = make_release(own_store.run, TODAY).to_json()
    assert OWN not in written
    assert "kept_back" not in written
    assert "incident_id" not in written


def test_a_release_is_carried_on_by_number_and_digest(own_store):
    first = make_release(own_store.run, TODAY)
    second = make_release(own_store.run, date(2027, 6, 1), read_release(first.to_json(), own_store.run))
    assert (first.manifest["number"], second.manifest["number"]) == (1, 2)
    assert second.manifest["previous_sha256"] == first.manifest["tables_sha256"]
    assert [row["to"] for row in second.tables["region_by_time"]][4:] == [
        "2026-03-31",
        "2026-06-30",
        "2026-12-31",
    ]


def changed(release, **manifest) -> str:
    """As somebody would write it who is not merely changing a number by hand."""
    other = release.manifest | manifest
    del other["sha256"]
    sealed = other | {"sha256": digest_of({"manifest": other, "tables": release.tables})}
    return replace(release, manifest=sealed).to_json()


def test_a_release_that_cannot_be_carried_on_is_refused_in_a_sentence(own_store):
    release = make_release(own_store.run, TODAY)
    by_hand = json.loads(release.to_json())
    by_hand["tables"]["areas"][0]["about"] += 5
    for text, sentence in (
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        (json.dumps(by_hand), "changed by hand"),
        # It would release anew what was released, with whatever came late.
        (release.to_json().replace('"covers_to": "2025', '"covers_to": "2024'), "changed by hand"),
        (changed(release, rules={"version": 1}), "cannot be read"),
        (changed(release, rules=release.manifest["rules"] | {"k": 5}), "changed by hand"),
        (changed(release, rules=release.manifest["rules"] | {"version": 99}), "newer rules"),
        (changed(release, region={"code": "S12000036", "name": "Edinburgh"}), "another region"),
    ):
        with pytest.raises(InputError, match=sentence):
            read_release(text, own_store.run)


def test_a_store_with_too_few_records_is_released_as_official_figures_alone(toy_store):
    release = make_release(toy_store.run, TODAY)
    assert (release.tables["region_by_time"], release.tables["areas"], release.manifest["covers_to"]) == (
        [],
        [],
        None,
    )
