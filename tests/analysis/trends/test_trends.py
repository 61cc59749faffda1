import gzip
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from analysis.areas import LONDON
from analysis.filters import Filters
from analysis.trends.trends import (
    area_history,
    areas_table,
    areas_years,
    change_between,
    spans_beside_step,
    trends,
)
from analysis.trends.words import trend_finding, trend_sentences, trends_sentences, words_sentences
from analysis.where.where import where
from data.errors import InputError
from data.imports.importer import import_file
from data.keeping.opening import open_store
from tests.analysis.areas_by_hand import grid, put_areas
from tests.analysis.where.test_where import with_rows
from tests.conftest import EAST, SHARED_DATA, TOWN, WEST, count_row, incident_row

BURGLARY = SHARED_DATA / "met-burglary"


@pytest.fixture(scope="module")
def bundled(tmp_path_factory, esda_draws):
    return open_store(tmp_path_factory.mktemp("trends") / "raids.duckdb")


@pytest.fixture(scope="module")
def visits(bundled):
    return trends(bundled.run, Filters(), "borough", "counts")


@pytest.fixture(scope="module")
def recorded(bundled):
    return trends(bundled.run, Filters(), "borough", "incidents")


def row(table: pd.DataFrame, **values) -> pd.Series:
    """The one row with these values."""
    for column, value in values.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_london_has_the_yearly_totals_of_the_returns(visits):
    # As the parser's tests count them in the Home Office's own files.
    assert visits.london["visits_low"].round(6).tolist() == [
        4736,
        4641,
        4437,
        3834,
        3689,
        3472,
        907,
        719,
        861,
    ]
    assert visits.london["visits_high"].round(6).tolist()[-1] == 1044


@pytest.mark.parametrize("level", ["borough", "district"])
def test_rows_add_up_to_london(bundled, level):
    result = trends(bundled.run, Filters(), level, "counts")
    sums = result.rows.groupby("period")["visits_high"].sum()
    assert sums.tolist() == pytest.approx(result.london["visits_high"].tolist(), rel=1e-12)


def test_londons_visits_have_one_step_and_it_is_dated_2020(visits):
    steps = visits.change_points[visits.change_points["area_code"] == LONDON]
    assert steps["date"].tolist() == ["2020"]
    assert steps["rate_ratio"].iloc[0] < 0.25


def test_london_is_falling_and_says_so(visits):
    assert row(visits.trend, area_code=LONDON)["trend"] == "falling"
    assert trend_finding(visits, LONDON).startswith(
        "Official visits in London fell in 2020, from about 4,141 a year"
    )


def test_a_return_that_stops_in_october_covers_304_days(bundled):
    result = trends(bundled.run, Filters(), "district", "counts")
    stopped = row(result.rows, area_code="EC1A", period="2019")
    assert stopped["covered_days"] == 304
    assert stopped["is_partial"]
    whole = row(result.rows, area_code="E1", period="2020")
    assert (whole["covered_days"], whole["is_partial"]) == (366, False)
    camden = row(
        trends(bundled.run, Filters(), "borough", "counts").rows, area_code="E09000007", period="2019"
    )
    assert 304 < camden["covered_days"] < 365


def test_a_year_in_part_is_rated_by_the_time_it_covers(toy_store):
    rows = [count_row("E1", 2018, 365), count_row("E1", 2019, 304, end=date(2019, 10, 31))]
    result = trends(with_rows(toy_store, "counts", rows).run, Filters(), "district", "counts")
    assert row(result.rows, period="2019")["rate_low"] == pytest.approx(365.25)
    assert row(result.changes, area_code="E1")["rate_ratio"] == pytest.approx(1)


@pytest.mark.parametrize(("level", "code"), [("district", "E1"), ("borough", EAST)])
def test_a_financial_year_stands_where_it_begins_with_all_its_days(toy_store, level, code):
    rows = [count_row("E1", 2019, 366, start=date(2019, 4, 1), end=date(2020, 3, 31))]
    result = trends(with_rows(toy_store, "counts", rows).run, Filters(), level, "counts")
    found = row(result.rows, area_code=code, period="2019")
    assert (found["covered_days"], found["is_partial"]) == (366, False)
    assert found["rate_low"] == pytest.approx(365.25)
    assert any("cross the turn of a year" in note for note in result.notes)


