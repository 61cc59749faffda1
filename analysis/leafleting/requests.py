"""What a person asks for, understood: walks (areas, sizes, a meeting point), spots to hand leaflets out, a plan changed by hand."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from analysis.leafleting.choose import USED_SHARE
from analysis.leafleting.edit import HARD_MAX_DOORS, merge_walks, move_stop, split_walk
from analysis.leafleting.graph import neighbours
from analysis.leafleting.plan import Plan, PlanRequest, replan
from analysis.ranks import ordinal
from data.errors import InputError
from data.geography.locate import find_area
from data.geography.search import find_place
from data.places.named import place_of
from data.streets.network import Streets

_SATURDAY = 5
# Fewer doors are no walk.
LEAST_DOORS = 10


@dataclass(frozen=True)
class Typed:
    """
    A request as it was typed.

    `areas` is a text with commas between areas; `ranked` are 'level:code' chosen from a list; `sizes` is a text with commas
    between doors; `meeting_point` a postcode or ''; a `doors_per_walk` of 0 leaves the size of a walk open; `floors` are pairs
    of borough code and per cent of the doors that leaflets and people are enough for.
    """

    areas: str
    ranked: tuple[str, ...]
    leaflets: int
    volunteers: int
    hours: float
    doors_per_walk: int = 0
    sizes: str = ""
    meeting_point: str = ""
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    floors: tuple[tuple[str, int], ...] = ()
    doors_per_hour: int = 100
    again: bool = False


def read_request(typed: Typed, postcodes: pd.DataFrame) -> PlanRequest:
    """
    The request that was meant.

    Parameters
    ----------
    postcodes
        London's rows of the postcode reference.

    Raises
    ------
    InputError
        An area, a size or the meeting point is not understood, or a size is too small or too large for a walk.
    """
    sizes = _sizes(typed.sizes)
    chosen = [tuple(each.split(":", 1)) for each in typed.ranked]
    return PlanRequest(
        areas=tuple(dict.fromkeys([*read_areas(typed.areas), *chosen])),
        leaflets=typed.leaflets,
        volunteers=typed.volunteers,
        hours=typed.hours,
        doors_per_walk=typed.doors_per_walk or None,
        targets=sizes,
        meeting_point=_point(typed.meeting_point, postcodes),
        must=typed.must,
        must_not=typed.must_not,
        floors=tuple((code, per_cent / 100 * _most_doors(typed, sizes)) for code, per_cent in typed.floors),
        doors_per_hour=float(typed.doors_per_hour),
        again=typed.again,
    )


def read_areas(text: str) -> tuple[tuple[str, str], ...]:
    """
    Areas as people write them, with commas between: boroughs, districts, localities and the names of areas.

    Returns
    -------
    areas
        Pairs of level ('borough', 'district', 'locality', 'authority') and code. The name of an area comes to its postcode district
        where that is nearly certain, and to its borough otherwise, as in the log; one that needs its borough takes what follows
        the next comma: "Cricklewood, Barnet".

    Raises
    ------
    InputError
        An area is not known; the sentence says which.

    >>> read_areas("SE15, Peckham, Cricklewood, Barnet")
    (('district', 'SE15'), ('borough', 'E09000003'))
    """
    parts = list(filter(None, map(str.strip, re.split(r"[,;\n]", text))))
    areas, place = [], 0
    while parts:
        place += 1
        found, reason = _area_of(parts[0])
        taken = 1
        if found is None and len(parts) > 1:
            found, _ = _area_of(f"{parts[0]}, {parts[1]}")
            taken = 2
        if found is None:
            raise InputError(f"The {ordinal(place)} area: {reason}")
        areas.append(found)
        parts = parts[taken:]
    return tuple(dict.fromkeys(areas))


def _area_of(written: str) -> tuple[tuple[str, str] | None, str]:
    """An area by its code or name, or None and why not."""
    if found := find_area(written):
        return found, ""
    try:
        place = place_of(written)
    except InputError as error:
        return None, str(error)
    code = {
        "locality": place.locality_code,
        "district": place.postcode_district,
        "borough": place.borough_code,
    }
    return (place.location_precision, code[place.location_precision]), ""


def _sizes(text: str) -> tuple[int, ...]:
    written = list(filter(None, map(str.strip, re.split(r"[,;\s]", text))))
    if not all(re.fullmatch(r"[0-9]{1,4}", size) for size in written):
        raise InputError("Write the sizes as doors with commas between, one for each walk: 80, 150, 150.")
    sizes = tuple(map(int, written))
    if not all(LEAST_DOORS <= size <= HARD_MAX_DOORS for size in sizes):
        raise InputError(
            f"A walk has at least {LEAST_DOORS} and at most {HARD_MAX_DOORS} doors; write other sizes."
        )
    return sizes


def _most_doors(typed: Typed, sizes: tuple[int, ...]) -> float:
    """Doors that leaflets and people are enough for, and the sizes asked for, if any."""
    doors = min(typed.leaflets * USED_SHARE, typed.volunteers * typed.hours * typed.doors_per_hour)
    return min(doors, sum(sizes)) if sizes else doors


def _point(text: str, postcodes: pd.DataFrame) -> tuple[float, float] | None:
    if not text:
        return None
    rows = postcodes[postcodes["postcode"] == "".join(text.split()).upper()].dropna(subset="easting")
    if rows.empty:
        raise InputError("The meeting point is no postcode of London. Write one such as SE15 4QL.")
    return float(rows["easting"].iloc[0]), float(rows["northing"].iloc[0])


def ranked_choices(table: pd.DataFrame, level: str, noun: str) -> dict[str, str]:
    """Areas of `PriorityResult.table` to choose from, most urgent first: 'district:E15' -> 'E15, 1st district'."""
    return {
        f"{level}:{row.area_code}": f"{row.area_name}, {ordinal(place)} {noun}"
        for place, row in enumerate(table.itertuples(), start=1)
    }


def coming_saturday(today: date) -> date:
    """
    The next Saturday, or today if it is one.

    >>> coming_saturday(date(2026, 11, 23))
    datetime.date(2026, 11, 28)
    """
    return today + timedelta(days=(_SATURDAY - today.weekday()) % 7)


SPOT_KINDS = ("shop row", "market", "station", "place of worship", "other")
MOST_LEAFLETS = 10_000
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}")


@dataclass(frozen=True)
class Spot:
    """A spot: its `kind` (one of `SPOT_KINDS`), its `place` as people call it, and the leaflets to take there."""

    kind: str
    place: str
    leaflets: int


def read_spot(kind: str, place: str, leaflets: int) -> Spot:
    """
    A spot from what a person typed.

    Parameters
    ----------
    place
        A postcode or the name of a place in London; it stays as the map of places calls it.

    Raises
    ------
    InputError
        No such place is known, or the leaflets are out of bounds.
    """
    if not 1 <= leaflets <= MOST_LEAFLETS:
        raise InputError(f"A spot takes between 1 and {MOST_LEAFLETS:,} leaflets.")
    matches = find_place(place) if place.strip() else []
    if not matches:
        raise InputError(
            "No London postcode or place of that name is known here. Try the postcode of a shop there."
        )
    code = "".join(place.upper().split())
    # A full postcode is found as its locality; here it is a street corner to go to.
    return Spot(kind, f"{code[:-3]} {code[-3:]}" if _POSTCODE.fullmatch(code) else matches[0].name, leaflets)


def move(plan: Plan, postcode: str, to_walk: int, streets: Streets | None = None) -> Plan:
    """The plan after a postcode was given to another walk; see `edit.move_stop` for what is refused."""
    return replan(plan, move_stop(plan.stops, _labels(plan), _graph(plan), postcode, to_walk), streets)


def merge(plan: Plan, one: int, other: int, streets: Streets | None = None) -> Plan:
    """The plan after two walks were joined; see `edit.merge_walks` for what is refused."""
    first, second = sorted((one, other))
    return replan(plan, merge_walks(plan.stops, _labels(plan), _graph(plan), first, second), streets)


def cut_in_two(plan: Plan, walk: int, streets: Streets | None = None) -> Plan:
    """The plan after a walk was cut in two; see `edit.split_walk` for what is refused."""
    return replan(plan, split_walk(plan.stops, _labels(plan), _graph(plan), walk), streets)


def _labels(plan: Plan) -> np.ndarray:
    return plan.stops["walk"].to_numpy()


def _graph(plan: Plan) -> csr_array:
    return neighbours(plan.stops[["easting", "northing"]].to_numpy(float), plan.barriers)
