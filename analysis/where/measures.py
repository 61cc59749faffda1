"""The one figure per area that a map shows, and the classes of its legend, fixed so that two maps of different dates compare."""

import itertools
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.areas import LEVELS
from analysis.filters import Filters
from analysis.where.profile import wilson_interval
from analysis.where.where import COVERED_ENOUGH, MEASURES, WhereResult, outcome_column
from analysis.words import rate_range

# Upper bounds, in the unit of the measure; above the last is one more class. Roughly threefold steps: visits differ
# a hundredfold between areas, and equal steps would leave all but a few boroughs in one colour.
BOUNDS = {
    "count": (3, 10, 30, 100, 300, 1000),
    # Official visits by borough: ten to a few hundred in one year, hundreds to thousands in all of them.
    "borough_visits": (50, 150, 400, 800, 1500, 2500),
    "rate": (0.03, 0.1, 0.2, 0.4, 0.8, 1.6),
    # Recorded incidents are a hundred times fewer than official visits, and never a fraction.
    "incidents": (1, 2, 5, 10, 20, 50),
    "incidents_rate": (0.001, 0.002, 0.005, 0.01, 0.02, 0.05),
    "share": (0.2, 0.4, 0.6, 0.8),
}


@dataclass(frozen=True)
class Classes:
    """Classes of a legend: `bounds` are upper limits, included; `labels` has one text more."""

    bounds: tuple[float, ...]
    labels: tuple[str, ...]

    def index(self, values: np.ndarray) -> np.ndarray:
        """The class of each value, 0 for the lowest; -1 for NaN. Shape of `values`."""
        # Loads a plotting library with it, for which the command line need not wait.
        import mapclassify

        values = np.asarray(values, dtype=float)
        result = np.full(values.shape, -1)
        known = ~np.isnan(values)
        if known.any():
            # The last bound must reach the largest value, or mapclassify would add a class of its own.
            top = max(float(values[known].max()), self.bounds[-1] + 1)
            result[known] = mapclassify.UserDefined(values[known], [*self.bounds, top]).yb
        return result


def map_classes(kind: str) -> Classes:
    """The classes for a kind of measure, a key of `BOUNDS`: counts, rates per 1,000 residents per year, shares."""
    bounds = BOUNDS[kind]
    if kind == "incidents":
        steps = list(itertools.pairwise((0, *bounds)))
        labels = [f"{high}" if high == low + 1 else f"{low + 1} to {high}" for low, high in steps]
        labels += [f"over {bounds[-1]}"]
    elif kind == "share":
        edges = [0, *(round(bound * 100) for bound in bounds), 100]
        labels = [f"{low} to {high} %" for low, high in itertools.pairwise(edges)]
    else:
        labels = [f"up to {bounds[0]:,g}"]
        labels += [f"{low:,g} to {high:,g}" for low, high in itertools.pairwise(bounds)]
        labels += [f"over {bounds[-1]:,g}"]
    return Classes(bounds=tuple(bounds), labels=tuple(labels))


VALUE_COLUMNS = [
    "area_code", "area_name", "low", "high", "of", "likely_low", "likely_high", "is_covered", "covered_share",
    "residents", "rank_low", "rank_high",
]  # fmt: skip
# A share of fewer incidents than this is chance: one out of one is not "always".
FEWEST_FOR_SHARE = 5
# Where the classes of a measure's own kind would leave nearly all areas in one colour.
CLASS_KINDS = {("visits", "borough"): "borough_visits"} | {
    (measure, level): measure for measure in ("incidents", "incidents_rate") for level in LEVELS
}


def measure_values(result: WhereResult, measure: str, outcome: str = "unknown") -> pd.DataFrame:
    """
    The values of one measure, highest first.

    Parameters
    ----------
    result
        From `where`, of the measure's own source, ranked by count or rate as the measure is.
    measure
        A key of `MEASURES`.
    outcome
        Whose share, for 'outcome_share'.

    Returns
    -------
    values
        Columns `area_code, area_name, low, high` (the value as a range, in the measure's unit, equal ends where it is
        exact, NaN where there is none), `of` (incidents behind a share, else NaN), `likely_low, likely_high` (95 %
        interval of a share, else NaN), `is_covered` (False where there is no value, where official figures cover less
        than half of the residents, or a share is of fewer than five incidents), `covered_share` (0 to 1, of official
        figures, else NaN), `residents`, `rank_low, rank_high` (NaN for shares: few incidents make their order
        meaningless). Shares of too few incidents stand below the others; areas without a value come last, equal ones
        by name.
    """
    values = _shares(result.table, outcome) if measure == "outcome_share" else _counted(result.table, measure)
    values["covered_share"] = result.table.get("covered_share", np.nan)
    values["is_covered"] = values["high"].notna() & ~(values["covered_share"] < COVERED_ENOUGH)
    values["is_covered"] &= ~(values["of"] < FEWEST_FOR_SHARE)
    # An official figure of a part keeps its place among the others; a share of too few would come first by chance.
    values["is_firm"] = ~(values["of"] < FEWEST_FOR_SHARE)
    values = values.sort_values(
        ["is_firm", "high", "low", "area_name"],
        ascending=[False, False, False, True],
        na_position="last",
        ignore_index=True,
    )
    return values[VALUE_COLUMNS]


