from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.filters import Filters
from analysis.where.where import DAYS_PER_YEAR, outcome_column, where
from data.errors import InputError
from data.store.store import Store
from tests.analysis.areas_by_hand import put_areas
from tests.conftest import EAST, TOWN, WEST, area_row, count_row, examples, incident_row, insert


def with_rows(store: Store, table: str, rows: list[dict]) -> Store:
    """The store with rows of one made-up import."""
    identity = {"import_id": "00000000-0000-0000-0000-000000000001"}
    if table == "incidents":
        rows = [
            row | {"incident_id": f"00000000-0000-0000-0001-{number:012d}"} for number, row in enumerate(rows)
        ]
    with store.write() as connection:
        insert(connection, table, [row | identity for row in rows])
    return store


def row(result, code) -> pd.Series:
    return result.table.set_index("area_code").loc[code]


@pytest.fixture
def counted(toy_store):
    return with_rows(
        toy_store,
        "counts",
        [
            count_row("E1", 2020, 60),
            count_row("E2", 2020, 40),
            count_row("E2", 2021, 1, 4),
            count_row("W1", 2020, 10, end=date(2020, 6, 30)),
            count_row("EC2P", 2020, 3),
            count_row("E1", 2020, 60, setting="home"),
            count_row("E1", 2019, 999) | {"superseded_by": "00000000-0000-0000-0000-000000000002"},
        ],
    )


def test_district_visits_are_shared_out_to_boroughs_by_overlap(counted):
    result = where(counted.run, Filters(), "borough", "counts")
    # East: all 60 of E1 and half of E2 (20, and 0.5 to 2). West: the other half of E2 and nine tenths of W1.
    assert row(result, EAST)[["visits_low", "visits_high"]].tolist() == [80.5, 82.0]
    assert row(result, WEST)[["visits_low", "visits_high"]].tolist() == [29.5, 31.0]


def test_borough_visits_and_what_lies_outside_add_up_to_the_return(counted):
    result = where(counted.run, Filters(), "borough", "counts")
    assert (result.total_low, result.total_high) == (114.0, 117.0)
    assert (result.outside_london_low, result.place_unknown_low) == (1.0, 3.0)
    assert result.table["visits_low"].sum() + 1 + 3 == 114


def test_visits_by_district_are_as_returned(counted):
    result = where(counted.run, Filters(), "district", "counts")
    assert row(result, "E2")[["visits_low", "visits_high"]].tolist() == [41, 44]
    assert result.place_unknown_low == 3
    assert result.total_low == 114


def test_rate_divides_by_the_residents_and_days_that_the_figures_cover(counted):
    result = where(counted.run, Filters(), "district", "counts")
    # E2: 100,000 residents over 366 + 365 days.
    expected = 41 / 100_000 * 1000 / (731 / DAYS_PER_YEAR)
    assert row(result, "E2")["rate_per_1000_low"] == pytest.approx(expected)
    assert row(result, "E1")["rate_per_1000_low"] == pytest.approx(60 / 150 / (366 / DAYS_PER_YEAR))


def test_an_area_of_few_residents_gets_no_rate(counted):
    assert np.isnan(row(where(counted.run, Filters(), "district", "counts"), "W1")["rate_per_1000_low"])


def test_an_area_without_official_figures_is_unknown_not_zero(toy_store):
    store = with_rows(toy_store, "counts", [count_row("E1", 2020, 0)])
    result = where(store.run, Filters(), "borough", "counts")
    assert row(result, EAST)["visits_low"] == 0
    assert np.isnan(row(result, WEST)["visits_low"])
    assert row(result, EAST)["covered_share"] == pytest.approx(0.75)


def test_an_area_that_is_covered_less_than_half_has_no_rank(toy_store):
    store = with_rows(toy_store, "counts", [count_row("E2", 2020, 50)])
    result = where(store.run, Filters(), "borough", "counts")
    assert row(result, EAST)["covered_share"] == pytest.approx(0.25)
    assert np.isnan(row(result, EAST)["rank_low"])
    assert row(result, WEST)["rank_low"] == 1


