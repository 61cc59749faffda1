"""Pairs of records that may tell of one and the same raid: on the same day, and near to each other."""

from collections.abc import Sequence

import ibis
import numpy as np
import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.tables import area_overlap, areas, every_incident, imports, incidents, told_apart
from data.schema import UNKNOWN

# Between the middles of two localities, and of two areas of which one is a whole postcode district.
NEAR_METRES, NEAR_DISTRICTS_METRES = 2_000, 3_000
MOST_PAIRS = 200
_METRES_PER_DEGREE = 111_320
_COSINE = np.cos(np.radians(51.5))  # of London's latitude

SAME_LOCALITY = "in the same locality"
SAME_DISTRICT = "in the same postcode district"
CLOSE = "less than 2 km apart"
CLOSE_DISTRICTS = "in postcode districts side by side"
SAME_BOROUGH = "in the same borough, one of them known by nothing finer"
_WHERE = (SAME_LOCALITY, CLOSE, SAME_DISTRICT, CLOSE_DISTRICTS, SAME_BOROUGH)
SAME_TIME, OTHER_TIME = "On the same day", "On the same day, at different hours"


def duplicates(run: Run, also: Sequence[str] = (), most: int = MOST_PAIRS) -> pd.DataFrame:
    """
    Pairs to be looked at, and merged where they are the same raid.

    Two records are a pair if a day is common to them and they may be near: in the same locality or postcode district,
    with less than 2 km between the middles of their localities (3 km where one is known by its district only), or in
    the same borough where one is known by no more.

    Parameters
    ----------
    also
        Ids of records too young to show whose codes the person has; they are compared too.
    most
        Pairs, at most: a million records come to over a million pairs, of which nobody looks at more than the first.

    Returns
    -------
    pairs
        `left_id`, `right_id`, `reason` (a sentence); the most alike first, then the newest. `left` is the one to keep: the
        one that does not show yet, if one of them does, else the one whose place and then whose time is known more finely.

    Notes
    -----
    A record of which only the month or year is known is not compared: it would pair with all of that month. Two of the
    bundled public reports are not either, since they were gone through by hand; nor is what a person has told apart.
    Neither setting, numbers nor outcome count, because two witnesses see different things; nor do hours keep a pair apart,
    but the sentence names it.
    Two raids on one day in one district are a pair although they are not the same; so a person decides.
    Middles of the large localities at London's edge may be farther apart than 2 km although they touch.
    """
    known = _comparable(also)
    overlap = (_.earliest <= _.latest_right) & (_.earliest_right <= _.latest)
    order = ["is_apart", "where_rank", ibis.desc("earliest"), "id", "id_right"]
    pairs = run(_pairs(known).mutate(is_apart=~overlap).order_by(order).limit(most))
    if pairs.empty:
        return pd.DataFrame({name: pd.Series(dtype=str) for name in ("left_id", "right_id", "reason")})
    where = pairs["where_rank"].map(dict(enumerate(_WHERE)))
    pairs["reason"] = np.where(pairs["is_apart"], OTHER_TIME, SAME_TIME) + ", " + where + "."
    keeps_right = _rank(pairs, "_right") < _rank(pairs, "")
    left = pairs["id_right"].where(keeps_right, pairs["id"])
    right = pairs["id"].where(keeps_right, pairs["id_right"])
    return pd.DataFrame({"left_id": left, "right_id": right, "reason": pairs["reason"]}).reset_index(
        drop=True
    )


def _comparable(also: Sequence[str]) -> ibis.Table:
    """The records that may be compared, with the middle of the finest area that is known of each."""
    is_shown = every_incident.incident_id.isin(incidents.incident_id)
    is_own = every_incident.incident_id.cast("string").isin([str(each).lower() for each in also] or [""])
    bundled = imports.filter(_.is_bundled).import_id
    chosen = every_incident.mutate(
        is_shown=is_shown,
        is_bundled=every_incident.import_id.isin(bundled),
        code=_finest_code(every_incident),
    ).filter(is_shown | is_own, _.date_precision.isin(("hour", "day")), _.location_precision != UNKNOWN)
    middles = areas.filter(_.level.isin(("locality", "district")))
    middles = middles.select(middle_code="code", level="level", longitude="longitude", latitude="latitude")
    joined = chosen.left_join(
        middles,
        (chosen.code == middles.middle_code)
        & (chosen.location_precision.cast("string") == middles.level.cast("string")),
    )
    return joined.select(
        id=_.incident_id.cast("string"),
        earliest=_.started_earliest,
        latest=_.started_latest,
        locality=_.locality_code,
        borough=_.borough_code,
        district=_.postcode_district,
        precision=_.location_precision.cast("string"),
        is_shown=_.is_shown,
        is_bundled=_.is_bundled,
        longitude=_.longitude,
        latitude=_.latitude,
    )


