"""
What the pages ask of the store and of the analyses, each answer kept until the store or the question changes.

Every cached function takes the store's version first: a write changes it, and with it every answer.
"""

from datetime import date

import pandas as pd
import shapely
import streamlit as st

from analysis.density import Density, density
from analysis.filters import Filters
from analysis.headlines import Headlines, headlines
from analysis.outcomes import OutcomesResult, outcomes
from analysis.profile import AreaProfile, area_profile
from analysis.response import ResponseResult, response
from analysis.stated_numbers import StatedNumbers, people, stand_offs
from analysis.where import WhereResult, where
from data.opening import open_store
from data.store import Store

# Bounds the memory of a dashboard left open for weeks; a person seldom goes further back than this.
MOST_ANSWERS = 64


@st.cache_resource(show_spinner="Opening the records …")
def open_once() -> Store:
    """The store, shared by every visitor."""
    return open_store()


@st.cache_data(show_spinner=False, max_entries=4)
def record_dates(version: str, _store: Store) -> tuple[date | None, date | None]:
    """First and last day that any record, official or recorded, reaches."""
    row = _store.sql(
        """
        SELECT min(first)::DATE AS first, max(last)::DATE AS last FROM (
            SELECT min(started_earliest) AS first, max(started_latest) AS last FROM incidents
            UNION ALL SELECT min(period_start), max(period_end) FROM counts WHERE superseded_by IS NULL
        )
        """
    ).to_pylist()[0]
    return row["first"], row["last"]


@st.cache_data(show_spinner=False, max_entries=8)
def area_names(version: str, _store: Store, level: str) -> dict[str, str]:
    """Code -> name of every area of a level, in the order of their names."""
    rows = _store.sql("SELECT code, name FROM areas WHERE level = ? ORDER BY name, code", [level])
    return dict(zip(rows["code"].to_pylist(), rows["name"].to_pylist(), strict=True))


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


def read_areas(version: str, store: Store, level: str) -> pd.DataFrame:
    """Outlines of a level: `code`, `geometry` (WKB), `longitude`, `latitude`, EPSG:4326."""
    return store.sql(
        "SELECT code, geometry, longitude, latitude FROM areas WHERE level = ? AND geometry IS NOT NULL ORDER BY code",
        [level],
    ).to_pandas()


def area_at(version: str, store: Store, level: str, longitude: float, latitude: float) -> str | None:
    """The code of the area of a level that holds a point (EPSG:4326); None outside them all."""
    codes, tree = _area_tree(version, store, level)
    found = tree.query(shapely.Point(longitude, latitude), predicate="intersects")
    return codes[found[0]] if len(found) else None


@st.cache_resource(show_spinner=False, max_entries=8)
def _area_tree(version: str, _store: Store, level: str) -> tuple[list[str], shapely.STRtree]:
    areas = read_areas(version, _store, level)
    return list(areas["code"]), shapely.STRtree(shapely.from_wkb(areas["geometry"].to_numpy()))
