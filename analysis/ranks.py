"""Ranks that say how sure they are."""

import numpy as np
from scipy import stats

DRAWS = 1000
# A rank between these two percentiles of the draws: nine times in ten it lies inside.
LOW_PERCENTILE, HIGH_PERCENTILE = 5, 95


def rank_intervals(
    low: np.ndarray, high: np.ndarray, exposure: np.ndarray, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """
    Between which ranks each area lies, if the same causes were at work again.

    A count is one draw from a chance process: 3 visits this year could as well have been 1 or 6. Each area's true
    level is drawn from its Gamma posterior (Poisson counts, Jeffreys prior), with a count known only as a range
    drawn evenly from that range, and the areas are ranked in each draw.

    Parameters
    ----------
    low, high
        Counts per area, low <= high, shape (areas,). An area without a figure is NaN.
    exposure
        What the count is divided by (residents times years, or 1), shape (areas,), positive or NaN.
    seed
        Of the random draws; the same seed gives the same ranks.

    Returns
    -------
    rank_low, rank_high
        1 is the highest; floats, NaN for an area without a figure or exposure, and for all if every count is 0.

    Notes
    -----
    Spiegelhalter and Goldstein, League tables and their limitations, JRSS A 159 (1996).
    """
    low, high, exposure = (np.asarray(values, dtype=float) for values in (low, high, exposure))
    known = ~(np.isnan(low) | np.isnan(high) | np.isnan(exposure)) & (exposure > 0)
    rank_low = np.full(low.shape, np.nan)
    rank_high = np.full(low.shape, np.nan)
    # Where nothing is counted anywhere there is no order, and the draws would only show their prior.
    if not high[known].any():
        return rank_low, rank_high
    random = np.random.default_rng(seed)
    shape = (DRAWS, int(known.sum()))
    count = low[known] + random.random(shape) * (high[known] - low[known])
    level = random.gamma(count + 0.5) / exposure[known]
    ranks = np.empty(shape)
    np.put_along_axis(ranks, np.argsort(-level, axis=1), np.arange(1, shape[1] + 1.0)[None, :], axis=1)
    # The middle of the draws can miss the rank of the figures themselves by one; the interval always holds it.
    observed = stats.rankdata(-(low[known] + high[known]) / 2 / exposure[known], method="min")
    rank_low[known] = np.minimum(np.percentile(ranks, LOW_PERCENTILE, axis=0, method="nearest"), observed)
    rank_high[known] = np.maximum(np.percentile(ranks, HIGH_PERCENTILE, axis=0, method="nearest"), observed)
    return rank_low, rank_high


def rank_in_words(rank_low: float, rank_high: float, of: int) -> str:
    """'1st of 33', or 'between 3rd and 7th of 33'; empty text where there is no rank."""
    if np.isnan(rank_low) or np.isnan(rank_high):
        return ""
    first, last = int(rank_low), int(rank_high)
    if first == last:
        return f"{ordinal(first)} of {of}"
    return f"between {ordinal(first)} and {ordinal(last)} of {of}"


def ordinal(number: int) -> str:
    """
    The number with its ending.

    >>> ordinal(1), ordinal(12), ordinal(23)
    ('1st', '12th', '23rd')
    """
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
