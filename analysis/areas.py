"""What every question about areas shares: how to ask the store, and the areas that are counted by."""

from collections.abc import Callable

import ibis
import pandas as pd

# Runs an Ibis expression on the store and returns a data frame (`Store.run`).
Run = Callable[[ibis.Table], pd.DataFrame]

LEVELS = ("borough", "district", "locality")
# The ONS code of Greater London.
LONDON = "E12000007"
