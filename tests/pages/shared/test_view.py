"""What is looked at: the address decides, and a choice just made is added to it."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.shared import view


def a_page():
    import streamlit as st

    from pages.shared import view

    title = st.session_state.get("title", "One")
    view.begin(title)
    view.choose(st.radio, "Level", {"borough": "Boroughs", "district": "Districts"}, "level")
    view.choose_many("Outcomes", {"a": "A", "b": "B"}, "outcome")
    view.switch("Streets", "streets")
    view.number("People", "people", 4, 0, 100, 1)
    view.write("Areas", "areas")
    view.choose_day("Day", "day", None)
    if title == "One":
        view.undrawn("period", {"2014"})
    view.write_address()


ADDRESS = {"level": ["district"], "outcome": ["b", "a"], "streets": ["on"], "people": ["7"], "areas": ["N17"], "day": ["2022-06-11"]}  # fmt: skip


def opened(**address: list[str]) -> AppTest:
    app = AppTest.from_function(a_page)
    app.query_params = dict(address)
    return app.run()


def address_of(app: AppTest) -> dict[str, list[str]]:
    return {
        name: [value] if isinstance(value, str) else list(value) for name, value in app.query_params.items()
    }


def go(app: AppTest, **address: list[str]) -> AppTest:
    """What Back, Forward and a link do: the browser has another address, and no widget was touched."""
    app.query_params = dict(address)
    return app.run()


def test_a_session_begins_with_what_stands_in_the_address():
    app = opened(**ADDRESS)
    assert not app.exception
    assert (app.radio[0].value, app.multiselect[0].value, app.toggle[0].value) == (
        "district",
        ["b", "a"],
        True,
    )
    assert (app.number_input[0].value, app.text_input[0].value) == (7, "N17")
    assert f"{app.date_input[0].value}" == "2022-06-11"
    assert address_of(app) == ADDRESS


def test_a_step_back_undoes_every_kind_of_choice_and_a_step_forward_redoes_it():
    app = opened()
    go(app, **ADDRESS)
    assert (app.radio[0].value, app.toggle[0].value, app.number_input[0].value) == ("district", True, 7)
    go(app)
    assert (app.radio[0].value, app.multiselect[0].value, app.toggle[0].value) == ("borough", [], False)
    assert (app.number_input[0].value, app.text_input[0].value, app.date_input[0].value) == (4, "", None)
    assert address_of(app) == {}
    go(app, **ADDRESS)
    assert address_of(app) == ADDRESS


def test_a_choice_is_added_to_the_address_after_a_step_back():
    app = opened(**ADDRESS)
    go(app, level=["district"])
    app.toggle[0].set_value(True).run()
    assert address_of(app) == {"level": ["district"], "streets": ["on"]}


def test_a_choice_made_before_the_browser_had_the_last_address_undoes_nothing():
    app = opened()
    app.radio[0].set_value("district").run()
    assert address_of(app) == {"level": ["district"]}
    app.toggle[0].set_value(True)
    go(app)
    assert address_of(app) == {"level": ["district"], "streets": ["on"]}


def test_a_link_holds_the_filters_and_what_the_page_was_left_at():
    app = opened(period=["2014"], level=["district"])
    app.session_state["title"] = "Other"
    go(app, people=["7"])
    assert address_of(app) == {"people": ["7"]}
    kept = {view.SESSION: app.session_state[view.SESSION]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view.st, "session_state", kept)
        assert view.link("One", ["period"]) == {"period": ["2014"], "people": ["7"]}
        assert view.link("Never open", ["period"], ["people"]) == {"period": ["2014"], "people": ["7"]}
        assert view.link("", ["period"]) == {"period": ["2014"]}


@pytest.mark.parametrize("value", ["", "nonsense", "2022-13-45", "\x00", "<b>"])
def test_what_cannot_be_read_falls_back_to_the_default(value):
    app = opened(**{key: [value] for key in ("level", "outcome", "streets", "people", "day", "period")})
    assert not app.exception
    assert address_of(app) == {}
