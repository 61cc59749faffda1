"""This machine's reference (made once, if need be) and the reference material beside the project."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import settings

from data.geography.bundled import ROOT
from data.geography.locate import load_places
from data.geography.reference import ensure_reference, load_areas

# How long an example takes says more of the machine than of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def shared() -> Path:
    return ROOT.parent / "shared"


@pytest.fixture(scope="session")
def places():
    return load_places()


@pytest.fixture(scope="session")
def postcodes():
    """All postcodes of the reference."""
    return pq.read_table(ensure_reference()).to_pandas()


@pytest.fixture(scope="session")
def areas():
    """The areas by level and code."""
    return load_areas()[0].to_pandas().set_index(["level", "code"])


@pytest.fixture(scope="session")
def area_overlap():
    return load_areas()[1].to_pandas()