def test_a_period_counts_only_if_it_lies_in_the_dates_as_a_whole(counted):
    filters = Filters(date_from=date(2020, 1, 1), date_to=date(2020, 6, 30))
    result = where(counted.run, filters, "district", "counts")
    assert result.total_low == 10
    assert (result.period_start, result.period_end) == (date(2020, 1, 1), date(2020, 6, 30))


def test_dates_without_any_official_figure_say_why(counted):
    result = where(counted.run, Filters(date_from=date(2030, 1, 1)), "borough", "counts")
    assert result.period_start is None
    assert result.table["visits_low"].isna().all()
    assert "choose whole years" in result.notes[0]


def test_a_chosen_setting_counts_the_figures_by_kind_of_address(counted):
    result = where(counted.run, Filters(settings=("home",)), "district", "counts")
    assert result.total_low == 60


def test_a_boroughs_own_figure_takes_the_place_of_its_districts(toy_store):
    rows = [
        count_row("E1", 2020, 60),
        count_row("E2", 2020, 40),
        count_row(EAST, 2020, 500, level="borough"),
        count_row(EAST, 2021, 7, level="borough"),
    ]
    result = where(with_rows(toy_store, "counts", rows).run, Filters(), "borough", "counts")
    assert row(result, EAST)[["visits_low", "covered_share"]].tolist() == pytest.approx([507, 1])
    assert row(result, WEST)["visits_low"] == 20


def test_a_boroughs_own_part_of_a_year_gives_way_to_its_districts_whole_year(toy_store):
    rows = [count_row("E1", 2020, 60), count_row(EAST, 2020, 9, level="borough", end=date(2020, 6, 30))]
    result = where(with_rows(toy_store, "counts", rows).run, Filters(), "borough", "counts")
    assert row(result, EAST)["visits_low"] == 60


def test_an_area_covered_for_part_of_the_time_says_so_and_has_no_rank(toy_store):
    rows = [count_row("E1", year, 10) for year in range(2014, 2023)] + [count_row("E2", 2022, 4)]
    result = where(with_rows(toy_store, "counts", rows).run, Filters(), "district", "counts")
    assert row(result, "E1")["covered_share"] == pytest.approx(1)
    assert any(note.startswith("The figures of 1 postcode district cover") for note in result.notes)
    assert row(result, "E2")["covered_share"] == pytest.approx(365 / 3287)
    assert np.isnan(row(result, "E2")["rank_low"])
    assert row(result, "E2")["rate_per_1000_low"] == pytest.approx(4 / 100 / (365 / DAYS_PER_YEAR))


def test_two_settings_add_up_over_the_same_residents(toy_store):
    rows = [count_row("E1", 2021, 30, setting="home"), count_row("E1", 2021, 60, setting="workplace")]
    result = where(
        with_rows(toy_store, "counts", rows).run,
        Filters(settings=("home", "workplace")),
        "district",
        "counts",
    )
    assert row(result, "E1")["rate_per_1000_low"] == pytest.approx(90 / 150 / (365 / DAYS_PER_YEAR))


def test_a_setting_that_no_return_gives_is_the_reason_told(counted):
    result = where(counted.run, Filters(settings=("market",)), "borough", "counts")
    assert "at which kind of address" in result.notes[0]


def test_districts_of_chosen_boroughs_are_whole_and_said_to_be(counted):
    result = where(counted.run, Filters(boroughs=(WEST,)), "district", "counts")
    assert row(result, "E2")["visits_low"] == 41
    assert "counted whole" in result.notes[0]


def test_official_figures_by_locality_are_refused(counted):
    with pytest.raises(InputError, match="nothing finer"):
        where(counted.run, Filters(), "locality", "counts")


@pytest.mark.parametrize(("level", "source"), [("ward", "counts"), ("borough", "rumours")])
def test_an_unknown_level_or_source_is_refused(toy_store, level, source):
    with pytest.raises(InputError, match="There is no such"):
        where(toy_store.run, Filters(), level, source)


