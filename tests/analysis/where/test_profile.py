from datetime import date, datetime

import numpy as np
import pytest

from analysis.filters import Filters
from analysis.records.headlines import headlines
from analysis.where.profile import area_profile, wilson_interval
from data.errors import InputError
from tests.analysis.where.test_where import with_rows
from tests.conftest import EAST, WEST, count_row, incident_row


@pytest.fixture
def store(toy_store):
    with_rows(
        toy_store,
        "counts",
        [
            count_row("E1", 2019, 304, end=date(2019, 10, 31)),
            count_row("E1", 2020, 60),
            count_row("E1", 2022, 1, 4),
        ],
    )
    east = {"borough_code": EAST, "postcode_district": "E1", "locality_code": "E09000012-E1"}
    return with_rows(
        toy_store,
        "incidents",
        [
            incident_row(datetime(2020, 1, 1, 6), **east, outcome="people detained", setting="home"),
            incident_row(datetime(2020, 3, 1, 6), **east, outcome="prevented", setting="street"),
            incident_row(
                datetime(2021, 3, 1, 6), borough_code=WEST, outcome="people detained", setting="home"
            ),
            incident_row(datetime(2021, 3, 1, 6), borough_code="E07000072", setting="home"),
        ],
    )


def test_history_has_every_year_and_says_how_much_of_it_is_covered(store):
    history = area_profile(store.run, Filters(date_from=date(2020, 1, 1)), "district", "E1").history
    assert history["year"].tolist() == [2019, 2020, 2021, 2022]
    assert history["visits_high"].tolist() == pytest.approx([304, 60, np.nan, 4], nan_ok=True)
    assert history["incidents"].tolist() == [0, 2, 0, 0]
    assert history["covered_share"].tolist() == pytest.approx([304 / 365, 1, np.nan, 1], nan_ok=True)


def test_a_year_that_stops_in_october_is_part_of_a_year_even_alone(toy_store):
    rows = [count_row("E1", 2019, 7, end=date(2019, 10, 31))]
    store = with_rows(toy_store, "counts", rows)
    for level, code in (("district", "E1"), ("borough", EAST)):
        history = area_profile(store.run, Filters(), level, code).history
        assert history["covered_share"].tolist() == pytest.approx([304 / 365])


def test_a_financial_year_covers_its_first_calendar_year_in_part(toy_store):
    rows = [count_row("E1", 2019, 7, start=date(2019, 4, 1), end=date(2020, 3, 31))]
    history = area_profile(with_rows(toy_store, "counts", rows).run, Filters(), "district", "E1").history
    assert history["covered_share"].tolist() == pytest.approx([275 / 365])


def test_shares_stand_beside_all_london_without_the_rest_of_the_country(store):
    settings = area_profile(store.run, Filters(), "borough", EAST).settings.set_index("setting")
    assert settings.loc["home", ["area_n", "area_share", "london_n"]].tolist() == [1, 0.5, 2]
    assert settings.loc["home", "london_share"] == pytest.approx(2 / 3)


def test_the_share_of_an_outcome_does_not_depend_on_the_outcomes_chosen(store):
    filters = Filters(outcomes=("prevented",))
    outcomes = area_profile(store.run, filters, "borough", EAST).outcomes.set_index("outcome")
    assert outcomes.loc["prevented", "area_share"] == 0.5
    assert headlines(store.run, filters).figures[-1].value == "1 of 3"


def test_outcomes_come_with_their_interval(store):
    outcomes = area_profile(store.run, Filters(), "borough", EAST).outcomes.set_index("outcome")
    assert outcomes.loc["prevented", "area_share"] == 0.5
    assert outcomes.loc["prevented", "low"] < 0.5 < outcomes.loc["prevented", "high"]


def test_wilson_interval_as_published():
    # Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I:
    # 81 of 263 gives 0.2553 to 0.3662, 0 of 20 gives 0 to 0.1611, 1 of 29 gives 0.0061 to 0.1718.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0, 0.1611), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_an_area_without_records_says_that_no_report_is_not_no_raid(store):
    profile = area_profile(store.run, Filters(), "locality", "E09000033-W1")
    assert "not that there were no raids" in profile.sentences[0]
    assert profile.outcomes["area_share"].isna().all()


def test_an_area_without_official_figures_says_so(store):
    sentences = area_profile(store.run, Filters(), "borough", WEST).sentences
    assert sentences[0].startswith("There are no official figures for Westham")


def test_an_unknown_area_is_one_sentence(store):
    with pytest.raises(InputError, match="no such area"):
        area_profile(store.run, Filters(), "borough", "E09000099")


def test_headlines_name_figures_with_their_period(store):
    told = headlines(store.run, Filters())
    assert [(figure.label, figure.value) for figure in told.figures] == [
        ("Official visits", "365 to 368"),
        ("Recorded incidents", "3"),
        ("Released or prevented", "1 of 3"),
    ]
    assert told.figures[1].sentence.endswith("and 1 outside London that are not on the map.")
    assert told.top_areas[0].startswith("Most official visits from 2019 to 2022: Eastham (365 to 368 visits)")
    assert told.visits_as_of == date(2022, 12, 31)


def test_headlines_of_chosen_boroughs_are_estimates_of_them_and_data_as_of_stays(store):
    told = headlines(store.run, Filters(boroughs=(EAST,), date_to=date(2020, 12, 31)))
    assert told.figures[0].sentence.startswith("An estimated 364 visits")
    assert "in the boroughs chosen" in told.figures[1].sentence
    assert told.visits_as_of == date(2022, 12, 31)
    assert told.incidents_as_of == date(2021, 3, 1)


def test_headlines_of_an_empty_store_are_empty(toy_store):
    told = headlines(toy_store.run, Filters())
    assert (told.figures, told.top_areas, told.visits_as_of) == ([], [], None)
