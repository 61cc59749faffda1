"""The priority of areas in words: why an area is where it is, how sure that is, and what would change it; what groups cover."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.organise.coverage import REACH_METRES, CoverageResult, NewGroups
from analysis.organise.priority import ALL_ALIKE, PARTS, PriorityResult
from analysis.organise.quadrants import HIGHEST, Quadrants
from analysis.ranks import ordinal, rank_in_words
from analysis.where.measures import rank_span
from analysis.words import area_noun, figure, number_range, period_in_words

# A part is a reason for an area's place if at least this share of areas has less of it.
STANDS_OUT = 0.75
# From this many times as many on, visits went up.
WORTH_SAYING = 1.25

# Classes of the map, by place in the order.
PLACES = ("1st to 5th", "6th to 10th", "11th to 20th", "further down")
_LAST_OF_CLASS = (5, 10, 20)
NOT_RANKED = "not ranked: official figures cover too little (not zero)"
HEADINGS = ("Rank", "Visits a year", "Per 1,000", "No group")
HOW_TO_READ = (
    "Rank: the middle 90 % of what chance in the counts allows. Visits: official, recent years heavier. Per 1,000: of residents, "
    "a year, smoothed. No group: share of residents without one."
)


def place_numbers(table: pd.DataFrame) -> list[int]:
    """Class of each area of `PriorityResult.table` on the map, an index of `PLACES`."""
    return [int(np.searchsorted(_LAST_OF_CLASS, place)) for place in range(1, len(table) + 1)]


def lines_of(row: Mapping, place: int, of: int) -> tuple[str, ...]:
    """What the map says of an area."""
    return (
        row["area_name"],
        f"{ordinal(place)} of {of} with these weights",
        f"{number_range(row['visits_low'], row['visits_high'])} official visits a year",
    )


def cells_of(row: Mapping) -> list[str]:
    """A row of the table, under the area's name and `HEADINGS`."""
    return [
        row["area_name"],
        rank_span(row["rank_low"], row["rank_high"]),
        number_range(row["visits_low"], row["visits_high"]),
        f"{row['rate_per_1000']:.2f}",
        f"{row['uncovered']:.0%}",
    ]


def to_download(result: PriorityResult) -> pd.DataFrame:
    """The table as a file, rounded as far as it is sure."""
    decimals = {
        "score": 3,
        "visits_low": 1,
        "visits_high": 1,
        "rate_per_1000": 3,
        "incidents": 2,
        "change": 2,
    }
    shown = [
        "area_code", "area_name", "score", "rank_low", "rank_high", "visits_low", "visits_high", "rate_per_1000",
        "incidents", "change", "uncovered", "not_leafleted", "reason",
    ]  # fmt: skip
    return with_reasons(result)[shown].round(decimals | {"uncovered": 3, "not_leafleted": 3})


def area_to_type(row: Mapping, level: str) -> str:
    """An area of the table as a person would type it to plan walks there."""
    return row["area_name"] if level == "borough" else row["area_code"]


def changes_cells(result: PriorityResult) -> list[list[str]]:
    """What would change the answer, as rows: part left out, first then, how many of the first stay."""
    return [[PARTS[row.part], row.first_without, f"{row.stay}"] for row in result.changes.itertuples()]


def with_reasons(result: PriorityResult) -> pd.DataFrame:
    """The table with `reason`, a sentence for each area."""
    reasons = [reason(row, result.level, result.weights) for row in result.table.to_dict("records")]
    return result.table.assign(reason=reasons) if reasons else result.table


def finding(result: PriorityResult) -> str:
    """Which area comes first, and which cannot be told apart from it; or that nothing can be ranked."""
    if result.table.empty:
        return "No official figure covers this choice enough to rank an area. Choose whole years up to 2022, or clear the filters."
    return say_first(result.table, result.level)


def sentences(result: PriorityResult) -> list[str]:
    """The finding, and what would change it."""
    return [finding(result), *([] if result.table.empty else say_what_would_change(result))]


def reason(row: Mapping, level: str, weights: Mapping[str, float]) -> str:
    """Why an area has its place, in one sentence: its figures, and what stands out."""
    said = [f"about {number_range(row['visits_low'], row['visits_high'])} official visits a year"]
    if row["part_visits"] >= STANDS_OUT:
        said[0] += f", more than {_most(row['part_visits'], area_noun(level))}"
    if weights.get("rate") and row["part_rate"] >= STANDS_OUT:
        said.append(
            f"{row['rate_per_1000']:.2f} per 1,000 residents, more than {_most(row['part_rate'], '').strip()}"
        )
    if weights.get("incidents") and row["part_incidents"] >= STANDS_OUT and row["incidents"]:
        said.append("more recorded incidents than most")
    if weights.get("trend") and row["part_trend"] >= STANDS_OUT:
        said.append("visits went up" if row["change"] >= WORTH_SAYING else "visits fell less than in most")
    if weights.get("uncovered"):
        said.append(_uncovered(row["uncovered"]))
    # Where nothing was leafleted anywhere, that tells of no area.
    if weights.get("not_leafleted") and row["part_not_leafleted"] != ALL_ALIKE:
        done = 1 - row["not_leafleted"]
        said.append("not leafleted lately" if done < 0.005 else f"{done:.0%} leafleted lately")
    return f"{row['area_name']}: {'; '.join(said)}."