@pytest.fixture
def recorded(toy_store):
    east = {"borough_code": EAST, "postcode_district": "E1", "locality_code": "E09000012-E1"}
    return with_rows(
        toy_store,
        "incidents",
        [
            incident_row(datetime(2020, 1, 1, 6), **east, outcome="people detained"),
            incident_row(datetime(2020, 3, 1, 6), **east, outcome="no arrests"),
            incident_row(
                datetime(2020, 3, 2, 0), datetime(2020, 3, 2, 23), **east | {"locality_code": "unknown"}
            ),
            incident_row(datetime(2021, 1, 1), datetime(2021, 12, 31, 23), borough_code=WEST),
            incident_row(datetime(2020, 5, 1, 7), borough_code=TOWN),
            incident_row(datetime(2020, 5, 1, 7)),
        ],
    )


def test_incidents_are_counted_by_area_and_outcome(recorded):
    result = where(recorded.run, Filters(), "borough", "incidents")
    assert row(result, EAST)["incidents"] == 3
    assert row(result, EAST)[outcome_column("people detained")] == 1
    assert row(result, WEST)["incidents"] == 1
    assert (result.total_low, result.outside_london_low, result.place_unknown_low) == (6, 1, 1)


def test_incidents_known_only_by_borough_are_counted_as_not_placed_at_finer_levels(recorded):
    result = where(recorded.run, Filters(), "locality", "incidents")
    assert row(result, "E09000012-E1")["incidents"] == 2
    assert row(result, "E09000033-W1")["incidents"] == 0
    assert (result.outside_london_low, result.place_unknown_low) == (1, 3)


def test_incident_rate_is_per_thousand_residents_per_year_of_the_records(recorded):
    result = where(recorded.run, Filters(), "borough", "incidents")
    assert (result.period_start, result.period_end) == (date(2020, 1, 1), date(2021, 12, 31))
    assert row(result, EAST)["rate_per_1000"] == pytest.approx(3 / 200 / (731 / DAYS_PER_YEAR))


def test_an_incident_known_by_year_is_left_out_of_a_month_and_said_so(recorded):
    result = where(recorded.run, Filters(date_from=date(2021, 6, 1)), "borough", "incidents")
    assert result.total_low == 0
    assert any(note.startswith("1 more incident is known only by month or year") for note in result.notes)


def test_last_day_is_included_to_its_last_hour(recorded):
    filters = Filters(date_from=date(2020, 3, 2), date_to=date(2020, 3, 2))
    assert where(recorded.run, filters, "borough", "incidents").total_low == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(outcomes=("people detained", "no arrests")), 2),
        (Filters(boroughs=(WEST,)), 1),
        (Filters(settings=("home",)), 0),
        (Filters(source_kinds=("press",), confidences=("medium",)), 6),
        (Filters(confidences=("high",)), 0),
    ],
)
def test_each_filter_keeps_what_it_names(recorded, filters, expected):
    assert where(recorded.run, filters, "borough", "incidents").total_low == expected


def test_chosen_boroughs_keep_their_own_areas_only(recorded):
    filters = Filters(boroughs=(WEST,))
    assert set(where(recorded.run, filters, "district", "incidents").table["area_code"]) == {"E2", "W1"}
    assert set(where(recorded.run, filters, "locality", "incidents").table["area_code"]) == {
        "E09000033-E2",
        "E09000033-W1",
    }


def test_the_rate_of_a_part_of_a_district_is_for_the_residents_of_that_part(recorded):
    result = where(recorded.run, Filters(boroughs=(EAST,)), "district", "incidents")
    assert row(result, "E2")["residents"] == 50_000


def test_dates_beyond_the_records_are_told_as_they_were_chosen(recorded):
    result = where(recorded.run, Filters(date_from=date(2030, 1, 1)), "borough", "incidents")
    assert (result.period_start, result.period_end) == (date(2030, 1, 1), None)


def test_incidents_known_less_finely_than_the_level_are_not_shown_as_none(toy_store):
    store = with_rows(toy_store, "incidents", [incident_row(datetime(2020, 1, 1), borough_code=EAST)])
    result = where(store.run, Filters(), "locality", "incidents")
    assert result.table["rank_low"].isna().all()
    assert result.notes[0].startswith("Not one of the incidents chosen is known so finely")


