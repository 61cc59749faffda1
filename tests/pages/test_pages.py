import pytest
from streamlit.testing.v1 import AppTest

from data.imports.importer import import_file
from data.imports.undoing import undo_last_import
from data.keeping.opening import open_store
from data.store.store import PROJECT_ROOT
from pages.shared.frame.filters import FILTER_NAMES, NO_FILTER
from tests.pages.conftest import PAGES, follow, in_force, open_page, words

WHERE = "pages/1_Where.py"
# Those of the records in their section of files alone.
WITHOUT_FILTERS = ("pages/5_Leaflet.py", "pages/6_Records.py", "pages/7_Lock.py", "pages/8_About.py")
NONSENSE = [
    "",
    "nonsense",
    "E09000099",
    "2022-13-45",
    "'; DROP TABLE incidents; --",
    "<script>alert(1)</script>",
    "\x00",
]
WHERE_NAMES = ("source", "level", "measure", "share-of", "layer", "area", "zoom", "street-map")


@pytest.mark.parametrize("script", PAGES)
def test_every_page_runs_as_an_app_of_its_own(script):
    app = open_page(script)
    assert not app.exception
    assert app.title[0].value == PAGES[script]
    assert (NO_FILTER in words(app)) == (script not in WITHOUT_FILTERS)


@pytest.mark.parametrize("script", [script for script in PAGES if script != "dashboard.py"])
def test_every_page_is_reached_from_home(script):
    app = AppTest.from_file(str(PROJECT_ROOT / "dashboard.py"), default_timeout=60).run()
    app.switch_page(script).run()
    assert not app.exception
    assert app.title[0].value == PAGES[script]


def test_home_says_its_figures_with_dates_and_what_they_cannot_show():
    said = words(open_page("dashboard.py"))
    assert "27,296 to 27,479" in said
    assert "from 2014 to 2022" in said
    assert "30 outside London" in said
    assert "Official figures reach to 31 December 2022." in said
    assert "not a place without raids" in said


@pytest.mark.parametrize(
    ("year", "visits"),
    [("2014", "4,736"), ("2018", "3,689"), ("2019", "3,472"), ("2020", "907"), ("2022", "861 to 1,044")],
)
def test_home_counts_a_year_as_the_home_office_does(year, visits):
    assert f"The Home Office counts {visits} visits" in words(open_page("dashboard.py", period=year))


# Every value on the page with most names in its address, and one on every page; the others before a release.
@pytest.mark.parametrize(
    ("script", "value"),
    [
        pytest.param(script, value, marks=() if script == WHERE or value == "nonsense" else pytest.mark.slow)
        for script in PAGES
        for value in NONSENSE
    ],
)
def test_nonsense_in_the_address_falls_back_to_all(script, value):
    names = FILTER_NAMES + (WHERE_NAMES if script == WHERE else ())
    app = open_page(script, **dict.fromkeys(names, value))
    assert not app.exception
    assert in_force(app) == []
    assert dict(app.query_params) == {}


def test_the_address_restores_the_view():
    app = open_page(
        WHERE, source="incidents", level="district", measure="incidents_rate", outcome=["no arrests", "prevented"],
        period="custom", **{"from": "2012-06-01"}, to="2022-06-30", borough="E09000028",
    )  # fmt: skip
    assert not app.exception
    assert in_force(app) == [
        "1 June 2012 to 30 June 2022",
        "Borough: Southwark",
        "Outcome: No arrests",
        "Outcome: Prevented",
    ]
    said = words(app)
    assert "Recorded incidents per 1,000 residents per year by postcode district" in said
    assert app.query_params["outcome"] == ["no arrests", "prevented"]


def test_filters_hold_on_the_next_page_and_stand_in_its_address():
    app = AppTest.from_file(str(PROJECT_ROOT / "dashboard.py"), default_timeout=60).run()
    app.multiselect(key="control:outcome").select("prevented").run()
    app.selectbox(key="control:period").select("2014").run()
    follow(app, WHERE)
    assert in_force(app) == ["1 January 2014 to 31 December 2014", "Outcome: Prevented"]
    assert app.query_params["period"] == "2014"
    follow(app, "dashboard.py")
    assert app.multiselect(key="control:outcome").value == ["prevented"]


