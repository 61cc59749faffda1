"""The history of areas: official visits by year, recorded incidents by month, and the time each covers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import ibis
import numpy as np
import pandas as pd
from ibis import _

from analysis.areas import LONDON, Run
from analysis.filters import Filters, filter_counts, filter_incidents, straddling
from analysis.findings import WHOLE_YEAR
from analysis.tables import area_overlap, areas, counts, incidents
from analysis.where.frequency import AREA_COLUMNS, incident_period, visits_by_borough, visits_by_district
from analysis.where.where import COVERED_ENOUGH, DAYS_PER_YEAR, notes_on_filters
from analysis.words import area_noun, figure, listed
from data.schema import UNKNOWN

OUTSIDE = "outside"
# More areas than these are counted in a sentence, not named.
MOST_NAMED = 3
COUNTS_COLUMNS = [
    "area_code", "area_name", "period", "visits_low", "visits_high", "covered_days", "is_partial", "rate_low", "rate_high",
]  # fmt: skip
INCIDENTS_COLUMNS = [
    "area_code", "area_name", "period", "incidents", "covered_days", "is_partial", "rate_low", "rate_high",
]  # fmt: skip
YEARS_COLUMNS = [
    "area_code", "area_name", "year", "low", "high", "covered_days", "covered_share", "is_partial", "rate_low", "rate_high",
]  # fmt: skip


@dataclass(frozen=True)
class History:
    """
    What the records say, before anything is concluded from it.

    Fields as in `TrendsResult`; `covered_too_little` are the areas whose residents official figures cover less than
    `COVERED_ENOUGH`.
    """

    rows: pd.DataFrame
    london: pd.DataFrame
    years: pd.DataFrame
    unknown_month: int
    notes: list[str]
    covered_too_little: frozenset[str] = frozenset()


def _names(run: Run, filters: Filters, level: str) -> pd.Series:
    """Name of each area of the level by its code; with boroughs chosen, of those in them, whole or in part."""
    places = run(areas.filter(_.level == level).select("code", "name", "parent_code"))
    if filters.boroughs and level == "district":
        parts = area_overlap.filter(_.from_level == "district", _.to_level == "borough")
        parts = run(parts.filter(_.to_code.isin(filters.boroughs)).select("from_code").distinct())
        places = places[places["code"].isin(parts["from_code"])]
    elif filters.boroughs:
        places = places[places["code" if level == "borough" else "parent_code"].isin(filters.boroughs)]
    return places.set_index("code")["name"]


def _london_name(filters: Filters, level: str = "borough") -> str:
    """What all areas together are called; official visits of districts are counted whole."""
    if not filters.boroughs:
        return "London"
    return "districts that reach into the boroughs chosen" if level == "district" else "the boroughs chosen"


# Official visits, by year


def counts_history(run: Run, filters: Filters, level: str) -> History:
    """
    Official visits by year.

    A figure that crosses the turn of a year stands at the year in which it begins, with all the days that it covers.
    London is the whole of what is chosen, what lies outside its boundary too, as the return has it.
    """
    names = _names(run, filters, level)
    figures = run((visits_by_borough if level == "borough" else visits_by_district)(filters, by_year=True))
    if filters.boroughs:
        figures = figures[figures["area_code"].isin(names.index)]
    is_known = figures["area_code"].isin(names.index)
    figures["area_code"] = figures["area_code"].where(is_known | (figures["area_code"] == UNKNOWN), OUTSIDE)
    rows = _covered(figures)
    if level == "district":
        days = run(_days_by_district(filters)).set_index(["area_code", "year"])["days"]
        exact = pd.MultiIndex.from_frame(rows[["area_code", "year"]]).map(days)
        rows["covered_days"] = pd.Series(exact, index=rows.index, dtype=float).fillna(rows["covered_days"])
    rows["area_name"] = rows["area_code"].map(names).fillna(rows["area_code"])
    london = _covered(figures.assign(area_code=LONDON)).assign(area_name=_london_name(filters, level))
    rows, london = _rated_years(rows), _rated_years(london)
    too_little = _covered_too_little(run, filters, names) if level == "borough" else frozenset()
    crossing = (pd.to_datetime(figures["last"]).dt.year > figures["year"]).any()
    return History(
        rows=_counts_rows(rows),
        london=_counts_rows(london),
        years=pd.concat([rows, london], ignore_index=True)[YEARS_COLUMNS],
        unknown_month=0,
        notes=_notes_on_counts(filters, level, rows, crossing, too_little),
        covered_too_little=too_little,
    )


def _covered_too_little(run: Run, filters: Filters, names: pd.Series) -> frozenset[str]:
    """
    The boroughs whose residents the figures cover too little, of all residents on an average day of the whole time.

    As `where` has it. All of London stands for the postal districts and is not judged, but boroughs chosen are, together.
    """
    table = run(visits_by_borough(filters)).set_index("area_code")
    if filters.boroughs:
        table = table[table.index.isin(names.index)]
    days = (pd.to_datetime(table["last"].max()) - pd.to_datetime(table["first"].min())).days + 1
    residents = run(areas.filter(_.level == "borough").select("code", "residents")).set_index("code")[
        "residents"
    ]
    residents = residents[names.index].astype(float)
    covered = (table["person_days"] / days).reindex(names.index).fillna(0)
    too_little = {code for code in names.index if covered[code] < COVERED_ENOUGH * residents[code]}
    if filters.boroughs and covered.sum() < COVERED_ENOUGH * residents.sum():
        too_little.add(LONDON)
    return frozenset(too_little)


def _covered(figures: pd.DataFrame) -> pd.DataFrame:
    """
    Figures summed by area and year, with the days they cover.

    Days are those of the residents covered in the best year: a borough of which a quarter has no figures after October
    is covered for less than the year.
    """
    table = figures.groupby(["area_code", "year"], as_index=False).agg(
        low=("visits_low", "sum"),
        high=("visits_high", "sum"),
        person_days=("person_days", lambda values: values.sum(min_count=1)),
        first=("first", "min"),
        last=("last", "max"),
    )
    first, last = pd.to_datetime(table["first"]), pd.to_datetime(table["last"])
    days = (last - first).dt.days + 1
    # The person-days end with the year, but the visits of a financial year do not.
    turn = pd.to_datetime(table["year"].astype(str) + "-12-31")
    person_days = table["person_days"] * days / ((last.where(last < turn, turn) - first).dt.days + 1)
    residents = (person_days / days).groupby(table["area_code"]).transform("max")
    table["covered_days"] = (person_days / residents.where(residents > 0)).fillna(days)
    return table


def _days_by_district(filters: Filters) -> ibis.Table:
    """The days that official figures cover, by district and the year in which a figure begins."""
    periods = filter_counts(counts, filters).filter(_.area_level == "district")
    periods = periods.select("area_code", "period_start", "period_end").distinct()
    days = (periods.period_end.delta(periods.period_start, unit="day") + 1).cast("float64")
    return (
        periods.mutate(days=days)
        .group_by("area_code", year=_.period_start.year())
        .aggregate(days=_.days.sum())
    )


def _rated_years(table: pd.DataFrame) -> pd.DataFrame:
    days_in_year = 365 + pd.to_datetime(table["year"].astype(str) + "-01-01").dt.is_leap_year
    share = (table["covered_days"] / days_in_year).clip(upper=1)
    return table.assign(
        covered_share=share,
        is_partial=share < WHOLE_YEAR,
        rate_low=table["low"] / table["covered_days"] * DAYS_PER_YEAR,
        rate_high=table["high"] / table["covered_days"] * DAYS_PER_YEAR,
    )


def _counts_rows(years: pd.DataFrame) -> pd.DataFrame:
    rows = years.rename(columns={"low": "visits_low", "high": "visits_high"})
    return rows.assign(period=rows["year"].astype(str))[COUNTS_COLUMNS]


# Recorded incidents, by month


def incidents_history(run: Run, filters: Filters, level: str) -> History:
    """
    Recorded incidents by month, of every area that has any.

    An incident counts in a month, or in a year, if all of the time in which it may have started lies there. London is the incidents in
    its boroughs, whether or not they are known as finely as the level.
    """
    boroughs = list(_names(run, filters, "borough").index)
    names = _names(run, replace(filters, boroughs=()), level)
    figures = run(_incidents_by_month(filters, level))
    in_london = figures["borough_code"].isin(boroughs)
    elsewhere = ~in_london & (figures["borough_code"] != UNKNOWN)
    is_named = figures["area_code"].isin(names.index)
    figures["area_code"] = figures["area_code"].where(is_named, np.where(elsewhere, OUTSIDE, UNKNOWN))
    months = _months(run, filters)
    has_month = figures["month"].notna()
    known = figures[has_month]
    rows = _month_rows(known, figures["area_code"].unique(), months)
    rows["area_name"] = rows["area_code"].map(names).fillna(rows["area_code"])
    of_london = known[in_london[has_month]].assign(area_code=LONDON)
    london = _month_rows(of_london, [LONDON] if len(figures) else [], months).assign(
        area_name=_london_name(filters)
    )
    unknown_month, unknown_year = (
        int(figures["incidents"][figures[span].isna()].sum()) for span in ("month", "year")
    )
    by_year_only = figures[~has_month & figures["year"].notna()]
    by_year_only = pd.concat(
        [by_year_only, by_year_only[by_year_only["borough_code"].isin(boroughs)].assign(area_code=LONDON)]
    )
    has_dates = filters.date_from is not None or filters.date_to is not None
    vague = int(run(straddling(incidents, filters).aggregate(n=_.count()))["n"][0]) if has_dates else 0
    return History(
        rows=rows[INCIDENTS_COLUMNS],
        london=london[INCIDENTS_COLUMNS],
        years=_years_of_months(pd.concat([rows, london], ignore_index=True), by_year_only),
        unknown_month=unknown_month,
        notes=_notes_on_incidents(figures, unknown_month, unknown_year, vague),
    )


def _incidents_by_month(filters: Filters, level: str) -> ibis.Table:
    """
    `area_code, borough_code, year, month, incidents`.

    The month is in months since 1970, as pandas numbers them; null where it, or the year, is not one.
    """
    chosen = filter_incidents(incidents, filters)
    # Numbers and not dates: DuckDB cuts a moment to its month three times more slowly.
    month, last = (
        (moment.year() - 1970) * 12 + moment.month() - 1
        for moment in (chosen.started_earliest, chosen.started_latest)
    )
    keys = {
        "area_code": chosen[AREA_COLUMNS[level]],
        "borough_code": chosen.borough_code,
        "year": ibis.ifelse(
            chosen.started_earliest.year() == chosen.started_latest.year(),
            chosen.started_earliest.year(),
            ibis.null(),
        ),
        "month": ibis.ifelse(month == last, month, ibis.null()),
    }
    return chosen.group_by(**keys).aggregate(incidents=_.count())


def _months(run: Run, filters: Filters) -> pd.DataFrame:
    """`month, covered_days, is_partial` of the time looked at: the chosen dates, cut to those of the records."""
    recorded = run(incident_period()).iloc[0]
    if pd.isna(recorded["first"]):
        return pd.DataFrame({"month": pd.PeriodIndex([], freq="M"), "covered_days": [], "is_partial": []})
    first, last = recorded["first"].normalize(), recorded["last"].normalize()
    first = max(first, pd.Timestamp(filters.date_from or first))
    last = min(last, pd.Timestamp(filters.date_to or last))
    months = pd.period_range(first, last, freq="M")
    starts = months.start_time.where(months.start_time > first, first)
    ends = months.end_time.normalize().where(months.end_time < last, last)
    days = (ends - starts).days + 1
    return pd.DataFrame({"month": months, "covered_days": days, "is_partial": days < months.days_in_month})


def _month_rows(known: pd.DataFrame, codes: Iterable[str], months: pd.DataFrame) -> pd.DataFrame:
    """Every area by every month; a month without a record is 0."""
    grid = pd.MultiIndex.from_product([sorted(codes), months["month"]], names=["area_code", "month"])
    keys = [
        known["area_code"],
        pd.PeriodIndex.from_ordinals(known["month"].astype(int), freq="M", name="month"),
    ]
    counted = known["incidents"].groupby(keys).sum().reindex(grid, fill_value=0).astype(int)
    rows = counted.reset_index().merge(months, on="month")
    rows = rows.sort_values(["area_code", "month"], ignore_index=True)
    rate = rows["incidents"] / rows["covered_days"] * DAYS_PER_YEAR
    return rows.assign(period=rows["month"].astype(str), rate_low=rate, rate_high=rate)


def _years_of_months(rows: pd.DataFrame, by_year_only: pd.DataFrame) -> pd.DataFrame:
    """The years of the months, with the incidents that are known by year only."""
    rows = rows.assign(year=rows["period"].str[:4].astype(int))
    keys = ["area_code", "area_name", "year"]
    years = rows.groupby(keys, as_index=False, sort=False)[["incidents", "covered_days"]].sum()
    more = by_year_only.groupby(["area_code", "year"])["incidents"].sum()
    more = more.reindex(pd.MultiIndex.from_frame(years[["area_code", "year"]]), fill_value=0).to_numpy()
    counted = years["incidents"] + more
    return _rated_years(years.assign(low=counted, high=counted))[YEARS_COLUMNS]


def _notes_on_counts(
    filters: Filters, level: str, years: pd.DataFrame, crosses: bool, too_little: frozenset[str]
) -> list[str]:
    if years.empty and filters.settings:
        return ["No official figure in force for this choice says at which kind of address the visits were."]
    if years.empty:
        return [
            "No official figure covers this choice. Official figures come by calendar year and postcode district: "
            "choose whole years, or clear the filters."
        ]
    notes = [
        "Only London's postal districts (E, EC, N, NW, SE, SW, W, WC) have official figures; London here is all of them. "
        "Intervals take visits as independent of each other. They come in operations, so the true intervals are wider."
    ]
    if level == "borough":
        notes.append(
            "Official figures come by postcode district. A district that lies in several boroughs is shared out by the live "
            "postcodes in each, so borough figures are estimates, and their intervals leave the error of that out."
        )
    elif filters.boroughs:
        notes.append(
            "A district that lies only partly in the chosen boroughs is counted whole here, so districts add up to more "
            "than the boroughs do."
        )
    named = years[years["area_code"].isin(too_little)].drop_duplicates("area_code")["area_name"]
    if len(named):
        notes.append(
            f"The figures cover less than half of the residents of {listed(list(named))}: their numbers say more about the "
            "return than about them, so no step, change or trend is told."
        )
    if years["is_partial"].any():
        notes.append(
            f"The figures of {_partly_covered(years, level)} cover a part of a year only: a return ends early, or leaves "
            "a district out. Such a year is drawn in grey, and its rate is per year of the time covered."
        )
    if crosses:
        notes.append(
            "Some figures cross the turn of a year, as financial years do. They stand at the year in which they begin."
        )
    return [*notes, *notes_on_filters(filters)]


def _partly_covered(years: pd.DataFrame, level: str) -> str:
    """The areas that the figures cover in part in some year, and when."""
    partial = years[years["is_partial"]]
    spans = partial.groupby("area_name", sort=False)["year"].agg(["min", "max"])
    if len(spans) > MOST_NAMED:
        return f"{len(spans)} {area_noun(level)}"
    return listed(
        [
            f"{name} ({first})" if first == last else f"{name} ({first} to {last})"
            for name, first, last in spans.itertuples()
        ]
    )


def _notes_on_incidents(
    figures: pd.DataFrame, unknown_month: int, unknown_year: int, vague: int
) -> list[str]:
    if figures.empty:
        return ["No recorded incident fits this choice. Clear a filter, or choose a longer time."]
    notes = [
        "Recorded incidents show what was reported. A rise may be a new group, a new source or a busier paper, a month of "
        "none a month without reports; neither is a measure of raids."
    ]
    if unknown_month:
        notes.append(
            f"{figure(unknown_month, unknown_month, 'incident')} {'is' if unknown_month == 1 else 'are'} known only by "
            "year, or over the turn of a month, and counted in no month. "
            f"{_in_years(unknown_month, unknown_year)}"
        )
    if vague:
        notes.append(
            f"{vague} more {'incident is' if vague == 1 else 'incidents are'} known only by month or year and may "
            "or may not lie in these dates; left out."
        )
    return notes


def _in_years(unknown_month: int, unknown_year: int) -> str:
    if not unknown_year:
        return "The years, their changes and trends count them."
    rest = "all of them" if unknown_year == unknown_month else f"{unknown_year} of them"
    return (
        f"The years, their changes and trends count them, but for {rest} that may lie in one year or another."
    )
