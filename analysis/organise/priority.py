"""Which areas need a group or a leafleting day next: one score from parts that a person sees and weighs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
import pandas as pd
from ibis import _
from scipy import stats

from analysis.areas import LEVELS, Run
from analysis.filters import Filters, filter_incidents
from analysis.hot_spots.smoothing import smooth
from analysis.organise.coverage import coverage
from analysis.organise.leafleted import leafleted_share
from analysis.ranks import HIGH_PERCENTILE, LOW_PERCENTILE
from analysis.tables import area_overlap, areas, incidents
from analysis.where.frequency import AREA_COLUMNS, visits_by_borough, visits_by_district
from analysis.where.where import COVERED_ENOUGH, DAYS_PER_YEAR, FEWEST_RESIDENTS
from data.errors import InputError


@dataclass(frozen=True)
class AreaYears:
    """
    Counts by area and year: rows as in `table` (`area_code, area_name, residents`), columns as in `years`.

    `visits_low`, `visits_high` (official), `covered` (years of time covered, 0 to 1), `person_years` (residents covered times
    time) and `incidents` (recorded) have the shape (areas, years); `weight` (years,) falls by half with each half-life
    before the last year. `unranked` has the areas whose figures cover too little.
    """

    table: pd.DataFrame
    unranked: pd.DataFrame
    years: np.ndarray
    weight: np.ndarray
    visits_low: np.ndarray
    visits_high: np.ndarray
    covered: np.ndarray
    person_years: np.ndarray
    incidents: np.ndarray

    def visits_middle(self) -> np.ndarray:
        """The middle of each range of visits."""
        return (self.visits_low + self.visits_high) / 2

    def span(self, visits: np.ndarray, n: int) -> tuple[tuple, tuple]:
        """Visits and years covered in the last `n` years, and in the `n` before them (all there are, if fewer)."""
        recent, before = slice(-n, None), slice(max(len(self.years) - 2 * n, 0), -n)
        # A time that is not covered at all tells nothing; a very short one stands in, so that nothing is divided by 0.
        spans = [
            (visits[:, part].sum(axis=1), self.covered[:, part].sum(axis=1).clip(min=1e-6))
            for part in (recent, before)
        ]
        return spans[0], spans[1]


def area_years(run: Run, filters: Filters, level: str, half_life_years: float) -> AreaYears:
    """
    Everything counted, by area and year.

    An area is ranked if official figures cover at least half of its residents in the years shown, and it has at least 1,000.
    """
    places = run(
        areas.filter(_.level == level)
        .select(
            area_code=_.code,
            area_name=_.name,
            parent_code=_.parent_code,
            residents=_.residents.cast("float64"),
        )
        .order_by("area_name", "area_code")
    )
    if filters.boroughs and level != "district":
        places = places[places["area_code" if level == "borough" else "parent_code"].isin(filters.boroughs)]
    elif filters.boroughs:
        inside = run(
            area_overlap.filter(_.from_level == "district", _.to_code.isin(filters.boroughs)).select(
                "from_code"
            )
        )
        places = places[places["area_code"].isin(inside["from_code"])]
    visits = _visits(run, filters, level)
    years = np.arange(visits["year"].min(), visits["year"].max() + 1) if len(visits) else np.empty(0, int)
    grid = {
        name: visits.pivot_table(
            index="area_code", columns="year", values=name, aggfunc="sum", fill_value=0.0
        )
        .reindex(index=places["area_code"], columns=years, fill_value=0.0)
        .to_numpy(float)
        for name in ("visits_low", "visits_high", "person_years")
    }
    covered = grid["person_years"] / places["residents"].where(places["residents"] > 0).to_numpy()[:, None]
    counted_years = max(visits["year"].nunique(), 1)
    is_ranked = (np.nan_to_num(covered).sum(axis=1) >= COVERED_ENOUGH * counted_years) & (
        places["residents"] >= FEWEST_RESIDENTS
    ).to_numpy()
    recorded = _incidents(run, filters, level, places, years)
    return AreaYears(
        places.loc[is_ranked, ["area_code", "area_name", "residents"]].reset_index(drop=True),
        places.loc[~is_ranked, ["area_code", "area_name"]].reset_index(drop=True),
        years,
        0.5 ** ((years.max(initial=0) - years) / half_life_years),
        *(
            values[is_ranked]
            for values in (grid["visits_low"], grid["visits_high"], covered, grid["person_years"], recorded)
        ),
    )


def draw_counts(random: np.random.Generator, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """
    One draw of the levels behind counts known as ranges, areas by years.

    The half that Jeffreys' prior adds to a count is spread over an area's years, so that it is added once.
    """
    count = low + random.random(low.shape) * (high - low)
    return random.gamma(count + 0.5 / low.shape[1])


def _visits(run: Run, filters: Filters, level: str) -> pd.DataFrame:
    """Columns `area_code, year, visits_low, visits_high, person_years`."""
    by_year = (visits_by_borough if level == "borough" else visits_by_district)(filters, by_year=True)
    visits = run(by_year)
    visits["person_years"] = visits["person_days"].fillna(0) / DAYS_PER_YEAR
    if level != "locality":
        return visits
    parts = run(
        area_overlap.filter(_.from_level == "locality", _.to_level == "district").select(
            locality=_.from_code, district=_.to_code, residents=_.residents.cast("float64")
        )
    )
    parts["share"] = parts["residents"] / parts.groupby("district")["residents"].transform("sum")
    shared = visits.merge(parts[["locality", "district", "share"]], left_on="area_code", right_on="district")
    for name in ("visits_low", "visits_high", "person_years"):
        shared[name] *= shared["share"].fillna(0)
    return shared.drop(columns="area_code").rename(columns={"locality": "area_code"})


def _incidents(run: Run, filters: Filters, level: str, places: pd.DataFrame, years: np.ndarray) -> np.ndarray:
    """Recorded incidents, areas by years; those of later years than the figures count in the last one."""
    if not len(years):
        return np.zeros((len(places), 0))
    chosen = filter_incidents(incidents, filters)
    # Known to the year at least; recorded incidents reach further than official figures and matter as much.
    chosen = chosen.filter(_.started_earliest.year() == _.started_latest.year())
    year = ibis.least(chosen.started_earliest.year(), int(years.max()))
    counted = run(
        chosen.group_by(area_code=chosen[AREA_COLUMNS[level]], year=year).aggregate(
            n=_.count().cast("float64")
        )
    )
    return (
        counted.pivot_table(index="area_code", columns="year", values="n", aggfunc="sum", fill_value=0.0)
        .reindex(index=places["area_code"], columns=years, fill_value=0.0)
        .to_numpy(float)
    )


# The parts of the score, each between 0 and 1: the share of areas that have less of it.
PARTS = {
    "visits": "Official visits a year",
    "rate": "Visits per 1,000 residents",
    "incidents": "Recorded incidents",
    "trend": "Getting more",
    "uncovered": "No group there",
    "not_leafleted": "Not leafleted lately",
}
HEAVIEST = 5
# Weights, 0 to 5, by name of the preset.
PRESETS = {
    "balanced": {"visits": 3, "rate": 2, "incidents": 1, "trend": 1, "uncovered": 2, "not_leafleted": 2},
    "most raided": {"visits": 5, "rate": 3, "incidents": 1, "trend": 1, "uncovered": 0, "not_leafleted": 0},
    "no group yet": {"visits": 3, "rate": 1, "incidents": 1, "trend": 1, "uncovered": 5, "not_leafleted": 0},
    "leaflet next": {"visits": 3, "rate": 2, "incidents": 1, "trend": 1, "uncovered": 0, "not_leafleted": 4},
}
# The part of a year's weight that a year later is left: records of three years ago count half.
HALF_LIFE_YEARS = 3.0
# Years on each side of the comparison that says whether it is getting more.
TREND_YEARS = 3
DRAWS = 500
# How many of the highest areas "what would change this" follows.
TOP = 5
# A part in which no area differs from another.
ALL_ALIKE = 0.5


@dataclass(frozen=True)
class PriorityResult:
    """
    Areas in the order in which they need work.

    `table` has one row per area that can be ranked, most urgent first: `area_code, area_name, score` (0 to 1), `rank_low,
    rank_high` (5th to 95th percentile), `visits_low, visits_high` (official, per year, recent years heavier),
    `rate_per_1000` (per year, smoothed), `incidents` (recorded, per year, recent years heavier), `change` (rate of the last
    three years over that of the three before), `uncovered` (share of residents without a group), `not_leafleted` (0 to 1),
    and a column `part_…` per part (0 to 1). `unranked` has `area_code, area_name` of areas whose
    official figures cover too little. `changes` has, for each part, `part, first_without` (name of the area that would be
    first if the part did not count) and `stay` (how many of the first five would stay among them). `first_year` and `last_year`
    are those of the official visits, None where none can be ranked. `analysis/organise/words.py` says it in words.
    """

    level: str
    weights: Mapping[str, float]
    table: pd.DataFrame
    unranked: pd.DataFrame
    changes: pd.DataFrame
    first_year: int | None = None
    last_year: int | None = None


def priority(
    run: Run,
    filters: Filters,
    level: str,
    weights: Mapping[str, float],
    today: date,
    seed: int = 0,
) -> PriorityResult:
    """
    Rank areas by a weighted mean of parts, and say how sure the ranks are.

    Parameters
    ----------
    run, filters
        As for `where`.
    level
        'borough', 'district' or 'locality'. Official figures come by district; a locality is taken to have the share of
        its residents.
    weights
        Part (a key of `PARTS`) -> weight, 0 to 5; a part that is not there counts nothing.
    today
        The day up to which leafleting has been fading.
    seed
        Of the draws behind the ranks.

    Raises
    ------
    InputError
        There is no such level or part, a weight is out of bounds, or all are 0.

    Notes
    -----
    Counts are drawn from their Gamma posteriors (`analysis/ranks.py`) and everything that follows from them is worked out
    again in each draw. What groups cover and where leaflets went is taken as known.
    """
    years, known, table = _scored(run, filters, level, weights, today)
    if years.table.empty:
        return PriorityResult(level, weights, years.table, years.unranked, pd.DataFrame())
    table["rank_low"], table["rank_high"] = _rank_intervals(
        years, known, table["score"].to_numpy(), weights, seed
    )
    table = table.sort_values(["score", "area_name"], ascending=[False, True], ignore_index=True)
    return PriorityResult(
        level,
        weights,
        table,
        years.unranked,
        _changes(table, weights),
        int(years.years.min()),
        int(years.years.max()),
    )


def area_scores(
    run: Run, filters: Filters, level: str, weights: Mapping[str, float], today: date
) -> pd.Series:
    """The scores of `priority` by area code, without the draws that say how sure their order is."""
    table = _scored(run, filters, level, weights, today)[2]
    return table.set_index("area_code")["score"]


def _scored(
    run: Run, filters: Filters, level: str, weights: Mapping[str, float], today: date
) -> tuple[AreaYears, dict[str, np.ndarray], pd.DataFrame]:
    """What was counted, the parts that chance has no say in, and the areas with their figures, parts and score."""
    _check(level, weights)
    years = area_years(run, filters, level, HALF_LIFE_YEARS)
    if years.table.empty:
        return years, {}, years.table.assign(score=0.0)
    covered = coverage(run, filters, level).table.set_index("area_code")
    known = {
        "uncovered": 1 - years.table["area_code"].map(covered["covered_share"]).fillna(0).to_numpy(),
        "not_leafleted": 1
        - years.table["area_code"].map(leafleted_share(run, level, today)).fillna(0).to_numpy(),
    }
    observed = _measures(years, years.visits_middle(), years.incidents) | known
    parts = _parts(observed)
    table = years.table.assign(**_columns(years, observed), **{f"part_{name}": parts[name] for name in PARTS})
    return years, known, table.assign(score=_score(parts, weights))


def _check(level: str, weights: Mapping[str, float]) -> None:
    if level not in LEVELS:
        raise InputError(f"There is no such level. Choose one of {', '.join(LEVELS)}.")
    if not set(weights) <= set(PARTS):
        raise InputError(f"There is no such part of the score. Weigh {', '.join(PARTS)}.")
    if not all(0 <= weight <= HEAVIEST for weight in weights.values()):
        raise InputError(f"A weight is a number from 0 to {HEAVIEST}.")
    if not any(weights.values()):
        raise InputError("Every weight is 0, so nothing tells the areas apart. Give one part a weight.")


def _measures(years: AreaYears, visits: np.ndarray, incidents: np.ndarray) -> dict[str, np.ndarray]:
    """What the counts of the years come to, each an array of areas; `visits` and `incidents` are areas by years."""
    person_years = years.person_years * years.weight
    weighted = (visits * years.weight).sum(axis=1)
    per_year = weighted / (years.covered * years.weight).sum(axis=1)
    heard = (incidents * years.weight).sum(axis=1) / years.weight.sum()
    recent, before = years.span(visits, TREND_YEARS)
    return {
        "visits": per_year,
        "rate": smooth(weighted, person_years.sum(axis=1)) * 1000,
        "incidents": heard,
        # Half a visit on each side keeps areas without any in the middle instead of at either end.
        "trend": (recent[0] + 0.5) / recent[1] / ((before[0] + 0.5) / before[1]),
    }


def _parts(measures: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Each measure as the share of areas that have less of it; equal ones share their place."""
    return {name: _share_below(measures[name]) for name in PARTS}


