"""What a comparison of areas shows, and what it cannot, in sentences."""

import numpy as np
import pandas as pd

from analysis.residents.count_regression import Estimate
from analysis.where.where import COVERED_ENOUGH, FEWEST_RESIDENTS
from analysis.words import area_noun

# An interval that ends so close to 1 is said to tell "may have had" only: the true one is wider, as the notes say.
CLOSE = 0.05
NOUNS = {"counts": "official visits", "incidents": "recorded incidents"}


def finding_in_words(
    who: str,
    counted: str,
    larger: str,
    step_words: str,
    rate_ratio: Estimate,
    without: Estimate | None,
    most_influential: str,
) -> str:
    """
    Whether areas with more of the figure had more or fewer raids; says so where it rests on one area, or cannot be told.

    Parameters
    ----------
    who
        'boroughs'.
    counted
        'official visits per resident from 2014 to 2022'.
    larger
        'a larger share of White residents'.
    step_words
        'per 10 percentage points'.
    rate_ratio, without
        With all areas, and without `most_influential`.
    """
    numbers = f"{estimate_in_words(rate_ratio)} {step_words}"
    direction = _direction(rate_ratio)
    if not direction:
        return f"These figures cannot tell whether {who} with {larger} had more or fewer {counted}: {numbers}"
    had = "may have had" if _is_close_call(rate_ratio) else "had"
    finding = f"{who.capitalize()} with {larger} {had} {direction} {counted}: {numbers}"
    if without is None or _direction(without) != direction:
        alone = f": without it {estimate_in_words(without)}" if without else ""
        finding += f". That rests on {most_influential} alone{alone}"
    return finding


def estimate_in_words(ratio: Estimate) -> str:
    """
    A rate ratio with its interval.

    >>> estimate_in_words(Estimate(1.304, 1.08, 1.611))
    '1.30 times as many (1.08 to 1.61)'
    """
    return f"{_ratio(ratio.value)} times as many ({_ratio(ratio.low)} to {_ratio(ratio.high)})"


def correlation_in_words(rank_correlation: Estimate) -> str:
    """Spearman's rho with its interval, and what its ends would mean."""
    value, low, high = (
        f"{number:.2f}".replace("-", "−")
        for number in (rank_correlation.value, rank_correlation.low, rank_correlation.high)
    )
    interval = "" if np.isnan(rank_correlation.low) else f", 95 % interval {low} to {high}"
    return (
        f"How far the areas stand in the same order by this figure and by their rate: {value}, where 1 is the same order, 0 no "
        f"order and −1 the reverse (Spearman's rank correlation{interval})."
    )


def dispersion_in_words(dispersion: float, alpha: float) -> str:
    """How far the areas scatter about the line, beside chance alone."""
    if not alpha:
        return (
            "The areas scatter about the line no more than chance would make them (Pearson's χ² ÷ degrees of freedom "
            f"{dispersion:.2f}, so the regression is Poisson's)."
        )
    return (
        f"Much besides this figure makes areas differ: about the line they vary {dispersion:,.3g} times as much as chance alone "
        "would make them (variance, by Pearson's χ² ÷ degrees of freedom of the Poisson regression; so the regression is "
        f"negative binomial, α = {alpha:.2g})."
    )


def influence_in_words(points: pd.DataFrame, n_named: int, without: Estimate | None) -> str:
    """Which areas pull the line most; `points` has the most influential first."""
    names = list(points["area_name"].head(n_named))
    distances = ", ".join(f"{distance:.2f}" for distance in points["influence"].head(n_named))
    alone = (
        f"Without {names[0]} it would be {estimate_in_words(without)}."
        if without
        else f"Without {names[0]} no line can be fitted."
    )
    return f"The line is pulled most by {', '.join(names[:-1])} and {names[-1]} (Cook's distance {distances}). {alone}"


def left_out_in_words(every: pd.DataFrame, n_compared: int, level: str) -> str:
    """
    How many areas are compared, and why the others are not.

    `every` has `has_figure`, `is_covered` and `has_residents`, one row per area.
    """
    noun = area_noun(level)
    why = {
        f"whose official figures cover less than {_share(COVERED_ENOUGH)} of their residents": ~every[
            "is_covered"
        ],
        f"with fewer than {FEWEST_RESIDENTS:,} residents": every["is_covered"] & ~every["has_residents"],
        "without a figure": every["is_covered"] & every["has_residents"] & ~every["has_figure"],
    }
    parts = [f"{mask.sum()} {reason}" for reason, mask in why.items() if mask.any()]
    said = f"Compared are {n_compared} of {len(every)} {noun}"
    return f"{said}; left out are {', '.join(parts)}." if parts else f"{said}."


def limits_in_words(source: str, level: str) -> list[str]:
    """What a comparison of areas cannot show."""
    one = area_noun(level).removesuffix("s") if level != "locality" else "locality"
    limits = [
        f"Each point is a whole {one}, not a person. It says nothing about who was visited and gives no reason why: where "
        "officers are sent is decided by the Home Office, not by who lives there. Never take it as a description of a group "
        "of people (ecological fallacy).",
        "Residents are counted where they sleep (Census 2021). Visits often meet people at work, who may live elsewhere.",
    ]
    if source == "incidents":
        limits.append(
            "Recorded incidents show what was reported. A figure may go with how much is reported, not with how much happens."
        )
    shared = "share postcode districts and " if source == "counts" and level == "borough" else ""
    return [
        *limits,
        f"Neighbouring {area_noun(level)} {shared}resemble each other, so they are fewer pieces of evidence than points; the true "
        "interval is wider than the one given.",
        "Whoever tries one figure after the other finds one in twenty that seems to go with raids by chance alone.",
    ]


def figure_value(value: float, unit: str) -> str:
    """
    A figure as a table shows it.

    >>> figure_value(33.2097, "%"), figure_value(70389.0, "")
    ('33.2 %', '70,389')
    """
    if unit == "%":
        return f"{value:.1f} %"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _direction(ratio: Estimate) -> str:
    if ratio.low > 1:
        return "more"
    return "fewer" if ratio.high < 1 else ""


def _is_close_call(ratio: Estimate) -> bool:
    """Whether the end of the interval that is nearer to 1 lies so close that a little more uncertainty would reach it."""
    return 1 < ratio.low < 1 + CLOSE or 1 - CLOSE < ratio.high < 1


def _ratio(value: float) -> str:
    return f"{value:.2f}" if 0.1 <= value < 10 else f"{value:,.3g}"


def _share(share: float) -> str:
    return "half" if share == 0.5 else f"{share:.0%}"
