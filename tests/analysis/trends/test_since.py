"""What is known officially since the figures by district end."""

from datetime import date

import pandas as pd
import pytest

from analysis.trends import since as later
from analysis.trends.since import sentences, since
from data.keeping.opening import open_store
from data.returns.since import load_totals_since

TODAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def bundled(tmp_path_factory):
    return open_store(tmp_path_factory.mktemp("since") / "raids.duckdb")


def test_the_newest_total_of_each_count_is_told_with_its_time_and_what_it_counts(bundled):
    told = sentences(since(bundled.run, TODAY))
    # As the Home Office's releases have them: 2,715 visits and 2,172 arrests in London, 12,831 and 9,008 in the United Kingdom.
    assert told == [
        "The official figures by district and borough end on 31 December 2022; they are not those of today.",
        "London: 2,715 visits for illegal working in 2025, with 2,172 arrests.",
        "United Kingdom: 21,858 visits of all kinds from 1 October 2024 to 30 September 2025.",
        "United Kingdom: 12,831 visits for illegal working in 2025, with 9,008 arrests.",
        "These totals count other things than the figures by district, so they are neither joined to them nor added to each other.",
    ]


def test_a_later_total_of_a_month_does_not_hide_that_of_a_year(bundled, monkeypatch):
    totals = load_totals_since()
    january = (
        totals[totals["area"] == "London"]
        .iloc[[-1]]
        .assign(period_start=pd.Timestamp("2026-01-01"), period_end=pd.Timestamp("2026-01-31"), visits=250)
    )
    monkeypatch.setattr(later, "load_totals_since", lambda: pd.concat([totals, january]))
    assert "London: 2,715 visits for illegal working in 2025, with 2,172 arrests." in sentences(
        since(bundled.run, TODAY)
    )


def test_only_totals_that_end_after_the_figures_by_district_are_listed(bundled):
    found = since(bundled.run, TODAY)
    assert found.last == date(2022, 12, 31)
    # 14 rows, two of which end in 2012 and 2015.
    assert (len(load_totals_since()), len(found.totals)) == (14, 12)
    assert (found.totals["period_end"].dt.date > found.last).all()


def test_figures_of_the_last_two_years_need_no_word_of_what_came_since(bundled):
    assert since(bundled.run, date(2024, 12, 30)) is None


def test_without_figures_by_district_nothing_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    assert since(open_store(tmp_path / "raids.duckdb").run, TODAY) is None
