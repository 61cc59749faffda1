"""Pages run against a store of their own, with what comes with the dashboard."""

import re
from urllib.parse import parse_qs

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.keeping.opening import open_store
from data.store.store import PROJECT_ROOT
from pages.shared.frame.menu import PAGES as MENU

PAGES = {
    "dashboard.py": "Immigration raids in London",
    "pages/1_Area.py": "Your area",
    "pages/1_Where.py": "Where raids happen",
    "pages/2_When.py": "When raids happen",
    "pages/3_Outcomes.py": "What happens then",
    "pages/3_Trends.py": "Is it changing",
    "pages/4_Organise.py": "Where to organise",
    "pages/5_Leaflet.py": "Which streets on Saturday",
    "pages/6_Records.py": "Log and records",
    "pages/6_Quality.py": "What the records can tell",
    "pages/7_Lock.py": "Lock, back up, delete",
    "pages/8_About.py": "About these records",
}


@pytest.fixture(scope="session")
def bundled_database(tmp_path_factory, esda_draws):
    path = tmp_path_factory.mktemp("store") / "raids.duckdb"
    # Otherwise the Records page offers one.
    open_store(path).decide("passphrase_declined", 1)
    return path


@pytest.fixture(autouse=True)
def _database(bundled_database, monkeypatch):
    monkeypatch.setenv("RAIDS_DATABASE", str(bundled_database))
    # The store is opened once per process; a test must not see the one of another.
    st.cache_resource.clear()


def open_page(script: str, **query: str | list[str]) -> AppTest:
    """A page as an app of its own, opened at an address."""
    app = AppTest.from_file(str(PROJECT_ROOT / script), default_timeout=60)
    for name, value in query.items():
        app.query_params[name.replace("_", "-")] = value
    return app.run()


def follow(app: AppTest, script: str) -> AppTest:
    """The page to which a link of the menu leads, at the address that the link has."""
    label = next(page.label for page in MENU.values() if page.script == script)
    link = next(link.proto for link in app.get("page_link") if link.proto.label == label)
    app.query_params = parse_qs(link.query_string)
    return app.switch_page(script).run()


def in_force(app: AppTest) -> list[str]:
    """The filters in force, as their chips name them."""
    return [button.label.replace("\\", "") for button in app.button if str(button.key).startswith("chip-")]


def words(app: AppTest) -> str:
    """Everything the page says, in order of its elements, without the marks that keep a text from being Markdown."""
    said = [
        re.sub(r"\\(?=[^\w\s])", "", element.value)
        for kind in ("title", "caption", "info", "error", "subheader")
        for element in app.get(kind)
    ]
    return "\n".join([*said, *html(app)])


def html(app: AppTest) -> list[str]:
    """The page's own HTML: legends, tables, figures."""
    return [element.proto.body for element in app.get("html")]


def remembered(app: AppTest) -> str:
    """Everything the session holds, as text, also where a page cannot look."""
    state = app.session_state._state._state
    parts = (state.filtered_state, state._new_session_state, state._old_state)
    widgets = {key: state._new_widget_state.get(key) for key in state._new_widget_state}
    return " ".join(f"{key} {value}" for part in (*parts, widgets) for key, value in dict(part).items())
