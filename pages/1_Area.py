from functools import partial
from html import escape

import streamlit as st

from analysis.side_by_side.side_by_side import Place, area_lines, lines_to_download, places
from analysis.where.profile import area_profile
from pages.shared import view
from pages.shared.ask import ask
from pages.shared.downloads import file_name, offer_download
from pages.shared.frame.menu import AREA, LEAFLET, LOG, WHERE, link_to
from pages.shared.frame.page import Frame, page
from pages.shared.maps.choropleth import LEVEL_NOUNS
from pages.shared.plain import plain
from pages.shared.since import draw_since
from pages.shared.tables import Heading, show_table
from pages.shared.where.profile import draw_profile
from pages.shared.where.search import draw_area_search

# Names in the address.
CODE, BESIDE = "area", "beside"
NOTHING, REGION = "nothing", "region"
REGION_NAME = "All London"
GONE = "The link names an area that is not in these records any more, or one of another region. Search for yours above."
NONE_CHOSEN = "No area is chosen yet. Type a postcode above, or click a borough on the map of the first page."


def main() -> None:
    """Draw the page."""
    with page(AREA) as frame:
        known = ask(frame, places)
        asked_for = view.value(CODE)
        draw_area_search(frame, _choose)
        found = view.undrawn(CODE, known)
        if not found:
            st.info(GONE if asked_for else NONE_CHOSEN)
            link_to(WHERE, "Choose an area on the map")
            return
        place = known[found[0]]
        _draw_ways_on(place, known)
        draw_profile(
            ask(frame, area_profile, frame.filters, place.level, place.code), frame.filters, is_named=False
        )
        _draw_side_by_side(frame, place, known)
        draw_since(frame)


def _draw_ways_on(place: Place, known: dict[str, Place]) -> None:
    st.html(f'<h2 class="area">{escape(place.name)}</h2>')
    if place.within:
        st.html(f'<p class="said">{_lies_in(place, known)}</p>')
    with st.container(horizontal=True, gap="small", key="ways-on"):
        typed = place.name if place.level == "borough" else place.code
        link_to(LEAFLET, f"Plan leafleting in {plain(place.name)}", areas=typed)
        link_to(LOG, "Log a raid here", section="log")
        link_to(WHERE, "Show on the map", level=place.level, area=place.code)
        with st.popover("Copy link"):
            address = (st.context.url or "").split("?")[0]
            st.code(f"{address}?{CODE}={place.code}", language=None, wrap_lines=True)
            st.caption("It names the area alone, and opens on a machine where this dashboard runs.")


def _lies_in(place: Place, known: dict[str, Place]) -> str:
    return escape(
        f"A {LEVEL_NOUNS[place.level]}, all or most of it in {' and '.join(known[code].name for code in place.within)}."
    )


def _draw_side_by_side(frame: Frame, place: Place, known: dict[str, Place]) -> None:
    st.subheader("Every figure, beside another area", anchor=False)
    options = {REGION: REGION_NAME, NOTHING: "Nothing"}
    options |= {code: other.name for code, other in known.items() if code != place.code}
    beside = view.choose(st.selectbox, "Compare with", options, BESIDE, REGION)
    asked = partial(ask, frame)
    columns = {place.name: area_lines(asked, frame.filters, place)}
    if beside != NOTHING:
        columns[options[beside]] = area_lines(asked, frame.filters, known.get(beside))
    headings = [Heading("Figure"), *map(Heading, columns)]
    rows = [
        [
            lines[0].label,
            *(f"{line.figure} ({line.how_sure})" if line.how_sure else line.figure for line in lines),
        ]
        for lines in zip(*columns.values(), strict=True)
    ]
    show_table(" beside ".join(columns), headings, rows)
    offer_download(
        "Download this comparison (CSV)",
        lambda: lines_to_download(columns),
        file_name(f"{' beside '.join(columns)}", frame.filters),
        key="download-side-by-side",
    )


def _choose(code: str) -> None:
    view.put(CODE, code)


main()
