from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.filters import Filters
from analysis.quality.seen import seen
from analysis.quality.seen_words import areas_to_draw, percent, share_in_words, to_download
from data.errors import InputError
from data.keeping.opening import open_store
from data.store.store import BUNDLED
from tests.analysis.where.test_where import row, with_rows
from tests.conftest import EAST, TOWN, WEST, count_row, examples, incident_row

EAST_E1 = {"borough_code": EAST, "postcode_district": "E1"}
EAST_E2 = {"borough_code": EAST, "postcode_district": "E2"}
WEST_E2 = {"borough_code": WEST, "postcode_district": "E2"}
WEST_W1 = {"borough_code": WEST, "postcode_district": "W1"}


@pytest.fixture
def counted(toy_store):
    """E2 is counted for two years, the second as a range; the return of W1 stops in June."""
    rows = [
        count_row("E1", 2020, 60),
        count_row("E2", 2020, 40),
        count_row("E2", 2021, 1, 4),
        count_row("W1", 2020, 10, end=date(2020, 6, 30)),
        count_row("E1", 2020, 12, setting="home"),
    ]
    return with_rows(toy_store, "counts", rows)


def on(year, month, day, place, **values):
    return incident_row(datetime(year, month, day, 7), **place, **values)


def heard(result) -> dict[str, int]:
    return dict(zip(result.table["area_code"], result.table["incidents"], strict=True))


def test_a_share_is_a_range_where_the_official_figure_is_one(counted):
    store = with_rows(counted, "incidents", [on(2020, 3, 1, EAST_E2), on(2021, 3, 1, WEST_E2)])
    result = seen(store.run, Filters(), "district")
    # 41 to 44 visits in both years; the interval as R's prop.test(correct = FALSE) gives it for 2 of 44 and 2 of 41.
    assert row(result, "E2")[["share_low", "share_high"]].tolist() == pytest.approx([2 / 44, 2 / 41])
    likely = row(result, "E2")[["likely_low", "likely_high"]].tolist()
    assert likely == pytest.approx([0.01255510995, 0.16138978870], abs=1e-10)
    years = result.area_years.set_index(["area_code", "year"])
    assert years.loc[("E2", 2020), "share_low"] == pytest.approx(1 / 40)
    assert years.loc[("E2", 2021), ["share_low", "share_high"]].tolist() == [0.25, 1.0]


def test_all_areas_together_add_up_by_area_and_by_year(counted):
    rows = [on(2020, 3, 1, EAST_E1), on(2020, 3, 1, EAST_E2), on(2021, 3, 1, WEST_E2)]
    result = seen(with_rows(counted, "incidents", rows).run, Filters(), "district")
    assert (
        result.finding
        == "Of 111 to 114 official visits in London from 2020 to 2021, these records hold 3: 2.7 %"
    )
    assert result.years[
        ["year", "incidents", "visits_low", "visits_high", "covered_days"]
    ].to_numpy().tolist() == [
        [2020, 2, 110, 110, 366],
        [2021, 1, 1, 4, 365],
    ]


def test_an_incident_after_a_return_stops_is_not_set_against_it(counted):
    rows = [on(2020, 6, 30, WEST_W1), on(2020, 7, 1, WEST_W1)]
    result = seen(with_rows(counted, "incidents", rows).run, Filters(), "district")
    assert row(result, "W1")["incidents"] == 1
    assert any(note.startswith("1 recorded incident is of a place or time") for note in result.notes)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2020-01-01 00:00", "2020-12-31 23:00", 1),
        ("2020-12-31 22:00", "2021-01-01 02:00", 0),
        ("2019-12-31 23:00", "2020-01-01 05:00", 0),
        ("2020-01-01 00:00", "2021-12-31 23:00", 0),
    ],
)
def test_only_an_incident_wholly_inside_a_figures_time_counts(counted, first, last, expected):
    vague = incident_row(datetime.fromisoformat(first), datetime.fromisoformat(last), **EAST_E2)
    result = seen(with_rows(counted, "incidents", [vague]).run, Filters(), "district")
    assert row(result, "E2")["incidents"] == expected


