"""Logging by hand from the command line, and what becomes of the records."""

import io
import json
import re

import pytest

from data.keeping.opening import open_store
from data.log.reading import read_incident
from data.log.rows import find_by_code
from tests.command_line import run_cli

MESSAGE = (
    "[14/06/2022, 07:43:12] Zebedee Quux: Immigration raid this morning around 6am, car wash in Peckham, 12 Quux Road. "
    "Two people taken, crowd of 80+. Call 07700 900123\n"
)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAIDS_BUNDLED", "none")
        return open_store(tmp_path_factory.mktemp("log") / "raids.duckdb").path.read_bytes()


@pytest.fixture
def run(empty_database, tmp_path, monkeypatch, capsys):
    """Run a command on a copy of an empty database; gives exit status, output and errors."""
    database = tmp_path / "raids.duckdb"
    database.write_bytes(empty_database)
    monkeypatch.setenv("RAIDS_DATABASE", str(database))
    monkeypatch.setattr("commands.log._has_terminal", lambda: False)

    def run_command(*arguments, typed="", is_terminal=False):
        stdin = io.StringIO(typed)
        stdin.isatty = lambda: is_terminal
        monkeypatch.setattr("sys.stdin", stdin)
        return run_cli(monkeypatch, capsys, *arguments)

    return run_command


def logged(run, *arguments, **options) -> dict:
    status, out, err = run("log", *arguments, "--json", **options)
    assert status == 0, err
    return json.loads(out)


def old(run, **values) -> str:
    """Log a raid of long ago; gives its code."""
    options = {"--date": "2022-06-14", "--place": "SE15"} | {
        f"--{name.replace('_', '-')}": value for name, value in values.items()
    }
    return logged(run, *(each for pair in options.items() for each in pair))["code"]


def test_a_raid_is_logged_from_options(run):
    told = logged(
        run, "--date", "14 June 2022", "--time", "6-8am", "--place", "SE15 4QL", "--setting", "nail bar", "--outcome",
        "people detained", "--people-detained", "two", "--people-released", "0", "--crowd", "80+", "--duration", "2h30",
        "--police", "yes", "--response", "no",
    )  # fmt: skip
    record = told["record"]
    assert record | {
        "started_earliest": "2022-06-14T06:00:00", "started_latest": "2022-06-14T07:00:00", "date_precision": "day",
        "locality_code": "E09000028-SE15-4", "setting": "workplace", "outcome": "people detained", "people_detained": 2,
        "people_released": 0, "crowd_size": 80, "duration_minutes": 150, "police_present": "yes",
        "community_response": "no", "source_kind": "group report", "confidence": "low", "review": "to check",
    } == record  # fmt: skip
    assert told["shows_from"] is None


@pytest.mark.parametrize(
    ("date", "first", "last", "precision", "told"),
    [
        ("June 2022", "2022-06-01T00:00:00", "2022-06-30T23:00:00", "month", "In June 2022"),
        ("summer 2022", "2022-01-01T00:00:00", "2022-12-31T23:00:00", "year", "In 2022"),
        ("2022", "2022-01-01T00:00:00", "2022-12-31T23:00:00", "year", "In 2022"),
    ],
)
def test_a_raid_known_by_its_month_or_year_is_logged_so_and_its_day_corrected_later(
    run, date, first, last, precision, told
):
    record = logged(run, "--date", date, "--place", "SE15")
    assert record["record"] | {
        "started_earliest": first, "started_latest": last, "date_precision": precision,
    } == record["record"]  # fmt: skip
    assert told in run("incidents", "show", record["code"])[1]
    assert run("incidents", "edit", record["code"], "--time", "6am")[0] == 1
    assert run("incidents", "edit", record["code"], "--date", "14 June 2022", "--time", "6am")[0] == 0
    assert "In the hour from 06:00 on 14 June 2022" in run("incidents", "show", record["code"])[1]
    assert run("incidents", "undo", record["code"])[0] == 0
    assert told in run("incidents", "show", record["code"])[1]
    assert run("incidents", "edit", record["code"], "--date", "May 2021")[0] == 0
    assert "In May 2021" in run("incidents", "show", record["code"])[1]


def test_a_message_of_a_month_is_logged_by_its_month(run):
    typed = "[14/06/2022, 09:00] Jo: raid in SE15 at 6am, this was back in May 2021\n"
    told = logged(run, "--message", "-", "--yes", typed=typed)["record"]
    assert (told["date_precision"], told["started_latest"]) == ("month", "2021-05-31T23:00:00")


def test_a_night_over_midnight_is_logged_with_both_days(run):
    told = logged(run, "--date", "14 June 2022", "--place", "SE15", "--time", "11pm-1am")["record"]
    assert (told["started_earliest"], told["started_latest"], told["date_precision"]) == (
        "2022-06-14T23:00:00",
        "2022-06-15T00:00:00",
        "day",
    )


