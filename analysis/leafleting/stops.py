"""The stops of a plan: live postcodes of London with an estimate of their doors."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

# A point shared by more live postcodes is a delivery office with its boxes and firms, not a house.
MOST_SHARING = 10
COLUMNS = ["postcode", "easting", "northing", "doors", "locality_code", "district", "sector", "borough_code"]


def deliverable(postcodes: pd.DataFrame) -> pd.DataFrame:
    """
    London's live postcodes that have doors.

    Parameters
    ----------
    postcodes
        Columns of the postcode reference: `postcode` (no space), `sector`, `district`, `locality_code`, `authority_code`,
        `easting`, `northing` (EPSG:27700, metres), `is_live`. Whole districts or boroughs, so that sharing shows.

    Returns
    -------
    kept
        Those rows, without the points that more than ten live postcodes share.

    Notes
    -----
    `is_live` alone takes away what old directories placed on a grid of 10 m (1.1 % of London's live postcodes lie on it, as chance
    would have it, against 11.5 % of all rows). What it leaves are 170 points with 9,810 postcodes, nearly all delivery offices: 716
    at one point of N1. Without them London has 171,074 live postcodes at 165,359 points. The few towers of more than
    ten postcodes at one point go with them.
    """
    is_london = postcodes["authority_code"].str.startswith("E09")
    kept = postcodes[postcodes["is_live"] & is_london & postcodes["easting"].notna()]
    sharing = kept.groupby(["easting", "northing"])["postcode"].transform("size")
    return kept[sharing <= MOST_SHARING]


def doors_by_borough(postcodes: pd.DataFrame, households: Mapping[str, float]) -> dict[str, float]:
    """
    Mean doors of a live postcode in each borough, an estimate.

    Parameters
    ----------
    postcodes
        As of `deliverable`: all of London.
    households
        Households by borough code, Census 2021, all 33 boroughs.

    Returns
    -------
    doors
        By borough code: its households over its live postcodes.

    Notes
    -----
    Postcodes of firms count as homes, so the figure is too low for the homes of the City (3.0) and Westminster (7.2).
    """
    live = deliverable(postcodes)["authority_code"].value_counts().sort_index()
    return {code: households[code] / int(count) for code, count in live.items()}


def make_stops(
    postcodes: pd.DataFrame,
    doors_per_postcode: Mapping[str, float],
    corrections: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """
    Stops with estimated doors.

    Parameters
    ----------
    postcodes
        As of `deliverable`; the areas of the plan.
    doors_per_postcode
        By borough code, as of `doors_by_borough`.
    corrections
        By sector, from returned sheets: doors found for each door expected.

    Returns
    -------
    stops
        One row per postcode, sorted by it: `COLUMNS`. `doors` is whole and at least 1, an estimate of ± 30 % or more for
        one postcode; rounded so that the doors of a sector add up.
    """
    kept = deliverable(postcodes).sort_values("postcode", kind="stable").reset_index(drop=True)
    corrected = kept["sector"].map(corrections or {}).fillna(1.0).astype(float)
    expected = kept["authority_code"].map(doors_per_postcode).astype(float) * corrected
    # In a sector the fraction that one postcode is rounded down by goes to the next.
    so_far = np.floor(expected.groupby([kept["authority_code"], kept["sector"]]).cumsum().round(6) + 0.5)
    before = so_far.groupby([kept["authority_code"], kept["sector"]]).shift(fill_value=0)
    return kept.assign(
        postcode=kept["postcode"].str[:-3] + " " + kept["postcode"].str[-3:],
        doors=(so_far - before).clip(lower=1).astype(np.int64),
        borough_code=kept["authority_code"],
        easting=kept["easting"].astype(float),
        northing=kept["northing"].astype(float),
    )[COLUMNS]