def test_a_borough_takes_incidents_of_covered_districts_and_others_where_it_is_mostly_covered(counted):
    rows = [
        on(2021, 3, 1, EAST_E2),  # its district is covered in 2021
        on(2021, 3, 1, EAST_E1),  # its district is not
        on(2020, 3, 1, {"borough_code": EAST}),  # all of Eastham is covered in 2020
        on(2021, 3, 1, {"borough_code": EAST}),  # a quarter of it in 2021
        on(2020, 9, 1, {"borough_code": WEST}),  # half of Westham in all of 2020
        on(2020, 9, 1, WEST_W1),
        on(2020, 3, 1, {"borough_code": TOWN}),
    ]
    result = seen(with_rows(counted, "incidents", rows).run, Filters(), "borough")
    assert heard(result) == {EAST: 2, WEST: 1}
    # 60 of E1, half of the 41 to 44 of E2.
    assert row(result, EAST)[["share_low", "share_high"]].tolist() == pytest.approx([2 / 82, 2 / 80.5])


def test_a_boroughs_own_figure_covers_its_incidents_without_a_district(toy_store):
    store = with_rows(toy_store, "counts", [count_row(EAST, 2020, 50, level="borough")])
    rows = [on(2020, 3, 1, {"borough_code": EAST}), on(2020, 3, 1, EAST_E1), on(2021, 3, 1, EAST_E1)]
    result = seen(with_rows(store, "incidents", rows).run, Filters(), "borough")
    assert heard(result)[EAST] == 2
    assert row(result, EAST)["share_low"] == pytest.approx(2 / 50)


def test_an_incident_in_two_figures_that_overlap_counts_once(toy_store):
    figures = [
        count_row("E1", 2020, 50),
        count_row("E1", 2020, 70, start=date(2020, 7, 1), end=date(2021, 6, 30)),
    ]
    rows = [on(2020, 9, 1, EAST_E1), on(2021, 2, 1, EAST_E1)]
    store = with_rows(with_rows(toy_store, "counts", figures), "incidents", rows)
    assert row(seen(store.run, Filters(), "district"), "E1")["incidents"] == 2


def test_an_area_without_official_figures_has_no_share_and_is_not_called_blind(toy_store):
    store = with_rows(toy_store, "counts", [count_row("E1", 2020, 60)])
    result = seen(store.run, Filters(), "borough")
    west = row(result, WEST)
    assert np.isnan(west["share_low"])
    assert not west["is_covered"]
    assert not west["is_blind"]


def test_a_blind_area_says_how_much_may_be_heard_of_at_most(toy_store):
    store = with_rows(toy_store, "counts", [count_row("E1", 2020, 320)])
    result = seen(store.run, Filters(), "district")
    assert result.table.loc[result.table["is_blind"], "area_code"].tolist() == ["E1"]
    # R: prop.test(0, 320, correct = FALSE) ends at 0.01186.
    assert result.blind == ["E1: 0 of 320 official visits heard of: at most 1.2 %."]
    assert result.finding == "Of 320 official visits in London in 2020, these records hold none"


def test_the_chance_of_none_is_that_of_the_share_of_all_areas(toy_store):
    store = with_rows(toy_store, "counts", [count_row("E1", 2020, 990), count_row("E2", 2020, 10)])
    result = seen(with_rows(store, "incidents", [on(2020, 3, 1, EAST_E2)]).run, Filters(), "district")
    assert row(result, "E1")["chance_of_none"] == pytest.approx(0.999**990)
    assert "1 of 2 postcode districts with official visits has no recorded incident" in result.sentences[1]
    # 0.371 and 0.990 add up to 1.36.
    assert "would leave about 1." in result.sentences[1]
    assert result.sentences[2].startswith("Furthest from chance is E1")


def test_an_area_that_chance_would_mostly_leave_without_any_is_not_called_far_from_it(toy_store):
    # 0.99 ** 10 = 0.904.
    store = with_rows(toy_store, "counts", [count_row("E1", 2020, 10), count_row("E2", 2020, 90)])
    result = seen(with_rows(store, "incidents", [on(2020, 3, 1, EAST_E2)]).run, Filters(), "district")
    assert row(result, "E1")["chance_of_none"] == pytest.approx(0.99**10)
    assert len(result.sentences) == 2
    assert "would leave about 1." in result.sentences[1]


