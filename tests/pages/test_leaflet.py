import json
import shutil
from datetime import date

import numpy as np
import pypdfium2
import pyproj
import pytest
from shapely import LineString
from streamlit.testing.v1 import AppTest

from analysis.leafleting.plan import make_plan, plan_tables
from analysis.leafleting.requests import Spot, Typed, read_request
from analysis.leafleting.sheets import to_sheets, walk_sheets
from analysis.leafleting.words import show
from analysis.organise.leafleted import walk_states
from data.geography.reference import read_london_postcodes
from data.organising.languages import load_main_languages
from data.organising.leafleting import record, save_plan
from data.store.store import PROJECT_ROOT, Store
from pages.shared.door.roles import Role
from pages.shared.leaflet.plan import DRAFT, MAY_NOT_SAVE, WALK, Draft, _add_corner, _choose
from pages.shared.leaflet.walks import MAY_NOT_ENTER
from tests.conftest import SHARED_DATA
from tests.pages.conftest import html, open_page, words

LEAFLET = "pages/5_Leaflet.py"
SMALL = {"areas": "SE15", "leaflets": "700"}
TYPED = Typed("SE15", (), 700, 4, 2.0)


@pytest.fixture(scope="session")
def made(bundled_database):
    """A plan for what `SMALL` asks for."""
    postcodes = read_london_postcodes()
    request = read_request(TYPED, postcodes)
    return make_plan(Store(bundled_database).run, postcodes, request, date.today())


@pytest.fixture
def own_store(bundled_database, tmp_path, monkeypatch):
    """A store of the test's own, since plans are saved in it."""
    path = shutil.copy(bundled_database, tmp_path / "own.duckdb")
    monkeypatch.setenv("RAIDS_DATABASE", str(path))
    return Store(path)


@pytest.fixture
def saved(own_store, made):
    """A store with the plan saved."""
    save_plan(own_store, *plan_tables(made))
    return own_store


@pytest.fixture
def app(made):
    """The page with the plan made."""
    app = AppTest.from_file(str(PROJECT_ROOT / LEAFLET), default_timeout=60)
    for name, value in SMALL.items():
        app.query_params[name] = value
    app.session_state[DRAFT] = Draft(made, show(made), TYPED, None)
    return app.run()


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def planned(**asked):
    return press(open_page(LEAFLET, **(SMALL | asked)), "Plan the walks")


def draft(app):
    return app.session_state[DRAFT]


def walks_page():
    app = open_page(LEAFLET, do="walks")
    assert not app.exception
    return app


def states(store):
    return walk_states(store.run).set_index("code")["state"]


def test_without_a_plan_the_page_says_what_to_do():
    assert "No plan yet. Say where" in words(open_page(LEAFLET))
    assert "No plan is saved yet" in words(open_page(LEAFLET, do="walks"))


def test_a_plan_is_made_for_what_stands_in_the_address():
    app = planned()
    said = words(app)
    assert "4 walks with about" in said
    assert "of the best possible" in said or "No other choice of places" in said
    assert "every walk hangs together" in said
    assert dict(app.query_params) == SMALL
    assert (draft(app).plan.stops["postcode"].str.startswith("SE15 ")).all()
    assert draft(app).plan.doors <= 700


