"""The command line on the real geography and the bundled records."""

import csv
import io
import json
import shutil

import pytest

import cli
from data.opening import open_store
from data.sources import BUNDLED
from tests.conftest import SHARED_DATA

# Yearly visits as the Home Office's returns give them; EC in 2019 to October, and 2022 with "<5" as 1 to 4.
YEARLY_VISITS = {
    2014: (4736, 4736),
    2015: (4641, 4641),
    2016: (4437, 4437),
    2017: (3834, 3834),
    2018: (3689, 3689),
    2019: (3472, 3472),
    2020: (907, 907),
    2021: (719, 719),
    2022: (861, 1044),
}


@pytest.fixture(scope="session")
def bundled_database(tmp_path_factory):
    return open_store(tmp_path_factory.mktemp("bundled") / "raids.duckdb").path


@pytest.fixture
def run(bundled_database, tmp_path, monkeypatch, capsys):
    """Run a command on a copy of the bundled database; gives exit status, output and errors."""
    database = tmp_path / "raids.duckdb"
    shutil.copy(bundled_database, database)
    monkeypatch.setenv("RAIDS_DATABASE", str(database))

    def run_command(*arguments):
        monkeypatch.setattr("sys.argv", ["cli.py", *map(str, arguments)])
        try:
            cli.main()
            status = 0
        except SystemExit as stop:
            status = stop.code or 0
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run_command


def answer(run, *arguments):
    status, out, err = run(*arguments, "--json")
    assert status == 0, err
    return json.loads(out)


def total(rows, low="visits_low", high="visits_high"):
    return sum(row[low] or 0 for row in rows), sum(row[high] or 0 for row in rows)


@pytest.mark.parametrize("year", YEARLY_VISITS)
@pytest.mark.parametrize("level", ["district", "borough"])
def test_yearly_visits_are_those_of_the_returns(run, year, level):
    rows = answer(run, "query", "where", "--by", level, "--source", "counts", "--from", year, "--to", year)
    assert total(rows) == pytest.approx(YEARLY_VISITS[year], abs=1e-3)


def test_district_figures_are_the_file_to_the_digit(run):
    expected = {}
    with (BUNDLED / "home_office_visits.csv").open() as file:
        for row in csv.DictReader(file):
            low, high = expected.get(row["postcode_district"], (0, 0))
            expected[row["postcode_district"]] = low + int(row["visits_low"]), high + int(row["visits_high"])
    rows = answer(run, "query", "where", "--by", "district", "--source", "counts")
    told = {
        row["area_code"]: (row["visits_low"], row["visits_high"])
        for row in rows
        if row["visits_low"] is not None
    }
    placed = {code: figures for code, figures in expected.items() if code in told}
    assert {code: told[code] for code in placed} == placed
    unplaced = [figures for code, figures in expected.items() if code not in told]
    assert told.get("unknown", (0, 0)) == (sum(low for low, _ in unplaced), sum(high for _, high in unplaced))


def test_all_reported_incidents_are_there_and_thirty_are_outside_london(run):
    rows = {row["area_code"]: row for row in answer(run, "query", "where", "--source", "incidents")}
    assert sum(row["incidents"] for row in rows.values()) == 139
    assert rows["outside"]["incidents"] == 30
    assert rows["unknown"]["incidents"] == 3
    assert len(rows) == 35
    assert rows["E09000028"]["area_name"] == "Southwark"
    assert sum(rows["E09000028"]["outcomes"].values()) == rows["E09000028"]["incidents"]
    assert 1 <= rows["E09000028"]["rank_low"] <= rows["E09000028"]["rank_high"] <= 33


def test_incidents_by_borough_agree_with_a_plain_recount(run):
    with (BUNDLED / "reported_incidents.csv").open() as file:
        recounted = {}
        for row in csv.DictReader(file):
            if row["outcome"] == "people detained":
                recounted[row["local_authority"]] = recounted.get(row["local_authority"], 0) + 1
    rows = answer(run, "query", "where", "--outcome", "people detained")
    for row in rows:
        if row["area_code"].startswith("E09"):
            assert row["incidents"] == recounted.get(row["area_name"], 0), row["area_name"]