def test_what_lies_at_no_area_keeps_its_rows(toy_store):
    rows = [count_row("W1", 2020, 10), count_row("EC2P", 2020, 3)]
    result = trends(with_rows(toy_store, "counts", rows).run, Filters(), "borough", "counts")
    assert row(result.rows, area_code="outside")["visits_low"] == pytest.approx(1)
    assert row(result.rows, area_code="unknown")["visits_low"] == 3
    assert row(result.london)["visits_low"] == pytest.approx(13)
    assert {"outside", "unknown"}.isdisjoint(result.trend["area_code"])


def test_one_year_has_no_change_and_cannot_tell(toy_store):
    result = trends(
        with_rows(toy_store, "counts", [count_row("E1", 2020, 5)]).run, Filters(), "district", "counts"
    )
    assert result.changes.empty
    assert spans_beside_step(result) is None
    assert set(result.trend["trend"]) == {"cannot tell"}
    assert "the only year there is" in trend_finding(result, LONDON)


def test_visits_of_none_in_every_year_are_said_to_be_none(toy_store):
    rows = [count_row("E1", year, 0) for year in range(2014, 2020)]
    result = trends(with_rows(toy_store, "counts", rows).run, Filters(), "district", "counts")
    assert result.changes.empty
    compared = change_between(result, (2014, 2014), (2015, 2015))
    assert compared[["rate_ratio", "low", "high"]].isna().all(axis=None)
    assert compared[["count_from", "count_to"]].eq(0).all(axis=None)
    assert result.change_points.empty
    assert trend_finding(result, LONDON) == "Official visits in London: none from 2014 to 2019."
    assert not any("nan" in sentence for sentence in trends_sentences(result))


@pytest.mark.parametrize("level", ["borough", "district"])
@pytest.mark.parametrize("source", ["counts", "incidents"])
def test_an_empty_store_gets_a_sentence(toy_store, level, source):
    result = trends(toy_store.run, Filters(), level, source)
    assert result.rows.empty
    assert result.trend.empty
    assert trend_sentences(result, EAST) == trends_sentences(result) == result.notes[:1]


def test_an_area_without_figures_is_not_called_zero(visits):
    assert "no official figures" in trend_finding(visits, "E09000016")


def test_chosen_boroughs_take_londons_place(bundled):
    result = trends(bundled.run, Filters(boroughs=("E09000012",)), "borough", "counts")
    assert result.rows["area_code"].unique().tolist() == ["E09000012"]
    assert "the boroughs chosen" in trend_finding(result, LONDON)
    assert words_sentences(result) == []


def test_settings_that_no_return_gives_are_the_reason_told(bundled):
    result = trends(bundled.run, Filters(settings=("market",)), "borough", "counts")
    assert "at which kind of address" in result.notes[0]


@pytest.mark.parametrize(
    ("level", "source", "reason"),
    [
        ("ward", "counts", "no such level"),
        ("borough", "rumours", "no such source"),
        ("locality", "counts", "finer"),
    ],
)
def test_what_there_is_not_is_refused(toy_store, level, source, reason):
    with pytest.raises(InputError, match=reason):
        trends(toy_store.run, Filters(), level, source)


# Recorded incidents


@pytest.fixture
def months(toy_store):
    east = {"borough_code": EAST, "postcode_district": "E1", "locality_code": "E09000012-E1"}
    return with_rows(
        toy_store,
        "incidents",
        [
            incident_row(datetime(2020, 1, 11, 6), **east),
            incident_row(datetime(2020, 1, 20), datetime(2020, 1, 20, 23), **east),
            incident_row(datetime(2020, 3, 1), datetime(2020, 3, 31, 23), borough_code=WEST),
            incident_row(datetime(2020, 1, 1), datetime(2020, 12, 31, 23), borough_code=WEST),
            incident_row(datetime(2020, 1, 31, 22), datetime(2020, 2, 1, 5), **east),
            incident_row(datetime(2020, 5, 1, 7), borough_code=TOWN),
            incident_row(datetime(2020, 5, 1, 7)),
        ],
    )