def test_areas_come_from_the_ranking_too():
    app = open_page(LEAFLET, leaflets="300", people="2")
    ranking = app.multiselect(key="control:ranked")
    assert ranking.options[0].endswith("1st borough")
    ranking.select("district:N17").run()
    press(app, "Plan the walks")
    assert set(draft(app).plan.request.areas) == {("district", "N17")}
    assert app.query_params["ranked"] == "district:N17"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"areas": ""}, "Say which areas to leaflet"),
        ({"areas": "Hackney, Atlantis"}, "The 2nd area: This place is not known."),
        ({"areas": "Edinburgh"}, "outside London"),
        ({"leaflets": "0"}, "leaflets must be above 0"),
        ({"leaflets": "10000000"}, "leaflets must be above 0 and at most"),
        ({"people": "0"}, "people must be above 0"),
        ({"hours": "0"}, "hours must be above 0"),
        ({"sizes": "many"}, "Write the sizes as doors"),
        ({"sizes": "500"}, "at most 220 doors"),
        ({"sizes": "80, 221"}, "at most 220 doors"),
        ({"sizes": "5"}, "at least 10 and at most"),
        ({"sizes": "1,1,1"}, "at least 10 and at most"),
        ({"sizes": "0"}, "at least 10 and at most"),
        ({"doors-a-walk": "5"}, "between 10 and 220 doors"),
        ({"meet": "EH1 1AA"}, "The meeting point is no postcode of London"),
    ],
)
def test_a_bad_request_gets_one_sentence_and_no_plan(asked, sentence):
    app = planned(**asked)
    assert sentence in app.error[0].value.replace("\\", "")
    assert DRAFT not in app.session_state


def test_a_refused_request_leaves_the_plan_of_before(app):
    before = draft(app).plan.plan_id
    app.text_input(key="control:areas").set_value("Atlantis").run()
    assert "has changed since" in words(app)
    press(app, "Plan the walks")
    assert "This place is not known" in app.error[0].value.replace("\\", "")
    assert "Atlantis" not in app.error[0].value
    assert draft(app).plan.plan_id == before


@pytest.mark.parametrize("value", ["", "nonsense", "-1", "nan", "1e400", "<script>alert(1)</script>"])
def test_nonsense_in_the_address_falls_back(value):
    names = ("leaflets", "people", "hours", "doors-a-walk", "doors-an-hour", "day", "do", "must", "overdue")
    app = open_page(LEAFLET, **dict.fromkeys(names, value))
    assert not app.exception
    assert app.number_input(key="control:leaflets").value == 1000


def test_a_size_for_each_walk_and_a_meeting_point_are_kept_to():
    app = planned(leaflets="500", sizes="100, 190, 190", meet="SE15 4QL")
    plan = draft(app).plan
    small, *others = sorted(plan.walks.loc[~plan.walks["is_block"], "doors"])
    assert len(others) == 2
    assert small < 0.7 * others[0]
    # SE15 4QL lies at 534 122, 176 259.
    first = plan.stops[plan.stops["position"] == 1]
    last = plan.stops.groupby("walk").tail(1)
    away = [np.hypot(ends["easting"] - 534_122, ends["northing"] - 176_259) for ends in (first, last)]
    assert (away[0].to_numpy() <= away[1].to_numpy()).all()


def test_a_borough_gets_its_share_of_the_doors():
    # Half of 95 % of 700 leaflets for N17, the rest where it is best.
    app = planned(areas="SE15, N17", floors="E09000014", **{"floor-E09000014": "50"})
    plan = draft(app).plan
    assert plan.request.floors == (("E09000014", pytest.approx(332.5)),)
    there = plan.stops["borough_code"] == "E09000014"
    assert plan.stops.loc[there, "doors"].sum() >= 0.9 * 332.5


@pytest.mark.parametrize(
    ("asked", "doors"),
    [
        # Leaflets, hours or sizes, whichever is enough for fewest: 950, 2 x 1.5 x 100 and 220.
        ({"leaflets": 1000, "volunteers": 40}, 950),
        ({"leaflets": 1000, "volunteers": 2}, 300),
        ({"leaflets": 1000, "volunteers": 40, "sizes": "100, 120"}, 220),
    ],
)
def test_a_share_is_of_what_leaflets_people_and_sizes_are_enough_for(asked, doors):
    typed = Typed("SE15", (), hours=1.5, floors=(("E09000028", 20),), **asked)
    assert read_request(typed, read_london_postcodes()).floors == (("E09000028", pytest.approx(0.2 * doors)),)


