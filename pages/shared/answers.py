"""
What the pages ask of the store and of the analyses, each answer kept until the store or the question changes.

Every cached function takes the store's version first: a write changes it, and with it every answer.
"""

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from analysis.filters import Filters
from analysis.hot_spots.hot_spots import HotSpotsResult, hot_spots
from analysis.hot_spots.neighbours import neighbours
from analysis.leafleting.progress import Progress, progress
from analysis.organise.coverage import CoverageResult, NewGroups, best_new_areas, coverage
from analysis.organise.priority import PriorityResult, priority
from analysis.organise.quadrants import Quadrants, quadrants
from analysis.outcomes.outcomes import OutcomesResult, outcomes
from analysis.outcomes.response import ResponseResult, response
from analysis.outcomes.stated_numbers import StatedNumbers, people, stand_offs
from analysis.quality.quality import QualityResult, quality
from analysis.quality.seen import SeenResult, seen
from analysis.records.duplicates import duplicates
from analysis.records.headlines import Headlines, headlines
from analysis.residents.compare import CompareResult, chosen_figure, compare
from analysis.trends.trends import TrendsResult, trends
from analysis.when.when import WhenResult, when
from analysis.where import places
from analysis.where.density import Density, density
from analysis.where.kernel_density import KernelDensity, kernel_density
from analysis.where.profile import AreaProfile, area_profile
from analysis.where.where import WhereResult, where
from data.geography.reference import read_london_postcodes
from data.imports.area_figures import AreaFigures, load_area_figures
from data.imports.history import status
from data.keeping.opening import open_store
from data.log.reading import bundled_imports
from data.store.store import Store

if TYPE_CHECKING:
    from libpysal.graph import Graph

# Bounds the memory of a dashboard left open for weeks; a person seldom goes further back than this.
MOST_ANSWERS = 64


@st.cache_resource(show_spinner="Opening the records …")
def open_once() -> Store:
    """The store, shared by every visitor."""
    return open_store()


@st.cache_data(show_spinner=False, max_entries=4)
def record_dates(version: str, _store: Store) -> tuple[date | None, date | None]:
    """First and last day that any record, official or recorded, reaches."""
    return places.record_dates(_store.run)


@st.cache_data(show_spinner=False, max_entries=8)
def area_names(version: str, _store: Store, level: str) -> dict[str, str]:
    """Code -> name of every area of a level, in the order of their names."""
    return places.area_names(_store.run, level)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def where_answer(
    version: str, _store: Store, filters: Filters, level: str, source: str, rank_by: str
) -> WhereResult:
    """See analysis.where.where."""
    return where(_store.run, filters, level, source, rank_by)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def profile_answer(version: str, _store: Store, filters: Filters, level: str, code: str) -> AreaProfile:
    """See analysis.profile.area_profile."""
    return area_profile(_store.run, filters, level, code)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def headlines_answer(version: str, _store: Store, filters: Filters) -> Headlines:
    """See analysis.headlines.headlines."""
    return headlines(_store.run, filters)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def density_answer(version: str, _store: Store, filters: Filters, source: str) -> Density:
    """See analysis.density.density."""
    return density(_store.run, filters, source)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def outcomes_answer(version: str, _store: Store, filters: Filters, by: str) -> OutcomesResult:
    """See analysis.outcomes.outcomes."""
    return outcomes(_store.run, filters, by)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def people_answer(version: str, _store: Store, filters: Filters) -> StatedNumbers:
    """See analysis.stated_numbers.people."""
    return people(_store.run, filters)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def stand_offs_answer(version: str, _store: Store, filters: Filters) -> StatedNumbers:
    """See analysis.stated_numbers.stand_offs."""
    return stand_offs(_store.run, filters)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def response_answer(version: str, _store: Store, filters: Filters) -> ResponseResult:
    """See analysis.response.response."""
    return response(_store.run, filters)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def when_answer(version: str, _store: Store, filters: Filters, level: str, code: str) -> WhenResult:
    """See analysis.when.when; an empty code means all records."""
    return when(_store.run, filters, level, code or None)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def seen_answer(version: str, _store: Store, filters: Filters, level: str) -> SeenResult:
    """See analysis.seen.seen."""
    return seen(_store.run, filters, level)


@st.cache_data(show_spinner=False)
def bundled_figures() -> AreaFigures:
    """See data.area_figures.load_area_figures."""
    return load_area_figures()


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def compare_answer(version: str, _store: Store, filters: Filters, source: str, name: str) -> CompareResult:
    """See analysis.compare.compare; with one of the bundled figures, by borough."""
    figures = bundled_figures()
    chosen = chosen_figure(_store.run, figures, name)
    return compare(_store.run, filters, figures.level, source, chosen.table, chosen.label, chosen.unit)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def trends_answer(version: str, _store: Store, filters: Filters, level: str, source: str) -> TrendsResult:
    """See analysis.trends.trends."""
    return trends(_store.run, filters, level, source)


