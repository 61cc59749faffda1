"""Official totals after the last return by postcode district: whole nations and cities, by what they count."""

import pandas as pd

from data.store.store import BUNDLED


def load_totals_since() -> pd.DataFrame:
    """
    The totals that come with the dashboard.

    Columns `area`, `period_start`, `period_end` (days), `kind` (what is counted: 'illegal working' or 'all enforcement visits'),
    `visits`, `arrests` (NaN where none is given), `source_url`, `note`. The kinds are different counts and are never added up.
    """
    return pd.read_csv(BUNDLED / "visits_since_2022.csv", parse_dates=["period_start", "period_end"])
