"""Is it changing: official visits by year and recorded incidents by month, their changes, steps and trends."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.areas import LEVELS, LONDON, Run
from analysis.filters import Filters
from analysis.hot_spots.hot_spots import hot_spot_years
from analysis.trends.change import Span, named_steps, rate_ratios, step_sizes
from analysis.trends.histories import OUTSIDE, History, counts_history, incidents_history
from analysis.trends.trend import HALF_COVERED, TOO_LITTLE, trend_of
from analysis.where.where import DAYS_PER_YEAR, SOURCES
from data.errors import InputError
from data.schema import UNKNOWN

DAYS_PER_MONTH = DAYS_PER_YEAR / 12
# A new level lasts at least this long: two years, or half a year of months; two loud months are not a new level.
FEWEST_YEARS, FEWEST_MONTHS = 2, 6
CHANGES_COLUMNS = [
    "area_code", "area_name", "from", "to", "count_from", "count_to", "rate_ratio", "low", "high", "model", "dispersion",
]  # fmt: skip
CHANGE_POINTS_COLUMNS = [
    "area_code", "area_name", "date", "rate_before", "rate_after", "rate_before_low", "rate_before_high", "rate_after_low",
    "rate_after_high", "rate_ratio", "low", "high",
]  # fmt: skip
TREND_COLUMNS = [
    "area_code", "area_name", "trend", "reason", "tau", "p_value", "years", "hot_spot_years", "last_hot_year",
]  # fmt: skip


@dataclass(frozen=True)
class TrendsResult:
    """
    The history of every area of a level, and of London.

    `rows` adds up, with `unknown_month`, to all that is chosen: for counts `area_code, area_name, period` (the year),
    `visits_low, visits_high, covered_days, is_partial, rate_low, rate_high` (per year of the time covered); for incidents
    `period` (the month, 2022-06) and `incidents` in place of visits. What lies outside London or at no known area has
    the codes 'outside' and 'unknown'. `london` has the same columns for London as a whole, under `LONDON`.
    `years` has both by calendar year, with the incidents that are known by year only: `area_code, area_name, year, low, high, covered_days, covered_share, is_partial,
    rate_low, rate_high`. `changes` (each year to the next covered one, but for those that both counted none; `count_from` and
    `count_to` are the middles of ranges), `change_points` and `trend` have London among
    the areas; `trend` has `area_code, area_name, trend, reason` (why it cannot be told, else ''), tau, p_value, years` (how many
    were looked at: those covered at least half), `hot_spot_years` (in how many of them it was a hot spot) and
    `last_hot_year`. `change_points` has the `date` of each step, its levels per year before and after (of the middles, and
    of both ends of ranges) and their ratio with its 95 % interval. NaN where there is no number, such as the ratio to a year of none.
    """

    level: str
    source: str
    rows: pd.DataFrame
    london: pd.DataFrame
    years: pd.DataFrame
    changes: pd.DataFrame
    change_points: pd.DataFrame
    trend: pd.DataFrame
    unknown_month: int
    notes: list[str]


def trends(run: Run, filters: Filters, level: str, source: str) -> TrendsResult:
    """
    How the numbers of every area changed over time.

    Parameters
    ----------
    run, filters
        As for `where`.
    level
        'borough', 'district' or 'locality'; official figures have no localities.
    source
        'counts' (official visits, by year) or 'incidents' (recorded, by month).

    Raises
    ------
    InputError
        No such level or source, or official figures by locality.

    Notes
    -----
    Counts rest on calendar years. A figure that crosses the turn of a year, as by financial year, stands at the year in
    which it begins, with all the days that it covers.
    """
    if level not in LEVELS:
        raise InputError(f"There is no such level. Choose one of {', '.join(LEVELS)}.")
    if source not in SOURCES:
        raise InputError(f"There is no such source. Choose one of {', '.join(SOURCES)}.")
    if source == "counts" and level == "locality":
        raise InputError(
            "Official figures come by postcode district and say nothing finer. "
            "Choose boroughs or postcode districts, or recorded incidents."
        )
    history = (counts_history if source == "counts" else incidents_history)(run, filters, level)
    of_areas = history.years[~history.years["area_code"].isin((OUTSIDE, UNKNOWN))]
    return TrendsResult(
        level=level,
        source=source,
        rows=history.rows,
        london=history.london,
        years=history.years,
        changes=_yearly_changes(history, source),
        change_points=_change_points(history, source),
        trend=_trends(run, filters, level, source, of_areas, history.covered_too_little),
        unknown_month=history.unknown_month,
        notes=history.notes,
    )


def change_between(result: TrendsResult, first: tuple[int, int], second: tuple[int, int]) -> pd.DataFrame:
    """
    The change of every area from one span of years to another.

    Parameters
    ----------
    first, second
        First and last year of each span, both included.

    Returns
    -------
    changes
        As `TrendsResult.changes`, with 'from' and 'to' as '2014' or '2014 to 2019'; a row for each area that has figures
        in both spans, and whose residents they cover enough.

    Raises
    ------
    InputError
        A span ends before it begins, or the spans overlap.
    """
    if first[0] > first[1] or second[0] > second[1]:
        raise InputError("A period ends before it begins. Choose its earlier year first.")
    if first[0] <= second[1] and second[0] <= first[1]:
        raise InputError("The two periods overlap. Choose two that have no year in common.")
    changes = _changes(_of_areas(result), result.source, [(first, second)])
    return changes[~changes["area_code"].isin(_covered_too_little(result))].reset_index(drop=True)


def area_history(result: TrendsResult, code: str) -> pd.DataFrame:
    """The rows of one area, or of `LONDON`, in time order; empty if nothing is known of it."""
    table = result.london if code == LONDON else result.rows
    return table[table["area_code"] == code].reset_index(drop=True)


def spans_beside_step(result: TrendsResult) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """
    Two spans of years worth comparing: those before and from London's largest step, else the last two years.

    None if there are fewer than two years.
    """
    years = sorted(result.years["year"].unique())
    if len(years) < 2:
        return None
    steps = result.change_points[result.change_points["area_code"] == LONDON]
    turn = years[-1]
    if len(steps):
        sizes = step_sizes(steps["rate_before"], steps["rate_after"])
        turn = max(int(steps["date"].iloc[sizes.argmax()][:4]), years[1])
    first = years[0] if len(steps) else years[-2]
    return (int(first), int(years[years.index(turn) - 1])), (int(turn), int(years[-1]))


def areas_years(result: TrendsResult) -> pd.DataFrame:
    """The years of every area that the figures cover enough, without London and what lies at no area."""
    return result.years[
        ~result.years["area_code"].isin((LONDON, OUTSIDE, UNKNOWN, *_covered_too_little(result)))
    ]


def _covered_too_little(result: TrendsResult) -> pd.Series:
    return result.trend.loc[result.trend["reason"] == TOO_LITTLE, "area_code"]


def areas_table(result: TrendsResult, changes: pd.DataFrame) -> pd.DataFrame:
    """
    Every area beside London with its trend and one change.

    Parameters
    ----------
    changes
        From `change_between`.

    Returns
    -------
    table
        the columns of `trend`, `steps` (when the level changed, in words), and of the change
        `from, to, count_from, count_to, rate_ratio, low, high, model, dispersion`, NaN where there is none; London first, then by name.
    """
    steps = result.change_points.groupby("area_code")["date"].agg(", ".join).to_dict()
    table = result.trend.assign(steps=[steps.get(code, "") for code in result.trend["area_code"]])
    table = table.merge(changes.drop(columns="area_name"), on="area_code", how="left")
    is_area = table["area_code"] != LONDON
    return (
        table.assign(is_area=is_area)
        .sort_values(["is_area", "area_name"], ignore_index=True)
        .drop(columns="is_area")
    )


def _of_areas(history: History | TrendsResult) -> pd.DataFrame:
    """
    The rows of areas and of London, each with its year.

    Of incidents `spread` has also those known by year only, shared out between the months as the others of that year lie,
    so that they scatter alike; by their days where there are none.
    """
    table = pd.concat([history.rows, history.london], ignore_index=True)
    table = table[~table["area_code"].isin((OUTSIDE, UNKNOWN))]
    table = table.assign(year=table["period"].str[:4].astype(int))
    if "incidents" not in table:
        return table
    of_year = table.groupby(["area_code", "year"])[["incidents", "covered_days"]].transform("sum")
    counted = history.years.set_index(["area_code", "year"])["low"]
    counted = counted.reindex(pd.MultiIndex.from_frame(table[["area_code", "year"]])).to_numpy(dtype=float)
    in_month = table["incidents"] / of_year["incidents"].where(of_year["incidents"] > 0)
    in_month = in_month.fillna(table["covered_days"] / of_year["covered_days"])
    return table.assign(spread=counted * in_month)


def _yearly_changes(history: History, source: str) -> pd.DataFrame:
    table = _of_areas(history)
    spans = [(year, year) for year in sorted(table["year"].unique())]
    if len(spans) < 2:
        return pd.DataFrame(columns=CHANGES_COLUMNS)
    changes = _changes(table, source, list(pairwise(spans)))
    changes = changes[changes[["count_from", "count_to"]].any(axis=1)]
    return changes.sort_values(["area_code", "from"], ignore_index=True)


def _changes(
    table: pd.DataFrame, source: str, pairs: list[tuple[tuple[int, int], tuple[int, int]]]
) -> pd.DataFrame:
    """The change of every area from the first to the second span of each pair."""
    columns = ["visits_low", "visits_high"] if source == "counts" else ["spread", "spread"]
    by_period = table.set_index(["area_code", "period"])
    low, high, days = (
        by_period[column].unstack(fill_value=0).astype(float) for column in (*columns, "covered_days")
    )
    years = low.columns.str[:4].astype(int)
    names = table.drop_duplicates("area_code").set_index("area_code")["area_name"]
    found = []
    for first, second in pairs:
        within = [(years >= start) & (years <= end) for start, end in (first, second)]
        covered = np.logical_and(*(days.loc[:, chosen].sum(axis=1) > 0 for chosen in within))
        spans = [
            Span(*(each.loc[covered, chosen].to_numpy() for each in (low, high, days))) for chosen in within
        ]
        codes = low.index[covered]
        found.append(
            rate_ratios(*spans).assign(
                area_code=codes,
                area_name=names[codes].to_numpy(),
                count_from=spans[0].middle().sum(axis=1),
                count_to=spans[1].middle().sum(axis=1),
                **{"from": _span_in_words(first), "to": _span_in_words(second)},
            )
        )
    return pd.concat(found, ignore_index=True)[CHANGES_COLUMNS]


def _span_in_words(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]} to {years[1]}"


def _change_points(history: History, source: str) -> pd.DataFrame:
    table = _of_areas(history)
    table = table[~table["area_code"].isin(history.covered_too_little)]
    columns = ["visits_low", "visits_high"] if source == "counts" else ["incidents", "incidents"]
    unit, fewest = (DAYS_PER_YEAR, FEWEST_YEARS) if source == "counts" else (DAYS_PER_MONTH, FEWEST_MONTHS)
    series = table[table["covered_days"] >= HALF_COVERED * unit]
    found = []
    for (code, name), area in series.groupby(["area_code", "area_name"], sort=False):
        counted = Span(*(area[[column]].to_numpy(dtype=float).T for column in (*columns, "covered_days")))
        for step in _steps(counted, unit, fewest):
            date = area["period"].iloc[step.pop("position")]
            found.append({"area_code": code, "area_name": name, "date": date} | step)
    return pd.DataFrame(found, columns=CHANGE_POINTS_COLUMNS)


def _steps(counted: Span, unit: float, fewest: int) -> list[dict[str, float]]:
    """The named steps of one area: position, levels with their ranges, and ratio with its interval."""
    middle, days = counted.middle()[0], counted.days[0]
    steps = named_steps(middle, days, unit, fewest)
    bounds = [0, *steps["position"], len(days)]
    levels = [
        Span(*(each[:, start:end] for each in (counted.low, counted.high, counted.days)))
        for start, end in pairwise(bounds)
    ]
    return [
        {"position": position}
        | _level(before, "rate_before")
        | _level(after, "rate_after")
        | rate_ratios(before, after).loc[0, ["rate_ratio", "low", "high"]].to_dict()
        for position, (before, after) in zip(steps["position"], pairwise(levels), strict=True)
    ]


def _level(span: Span, name: str) -> dict[str, float]:
    per_year = DAYS_PER_YEAR / span.days.sum()
    ends = {"": span.middle(), "_low": span.low, "_high": span.high}
    return {f"{name}{end}": float(counts.sum() * per_year) for end, counts in ends.items()}


def _trends(
    run: Run,
    filters: Filters,
    level: str,
    source: str,
    of_areas: pd.DataFrame,
    covered_too_little: frozenset[str],
) -> pd.DataFrame:
    if of_areas.empty:
        return pd.DataFrame(columns=TREND_COLUMNS)
    hot = hot_spot_years(run, filters, level, source)
    years = of_areas.merge(hot, on=["area_code", "year"], how="left")
    years["is_hot_spot"] = years["is_hot_spot"].eq(True)
    found = []
    for (code, name), area in years.groupby(["area_code", "area_name"], sort=False):
        trend = trend_of(area, code not in covered_too_little)
        found.append({"area_code": code, "area_name": name, "trend": trend.word, **vars(trend)})
    return pd.DataFrame(found).astype({"last_hot_year": "Int64"})[TREND_COLUMNS]
