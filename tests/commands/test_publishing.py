"""`publish` on a terminal and in a script."""

import json
import zipfile

import pytest

from tests.command_line import run_cli


@pytest.fixture(autouse=True)
def _bundled(monkeypatch, tmp_path):
    monkeypatch.setenv("RAIDS_DATABASE", str(tmp_path / "raids.duckdb"))
    monkeypatch.delenv("RAIDS_BUNDLED", raising=False)


def test_a_script_gets_the_manifest_and_a_site(monkeypatch, capsys, tmp_path):
    status, printed, _ = run_cli(monkeypatch, capsys, "publish", tmp_path / "site", "--yes", "--json")
    manifest = json.loads(printed)
    assert (status, manifest["number"], manifest["rules"]["k"]) == (0, 1, 10)
    assert (tmp_path / "site" / "index.html").is_file()


def test_a_script_that_does_not_say_yes_publishes_nothing(monkeypatch, capsys, tmp_path):
    status, _, errors = run_cli(monkeypatch, capsys, "publish", tmp_path / "site")
    assert (status, errors.count("\n")) == (1, 1)
    assert "--yes" in errors
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(("typed", "is_published"), [("PUBLISH", True), ("publish", False), ("", False)])
def test_on_a_terminal_the_word_is_typed_after_seeing_what_will_be_public(
    monkeypatch, capsys, tmp_path, typed, is_published
):
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("commands.publishing.typed_word", lambda: typed)
    status, printed, _ = run_cli(monkeypatch, capsys, "publish", tmp_path / "site")
    assert "makes public, for good" in printed
    assert "none of the group's own incidents" in printed
    assert (status == 0, (tmp_path / "site").exists()) == (is_published, is_published)


def test_a_package_holds_what_was_published_and_there_is_none_before(monkeypatch, capsys, tmp_path):
    file = tmp_path / "package.zip"
    status, _, errors = run_cli(monkeypatch, capsys, "package", file)
    assert (status, file.exists()) == (1, False)
    assert "Nothing was published yet" in errors
    run_cli(monkeypatch, capsys, "publish", tmp_path / "site", "--yes")
    status, printed, _ = run_cli(monkeypatch, capsys, "package", file, "--json")
    assert (status, json.loads(printed)["number"]) == (0, 1)
    with zipfile.ZipFile(file) as archive:
        assert archive.read("official.csv") == (tmp_path / "site" / "official.csv").read_bytes()
