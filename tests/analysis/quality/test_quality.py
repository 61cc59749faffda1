from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.filters import Filters
from analysis.quality import tables as tables
from analysis.quality import words as words
from analysis.quality.gaps import NO_REPORTS, NONE_CHOSEN, OUTSIDE, REPORTED, longest_gap
from analysis.quality.quality import BREAKDOWNS, FIELDS, TIMES, fields_that_may_be_unknown, quality
from analysis.trends.trends import trends
from analysis.when.when import when
from data.keeping.opening import open_store
from data.schema import INCIDENTS, LOG_IMPORT_ID, SOURCE_KINDS
from data.store.store import BUNDLED
from tests.analysis.where.test_where import with_rows
from tests.conftest import EAST, TOWN, WEST, count_row, examples, import_row, incident_row, insert


def span(first: datetime, last: datetime, precision: str, **values) -> dict:
    return incident_row(first, last, date_precision=precision, **values)


def year(number: int, **values) -> dict:
    return span(datetime(number, 1, 1), datetime(number, 12, 31, 23), "year", **values)


def breakdown(result, name: str) -> dict[str, int]:
    rows = result.breakdowns[result.breakdowns["field"] == name]
    return dict(zip(rows["value"], rows["n"], strict=True))


def unknown(result, source: str = "all") -> dict[str, int]:
    rows = result.fields[result.fields["source_kind"] == source]
    return dict(zip(rows["field"], rows["unknown"], strict=True))


def rest(result, question: str) -> tuple[int, int]:
    row = result.rests[result.rests["question"] == question].iloc[0]
    return row["known"], row["of"]


def headline(result, label: str):
    return next(each for each in words.figures(result) if each.label == label)


def state(result, year: int, month: int) -> str:
    months = result.months.set_index(["year", "month"])
    return months.loc[(year, month), "state"]


def areas_in(result, wanted: str, level: str = "borough") -> list[str]:
    table = result.areas[(result.areas["level"] == level) & (result.areas["state"] == wanted)]
    return table["area_code"].tolist()


@pytest.fixture
def recorded(toy_store):
    """In the east an hour and a morning, in the town a day, somewhere a night over a month's end, a year."""
    at_e1 = {"borough_code": EAST, "postcode_district": "E1", "location_precision": "district"}
    return with_rows(
        toy_store,
        "incidents",
        [
            incident_row(datetime(2021, 3, 1, 6), **at_e1, outcome="no arrests", people_detained=0),
            span(datetime(2021, 6, 9, 6), datetime(2021, 6, 9, 11), "day", **at_e1, source_kind="campaign"),
            span(datetime(2021, 6, 2), datetime(2021, 6, 2, 23), "day", borough_code=TOWN, setting="unknown"),
            span(
                datetime(2021, 5, 31, 22),
                datetime(2021, 6, 1, 1),
                "day",
                confidence="high",
                borough_code=EAST,
            ),
            year(2022, police_present="no", community_response="yes", outcome="prevented"),
        ],
    )


def test_every_word_of_a_closed_list_is_counted_also_one_that_no_record_has(recorded):
    result = quality(recorded.run, Filters())
    assert breakdown(result, "source_kind") == dict.fromkeys(SOURCE_KINDS, 0) | {"press": 4, "campaign": 1}
    assert breakdown(result, "confidence") == {"high": 1, "medium": 4, "low": 0}
    assert breakdown(result, "review") == {"to check": 0, "checked": 0, "as imported": 5}
    assert breakdown(result, "date_precision") == {"hour": 1, "day": 3, "month": 0, "year": 1}
    assert breakdown(result, "location_precision") == {
        "locality": 0,
        "district": 2,
        "borough": 0,
        "unknown": 3,
    }
    assert (result.breakdowns["of"] == 5).all()


def test_unknown_and_not_stated_are_counted_by_field_and_source(recorded):
    result = quality(recorded.run, Filters())
    assert unknown(result) == {
        "time_of_day": 2, "day": 1, "month": 1, "borough_code": 1, "postcode_district": 3, "locality_code": 5,
        "location_precision": 3, "setting": 1, "outcome": 3, "people_detained": 4, "people_released": 5, "crowd_size": 5,
        "duration_minutes": 5, "police_present": 4, "community_response": 4,
    }  # fmt: skip
    assert unknown(result, "campaign")["outcome"] == 1
    assert unknown(result, "press")["outcome"] == 2
    assert result.fields.groupby("source_kind")["of"].unique().map(list).to_dict() == {
        "all": [5],
        "press": [4],
        "campaign": [1],
    }


