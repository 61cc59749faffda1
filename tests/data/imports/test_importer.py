import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data.errors import InputError
from data.imports.history import list_imports, list_rejects, status
from data.imports.importer import import_file, import_files, read_batch, write_batch
from data.imports.undoing import undo_import, undo_last_import
from data.logs.incidents import IncidentBatch
from data.logs.mapping import Mapping
from data.reading.answers import Reject
from data.returns.counts import CountsBatch
from data.schema import SCHEMA_VERSION
from data.store.store import Store
from tests.conftest import count_row, counts_table, incident_row, incidents_table

LOG = "date,borough,outcome\n11/06/2022,Southwark,prevented\n12/06/2022,Hackney,no arrests\n"


def incidents_of(store) -> int:
    return store.sql("SELECT count(*) AS n FROM incidents")["n"][0].as_py()


def in_force(store) -> list[tuple]:
    rows = store.sql(
        "SELECT period_start, period_end, setting, visits_high FROM counts WHERE superseded_by IS NULL ORDER BY ALL"
    ).to_pylist()
    return [tuple(row.values()) for row in rows]


def write_counts(store, rows, extracted_on=None) -> list[str]:
    batch = CountsBatch(
        reference="FOI 1",
        extracted_on=extracted_on,
        counts=counts_table(rows),
        rows=len(rows),
        rejects=[],
        totals_checked=[],
        notes=[],
    )
    with store.write() as connection:
        file_hash = hashlib.sha256(repr((rows, extracted_on)).encode()).hexdigest()
        return write_batch(connection, Path("return.csv"), batch, file_hash).notes


