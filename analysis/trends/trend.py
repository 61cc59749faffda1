"""The trend of an area in one word: rising, falling, or what else its years allow."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

# Below this number, all years together, the order of the years says nothing.
FEWEST_COUNTED = 10
# Each with its definition, in the order in which they are tried.
TREND_WORDS = {
    "past": "something is counted in earlier years and nothing in the last two",
    "new": "counted only in the last two years, or a hot spot in both of them and never before",
    "rising": "the yearly rate rises more steadily than chance would have it (Mann-Kendall, p < 0.05)",
    "falling": "the yearly rate falls more steadily than chance would have it (Mann-Kendall, p < 0.05)",
    "persistent": "counted in every year, or a hot spot in at least two thirds of the years",
    "sporadic": "counted in some years and not in others, in no order that stands out",
    "cannot tell": f"fewer than four years are covered, fewer than {FEWEST_COUNTED} are counted in all, the official figures "
    "cover less than half of the residents and the time, or are ranges that allow more than one word",
}
TOO_FEW_YEARS, TOO_FEW, TOO_LITTLE, RANGES = (
    "too few years", "too few counted", "covered too little", "known as ranges",
)  # fmt: skip
# Why it cannot be told, in whole.
REASONS = {
    TOO_FEW_YEARS: "fewer than four years are covered",
    TOO_FEW: f"fewer than {FEWEST_COUNTED} are counted in all",
    TOO_LITTLE: "the official figures cover less than half of its residents over this time",
    RANGES: "the figures are ranges that allow more than one word",
}
FEWEST_YEARS = 4
SIGNIFICANT = 0.05
# A year is looked at if the figures cover at least this share of it.
HALF_COVERED = 0.5


@dataclass(frozen=True)
class Trend:
    """
    The trend of one area.

    A word of `TREND_WORDS`; of `REASONS` why it cannot be told, else ''; Kendall's tau of the yearly rate against time and
    its two-sided p-value (NaN without); the number of years looked at, in how many of them it was a hot spot, and the
    last of these (None without).
    """

    word: str
    reason: str
    tau: float
    p_value: float
    years: int
    hot_spot_years: int
    last_hot_year: int | None


def trend_of(years: pd.DataFrame, is_covered: bool = True) -> Trend:
    """
    The trend of one area.

    Parameters
    ----------
    years
        One row per year, in order: `year, low, high` (counted), `rate_low, rate_high` (per year), `covered_share` (of the year),
        `is_hot_spot`.
    is_covered
        False if the figures cover too few of the area's residents to speak for it.

    Notes
    -----
    Mann, Nonparametric tests against trend, Econometrica 13 (1945); Kendall's tau against time, through SciPy. tau is that
    of the middles of the years looked at, those covered at least half.
    """
    years = years[years["covered_share"] >= HALF_COVERED]
    hot = years["is_hot_spot"].to_numpy(dtype=bool)
    hot_years = years["year"].to_numpy()[hot]
    history = (len(years), int(hot.sum()), int(hot_years[-1]) if len(hot_years) else None)
    reason = _reason(years, is_covered)
    if reason:
        return Trend("cannot tell", reason, np.nan, np.nan, *history)
    low, high = years["rate_low"].to_numpy(dtype=float), years["rate_high"].to_numpy(dtype=float)
    tau, p_value = mann_kendall((low + high) / 2)
    ends = [low] if np.array_equal(low, high) else [low, (low + high) / 2, high]
    words = {_word(rates, hot) for rates in ends}
    if len(words) > 1:
        return Trend("cannot tell", RANGES, tau, p_value, *history)
    return Trend(words.pop(), "", tau, p_value, *history)


def _reason(years: pd.DataFrame, is_covered: bool) -> str:
    if not is_covered:
        return TOO_LITTLE
    if len(years) < FEWEST_YEARS:
        return TOO_FEW_YEARS
    # Districts shared out in parts add up to whole visits but for rounding.
    return TOO_FEW if round(years["low"].sum(), 6) < FEWEST_COUNTED else ""


def mann_kendall(values: np.ndarray) -> tuple[float, float]:
    """Kendall's tau of values against time, and its two-sided p-value; NaN if all are alike."""
    result = stats.kendalltau(np.arange(len(values)), values)
    return float(result.statistic), float(result.pvalue)


def _word(rates: np.ndarray, hot: np.ndarray) -> str:
    counted = rates > 0
    if not counted[-2:].any():
        return "past"
    if not counted[:-2].any() or (hot[-2:].all() and not hot[:-2].any()):
        return "new"
    tau, p_value = mann_kendall(rates)
    if p_value < SIGNIFICANT:
        return "rising" if tau > 0 else "falling"
    return "persistent" if counted.all() or hot.mean() >= 2 / 3 else "sporadic"