def say_first(table: pd.DataFrame, level: str) -> str:
    """Which areas come first, and which of them cannot be told apart."""
    first = table.iloc[0]
    if len(table) == 1:
        return (
            f"{first['area_name']} is the only one of the {area_noun(level)} that the filters leave, so there is nothing to rank it "
            "among. Take off the filter by borough to see its place."
        )
    rivals = table[(table["rank_low"] == 1) & (table.index > 0)]["area_name"]
    if rivals.empty:
        span = rank_in_words(first["rank_low"], first["rank_high"], len(table))
        return f"{first['area_name']} comes first with these weights; allowing for chance in the counts it is {span}."
    others = ", ".join(rivals.head(6)) + (f" and {len(rivals) - 6} more" if len(rivals) > 6 else "")
    return (
        f"{first['area_name']} comes first with these weights, but it cannot be told apart from {others}: chance alone "
        f"could make any of them first of {len(table)} {area_noun(level)}."
    )


def say_what_would_change(result: PriorityResult) -> list[str]:
    """What the answer hangs on most."""
    changes, table = result.changes, result.table
    if changes.empty:
        return ["Only one part counts, so nothing else would change this."]
    moved = changes[changes["first_without"] != table["area_name"].iloc[0]]
    most = changes.loc[changes["stay"].idxmin()]
    top = min(5, len(table))
    sentences = [
        f"The answer hangs most on ‘{PARTS[most['part']].lower()}’: without it {most['stay']} of the first {top} would stay."
    ]
    if moved.empty:
        return [*sentences, f"Whichever part is left out, {table['area_name'].iloc[0]} stays first."]
    said = [f"{row.first_without} without ‘{PARTS[row.part].lower()}’" for row in moved.itertuples()]
    return [*sentences, f"First would be {', '.join(said)}."]


def notes(result: PriorityResult) -> list[str]:
    """What the ranking leaves out."""
    if result.table.empty:
        return []
    level = result.level
    said = [
        f"Official visits of {result.first_year} to {result.last_year}, recorded incidents up to today; a year counts half as "
        "much as one three years later. Ranks are the middle 90 % of what chance in the counts allows."
    ]
    if level == "borough":
        said.append(
            "A postcode district that lies in several boroughs is shared out, so a borough's visits are estimates."
        )
    if level == "locality":
        said.append(
            "Official figures come by postcode district. A locality is taken to have the share of its residents, so within one "
            "district only recorded incidents, groups and leafleting tell localities apart."
        )
    if len(result.unranked):
        areas = "1 area is" if len(result.unranked) == 1 else f"{len(result.unranked)} {area_noun(level)} are"
        said.append(
            f"{areas} not ranked: official figures cover less than half of them, or fewer "
            "than 1,000 people live there. That is a gap in the figures, not a lack of raids."
        )
    return said


def coverage_sentences(result: CoverageResult) -> list[str]:
    """How much of London the groups cover."""
    if not result.table["groups"].any():
        return [
            "No group with an area in London is in the store. Import a list of groups, or add one by hand."
        ]
    said = [f"Groups cover the areas where {result.residents_share:.0%} of London's residents live."]
    if not np.isnan(result.visits_share):
        period = period_in_words(result.period_start, result.period_end)
        said.append(
            f"Of the official visits {period}, {result.visits_share:.0%} were there, if visits are spread over a district as "
            "its residents are."
        )
    if result.elsewhere:
        said.append(f"Outside London there are groups in {', '.join(result.elsewhere)}.")
    return said


def new_groups_sentence(result: NewGroups) -> str:
    """Where new groups would cover most, and what would be left."""
    found, left, level = result.table, result.visits_left, result.level
    if found.empty:
        return "Every place with official visits is covered by a group."
    places = ", ".join(found["area_name"])
    reach = "" if level == "borough" else f", each reaching {REACH_METRES / 1000:g} km around,"
    gained = figure(found["visits"].sum(), found["visits"].sum(), "official visit")
    return (
        f"New groups in {places}{reach} would cover {gained} a year that no group covers now; no other choice of as many "
        f"{area_noun(level)} covers more. {figure(left, left, 'visit')} a year would still be covered by nobody."
    )


def highest_sentence(result: Quadrants) -> str:
    """Which districts are highest both by visits and by visits per resident."""
    if result.table.empty:
        return "No official figure covers this choice, so nothing stands out."
    period = period_in_words(result.period_start, result.period_end)
    highest = result.table.head(HIGHEST)
    return (
        f"High both by official visits {period} and by visits per resident, the highest {len(highest)} of {len(result.table)} "
        f"postcode districts: {', '.join(highest['area_name'])}."
    )


def _most(part: float, noun: str) -> str:
    # "More than 100 %" would count the area itself.
    return f"in all other {noun}" if part == 1 else f"in {part:.0%} of {noun}".removesuffix(" of ")


def _uncovered(share: float) -> str:
    if share > 0.995:
        return "no group there"
    return "a group covers it" if share < 0.005 else f"no group for {share:.0%} of its residents"
