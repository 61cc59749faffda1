"""
In which order to walk the stops of a walk: exact when it is small, within a hundredth of the shortest when not.

The search for short round tours goes by 2-opt and Or-opt, then by kicks that are kept if they help. Lengths are whole numbers,
so sums are exact and the same tour comes out on every machine; work is bounded by the number of kicks, never by time.

References
----------
Bentley, *Fast algorithms for geometric traveling salesman problems*, ORSA J. Computing 4 (1992): neighbour lists, don't-look
bits. Applegate, Cook and Rohe, *Chained Lin-Kernighan for large traveling salesman problems*, INFORMS J. Computing 15
(2003): kicks near each other in space, chosen by random walks.
"""

import random

import numpy as np

from data.errors import InputError

# Up to here every order is weighed (Held-Karp); each stop more doubles the work.
EXACT_STOPS = 13
# Streets bend: people walk about 1.3 times the straight line.
DETOUR = 1.3
SECONDS_PER_DOOR = 25
METRES_PER_SECOND = 1.2
# A lobby, an entry phone: our own estimate, to be corrected from returned sheets.
SECONDS_PER_ENTRANCE = 60

# Lengths are counted in whole millimetres, so that sums are exact and every machine finds the same order.
UNITS_PER_METRE = 1000
NEAREST = 6
NEAREST_PER_QUARTER = 2
NEAREST_BY_MATRIX = 16
KICKS_PER_STOP = 20
FEWEST_KICKS = 30
# One search of a few dozen stops is stuck now and then, whatever the kicks; three from different beginnings hardly ever are.
STARTS = 3
MOST_STOPS_STARTED_AGAIN = 150


def order(
    points: np.ndarray, start: tuple[float, float] | None = None, is_loop: bool = False, seed: int = 0
) -> np.ndarray:
    """
    The shortest way through all points, from the end nearest the meeting point.

    Up to 13 different points the order is the best there is; beyond, within about 1 % of it. Rows with the same
    point stay together, in the order given. The order of the rows does not change the way.

    Parameters
    ----------
    points
        (n, 2) easting and northing, EPSG:27700, metres. n x n lengths are held: for walks, not for a whole borough.
    start
        The meeting point; without it the way starts at its more westerly end.
    is_loop
        Come back to the first stop: the way starts at the stop nearest the meeting point.
    seed
        Of the search beyond 13 points.

    Returns
    -------
    order
        (n,) the rows of `points` in the order to walk them.

    Raises
    ------
    InputError
        A point without coordinates.

    Notes
    -----
    Held and Karp, *A dynamic programming approach to sequencing problems*, SIAM J. 10 (1962).
    """
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    if not np.isfinite(points).all():
        raise InputError(
            "A stop has no grid reference, so it cannot be put in order; leave it out of the walk."
        )
    places, place_of_row = np.unique(points, axis=0, return_inverse=True)
    lengths = straight_metres(places)
    near = _near_by_point(places, lengths)
    from_start = None if start is None else straight_metres(np.vstack([places, start]))[-1, :-1]
    way = _shortest_way(lengths, near, from_start, is_loop, seed)
    rank = np.empty(len(places), dtype=int)
    rank[way] = np.arange(len(places))
    return np.argsort(rank[place_of_row], kind="stable")


def order_by_matrix(
    metres: np.ndarray, from_start: np.ndarray | None = None, is_loop: bool = False, seed: int = 0
) -> np.ndarray:
    """
    As `order`, from lengths between stops: along streets, for example.

    Parameters
    ----------
    metres
        (n, n) lengths, the same both ways.
    from_start
        (n,) lengths from the meeting point to each stop.

    Raises
    ------
    InputError
        Two stops without a way between them.
    """
    metres = np.asarray(metres, dtype=float)
    if not np.isfinite(metres).all():
        raise InputError("No way leads between some stops; order this walk by straight lines instead.")
    return _shortest_way(metres, _nearest(metres, NEAREST_BY_MATRIX), from_start, is_loop, seed)


def straight_metres(points: np.ndarray) -> np.ndarray:
    """(n, n) straight lines between (n, 2) points, in the points' unit."""
    # Not `hypot`: the square root is rounded alike on every machine.
    east, north = (column[:, None] - column[None, :] for column in points.T)
    return np.sqrt(east * east + north * north)


def way_metres(points: np.ndarray, way: np.ndarray, is_loop: bool = False) -> float:
    """Length of a way through (n, 2) points in straight lines, back to its first stop if it is a loop."""
    walked = np.asarray(points, dtype=float)[way]
    if is_loop:
        walked = np.vstack([walked, walked[:1]])
    east, north = np.diff(walked, axis=0).T
    return float(np.sqrt(east * east + north * north).sum())


