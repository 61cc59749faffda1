"""Records of groups, drawn by a seed: many or few, skewed, all in one borough, or the same in each."""

import numpy as np
import pandas as pd

from publish.release import BREAKDOWNS
from publish.rules import area_tree

BOROUGHS = [f"E090000{number:02}" for number in range(1, 34)]
LONDON = area_tree(pd.DataFrame({"code": BOROUGHS, "name": [f"Borough {code[-2:]}" for code in BOROUGHS]}))
LAST_CLOSED = 2025 * 4 + 3


def draw_records(seed: int, number: int, boroughs: str = "skewed") -> pd.DataFrame:
    """Records of 2016 to 2025: where ('skewed', all in 'one' borough, or 'each' the same), when, and of which categories."""
    random = np.random.default_rng(seed)
    weights = {
        "skewed": random.dirichlet(np.full(33, 0.8)),
        "one": np.eye(33)[7],
        "each": np.full(33, 1 / 33),
    }[boroughs]
    drawn = {
        by: random.choice(values, number, p=random.dirichlet(np.full(len(values), 0.7)))
        for by, values in BREAKDOWNS.items()
    }
    return pd.DataFrame(
        {
            "borough_code": random.choice(BOROUGHS, number, p=weights),
            "quarter": random.integers(2016 * 4, 2026 * 4, number),
            **drawn,
        }
    )
