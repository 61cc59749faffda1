"""`query where`: counts, rates and ranks by area."""

import sys

import pandas as pd
from rich.table import Table

from analysis.export import to_csv
from analysis.filters import Filters
from analysis.ranks import rank_in_words
from analysis.where.where import COVERED_ENOUGH, MEASURES, outcome_column, where
from analysis.words import number_range, rate_range
from commands.options import By, CountOf, Level, Source, filtered
from commands.tables import AsCsv, plain
from commands.terminal import AsJson, open_records_asking, out, print_json, print_lines
from data.schema import OUTCOMES, UNKNOWN


@filtered
def where_command(
    by: By = Level.borough,
    source: CountOf = Source.incidents,
    *,
    filters: Filters,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Counts, rates per 1,000 residents per year, and ranks by area."""
    result = where(open_records_asking().run, filters, by.value, source.value)
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
