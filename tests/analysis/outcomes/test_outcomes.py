import gzip
import io
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from esda.smoothing import Empirical_Bayes
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests

from analysis.filters import Filters
from analysis.outcomes.outcomes import GROUPS, OutcomesResult, one_outcome, outcomes, wilson_intervals
from analysis.outcomes.words import (
    finding_of,
    groups_to_download,
    overall_to_download,
    sentences,
    shrunk_meaning,
)
from analysis.where.measures import measure_values
from analysis.where.profile import area_profile
from analysis.where.where import where
from data.errors import InputError
from data.imports.importer import import_file
from data.keeping.opening import open_store
from data.schema import OUTCOMES
from tests.analysis.where.test_where import with_rows
from tests.conftest import EAST, SHARED_DATA, TOWN, WEST, incident_row

NINE = datetime(2020, 3, 1, 9)


def rows_of(result: OutcomesResult, group: str) -> pd.DataFrame:
    return result.table[result.table["group"] == group].set_index("outcome")


def many(number: int, **values) -> list[dict]:
    return [incident_row(NINE, **values) for _ in range(number)]


@pytest.fixture
def store(toy_store):
    east = {"borough_code": EAST, "postcode_district": "E1", "locality_code": "E09000012-E1"}
    return with_rows(
        toy_store,
        "incidents",
        [
            *many(3, **east, outcome="people detained", setting="home"),
            *many(1, **east, outcome="prevented", setting="street"),
            *many(2, borough_code=WEST, outcome="people detained", setting="home"),
            *many(1, borough_code=TOWN, outcome="no arrests", setting="home"),
            *many(1, outcome="unknown", setting="unknown"),
        ],
    )


def counted(column: pd.Series) -> dict:
    """Outcome -> its number, of those that are not 0."""
    return {outcome: number for outcome, number in column.items() if number}


def test_every_group_has_every_outcome_and_its_number_behind(store):
    table = outcomes(store.run, Filters(), "borough").table
    assert table["group"].drop_duplicates().tolist() == [EAST, WEST, "outside", "unknown"]
    assert table["outcome"].tolist() == list(OUTCOMES) * 4
    east = rows_of(outcomes(store.run, Filters(), "borough"), EAST)
    assert counted(east["n"]) == {"people detained": 3, "prevented": 1}
    assert set(east["of"]) == {4}
    assert counted(east["share"]) == {"people detained": 0.75, "prevented": 0.25}
    assert set(east["name"]) == {"Eastham"}


@pytest.mark.parametrize("by", GROUPS)
def test_groups_add_up_to_all_incidents_chosen(store, by):
    result = outcomes(store.run, Filters(), by)
    assert result.table["n"].sum() == result.of == 8
    assert (
        result.table.groupby("group")["n"].sum().tolist()
        == result.table.groupby("group")["of"].first().tolist()
    )
    assert result.table[["share", "low", "high"]].notna().all(axis=None)


def test_what_is_not_known_so_finely_is_told_from_what_was_elsewhere(store):
    by_locality = outcomes(store.run, Filters(), "locality")
    assert rows_of(by_locality, "E09000012-E1")["of"].iloc[0] == 4
    assert rows_of(by_locality, "unknown")["of"].iloc[0] == 3
    assert rows_of(by_locality, "outside")["of"].iloc[0] == 1
    assert rows_of(by_locality, "outside")["shrunk"].isna().all()


def test_a_district_that_reaches_beyond_london_counts_there_as_on_the_map(toy_store):
    row = incident_row(NINE, borough_code=TOWN, postcode_district="W1", outcome="prevented")
    run = with_rows(toy_store, "incidents", [row]).run
    result = outcomes(run, Filters(), "district")
    assert rows_of(result, "W1")["of"].tolist() == [1] * len(OUTCOMES)
    assert where(run, Filters(), "district", "incidents").table.set_index("area_code").loc["W1", "incidents"]
    assert result.beside_share("prevented") == 1
    assert finding_of(result, "prevented").endswith("too few to compare")


def test_london_holds_neither_the_rest_of_the_country_nor_places_unknown(store):
    result = outcomes(store.run, Filters(), "borough")
    overall = result.overall.set_index("outcome")
    assert overall.loc["people detained", ["n", "of", "london_n", "london_of"]].tolist() == [5, 8, 5, 6]
    assert result.beside_share("people detained") == pytest.approx(5 / 6)
    profiled = area_profile(store.run, Filters(), "borough", EAST).outcomes
    assert overall["london_share"].tolist() == pytest.approx(profiled["london_share"].tolist())


