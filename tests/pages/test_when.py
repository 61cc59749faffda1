import pytest

from analysis.when.words import TABLES
from data.imports.importer import import_file
from data.keeping.opening import open_store
from tests.pages.conftest import html, open_page, words

WHEN = "pages/2_When.py"


def test_it_says_how_many_times_are_unknown_and_what_cannot_be_told():
    app = open_page(WHEN)
    assert not app.exception
    assert app.title[0].value == "When raids happen"
    said = words(app).replace("\\", "")
    assert "107 of 139" in said
    assert "77% are known by day, month or year only" in said
    assert "Cannot tell the busiest hours: among 32 recorded incidents in London and elsewhere" in said
    assert (
        "Most often on a Thursday: 33% of 102 recorded incidents in London and elsewhere with a known day began then (25% to 42%"
        in said
    )
    assert "Cannot tell the busiest weekday: 77 recorded incidents in London alone with a known day" in said
    assert "official figures come by year and say nothing of the month, the day or the hour" in said
    assert "30 incidents of these are outside London." in said


def test_every_chart_is_also_a_table():
    tables = [text for text in html(open_page(WHEN)) if "<table>" in text]
    assert len(tables) == 1 + len(TABLES)
    assert tables[0].count("<tr") == 25
    assert "from 11 October 2007 to 31 December 2025" in tables[0]


def test_an_area_stands_beside_london_and_in_the_address():
    app = open_page(WHEN, area="E09000012")
    assert not app.exception
    said = words(app).replace("\\", "")
    assert "Hackney beside the rest of London" in said
    assert "All London on the same scale" in said
    assert "4 and 73 have a known day" in said
    assert app.query_params["area"] in ("E09000012", ["E09000012"])


def test_the_filter_by_borough_is_said_not_to_apply_to_an_area():
    assert "does not apply while an area is chosen" in words(
        open_page(WHEN, area="E09000012", borough="E09000028")
    )


def test_an_area_without_records_is_a_sentence():
    app = open_page(WHEN, level="district", area="EC1A")
    assert not app.exception
    assert "No recorded incident in EC1A fits this choice" in words(app)


@pytest.mark.parametrize("query", [{"level": "nonsense", "area": "E09000099"}, {"area": "<script>"}])
def test_nonsense_in_the_address_falls_back_to_all_records(query):
    app = open_page(WHEN, **query)
    assert not app.exception
    assert "139" in words(app)
    assert dict(app.query_params) == {}


def test_no_record_in_the_dates_is_a_sentence():
    app = open_page(WHEN, period="custom", **{"from": "1999-01-01"}, to="1999-12-31")
    assert not app.exception
    assert "No recorded incident fits this choice" in words(app)


def test_times_all_unknown_are_a_sentence_instead_of_a_chart(tmp_path, monkeypatch):
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    monkeypatch.setenv("RAIDS_DATABASE", str(tmp_path / "vague.duckdb"))
    (tmp_path / "log.csv").write_text("Date,Borough\n2022,Hackney\n2021,Hackney\n")
    import_file(open_store(), tmp_path / "log.csv")
    app = open_page(WHEN)
    assert not app.exception
    said = words(app).replace("\\", "")
    assert "2 of 2" in said
    assert "there are 0 recorded incidents with a known hour" in said
    assert "No single year has the most of 2 recorded incidents" in said
    assert len(app.get("vega_lite_chart")) == 1