def test_nothing_recorded_says_so_and_shows_no_nan_counts(toy_store):
    result = where(toy_store.run, Filters(), "borough", "incidents")
    assert result.table["incidents"].tolist() == [0, 0]
    assert result.notes[0].startswith("No recorded incident")
    assert result.table["rate_per_1000"].isna().all()


def test_a_value_with_a_quotation_mark_is_a_value_not_a_statement(recorded):
    filters = Filters(outcomes=("' OR 1=1 --",))
    assert where(recorded.run, filters, "borough", "incidents").total_low == 0


# The store is only ever replaced, so examples need not start from an empty one.
@settings(
    deadline=None, max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.sampled_from([EAST, WEST, TOWN, "unknown"]), st.integers(2018, 2022)), max_size=30)
)
def test_areas_outside_and_unknown_sum_to_all_incidents(toy_store, drawn):
    with toy_store.write() as connection:
        connection.execute("DELETE FROM incidents")
    rows = [incident_row(datetime(year, 5, 1), borough_code=code) for code, year in drawn]
    result = where(with_rows(toy_store, "incidents", rows).run, Filters(), "borough", "incidents")
    assert result.total_low == len(drawn)
    assert result.table["incidents"].sum() + result.outside_london_low + result.place_unknown_low == len(
        drawn
    )


def four_districts(store: Store, *residents: int) -> Store:
    """Districts whose names run against their codes; with so many residents each."""
    names = ("Zed", "Mid", "Low", "Ash")
    codes = ("D1", "D2", "D3", "D4")
    rows = [
        area_row("district", code, name, "unknown", people)
        for code, name, people in zip(codes, names, residents, strict=True)
    ]
    return put_areas(store, rows)


def test_a_thousand_residents_are_the_fewest_for_a_rate(toy_store):
    store = four_districts(toy_store, 999, 1000, 1001, 0)
    with_rows(store, "counts", [count_row(code, 2021, 2) for code in ("D1", "D2", "D3")])
    with_rows(store, "incidents", [on_a_day(code) for code in ("D1", "D2", "D3")])
    visits = where(store.run, Filters(), "district", "counts").table.set_index("area_code")
    recorded = where(store.run, Filters(date_from=date(2021, 1, 1)), "district", "incidents")
    recorded = recorded.table.set_index("area_code")
    assert visits["rate_per_1000_low"].notna().to_dict() == {"D1": False, "D2": True, "D3": True, "D4": False}
    # Two visits to 1,000 residents in 365 days, in a year of 365.25.
    assert visits.loc["D2", "rate_per_1000_low"] == pytest.approx(2 * 365.25 / 365)
    assert recorded["rate_per_1000"].notna().to_dict() == {"D1": False, "D2": True, "D3": True, "D4": False}


@pytest.mark.parametrize("source", ["counts", "incidents"])
def test_areas_with_the_same_number_stand_by_name_and_those_without_a_figure_last(toy_store, source):
    store = four_districts(toy_store, 5000, 5000, 5000, 5000)
    if source == "counts":
        # Ash has no figure at all; Low has more than the others.
        with_rows(
            store, "counts", [count_row("D1", 2021, 2), count_row("D2", 2021, 2), count_row("D3", 2021, 3)]
        )
        expected = ["Low", "Mid", "Zed", "Ash"]
    else:
        # Of incidents none is 0, which Ash has with nobody.
        with_rows(store, "incidents", [on_a_day("D1"), on_a_day("D2"), on_a_day("D3"), on_a_day("D3")])
        expected = ["Low", "Mid", "Zed", "Ash"]
    assert where(store.run, Filters(), "district", source).table["area_name"].tolist() == expected


def test_areas_of_which_nothing_is_counted_stand_by_name(toy_store):
    store = four_districts(toy_store, 5000, 5000, 5000, 5000)
    table = where(store.run, Filters(), "district", "incidents").table
    assert table["area_name"].tolist() == ["Ash", "Low", "Mid", "Zed"]


def on_a_day(district: str) -> dict:
    return incident_row(datetime(2021, 6, 1, 8), postcode_district=district, location_precision="district")
