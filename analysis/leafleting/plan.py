"""A plan for one Saturday: which parts of the areas, cut into walks, each in order, every walk with its sheet."""

import hashlib
import heapq
import itertools
import json
import math
from collections.abc import Container, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from ibis import _
from scipy.sparse.csgraph import dijkstra
from shapely.geometry.base import BaseGeometry

from analysis.areas import Run
from analysis.filters import Filters
from analysis.leafleting.check import check
from analysis.leafleting.choose import SETUP_MINUTES, USED_SHARE, Choice, choose
from analysis.leafleting.edit import HARD_MAX_DOORS
from analysis.leafleting.graph import neighbours
from analysis.leafleting.order import minutes, order, order_by_matrix, walking_metres, way_metres
from analysis.leafleting.split import TARGET_DOORS, split
from analysis.leafleting.stops import deliverable, doors_by_borough, make_stops
from analysis.leafleting.streets import check_streets, street_metres, street_names
from analysis.organise.leafleted import blocked_postcodes, door_corrections
from analysis.organise.priority import PRESETS, area_scores
from analysis.tables import areas
from data.errors import InputError
from data.organising.households import load_households
from data.streets.network import Streets

DOORS_PER_HOUR = 100.0
# One sheet for each person, if a walk stays between these; a tenth below the hard maximum, so that whole postcodes fit.
SMALL_WALK_DOORS, FULL_WALK_DOORS = 120, 198
# Choosing anew where the ways turn out long: twice is the rule, and more changes little.
MOST_ATTEMPTS = 6
SMALLEST_STEP = 0.9
# Less left over than this share has run out.
LITTLE = 0.1
MOST_LEAFLETS, MOST_VOLUNTEERS, LONGEST_HOURS = 1_000_000, 1_000, 12
# No I, O, 0 and 1, which look alike in handwriting.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_CODE_LETTERS = 5
AREA_COLUMNS = {"borough": "authority_code", "district": "district", "locality": "locality_code"}


@dataclass(frozen=True)
class PlanRequest:
    """
    What is asked for.

    `areas` are pairs of level ('borough', 'district', 'locality') and code. `doors_per_walk` is worked out from people and hours
    where it is not given; `targets` are doors for each walk, where people want different sizes. `meeting_point` is EPSG:27700.
    `must` and `must_not` are locality codes, `floors` pairs of borough code and doors at least. `again` plans what was
    leafleted lately too.
    """

    areas: tuple[tuple[str, str], ...]
    leaflets: int
    volunteers: int
    hours: float
    doors_per_walk: int | None = None
    targets: tuple[int, ...] = ()
    meeting_point: tuple[float, float] | None = None
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    floors: tuple[tuple[str, float], ...] = ()
    doors_per_hour: float = DOORS_PER_HOUR
    again: bool = False
    seed: int = 0


@dataclass(frozen=True)
class Plan:
    """
    Walks for a request.

    `areas` has a row per locality asked for: `area_code, area_name, doors, doors_taken, share_taken, need`. `walks` has `walk` (from
    1), `code, doors, target, metres` (on foot between stops), `minutes, is_block, connected, stops`; `stops` has `walk, position`
    (from 1), `postcode, easting, northing, doors, locality_code, borough_code, street`, in the order walked. `share_of_best` is how
    near the choice is to the best possible, at least (1: it is the best). `barriers` are the lines not crossed.
    """

    plan_id: str
    request: PlanRequest
    areas: pd.DataFrame
    doors: int
    share_of_best: float
    walks: pd.DataFrame
    stops: pd.DataFrame
    barriers: tuple[BaseGeometry, ...]
    sentences: list[str]
    notes: list[str]