def test_a_year_or_an_hour_is_known_only_if_both_ends_lie_in_it(toy_store):
    rows = [
        incident_row(datetime(2020, 12, 31, 23)),
        incident_row(datetime(2020, 12, 31, 23), datetime(2021, 1, 1, 2), date_precision="day"),
        incident_row(datetime(2021, 1, 1, 0), datetime(2021, 12, 31, 23), date_precision="year"),
        incident_row(datetime(2021, 1, 1, 7), datetime(2021, 1, 1, 7)),
    ]
    run = with_rows(toy_store, "incidents", rows).run
    by_year = outcomes(run, Filters(), "year").table.drop_duplicates("group")
    assert dict(zip(by_year["group"], by_year["of"], strict=True)) == {"2020": 1, "2021": 2, "unknown": 1}
    by_hour = outcomes(run, Filters(), "hour").table.drop_duplicates("group")
    assert dict(zip(by_hour["group"], by_hour["of"], strict=True)) == {"7": 1, "23": 1, "unknown": 2}
    assert by_hour["name"].tolist() == ["07:00 to 07:59", "23:00 to 23:59", "Hour not known"]


def test_a_choice_of_outcomes_does_not_apply_and_it_says_so(store):
    result = outcomes(store.run, Filters(outcomes=("prevented",)), "setting")
    pd.testing.assert_frame_equal(result.table, outcomes(store.run, Filters(), "setting").table)
    assert "does not apply to shares" in result.notes[0]


def test_the_other_filters_apply(store):
    result = outcomes(store.run, Filters(settings=("home",), boroughs=(EAST, WEST)), "borough")
    assert result.of == 5
    assert result.beside == "the boroughs chosen"


def test_incidents_too_vaguely_dated_are_told(toy_store):
    vague = incident_row(datetime(2020, 1, 1), datetime(2020, 12, 31, 23), date_precision="year")
    run = with_rows(toy_store, "incidents", [vague, incident_row(NINE)]).run
    result = outcomes(run, Filters(date_from=date(2020, 2, 1)), "year")
    assert result.of == 1
    assert result.notes[0].startswith("1 more incident is known only by month or year")


def test_wilson_intervals_as_published():
    # Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I,
    # method 3; nine digits from R 4.2.2, prop.test(n, of, correct = FALSE).
    low, high = wilson_intervals(np.array([81, 15, 0, 1]), np.array([263, 148, 20, 29]))
    assert low == pytest.approx([0.255288519878274, 0.0623863995307363, 0, 0.00611321429276266], abs=1e-9)
    assert high == pytest.approx(
        [0.366209576982800, 0.1604872417233080, 0.161125158052819, 0.17175521879320282], abs=1e-9
    )


def test_shrunk_shares_are_those_of_esda_where_groups_differ(toy_store):
    # By hand, Marshall 1991: of 30 and 10 incidents 24 and 1 end so; mean 0.625, variance between
    # (30 × 0.175² + 10 × 0.525²) / 40 − 0.625 / 20 = 0.060625; weights 0.744246 and 0.492386.
    rows = [
        *many(24, borough_code=EAST, outcome="people detained"),
        *many(6, borough_code=EAST, outcome="unknown"),
        *many(1, borough_code=WEST, outcome="people detained"),
        *many(9, borough_code=WEST, outcome="unknown"),
    ]
    table = one_outcome(
        outcomes(with_rows(toy_store, "incidents", rows).run, Filters(), "borough"), "people detained"
    )
    assert table["shrunk"].tolist() == pytest.approx([0.7552430, 0.3664975], abs=1e-7)


def test_groups_that_differ_by_chance_only_all_get_the_share_of_all(store):
    table = one_outcome(outcomes(store.run, Filters(), "borough"), "people detained")
    assert table["shrunk"].tolist()[:2] == pytest.approx([5 / 6, 5 / 6])
    assert table["said"].tolist() == ["3 of 4", "2 of 2", "0 of 1", "0 of 1"]


