"""`query outcomes`: how recorded incidents ended."""

from enum import StrEnum
from typing import Annotated

import typer

from analysis.filters import Filters
from analysis.outcomes.outcomes import GROUPS, outcomes
from analysis.outcomes.words import sentences
from commands.options import CountOf, Source, filtered, refuse_counts
from commands.tables import AsCsv, print_rows
from commands.terminal import AsJson, open_records_asking

Group = StrEnum("Group", list(GROUPS))  # type: ignore[misc]  # as many as there are groups


@filtered
def outcomes_command(
    by: Annotated[Group, typer.Option(help="What to group by.")] = Group.borough,  # type: ignore[attr-defined]
    source: CountOf = Source.incidents,
    *,
    filters: Filters,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """How recorded incidents ended, by area, setting, year or hour; shares with their 95 % interval."""
    refuse_counts(source, "outcome")
    result = outcomes(open_records_asking().run, filters, by.value)
    shown = ["name", "outcome", "n", "of", "share", "low", "high", "shrunk"]
    print_rows(result.table, shown, [*sentences(result), *result.notes], as_json, as_csv)
