"""The headline figures of the home page, in words."""

from dataclasses import dataclass, replace
from datetime import date

import ibis
import pandas as pd

from analysis.areas import Run
from analysis.filters import Filters
from analysis.where.frequency import last_incident, last_official_day
from analysis.where.profile import wilson_interval
from analysis.where.where import WhereResult, outcome_column, where
from analysis.words import Headline, figure, listed, period_in_words
from data.schema import OUTCOME_VALUES

RESISTED = tuple(name for name, outcome in OUTCOME_VALUES.items() if outcome.is_resisted)


@dataclass(frozen=True)
class Headlines:
    """
    What the home page says: figures, top areas in words, and the last day each source reaches, whatever is chosen.

    With filters in force `notes` says what they leave out and where they do not apply.
    """

    figures: list[Headline]
    top_areas: list[str]
    visits_as_of: date | None
    incidents_as_of: date | None
    notes: list[str]


def headlines(run: Run, filters: Filters) -> Headlines:
    """The figures and sentences of the home page for what is chosen."""
    visits = where(run, filters, "borough", "counts")
    recorded = where(run, filters, "borough", "incidents")
    where_chosen = "in the boroughs chosen" if filters.boroughs else "in London"
    figures = [*_visit_figures(visits, filters), *_incident_figures(recorded, where_chosen)]
    # Of all outcomes, whichever are chosen: among raids chosen for being prevented, all were prevented.
    of_any_outcome = (
        where(run, replace(filters, outcomes=()), "borough", "incidents") if filters.outcomes else recorded
    )
    figures += _outcome_figures(of_any_outcome, where_chosen)
    return Headlines(
        figures=figures,
        top_areas=[sentence for sentence in (_top_visits(visits), _top_incidents(recorded)) if sentence],
        visits_as_of=_last(run, last_official_day()),
        incidents_as_of=_last(run, last_incident()),
        notes=[] if filters.is_empty() else [*visits.notes, *recorded.notes],
    )


def _last(run: Run, expression: ibis.Table) -> date | None:
    last = run(expression)["last"][0]
    return None if pd.isna(last) else pd.Timestamp(last).date()


def _visit_figures(visits: WhereResult, filters: Filters) -> list[Headline]:
    if visits.period_start is None:
        return []
    number = figure(visits.total_low, visits.total_high, "visit")
    period = period_in_words(visits.period_start, visits.period_end)
    if filters.boroughs:
        sentence = f"An estimated {number} by Immigration Enforcement {period} in the boroughs chosen, from the Home Office's figures by postcode district."
    else:
        sentence = f"The Home Office counts {number} by Immigration Enforcement {period} in London's postal districts."
    return [Headline("Official visits", number.removesuffix(" visits").removesuffix(" visit"), sentence)]


def _incident_figures(recorded: WhereResult, where_chosen: str) -> list[Headline]:
    total = int(recorded.total_low)
    if total == 0:
        return []
    outside = int(recorded.outside_london_low)
    london = total - outside
    return [
        Headline(
            "Recorded incidents",
            f"{london:,}",
            f"{figure(london, london, 'incident')} {where_chosen} "
            f"{period_in_words(recorded.period_start, recorded.period_end)}"
            + (f", and {outside:,} outside London that are not on the map." if outside else "."),
        )
    ]


def _outcome_figures(recorded: WhereResult, where_chosen: str) -> list[Headline]:
    table = recorded.table
    known = int(table["incidents"].sum() - table[outcome_column("unknown")].sum())
    resisted = int(sum(table[outcome_column(name)].sum() for name in RESISTED))
    if not known:
        return []
    low, high = wilson_interval(resisted, known)
    return [
        Headline(
            "Released or prevented",
            f"{resisted:,} of {known:,}",
            f"Of {figure(known, known, 'incident')} {where_chosen} whose borough and outcome are known, {resisted:,} "
            f"ended with people released after a community response or with the raid prevented ({low:.0%} to "
            f"{high:.0%} if more of the same kind were reported). Stand-offs that worked are reported more often than "
            "others.",
        )
    ]


def _top_visits(visits: WhereResult) -> str:
    top = visits.table.dropna(subset=["visits_high"]).head(3)
    top = top[top["visits_high"] > 0]
    if top.empty:
        return ""
    places = [
        f"{row.area_name} ({figure(row.visits_low, row.visits_high, 'visit')})" for row in top.itertuples()
    ]
    return (
        f"Most official visits {period_in_words(visits.period_start, visits.period_end)}: {listed(places)}; "
        "estimated from postcode districts."
    )


def _top_incidents(recorded: WhereResult) -> str:
    top = recorded.table[recorded.table["incidents"] > 0].head(3)
    if top.empty:
        return ""
    places = [f"{row.area_name} ({row.incidents:,})" for row in top.itertuples()]
    return (
        f"Most recorded incidents {period_in_words(recorded.period_start, recorded.period_end)}: {listed(places)}. "
        "Boroughs with an active group or a local paper are recorded more."
    )
