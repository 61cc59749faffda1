"""`make attack` (`python -m tests.publish.trial`): releases of many made-up stores, attacked in every way the design promises to withstand."""

import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from publish.attack import Number, attack
from publish.parts import Span
from publish.release import BREAKDOWNS, Release, audit, released_tables
from publish.rules import Area, K, area_tree

CODES = [f"E090000{number:02}" for number in range(1, 34)]
LONDON = area_tree(pd.DataFrame({"code": CODES, "name": CODES}))
LAST_CLOSED = 2025 * 4 + 3
SHAPES = ("skewed", "one", "each")
# How many of each attack the design asks for; a tenth is tried unless all are asked for.
STORES, PAIRS, AUDITED, LATE, CONTROLS = 1_000, 1_000_000, 200, 500, 50


def draw_records(seed: int, number: int, shape: str = "skewed") -> pd.DataFrame:
    """
    Records of 2016 to 2025, a row each, as `released_tables` takes them.

    `shape` says where: 'skewed' over the boroughs, all in 'one', or 'each' the same.
    """
    random = np.random.default_rng(seed)
    weights = {
        "skewed": random.dirichlet(np.full(33, 0.8)),
        "one": np.eye(33)[7],
        "each": np.full(33, 1 / 33),
    }[shape]
    drawn = {
        by: random.choice(values, number, p=random.dirichlet(np.full(len(values), 0.7)))
        for by, values in BREAKDOWNS.items()
    }
    return pd.DataFrame(
        {
            "borough_code": random.choice(CODES, number, p=weights),
            "quarter": random.integers(2016 * 4, 2026 * 4, number),
            **drawn,
        }
    )


def drawn_stores(number: int) -> Iterator[pd.DataFrame]:
    """Stores of 100 to 20,000 records, as many small ones as large ones, of every shape."""
    for seed in range(number):
        size = int(100 * 200 ** (np.random.default_rng(seed).random()))
        yield draw_records(seed, size, SHAPES[seed % len(SHAPES)])


