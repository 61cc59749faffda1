"""Where local groups are, how much of what happens they cover, and where a new group would cover most of the rest."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import scipy.optimize
import scipy.sparse
from ibis import _
from scipy.spatial import cKDTree

from analysis.areas import LEVELS, Run
from analysis.filters import Filters
from analysis.tables import area_overlap, areas, groups
from analysis.where.where import FEWEST_RESIDENTS, where
from data.errors import InputError
from data.geography.projection import to_grid
from data.organising.groups import group_names

MOST_NEW_GROUPS = 20
# What a group in one postcode district can reach: about half an hour by bicycle or bus.
REACH_METRES = 3_000


@dataclass(frozen=True)
class CoverageResult:
    """
    Where groups are.

    `table` has one row per area of the level: `area_code, area_name, residents, residents_covered, covered_share` (0 to 1,
    of residents; NaN without residents), `groups` (public names or kinds, with commas between). `residents_share` and
    `visits_share` are of all London; the visits' share is NaN where none are counted, and the period theirs. `elsewhere` are
    the places outside London in which there are groups.
    """

    table: pd.DataFrame
    residents_share: float
    visits_share: float
    period_start: date | None
    period_end: date | None
    elsewhere: list[str]


@dataclass(frozen=True)
class NewGroups:
    """
    The areas in which new groups would cover most.

    `table` has `area_code, area_name, visits, residents` (official visits per year and residents that the group would
    reach and no group covers yet, each counted for the first of the areas that reaches it), best first. `visits_left` is
    what nobody would cover even then, per year.
    """

    level: str
    table: pd.DataFrame
    visits_left: float


def coverage(run: Run, filters: Filters, level: str) -> CoverageResult:
    """
    How much of each area, and of what happens in London, the groups in the store cover.

    An area counts as covered as far as its residents live in a borough, postcode district or locality that a group
    covers. Official visits are covered as far as the residents of their district are; the groups' own records say nothing of
    what they miss.

    Parameters
    ----------
    run, filters
        As for `where`; the dates say which official visits count.
    level
        'borough', 'district' or 'locality'.
    """
    if level not in LEVELS:
        raise InputError(f"There is no such level. Choose one of {', '.join(LEVELS)}.")
    pieces = covered_pieces(run)
    table = _by_area(run, pieces, level)
    shares = _by_area(run, pieces, "district").set_index("area_code")["covered_share"]
    visits = where(run, filters, "district", "counts")
    counted = (visits.table["visits_low"] + visits.table["visits_high"]).fillna(0) / 2
    covered = (counted * visits.table["area_code"].map(shares).fillna(0)).sum()
    visits_share = covered / counted.sum() if counted.sum() else np.nan
    residents_share = pieces["residents"][pieces["groups"].astype(bool)].sum() / pieces["residents"].sum()
    return CoverageResult(
        table, residents_share, visits_share, visits.period_start, visits.period_end, _elsewhere(run)
    )


# Classes of the map.
COVERED = ("no group", "a group for some of its residents", "a group for nearly all")
# From this share of residents on, borders drawn a little differently are all that is left.
NEARLY_ALL = 0.98


def covered_numbers(table: pd.DataFrame) -> list[int]:
    """Class of each area of `CoverageResult.table` on the map, an index of `COVERED`; -1 where nobody lives."""
    share = table["covered_share"]
    numbers = np.select([share.isna(), share <= 1 - NEARLY_ALL, share < NEARLY_ALL], [-1, 0, 1], 2)
    return [int(number) for number in numbers]


def lines_of(row) -> tuple[str, ...]:
    """What the map says of an area, a row of `CoverageResult.table`."""
    if not row.groups:
        return row.area_name, "No group"
    return row.area_name, f"{row.covered_share:.0%} of residents: {row.groups}"


def coverage_to_download(result: CoverageResult) -> pd.DataFrame:
    """What is covered as a file, rounded."""
    return result.table.round({"residents": 0, "residents_covered": 0, "covered_share": 3})


def covered_pieces(run: Run) -> pd.DataFrame:
    """
    London in its smallest parts: `locality, borough, district, residents, groups`, one row per locality and district.

    `groups` holds the public names or kinds of those that cover the part, a tuple, empty where there is none.
    """
    parts = area_overlap.filter(_.from_level == "locality", _.to_level == "district")
    localities = areas.filter(_.level == "locality").select(locality=_.code, borough=_.parent_code)
    pieces = run(
        parts.select(locality=_.from_code, district=_.to_code, residents=_.residents.cast("float64"))
        .join(localities, "locality")
        .order_by("locality", "district")
    )
    covers = run(groups)
    covers["name"] = group_names(covers)
    names = pd.Series([()] * len(pieces), index=pieces.index)
    for level in LEVELS:
        by_code = covers[covers["area_level"] == level].groupby("area_code")["name"].agg(tuple)
        names += pieces[level].map(lambda code, by_code=by_code: by_code.get(code, ()))
    pieces["groups"] = names
    return pieces


def best_new_areas(run: Run, filters: Filters, level: str, k: int) -> NewGroups:
    """
    The `k` areas in which new groups would cover most official visits that no group covers: maximal covering, solved to
    the optimum.

    A group in a borough reaches that borough, one in a postcode district all districts whose middle lies within
    `REACH_METRES` of its own.

    Parameters
    ----------
    run, filters
        As for `where`; the dates say which official visits count.
    level
        'borough' or 'district'; official figures have no localities.
    k
        How many new groups, 1 to 20.

    Raises
    ------
    InputError
        `k` is out of bounds, or no official figure covers the dates.

    Notes
    -----
    Church and ReVelle, The maximal covering location problem, Papers of the Regional Science Association 32 (1974).
    Solved by HiGHS through SciPy.
    """
    if not 1 <= k <= MOST_NEW_GROUPS:
        raise InputError(f"Choose between 1 and {MOST_NEW_GROUPS} new groups.")
    visits = where(run, filters, level, "counts")
    if not visits.total_high:
        raise InputError("No official figure covers these dates. Choose whole years, or clear the filters.")
    years = ((visits.period_end - visits.period_start).days + 1) / 365.25
    table = _by_area(run, covered_pieces(run), level).merge(
        visits.table[["area_code", "visits_low", "visits_high"]], on="area_code"
    )
    open_share = (1 - table["covered_share"]).clip(lower=0).fillna(0)
    table["open_visits"] = (table["visits_low"] + table["visits_high"]).fillna(0) / 2 / years * open_share
    table["open_residents"] = (table["residents"] - table["residents_covered"]).fillna(0)
    # A district of offices or post boxes is no place for a group.
    reach = _reach(run, level, list(table["area_code"]))
    reach = scipy.sparse.diags_array((table["residents"] >= FEWEST_RESIDENTS).astype(float)) @ reach
    chosen = maximal_covering(table["open_visits"].to_numpy(), reach, k)
    found = _reached(table, reach, chosen)
    left = table["open_visits"].sum() - found["visits"].sum()
    return NewGroups(level, found, left)


def maximal_covering(weights: np.ndarray, reach: scipy.sparse.csr_array, k: int) -> np.ndarray:
    """
    The rows of `reach` (sites by demands, 1 where a site reaches a demand) that together reach most weight.

    At most `k` positions, ascending; fewer where more would reach nothing new.
    """
    n_sites, n_demands = reach.shape
    # A site that reaches nothing new is not worth its place among the k.
    of_site = np.full(n_sites, 1e-9 * max(weights.sum(), 1.0))
    is_reached = scipy.sparse.hstack([reach.T, -scipy.sparse.eye_array(n_demands)])
    sites_taken = scipy.sparse.csr_array(np.r_[np.ones(n_sites), np.zeros(n_demands)][None, :])
    solved = scipy.optimize.milp(
        np.r_[of_site, -weights],
        integrality=np.r_[np.ones(n_sites), np.zeros(n_demands)],
        bounds=scipy.optimize.Bounds(0, 1),
        constraints=[
            scipy.optimize.LinearConstraint(is_reached, lb=0),
            scipy.optimize.LinearConstraint(sites_taken, ub=k),
        ],
        options={"mip_rel_gap": 0.0},
    )
    return np.flatnonzero(solved.x[:n_sites] > 0.5)


def _by_area(run: Run, pieces: pd.DataFrame, level: str) -> pd.DataFrame:
    pieces = pieces.assign(residents_covered=pieces["residents"].where(pieces["groups"].astype(bool), 0.0))
    sums = pieces.groupby(level).agg(
        residents=("residents", "sum"),
        residents_covered=("residents_covered", "sum"),
        groups=("groups", _joined),
    )
    names = run(
        areas.filter(_.level == level)
        .select(area_code=_.code, area_name=_.name)
        .order_by("area_name", "area_code")
    )
    table = names.merge(sums, left_on="area_code", right_index=True, how="left")
    table["groups"] = table["groups"].fillna("")
    table["covered_share"] = table["residents_covered"] / table["residents"].where(table["residents"] > 0)
    return table[["area_code", "area_name", "residents", "residents_covered", "covered_share", "groups"]]


def _joined(names: pd.Series) -> str:
    return ", ".join(sorted(set().union(*names)))


def _reach(run: Run, level: str, codes: list[str]) -> scipy.sparse.csr_array:
    """Which area reaches which, in the order of `codes`."""
    if level == "borough":
        return scipy.sparse.csr_array(scipy.sparse.eye_array(len(codes)))
    points = (
        run(areas.filter(_.level == level).select("code", "longitude", "latitude"))
        .set_index("code")
        .loc[codes]
    )
    middles = np.column_stack(to_grid(points["longitude"].to_numpy(), points["latitude"].to_numpy()))
    pairs = cKDTree(middles).query_pairs(REACH_METRES, output_type="ndarray")
    rows, columns = (
        np.r_[pairs[:, 0], pairs[:, 1], np.arange(len(codes))],
        np.r_[pairs[:, 1], pairs[:, 0], np.arange(len(codes))],
    )
    return scipy.sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(codes),) * 2)


def _reached(table: pd.DataFrame, reach: scipy.sparse.csr_array, chosen: np.ndarray) -> pd.DataFrame:
    """What each chosen area adds, the one that adds most first."""
    visits, residents = (table[name].to_numpy(copy=True) for name in ("open_visits", "open_residents"))
    rows, waiting = [], list(chosen)
    while waiting:
        best = max(waiting, key=lambda site: visits[reach[[site]].indices].sum())
        waiting.remove(best)
        reached = reach[[best]].indices
        rows.append(
            (*table.loc[best, ["area_code", "area_name"]], visits[reached].sum(), residents[reached].sum())
        )
        visits[reached], residents[reached] = 0.0, 0.0
    return pd.DataFrame(rows, columns=["area_code", "area_name", "visits", "residents"])


def _elsewhere(run: Run) -> list[str]:
    """The places outside London in which there are groups, by name."""
    places = areas.filter(_.level == "authority").select(area_code=_.code, place=_.name)
    named = groups.filter(_.area_level == "authority").join(places, "area_code")
    return list(run(named.select("place").distinct().order_by("place"))["place"])
