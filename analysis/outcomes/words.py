"""What happened in words: shares of outcomes, numbers that records state, responses; shares as a file that explains itself."""

import numpy as np
import pandas as pd
from scipy import stats

from analysis.outcomes.outcomes import OutcomesResult
from analysis.outcomes.response import OddsRatio, ResponseResult, times, times_span
from analysis.outcomes.stated_numbers import FEWEST_STATED, Quantity, StatedNumbers, number, number_span
from analysis.where.measures import FEWEST_FOR_SHARE
from analysis.words import AREA_NOUNS
from data.schema import OUTCOMES, UNKNOWN

GROUP_WORDS = {
    "borough": "borough",
    "district": "postcode district",
    "locality": "locality",
    "setting": "setting",
    "year": "year",
    "hour": "hour of the day",
}
GROUP_NOUNS = {**AREA_NOUNS, "setting": "settings", "year": "years", "hour": "hours"}
# A group is called different from all only below this share of false alarms among all groups so called.
FALSE_ALARMS = 0.05
MOST_NAMES = 3
UNIT = "recorded incidents; shares 0 to 1"
COLUMNS_TO_DOWNLOAD = ["group", "name", "outcome", "n", "of", "share", "low", "high", "shrunk"]


def finding(result: OutcomesResult) -> str:
    """In how many incidents people were detained; or that there are none."""
    return overall_finding(result.overall)


def finding_of(result: OutcomesResult, outcome: str) -> str:
    """Which groups stand apart in the share of one outcome."""
    share = result.beside_share(outcome)
    found = groups_finding(result.known(outcome), result.by, share, result.beside)
    return f"‘{outcome.capitalize()}’ by {GROUP_WORDS[result.by]}: {found}"


def sentences(result: OutcomesResult) -> list[str]:
    """The main findings: over all, and where being detained stands apart."""
    return [finding(result), *([f"{finding_of(result, OUTCOMES[0])}."] if result.of else [])]


def shrunk_meaning(result: OutcomesResult, outcome: str) -> str:
    """What the shrunk shares of one outcome are, to go on after a colon."""
    return shrunk_in_words(result.known(outcome))


def overall_finding(overall: pd.DataFrame) -> str:
    """In how many incidents people were detained, and of how many that is not known; `overall` as in `OutcomesResult`."""
    of = int(overall["of"].iloc[0])
    if not of:
        return "No recorded incident fits this choice. Clear a filter, or choose a longer time."
    by_outcome = overall.set_index("outcome")
    detained, unknown = int(by_outcome.loc["people detained", "n"]), int(by_outcome.loc[UNKNOWN, "n"])
    share = f" ({detained / of:.0%})" if of >= FEWEST_FOR_SHARE else ""
    how = f"; how {unknown:,} ended is not known" if unknown else ""
    return f"People were detained in {detained:,} of {of:,} recorded incidents{share}{how}."


def groups_finding(rows: pd.DataFrame, by: str, share: float, beside: str) -> str:
    """
    Which groups stand apart in the share of one outcome; without over-reading.

    Groups of five incidents or more are held against the share of all by exact binomial probabilities (both tails,
    the smaller one doubled), with the share of false alarms among those named kept to one in twenty (Benjamini and
    Hochberg, JRSS B 57, 1995).

    Parameters
    ----------
    rows
        Known groups, columns `name, outcome, n, of, share`; one outcome.
    by
        The grouping.
    share, beside
        What they are held against, 0 to 1, and its name.
    """
    noun = GROUP_NOUNS[by]
    rows = rows[rows["of"] >= FEWEST_FOR_SHARE]
    if len(rows) < 2:
        return f"fewer than two {noun} have {FEWEST_FOR_SHARE} incidents or more, too few to compare"
    apart = rows[_false_alarms(rows, share) <= FALSE_ALARMS]
    if apart.empty:
        return (
            f"none of {len(rows)} {noun} with {FEWEST_FOR_SHARE} incidents or more clearly differs from "
            f"{beside} ({share:.0%})"
        )
    more, fewer = apart[apart["share"] > share], apart[apart["share"] < share]
    said = [
        f"clearly {word} in {_listed(chosen)}"
        for word, chosen in (("more often", more), ("more rarely", fewer))
        if len(chosen)
    ]
    return f"{', '.join(said)}, than in {beside} ({share:.0%})"


