"""Which languages people speak, by borough: so that the right leaflets go in the bag."""

import pandas as pd

from data.store.store import BUNDLED


def load_main_languages() -> pd.DataFrame:
    """
    The twelve most spoken main languages other than English of each London borough, Census 2021 (ONS, TS024).

    Columns `borough_code`, `main_language`, `residents_aged_3_plus` (persons).
    """
    return pd.read_csv(BUNDLED / "borough_main_languages.csv")
