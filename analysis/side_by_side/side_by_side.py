"""One area, or the whole region, in a few lines that stand beside those of another."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from ibis import _

from analysis.areas import LONDON, Run
from analysis.filters import Filters
from analysis.organise.coverage import coverage
from analysis.quality.seen import seen
from analysis.quality.seen_words import percent, share_in_words
from analysis.ranks import rank_in_words
from analysis.tables import area_overlap, areas
from analysis.trends.trends import trends
from analysis.trends.words import trend_finding
from analysis.when.when import when
from analysis.when.words import findings, titles
from analysis.where.profile import area_profile
from analysis.where.where import DAYS_PER_YEAR, WhereResult, where
from analysis.words import area_noun, listed, number_range, period_in_words, rate_range
from data.organising.languages import load_main_languages
from data.schema import OUTCOME_VALUES, SETTING_VALUES, UNKNOWN, labels

REGION_LEVEL = "borough"
MOST_LANGUAGES = 5
NO_FIGURES = "No official figures (not zero)"
NOT_BY_LOCALITY = "Official figures come by postcode district and say nothing finer"

# Asks a question of the store, such as `where`, with its arguments, and may keep the answer.
Ask = Callable[..., Any]


@dataclass(frozen=True)
class Place:
    """An area of the region: its level, code and name, and the code of the borough that it lies in, or mostly."""

    level: str
    code: str
    name: str
    within: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One figure of an area: what it says, and how sure that is or what it stands beside ('' where that adds nothing)."""

    label: str
    figure: str
    how_sure: str = ""


def places(run: Run) -> dict[str, Place]:
    """Every area that has a page, by code: boroughs, then districts, then localities, each in the order of their names."""
    named = run(
        areas.filter(_.level.isin(["borough", "district", "locality"]))
        .order_by("level", "name", "code")
        .select("level", "code", "name", "parent_code")
    )
    shares = run(
        area_overlap.filter(_.from_level == "district", _.to_level == "borough").select(
            "from_code", "to_code", share=_.residents.cast("float64")
        )
    ).sort_values("share", ascending=False)
    most = shares.drop_duplicates("from_code").set_index("from_code")["to_code"]
    # A locality lies in one borough, a district mostly in that of most of its residents.
    parents = named["parent_code"].where(named["level"] == "locality", named["code"].map(most))
    within = [(code,) if isinstance(code, str) else () for code in parents]
    return {
        row.code: Place(row.level, row.code, row.name, around)
        for row, around in zip(named.itertuples(), within, strict=True)
    }


def area_lines(ask: Ask, filters: Filters, place: Place | None) -> list[Line]:
    """
    What the page of an area says, in the same order for every area.

    Parameters
    ----------
    ask
        Asks one of the analyses, as `ask(where, filters, level, source)`.
    filters
        What is chosen; the choice of boroughs does not apply.
    place
        The area; None for the whole region.
    """
    filters = replace(filters, boroughs=())
    level = place.level if place else REGION_LEVEL
    profile = ask(area_profile, filters, level, place.code) if place else None
    return [
        *_visits(ask, filters, level, place),
        *_recorded(ask, filters, level, place),
        *_changes(ask, filters, level, place),
        *_times(ask, filters, level, place),
        *_endings(ask, filters, profile),
        _heard(ask, filters, level, place),
        _groups(ask, filters, level, place),
        _languages(place),
    ]


def _visits(ask: Ask, filters: Filters, level: str, place: Place | None) -> list[Line]:
    names = ("Official visits", "Official visits per 1,000 residents a year")
    if level == "locality":
        return [Line(name, "–", NOT_BY_LOCALITY) for name in names]
    by_count, by_rate = (ask(where, filters, level, "counts", by) for by in ("count", "rate"))
    if by_count.period_start is None:
        return [Line(label, NO_FIGURES) for label in names]
    period = period_in_words(by_count.period_start, by_count.period_end)
    if place is None:
        # As the first page has it: also the few at no known place.
        low = by_count.total_low - by_count.outside_london_low
        high = by_count.total_high - by_count.outside_london_high
        years = ((by_count.period_end - by_count.period_start).days + 1) / DAYS_PER_YEAR
        person_years = by_count.table["residents_covered"].sum() * years / 1000
        rate = rate_range(low / person_years, high / person_years) if person_years else "–"
        return [Line(names[0], number_range(low, high), period), Line(names[1], rate, period)]
    row, rate_row = (result.table.set_index("area_code").loc[place.code] for result in (by_count, by_rate))
    if np.isnan(row["visits_low"]):
        return [Line(label, NO_FIGURES) for label in names]
    covered = (
        ""
        if row["covered_share"] >= 0.95
        else f"; the figures cover {row['covered_share']:.0%} of its residents"
    )
    rate = rate_range(rate_row["rate_per_1000_low"], rate_row["rate_per_1000_high"])
    has_rate = not np.isnan(rate_row["rate_per_1000_low"])
    return [
        Line(
            names[0],
            number_range(row["visits_low"], row["visits_high"]),
            _with_rank(by_count, row, level, period) + covered,
        ),
        Line(names[1], rate, _with_rank(by_rate, rate_row, level, period))
        if has_rate
        else Line(names[1], "–", "Too few residents for a rate"),
    ]


