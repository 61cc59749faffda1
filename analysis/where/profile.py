"""One area in full: its history, settings and outcomes, beside all London."""

import calendar
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from ibis import _
from scipy import stats

from analysis.areas import Run
from analysis.filters import Filters, filter_incidents
from analysis.ranks import rank_in_words
from analysis.tables import areas, incidents
from analysis.where.frequency import AREA_COLUMNS, residents_covered, visits_by_borough, visits_by_district
from analysis.where.where import WhereResult, where
from analysis.words import area_noun, figure, period_in_words, rate_range
from data.errors import InputError
from data.schema import OUTCOMES, SETTINGS


@dataclass(frozen=True)
class AreaProfile:
    """
    One area.

    `history` ignores the chosen dates and has a row per year: `year, visits_low, visits_high, covered_share,
    incidents`; visits are NaN for a year without official figures, `covered_share` is the share of the year that
    the figures cover. `settings` has `setting, area_n, area_share, london_n, london_share`; `outcomes` has
    `outcome, area_n, area_share, low, high, london_n, london_share` with a 95 % Wilson interval. Shares are 0 to
    1, NaN without incidents.
    """

    code: str
    name: str
    history: pd.DataFrame
    settings: pd.DataFrame
    outcomes: pd.DataFrame
    sentences: list[str]


def area_profile(run: Run, filters: Filters, level: str, code: str) -> AreaProfile:
    """
    Everything about one area.

    Parameters
    ----------
    run, filters
        As for `where`. Settings and outcomes obey the filters but for the choice of boroughs, outcomes also but for
        that of outcomes; the history ignores the dates.
    level, code
        The area.

    Raises
    ------
    InputError
        There is no such area.
    """
    found = run(areas.filter(_.level == level, _.code == code).select("name"))
    if found.empty:
        raise InputError("There is no such area. Choose one from the list.")
    everywhere = replace(filters, boroughs=())
    name = found["name"][0]
    return AreaProfile(
        code=code,
        name=name,
        history=_history(run, everywhere, level, code),
        settings=_shares(run, everywhere, level, code, "setting", SETTINGS).drop(columns=["low", "high"]),
        # Among incidents chosen by their outcome the share of an outcome would only repeat the choice.
        outcomes=_shares(run, replace(everywhere, outcomes=()), level, code, "outcome", OUTCOMES),
        sentences=_sentences(run, everywhere, level, code, name),
    )


def _history(run: Run, filters: Filters, level: str, code: str) -> pd.DataFrame:
    filters = filters.without_dates()
    recorded = filter_incidents(incidents, filters).filter(_[AREA_COLUMNS[level]] == code)
    recorded = run(recorded.group_by(year=_.started_earliest.year()).aggregate(incidents=_.count()))
    if level == "locality":
        history = recorded.assign(visits_low=np.nan, visits_high=np.nan, covered_share=np.nan)
    else:
        by_year = (visits_by_borough if level == "borough" else visits_by_district)(filters, by_year=True)
        visits = run(by_year.filter(_.area_code == code))
        if level == "borough":
            residents = run(residents_covered().filter(_.area_code == code))["residents_covered"].sum()
        else:
            residents = run(areas.filter(_.level == level, _.code == code))["residents"].sum()
        # Of the residents whom any year's figures cover; a return to October covers 304 of 365 days.
        days_in_year = visits["year"].map(lambda year: 366 if calendar.isleap(year) else 365)
        visits["covered_share"] = visits["person_days"] / days_in_year / (residents or np.nan)
        history = visits.merge(recorded, on="year", how="outer")
    columns = ["year", "visits_low", "visits_high", "covered_share", "incidents"]
    history = history[columns].sort_values("year", ignore_index=True)
    if len(history):
        # Years without any record stand between the others, so that a chart leaves no gap out.
        years = pd.RangeIndex(history["year"].min(), history["year"].max() + 1, name="year")
        history = history.set_index("year").reindex(years).reset_index()
    history["incidents"] = history["incidents"].fillna(0).astype(int)
    return history


