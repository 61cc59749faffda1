"""The same work without a browser: import files, see what is there, ask where and when raids happen and how they end."""

import calendar
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from analysis.export import to_csv
from analysis.filters import Filters
from analysis.hot_spots import hot_spots
from analysis.outcomes import GROUPS, outcomes
from analysis.ranks import rank_in_words
from analysis.trends import trends
from analysis.when import when
from analysis.where import COVERED_ENOUGH, MEASURES, outcome_column, where
from analysis.words import number_range, rate_range
from data import sources
from data.errors import InputError
from data.geography.locate import load_places
from data.importing.history import status as store_status
from data.importing.history import undo_last_import
from data.importing.importer import ImportReport, import_files
from data.importing.saved_mappings import load_mapping
from data.opening import open_store
from data.schema import OUTCOMES, SETTINGS, UNKNOWN

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
query = typer.Typer(no_args_is_help=True, help="Ask the records a question.")
sources_app = typer.Typer(no_args_is_help=True, help="Where the data come from.")
app.add_typer(query, name="query")
app.add_typer(sources_app, name="sources")

out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

REJECTS_SHOWN = 20


class Level(StrEnum):
    """The areas to count by."""

    borough = "borough"
    district = "district"
    locality = "locality"


class Source(StrEnum):
    """What to count: recorded incidents or official counts."""

    incidents = "incidents"
    counts = "counts"


Group = StrEnum("Group", {name: name for name in GROUPS})

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
By = Annotated[Level, typer.Option(help="Areas to count by.")]
CountOf = Annotated[Source, typer.Option(help="Recorded incidents or official counts.")]
From = Annotated[str | None, typer.Option("--from", help="First day, such as 2022-06-11 or 2022.")]
To = Annotated[str | None, typer.Option("--to", help="Last day, such as 2022-06-11 or 2022.")]
Outcomes = Annotated[list[str] | None, typer.Option("--outcome", help="Only this outcome; may be repeated.")]
Settings = Annotated[list[str] | None, typer.Option("--setting", help="Only this setting; may be repeated.")]
Boroughs = Annotated[list[str] | None, typer.Option("--borough", help="Only this borough; may be repeated.")]


