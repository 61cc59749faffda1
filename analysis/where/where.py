"""Where raids happen: counts, rates and ranks by area, from official figures or from recorded incidents."""

from dataclasses import dataclass, field
from datetime import date

import ibis
import numpy as np
import pandas as pd
from ibis import _

from analysis.areas import LEVELS, Run
from analysis.filters import Filters, straddling
from analysis.ranks import rank_intervals
from analysis.tables import area_overlap, areas, incidents
from analysis.where.frequency import (
    incident_period,
    incidents_by_area,
    unplaced_by_borough,
    visits_by_borough,
    visits_by_district,
)
from data.errors import InputError
from data.schema import OUTCOMES, UNKNOWN

SOURCES = ("counts", "incidents")
DAYS_PER_YEAR = 365.25
# Below this many residents a rate says more about who sleeps there than about raids; it is not shown.
FEWEST_RESIDENTS = 1000
# An area is ranked and coloured by official visits only if the figures cover at least this share of its residents:
# below, its number says more about the return than about the area.
COVERED_ENOUGH = 0.5
# From here on an area counts as covered the whole time; leap days and rounding take a little.
WHOLE_TIME = 0.98


@dataclass(frozen=True)
class Measure:
    """What a map may show: its words, unit, kind of classes, source and column."""

    label: str
    unit: str
    kind: str
    source: str
    column: str
    decimals: int


MEASURES = {
    "visits": Measure("Official visits", "visits in the period", "count", "counts", "visits", 0),
    "visits_rate": Measure(
        "Official visits per 1,000 residents",
        "per 1,000 residents per year",
        "rate",
        "counts",
        "rate_per_1000",
        2,
    ),
    "incidents": Measure(
        "Recorded incidents", "incidents in the period", "count", "incidents", "incidents", 0
    ),
    "incidents_rate": Measure(
        "Recorded incidents per 1,000 residents",
        "per 1,000 residents per year",
        "rate",
        "incidents",
        "rate_per_1000",
        4,
    ),
    "outcome_share": Measure(
        "Share of an outcome", "share of recorded incidents", "share", "incidents", "outcome_share", 2
    ),
}


@dataclass(frozen=True)
class WhereResult:
    """
    A table of areas and what stands outside it.

    `table` has one row per area of the level, whether or not anything is recorded there. The totals are of all
    that was chosen, so `total = sum of the table + outside London + place unknown`.
    """

    table: pd.DataFrame
    period_start: date | None
    period_end: date | None
    total_low: float
    total_high: float
    outside_london_low: float
    outside_london_high: float
    place_unknown_low: float
    place_unknown_high: float
    notes: list[str] = field(default_factory=list)


def outcome_column(outcome: str) -> str:
    """The table's column that counts an outcome: 'no arrests' is 'n_no_arrests'."""
    return f"n_{outcome.replace(' ', '_')}"


def where(
    run: Run, filters: Filters, level: str, source: str, rank_by: str = "count", seed: int = 0
) -> WhereResult:
    """
    Counts, rates and ranks by area.

    Parameters
    ----------
    run
        Runs an Ibis expression on the store and returns a data frame (`Store.run`).
    filters
        What is chosen.
    level
        'borough', 'district' or 'locality'; official figures have no localities.
    source
        'counts' (official visits) or 'incidents' (recorded).
    rank_by
        'count' or 'rate'.
    seed
        Of the draws behind the rank intervals.

    Returns
    -------
    result
        For counts the table has `area_code, area_name, visits_low, visits_high, residents, residents_covered,
        covered_share, rate_per_1000_low, rate_per_1000_high, rank_low, rank_high`; NaN where no official figure
        covers the area, which is not zero. `residents_covered` is how many the figures cover on an average day of the
        whole period, `covered_share` their share of all; no rank where they cover less than half. For incidents
        `area_code, area_name, incidents, residents, rate_per_1000, rank_low, rank_high` and a column `n_…` per outcome.
        Rates are per 1,000 residents (Census 2021) per year.

    Raises
    ------
    InputError
        No such level or source, or official figures by locality.
    """
    if level not in LEVELS:
        raise InputError(f"There is no such level. Choose one of {', '.join(LEVELS)}.")
    if source == "incidents":
        return _where_incidents(run, filters, level, rank_by, seed)
    if source != "counts":
        raise InputError(f"There is no such source. Choose one of {', '.join(SOURCES)}.")
    if level == "locality":
        raise InputError(
            "Official figures come by postcode district and say nothing finer. "
            "Choose boroughs or postcode districts, or recorded incidents."
        )
    return _where_counts(run, filters, level, rank_by, seed)