def test_a_young_record_shows_nowhere_and_its_code_says_what_it_is_for(run):
    status, out, _ = run("log", "--date", "today", "--place", "Peckham")
    assert status == 0
    assert re.search(r"Its code is ([0-9a-f-]{14})\. It shows from \d", out)
    assert "only it opens the record" in out
    code = re.search(r"code is (\S+)\.", out)[1]
    assert json.loads(run("query", "where", "--source", "incidents", "--json")[1])[0]["incidents"] == 0
    assert code not in run("incidents", "list")[1]
    assert code in run("incidents", "list", code)[1]
    assert run("incidents", "trail", "--json")[1] == "[]\n"
    told = json.loads(run("status", "--json")[1])
    assert (told["incidents"], told["waiting"], told["to_check"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--place", "SE15"), "The day is missing"),
        (("--date", "today"), "The place is missing"),
        (("--date", "June 2022", "--place", "SE15", "--time", "6am"), "nothing without its day"),
        (("--date", "Quux", "--place", "SE15"), "--date: The date is not understood"),
        (("--date", "2999-01-01", "--place", "SE15"), "after today"),
        (("--date", "31/02/2022", "--place", "SE15"), "no such day"),
        (("--date", "today", "--place", "12 Quux Road"), "street address"),
        (("--date", "today", "--place", "SE15", "--setting", "Quux"), "The setting takes one of"),
        (
            ("--date", "today", "--place", "SE15", "--crowd", "Quux"),
            "crowd size: The number is not understood",
        ),
        (("--date", "today", "--place", "SE15", "--time", "Quux"), "--time: The time is not understood"),
        (("--message", "Quux raid in SE15"), "standard input"),
    ],
)
def test_what_is_wrong_is_one_sentence_without_what_was_written(run, arguments, told):
    status, out, err = run("log", *arguments)
    assert status == 1
    assert out == ""
    assert told in err
    assert "Quux" not in err
    assert json.loads(run("status", "--json")[1])["incidents"] == 0


def test_a_message_is_read_and_never_repeated(run, tmp_path):
    status, out, err = run("log", "--message", "-", "--yes", typed=MESSAGE)
    assert status == 0, err
    assert "Between 05:00 and 07:00 on 14 June 2022" in out
    assert "2 detained; a crowd of 80" in out
    planted = ("Zebedee", "Quux", "07700", "900123", "Road")
    assert not any(word in out + err for word in planted)
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert not any(word.encode() in content for word in planted), file


def test_a_message_of_no_raid_logs_nothing(run):
    typed = "No raid today in Deptford, false alarm\n"
    status, out, err = run("log", "--message", "-", "--yes", typed=typed)
    assert (status, out) == (1, "")
    assert "The message tells of no raid" in err


def test_a_message_with_a_day_that_is_not_understood_asks_for_it(run):
    typed = "[14/06/2022, 09:00] Jo: raid in SE15 on the 28th\n"
    status, out, err = run("log", "--message", "-", "--yes", typed=typed)
    assert (status, out) == (1, "")
    assert "The day is missing" in err


def test_options_go_before_what_the_message_says(run):
    told = logged(run, "--message", "-", "--yes", "--place", "N17", "--people-detained", "3", typed=MESSAGE)
    assert (told["record"]["postcode_district"], told["record"]["people_detained"]) == ("N17", 3)
    assert told["record"]["setting"] == "workplace"


def test_a_message_is_logged_only_once_somebody_has_looked(run, monkeypatch):
    status, _, err = run("log", "--message", "-", typed=MESSAGE)
    assert status == 1
    assert "Confirm with --yes" in err
    for answer, incidents in ((False, 0), (True, 1)):
        monkeypatch.setattr("commands.log._has_terminal", lambda: True)
        monkeypatch.setattr("commands.log.confirm", lambda question, answer=answer: answer)
        out = run("log", "--message", "-", typed=MESSAGE)[1]
        assert "All that will be kept: Between 05:00 and 07:00" in out
        assert json.loads(run("status", "--json")[1])["incidents"] == incidents


def test_a_message_that_names_no_day_or_place_asks_for_them(run):
    assert "--date" in run("log", "--message", "-", "--yes", typed="raid in SE15, two taken")[2]
    assert "--place" in run("log", "--message", "-", "--yes", typed="raid today, two taken")[2]


def test_a_terminal_is_asked_for_what_is_not_given_until_it_is_understood(run):
    typed = "14 June 2022\nmorning\nnowhere\nSE15 4QL\nrestaurant\n\n2\n\n80\n\n\nyes\ny\n"
    status, out, err = run("log", typed=typed, is_terminal=True)
    assert status == 0, err
    assert "This place is not known" in err
    assert (
        "Between 06:00 and 12:00 on 14 June 2022, in the locality SE15 4 (Southwark), at a workplace" in out
    )
    assert "2 detained; a crowd of 80; people responded" in out
    status, out, _ = run("log", typed=typed[:-2] + "n\n", is_terminal=True)
    assert "Nothing was changed." in out
    assert json.loads(run("status", "--json")[1])["incidents"] == 1


