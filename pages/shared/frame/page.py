"""What every page begins and ends with: title, links to the other pages, filters, and a link to this view."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import streamlit as st

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
from pages.shared.frame.filters import draw_filters, draw_in_force, reset_filters
from pages.shared.frame.menu import PAGES, draw_menu, menu_links, serve_menu_script
from pages.shared.plain import plain

NAME = "Raids in London"
SHARED = Path(__file__).resolve().parents[1]


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
        serve_menu_script()
        used, names = PAGES[title].used_filters(role), ask(records, area_names, "borough")
        with st.sidebar:
            st.html(
                f'<p class="brand">{NAME}</p><p class="brand-line">Past immigration raids, for local groups</p>'
            )
            menu = st.empty()
            filters = _draw_filters(used, names, *ask(records, record_dates))
            draw_menu(menu, links := menu_links())
            link = st.container()
        st.title(title)
        if used:
            draw_in_force(filters, names)
        yield Frame(store, records.version, filters, role)
        query = view.write_address()
        # Only now is known what was chosen on this page, and with it where the links lead.
        if links != menu_links():
            draw_menu(menu, menu_links())
        with link:
            _draw_link(query)
    except InputError as error:
        st.error(plain(str(error)))
        st.stop()


def _draw_filters(
    used: Sequence[str], names: dict[str, str], first: date | None, last: date | None
) -> Filters:
    if used:
        st.header("Filters", divider=False, anchor=False)
    filters = draw_filters(used, names, first, last)
    if used:
        st.button("Clear all filters", on_click=reset_filters, disabled=filters.is_empty(), width="stretch")
    return filters


def _draw_link(query: str) -> None:
    with st.expander("Link to this view"):
        address = st.context.url or ""
        st.code(f"{address}?{query}" if query else address, language=None, wrap_lines=True)
        st.caption(
            "The address at the top of the browser says the same. It names what is chosen, never a record. It opens "
            "on a machine where this dashboard is running, and shows the records that are there."
        )
