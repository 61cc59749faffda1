"""Times, fairly: the same machine, the same data, turn by turn, the best of several."""

import time
from collections.abc import Callable


def best_seconds(*tasks: Callable[[], object], turns: int = 3) -> list[float]:
    """The shortest time of each task; the tasks take turns, so that a busy moment hits all alike."""
    times: list[list[float]] = [[] for _ in tasks]
    for _ in range(turns):
        for number, task in enumerate(tasks):
            start = time.perf_counter()
            task()
            times[number].append(time.perf_counter() - start)
    return [min(each) for each in times]


def print_ratio(name: str, ours: float, peers: dict[str, float], aims: dict[str, str]) -> None:
    """One line per peer: our time, theirs, the ratio and the aim."""
    for peer, seconds in peers.items():
        ratio = (
            f"{ours / seconds:.2f} times its time" if ours > seconds else f"{seconds / ours:.1f} times faster"
        )
        print(f"{name}: {ours:.2f} s; {peer}: {seconds:.2f} s; {ratio} (aim: {aims[peer]})", flush=True)