def test_one_area_compared_is_called_by_its_name(toy_store):
    store = with_rows(toy_store, "counts", [count_row("E2", 2020, 90)])
    store = with_rows(store, "incidents", [on(2020, 3, 1, EAST_E2)])
    assert "E2 has a recorded incident of that time." in seen(store.run, Filters(), "district").sentences
    store = with_rows(store, "counts", [count_row("E1", 2020, 90)])
    store = with_rows(store, "incidents", [on(2020, 3, 1, EAST_E1)])
    assert (
        "Each of the 2 postcode districts compared has a recorded incident of that time."
        in seen(store.run, Filters(), "district").sentences
    )


def test_an_area_with_far_too_many_visits_to_be_missed_by_chance_is_named(toy_store):
    store = with_rows(toy_store, "counts", [count_row("E1", 2020, 500), count_row("E2", 2020, 500)])
    rows = [on(2020, 1 + number % 12, 1 + number // 12, EAST_E2) for number in range(30)]
    result = seen(with_rows(store, "incidents", rows).run, Filters(), "district")
    assert result.sentences[2] == "Too many visits to be missed by chance alone: E1."


def test_more_incidents_than_visits_are_not_a_share_and_said_not_to_be_a_part(toy_store):
    store = with_rows(toy_store, "counts", [count_row("E1", 2020, 1), count_row("E2", 2020, 9)])
    rows = [on(2020, month, 1, EAST_E1) for month in (1, 2, 3)]
    result = seen(with_rows(store, "incidents", rows).run, Filters(), "district")
    assert row(result, "E1")["is_exceeded"]
    assert np.isnan(row(result, "E1")["share_low"])
    assert result.sentences[-1].startswith("More incidents than official visits in E1")


def test_a_year_with_more_incidents_than_visits_is_named_and_not_compared(toy_store):
    figures = [count_row("E1", 2019, 100), count_row("E1", 2020, 50), count_row("E1", 2021, 1)]
    rows = [on(2020, 3, 1, EAST_E1), on(2021, 3, 1, EAST_E1), on(2021, 4, 1, EAST_E1)]
    store = with_rows(with_rows(toy_store, "counts", figures), "incidents", rows)
    result = seen(store.run, Filters(), "district")
    assert result.years_finding == (
        "Least was heard of in 2019 (0 %), most in 2020 (2 %); their likely ranges overlap; "
        "more incidents than visits in 2021"
    )


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(date_from=date(2021, 1, 1)), {"E2": 1}),
        (Filters(settings=("home",)), {"E1": 1}),
        (Filters(outcomes=("no arrests",)), {"E1": 1, "E2": 0}),
        (Filters(boroughs=(WEST,)), {"E2": 2}),
    ],
)
def test_filters_choose_visits_and_incidents_where_both_have_them(counted, filters, expected):
    rows = [
        on(2020, 3, 1, EAST_E1, setting="home", outcome="no arrests"),
        on(2020, 4, 1, EAST_E2),
        on(2021, 4, 1, WEST_E2),
    ]
    result = seen(with_rows(counted, "incidents", rows).run, filters, "district")
    found = result.table[result.table["visits_high"].notna()].set_index("area_code")["incidents"]
    assert {code: found[code] for code in expected} == expected


def test_a_filter_that_official_figures_lack_is_told(counted):
    result = seen(counted.run, Filters(outcomes=("prevented",), confidences=("high",)), "borough")
    assert any("filter by outcome chooses recorded incidents only" in note for note in result.notes)
    assert any("filter by confidence chooses recorded incidents only" in note for note in result.notes)


def test_a_setting_of_which_no_return_tells_leaves_nothing_to_compare(counted):
    result = seen(counted.run, Filters(settings=("market",)), "borough")
    assert result.finding.startswith("No official figure covers this choice")
    assert result.table["share_low"].isna().all()
    assert result.years.empty


