"""The records themselves, as chosen, for a group's own download."""

import pandas as pd
from ibis import _

from analysis.filters import Filters, filter_counts, filter_incidents
from analysis.tables import counts, incidents
from analysis.where import Run


def chosen_incidents(run: Run, filters: Filters) -> pd.DataFrame:
    """The incidents chosen, oldest first, in the columns of the schema without its ids."""
    chosen = filter_incidents(incidents, filters).drop("incident_id", "import_id")
    return run(chosen.order_by(_.started_earliest, _.started_latest, _.borough_code, _.postcode_district))


def chosen_counts(run: Run, filters: Filters) -> pd.DataFrame:
    """The official figures in force that are chosen, in the columns of the schema without its ids."""
    chosen = filter_counts(counts, filters).drop("import_id", "superseded_by")
    return run(chosen.order_by(_.period_start, _.area_level, _.area_code, _.setting))