def test_a_million_leaflets_can_be_read_back_from_the_address():
    app = open_page(LEAFLET, leaflets="1000000", hours="2.5")
    assert (app.query_params["leaflets"], app.query_params["hours"]) == ("1000000", "2.5")
    app.number_input(key="control:leaflets").set_value(12_345_678).run()
    assert app.query_params["leaflets"] == "12345678"


def test_a_barrier_is_drawn_kept_to_and_taken_away(app):
    app.toggle(key="control:draw-barrier").set_value(True).run()
    assert "Points so far: 0" in words(app)
    middle = draft(app).plan.stops["easting"].median() + 0.5
    app.session_state["leaflet-barrier-corners"] = [(middle, 170_000.0), (middle, 182_000.0)]
    press(app.run(), "Finish this barrier")
    assert "The barrier is drawn" in "".join(box.value for box in app.success)
    press(app, "Plan the walks")
    assert draft(app).plan.barriers == (LineString([(middle, 170_000.0), (middle, 182_000.0)]),)
    for _walk, stops in draft(app).plan.stops.groupby("walk"):
        assert (stops["easting"] < middle).all() or (stops["easting"] > middle).all()
    press(app, "Take the last one away")
    press(app, "Plan the walks")
    assert draft(app).plan.barriers == ()


LINE = {"type": "LineString", "coordinates": [[-0.07, 51.44], [-0.07, 51.49]]}


def test_barriers_come_from_a_file_too(app):
    upload(app, "Barriers", "railway.geojson", json.dumps(LINE).encode())
    press(app, "Plan the walks")
    (barrier,) = draft(app).plan.barriers
    assert barrier.length == pytest.approx(5_560, rel=0.01)


@pytest.mark.parametrize("label", ["Barriers", "Streets"])
def test_a_file_that_is_none_is_refused_and_the_plan_stays(app, made, label):
    upload(app, label, "cat.gpkg", b"a cat")
    assert "This is no" in app.error[0].value
    assert draft(app).plan is made


def test_streets_of_elsewhere_are_refused_and_the_plan_stays(app, made):
    streets = SHARED_DATA / "london-osm" / "westminster_drive.graphml.gz"
    if not streets.exists():
        pytest.skip("needs ../shared/data, the street graph of Westminster")
    upload(app, "Streets", streets.name, streets.read_bytes())
    press(app, "Plan the walks")
    assert "covers none of this area" in app.error[0].value
    assert draft(app).plan is made


def upload(app, label, name, content):
    uploader = next(each for each in app.file_uploader if each.label == label)
    uploader.set_value((name, content, "application/octet-stream")).run()
    assert not app.exception


def test_a_click_on_the_map_is_a_corner_in_metres(monkeypatch):
    state = {}
    monkeypatch.setattr("streamlit.session_state", state)
    _add_corner(-0.1, 51.5)
    expected = pyproj.Transformer.from_crs(4326, 27700, always_xy=True).transform(-0.1, 51.5)
    assert state["leaflet-barrier-corners"] == [pytest.approx(expected, abs=3)]


def test_a_stop_is_moved_and_that_undone(app):
    before = draft(app).plan
    moved = _move_some_stop(app)
    after = draft(app).plan
    assert (
        after.stops.set_index("postcode").loc[moved, "walk"]
        != before.stops.set_index("postcode").loc[moved, "walk"]
    )
    assert (after.plan_id, after.doors) != (before.plan_id, 0)
    press(app, "Undo")
    assert draft(app).plan is before
    assert next(button for button in app.button if button.label == "Undo").disabled


def _move_some_stop(app) -> str:
    """Try the stops and walks there are, until a move is not refused."""
    plan = draft(app).plan
    for stop in plan.stops.itertuples():
        for walk in plan.walks["walk"]:
            if walk == stop.walk:
                continue
            app.selectbox(key=WALK).set_value(stop.walk).run()
            app.selectbox(key="leaflet-stop").set_value(stop.postcode).run()
            app.selectbox(key="leaflet-to").set_value(walk).run()
            press(app, "Move it")
            if not app.error:
                return stop.postcode
            assert app.error[0].value.endswith("\\.")
            assert draft(app).plan is plan
    raise AssertionError("no stop could be moved")


