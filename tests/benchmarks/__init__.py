"""Benchmarks against peers, as ratios within one run. Nothing here is asserted: `make bench` prints."""