def true_counts(records: pd.DataFrame, rows: list[dict]) -> np.ndarray:
    """Of the records in each row's area and time, counted without the code that released them."""
    members = {area.code: area.members for area in LONDON.every()}
    starts = (
        pd.PeriodIndex.from_fields(year=records["quarter"] // 4, quarter=records["quarter"] % 4 + 1, freq="Q")
        .start_time.to_numpy()
        .astype("datetime64[D]")
    )
    return np.array(
        [
            np.sum(
                (starts >= np.datetime64(row["from"]))
                & (starts <= np.datetime64(row["to"]))
                & records["borough_code"].isin(members[row["area"]]).to_numpy()
            )
            for row in rows
        ],
        int,
    )


def faults_of(records: pd.DataFrame, tables: dict[str, list[dict]]) -> list[str]:
    """What is wrong with the tables of a release: parts below k, numbers not rounded, sums that do not add up."""
    faults = []
    truth = {name: true_counts(records, tables[name]) for name in ("region_by_time", "areas")}
    for name, counts in truth.items():
        about = np.array([row["about"] for row in tables[name]], int)
        faults += [f"{name}: a part below {K}"] * int((counts < K).sum())
        faults += [f"{name}: a number that is not rounded"] * int((about % 5 != 0).sum())
        faults += [f"{name}: a number that is not its count"] * int((np.abs(about - counts) > 2).sum())
    if truth["region_by_time"].sum() != truth["areas"].sum():
        faults.append("the two tables do not add up to the same")
    faults += [
        "a breakdown below the rules" for row in tables["breakdowns"] if row["about"] % 5 or row["about"] < K
    ]
    return faults


def smallest_difference(counts: np.ndarray, pairs: int, seed: int) -> int:
    """The fewest incidents, none apart, by which two random selections of released parts differ, one within the other."""
    random = np.random.default_rng(seed)
    smallest = np.iinfo(int).max
    for done in range(0, pairs, 2_000):
        larger = random.random((min(2_000, pairs - done), len(counts))) < random.random()
        taken = larger & (random.random(larger.shape) < random.random() / 4)
        differences = taken @ counts
        smallest = min(smallest, int(differences[differences > 0].min(initial=smallest)))
    return smallest


def careless_numbers(seed: int) -> tuple[list[Number], list[Number]]:
    """What a careless build would publish of a year: exact margins, and exact cells but for the small ones, which are left out."""
    records = draw_records(seed, 1_500)
    records = records[records["quarter"] >= 2025 * 4]
    cells = records.groupby(["borough_code", "quarter"]).size()
    shown = [
        Number(frozenset([code]), Span(quarter, quarter), int(count), is_exact=True)
        for (code, quarter), count in cells.items()
        if count >= 5
    ]
    left = [
        Number(frozenset([code]), Span(2025 * 4, LAST_CLOSED), int(group[group < 5].sum()), is_exact=True)
        for code, group in cells.groupby("borough_code")
        if (group < 5).any()
    ]
    times = [
        Number(frozenset(CODES), Span(quarter, quarter), int(count), is_exact=True)
        for quarter, count in records.groupby("quarter").size().items()
    ]
    return times, shown + left


def as_release(tables: dict, covers_to: str | None) -> Release:
    """Tables as the release that a later one carries on."""
    return Release({"number": 1, "covers_to": covers_to}, tables)


def changed_by_a_late_record(records: pd.DataFrame, region: Area = LONDON, seed: int = 0) -> bool:
    """Whether a record that comes after a release of the years to 2023 changes any number of the next one."""
    early = records[records["quarter"] < 2024 * 4]
    tables, covers_to, _ = released_tables(early, region, 2023 * 4 + 3)
    late = pd.concat([records, early.sample(1, random_state=seed)]) if len(early) else records
    first = as_release(tables, covers_to)
    one, other = (released_tables(each, region, LAST_CLOSED, first)[0] for each in (records, late))
    return covers_to is not None and one != other


def main(share: float = 0.1) -> int:
    """Make every attack, say what came of each, and return how many found something."""
    begun, failures = time.monotonic(), 0

    def say(what: str, found: int, expected: str = "0") -> None:
        print(f"{time.monotonic() - begun:6.0f} s  {what}: {found:,} (expected {expected})", flush=True)

    stores, late = round(STORES * share), round(LATE * share)
    faults, differences, broken, audited = 0, 0, 0, 0
    for seed, records in enumerate(drawn_stores(stores)):
        tables, covers_to, _ = released_tables(records, LONDON, LAST_CLOSED)
        faults += len(faults_of(records, tables))
        counts = true_counts(records, tables["areas"])
        if len(counts):
            differences += smallest_difference(counts, PAIRS // STORES, seed) < K
        if audited < AUDITED * share and covers_to:
            broken += len(audit(as_release(tables, covers_to)))
            audited += 1
    say(f"parts below {K}, not rounded or not adding up, in {stores:,} releases", faults)
    say(
        f"releases with a difference below {K}, in {stores * PAIRS // STORES:,} pairs of selections",
        differences,
    )
    say(f"sets bounded below {K} by linear programming, in {audited:,} releases", broken)
    changed = sum(changed_by_a_late_record(draw_records(seed, 1_000), seed=seed) for seed in range(late))
    say(f"pairs of releases that one late record changes, of {late:,}", changed)
    controls = max(10, round(CONTROLS * share))
    caught = sum(bool(attack(*careless_numbers(seed))) for seed in range(controls))
    say(f"careless builds that the same attack breaks, of {controls:,}", caught, f"over {0.9 * controls:.0f}")
    failures = faults + differences + broken + changed + (caught <= 0.9 * controls)
    return int(failures > 0)


if __name__ == "__main__":
    import sys

    raise SystemExit(main(1.0 if "--all" in sys.argv else 0.1))