def test_a_walk_is_cut_in_two_and_joined_again(app):
    count = len(draft(app).plan.walks)
    press(app, "Cut it in two")
    assert len(draft(app).plan.walks) == count + 1
    assert f"{count + 1} walks with about" in words(app)
    app.selectbox(key="leaflet-other").set_value(count + 1).run()
    press(app, "Join them")
    assert len(draft(app).plan.walks) == count
    assert sorted(draft(app).plan.walks["code"].duplicated()) == [False] * count


def test_walks_too_large_together_are_not_joined(app):
    press(app, "Join them")
    assert "more than the most of 220" in app.error[0].value or "do not touch" in app.error[0].value


def test_a_click_chooses_a_stop_and_its_walk(made, monkeypatch):
    stop = made.stops.iloc[-1]
    state = {DRAFT: Draft(made, show(made), TYPED, None)}
    monkeypatch.setattr("streamlit.session_state", state)
    _choose(f"stop:{stop['postcode']}")
    assert (state[WALK], state["leaflet-stop"]) == (stop["walk"], stop["postcode"])
    _choose("walk:1")
    assert state[WALK] == 1
    _choose("walk:999")
    assert state[WALK] == 1


def test_everything_is_offered_to_take_along(app):
    labels = {each.proto.label for each in app.get("download_button")}
    assert labels == {"Sheets to print (PDF)", "Map (GeoJSON)", "Routes (GPX)", "Checklist (CSV)"}


def test_a_spot_is_added_and_taken_away_and_a_bad_one_refused():
    app = open_page(LEAFLET)
    app.selectbox(key="spot-kind").set_value("market")
    app.text_input(key="spot-place").set_value("peckham")
    press(app, "Add the spot")
    assert "Market, Peckham" in words(app).replace("\\", "")
    app.text_input(key="spot-place").set_value("Atlantis")
    press(app, "Add the spot")
    assert "No London postcode or place" in app.error[0].value
    press(app, "Take it away")
    assert "Market, Peckham" not in words(app).replace("\\", "")


def test_a_plan_is_saved_once_and_its_walks_can_be_given_out(own_store, app):
    press(app, "Save this plan")
    assert "Saved" in app.success[0].value
    press(app, "Save this plan")
    assert (states(own_store) == "planned").all()
    app.segmented_control(key="control:do").set_value("walks").run()
    assert not app.exception
    assert "0 of 4 walks are done and 0 with somebody" in words(app)


def test_a_walk_is_given_out_goes_out_and_comes_back(saved):
    app = walks_page()
    code = app.selectbox(key="control:walk").options[0].split(" ")[0]
    app.number_input(key="walk-walker").set_value(7)
    press(app, "Give it out")
    assert f"Walk {code} is given to no. 7" in app.success[0].value.replace("\\", "")
    assert "Given out to no. 7 on" in words(app).replace("\\", "")
    press(app, "Gone out")
    assert states(saved)[code] == "out"
    app.number_input(key="walk-leaflets").set_value(120)
    app.number_input(key="walk-doors").set_value(110)
    press(app, "Back: all done")
    row = walk_states(saved.run).set_index("code").loc[code]
    assert (row["state"], row["leaflets"], row["doors_reached"]) == ("done", 120, 110)
    assert "1 of 4 walks is done" in words(app)


def test_of_two_plans_with_one_code_the_walk_chosen_is_entered(saved, made):
    about, walks, stops = plan_tables(made)
    save_plan(saved, about | {"plan_id": "newer"}, walks, stops)
    app = walks_page()
    app.selectbox(key="control:walk").set_value(f"{made.plan_id}:1").run()
    press(app, "Back: all done")
    done = walk_states(saved.run).query("state == 'done'")
    assert done[["plan_id", "walk"]].to_numpy().tolist() == [[made.plan_id, 1]]


