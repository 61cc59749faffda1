import pytest

from data.keeping.opening import open_store
from tests.pages.conftest import open_page, words

TRENDS = "pages/3_Trends.py"
NAMES = ("source", "level", "area", "first-from", "first-to", "second-from", "second-to")


def test_the_fall_of_2020_is_said_with_its_interval():
    app = open_page(TRENDS)
    assert not app.exception
    said = words(app)
    assert "Official visits in London fell in 2020" in said
    assert "2020 to 2022 beside 2014 to 2019: 0.21 times as many" in said
    assert "Trend from 2014 to 2022: falling" in said


def test_official_totals_since_the_last_figures_stand_beside_them():
    said = words(open_page(TRENDS))
    assert (
        "The official figures by district and borough end on 31 December 2022; they are not those of today"
        in said
    )
    assert "London: 2,715 visits for illegal working in 2025, with 2,172 arrests" in said
    assert "2,715 visits" not in words(open_page(TRENDS, source="incidents"))


@pytest.mark.parametrize(
    ("script", "asked"),
    [("dashboard.py", {}), ("pages/1_Where.py", {}), ("pages/1_Area.py", {"area": "E09000028"})],
)
def test_each_page_of_official_figures_says_that_they_are_not_those_of_today(script, asked):
    assert "they are not those of today" in words(open_page(script, **asked))


@pytest.mark.parametrize("source", ["counts", "incidents"])
@pytest.mark.parametrize("value", ["", "nonsense", "E09000099", "<script>alert(1)</script>"])
def test_nonsense_in_the_address_falls_back_to_all(source, value):
    app = open_page(TRENDS, **dict.fromkeys(NAMES, value) | {"source": source})
    assert not app.exception
    assert set(app.query_params) <= {"source"}


def test_periods_of_ones_choice_stand_in_the_address():
    app = open_page(TRENDS, first_from="2014", first_to="2014", second_from="2015", second_to="2015")
    assert "2015 beside 2014" in words(app)
    assert app.query_params["second-from"] == "2015"


def test_periods_that_overlap_get_a_sentence_and_the_charts_stay():
    app = open_page(TRENDS, first_to="2021")
    assert not app.exception
    said = words(app)
    assert "The two periods overlap" in said
    assert "All boroughs on one scale" in said


def test_an_area_and_its_trend_are_said():
    said = words(open_page(TRENDS, area="E09000030"))
    assert "Official visits in Tower Hamlets fell" in said
    assert 'class="chosen"' in said


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"area": "E09000016"}, "no official figures for this area"),
        ({"period": "2022"}, "the only year there is"),
        ({"source": "counts", "setting": "market"}, "at which kind of address"),
        ({"source": "incidents", "setting": "market", "outcome": "prevented"}, "No recorded incident fits"),
        ({"source": "incidents", "area": "E09000001"}, "No incident is recorded in this area"),
    ],
)
def test_what_cannot_be_drawn_gets_a_sentence(query, expected):
    app = open_page(TRENDS, **query)
    assert not app.exception
    assert expected in words(app).replace("\\", "")


@pytest.mark.parametrize(
    ("source", "level"), [("incidents", "borough"), ("incidents", "locality"), ("counts", "district")]
)
def test_every_source_and_level_is_drawn(source, level):
    app = open_page(TRENDS, source=source, level=level)
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == (3 if level == "borough" else 1)


def test_incidents_known_only_by_year_are_told_of():
    assert "6 incidents are known only by year" in words(open_page(TRENDS, source="incidents")).replace(
        "\\", ""
    )


def test_an_empty_store_has_sentences_and_no_chart(tmp_path, monkeypatch):
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    monkeypatch.setenv("RAIDS_DATABASE", str(open_store(tmp_path / "empty.duckdb").path))
    app = open_page(TRENDS)
    assert not app.exception
    assert "No official figure covers this choice" in words(app).replace("\\", "")
    assert not app.get("vega_lite_chart")
