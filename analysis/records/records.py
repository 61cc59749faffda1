"""The records themselves, as chosen, for a group's own download."""

from dataclasses import replace

import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.filters import Filters, filter_counts, filter_incidents
from analysis.tables import area_overlap, counts, incidents
from data.log.rows import code_of


def chosen_incidents(run: Run, filters: Filters) -> pd.DataFrame:
    """The incidents chosen, oldest first: `code`, which opens the record, and the columns of the schema without its ids."""
    chosen = filter_incidents(incidents, filters).order_by(
        _.started_earliest, _.started_latest, _.borough_code, _.postcode_district, _.incident_id
    )
    found = run(chosen.drop("import_id"))
    codes = found.pop("incident_id").map(code_of)
    found.insert(0, "code", codes)
    return found


def chosen_ids(run: Run, filters: Filters) -> list[str]:
    """The ids of the incidents chosen, newest first, as text."""
    chosen = filter_incidents(incidents, filters).order_by(
        _.started_latest.desc(), _.started_earliest.desc(), _.incident_id
    )
    return [str(each) for each in run(chosen.select("incident_id"))["incident_id"]]


def chosen_counts(run: Run, filters: Filters) -> pd.DataFrame:
    """
    The official figures in force that are chosen, in the columns of the schema without its ids.

    With boroughs chosen, those of the boroughs and of the districts that lie in them, whole or in part.
    """
    chosen = filter_counts(counts, filters).drop("import_id", "superseded_by")
    if filters.boroughs:
        parts = area_overlap.filter(_.from_level == "district", _.to_code.isin(filters.boroughs))
        codes = [*filters.boroughs, *run(parts.select("from_code").distinct())["from_code"]]
        chosen = chosen.filter(_.area_code.isin(codes))
    return run(chosen.order_by(_.period_start, _.area_level, _.area_code, _.setting))


def figures_filters(filters: Filters) -> Filters:
    """The part of a choice that applies to official figures: a return has no outcome, source or confidence."""
    return replace(filters, outcomes=(), source_kinds=(), confidences=())
