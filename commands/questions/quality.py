"""`query quality`: what the records can tell."""

import sys
from datetime import date

import pandas as pd
from rich.table import Table

from analysis.export import to_csv
from analysis.filters import Filters
from analysis.quality import words as quality_words
from analysis.quality.quality import QualityResult, quality
from analysis.quality.tables import breakdown_rows, field_headings, field_rows, rest_rows
from analysis.quality.words import BREAKDOWN_TITLES, NOT_NO_RAIDS, visibility
from commands.options import filtered
from commands.tables import AsCsv, rows_of
from commands.terminal import AsJson, open_records_asking, out, print_json, print_lines
from data.imports.history import status
from data.store.store import Store


@filtered
def quality_command(
    *,
    filters: Filters,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """What the records can tell: how many there are, what they leave open, and where and when there are no reports."""
    records = open_records_asking()
    result = quality(records.run, filters)
    sentences = quality_words.sentences(result)
    lines = [
        *sentences,
        *quality_words.notes(result),
        NOT_NO_RAIDS,
        # A lake was written without young records, and does not know of any.
        *(
            visibility(records.settings().hidden_days, status(records)["waiting"])
            if isinstance(records, Store)
            else []
        ),
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
