"""The trend of an area in one word, and what its changes are in sentences."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from analysis.change import step_sizes
from analysis.words import area_noun, number_range

if TYPE_CHECKING:
    from analysis.trends import TrendsResult

# The ONS code of Greater London.
LONDON = "E12000007"
NOUNS = {"counts": "official visits", "incidents": "recorded incidents"}
# Each with its definition, in the order in which they are tried.
TREND_WORDS = {
    "past": "a hot spot in an earlier year and in none of the last three, or counted earlier and not at all in the last two years",
    "new": "a hot spot only in the last two years, or counted only in the last two years",
    "rising": "the yearly rate rises more steadily than chance would have it (Mann-Kendall, p < 0.05)",
    "falling": "the yearly rate falls more steadily than chance would have it (Mann-Kendall, p < 0.05)",
    "persistent": "a hot spot in at least two thirds of the years, or counted in every year",
    "sporadic": "counted in some years and not in others, in no order that stands out",
    "cannot tell": "fewer than four years are covered, nothing is counted, or the figures are ranges that allow more than one word",
}
SAID_OF_MANY = {"cannot tell": "of which it cannot be told"}
FEWEST_YEARS = 4
SIGNIFICANT = 0.05
# A year is looked at if the figures cover at least this share of it.
HALF_COVERED = 0.5


@dataclass(frozen=True)
class Trend:
    """A word of `TREND_WORDS`, Kendall's tau of the yearly rate against time and its two-sided p-value (NaN without)."""

    word: str
    tau: float
    p_value: float


def trend_of(years: pd.DataFrame) -> Trend:
    """
    The trend of one area.

    Parameters
    ----------
    years
        One row per year, in order: `rate_low, rate_high` (per year), `covered_share` (of the year), `is_hot_spot`.

    Notes
    -----
    Mann, Nonparametric tests against trend, Econometrica 13 (1945); Kendall's tau against time, through SciPy. tau is that
    of the middles.
    """
    years = years[years["covered_share"] >= HALF_COVERED]
    low, high = years["rate_low"].to_numpy(dtype=float), years["rate_high"].to_numpy(dtype=float)
    if len(years) < FEWEST_YEARS or not high.any():
        return Trend("cannot tell", np.nan, np.nan)
    hot = years["is_hot_spot"].to_numpy(dtype=bool)
    tau, p_value = mann_kendall((low + high) / 2)
    ends = [low] if np.array_equal(low, high) else [low, (low + high) / 2, high]
    words = {_word(rates, hot) for rates in ends}
    return Trend(words.pop() if len(words) == 1 else "cannot tell", tau, p_value)


def mann_kendall(values: np.ndarray) -> tuple[float, float]:
    """Kendall's tau of values against time, and its two-sided p-value; NaN if all are alike."""
    result = stats.kendalltau(np.arange(len(values)), values)
    return float(result.statistic), float(result.pvalue)


def _word(rates: np.ndarray, hot: np.ndarray) -> str:
    counted = rates > 0
    was_hot, was_counted = (
        hot[:-3].any() and not hot[-3:].any(),
        counted[:-2].any() and not counted[-2:].any(),
    )
    if was_hot or was_counted:
        return "past"
    if (hot.any() and not hot[:-2].any()) or (counted.any() and not counted[:-2].any()):
        return "new"
    tau, p_value = mann_kendall(rates)
    if p_value < SIGNIFICANT:
        return "rising" if tau > 0 else "falling"
    return "persistent" if hot.mean() >= 2 / 3 or counted.all() else "sporadic"


def trend_sentences(result: "TrendsResult", code: str) -> list[str]:
    """What the history of one area shows, the finding first; `code` may be that of London."""
    years = result.years[result.years["area_code"] == code]
    if years.empty:
        return [_nothing(result)]
    name, steps = years["area_name"].iloc[0], result.change_points
    steps = steps[steps["area_code"] == code]
    trend = result.trend.set_index("area_code").loc[code]
    return [_finding(result.source, name, years, steps), *_further_steps(steps), _trend_sentence(trend)]


