"""The trend of an area in one word, and what its changes are in sentences."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from analysis.trends.change import step_sizes
from analysis.words import area_noun, number_range, rate_range

if TYPE_CHECKING:
    from analysis.trends.trends import TrendsResult

# The ONS code of Greater London.
LONDON = "E12000007"
NOUNS = {"counts": "official visits", "incidents": "recorded incidents"}
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
SAID_OF_MANY = {"cannot tell": "of which it cannot be told"}
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


def trend_sentences(result: "TrendsResult", code: str) -> list[str]:
    """What the history of one area shows, the finding first; `code` may be that of London."""
    years = result.years[result.years["area_code"] == code]
    if years.empty:
        return [_nothing(result)]
    name, steps = years["area_name"].iloc[0], result.change_points
    steps = steps[steps["area_code"] == code]
    trend = result.trend.set_index("area_code").loc[code]
    return [
        _finding(result.source, name, years, steps, trend["reason"]),
        *_further_steps(steps),
        _trend_sentence(trend, steps),
    ]


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
    return [f"Of {len(trend):,} {noun} with {what}: {said}{_why_untold(trend['reason'])}."]


def _why_untold(reasons: pd.Series) -> str:
    numbers = reasons[reasons != ""].value_counts(sort=False).reindex(REASONS, fill_value=0)
    said = [f"{number:,} {reason}" for reason, number in numbers.items() if number]
    return f" ({', '.join(said)})" if said else ""


def change_sentence(change: pd.Series, source: str) -> str:
    """
    One row of `changes` in words.

    >>> row = pd.Series(
    ...     {"area_name": "Camden", "from": "2014 to 2019", "to": "2020", "count_from": 80.0, "count_to": 20.0}
    ...     | {"rate_ratio": 0.25, "low": 0.2, "high": 0.3}
    ... )
    >>> change_sentence(row, "incidents")
    'Recorded incidents in Camden, 2020 beside 2014 to 2019: 0.25 times as many in the same length of time (95 % interval 0.20 to 0.30), so fewer.'
    """
    about = f"{NOUNS[source].capitalize()} in {change['area_name']}, {change['to']} beside {change['from']}"
    low, high = change["low"], change["high"]
    if not change["count_from"] and not change["count_to"]:
        return f"{about}: none in either, so there is no change to tell."
    if np.isnan(low):
        return f"{about}: too few to compare."
    if np.isnan(change["rate_ratio"]):
        before = "less than one" if change["count_from"] else "none"
        return (
            f"{about}: {before} in {change['from']}, so no ratio; at least {low:.2f} times as many, at 95 %."
        )
    interval = f"at least {low:.2f}" if np.isnan(high) else f"{low:.2f} to {high:.2f}"
    return (
        f"{about}: {change['rate_ratio']:.2f} times as many in the same length of time (95 % interval {interval}), "
        f"{_verdict(low, high)}{_caution(change, source)}."
    )


def _caution(change: pd.Series, source: str) -> str:
    """What one year beside one other cannot measure; the months of incidents can."""
    if source == "incidents" or len(change["from"]) > len("2020") or len(change["to"]) > len("2020"):
        return ""
    return ", if visits came one by one; they come in operations, so the true interval is wider"


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


def _finding(source: str, name: str, years: pd.DataFrame, steps: pd.DataFrame, reason: str) -> str:
    noun = NOUNS[source].capitalize()
    if not years["high"].any():
        return f"{noun} in {name}: none {_span(years['year'])}."
    if len(steps):
        sizes = step_sizes(steps["rate_before"], steps["rate_after"])
        return f"{noun} in {name} {_step(steps.iloc[sizes.argmax()])}."
    total = number_range(years["low"].sum(), years["high"].sum())
    if len(years) == 1:
        return f"{noun} in {name}: {total} in {years['year'].min()}, the only year there is."
    if reason == TOO_LITTLE:
        return f"{noun} in {name}: {total} {_span(years['year'])}, from figures that cover less than half of its residents."
    return f"{noun} in {name}: {total} {_span(years['year'])}, without a step that stands out."


def _span(years: pd.Series) -> str:
    first, last = years.min(), years.max()
    return f"in {first}" if first == last else f"from {first} to {last}"


def _further_steps(steps: pd.DataFrame) -> list[str]:
    if len(steps) < 2:
        return []
    return [f"All steps in order: {'; '.join(_step(step) for _, step in steps.iterrows())}."]


def _step(step: pd.Series) -> str:
    verb = "fell" if step["rate_after"] < step["rate_before"] else "rose"
    before, after = (
        _level(step[f"{when}_low"], step[f"{when}_high"]) for when in ("rate_before", "rate_after")
    )
    return f"{verb} in {_when(step['date'])}, from {before} a year before to {after} after{_step_ratio(step)}"


def _step_ratio(step: pd.Series) -> str:
    ratio, interval = change_cells(step)
    return "" if ratio == "–" else f": {ratio} times as many (95 % interval {interval})"


def _when(when: str) -> str:
    return when if len(when) == 4 else f"{pd.Period(when):%B %Y}"


def _level(low: float, high: float) -> str:
    if low >= 10:
        return f"about {number_range(low, high)}"
    return f"about {rate_range(low, high, 1)}"


def _trend_sentence(trend: pd.Series, steps: pd.DataFrame) -> str:
    word, hot = trend["trend"], hot_spot_history(trend)
    meaning = REASONS[trend["reason"]] if trend["reason"] else TREND_WORDS[word]
    return f"Trend: {word} – {meaning}{_mostly_steps(word, steps)}.{f' H{hot[1:]}.' if hot else ''}"


def _mostly_steps(word: str, steps: pd.DataFrame) -> str:
    """That a trend is mostly steps, in its own direction."""
    if word not in {"rising", "falling"}:
        return ""
    dates = steps["date"][(steps["rate_after"] > steps["rate_before"]) == (word == "rising")]
    if dates.empty:
        return ""
    return (
        f", mostly {'one step' if len(dates) == 1 else 'steps'}, in {listed([_when(date) for date in dates])}"
    )


def hot_spot_history(trend: pd.Series) -> str:
    """
    In which years an area was a hot spot, from a row of `TrendsResult.trend`; '' if in none.

    >>> hot_spot_history(pd.Series({"hot_spot_years": 5, "years": 9, "last_hot_year": 2018}))
    'hot spot in 5 of 9 years, last in 2018'
    """
    if not trend["hot_spot_years"]:
        return ""
    return (
        f"hot spot in {trend['hot_spot_years']} of {trend['years']} years, last in {trend['last_hot_year']}"
    )


def trend_cells(trend: pd.Series) -> tuple[str, str]:
    """
    The word, with the reason of 'cannot tell', and the years as a hot spot of a row of `areas_table` for a table.

    >>> trend_cells(pd.Series({"trend": "falling", "reason": "", "hot_spot_years": 5, "years": 9, "last_hot_year": 2018}))
    ('falling', '5 of 9, last 2018')
    """
    word = f"{trend['trend']}: {trend['reason']}" if trend["reason"] else trend["trend"]
    hot = f"{trend['hot_spot_years']} of {trend['years']}, last {trend['last_hot_year']}"
    return word, hot if trend["hot_spot_years"] else "–"
