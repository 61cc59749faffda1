from datetime import datetime

import pytest

from analysis.outcomes.outcomes import GROUPS
from data.keeping.opening import open_store
from tests.analysis.where.test_where import with_rows
from tests.conftest import incident_row
from tests.pages.conftest import html, open_page, words

OUTCOMES_PAGE = "pages/3_Outcomes.py"


def said_on(**query) -> str:
    app = open_page(OUTCOMES_PAGE, **query)
    assert not app.exception
    return words(app).replace("\\", "")


def test_the_page_says_how_the_bundled_raids_ended_and_of_how_many_that_is_not_known():
    said = said_on()
    assert "People were detained in 95 of 139 recorded incidents (68%); how 31 ended is not known." in said
    assert "from 11 October 2007" in said
    assert '<td class="number">31</td>' in said


@pytest.mark.parametrize("by", GROUPS)
def test_every_grouping_has_its_finding_and_table(by):
    said = said_on(group=by, share_of="unknown")
    assert "‘Unknown’ by " in said
    assert "not known" in said


def test_groups_come_with_the_numbers_behind_them():
    tables = "".join(html(open_page(OUTCOMES_PAGE, group="borough")))
    assert '<th scope="row">Westminster</th><td class="number">9 of 14</td>' in tables
    assert '<th scope="row">Outside London</th><td class="number">22 of 30</td>' in tables


def test_many_groups_are_a_table_and_the_chart_says_what_it_leaves_out():
    assert "Drawn are the 35 postcode districts with most incidents" in said_on(group="district")


def test_people_and_stand_offs_say_how_many_records_state_them():
    said = said_on()
    assert (
        "96 of 139 recorded incidents say how many people were held, also if let go later: 687 in all" in said
    )
    assert "People held, also those let go later (persons)" in said
    assert "10 of 25 recorded incidents with a community response say how long it lasted" in said


def test_records_without_a_no_cannot_tell_what_a_response_does():
    said = said_on()
    assert "Cannot tell: no incident with a known outcome is recorded as one where nobody responded" in said
    assert "get reported" in said
    assert "Odds ratio" not in said


def test_a_log_that_notes_absent_responses_gets_its_odds_ratio(tmp_path, monkeypatch):
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    store = open_store(tmp_path / "raids.duckdb")
    cells = [("yes", "prevented", 12), ("yes", "people detained", 4)]
    cells += [("no", "no arrests", 6), ("no", "people detained", 8)]
    with_rows(
        store,
        "incidents",
        [
            incident_row(datetime(2022, 6, 11, 9), community_response=answer, outcome=outcome)
            for answer, outcome, number in cells
            for _ in range(number)
        ],
    )
    monkeypatch.setenv("RAIDS_DATABASE", str(store.path))
    said = said_on()
    assert "0.85 to 19" in said
    assert "That may be chance" in said


def test_nothing_chosen_is_a_sentence_instead_of_charts():
    app = open_page(OUTCOMES_PAGE, period="custom", **{"from": "1999-01-01"}, to="1999-12-31")
    assert not app.exception
    assert "No recorded incident fits this choice" in app.info[0].value
    assert not app.get("arrow_vega_lite_chart")


def test_the_filter_by_outcome_does_not_change_the_shares_and_it_says_so():
    said = said_on(outcome="prevented")
    assert "95 of 139" in said
    assert "does not apply to shares" in said
