"""How much did it change, and when: rate ratios with intervals, and steps in a series."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import ruptures
from scipy import stats
from scipy.optimize import elementwise

Z = stats.norm.ppf(0.975)
# Counts that scatter more than chance allows, at this level of the score test, get the negative binomial.
OVERDISPERSED = 0.05
# A step is named if the level falls by at least a quarter, or rises by at least a third, which undoes it.
SMALLEST_STEP = 4 / 3
# Fixed-point rounds of the negative binomial's rates. Months differ by three days, so the first is nearly there.
ROUNDS = 50


@dataclass(frozen=True)
class Span:
    """
    A span of time, period by period: fewest and most counted, and days covered (0 where not covered).

    Arrays of shape (areas, periods); every area is covered in some period.
    """

    low: np.ndarray
    high: np.ndarray
    days: np.ndarray

    def middle(self) -> np.ndarray:
        """The middle of each range."""
        return (self.low + self.high) / 2


def rate_ratios(first: Span, second: Span) -> pd.DataFrame:
    """
    Rate of a second span of time over that of a first, with its 95 % interval.

    Returns
    -------
    ratios
        `rate_ratio, low, high, model, dispersion`, one row per area. `model` is 'negative binomial' where the periods
        scatter around the rates of the two spans by more than chance allows (Dean's score test, one-sided p < 0.05) and
        each counts at least 1; else 'Poisson', with dispersion 0. Counts known as ranges give the ratio, model and
        dispersion of their middles, and an interval that spans those of both ends. NaN where there is no such number: the
        ratio and its upper end after a count below 1, all three if both are.

    Notes
    -----
    Poisson: the regression on the span with the covered time as offset is saturated, so its ratio is that of the rates of
    the totals, and the variance of its logarithm 1/a + 1/b. A total below 1 – none, or a district's visit shared out between
    boroughs – gets the score interval instead, which is Wilson's interval of the second total's share of both
    (Przyborowski and Wilenski, Biometrika 31, 1940). Negative binomial:
    variance m + dispersion * m², the dispersion such that Pearson's statistic equals its degrees of freedom (Breslow,
    Applied Statistics 33, 1984); given that, the maximum-likelihood regression likewise. Score test: Dean and Lawless,
    JASA 84 (1989).
    """
    ratios = _regress(first.middle(), first.days, second.middle(), second.days)
    if (first.low < first.high).any() or (second.low < second.high).any():
        ratios["low"] = np.fmin(
            ratios["low"], _regress(first.high, first.days, second.low, second.days)["low"]
        )
        most = _regress(first.low, first.days, second.high, second.days)["high"]
        # After none at the low end there is no highest ratio, whatever the middle says.
        ratios["high"] = np.maximum(ratios["high"], most)
    is_nothing = (first.middle().sum(axis=1) < 1) & (second.middle().sum(axis=1) < 1)
    ratios.loc[is_nothing, ["rate_ratio", "low", "high"]] = np.nan
    return ratios


def is_overdispersed(counts: np.ndarray, means: np.ndarray) -> np.ndarray:
    """
    Whether counts scatter around their means by more than Poisson counts do.

    Arrays of shape (areas, months) in, (areas,) out. Dean's score test against the negative binomial, one-sided.
    """
    statistic = _divide(((counts - means) ** 2 - counts).sum(axis=1), np.sqrt(2 * (means**2).sum(axis=1)))
    return stats.norm.sf(np.nan_to_num(statistic)) < OVERDISPERSED


def find_steps(values: np.ndarray, min_size: int) -> list[int]:
    """
    Where the level of a series changes.

    Parameters
    ----------
    values
        In time order, of a scale on which the noise of counts has variance 1 (see `stabilise`) or more.
    min_size
        Fewest values between two changes.

    Returns
    -------
    positions
        Of the first value of each new level.

    Notes
    -----
    PELT with squared error (Killick, Fearnhead and Eckley, JASA 107, 2012) through ruptures. Penalty: 3 log n times
    the noise's variance, the leading term of Zhang and Siegmund's modified BIC (Biometrics 63, 2007); a series of
    Poisson noise then has a step in about 2 of 100 cases. The noise is the median absolute deviation of the differences, which
    a few steps do not move, but never less than that of Poisson counts.
    """
    if len(values) < 2 * min_size:
        return []
    differences = np.diff(values)
    noise = max(stats.median_abs_deviation(differences, scale="normal") / np.sqrt(2), 1.0)
    search = ruptures.KernelCPD(kernel="linear", min_size=min_size)
    penalty = 3 * noise**2 * np.log(len(values))
    return search.fit_predict(np.asarray(values, dtype=float).reshape(-1, 1), pen=penalty)[:-1]


def stabilise(counts: np.ndarray, days: np.ndarray, unit_days: float) -> np.ndarray:
    """
    Counts as numbers whose noise has variance 1 whatever their level, rated to a unit of time.

    Anscombe, Biometrika 35 (1948): twice the root of a Poisson count and three eighths.
    """
    return 2 * np.sqrt(counts / days * unit_days + 3 / 8)


def named_steps(counts: np.ndarray, days: np.ndarray, unit_days: float, min_size: int) -> pd.DataFrame:
    """
    The steps of a series of counts that are large enough to be named.

    Parameters
    ----------
    counts, days
        Counts and covered days of consecutive spans, in time order, shape (spans,); days above 0.
    unit_days
        Days of a span that is covered whole.
    min_size
        Fewest spans between two steps.

    Returns
    -------
    steps
        `position` (of the first span of the new level), `rate_before`, `rate_after` (counts per day). Two levels that
        differ by less than `SMALLEST_STEP` count as one.
    """
    positions = find_steps(stabilise(counts, days, unit_days), min_size)
    while True:
        rates = _levels(counts, days, positions)
        sizes = step_sizes(rates[:-1], rates[1:])
        if not len(sizes) or sizes.min() >= np.log(SMALLEST_STEP) - 1e-12:
            return pd.DataFrame(
                {
                    "position": np.asarray(positions, dtype=int),
                    "rate_before": rates[:-1],
                    "rate_after": rates[1:],
                }
            )
        del positions[int(sizes.argmin())]


def step_sizes(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How far rates lie apart, as the logarithm of their ratio without its sign; finite also from or to 0."""
    smallest = 1e-12
    return np.abs(np.log((np.asarray(after) + smallest) / (np.asarray(before) + smallest)))