def shrunk_in_words(rows: pd.DataFrame) -> str:
    """
    What the shrunk shares of one outcome are: a better guess for few incidents, or one share for all.

    Parameters
    ----------
    rows
        Known groups, column `shrunk`; one outcome.
    """
    if len(rows) > 1 and rows["shrunk"].nunique() == 1:
        return (
            "the share of all these groups. They differ no more than chance, in the rougher sense of this estimate, which takes "
            "chance to be wider than it is for shares; so all get the share of all, and it is no better guess than the dots. "
            "Which groups clearly differ is told by a sharper test"
        )
    return "the share pulled towards that of all, the more the fewer incidents there are: the better guess where they are few"


def groups_to_download(rows: pd.DataFrame, by: str, period: str) -> pd.DataFrame:
    """Rows of `OutcomesResult.table` with unit and time, shares with four decimals."""
    table = _rounded(rows[COLUMNS_TO_DOWNLOAD], ["share", "low", "high", "shrunk"])
    table.insert(0, "by", by)
    return table.assign(unit=UNIT, period=period)


def overall_to_download(overall: pd.DataFrame, period: str) -> pd.DataFrame:
    """`OutcomesResult.overall` with unit and time, shares with four decimals."""
    return _rounded(overall, ["share", "low", "high", "london_share"]).assign(unit=UNIT, period=period)


def _rounded(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return table.assign(**{column: table[column].astype(float).round(4) for column in columns})


def _false_alarms(rows: pd.DataFrame, share: float) -> np.ndarray:
    """The share of false alarms if all groups were named that differ from `share` as much as each does; 0 to 1."""
    chance = stats.binom(rows["of"].to_numpy(), share)
    n = rows["n"].to_numpy()
    return stats.false_discovery_control(np.minimum(2 * np.minimum(chance.cdf(n), chance.sf(n - 1)), 1))


def _listed(rows: pd.DataFrame) -> str:
    """'Hackney; Camden; 3 more', those with most incidents first; names may hold commas."""
    names = list(rows.sort_values("of", ascending=False, kind="stable")["name"])
    more = [f"{len(names) - MOST_NAMES} more"] if len(names) > MOST_NAMES else []
    return "; ".join([*names[:MOST_NAMES], *more])


def response_sentences(result: ResponseResult) -> list[str]:
    """What each comparison says; one sentence if there is nothing to compare."""
    if not result.can_tell():
        return [odds_sentence(result.comparisons[0])]
    return [f"{each.label}: {odds_sentence(each)}" for each in result.comparisons]


def odds_sentence(ratio: OddsRatio) -> str:
    """What one comparison says."""
    if ratio.missing:
        return f"Cannot tell: {ratio.missing}, so there is nothing to compare."
    estimate, low, high = ratio.estimate, ratio.low, ratio.high
    odds = "Where people responded, the odds that nobody was taken were"
    if estimate is None:
        told = (
            f"{odds} {times_span(low, high)} times those where nobody responded (95 % interval; one of the four "
            "numbers is 0, so there is no single figure)"
        )
    else:
        told = f"{odds} {times(estimate)} times those where nobody responded (95 % interval {times_span(low, high)})"
    if (low or 0) > 1 or (high is not None and high < 1):
        return f"{told}."
    return f"{told}. That may be chance: the records cannot tell whether they were higher or lower."


def stated_sentences(result: StatedNumbers) -> list[str]:
    """How many records state each number, and what is usual."""
    rows = result.table.to_dict("records")
    if not rows[0]["of"]:
        return [f"No {result.noun} fits this choice."]
    return [_stated(row, each, result.noun) for row, each in zip(rows, result.quantities, strict=True)]


def _stated(row: dict, quantity: Quantity, noun: str) -> str:
    of = f"{row['of']:,} {noun if row['of'] == 1 else noun.replace('incident', 'incidents')}"
    if row["stated"] == 0:
        return f"None of {of} says {quantity.question}."
    told = f"{row['stated']:,} of {of} {'says' if row['stated'] == 1 else 'say'} {quantity.question}"
    if quantity.is_summed:
        told += f": {row['total']:,.0f} in all"
    if row["stated"] < FEWEST_STATED:
        return f"{told}. Cannot tell what is usual: fewer than {FEWEST_STATED} say so."
    silent = row["of"] - row["stated"]
    left_out = (
        f" The other {silent:,} {'is' if silent == 1 else 'are'} left out, not counted as 0."
        if silent
        else ""
    )
    return f"{told}; {_middle(row, '' if quantity.unit == 'persons' else f' {quantity.unit}')}.{left_out}"


def _middle(row: dict, unit: str) -> str:
    interval = number_span(row["median_low"], row["median_high"])
    likely = "" if interval == "–" else f" (95 % interval {interval})"
    half = number_span(row["quartile_low"], row["quartile_high"])
    return f"the median is {number(row['median'])}{unit}{likely}, the middle half {half}, the highest {number(row['highest'])}"
