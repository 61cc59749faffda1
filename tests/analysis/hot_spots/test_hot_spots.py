from datetime import date, datetime

import numpy as np
import pytest
from esda.getisord import G_Local
from esda.moran import Moran_Local
from libpysal.weights import lat2W

from analysis.filters import Filters
from analysis.hot_spots import words
from analysis.hot_spots.hot_spots import TABLE_COLUMNS, hot_spot_years, hot_spots
from data.errors import InputError
from data.keeping.opening import open_store
from tests.analysis.areas_by_hand import grid, put_areas, square
from tests.analysis.where.test_where import with_rows
from tests.conftest import TOWN, area_row, count_row, incident_row

SIDE = 8
IN_2022 = Filters(date_from=date(2022, 1, 1), date_to=date(2022, 12, 31))


@pytest.fixture
def board(toy_store):
    """Sixty-four districts of 10,000 residents each."""
    return put_areas(toy_store, grid(SIDE, SIDE))


def visits(year: int = 2022, cluster: int = 40, elsewhere: int = 5, spread: int = 0) -> list[dict]:
    """Many visits in the corner of nine districts around X1Y1, few elsewhere, all uncertain by `spread`."""
    rows = []
    for x in range(SIDE):
        for y in range(SIDE):
            low = (cluster if max(x, y) < 3 else elsewhere) + (x * 3 + y * 5) % 4
            rows.append(count_row(f"X{x}Y{y}", year, low, low + spread))
    return rows


def found_in(store, filters=Filters(), source="counts", **more):  # noqa: B008
    return hot_spots(store.run, filters, "district", source, **more)


def hot(result) -> set[str]:
    return set(result.table.loc[result.table["is_hot_spot"], "area_code"])


def test_a_corner_of_many_visits_is_a_hot_spot(board):
    result = found_in(with_rows(board, "counts", visits()))
    assert {"X0Y0", "X0Y1", "X1Y0", "X1Y1"} <= hot(result)
    assert not hot(result) & {f"X{x}Y{y}" for x in range(5, 8) for y in range(5, 8)}
    assert (
        "64 postcode districts tested are hot spots of official visits per resident in 2022"
        in words.finding(result)
    )
    assert "more alike than chance" in " ".join(words.sentences(result))
    row = result.table.set_index("area_code").loc["X1Y1"]
    assert row["quadrant"] == "HH"
    assert (row["neighbours"], row["observed"]) == (8, 40)


def test_the_statistics_are_those_of_pysal_on_an_independent_list_of_neighbours(board):
    table = found_in(with_rows(board, "counts", visits())).table.set_index("area_code")
    codes = [f"X{x}Y{y}" for x in range(SIDE) for y in range(SIDE)]
    rates = table.loc[codes, "eb_rate"].to_numpy()
    weights = lat2W(SIDE, SIDE, rook=False)
    assert table.loc[codes, "gi_star"].to_numpy() == pytest.approx(
        G_Local(rates, weights, transform="B", star=True, permutations=0).Zs, abs=1e-9
    )
    assert table.loc[codes, "local_moran"].to_numpy() == pytest.approx(
        Moran_Local(rates, weights, permutations=0).Is, abs=1e-9
    )


def test_rates_are_per_thousand_residents_and_year_and_smoothed_towards_all(board):
    table = found_in(with_rows(board, "counts", visits())).table.set_index("area_code")
    assert table.loc["X1Y1", "person_years"] == pytest.approx(10_000 * 365 / 365.25)
    assert table.loc["X1Y1", "rate"] == pytest.approx(40 / (10_000 * 365 / 365.25) * 1000)
    mean = table["observed"].sum() / table["person_years"].sum() * 1000
    assert mean < table.loc["X1Y1", "eb_rate"] < table.loc["X1Y1", "rate"]


def test_q_is_p_corrected_as_benjamini_and_hochberg_do(board):
    table = found_in(with_rows(board, "counts", visits())).table.sort_values("p_value", ascending=False)
    ranks = np.arange(len(table), 0, -1)
    expected = np.minimum.accumulate(table["p_value"] * len(table) / ranks)
    assert table["q_value"].to_numpy() == pytest.approx(np.minimum(expected, 1))
    passes = table[table["is_hot_spot"]]
    assert (passes["q_value"] <= 0.05).all()
    assert (passes["gi_star"] > 0).all()