def _share_below(values: np.ndarray) -> np.ndarray:
    n = len(values)
    if n == 1 or np.ptp(values) == 0:
        # Nothing to tell apart: the part moves nobody.
        return np.full(n, ALL_ALIKE)
    return (stats.rankdata(values.round(9)) - 1) / (n - 1)


def _score(parts: Mapping[str, np.ndarray], weights: Mapping[str, float]) -> np.ndarray:
    return sum(parts[name] * weight for name, weight in weights.items()) / sum(weights.values())


def _rank_intervals(
    years: AreaYears, known: dict, score: np.ndarray, weights: Mapping[str, float], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    known_parts = {name: _share_below(values) for name, values in known.items()}
    ranks = np.empty((DRAWS, len(score)))
    for draw in range(DRAWS):
        visits = draw_counts(random, years.visits_low, years.visits_high)
        incidents = draw_counts(random, years.incidents, years.incidents)
        measures = _measures(years, visits, incidents)
        parts = {name: _share_below(values) for name, values in measures.items()} | known_parts
        ranks[draw] = stats.rankdata(-_score(parts, weights), method="ordinal")
    observed = stats.rankdata(-score, method="min")
    low, high = np.percentile(ranks, [LOW_PERCENTILE, HIGH_PERCENTILE], axis=0, method="nearest")
    return np.minimum(low, observed), np.maximum(high, observed)


def _columns(years: AreaYears, observed: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    years_counted = (years.covered * years.weight).sum(axis=1)
    return {
        "visits_low": (years.visits_low * years.weight).sum(axis=1) / years_counted,
        "visits_high": (years.visits_high * years.weight).sum(axis=1) / years_counted,
        "rate_per_1000": observed["rate"],
        "incidents": observed["incidents"],
        "change": observed["trend"],
        "uncovered": observed["uncovered"],
        "not_leafleted": observed["not_leafleted"],
    }


def _changes(table: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Who would be first, and how many of the first would stay, if one part did not count."""
    parts = {name: table[f"part_{name}"].to_numpy() for name in PARTS}
    rows = []
    for name in [name for name, weight in weights.items() if weight]:
        others = {other: weight for other, weight in weights.items() if other != name}
        if any(others.values()):
            order = np.argsort(-_score(parts, others), kind="stable")[:TOP]
            rows.append((name, table["area_name"].iloc[order[0]], int((order < TOP).sum())))
    return pd.DataFrame(rows, columns=["part", "first_without", "stay"])