def test_words_that_are_level_are_named_together(recorded):
    result = quality(recorded.run, Filters(date_to=date(2021, 5, 30)))
    assert words.findings(result)["source_kind"] == "Reported most often by the press: 1 of 1 (100%)"
    result = quality(recorded.run, Filters(date_to=date(2021, 6, 1)))
    assert words.findings(result)["confidence"] == "Confidence is high and medium for 1 of 2 (50%) each"
    assert words.findings(result)["review"] == "2 of 2 (100%) stand as imported"
    assert (
        words.findings(result)["location_precision"]
        == "The place is known to the postcode district for 1 of 2 (50%)"
    )
    of_the_town = quality(recorded.run, Filters(settings=("unknown",)))
    assert words.findings(of_the_town)["location_precision"] == "The place is unknown for 1 of 1 (100%)"


def test_a_stated_nought_is_known(recorded):
    assert unknown(quality(recorded.run, Filters(outcomes=("no arrests",))))["people_detained"] == 0


def test_every_column_that_may_be_unknown_is_looked_at_and_has_a_name():
    said_in_the_schema = {
        column.name
        for column in INCIDENTS.columns
        if column.nullable or "unknown" in column.allowed or "'unknown'" in column.meaning
    }
    assert set(fields_that_may_be_unknown()) == said_in_the_schema
    assert set(words.FIELDS) == set(FIELDS) == {*TIMES, *said_in_the_schema}
    assert set(words.BREAKDOWN_TITLES) == set(BREAKDOWNS) == {*words.SAID, "review"}


def test_each_question_says_what_it_rests_on(recorded):
    with_rows(recorded, "counts", [count_row("E1", 2021, 5), count_row("E1", 2022, 1, 4)])
    result = quality(recorded.run, Filters())
    assert rest(result, "recorded incidents by borough") == (3, 5)
    assert rest(result, "hours of the day") == (3, 5)
    assert rest(result, "weekdays") == (4, 5)
    assert rest(result, "months of the year") == (4, 5)
    # The night over the end of May lies in no single month.
    assert rest(result, "recorded incidents by month") == (3, 5)
    assert rest(result, "community response and outcome") == (1, 5)
    assert rest(result, "areas for the next day, and leaflets") == (1, 3)
    assert rest(result, "official visits by year") == (2, 2)
    # E1 is three quarters of Eastham.
    assert rest(result, "official visits by borough") == (1, 2)
    assert result.official.uncovered == ["Westham"]


def test_months_are_whole_years_and_say_what_is_outside_the_records(recorded):
    result = quality(recorded.run, Filters())
    assert len(result.months) == 24
    assert (result.first, result.last) == (date(2021, 3, 1), date(2022, 12, 31))
    assert [state(result, 2021, month) for month in (1, 2, 3, 4, 5, 6, 7)] == [
        OUTSIDE, OUTSIDE, REPORTED, NO_REPORTS, REPORTED, REPORTED, NO_REPORTS,
    ]  # fmt: skip
    assert result.years.to_dict("records") == [
        {"year": 2021, "incidents": 4, "month_unknown": 0, "months": 10, "months_without": 7},
        {"year": 2022, "incidents": 1, "month_unknown": 1, "months": 12, "months_without": 12},
    ]
    assert longest_gap(result.months) == (pd.Period("2021-07", "M"), pd.Period("2022-12", "M"))
    assert words.findings(result)["months"] == (
        "No reports in 19 of 22 months from 1 March 2021 to 31 December 2022; the longest time without is July 2021 to "
        "December 2022"
    )
    assert "1 incident is known by year only and may lie in a month without reports." in words.notes(result)