def test_a_range_so_wide_that_either_end_could_be_chance_is_no_hot_spot(board):
    # The corner has 40 to 47, or 5 to 47: with every count at its lower end it is like everywhere else.
    rows = visits()
    for row in rows:
        row["visits_low"] = min(row["visits_low"], 5 + row["visits_low"] % 3)
    result = found_in(with_rows(board, "counts", rows))
    corner = result.table.set_index("area_code").loc["X1Y1"]
    assert corner["q_value"] <= 0.05
    assert not hot(result)
    assert "Where counts are ranges, a hot spot passes the test at both of their ends." in words.notes(result)


def test_the_same_seed_gives_the_same_table(board):
    store = with_rows(board, "counts", visits())
    first, second = found_in(store, seed=5).table, found_in(store, seed=5).table
    assert first.equals(second)


def test_every_number_shown_is_finite_and_every_area_has_a_row(board):
    rows = [row for row in visits() if row["area_code"] != "X7Y7"]
    table = found_in(with_rows(board, "counts", rows)).table
    assert list(table.columns) == TABLE_COLUMNS
    assert len(table) == 64
    untested = table[table["area_code"] == "X7Y7"].iloc[0]
    assert np.isnan([untested["eb_rate"], untested["gi_star"], untested["q_value"]]).all()
    assert not untested["is_hot_spot"]
    tested = table[table["area_code"] != "X7Y7"].select_dtypes("number")
    assert np.isfinite(tested.to_numpy()).all()


def test_an_area_whose_neighbours_have_no_figures_is_not_tested_and_named(board):
    around = {"X6Y6", "X6Y7", "X7Y6"}
    rows = [row for row in visits() if row["area_code"] not in around]
    result = found_in(with_rows(board, "counts", rows))
    alone = result.table.set_index("area_code").loc["X7Y7"]
    assert alone["eb_rate"] > 0
    assert np.isnan(alone["gi_star"])
    assert "Not tested for want of a neighbour with figures: X7Y7." in words.notes(result)
    assert (
        "Not tested: 3 postcode districts: 3 have official figures for less than half of residents and time."
        in words.notes(result)
    )


def test_areas_with_too_few_residents_are_counted_apart_from_those_without_figures(board):
    small = area_row("district", "T1", "T1", "unknown", 800) | {"geometry": square(700_000, 300_000)}
    put_areas(board, [*grid(SIDE, SIDE), small])
    rows = [row for row in visits() if row["area_code"] not in {"X6Y6", "X0Y7"}]
    notes = words.notes(found_in(with_rows(board, "counts", rows)))
    assert (
        "Not tested: 3 postcode districts: 1 has fewer than 5,000 residents, 2 have official figures for less than "
        "half of residents and time."
    ) in notes


def test_incidents_outside_every_area_are_not_said_to_be_none(board):
    store = with_rows(board, "incidents", [incident_row(datetime(2022, 5, 1, 9), borough_code=TOWN)])
    assert words.sentences(found_in(store, IN_2022, "incidents")) == [
        "None of the recorded incidents on 1 May 2022 lies in an area that could be tested, so nothing "
        "can be a hot spot."
    ]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "No area has figures enough"),
        (visits()[:1], "Only 1 postcode district could be tested"),
        (
            [count_row(f"X{x}Y{y}", 2022, 0) for x in range(8) for y in range(8)],
            "There are no official visits",
        ),
        ([count_row(f"X{x}Y{y}", 2022, 5) for x in range(8) for y in range(8)], "differ no more than chance"),
        (
            [count_row(f"X{x}Y{y}", 2022, int(x == y)) for x in range(8) for y in range(8)],
            "Only 8 official visits in the areas tested",
        ),
        ([count_row(f"X{x}Y0", 2022, 30) for x in range(4)], "Only 4 postcode districts"),
    ],
)
def test_what_cannot_be_tested_gets_a_sentence_and_no_numbers(board, rows, sentence):
    result = found_in(with_rows(board, "counts", rows))
    assert sentence in words.finding(result)
    assert result.table["gi_star"].isna().all()
    assert not hot(result)


