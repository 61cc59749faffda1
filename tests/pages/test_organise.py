import pytest

from data.errors import InputError
from data.keeping.opening import open_store
from data.organising.groups import list_groups
from data.store.store import Store
from pages.shared.door.roles import Role
from pages.shared.organise.groups import MAY_NOT_CHANGE, MAY_NOT_IMPORT
from tests.pages.conftest import html, open_page, words

ORGANISE = "pages/4_Organise.py"


@pytest.fixture
def own_store(tmp_path, monkeypatch):
    """A store of the test's own, since groups are changed in it."""
    store = open_store(tmp_path / "raids.duckdb")
    monkeypatch.setenv("RAIDS_DATABASE", str(store.path))
    return store


@pytest.mark.parametrize("level", ["borough", "district", "locality"])
def test_areas_are_ranked_with_reasons_at_every_level(level):
    app = open_page(ORGANISE, level=level)
    assert not app.exception
    said = words(app)
    assert "official visits a year" in said
    assert "cannot be told apart" in said or "allowing for chance" in said


def test_the_weights_are_a_persons_own_and_stand_in_the_address():
    app = open_page(ORGANISE, weigh="own", **{"weight-visits": "0", "weight-uncovered": "5"})
    assert not app.exception
    assert app.select_slider(key="control:weight-visits").value == "0"
    assert list(app.query_params["weight-uncovered"]) == ["5"]


def test_no_weight_at_all_gets_a_sentence():
    app = open_page(ORGANISE, weigh="own")
    for slider in app.select_slider:
        slider.set_value("0")
    app.run()
    assert not app.exception
    assert "Every weight is 0" in app.error[0].value


def test_dates_without_figures_get_a_sentence_for_each_part():
    app = open_page(ORGANISE, period="custom", **{"from": "1999-01-01"}, to="1999-12-31")
    assert not app.exception
    assert "No official figure covers" in words(app)


def test_an_area_is_added_taken_away_and_put_back(own_store):
    app = open_page(ORGANISE)
    app.selectbox(key="groups-kind").set_value("copwatch")
    app.text_input(key="groups-area").set_value("NW1")
    next(button for button in app.button if button.label == "Add the area").click().run()
    assert ["Copwatch", "NW1"] in list_groups(own_store)[["name", "area_code"]].to_numpy().tolist()
    assert "Copwatch" in "".join(html(app))
    chosen = next(box for box in app.selectbox if box.label == "Group and area")
    chosen.select("Copwatch: NW1").run()
    next(button for button in app.button if button.label == "Take it away").click().run()
    assert "Copwatch" not in set(list_groups(own_store)["name"])
    next(button for button in app.button if button.label == "Put it back").click().run()
    assert "Copwatch" in set(list_groups(own_store)["name"])


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def test_a_store_that_cannot_be_written_gets_a_sentence_and_the_area_can_be_put_back_later(
    own_store, monkeypatch
):
    def refuse(store):
        raise InputError("The disk is full.")

    app = open_page(ORGANISE)
    before = len(list_groups(own_store))
    with monkeypatch.context() as full:
        full.setattr(Store, "write", refuse)
        press(app, "Take it away")
        assert "The disk is full" in app.error[0].value
        assert "Put it back" not in [button.label for button in app.button]
    press(app, "Take it away")
    assert len(list_groups(own_store)) == before - 1
    with monkeypatch.context() as full:
        full.setattr(Store, "write", refuse)
        press(app, "Put it back")
        assert "The disk is full" in app.error[0].value
    press(app, "Put it back")
    assert len(list_groups(own_store)) == before


@pytest.mark.parametrize(
    ("role", "said_to"), [(Role.viewer, MAY_NOT_CHANGE), (Role.recorder, MAY_NOT_IMPORT), (Role.keeper, None)]
)
def test_recorders_change_groups_keepers_import_them_and_viewers_look(own_store, monkeypatch, role, said_to):
    monkeypatch.setattr("pages.shared.frame.page.admit", lambda: role)
    app = open_page(ORGANISE)
    labels = {button.label for button in app.button}
    assert {"Add the area", "Take it away"} <= labels or not role.may_record
    assert role.may_record or not {"Add the area", "Take it away", "Import it"} & labels
    assert ("Import it" in labels, bool(app.file_uploader)) == (role.may_keep, role.may_keep)
    told = words(app)
    assert [each for each in (MAY_NOT_CHANGE, MAY_NOT_IMPORT) if each in told] == [said_to] * (
        said_to is not None
    )
    assert "Groups and areas" in "".join(html(app))


def test_an_area_that_does_not_exist_is_refused(own_store):
    app = open_page(ORGANISE)
    app.selectbox(key="groups-kind").set_value("copwatch")
    app.text_input(key="groups-area").set_value("Atlantis")
    next(button for button in app.button if button.label == "Add the area").click().run()
    assert "There is no such area" in app.error[0].value
    assert len(list_groups(own_store)) == 15


def test_the_highest_on_both_are_named():
    said = words(open_page(ORGANISE))
    for district in ("N15", "N17", "E15"):
        assert district in said.split("High both by official visits")[1]
