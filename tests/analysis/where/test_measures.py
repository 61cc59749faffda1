import numpy as np
import pandas as pd
import pytest

from analysis.areas import LEVELS
from analysis.filters import Filters
from analysis.where.measures import (
    class_numbers,
    filters_for,
    measure_classes,
    measure_values,
    rank_span,
    share_span,
    value_in_words,
    values_to_download,
)
from analysis.where.where import MEASURES, WhereResult

NONE = float("nan")


def result(**columns) -> WhereResult:
    table = pd.DataFrame(columns)
    table.insert(0, "area_code", [f"A{number}" for number in range(len(table))])
    table.insert(1, "area_name", [f"Area {number}" for number in range(len(table))])
    for column in ("residents", "rank_low", "rank_high"):
        table[column] = table.get(column, 1.0)
    return WhereResult(table, None, None, 0, 0, 0, 0, 0, 0)


def test_the_highest_comes_first_and_areas_without_a_figure_last():
    values = measure_values(
        result(visits_low=[3, NONE, 10], visits_high=[9, NONE, 12], covered_share=[1, NONE, 1]), "visits"
    )
    assert list(values["area_code"]) == ["A2", "A0", "A1"]
    assert list(values["is_covered"]) == [True, True, False]


def test_an_area_covered_for_less_than_half_of_its_residents_keeps_its_figure_but_is_not_coloured():
    values = measure_values(result(visits_low=[5], visits_high=[5], covered_share=[0.3]), "visits")
    assert values["low"][0] == 5
    assert not values["is_covered"][0]


def test_a_share_is_of_the_incidents_of_the_area_and_has_no_rank():
    values = measure_values(
        result(incidents=[8, 0], n_no_arrests=[3, 0]), "outcome_share", "no arrests"
    ).set_index("area_code")
    assert values.loc["A0", "low"] == values.loc["A0", "high"] == 3 / 8
    assert np.isnan(values.loc["A1", "low"])
    assert values["rank_low"].isna().all()


@pytest.mark.parametrize(
    ("measure", "low", "high", "of", "words"),
    [
        ("visits", 861.0, 1044.0, NONE, "861 to 1,044"),
        ("visits", 0.2, 0.4, NONE, "0"),
        ("visits", NONE, NONE, NONE, "–"),
        ("visits_rate", 0.412, 0.438, NONE, "0.41 to 0.44"),
        ("incidents", 4.0, 4.0, NONE, "4"),
        ("outcome_share", 0.375, 0.375, 8.0, "3 of 8 (38 %)"),
    ],
)
def test_values_are_said_as_a_person_would(measure, low, high, of, words):
    assert value_in_words(measure, low, high, of) == words


def test_a_share_of_too_few_incidents_stands_below_and_is_not_coloured():
    values = measure_values(
        result(incidents=[1, 8, 0], n_prevented=[1, 2, 0]), "outcome_share", "prevented"
    ).set_index("area_code")
    assert list(values.index) == ["A1", "A2", "A0"] or list(values.index) == ["A1", "A0", "A2"]
    assert values["is_covered"].to_dict() == {"A1": True, "A0": False, "A2": False}


def test_a_share_has_the_wilson_interval():
    # 3 of 8: R, binom::binom.confint(3, 8, methods = "wilson") gives 0.1368 to 0.6943
    values = measure_values(result(incidents=[8], n_prevented=[3]), "outcome_share", "prevented")
    assert (round(values["likely_low"][0], 4), round(values["likely_high"][0], 4)) == (0.1368, 0.6943)
    assert share_span(values["likely_low"][0], values["likely_high"][0]) == "14 to 69 %"


def test_a_certain_rank_is_one_number():
    assert (rank_span(1.0, 1.0), rank_span(3.0, 7.0), rank_span(NONE, NONE)) == ("1", "3 to 7", "–")


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("level", LEVELS)
def test_every_measure_has_classes_at_every_level(measure, level):
    classes = measure_classes(measure, level)
    assert len(classes.labels) == len(classes.bounds) + 1


def test_classes_of_incidents_are_whole_numbers():
    assert measure_classes("incidents", "locality").labels == (
        "1",
        "2",
        "3 to 5",
        "6 to 10",
        "11 to 20",
        "21 to 50",
        "over 50",
    )


def test_a_downloaded_table_says_what_it_counts_and_is_rounded():
    found = result(rate_per_1000_low=[0.123456], rate_per_1000_high=[0.2], covered_share=[1.0])
    table = values_to_download(measure_values(found, "visits_rate"), "visits_rate", "in 2020")
    assert table.columns[:7].tolist() == [
        "area_code",
        "area_name",
        "measure",
        "unit",
        "period",
        "low",
        "high",
    ]
    assert table["unit"].unique().tolist() == ["per 1,000 residents per year"]
    assert str(table["residents"].dtype) == "Int64"
    assert table[["low", "high"]].to_numpy().tolist() == [[0.1235, 0.2]]
    assert "of" not in table


def test_shares_of_outcomes_ignore_the_outcomes_chosen():
    filters = Filters(outcomes=("prevented",), settings=("home",))
    assert filters_for("outcome_share", filters) == Filters(settings=("home",))
    assert filters_for("incidents", filters) == filters


def test_an_area_is_coloured_by_the_middle_of_its_range_and_none_is_not_a_little():
    found = result(visits_low=[0.0, 1.0, 40.0, NONE, 5.0], visits_high=[0.0, 4.0, 80.0, NONE, 5.0],
                   covered_share=[1.0, 1.0, 1.0, NONE, 0.2])  # fmt: skip
    values = measure_values(found, "visits")
    numbers = dict(
        zip(values["area_code"], class_numbers(values, measure_classes("visits", "district")), strict=True)
    )
    # Up to 3, up to 10, up to 30, up to 100: 2.5 is in the first class, 60 in the fourth.
    assert numbers == {"A0": 0, "A1": 1, "A2": 4, "A3": -1, "A4": -1}