def test_districts_that_all_stand_alone_are_not_tested(toy_store):
    apart = [row for row in grid(9, 9) if all(int(part) % 2 == 0 for part in row["code"][1::2])]
    rows = [count_row(row["code"], 2022, 10 + number) for number, row in enumerate(apart)]
    result = found_in(with_rows(put_areas(toy_store, apart), "counts", rows))
    assert words.sentences(result) == [
        "No area has figures enough, residents enough and a neighbour to be tested for a hot spot."
    ]


def test_incidents_without_any_record_get_a_sentence(board):
    assert words.sentences(found_in(board, source="incidents"))


def test_few_areas_are_said_to_make_the_test_weak(toy_store):
    store = put_areas(toy_store, grid(4, 4))
    rows = [count_row(f"X{x}Y{y}", 2022, 10 + 9 * x) for x in range(4) for y in range(4)]
    notes = words.notes(found_in(with_rows(store, "counts", rows)))
    assert any(note.startswith("With 16 postcode districts the test is weak") for note in notes)


def test_a_level_without_official_figures_is_refused(board):
    with pytest.raises(InputError, match="postcode district and say nothing finer"):
        hot_spots(board.run, Filters(), "locality", "counts")


def test_a_year_is_judged_as_it_would_be_alone(board):
    rows = [*visits(2021, cluster=5), *visits(2022, spread=3)]
    store = with_rows(board, "counts", rows)
    years = hot_spot_years(store.run, Filters(), "district", "counts")
    assert years.groupby("year")["is_hot_spot"].size().to_dict() == {2021: 64, 2022: 64}
    assert not years.loc[years["year"] == 2021, "is_hot_spot"].any()
    of_2022 = years[(years["year"] == 2022) & years["is_hot_spot"]]
    assert set(of_2022["area_code"]) == hot(found_in(store, IN_2022))


def test_a_part_of_a_year_is_rated_by_the_days_it_covers_and_a_small_part_is_left_out(board):
    rows = visits(2021)
    for row in rows:
        row["period_end"] = date(2021, 10, 31)
    late = [row | {"period_end": date(2022, 3, 31)} for row in visits(2022)]
    years = hot_spot_years(with_rows(board, "counts", [*rows, *late]).run, Filters(), "district", "counts")
    assert set(years["year"]) == {2021}
    assert years.loc[years["area_code"] == "X1Y1", "is_hot_spot"].all()


def test_incidents_count_in_the_year_in_which_they_surely_lie(board):
    def raids(code, number, start, end=None):
        return [incident_row(start, end, postcode_district=code) for _ in range(number)]

    corner = [f"X{x}Y{y}" for x in range(3) for y in range(3)]
    rows = [row for code in corner for row in raids(code, 6, datetime(2020, 5, 1, 7))]
    rows += [
        row for code in corner for row in raids(code, 6, datetime(2020, 12, 31), datetime(2021, 1, 1, 23))
    ]
    years = hot_spot_years(with_rows(board, "incidents", rows).run, Filters(), "district", "incidents")
    assert set(years["year"]) == {2020}
    assert years.loc[years["area_code"] == "X1Y1", "is_hot_spot"].all()
    found = found_in(board, source="incidents")
    assert found.table.set_index("area_code").loc["X1Y1", "observed"] == 12
    assert any("reported as much as where they happen" in note for note in words.notes(found))


def test_nothing_recorded_has_no_years(board):
    for source in ("counts", "incidents"):
        years = hot_spot_years(board.run, Filters(), "district", source)
        assert years.empty
        assert list(years.columns) == ["area_code", "year", "is_hot_spot"]


def test_the_districts_around_newham_stand_out_and_a_centre_where_few_live_is_not_tested(tmp_path):
    store = open_store(tmp_path / "raids.duckdb")
    table = hot_spots(store.run, Filters(), "district", "counts").table.set_index("area_code")
    assert set(table.index[table["is_hot_spot"]]) == {"E6", "E7", "E11", "E12", "E13"}
    # 186 visits among 2,259 residents: the raw rate is shown, and nothing is made of it.
    assert table.loc["WC2N", "rate"] == pytest.approx(9.15, abs=0.01)
    assert table.loc["WC2N", ["eb_rate", "gi_star"]].isna().all()
