"""A plan changed by hand: one stop moved, two walks joined, one cut in two."""

import numpy as np
from scipy.sparse import csr_array

from analysis.leafleting.edit import merge_walks, move_stop, split_walk
from analysis.leafleting.graph import neighbours
from analysis.leafleting.plan import Plan, replan
from analysis.leafleting.streets import Streets


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
