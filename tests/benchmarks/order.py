"""Orders and choices beside OR-Tools, PyVRP, fast-tsp and plain greed: how short, how much, how fast."""

import time
from collections.abc import Callable
from importlib.util import find_spec

import fast_tsp
import numpy as np
import pandas as pd
from pyvrp import Model
from pyvrp.stop import MaxRuntime

from analysis.leafleting.choose import choose
from analysis.leafleting.order import order, straight_metres
from analysis.leafleting.split import split
from tests.analysis.leafleting.test_order import BERLIN52, lattice
from tests.analysis.leafleting.toys import real_stops

# Walks of one district that the search was not tuned on.
DISTRICT = "SW16"
# What the rivals are given, who would go on for ever.
SECONDS_PER_WALK, SECONDS_PER_TOUR = 0.2, 5

Solver = Callable[[np.ndarray, float], list[int]]


def bench() -> None:
    """Print lengths as shares of the proven optimum, or of fast-tsp's tour, and seconds."""
    if "OR-Tools" not in RIVALS:
        print(
            "Order: OR-Tools is not installed; in an environment of its own, `pip install ortools` puts it beside the others."
        )
    _bench_walks()
    berlin = np.array(BERLIN52.split(), dtype=float).reshape(-1, 2)
    _bench_tour("berlin52 (proven optimum)", berlin, 7542)
    _bench_tour("lattice of 20 by 20 (proven optimum)", lattice(20, 20), 20_000)
    random = np.random.default_rng(0)
    for count in (100, 400, 1000):
        _bench_tour(
            f"{count:,} points by chance (fast-tsp)", np.rint(random.uniform(0, 10_000, (count, 2))), None
        )
    _bench_choice()


def _bench_walks() -> None:
    stops = real_stops("district", DISTRICT)
    points = stops[["easting", "northing"]].to_numpy()
    walk = split(stops).walk
    walks = [np.unique(points[walk == one], axis=0) for one in np.unique(walk)]
    walks = [each for each in walks if len(each) > 3]
    # Twentieths of a metre: whole numbers for the rivals, of which fast-tsp takes none above 65,535.
    lengths = [_open(straight_metres(each) * 20) for each in walks]
    start = time.perf_counter()
    ours = [order(each) for each in walks]
    seconds = time.perf_counter() - start
    metres = [_round_length(one, [*way, len(way)]) for one, way in zip(lengths, ours, strict=True)]
    stops_each = [len(each) for each in walks]
    print(
        f"Order, {len(walks)} walks of {min(stops_each)} to {max(stops_each)} stops in {DISTRICT}: {sum(metres) / 20_000:.2f} km, "
        f"{seconds / len(walks) * 1000:.0f} ms a walk (aims: exact to 13 stops, 30 ms)"
    )
    for name, solver in RIVALS.items():
        start = time.perf_counter()
        tours = [solver(one, SECONDS_PER_WALK) for one in lengths]
        seconds = time.perf_counter() - start
        theirs = [_round_length(one, tour) for one, tour in zip(lengths, tours, strict=True)]
        print(
            f"  {name}: {sum(theirs) / 20_000:.2f} km, ours {sum(metres) / sum(theirs):.4f} of it, longest "
            f"{max(np.divide(metres, theirs)):.4f}; {seconds / len(walks) * 1000:.0f} ms a walk",
            flush=True,
        )


def _bench_tour(name: str, points: np.ndarray, optimum: float | None) -> None:
    lengths = np.rint(straight_metres(points)).astype(int)
    rivals = {rival: _timed(solver, lengths, SECONDS_PER_TOUR) for rival, solver in RIVALS.items()}
    best = optimum or rivals["fast-tsp"][0]
    found = {"ours": _timed(lambda _, __: order(points, is_loop=True), lengths, 0), **rivals}
    told = (f"{rival} {length / best:.4f} in {seconds:.1f} s" for rival, (length, seconds) in found.items())
    print(f"Round tour, {name}: {', '.join(told)} (aim: at most 1.01)", flush=True)