def test_a_share_of_all_is_not_called_a_better_guess_beside_groups_that_clearly_differ(toy_store):
    # By hand: 96 and 80 of 100, mean 0.88: raw variance 0.08² = 0.0064, less than the 0.88 / 100 of Poisson's chance; by
    # binomial counts both differ (p 0.01 and 0.03).
    rows = [*_ended(96, EAST), *_ended(80, WEST)]
    result = outcomes(with_rows(toy_store, "incidents", rows).run, Filters(), "borough")
    assert one_outcome(result, "people detained")["shrunk"].tolist() == pytest.approx([0.88, 0.88])
    assert "clearly more often in Eastham" in finding_of(result, "people detained")
    meaning = shrunk_meaning(result, "people detained")
    assert meaning.startswith(
        "the share of all these groups. They differ no more than chance, in the rougher sense"
    )
    assert "the better guess" not in meaning


def test_a_share_pulled_towards_all_is_the_better_guess_where_groups_differ(toy_store):
    rows = [*_ended(90, EAST), *_ended(10, WEST)]
    result = outcomes(with_rows(toy_store, "incidents", rows).run, Filters(), "borough")
    assert shrunk_meaning(result, "people detained").endswith("the better guess where they are few")


def _ended(detained: int, borough: str) -> list[dict]:
    # A hundred incidents, some of which ended with people detained.
    return [
        *many(detained, borough_code=borough, outcome="people detained"),
        *many(100 - detained, borough_code=borough, outcome="no arrests"),
    ]


def test_the_most_recorded_groups_are_drawn_and_the_rest_stays_last(store):
    shown = one_outcome(outcomes(store.run, Filters(), "borough"), "unknown", most=1)
    assert shown["group"].tolist() == [EAST, "outside", "unknown"]


def test_the_finding_names_groups_that_stand_apart_and_no_others(toy_store):
    rows = [
        *many(2, borough_code=EAST, outcome="people detained"),
        *many(28, borough_code=EAST, outcome="no arrests"),
        *many(28, borough_code=WEST, outcome="people detained"),
        *many(2, borough_code=WEST, outcome="no arrests"),
    ]
    result = outcomes(with_rows(toy_store, "incidents", rows).run, Filters(), "borough")
    assert finding_of(result, "people detained") == (
        "‘People detained’ by borough: clearly more often in Westham, clearly more rarely in Eastham, "
        "than in London (50%)"
    )
    assert finding_of(result, "prevented") == (
        "‘Prevented’ by borough: none of 2 boroughs with 5 incidents or more clearly differs from London (0%)"
    )


def test_few_incidents_are_not_compared(store):
    result = outcomes(store.run, Filters(), "borough")
    assert finding_of(result, "prevented").endswith(
        "fewer than two boroughs have 5 incidents or more, too few to compare"
    )


def test_nothing_chosen_is_a_sentence(toy_store):
    for by in GROUPS:
        result = outcomes(toy_store.run, Filters(), by)
        assert result.table.empty
        assert sentences(result) == [
            "No recorded incident fits this choice. Clear a filter, or choose a longer time."
        ]
        assert counted(result.overall.set_index("outcome")["n"]) == {}


def test_a_single_day_is_named_once(toy_store):
    run = with_rows(toy_store, "incidents", [incident_row(NINE)]).run
    assert outcomes(run, Filters(), "year").period == "on 1 March 2020"


def test_no_such_grouping_is_one_sentence(toy_store):
    with pytest.raises(InputError, match="no such grouping"):
        outcomes(toy_store.run, Filters(), "weekday")


def test_a_download_says_unit_and_time(store):
    result = outcomes(store.run, Filters(), "setting")
    table = groups_to_download(one_outcome(result, "people detained"), "setting", result.period)
    assert table.columns.tolist() == [
        "by", "group", "name", "outcome", "n", "of", "share", "low", "high", "shrunk", "unit", "period",
    ]  # fmt: skip
    assert set(table["period"]) == {"on 1 March 2020"}
    shares = overall_to_download(result.overall, result.period).set_index("outcome")["share"]
    assert counted(shares) == {
        "people detained": 0.625, "prevented": 0.125, "no arrests": 0.125, "unknown": 0.125,
    }  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["home", "street", "unknown"]), st.sampled_from(OUTCOMES))))
def test_shares_lie_in_their_interval_and_shrunk_ones_between_their_own_and_that_of_all(pairs):
    cells = pd.DataFrame(pairs, columns=["group", "outcome"]).value_counts().rename("n").reset_index()
    reach = pd.DataFrame({"first": [pd.Timestamp(NINE)], "last": [pd.Timestamp(NINE)]})
    no_areas = pd.DataFrame(columns=["level", "code", "name"], dtype=str)
    answers = iter([cells.assign(place="unknown"), no_areas, reach])
    table = outcomes(lambda expression: next(answers), Filters(), "setting").table
    assert table["n"].sum() == len(pairs)
    assert ((table["low"] <= table["share"] + 1e-12) & (table["share"] <= table["high"] + 1e-12)).all()
    known = table.dropna(subset=["shrunk"])
    pooled = known.groupby("outcome")["n"].transform("sum") / known.groupby("outcome")["of"].transform("sum")
    ends = np.sort(np.column_stack([known["share"], pooled]), axis=1)
    assert (known["shrunk"] >= ends[:, 0] - 1e-12).all()
    assert (known["shrunk"] <= ends[:, 1] + 1e-12).all()


