import json
from datetime import datetime
from html import unescape

import pytest

from analysis.quality.words import NOT_NO_RAIDS
from data.imports.importer import import_file
from data.keeping.opening import open_store
from pages.shared.charts.quality_charts import CLASS_COLOURS, _contrast, _readable
from pages.shared.colours import DARK, LIGHT
from pages.shared.door.roles import Role
from tests.analysis.where.test_where import with_rows
from tests.conftest import EAST, count_row, incident_row
from tests.pages.conftest import html, open_page, words

QUALITY = "pages/6_Quality.py"


def said(app) -> str:
    return unescape(words(app).replace("\\", ""))


def charts(app) -> list[dict]:
    return [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]


def tables(app) -> dict[str, str]:
    """HTML of each table by its caption."""
    found = [text for text in html(app) if "<table>" in text]
    return {text.split("<caption>")[1].split("</caption>")[0]: text for text in found}


@pytest.fixture
def toy(toy_store, monkeypatch):
    """The toy geography as the dashboard's own store."""
    monkeypatch.setenv("RAIDS_DATABASE", str(toy_store.path))
    return toy_store


def test_it_says_how_many_records_there_are_and_what_they_rest_on():
    app = open_page(QUALITY)
    assert not app.exception
    assert app.title[0].value == "What the records can tell"
    text = said(app)
    assert "32 of 139" in text
    assert "61 of 1,527 (4%) are ranges" in text
    assert "They reach to 31 December 2022." in text
    assert "The records reach to December 2025." in text
    assert "Nothing else has been imported." in text
    rests = tables(app)["How many records, areas or years each answer rests on"]
    assert rests.count("<tr") == 15
    assert "106 of 139 (76%)" in rests


def test_gaps_are_no_reports_and_never_no_raids():
    text = said(open_page(QUALITY))
    assert "No reports in 132 of 219 months" in text
    assert "No reports from 5 of 33 boroughs (Bexley, City of London," in text
    assert NOT_NO_RAIDS in text
    assert "no raids" not in text.replace(NOT_NO_RAIDS, "").lower()


def test_every_chart_is_also_a_table_and_every_table_can_be_downloaded():
    app = open_page(QUALITY)
    # Five closed lists, the fields, the months.
    assert len(charts(app)) == 7
    captions = list(tables(app))
    assert captions == [
        "How many records, areas or years each answer rests on", "Who reported it", "How sure the record is",
        "Whether a second person looked at it", "How finely the time is known", "How finely the place is known",
        "Unknown or not stated, by who reported it", "Recorded incidents by month and year",
        "Boroughs, those without reports first, beside official visits", "Official figures in force",
    ]  # fmt: skip
    assert len(app.get("download_button")) == 6


def test_the_level_stands_in_the_address_and_is_restored_from_it():
    app = open_page(QUALITY)
    app.segmented_control(key="control:level").set_value("district").run()
    assert app.query_params["level"] in ("district", ["district"])
    again = open_page(QUALITY, level="district")
    assert "No reports from 266 of 311 postcode districts" in said(again)
    assert "Postcode districts, those without reports first, beside official visits" in tables(again)


def test_a_month_with_reports_but_none_of_the_choice_is_a_nought():
    app = open_page(QUALITY, outcome="no arrests", period="2012")
    assert not app.exception
    table = tables(app)["Recorded incidents by month and year"]
    assert "None of this choice in" in table
    assert "Jan, Mar, Oct, Dec" in table
    assert "No recorded incident fits this choice" in said(app)


def test_an_empty_store_has_no_chart_and_says_what_to_do(toy):
    app = open_page(QUALITY)
    assert not app.exception
    assert "No recorded incident shows yet. Import a log, or log an incident by hand." in said(app)
    assert "Nothing has been imported yet." in said(app)
    assert charts(app) == []
    assert tables(app) == {}


def test_incidents_without_official_figures_say_so(toy):
    with_rows(toy, "incidents", [incident_row(datetime(2021, 3, 1, 6), borough_code=EAST)])
    app = open_page(QUALITY)
    assert not app.exception
    assert "No official figure is in the store yet" in said(app)
    assert "The one month on 1 March 2021 has reports" in said(app)
    assert "No reports from 1 of 2 boroughs (Westham)" in said(app)


def test_official_figures_without_incidents_are_shown(toy):
    with_rows(toy, "counts", [count_row("E1", 2021, 1, 4)])
    app = open_page(QUALITY)
    assert not app.exception
    assert "No recorded incident shows yet." in said(app)
    assert "Official figures in force" in tables(app)
    assert "No reports from any of 2 boroughs; official figures count 1 to 4 visits in 1 of them" in said(app)


def test_an_import_is_seen_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    monkeypatch.setenv("RAIDS_DATABASE", str(tmp_path / "own.duckdb"))
    (tmp_path / "log.csv").write_text("Date,Borough,Outcome\n2022-03-04,Hackney,\n2021,Hackney,\n")
    import_file(open_store(), tmp_path / "log.csv")
    app = open_page(QUALITY)
    assert not app.exception
    assert "2 of 2 (100%) stand as imported" in said(app)
    assert "1 incident is known by year only" in said(app)


@pytest.mark.parametrize(
    ("role", "is_said"), [(Role.viewer, False), (Role.recorder, True), (Role.keeper, True)]
)
def test_only_those_who_log_learn_how_many_records_wait(monkeypatch, role, is_said):
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: role)
    monkeypatch.setattr("data.imports.history.status", lambda store: {"waiting": 3})
    text = said(open_page(QUALITY))
    assert "A group's own record shows 30 days after the raid" in text
    assert ("3 records are waiting" in text) is is_said


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_number_in_a_cell_can_be_read(colours):
    fills = [*(colours.ramp[number] for number in CLASS_COLOURS), colours.paper, colours.no_figures]
    # WCAG 2.2 asks for 4.5; the cells' numbers stand in the table too.
    assert min(_contrast(_readable(fill, colours), fill) for fill in fills) >= 4
    # Each class is told from the next without its hue: the lightness goes one way.
    shades = [_contrast(fill, "#000000") for fill in fills[: len(CLASS_COLOURS)]]
    assert shades == sorted(shades, reverse=colours is LIGHT)
