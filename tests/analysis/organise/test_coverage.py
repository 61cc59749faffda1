from itertools import combinations

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from analysis.filters import Filters
from analysis.organise.coverage import best_new_areas, coverage, maximal_covering
from analysis.organise.words import coverage_sentences
from data.errors import InputError
from data.geography.projection import to_degrees
from tests.conftest import EAST, TOWN, WEST, count_row, insert, overlap_row

# Residents: E1 150,000 (all Eastham), E2 100,000 (half in each), W1 500 (Westham).
LOCALITY_PARTS = [
    ("locality", "E09000012-E1", "district", "E1", 1.0, 150_000),
    ("locality", "E09000012-E2", "district", "E2", 1.0, 50_000),
    ("locality", "E09000033-E2", "district", "E2", 1.0, 50_000),
    ("locality", "E09000033-W1", "district", "W1", 1.0, 500),
]


@pytest.fixture
def store(toy_store):
    with toy_store.write() as connection:
        insert(connection, "area_overlap", [overlap_row(*row) for row in LOCALITY_PARTS])
        rows = [count_row("E1", 2019, 100), count_row("E2", 2019, 40), count_row("W1", 2019, 60)]
        insert(connection, "counts", [row | {"import_id": "0" * 32} for row in rows])
    return toy_store


def cover(store, *rows):
    with store.write() as connection:
        names = ("kind", "area_level", "area_code")
        insert(connection, "groups", [dict(zip(names, row, strict=True)) for row in rows])


def shares(store, level):
    table = coverage(store.run, Filters(), level).table
    return dict(zip(table["area_code"], table["covered_share"].round(6), strict=True))


def test_without_groups_nothing_is_covered_and_a_sentence_says_what_to_do(store):
    result = coverage(store.run, Filters(), "borough")
    assert shares(store, "borough") == {EAST: 0, WEST: 0}
    assert (result.residents_share, result.visits_share) == (0, 0)
    assert "Import a list of groups" in " ".join(coverage_sentences(result))


def test_a_borough_covers_its_part_of_a_district_it_shares(store):
    cover(store, ("renters union", "borough", EAST), ("copwatch", "authority", TOWN))
    assert shares(store, "district") == {"E1": 1, "E2": 0.5, "W1": 0}
    assert shares(store, "locality")["E09000012-E2"] == 1
    result = coverage(store.run, Filters(), "borough")
    assert result.residents_share == pytest.approx(200_000 / 250_500)
    # 100 visits in E1 and half of the 40 in E2, of 200.
    assert result.visits_share == pytest.approx(0.6)
    assert list(result.table["groups"]) == ["Renters’ union", ""]
    assert "Outside London there are groups in Townham" in " ".join(coverage_sentences(result))


def test_what_two_groups_cover_counts_once(store):
    cover(
        store,
        ("copwatch", "borough", EAST),
        ("faith group", "district", "E2"),
        ("law centre", "locality", "E09000012-E2"),
    )
    assert shares(store, "borough") == {EAST: 1, WEST: round(50_000 / 50_500, 6)}
    table = coverage(store.run, Filters(), "district").table.set_index("area_code")
    assert table.loc["E2", "groups"] == "Copwatch, Faith group, Law centre"


def test_a_new_group_goes_where_most_is_uncovered(store):
    assert list(best_new_areas(store.run, Filters(), "borough", 1).table["area_code"]) == [EAST]
    cover(store, ("copwatch", "borough", EAST))
    found = best_new_areas(store.run, Filters(), "borough", 1)
    # Westham: W1's 54 visits of a tenth-less share, and half of E2's 40.
    assert found.table["visits"][0] == pytest.approx((54 + 20) * 365.25 / 365)
    assert found.visits_left == pytest.approx(0)


def test_a_group_in_a_district_reaches_its_neighbours(store):
    longitude, latitude = to_degrees(np.array([530_000.0, 532_000.0, 540_000.0]), np.array([180_000.0] * 3))
    with store.write() as connection:
        for code, x, y in zip(("E1", "E2", "W1"), longitude, latitude, strict=True):
            connection.execute(
                "UPDATE areas SET longitude = ?, latitude = ? WHERE level = 'district' AND code = ?",
                [x, y, code],
            )
    found = best_new_areas(store.run, Filters(), "district", 1)
    assert found.table["visits"][0] == pytest.approx(140 * 365.25 / 365)
    assert found.visits_left == pytest.approx(60 * 365.25 / 365)


@pytest.mark.parametrize(("k", "filters"), [(0, Filters()), (21, Filters())])
def test_a_number_of_groups_out_of_bounds_is_refused(store, k, filters):
    with pytest.raises(InputError, match="between 1 and 20"):
        best_new_areas(store.run, filters, "borough", k)


def test_nothing_counted_is_said(toy_store):
    with pytest.raises(InputError, match="No official figure covers"):
        best_new_areas(toy_store.run, Filters(), "borough", 1)


@given(st.data())
def test_maximal_covering_is_as_good_as_trying_every_choice(data):
    sites, demands = data.draw(st.integers(1, 7)), data.draw(st.integers(1, 7))
    weights = np.array(data.draw(st.lists(st.integers(0, 20), min_size=demands, max_size=demands)), float)
    reach = np.array(
        data.draw(
            st.lists(
                st.lists(st.booleans(), min_size=demands, max_size=demands), min_size=sites, max_size=sites
            )
        ),
        float,
    )
    k = data.draw(st.integers(1, sites))
    chosen = maximal_covering(weights, scipy.sparse.csr_array(reach), k)
    best = max(weights[reach[list(some)].any(axis=0)].sum() for some in combinations(range(sites), k))
    assert len(chosen) <= k
    assert weights[reach[chosen].any(axis=0)].sum() == pytest.approx(best)
