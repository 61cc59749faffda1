from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.hot_spots.words import (
    ALIKE,
    HEADINGS,
    VERDICTS,
    Subject,
    alike_numbers,
    cells_of,
    lines_of,
    note_test,
    p_in_words,
    rate_numbers,
    say_hot_spots,
    say_moran,
    to_download,
    verdict_numbers,
)

VISITS = Subject("district", "counts", date(2022, 1, 1), date(2022, 12, 31))
NONE = float("nan")
COLUMNS = [
    "area_code", "area_name", "observed", "observed_low", "observed_high", "person_years", "rate", "eb_rate", "neighbours",
    "gi_star", "p_value", "q_value", "is_hot_spot", "local_moran", "moran_p_value", "moran_q_value", "quadrant",
]  # fmt: skip


@pytest.fixture
def table():
    """A hot spot, one of many, one without a neighbour and one without figures."""
    rows = [
        ("E1", "E1", 41.5, 40, 43, 1000, 41.5, 40.1, 3, 3.21, 0.0004, 0.012, True, 2.0, 0.01, 0.04, "HH"),
        ("E2", "E2", 1, 1, 1, 1000, 1.0, 1.2, 2, -0.4, 0.61, 0.7, False, 0.1, 0.6, 0.8, ""),
        ("E3", "E3", 5, 5, 5, 1000, 5.0, 5.1, NONE, NONE, NONE, NONE, False, NONE, NONE, NONE, ""),
        ("E4", "E4", *[NONE] * 10, False, *[NONE] * 3, ""),
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_classes_of_the_maps(table):
    assert [VERDICTS[number] for number in verdict_numbers(table)[:3]] == [
        "hot spot", "not told apart from chance", "a rate, but no test",
    ]  # fmt: skip
    assert [ALIKE[number] for number in alike_numbers(table)[:3]] == [
        "high among high", "not told apart from chance", "a rate, but no test",
    ]  # fmt: skip
    for numbers in (verdict_numbers(table), alike_numbers(table), rate_numbers(table, "counts")):
        assert numbers[3] == -1


def test_an_area_in_the_words_of_the_map(table):
    said = [lines_of(row, "counts") for row in table.itertuples()]
    assert said[0][1:] == (
        "Smoothed rate 40.10 per 1,000 residents per year",
        "A hot spot: Gi* 3.21, p 0.0004, q 0.01",
    )
    assert said[1][2].startswith("Not a hot spot: Gi* -0.40")
    assert said[2][2] == "Not tested"
    assert said[3] == ("E4", "No rate: few residents, or few figures")


def test_a_hot_spot_by_its_neighbours_alone_is_marked(table):
    table.loc[1, ["is_hot_spot", "gi_star"]] = True, 2.5
    # Of the two tested 42.5 visits in 2,000 person-years: 21.25 per 1,000.
    assert say_hot_spots(table, VISITS).endswith(": E1, E2 (by its neighbours).")


def test_areas_of_some_boroughs_are_compared_with_each_other_only(table):
    part = Subject("district", "counts", date(2022, 1, 1), date(2022, 12, 31), is_part=True)
    assert "in 2022, compared with the other postcode districts of the boroughs chosen" in say_hot_spots(
        table, part
    )
    none = say_hot_spots(table.assign(is_hot_spot=False), replace(part, level="borough"))
    assert "in 2022, compared with the other boroughs chosen: among so many tests" in none


def test_a_table_has_a_dash_where_there_is_no_figure_and_never_nan(table):
    rows = [cells_of(row, "counts") for row in table.itertuples()]
    assert rows[0] == ["E1", "yes", "40 to 43", "40.10", "3.21", "0.01", "0.0004", "41.50"]
    assert rows[2] == ["E3", "–", "5", "5.10", "–", "–", "–", "5.00"]
    assert rows[3] == ["E4", *["–"] * len(HEADINGS)]


def test_findings_name_the_hot_spots_or_say_that_there_are_none(table):
    assert (
        say_hot_spots(table, VISITS)
        == "1 of 2 postcode districts tested is a hot spot of official visits per resident in 2022: E1."
    )
    none = say_hot_spots(table.assign(is_hot_spot=False), VISITS)
    assert none.startswith("None of the 2 postcode districts tested is a hot spot")


def test_neighbours_are_alike_only_if_chance_can_be_ruled_out():
    assert "more alike than chance" in say_moran(0.31, 0.0001, VISITS)
    assert "cannot be told from chance" in say_moran(0.05, 0.2, VISITS)


def test_a_rate_that_towers_over_all_others_is_named(table):
    rows = pd.concat(
        [table.iloc[[1]].assign(area_code=f"N{number}") for number in range(60)], ignore_index=True
    )
    tower = table.iloc[[0]]
    notes = note_test(pd.concat([rows, tower], ignore_index=True), VISITS, with_bridges=False)
    assert any(
        note.startswith("The rate of E1 (40.10 per 1,000 residents per year) towers") for note in notes
    )
    assert not any("towers" in note for note in note_test(rows, VISITS, with_bridges=False))
    assert "not across the tidal Thames" in notes[0]


def test_a_download_says_what_is_counted_and_in_which_unit(table):
    file = to_download(table, VISITS)
    assert file["measure"].tolist() == ["Official visits"] * 4
    assert file["period"].tolist() == ["in 2022"] * 4
    assert np.isclose(file["smoothed_rate_per_1000_residents_per_year"][0], 40.1)


def test_small_p_values_keep_four_decimals():
    assert [p_in_words(value) for value in (0.0001, 0.0099, 0.01, 1.0)] == [
        "0.0001",
        "0.0099",
        "0.01",
        "1.00",
    ]
