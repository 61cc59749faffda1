"""What a person types to ask for walks, understood: areas, sizes, a meeting point."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from analysis.leafleting.choose import USED_SHARE
from analysis.leafleting.edit import HARD_MAX_DOORS
from analysis.leafleting.plan import PlanRequest
from analysis.ranks import ordinal
from data.errors import InputError
from data.geography.locate import find_area

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
        areas=tuple(dict.fromkeys([*_areas(typed.areas), *chosen])),
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


def _areas(text: str) -> list[tuple[str, str]]:
    areas = []
    for place, written in enumerate(filter(None, map(str.strip, re.split(r"[,;\n]", text))), start=1):
        found = find_area(written)
        if found is None:
            raise InputError(
                f"The {ordinal(place)} area is not known here. Write a borough, or a postcode district such as SE15, with commas "
                "between."
            )
        areas.append(found)
    return areas


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
