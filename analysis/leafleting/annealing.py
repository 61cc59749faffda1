"""
Walks made even and round: one stop at a time passes to a neighbouring walk, or two change places.

Bound by a number of moves, never by time, and worked out with sums of whole numbers and the four rules of arithmetic
only, so that every machine comes to the same walks.
"""

import heapq
import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import sqrt
from random import Random

# Cost of a walk whose doors are off its target: for each share of the target beyond the band, for being beyond it
# at all, for being more than a fifth off, and for the square of the whole difference. An average walk's spread costs 4.
_BEYOND, _IS_BEYOND, _IS_FAR, _SQUARED, _SPREAD = 40.0, 3.0, 9.0, 4.0, 4.0
_FAR = 0.22
# Added for a walk above the hard maximum: more than any shape is worth.
_ABOVE_MAXIMUM = 200.0
_HOTTEST, _COLDEST, _STAGES = 1.0, 0.005, 200
# A worse plan is taken if it costs less than temperature times one of these: the quantiles of the exponential
# distribution, rounded because the last digit of a logarithm differs between machines.
_LENIENCE = [round(-math.log((step + 0.5) / 1024), 9) for step in range(1024)]
# How often the walks outside their band are gone through, and how many chains are tried for one of them.
_ROUNDS, _CHAINS = 4, 16
_SHAPE_IN_CHAINS = 0.1
# Walks that may be looked at in search of chains: about a second's work. What cannot be mended would be searched for ever.
_EFFORT = 20_000


def penalties(target: float, low: float, high: float, hard_max: float, size: int) -> list[float]:
    """What a walk of 0, 1, 2 … `size` doors costs that should have `target`, between `low` and `high`."""
    table = []
    for doors in range(size + 1):
        cost = _SQUARED * (doors / target - 1) ** 2
        if not low <= doors <= high:
            cost += _IS_BEYOND + _BEYOND * max(low - doors, doors - high) / target
        if abs(doors / target - 1) > _FAR:
            cost += _IS_FAR
        if doors > hard_max:
            cost += _ABOVE_MAXIMUM + _BEYOND * (doors - hard_max) / target
        table.append(cost)
    return table


def _spread(count: int, x: float, y: float, square: float) -> float:
    # The root is taken exactly on every machine; the smallest addend keeps it from a negative of rounding.
    return sqrt(square - (x * x + y * y) / count + 1e-6)