def test_a_walk_is_released_and_that_taken_back(saved):
    app = walks_page()
    app.number_input(key="walk-walker").set_value(8)
    press(app, "Give it out")
    press(app, "Release it")
    assert "is free again" in app.success[0].value
    assert (states(saved) == "released").sum() == 1
    press(app, "Take back the last entry")
    assert "Taken back" in app.success[0].value
    assert (states(saved) == "assigned").sum() == 1


def test_a_walk_done_in_part_can_be_given_out_again(saved):
    app = walks_page()
    press(app, "Back: done in part")
    assert "came back done in part" in app.warning[0].value
    assert "Give it out" in [button.label for button in app.button]


def test_a_walk_is_given_to_nobody_without_a_number(saved):
    app = walks_page()
    press(app, "Give it out")
    assert "number of the person" in app.error[0].value
    assert (states(saved) == "planned").all()


def test_nothing_is_taken_back_where_nothing_happened(saved):
    app = walks_page()
    press(app, "Take back the last entry")
    assert "nothing to take back" in app.error[0].value


def test_a_done_walk_offers_nothing_but_to_take_it_back(saved):
    app = walks_page()
    press(app, "Back: all done")
    labels = [button.label for button in app.button]
    assert "Give it out" not in labels
    assert "Take back the last entry" in labels


def test_a_plan_nothing_happened_to_is_removed(saved):
    app = walks_page()
    press(app, "Yes, remove it")
    assert "The plan was removed" in app.success[0].value
    assert "No plan is saved yet" in words(app)


def test_a_plan_of_which_a_walk_was_given_out_stays(saved):
    app = walks_page()
    press(app, "Back: all done")
    assert "Yes, remove it" not in [button.label for button in app.button]


def test_a_viewer_plans_and_looks_but_saves_and_enters_nothing(saved, app, monkeypatch):
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: Role.viewer)
    assert MAY_NOT_SAVE in words(app.run())
    labels = [button.label for button in app.button]
    assert "Plan the walks" in labels
    assert "Save this plan" not in labels
    app = walks_page()
    assert MAY_NOT_ENTER in words(app)
    assert not app.text_input
    assert not app.button
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: Role.recorder)
    assert {"Give it out", "Take back the last entry", "Yes, remove it"} <= {
        button.label for button in walks_page().button
    }


def test_walks_long_with_somebody_are_overdue(saved):
    app = walks_page()
    code = states(saved).index[0]
    record(saved, code, "assigned", 7)
    with saved.write() as connection:
        connection.execute("UPDATE leaflet_events SET happened_at = TIMESTAMP '2020-01-01 12:00:00'")
    app.run()
    assert "1 walk is overdue" in app.warning[0].value
    assert "given out, overdue" in "".join(html(app))


def test_what_is_given_out_is_hatched_and_not_planned_again(saved, made):
    for code in made.walks["code"]:
        record(saved, code, "assigned", 7)
    second = planned()
    assert not set(made.stops["postcode"]) & set(draft(second).plan.stops["postcode"])
    assert "given out, or done in the last weeks" in "".join(html(second))
    second.toggle(key="control:hide-taken").set_value(True).run()
    assert "given out, or done in the last weeks" not in "".join(html(second))


def test_the_sheets_hold_a_page_for_each_walk_and_one_for_spots(bundled_database, made):
    sheets = to_sheets(Store(bundled_database).run, made, load_main_languages())
    pdf = walk_sheets(sheets, "28 November 2026", [Spot("market", "Rye Lane", 200)])
    cover, *of_walks, spots = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    assert "1 spot with 200 leaflets" in cover
    assert "Rye Lane" in spots
    for text, code in zip(of_walks, made.walks["code"], strict=True):
        assert code in text
        assert "raid" not in text.lower()
