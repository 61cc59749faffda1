"""What is in the store and what it leaves open: where records come from, how much each of them says, where there are none."""

from dataclasses import dataclass
from datetime import date

import ibis
import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters, filter_incidents, straddling
from analysis.quality.gaps import (
    LEVELS,
    WHOLE_DAY,
    area_gaps,
    hours_it_may_be,
    is_month_known,
    is_within_a_month,
    month_gaps,
)
from analysis.quality.official import Official, official_figures
from analysis.records.records import figures_filters
from analysis.tables import areas, imports, incidents
from analysis.where.frequency import AREA_COLUMNS, last_incident, last_official_day
from analysis.where.where import where
from data.schema import INCIDENTS, LOG_IMPORT_ID, UNKNOWN

# What records are told apart by; each has a closed list, and every word of it is counted, also one that no record has.
BREAKDOWNS = ("source_kind", "confidence", "review", "date_precision", "location_precision")
ALL_SOURCES = "all"
# How finely the start is known; no columns of their own, since a start is a span of hours.
TIMES = ("time_of_day", "day", "month")
# What a record may leave open, in the order in which it is shown: `TIMES` and `fields_that_may_be_unknown`.
FIELDS = (
    *TIMES, "borough_code", "postcode_district", "locality_code", "location_precision", "setting", "outcome",
    "people_detained", "people_released", "crowd_size", "duration_minutes", "police_present", "community_response",
)  # fmt: skip
# In the order in which the questions are told.
PAGES = ("Where", "When", "Outcomes", "Trends", "Organise")
# Page, what it shows, what a record must say for it, a sum of `_unknown_by_source`, and whether that counts the unusable.
QUESTIONS = (
    ("Where", "recorded incidents by borough", "incidents in a borough of London", "in_london", False),
    ("Where", "recorded incidents by postcode district", "postcode district known", "postcode_district", True),
    ("Where", "recorded incidents by locality", "locality known", "locality_code", True),
    ("When", "hours of the day", "hour or part of the day known", "time_of_day", True),
    ("When", "weekdays", "day known", "day", True),
    ("When", "months of the year", "month known", "month", True),
    ("Outcomes", "how raids ended", "outcome known", "outcome", True),
    ("Outcomes", "people held", "number stated", "people_detained", True),
    ("Outcomes", "how long stand-offs lasted", "duration stated", "duration_minutes", True),
    ("Outcomes", "community response and outcome", "both known", "response_and_outcome", False),
    ("Trends", "recorded incidents by month", "within one month", "one_month", False),
)  # fmt: skip


def fields_that_may_be_unknown() -> list[str]:
    """The columns of `incidents` in which a record may say nothing: by 'unknown', or by nothing at all."""
    return [
        column.name
        for column in INCIDENTS.columns
        if column.nullable or UNKNOWN in column.allowed or column.name in AREA_COLUMNS.values()
    ]


@dataclass(frozen=True)
class QualityResult:
    """
    What the chosen records hold, `filters` being what is chosen.

    `breakdowns` has a row per word of each closed list: `field, value, n, of, share` (0 to 1; NaN of none); the `n` of a
    field sum to `incidents`. `fields` has a row per field and source: `field` (a column of `incidents`, or one of
    `TIMES`), `source_kind` ('all' or one that is there), `unknown`, `of`, `share`. `months` and `years` are as in
    `MonthGaps`, `areas` as in `area_gaps`. `rests` says how many records each question stands on: `page, question, what,
    known, of, share`. `imports` has `kind, imported_at` (UTC), `is_bundled` of the last import of each kind.
    `of_all` is how many incidents there are, whatever is chosen; `logged` how many of the chosen were logged by hand;
    `without_borough` and `without_district` how many in London, or at no known place, name none; `vague` how many may or
    may not lie in the chosen dates. `analysis/quality/words.py` says it in words.
    """

    filters: Filters
    incidents: int
    of_all: int
    logged: int
    without_borough: int
    without_district: int
    first: date | None
    last: date | None
    breakdowns: pd.DataFrame
    fields: pd.DataFrame
    months: pd.DataFrame
    years: pd.DataFrame
    areas: pd.DataFrame
    official: Official
    rests: pd.DataFrame
    imports: pd.DataFrame
    visits_as_of: date | None
    incidents_as_of: date | None
    vague: int

    @property
    def is_empty(self) -> bool:
        """True if the store holds nothing at all, whatever is chosen."""
        return not self.of_all and not self.official.in_store

    @property
    def overall(self) -> pd.DataFrame:
        """The rows of `fields` for all sources together."""
        return self.fields[self.fields["source_kind"] == ALL_SOURCES]

    @property
    def table(self) -> pd.DataFrame:
        """Breakdowns and fields in one: `part` ('in the store', 'unknown'), `field, value, n, of, share`."""
        breakdowns = self.breakdowns.assign(part="in the store")
        unknown = self.fields.rename(columns={"source_kind": "value", "unknown": "n"}).assign(part="unknown")
        return pd.concat([breakdowns, unknown], ignore_index=True)[
            ["part", "field", "value", "n", "of", "share"]
        ]


