import streamlit as st

from pages.shared import view
from pages.shared.frame.page import Frame, page
from pages.shared.leaflet.form import draw_files, draw_request
from pages.shared.leaflet.plan import draw_plan, plan_anew
from pages.shared.leaflet.spots import draw_spots
from pages.shared.leaflet.walks import draw_walks

# Name in the address.
DO = "do"
DOING = {"plan": "Plan", "walks": "Walks"}


def main() -> None:
    """Draw the page."""
    with page("Which streets on Saturday") as frame:
        doing = view.choose(
            st.segmented_control, "What to do", DOING, DO, required=True, label_visibility="collapsed"
        )
        DRAWN[doing](frame)


def draw_planning(frame: Frame) -> None:
    """A request, and the plan made for it."""
    typed = draw_request(frame)
    barriers, streets = draw_files()
    draw_spots()
    if st.button("Plan the walks", type="primary"):
        plan_anew(frame, typed, barriers, streets)
    draw_plan(frame, typed)


DRAWN = {"plan": draw_planning, "walks": draw_walks}
main()
