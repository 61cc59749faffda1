"""`query`: where, when, with what outcome, is it changing, where are the hot spots, where to organise, what is known."""

import calendar
import sys
from datetime import date
from enum import StrEnum
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from analysis.export import to_csv
from analysis.hot_spots.hot_spots import hot_spots
from analysis.organise.priority import PRESETS, priority
from analysis.outcomes.outcomes import GROUPS, outcomes
from analysis.quality import words as quality_words
from analysis.quality.quality import QualityResult, quality
from analysis.quality.tables import breakdown_rows, field_headings, field_rows, rest_rows
from analysis.quality.words import BREAKDOWN_TITLES, NOT_NO_RAIDS, visibility
from analysis.ranks import rank_in_words
from analysis.trends.trends import trends
from analysis.trends.words import trends_sentences
from analysis.when.when import when
from analysis.where.where import COVERED_ENOUGH, MEASURES, outcome_column, where
from analysis.words import number_range, rate_range
from commands.shared import (
    AsCsv,
    AsJson,
    Boroughs,
    By,
    CountOf,
    From,
    Level,
    Outcomes,
    Settings,
    Source,
    To,
    filters_from,
    open_store_asking,
    out,
    plain,
    print_json,
    print_lines,
    print_rows,
    rows_of,
)  # fmt: skip
from data import clock
from data.errors import InputError
from data.geography.locate import find_area
from data.imports.history import status
from data.schema import OUTCOMES, UNKNOWN

app = typer.Typer(no_args_is_help=True, help="Ask the records a question.")
Group = StrEnum("Group", {name: name for name in GROUPS})