def quality(run: Run, filters: Filters) -> QualityResult:
    """
    What the chosen records say and leave open.

    Parameters
    ----------
    run
        Runs an Ibis expression on the store and returns a data frame (`Store.run`).
    filters
        What is chosen. Dates, boroughs and settings choose official figures too. A month or an area without any
        record is told apart from one that has records, but none of the outcomes, settings, sources or confidences chosen.
    """
    counted = run(_by_words(filters))
    known = run(_unknown_by_source(run, filters))
    months = month_gaps(run, filters)
    total = int(counted["n"].sum())
    visits = {level: where(run, figures_filters(filters), level, "counts").table for level in LEVELS}
    official = official_figures(run, filters, visits)
    return QualityResult(
        filters=filters,
        incidents=total,
        of_all=months.of_all,
        logged=int(known["logged"].sum()),
        without_borough=int(known["borough_code"].sum()),
        without_district=int(known["without_district"].sum()),
        first=months.first,
        last=months.last,
        breakdowns=_breakdowns(counted, total),
        fields=_fields(known),
        months=months.months,
        years=months.years,
        areas=area_gaps(run, filters, visits),
        official=official,
        rests=_rests(known, official, total),
        imports=_last_imports(run),
        visits_as_of=_last(run, last_official_day()),
        incidents_as_of=_last(run, last_incident()),
        vague=_vague(run, filters),
    )


def _by_words(filters: Filters) -> ibis.Table:
    """All closed lists at once: a few hundred rows, whatever the number of records."""
    return filter_incidents(incidents, filters).group_by(*BREAKDOWNS).aggregate(n=_.count())


def _unknown_by_source(run: Run, filters: Filters) -> ibis.Table:
    """How many records of each source leave each field open, and how many can be used for a question."""
    chosen = filter_incidents(incidents, filters)
    boroughs = [*run(areas.filter(_.level == "borough").select("code"))["code"]]
    hours = hours_it_may_be(chosen)
    unknown = {
        "time_of_day": hours >= WHOLE_DAY,
        "day": hours > WHOLE_DAY,
        "month": ~is_month_known(chosen),
    }
    nullable = {column.name for column in INCIDENTS.columns if column.nullable}
    for name in fields_that_may_be_unknown():
        unknown[name] = chosen[name].isnull() if name in nullable else chosen[name] == UNKNOWN
    used = {
        "in_london": chosen.borough_code.isin(boroughs),
        "one_month": is_within_a_month(chosen),
        "response_and_outcome": (chosen.community_response != UNKNOWN) & (chosen.outcome != UNKNOWN),
        "without_district": (chosen.postcode_district == UNKNOWN)
        & chosen.borough_code.isin([*boroughs, UNKNOWN]),
        "logged": chosen.import_id == ibis.literal(LOG_IMPORT_ID, type="uuid"),
    }
    sums = {name: is_so.sum().fill_null(0) for name, is_so in (unknown | used).items()}
    return chosen.group_by("source_kind").aggregate(of=_.count(), **sums)


def _breakdowns(counted: pd.DataFrame, total: int) -> pd.DataFrame:
    rows = []
    for column in (column for column in INCIDENTS.columns if column.name in BREAKDOWNS):
        n = counted.groupby(column.name)["n"].sum()
        rows += [(column.name, value, int(n.get(value, 0)), total) for value in column.allowed]
    table = pd.DataFrame(rows, columns=["field", "value", "n", "of"])
    order = {name: number for number, name in enumerate(BREAKDOWNS)}
    return _with_share(table.sort_values("field", key=lambda names: names.map(order), kind="stable"), "n")


def _fields(known: pd.DataFrame) -> pd.DataFrame:
    everyone = known[["of", *FIELDS]].sum().to_frame().T.assign(source_kind=ALL_SOURCES)
    by_source = pd.concat([everyone, known.sort_values("of", ascending=False)], ignore_index=True)
    table = by_source.melt(
        id_vars=["source_kind", "of"], value_vars=list(FIELDS), var_name="field", value_name="unknown"
    )
    table[["unknown", "of"]] = table[["unknown", "of"]].astype(int)
    return _with_share(table[["field", "source_kind", "unknown", "of"]], "unknown")


def _rests(known: pd.DataFrame, official: Official, total: int) -> pd.DataFrame:
    """What each question stands on, in the order of the pages."""
    sums = known.drop(columns="source_kind").sum()
    rows = [
        (page, question, what, int(total - sums[name] if is_unknown else sums[name]), total)
        for page, question, what, name, is_unknown in QUESTIONS
    ]
    rows += [
        ("Trends", "official visits by year", "years of areas that the figures cover in whole", official.whole_years, official.area_years),
        ("Where", "official visits by borough", "boroughs with figures for at least half of their residents", official.boroughs_covered, official.boroughs),
        ("Organise", "areas for the next day, and leaflets", "postcode districts with official figures", official.districts_covered, official.districts),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["page", "question", "what", "known", "of"])
    return _with_share(
        table.sort_values("page", key=lambda pages: pages.map(PAGES.index), kind="stable"), "known"
    )


def _last_imports(run: Run) -> pd.DataFrame:
    """
    The last import of each kind that is in force; a group's own before those that came with the dashboard.

    One of which no record shows yet is none: that something came in would tell of young records.
    """
    shows = (_.kind == "counts") | _.import_id.isin(incidents.import_id)
    in_force = imports.filter(_.undone_at.isnull(), _.kind != "log", shows)
    table = run(in_force.group_by("kind", "is_bundled").aggregate(imported_at=_.imported_at.max()))
    return (
        table.sort_values(["kind", "is_bundled"])
        .drop_duplicates("kind")
        .sort_values("kind", ascending=False, ignore_index=True)[["kind", "imported_at", "is_bundled"]]
    )


def _with_share(table: pd.DataFrame, column: str) -> pd.DataFrame:
    of = table["of"].where(table["of"] > 0)
    return table.assign(share=table[column] / of).reset_index(drop=True)


def _last(run: Run, expression: ibis.Table) -> date | None:
    last = run(expression)["last"][0]
    return None if pd.isna(last) else pd.Timestamp(last).date()


def _vague(run: Run, filters: Filters) -> int:
    if not (filters.date_from or filters.date_to):
        return 0
    return int(run(straddling(incidents, filters).aggregate(n=_.count()))["n"][0])
