"""`make bench`: every benchmark, one line per peer."""

from tests.benchmarks import (
    borough_map,
    compare,
    hot_spots,
    importing,
    order,
    outcomes,
    seen,
    split,
    starting,
    trends,
    when,
    where,
)

if __name__ == "__main__":
    for benchmark in (
        starting,
        importing,
        where,
        when,
        outcomes,
        trends,
        hot_spots,
        compare,
        seen,
        split,
        order,
        borough_map,
    ):
        benchmark.bench()