def filters_for(measure: str, filters: Filters) -> Filters:
    """The filters that apply to a measure: a share of outcomes is of all outcomes, whichever are chosen."""
    return replace(filters, outcomes=()) if measure == "outcome_share" else filters


def values_to_download(values: pd.DataFrame, measure: str, period: str) -> pd.DataFrame:
    """
    The values as a file that explains itself: what is counted, in which unit and time, rounded as it is shown.

    `values` is from `measure_values`; `period` says in words which time.
    """
    table = values.drop(columns="is_covered")
    ends = ["low", "high", "likely_low", "likely_high", "covered_share"]
    # Two digits more than on the screen, so that sums still agree.
    table[ends] = table[ends].astype(float).round(MEASURES[measure].decimals + 2)
    whole = ["of", "residents", "rank_low", "rank_high"]
    table[whole] = table[whole].astype("Float64").astype("Int64")
    table.insert(2, "measure", MEASURES[measure].label)
    table.insert(3, "unit", MEASURES[measure].unit)
    table.insert(4, "period", period)
    return table.dropna(axis="columns", how="all")


def _counted(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    column = MEASURES[measure].column
    low, high = (
        table[column if column in table else f"{column}_{end}"].astype(float) for end in ("low", "high")
    )
    return table.assign(low=low, high=high, of=np.nan, likely_low=np.nan, likely_high=np.nan)


def _shares(table: pd.DataFrame, outcome: str) -> pd.DataFrame:
    n, of = table[outcome_column(outcome)], table["incidents"]
    share = (n / of.where(of > 0)).astype(float)
    likely = pd.DataFrame(
        [wilson_interval(*pair) for pair in zip(n, of, strict=True)],
        columns=["low", "high"],
        index=table.index,
    )
    return table.assign(
        low=share, high=share, of=of.astype(float), likely_low=likely["low"], likely_high=likely["high"],
        rank_low=np.nan, rank_high=np.nan,
    )  # fmt: skip


def measure_classes(measure: str, level: str) -> Classes:
    """The fixed classes of a measure at a level."""
    return map_classes(CLASS_KINDS.get((measure, level), MEASURES[measure].kind))


def class_numbers(values: pd.DataFrame, classes: Classes) -> np.ndarray:
    """
    The class of each area on a map, by the middle of its range.

    `values` is from `measure_values`. 0 is nothing at all, which is not a little; the classes follow from 1; -1 is an
    area without a figure, or with one of a part too small to colour.
    """
    middle = ((values["low"] + values["high"]) / 2).where(values["is_covered"])
    numbers = np.where(middle == 0, 0, classes.index(middle.to_numpy()) + 1)
    return np.where(middle.isna(), -1, numbers)


def value_in_words(measure: str, low: float, high: float, of: float) -> str:
    """
    A value as a table or a map shows it, without its noun; '–' where there is none.

    >>> value_in_words("visits", 861, 1044, float("nan"))
    '861 to 1,044'
    >>> value_in_words("visits_rate", 0.412, 0.412, float("nan"))
    '0.41'
    >>> value_in_words("outcome_share", 0.375, 0.375, 8), value_in_words("outcome_share", 1.0, 1.0, 2)
    ('3 of 8 (38 %)', '2 of 2')
    """
    if np.isnan(low):
        return "–"
    if measure == "outcome_share":
        share = f"{round(low * of):,} of {of:,.0f}"
        return share if of < FEWEST_FOR_SHARE else f"{share} ({low * 100:.0f} %)"
    if MEASURES[measure].kind == "rate":
        return rate_range(low, high, MEASURES[measure].decimals)
    first, last = f"{round(low):,}", f"{round(high):,}"
    return first if first == last else f"{first} to {last}"


def share_span(likely_low: float, likely_high: float) -> str:
    """'18 to 71 %', or '–' where there is none."""
    return "–" if np.isnan(likely_low) else f"{likely_low * 100:.0f} to {likely_high * 100:.0f} %"


def rank_span(rank_low: float, rank_high: float) -> str:
    """
    A rank for a table: '3 to 7', '1' where it is certain, '–' where there is none.

    >>> rank_span(3.0, 7.0), rank_span(1.0, 1.0)
    ('3 to 7', '1')
    """
    if np.isnan(rank_low) or np.isnan(rank_high):
        return "–"
    return f"{rank_low:.0f}" if rank_low == rank_high else f"{rank_low:.0f} to {rank_high:.0f}"
