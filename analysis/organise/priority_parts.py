"""What the priority of areas is worked out from: visits and incidents by area and year, recent years heavier."""

from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters, filter_incidents
from analysis.tables import area_overlap, areas, incidents
from analysis.where.frequency import AREA_COLUMNS, visits_by_borough, visits_by_district
from analysis.where.where import COVERED_ENOUGH, DAYS_PER_YEAR, FEWEST_RESIDENTS


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
