"""How much of each area got leaflets, fading as people move and forget."""

from datetime import date

import pandas as pd
from ibis import _

from analysis.tables import area_overlap, areas, leaflet_events, leaflet_stops, leaflet_walks
from analysis.where import Run

# A leaflet counts fully on the day and nothing half a year later.
FADES_IN_WEEKS = 26


def walk_states(run: Run) -> pd.DataFrame:
    """
    What became of each walk: its last event that nobody took back.

    Returns
    -------
    states
        One row per walk of a plan: `plan_id, walk, code, doors, metres, minutes, is_block, state` ('planned', 'assigned',
        'out', 'done', 'part' or 'released'), `since` (moment, UTC; empty while planned), `initials`, `leaflets`,
        `doors_reached` (empty where not said). In the order of plans and walks.
    """
    walks = run(leaflet_walks.order_by("plan_id", "walk"))
    events = run(leaflet_events.order_by("number"))
    taken_back = set(events["undoes"].dropna().astype(int))
    events = events[~events["number"].isin(taken_back) & (events["event"] != "undone")]
    last = events.groupby(["plan_id", "walk"]).last().reset_index()
    last = last.rename(columns={"event": "state", "happened_at": "since"})
    columns = ["plan_id", "walk", "state", "since", "initials", "leaflets", "doors_reached"]
    states = walks.merge(last[columns], on=["plan_id", "walk"], how="left")
    states["state"] = states["state"].fillna("planned")
    return states


def leafleted_share(run: Run, level: str, today: date) -> pd.Series:
    """
    Share of an area's postcodes that were leafleted, each fading over half a year; 0 to 1, by area code.

    A walk done in part counts as far as the doors reached say; not at all if they were not counted. An area where nothing
    was done is not in the answer.
    """
    states = walk_states(run)
    states = states[states["state"].isin(["done", "part"])]
    if states.empty:
        return pd.Series(dtype=float)
    reached = (states["doors_reached"] / states["doors"]).clip(upper=1)
    states["reached"] = reached.fillna((states["state"] == "done").astype(float))
    weeks = (pd.Timestamp(today) - states["since"].dt.normalize()).dt.days / 7
    states["fresh"] = states["reached"] * (1 - weeks / FADES_IN_WEEKS).clip(0, 1)
    stops = run(leaflet_stops.select("plan_id", "walk", "postcode", "locality_code"))
    stops = stops.merge(states[["plan_id", "walk", "fresh"]], on=["plan_id", "walk"])
    by_postcode = stops.groupby(["locality_code", "postcode"])["fresh"].max().groupby("locality_code").sum()
    return _by_area(run, by_postcode, level)


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