def words_sentences(result: "TrendsResult") -> list[str]:
    """How many areas have which trend; London itself is not one of them."""
    trend = result.trend[result.trend["area_code"] != LONDON]
    if len(trend) < 2:
        return []
    noun = area_noun(result.level)
    numbers = trend["trend"].value_counts().reindex(TREND_WORDS, fill_value=0)
    said = listed(
        [f"{number:,} {SAID_OF_MANY.get(word, word)}" for word, number in numbers.items() if number]
    )
    what = "official figures" if result.source == "counts" else "any recorded incident"
    return [f"Of {len(trend):,} {noun} with {what}: {said}."]


def change_sentence(change: pd.Series, source: str) -> str:
    """
    One row of `changes` in words.

    >>> row = pd.Series({"area_name": "Camden", "from": "2019", "to": "2020", "rate_ratio": 0.25, "low": 0.2, "high": 0.3})
    >>> change_sentence(row, "counts")
    'Official visits in Camden, 2020 beside 2019: 0.25 times as many in the same length of time (95 % interval 0.20 to 0.30), so fewer.'
    """
    about = f"{NOUNS[source].capitalize()} in {change['area_name']}, {change['to']} beside {change['from']}"
    low, high = change["low"], change["high"]
    if np.isnan(low):
        return f"{about}: none in either, so there is no change to tell."
    if np.isnan(change["rate_ratio"]):
        return f"{about}: none in {change['from']}, so no ratio; at least {low:.2f} times as many, at 95 %."
    interval = f"at least {low:.2f}" if np.isnan(high) else f"{low:.2f} to {high:.2f}"
    return (
        f"{about}: {change['rate_ratio']:.2f} times as many in the same length of time (95 % interval {interval}), "
        f"{_verdict(low, high)}."
    )


def change_cells(change) -> tuple[str, str]:
    """
    The ratio and the interval of a row of `changes` for a table, '–' where there is none.

    >>> change_cells(pd.Series({"rate_ratio": 0.25, "low": 0.2, "high": np.nan}))
    ('0.25', 'at least 0.20')
    """
    if pd.isna(change.low):
        return "–", "–"
    ratio = "–" if pd.isna(change.rate_ratio) else f"{change.rate_ratio:.2f}"
    interval = (
        f"at least {change.low:.2f}" if pd.isna(change.high) else f"{change.low:.2f} to {change.high:.2f}"
    )
    return ratio, interval


def listed(items: list[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _verdict(low: float, high: float) -> str:
    if high < 1:
        return "so fewer"
    return "so more" if low > 1 else "so it cannot be told whether more or fewer"


def _nothing(result: "TrendsResult") -> str:
    if result.years.empty:
        return result.notes[0]
    if result.source == "counts":
        return (
            "There are no official figures for this area: the returns cover London's postal districts only."
        )
    return "No incident is recorded in this area. That means no report reached these records, not that there were no raids."


def _finding(source: str, name: str, years: pd.DataFrame, steps: pd.DataFrame) -> str:
    noun = NOUNS[source].capitalize()
    if not years["high"].any():
        return f"{noun} in {name}: none from {years['year'].min()} to {years['year'].max()}."
    if len(steps):
        sizes = step_sizes(steps["rate_before"], steps["rate_after"])
        return f"{noun} in {name} {_step(steps.iloc[sizes.argmax()])}."
    total = number_range(years["low"].sum(), years["high"].sum())
    if len(years) == 1:
        return f"{noun} in {name}: {total} in {years['year'].min()}, the only year there is."
    return f"{noun} in {name}: {total} from {years['year'].min()} to {years['year'].max()}, without a step that stands out."


def _further_steps(steps: pd.DataFrame) -> list[str]:
    if len(steps) < 2:
        return []
    return [f"All steps in order: {'; '.join(_step(step) for _, step in steps.iterrows())}."]


def _step(step: pd.Series) -> str:
    verb = "fell" if step["rate_after"] < step["rate_before"] else "rose"
    return f"{verb} in {_when(step['date'])}, from {_rate(step['rate_before'])} a year before to {_rate(step['rate_after'])} after"


def _when(when: str) -> str:
    return when if len(when) == 4 else f"{pd.Period(when):%B %Y}"


def _rate(rate: float) -> str:
    return f"about {rate:,.0f}" if rate >= 10 else f"about {rate:.1f}"


def _trend_sentence(trend: pd.Series) -> str:
    return f"Trend: {trend['trend']} – {TREND_WORDS[trend['trend']]}."
