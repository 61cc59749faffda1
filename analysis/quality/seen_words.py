"""What stands beside official visits, in words: shares, findings, and where the records are blind."""

import numpy as np
import pandas as pd

from analysis.filters import Filters
from analysis.where.where import WhereResult
from analysis.words import area_noun, figure, period_in_words

# A place is called out as one that the records miss only if chance would seldom leave one like it among all compared.
SELDOM = 0.05
MORE_OFTEN_THAN_NOT = 0.5
MOST_NAMED = 10
# Ends of a range that lie closer than this are one number to a reader.
ABOUT_EQUAL = 1.05

LIMITS = (
    "The share says how much of what is counted reaches these records. It is not a share of all raids, and records alone "
    "never give a rate of raids.",
    "An incident recorded for a place and time need not be one of the visits counted there, so the true share may be lower; "
    "incidents known too vaguely to place are left out, so it may be higher.",
)


def percent(share: float) -> str:
    """
    A share in percent, with as many digits as a small one needs.

    >>> percent(0.00147), percent(0.0118), percent(0.126), percent(0.0), percent(1.0)
    ('0.15 %', '1.2 %', '13 %', '0 %', '100 %')
    """
    return f"{float(f'{share * 100:.2g}'):g} %" if share < 0.995 else "100 %"


def share_in_words(low: float, high: float, is_exceeded: bool = False) -> str:
    """
    A share as a table shows it; '–' where there is none.

    >>> share_in_words(0.25, 0.5), share_in_words(0.25, 1.0), share_in_words(0.25, 0.25)
    ('25 % to 50 %', '25 % to all', '25 %')
    """
    if is_exceeded:
        return "more than visits"
    if np.isnan(low):
        return "–"
    if low < high == 1:
        return f"{percent(low)} to all" if low > 0 else "at most all"
    if high <= low * ABOUT_EQUAL:
        return percent((low + high) / 2)
    return f"{percent(low)} to {percent(high)}"


def finding(official: WhereResult, total: pd.Series, filters: Filters) -> str:
    """The share of all visits chosen; `official` is from `where`, `total` as in `SeenResult`."""
    place = "the boroughs chosen" if filters.boroughs else "London"
    if official.period_start is None:
        return f"No official figure covers this choice, so nothing can be said of what share in {place} was heard of"
    visits = figure(total["visits_low"], total["visits_high"], "official visit")
    period = period_in_words(official.period_start, official.period_end)
    heard = int(total["incidents"])
    if total["is_exceeded"]:
        return f"More incidents ({heard:,}) than official visits ({visits.split(' official')[0]}) are recorded in {place} {period}"
    if np.isnan(total["share_low"]):
        return f"The official figures count no visit in {place} {period}"
    held = f"{heard:,}: {share_in_words(total['share_low'], total['share_high'])}" if heard else "none"
    return f"Of {visits} in {place} {period}, these records hold {held}"


def years_finding(years: pd.DataFrame) -> str:
    """In which years least and most was heard of, and whether they surely differ; `years` as in `SeenResult`."""
    told = years.dropna(subset=["share_low"])
    if told.empty:
        return f"No year can be compared{_exceeded_years(years)}"
    if not told["incidents"].any():
        return "In no year do these records hold an incident of an official visit's place and time"
    if len(told) == 1:
        year = told.iloc[0]
        return f"In {year['year']}: {share_in_words(year['share_low'], year['share_high'])} of official visits heard of"
    lowest, highest = told.loc[told["share_low"].idxmin()], told.loc[told["share_low"].idxmax()]
    ends = [
        f"{year['year']} ({share_in_words(year['share_low'], year['share_high'])})"
        for year in (lowest, highest)
    ]
    is_sure = lowest["likely_high"] < highest["likely_low"]
    apart = "their likely ranges do not overlap" if is_sure else "their likely ranges overlap"
    return f"Least was heard of in {ends[0]}, most in {ends[1]}; {apart}{_exceeded_years(years)}"


def _exceeded_years(years: pd.DataFrame) -> str:
    exceeded = years.loc[years["is_exceeded"], "year"].astype(str)
    return f"; more incidents than visits in {_named(exceeded)}" if len(exceeded) else ""


