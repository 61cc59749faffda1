import pytest
from streamlit.testing.v1 import AppTest

from analysis.side_by_side.side_by_side import Line, lines_to_download
from data.store.store import PROJECT_ROOT
from pages.shared.where.search import BOX, ELSEWHERE, MEANT, PICK, UNKNOWN
from tests.pages.conftest import html, open_page, words

AREA = "pages/1_Area.py"


def table_of(app):
    (table,) = [text for text in html(app) if "<table>" in text and "Is it changing" in text]
    return table


def typed(app, text):
    return app.text_input(key=BOX).set_value(text).run()


def open_from_home(**query):
    """The page of an area among all pages: links lead nowhere from an app of one page."""
    app = AppTest.from_file(str(PROJECT_ROOT / "dashboard.py"), default_timeout=60).run()
    app.query_params = query
    return app.switch_page(AREA).run()


def links(app):
    return {link.proto.label: link.proto.query_string for link in app.get("page_link")}


def test_a_borough_stands_beside_all_london_on_every_figure():
    app = open_page(AREA, area="E09000028")
    assert not app.exception
    table = table_of(app)
    for heading in ("Southwark", "All London"):
        assert f'<th scope="col">{heading}</th>' in table
    # The 27,296 to 27,479 of the first page, less the four in parts of postal districts that lie outside London.
    assert "27,292 to 27,475" in table
    assert "Spanish" in table
    assert table.count("<tr>") == 1 + 11


def test_an_area_leads_to_its_walks_the_form_and_the_map():
    to = links(open_from_home(area="SE15"))
    assert "areas=SE15" in to["Plan leafleting in SE15"]
    assert to["Log a raid here"] == "section=log"
    assert "level=district" in to["Show on the map"]
    assert "area=SE15" in to["Show on the map"]


def test_a_locality_says_that_official_figures_are_no_finer_than_districts():
    app = open_page(AREA, area="E09000028-SE15-4", beside="SE15")
    assert not app.exception
    assert "Official figures come by postcode district and say nothing finer" in table_of(app)
    assert "A locality, all or most of it in Southwark." in words(app)


@pytest.mark.parametrize("code", ["E09000099", "G2", "S12000049", "<script>"])
def test_an_old_link_whose_area_is_gone_says_so_and_leads_on(code):
    app = open_from_home(area=code)
    assert "names an area that is not in these records" in words(app)
    assert "Choose an area on the map" in links(app)


def test_without_an_area_the_page_says_how_to_choose_one():
    assert "No area is chosen yet." in words(open_page(AREA))


@pytest.mark.parametrize(
    ("text", "code"),
    [("Hackney", "E09000012"), ("n17", "N17"), ("SE15 4ST", "SE15"), ("SE15 4", "SE15"), ("Peckham", "SE15")],
)
def test_what_is_typed_leads_to_the_page_of_its_area(text, code):
    app = typed(open_page(AREA), text)
    assert app.query_params["area"] == code


def test_a_slip_of_the_finger_is_asked_about_and_one_press_leads_on():
    app = typed(open_page(AREA), "Peckam")
    (pills,) = app.button_group
    assert pills.label == MEANT
    assert pills.options[0] == "Peckham \\(Southwark\\)"
    app = pills.set_value(0).run()
    assert app.session_state[PICK] == 0
    assert app.query_params["area"] == "SE15"


@pytest.mark.parametrize(
    ("text", "said"),
    [("Manchester", ELSEWHERE), ("M1 1AA", ELSEWHERE), ("G2 1DU", ELSEWHERE), ("xyzzy", UNKNOWN)],
)
def test_a_search_for_what_is_not_there_gets_a_sentence(text, said):
    app = typed(open_page("dashboard.py"), text)
    assert not app.exception
    assert said in words(app)


def test_home_leads_from_the_search_to_the_page_of_the_area():
    app = AppTest.from_file(str(PROJECT_ROOT / "dashboard.py"), default_timeout=60).run()
    assert "area=SE15" in links(typed(app, "Peckham"))["Go on"]


def test_two_places_of_ones_choice_stand_side_by_side():
    table = table_of(open_page(AREA, area="E09000012", beside="E09000028"))
    assert '<th scope="col">Hackney</th><th scope="col">Southwark</th>' in table
    assert "All London" not in table


def test_any_area_of_the_ranking_can_be_sent_to_the_plan_with_its_reason():
    app = open_page("pages/4_Organise.py", next="E09000028")
    assert not app.exception
    assert "Plan leaflet walks in Southwark" in [button.label for button in app.button]
    (table,) = [text for text in html(app) if "most urgent first" in text]
    assert '<tr class="chosen" aria-current="true"><th scope="row">Southwark</th>' in table
    (reason,) = [text for text in html(app) if text.startswith('<p class="said">Southwark')]
    assert "official visits a year" in reason


def test_an_area_alone_is_not_ranked_first_of_one():
    said = words(open_page("pages/4_Organise.py", borough="E09000028"))
    assert "Southwark is the only one of the boroughs that the filters leave" in said
    assert "1st of 1 " not in said


def test_lines_are_saved_with_how_sure_they_are():
    saved = lines_to_download({"A": [Line("Visits", "3", "2nd of 5")], "B": [Line("Visits", "4")]})
    assert saved.to_dict("records") == [
        {
            "question": "Visits",
            "A: figure": "3",
            "A: how sure": "2nd of 5",
            "B: figure": "4",
            "B: how sure": "",
        }
    ]