def test_shares_agree_with_those_on_the_map(store):
    shown = measure_values(where(store.run, Filters(), "borough", "incidents"), "outcome_share", "prevented")
    ours = rows_of(outcomes(store.run, Filters(), "borough"), EAST).loc["prevented"]
    theirs = shown.set_index("area_code").loc[EAST]
    assert ours[["share", "low", "high"]].tolist() == pytest.approx(
        theirs[["low", "likely_low", "likely_high"]].tolist()
    )


# The Metropolitan Police's stops of September 2022: 12,447 rows with outcomes, hours and coordinates.
STOPS = SHARED_DATA / "met-stop-search" / "2022-09-metropolitan-stop-and-search.csv.gz"
WORDS = {"Arrest": "people detained", "A no further action disposal": "no arrests"}


@pytest.fixture(scope="module")
def stops(tmp_path_factory):
    if not STOPS.exists():
        pytest.skip("needs ../shared/data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAIDS_BUNDLED", "none")
        store = open_store(tmp_path_factory.mktemp("stops") / "raids.duckdb")
    import_file(store, STOPS)
    rows = pd.read_csv(io.BytesIO(gzip.decompress(STOPS.read_bytes()))).dropna(subset=["Latitude"])
    rows["outcome"] = rows["Outcome"].map(WORDS).fillna("unknown")
    return store, rows


@pytest.mark.parametrize("by", ["hour", "year"])
def test_real_stops_recounted_by_pandas_agree_to_the_digit(stops, by):
    store, rows = stops
    local = pd.to_datetime(rows["Date"], utc=True).dt.tz_convert("Europe/London")
    expected = rows.groupby([getattr(local.dt, by).astype(str).to_numpy(), "outcome"]).size()
    table = outcomes(store.run, Filters(), by).table.set_index(["group", "outcome"])
    counted = table["n"][table["n"] > 0]
    assert counted.sort_index().to_dict() == expected.sort_index().to_dict()


@pytest.mark.parametrize("by", ["borough", "district", "locality"])
def test_areas_of_real_stops_agree_with_pandas_and_esda(stops, by):
    store, _rows = stops
    column = {"borough": "borough_code", "district": "postcode_district", "locality": "locality_code"}[by]
    placed = store.sql(f"SELECT {column} AS code, outcome::VARCHAR AS outcome FROM incidents").to_pandas()  # noqa: S608
    codes = set(store.sql("SELECT code FROM areas WHERE level = ?", [by])["code"].to_pylist())
    expected = (
        placed[placed["code"].isin(codes)].groupby("code")["outcome"].value_counts().unstack(fill_value=0)
    )
    table = one_outcome(outcomes(store.run, Filters(), by), "people detained")
    known = table[table["shrunk"].notna()].set_index("group").sort_index()
    assert known["n"].to_dict() == expected["people detained"].to_dict()
    assert known["of"].to_dict() == expected.sum(axis=1).to_dict()
    shrunk = Empirical_Bayes(expected["people detained"], expected.sum(axis=1)).r.ravel()
    assert known["shrunk"].to_numpy() == pytest.approx(shrunk, abs=1e-6)


def test_hours_of_real_stops_that_stand_apart_are_those_of_another_program(stops):
    store, rows = stops
    result = outcomes(store.run, Filters(), "hour")
    assert result.of == len(rows)
    table = one_outcome(result, "people detained")
    share = result.beside_share("people detained")
    doubled = [
        min(1, 2 * min(binomtest(n, of, share, side).pvalue for side in ("less", "greater")))
        for n, of in zip(table["n"], table["of"], strict=True)
    ]
    apart = table[multipletests(doubled, 0.05, "fdr_bh")[0]]
    assert [(apart["share"] > share).sum(), (apart["share"] < share).sum()] == [4, 1]
    assert finding_of(result, "people detained").endswith(
        "; 1 more, clearly more rarely in 14:00 to 14:59, than in all records chosen (16%)"
    )