@pytest.mark.parametrize("level", ["borough", "district"])
def test_an_empty_store_says_that_nothing_can_be_said(toy_store, level):
    result = seen(toy_store.run, Filters(), level)
    assert result.finding.startswith("No official figure covers")
    assert result.blind == []
    assert result.area_years.empty


def test_figures_that_count_no_visit_give_no_share(toy_store):
    store = with_rows(toy_store, "counts", [count_row("E1", 2020, 0)])
    result = seen(store.run, Filters(), "district")
    assert result.finding == "The official figures count no visit in London in 2020"
    assert result.blind == []


def test_localities_are_refused(toy_store):
    with pytest.raises(InputError, match="nothing finer"):
        seen(toy_store.run, Filters(), "locality")


def test_incidents_outside_the_time_of_the_figures_and_of_boroughs_only_are_told(counted):
    rows = [on(2012, 3, 1, EAST_E1), on(2020, 3, 1, {"borough_code": EAST})]
    notes = "\n".join(seen(with_rows(counted, "incidents", rows).run, Filters(), "district").notes)
    assert "1 recorded incident is outside the time of the official figures, from 2020 to 2021" in notes
    assert "1 recorded incident is known by borough only" in notes


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.0, 0.0, "0 %"),
        (0.00098, 0.00098, "0.098 %"),
        (0.00095, 0.00096, "0.096 %"),
        (0.0038, 0.0046, "0.38 % to 0.46 %"),
        (0.25, 1.0, "25 % to all"),
        (np.nan, np.nan, "–"),
    ],
)
def test_a_share_in_words_has_no_more_digits_than_it_needs(low, high, text):
    assert share_in_words(low, high) == text


def test_percent_keeps_two_digits_of_a_small_share():
    assert [percent(share) for share in (0.0001234, 0.126, 1.0)] == ["0.012 %", "13 %", "100 %"]


def test_a_chart_holds_every_share_and_is_not_stretched_by_the_interval_of_one_visit(toy_store):
    figures = [count_row("E1", 2020, 1000), count_row("E2", 2020, 500), count_row("W1", 2020, 1)]
    store = with_rows(with_rows(toy_store, "counts", figures), "incidents", [on(2020, 3, 1, EAST_E2)])
    table = seen(store.run, Filters(), "district").table
    drawn, axis_end = areas_to_draw(table, 33)
    assert drawn["area_code"].tolist() == ["E1", "E2", "W1"]
    assert 1 / 500 < axis_end < 0.6
    assert areas_to_draw(table, 2)[0]["area_code"].tolist() == ["E1", "E2"]


def test_nothing_to_draw_is_an_empty_chart_with_an_axis(toy_store):
    drawn, axis_end = areas_to_draw(seen(toy_store.run, Filters(), "borough").table, 33)
    assert (len(drawn), axis_end) == (0, 1.0)


def test_a_download_says_its_unit_and_time(counted):
    table = to_download(seen(counted.run, Filters(), "borough").table, "from 2020 to 2021")
    assert table["period"].unique().tolist() == ["from 2020 to 2021"]
    assert table["unit"].unique().tolist() == ["share of official visits, 0 to 1"]


PLACES = [EAST_E1, EAST_E2, WEST_E2, WEST_W1, {"borough_code": EAST}, {"borough_code": TOWN}]