def _recorded(ask: Ask, filters: Filters, level: str, place: Place | None) -> list[Line]:
    result = ask(where, filters, level, "incidents")
    period = period_in_words(result.period_start, result.period_end)
    if place is None:
        # Those that are in the region for certain, but in no known borough, are among them.
        number = result.total_low - result.outside_london_low
        return [
            Line(
                "Recorded incidents", f"{number:,.0f}", f"{period}; what was reported, not all that happened"
            )
        ]
    row = result.table.set_index("area_code").loc[place.code]
    said = (
        _with_rank(result, row, level, period)
        if row["incidents"]
        else f"none reported {period}, which is not none at all"
    )
    return [Line("Recorded incidents", f"{row['incidents']:,.0f}", said)]


def _with_rank(result: WhereResult, row: pd.Series, level: str, period: str) -> str:
    rank = rank_in_words(row["rank_low"], row["rank_high"], int(result.table["rank_low"].notna().sum()))
    return f"{rank} {area_noun(level)}, {period}" if rank else period


def _changes(ask: Ask, filters: Filters, level: str, place: Place | None) -> list[Line]:
    source = "incidents" if level == "locality" else "counts"
    result = ask(trends, filters, level, source)
    code = place.code if place else LONDON
    years = result.years[(result.years["area_code"] == code) & (result.years["high"] > 0)]
    what = "official figure" if source == "counts" else "recorded incident"
    since = f"first {what} above none: {years['year'].min():.0f}" if len(years) else ""
    return [Line("Is it changing", trend_finding(result, code), since)]


def _times(ask: Ask, filters: Filters, level: str, place: Place | None) -> list[Line]:
    if place:
        said = findings(ask(when, filters, level, place.code))
    else:
        result = ask(when, filters)
        said = titles(result.london_alone or result.times, "London")
    return [Line("When in the day", said["hours"]), Line("When in the week", said["weekdays"])]


def _endings(ask: Ask, filters: Filters, profile) -> list[Line]:
    if profile is None:
        # Any area's shares stand beside those of the whole region.
        some = ask(where, filters, REGION_LEVEL, "incidents").table["area_code"].iloc[0]
        profile, side = ask(area_profile, filters, REGION_LEVEL, some), "london"
    else:
        side = "area"
    return [
        _commonest("How it ended", profile.outcomes, "outcome", labels(OUTCOME_VALUES), side),
        _commonest("Kind of place", profile.settings, "setting", labels(SETTING_VALUES), side),
    ]


def _commonest(label: str, shares: pd.DataFrame, column: str, words: dict[str, str], side: str) -> Line:
    of = int(shares[f"{side}_n"].sum())
    known = shares[(shares[column] != UNKNOWN) & (shares[f"{side}_n"] > 0)]
    if known.empty:
        return Line(label, "Not known", f"of {of:,} recorded incidents" if of else "no recorded incident")
    most = known.sort_values(f"{side}_n", ascending=False, kind="stable").head(3)
    said = [f"{words[row[column]]} {row[f'{side}_n']:,}" for row in most.to_dict("records")]
    return Line(label, "; ".join(said), f"of {of:,} recorded incidents; the most common that are known")


def _heard(ask: Ask, filters: Filters, level: str, place: Place | None) -> Line:
    label = "Share of official visits that these records know of"
    if level == "locality":
        return Line(label, "–", NOT_BY_LOCALITY)
    result = ask(seen, filters, level)
    if place is None:
        row = result.total
    else:
        found = result.table[result.table["area_code"] == place.code]
        if found.empty:
            return Line(label, "–", NO_FIGURES)
        row = found.iloc[0]
    said = share_in_words(row["share_low"], row["share_high"], bool(row["is_exceeded"]))
    likely = ""
    if not np.isnan(row["likely_low"]):
        likely = f"likely between {percent(row['likely_low'])} and {percent(row['likely_high'])}"
    return Line(label, said, likely)


def _groups(ask: Ask, filters: Filters, level: str, place: Place | None) -> Line:
    result = ask(coverage, filters, level)
    if place is None:
        share = result.residents_share
        return Line(
            "Groups",
            f"Reach {share:.0%} of residents",
            "as far as the groups in this list say what they cover",
        )
    row = result.table.set_index("area_code").loc[place.code]
    if not row["groups"]:
        return Line("Groups", "No group in this list covers it")
    return Line("Groups", row["groups"], f"cover {row['covered_share']:.0%} of its residents")


def _languages(place: Place | None) -> Line:
    label = "Main languages besides English"
    table = load_main_languages()
    source = "Census 2021, most spoken first"
    if place is not None:
        borough = place.code if place.level == "borough" else next(iter(place.within), "")
        table = table[table["borough_code"] == borough]
        if place.level != "borough":
            source += ", of the borough around it"
    spoken = table.groupby("main_language")["residents_aged_3_plus"].sum().sort_values(ascending=False)
    if spoken.empty:
        return Line(label, "Not known")
    return Line(label, listed(list(spoken.head(MOST_LANGUAGES).index)), source)


def lines_to_download(columns: Mapping[str, Sequence[Line]]) -> pd.DataFrame:
    """Lines of one or more places, by their names, as a file: `question`, then `place: figure` and `place: how sure`."""
    table = pd.DataFrame({"question": [line.label for line in next(iter(columns.values()))]})
    for name, lines in columns.items():
        by_label = {line.label: line for line in lines}
        found = [by_label.get(label, Line(label, "–")) for label in table["question"]]
        table[f"{name}: figure"] = [line.figure for line in found]
        table[f"{name}: how sure"] = [line.how_sure for line in found]
    return table
