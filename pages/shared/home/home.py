"""The home page: a search, the borough map, the headline figures, the top areas in words, and what the data cannot show."""

from collections.abc import Iterable
from datetime import date
from html import escape

import streamlit as st

from analysis.records.headlines import Headlines, headlines
from analysis.where.measures import measure_values
from analysis.where.where import where
from analysis.words import day_in_words, period_in_words
from pages.shared.ask import ask
from pages.shared.figures import draw_figures
from pages.shared.frame.menu import ABOUT, AREA, HOME, WHERE, lead_to, link_to
from pages.shared.frame.page import Frame, page
from pages.shared.limits import FEW_LIMITS
from pages.shared.maps.choropleth import AreaMap, draw_area_map, outlines_of
from pages.shared.since import draw_since
from pages.shared.where.search import draw_area_search

OPEN_AREA = "open-area"


def main() -> None:
    """Draw the page."""
    with page(HOME) as frame:
        # A borough was clicked, or searched for. Only a page that runs can lead to another; the click itself cannot.
        if OPEN_AREA in st.session_state:
            lead_to(AREA, area=st.session_state.pop(OPEN_AREA))
        draw_area_search(frame, _open_area)
        said = ask(frame, headlines, frame.filters)
        left, right = st.columns([3, 2], gap="large")
        with left:
            _draw_map(frame)
        with right:
            _draw_figures(said)
        _draw_words(frame, said)


def _draw_figures(said: Headlines) -> None:
    if not said.figures:
        st.info("No record fits this choice. Clear a filter, or choose a longer time.")
        return
    # Below one another: they stand beside the map.
    draw_figures(said.figures, "grid-template-columns: 1fr")


def _draw_map(frame: Frame) -> None:
    result = ask(frame, where, frame.filters, "borough", "counts")
    shown = AreaMap(
        level="borough",
        measure="visits",
        values=measure_values(result, "visits"),
        period=period_in_words(result.period_start, result.period_end),
        bounds=outlines_of(frame, "borough").around(frame.filters.boroughs),
    )
    draw_area_map(frame, shown, "home", _open_area)
    link_to(WHERE, "Rates, postcode districts, table and download")


def _draw_words(frame: Frame, said: Headlines) -> None:
    st.subheader("Where most is counted", anchor=False)
    st.html(
        _paragraphs(
            [*said.top_areas, *said.notes] or ["Nothing is recorded yet. Import a file on the Records page."]
        )
    )
    draw_since(frame)
    st.subheader("What these figures cannot show", anchor=False)
    st.html("<ul class='said'>" + "".join(f"<li>{escape(limit)}</li>" for limit in FEW_LIMITS) + "</ul>")
    link_to(ABOUT, "Sources, method and all limits")
    st.subheader("Data as of", anchor=False)
    st.html(
        _paragraphs(
            [
                f"Official figures reach to {_day(said.visits_as_of)}.",
                f"Recorded incidents reach to {_month(said.incidents_as_of)}.",
            ]
        )
    )


def _paragraphs(sentences: Iterable[str]) -> str:
    return "".join(f'<p class="said">{escape(sentence)}</p>' for sentence in sentences)


def _day(day: date | None) -> str:
    return day_in_words(day) if day else "no day: there are none"


def _month(day: date | None) -> str:
    return f"{day:%B %Y}" if day else "no day: there are none"


def _open_area(code: str) -> None:
    st.session_state[OPEN_AREA] = code