def make_plan(
    run: Run,
    postcodes: pd.DataFrame,
    request: PlanRequest,
    today: date,
    barriers: Sequence[BaseGeometry] = (),
    streets: Streets | None = None,
) -> Plan:
    """
    Choose, split and order.

    Parameters
    ----------
    run
        Runs an Ibis expression on the store.
    postcodes
        London's rows of the postcode reference, as `stops.deliverable` takes them.
    today
        The day from which leafleting before counts as lately.
    barriers
        Lines that no walk crosses, EPSG:27700.
    streets
        Walked along, where given; else straight lines, lengthened.

    Raises
    ------
    InputError
        No budget, no such area, nothing to walk there, or anything that `choose` and `split` refuse.
    """
    _check(request)
    # On all of London first: what shares a point shows only together.
    postcodes = deliverable(postcodes)
    every = _stops(run, postcodes, request, today)
    pace = 1.0
    for attempt in range(MOST_ATTEMPTS):
        chosen = _choose(run, every, request, pace, today)
        stops = _taken(every, chosen.table, request)
        if stops.empty:
            raise InputError(
                "The leaflets or the hours are too few for a single postcode. Bring more of them."
            )
        cut = split(stops, _targets(stops, request, pace), barriers=barriers, seed=request.seed)
        walks, ordered = _ordered(stops, cut.walk, cut.targets, cut.is_block, request, barriers, streets)
        over = _over_time(walks, request)
        if over <= 1 or attempt == MOST_ATTEMPTS - 1:
            break
        # The ways turned out longer than doors alone tell: fewer doors for each hour, and choose again.
        # In small steps: one walk more than people would otherwise halve the day.
        pace *= min(max(0.98 / over, SMALLEST_STEP), 0.97)
    walks, ordered = _within_time(walks, ordered, request, streets)
    notes = check_streets(streets, stops[["easting", "northing"]].to_numpy(float)) if streets else []
    stops = stops[stops["postcode"].isin(ordered["postcode"])].reset_index(drop=True)
    plan_id = _digest(request, stops, barriers)
    walks["code"] = walk_codes(plan_id, len(walks))
    doors = int(stops["doors"].sum())
    table = _areas(run, every, stops, chosen.table)
    return Plan(
        plan_id=plan_id,
        request=request,
        areas=table,
        doors=doors,
        share_of_best=chosen.bound,
        walks=walks,
        stops=ordered,
        barriers=tuple(barriers),
        sentences=_sentences(walks, table, chosen.bound, request),
        notes=[*chosen.notes, *cut.notes, *notes, _DOORS_ARE_ESTIMATES],
    )


def replan(plan: Plan, labels: np.ndarray, streets: Streets | None = None) -> Plan:
    """
    The plan after a hand edit.

    `labels` gives the walk of each row of `plan.stops`. Walks whose stops are the same keep their code and order.
    """
    stops = plan.stops.drop(columns=["walk", "position"])
    numbers = {old: new for new, old in enumerate(sorted(set(labels.tolist())), start=1)}
    labels = np.array([numbers[label] for label in labels.tolist()])
    targets = np.full(len(numbers), plan.walks.loc[~plan.walks["is_block"], "target"].median())
    is_block = np.zeros(len(numbers), bool)
    walks, ordered = _ordered(stops, labels - 1, targets, is_block, plan.request, plan.barriers, streets)
    same = {
        frozenset(plan.stops.loc[plan.stops["walk"] == walk.walk, "postcode"]): walk
        for walk in plan.walks.itertuples()
    }
    kept = [same.get(frozenset(ordered.loc[ordered["walk"] == walk, "postcode"])) for walk in walks["walk"]]
    plan_id = _digest(
        plan.request, ordered.sort_values("postcode"), plan.barriers, ordered["walk"].to_numpy()
    )
    new_codes = iter(walk_codes(plan_id, kept.count(None), set(plan.walks["code"])))
    for row, before in enumerate(kept):
        if before is None:
            walks.loc[row, "code"] = next(new_codes)
        else:
            walks.loc[row, ["code", "target", "is_block"]] = [before.code, before.target, before.is_block]
    return replace(
        plan,
        plan_id=plan_id,
        walks=walks,
        stops=ordered,
        sentences=_sentences(walks, plan.areas, plan.share_of_best, plan.request),
    )


