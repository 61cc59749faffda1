"""Which languages people speak, by borough: so that the right leaflets go in the bag."""

import pandas as pd

from data.store.store import BUNDLED


def load_main_languages() -> pd.DataFrame:
    """
    The fifteen most spoken main languages other than English of each local authority, Census 2021 (ONS, TS024).

    By the language a leaflet is printed in: Mandarin, Cantonese and other Chinese are one, Mirpuri Pahari stands under Urdu.

    Columns `borough_code` (of England and Wales, 318), `main_language`, `residents_aged_3_plus` (persons).
    """
    table = pd.read_csv(BUNDLED / "authority_main_languages.csv")
    return table.rename(columns={"authority_code": "borough_code", "leaflet_language": "main_language"})