@pytest.mark.parametrize("level", ["borough", "district", "locality"])
def test_months_and_those_without_add_up_to_all_incidents(months, level):
    result = trends(months.run, Filters(), level, "incidents")
    assert result.rows["incidents"].sum() + result.unknown_month == 7
    assert result.unknown_month == 2
    assert any(note.startswith("2 incidents are known only by year") for note in result.notes)


def test_a_month_without_a_report_is_a_row_of_none(months):
    result = trends(months.run, Filters(), "borough", "incidents")
    east = result.rows[result.rows["area_code"] == EAST]
    assert east["period"].tolist() == [f"2020-{month:02d}" for month in range(1, 13)]
    assert east["incidents"].tolist() == [2] + [0] * 11
    assert east["covered_days"].tolist()[:2] == [31, 29]
    assert set(result.rows["area_code"]) == {EAST, WEST, "outside", "unknown"}


def test_london_is_the_incidents_in_its_boroughs_at_every_level(months):
    totals = [
        trends(months.run, Filters(), level, "incidents").london["incidents"].sum()
        for level in ("borough", "district", "locality")
    ]
    assert totals == [3, 3, 3]


def test_the_chosen_dates_cut_the_months(months):
    filters = Filters(date_from=date(2020, 1, 11), date_to=date(2020, 3, 31))
    result = trends(months.run, filters, "borough", "incidents")
    assert result.london["period"].tolist() == ["2020-01", "2020-02", "2020-03"]
    assert result.london["covered_days"].tolist() == [21, 29, 31]
    assert result.london["is_partial"].tolist() == [True, False, False]
    assert any(note.startswith("1 more incident is known only by month or year") for note in result.notes)


def test_incidents_of_other_towns_only_leave_london_without_any(toy_store):
    rows = [incident_row(datetime(year, 5, 1, 7), borough_code=TOWN) for year in range(2018, 2023)]
    result = trends(with_rows(toy_store, "incidents", rows).run, Filters(), "borough", "incidents")
    assert result.rows.groupby("area_code")["incidents"].sum().to_dict() == {"outside": 5}
    assert trend_finding(result, LONDON) == "Recorded incidents in London: none from 2018 to 2022."
    assert row(result.trend)["trend"] == "cannot tell"


def test_incidents_known_only_by_year_stand_in_no_month(toy_store):
    rows = [incident_row(datetime(2020, 1, 1), datetime(2020, 12, 31, 23), borough_code=EAST)]
    result = trends(with_rows(toy_store, "incidents", rows).run, Filters(), "borough", "incidents")
    assert result.unknown_month == 1
    assert result.rows["incidents"].sum() == 0
    assert row(result.years, area_code=EAST)["low"] == row(result.years, area_code=LONDON)["low"] == 1
    assert trend_finding(result, LONDON) == "Recorded incidents in London: 1 in 2020, the only year there is."


def test_incidents_known_only_by_year_count_in_the_change_of_years(toy_store):
    vague = [incident_row(datetime(2020, 1, 1), datetime(2020, 12, 31, 23), borough_code=EAST)] * 3
    exact = [incident_row(datetime(2019, month, 5, 7), borough_code=EAST) for month in range(1, 7)]
    turn = [incident_row(datetime(2019, 12, 31, 22), datetime(2020, 1, 1, 4), borough_code=EAST)]
    result = trends(
        with_rows(toy_store, "incidents", exact + vague + turn).run, Filters(), "borough", "incidents"
    )
    change = row(result.changes, area_code=EAST)
    assert (change["count_from"], change["count_to"]) == pytest.approx((6, 3))
    assert change["rate_ratio"] == pytest.approx(3 / 366 / (6 / 361))
    assert result.unknown_month == 4
    assert any("but for 1 of them" in note for note in result.notes)


