"""The pages: their scripts, the links to them, and which of the filters each of them uses."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitPageNotFoundError

from pages.shared import view
from pages.shared.door.roles import Role
from pages.shared.frame import assets
from pages.shared.frame.filters import BOROUGH, DATES, FILTER_NAMES, SETTING

# What of the filters official figures have; the others are of recorded incidents alone.
OF_FIGURES = (*DATES, SETTING, BOROUGH)
# A place chosen on one of the pages that ask for these is shown on the next as well.
PLACE = ("level", "area")


@dataclass(frozen=True)
class Page:
    """
    A page: its script as Streamlit wants it, the words of the link to it, and the filters that do something on it.

    Where a choice of the page is made, `all_with` (its name in the address and the values that count), it uses `FILTER_NAMES`;
    with a value of `for_keepers`, before keepers alone, and before viewers never if there are such. `at_first` are the choices of other pages that hold on this one before it was ever open.
    """

    script: str
    label: str
    filters: Sequence[str] = FILTER_NAMES
    all_with: tuple[str, tuple[str, ...]] | None = None
    for_keepers: tuple[str, ...] = ()
    at_first: Sequence[str] = ()

    def used_filters(self, role: Role) -> Sequence[str]:
        """The filters it uses as it stands before somebody of a role."""
        if self.all_with is None or (self.for_keepers and not role.may_record):
            return self.filters
        name, values = self.all_with
        value = view.current(name, values, "")
        return FILTER_NAMES if value and (role.may_keep or value not in self.for_keepers) else self.filters


HOME, AREA, WHERE, LEAFLET, LOG, ABOUT = (
    "Immigration raids in London", "Your area", "Where raids happen", "Which streets on Saturday", "Log and records",
    "About these records",
)  # fmt: skip
# By title. Visits by the Home Office have a date, a place and a setting, and no more; the pages that show them beside
# recorded incidents use every filter. A plan of walks, a backup and a list of sources are made of no chosen records.
PAGES = {
    HOME: Page("dashboard.py", "Home"),
    AREA: Page("pages/1_Area.py", AREA, at_first=PLACE[1:]),
    WHERE: Page("pages/1_Where.py", WHERE, at_first=PLACE),
    "When raids happen": Page("pages/2_When.py", "When raids happen", at_first=PLACE),
    "What happens then": Page("pages/3_Outcomes.py", "What happens then"),
    "Is it changing": Page(
        "pages/3_Trends.py", "Is it changing", OF_FIGURES, all_with=("source", ("incidents",)), at_first=PLACE
    ),
    "Where to organise": Page("pages/4_Organise.py", "Where to organise", at_first=PLACE[:1]),
    LEAFLET: Page("pages/5_Leaflet.py", LEAFLET, ()),
    # What keepers download as a file is chosen by them.
    LOG: Page("pages/6_Records.py", LOG, (), all_with=("section", ("all", "files")), for_keepers=("files",)),
    "What the records can tell": Page("pages/6_Quality.py", "Quality of the records"),
    "Lock, back up, delete": Page("pages/7_Lock.py", "Lock, back up, delete", ()),
    ABOUT: Page("pages/8_About.py", "About and method", ()),
}


def menu_links() -> dict[str, dict]:
    """Title of each page -> what stands in the link to it: the filters, and what else makes it open as it was left."""
    return {title: view.link(title, FILTER_NAMES, page.at_first) for title, page in PAGES.items()}


def draw_menu(place: DeltaGenerator, links: dict[str, dict]) -> None:
    """Draw the links to all pages at a place that holds one thing."""
    with place.container():
        for title, query in links.items():
            _draw_link(title, PAGES[title].label, query)


def link_to(title: str, label: str, **choices: str) -> None:
    """Draw a link to another page, as in the menu; with choices of that page's, it opens with these and the filters alone."""
    _draw_link(title, label, view.link("", FILTER_NAMES) | choices if choices else menu_links()[title])


def lead_to(title: str, **choices: str) -> None:
    """Go to another page, as a click on the link to it would, which stands here unseen until the script clicks it."""
    with st.container(key="lead-on"):
        link_to(title, "Go on", **choices)


def serve_menu_script() -> None:
    """What a browser needs for the links besides Streamlit's own script."""
    address = assets.serve_file("menu.js", (assets.OWN / "menu.js").read_bytes())
    with st.container(key="menu-script"):
        st.html(f'<script src="{address}"></script>', unsafe_allow_javascript=True)


def _draw_link(title: str, label: str, query: dict) -> None:
    # A page that runs as an app of its own has no others to lead to.
    with suppress(StreamlitPageNotFoundError):
        st.page_link(PAGES[title].script, label=label, width="stretch", query_params=query)
