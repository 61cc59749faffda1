"""Community response against outcome: a table of two by two, its odds ratio, and the warnings it needs."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters, filter_incidents
from analysis.tables import incidents
from data.schema import OUTCOME_VALUES, OUTCOMES, UNKNOWN, YES_NO_UNKNOWN

TAKEN = tuple(name for name, outcome in OUTCOME_VALUES.items() if outcome.is_taken)
RELEASED = "released after community response"
NOBODY_TAKEN = tuple(name for name, outcome in OUTCOME_VALUES.items() if outcome.is_taken is False)
LEAST_SHOWN = 0.01
RESPONSES = {"yes": "Response", "no": "No response", UNKNOWN: "Not known whether"}

WARNINGS = (
    "Stand-offs that worked are news and get reported; raids that nobody saw do not. So the records would show "
    "responses beside good outcomes even if a response changed nothing.",
    "“Released after community response” holds a response by its very definition. The second comparison leaves "
    "these incidents out.",
    "Two things that go together: not proof that one brings about the other. People may also gather where "
    "a raid already goes slowly.",
)


@dataclass(frozen=True)
class OddsRatio:
    """
    How the odds that nobody was taken compare with and without a response.

    `estimate`, `low` and `high` (95 %) are None where the records give no such number; never infinite. `missing` says in words
    what the table of two by two lacks altogether, '' where it lacks nothing.
    """

    label: str
    estimate: float | None
    low: float | None
    high: float | None
    missing: str = ""


@dataclass(frozen=True)
class ResponseResult:
    """
    Community response against outcome.

    `table` has the rows 'yes', 'no', 'unknown' of `response` with `name` (as shown), `nobody_taken`, `detained`,
    `outcome_unknown` and `of` (incidents); it sums to all incidents chosen.
    """

    table: pd.DataFrame
    comparisons: list[OddsRatio]
    notes: list[str]

    def can_tell(self) -> bool:
        """True if any comparison gives a number."""
        return any(each.low is not None or each.high is not None for each in self.comparisons)


def response(run: Run, filters: Filters) -> ResponseResult:
    """
    Whether nobody was taken more often where people responded.

    Parameters
    ----------
    run, filters
        As for `outcomes`; a choice of outcomes does not apply.

    Notes
    -----
    Only incidents with a known response and a known outcome are compared. 'Nobody taken' is 'released after community
    response', 'prevented' or 'no arrests'. The interval is Woolf's (Annals of Human Genetics 19, 1955), through
    statsmodels; with an empty cell the exact conditional one (Cornfield 1956, as in R's `fisher.test`), through SciPy.
    """
    chosen = filter_incidents(incidents, replace(filters, outcomes=()))
    cells = run(chosen.group_by("community_response", "outcome").aggregate(n=_.count()))
    counted = cells.pivot_table(
        index="community_response", columns="outcome", values="n", aggfunc="sum", fill_value=0
    ).reindex(index=list(YES_NO_UNKNOWN), columns=list(OUTCOMES), fill_value=0)
    without_released = [outcome for outcome in NOBODY_TAKEN if outcome != RELEASED]
    return ResponseResult(
        table=_table(counted),
        comparisons=[
            odds_ratio("All outcomes", _two_by_two(counted, list(NOBODY_TAKEN))),
            odds_ratio("Without “released after community response”", _two_by_two(counted, without_released)),
        ],
        notes=[*_left_out(counted), *WARNINGS],
    )


def odds_ratio(label: str, counts: np.ndarray) -> OddsRatio:
    """
    The odds ratio of a table of two by two from its four numbers.

    Parameters
    ----------
    label
        What is compared.
    counts
        `[[nobody taken, detained], [nobody taken, detained]]`, with a response first, then without.
    """
    counts = np.asarray(counts, dtype=int)
    if missing := _missing(counts):
        return OddsRatio(label, None, None, None, missing)
    estimate, low, high = _exact(counts) if (counts == 0).any() else _woolf(counts)
    return OddsRatio(label, estimate, low, high)


def odds_in_words(ratio: OddsRatio) -> tuple[str, str]:
    """The estimate and its interval for a table; '–' where there is none."""
    return "–" if ratio.estimate is None else times(ratio.estimate), times_span(ratio.low, ratio.high)


def times(value: float) -> str:
    """
    A ratio with two decimals, or none from ten on.

    >>> times(1234.5), times(11.6), times(3.24), times(0.0469), times(0.001)
    ('1,234', '12', '3.24', '0.05', 'less than 0.01')
    """
    if value < LEAST_SHOWN:
        return f"less than {LEAST_SHOWN}"
    return f"{value:,.0f}" if value >= 10 else f"{value:.2f}"


def times_span(low: float | None, high: float | None) -> str:
    """
    The ends of an interval of ratios, of which one or both may be missing.

    >>> times_span(1.5, 6.8), times_span(1.5, None), times_span(None, 6.8), times_span(None, None)
    ('1.50 to 6.80', 'at least 1.50', 'at most 6.80', '–')
    """
    if low is None and high is None:
        return "–"
    if high is None:
        return f"at least {times(low)}"
    if low is None:
        return times(high) if high < LEAST_SHOWN else f"at most {times(high)}"
    return f"{times(low)} to {times(high)}"


def _table(counted: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "response": counted.index,
            "name": [RESPONSES[word] for word in counted.index],
            "nobody_taken": counted[list(NOBODY_TAKEN)].sum(axis=1).to_numpy(),
            "detained": counted[list(TAKEN)].sum(axis=1).to_numpy(),
            "outcome_unknown": counted[UNKNOWN].to_numpy(),
            "of": counted.sum(axis=1).to_numpy(),
        }
    )


def _two_by_two(counted: pd.DataFrame, nobody_taken: list[str]) -> np.ndarray:
    known = counted.loc[["yes", "no"]]
    return np.column_stack([known[nobody_taken].sum(axis=1), known[list(TAKEN)].sum(axis=1)])


def _missing(counts: np.ndarray) -> str:
    """What the table lacks altogether, in words; '' if nothing."""
    (with_response, without), (nobody_taken, detained) = counts.sum(axis=1), counts.sum(axis=0)
    if not counts.any():
        return "no incident chosen has both a known response and a known outcome"
    if not without:
        return "no incident with a known outcome is recorded as one where nobody responded"
    if not with_response:
        return "no incident with a known outcome is recorded as one where people responded"
    if not detained:
        return "in none of these incidents was anybody detained"
    return "" if nobody_taken else "people were detained in every one of these incidents"


def _woolf(counts: np.ndarray) -> tuple[float, float, float]:
    # Loads for a third of a second, which pages that compare nothing need not wait for.
    from statsmodels.stats.contingency_tables import Table2x2

    # Empty cells do not come here, and halves added to them would be made up.
    table = Table2x2(counts, shift_zeros=False)
    low, high = table.oddsratio_confint(0.05)
    return float(table.oddsratio), float(low), float(high)


def _exact(counts: np.ndarray) -> tuple[None, float | None, float | None]:
    """An empty cell puts the ratio at nought or beyond all numbers; only one end of the interval can be told."""
    from scipy.stats.contingency import odds_ratio as conditional

    interval = conditional(counts).confidence_interval(0.95)
    low, high = float(interval.low), float(interval.high)
    return None, low if low > 0 else None, high if np.isfinite(high) else None


def _left_out(counted: pd.DataFrame) -> list[str]:
    total = int(counted.to_numpy().sum())
    if not total:
        return []
    compared = int(counted.loc[["yes", "no"]].drop(columns=UNKNOWN).to_numpy().sum())
    return [
        f"{compared:,} of {total:,} incidents have both a known response and a known outcome. "
        "Only these are compared; the table has all."
    ]
