"""The command line on the real geography and the bundled records."""

import csv
import io
import json
import shutil
from functools import partial

import pytest

from data.imports.sources import BUNDLED
from data.keeping.opening import open_store
from data.schema import SCHEMA_VERSION
from tests.command_line import run_cli
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
def bundled_database(tmp_path_factory, esda_draws):
    return open_store(tmp_path_factory.mktemp("bundled") / "raids.duckdb").path


@pytest.fixture
def run(bundled_database, tmp_path, monkeypatch, capsys):
    """Run a command on a copy of the bundled database; gives exit status, output and errors."""
    database = tmp_path / "raids.duckdb"
    shutil.copy(bundled_database, database)
    monkeypatch.setenv("RAIDS_DATABASE", str(database))
    return partial(run_cli, monkeypatch, capsys)


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
    assert (told["schema_version"], told["incidents"]) == (SCHEMA_VERSION, 139)
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
    assert run("import", log)[1].startswith("[red]log[bold].csv: incidents, 1 row")


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


@pytest.mark.skipif(not SHARED_DATA.exists(), reason="needs ../shared/data, the real returns")
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


def test_when_shares_out_every_incident_and_says_how_many_hours_are_unknown(run):
    told = answer(run, "query", "when")
    assert [(row["weekday"], row["hour"]) for row in told["hours"]] == [
        (d, h) for d in range(7) for h in range(24)
    ]
    assert sum(row["weight"] for row in told["hours"]) + told["unknown_time"] == pytest.approx(139, abs=1e-9)
    assert told["incidents"] == 139
    # 32 of the bundled reports give a time of the day; the file itself has it in `time_start`.
    with (BUNDLED / "reported_incidents.csv").open() as file:
        timed = sum(1 for row in csv.DictReader(file) if row["time_start"] and len(row["date"]) == 10)
    assert 139 - told["unknown_time"] == timed


def test_when_of_one_area_counts_its_incidents(run):
    rows = {row["area_code"]: row["incidents"] for row in answer(run, "query", "where", "--by", "district")}
    assert answer(run, "query", "when", "--by", "district", "--area", "SE15")["incidents"] == rows["SE15"]
    assert answer(run, "query", "when", "--area", "se15")["incidents"] == rows["SE15"]
    for area in ("Atlantis", "", "Leeds"):
        assert run("query", "when", "--area", area)[0] == 1


@pytest.mark.parametrize("by", ["borough", "district", "locality", "setting", "year", "hour"])
def test_outcomes_add_up_to_all_incidents_whatever_they_are_grouped_by(run, by):
    rows = answer(run, "query", "outcomes", "--by", by)
    assert sum(row["n"] for row in rows) == 139
    assert {tuple(row) for row in rows} >= {tuple(rows[0])}
    for row in rows:
        assert {"group", "outcome", "n", "of", "share", "low", "high", "shrunk"} <= set(row)
        assert row["low"] - 1e-12 <= row["share"] <= row["high"] + 1e-12


@pytest.mark.parametrize("level", ["district", "borough"])
def test_trends_add_up_to_the_returns_and_find_the_drop_of_2020(run, level):
    told = answer(run, "query", "trends", "--by", level)
    for year, (low, high) in YEARLY_VISITS.items():
        rows = [row for row in told["rows"] if row["period"] == str(year)]
        assert total(rows) == pytest.approx((low, high), abs=1e-3)
    london = [row for row in told["change_points"] if row["area_code"] == "E12000007"]
    assert [str(row["date"])[:4] for row in london] == ["2020"]
    drop = next(
        row
        for row in told["changes"]
        if (row["area_code"], str(row["from"]), str(row["to"])) == ("E12000007", "2019", "2020")
    )
    assert 0.2 < drop["low"] < drop["rate_ratio"] < drop["high"] < 0.3
    assert {row["trend"] for row in told["trend"]} <= {
        "new", "rising", "persistent", "falling", "sporadic", "past", "cannot tell",
    }  # fmt: skip


def test_a_return_that_stops_in_october_covers_304_days(run):
    rows = answer(run, "query", "trends", "--by", "district", "--from", "2019", "--to", "2019")["rows"]
    days = {row["area_code"]: row["covered_days"] for row in rows}
    assert (days["EC1A"], days["SE15"]) == (304, 365)


def test_hot_spots_have_their_rates_and_tests(run):
    rows = {row["area_code"]: row for row in answer(run, "query", "hotspots", "--by", "district")}
    newham = rows["E7"]
    assert newham["rate"] == pytest.approx(newham["observed"] / newham["person_years"] * 1000)
    assert 0 < newham["p_value"] <= newham["q_value"] <= 1
    untested = rows["BR1"]
    assert (untested["gi_star"], untested["is_hot_spot"]) == (None, False)


@pytest.mark.parametrize("command", ["when", "outcomes"])
def test_official_figures_name_no_hour_and_no_outcome(run, command):
    status, out, err = run("query", command, "--source", "counts")
    assert (status, out) == (1, "")
    assert err.startswith("Official figures name no")


