"""`query organise`: where a group or a leafleting day is needed next."""

from typing import Annotated

import typer

from analysis.filters import Filters
from analysis.organise import words
from analysis.organise.priority import PRESETS, priority
from commands.options import By, Level, filtered
from commands.tables import AsCsv, print_rows
from commands.terminal import AsJson, open_records_asking
from data import clock
from data.errors import InputError


@filtered
def organise_command(
    by: By = Level.borough,
    weigh: Annotated[str, typer.Option(help=f"What counts: {', '.join(PRESETS)}.")] = "balanced",
    *,
    filters: Filters,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Which areas need a group or a leafleting day next, why, and how sure that is."""
    if weigh not in PRESETS:
        raise InputError(f"--weigh takes one of: {', '.join(PRESETS)}.")
    result = priority(open_records_asking().run, filters, by.value, PRESETS[weigh], clock.today())
    shown = ["area_name", "rank_low", "rank_high", "visits_low", "visits_high", "rate_per_1000", "uncovered"]
    table, lines = words.with_reasons(result), [*words.sentences(result), *words.notes(result)]
    print_rows(table, shown, lines, as_json, as_csv)
