"""A store small enough to answer in the head: two boroughs, three districts, four localities, one town outside."""

import os
import shutil
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from data.keeping import opening
from data.logs.incidents import INCIDENT_SCHEMA
from data.schema import AREA_OVERLAP, AREAS, COUNTS
from data.store.engine import salt_path
from data.store.store import Store, create_store
from tests.browser.serving import CHROMIUM, launch_chromium

# The same examples in every run, so that a red test is red for everyone. `make test` tries a quarter of what `make test-slow` tries
# (HYPOTHESIS_PROFILE=thorough), `make test-fast` fewer still; HYPOTHESIS_PROFILE=explore looks for new ones.
settings.register_profile("fast", derandomize=True, deadline=None, max_examples=10)
settings.register_profile("repeat", derandomize=True, deadline=None, max_examples=25)
settings.register_profile("thorough", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("explore", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


def examples(thorough: int) -> int:
    """How many examples a test tries now that tries so many when it is thorough; for one whose example takes longer than most."""
    return max(5, thorough * settings.default.max_examples // 100)


TESTS = Path(__file__).resolve().parent
SHARED_DATA = TESTS.parent.parent / "shared" / "data"
# What `make test-fast` leaves out: a folder, a file or 'file::function' a line. A function belongs there that takes a second and a half of
# one core, and a file that takes three besides (--durations=50 tells).
LONG = frozenset((TESTS / "long.txt").read_text(encoding="utf-8").split())

EAST, WEST, TOWN = "E09000012", "E09000033", "E07000072"
# level, code, name, parent, residents
TOY_AREAS = [
    ("borough", EAST, "Eastham", "unknown", 200_000),
    ("borough", WEST, "Westham", "unknown", 100_000),
    ("district", "E1", "E1", "unknown", 150_000),
    ("district", "E2", "E2", "unknown", 100_000),
    ("district", "W1", "W1", "unknown", 500),
    ("locality", "E09000012-E1", "E1 (Eastham)", EAST, 150_000),
    ("locality", "E09000012-E2", "E2 (Eastham)", EAST, 50_000),
    ("locality", "E09000033-E2", "E2 (Westham)", WEST, 50_000),
    ("locality", "E09000033-W1", "W1 (Westham)", WEST, 500),
    ("authority", TOWN, "Townham", "unknown", None),
]
# E2 lies half in each borough; a tenth of W1 lies in a town outside London.
TOY_OVERLAP = [
    ("district", "E1", "borough", EAST, 1.0, 150_000),
    ("district", "E2", "borough", EAST, 0.5, 50_000),
    ("district", "E2", "borough", WEST, 0.5, 50_000),
    ("district", "W1", "borough", WEST, 0.9, 500),
    ("district", "W1", "authority", TOWN, 0.1, None),
]


def area_row(level, code, name, parent, residents) -> dict:
    return dict.fromkeys(AREAS.column_names()) | {
        "level": level,
        "code": code,
        "name": name,
        "parent_code": parent,
        "residents": residents,
    }


def overlap_row(*values) -> dict:
    return dict(zip(AREA_OVERLAP.column_names(), values, strict=True))


def count_row(code, year, low, high=None, setting="all", level="district", end=None, start=None) -> dict:
    return {
        "area_level": level,
        "area_code": code,
        "period_start": start or date(year, 1, 1),
        "period_end": end or date(year, 12, 31),
        "setting": setting,
        "visits_low": low,
        "visits_high": low if high is None else high,
        "reference": "FOI 1",
    }


def incident_row(start: datetime, end: datetime | None = None, **values) -> dict:
    row = {
        "started_earliest": start,
        "started_latest": end or start,
        "date_precision": "hour",
        "locality_code": "unknown",
        "borough_code": "unknown",
        "postcode_district": "unknown",
        "location_precision": "unknown",
        "setting": "workplace",
        "outcome": "unknown",
        "people_detained": None,
        "people_released": None,
        "crowd_size": None,
        "duration_minutes": None,
        "police_present": "unknown",
        "community_response": "unknown",
        "source_kind": "press",
        "confidence": "medium",
        "review": "as imported",
    }
    return row | values


def import_row(**values) -> dict:
    """An import of incidents that set nothing aside."""
    row = {
        "import_id": "00000000-0000-4000-9000-000000000001",
        "kind": "incidents",
        "imported_at": datetime(2026, 1, 5, 9),
        "file_hash": "0",
        "headings_hash": "0",
        "reference": "unknown",
        "rows": 9,
        "kept": 9,
        "rejected": 0,
        "already_there": 0,
        "schema_version": 3,
        "is_bundled": False,
    }
    return row | values


def insert(connection, table: str, rows: list[dict]) -> None:
    """Put rows into a table by their names; what a row does not name is left empty."""
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))  # noqa: S608


def incidents_table(rows: list[dict]) -> pa.Table:
    """Rows as the importer hands them to the store."""
    return pa.Table.from_pylist(rows, INCIDENT_SCHEMA)


def counts_table(rows: list[dict]) -> pa.Table:
    """Rows as the parser of official returns hands them to the store."""
    types = {"VARCHAR": pa.string(), "DATE": pa.date32(), "INTEGER": pa.int32()}
    kept = [column for column in COUNTS.columns if column.type in types]
    return pa.Table.from_pylist(rows, pa.schema([(column.name, types[column.type]) for column in kept]))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--quick", action="store_true", help="leave out what takes long: long.txt, bombs, sweeps"
    )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With --quick, do not even import a folder or file that long.txt names."""
    return True if config.getoption("quick") and _name(collection_path) in LONG else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a browser or a server, and what tries made-up examples; with --quick, leave out what takes long."""
    for item in items:
        room = item.path.relative_to(TESTS).parts[0]
        if room in ("browser", "serving"):
            item.add_marker(room)
        if getattr(item.obj, "is_hypothesis_test", False):
            item.add_marker("examples")
    if config.getoption("quick"):
        left_out = [item for item in items if _takes_long(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _takes_long(item)]


def _name(path: Path) -> str:
    return path.relative_to(TESTS).as_posix() if path.is_relative_to(TESTS) else ""


def _takes_long(item: pytest.Item) -> bool:
    marked = any(item.get_closest_marker(name) for name in ("bomb", "slow"))
    return marked or f"{_name(item.path)}::{item.originalname}" in LONG


def pytest_terminal_summary(terminalreporter) -> None:
    """Say how many tests ran, and how many did not for want of the data beside the project."""
    stats = terminalreporter.stats
    ran = sum(len(stats.get(word, ())) for word in ("passed", "failed", "xfailed", "xpassed"))
    wanting = sum("../shared/data" in str(report.longrepr) for report in stats.get("skipped", ()))
    others = len(stats.get("skipped", ())) - wanting
    terminalreporter.write_line(
        f"{ran:,} tests ran; {wanting:,} were skipped that need ../shared/data, {others:,} for other reasons."
    )


@pytest.fixture(scope="session", autouse=True)
def _packages_are_read_once():
    """Each run of Streamlit's AppTest reads what every installed package says of itself, which takes longer than most pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture(scope="session")
def esda_draws():
    """Esda's draws of neighbours, each made once for its seed and sizes: pages and trends ask for the same again and again."""
    from esda import crand

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crand, "vec_permutations", lru_cache(16)(crand.vec_permutations))
        yield crand