@app.command("import")
def import_command(
    files: Annotated[list[Path], typer.Argument(help="CSV, text, XLSX, XLS or ODS files.")],
    mapping: Annotated[
        str | None, typer.Option(help="Name of a saved mapping, or a mapping's JSON file.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check; write nothing.")] = False,
    set_aside: Annotated[
        Path | None, typer.Option(help="Write the rows set aside to this CSV, to correct.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Import incidents or official counts, told apart by their content."""
    store = open_store()
    chosen = load_mapping(store, mapping) if mapping else None
    targets = _set_aside_paths(set_aside, len(files)) if set_aside else []
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), console=err, transient=True, disable=as_json
    )
    with _writable(targets, spared=[*files, store.path]):
        with bar:
            task = bar.add_task("Starting", total=1.0)
            reports = import_files(
                store,
                files,
                chosen,
                dry_run,
                lambda step, share: bar.update(task, description=escape(step), completed=share),
            )
        _write_set_aside(reports, targets)
    if as_json:
        _print_json([report.as_dict() for report in reports])
        return
    for report in reports:
        _print_report(report, dry_run)


@app.command()
def undo() -> None:
    """Take back the last import."""
    undone = undo_last_import(open_store())
    out.print(f"Undone: the last import of {undone.kind}, {undone.rows:,} rows.")


@app.command()
def status(as_json: AsJson = False) -> None:
    """What the database holds."""
    present = store_status(open_store())
    if as_json:
        _print_json(present)
        return
    span = f", {present['first']} to {present['last']}" if present["first"] else ""
    out.print(f"{present['incidents']:,} incidents{span}.")
    out.print(f"{present['counts']:,} official figures in force. Schema version {present['schema_version']}.")
    table = Table("imported (UTC)", "kind", "rows", "kept", "set aside", "already there", "undone")
    for row in present["imports"]:
        numbers = [f"{row[name]:,}" for name in ("rows", "kept", "rejected", "already_there")]
        table.add_row(row["imported_at"], row["kind"], *numbers, "yes" if row["undone_at"] else "")
    out.print(table)


@query.command("where")
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
    filters = _filters(date_from, date_to, outcome, setting, borough)
    result = where(open_store().run, filters, by.value, source.value)
    outside = [
        ("outside", "Outside London", result.outside_london_low, result.outside_london_high),
        (UNKNOWN, "Place not known finely enough", result.place_unknown_low, result.place_unknown_high),
    ]
    table = _with_outside(result.table, source.value, [row for row in outside if row[3] > 0])
    if as_json:
        _print_json(_records(table))
    elif as_csv:
        sys.stdout.write(to_csv(table))
    else:
        _print_table(table, source.value)
        _print_lines(result.notes)


@query.command("when")
def when_command(
    by: Annotated[Level, typer.Option(help="The kind of --area.")] = Level.borough,
    area: Annotated[str | None, typer.Option(help="Code of one area, such as SE15 or E09000028.")] = None,
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
    filters = _filters(date_from, date_to, outcome, setting, borough)
    result = when(open_store().run, filters, by.value if area else None, area)
    if as_json:
        _print_json(
            {
                "hours": _rows(result.hours),
                "unknown_time": _plain(result.unknown_time),
                "incidents": result.incidents,
                "weekdays": _rows(result.times.weekdays),
                "months": _rows(result.times.months),
                "years": _rows(result.times.years),
                "sentences": result.sentences,
                "notes": result.notes,
            }
        )
    elif as_csv:
        sys.stdout.write(to_csv(result.hours))
    else:
        _print_hours(result.hours)
        _print_lines([*result.sentences, *result.notes])


@query.command("outcomes")
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
    filters = _filters(date_from, date_to, outcome, setting, borough)
    result = outcomes(open_store().run, filters, by.value)
    shown = ["name", "outcome", "n", "of", "share", "low", "high", "shrunk"]
    _print_rows(result.table, shown, [*result.sentences, *result.notes], as_json, as_csv)


@query.command("trends")
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
    filters = _filters(date_from, date_to, outcome, setting, borough)
    result = trends(open_store().run, filters, by.value, source.value)
    if as_json:
        _print_json(
            {
                "rows": _rows(result.rows),
                "changes": _rows(result.changes),
                "change_points": _rows(result.change_points),
                "trend": _rows(result.trend),
                "sentences": result.sentences,
                "notes": result.notes,
            }
        )
        return
    _print_rows(
        result.rows if as_csv else result.trend,
        ["area_name", "trend"],
        [*result.sentences, *result.notes],
        as_csv=as_csv,
    )


@query.command("hotspots")
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
    filters = _filters(date_from, date_to, outcome, setting, borough)
    result = hot_spots(open_store().run, filters, by.value, source.value, with_bridges=bridges)
    shown = ["area_name", "observed", "rate", "eb_rate", "gi_star", "q_value", "is_hot_spot"]
    _print_rows(result.table, shown, [*result.sentences, *result.notes], as_json, as_csv)


@sources_app.command("list")
def sources_list(as_json: AsJson = False) -> None:
    """The data that come with the dashboard and those that can be fetched, with licence and date."""
    listed = [source.as_dict() for source in sources.list_sources()]
    if as_json:
        _print_json(listed)
        return
    for source in listed:
        out.print(
            f"[bold]{source['name']}[/bold]: {source['title']}. {source['source']}. {source['licence']}."
        )


@sources_app.command("get")
def sources_get(
    name: Annotated[str, typer.Argument(help="A name that `sources list` shows as fetched.")],
) -> None:
    """Fetch public files from where they are published, checked by SHA-256."""
    for path in sources.get(name):
        out.print(str(path))


def _filters(
    date_from: str | None,
    date_to: str | None,
    outcome: list[str] | None,
    setting: list[str] | None,
    borough: list[str] | None,
) -> Filters:
    return Filters(
        date_from=_day(date_from, "--from", last=False),
        date_to=_day(date_to, "--to", last=True),
        outcomes=_words(outcome, OUTCOMES, "--outcome"),
        settings=_words(setting, SETTINGS, "--setting"),
        boroughs=_borough_codes(borough),
    )


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
        record = {name: _plain(value) for name, value in row.items()}
        outcomes = {outcome: record.pop(outcome_column(outcome), None) for outcome in OUTCOMES}
        if "incidents" in record:
            record["outcomes"] = outcomes
        records.append(record)
    return records


def _plain(value):
    if value is None or isinstance(value, str):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    # Twelve digits: a rate of one in a million keeps its own, and 0.1 + 0.2 does not show its last.
    return int(value) if float(value).is_integer() else float(f"{value:.12g}")


def _rows(table: pd.DataFrame) -> list[dict]:
    return [{name: _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def _print_rows(
    table: pd.DataFrame, shown: list[str], lines: list[str], as_json: bool = False, as_csv: bool = False
) -> None:
    """The whole table for a program; for a person the columns `shown`, and the sentences below."""
    if as_json:
        _print_json(_rows(table))
    elif as_csv:
        sys.stdout.write(to_csv(table))
    else:
        printed = Table(*(name.replace("_", " ") for name in shown))
        for row in _rows(table[shown]):
            printed.add_row(*("" if value is None else escape(_short(value)) for value in row.values()))
        out.print(printed)
        _print_lines(lines)


def _short(value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        out.print(line, markup=False)


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


def _print_json(value) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def _print_report(report: ImportReport, dry_run: bool) -> None:
    done = "would be kept" if dry_run else "kept"
    out.print(
        f"{escape(report.file)}: {report.kind}, {report.rows:,} rows, {report.kept:,} {done}, {report.rejected:,} set aside, "
        f"{report.already_there:,} already there."
    )
    matching = sum(total["matches"] for total in report.totals_checked)
    if report.totals_checked:
        out.print(f"{matching} of {len(report.totals_checked)} totals in the file match its rows.")
    for note in report.notes:
        out.print(note)
    for name, number in report.unknown_words.items():
        out.print(
            f"{name}: {number:,} values are not on the list and became 'unknown'; map them on the Records page."
        )
    for reject in report.rejects[:REJECTS_SHOWN]:
        out.print(f"row {reject.row}, {reject.column}: {reject.reason}")
    if len(report.rejects) > REJECTS_SHOWN:
        out.print(f"… and {len(report.rejects) - REJECTS_SHOWN:,} more; --set-aside FILE writes them all.")


def _set_aside_paths(path: Path, number: int) -> list[Path]:
    """A file for each import that may set rows aside: `path`, then the same name with -2, -3 …"""
    return [path, *(path.parent / f"{path.stem}-{each}{path.suffix}" for each in range(2, number + 1))]


@contextmanager
def _writable(paths: list[Path], spared: list[Path]) -> Iterator[None]:
    """
    Try the files to be written before anything is imported, since afterwards the rows could not be had again.

    What a file holds stays until it is written; one that was made for trying goes again if nothing was written to it.
    """
    for path in paths:
        if any(_is_same_file(path, other) for other in spared):
            raise InputError(
                f"{path.name} is a file to read, and the rows set aside would replace it. Name another for --set-aside."
            )
    made = [path for path in paths if not path.exists()]
    try:
        for path in paths:
            with _telling_unwritable(path), path.open("ab"):
                pass
        yield
    finally:
        for path in made:
            if path.exists() and path.stat().st_size == 0:
                path.unlink()


def _is_same_file(path: Path, other: Path) -> bool:
    if path.resolve() == other.resolve():
        return True
    return path.exists() and other.exists() and path.samefile(other)


def _write_set_aside(reports: list[ImportReport], paths: list[Path]) -> None:
    tables = [
        report.set_aside for report in reports if report.set_aside is not None and report.set_aside.num_rows
    ]
    # Without --set-aside there are no paths; and there are never more tables than paths otherwise.
    for path, table in zip(paths, tables, strict=False):
        with _telling_unwritable(path):
            path.write_text(to_csv(table.to_pandas()), encoding="utf-8")


@contextmanager
def _telling_unwritable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise InputError(
            f"{path.name} cannot be written. Name a file in a folder you may write to."
        ) from None


def _day(text: str | None, option: str, last: bool) -> date | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", text.strip())
    try:
        year, month, day = (int(part) if part else None for part in found.groups())
        month = month or (12 if last else 1)
        return date(year, month, day or (calendar.monthrange(year, month)[1] if last else 1))
    except (AttributeError, ValueError, calendar.IllegalMonthError):
        raise InputError(f"{option} is not a date. Write it as 2022-06-11, 2022-06 or 2022.") from None


def _words(values: list[str] | None, allowed: tuple[str, ...], option: str) -> tuple[str, ...]:
    for value in values or []:
        if value not in allowed:
            raise InputError(f"{option} takes one of: {', '.join(allowed)}.")
    return tuple(values or [])


def _borough_codes(values: list[str] | None) -> tuple[str, ...]:
    if not values:
        return ()
    places = load_places()
    found = [places.borough(value) for value in values]
    if None in found:
        raise InputError(
            "--borough names a place that is not a London borough. Write its name or its ONS code."
        )
    return tuple(place.borough_code for place in found)


def main() -> None:
    """Run a command; a wrong input is one sentence and exit status 1."""
    try:
        app()
    except InputError as error:
        err.print(str(error), markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
