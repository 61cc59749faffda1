"""Every question of the analyses, and when two answers are the same."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date

import numpy as np
import pandas as pd

from analysis.areas import Run
from analysis.filters import Filters
from analysis.hot_spots.hot_spots import hot_spots
from analysis.organise.coverage import coverage
from analysis.organise.priority import PRESETS, priority
from analysis.organise.quadrants import quadrants
from analysis.outcomes.outcomes import GROUPS, outcomes
from analysis.outcomes.response import response
from analysis.outcomes.stated_numbers import people, stand_offs
from analysis.quality.gaps import month_gaps
from analysis.quality.quality import quality
from analysis.quality.seen import seen
from analysis.records.headlines import headlines
from analysis.records.records import chosen_counts, chosen_incidents
from analysis.trends.histories import counts_history, incidents_history
from analysis.trends.trends import trends
from analysis.when.when import when
from analysis.where.density import density
from analysis.where.kernel_density import kernel_density
from analysis.where.places import area_names, record_dates
from analysis.where.profile import area_profile
from analysis.where.where import where

TODAY = date(2026, 6, 1)
ALL = Filters()
SOME = Filters(date_from=date(2018, 3, 1), date_to=date(2022, 9, 30), settings=("workplace", "home"))
BOROUGHS = Filters(boroughs=("E09000028", "E09000025"), outcomes=("people detained",))

Question = Callable[[Run], object]
QUESTIONS: dict[str, Question] = {}


def _ask(name: str, question: Callable, *arguments: object) -> None:
    QUESTIONS[name] = lambda run: question(run, *arguments)


for number, filters in enumerate((ALL, SOME, BOROUGHS)):
    for level in ("borough", "district", "locality"):
        _ask(f"where {number} {level} incidents", where, filters, level, "incidents")
        _ask(f"trends {number} {level}", trends, filters, level, "incidents")
    for level in ("borough", "district"):
        _ask(f"where {number} {level} counts", where, filters, level, "counts")
        _ask(f"where {number} {level} rate", where, filters, level, "counts", "rate")
        _ask(f"trends {number} {level} counts", trends, filters, level, "counts")
        _ask(f"seen {number} {level}", seen, filters, level)
    _ask(f"when {number}", when, filters)
    for group in GROUPS:
        _ask(f"outcomes {number} {group}", outcomes, filters, group)
    _ask(f"response {number}", response, filters)
    _ask(f"people {number}", people, filters)
    _ask(f"stand-offs {number}", stand_offs, filters)
    _ask(f"quality {number}", quality, filters)
    _ask(f"months without records {number}", month_gaps, filters)
    _ask(f"headlines {number}", headlines, filters)
    _ask(f"incidents chosen {number}", chosen_incidents, filters)
    _ask(f"figures chosen {number}", chosen_counts, filters)
    _ask(f"months {number}", incidents_history, filters, "borough")
    _ask(f"years of figures {number}", counts_history, filters, "borough")
for level in ("borough", "district"):
    _ask(f"hot spots {level}", hot_spots, ALL, level, "counts")
    _ask(f"priority {level}", priority, ALL, level, PRESETS["balanced"], TODAY)
    _ask(f"coverage {level}", coverage, ALL, level)
    _ask(f"names {level}", area_names, level)
_ask("quadrants", quadrants, ALL)
_ask("profile of a borough", area_profile, ALL, "borough", "E09000028")
_ask("profile of a district", area_profile, SOME, "district", "SE15")
_ask("days", record_dates)
_ask("density", density, ALL, "incidents")
_ask("kernel density", kernel_density, ALL, "counts", 1000)


def differences(one: object, other: object, at: str = "") -> list[str]:
    """Where two answers differ: counts, words and flags at all, other numbers by more than 1e-9."""
    if is_dataclass(one):
        pairs = [
            (getattr(one, each.name), getattr(other, each.name), f"{at}.{each.name}") for each in fields(one)
        ]
        return [found for first, second, name in pairs for found in differences(first, second, name)]
    if isinstance(one, pd.DataFrame):
        if list(one.columns) != list(other.columns) or len(one) != len(other):
            return [f"{at}: {one.shape} and {other.shape}"]
        return [found for name in one for found in differences(one[name], other[name], f"{at}.{name}")]
    if isinstance(one, dict):
        if list(one) != list(other):
            return [f"{at}: keys {list(one)[:5]} and {list(other)[:5]}"]
        return [found for key in one for found in differences(one[key], other[key], f"{at}[{key}]")]
    if isinstance(one, pd.Series | np.ndarray):
        return _values(np.asarray(one), np.asarray(other), at)
    if isinstance(one, list | tuple):
        if len(one) != len(other):
            return [f"{at}: {len(one)} and {len(other)} long"]
        return [
            found
            for number, (first, second) in enumerate(zip(one, other, strict=True))
            for found in differences(first, second, f"{at}[{number}]")
        ]
    if isinstance(one, float):
        return (
            []
            if np.isclose(one, other, rtol=1e-9, atol=1e-9, equal_nan=True)
            else [f"{at}: {one} and {other}"]
        )
    is_same = one == other or (pd.isna(one) and pd.isna(other)) if np.isscalar(one) or one is None else True
    return [] if is_same else [f"{at}: {one!r} and {other!r}"]


def _values(one: np.ndarray, other: np.ndarray, at: str) -> list[str]:
    if one.shape != other.shape:
        return [f"{at}: {one.shape} and {other.shape}"]
    if one.dtype.kind in "fiub" and other.dtype.kind in "fiub":
        is_same = np.isclose(one.astype(float), other.astype(float), rtol=1e-9, atol=1e-9, equal_nan=True)
    else:
        is_same = np.array(
            [
                str(a) == str(b) or (_is_gap(a) and _is_gap(b))
                for a, b in zip(one.ravel(), other.ravel(), strict=True)
            ]
        )
    if is_same.all():
        return []
    first = int(np.flatnonzero(~is_same.ravel())[0])
    return [
        f"{at}: {int((~is_same).sum())} of {one.size} differ, first at {first}: {one.ravel()[first]!r} and {other.ravel()[first]!r}"
    ]


def _is_gap(value: object) -> bool:
    return value is None or (np.isscalar(value) and bool(pd.isna(value)))
