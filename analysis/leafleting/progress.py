"""How far leafleting has come: what became of each walk, totals, by postcode district, and what is overdue."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
import shapely
from ibis import _

from analysis.areas import Run
from analysis.leafleting.shapes import walk_shapes
from analysis.organise.leafleted import walk_states
from analysis.tables import leaflet_events, leaflet_plans, leaflet_stops
from analysis.words import day_in_words, figure
from data.organising.leafleting import WITH_SOMEBODY

OVERDUE_DAYS = 14
RETURNED = ("done", "part")
STATES = {
    "planned": "not given out",
    "assigned": "given out",
    "out": "out",
    "part": "done in part",
    "released": "given back",
    "done": "done",
}
HEADINGS = ("Doors", "State", "Who", "Since")
DISTRICT_HEADINGS = ("Walks", "Done", "Doors", "Doors reached")
# Those to be found at a glance; the codes of all would lie one over the other.
NAMED_ON_MAP = (*WITH_SOMEBODY, "part")
# What the map tells apart, and which states each holds.
MAP_CLASSES = ("not given out", "given out or out", "done in part", "done")
_CLASS = {"planned": 0, "released": 0, "assigned": 1, "out": 1, "part": 2, "done": 3}
# The order in which the organiser needs them.
_URGENT = {"out": 0, "assigned": 1, "part": 2, "released": 3, "planned": 4, "done": 5}
_TOLD = {
    "assigned": "Walk {code} is given to no. {walker}.",
    "out": "Walk {code} is out.",
    "done": "Walk {code} is done.",
    "part": "Walk {code} is done in part; the rest can be given out again.",
    "released": "Walk {code} is free again.",
}


@dataclass(frozen=True)
class Progress:
    """
    What became of the walks of all saved plans.

    Parameters
    ----------
    walks
        As of `walk_states`, and `areas` (of its plan), `days` (since its last event; empty while planned), `is_overdue`,
        `doors_done` (0 to `doors`) and `leaflets_given`; those that need something first.
    by_district
        `district, walks, walks_done, doors, doors_done`, by postcode district; a walk counts in each that it touches.
    shapes
        Ground of each walk, EPSG:27700, by `(plan_id, walk)`.
    untouched
        Plans of which no walk was ever given out: label by `plan_id`.
    sentences
        The totals, then each kind of thing that needs somebody.
    notes
        What the figures are not.
    """

    walks: pd.DataFrame
    by_district: pd.DataFrame
    shapes: Mapping[tuple[str, int], shapely.Geometry]
    untouched: Mapping[str, str]
    sentences: list[str]
    notes: list[str] = field(default_factory=list)


def progress(run: Run, today: date, overdue_days: int = OVERDUE_DAYS) -> Progress:
    """
    How far the walks of all saved plans have come.

    Parameters
    ----------
    today
        The day to count from.
    overdue_days
        A walk that is given out or out for more days than these is overdue.
    """
    plans = run(leaflet_plans.order_by(_.planned_at.desc()))
    stops = run(leaflet_stops.order_by("plan_id", "walk", "position"))
    walks = _walks(run, plans, today, overdue_days)
    if walks.empty:
        return Progress(walks, _by_district(walks, stops), {}, {}, ["No plan is saved yet."])
    shapes = {
        (plan_id, walk): shape
        for plan_id, of_plan in stops.groupby("plan_id")
        for walk, shape in walk_shapes(of_plan).items()
    }
    return Progress(
        walks,
        _by_district(walks, stops),
        shapes,
        _untouched(run, plans),
        [_totals(walks), *_wanting(walks, overdue_days)],
        [
            "Doors are estimates, ± 30 % or more for one postcode, until returned sheets say how many there were. A walk that came "
            "back done without a count counts with all its estimated doors, one done in part with none."
        ],
    )


def _walks(run: Run, plans: pd.DataFrame, today: date, overdue_days: int) -> pd.DataFrame:
    walks = walk_states(run).merge(plans[["plan_id", "planned_at", "areas"]], on="plan_id")
    walks = walks.merge(_returned(run), on=["plan_id", "walk"], how="left")
    walks["leaflets_given"] = walks["leaflets_given"].fillna(0).astype(int)
    is_uncounted = (walks["state"] == "done") & walks["doors_counted"].isna()
    reached = walks["doors_counted"].fillna(0).where(~is_uncounted, walks["doors"])
    walks["doors_done"] = reached.clip(upper=walks["doors"]).astype(int)
    walks["days"] = (pd.Timestamp(today) - pd.to_datetime(walks["since"]).dt.normalize()).dt.days
    walks["is_overdue"] = walks["state"].isin(WITH_SOMEBODY) & (walks["days"] > overdue_days)
    walks["urgency"] = walks["state"].map(_URGENT)
    ordered = walks.sort_values(
        ["is_overdue", "urgency", "planned_at", "plan_id", "walk"],
        ascending=[False, True, False, True, True],
        kind="stable",
    )
    return ordered.drop(columns=["urgency", "doors_counted"]).reset_index(drop=True)


def _returned(run: Run) -> pd.DataFrame:
    """Leaflets given and doors counted on each walk, all its returns together, without those taken back."""
    events = run(leaflet_events)
    is_taken_back = events["number"].isin(events["undoes"].dropna())
    returned = events[events["event"].isin(RETURNED) & ~is_taken_back]
    return returned.groupby(["plan_id", "walk"], as_index=False).agg(
        leaflets_given=("leaflets", "sum"),
        doors_counted=("doors_reached", lambda counted: counted.sum(min_count=1)),
    )


def _by_district(walks: pd.DataFrame, stops: pd.DataFrame) -> pd.DataFrame:
    share = walks.assign(share=walks["doors_done"] / walks["doors"], walks_done=walks["state"] == "done")
    parts = stops.merge(share[["plan_id", "walk", "share", "walks_done"]], on=["plan_id", "walk"])
    parts["district"] = parts["postcode"].str.split(" ").str[0]
    parts["doors_done"] = parts["doors"] * parts["share"]
    doors = parts.groupby("district")[["doors", "doors_done"]].sum().round().astype(int)
    each = parts.drop_duplicates(["district", "plan_id", "walk"]).groupby("district")
    counts = each.agg(walks=("walk", "size"), walks_done=("walks_done", "sum"))
    return counts.join(doors).reset_index()


def _untouched(run: Run, plans: pd.DataFrame) -> dict[str, str]:
    touched = set(run(leaflet_events.select("plan_id").distinct())["plan_id"])
    return {
        row.plan_id: f"{row.areas}, {figure(row.leaflets, row.leaflets, 'leaflet')}, saved on "
        f"{day_in_words(row.planned_at.date())}"
        for row in plans.itertuples()
        if row.plan_id not in touched
    }


def _totals(walks: pd.DataFrame) -> str:
    done, out = (walks["state"] == "done").sum(), walks["state"].isin(WITH_SOMEBODY).sum()
    doors, reached, given = walks["doors"].sum(), walks["doors_done"].sum(), walks["leaflets_given"].sum()
    sentence = (
        f"{done:,} of {figure(len(walks), len(walks), 'walk')} {'is' if done == 1 else 'are'} done and {out:,} with somebody: "
        f"about {reached:,} of {doors:,} doors reached"
    )
    return f"{sentence}, {figure(given, given, 'leaflet')} counted as given." if given else f"{sentence}."


def _wanting(walks: pd.DataFrame, overdue_days: int) -> list[str]:
    """What somebody has to see to: walks that are late, and walks of which a part is left."""
    late, part = walks[walks["is_overdue"]], walks[walks["state"] == "part"]
    sentences = []
    if len(late):
        sentences.append(
            f"{figure(len(late), len(late), 'walk')} {'is' if len(late) == 1 else 'are'} overdue, for more than {overdue_days} days "
            f"with somebody: {_listed(late)}. Ask for the sheet, or release the walk."
        )
    if len(part):
        sentences.append(
            f"{figure(len(part), len(part), 'walk')} came back done in part: {_listed(part)}. The rest can be given out again."
        )
    return sentences


def _listed(walks: pd.DataFrame) -> str:
    return ", ".join(
        f"{row.code} (no. {row.walker})" if pd.notna(row.walker) else row.code for row in walks.itertuples()
    )


def cells_of(row: Mapping) -> list[str]:
    """A row of the table, under the walk's code and `HEADINGS`."""
    state = STATES[row["state"]] + (", overdue" if row["is_overdue"] else "")
    since = "" if pd.isna(row["since"]) else day_in_words(row["since"].date())
    return [row["code"], f"~{row['doors']:,}", state, _walker(row), since]