@settings(
    deadline=None, max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(st.sampled_from(["E1", "E2", "W1"]), st.sampled_from([2020, 2021]), st.integers(0, 9), st.integers(0, 9)),
        max_size=6, unique_by=lambda figure: figure[:2],
    ),
    st.lists(st.tuples(st.sampled_from(PLACES), st.integers(2019, 2022), st.integers(1, 12)), max_size=25),
    st.sampled_from(["borough", "district"]),
)  # fmt: skip
def test_shares_lie_between_none_and_all_and_no_incident_counts_twice(toy_store, figures, recorded, level):
    with toy_store.write() as connection:
        connection.execute("DELETE FROM incidents; DELETE FROM counts")
    counts = [count_row(code, year, low, low + more) for code, year, low, more in figures]
    rows = [on(year, month, 1, place) for place, year, month in recorded]
    store = with_rows(with_rows(toy_store, "counts", counts), "incidents", rows)
    result = seen(store.run, Filters(), level)
    told = result.table.dropna(subset=["share_low"])
    assert (told["share_low"] >= 0).all()
    assert (told["share_low"] <= told["share_high"]).all()
    assert (told["share_high"] <= 1).all()
    assert (told["likely_low"] <= told["share_low"] + 1e-9).all()
    assert (told["likely_high"] >= told["share_low"] - 1e-9).all()
    assert (
        result.table["incidents"].sum()
        == result.years["incidents"].sum()
        == result.area_years["incidents"].sum()
    )
    assert result.table["incidents"].sum() <= len(rows)
    covered = {(code, year) for code, year, _low, _more in figures}
    by_hand = sum((place.get("postcode_district"), year) in covered for place, year, _month in recorded)
    assert level == "borough" or result.table["incidents"].sum() == by_hand


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    return open_store(tmp_path_factory.mktemp("seen") / "raids.duckdb")


def test_bundled_records_by_district_are_counted_as_pandas_counts_the_files(bundled):
    visits = pd.read_csv(BUNDLED / "home_office_visits.csv", parse_dates=["period_start", "period_end"])
    recorded = pd.read_csv(BUNDLED / "reported_incidents.csv").dropna(subset=["postcode_district"])
    # The first and the last day of '2015', '2015-03' or '2015-03-04'.
    recorded["first"] = recorded["date"].map(lambda text: pd.Period(text).start_time)
    recorded["last"] = recorded["date"].map(lambda text: pd.Period(text).end_time.normalize())
    both = recorded.merge(visits, on="postcode_district")
    both = both[(both["first"] >= both["period_start"]) & (both["last"] <= both["period_end"])]
    result = seen(bundled.run, Filters(), "district")
    expected = both.groupby("postcode_district").size().to_dict()
    assert {code: n for code, n in heard(result).items() if n} == expected
    totals = visits.groupby("postcode_district")["visits_high"].sum()
    e6 = row(result, "E6")
    assert (e6["visits_high"], e6["is_blind"]) == (totals["E6"], True)
    assert result.years.set_index("year")["incidents"].to_dict() == {
        year: int((both["period_start"].dt.year == year).sum()) for year in range(2014, 2023)
    }


def test_bundled_records_by_borough_are_counted_as_pandas_counts_them(bundled):
    visits = pd.read_csv(BUNDLED / "home_office_visits.csv", parse_dates=["period_start", "period_end"])
    overlap = bundled.sql("SELECT * FROM area_overlap WHERE from_level = 'district'").to_pandas()
    overlap = overlap[overlap["to_level"] == "borough"]
    residents = bundled.sql("SELECT code, residents FROM areas WHERE level = 'borough'").to_pandas()
    residents = residents.set_index("code")["residents"]
    pieces = visits.merge(overlap, left_on="postcode_district", right_on="from_code")
    recorded = bundled.sql("SELECT * FROM incidents").to_pandas()
    expected = dict.fromkeys(residents.index, 0)
    for incident in recorded[recorded["borough_code"].isin(residents.index)].itertuples():
        holding = pieces[
            (pieces["to_code"] == incident.borough_code)
            & (pieces["period_start"] <= incident.started_earliest)
            & (pieces["period_end"] + pd.Timedelta(days=1) > incident.started_latest)
        ]
        if incident.postcode_district == "unknown":
            is_inside = holding["residents"].sum() / residents[incident.borough_code] >= 0.5
        else:
            is_inside = incident.postcode_district in set(holding["postcode_district"])
        expected[incident.borough_code] += is_inside
    result = seen(bundled.run, Filters(), "borough")
    assert heard(result) == expected
    in_london = pieces["visits_high"] * pieces["share"]
    assert result.total["visits_high"] == pytest.approx(in_london.sum(), abs=1e-6)
    assert result.finding.startswith("Of 27,292 to 27,475 official visits in London from 2014 to 2022")
