"""The few large figures at the top of a page."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from analysis.words import Headline


def draw_figures(figures: Iterable[Headline], style: str = "") -> None:
    """Each figure with its label and its sentence; `style` changes how they stand beside one another."""
    items = "".join(
        f'<li><span class="label">{escape(figure.label)}</span><span class="value">{escape(figure.value)}</span>'
        f'<span class="sentence">{escape(figure.sentence)}</span></li>'
        for figure in figures
    )
    styled = f' style="{style}"' if style else ""
    st.html(f'<ul class="figures"{styled}>{items}</ul>')