@pytest.fixture(scope="session", autouse=True)
def _what_comes_with_it_is_read_once(tmp_path_factory):
    """A new store with all that comes with the dashboard takes a second to fill; each after the first is a copy of it."""
    folder = tmp_path_factory.mktemp("as_it_comes")

    def make(path, fill=None, passphrase=None):
        if fill is not opening._fill or passphrase or path.exists() or not os.access(path.parent, os.W_OK):
            return create_store(path, fill, passphrase)
        made = folder / f"bundled-{os.environ.get('RAIDS_BUNDLED', '')}.duckdb"
        create_store(made, fill)
        shutil.copy(made, path)
        # As `create_store` does: salts of an earlier store would say that this one must be encrypted.
        salt_path(path).unlink(missing_ok=True)
        return Store(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "create_store", make)
        yield


@pytest.fixture
def toy_store(tmp_path) -> Store:
    """The toy geography, nothing recorded."""

    def fill(connection):
        insert(connection, "areas", [area_row(*row) for row in TOY_AREAS])
        insert(connection, "area_overlap", [overlap_row(*row) for row in TOY_OVERLAP])

    return create_store(tmp_path / "toy.duckdb", fill)


@pytest.fixture(scope="session")
def chromium():
    """One for all tests of a process: a second would not start beside the first's event loop."""
    if CHROMIUM is None:
        pytest.skip(
            "no Chromium on this machine; install the system's package 'chromium' for the browser tests"
        )
    with launch_chromium() as browser:
        yield browser