def _levels(counts: np.ndarray, days: np.ndarray, positions: list[int]) -> np.ndarray:
    starts = [0, *positions]
    return np.add.reduceat(counts, starts) / np.add.reduceat(days, starts)


def _regress(
    first: np.ndarray, first_days: np.ndarray, second: np.ndarray, second_days: np.ndarray
) -> pd.DataFrame:
    """The columns of `rate_ratios`, from counts without ranges."""
    totals = [span.sum(axis=1).astype(float) for span in (first, second)]
    rates = [total / days.sum(axis=1) for total, days in zip(totals, (first_days, second_days), strict=True)]
    times = first_days.sum(axis=1) / second_days.sum(axis=1)
    low, high = _poisson_interval(*totals, times)
    ratio = _divide(rates[1], np.where(totals[0] < 1, 0, rates[0]))
    ratios = pd.DataFrame({"rate_ratio": ratio, "low": low, "high": high})
    counts, days = np.hstack([first, second]).astype(float), np.hstack([first_days, second_days])
    means = np.hstack([rates[0][:, None] * first_days, rates[1][:, None] * second_days])
    scattered = is_overdispersed(counts, means) & (totals[0] >= 1) & (totals[1] >= 1)
    freedom = (days > 0).sum(axis=1) - 2
    dispersion = np.zeros(len(counts))
    dispersion[scattered] = _dispersion(counts[scattered], means[scattered], freedom[scattered])
    scattered = dispersion > 0
    if scattered.any():
        one = _fit_rate(first[scattered], first_days[scattered], dispersion[scattered])
        two = _fit_rate(second[scattered], second_days[scattered], dispersion[scattered])
        ratio, reach = two[0] / one[0], np.exp(Z * np.sqrt(one[1] + two[1]))
        ratios.loc[scattered, ["rate_ratio", "low", "high"]] = np.column_stack(
            [ratio, ratio / reach, ratio * reach]
        )
    ratios["model"] = np.where(scattered, "negative binomial", "Poisson")
    ratios["dispersion"] = dispersion
    return ratios


def _poisson_interval(
    first: np.ndarray, second: np.ndarray, times: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The interval of second/first, times a factor; the score interval where a count is below 1."""
    has_both = (first >= 1) & (second >= 1)
    a, b = np.where(has_both, first, 1.0), np.where(has_both, second, 1.0)
    reach = Z * np.sqrt(1 / a + 1 / b)
    # Wilson's ends as odds: the ratios r at which (second - r first)² = z² r (first + second).
    both = first + second
    half = first * second + Z**2 * both / 2
    root = np.sqrt(np.maximum(half**2 - (first * second) ** 2, 0))
    lowest = _divide(second**2, half + root)
    # After less than one visit the upper end would say no more than that there may be any number of them.
    highest = _divide(half + root, np.where(first < 1, 0, first) ** 2)
    low = np.where(has_both, b / a * np.exp(-reach), lowest)
    high = np.where(has_both, b / a * np.exp(reach), highest)
    return low * times, high * times


def _dispersion(counts: np.ndarray, means: np.ndarray, freedom: np.ndarray) -> np.ndarray:
    """The dispersion at which Pearson's statistic equals its degrees of freedom; 0 where it does so without any."""
    squares = (counts - means) ** 2

    def excess(dispersion, row):
        row = row.astype(int)
        variances = means[row] * (1 + dispersion[:, None] * means[row])
        return np.nansum(_divide(squares[row], variances), axis=1) - freedom[row]

    rows = np.arange(len(counts))
    rows = rows[(freedom > 0) & (excess(np.zeros(len(counts)), rows) > 0)]
    dispersion = np.zeros(len(counts))
    if len(rows):
        # At this dispersion the statistic is below its degrees of freedom.
        most = np.nansum(_divide(squares[rows], means[rows] ** 2), axis=1) / freedom[rows]
        dispersion[rows] = elementwise.find_root(excess, (np.zeros(len(rows)), most), args=(rows,)).x
    return dispersion


def _fit_rate(counts: np.ndarray, days: np.ndarray, dispersion: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The negative binomial's rate per day of each area, and the variance of its logarithm."""
    alpha = dispersion[:, None]
    rate = counts.sum(axis=1) / days.sum(axis=1)
    for _ in range(ROUNDS):
        weights = 1 / (1 + alpha * rate[:, None] * days)
        rate = (weights * counts).sum(axis=1) / (weights * days).sum(axis=1)
    means = rate[:, None] * days
    return rate, 1 / (means / (1 + alpha * means)).sum(axis=1)


def _divide(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Division that gives NaN, and no warning, where there is nothing to divide by."""
    return np.divide(above, below, out=np.full(np.shape(below), np.nan), where=np.asarray(below) != 0)