def plan_tables(plan: Plan) -> tuple[dict, pa.Table, pa.Table]:
    """The plan, its walks and its stops as the store keeps them, see `data.organising.leafleting.save_plan`."""
    request = plan.request
    about = {
        "plan_id": plan.plan_id,
        "areas": ", ".join(code for _level, code in request.areas),
        "leaflets": request.leaflets,
        "volunteers": request.volunteers,
        "hours": float(request.hours),
        "share_of_best": float(plan.share_of_best),
    }
    walks = plan.walks[["walk", "code", "doors", "metres", "minutes", "is_block"]]
    stops = plan.stops[["walk", "position", "postcode", "easting", "northing", "doors", "locality_code"]]
    return about, *(pa.Table.from_pandas(table, preserve_index=False) for table in (walks, stops))


_DOORS_ARE_ESTIMATES = "Doors are estimates from live postcodes, within some 30 % for one postcode; sheets that come back correct them."


def _check(request: PlanRequest) -> None:
    if not request.areas:
        raise InputError("Say which areas to leaflet: boroughs, or postcode districts such as SE15.")
    for value, most, what in (
        (request.leaflets, MOST_LEAFLETS, "leaflets"),
        (request.volunteers, MOST_VOLUNTEERS, "people"),
        (request.hours, LONGEST_HOURS, "hours"),
    ):
        if not 0 < value <= most:
            raise InputError(f"The number of {what} must be above 0 and at most {most:,}.")
    if not 1 <= request.doors_per_hour <= 1_000:
        raise InputError("Doors an hour must lie between 1 and 1,000.")
    if request.doors_per_walk is not None and not 10 <= request.doors_per_walk <= HARD_MAX_DOORS:
        raise InputError(f"A walk has between 10 and {HARD_MAX_DOORS} doors.")


def _stops(run: Run, postcodes: pd.DataFrame, request: PlanRequest, today: date) -> pd.DataFrame:
    """Every stop of the areas that is nobody's yet and was not leafleted lately."""
    doors = doors_by_borough(postcodes, load_households())
    is_asked = np.zeros(len(postcodes), bool)
    for level, code in request.areas:
        if level not in AREA_COLUMNS:
            raise InputError(
                "An area lies outside London, where doors are not known. Choose areas in London."
            )
        of_area = (postcodes[AREA_COLUMNS[level]] == code).to_numpy()
        if not of_area.any():
            raise InputError(
                "An area has no postcode in London. Write a borough, or a postcode district such as SE15."
            )
        is_asked |= of_area
    stops = make_stops(postcodes[is_asked], doors, door_corrections(run))
    if stops.empty:
        raise InputError("No postcode in use lies in these areas; choose others.")
    blocked = blocked_postcodes(run, today, with_done=not request.again)
    free = stops[~stops["postcode"].isin(blocked)].reset_index(drop=True)
    if free.empty:
        raise InputError(
            "Every postcode there is given out or was leafleted lately. Choose other areas, or plan them again on purpose."
        )
    return free


def _over_time(walks: pd.DataFrame, request: PlanRequest) -> float:
    """
    How many times the time there is the walks take: the longest one, or what the busiest person has, whichever is more.

    The walks go to the people one after the other, the longest first, each to whoever has least so far.
    """
    busy = [0.0] * min(request.volunteers, len(walks))
    for needed in sorted(walks["minutes"], reverse=True):
        heapq.heapreplace(busy, busy[0] + needed)
    return max(busy) / (request.hours * 60)


