"""A lake: what is written into it, what is never, and that it answers as the store does."""

import json
import shutil
from datetime import timedelta

import pyarrow.parquet as pq
import pytest

from data import clock
from data.errors import InputError
from data.keeping.bundled import fill
from data.keeping.opening import open_records, open_store
from data.schema import INCIDENTS
from data.store.lake import MANIFEST, Lake, write_lake
from data.store.store import create_store
from tests.command_line import run_cli
from tests.engines.questions import QUESTIONS, differences

QUICK = [
    "where 0 borough incidents", "where 1 district rate", "seen 0 borough", "when 1", "outcomes 2 setting", "quality 0",
    "incidents chosen 1", "figures chosen 2", "density", "profile of a borough",
]  # fmt: skip


def answers_differ(store, lake, names):
    return {
        name: found
        for name in names
        if (found := differences(QUESTIONS[name](store.run), QUESTIONS[name](lake.run)))
    }


def test_a_lake_answers_as_the_store_does(stored, lake):
    assert answers_differ(stored, lake, QUICK) == {}


@pytest.mark.slow
def test_a_lake_answers_every_question_as_the_store_does(stored, lake):
    assert answers_differ(stored, lake, QUESTIONS) == {}


def test_the_incidents_are_parted_by_the_year_in_which_they_may_have_started(stored, lake):
    parts = sorted((lake.folders()[0].path / "incidents" / "own").iterdir())
    years = stored.sql(
        "SELECT DISTINCT year(started_earliest) AS y FROM incidents WHERE import_id NOT IN (SELECT import_id FROM imports WHERE is_bundled) ORDER BY y"
    )
    assert [part.name for part in parts] == [f"started_year={year}" for year in years["y"].to_pylist()]


def test_no_young_record_and_nothing_of_the_trail_leaves_the_store(tmp_path, monkeypatch):
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    store = open_store(tmp_path / "raids.duckdb")
    young, old = clock.today() - timedelta(days=3), clock.today() - timedelta(days=300)
    with store.write() as connection:
        for number, day in enumerate((young, old)):
            values = {
                "incident_id": f"00000000-0000-4000-8000-00000000000{number}", "started_earliest": day, "started_latest": day,
                "date_precision": "day", "locality_code": "unknown", "borough_code": "E09000028", "postcode_district": "unknown",
                "location_precision": "borough", "setting": "home", "outcome": "no arrests", "police_present": "unknown",
                "community_response": "unknown", "source_kind": "group report", "confidence": "medium",
                "import_id": "00000000-0000-4000-8000-000000000009", "review": "checked",
            }  # fmt: skip
            columns = ", ".join(values)
            connection.execute(
                f"INSERT INTO incidents ({columns}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608
                [*values.values()],
            )
    own = write_lake(store, tmp_path / "lake")
    found = (
        Lake(tmp_path / "lake").sql("SELECT started_earliest FROM incidents")["started_earliest"].to_pylist()
    )
    assert [moment.date() for moment in found] == [old]
    assert not {"changes", "settings", "mappings", "rejects"} & {folder.name for folder in own.iterdir()}


def test_two_stores_stand_side_by_side_and_what_is_public_counts_once(stored, tmp_path):
    other = create_store(tmp_path / "other.duckdb", fill)
    folder = tmp_path / "lake"
    for store in (stored, other, stored):
        write_lake(store, folder)
    lake = Lake(folder)
    assert len(lake.folders()) == 2
    for table in ("counts", "areas", "area_overlap"):
        count = f"SELECT count(*) AS n FROM {table}"  # noqa: S608
        assert lake.sql(count)["n"].to_pylist() == stored.sql(count)["n"].to_pylist(), table
    everything = stored.sql("SELECT count(*) AS n FROM incidents")["n"].to_pylist()[0]
    public = "SELECT count(*) AS n FROM incidents WHERE import_id IN (SELECT import_id FROM imports WHERE is_bundled)"
    assert stored.sql(public)["n"].to_pylist()[0] in (0, lake.sql(public)["n"].to_pylist()[0])
    assert lake.sql("SELECT count(*) AS n FROM incidents")["n"].to_pylist()[0] == everything


def test_what_is_public_comes_from_a_store_that_holds_it(stored, tmp_path, monkeypatch):
    write_lake(stored, tmp_path / "lake")
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    write_lake(open_store(tmp_path / "bare.duckdb"), tmp_path / "lake")
    count = "SELECT count(*) AS n FROM counts"
    assert Lake(tmp_path / "lake").sql(count)["n"].to_pylist() == stored.sql(count)["n"].to_pylist()


def test_columns_are_those_of_the_schema(lake):
    file = lake.files_of(INCIDENTS)[0]
    assert [
        name for name in pq.read_schema(file).names if name in INCIDENTS.column_names()
    ] == INCIDENTS.column_names()


@pytest.fixture
def damaged(lake, tmp_path):
    folder = tmp_path / "lake"
    shutil.copytree(lake.path, folder)
    return folder


def spoil_manifest(own):
    (own / MANIFEST).write_text("{", encoding="utf-8")


def take_a_file(own):
    next((own / "incidents").rglob("*.parquet")).unlink()


def cut_a_file(own):
    file = next((own / "counts").rglob("*.parquet"))
    file.write_bytes(file.read_bytes()[:100])


def take_the_manifest(own):
    (own / MANIFEST).unlink()


@pytest.mark.parametrize("spoil", [spoil_manifest, take_a_file, cut_a_file, take_the_manifest])
def test_a_half_written_folder_is_told_of_in_one_sentence(damaged, spoil):
    own = next(each for each in damaged.iterdir())
    spoil(own)
    with pytest.raises(InputError, match=f"The folder {own.name} of this lake is not complete"):
        Lake(damaged).run(None)


def test_a_lake_of_another_schema_is_refused(damaged):
    own = next(each for each in damaged.iterdir())
    told = json.loads((own / MANIFEST).read_text(encoding="utf-8"))
    (own / MANIFEST).write_text(json.dumps(told | {"schema_version": 99}), encoding="utf-8")
    with pytest.raises(InputError, match=r"of another version of the dashboard \(99"):
        Lake(damaged).sql("SELECT 1")


def test_a_folder_with_something_else_in_it_is_no_lake_to_write_into(stored, tmp_path):
    (tmp_path / "letter.txt").write_text("dear all", encoding="utf-8")
    with pytest.raises(InputError, match="holds something else than a lake"):
        write_lake(stored, tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_is_no_lake_to_ask(tmp_path):
    with pytest.raises(InputError, match="This lake is empty"):
        Lake(tmp_path).sql("SELECT 1")


def test_the_command_line_asks_a_lake_and_writes_nothing_into_it(lake, monkeypatch, capsys):
    monkeypatch.setenv("RAIDS_DATABASE", str(lake.path))
    assert isinstance(open_records(), Lake)
    before = sorted(lake.path.rglob("*"))
    status, out, _ = run_cli(monkeypatch, capsys, "query", "outcomes", "--json")
    assert status == 0
    assert json.loads(out)
    status, _, err = run_cli(monkeypatch, capsys, "retention")
    assert (status, "only questions can be asked of it" in err) == (1, True)
    assert sorted(lake.path.rglob("*")) == before