@app.command("where")
def where_command(
    by: By = Level.borough,
    source: CountOf = Source.incidents,
    date_from: From = None,
    date_to: To = None,
    outcome: Outcomes = None,
    setting: Settings = None,
    borough: Boroughs = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Counts, rates per 1,000 residents per year, and ranks by area."""
    filters = filters_from(date_from, date_to, outcome, setting, borough)
    result = where(open_store_asking().run, filters, by.value, source.value)
    outside = [
        ("outside", "Outside London", result.outside_london_low, result.outside_london_high),
        (UNKNOWN, "Place not known finely enough", result.place_unknown_low, result.place_unknown_high),
    ]
    table = _with_outside(result.table, source.value, [row for row in outside if row[3] > 0])
    if as_json:
        print_json(_records(table))
    elif as_csv:
        sys.stdout.write(to_csv(table))
    else:
        _print_table(table, source.value)
        print_lines(result.notes)


@app.command("when")
def when_command(
    by: Annotated[
        Level | None, typer.Option(help="The kind of --area; told from the area if not given.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="One area, such as SE15 or Southwark.")] = None,
    source: CountOf = Source.incidents,
    date_from: From = None,
    date_to: To = None,
    outcome: Outcomes = None,
    setting: Settings = None,
    borough: Boroughs = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Recorded incidents by weekday and hour, each one's unknown part of the day shared out over its hours."""
    _refuse_counts(source, "hour")
    filters = filters_from(date_from, date_to, outcome, setting, borough)
    result = when(open_store_asking().run, filters, *_area(area, by))
    if as_json:
        print_json(
            {
                "hours": rows_of(result.hours),
                "unknown_time": plain(result.unknown_time),
                "incidents": result.incidents,
                "weekdays": rows_of(result.times.weekdays),
                "months": rows_of(result.times.months),
                "years": rows_of(result.times.years),
                "sentences": result.sentences,
                "notes": result.notes,
            }
        )
    elif as_csv:
        sys.stdout.write(to_csv(result.hours))
    else:
        _print_hours(result.hours)
        print_lines([*result.sentences, *result.notes])


@app.command("outcomes")
def outcomes_command(
    by: Annotated[Group, typer.Option(help="What to group by.")] = Group.borough,
    source: CountOf = Source.incidents,
    date_from: From = None,
    date_to: To = None,
    outcome: Outcomes = None,
    setting: Settings = None,
    borough: Boroughs = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """How recorded incidents ended, by area, setting, year or hour; shares with their 95 % interval."""
    _refuse_counts(source, "outcome")
    filters = filters_from(date_from, date_to, outcome, setting, borough)
    result = outcomes(open_store_asking().run, filters, by.value)
    shown = ["name", "outcome", "n", "of", "share", "low", "high", "shrunk"]
    print_rows(result.table, shown, [*result.sentences, *result.notes], as_json, as_csv)


@app.command("trends")
def trends_command(
    by: By = Level.borough,
    source: CountOf = Source.counts,
    date_from: From = None,
    date_to: To = None,
    outcome: Outcomes = None,
    setting: Settings = None,
    borough: Boroughs = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """How figures change: by year or month, as rate ratios, change points and a word for each area."""
    filters = filters_from(date_from, date_to, outcome, setting, borough)
    result = trends(open_store_asking().run, filters, by.value, source.value)
    sentences = trends_sentences(result)
    if as_json:
        print_json(
            {
                "rows": rows_of(result.rows),
                "changes": rows_of(result.changes),
                "change_points": rows_of(result.change_points),
                "trend": rows_of(result.trend),
                "sentences": sentences,
                "notes": result.notes,
            }
        )
        return
    print_rows(
        result.rows if as_csv else result.trend,
        ["area_name", "trend"],
        [*sentences, *result.notes],
        as_csv=as_csv,
    )


@app.command("hotspots")
def hot_spots_command(
    by: By = Level.borough,
    source: CountOf = Source.counts,
    bridges: Annotated[
        bool, typer.Option(help="Areas joined by a bridge over the Thames are neighbours.")
    ] = True,
    date_from: From = None,
    date_to: To = None,
    outcome: Outcomes = None,
    setting: Settings = None,
    borough: Boroughs = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Smoothed rates and Gi*: which areas stand out from chance together with their neighbours."""
    filters = filters_from(date_from, date_to, outcome, setting, borough)
    result = hot_spots(open_store_asking().run, filters, by.value, source.value, with_bridges=bridges)
    shown = ["area_name", "observed", "rate", "eb_rate", "gi_star", "q_value", "is_hot_spot"]
    print_rows(result.table, shown, [*result.sentences, *result.notes], as_json, as_csv)


@app.command("organise")
def organise_command(
    by: By = Level.borough,
    weigh: Annotated[str, typer.Option(help=f"What counts: {', '.join(PRESETS)}.")] = "balanced",
    date_from: From = None,
    date_to: To = None,
    outcome: Outcomes = None,
    setting: Settings = None,
    borough: Boroughs = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Which areas need a group or a leafleting day next, why, and how sure that is."""
    if weigh not in PRESETS:
        raise InputError(f"--weigh takes one of: {', '.join(PRESETS)}.")
    filters = filters_from(date_from, date_to, outcome, setting, borough)
    result = priority(open_store_asking().run, filters, by.value, PRESETS[weigh], clock.today())
    shown = ["area_name", "rank_low", "rank_high", "visits_low", "visits_high", "rate_per_1000", "uncovered"]
    print_rows(result.table, shown, [*result.sentences, *result.notes], as_json, as_csv)


@app.command("quality")
def quality_command(
    date_from: From = None,
    date_to: To = None,
    outcome: Outcomes = None,
    setting: Settings = None,
    borough: Boroughs = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """What the records can tell: how many there are, what they leave open, and where and when there are no reports."""
    filters = filters_from(date_from, date_to, outcome, setting, borough)
    store = open_store_asking()
    result = quality(store.run, filters)
    sentences = quality_words.sentences(result)
    lines = [
        *sentences,
        *quality_words.notes(result),
        NOT_NO_RAIDS,
        *visibility(store.settings().hidden_days, status(store)["waiting"]),
    ]
    if as_json:
        tables = ("breakdowns", "fields", "rests", "months", "years", "areas", "imports")
        print_json(
            {
                "incidents": result.incidents,
                "incidents_as_of": _iso(result.incidents_as_of),
                "official_as_of": _iso(result.visits_as_of),
                **{name: rows_of(_dates_as_text(getattr(result, name))) for name in tables},
                "official": rows_of(_dates_as_text(result.official.table)),
                "sentences": sentences,
                "notes": lines[len(sentences) :],
            }
        )
    elif as_csv:
        sys.stdout.write(to_csv(result.table))
    else:
        _print_quality(result)
        print_lines(lines)


def _print_quality(result: QualityResult) -> None:
    rests = Table("answer", "rests on", "number")
    for row in rest_rows(result):
        rests.add_row(*row)
    out.print(rests)
    if not result.incidents:
        return
    held = Table("in the store", "", "incidents", "share")
    for name, title in BREAKDOWN_TITLES.items():
        for row in breakdown_rows(result, name):
            held.add_row(title, *row)
    out.print(held)
    unknown = Table(*field_headings(result), title="unknown or not stated")
    for row in field_rows(result):
        unknown.add_row(*row)
    out.print(unknown)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _dates_as_text(table: pd.DataFrame) -> pd.DataFrame:
    """JSON has no dates."""
    return table.map(lambda value: value.isoformat() if isinstance(value, date) else value)


def _area(text: str | None, by: Level | None) -> tuple[str | None, str | None]:
    """Level and code of the area asked for, if one is."""
    if text is None:
        return None, None
    found = find_area(text)
    if found is None or found[0] == "authority" or (by and found[0] != by.value):
        raise InputError(
            "--area names no such area. Write a borough's name, a district such as SE15, or a locality's code."
        )
    return found


def _refuse_counts(source: Source, what: str) -> None:
    if source is Source.counts:
        raise InputError(
            f"Official figures name no {what}. Leave --source counts out, to ask the recorded incidents."
        )


def _with_outside(table: pd.DataFrame, source: str, outside: list[tuple]) -> pd.DataFrame:
    """The table with what lies in none of its areas below, so that it adds up to everything chosen."""
    rows = []
    for code, name, low, high in outside:
        row = {"area_code": code, "area_name": name}
        row |= {"visits_low": low, "visits_high": high} if source == "counts" else {"incidents": low}
        rows.append(row)
    return pd.concat([table, pd.DataFrame(rows)], ignore_index=True) if rows else table


def _records(table: pd.DataFrame) -> list[dict]:
    records = []
    for row in table.to_dict("records"):
        record = {name: plain(value) for name, value in row.items()}
        outcomes = {outcome: record.pop(outcome_column(outcome), None) for outcome in OUTCOMES}
        if "incidents" in record:
            record["outcomes"] = outcomes
        records.append(record)
    return records


def _print_hours(hours: pd.DataFrame) -> None:
    shown = Table("hour", *calendar.day_abbr)
    by_hour = hours.pivot(index="hour", columns="weekday", values="weight")
    for hour, weights in by_hour.iterrows():
        shown.add_row(f"{hour:02d}", *(f"{weight:,.1f}" if weight else "" for weight in weights))
    out.print(shown)


def _print_table(table: pd.DataFrame, source: str) -> None:
    of = int(table["rank_low"].notna().sum())
    names = ("incidents", "incidents") if source == "incidents" else ("visits_low", "visits_high")
    rates = ("rate_per_1000",) * 2 if source == "incidents" else ("rate_per_1000_low", "rate_per_1000_high")
    decimals = MEASURES["incidents_rate" if source == "incidents" else "visits_rate"].decimals
    shown = Table("area", names[0].removesuffix("_low"), "per 1,000 residents a year", "rank")
    for row in table.to_dict("records"):
        low, high = (row[name] for name in names)
        number = "no official figures" if pd.isna(low) else number_range(low, high)
        rate = "" if pd.isna(row[rates[0]]) else rate_range(row[rates[0]], row[rates[1]], decimals)
        if (row.get("covered_share") or 1) < COVERED_ENOUGH:
            number += f" (figures cover {row['covered_share']:.0%} of residents)"
        shown.add_row(row["area_name"], number, rate, rank_in_words(row["rank_low"], row["rank_high"], of))
    out.print(shown)