def test_recorded_incidents_of_one_place_and_month_are_the_ones_in_the_store(bundled, recorded):
    # Counted row by row instead of by SQL.
    rows = bundled.sql("SELECT borough_code, started_earliest, started_latest FROM incidents").to_pandas()
    same = rows["started_earliest"].dt.to_period("M") == rows["started_latest"].dt.to_period("M")
    here = rows[same & (rows["borough_code"] == "E09000028")]
    expected = here["started_earliest"].dt.strftime("%Y-%m").value_counts().to_dict()
    found = area_history(recorded, "E09000028")
    assert found[found["incidents"] > 0].set_index("period")["incidents"].to_dict() == expected
    assert len(rows) == recorded.rows["incidents"].sum() + recorded.unknown_month


def test_burglaries_by_month_are_those_of_the_published_files(tmp_path, monkeypatch):
    files = sorted(BURGLARY.glob("*.csv*"))
    if not files:
        pytest.skip("needs ../shared/data, the police data")
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    store = open_store(tmp_path / "burglary.duckdb")
    taken = files[:2]
    for file in taken:
        plain = tmp_path / file.name.removesuffix(".gz")
        packed = file.read_bytes()
        plain.write_bytes(gzip.decompress(packed) if file.suffix == ".gz" else packed)
        import_file(store, plain)
    result = trends(store.run, Filters(), "borough", "incidents")
    # Without a coordinate a burglary has no place, and is set aside.
    published = pd.concat([pd.read_csv(file) for file in taken]).dropna(subset="Longitude")
    by_month = result.rows.groupby("period")["incidents"].sum()
    assert by_month.to_dict() == published["Month"].value_counts().to_dict()
    assert result.unknown_month == 0


# Changes


def test_every_pair_of_years_is_compared(visits):
    london_years = visits.changes[visits.changes["area_code"] == LONDON]
    assert london_years["count_to"].tolist() == [4641, 4437, 3834, 3689, 3472, 907, 719, 952.5]
    assert visits.changes[["count_from", "count_to"]].any(axis=1).all()
    london = row(visits.changes, area_code=LONDON, to="2020")
    assert london["from"] == "2019"
    assert london["rate_ratio"] == pytest.approx(
        907 / 3472 * visits.london["covered_days"][5] / visits.london["covered_days"][6], rel=1e-12
    )


def test_changes_of_incidents_name_their_model(recorded):
    assert set(recorded.changes["model"]) <= {"Poisson", "negative binomial"}
    assert row(recorded.changes, area_code=LONDON, to="2013")["model"] == "negative binomial"


def test_no_figure_of_any_table_is_infinite(visits, recorded):
    for result in (visits, recorded):
        for table in (result.rows, result.years, result.changes, result.change_points, result.trend):
            assert not np.isinf(table.select_dtypes("number").to_numpy(dtype=float)).any()


def test_two_periods_of_ones_choice_are_compared_and_named(visits):
    changes = change_between(visits, (2014, 2019), (2020, 2020))
    london = row(changes, area_code=LONDON)
    assert (london["from"], london["to"]) == ("2014 to 2019", "2020")
    assert london["low"] < 907 / 4134.8 < london["high"] < 0.4


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [((2018, 2016), (2020, 2021), "before it begins"), ((2014, 2019), (2019, 2020), "overlap")],
)
def test_periods_that_make_no_sense_are_told(visits, first, second, reason):
    with pytest.raises(InputError, match=reason):
        change_between(visits, first, second)


def test_the_periods_on_offer_lie_beside_the_step(visits, recorded):
    assert spans_beside_step(visits) == ((2014, 2019), (2020, 2022))
    assert spans_beside_step(recorded) == ((2024, 2024), (2025, 2025))