def test_a_month_with_reports_of_another_kind_is_nought_and_not_without_reports(recorded):
    result = quality(recorded.run, Filters(source_kinds=("campaign",)))
    assert state(result, 2021, 3) == NONE_CHOSEN
    assert state(result, 2021, 4) == NO_REPORTS
    assert state(result, 2021, 6) == REPORTED
    assert areas_in(result, NO_REPORTS) == [WEST]
    assert areas_in(result, NONE_CHOSEN) == []
    detained = quality(recorded.run, Filters(outcomes=("people detained",)))
    assert areas_in(detained, NONE_CHOSEN) == [EAST]


def test_reports_from_elsewhere_make_no_nought_of_a_borough(recorded):
    result = quality(recorded.run, Filters(boroughs=(WEST,)))
    assert set(result.months["state"]) == {NO_REPORTS, OUTSIDE}
    assert words.findings(result)["months"].startswith("No reports in the boroughs chosen in 22 of 22 months")
    assert result.areas[result.areas["level"] == "district"]["area_code"].tolist() == ["E2", "W1"]


def test_without_reports_the_official_visits_there_are_said(recorded):
    with_rows(recorded, "counts", [count_row("W1", 2021, 10), count_row("E2", 2021, 1, 4)])
    result = quality(recorded.run, Filters())
    assert words.findings(result)["borough"] == (
        # All of W1 but the tenth in the town, and half of E2: 9.5 to 11.
        "No reports from 1 of 2 boroughs (Westham); official figures count 10 to 11 visits in it"
    )
    assert areas_in(result, NO_REPORTS, "district") == ["E2", "W1"]
    assert words.findings(result)["district"].endswith("official figures count 11 to 14 visits in both")
    assert "1 incident names no borough and may lie in one without reports." in words.notes(result)
    # The night in the east and the one of which nothing is known; the town is outside.
    assert "2 incidents name no postcode district and may lie in one without reports." in words.notes(result)


def test_no_sentence_says_that_there_were_no_raids(recorded):
    for filters in (Filters(), Filters(source_kinds=("campaign",)), Filters(date_to=date(1999, 1, 1))):
        result = quality(recorded.run, filters)
        said = " ".join([*words.sentences(result), *words.notes(result)]).lower()
        assert "no raid" not in said
        assert "nan" not in said


def test_official_figures_are_counted_by_period_with_their_ranges(toy_store):
    rows = [
        count_row("E1", 2020, 60), count_row("E2", 2020, 1, 4), count_row("E2", 2021, 1, 4),
        count_row("W1", 2020, 10, end=date(2020, 6, 30)), count_row("E1", 2020, 60, setting="home"),
        count_row("E1", 2019, 999) | {"superseded_by": "00000000-0000-0000-0000-000000000002"},
    ]  # fmt: skip
    result = quality(with_rows(toy_store, "counts", rows).run, Filters())
    official = result.official
    assert (official.figures, official.ranges, official.in_store, official.by_setting) == (4, 2, 5, 1)
    assert official.table[["areas", "figures", "ranges", "visits_low", "visits_high"]].to_numpy().tolist() == [
        [1, 1, 0, 10, 10], [2, 2, 1, 61, 64], [1, 1, 1, 1, 4],
    ]  # fmt: skip
    # Three districts in two years; E2 twice and E1 once from end to end.
    assert (official.area_years, official.whole_years) == (6, 3)
    assert tables.official_rows(official)[0] == ["1 Jan to 30 Jun 2020", "1", "0", "10"]
    assert "1 figure in the store counts one kind of address only" in words.official_notes(official)[1]
    assert not result.is_empty
    assert quality(toy_store.run, Filters(settings=("home",))).official.figures == 1