def test_a_record_is_corrected_checked_deleted_and_had_back(run, monkeypatch):
    code = old(run, time="morning")
    assert (
        json.loads(run("incidents", "edit", code, "--setting", "home", "--time", "7am", "--json")[1])[
            "record"
        ]["date_precision"]
        == "hour"
    )
    assert run("incidents", "edit", code, "--setting", "home")[1].startswith("It says that already.")
    moved = json.loads(
        run("incidents", "edit", code, "--date", "15 June 2022", "--place", "SE15 4QL", "--json")[1]
    )["record"]
    assert (moved["started_earliest"], moved["location_precision"]) == ("2022-06-15T07:00:00", "locality")
    assert run("incidents", "check", code, "--confidence", "high")[1] == "Checked; its confidence is high.\n"
    assert json.loads(run("incidents", "show", code, "--json")[1])["review"] == "checked"
    assert run("incidents", "list", "--to-check")[1].startswith("No record that shows waits")
    assert run("incidents", "list")[1].startswith(code)
    status, _, err = run("incidents", "delete", code)
    assert (status, "Confirm with --yes" in err) == (1, True)
    assert run("incidents", "delete", code, "--yes")[0] == 0
    assert run("incidents", "show", code)[0] == 1
    assert run("incidents", "undo", code)[1] == "Taken back: step 5, 'deleted'.\n"
    assert run("incidents", "show", code)[0] == 0


def test_two_records_of_one_raid_are_offered_and_become_one(run):
    one, other = old(run, crowd="50"), old(run, place="SE15 4QL", crowd="80")
    pair = json.loads(run("incidents", "duplicates", "--json")[1])
    assert pair == [
        {"left": other, "right": one, "reason": "On the same day, in the same postcode district."}
    ]
    assert other in run("incidents", "duplicates")[1]
    assert "better of each" in run("incidents", "merge", other, one)[1]
    assert json.loads(run("incidents", "show", other, "--json")[1])["crowd_size"] == 80
    assert run("incidents", "duplicates")[1].startswith("No two records")
    acts = [row["act"] for row in json.loads(run("incidents", "trail", "--json")[1])]
    assert set(acts) == {"merged", "logged"}
    assert run("incidents", "undo", "--step", "3")[1] == "Taken back: step 3, 'merged'.\n"
    assert len(json.loads(run("incidents", "duplicates", "--json")[1])) == 1
    assert "merged" in run("incidents", "trail")[1]


def test_two_raids_of_one_day_are_noted_as_two_and_not_offered_again(run):
    one, other = old(run), old(run)
    assert "Noted as two raids" in run("incidents", "apart", one, other)[1]
    assert json.loads(run("incidents", "duplicates", "--json")[1]) == []
    assert "Taken back" in run("incidents", "apart", other, one, "--again")[1]
    assert len(json.loads(run("incidents", "duplicates", "--json")[1])) == 1
    assert "choose two" in run("incidents", "apart", one, one)[2]


def test_the_code_printed_is_the_one_that_opens_the_record(run, tmp_path):
    told = logged(run, "--date", "2022-06-14", "--place", "SE15")
    store = open_store(tmp_path / "raids.duckdb")
    assert read_incident(store, find_by_code(store, told["code"]))["incident_id"] == told["incident_id"]


def test_the_acts_on_a_young_record_are_taken_back_only_with_its_code(run):
    shown = old(run)
    young = logged(run, "--date", "today", "--place", "SE15")["code"]
    assert "no such change" in run("incidents", "undo", "--step", "2")[2]
    assert run("incidents", "undo")[1] == "Taken back: step 1, 'logged'.\n"
    assert "nothing to take back" in run("incidents", "undo")[2]
    assert run("incidents", "show", shown)[0] == 1
    assert run("incidents", "show", young)[0] == 0
    assert run("incidents", "undo", young, "--step", "2")[1] == "Taken back: step 2, 'logged'.\n"
    assert run("incidents", "show", young)[0] == 1


def test_an_import_is_undone_by_its_short_id_and_the_log_is_left_alone(run, tmp_path):
    code = old(run)
    for name, text in (
        ("a.csv", "date,borough\n11/01/2022,Camden\n"),
        ("b.csv", "when,borough\n2022-01-12,Hackney\n"),
    ):
        (tmp_path / name).write_text(text)
    first = json.loads(run("import", tmp_path / "a.csv", "--json")[1])[0]["import_id"]
    assert run("import", tmp_path / "b.csv")[0] == 0
    assert first[:8] in run("status")[1]
    assert run("undo", first[:8])[1] == "Undone: the import of incidents, 1 row.\n"
    assert run("undo")[1] == "Undone: the last import of incidents, 1 row.\n"
    assert "no import to undo" in run("undo")[2]
    assert "no such import" in run("undo", "zzz")[2]
    assert run("incidents", "show", code)[0] == 0


def test_an_outcome_that_contradicts_a_number_is_told_with_what_to_do(run):
    code = logged(run, "--date", "14 June 2022", "--place", "SE15", "--people-detained", "2")["record"][
        "code"
    ]
    told = " ".join(run("incidents", "edit", code, "--outcome", "no arrests")[1].split())
    assert "Its outcome is 'no arrests' and people detained is 2." in told
    assert f"incidents edit {code} --people-detained unknown" in told
    assert "take it out" not in run("incidents", "edit", code, "--people-detained", "unknown")[1]
