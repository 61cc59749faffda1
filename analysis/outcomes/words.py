"""Shares of outcomes in words, and as a file that explains itself."""

import numpy as np
import pandas as pd
from scipy import stats

from analysis.where.measures import FEWEST_FOR_SHARE
from analysis.words import AREA_NOUNS
from data.schema import UNKNOWN

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