def test_the_last_import_is_the_groups_own_before_what_came_with_the_dashboard(toy_store):
    def imported(number, kind, day, **values):
        import_id = f"00000000-0000-0000-0000-{number:012d}"
        return import_row(import_id=import_id, kind=kind, imported_at=datetime(2026, 1, day), **values)

    rows = [
        imported(1, "incidents", 9, is_bundled=True), imported(2, "incidents", 5), imported(3, "incidents", 3),
        imported(4, "incidents", 8, undone_at=datetime(2026, 1, 9)), imported(5, "counts", 9, is_bundled=True),
        imported(6, "log", 10),
    ]  # fmt: skip
    # The record of import 7 is too young to show, and so nothing tells that it came.
    rows.append(imported(7, "incidents", 11))
    started = {number: datetime(2020, 1, number) for number in (1, 2, 3, 4)} | {7: datetime.now()}
    records = [
        incident_row(start.replace(minute=0, second=0, microsecond=0))
        | {
            "incident_id": f"00000000-0000-0000-0002-{number:012d}",
            "import_id": f"00000000-0000-0000-0000-{number:012d}",
        }
        for number, start in started.items()
    ]
    with toy_store.write() as connection:
        insert(connection, "imports", rows)
        insert(connection, "incidents", records)
    result = quality(toy_store.run, Filters())
    assert result.imports["imported_at"].dt.day.tolist() == [5, 9]
    assert headline(result, "Last import").value == "5 Jan 2026"
    assert headline(result, "Last import").sentence == (
        "Incidents were imported on 5 January 2026. Official figures came with the dashboard."
    )


def test_records_logged_by_hand_are_counted_once_they_show(toy_store, monkeypatch):
    rows = [
        incident_row(datetime(2026, 3, day, 6), review="to check", source_kind="group report")
        | {"incident_id": f"00000000-0000-0000-0002-{day:012d}", "import_id": LOG_IMPORT_ID}
        for day in (1, 20)
    ]
    with toy_store.write() as connection:
        insert(connection, "incidents", rows)
    monkeypatch.setattr("data.clock.today", lambda: date(2026, 4, 1))
    result = quality(toy_store.run, Filters())
    assert (result.incidents, result.of_all, result.logged) == (1, 1, 1)
    assert breakdown(result, "review")["to check"] == 1
    assert "1 of them was logged by hand." in headline(result, "Recorded incidents").sentence
    assert result.last == date(2026, 3, 1)


def test_an_empty_store_is_a_sentence_and_no_number_is_none(toy_store):
    result = quality(toy_store.run, Filters())
    assert result.is_empty
    assert (result.incidents, result.first, len(result.months), len(result.years)) == (0, None, 0, 0)
    assert words.findings(result)["incidents"].startswith("No recorded incident shows yet.")
    assert words.findings(result)["borough"] == "No reports from any of 2 boroughs"
    assert "nan" not in " ".join(words.sentences(result)).lower()
    assert tables.rest_rows(result) == [
        [
            "Where: official visits by borough",
            "Boroughs with figures for at least half of their residents",
            "0 of 2 (0%)",
        ],
        ["Where to organise: areas for the next day, and leaflets", "Postcode districts with official figures", "0 of 3 (0%)"],
    ]  # fmt: skip


def test_no_record_of_a_choice_is_a_sentence(recorded):
    result = quality(recorded.run, Filters(date_from=date(1999, 1, 1), date_to=date(1999, 12, 31)))
    assert not result.is_empty
    assert (result.incidents, result.of_all, len(result.months)) == (0, 5, 0)
    assert words.findings(result)["incidents"].startswith("No recorded incident fits this choice.")
    assert result.breakdowns["share"].isna().all()


def test_records_too_vague_for_the_dates_are_left_out_and_said_so(recorded):
    result = quality(recorded.run, Filters(date_from=date(2022, 6, 1)))
    assert result.incidents == 0
    assert any(
        note.startswith("1 more incident is known only by month or year") for note in words.notes(result)
    )


@pytest.mark.parametrize(
    ("n", "of", "said"),
    [
        (0, 7, "0 of 7 (0%)"),
        (7, 7, "7 of 7 (100%)"),
        (1, 1000, "1 of 1,000 (<1%)"),
        (999, 1000, "999 of 1,000 (>99%)"),
    ],
)
def test_a_share_is_neither_none_nor_all_where_it_is_not(n, of, said):
    assert words.of_in_words(n, of) == said