def lines_of(row: Mapping) -> tuple[str, ...]:
    """What the map says of a walk."""
    who = _walker(row)
    state = STATES[row["state"]] + (f", {who}" if who else "")
    return (f"Walk {row['code']}", f"about {row['doors']:,} doors", state)


def label_of(row: Mapping) -> str:
    """A walk in a list to choose from: 'AB2C · about 150 doors'; nothing that changes while it is chosen."""
    return f"{row['code']} · about {row['doors']:,} doors"


def labels_of(walks: pd.DataFrame) -> dict[str, str]:
    """
    All walks to choose from: label by 'plan_id:walk'; no two alike, since a walk is chosen by its label.

    A code that several plans have is told apart by the plan, counted from the one saved first.
    """
    plans = walks[["planned_at", "plan_id"]].drop_duplicates().sort_values(["planned_at", "plan_id"])
    number = dict(zip(plans["plan_id"], range(1, len(plans) + 1), strict=True))
    shared = set(walks.loc[walks["code"].duplicated(), "code"])
    return {
        f"{row['plan_id']}:{row['walk']}": label_of(row)
        + (
            f" · plan {number[row['plan_id']]}, saved on {day_in_words(row['planned_at'].date())}"
            if row["code"] in shared
            else ""
        )
        for row in walks.to_dict("records")
    }