def walking_metres(straight: float) -> float:
    """What is walked for a straight line, in metres: 1.3 times it."""
    return straight * DETOUR


def minutes(
    doors: float,
    metres: float,
    seconds_per_door: float = SECONDS_PER_DOOR,
    metres_per_second: float = METRES_PER_SECOND,
    entrances: int = 0,
    seconds_per_entrance: float = SECONDS_PER_ENTRANCE,
) -> float:
    """
    How long a walk takes.

    Parameters
    ----------
    doors
        Letterboxes; the seconds for each hold the steps from one door to the next.
    metres
        Walked between stops (`walking_metres`).
    entrances
        Blocks with a lobby or an entry phone.
    """
    seconds = doors * seconds_per_door + metres / metres_per_second + entrances * seconds_per_entrance
    return seconds / 60


def _shortest_way(
    metres: np.ndarray, near: list[list[int]], from_start: np.ndarray | None, is_loop: bool, seed: int
) -> np.ndarray:
    """The way through n different places, each with the places that lie near it, turned to where it should begin."""
    lengths = np.rint(metres * UNITS_PER_METRE).astype(np.int64)
    if len(lengths) <= EXACT_STOPS:
        way = _exact_way(lengths, is_loop)
    else:
        way = _searched_way(lengths, near, is_loop, seed)
    return _begin(way, np.arange(len(way)) if from_start is None else np.asarray(from_start), is_loop)


def _begin(way: np.ndarray, from_start: np.ndarray, is_loop: bool) -> np.ndarray:
    """Turn a way so that it begins as near the meeting point as it can."""
    if len(way) < 2:
        return way
    if is_loop:
        way = np.roll(way, -int(np.argmin(from_start[way])))
        is_backward = from_start[way[-1]] < from_start[way[1]]
        return np.roll(way[::-1], 1) if is_backward else way
    return way[::-1] if from_start[way[-1]] < from_start[way[0]] else way