def test_a_year_in_words_names_the_months_with_and_without_reports(recorded):
    result = quality(recorded.run, Filters())
    assert tables.year_headings(result) == [
        "Year",
        "Incidents",
        "Reports in",
        "No reports in",
        "Month unknown",
    ]
    assert tables.year_rows(result) == [
        ["2021", "4", "Mar (1), May (1), Jun (2)", "Apr, Jul to Dec", ""],
        ["2022", "1", "", "all year", "1"],
    ]
    chosen = quality(recorded.run, Filters(source_kinds=("campaign",)))
    assert tables.year_headings(chosen)[4] == "None of this choice in"
    assert tables.year_rows(chosen)[0][3:] == ["Apr, Jul to Dec", "Mar, May"]


def test_signs_and_not_colours_alone_tell_the_cells_of_the_chart_apart(recorded):
    cells = tables.months_to_draw(quality(recorded.run, Filters(source_kinds=("campaign",))))
    of_2021 = cells[cells["year"] == "2021"]["shown"].tolist()
    assert of_2021 == ["", "", "0", "–", "0", "1", *["–"] * 6]
    everything = tables.months_to_draw(quality(recorded.run, Filters()))
    assert everything[everything["month_name"] == "?"][["year", "shown", "kind"]].to_numpy().tolist() == [
        ["2022", "1", tables.VAGUE]
    ]


def test_it_is_said_how_long_a_record_takes_to_show():
    assert words.visibility(45, None)[0].startswith("A group's own record shows 45 days after the raid")
    assert len(words.visibility(45, None)) == 1
    assert words.visibility(30, 0)[1] == "None is waiting now."
    assert words.visibility(30, 1)[1].startswith("1 record is waiting")
    assert words.visibility(30, 2)[1].startswith("2 records are waiting")


starts = st.datetimes(datetime(2020, 1, 1), datetime(2022, 12, 31)).map(
    lambda moment: moment.replace(minute=0, second=0, microsecond=0)
)
lengths = st.sampled_from([0, 5, 23, 24, 700, 8000])
kinds = st.sampled_from(["press", "campaign", "government"])
places = st.sampled_from([EAST, WEST, TOWN, "unknown"])
stated = st.one_of(st.none(), st.integers(0, 50))


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(starts, lengths, kinds, places, stated), max_size=30),
    st.sampled_from([Filters(), Filters(source_kinds=("press",)), Filters(boroughs=(EAST,))]),
)
def test_shares_sum_and_months_are_complete(toy_store, rows, filters):
    with toy_store.write() as connection:
        connection.execute("DELETE FROM incidents")
    rows = [
        span(
            first,
            first + timedelta(hours=hours),
            "day",
            source_kind=kind,
            borough_code=place,
            people_detained=n,
        )
        for first, hours, kind, place, n in rows
    ]
    result = quality(with_rows(toy_store, "incidents", rows).run, filters)
    chosen = [
        row
        for row in rows
        if (not filters.source_kinds or row["source_kind"] in filters.source_kinds)
        and (not filters.boroughs or row["borough_code"] in filters.boroughs)
    ]
    assert result.incidents == len(chosen)
    assert (result.breakdowns.groupby("field")["n"].sum() == len(chosen)).all()
    if chosen:
        assert np.allclose(result.breakdowns.groupby("field")["share"].sum(), 1)
    of_all = result.fields[result.fields["source_kind"] == "all"].set_index("field")["unknown"]
    by_source = result.fields[result.fields["source_kind"] != "all"].groupby("field")["unknown"].sum()
    assert (of_all == by_source.reindex(of_all.index, fill_value=0)).all()
    assert unknown(result)["people_detained"] == sum(row["people_detained"] is None for row in chosen)
    assert result.fields["share"].dropna().between(0, 1).all()
    # Twelve months to each year, none missing between first and last, and each incident once.
    assert (result.months.groupby("year").size() == 12).all()
    assert result.months["year"].diff().dropna().isin([0, 1]).all()
    assert result.months["incidents"].sum() + result.years["month_unknown"].sum() == len(chosen)
    assert result.years["incidents"].sum() == len(chosen)
    assert ((result.months["state"] == REPORTED) == (result.months["incidents"] > 0)).all()
    assert (result.years["months_without"] <= result.years["months"]).all()


# Another way to the same numbers: the file as it came, counted by pandas.


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    store = open_store(tmp_path_factory.mktemp("bundled") / "raids.duckdb")
    return quality(store.run, Filters()), store