def state_in_words(row: Mapping) -> str:
    """
    What became of a walk, as a sentence: 'Given out to no. 7 on 3 November 2026.'
    """
    who = f" to {_walker(row)}" if row["state"] == "assigned" else _by(row)
    day = "" if pd.isna(row["since"]) else f" on {day_in_words(row['since'].date())}"
    late = " It is overdue." if row["is_overdue"] else ""
    return f"{STATES[row['state']].capitalize()}{who}{day}.{late}"


def _by(row: Mapping) -> str:
    return f" with {_walker(row)}" if _walker(row) else ""


def _walker(row: Mapping) -> str:
    # Whoever gave a walk back has it no more.
    is_somebodys = row["state"] in (*WITH_SOMEBODY, *RETURNED) and pd.notna(row["walker"])
    return f"no. {row['walker']}" if is_somebodys else ""


def district_cells(row: Mapping) -> list[str]:
    """A row of the table by district, under its name and `DISTRICT_HEADINGS`."""
    return [row["district"], *(f"{row[name]:,}" for name in ("walks", "walks_done", "doors", "doors_done"))]


def drawn_last_first(rows: list[dict]) -> list[dict]:
    """The walks in the order to draw them: where plans of different days overlap, what is done lies below."""
    return sorted(rows, key=lambda row: -_URGENT[row["state"]])


def class_of(state: str) -> int:
    """Class of a state on the map, an index of `MAP_CLASSES`."""
    return _CLASS[state]


def told(code: str, event: str, walker: int | None = None) -> str:
    """What just happened, as a sentence."""
    return _TOLD[event].format(code=code, walker=walker)


def taken_back(walks: pd.DataFrame, plan_id: str, walk: int, event: str) -> str:
    """What was just taken back, as a sentence."""
    code = walks.loc[(walks["plan_id"] == plan_id) & (walks["walk"] == walk), "code"].iloc[0]
    return f"Taken back: that walk {code} was {STATES[event]}."


def to_download(walks: pd.DataFrame) -> pd.DataFrame:
    """The walks as a file: what is on screen, without shapes."""
    columns = ["code", "areas", "doors", "state", "walker", "since", "is_overdue", "doors_done", "leaflets_given"]  # fmt: skip
    return walks[columns]
