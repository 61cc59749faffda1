"""What every page begins and ends with: title, links to the other pages, filters, and a link to this view."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitPageNotFoundError

from analysis.filters import Filters
from analysis.where.places import area_names, record_dates
from data.errors import InputError
from pages.shared import view
from pages.shared.ask import Records, ask, open_once
from pages.shared.colours import colours
from pages.shared.door.access import admit
from pages.shared.door.roles import Role
from pages.shared.door.unlock import ensure_open
from pages.shared.frame import assets
from pages.shared.frame.filters import draw_filters, reset_filters
from pages.shared.plain import plain

NAME = "Raids in London"
SHARED = Path(__file__).resolve().parents[1]
# Script of each page, as Streamlit wants it, and the words of the link to it.
PAGES = {
    "dashboard.py": "Home",
    "pages/1_Where.py": "Where raids happen",
    "pages/2_When.py": "When raids happen",
    "pages/3_Outcomes.py": "What happens then",
    "pages/3_Trends.py": "Is it changing",
    "pages/4_Organise.py": "Where to organise",
    "pages/5_Leaflet.py": "Which streets on Saturday",
    "pages/6_Records.py": "Log and records",
    "pages/6_Quality.py": "Quality of the records",
    "pages/7_Lock.py": "Lock, back up, delete",
    "pages/8_About.py": "About and method",
}


@dataclass(frozen=True)
class Frame(Records):
    """What a page works with: the records, the chosen filters, the role."""

    filters: Filters
    role: Role


@contextmanager
def page(title: str) -> Iterator[Frame]:
    """
    Draw the frame under a title, hand over to the page, and write its view into the address at the end.

    An `InputError` from anywhere in the page is shown as its one sentence. Any other error is a bug and stays visible.
    """
    st.set_page_config(
        page_title=NAME,
        page_icon=str(SHARED / "icon.svg"),
        layout="wide",
        menu_items={"Get help": None, "Report a Bug": None, "About": None},
    )
    st.html(SHARED / "style.css")
    st.html(f"<style>:root {{ --paper: {colours().paper}; }}</style>")
    try:
        role = admit()
        # Whoever is not let in is not told what the page is about.
        st.set_page_config(page_title=f"{title} · {NAME}")
        view.begin(title)
        assets.serve_map_assets()
        store = open_once()
        ensure_open(store, role)
        records = Records(store, store.version())
        with st.sidebar:
            _draw_links()
            filters = _draw_filters(records)
            link = st.container()
        st.title(title)
        _say_filters(filters, ask(records, area_names, "borough"))
        yield Frame(store, records.version, filters, role)
        with link:
            _draw_link(view.write_address())
    except InputError as error:
        st.error(plain(str(error)))
        st.stop()


def link_to(script: str, label: str) -> None:
    """Draw a link to another page. A page that runs as an app of its own has no others, and draws none."""
    with suppress(StreamlitPageNotFoundError):
        st.page_link(script, label=label, width="stretch")


def _draw_links() -> None:
    st.html(f'<p class="brand">{NAME}</p><p class="brand-line">Past immigration raids, for local groups</p>')
    for script, label in PAGES.items():
        link_to(script, label)


def _draw_filters(records: Records) -> Filters:
    st.header("Filters", divider=False, anchor=False)
    filters = draw_filters(ask(records, area_names, "borough"), *ask(records, record_dates))
    st.button("Clear all filters", on_click=reset_filters, disabled=filters.is_empty(), width="stretch")
    return filters


def _say_filters(filters: Filters, borough_names: dict[str, str]) -> None:
    in_force = filters.describe(borough_names)
    st.caption(
        plain(f"Filters in force: {' · '.join(in_force)}") if in_force else "No filter in force: all records."
    )


def _draw_link(query: str) -> None:
    with st.expander("Link to this view"):
        address = st.context.url or ""
        st.code(f"{address}?{query}" if query else address, language=None, wrap_lines=True)
        st.caption(
            "The address at the top of the browser says the same. It names what is chosen, never a record. It opens "
            "on a machine where this dashboard is running, and shows the records that are there."
        )