def _timed(solver: Solver, lengths: np.ndarray, most_seconds: float) -> tuple[float, float]:
    start = time.perf_counter()
    tour = solver(lengths, most_seconds)
    return _round_length(lengths, tour), time.perf_counter() - start


def _open(metres: np.ndarray) -> np.ndarray:
    """An open way is a round tour through one more place, as near to every stop as can be."""
    return np.pad(np.rint(metres).astype(int), (0, 1))


def _round_length(lengths: np.ndarray, tour: list[int]) -> float:
    return float(lengths[tour, np.roll(tour, -1)].sum())


def _fast_tsp(lengths: np.ndarray, seconds: float) -> list[int]:
    return fast_tsp.find_tour(lengths.tolist(), duration_seconds=seconds)


def _or_tools(lengths: np.ndarray, seconds: float) -> list[int]:
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    manager = pywrapcp.RoutingIndexManager(len(lengths), 1, 0)
    routing = pywrapcp.RoutingModel(manager)
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(lengths.tolist()))
    settings = pywrapcp.DefaultRoutingSearchParameters()
    settings.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.SAVINGS
    settings.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    settings.time_limit.FromMilliseconds(int(seconds * 1000))
    solution = routing.SolveWithParameters(settings)
    tour, index = [], routing.Start(0)
    while not routing.IsEnd(index):
        tour.append(manager.IndexToNode(index))
        index = solution.Value(routing.NextVar(index))
    return tour


def _pyvrp(lengths: np.ndarray, seconds: float) -> list[int]:
    model = Model()
    places = [model.add_location(0, 0) for _ in lengths]
    depot = model.add_depot(places[0])
    for place in places[1:]:
        model.add_client(place)
    model.add_vehicle_type(1, start_depot=depot, end_depot=depot)
    for one, row in zip(places, lengths.tolist(), strict=True):
        for other, length in zip(places, row, strict=True):
            model.add_edge(one, other, length)
    route = model.solve(MaxRuntime(seconds), display=False).best.routes()[0]
    return [0, *(visit.idx + 1 for visit in route.schedule() if visit.is_client())]


RIVALS: dict[str, Solver] = {"fast-tsp": _fast_tsp, "PyVRP": _pyvrp}
# OR-Tools wants an older protobuf than the dashboard has, so it is not in requirements-dev.txt.
if find_spec("ortools"):
    RIVALS["OR-Tools"] = _or_tools


def _bench_choice() -> None:
    random = np.random.default_rng(0)
    count = 1126
    units = pd.DataFrame(
        {
            "area_code": [f"A{number:04}" for number in range(count)],
            "doors": random.integers(300, 5000, count),
            "need": random.integers(1, 6, count),
            "done_share": 0.0,
            "borough_code": "unknown",
        }
    )
    for leaflets, hours in ((3_000, 12), (20_000, 200), (200_000, 1_000)):
        start = time.perf_counter()
        choice = choose(units, leaflets, hours)
        seconds = time.perf_counter() - start
        reached = (choice.table["doors_taken"] * choice.table["need"]).sum()
        print(
            f"Choice of {count:,} areas, {leaflets:,} leaflets, {hours:,} hours: {choice.bound:.4f} of the best possible at least "
            f"(aim: 0.99), {seconds:.1f} s; plain greed {_greedy(units, leaflets, hours) / reached:.4f} of ours",
            flush=True,
        )


def _greedy(units: pd.DataFrame, leaflets: float, hours: float) -> float:
    """Neediest first, as long as there is enough of both."""
    doors, time_left, value = leaflets * 0.95, float(hours), 0.0
    for row in units.sort_values(["need", "doors"], ascending=[False, True]).itertuples():
        taken = min(row.doors, doors, (time_left - 0.25) * 100)
        if taken <= 0:
            break
        doors, time_left, value = doors - taken, time_left - 0.25 - taken / 100, value + taken * row.need
    return value


if __name__ == "__main__":
    bench()
