import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.filters import Filters
from analysis.when import words
from analysis.when.when import when
from analysis.when.words import (
    hours_as_rows,
    hours_in_words,
    share_range,
    table_rows,
    table_to_draw,
)
from data.errors import InputError
from data.imports.importer import import_file
from data.keeping.opening import open_store
from data.logs.mapping import Mapping
from tests.analysis.where.test_where import with_rows
from tests.conftest import EAST, SHARED_DATA, TOWN, WEST, examples, incident_row

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def hour(year, month, day, at, **values) -> dict:
    return incident_row(datetime(year, month, day, at), **values)


def span(first: datetime, last: datetime, precision: str, **values) -> dict:
    return incident_row(first, last, date_precision=precision, **values)


def cell(result, weekday: int, at: int) -> float:
    return result.hours["weight"][weekday * 24 + at]


def by(table: pd.DataFrame) -> dict:
    return dict(zip(table.iloc[:, 0], table["n"], strict=True))


@pytest.fixture
def recorded(toy_store):
    """Two known hours, a morning, a night over midnight and a month's end, a day, a month, a year."""
    return with_rows(
        toy_store,
        "incidents",
        [
            hour(2022, 6, 9, 6, borough_code=EAST),  # a Thursday
            hour(2022, 6, 11, 14, borough_code=WEST),  # a Saturday
            span(datetime(2022, 6, 9, 6), datetime(2022, 6, 9, 11), "day", borough_code=EAST),
            span(datetime(2022, 5, 31, 22), datetime(2022, 6, 1, 1), "day"),  # Tuesday to Wednesday
            span(datetime(2021, 3, 1), datetime(2021, 3, 1, 23), "day", borough_code=TOWN),  # a Monday
            span(datetime(2021, 3, 1), datetime(2021, 3, 31, 23), "month", borough_code=EAST),
            span(datetime(2021, 1, 1), datetime(2021, 12, 31, 23), "year", borough_code=EAST),
        ],
    )


def test_hours_and_unknown_time_add_up_to_all_incidents(recorded):
    result = when(recorded.run, Filters())
    assert len(result.hours) == 168
    assert list(result.hours.columns) == ["weekday", "hour", "weight"]
    assert (result.incidents, result.unknown_time) == (7, 3.0)
    assert result.hours["weight"].sum() + result.unknown_time == pytest.approx(7)


def test_a_part_of_the_day_is_shared_out_and_a_whole_day_is_not(recorded):
    result = when(recorded.run, Filters())
    assert cell(result, THU, 6) == pytest.approx(1 + 1 / 6)
    assert cell(result, SAT, 14) == 1
    assert [cell(result, TUE, 23), cell(result, WED, 0)] == [0.25, 0.25]
    assert result.hours["weight"][MON * 24 : MON * 24 + 24].sum() == 0
    assert (result.times.exact_hours, result.times.parts_of_day) == (2, 2)


def test_weekdays_count_all_whose_day_is_known(recorded):
    weekdays = when(recorded.run, Filters()).times.weekdays
    assert by(weekdays) == {MON: 1, TUE: 0.5, WED: 0.5, THU: 2, FRI: 0, SAT: 1, SUN: 0}
    assert weekdays["share"].sum() == pytest.approx(1)


def test_a_share_has_the_wilson_interval(recorded):
    weekdays = when(recorded.run, Filters()).times.weekdays
    # R: prop.test(2, 5, correct = FALSE)$conf.int and prop.test(0, 5, correct = FALSE)$conf.int.
    assert weekdays.loc[THU, ["low", "high"]].tolist() == pytest.approx([0.1176208, 0.7692757], abs=1e-7)
    assert weekdays.loc[SUN, ["low", "high"]].tolist() == pytest.approx([0, 0.4344825], abs=1e-7)


def test_months_and_years_count_what_is_known_so_finely(recorded):
    times = when(recorded.run, Filters()).times
    months = by(times.months)
    # The night over the end of May counts in May; what is known by year only counts in no month.
    assert {month: n for month, n in months.items() if n} == {3: 2, 5: 1, 6: 3}
    assert by(times.years) == {2021: 3, 2022: 4}


