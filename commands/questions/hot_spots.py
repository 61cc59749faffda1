"""`query hotspots`: which areas stand out from chance."""

from typing import Annotated

import typer

from analysis.filters import Filters
from analysis.hot_spots import words
from analysis.hot_spots.hot_spots import hot_spots
from commands.options import By, CountOf, Level, Source, filtered
from commands.tables import AsCsv, print_rows
from commands.terminal import AsJson, open_records_asking


@filtered
def hot_spots_command(
    by: By = Level.borough,
    source: CountOf = Source.counts,
    bridges: Annotated[
        bool, typer.Option(help="Areas joined by a bridge over the Thames are neighbours.")
    ] = True,
    *,
    filters: Filters,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Smoothed rates and Gi*: which areas stand out from chance together with their neighbours."""
    result = hot_spots(open_records_asking().run, filters, by.value, source.value, with_bridges=bridges)
    shown = ["area_name", "observed", "rate", "eb_rate", "gi_star", "q_value", "is_hot_spot"]
    print_rows(result.table, shown, [*words.sentences(result), *words.notes(result)], as_json, as_csv)