def test_the_table_of_areas_begins_with_london_and_has_every_area(visits):
    table = areas_table(visits, change_between(visits, (2014, 2019), (2020, 2022)))
    assert table["area_code"].iloc[0] == LONDON
    assert len(table) == visits.trend["area_code"].nunique()
    assert row(table, area_code=LONDON)["steps"] == "2020"
    without = table[table["rate_ratio"].isna()]
    assert set(without["reason"]) == {"covered too little"}


def test_a_step_has_its_ratio_and_the_range_of_its_levels(visits):
    step = row(visits.change_points, area_code=LONDON)
    days = visits.london["covered_days"].tolist()
    # 907, 719 and 861 to 1,044 visits in the three years from 2020.
    assert step["rate_after_low"] == pytest.approx((907 + 719 + 861) / sum(days[6:]) * 365.25)
    assert step["rate_after_high"] == pytest.approx((907 + 719 + 1044) / sum(days[6:]) * 365.25)
    compared = row(change_between(visits, (2014, 2019), (2020, 2022)), area_code=LONDON)
    assert step[["rate_ratio", "low", "high"]].tolist() == compared[["rate_ratio", "low", "high"]].tolist()
    assert trend_finding(visits, LONDON).endswith(
        "to about 831 to 892 after: 0.21 times as many (95 % interval 0.17 to 0.26)."
    )


def test_a_borough_whose_residents_are_covered_too_little_has_no_trend_step_or_change(bundled, visits):
    table = where(bundled.run, Filters(), "borough", "counts").table
    expected = set(table.loc[(table["covered_share"] < 0.5) & (table["visits_high"] > 0), "area_code"])
    assert "E09000015" in expected
    said = visits.trend[visits.trend["reason"] == "covered too little"]
    assert set(said["area_code"]) == expected
    assert set(said["trend"]) == {"cannot tell"}
    assert expected.isdisjoint(visits.change_points["area_code"])
    assert expected.isdisjoint(areas_years(visits)["area_code"])
    assert expected.isdisjoint(change_between(visits, (2014, 2014), (2015, 2015))["area_code"])
    assert expected <= set(visits.rows["area_code"])
    assert "less than half of its residents" in trend_finding(visits, "E09000015")


def test_chosen_boroughs_are_judged_by_their_residents_together(bundled):
    result = trends(bundled.run, Filters(boroughs=("E09000015",)), "borough", "counts")
    assert set(result.trend["reason"]) == {"covered too little"}
    assert "less than half of its residents" in trend_finding(result, LONDON)
    both = trends(bundled.run, Filters(boroughs=("E09000015", "E09000012", "E09000030")), "borough", "counts")
    assert row(both.trend, area_code=LONDON)["reason"] == ""


def test_districts_of_chosen_boroughs_are_named_as_what_they_are(bundled):
    result = trends(bundled.run, Filters(boroughs=("E09000012",)), "district", "counts")
    assert "in districts that reach into the boroughs chosen fell" in trend_finding(result, LONDON)
    assert any("counted whole here" in note for note in result.notes)


def test_a_hot_spot_of_earlier_years_keeps_the_word_of_its_counts(toy_store):
    # A block of nine areas that is visited twenty times as much as the others, until 2018.
    store = put_areas(toy_store, grid(6, 6))
    rows = [
        count_row(f"X{x}Y{y}", year, 200 if x < 3 and y < 3 and year < 2019 else 10)
        for x in range(6)
        for y in range(6)
        for year in range(2014, 2023)
    ]
    result = trends(with_rows(store, "counts", rows).run, Filters(), "district", "counts")
    middle = row(result.trend, area_code="X1Y1")
    assert middle["trend"] == "falling"
    assert (middle["hot_spot_years"], middle["years"], middle["last_hot_year"]) == (5, 9, 2018)
    said = trend_sentences(result, "X1Y1")[-1]
    assert said.endswith("mostly one step, in 2019. Hot spot in 5 of 9 years, last in 2018.")
    assert row(result.trend, area_code="X5Y5")["trend"] == "persistent"
    assert result.change_points.set_index("area_code").loc["X1Y1", "date"] == "2019"
