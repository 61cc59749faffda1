"""What the history of areas shows, in sentences and cells."""

import numpy as np
import pandas as pd

from analysis.areas import LONDON
from analysis.trends.change import step_sizes
from analysis.trends.trend import REASONS, TOO_LITTLE, TREND_WORDS
from analysis.trends.trends import TrendsResult
from analysis.words import area_noun, listed, number_range, rate_range

NOUNS = {"counts": "official visits", "incidents": "recorded incidents"}
SAID_OF_MANY = {"cannot tell": "of which it cannot be told"}


def trends_sentences(result: TrendsResult) -> list[str]:
    """What the history of London shows, and how many areas have which trend."""
    return [*trend_sentences(result, LONDON), *words_sentences(result)]


def trend_sentences(result: TrendsResult, code: str) -> list[str]:
    """What the history of one area shows, the finding first; `code` may be that of London."""
    said = trend_finding(result, code)
    if code not in set(result.years["area_code"]):
        return [said]
    steps = _of_area(result.change_points, code)
    return [
        said,
        *_further_steps(steps),
        _trend_sentence(_of_area(result.trend, code).iloc[0], steps, _of_area(result.years, code)["year"]),
    ]


def trend_finding(result: TrendsResult, code: str) -> str:
    """The plainest thing that the history of one area shows."""
    years = _of_area(result.years, code)
    if years.empty:
        return _nothing(result)
    reason = _of_area(result.trend, code)["reason"].iloc[0]
    name, steps = years["area_name"].iloc[0], _of_area(result.change_points, code)
    return _finding(result.source, name, years, steps, reason)


def words_sentences(result: TrendsResult) -> list[str]:
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


def _of_area(table: pd.DataFrame, code: str) -> pd.DataFrame:
    return table[table["area_code"] == code]


def _verdict(low: float, high: float) -> str:
    if high < 1:
        return "so fewer"
    return "so more" if low > 1 else "so it cannot be told whether more or fewer"


def _nothing(result: TrendsResult) -> str:
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


def _trend_sentence(trend: pd.Series, steps: pd.DataFrame, years: pd.Series) -> str:
    """The word with its years: figures that end years ago say nothing of today."""
    word, hot = trend["trend"], hot_spot_history(trend)
    meaning = REASONS[trend["reason"]] if trend["reason"] else TREND_WORDS[word]
    span = f"from {years.min()} to {years.max()}" if years.nunique() > 1 else f"of {years.min()}"
    return f"Trend {span}: {word} – {meaning}{_mostly_steps(word, steps)}.{f' H{hot[1:]}.' if hot else ''}"


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
