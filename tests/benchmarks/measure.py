"""Times, fairly: the same machine, the same data, turn by turn, the best of several."""

import time
from collections.abc import Callable
from functools import partial


def best_seconds(*tasks: Callable[[], object], turns: int = 3) -> list[float]:
    """The shortest time of each task, in seconds."""

    def timed(task: Callable[[], object]) -> float:
        start = time.perf_counter()
        task()
        return time.perf_counter() - start

    return best_of(*(partial(timed, task) for task in tasks), turns=turns)


def best_of(*measures: Callable[[], float], turns: int = 3) -> list[float]:
    """The least that each has measured; they take turns, so that a busy moment hits all alike."""
    rounds = [[measure() for measure in measures] for _ in range(turns)]
    return [min(each) for each in zip(*rounds, strict=True)]


def print_ratio(name: str, ours: float, peers: dict[str, float], aims: dict[str, str]) -> None:
    """One line per peer: our time, theirs, the ratio and the aim."""
    for peer, seconds in peers.items():
        ratio = (
            f"{ours / seconds:.2f} times its time" if ours > seconds else f"{seconds / ours:.1f} times faster"
        )
        print(f"{name}: {ours:.2f} s; {peer}: {seconds:.2f} s; {ratio} (aim: {aims[peer]})", flush=True)
