"""How much of each area got leaflets, fading as people move and forget."""

from datetime import date

import pandas as pd
from ibis import _

from analysis.areas import Run
from analysis.tables import area_overlap, areas, leaflet_events, leaflet_stops, leaflet_walks
from data.organising.leafleting import DONE_WEEKS, WITH_SOMEBODY

# A leaflet counts fully on the day and nothing half a year later.
FADES_IN_WEEKS = 26
# Sheets of so many doors move the estimate of a sector half of the way to what they found.
DOORS_TO_BELIEVE = 300
# What names a walk.
WALK = ["plan_id", "walk"]


def walk_states(run: Run) -> pd.DataFrame:
    """
    What became of each walk: its last event that nobody took back.

    Returns
    -------
    states
        One row per walk of a plan: `plan_id, walk, code, doors, metres, minutes, is_block, state` ('planned', 'assigned',
        'out', 'done', 'part' or 'released'), `since` (moment, UTC; empty while planned), `leaflets`, `doors_reached` (as the
        last event says; empty where it does not), `walker` (number of whoever it was given to last; empty once released). In the
        order of plans and walks.
    """
    events = _standing_events(run)
    last = events.groupby(WALK).tail(1).rename(columns={"event": "state", "happened_at": "since"})
    given = events[events["event"].isin(["assigned", "released"])].groupby(WALK).tail(1)
    given = given.loc[given["event"] == "assigned", [*WALK, "walker"]]
    states = (
        run(leaflet_walks.order_by(*WALK))
        .merge(last[[*WALK, "state", "since", "leaflets", "doors_reached"]], on=WALK, how="left")
        .merge(given, on=WALK, how="left")
    )
    states["state"] = states["state"].fillna("planned")
    states["walker"] = states["walker"].astype("Int64")
    return states


def _standing_events(run: Run) -> pd.DataFrame:
    """What happened to walks, in its order, without what was taken back."""
    events = run(leaflet_events.order_by("number"))
    is_taken_back = events["number"].isin(events["undoes"].dropna().astype(int))
    return events[~is_taken_back & (events["event"] != "undone")]


def leafleted_share(run: Run, level: str, today: date) -> pd.Series:
    """
    Share of an area's postcodes that were leafleted, each fading over half a year; 0 to 1, by area code.

    A walk done in part counts as far as the doors reached say; not at all if they were not counted. An area where nothing
    was done is not in the answer.
    """
    returned = _returned(run)
    if returned.empty:
        return pd.Series(dtype=float)
    weeks = (pd.Timestamp(today) - returned["last"].dt.normalize()).dt.days / 7
    returned["fresh"] = returned["reached"] * (1 - weeks / FADES_IN_WEEKS).clip(0, 1)
    stops = run(leaflet_stops.select("plan_id", "walk", "postcode", "locality_code"))
    stops = stops.merge(returned[["plan_id", "walk", "fresh"]], on=["plan_id", "walk"])
    by_postcode = stops.groupby(["locality_code", "postcode"])["fresh"].max().groupby("locality_code").sum()
    return _by_area(run, by_postcode, level)


def _returned(run: Run) -> pd.DataFrame:
    """Walks that came back, also those given out again since: `plan_id, walk, reached` (share of doors), `last` (moment)."""
    events = _standing_events(run)
    events = events[events["event"].isin(["done", "part"])].merge(
        run(leaflet_walks.select("plan_id", "walk", "doors")), on=WALK
    )
    counted = events["doors_reached"].astype(float) / events["doors"]
    # Done without a count is done; a part without a count is not known to be anything.
    events["reached"] = counted.fillna((events["event"] == "done").astype(float))
    returned = events.groupby(WALK, as_index=False).agg(
        reached=("reached", "sum"), last=("happened_at", "max")
    )
    return returned.assign(reached=returned["reached"].clip(upper=1))


def blocked_postcodes(run: Run, today: date, with_done: bool = True) -> set[str]:
    """
    Postcodes that are not to be planned: those of walks that somebody has, and, `with_done`, of walks done in the last
    twelve weeks.
    """
    states = walk_states(run)
    is_blocked = states["state"].isin(WITH_SOMEBODY)
    if with_done:
        weeks = (pd.Timestamp(today) - pd.to_datetime(states["since"]).dt.normalize()).dt.days / 7
        is_blocked |= (states["state"] == "done") & (weeks < DONE_WEEKS)
    stops = run(leaflet_stops.select("plan_id", "walk", "postcode"))
    return set(stops.merge(states.loc[is_blocked, ["plan_id", "walk"]], on=["plan_id", "walk"])["postcode"])


def door_corrections(run: Run) -> dict[str, float]:
    """
    Doors found for each door expected, by postcode sector, from the sheets that came back.

    Only walks that are done say how many doors there are, and only if the doors of every return were counted. Few doors move
    the estimate little: the ratio is that of what was found and what was expected, each with 300 doors more.
    """
    counted = _counted_walks(run)
    if counted.empty:
        return {}
    stops = run(leaflet_stops.select("plan_id", "walk", "postcode", "doors"))
    stops = stops.merge(counted, on=WALK)
    expected = stops.groupby(WALK)["doors"].transform("sum")
    stops["found"] = stops["doors"] / expected * stops["reached"]
    # "SE15 4QL" lies in the sector "SE15 4".
    sums = stops.groupby(stops["postcode"].str[:-2])[["found", "doors"]].sum()
    ratio = (sums["found"] + DOORS_TO_BELIEVE) / (sums["doors"] + DOORS_TO_BELIEVE)
    return ratio.round(4).to_dict()


def _counted_walks(run: Run) -> pd.DataFrame:
    """Walks that are done with every return counted: `plan_id, walk, reached` (doors, of all returns together)."""
    events = _standing_events(run)
    returned = events[events["event"].isin(["done", "part"])].astype({"doors_reached": float})
    walks = returned.groupby(WALK, as_index=False).agg(
        last=("event", "last"),
        returns=("event", "size"),
        counted=("doors_reached", "count"),
        reached=("doors_reached", "sum"),
    )
    return walks.loc[(walks["last"] == "done") & (walks["counted"] == walks["returns"]), [*WALK, "reached"]]


def _by_area(run: Run, postcodes: pd.Series, level: str) -> pd.Series:
    """Postcodes leafleted by locality, as shares of the live postcodes of the areas of a level."""
    localities = run(areas.filter(_.level == "locality").select(locality=_.code, borough=_.parent_code))
    parts = run(
        area_overlap.filter(_.from_level == "locality", _.to_level == "district").select(
            locality=_.from_code, district=_.to_code, share=_.share
        )
    )
    pieces = parts.merge(localities, on="locality")
    pieces["done"] = pieces["locality"].map(postcodes).fillna(0) * pieces["share"]
    live = run(areas.filter(_.level == level).select("code", "live_postcodes")).set_index("code")[
        "live_postcodes"
    ]
    done = pieces.groupby(level)["done"].sum()
    return (done / live.reindex(done.index).where(lambda number: number > 0)).dropna().clip(upper=1)