def test_the_controls_of_a_page_hold_while_another_is_visited():
    app = AppTest.from_file(str(PROJECT_ROOT / "dashboard.py"), default_timeout=60).run()
    follow(app, WHERE)
    app.segmented_control(key="control:level").set_value("district").run()
    follow(app, "pages/8_About.py")
    assert "level" not in app.query_params
    follow(app, WHERE)
    assert app.segmented_control(key="control:level").value == "district"


def test_one_button_clears_every_filter():
    app = open_page(WHERE, outcome="prevented", period="2014")
    next(button for button in app.button if button.label == "Clear all filters").click().run()
    assert "No filter in force" in words(app)
    assert dict(app.query_params) == {}


def test_dates_the_wrong_way_round_are_swapped_and_said_so():
    app = open_page(WHERE, period="custom", **{"from": "2022-01-01"}, to="2014-01-01")
    assert "were swapped" in words(app)
    assert in_force(app) == ["1 January 2014 to 1 January 2022"]


@pytest.mark.parametrize("source", ["counts", "incidents"])
def test_an_empty_choice_says_why(source):
    app = open_page(WHERE, source=source, period="custom", **{"from": "1999-01-01"}, to="1999-12-31")
    assert not app.exception
    assert ("No official figure covers" if source == "counts" else "No recorded incident fits") in words(app)


def test_a_borough_the_returns_do_not_cover_is_not_called_zero():
    said = words(open_page(WHERE, area="E09000006"))
    assert "no official figures" in said
    assert "Official figures come by postcode district" in said.replace("\\", "")


def test_an_area_in_full_says_its_rank_as_a_range():
    said = words(open_page(WHERE, area="E09000012"))
    assert "Hackney" in said
    assert "between" in said
    assert "Most official visits in Hackney were in" in said


def test_localities_are_offered_for_recorded_incidents_only():
    app = open_page(WHERE, source="counts", level="locality")
    assert not app.exception
    assert app.segmented_control(key="control:level").value == "borough"


def test_a_file_that_is_no_store_is_told_in_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "no.duckdb").write_text("not a database")
    monkeypatch.setenv("RAIDS_DATABASE", str(tmp_path / "no.duckdb"))
    app = open_page("dashboard.py")
    assert not app.exception
    assert "is not a database of this dashboard" in app.error[0].value.replace("\\", "")


def test_records_lists_what_came_with_the_dashboard():
    said = words(open_page("pages/6_Records.py", section="files"))
    assert "139 incidents" in said
    assert "1,527 official figures" in said
    assert said.count("came with the dashboard") >= 2


def test_about_names_every_bundled_source_with_licence_and_day():
    said = words(open_page("pages/8_About.py"))
    assert "Open Government Licence" in said
    assert "FOI" in said or "Freedom of Information" in said
    assert "31 December 2022" in said
    assert "r-cran-spdata" in said
    assert "Contains Royal Mail data" in said
    assert "https://hansard.parliament.uk" in said
    assert "<a " not in said


def test_an_undo_that_is_refused_is_shown_as_an_error(tmp_path, monkeypatch):
    store = open_store(tmp_path / "raids.duckdb")
    monkeypatch.setenv("RAIDS_DATABASE", str(store.path))
    log = tmp_path / "log.csv"
    log.write_text("date,borough\n2022,Camden\n")
    import_file(store, log)
    app = open_page("pages/6_Records.py", section="files")
    undo_last_import(store)
    next(button for button in app.button if button.label == "Yes, take it back").click().run()
    assert "taken back already" in app.error[0].value
    assert not app.success


def test_the_district_map_says_where_corners_of_districts_are_counted():
    told = "in a small corner of a district, such as N1C"
    assert told in words(open_page(WHERE, source="incidents", level="district"))
    for others in ({"source": "incidents", "level": "borough"}, {"source": "counts", "level": "district"}):
        assert told not in words(open_page(WHERE, **others))