def _exact_way(lengths: np.ndarray, is_loop: bool) -> np.ndarray:
    """
    The shortest of all ways, by dynamic programming over sets of stops (Held-Karp).

    `best[visited, last]` is the shortest way through the stops of the bit set `visited` that ends at `last`.
    """
    count = len(lengths)
    if count < 3:
        return np.arange(count)
    best = np.full((1 << count, count), np.iinfo(np.int64).max // 4)
    for first in range(1 if is_loop else count):
        best[1 << first, first] = 0
    sizes = np.bitwise_count(np.arange(1 << count))
    for size in range(1, count):
        visited = np.flatnonzero(sizes == size)
        onward = (best[visited][:, :, None] + lengths).min(axis=1)
        for stop in range(count):
            is_new = visited & (1 << stop) == 0
            best[visited[is_new] | (1 << stop), stop] = onward[is_new, stop]
    visited = (1 << count) - 1
    way = [int(np.argmin(best[visited] + (lengths[0] if is_loop else 0)))]
    while len(way) < count:
        visited ^= 1 << way[-1]
        way.append(int(np.argmin(best[visited] + lengths[way[-1]])))
    return np.array(way)


def _searched_way(lengths: np.ndarray, near: list[list[int]], is_loop: bool, seed: int) -> np.ndarray:
    """A way by local search; an open one is a round tour through one more node, as near to every stop as can be."""
    count, joined, roads = len(lengths), near, near
    padded = lengths if is_loop else np.pad(lengths, (0, 1))
    if not is_loop:
        joined, roads = [*([count, *others] for others in near), []], [*near, []]
    starts = STARTS if count <= MOST_STOPS_STARTED_AGAIN else 1
    kicks = max(FEWEST_KICKS, min(count * count // 20, count * KICKS_PER_STOP))
    rows, tours = padded.tolist(), []
    for start in range(starts):
        begin = [*_nearest_neighbour_tour(lengths, start * count // starts), *range(count, len(padded))]
        tours.append(find_tour(rows, joined, roads, begin, kicks, seed * STARTS + start))
    tour = np.array(min(tours, key=lambda nodes: padded[nodes, np.roll(nodes, -1)].sum()))
    if is_loop:
        return tour
    return np.roll(tour, -int(np.flatnonzero(tour == count)[0]))[1:]


def _nearest_neighbour_tour(lengths: np.ndarray, first: int) -> list[int]:
    tour, is_left = [first], np.ones(len(lengths), dtype=bool)
    is_left[first] = False
    while is_left.any():
        left = np.flatnonzero(is_left)
        tour.append(int(left[np.argmin(lengths[tour[-1]][left])]))
        is_left[tour[-1]] = False
    return tour


def _nearest(metres: np.ndarray, count: int) -> list[list[int]]:
    """For each stop the nearest others, nearest first."""
    ranked = np.argsort(metres, axis=1, kind="stable")
    return [[stop for stop in row.tolist() if stop != own][:count] for own, row in enumerate(ranked)]


def _near_by_point(points: np.ndarray, metres: np.ndarray) -> list[list[int]]:
    """
    For each point the nearest others and the nearest in each quarter of the compass, nearest first.

    The quarters matter where points lie in clusters: the nearest alone would never lead from one cluster to the next.
    """
    ranked = _nearest(metres, len(points))
    near = []
    for own, others in enumerate(ranked):
        is_east, is_north = (points[others] > points[own]).T
        quarter = 2 * is_east + is_north
        kept = set(others[:NEAREST])
        for each in range(4):
            kept.update(np.array(others)[quarter == each][:NEAREST_PER_QUARTER].tolist())
        near.append([other for other in others if other in kept])
    return near


Lengths = list[list[int]]
# Or-opt moves pieces of up to this many stops.
LONGEST_PIECE = 3
# Steps of the random walk from one cut of a kick to the next: enough to leave the street, few enough to stay near.
STEPS_BETWEEN_CUTS = 8
# At first a kick may cost up to this share of an average leg, at the end nothing: a search that only ever accepts what is
# shorter gets stuck, on the same instances by 0.1 to 0.3 % more.
LENIENCY = 0.3


def find_tour(
    lengths: Lengths, near: Lengths, roads: Lengths, start: list[int], kicks: int, seed: int
) -> list[int]:
    """
    A short round tour through all nodes.

    Parameters
    ----------
    lengths
        n rows of n whole numbers, symmetric.
    near
        For each node the nodes that it may be joined to, shortest first.
    roads
        For each node the nodes a kick may wander to; at least four must be in reach of each node that has any.
    start
        All nodes, in the order to begin with.
    kicks
        How often the tour is disturbed and repaired.
    seed
        Of the random numbers.
    """
    tour = _Tour(lengths, near, start)
    tour.repair(start[::-1])
    chance = random.Random(seed).random
    wanderers = [node for node, others in enumerate(roads) if others]
    leniency = LENIENCY * _length(lengths, tour.nodes) / len(start)
    excess, best, shortest = 0, 0, tour.nodes[:]
    for step in range(kicks):
        tour.reversals.clear()
        loss, ends = tour.kick(roads, wanderers, chance)
        loss -= tour.repair(ends)
        if loss > leniency * (1 - step / kicks) * chance():
            tour.undo()
            continue
        excess += loss
        if excess < best:
            best, shortest = excess, tour.nodes[:]
    return shortest


def _length(lengths: Lengths, nodes: list[int]) -> int:
    return sum(lengths[nodes[place - 1]][node] for place, node in enumerate(nodes))


class _Tour:
    """A round tour as a list of nodes, with the position of each, and the reversals since the last kick."""

    def __init__(self, lengths: Lengths, near: Lengths, start: list[int]):
        self.lengths = lengths
        self.near = near
        self.nodes = list(start)
        self.position = [0] * len(start)
        for index, node in enumerate(start):
            self.position[node] = index
        self.is_waiting = [False] * len(start)
        self.reversals: list[tuple[int, int]] = []

    def reverse(self, first: int, last: int) -> None:
        """Reverse the stretch between two positions, or the rest of the round if that is shorter: the same tour."""
        if first == last:
            return
        nodes, position, count = self.nodes, self.position, len(self.nodes)
        stretch = last - first + 1
        if stretch <= 0:
            stretch += count
        if 2 * stretch > count:
            first, last = (last + 1) % count, (first - 1) % count
        self.reversals.append((first, last))
        if first <= last:
            turned = nodes[first : last + 1]
            turned.reverse()
            nodes[first : last + 1] = turned
            for node in turned:
                position[node] = first
                first += 1
            return
        turned = nodes[first:] + nodes[: last + 1]
        turned.reverse()
        nodes[first:], nodes[: last + 1] = turned[: count - first], turned[count - first :]
        for place, node in enumerate(turned, first - count):
            position[node] = place % count

    def turn(self, near_end: int, far_end: int, outside: int) -> None:
        """Reverse the path from `near_end`, which has `outside` beside it, to `far_end`, whichever way it lies."""
        position = self.position
        if self.nodes[position[near_end] - 1] == outside:
            self.reverse(position[near_end], position[far_end])
        else:
            self.reverse(position[far_end], position[near_end])

    def undo(self) -> None:
        """Take back all since the last kick: a reversal is its own inverse."""
        for first, last in self.reversals[::-1]:
            self.reverse(first, last)

    def kick(self, roads: Lengths, wanderers: list[int], chance) -> tuple[int, list[int]]:
        """
        Cut the tour at four places near each other, p|B|C|D|q, and join it as p D C B q (double bridge).

        Returns
        -------
        loss
            By how much the tour became longer.
        ends
            The eight nodes at the cuts.
        """
        nodes, position, lengths = self.nodes, self.position, self.lengths
        node = wanderers[int(chance() * len(wanderers))]
        cuts = {position[node]}
        while len(cuts) < 4:
            here = node
            for _ in range(STEPS_BETWEEN_CUTS):
                others = roads[here]
                here = others[int(chance() * len(others))]
            cuts.add(position[here])
        b, c, d, q = sorted(cuts)
        before, b1, b2, c1, c2, d1, d2, after = (
            nodes[place] for place in (b - 1, b, c - 1, c, d - 1, d, q - 1, q)
        )
        if before in (d2, after):
            return 0, []
        old = lengths[before][b1] + lengths[b2][c1] + lengths[c2][d1] + lengths[d2][after]
        new = lengths[before][d1] + lengths[d2][c1] + lengths[c2][b1] + lengths[b2][after]
        self.turn(b1, d2, before)
        self.turn(d2, d1, before)
        self.turn(c2, c1, d2)
        self.turn(b2, b1, c2)
        return new - old, [before, b1, b2, c1, c2, d1, d2, after]

    def repair(self, queue: list[int]) -> int:
        """Improve at the nodes of the queue, and wherever that changes something, until nothing helps; the gain."""
        is_waiting, total = self.is_waiting, 0
        queue = list(dict.fromkeys(queue))
        for node in queue:
            is_waiting[node] = True
        while queue:
            node = queue.pop()
            is_waiting[node] = False
            gain, touched = self.improve(node)
            total += gain
            for other in touched:
                if not is_waiting[other]:
                    is_waiting[other] = True
                    queue.append(other)
        return total

    def improve(self, a: int) -> tuple[int, list[int]]:
        """
        The first change that joins `a` to a near node `c` instead of to its neighbour `b` and shortens the tour.

        2-opt turns the path between; Or-opt takes out up to three stops that end at `a`. Local names, as this is where
        the time goes.
        """
        lengths, nodes, position = self.lengths, self.nodes, self.position
        count, from_a = len(nodes), self.lengths[a]
        here = position[a]
        for is_forward in (True, False):
            b = nodes[here + 1 - count] if is_forward else nodes[here - 1]
            ab, from_b = from_a[b], lengths[b]
            for c in self.near[a]:
                won = ab - from_a[c]
                if won <= 0:
                    break
                there = position[c]
                e, f = nodes[there + 1 - count], nodes[there - 1]
                if not is_forward:
                    e, f = f, e
                gain = won + lengths[c][e] - from_b[e]
                if gain > 0:
                    self.turn(b, c, a)
                    return gain, [a, b, c, e]
                gain, touched = self.move_piece(a, b, c, e, f, won, is_forward)
                if gain > 0:
                    return gain, touched
        return 0, []

    def move_piece(
        self, a: int, b: int, c: int, e: int, f: int, won: int, is_forward: bool
    ) -> tuple[int, list[int]]:
        """
        Take the piece x…a, which ends at `b`, out of q x…a b and put it between `c` and its neighbour `e` or `f`.

        Reading the tour so that `b` follows `a`, `e` follows `c` and `f` comes before it.
        """
        lengths, nodes = self.lengths, self.nodes
        from_b, ce, cf = lengths[b], lengths[c][e], lengths[c][f]
        step, place, count = (-1 if is_forward else 1), self.position[a], len(nodes)
        q = a
        for _ in range(LONGEST_PIECE):
            x = q
            if x in (c, e, f):
                break
            place += step
            q = nodes[place % count]
            if q == b:
                break
            from_x = lengths[x]
            freed = won + from_x[q] - from_b[q]
            gain = freed + ce - from_x[e]
            if gain > 0:
                self.turn(x, c, q)  # q c…b a…x e
                self.turn(c, b, q)  # q b…c a…x e
                return gain, [a, b, c, e, q, x]
            gain = freed + cf - from_x[f]
            if gain > 0 and c != q:
                self.turn(x, f, q)  # q f…b a…x c
                self.turn(f, b, q)  # q b…f a…x c
                self.turn(a, x, f)  # q b…f x…a c
                return gain, [a, b, c, f, q, x]
        return 0, []