def test_an_even_spread_knows_how_many_days_of_each_month_are_on_record(recorded):
    times = when(recorded.run, Filters()).times
    # 1 January 2021 to 11 June 2022: 527 days, 62 of them in a January, 31 in a July, 41 in a June.
    assert times.months.set_index("month")["even_share"][[1, 6, 7]].tolist() == pytest.approx(
        [62 / 527, 41 / 527, 31 / 527]
    )
    assert times.years["even_share"].tolist() == pytest.approx([365 / 527, 162 / 527])
    assert times.weekdays["even_share"].sum() == pytest.approx(1)


def test_the_days_looked_at_are_the_chosen_ones(recorded):
    result = when(recorded.run, Filters(date_from=date(2022, 6, 6), date_to=date(2022, 6, 12)))
    assert (result.incidents, result.unknown_time) == (3, 0.0)
    assert (result.period_start, result.period_end) == (date(2022, 6, 6), date(2022, 6, 11))
    assert result.times.weekdays["even_share"].tolist() == pytest.approx([*[1 / 6] * 6, 0])


def test_records_too_vague_for_the_dates_are_left_out_and_said_so(recorded):
    result = when(recorded.run, Filters(date_from=date(2021, 3, 10)))
    assert result.incidents == 4
    assert any(
        note.startswith("2 more incidents are known only by month or year") for note in words.notes(result)
    )


def test_an_area_stands_beside_all_london(recorded):
    result = when(recorded.run, Filters(boroughs=(WEST,)), "borough", EAST)
    assert result.area_name == "Eastham"
    assert (result.incidents, result.unknown_time) == (4, 2.0)
    # London is its boroughs and places unknown; the town outside is not.
    assert (result.london.incidents, result.london.known_hours) == (6, 4)
    assert cell(result, SAT, 14) == 0
    assert len(words.sentences(result)) == 4


def test_all_records_hold_those_outside_london_and_say_how_many(recorded):
    result = when(recorded.run, Filters())
    assert "1 incident of these is outside London." in words.notes(result)
    assert result.london is None
    assert len(words.sentences(result)) == 2
    assert (
        "5 recorded incidents in London and elsewhere with a known day" in words.findings(result)["weekdays"]
    )


def test_a_weekday_that_holds_only_with_incidents_elsewhere_stands_beside_london_alone(toy_store):
    # 21 in London, three on each weekday; in the town 40 on Thursdays.
    rows = [hour(2022, 6, 6 + number % 7, 9, borough_code=EAST) for number in range(21)]
    rows += [hour(2022, 6, 9, 9, borough_code=TOWN) for _ in range(40)]
    result = when(with_rows(toy_store, "incidents", rows).run, Filters())
    assert result.incidents == 61
    assert words.findings(result)["weekdays"].startswith(
        "Most often on a Thursday: 70% of 61 recorded incidents in London and elsewhere with a known day"
    )
    assert words.london_alone(result)["weekdays"] == (
        "Cannot tell the busiest weekday: among 21 recorded incidents in London alone with a known day, no weekday stands "
        "out more than chance would make it."
    )
    assert words.london_alone(result)["weekdays"] in words.sentences(result)
    assert "years" not in words.london_alone(result)


def test_without_incidents_elsewhere_titles_name_no_place(two_boroughs):
    result = when(two_boroughs.run, Filters())
    assert "elsewhere" not in "".join(words.sentences(result))
    assert words.london_alone(result) == {}


def test_the_filters_choose(recorded):
    assert when(recorded.run, Filters(boroughs=(WEST,))).incidents == 1
    assert when(recorded.run, Filters(settings=("home",))).incidents == 0


@pytest.mark.parametrize(
    ("level", "code"), [("borough", "E09999999"), ("ward", EAST), (None, EAST), ("borough", "E1")]
)
def test_an_unknown_area_is_refused(recorded, level, code):
    with pytest.raises(InputError, match="There is no such area"):
        when(recorded.run, Filters(), level, code)


def test_a_level_without_an_area_means_all_records(recorded):
    assert when(recorded.run, Filters(), "district").incidents == 7


