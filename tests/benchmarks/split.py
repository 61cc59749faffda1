"""Walks of real areas beside METIS and k-means: how even, how long, how fast."""

import re
import subprocess
import sys
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist, squareform

from analysis.leafleting.check import check
from analysis.leafleting.graph import neighbours
from analysis.leafleting.split import split
from tests.analysis.leafleting.toys import real_stops
from tests.benchmarks.measure import best_seconds

AREAS = (
    ("district", "SE15"),
    ("district", "N17"),
    ("district", "E15"),
    ("district", "CR0"),
    ("authority_code", "E09000028"),
)


def bench() -> None:
    """Print balance, length, seconds and memory of each."""
    for column, area in AREAS:
        stops = real_stops(column, area)
        places = _Places(stops)
        cut = split(stops)
        count = int((~cut.is_block).sum())
        rivals = {
            "METIS": partial(places.metis, count, False),
            "METIS, edges weighted by nearness": partial(places.metis, count, True),
            "k-means": partial(places.k_means, count),
        }
        ours, *theirs = best_seconds(partial(split, stops), *rivals.values(), turns=2)
        metres = places.metres(cut.walk)
        print(
            f"Split, {area}: {len(stops):,} stops, {count} walks; {_balance(places, cut.walk, cut)}; "
            f"{metres / 1000:.1f} km; {ours:.1f} s, {_megabytes(stops):.0f} MB (aim: 98 % within 10 %, worst 25 %, "
            f"{5 if column == 'district' else 15} s, 300 MB)"
        )
        for (name, rival), seconds in zip(rivals.items(), theirs, strict=True):
            walk = rival()
            print(
                f"  {name}: {_balance(places, walk, None)}; our length {metres / places.metres(walk):.3f} of its"
                f"{' (aim: at most 1.03)' if name != 'k-means' else ''}; {seconds:.1f} s",
                flush=True,
            )


class _Places:
    """Distinct points of stops, as the rivals want them."""

    def __init__(self, stops: pd.DataFrame):
        self.stops = stops
        metres = stops[["easting", "northing"]].to_numpy()
        self.places, of_stop = np.unique(metres, axis=0, return_inverse=True)
        self.of_stop = of_stop.ravel()
        self.doors = np.bincount(self.of_stop, stops["doors"]).astype(int)
        self.graph = neighbours(metres)

    def metis(self, count: int, is_weighted: bool) -> np.ndarray:
        """Plain METIS sees who is beside whom but not how far; with weights it would rather cut long edges."""
        import pymetis  # here, so that a process that only splits does not hold it

        graph = neighbours(self.places)
        weights = None
        if is_weighted:
            here = np.repeat(np.arange(len(self.places)), np.diff(graph.indptr))
            metres = np.hypot(*(self.places[here] - self.places[graph.indices]).T)
            weights = np.maximum(1, np.rint(1000 / np.maximum(metres, 5))).astype(int).tolist()
        parts = pymetis.part_graph(
            count,
            adjacency=pymetis.CSRAdjacency(graph.indptr.tolist(), graph.indices.tolist()),
            vweights=self.doors.tolist(),
            eweights=weights,
            recursive=False,
            options=pymetis.Options(contig=1, seed=1),
        )[1]
        return np.array(parts)[self.of_stop]

    def k_means(self, count: int) -> np.ndarray:
        from sklearn.cluster import KMeans  # as above

        return (
            KMeans(count, n_init=1, random_state=0)
            .fit(self.places, sample_weight=self.doors)
            .labels_[self.of_stop]
        )

    def metres(self, walk: np.ndarray) -> float:
        """Length of all walks, straight lines, every walk ordered in the same way."""
        of_place = np.zeros(len(self.places), int)
        of_place[self.of_stop] = walk
        return sum(_path_metres(self.places[of_place == number]) for number in np.unique(of_place))


def _path_metres(points: np.ndarray) -> float:
    """The shortest open path that 2-opt finds from each end: good to about 1 %, and the same for all."""
    if len(points) < 2:
        return 0.0
    distance = squareform(pdist(points))
    return min(_two_opt(distance, start) for start in range(len(points)))


def _two_opt(distance: np.ndarray, start: int) -> float:
    path, left = [start], set(range(len(distance))) - {start}
    while left:
        path.append(min(left, key=lambda point: (distance[path[-1], point], point)))
        left.remove(path[-1])
    length = sum(distance[one, other] for one, other in pairwise(path))
    is_better = True
    while is_better:
        is_better = False
        for first in range(len(path) - 1):
            for last in range(first + 1, len(path)):
                before = distance[path[first - 1], path[first]] if first else 0.0
                behind = distance[path[last], path[last + 1]] if last + 1 < len(path) else 0.0
                now_before = distance[path[first - 1], path[last]] if first else 0.0
                now_behind = distance[path[first], path[last + 1]] if last + 1 < len(path) else 0.0
                gain = before + behind - now_before - now_behind
                if gain > 1e-9:
                    path[first : last + 1] = path[first : last + 1][::-1]
                    length -= gain
                    is_better = True
    return length


def _balance(places: _Places, walk: np.ndarray, cut) -> str:
    report = check(places.stops, walk, places.graph, *((cut.targets, cut.is_block) if cut else ()))
    broken = int((~report.walks["is_connected"]).sum())
    return f"{report.within_10_pct:.1%} within 10 %, worst {report.worst:+.0%}, {broken} broken"


def _megabytes(stops: pd.DataFrame) -> float:
    """The most that a process holds which does nothing but split these stops: Python and its libraries included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "stops.pickle"
        stops.to_pickle(path)
        code = f"import tests.benchmarks.split as bench; bench.split_alone({str(path)!r})"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def split_alone(path: str) -> None:
    """Split pickled stops and print the most memory this process held, in MB."""
    split(pd.read_pickle(path))
    # Not getrusage: its figure outlives the start of a process, and would be the benchmark's own.
    status = Path("/proc/self/status").read_text()
    print(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024)


if __name__ == "__main__":
    bench()
