"""Hot spots: areas that, with their neighbours, have a higher rate than chance would give them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from ibis import _
from scipy import stats

from analysis.areas import Run
from analysis.filters import Filters, filter_incidents
from analysis.hot_spots.neighbours import neighbours, restrict
from analysis.hot_spots.smoothing import smooth
from analysis.hot_spots.spatial_tests import gi_star, global_moran, local_moran
from analysis.tables import incidents
from analysis.where.frequency import AREA_COLUMNS, visits_by_borough, visits_by_district
from analysis.where.where import COVERED_ENOUGH, DAYS_PER_YEAR, WhereResult, where

if TYPE_CHECKING:
    from libpysal.graph import Graph

# Below this many areas one arrangement can hardly be told from any other.
FEWEST_AREAS = 8
# As many as the census's middle-layer areas have at least. Where fewer live, visits go to workplaces and passers-by, and a
# rate per resident says nothing that could be set beside the neighbours'.
FEWEST_RESIDENTS_TESTED = 5_000
# One record among few residents, whose neighbours have few residents too, can pass the test all by itself.
FEWEST_RECORDS = 30
# Of the places called hot spots, at most this share may be expected to be so by chance.
FALSE_DISCOVERIES = 0.05
# Digits behind the point of a smoothed rate: finer than any count tells, coarser than what an engine's order of adding does.
RATE_DIGITS = 10
TABLE_COLUMNS = [
    "area_code", "area_name", "observed", "observed_low", "observed_high", "person_years", "rate", "eb_rate",
    "neighbours", "gi_star", "p_value", "q_value", "is_hot_spot", "local_moran", "moran_p_value", "moran_q_value",
    "quadrant",
]  # fmt: skip
YEAR_COLUMNS = ["area_code", "year", "is_hot_spot"]


@dataclass(frozen=True)
class HotSpotsResult:
    """
    The areas of a level, and which of them are hot spots.

    `table` has one row per area, highest smoothed rate first: `area_code, area_name, observed, observed_low,
    observed_high` (visits or incidents; `observed` is the middle of a range), `person_years` (residents times years
    covered), `rate`, `eb_rate` (per 1,000 residents per year, raw and smoothed), `neighbours` (those tested, self not
    counted), `gi_star` (z-score), `p_value`, `q_value`, `is_hot_spot`, `local_moran`, `moran_p_value`, `moran_q_value`,
    `quadrant` ('HH', 'LL', 'HL', 'LH' where its q is at most 0.05, else ''). An area that was not tested has NaN for what
    the tests say, and is no hot spot; one with too few residents has no smoothed rate, one without figures enough none at all.

    `chosen` is how many records there are, wherever they lie, `is_part` whether only some boroughs are chosen, `small` the
    codes of areas with too few residents, `tested` those of areas that have a neighbour (None where so few areas have rates
    that neighbours were not looked for), and `moran` Moran's I and its p, None where nothing was tested. `notes` are those of
    `where`; `analysis/hot_spots/words.py` says the rest in words.
    """

    level: str
    source: str
    with_bridges: bool
    is_part: bool
    table: pd.DataFrame
    period_start: date | None
    period_end: date | None
    chosen: float
    small: frozenset[str]
    notes: list[str]
    tested: tuple[str, ...] | None = None
    moran: tuple[float, float] | None = None


def hot_spots(
    run: Run,
    filters: Filters,
    level: str,
    source: str,
    with_bridges: bool = True,
    seed: int = 0,
    graph: "Graph | None" = None,
) -> HotSpotsResult:
    """
    Smoothed rates by area, and the areas that pass the test for a hot spot.

    Parameters
    ----------
    level
        'borough', 'district' or 'locality'; official figures have no localities.
    source
        'counts' (official visits) or 'incidents' (recorded).
    with_bridges
        Whether the areas at both ends of a crossing of the Thames are neighbours.
    seed
        Of the permutations; the same seed gives the same p-values.
    graph
        `neighbours(run, level, with_bridges)` if it is at hand: outlines change less often than filters.

    Raises
    ------
    InputError
        No such level or source, or official figures by locality.

    Notes
    -----
    Gi* (`spatial_tests.gi_star`) of empirical-Bayes rates (`smoothing.smooth`). q corrects p for the number of areas
    tested: Benjamini and Hochberg, JRSS B 57 (1995). A hot spot has Gi* above zero and q of at most 0.05; where counts
    are ranges, so with every count at its lower end and with every count at its upper end too.
    """
    found = where(run, filters, level, source)
    table = _rates(found, source)
    residents = found.table.set_index("area_code")["residents"]
    result = HotSpotsResult(
        level=level,
        source=source,
        with_bridges=with_bridges,
        is_part=bool(filters.boroughs),
        table=table,
        period_start=found.period_start,
        period_end=found.period_end,
        chosen=found.total_high,
        small=frozenset(residents.index[residents < FEWEST_RESIDENTS_TESTED]),
        notes=found.notes,
    )
    if not _has_enough(table[table["eb_rate"].notna()]):
        return result
    graph = graph or neighbours(run, level, with_bridges)
    tested = _tested(table.loc[table["eb_rate"].notna(), "area_code"], graph)
    result = replace(result, tested=tuple(tested))
    rows = table[table["area_code"].isin(tested)]
    if not _has_enough(rows) or np.ptp(rows["eb_rate"]) == 0:
        return result
    table, moran = _test(table, restrict(graph, tested), seed)
    return replace(result, table=table, moran=moran)


def hot_spot_years(
    run: Run, filters: Filters, level: str, source: str, seed: int = 0, graph: "Graph | None" = None
) -> pd.DataFrame:
    """
    In which calendar years an area was a hot spot.

    Each year is tested as `hot_spots` would test it alone, with neighbours across bridges.

    Parameters
    ----------
    seed, graph
        As in `hot_spots`.

    Returns
    -------
    years
        `area_code, year, is_hot_spot`, by area and year; no row for an area that was not tested in a year. Incidents
        count in the year in which all of the time lies in which they may have started.
    """
    events = _events_by_year(run, filters, level, source)
    if events.empty:
        return pd.DataFrame(columns=YEAR_COLUMNS)
    graph = graph or neighbours(run, level)
    judged = [_judge_year(rows, graph, seed) for __, rows in events.groupby("year")]
    return pd.concat(judged)[YEAR_COLUMNS].sort_values(["area_code", "year"], ignore_index=True)


def _rates(found: WhereResult, source: str) -> pd.DataFrame:
    """The table with its rates; those that may not enter the test have none."""
    areas = found.table
    low, high = ("visits_low", "visits_high") if source == "counts" else ("incidents", "incidents")
    table = pd.DataFrame(
        {
            "area_code": areas["area_code"],
            "area_name": areas["area_name"],
            "observed": (areas[low] + areas[high]) / 2,
            "observed_low": areas[low].astype(float),
            "observed_high": areas[high].astype(float),
            "person_years": _person_years(found, source),
        }
    ).reindex(columns=TABLE_COLUMNS)
    table["rate"] = table["observed"] / table["person_years"] * 1000
    entered = table["person_years"].notna() & (areas["residents"] >= FEWEST_RESIDENTS_TESTED)
    table.loc[entered, "eb_rate"] = _smoothed(table[entered], "observed")
    table = table.assign(is_hot_spot=False, quadrant="")
    return table.sort_values(
        ["eb_rate", "area_name"], ascending=[False, True], na_position="last", ignore_index=True
    )


def _person_years(found: WhereResult, source: str) -> pd.Series:
    """Residents times years covered; NaN where too little is covered, or too few live there."""
    areas = found.table
    # Dates chosen from one side only stay open on the other where nothing is recorded.
    if found.period_start is None or found.period_end is None:
        return pd.Series(np.nan, index=areas.index)
    years = ((found.period_end - found.period_start).days + 1) / DAYS_PER_YEAR
    if source == "incidents":
        return (areas["residents"] * years).where(areas["rate_per_1000"].notna())
    is_covered = (areas["covered_share"] >= COVERED_ENOUGH) & areas["rate_per_1000_high"].notna()
    return (areas["residents_covered"] * years).where(is_covered)


def _smoothed(rows: pd.DataFrame, column: str) -> np.ndarray:
    """Empirical-Bayes rates per 1,000 residents per year; rounded, so that no permutation hangs on the order of a sum."""
    return np.round(smooth(rows[column].to_numpy(), rows["person_years"].to_numpy()) * 1000, RATE_DIGITS)


def _has_enough(rows: pd.DataFrame) -> bool:
    """Whether the areas and their records are enough to test."""
    return len(rows) >= FEWEST_AREAS and rows["observed"].sum() >= FEWEST_RECORDS


def _tested(codes: Iterable[str], graph: "Graph") -> list[str]:
    """Those of the areas that have a neighbour among them, by code: one order, so that the same draws meet the same areas."""
    codes = sorted(set(codes) & set(graph.unique_ids))
    alone = set(restrict(graph, codes).isolates)
    return [code for code in codes if code not in alone]


def _test(table: pd.DataFrame, links: "Graph", seed: int) -> tuple[pd.DataFrame, tuple[float, float]]:
    """The table with what the tests say, and Moran's I with its p."""
    table = table.set_index("area_code", drop=False)
    rows = table.loc[list(links.unique_ids)]
    rates = rows["eb_rate"].to_numpy()
    z_score, p_value = gi_star(rates, links, seed)
    passes = _passes(z_score, p_value)
    # What does not pass in the middle need not be tried at the ends.
    if passes.any():
        passes &= _passes_at_both_ends(rows, links, seed)
    moran, moran_p, quadrant = local_moran(rates, links, seed)
    moran_q = stats.false_discovery_control(moran_p)
    filled = pd.DataFrame(
        {
            "neighbours": links.cardinalities.to_numpy(dtype=float),
            "gi_star": z_score,
            "p_value": p_value,
            "q_value": stats.false_discovery_control(p_value),
            "is_hot_spot": passes,
            "local_moran": moran,
            "moran_p_value": moran_p,
            "moran_q_value": moran_q,
            "quadrant": np.where(moran_q <= FALSE_DISCOVERIES, quadrant, ""),
        },
        index=rows.index,
    )
    table.loc[rows.index, filled.columns] = filled
    return table.reset_index(drop=True), global_moran(rates, links, seed)


