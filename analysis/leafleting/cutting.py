"""The first cut of an area into walks: halved again and again, then each walk made whole."""

from collections.abc import Iterator, Sequence

import numpy as np

# Lines along which an area may be halved, as the direction across them.
_DIRECTIONS = np.array([(1, 0), (0, 1), (1, 1), (1, -1), (2, 1), (1, 2), (2, -1), (1, -2)])


def first_cut(
    grid: np.ndarray, doors: np.ndarray, adjacency: Sequence[Sequence[int]], targets: Sequence[float]
) -> list[int]:
    """
    Walk of each point: connected, roughly round, of doors in proportion to the targets.

    Parameters
    ----------
    grid
        (n, 2) whole numbers, a metric grid; n at least the number of targets.
    doors
        (n,) whole numbers.
    adjacency
        Neighbours of each point; all points are connected.
    targets
        Of each walk. The walks come out in the order of the targets, near numbers near each other.
    """
    walk = np.zeros(len(grid), np.int64)
    for walk_number, members in enumerate(_halves(grid, doors, np.arange(len(grid)), targets)):
        walk[members] = walk_number
    return _whole(walk.tolist(), doors.tolist(), adjacency, len(targets))


def _halves(
    grid: np.ndarray, doors: np.ndarray, members: np.ndarray, targets: Sequence[float]
) -> Iterator[np.ndarray]:
    """The points of each walk, in turn."""
    if len(targets) == 1:
        yield members
        return
    middle = len(targets) // 2
    near, far = _best_cut(grid[members], doors[members], targets[:middle], targets[middle:])
    yield from _halves(grid, doors, members[near], targets[:middle])
    yield from _halves(grid, doors, members[far], targets[middle:])


def _best_cut(
    grid: np.ndarray, doors: np.ndarray, near_targets: Sequence[float], far_targets: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    """Two sides whose doors are as the targets', the cut that leaves both roundest."""
    wanted = doors.sum() * sum(near_targets) / (sum(near_targets) + sum(far_targets))
    best = None
    for across in _DIRECTIONS:
        # A stable sort: equal keys in the points' own order, on every machine.
        order = np.argsort(grid @ across, kind="stable")
        so_far = doors[order].cumsum()
        size = int(np.abs(so_far - wanted).argmin()) + 1
        size = min(max(size, len(near_targets)), len(order) - len(far_targets))
        near, far = order[:size], order[size:]
        share_off = abs(so_far[size - 1] - wanted) / so_far[-1] * (len(near_targets) + len(far_targets))
        score = (_spread(grid[near]) + _spread(grid[far])) * (1 + share_off)
        if best is None or score < best[0]:
            best = score, np.sort(near), np.sort(far)
    return best[1:]


def _spread(grid: np.ndarray) -> float:
    """Sum of squared distances from the middle; sums of whole numbers, so exact in any order."""
    return float((grid**2).sum() - (grid.sum(axis=0) ** 2).sum() / len(grid))


def _whole(
    walk: list[int], doors: list[int], adjacency: Sequence[Sequence[int]], walk_count: int
) -> list[int]:
    """Keep each walk's largest piece and give the others to the neighbouring walk with fewest doors."""
    while True:
        load = [0] * walk_count
        for point, number in enumerate(walk):
            load[number] += doors[point]
        loose = _loose_pieces(walk, doors, adjacency)
        if not loose:
            return walk
        for piece in loose:
            own = walk[piece[0]]
            around = {walk[other] for point in piece for other in adjacency[point]} - {own}
            if not around:  # what was around has joined this walk meanwhile
                continue
            taker = min(around, key=lambda number: (load[number], number))
            moved = sum(doors[point] for point in piece)
            load[taker] += moved
            load[own] -= moved
            for point in piece:
                walk[point] = taker


def _loose_pieces(walk: list[int], doors: list[int], adjacency: Sequence[Sequence[int]]) -> list[list[int]]:
    """The pieces of each walk but its largest, those with fewest doors first."""
    largest: dict[int, tuple[int, list[int]]] = {}
    loose = []
    for piece in pieces(walk, adjacency):
        size = sum(doors[point] for point in piece)
        number = walk[piece[0]]
        if number in largest and largest[number][0] >= size:
            loose.append((size, piece))
        else:
            if number in largest:
                loose.append(largest[number])
            largest[number] = size, piece
    return [piece for _, piece in sorted(loose)]


def pieces(walk: Sequence[int], adjacency: Sequence[Sequence[int]]) -> list[list[int]]:
    """Connected pieces of the walks, each a list of points, by their first point."""
    found = []
    is_seen = [False] * len(walk)
    for start in range(len(walk)):
        if not is_seen[start]:
            is_seen[start] = True
            piece = [start]
            for point in piece:  # grows while it is read
                for other in adjacency[point]:
                    if not is_seen[other] and walk[other] == walk[start]:
                        is_seen[other] = True
                        piece.append(other)
            found.append(piece)
    return found
