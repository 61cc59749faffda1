"""A store in which every column that holds text holds scripts: as if a backup of an attacker's had been restored."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from data.keeping.opening import open_store
from data.store.store import Store
from tests.browser.scripts import SCRIPTS
from tests.conftest import incident_row, insert

# Their names hold all scripts at once; they can be chosen by their codes.
BOROUGH, DISTRICT = "E09000012", "SE15"
MOMENT = datetime(2024, 1, 11, 10)
# Far enough apart that a mark which one of them opens is not closed by the next.
ALL = "\n\n".join(SCRIPTS)


def write_hostile_store(path: Path) -> list[str]:
    """Make the store; returns the codes of localities that are scripts themselves."""
    store = open_store(path)
    # Nothing is asked when a page opens.
    store.decide("passphrase_declined", 1)
    with store.write() as connection:
        codes = _rename_areas(connection)
        _add_incidents(connection, codes)
        _add_groups(connection)
        _add_imports(connection)
        _add_walks(connection)
        _add_changes(connection)
    _check(store)
    return codes


def _rename_areas(connection) -> list[str]:
    """Names of all levels; boroughs are few, so each is named by several scripts. And codes of localities."""
    for level in ("borough", "district", "locality", "sector", "authority"):
        known = connection.execute("SELECT code FROM areas WHERE level = ? ORDER BY code", [level]).fetchall()
        codes = [code for (code,) in known]
        names = [_name(level, number, code) for number, code in enumerate(codes)]
        _replace(connection, "name", level, codes, names)
    localities = [code for (code,) in _some_localities(connection)]
    _replace(connection, "code", "locality", localities, list(SCRIPTS))
    return list(SCRIPTS)


def _some_localities(connection) -> list[tuple[str]]:
    first = "SELECT code FROM areas WHERE level = 'locality' ORDER BY code LIMIT ?"
    return connection.execute(first, [len(SCRIPTS)]).fetchall()


def _name(level: str, number: int, code: str) -> str:
    if code in (BOROUGH, DISTRICT):
        return ALL
    return (
        " ".join(SCRIPTS[number::33]) if level == "borough" else f"{SCRIPTS[number % len(SCRIPTS)]} {number}"
    )


def _replace(connection, column: str, level: str, codes: list[str], values: list[str]) -> None:
    new = "(SELECT unnest(?::VARCHAR[]) AS old, unnest(?::VARCHAR[]) AS new) AS each"
    update = f"UPDATE areas SET {column} = each.new FROM {new} WHERE level = ? AND code = each.old"  # noqa: S608
    connection.execute(update, [codes, values, level])


def _add_incidents(connection, codes: list[str]) -> None:
    (batch,) = connection.execute("SELECT import_id FROM imports WHERE kind = 'incidents'").fetchone()
    for number, code in enumerate(codes):
        start = MOMENT + timedelta(days=number)
        place = {"locality_code": code, "borough_code": BOROUGH, "postcode_district": DISTRICT}
        row = incident_row(start, location_precision="locality", **place) | _ids(batch)
        insert(connection, "incidents", [row | {"setting": "home", "outcome": "prevented"}])
        # Codes that no area has.
        nowhere = {"borough_code": code, "postcode_district": code, "location_precision": "district"}
        insert(connection, "incidents", [incident_row(start, **nowhere) | _ids(batch)])


def _ids(batch: UUID) -> dict:
    return {"incident_id": uuid4(), "import_id": batch, "review": "to check"}


def _add_groups(connection) -> None:
    for number, script in enumerate(SCRIPTS):
        rows = [(BOROUGH, "borough"), (DISTRICT, "district"), (f"E090000{number % 33 + 1:02}", "borough")]
        rows += [(script, "locality"), (f"no {script}", "authority")]
        for code, level in rows:
            insert(connection, "groups", [{"kind": "copwatch", "area_level": level, "area_code": code}])


def _add_imports(connection) -> None:
    for number, script in enumerate(SCRIPTS):
        batch = uuid4()
        about = {
            "import_id": batch,
            "kind": "counts",
            "imported_at": MOMENT + timedelta(days=number),
            "file_hash": script,
        }
        about |= {
            "headings_hash": script,
            "reference": script,
            "rows": 2,
            "kept": 1,
            "rejected": len(SCRIPTS),
        }
        about |= {"already_there": 0, "schema_version": 3, "is_bundled": False}
        insert(connection, "imports", [about])
        rejects = [{"row": row, "column_name": each, "reason": each} for row, each in enumerate(SCRIPTS)]
        for row in rejects if number == len(SCRIPTS) - 1 else rejects[:1]:
            insert(connection, "rejects", [row | {"import_id": batch}])
        columns = dict.fromkeys(SCRIPTS, "ignore")
        mapping = json.dumps({"columns": columns, "words": {"outcome": {script: "prevented"}}})
        insert(connection, "mappings", [{"name": script, "mapping": mapping, "saved_at": MOMENT}])
    connection.execute("UPDATE counts SET reference = ?", [ALL])


def _add_walks(connection) -> None:
    """A walk for each script, given out to somebody."""
    insert(
        connection,
        "leaflet_plans",
        [
            {"plan_id": plan, "planned_at": MOMENT, "areas": ALL, "leaflets": 9, "volunteers": 9, "hours": 2, "share_of_best": 1}
            for plan in ("plan", SCRIPTS[5])
        ],
    )  # fmt: skip
    for number, script in enumerate(SCRIPTS):
        plan = "plan" if number % 2 else SCRIPTS[5]
        walk = {"plan_id": plan, "walk": number + 1}
        insert(
            connection,
            "leaflet_walks",
            [walk | {"code": script, "doors": 5, "metres": 9, "minutes": 9, "is_block": False}],
        )
        stop = {"position": 1, "postcode": script, "doors": 5, "locality_code": script}
        stop |= {"easting": 534000 + 90 * (number % 10), "northing": 184000 + 90 * (number // 10)}
        insert(connection, "leaflet_stops", [walk | stop])
        event = {"number": number + 1, "happened_at": MOMENT, "event": "assigned", "walker": 7}
        insert(connection, "leaflet_events", [walk | event])


def _add_changes(connection) -> None:
    (incident,) = connection.execute("SELECT incident_id FROM incidents LIMIT 1").fetchone()
    for number, script in enumerate(SCRIPTS, start=1):
        about = {"number": number, "step": number, "happened_at": MOMENT, "incident_id": incident}
        words = {"act": "edited", "column_name": script, "value_before": script, "value_after": script}
        insert(connection, "changes", [about | words])


def _check(store: Store) -> None:
    """Whatever the tests then see, all of it can be read."""
    assert store.sql("SELECT count(*) AS n FROM groups").to_pylist()[0]["n"] >= len(SCRIPTS)