def _passes(z_score: np.ndarray, p_value: np.ndarray) -> np.ndarray:
    return (z_score > 0) & (stats.false_discovery_control(p_value) <= FALSE_DISCOVERIES)


def _passes_at_both_ends(rows: pd.DataFrame, links: "Graph", seed: int) -> np.ndarray:
    """Whether an area also passes with all counts at their lower end, and with all at their upper end."""
    passes = np.ones(len(rows), dtype=bool)
    if (rows["observed_low"] == rows["observed_high"]).all():
        return passes
    for end in ("observed_low", "observed_high"):
        passes &= _passes_at(rows, end, links, seed)
    return passes


def _passes_at(rows: pd.DataFrame, column: str, links: "Graph", seed: int) -> np.ndarray:
    """Whether each area is a hot spot of what a column counts; none where all rates are alike."""
    rates = _smoothed(rows, column)
    return _passes(*gi_star(rates, links, seed)) if np.ptp(rates) else np.zeros(len(rows), dtype=bool)


def _events_by_year(run: Run, filters: Filters, level: str, source: str) -> pd.DataFrame:
    """`area_code, year, observed, observed_low, observed_high, person_years` of every area and year fit for the test."""
    places = where(run, filters, level, source).table[["area_code", "residents"]]
    places = places[places["residents"] >= FEWEST_RESIDENTS_TESTED]
    if source == "incidents":
        return _incidents_by_year(run, filters, level, places)
    figures = (visits_by_borough if level == "borough" else visits_by_district)(filters, by_year=True)
    years = run(figures).merge(places, on="area_code")
    years["person_years"] = years["person_days"] / DAYS_PER_YEAR
    days = 365 + pd.to_datetime(years["year"].astype(str)).dt.is_leap_year
    is_covered = years["person_days"] >= COVERED_ENOUGH * years["residents"] * days
    years = years[is_covered].rename(columns={"visits_low": "observed_low", "visits_high": "observed_high"})
    return years.assign(observed=(years["observed_low"] + years["observed_high"]) / 2)


