"""How many households there are, by borough: so that the doors of a walk can be estimated."""

import pandas as pd

from data.store.store import BUNDLED


def load_households() -> dict[str, int]:
    """Households by code of each local authority of England and Wales, Census 2021 (ONS, TS025)."""
    table = pd.read_csv(BUNDLED / "authority_residents_households.csv", index_col="authority_code")
    return {str(code): int(households) for code, households in table["households"].items()}
