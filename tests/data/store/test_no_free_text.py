"""
No text that anybody typed is kept: each text column of the store is a closed list, made by the dashboard, a hash, or excepted.

`FORMS` lists every text column without a closed list, with all that may stand in it; docs/PRIVACY.md names the exceptions.
"""

import json
import re
from datetime import date

import pytest

from data.errors import InputError
from data.imports.importer import import_file
from data.keeping.opening import open_store
from data.log.acts import edit_incident, log_incident
from data.log.entry import IncidentEntry
from data.logs.mapping import Mapping
from data.logs.saved_mappings import save_mapping
from data.message.draft import read_message
from data.organising.groups import add_area, import_groups
from data.organising.leafleting import record
from data.places.named import place_of
from data.reading.headings import FIELDS
from data.schema import INCIDENTS, TABLES

ONS = r"[EWSNLM]\d{8}"
DISTRICT = r"[A-Z]{1,2}\d[A-Z\d]?"
SECTOR = rf"{DISTRICT} \d"
LOCALITY = rf"{ONS}-{DISTRICT}(?:-\d)?"
AREA = rf"(?:unknown|{ONS}|{DISTRICT}|{SECTOR}|{LOCALITY})"
SHA256 = r"(?:unknown|[0-9a-f]{64})"
REFERENCE = r"(?:unknown|several|FOI \d{4,6}|FOI \d{4}/\d{3,6})"
FIELD_NAMES = "|".join(
    sorted({*FIELDS, *INCIDENTS.column_names(), "place", "date", "visits", "area", "[A-Z]{1,3}"})
)
LISTED = "|".join(re.escape(value) for column in INCIDENTS.columns for value in column.values)
MOMENT, NUMBER = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?", r"-?\d+"
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

# Column -> what may stand in it, from end to end.
FORMS = {
    "incidents.locality_code": rf"(?:unknown|{LOCALITY})",
    "incidents.borough_code": rf"(?:unknown|{ONS})",
    "incidents.postcode_district": rf"(?:unknown|{DISTRICT})",
    "counts.area_code": AREA,
    "counts.reference": REFERENCE,
    "areas.code": AREA,
    "areas.parent_code": AREA,
    "area_overlap.from_code": AREA,
    "area_overlap.to_code": AREA,
    "imports.file_hash": SHA256,
    "imports.headings_hash": SHA256,
    "imports.reference": REFERENCE,
    "rejects.column_name": rf"(?:{FIELD_NAMES})",
    "mappings.name": rf"[a-z, ]+, \d{{1,2}} (?:{MONTHS}) \d{{4}}(?:, no\. \d+)?",
    "mappings.mapping": None,  # JSON: `test_a_saved_format_holds_digests_and_words_of_the_schema_alone`
    "groups.area_code": AREA,
    "leaflet_plans.plan_id": r"[0-9a-f]{12}",
    "leaflet_plans.areas": rf"{AREA}(?:, {AREA})*",
    "leaflet_walks.plan_id": r"[0-9a-f]{12}",
    "leaflet_walks.code": r"[A-Z0-9]{4,6}",
    "leaflet_stops.plan_id": r"[0-9a-f]{12}",
    "leaflet_stops.postcode": rf"{DISTRICT} \d[A-Z]{{2}}",
    "leaflet_stops.locality_code": LOCALITY,
    "leaflet_events.plan_id": r"[0-9a-f]{12}",
    "changes.column_name": rf"(?:{'|'.join(INCIDENTS.column_names())})",
    "changes.value_before": rf"(?:{LISTED}|{AREA}|{MOMENT}|{NUMBER}|{UUID})",
    "changes.value_after": rf"(?:{LISTED}|{AREA}|{MOMENT}|{NUMBER}|{UUID})",
    # Sentences of the dashboard: nothing of a cell is in one.
    "rejects.reason": r"[A-Z'][^@\d]*(?:\d[^@]*)?\.",
    # Excepted: the names that a boundary file gives its areas.
    "areas.name": r"[\w .,'’()&/-]+",
}

