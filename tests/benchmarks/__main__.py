"""`make bench`: every benchmark, one line per peer."""

from tests.benchmarks import borough_map, importing, where

if __name__ == "__main__":
    for benchmark in (importing, where, borough_map):
        benchmark.bench()