class Walks:
    """
    Walks over a graph of points, with what is needed to tell at once what a change would cost.

    Parameters
    ----------
    walk
        Walk of each point; every walk connected.
    points
        x, y (whole numbers in a metric grid) and doors of each point.
    adjacency
        Neighbours of each point.
    tables
        For each walk, the `penalties` of its target.
    """

    def __init__(
        self,
        walk: list[int],
        points: Sequence[tuple[int, int, int]],
        adjacency: Sequence[Sequence[int]],
        tables: Sequence[list[float]],
    ):
        self.walk = walk
        self.adjacency = adjacency
        # Of each point: 1, x, y, x² + y² and doors; sums of them describe any group of points.
        self.points = [(1, float(x), float(y), float(x * x + y * y), doors) for x, y, doors in points]
        self.members: list[list[int]] = [[] for _ in tables]
        for point, number in enumerate(walk):
            self.members[number].append(point)
        # Of each walk: the same sums, its spread (root of the sum of squared distances from the middle), its penalties.
        self.sums = [
            (*sums, _spread(*sums[:4]), table)
            for sums, table in zip(map(self.sum_of, self.members), tables, strict=True)
        ]
        spread = sum(sums[5] for sums in self.sums)
        self.scale = _SPREAD * len(tables) / spread if spread else 1.0

    def sum_of(self, group: Sequence[int]) -> tuple[int, float, float, float, int]:
        """Number, sums of x, y and x² + y², and doors of a group of points."""
        return tuple(map(sum, zip(*(self.points[point] for point in group), strict=True)))

    def cost_of_shift(self, group: tuple, a: int, b: int) -> float:
        """What passing points with these sums from walk `a`, which has others, to walk `b` changes in the whole cost."""
        doors = group[4]
        *_, a_doors, _, a_table = self.sums[a]
        *_, b_doors, _, b_table = self.sums[b]
        if b_doors + doors >= len(b_table):
            return math.inf
        balance = a_table[a_doors - doors] + b_table[b_doors + doors] - a_table[a_doors] - b_table[b_doors]
        return self.spread_of_shift(group, a, b) + balance

    def spread_of_shift(self, group: tuple, a: int, b: int) -> float:
        """The part of `cost_of_shift` that is due to shape."""
        count, x, y, square, _ = group
        a_count, ax, ay, a_square, _, a_spread, _ = self.sums[a]
        b_count, bx, by, b_square, _, b_spread, _ = self.sums[b]
        spread = (
            _spread(a_count - count, ax - x, ay - y, a_square - square)
            + _spread(b_count + count, bx + x, by + y, b_square + square)
            - a_spread
            - b_spread
        )
        return spread * self.scale

    def cost_of_exchange(self, point: int, a: int, other: int, b: int) -> float:
        """What it changes in the whole cost if `point` of walk `a` and `other` of walk `b` change places."""
        _, x, y, square, doors = self.points[point]
        _, other_x, other_y, other_square, other_doors = self.points[other]
        group = 0, x - other_x, y - other_y, square - other_square, doors - other_doors
        if self.sums[a][4] - group[4] >= len(self.sums[a][6]):
            return math.inf
        return self.cost_of_shift(group, a, b)

    def shift(self, group: Sequence[int], to: int) -> None:
        """Pass points of one walk to another."""
        own = self.walk[group[0]]
        for point in group:
            self.walk[point] = to
            self.members[own].remove(point)
            self.members[to].append(point)
        count, x, y, square, doors = self.sum_of(group)
        for number, sign in ((own, -1), (to, 1)):
            its_count, its_x, its_y, its_square, its_doors, _, table = self.sums[number]
            sums = its_count + sign * count, its_x + sign * x, its_y + sign * y, its_square + sign * square
            self.sums[number] = *sums, its_doors + sign * doors, _spread(*sums), table

    def can_leave(self, point: int) -> bool:
        """Whether a point's walk has others and stays connected without it."""
        walk, adjacency = self.walk, self.adjacency
        own = walk[point]
        beside = [other for other in adjacency[point] if walk[other] == own]
        if len(beside) < 2:
            return len(beside) == 1
        missing = set(beside[1:])
        seen = {point, beside[0]}
        reached = [beside[0]]
        while reached:
            for other in adjacency[reached.pop()]:
                if walk[other] == own and other not in seen:
                    seen.add(other)
                    reached.append(other)
                    missing.discard(other)
            if not missing:
                return True
        return False

    def leaving(self, point: int) -> list[int]:
        """The point and those of its walk that go where it goes, as they hang on it; none if it is alone."""
        if self.can_leave(point):
            return [point]
        own = self.walk[point]
        hanging, seen = [], {point}
        for start in self.adjacency[point]:
            if self.walk[start] == own and start not in seen:
                seen.add(start)
                piece = [start]
                for reached in piece:  # grows while it is read
                    for other in self.adjacency[reached]:
                        if self.walk[other] == own and other not in seen:
                            seen.add(other)
                            piece.append(other)
                hanging.append(piece)
        if not hanging:
            return []
        hanging.remove(max(hanging, key=lambda piece: self.sum_of(piece)[4]))
        return [point, *(other for piece in hanging for other in piece)]

    def touches(self, point: int, number: int) -> bool:
        """Whether a neighbour of the point is in the walk."""
        return any(self.walk[other] == number for other in self.adjacency[point])

    def exchange(self, point: int, other: int) -> bool:
        """Let two points change places if both walks stay connected; tells whether they did."""
        a, b = self.walk[point], self.walk[other]
        if self.can_leave(point):
            self.shift([point], b)
            if self.can_leave(other) and self.touches(other, a):
                self.shift([other], a)
                if self.touches(point, b):
                    return True
                self.shift([other], b)
            self.shift([point], a)
        return False

    def is_beyond(self, number: int) -> bool:
        """Whether a walk's doors are outside its band."""
        *_, doors, _, table = self.sums[number]
        return table[doors] >= _IS_BEYOND