def _within_time(
    walks: pd.DataFrame, stops: pd.DataFrame, request: PlanRequest, streets: Streets | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Walks without the last stops of those that take longer than the time there is; a stop alone stays."""
    most = request.hours * 60
    for row in np.flatnonzero(walks["minutes"] > most):
        walk = walks.loc[row, "walk"]
        rows = stops.index[stops["walk"] == walk]
        while len(rows) > 1 and walks.loc[row, "minutes"] > most:
            rows = rows[:-1]
            points = stops.loc[rows, ["easting", "northing"]].to_numpy(float)
            metres = _metres_along(points, streets)
            doors = int(stops.loc[rows, "doors"].sum())
            walks.loc[row, ["doors", "metres", "stops"]] = [doors, round(metres, 1), len(rows)]
            walks.loc[row, "minutes"] = _minutes(doors, metres, bool(walks.loc[row, "is_block"]), request)
        stops = stops[(stops["walk"] != walk) | stops.index.isin(rows)]
    return walks.astype({"doors": int, "stops": int}), stops.reset_index(drop=True)


def _metres_along(points: np.ndarray, streets: Streets | None) -> float:
    """Length on foot of a way through points in their order."""
    if len(points) < 2:
        return 0.0
    if streets is None:
        return walking_metres(way_metres(points, np.arange(len(points))))
    metres = street_metres(streets, points)
    return float(np.diagonal(metres, offset=1).sum())


def _minutes(doors: int, metres: float, is_block: bool, request: PlanRequest) -> float:
    """
    Minutes of a walk, rounded up to a tenth, at the one pace by which areas are chosen, walks are cut and sheets are printed.

    A door takes its share of an hour, all in; where ways and lobbies take more than that they count, at the same pace.
    """
    on_foot = minutes(doors, metres, entrances=int(is_block)) * DOORS_PER_HOUR
    return math.ceil(max(on_foot, doors * 60) / request.doors_per_hour * 10 - 1e-6) / 10


def _choose(run: Run, stops: pd.DataFrame, request: PlanRequest, pace: float, today: date) -> Choice:
    units = stops.groupby("locality_code").agg(doors=("doors", "sum"), borough_code=("borough_code", "first"))
    units = units.reset_index(names="area_code")
    need = area_scores(run, Filters(), "locality", PRESETS["leaflet next"], today)
    # Where official figures say nothing, need is neither high nor low.
    middle = float(need.median()) if len(need) else 0.5
    units["need"] = units["area_code"].map(need).fillna(middle).clip(lower=0.05)
    # What was leafleted lately is not among the stops any more; what faded since has its place in the need.
    units["done_share"] = 0.0
    # Sizes that people asked for bound the doors as leaflets do.
    leaflets = (
        min(request.leaflets, int(sum(request.targets) / USED_SHARE)) if request.targets else request.leaflets
    )
    return choose(
        units,
        leaflets=leaflets,
        person_hours=request.volunteers * request.hours,
        doors_per_hour=request.doors_per_hour * pace,
        must=request.must,
        must_not=request.must_not,
        floor_per_borough=dict(request.floors),
    )


def _taken(stops: pd.DataFrame, chosen: pd.DataFrame, request: PlanRequest) -> pd.DataFrame:
    """The stops to walk: whole localities, and of the last one the part nearest to where the others or people are."""
    share = stops["locality_code"].map(chosen.set_index("area_code")["taken"]).fillna(0.0)
    is_taken = (share >= 1 - 1e-9).to_numpy(copy=True)
    points = stops[["easting", "northing"]].to_numpy(float)
    for _code, part in share[(share > 1e-9) & (share < 1 - 1e-9)].groupby(stops["locality_code"]):
        rows = part.index.to_numpy()
        budget = float(part.iloc[0]) * stops.loc[rows, "doors"].sum()
        near = _middle(points, is_taken, rows, request)
        rows = rows[_around(points[rows], near)]
        so_far = stops.loc[rows, "doors"].cumsum().to_numpy()
        kept = rows[so_far <= budget + 1e-6]
        is_taken[kept] = True
    return stops[is_taken].reset_index(drop=True)


def _middle(points: np.ndarray, is_taken: np.ndarray, rows: np.ndarray, request: PlanRequest) -> np.ndarray:
    if request.meeting_point is not None:
        return np.asarray(request.meeting_point, float)
    return (points[is_taken] if is_taken.any() else points[rows]).mean(axis=0)


def _around(points: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Rows in the order in which they are met, walking outwards over neighbours from the one nearest to `middle`."""
    graph = neighbours(points)
    first = int(np.argmin(((points - middle) ** 2).sum(axis=1)))
    lengths = graph.tocoo()
    steps = np.sqrt(((points[lengths.row] - points[lengths.col]) ** 2).sum(axis=1)).clip(min=1e-3)
    weighted = lengths.copy()
    weighted.data = steps
    metres = dijkstra(weighted.tocsr(), indices=first)
    return np.lexsort((np.arange(len(points)), metres.round(3)))


def _targets(stops: pd.DataFrame, request: PlanRequest, pace: float) -> float | list[float]:
    """
    Doors of a walk: as asked, or as many walks for each person, near the usual size.

    Nobody gets a walk that takes longer than the time there is: `pace` is 1, or less where walks of that size took longer.
    """
    full = max(request.hours * request.doors_per_hour * pace, 1.0)
    if request.targets:
        return [float(min(target, full)) if pace < 1 else float(target) for target in request.targets]
    if request.doors_per_walk:
        return float(min(request.doors_per_walk, full))
    each = stops["doors"].sum() / request.volunteers
    full = min(FULL_WALK_DOORS, full)
    sheets = max(round(each / TARGET_DOORS), int(np.ceil(each / full)), 1)
    if full < SMALL_WALK_DOORS:
        return float(max(full, stops["doors"].max()))
    # With more people than walks, some stay at home rather than everybody walking a corner.
    return float(each / sheets) if each / sheets >= SMALL_WALK_DOORS else float(min(TARGET_DOORS, full))


def _ordered(
    stops: pd.DataFrame,
    labels: np.ndarray,
    targets: np.ndarray,
    is_block: np.ndarray,
    request: PlanRequest,
    barriers: Sequence[BaseGeometry],
    streets: Streets | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Walks and stops in the order walked."""
    points = stops[["easting", "northing"]].to_numpy(float)
    report = check(stops, labels, neighbours(points, barriers), targets, is_block).walks
    rows, parts = [], []
    for number, connected in zip(report["walk"], report["is_connected"], strict=True):
        members = np.flatnonzero(labels == number)
        way, metres = _way(points[members], request, streets)
        of_walk = stops.iloc[members[way]]
        names = street_names(streets, points[members[way]]) if streets else [""] * len(members)
        doors = int(of_walk["doors"].sum())
        parts.append(of_walk.assign(walk=number + 1, position=np.arange(1, len(members) + 1), street=names))
        rows.append(
            {
                "walk": number + 1,
                "code": "",
                "doors": doors,
                "target": float(targets[number]),
                "metres": round(metres, 1),
                "minutes": _minutes(doors, metres, bool(is_block[number]), request),
                "is_block": bool(is_block[number]),
                "connected": bool(connected),
                "stops": len(members),
            }
        )
    return pd.DataFrame(rows), pd.concat(parts, ignore_index=True)


def _way(points: np.ndarray, request: PlanRequest, streets: Streets | None) -> tuple[np.ndarray, float]:
    """The order of a walk's points, and its length on foot."""
    if streets is None:
        way = order(points, request.meeting_point, seed=request.seed)
        return way, walking_metres(way_metres(points, way))
    metres = street_metres(streets, points)
    from_start = None
    if request.meeting_point is not None:
        from_start = np.sqrt(((points - request.meeting_point) ** 2).sum(axis=1))
    way = order_by_matrix(metres, from_start, seed=request.seed)
    return way, float(metres[way[:-1], way[1:]].sum())


def walk_codes(plan_id: str, count: int, spoken_for: Container[str] = ()) -> list[str]:
    """Short codes for walks, the same for the same plan, all different; they say nothing else."""
    codes: list[str] = []
    tries = itertools.count()
    while len(codes) < count:
        code = _code(f"{plan_id} {next(tries)}")
        if code not in codes and code not in spoken_for:
            codes.append(code)
    return codes


def _code(text: str) -> str:
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    letters = []
    for _place in range(_CODE_LETTERS):
        number, letter = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[letter])
    return "".join(letters)


def _digest(
    request: PlanRequest,
    stops: pd.DataFrame,
    barriers: Sequence[BaseGeometry],
    labels: np.ndarray | None = None,
) -> str:
    """What tells one plan from another: the request, the stops with their doors, the barriers, and edits by hand."""
    told = {
        "request": asdict(request),
        "stops": stops[["postcode", "doors"]].to_numpy().tolist(),
        "barriers": [shapely.to_wkt(barrier, rounding_precision=1) for barrier in barriers],
        "labels": [] if labels is None else labels.tolist(),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


def _areas(run: Run, every: pd.DataFrame, stops: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    names = run(areas.filter(_.level == "locality").select(area_code=_.code, area_name=_.name))
    table = every.groupby("locality_code")["doors"].sum().rename_axis("area_code").reset_index()
    taken = stops.groupby("locality_code")["doors"].sum()
    table["doors_taken"] = table["area_code"].map(taken).fillna(0).astype(int)
    table["share_taken"] = table["doors_taken"] / table["doors"]
    table = table.merge(names, on="area_code", how="left").merge(
        chosen[["area_code", "need"]], on="area_code"
    )
    columns = ["area_code", "area_name", "doors", "doors_taken", "share_taken", "need"]
    return table[columns].sort_values(
        ["doors_taken", "area_code"], ascending=[False, True], ignore_index=True
    )


def _sentences(
    walks: pd.DataFrame, chosen: pd.DataFrame, share_of_best: float, request: PlanRequest
) -> list[str]:
    doors, there = int(walks["doors"].sum()), int(chosen["doors"].sum())
    places = int((chosen["doors_taken"] > 0).sum())
    number = "1 walk" if len(walks) == 1 else f"{len(walks)} walks"
    hours = walks["minutes"].sum() / 60
    sentences = [
        f"{number} with about {doors:,} doors and as many leaflets: {hours:.1f} hours of walking, and {SETUP_MINUTES} minutes for each "
        f"{'place' if places == 1 else f'of {places} places'} to get there and begin, in {request.volunteers * request.hours:g} hours of people."
    ]
    sentences.append(_left_over(doors, there, hours + places * SETUP_MINUTES / 60, request))
    if share_of_best < 1:
        sentences.append(
            f"The choice of places is at least {np.floor(share_of_best * 1000) / 10:g} % of the best possible."
        )
    else:
        sentences.append("No other choice of places does more for these leaflets and hours.")
    walks_apart = walks[~walks["is_block"]]
    if len(walks_apart):
        near = ((walks_apart["doors"] / walks_apart["target"] - 1).abs() <= 0.1 + 1e-9).mean()
        sentences.append(f"{near * 100:.0f} % of the walks are within a tenth of the size they should have.")
    return sentences


def _left_over(doors: int, there: int, hours: float, request: PlanRequest) -> str:
    """What runs out first, and what of the other is left over: of the plan that was made."""
    leaflets = max(int(request.leaflets * USED_SHARE) - doors, 0)
    spare_hours = max(request.volunteers * request.hours - hours, 0.0)
    if doors == there:
        return f"Every door there is in it; about {leaflets:,} leaflets and {spare_hours:,.1f} hours are left over."
    shares = leaflets / request.leaflets, spare_hours / (request.volunteers * request.hours)
    if min(shares) > LITTLE:
        return (
            f"About {leaflets:,} leaflets and {spare_hours:,.1f} hours are left over: more doors would give somebody a walk longer than "
            "the time there is."
        )
    if shares[0] > shares[1]:
        return f"The time runs out first: about {leaflets:,} leaflets are left over."
    return f"The leaflets run out first: about {spare_hours:,.1f} hours are left over."
