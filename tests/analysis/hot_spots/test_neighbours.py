import numpy as np
import pytest

from analysis.hot_spots.neighbours import (
    REACH_METRES,
    _outlines,
    _to_metres,
    crossing_pairs,
    neighbours,
    restrict,
)
from data.geography.bundled import read_crossings
from data.geography.projection import to_grid
from data.keeping.opening import open_store
from tests.analysis.areas_by_hand import grid, put_areas, square
from tests.conftest import area_row

# Which postcode districts the two ends of each crossing lie in, from its address on both banks.
ENDS = {
    "Richmond Bridge": {"TW1", "TW9"},
    "Twickenham Bridge": {"TW1", "TW9"},
    "Richmond Lock footbridge": {"TW1", "TW9"},
    "Kew Bridge": {"TW8", "TW9"},
    "Chiswick Bridge": {"W4", "SW14"},
    "Barnes Bridge (footway)": {"W4", "SW13"},
    "Hammersmith Bridge": {"W6", "SW13"},
    "Putney Bridge": {"SW6", "SW15"},
    "Fulham railway bridge (footway)": {"SW6", "SW15"},
    "Wandsworth Bridge": {"SW6", "SW18"},
    "Battersea Bridge": {"SW3", "SW11"},
    "Albert Bridge": {"SW3", "SW11"},
    "Chelsea Bridge": {"SW1W", "SW11"},
    "Vauxhall Bridge": {"SW1V", "SW8"},
    "Lambeth Bridge": {"SW1P", "SE1"},
    "Westminster Bridge": {"SW1A", "SE1"},
    "Golden Jubilee footbridges": {"WC2N", "SE1"},
    "Waterloo Bridge": {"WC2R", "SE1"},
    "Blackfriars Bridge": {"EC4V", "SE1"},
    "Millennium footbridge": {"EC4V", "SE1"},
    "Southwark Bridge": {"EC4R", "SE1"},
    "London Bridge": {"EC4R", "SE1"},
    "Tower Bridge": {"E1W", "SE1"},
    "Rotherhithe Tunnel": {"E1W", "SE16"},
    "Greenwich foot tunnel": {"E14", "SE10"},
    "Blackwall Tunnel": {"E14", "SE10"},
    "Silvertown Tunnel": {"E16", "SE10"},
    "Woolwich Ferry": {"E16", "SE18"},
    "Woolwich foot tunnel": {"E16", "SE18"},
}
TOWER_BRIDGE = to_grid(-0.0754, 51.5055)


@pytest.fixture(scope="module")
def london(tmp_path_factory):
    return open_store(tmp_path_factory.mktemp("london") / "raids.duckdb")


@pytest.fixture(scope="module")
def districts(london):
    rows = london.run(_outlines("district")).set_index("area_code")["geometry"]
    rows[:] = _to_metres(rows.to_numpy())
    return rows


def pairs_of(graph) -> set[frozenset[str]]:
    rows = graph.adjacency.reset_index()
    return {
        frozenset(pair) for pair in zip(rows["focal"], rows["neighbor"], strict=True) if len(set(pair)) == 2
    }


def test_squares_that_share_a_side_or_a_corner_are_neighbours(toy_store):
    graph = neighbours(put_areas(toy_store, grid(3, 3)).run, "district")
    assert graph.cardinalities.to_dict() == {
        "X0Y0": 3, "X0Y1": 5, "X0Y2": 3, "X1Y0": 5, "X1Y1": 8, "X1Y2": 5, "X2Y0": 3, "X2Y1": 5, "X2Y2": 3,
    }  # fmt: skip


def test_an_area_without_an_outline_is_left_out_and_one_apart_has_no_neighbours(toy_store):
    far = area_row("district", "FAR", "FAR", "unknown", 9) | {"geometry": square(500_000, 300_000)}
    boxes = area_row("district", "BOX", "BOX", "unknown", 0)
    graph = neighbours(put_areas(toy_store, [*grid(2, 1), far, boxes]).run, "district")
    assert list(graph.unique_ids) == ["FAR", "X0Y0", "X1Y0"]
    assert list(graph.isolates) == ["FAR"]


def test_a_bridge_makes_neighbours_of_two_banks_if_asked_for(toy_store):
    x, y = TOWER_BRIDGE
    banks = [("NORTH", y + 120), ("SOUTH", y - 120 - 1000)]
    rows = [
        area_row("district", code, code, "unknown", 9) | {"geometry": square(x - 500, south)}
        for code, south in banks
    ]
    store = put_areas(toy_store, rows)
    assert pairs_of(neighbours(store.run, "district", with_bridges=True)) == {frozenset({"NORTH", "SOUTH"})}
    assert not pairs_of(neighbours(store.run, "district", with_bridges=False))


def test_a_crossing_without_land_on_both_sides_joins_nothing(toy_store):
    x, y = TOWER_BRIDGE
    rows = [
        area_row("district", code, code, "unknown", 9) | {"geometry": square(west, y + 120)}
        for code, west in (("ONE", x - 1000), ("TWO", x + 300))
    ]
    assert not pairs_of(neighbours(put_areas(toy_store, rows).run, "district"))


def test_every_crossing_joins_the_districts_at_its_two_ends(districts):
    found = crossing_pairs(districts).set_index("name")
    assert {name: {row["one"], row["other"]} for name, row in found.iterrows()} == ENDS
    assert list(read_crossings()["name"]) == list(ENDS)
    assert (found[["one_metres", "other_metres"]].to_numpy() < REACH_METRES).all()


def test_the_middle_of_every_crossing_lies_over_water(districts):
    found = crossing_pairs(districts)
    assert (found["one_metres"] > 20).all()


def test_districts_on_both_banks_of_the_tidal_thames_are_neighbours_by_crossings_only(london):
    apart, joined = (neighbours(london.run, "district", with_bridges) for with_bridges in (False, True))
    by_crossing = {frozenset(ends) for ends in ENDS.values()}
    assert not pairs_of(apart) & by_crossing
    assert pairs_of(joined) == pairs_of(apart) | by_crossing


@pytest.mark.parametrize("level", ["borough", "district", "locality"])
def test_londons_neighbours_are_mutual_and_nobodys_own(london, level):
    matrix = neighbours(london.run, level).sparse
    assert (matrix != matrix.T).nnz == 0
    assert not matrix.diagonal().any()
    assert set(matrix.data) == {1.0}


def test_a_part_of_the_areas_keeps_its_order_and_only_its_own_neighbours(toy_store):
    graph = neighbours(put_areas(toy_store, grid(3, 1)).run, "district")
    part = restrict(graph, ["X2Y0", "X0Y0"])
    assert list(part.unique_ids) == list(part.isolates) == ["X2Y0", "X0Y0"]
    assert np.array_equal(
        restrict(graph, ["X1Y0", "X0Y0", "X2Y0"]).sparse.toarray(), [[0, 1, 1], [1, 0, 0], [1, 0, 0]]
    )
