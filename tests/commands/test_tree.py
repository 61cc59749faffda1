"""Commands come when they are called, and the list of them says what they say of themselves."""

import subprocess
import sys
from pathlib import Path

import pytest
import typer

import cli
from commands import query
from commands.tree import STOPPED
from tests.command_line import run_cli

ROOT = Path(__file__).resolve().parents[2]
SLOW = {
    "pandas",
    "numpy",
    "scipy",
    "ibis",
    "geopandas",
    "shapely",
    "duckdb",
    "pyarrow",
    "streamlit",
    "folium",
}
# What the store alone needs: DuckDB, and Arrow with its numpy.
OF_THE_STORE = {"duckdb", "pyarrow", "numpy"}
GROUPS = {"cli.py": cli.WAITING, "query": query.WAITING}


def imported_by(*arguments) -> set[str]:
    """Which of the slow packages a call of cli.py has imported by its end."""
    code = (
        "import sys, cli\n"
        "try:\n    cli.main()\n"
        "finally:\n    print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return SLOW & set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["query", "--help"]], ids=" ".join)
def test_the_list_of_commands_waits_for_no_package_that_is_slow_to_import(arguments):
    assert imported_by(*arguments) == set()


def test_status_waits_for_nothing_but_the_store(toy_store, monkeypatch):
    monkeypatch.setenv("RAIDS_DATABASE", str(toy_store.path))
    assert imported_by("status") == OF_THE_STORE


@pytest.mark.parametrize(
    ("group", "name"), [(group, name) for group, waiting in GROUPS.items() for name in waiting]
)
def test_a_command_is_listed_with_its_own_first_sentences(group, name):
    waiting = GROUPS[group][name]
    assert waiting.load(name).help.split("\n\n")[0].replace("\n", " ") == waiting.sentence


def test_a_mistyped_command_is_told_the_nearest(monkeypatch, capsys):
    status, _, err = run_cli(monkeypatch, capsys, "satus")
    assert (status, "Did you mean 'status'" in err) == (2, True)


def test_every_question_takes_the_same_choice_of_records(monkeypatch, capsys):
    for name in query.WAITING:
        status, out, _ = run_cli(monkeypatch, capsys, "query", name, "--help")
        assert status == 0
        for option in ("--from", "--to", "--outcome", "--setting", "--borough", "--json", "--csv"):
            assert option in out, (name, option)
        assert "--filters" not in out


@pytest.mark.parametrize("ended_by", [KeyboardInterrupt, typer.Abort])
def test_a_command_that_is_stopped_says_one_sentence(monkeypatch, capsys, ended_by):
    def stop():
        raise ended_by

    monkeypatch.setattr("commands.status.open_store_asking", stop)
    status, out, err = run_cli(monkeypatch, capsys, "status")
    assert (status, out, err.strip()) == (130, "", STOPPED)
