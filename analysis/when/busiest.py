"""Which hours, weekday or months are the busiest, with what share, and whether that can be told at all."""

from dataclasses import dataclass

import numpy as np

# With fewer known times the busiest of 24 hours is mostly chance.
FEWEST_KNOWN = 20
DRAWS = 1000
# Of the samples drawn again, this share must find the same busiest place; and an even spread may look as uneven as this
# one in at most the rest.
SURE = 0.95

TOLD, TOO_FEW, EVEN, UNSTEADY = "told", "too few", "even", "unsteady"


@dataclass(frozen=True)
class Busiest:
    """
    The busiest run of cells on a circle (hours of the day, days of the week, months of the year).

    `first` is the position of its first cell; `share` of all known lies in the run, `low` to `high` is the 95 % bootstrap
    interval. `verdict` is 'told', or why it cannot be told: 'too few', 'even' or 'unsteady'.
    """

    verdict: str
    first: int = 0
    share: float = 0.0
    low: float = 0.0
    high: float = 0.0


def busiest(patterns: np.ndarray, n: np.ndarray, even: np.ndarray, width: int, seed: int) -> Busiest:
    """
    Find the run of `width` neighbouring cells that holds the most beyond an even spread.

    Parameters
    ----------
    patterns
        Shape (kinds, cells): how an incident of each kind is shared out over the cells; rows sum to 1.
    n
        Shape (kinds,): incidents of each kind.
    even
        Shape (cells,): the share that an even spread over time would give each cell; sums to 1.
    width
        Cells in the run, such as 3 hours; it may go on past the last cell.
    seed
        Of the draws.

    Notes
    -----
    Told only if at least 20 incidents are known; if the largest excess is larger than in 95 % of 1,000 samples of that many
    incidents spread evenly (a scan statistic on a circle: Naus, JASA 60 (1965)), each in one cell, which errs on the
    side of not telling; and if 95 % of 1,000 bootstrap samples (Efron, Annals of Statistics 7 (1979)) find the same
    run, or for a run of several cells one that begins at most one cell away.
    """
    known = int(n.sum())
    if known < FEWEST_KNOWN:
        return Busiest(TOO_FEW)
    random = np.random.default_rng(seed)
    observed = n @ patterns / known
    first = int(_most(observed - even, width))
    by_chance = _runs(random.multinomial(known, even, DRAWS) / known - even, width).max(axis=1)
    excess = _runs(observed - even, width)[first]
    if np.mean(by_chance >= excess) > 1 - SURE:
        return Busiest(EVEN)
    again = random.multinomial(known, n / known, DRAWS) @ patterns / known
    if np.mean(_apart(_most(again - even, width), first, len(even)) <= (width > 1)) < SURE:
        return Busiest(UNSTEADY)
    shares = _runs(again, width)[:, first]
    low, high = np.quantile(shares, [0.025, 0.975])
    return Busiest(TOLD, first, float(_runs(observed, width)[first]), float(low), float(high))


def _runs(values: np.ndarray, width: int) -> np.ndarray:
    """The sum of each cell and the `width` - 1 that follow it on the circle."""
    return sum(np.roll(values, -step, axis=-1) for step in range(width))


def _most(excess: np.ndarray, width: int) -> np.ndarray:
    """Where the largest run begins; of equal runs the one with the most in its middle."""
    middle = np.roll(excess, -(width // 2), axis=-1)
    return (_runs(excess, width) + 1e-6 * middle).argmax(axis=-1)


def _apart(positions: np.ndarray, position: int, cells: int) -> np.ndarray:
    """Steps between positions on the circle."""
    steps = (positions - position) % cells
    return np.minimum(steps, cells - steps)
