import pytest

from analysis.filters import Filters
from analysis.organise.quadrants import QUADRANTS, quadrants
from analysis.organise.words import highest_sentence
from data.keeping.opening import open_store
from tests.conftest import count_row, insert


def test_the_networks_examples_are_among_the_twenty_highest_on_both(tmp_path):
    store = open_store(tmp_path / "raids.duckdb")
    table = quadrants(store.run, Filters()).table
    assert {"N15", "N17", "E15"} <= set(table["area_name"].head(20))
    assert list(table["both_rank"]) == list(range(1, len(table) + 1))


def test_a_district_is_as_high_as_its_worse_rank(toy_store):
    with toy_store.write() as connection:
        # 100 of 150,000 residents, 90 of 100,000; W1 has too few residents for a rate.
        rows = [count_row("E1", 2019, 100), count_row("E2", 2019, 90), count_row("W1", 2019, 500)]
        insert(connection, "counts", [row | {"import_id": "0" * 32} for row in rows])
    table = quadrants(toy_store.run, Filters()).table
    assert table[["area_code", "count_rank", "rate_rank"]].to_numpy().tolist() == [["E1", 1, 2], ["E2", 2, 1]]
    assert list(table["quadrant"]) == [QUADRANTS[1], QUADRANTS[2]]
    assert table["rate_per_1000"][1] == pytest.approx(0.9 * 365.25 / 365)


def test_without_figures_a_sentence_says_so(toy_store):
    said = highest_sentence(quadrants(toy_store.run, Filters()))
    assert said == "No official figure covers this choice, so nothing stands out."
