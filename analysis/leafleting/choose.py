"""Which areas to leaflet with the leaflets and the people there are, and how far from the best possible that is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import eye_array, hstack

from data.errors import InputError
from data.geography.names import authority_name

# Held back for spoilt leaflets and for doors that no list knew of.
USED_SHARE = 0.95
DOORS_PER_HOUR = 100
# Handing out the sheets and getting to an area, in person-minutes: our own estimate.
SETUP_MINUTES = 15
# A plan is for one leafleting day; more than this is a slip of the keyboard.
MOST_LEAFLETS = 1_000_000
MOST_PERSON_HOURS = 100_000
# The solver stops once the choice is proven this near the best possible, or at this many steps: never by the clock,
# or two machines would choose differently.
GAP = 5e-4
MOST_NODES = 500


@dataclass(frozen=True)
class Choice:
    """
    The areas chosen.

    `table` has one row per area of the request, by code: `area_code, borough_code, doors` (left to do), `need`,
    `taken` (share of those doors, 0 to 1), `doors_taken` (as many leaflets), `person_hours`. At most one area is taken in part.
    `bound` is the share that the choice reaches of the best that any choice could, at least. `runs_out` says whether leaflets or hours
    run out first, before walks are cut.
    """

    table: pd.DataFrame
    doors: float
    person_hours: float
    bound: float
    finding: str
    runs_out: str
    notes: list[str] = field(default_factory=list)


def choose(
    units: pd.DataFrame,
    leaflets: float,
    person_hours: float,
    doors_per_hour: float = DOORS_PER_HOUR,
    setup_minutes: float = SETUP_MINUTES,
    must: Collection[str] = (),
    must_not: Collection[str] = (),
    floor_per_borough: Mapping[str, float] | None = None,
) -> Choice:
    """
    The areas whose doors and need add up to the most, within leaflets and hours.

    Maximises the sum of doors left × need, to within 0.05 %. Areas are taken whole, but for one, which may be taken in part.

    Parameters
    ----------
    units
        Columns `area_code` (unique), `doors` (letterboxes), `need` (0 or more, any scale), `done_share` (of the doors, 0 to
        1; no leaflets go there again), `borough_code`.
    leaflets
        95 % of them are given out by plan.
    person_hours
        People times hours.
    doors_per_hour
        By one person, all in.
    setup_minutes
        Person-minutes for each area, however much of it is done.
    must, must_not
        Area codes: taken whole, or not at all.
    floor_per_borough
        Doors at least, by borough code.

    Raises
    ------
    InputError
        Nothing to give out, nobody to do it, or wishes that cannot be met together.
    """
    _check_budget(leaflets, person_hours)
    units = units.sort_values("area_code", ignore_index=True)
    doors = (units["doors"] * (1 - units["done_share"])).to_numpy(dtype=float)
    _check_areas(units, doors, must, must_not)
    floors = dict(sorted((floor_per_borough or {}).items()))
    is_open = ~units["area_code"].isin(list(must_not)).to_numpy() & (doors > 0)
    _check_floors(units["borough_code"], np.where(is_open, doors, 0), floors)
    day = _Day(
        doors=doors,
        value=doors * units["need"].to_numpy(dtype=float),
        hours=doors / doors_per_hour,
        setup_hours=setup_minutes / 60,
        most_doors=leaflets * USED_SHARE,
        most_hours=person_hours,
        is_open=is_open,
        is_must=is_open & units["area_code"].isin(list(must)).to_numpy(),
    )
    _check_must(day)
    is_there = np.array([units["borough_code"] == borough for borough in floors]).reshape(-1, len(units))
    taken, best = _solve(day, is_there, list(floors.values()))
    table = units[["area_code", "borough_code"]].assign(doors=doors, need=units["need"], taken=taken)
    table["taken"] = _in_order_of_codes(table, day)
    table["doors_taken"] = table["taken"] * doors
    table["person_hours"] = table["taken"] * day.hours + (table["taken"] > 0) * day.setup_hours
    return _tell(table, day, best, sorted(set(must) - set(units["area_code"][day.is_must])))


@dataclass(frozen=True)
class _Day:
    """What there is to do and to do it with; arrays hold one value per area."""

    doors: np.ndarray
    value: np.ndarray
    hours: np.ndarray
    setup_hours: float
    most_doors: float
    most_hours: float
    is_open: np.ndarray
    is_must: np.ndarray


def _check_budget(leaflets: float, person_hours: float) -> None:
    if not leaflets >= 1:
        raise InputError("There are no leaflets to give out; say how many there are.")
    if leaflets > MOST_LEAFLETS:
        raise InputError(
            f"A plan takes at most {MOST_LEAFLETS:,} leaflets; plan for one day, then for the next."
        )
    if not person_hours > 0:
        raise InputError("There is nobody to give leaflets out; say how many people and for how many hours.")
    if person_hours > MOST_PERSON_HOURS:
        raise InputError(
            f"A plan takes at most {MOST_PERSON_HOURS:,} hours of work; plan for one day, then for the next."
        )


def _check_areas(
    units: pd.DataFrame, doors: np.ndarray, must: Collection[str], must_not: Collection[str]
) -> None:
    both = sorted(set(must) & set(must_not))
    if both:
        raise InputError(f"{both[0]} is both wanted and ruled out; take it off one of the two lists.")
    strangers = sorted(set(must) - set(units["area_code"]))
    if strangers:
        raise InputError(
            f"{strangers[0]} is not among the areas to choose from; add it to them, or want another."
        )
    if not (doors[~units["area_code"].isin(list(must_not))] > 0).any():
        raise InputError(
            "No doors are left in these areas; choose others, or release areas that count as done."
        )


def _check_must(day: _Day) -> None:
    doors = day.doors[day.is_must].sum()
    hours = (day.hours[day.is_must] + day.setup_hours).sum()
    if doors > day.most_doors:
        raise InputError(
            f"The areas that must be in it have about {doors:,.0f} doors, and the leaflets are enough for "
            f"{day.most_doors:,.0f}; want fewer areas, or bring more leaflets."
        )
    if hours > day.most_hours:
        raise InputError(
            f"The areas that must be in it take about {hours:,.1f} hours of work, and there are {day.most_hours:,.1f}; "
            "want fewer areas, or find more people."
        )


def _check_floors(boroughs: pd.Series, doors: np.ndarray, floors: Mapping[str, float]) -> None:
    for borough, least in floors.items():
        there = doors[boroughs == borough].sum()
        if least > there:
            raise InputError(
                f"{authority_name(borough)} has about {there:,.0f} doors left in these areas, fewer than the {least:,.0f} it should get; "
                "lower that number, or add areas there."
            )


def _solve(day: _Day, is_there: np.ndarray, floors: list[float]) -> tuple[np.ndarray, float]:
    """
    The mixed-integer programme; for each area: taken whole (0 or 1), taken in part (0 or 1), share of that part.

    Parameters
    ----------
    is_there
        (boroughs with a floor, areas): which lies in which.

    Returns
    -------
    taken
        Share of each area.
    best
        What no choice can exceed, in doors × need.
    """
    count = len(day.doors)
    each, ones, zeros = eye_array(count), np.ones(count), np.zeros(count)
    # One of the solver's tolerances is absolute; a large sum keeps it small beside any answer.
    scale = day.value.sum() / 1e6 or 1.0
    floored = is_there * day.doors
    limits = [
        LinearConstraint(np.concatenate([day.doors, zeros, day.doors]) / day.most_doors, ub=1),
        LinearConstraint(
            np.concatenate([day.hours + day.setup_hours, ones * day.setup_hours, day.hours]) / day.most_hours,
            ub=1,
        ),
        LinearConstraint(np.concatenate([zeros, ones, zeros]), ub=1),
        LinearConstraint(hstack([each, each, 0 * each]), ub=1),
        LinearConstraint(hstack([0 * each, -each, each]), ub=0),
        *(
            LinearConstraint(np.concatenate([row, zeros, row]), lb=least)
            for row, least in zip(floored, floors, strict=True)
        ),
    ]
    answer = milp(
        -np.concatenate([day.value, zeros, day.value]) / scale,
        integrality=np.repeat([1, 1, 0], count),
        bounds=Bounds(np.concatenate([day.is_must, zeros, zeros]), np.tile(day.is_open, 3)),
        constraints=limits,
        options={"mip_rel_gap": GAP, "node_limit": MOST_NODES},
    )
    if answer.x is None:
        raise InputError(
            "These wishes cannot be met together with so many leaflets and hours; want fewer areas, or lower what each "
            "borough should get."
        )
    whole, _, part = answer.x.reshape(3, count)
    # Cut at the fourth place: the solver's last digits are not the same on every machine.
    taken = np.maximum(np.round(whole), np.floor(part * 1e4 + 1e-3) / 1e4)
    return taken, -answer.mip_dual_bound * scale


def _in_order_of_codes(table: pd.DataFrame, day: _Day) -> pd.Series:
    """Between areas alike in all else it is chance which of them the solver takes: take the first."""
    alike = [table["doors"], table["need"], table["borough_code"], day.is_open, day.is_must]
    return table.groupby(alike)["taken"].transform(lambda taken: np.sort(taken)[::-1])


def _tell(table: pd.DataFrame, day: _Day, best: float, without_doors: list[str]) -> Choice:
    doors, hours = table["doors_taken"].sum(), table["person_hours"].sum()
    reached = float(table["taken"].to_numpy() @ day.value)
    bound = min(1.0, reached / best) if best > 0 else 1.0
    return Choice(
        table=table,
        doors=float(doors),
        person_hours=float(hours),
        bound=bound,
        finding=_finding(table, doors, hours, bound),
        runs_out=_what_runs_out(day, table),
        notes=[*_left_out(table), *map(_has_no_doors, without_doors)],
    )


def _finding(table: pd.DataFrame, doors: float, hours: float, bound: float) -> str:
    whole = int((table["taken"] == 1).sum())
    part = table[(table["taken"] > 0) & (table["taken"] < 1)]
    parts = [_areas(whole)] if whole or part.empty else []
    parts += [f"{share:.0%} of {code}" for code, share in zip(part["area_code"], part["taken"], strict=True)]
    # Rounded up: what is promised must hold.
    missed = max(0.1, np.ceil((1 - bound) * 1000) / 10)
    return (
        f"{' and '.join(parts)}: about {doors:,.0f} doors in {hours:,.1f} hours of work, within {missed:.1f} % "
        "of the best possible with these leaflets and people."
    )


def _areas(count: int) -> str:
    return "1 area" if count == 1 else f"{count:,} areas"


def _what_runs_out(day: _Day, table: pd.DataFrame) -> str:
    spare_doors = day.most_doors - table["doors_taken"].sum()
    spare_hours = day.most_hours - table["person_hours"].sum()
    if (table["taken"] == 1)[day.is_open & (day.value > 0)].all():
        return f"Every area in need is in it; about {spare_doors:,.0f} leaflets and {spare_hours:,.1f} hours are left over."
    if spare_hours / day.most_hours < spare_doors / day.most_doors:
        return f"The hours run out first: about {spare_doors:,.0f} leaflets are left over."
    return f"The leaflets run out first: about {spare_hours:,.1f} hours are left over."


def _left_out(table: pd.DataFrame) -> list[str]:
    """Need per hour prefers dense flats; who gets nothing should be seen."""
    table = table[table["doors"] > 0]
    reached = table.groupby("borough_code")["doors_taken"].sum()
    missed = int((reached == 0).sum())
    if not missed or missed == len(reached):
        return []
    boroughs = "1 borough" if missed == 1 else f"{missed} boroughs"
    return [
        f"{boroughs} of {len(reached)} in question get{'s' if missed == 1 else ''} nothing; set a floor to change that."
    ]


def _has_no_doors(area_code: str) -> str:
    return f"{area_code} must be in it but has no doors left to do."