def anneal(walks: Walks, moves: int, seed: int, hottest: float = _HOTTEST) -> None:
    """Try so many changes, taking worse ones less and less; every walk stays connected."""
    cooling = round((_COLDEST / hottest) ** (1 / (_STAGES - 1)), 12)
    random = Random(seed).random
    temperature = hottest
    for stage in range(_STAGES):
        for _ in range(moves * (stage + 1) // _STAGES - moves * stage // _STAGES):
            _try(walks, random, temperature)
        temperature *= cooling


def _try(walks: Walks, random, temperature: float) -> None:
    """Pass a random point to the walk of a random neighbour; where that costs too much, let two change places."""
    walk, adjacency = walks.walk, walks.adjacency
    point = int(random() * len(walk))
    beside = adjacency[point]
    a, b = walk[point], walk[beside[int(random() * len(beside))]]
    if a == b or len(walks.members[a]) == 1:
        return
    limit = temperature * _LENIENCE[int(random() * 1024)]
    if walks.cost_of_shift(walks.points[point], a, b) <= limit:
        if walks.can_leave(point):
            walks.shift([point], b)
        return
    border = [
        other for mine in walks.members[a] if mine != point for other in adjacency[mine] if walk[other] == b
    ]
    if border:
        other = border[int(random() * len(border))]
        if walks.cost_of_exchange(point, a, other, b) <= limit:
            walks.exchange(point, other)


def even_out(walks: Walks) -> None:
    """
    Bring walks back into their bands along chains: each walk of a chain passes one point on to the next.

    A walk with a stop too many may have no neighbour with one too few; a chain of walks between them can pass it on, and
    all but the two ends keep their doors. Shape counts little here; it is mended afterwards.
    """
    scale, walks.scale = walks.scale, walks.scale * _SHAPE_IN_CHAINS
    _go_through(walks, iter(range(_EFFORT)))
    walks.scale = scale


def _go_through(walks: Walks, effort: Iterator[int]) -> None:
    """Carry out chains from every walk outside its band until no more are found or the effort is used up."""
    for _ in range(_ROUNDS):
        is_changed = False
        for number in range(len(walks.sums)):
            while walks.is_beyond(number) and any(
                _chain(walks, number, gives, effort) for gives in (True, False)
            ):
                is_changed = True
        if not is_changed:
            return


def _chain(walks: Walks, start: int, gives: bool, effort: Iterator[int]) -> bool:
    """Carry out the cheapest chain that makes the whole better, if there is one; tells whether there was."""
    barred: set[tuple[int, int]] = set()
    for _ in range(_CHAINS):
        chain = _cheapest_chain(walks, start, gives, barred, effort)
        if chain is None:
            return False
        failed_at = _carry_out(walks, chain, gives)
        if failed_at is None:
            return True
        barred.add(failed_at)
    return False


def _cheapest_chain(
    walks: Walks, start: int, gives: bool, barred: set[tuple[int, int]], effort: Iterator[int]
) -> list[int] | None:
    """The walks of the chain that lowers the whole cost most, from `start` to the end; Dijkstra over walks."""
    # A place on the way is a walk and the doors passed on to it. Each has its cost so far and the place before.
    first = start, 0
    reached = {first: (0.0, first)}
    queue = [(0.0, first)]
    done: set[tuple[int, int]] = set()
    best_cost, best = -1e-6, first
    shifts: dict[int, list[tuple[float, int, int]]] = {}
    while queue and (not done or queue[0][0] < best_cost) and next(effort, None) is not None:
        cost, place = heapq.heappop(queue)
        if place in done:
            continue
        done.add(place)
        walk, carried = place
        if walk not in shifts:
            shifts[walk] = _shifts(walks, walk, gives)
        for spread, doors, following in shifts[walk]:
            link_cost = spread + _balance(walks, walk, (carried - doors) if gives else (doors - carried))
            # Only the first link may gain; the others are kept from it, so that no place is reached more cheaply later.
            so_far = cost + (link_cost if place == first else max(link_cost, 0.001))
            further = following, doors
            if (
                following == start
                or (walk, following) in barred
                or so_far >= reached.get(further, (math.inf,))[0]
            ):
                continue
            reached[further] = so_far, place
            heapq.heappush(queue, (so_far, further))
            at_end = so_far + _balance(walks, following, doors if gives else -doors)
            if at_end < best_cost:
                best_cost, best = at_end, further
    chain = [best]
    while chain[-1] != first:
        chain.append(reached[chain[-1]][1])
    return [walk for walk, _ in chain[::-1]] if best != first else None


def _shifts(walks: Walks, walk: int, gives: bool) -> list[tuple[float, int, int]]:
    """What each shift out of a walk (or into it) costs in shape, its doors, and the other walk."""
    shifts = []
    for group, giver, taker in _passable(walks, walk, gives):
        sums = walks.sum_of(group)
        shifts.append((walks.spread_of_shift(sums, giver, taker), sums[4], taker if gives else giver))
    return shifts


def _passable(walks: Walks, walk: int, gives: bool) -> list[tuple[list[int], int, int]]:
    """Points, giver and taker of every shift out of a walk (or into it) that leaves the giver whole."""
    if gives:
        pairs = [(mine, walk) for mine in walks.members[walk]]
    else:
        beside = [other for mine in walks.members[walk] for other in walks.adjacency[mine]]
        pairs = [(other, walks.walk[other]) for other in dict.fromkeys(beside) if walks.walk[other] != walk]
    found = []
    for point, giver in pairs:
        takers = {walks.walk[other] for other in walks.adjacency[point]} - {giver} if gives else {walk}
        if takers and (group := walks.leaving(point)):
            found += [(group, giver, taker) for taker in sorted(takers)]
    return found


def _balance(walks: Walks, walk: int, more: int) -> float:
    *_, doors, _, table = walks.sums[walk]
    return table[doors + more] - table[doors] if 0 <= doors + more < len(table) else math.inf


def _carry_out(walks: Walks, chain: list[int], gives: bool) -> tuple[int, int] | None:
    """Pass points along a chain; undone, and the link that failed returned, if a walk would break or nothing is won."""
    undo, change = [], 0.0
    for near, far in pairwise(chain):
        giver, taker = (near, far) if gives else (far, near)
        options = [
            (walks.cost_of_shift(walks.sum_of(group), giver, taker), group)
            for group, _, its_taker in _passable(walks, giver, True)
            if its_taker == taker
        ]
        if options:
            cost, group = min(options)
            change += cost
            undo.append((group, giver))
            walks.shift(group, taker)
        if not options or (far == chain[-1] and change >= 0):
            for group, own in reversed(undo):
                walks.shift(group, own)
            return near, far
    return None
