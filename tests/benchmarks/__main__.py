"""`make bench`: every benchmark, one line per peer."""

from tests.benchmarks import borough_map, compare, hot_spots, importing, outcomes, seen, trends, when, where

if __name__ == "__main__":
    for benchmark in (importing, where, when, outcomes, trends, hot_spots, compare, seen, borough_map):
        benchmark.bench()