@pytest.fixture(scope="module")
def file():
    return pd.read_csv(BUNDLED / "reported_incidents.csv", dtype=str, keep_default_na=False)


def test_the_bundled_records_are_those_that_pandas_counts_in_the_file(bundled, file):
    result, _ = bundled
    assert result.incidents == len(file) == 139
    for name in ("source_kind", "confidence"):
        counted = file[name].value_counts().to_dict()
        assert {value: n for value, n in breakdown(result, name).items() if n} == counted
    # An hour without a day is not kept.
    has_day, has_month = file["date"].str.len() == 10, file["date"].str.len() >= 7
    has_hour = has_day & (file["time_start"] != "")
    assert breakdown(result, "date_precision") == {
        "hour": has_hour.sum(),
        "day": (has_day & ~has_hour).sum(),
        "month": (has_month & ~has_day).sum(),
        "year": (~has_month).sum(),
    }
    assert (unknown(result)["time_of_day"], unknown(result)["day"], unknown(result)["month"]) == (
        (~has_hour).sum(),
        (~has_day).sum(),
        (~has_month).sum(),
    )


@pytest.mark.parametrize(
    "name",
    ["people_detained", "people_released", "crowd_size", "duration_minutes", "setting", "outcome", "police_present", "community_response"],
)  # fmt: skip
def test_what_the_bundled_records_leave_open_is_what_pandas_finds_empty(bundled, file, name):
    result, _ = bundled
    is_open = file[name].isin(["", "unknown"])
    for source in ("all", *file["source_kind"].unique()):
        of_source = (file["source_kind"] == source) | (source == "all")
        assert unknown(result, source)[name] == (is_open & of_source).sum()


def test_the_months_and_years_of_the_bundled_records_are_those_of_pandas(bundled, file):
    result, _ = bundled
    months = file["date"][file["date"].str.len() >= 7].str[:7].value_counts()
    shown = result.months[result.months["incidents"] > 0]
    assert {f"{row.year}-{row.month:02d}": row.incidents for row in shown.itertuples()} == months.to_dict()
    by_year = file["date"].str[:4].astype(int).value_counts()
    years = result.years.set_index("year")["incidents"]
    assert years.to_dict() == by_year.reindex(years.index, fill_value=0).to_dict()
    period = pd.period_range(file["date"].min(), "2025-12", freq="M")
    assert result.years["months"].sum() == len(period) == 219
    assert result.years["months_without"].sum() == len(set(period.astype(str)) - set(months.index)) == 132


def test_the_boroughs_without_bundled_reports_are_those_the_file_does_not_name(bundled, file):
    result, _ = bundled
    boroughs = result.areas[result.areas["level"] == "borough"]
    named = boroughs["area_name"].isin(file["local_authority"])
    assert (named == (boroughs["state"] == REPORTED)).all()
    districts = result.areas[result.areas["level"] == "district"]
    assert ((districts["state"] == REPORTED) <= districts["area_code"].isin(file["postcode_district"])).all()


def test_the_official_figures_are_those_that_pandas_counts_in_the_file(bundled):
    result, _ = bundled
    file = pd.read_csv(BUNDLED / "home_office_visits.csv")
    official = result.official
    assert official.figures == official.in_store == len(file)
    assert official.ranges == (file["visits_low"] < file["visits_high"]).sum() == 61
    assert official.districts_covered == file["postcode_district"].nunique() == 171
    whole = file["period_end"].str.endswith("12-31").sum()
    assert (official.whole_years, official.area_years) == (whole, 171 * 9)
    by_period = file.groupby(["period_start", "period_end"])["postcode_district"].nunique()
    assert official.table["areas"].tolist() == by_period.tolist()


def test_the_other_pages_rest_on_the_same_numbers(bundled):
    result, store = bundled
    times = when(store.run, Filters()).times
    assert rest(result, "hours of the day") == (times.known_hours, times.incidents)
    assert rest(result, "weekdays")[0] == times.known("weekdays")
    assert rest(result, "months of the year")[0] == times.known("months")
    of_trends = trends(store.run, Filters(), "borough", "incidents")
    assert rest(result, "recorded incidents by month")[0] == times.incidents - of_trends.unknown_month