def _where_counts(run: Run, filters: Filters, level: str, rank_by: str, seed: int) -> WhereResult:
    places = _places(run, level, filters)
    figures = run(visits_by_borough(filters) if level == "borough" else visits_by_district(filters))
    if filters.boroughs:
        figures = figures[figures["area_code"].isin(places["area_code"])]
    table = places.merge(figures, on="area_code", how="left")
    first, last = _as_date(figures["first"].min()), _as_date(figures["last"].max())
    days_shown = _years(first, last) * DAYS_PER_YEAR
    table["residents_covered"] = table["person_days"] / days_shown if days_shown else np.nan
    table["covered_share"] = table["residents_covered"] / table["residents"]
    days_of_area = (pd.to_datetime(table["last"]) - pd.to_datetime(table["first"])).dt.days + 1
    has_rate = table["person_days"] / days_of_area >= FEWEST_RESIDENTS
    person_years = table["person_days"].where(has_rate) / DAYS_PER_YEAR
    table["rate_per_1000_low"] = table["visits_low"] / person_years * 1000
    table["rate_per_1000_high"] = table["visits_high"] / person_years * 1000
    exposure = person_years if rank_by == "rate" else pd.Series(1.0, index=table.index)
    exposure = exposure.where(table["covered_share"] >= COVERED_ENOUGH)
    table["rank_low"], table["rank_high"] = rank_intervals(
        table["visits_low"], table["visits_high"], exposure, seed
    )
    unknown = figures["area_code"] == UNKNOWN
    outside = ~unknown & ~figures["area_code"].isin(places["area_code"])
    return WhereResult(
        table=_sorted(table[COUNTS_COLUMNS], "visits_high"),
        period_start=first,
        period_end=last,
        **_as_range("total", figures["visits_low"].sum(), figures["visits_high"].sum()),
        **_as_range("outside_london", *figures.loc[outside, ["visits_low", "visits_high"]].sum()),
        **_as_range("place_unknown", *figures.loc[unknown, ["visits_low", "visits_high"]].sum()),
        notes=_notes_on_counts(filters, level, table, figures),
    )


def _where_incidents(run: Run, filters: Filters, level: str, rank_by: str, seed: int) -> WhereResult:
    places = _places(run, level, filters)
    figures = run(incidents_by_area(filters, level))
    by_outcome = figures.pivot_table(
        index="area_code", columns="outcome", values="incidents", aggfunc="sum", fill_value=0
    ).reindex(columns=list(OUTCOMES), fill_value=0)
    by_outcome.columns = [outcome_column(outcome) for outcome in OUTCOMES]
    by_outcome["incidents"] = by_outcome.sum(axis=1)
    table = places.merge(by_outcome, left_on="area_code", right_index=True, how="left")
    counted = ["incidents", *map(outcome_column, OUTCOMES)]
    table[counted] = table[counted].fillna(0).astype(int)
    if level == "district" and filters.boroughs:
        # Incidents of the chosen boroughs only, so the residents of that part of the district only.
        part = run(_parts_in(filters.boroughs)).set_index("area_code")["part_residents"]
        table["residents"] = table["area_code"].map(part)
    start, end = _incident_dates(run, filters)
    years = _years(start, end)
    exposure = (table["residents"] * years).where((table["residents"] >= FEWEST_RESIDENTS) & (years > 0))
    table["rate_per_1000"] = table["incidents"] / exposure * 1000
    table["rank_low"], table["rank_high"] = rank_intervals(
        table["incidents"], table["incidents"], exposure if rank_by == "rate" else np.ones(len(table)), seed
    )
    outside, unknown = _outside_and_unknown(run, filters, level, figures)
    vague = (
        int(run(straddling(incidents, filters).aggregate(n=_.count()))["n"][0]) if _has_dates(filters) else 0
    )
    return WhereResult(
        table=_sorted(table[[*INCIDENTS_COLUMNS, *map(outcome_column, OUTCOMES)]], "incidents"),
        period_start=start,
        period_end=end,
        **_as_range("total", figures["incidents"].sum()),
        **_as_range("outside_london", outside),
        **_as_range("place_unknown", unknown),
        notes=_notes_on_incidents(vague, figures, is_placed=bool(table["incidents"].any())),
    )


COUNTS_COLUMNS = [
    "area_code", "area_name", "visits_low", "visits_high", "residents", "residents_covered", "covered_share",
    "rate_per_1000_low", "rate_per_1000_high", "rank_low", "rank_high",
]  # fmt: skip
INCIDENTS_COLUMNS = [
    "area_code",
    "area_name",
    "incidents",
    "residents",
    "rate_per_1000",
    "rank_low",
    "rank_high",
]


def _areas_of(level: str) -> ibis.Table:
    return areas.filter(_.level == level).select(
        area_code=_.code, area_name=_.name, parent_code=_.parent_code, residents=_.residents.cast("float64")
    )


def _places(run: Run, level: str, filters: Filters) -> pd.DataFrame:
    """The areas of a level; with boroughs chosen, those in them (a district also if it lies there in part)."""
    places = run(_areas_of(level))
    if not filters.boroughs:
        return places
    if level == "district":
        return places[places["area_code"].isin(run(_parts_in(filters.boroughs))["area_code"])]
    return places[places["area_code" if level == "borough" else "parent_code"].isin(filters.boroughs)]