@pytest.mark.parametrize(
    "arguments",
    [
        ("when", "--from", "1999", "--to", "1999"),
        ("outcomes", "--from", "1999", "--to", "1999"),
        ("trends", "--from", "1999", "--to", "1999"),
        ("trends", "--source", "incidents", "--from", "1999", "--to", "1999"),
        ("hotspots", "--from", "1999", "--to", "1999"),
        ("hotspots", "--source", "incidents", "--by", "locality"),
        ("trends", "--from", "2019", "--to", "2019", "--borough", "Hackney"),
        ("hotspots", "--borough", "Hackney"),
        ("organise", "--from", "1990", "--to", "1991"),
        ("quality", "--from", "1999", "--to", "1999"),
        ("hotspots", "--source", "incidents", "--from", "2030"),
    ],
)
def test_a_question_without_an_answer_gets_a_sentence_and_no_number_that_is_none(run, arguments):
    status, out, err = run("query", *arguments, "--json")
    assert (status, err) == (0, "")
    assert "NaN" not in out
    assert "Infinity" not in out
    status, out, _ = run("query", *arguments)
    assert status == 0
    assert "." in out
    assert "nan" not in out.lower().split()


@pytest.mark.parametrize("command", ["where", "when", "outcomes", "trends", "hotspots", "quality"])
def test_every_question_can_be_answered_as_csv(run, command):
    status, out, _ = run("query", command, "--csv")
    assert status == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    assert rows
    assert None not in rows[0]


def test_quality_says_what_the_records_leave_open(run):
    told = answer(run, "query", "quality")
    assert (told["incidents"], told["official_as_of"], told["incidents_as_of"]) == (
        139,
        "2022-12-31",
        "2025-12-01",
    )
    hours = next(row for row in told["rests"] if row["question"] == "hours of the day")
    assert (hours["known"], hours["of"]) == (32, 139)
    assert len(told["months"]) == 12 * len(told["years"]) == 12 * 19
    assert [row["period_start"] for row in told["official"]][:2] == ["2014-01-01", "2015-01-01"]
    assert "None is waiting now." in told["notes"]
    status, out, _ = run("query", "quality", "--outcome", "prevented")
    assert status == 0
    assert "4 of 4" in out
    assert "never means that there were no raids" in out


def test_organise_ranks_areas_and_gives_each_a_reason(run):
    rows = answer(run, "query", "organise", "--by", "district")
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)
    for place, row in enumerate(rows, start=1):
        assert row["rank_low"] <= place
        assert row["reason"].startswith(f"{row['area_name']}: about ")


def test_groups_are_listed_and_imported(run, tmp_path):
    assert len({row["name"] for row in answer(run, "groups", "list")}) == 11
    (tmp_path / "groups.csv").write_text("kind,area\ncopwatch,NW1; Camden\n")
    status, out, err = run("groups", "import", tmp_path / "groups.csv")
    assert (status, out, err) == (0, "Imported: 2 areas with a group.\n", "")
    listed = [row["area_code"] for row in answer(run, "groups", "list") if row["name"] == "Copwatch"]
    assert sorted(listed) == ["E09000007", "NW1"]


PLAN = ("plan", "--areas", "SE15", "--leaflets", "600", "--volunteers", "3", "--hours", "2")


def test_a_plan_is_made_saved_given_out_and_done(run, tmp_path):
    told = answer(run, *PLAN, "--meet", "SE15 4QN", "--out", tmp_path / "out", "--save")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "walks.pdf", "walks.geojson", "walks.gpx", "stops.csv",
    }  # fmt: skip
    assert sum(walk["doors"] for walk in told["walks"]) == told["doors"] <= 600
    assert 0.9 < told["bound"] <= 1
    for walk in told["walks"]:
        assert walk["connected"] is True
        assert sum(stop["doors"] for stop in walk["stops"]) == walk["doors"]
        assert set(walk["stops"][0]) == {"postcode", "easting", "northing", "doors", "street"}
    code = told["walks"][0]["code"]
    assert run("walks", "assign", code, "7")[0] == 0
    assert run("walks", "out", code)[0] == 0
    assert run("walks", "done", code, "--leaflets", "150", "--doors", "140")[0] == 0
    states = {row["code"]: row for row in answer(run, "walks", "list")}
    assert (states[code]["state"], states[code]["leaflets"]) == ("done", 150)
    status, out, err = run("walks", "release", code)
    assert (status, out) == (1, "")
    assert err.startswith("This walk is done")
    assert run("walks", "undo")[0] == 0
    assert {row["code"]: row["state"] for row in answer(run, "walks", "list")}[code] == "out"


def test_a_folder_that_cannot_take_all_files_takes_none(run, tmp_path):
    (tmp_path / "out" / "walks.gpx").mkdir(parents=True)
    assert run(*PLAN, "--out", tmp_path / "out")[0] == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["walks.gpx"]


def test_two_plans_of_one_request_are_the_same_files(run, tmp_path):
    for name in ("one", "two"):
        assert run(*PLAN, "--out", tmp_path / name)[0] == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"--areas": "Atlantis"}, "The 1st area: This place is not known"),
        ({"--areas": "Leeds"}, "An area lies outside London"),
        ({"--leaflets": "10000000"}, "The number of leaflets"),
        ({"--volunteers": "0"}, "The number of people"),
        ({"--meet": "ZZ1 1ZZ"}, "--meet is no postcode"),
        ({"--must-not": "Atlantis"}, "--must-not names no place"),
        ({"--day": "x" * 41, "--out": "somewhere"}, "The day on the sheets"),
        ({"--barriers": "nothing.geojson"}, "There is no file"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_one_sentence(run, changes, sentence):
    asked = dict(zip(PLAN[1::2], PLAN[2::2], strict=True)) | changes
    status, out, err = run("plan", *(word for pair in asked.items() for word in pair))
    assert (status, out) == (1, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1