@pytest.mark.parametrize(
    "filters", [Filters(), Filters(date_from=date(2030, 1, 1)), Filters(date_to=date(1999, 1, 1))]
)
def test_nothing_recorded_is_a_sentence_and_no_number_is_infinite(toy_store, recorded, filters, tmp_path):
    for store in (toy_store, recorded):
        result = when(store.run, replace(filters, settings=("market",)), "borough", EAST)
        assert words.findings(result)["hours"].startswith("No recorded incident in Eastham fits this choice.")
        assert (result.incidents, result.unknown_time, result.hours["weight"].sum()) == (0, 0.0, 0.0)
        assert words.figures(result) == []
        assert not np.isinf(result.times.months.to_numpy(float)).any()


def test_an_empty_store_is_a_sentence(toy_store):
    result = when(toy_store.run, Filters())
    assert (result.period_start, result.incidents) == (None, 0)
    assert words.findings(result)["years"].startswith("No recorded incident fits")


def test_all_times_unknown_is_said(toy_store):
    rows = [span(datetime(2022, 1, 1), datetime(2022, 1, 31, 23), "month")] * 3
    result = when(with_rows(toy_store, "incidents", rows).run, Filters())
    assert (result.unknown_time, result.times.known_hours) == (3.0, 0)
    assert words.findings(result)["hours"].startswith(
        "Cannot tell the busiest hours: there are 0 recorded incidents with"
    )
    assert words.findings(result)["years"] == "3 recorded incidents, all of them from 2022."
    assert next(each.value for each in words.figures(result) if each.label == "Time unknown") == "3 of 3"


def test_the_busiest_hours_are_told_with_their_share(toy_store):
    starts = [6] * 10 + [7] * 20 + [8] * 10 + [13] * 10
    rows = [hour(2022, 6, 1 + number % 28, at) for number, at in enumerate(starts)]
    result = when(with_rows(toy_store, "incidents", rows).run, Filters())
    assert words.findings(result)["hours"].startswith(
        "Most often between 06:00 and 09:00: 80% of 50 recorded incidents with a known hour or part of the day began then ("
    )
    assert result.times.busiest_hours.low < 0.8 < result.times.busiest_hours.high


@pytest.fixture
def two_boroughs(toy_store):
    """East at dawn on weekdays, West at noon, half of it on Saturdays; a hundred of each."""
    rows = [hour(2022, 6, 6 + number % 5, 6, borough_code=EAST) for number in range(100)]
    rows += [hour(2022, 6, 6 + number % 2 * 5, 12, borough_code=WEST) for number in range(100)]
    return with_rows(toy_store, "incidents", rows)


def test_a_difference_is_told_where_its_interval_allows(two_boroughs):
    hours, weekend = words.differences(when(two_boroughs.run, Filters(), "borough", EAST))
    assert hours.startswith(
        "0% of the incidents in Eastham with a known hour began between 11:00 and 14:00, in the rest of London 100%: fewer"
    )
    # Wilson: 0 of 100 gives 0 to 0.0370, 50 of 100 gives 0.4038 to 0.5962. Newcombe: -0.5 - 0.0962 = -0.596 and
    # -0.5 + sqrt(0.0370² + 0.0962²) = -0.397.
    assert "in the rest of London 50%: fewer than elsewhere, by 40 to 60 percentage points" in weekend


def test_no_difference_is_told_where_there_is_none(two_boroughs):
    times = when(two_boroughs.run, Filters()).times
    result = when(two_boroughs.run, Filters(), "borough", EAST)
    hours, weekend = words.differences(replace(result, times=times, rest=times))
    assert "no difference can be told" in weekend or "cannot be told" in weekend
    assert "cannot be told" in hours


def test_a_difference_of_few_is_not_told(recorded):
    hours, weekend = words.differences(when(recorded.run, Filters(), "borough", EAST))
    assert hours.startswith("The busiest hours of the rest of London cannot be told")
    assert "cannot be told: 2 and 2 have a known day, and it takes at least 20 each" in weekend


def test_tables_say_what_the_charts_show(recorded):
    times = when(recorded.run, Filters()).times
    rows = hours_as_rows(times)
    assert rows[6] == ["06:00", "0", "0", "0", "1.17", "0", "0", "0"]
    weekdays = table_to_draw(times, None, "weekdays")
    assert weekdays["weekday"].tolist() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert table_rows(weekdays)[THU][:4] == ["Thu", "2", "40%", "12% and 77%"]
    assert table_rows(weekdays)[TUE][1] == "0.5"
    beside = table_to_draw(times, times, "years")
    assert beside["beside"].tolist() == beside["share"].tolist()
    assert beside["year"].tolist() == ["2021", "2022"]


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.25, 0.42, "25% to 42%"), (0.2690, 0.2748, "26.9% to 27.5%"), (0.5, 0.5, "50%")],
)
def test_an_interval_has_as_many_decimals_as_it_needs(low, high, words):
    assert share_range(low, high) == words


