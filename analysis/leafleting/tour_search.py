"""
Short round tours by local search: 2-opt and Or-opt, then kicks that are kept if they help.

Lengths are whole numbers, so sums are exact and the same tour comes out on every machine; work is bounded by the
number of kicks, never by time.

References
----------
Bentley, *Fast algorithms for geometric traveling salesman problems*, ORSA J. Computing 4 (1992): neighbour lists, don't-look
bits. Applegate, Cook and Rohe, *Chained Lin-Kernighan for large traveling salesman problems*, INFORMS J. Computing 15
(2003): kicks near each other in space, chosen by random walks.
"""

import random

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
