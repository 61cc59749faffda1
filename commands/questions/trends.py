"""`query trends`: how figures change."""

from analysis.filters import Filters
from analysis.trends.trends import trends
from analysis.trends.words import trends_sentences
from commands.options import By, CountOf, Level, Source, filtered
from commands.tables import AsCsv, print_rows, rows_of
from commands.terminal import AsJson, open_records_asking, print_json


@filtered
def trends_command(
    by: By = Level.borough,
    source: CountOf = Source.counts,
    *,
    filters: Filters,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """How figures change: by year or month, as rate ratios, change points and a word for each area."""
    result = trends(open_records_asking().run, filters, by.value, source.value)
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