def _parts_in(boroughs: tuple[str, ...]) -> ibis.Table:
    """The districts that lie in some boroughs, whole or in part, with the residents of the part."""
    parts = area_overlap.filter(_.from_level == "district", _.to_level == "borough", _.to_code.isin(boroughs))
    return parts.group_by(area_code=_.from_code).aggregate(part_residents=_.residents.sum().cast("float64"))


def _outside_and_unknown(run: Run, filters: Filters, level: str, figures: pd.DataFrame) -> tuple[int, int]:
    """Incidents outside London, and those in London that no area of the level holds."""
    every_borough = set(run(_areas_of("borough"))["area_code"])
    if level == "borough":
        # Already counted by borough: a second pass over the records would only find the same.
        unplaced = figures.rename(columns={"area_code": "borough_code"})
        unplaced = unplaced[~unplaced["borough_code"].isin(every_borough)]
    else:
        unplaced = run(unplaced_by_borough(filters, level))
    in_london = unplaced["borough_code"].isin({*every_borough, UNKNOWN})
    return unplaced["incidents"][~in_london].sum(), unplaced["incidents"][in_london].sum()


def _as_range(name: str, low: float, high: float | None = None) -> dict[str, float]:
    return {f"{name}_low": float(low), f"{name}_high": float(low if high is None else high)}


def _sorted(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Highest first, areas without a figure last, equal ones by name."""
    return table.sort_values(
        [column, "area_name"], ascending=[False, True], na_position="last", ignore_index=True
    )


def _incident_dates(run: Run, filters: Filters) -> tuple[date | None, date | None]:
    """The time looked at: the chosen dates, cut to the time in which anything is recorded, if they meet at all."""
    recorded = run(incident_period()).iloc[0]
    first, last = _as_date(recorded["first"]), _as_date(recorded["last"])
    if first is None:
        return filters.date_from, filters.date_to
    start, end = max(filters.date_from or first, first), min(filters.date_to or last, last)
    return (start, end) if start <= end else (filters.date_from, filters.date_to)


def _notes_on_counts(filters: Filters, level: str, table: pd.DataFrame, figures: pd.DataFrame) -> list[str]:
    notes = []
    if figures.empty and filters.settings:
        notes.append(
            "No official figure in force for this choice says at which kind of address the visits were."
        )
    elif figures.empty:
        notes.append(
            "No official figure covers this choice. Official figures come by calendar year and postcode district: "
            "choose whole years, or clear the filters."
        )
    elif level == "borough":
        notes.append(
            "Official figures come by postcode district. A district that lies in several boroughs is shared out by "
            "the live postcodes in each, so borough figures are estimates."
        )
        if (table["covered_share"].fillna(0) < COVERED_ENOUGH).any():
            notes.append(
                "Only London's postal districts (E, EC, N, NW, SE, SW, W, WC) have official figures. Boroughs "
                "further out are covered in part or not at all; that is a gap in the figures, not a lack of raids."
            )
    elif filters.boroughs:
        notes.append(
            "A district that lies only partly in the chosen boroughs is counted whole here, "
            "so districts add up to more than the boroughs do."
        )
    partly = int(((table["covered_share"] > 0) & (table["covered_share"] < WHOLE_TIME)).sum())
    if level == "district" and partly:
        districts = "1 postcode district cover" if partly == 1 else f"{partly} postcode districts cover"
        notes.append(
            f"The figures of {districts} only a part of this time: a return ends early, or leaves the district out."
        )
    return [*notes, *notes_on_filters(filters)]


def notes_on_filters(filters: Filters) -> list[str]:
    """Which of the filters say nothing of official figures, a sentence each."""
    words = {
        "outcome": filters.outcomes,
        "source": filters.source_kinds,
        "confidence": filters.confidences,
    }
    return [
        f"The filter by {word} does not apply here: official figures have none."
        for word, chosen in words.items()
        if chosen
    ]


def _notes_on_incidents(vague: int, figures: pd.DataFrame, is_placed: bool) -> list[str]:
    notes = []
    if figures.empty:
        notes.append("No recorded incident fits this choice. Clear a filter, or choose a longer time.")
    elif not is_placed:
        notes.append(
            "Not one of the incidents chosen is known so finely: a 0 here says nothing. Choose a coarser level."
        )
    if vague:
        notes.append(
            f"{vague} more {'incident is' if vague == 1 else 'incidents are'} known only by month or year and may "
            "or may not lie in these dates; left out."
        )
    return notes


def _has_dates(filters: Filters) -> bool:
    return filters.date_from is not None or filters.date_to is not None


def _as_date(value) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _years(start: date | None, end: date | None) -> float:
    if start is None or end is None or end < start:
        return 0.0
    return ((end - start).days + 1) / DAYS_PER_YEAR
