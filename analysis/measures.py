"""The one figure per area that a map shows, out of everything that is known about the areas."""

import numpy as np
import pandas as pd

from analysis.classes import Classes, map_classes
from analysis.where import LEVELS, MEASURES, WhereResult, outcome_column
from analysis.words import rate_range

VALUE_COLUMNS = [
    "area_code", "area_name", "low", "high", "of", "is_covered", "covered_share", "residents", "rank_low", "rank_high",
]  # fmt: skip
# Where the classes of a measure's own kind would leave nearly all areas in one colour.
CLASS_KINDS = {("visits", "borough"): "borough_visits"} | {
    (measure, level): measure for measure in ("incidents", "incidents_rate") for level in LEVELS
}
# An area of which the official figures cover less than this share of residents is not coloured: its number says
# more about the return than about the area.
LEAST_COVERED = 0.5


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
        exact, NaN where there is none), `of` (incidents behind a share, else NaN), `is_covered` (False where there is
        no value, or official figures cover less than half of the residents), `covered_share` (0 to 1, of official
        figures, else NaN), `residents`, `rank_low, rank_high` (NaN for shares: few incidents make their order
        meaningless). Areas without a value come last, equal ones by name.
    """
    table = result.table
    column = MEASURES[measure].column
    covered_share = table.get("covered_share", np.nan)
    if measure == "outcome_share":
        of = table["incidents"].astype(float)
        low = high = (table[outcome_column(outcome)] / of.where(of > 0)).astype(float)
        ranks = {"rank_low": np.nan, "rank_high": np.nan}
    else:
        of = np.nan
        low, high = (
            table[column if column in table else f"{column}_{end}"].astype(float) for end in ("low", "high")
        )
        ranks = {}
    values = table.assign(low=low, high=high, of=of, covered_share=covered_share, **ranks)
    values["is_covered"] = values["high"].notna() & ~(values["covered_share"] < LEAST_COVERED)
    return values[VALUE_COLUMNS].sort_values(
        ["high", "low", "area_name"], ascending=[False, False, True], na_position="last", ignore_index=True
    )


def measure_classes(measure: str, level: str) -> Classes:
    """The fixed classes of a measure at a level."""
    return map_classes(CLASS_KINDS.get((measure, level), MEASURES[measure].kind))


def value_in_words(measure: str, low: float, high: float, of: float) -> str:
    """
    A value as a table or a map shows it, without its noun; '–' where there is none.

    >>> value_in_words("visits", 861, 1044, float("nan"))
    '861 to 1,044'
    >>> value_in_words("visits_rate", 0.412, 0.412, float("nan"))
    '0.41'
    >>> value_in_words("outcome_share", 0.375, 0.375, 8)
    '3 of 8 (38 %)'
    """
    if np.isnan(low):
        return "–"
    if measure == "outcome_share":
        return f"{round(low * of):,} of {of:,.0f} ({low:.0%})".replace("%", " %")
    if MEASURES[measure].kind == "rate":
        return rate_range(low, high, MEASURES[measure].decimals)
    first, last = f"{round(low):,}", f"{round(high):,}"
    return first if first == last else f"{first} to {last}"


def rank_span(rank_low: float, rank_high: float) -> str:
    """
    A rank for a table: '3 to 7', '1' where it is certain, '–' where there is none.

    >>> rank_span(3.0, 7.0), rank_span(1.0, 1.0)
    ('3 to 7', '1')
    """
    if np.isnan(rank_low) or np.isnan(rank_high):
        return "–"
    return f"{rank_low:.0f}" if rank_low == rank_high else f"{rank_low:.0f} to {rank_high:.0f}"