@st.cache_resource(show_spinner=False, max_entries=8)
def neighbours_answer(version: str, _store: Store, level: str, with_bridges: bool) -> "Graph":
    """See analysis.neighbours.neighbours. Only ever read, so all may share it."""
    return neighbours(_store.run, level, with_bridges)


@st.cache_data(show_spinner="Testing which areas are hot spots …", max_entries=MOST_ANSWERS)
def hot_spots_answer(
    version: str, _store: Store, filters: Filters, level: str, source: str, with_bridges: bool
) -> HotSpotsResult:
    """See analysis.hot_spots.hot_spots."""
    graph = neighbours_answer(version, _store, level, with_bridges)
    return hot_spots(_store.run, filters, level, source, with_bridges, graph=graph)


@st.cache_data(show_spinner="Spreading the records over the map …", max_entries=MOST_ANSWERS)
def kernel_density_answer(
    version: str, _store: Store, filters: Filters, source: str, bandwidth_metres: int
) -> KernelDensity:
    """See analysis.kernel_density.kernel_density."""
    return kernel_density(_store.run, filters, source, bandwidth_metres)


@st.cache_data(show_spinner="Ranking the areas …", max_entries=MOST_ANSWERS)
def priority_answer(
    version: str, _store: Store, filters: Filters, level: str, weights: dict[str, float], today: date
) -> PriorityResult:
    """See analysis.priority.priority."""
    return priority(_store.run, filters, level, weights, today)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def coverage_answer(version: str, _store: Store, filters: Filters, level: str) -> CoverageResult:
    """See analysis.coverage.coverage."""
    return coverage(_store.run, filters, level)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def new_groups_answer(version: str, _store: Store, filters: Filters, level: str, k: int) -> NewGroups:
    """See analysis.coverage.best_new_areas."""
    return best_new_areas(_store.run, filters, level, k)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def quadrants_answer(version: str, _store: Store, filters: Filters) -> Quadrants:
    """See analysis.quadrants.quadrants."""
    return quadrants(_store.run, filters)


@st.cache_data(show_spinner=False, max_entries=MOST_ANSWERS)
def quality_answer(version: str, _store: Store, filters: Filters) -> QualityResult:
    """See analysis.quality.quality."""
    return quality(_store.run, filters)


@st.cache_data(show_spinner=False, max_entries=4)
def hidden_days(version: str, _store: Store) -> int:
    """How many days a group's own record stays hidden."""
    return _store.settings().hidden_days


@st.cache_data(show_spinner=False, max_entries=4)
def bundled_ids(version: str, _store: Store) -> set[str]:
    """See data.log.reading.bundled_imports."""
    return bundled_imports(_store)


@st.cache_data(show_spinner=False, max_entries=4)
def waiting_records(version: str, _store: Store) -> int:
    """How many of the group's own records are too young to show."""
    return status(_store)["waiting"]


@st.cache_data(show_spinner=False, max_entries=4)
def progress_answer(version: str, _store: Store, today: date, overdue_days: int) -> Progress:
    """See analysis.leafleting.progress.progress."""
    return progress(_store.run, today, overdue_days)


@st.cache_data(show_spinner="Looking for raids logged twice …", max_entries=4)
def duplicates_answer(version: str, _store: Store, also: tuple[str, ...]) -> pd.DataFrame:
    """See analysis.duplicates.duplicates."""
    return duplicates(_store.run, also)


@st.cache_resource(show_spinner=False)
def london_postcodes() -> pd.DataFrame:
    """See data.geography.reference.read_london_postcodes. Only ever read, so all may share it."""
    return read_london_postcodes()


def read_areas(version: str, store: Store, level: str) -> pd.DataFrame:
    """Outlines of a level: `code`, `geometry` (WKB), `longitude`, `latitude`, EPSG:4326."""
    return places.area_outlines(store.run, level)


def area_at(version: str, store: Store, level: str, longitude: float, latitude: float) -> str | None:
    """The code of the area of a level that holds a point (EPSG:4326); None outside them all."""
    return _finder(version, store, level).area_at(longitude, latitude)


@st.cache_resource(show_spinner=False, max_entries=8)
def _finder(version: str, _store: Store, level: str) -> places.PlaceFinder:
    return places.place_finder(_store.run, level)