def _shares(
    run: Run, filters: Filters, level: str, code: str, column: str, words: tuple[str, ...]
) -> pd.DataFrame:
    boroughs = areas.filter(_.level == "borough").select(borough=_.code)
    chosen = filter_incidents(incidents, filters)
    in_london = chosen.semi_join(boroughs, chosen.borough_code == boroughs.borough)
    keys = {column: in_london[column], "in_area": in_london[AREA_COLUMNS[level]] == code}
    figures = run(in_london.group_by(**keys).aggregate(n=_.count()))
    table = pd.DataFrame({column: words})
    table["area_n"] = (
        table[column].map(figures[figures["in_area"]].groupby(column)["n"].sum()).fillna(0).astype(int)
    )
    table["london_n"] = table[column].map(figures.groupby(column)["n"].sum()).fillna(0).astype(int)
    of, of_london = int(table["area_n"].sum()), int(table["london_n"].sum())
    table["area_share"] = table["area_n"] / of if of else np.nan
    table["london_share"] = table["london_n"] / of_london if of_london else np.nan
    intervals = [wilson_interval(n, of) for n in table["area_n"]]
    table["low"], table["high"] = zip(*intervals, strict=True)
    return table[[column, "area_n", "area_share", "low", "high", "london_n", "london_share"]]


def wilson_interval(n: int, of: int) -> tuple[float, float]:
    """
    The 95 % Wilson score interval of a share, 0 to 1; NaN of nothing.

    Notes
    -----
    Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927), through SciPy.
    """
    if of == 0:
        return float("nan"), float("nan")
    interval = stats.binomtest(n, of).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def _sentences(run: Run, filters: Filters, level: str, code: str, name: str) -> list[str]:
    noun = area_noun(level)
    sentences = []
    if level != "locality":
        sentences += _visit_sentences(
            name,
            noun,
            code,
            where(run, filters, level, "counts"),
            where(run, filters, level, "counts", "rate"),
        )
    recorded = where(run, filters, level, "incidents")
    row = _row(recorded, code)
    if row["incidents"] == 0:
        sentences.append(
            f"No incident is recorded in {name} {period_in_words(recorded.period_start, recorded.period_end)}. "
            "That means no report reached these records, not that there were no raids."
        )
    else:
        rank = rank_in_words(row["rank_low"], row["rank_high"], len(recorded.table))
        number = int(row["incidents"])
        sentences.append(
            f"{figure(number, number, 'recorded incident')} in {name} "
            f"{period_in_words(recorded.period_start, recorded.period_end)}: {rank} {noun}. "
            "Recorded incidents show what was reported, not how much happened."
        )
    return sentences


def _visit_sentences(
    name: str, noun: str, code: str, by_count: WhereResult, by_rate: WhereResult
) -> list[str]:
    if by_count.period_start is None:
        return by_count.notes[:1]
    row, rate_row = _row(by_count, code), _row(by_rate, code)
    if np.isnan(row["visits_low"]):
        return [
            f"There are no official figures for {name}: the returns cover London's postal districts only."
        ]
    of = int(by_count.table["rank_low"].notna().sum())
    period = period_in_words(by_count.period_start, by_count.period_end)
    visits = figure(row["visits_low"], row["visits_high"], "official visit")
    sentences = [_with_rank(f"{visits} in {name} {period}", row, of, noun)]
    if not np.isnan(rate_row["rate_per_1000_low"]):
        of = int(by_rate.table["rank_low"].notna().sum())
        rate = rate_range(rate_row["rate_per_1000_low"], rate_row["rate_per_1000_high"])
        sentences.append(
            _with_rank(f"That is {rate} per 1,000 residents (Census 2021) per year", rate_row, of, "by rate")
        )
    if row["covered_share"] < 0.95:
        sentences.append(
            f"The figures cover {row['covered_share']:.0%} of its residents over this time; the rate is for those covered."
        )
    return sentences


def _with_rank(statement: str, row: pd.Series, of: int, noun: str) -> str:
    rank = rank_in_words(row["rank_low"], row["rank_high"], of)
    return f"{statement}: {rank} {noun}." if rank else f"{statement}."


def _row(result: WhereResult, code: str) -> pd.Series:
    return result.table.set_index("area_code").loc[code]