def test_a_run_of_hours_goes_on_past_midnight():
    assert hours_in_words(22) == "between 22:00 and 01:00"


def test_the_same_seed_gives_the_same_words(two_boroughs):
    assert words.sentences(when(two_boroughs.run, Filters(), seed=3)) == words.sentences(
        when(two_boroughs.run, Filters(), seed=3)
    )


lengths = st.sampled_from([0, 0, 1, 3, 5, 11, 22, 23, 24, 700])
starts = st.datetimes(datetime(2021, 1, 1), datetime(2023, 1, 1)).map(
    lambda moment: moment.replace(minute=0, second=0, microsecond=0)
)


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(starts, lengths), max_size=40))
def test_every_incident_counts_once(toy_store, spans_of):
    with toy_store.write() as connection:
        connection.execute("DELETE FROM incidents")
    rows = [span(first, first + timedelta(hours=length), "day") for first, length in spans_of]
    result = when(with_rows(toy_store, "incidents", rows).run, Filters())
    known = sum(length < 23 for _, length in spans_of)
    assert result.hours["weight"].sum() == pytest.approx(known)
    assert result.incidents == len(rows)
    assert result.times.weekdays["n"].sum() == pytest.approx(sum(length <= 23 for _, length in spans_of))
    assert result.times.years["n"].sum() == len(rows)
    assert (
        json.dumps([*words.findings(result).values(), *words.sentences(result), *words.notes(result)]).count(
            "nan"
        )
        == 0
    )


def counted_by_pandas(local: pd.Series) -> list[int]:
    """168 cells, by weekday and hour."""
    table = pd.crosstab(local.dt.day_of_week, local.dt.hour)
    return table.reindex(index=range(7), columns=range(24), fill_value=0).to_numpy().ravel().tolist()


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="needs ../shared/data")
def test_168_cells_of_the_met_are_those_of_pandas(tmp_path, monkeypatch):
    """An independent recount: the file's UTC times through pandas' own time zone, none of our clock."""
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    path = SHARED_DATA / "met-stop-search" / "2023-03-metropolitan-stop-and-search.csv"
    store = open_store(tmp_path / "met.duckdb")
    report = import_file(store, path)
    # A search without a place cannot be imported.
    rows = pd.read_csv(path, usecols=["Date", "Latitude"]).dropna()
    local = pd.to_datetime(rows["Date"], utc=True).dt.tz_convert("Europe/London")
    result = when(store.run, Filters())
    assert result.incidents == report.kept == len(local)
    assert result.hours["weight"].tolist() == counted_by_pandas(local)
    assert result.unknown_time == 0


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="needs ../shared/data")
def test_168_cells_of_new_york_are_those_of_pandas(tmp_path, monkeypatch):
    """Times as written there; a place of ours stands in for theirs, which are not in the United Kingdom."""
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    rows = pd.read_csv(
        SHARED_DATA / "nyc-shootings" / "NYPD_Shooting_2006_2015.csv", usecols=["OCCUR_DATE", "OCCUR_TIME"]
    )
    rows.assign(Borough="Hackney").to_csv(tmp_path / "nyc.csv", index=False)
    store = open_store(tmp_path / "nyc.duckdb")
    report = import_file(store, tmp_path / "nyc.csv", Mapping(date_order="month first"))
    local = pd.to_datetime(rows["OCCUR_DATE"] + " " + rows["OCCUR_TIME"], format="%m/%d/%Y %H:%M:%S")
    # An hour that London's clock skipped cannot be a time here; the incident is known by its day.
    with_hour = local[local.dt.tz_localize("Europe/London", ambiguous=True, nonexistent="NaT").notna()]
    result = when(store.run, Filters())
    assert result.incidents == report.kept == len(local)
    assert result.unknown_time == len(local) - len(with_hour) == 1
    assert result.hours["weight"].tolist() == counted_by_pandas(with_hour)