PLANTED = (
    "Aisha Okonkwo", "王伟", "नेहा शर्मा", "김민준", "Li Na", "Support Amina Yusuf", "passport no 533401372", "filled.count.soap",
    "FW9M+VH Peckham", "Marlowe Court flat twelve", "van LB2I XYZ", "wechat id janeok", "07700 900123", "jane@example.org",
)  # fmt: skip


def test_every_text_column_of_the_store_is_closed_or_has_a_form():
    texts = {
        f"{table.name}.{column.name}"
        for table in TABLES
        for column in table.columns
        if column.type == "VARCHAR" and not column.values
    }
    assert texts == set(FORMS)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A store into which somebody wrote what identifies a person at every door there is."""
    folder = tmp_path_factory.mktemp("doors")
    store = open_store(folder / "raids.duckdb")
    for number, text in enumerate(PLANTED):
        _knock(store, folder, number, text)
    return store


def _knock(store, folder, number: int, text: str) -> None:
    log = folder / f"log{number}.csv"
    log.write_text(
        f"Date,Borough,Outcome,Setting,Police,{text}\n0{number % 9 + 1}/06/2022,Southwark,{text},{text},{text},{text}\n"
    )
    foi = folder / f"return{number}.csv"
    foi.write_text(
        f"Reference: {text}\nYear,Borough,Visits\n{2001 + number},Southwark,{text}\n{2001 + number},Hackney,4\n"
    )
    groups = folder / f"groups{number}.csv"
    groups.write_text(f"name,kind,area\n{text},{text},E8\n")
    mapping = Mapping(columns={text: "date", "Where": "borough"}, words={"outcome": {text: "prevented"}})
    entry = IncidentEntry(date(2024, 6, 1 + number), outcome="prevented")
    logged = log_incident(store, entry, place_of("SE15"))
    edit_incident(store, logged.incident_id, {"outcome": "no arrests"})
    for knock in (
        lambda: import_file(store, log),
        lambda: import_file(store, log, mapping),
        lambda: import_file(store, foi),
        lambda: import_groups(store, groups),
        lambda: add_area(store, text, "E8"),
        lambda: add_area(store, "copwatch", text),
        lambda: save_mapping(store, mapping),
        lambda: read_message(f"raid on 3 June 2024 at {text}, Peckham. {text} was taken.", date(2024, 7, 1)),
        lambda: log_incident(store, IncidentEntry(date(2024, 6, 1), outcome=text), place_of("SE15")),
        lambda: edit_incident(store, logged.incident_id, {"outcome": text}),
        lambda: edit_incident(store, logged.incident_id, {"locality_code": text}),
        lambda: record(store, text, "out"),
    ):
        try:
            knock()
        except (InputError, ValueError):
            continue  # refused, which is as good


@pytest.mark.parametrize("name", [name for name, form in FORMS.items() if form])
def test_a_column_holds_nothing_but_its_form(store, name):
    table, column = name.split(".")
    found = store.sql(f"SELECT DISTINCT {column} AS value FROM store.main.{table} WHERE {column} IS NOT NULL")  # noqa: S608
    assert [value for value in found["value"].to_pylist() if not re.fullmatch(FORMS[name], value)] == []


def test_a_saved_format_holds_digests_and_words_of_the_schema_alone(store):
    saved = [json.loads(text) for text in store.sql("SELECT mapping FROM mappings")["mapping"].to_pylist()]
    assert len(saved) == len(PLANTED)
    for each in saved:
        assert set(each) == {"column_digests", "word_digests", "date_order"}
        digests = [
            *each["column_digests"],
            *(word for words in each["word_digests"].values() for word in words),
        ]
        assert all(re.fullmatch("[0-9a-f]{32}", digest) for digest in digests)


def test_of_what_was_planted_at_every_door_no_byte_is_in_the_store(store):
    held = store.path.read_bytes()
    last = {text: text.split()[-1] for text in PLANTED}
    assert [text for text in PLANTED if text.encode() in held] == []
    assert [text for text, word in last.items() if len(word) > 5 and word.encode() in held] == []
    for table in ("incidents", "groups", "mappings", "changes", "rejects"):
        assert store.sql(f"SELECT count(*) AS n FROM store.main.{table}")["n"][0].as_py()  # noqa: S608
