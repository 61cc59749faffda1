"""A small store whose day stands still, places to log raids at, and records to try the log on."""

from datetime import date, datetime

import pytest

from data.log.acts import log_incident
from data.log.entry import IncidentEntry
from data.places.named import NamedPlace as Place
from data.schema import UNKNOWN
from tests.conftest import incident_row

TODAY = date(2022, 6, 16)
LONG_AGO = date(2022, 1, 11)
OTHER_IMPORT = "11111111-1111-4111-8111-111111111111"
SE15_4 = Place("E09000028-SE15-4", "E09000028", "SE15", "locality")
SE15 = Place(UNKNOWN, "E09000028", "SE15", "district")
SOUTHWARK = Place(UNKNOWN, "E09000028", UNKNOWN, "borough")
HACKNEY = Place(UNKNOWN, "E09000012", UNKNOWN, "borough")


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch):
    monkeypatch.setattr("data.clock.today", lambda: TODAY)


@pytest.fixture
def store(toy_store):
    return toy_store


def log(store, day=LONG_AGO, place=SE15, **values) -> str:
    return log_incident(store, IncidentEntry(day, **values), place).incident_id


def table(store) -> list[tuple]:
    return sorted(store.cursor().execute("SELECT * FROM store.main.incidents").fetchall(), key=str)


def vars_of(place: Place) -> dict:
    names = ("locality_code", "borough_code", "postcode_district", "location_precision")
    return {name: getattr(place, name) for name in names}


def imported(number: int, start: datetime, **values) -> dict:
    ids = {"incident_id": f"00000000-0000-4000-9000-{number:012}", "import_id": OTHER_IMPORT}
    return ids | incident_row(start) | values