def _finest_code(records: ibis.Table) -> ibis.Value:
    return ibis.ifelse(
        records.location_precision == "locality", records.locality_code, records.postcode_district
    )


def _pairs(known: ibis.Table) -> ibis.Table:
    """Every two that share a day and may be near, each pair once; `where_rank` is a position in `_WHERE`."""
    # A night may lie in two days.
    starts = known.mutate(day=_.earliest.date())
    ends = known.filter(_.earliest.date() != _.latest.date()).mutate(day=_.latest.date())
    by_day = starts.union(ends)
    other = by_day.view()
    # A district that lies in several boroughs may be in any of them.
    parts = area_overlap.filter(_.from_level == "district", _.to_level == "borough", _.share > 0)
    parts = parts.select(pair=_.from_code + " " + _.to_code)
    apart = told_apart.select(
        pair=told_apart.first_id.cast("string") + " " + told_apart.second_id.cast("string")
    )
    is_new = ~(by_day.is_bundled & other.is_bundled) & ~(by_day.id + " " + other.id).isin(apart.pair)
    # Two nights may share both of their days; the pair is met on the first.
    is_first_day = by_day.day == ibis.greatest(by_day.earliest.date(), other.earliest.date())
    together = by_day.join(
        other,
        [by_day.day == other.day, by_day.id < other.id, is_first_day, is_new],
        lname="",
        rname="{name}_right",
    )
    paired = together.mutate(where_rank=_where(together, parts)).filter(_.where_rank.notnull())
    return paired.drop("day", "day_right")


def _where(pairs: ibis.Table, parts: ibis.Table) -> ibis.Value:
    is_locality = (pairs.precision == "locality") & (pairs.precision_right == "locality")
    has_borough_only = (pairs.precision == "borough") | (pairs.precision_right == "borough")
    east = (pairs.longitude - pairs.longitude_right) * (_METRES_PER_DEGREE * _COSINE)
    north = (pairs.latitude - pairs.latitude_right) * _METRES_PER_DEGREE
    square_metres = east * east + north * north
    is_same_district = (pairs.district == pairs.district_right) & (pairs.district != UNKNOWN)
    is_same_borough = (pairs.borough == pairs.borough_right) & (pairs.borough != UNKNOWN)
    may_be_in_borough = (pairs.district + " " + pairs.borough_right).isin(parts.pair) | (
        pairs.district_right + " " + pairs.borough
    ).isin(parts.pair)
    is_open = (pairs.borough == UNKNOWN) | (pairs.borough_right == UNKNOWN)
    return ibis.cases(
        (is_locality & (pairs.locality == pairs.locality_right), 0),
        (is_locality & (square_metres <= NEAR_METRES**2), 1),
        (is_same_district & ~has_borough_only, 2),
        (~is_locality & ~has_borough_only & (square_metres <= NEAR_DISTRICTS_METRES**2), 3),
        (has_borough_only & (is_same_borough | (is_open & may_be_in_borough)), 4),
        else_=ibis.null("int64"),
    )


def _rank(pairs: pd.DataFrame, side: str) -> pd.Series:
    """The lower, the more a record is the one to keep."""
    place = pairs[f"precision{side}"].map({"locality": 0, "district": 1, "borough": 2})
    hours = (pairs[f"latest{side}"] - pairs[f"earliest{side}"]) / pd.Timedelta(hours=1)
    return pairs[f"is_shown{side}"].astype(int) * 1e6 + place * 1e4 + hours
