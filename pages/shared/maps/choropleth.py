"""The map of areas: one measure, its colours, its legend and its words, the same on every page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
import streamlit as st

from analysis.where.density import density
from analysis.where.measures import Classes, class_numbers, measure_classes, value_in_words
from analysis.where.places import area_outlines
from analysis.where.where import MEASURES
from analysis.words import figure
from pages.shared.ask import ask, share
from pages.shared.colours import Colours, colours, spread
from pages.shared.frame.page import Frame
from pages.shared.maps.maps import (
    LONDON,
    AreaLayer,
    Bounds,
    MapArea,
    Outlines,
    coloured,
    density_layer,
    draw_map,
    outlined,
    serve_outlines,
)

# What the map shows, as the beginning of a title.
TITLES = {
    "visits": "Official visits",
    "visits_rate": "Official visits per 1,000 residents per year",
    "incidents": "Recorded incidents",
    "incidents_rate": "Recorded incidents per 1,000 residents per year",
    "outcome_share": "Share of recorded incidents: {outcome},",
}
# What the hatched areas of a map are, by measure.
GAPS = {
    "visits": "no official figures, or for few residents only (not zero)",
    "visits_rate": "no official figures, or for few residents only (not zero)",
    "incidents": "no figure",
    "incidents_rate": "too few residents for a rate",
    "outcome_share": "fewer than five recorded incidents: too few for a share",
}
# What is said of one area without any value.
NO_VALUE = {
    "visits": "No official figures (not zero)",
    "visits_rate": "No official figures, or too few residents for a rate",
    "incidents": "No figure",
    "incidents_rate": "Too few residents for a rate",
    "outcome_share": "No recorded incident",
}
LEVEL_NOUNS = {"borough": "borough", "district": "postcode district", "locality": "locality"}
# What the measures that are counts count.
COUNTED_NOUNS = {"visits": "visit", "incidents": "incident"}
# Of residents; above it, saying how many the official figures cover only distracts.
WHOLLY_COVERED = 0.99
# The class of areas with nothing at all, before the classes of `map_classes`: none is not a little.
NONE_CLASS = "none"


@dataclass(frozen=True)
class AreaMap:
    """
    What the map shows.

    `values` is from `measure_values`; `period` says in words which time; `outcome` is that of a share; `chosen` is a
    code or ''; `bounds` is what to zoom to.
    """

    level: str
    measure: str
    values: pd.DataFrame
    period: str
    outcome: str = ""
    chosen: str = ""
    bounds: Bounds = LONDON
    with_tiles: bool = False

    def title(self) -> str:
        """What is shown, by which areas, and when; for legend, table and screen reader alike."""
        what = TITLES[self.measure].format(outcome=self.outcome)
        return f"{what} by {LEVEL_NOUNS[self.level]} {self.period}"


def outlines_of(frame: Frame, level: str) -> Outlines:
    """The outlines of a level, served and remembered."""
    return serve_outlines(frame.version, level, share(frame, area_outlines, level))


def draw_area_map(frame: Frame, shown: AreaMap, key: str, on_click: Callable[[str], None]) -> None:
    """Draw the areas in the colours of their classes, and the legend."""
    shades = colours()
    classes = measure_classes(shown.measure, shown.level)
    ramp = (shades.none, *spread(shades.ramp, len(classes.labels)))
    areas = AreaLayer(
        outlines_of(frame, shown.level),
        _map_areas(shown, classes),
        coloured(shades, ramp, opacity=0.7 if shown.with_tiles else 0.95),
        chosen=shown.chosen,
    )
    _draw(frame, shown, [areas], f"{key}-areas", shades, on_click)
    has_gaps = not shown.values["is_covered"].all()
    st.html(
        legend_html(
            shown.title(),
            (NONE_CLASS, *classes.labels),
            ramp,
            shades,
            GAPS[shown.measure] if has_gaps else "",
        )
    )


def draw_density_map(frame: Frame, shown: AreaMap, key: str, on_click: Callable[[str], None]) -> None:
    """Draw where records lie thick, under the outlines of the areas, and the legend."""
    shades = colours()
    source = MEASURES[shown.measure].source
    dots = ask(frame, density, frame.filters, source)
    classes = measure_classes(shown.measure, shown.level)
    areas = AreaLayer(
        outlines_of(frame, shown.level),
        _map_areas(shown, classes),
        outlined(shades, weight=0.35),
        chosen=shown.chosen,
    )
    _draw(frame, shown, [density_layer(dots.points, shades), areas], f"{key}-density", shades, on_click)
    noun = "official visits" if source == "counts" else "recorded incidents"
    st.html(
        density_legend_html(
            f"Where {noun} lie closest together {shown.period}; the scale is that of the densest spot at this zoom",
            shades,
        )
    )
    st.caption(dots.sentence)


def _draw(frame: Frame, shown: AreaMap, layers: list, key: str, shades: Colours, on_click) -> None:
    if shown.level != "borough":
        layers = [
            *layers,
            AreaLayer(outlines_of(frame, "borough"), {}, outlined(shades, weight=0.9), interactive=False),
        ]
    draw_map(
        layers,
        f"{key}-{shown.level}",
        shades,
        f"Map of London: {shown.title()}. The table holds the same figures.",
        shown.bounds,
        shown.with_tiles,
        on_click,
    )


def _map_areas(shown: AreaMap, classes: Classes) -> dict[str, MapArea]:
    values = shown.values
    numbers = class_numbers(values, classes)
    return {
        row.area_code: MapArea(int(number), (row.area_name, *_lines(shown.measure, row)))
        for row, number in zip(values.itertuples(), numbers, strict=True)
    }


def _lines(measure: str, row) -> list[str]:
    if np.isnan(row.low):
        return [NO_VALUE[measure]]
    if measure in COUNTED_NOUNS:
        lines = [f"{figure(row.low, row.high, COUNTED_NOUNS[measure])} in the period"]
    else:
        lines = [f"{value_in_words(measure, row.low, row.high, row.of)} {MEASURES[measure].unit}"]
    if row.covered_share < WHOLLY_COVERED:
        lines.append(f"Official figures cover {row.covered_share * 100:.0f} % of residents")
    return lines


def legend_html(
    title: str, labels: Sequence[str], ramp: Sequence[str], colours: Colours, gap: str = ""
) -> str:
    """A legend as HTML: one swatch per class, and the hatched one if `gap` says what it means."""
    items = [
        f'<li><span class="swatch" style="background:{colour}"></span>{escape(label)}</li>'
        for label, colour in zip(labels, ramp, strict=True)
    ]
    if gap:
        stripes = (
            f"repeating-linear-gradient(45deg,{colours.no_figures} 0 3px,{colours.no_figures_line} 3px 5px)"
        )
        items.append(f'<li><span class="swatch" style="background:{stripes}"></span>{escape(gap)}</li>')
    return f'<div class="legend"><p>{escape(title)}</p><ul>{"".join(items)}</ul></div>'


def density_legend_html(title: str, colours: Colours) -> str:
    """The legend of a density map: a band from thin to thick."""
    band = ",".join(colours.ramp)
    return (
        f'<div class="legend"><p>{escape(title)}</p><ul><li>fewer</li>'
        f'<li><span class="swatch" style="width:8rem;background:linear-gradient(90deg,{band})"></span></li>'
        "<li>more</li></ul></div>"
    )