def _incidents_by_year(run: Run, filters: Filters, level: str, places: pd.DataFrame) -> pd.DataFrame:
    chosen = filter_incidents(incidents, filters)
    year = chosen.started_earliest.year()
    chosen = chosen.filter(year == chosen.started_latest.year())
    figures = run(
        chosen.group_by(area_code=chosen[AREA_COLUMNS[level]], year=year).aggregate(observed=_.count())
    )
    if figures.empty:
        return figures
    every = pd.DataFrame({"year": range(figures["year"].min(), figures["year"].max() + 1)})
    years = places.merge(every, how="cross").merge(figures, on=["area_code", "year"], how="left")
    observed = years["observed"].fillna(0.0)
    return years.assign(
        observed=observed, observed_low=observed, observed_high=observed, person_years=years["residents"]
    )


def _judge_year(rows: pd.DataFrame, graph: "Graph", seed: int) -> pd.DataFrame:
    """The rows of one year that could be tested, with `is_hot_spot`."""
    tested = _tested(rows["area_code"], graph)
    rows = rows.set_index("area_code", drop=False).loc[tested].reset_index(drop=True)
    if not _has_enough(rows):
        return rows.iloc[:0].assign(is_hot_spot=False)
    links = restrict(graph, tested)
    passes = _passes_at(rows, "observed", links, seed)
    # What does not pass in the middle need not be tried at the ends.
    if passes.any():
        passes &= _passes_at_both_ends(rows, links, seed)
    return rows.assign(is_hot_spot=passes)