def test_a_borough_may_be_named_in_its_usual_spelling(run):
    rows = answer(run, "query", "where", "--borough", "LB Southwark", "--borough", "E09000012")
    assert {row["area_name"] for row in rows} == {"Southwark", "Hackney"}


def test_status_has_the_bundled_imports(run):
    told = answer(run, "status")
    assert (told["schema_version"], told["incidents"]) == (2, 139)
    with (BUNDLED / "home_office_visits.csv").open() as file:
        assert told["counts"] == sum(1 for _ in csv.DictReader(file))
    assert told["first"] == "2007-10-11"
    assert {row["kind"]: row["rejected"] for row in told["imports"]} == {"incidents": 0, "counts": 0}


def test_status_of_an_empty_store_names_no_days(run, tmp_path, monkeypatch):
    monkeypatch.setenv("RAIDS_DATABASE", str(tmp_path / "empty.duckdb"))
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    assert run("status")[1].startswith("0 incidents.\n")


def test_an_import_is_reported_kept_and_undone(run, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("date,postcode,outcome\n11/06/2022,SE15 1HH,prevented\n31/02/2022,SE15 1HH,prevented\n")
    report = answer(run, "import", log)[0]
    assert (report["file"], report["kind"]) == ("log.csv", "incidents")
    assert (report["rows"], report["kept"], report["rejected"]) == (2, 1, 1)
    assert report["rejects"][0]["row"] == 3
    assert answer(run, "status")["incidents"] == 140
    again = answer(run, "import", log)[0]
    assert (again["rows"], again["kept"], again["rejected"], again["already_there"]) == (2, 0, 1, 1)
    assert [reject["row"] for reject in again["rejects"]] == [3]
    assert run("undo")[0] == 0
    assert answer(run, "status")["incidents"] == 139


def test_set_aside_rows_are_written_for_correction(run, tmp_path):
    log, corrections = tmp_path / "log.csv", tmp_path / "corrections.csv"
    log.write_text("date,postcode\n11/06/2022,SE15 1HH\n31/02/2022,SE15 1HH\n")
    assert run("import", log, "--set-aside", corrections)[0] == 0
    rows = list(csv.DictReader(io.StringIO(corrections.read_text())))
    assert [row["date"] for row in rows] == ["31/02/2022"]
    assert rows[0]["reason"]


def test_set_aside_rows_west_of_greenwich_can_be_corrected_and_imported(run, tmp_path):
    log, corrections = tmp_path / "log.csv", tmp_path / "corrections.csv"
    log.write_text("date,latitude,longitude\n11/06/2022,51.4709,-0.0648\n31/02/2022,51.4709,-0.0648\n")
    run("import", log, "--set-aside", corrections)
    corrections.write_text(corrections.read_text().replace("31/02/2022", "28/02/2022"))
    report = answer(run, "import", corrections)[0]
    assert (report["kept"], report["rejected"]) == (1, 0)


def test_rows_set_aside_that_could_not_be_written_stop_the_import_before_it_begins(run, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("date,postcode\n11/06/2022,SE15 1HH\n31/02/2022,SE15 1HH\n")
    status, _, err = run("import", log, "--set-aside", tmp_path / "nowhere" / "x.csv")
    assert status == 1
    assert "cannot be written" in err
    assert answer(run, "status")["incidents"] == 139


WITH_A_WRONG_ROW = "date,postcode\n11/06/2022,SE15 1HH\n31/02/2022,SE15 1HH\n"


def test_rows_set_aside_never_replace_a_file_that_is_imported(run, tmp_path):
    logs = [tmp_path / "log.csv", tmp_path / "log-2.csv"]
    for log in logs:
        log.write_text(WITH_A_WRONG_ROW)
    (tmp_path / "link.csv").symlink_to(logs[0])
    for target, files in (
        (logs[0], logs[:1]),
        (tmp_path / "link.csv", logs[:1]),
        (tmp_path / "log.csv", logs),
    ):
        status, _, err = run("import", *files, "--set-aside", target)
        assert status == 1
        assert "Name another for --set-aside" in err
    # The second file of rows set aside would be log-2.csv.
    other = tmp_path / "other.csv"
    other.write_text(WITH_A_WRONG_ROW.replace("2022", "2021"))
    logs[0].unlink()
    assert run("import", other, logs[1], "--set-aside", logs[0])[0] == 1
    assert not logs[0].exists()
    assert logs[1].read_text() == WITH_A_WRONG_ROW
    assert answer(run, "status")["incidents"] == 139


def test_rows_set_aside_never_replace_the_database(run, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(WITH_A_WRONG_ROW)
    assert run("import", log, "--set-aside", tmp_path / "raids.duckdb")[0] == 1
    assert answer(run, "status")["incidents"] == 139


@pytest.mark.parametrize(
    ("content", "status"), [("date,postcode\n11/06/2022,SE15 1HH\n", 0), ("a,b\n1,2\n", 1)]
)
def test_without_rows_set_aside_no_file_is_made_and_none_is_emptied(run, tmp_path, content, status):
    log, new, old = tmp_path / "log.csv", tmp_path / "new.csv", tmp_path / "old.csv"
    log.write_text(content)
    old.write_text("corrections of last week")
    assert run("import", log, "--dry-run", "--set-aside", new)[0] == status
    assert run("import", log, "--set-aside", old)[0] == status
    assert not new.exists()
    assert old.read_text() == "corrections of last week"


def test_a_file_name_is_shown_as_it_is(run, tmp_path):
    log = tmp_path / "[red]log[bold].csv"
    log.write_text("date,postcode\n11/06/2022,SE15 1HH\n")
    assert run("import", log)[1].startswith("[red]log[bold].csv: incidents, 1 rows")


def test_a_database_that_cannot_be_made_is_one_sentence(run, monkeypatch):
    monkeypatch.setenv("RAIDS_DATABASE", "/proc/nowhere/x.duckdb")
    status, _, err = run("status")
    assert status == 1
    assert "cannot be written" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "missing.csv"], "no file of this name"),
        (["import", "/"], "This is a folder"),
        (["import", "/dev/null"], "a device or a pipe"),
        (["query", "where", "--from", "June"], "is not a date"),
        (["query", "where", "--from", "2022-02-31"], "is not a date"),
        (["query", "where", "--outcome", "good"], "takes one of"),
        (["query", "where", "--borough", "Atlantis"], "not a London borough"),
        (["query", "where", "--by", "locality", "--source", "counts"], "nothing finer"),
        (["import", "x.csv", "--mapping", "nobody"], "no saved mapping"),
        (["sources", "get", "nothing"], "nothing to fetch"),
        (["undo"], "no import to undo"),
    ],
)
def test_a_wrong_input_is_one_sentence_and_status_one(run, arguments, words):
    status, out, err = run(*arguments)
    assert (status, out) == (1, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1


def test_a_wrong_command_is_status_two(run):
    assert run("query", "where", "--by", "ward")[0] == 2


def test_plain_output_names_the_areas_and_csv_can_be_read_back(run):
    status, out, _ = run("query", "where", "--by", "borough", "--csv")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 35
    assert "Hackney" in run("query", "where")[1]
    assert "139 incidents" in run("status")[1]
    assert "antiraids-foi" in run("sources", "list")[1]


def test_a_new_store_without_bundled_records_has_the_geography(tmp_path, monkeypatch):
    monkeypatch.setenv("RAIDS_BUNDLED", "none")
    store = open_store(tmp_path / "empty.duckdb")
    assert store.sql("SELECT count(*) AS n FROM incidents")["n"][0].as_py() == 0
    assert store.sql("SELECT count(*) AS n FROM areas WHERE level = 'borough'")["n"][0].as_py() == 33


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="the real returns are not beside the project")
def test_a_raw_return_reconciles_and_does_not_count_twice(run):
    report = answer(run, "import", SHARED_DATA / "foi-immigration-raids" / "55886 xxx Appendix A.xlsx")[0]
    assert report["kind"] == "counts"
    assert report["totals_checked"]
    assert all(total["matches"] for total in report["totals_checked"])
    rows = answer(
        run, "query", "where", "--by", "district", "--source", "counts", "--from", 2018, "--to", 2018
    )
    assert total(rows) == YEARLY_VISITS[2018]
    # The return stops in September 2019; the whole year that came with the dashboard stays in force.
    rows = answer(
        run, "query", "where", "--by", "district", "--source", "counts", "--from", 2019, "--to", 2019
    )
    assert total(rows) == YEARLY_VISITS[2019]
