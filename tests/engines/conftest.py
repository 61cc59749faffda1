import pytest

from data.store.lake import Lake, write_lake
from tests.benchmarks.million import make_store


@pytest.fixture(scope="package")
def stored(tmp_path_factory):
    """A store with the official figures and two thousand made-up incidents."""
    return make_store(tmp_path_factory.mktemp("engines") / "raids.duckdb", 2_000)


@pytest.fixture(scope="package")
def lake(stored, tmp_path_factory):
    """The same as a lake."""
    folder = tmp_path_factory.mktemp("lake")
    write_lake(stored, folder)
    return Lake(folder)
