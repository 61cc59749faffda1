"""
Colours of maps and charts, one set for light pages and one for dark.

The ramp is ordered by lightness, so it reads in grey print and by people who confuse colours: on a light page more
is darker, on a dark page more is brighter. The other ramp is for what is the opposite. No alarm red: a dark area is a number, not a danger.
"""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Colours:
    """A set of colours, as hex texts."""

    name: str
    paper: str
    ink: str
    none: str
    ramp: tuple[str, ...]
    other_ramp: tuple[str, ...]
    line: str
    faint_line: str
    strong_line: str
    no_figures: str
    no_figures_line: str
    bar: str
    faint_bar: str
    mark: str


LIGHT = Colours(
    name="light",
    paper="#fbfaf6",
    ink="#22302f",
    none="#f7f5ee",
    ramp=("#d6e8df", "#b4d8cf", "#8bc4c1", "#5fabb3", "#388fa4", "#236a8c", "#17406a"),
    other_ramp=("#ecd9a8", "#b98a2f"),
    line="#ffffff",
    faint_line="#a9a699",
    strong_line="#22302f",
    no_figures="#eceae3",
    no_figures_line="#c4c0b4",
    bar="#2b7f95",
    faint_bar="#b9d3d6",
    mark="#22302f",
)
DARK = Colours(
    name="dark",
    paper="#14191b",
    ink="#e4e8e4",
    none="#1c2427",
    ramp=("#2c4a52", "#2f5e68", "#36757b", "#4a8f8b", "#6faf99", "#a3d0b0", "#e6f3cb"),
    other_ramp=("#6d5526", "#c08f3f"),
    line="#14191b",
    faint_line="#5b6a66",
    strong_line="#f4f6f2",
    no_figures="#171d1f",
    no_figures_line="#333e3d",
    bar="#62a9a5",
    faint_bar="#33504f",
    mark="#f4f6f2",
)


def colours() -> Colours:
    """The set for the page as the visitor sees it; light where that is not known."""
    return DARK if st.context.theme.type == "dark" else LIGHT


def spread(ramp: tuple[str, ...], n: int) -> list[str]:
    """
    `n` colours of a ramp, from its first to its last.

    >>> spread(("a", "b", "c", "d", "e"), 3)
    ['a', 'c', 'e']
    """
    return [ramp[round(step * (len(ramp) - 1) / max(n - 1, 1))] for step in range(n)]