@pytest.fixture
def log(tmp_path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    return path


def test_a_log_is_kept_and_recorded(toy_store, log):
    report = import_file(toy_store, log)
    assert (report.kind, report.rows, report.kept, report.rejected) == ("incidents", 2, 2, 0)
    assert incidents_of(toy_store) == 2
    recorded = list_imports(toy_store).to_pylist()[0]
    assert (recorded["rows"], recorded["kept"], recorded["is_bundled"]) == (2, 2, False)
    assert str(recorded["import_id"]) == report.import_id
    assert abs((datetime.now(UTC).replace(tzinfo=None) - recorded["imported_at"]).total_seconds()) < 600


def test_the_same_file_adds_nothing(toy_store, log):
    import_file(toy_store, log)
    again = import_file(toy_store, log)
    assert (again.kept, again.already_there) == (0, 2)
    assert incidents_of(toy_store) == 2
    assert list_imports(toy_store).num_rows == 1


def test_a_file_that_another_process_imports_meanwhile_is_imported_once(toy_store, log, monkeypatch):
    def read_while_another_imports(path, mapping=None):
        batch = read_batch(path, mapping)
        monkeypatch.undo()
        import_file(Store(toy_store.path), path)
        return batch

    monkeypatch.setattr("data.imports.importer.read_batch", read_while_another_imports)
    report = import_file(toy_store, log)
    assert (report.kept, report.already_there) == (0, 2)
    assert list_imports(toy_store).num_rows == 1


def test_the_same_file_twice_in_one_call_is_imported_once(toy_store, log, tmp_path):
    copy = tmp_path / "copy.csv"
    copy.write_text(LOG)
    first, second = import_files(toy_store, [log, copy])
    assert (first.kept, second.kept, second.already_there) == (2, 0, 2)


def test_a_later_edition_of_a_log_adds_its_new_rows_only(toy_store, log):
    import_file(toy_store, log)
    log.write_text(LOG + "13/06/2022,Southwark,unknown\n11/06/2022,Southwark,prevented\n")
    report = import_file(toy_store, log)
    # The last row repeats the first: two such raids on a day are possible, and the store held one.
    assert (report.rows, report.kept, report.already_there) == (4, 2, 2)
    assert incidents_of(toy_store) == 4


def test_the_next_months_file_of_a_log_is_not_told_to_lack_the_others(toy_store, log):
    import_file(toy_store, log)
    log.write_text("date,borough,outcome\n13/07/2022,Southwark,unknown\n")
    assert import_file(toy_store, log).notes == []


def test_a_row_corrected_in_a_later_edition_is_told_to_count_twice(toy_store, log):
    assert import_file(toy_store, log).notes == []
    log.write_text(LOG.replace("prevented", "people detained"))
    report = import_file(toy_store, log)
    assert (report.kept, report.already_there) == (1, 1)
    assert "lacks 1 row of an earlier edition" in report.notes[0]
    assert "counts twice: undo both imports" in report.notes[0]


def test_a_later_edition_with_every_row_and_a_set_aside_file_lack_nothing(toy_store, log, tmp_path):
    log.write_text(LOG + "31/02/2022,Southwark,unknown\n")
    corrected = import_file(toy_store, log).set_aside.to_pandas()
    corrected["date"] = "28/02/2022"
    path = tmp_path / "corrected.csv"
    corrected.to_csv(path, index=False)
    assert import_file(toy_store, path).notes == []
    log.write_text(LOG + "28/02/2022,Southwark,unknown\n13/06/2022,Southwark,unknown\n")
    assert import_file(toy_store, log).notes == []


def test_a_log_with_other_headings_is_not_compared(toy_store, log, tmp_path):
    import_file(toy_store, log)
    other = tmp_path / "other.csv"
    other.write_text(LOG.replace("borough", "Borough name"))
    assert import_file(toy_store, other).kept == 2


def test_a_dry_run_tells_the_same_and_writes_nothing(toy_store, log):
    before = toy_store.version()
    report = import_file(toy_store, log, dry_run=True)
    assert (report.rows, report.kept, report.import_id) == (2, 2, None)
    assert toy_store.version() == before


def test_rows_set_aside_are_recorded_by_place_and_reason_and_can_be_corrected(toy_store, log, tmp_path):
    log.write_text(LOG + "31/02/2022,Southwark,unknown\n")
    report = import_file(toy_store, log)
    assert (report.kept, report.rejected) == (2, 1)
    rejects = list_rejects(toy_store, report.import_id).to_pylist()
    assert [(reject["row"], reject["column_name"]) for reject in rejects] == [(4, "date")]
    corrected = report.set_aside.to_pandas()
    corrected["date"] = "28/02/2022"
    path = tmp_path / "corrected.csv"
    corrected.to_csv(path, index=False)
    assert import_file(toy_store, path).kept == 1
    assert incidents_of(toy_store) == 3
    # A later edition of the log has the corrected row among the others; it is there already.
    log.write_text(LOG + "28/02/2022,Southwark,unknown\n")
    assert import_file(toy_store, log).already_there == 3


def test_a_wrong_file_among_several_changes_nothing(toy_store, log, tmp_path):
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("a,b\n1,2\n")
    before = toy_store.version()
    with pytest.raises(InputError, match=r"^wrong\.csv: .* None of the 2 files was imported\.$"):
        import_files(toy_store, [log, wrong])
    assert toy_store.version() == before


def test_undo_takes_back_the_last_import_only_and_the_file_may_come_again(toy_store, log, tmp_path):
    import_file(toy_store, log)
    second = tmp_path / "second.csv"
    second.write_text("date,borough\n2022,Camden\n")
    import_file(toy_store, second)
    assert undo_last_import(toy_store).rows == 1
    assert incidents_of(toy_store) == 2
    assert import_file(toy_store, second).kept == 1
    undo_last_import(toy_store)
    undo_last_import(toy_store)
    assert incidents_of(toy_store) == 0
    with pytest.raises(InputError, match="no import to undo"):
        undo_last_import(toy_store)


def test_two_who_undo_the_same_import_at_once_undo_it_alone(toy_store, log, tmp_path, monkeypatch):
    import_file(toy_store, log)
    second = tmp_path / "second.csv"
    second.write_text("date,borough\n2022,Camden\n")
    shown = import_file(toy_store, second).import_id
    write = Store.write

    def write_after_another(store, **how):
        monkeypatch.undo()
        undo_import(Store(store.path), shown)
        return write(store, **how)

    monkeypatch.setattr(Store, "write", write_after_another)
    with pytest.raises(InputError, match="taken back already"):
        undo_import(toy_store, shown)
    assert incidents_of(toy_store) == 2


def test_the_last_import_is_the_last_also_when_the_clock_was_set_back(toy_store, log, tmp_path):
    import_file(toy_store, log)
    with toy_store.write() as connection:
        connection.execute("UPDATE imports SET imported_at = imported_at + INTERVAL 1 HOUR")
    second = tmp_path / "second.csv"
    second.write_text("date,borough\n2022,Camden\n")
    import_file(toy_store, second)
    assert [row["kept"] for row in list_imports(toy_store).to_pylist()] == [1, 2]
    assert undo_last_import(toy_store).rows == 1


def test_what_came_with_the_dashboard_is_not_undone(toy_store):
    batch = IncidentBatch(
        incidents=incidents_table([incident_row(datetime(2020, 1, 1))]),
        rows=1,
        rejects=[],
        set_aside=None,
        unknown_words={},
        ignored_headings=[],
        headings=["date"],
    )
    with toy_store.write() as connection:
        write_batch(connection, Path("bundled.csv"), batch, "hash", is_bundled=True)
    with pytest.raises(InputError, match="no import to undo"):
        undo_last_import(toy_store)


def test_a_later_return_replaces_the_earlier_and_keeps_its_trace(toy_store):
    write_counts(toy_store, [count_row("E1", 2020, 10)])
    write_counts(toy_store, [count_row("E1", 2020, 12)])
    assert in_force(toy_store) == [(date(2020, 1, 1), date(2020, 12, 31), "all", 12)]
    assert toy_store.sql("SELECT visits_high FROM counts WHERE superseded_by IS NOT NULL")[
        "visits_high"
    ].to_pylist() == [10]
    undo_last_import(toy_store)
    assert [row[3] for row in in_force(toy_store)] == [10]


def test_of_two_returns_the_one_drawn_later_stays_whichever_comes_first(toy_store):
    write_counts(toy_store, [count_row("E1", 2020, 12)], date(2023, 5, 4))
    write_counts(toy_store, [count_row("E1", 2020, 10)], date(2021, 5, 4))
    assert [row[3] for row in in_force(toy_store)] == [12]


def test_figures_that_are_not_in_force_and_districts_left_out_are_told(toy_store):
    write_counts(toy_store, [count_row("E1", 2020, 12), count_row("E2", 2020, 3), count_row("W1", 2020, 9)])
    told = write_counts(
        toy_store, [count_row("E1", 2020, 13), count_row("W1", 2020, 1, end=date(2020, 6, 30))]
    )
    assert told[0].startswith("1 of its figures are kept but not in force")
    assert told[1].startswith("1 earlier figures for the same periods and postal areas stay in force")


def test_a_whole_year_replaces_its_part_whichever_comes_first(toy_store):
    part = count_row("E1", 2019, 8, end=date(2019, 9, 30))
    write_counts(toy_store, [part])
    write_counts(toy_store, [count_row("E1", 2019, 11)])
    assert [row[3] for row in in_force(toy_store)] == [11]
    write_counts(toy_store, [part | {"visits_high": 9}])
    assert [row[3] for row in in_force(toy_store)] == [11]


def test_a_figure_that_loses_to_one_leaves_the_others_in_force(toy_store):
    first = count_row("E1", 2019, 10, end=date(2019, 3, 31))
    second = count_row("E1", 2019, 20, start=date(2019, 10, 1), end=date(2020, 3, 31))
    write_counts(toy_store, [first, second])
    write_counts(toy_store, [count_row("E1", 2019, 50)])
    # The year holds the first and overlaps the second in part: neither may go without a figure in its place.
    assert [row[3] for row in in_force(toy_store)] == [10, 20]


def test_other_areas_years_and_settings_stay_in_force(toy_store):
    write_counts(toy_store, [count_row("E1", 2020, 1), count_row("E2", 2020, 2), count_row("E1", 2021, 3)])
    write_counts(toy_store, [count_row("E1", 2020, 4), count_row("E1", 2020, 4, setting="home")])
    assert sorted(row[3] for row in in_force(toy_store)) == [2, 3, 4, 4]


def test_status_tells_what_is_there(toy_store, log):
    import_file(toy_store, log)
    write_counts(toy_store, [count_row("E1", 2020, 1)])
    told = status(toy_store)
    assert (told["schema_version"], told["incidents"], told["counts"]) == (SCHEMA_VERSION, 2, 1)
    assert (told["first"], told["last"]) == ("2022-06-11", "2022-06-12")
    assert [row["kind"] for row in told["imports"]] == ["counts", "incidents"]
    assert told["imports"][1]["kept"] == 2


def test_a_reject_of_a_row_is_counted_once(toy_store):
    batch = CountsBatch(
        reference="FOI 1",
        extracted_on=None,
        counts=counts_table([count_row("E1", 2020, 1)]),
        rows=2,
        rejects=[Reject(5, "C", "not a number"), Reject(5, "D", "not a number")],
        totals_checked=[],
        notes=[],
    )
    with toy_store.write() as connection:
        report = write_batch(connection, Path("return.csv"), batch, "hash")
    assert (report.rows, report.kept, report.rejected) == (2, 1, 1)


def test_a_log_is_told_from_a_return_by_its_headings(toy_store, tmp_path):
    path = tmp_path / "log.csv"
    path.write_text(
        "When was it?,Raid time,Where was it,Boro,Premises,What happened,Taken,Our ref\n"
        "11/06/2022,12:08,SE15 4QL,Southwark,street,crowd freed him,0,a1\n"
    )
    assert import_file(toy_store, path).kind == "incidents"


def test_a_return_by_kind_of_address_is_told_from_a_log(toy_store, tmp_path):
    path = tmp_path / "return.csv"
    path.write_text("Postcode,Year,Premises,Visits\nE1,2019,Restaurant,12\nE2,2019,Restaurant,3\n")
    assert import_file(toy_store, path).kind == "counts"


def test_a_mapping_with_an_official_return_says_what_mappings_are_for(toy_store, tmp_path):
    path = tmp_path / "return.csv"
    path.write_text("Postcode,2018,2019\nE1,1,2\nE2,3,4\n")
    with pytest.raises(InputError, match="mappings are for lists of incidents"):
        import_file(toy_store, path, Mapping())


@pytest.mark.parametrize("dry_run", [True, False])
def test_rows_too_old_to_be_kept_are_told_of(toy_store, log, dry_run, monkeypatch):
    monkeypatch.setattr("data.clock.today", lambda: date(2026, 6, 12))
    log.write_text(LOG + "01/02/2019,Southwark,unknown\n")
    assert import_file(toy_store, log, dry_run=True).notes == [
        "1 row is older than the 6 years that records are kept; it will be deleted 30 days after a keeper was told of it."
    ]
    # A record of the very day is kept still.
    toy_store.decide("retention_years", 4)
    (note,) = import_file(toy_store, log, dry_run=dry_run).notes
    assert note.startswith(
        "2 rows are older than the 4 years that records are kept; they will be deleted 30 days after"
    )


def test_of_rows_that_were_there_already_no_age_is_told(toy_store, log, monkeypatch):
    monkeypatch.setattr("data.clock.today", lambda: date(2026, 6, 12))
    log.write_text("date,borough,outcome\n01/02/2019,Southwark,unknown\n")
    assert len(import_file(toy_store, log).notes) == 1
    log.write_text(log.read_text() + "02/06/2026,Southwark,unknown\n")
    assert import_file(toy_store, log).notes == []
