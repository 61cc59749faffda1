"""Dates chosen from one side only, on which nothing is recorded: every analysis answers with a sentence."""

from datetime import date

import pandas as pd
import pytest

from analysis.filters import Filters
from analysis.hot_spots.hot_spots import hot_spot_years, hot_spots
from analysis.hot_spots.words import sentences as hot_spot_sentences
from analysis.outcomes.outcomes import outcomes
from analysis.outcomes.stated_numbers import people
from analysis.outcomes.words import stated_sentences
from analysis.quality.seen import seen
from analysis.residents.compare import compare
from analysis.tables import areas
from analysis.trends.trends import trends
from analysis.trends.words import trends_sentences
from analysis.when.when import when
from analysis.where.kernel_density import kernel_density
from analysis.where.where import where
from data.keeping.opening import open_store

SIDES = (Filters(date_from=date(2030, 1, 1)), Filters(date_to=date(1990, 1, 1)))


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    return open_store(tmp_path_factory.mktemp("one_sided") / "raids.duckdb")


@pytest.fixture(scope="module")
def figures(bundled) -> pd.DataFrame:
    boroughs = bundled.run(areas.filter(areas.level == "borough").select("code", "residents"))
    return boroughs.rename(columns={"code": "area_code", "residents": "value"})


@pytest.mark.parametrize("filters", SIDES, ids=["from 2030", "to 1990"])
class TestNothingRecorded:
    @pytest.mark.parametrize("source", ["counts", "incidents"])
    def test_areas_have_neither_rates_nor_hot_spots(self, bundled, filters, source):
        found = where(bundled.run, filters, "borough", source)
        assert found.total_high == 0
        result = hot_spots(bundled.run, filters, "borough", source)
        assert not result.table["is_hot_spot"].any()
        assert len(hot_spot_sentences(result)) == 1
        assert hot_spot_years(bundled.run, filters, "borough", source).empty

    @pytest.mark.parametrize("source", ["counts", "incidents"])
    def test_there_is_nothing_to_compare_to_spread_or_to_follow(self, bundled, figures, filters, source):
        compared = compare(bundled.run, filters, "borough", source, figures, "residents")
        assert compared.finding.startswith("There are too few ")
        assert compared.points.empty
        assert kernel_density(bundled.run, filters, source, 2000).bounds is None
        assert trends_sentences(trends(bundled.run, filters, "borough", source))

    def test_records_have_no_share_no_time_and_no_numbers(self, bundled, filters):
        assert seen(bundled.run, filters, "borough").finding.startswith("No official figure")
        assert when(bundled.run, filters).incidents == 0
        assert outcomes(bundled.run, filters, "borough").of == 0
        assert stated_sentences(people(bundled.run, filters)) == ["No recorded incident fits this choice."]


def test_boroughs_without_a_record_are_not_said_to_have_too_few_residents(bundled, figures):
    result = compare(bundled.run, SIDES[0], "borough", "incidents", figures, "residents")
    assert (
        result.finding
        == "There are too few recorded incidents to compare: none has any, and at least 5 are needed."
    )
    assert result.notes[0] == "Compared are 33 of 33 boroughs."
