"""`query when`: on which weekdays and at which hours."""

import calendar
import sys
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from analysis.export import to_csv
from analysis.filters import Filters
from analysis.when import words
from analysis.when.when import when
from commands.options import CountOf, Level, Source, filtered, refuse_counts
from commands.tables import AsCsv, plain, rows_of
from commands.terminal import AsJson, open_records_asking, out, print_json, print_lines
from data.errors import InputError
from data.geography.locate import find_area


@filtered
def when_command(
    by: Annotated[
        Level | None, typer.Option(help="The kind of --area; told from the area if not given.")
    ] = None,
    area: Annotated[str | None, typer.Option(help="One area, such as SE15 or Southwark.")] = None,
    source: CountOf = Source.incidents,
    *,
    filters: Filters,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Recorded incidents by weekday and hour, each one's unknown part of the day shared out over its hours."""
    refuse_counts(source, "hour")
    result = when(open_records_asking().run, filters, *_area(area, by))
    if as_json:
        print_json(
            {
                "hours": rows_of(result.hours),
                "unknown_time": plain(result.unknown_time),
                "incidents": result.incidents,
                "weekdays": rows_of(result.times.weekdays),
                "months": rows_of(result.times.months),
                "years": rows_of(result.times.years),
                "sentences": words.sentences(result),
                "notes": words.notes(result),
            }
        )
    elif as_csv:
        sys.stdout.write(to_csv(result.hours))
    else:
        _print_hours(result.hours)
        print_lines([*words.sentences(result), *words.notes(result)])


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


def _print_hours(hours: pd.DataFrame) -> None:
    shown = Table("hour", *calendar.day_abbr)
    by_hour = hours.pivot(index="hour", columns="weekday", values="weight")
    for hour, weights in by_hour.iterrows():
        shown.add_row(f"{hour:02d}", *(f"{weight:,.1f}" if weight else "" for weight in weights))
    out.print(shown)