def sentences(table: pd.DataFrame, total: pd.Series, level: str) -> list[str]:
    """How sure the share is, how many areas are blind beside what chance would leave, and where records exceed visits."""
    said = []
    if not np.isnan(total["likely_low"]):
        said.append(
            "Which visits are heard of is partly chance: the share behind these numbers lies between "
            f"{percent(total['likely_low'])} and {percent(total['likely_high'])}, 19 times in 20."
        )
    with_visits = table[table["chance_of_none"].notna()]
    if total["incidents"] and len(with_visits):
        said += _blind_sentences(with_visits, level)
    exceeded = table[table["is_exceeded"]]
    if len(exceeded):
        names = _named(exceeded["area_name"])
        said.append(
            f"More incidents than official visits in {names}: the one is no part of the other. A record may be of another "
            "kind of check, several may be of one visit, and a visit may stand under another district or year."
        )
    return said


def _blind_sentences(with_visits: pd.DataFrame, level: str) -> list[str]:
    blind = with_visits[with_visits["is_blind"]]
    if blind.empty:
        if len(with_visits) == 1:
            return [f"{with_visits['area_name'].iloc[0]} has a recorded incident of that time."]
        return [
            f"Each of the {len(with_visits):,} {area_noun(level)} compared has a recorded incident of that time."
        ]
    expected = with_visits["chance_of_none"].sum()
    first = (
        f"{len(blind):,} of {len(with_visits):,} {area_noun(level)} with official visits {'has' if len(blind) == 1 else 'have'} no recorded incident of that "
        f"time; were visits heard of everywhere alike, chance alone would leave about {expected:.0f}."
    )
    return [first, *_least_likely(blind, len(with_visits))]


def _least_likely(blind: pd.DataFrame, compared: int) -> list[str]:
    """Which areas chance would seldom leave without any; nothing where it would leave every one of them more often than not."""
    blind = blind.sort_values("chance_of_none")
    # Šidák: among 20 areas compared, one of a chance of 1 in 20 is to be expected.
    unlikely = blind[blind["chance_of_none"] < 1 - (1 - SELDOM) ** (1 / compared)]
    if len(unlikely):
        return [f"Too many visits to be missed by chance alone: {_named(unlikely['area_name'])}."]
    top = blind.iloc[0]
    if top["chance_of_none"] >= MORE_OFTEN_THAN_NOT:
        return []
    return [
        f"Furthest from chance is {top['area_name']}: it would be left without any 1 time in {1 / top['chance_of_none']:,.0f}. "
        f"Among {compared:,} compared that is no proof."
    ]


def blind(table: pd.DataFrame) -> list[str]:
    """Where the records are blind, one sentence per area, most visits first; not more than ten."""
    return [
        f"{row.area_name}: 0 of {figure(row.visits_low, row.visits_high, 'official visit')} heard of: "
        f"at most {percent(row.likely_high)}."
        for row in table[table["is_blind"]].head(MOST_NAMED).itertuples()
    ]


def _named(names: pd.Series) -> str:
    shown = list(names.head(MOST_NAMED))
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def areas_to_draw(table: pd.DataFrame, most: int) -> tuple[pd.DataFrame, float]:
    """
    The areas of a chart and the end of its axis.

    Returns
    -------
    areas
        Rows of `table` (as in `SeenResult`) that have a share, no more than the `most` with most visits.
    axis_end
        A share, 0 to 1, that holds every area's own share and most of the intervals: those of a few visits reach to
        nearly all and would press the others together.
    """
    drawn = table[table["share_low"].notna()].head(most)
    if drawn.empty:
        return drawn, 1.0
    return drawn, float(min(1, max(1.25 * drawn["share_high"].max(), drawn["likely_high"].quantile(0.8))))


def is_whole_year(covered_days: float) -> bool:
    """Whether a year's figures reach from its first day to its last."""
    return covered_days >= 365


def to_download(table: pd.DataFrame, period: str) -> pd.DataFrame:
    """A table of `SeenResult` as a file that explains itself, rounded; `period` says in words which time."""
    rounded = table.round(
        {"visits_low": 2, "visits_high": 2, "covered_share": 4, "chance_of_none": 4}
        | dict.fromkeys(["share_low", "share_high", "likely_low", "likely_high"], 6)
    )
    rounded["unit"] = "share of official visits, 0 to 1"
    rounded["period"] = period
    return rounded
