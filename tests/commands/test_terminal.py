import re
from pathlib import Path

import pandas as pd
import pytest

from commands import tables, terminal
from commands.tables import print_rows
from commands.terminal import print_lines
from tests.browser.scripts import SCRIPTS

ROOT = Path(__file__).resolve().parents[2]
# What rich and a terminal would obey: marks, links, an empty closing mark, colours, a window's title, a cleared screen, a bell.
OBEYED = [
    "[bold]x[/bold]", "[/]", "[link=http://outside.invalid]x[/link]", "[@click=app.bell]x[/]", ":smile:", "\\[x]",
    "\x1b[31mred", "\x1b]0;title\x07", "\x1b]8;;http://outside.invalid\x1b\\x\x1b]8;;\x1b\\", "\x1b[2J", "\x07\x08\x7f",
    "\x9b31m", "\u202eabc", *SCRIPTS,
]  # fmt: skip


def expected(text: str) -> str:
    return re.sub(r"\s", "", terminal.without_commands(text))


@pytest.mark.parametrize("text", OBEYED)
def test_a_terminal_shows_a_text_and_obeys_nothing_in_it(text, capsys):
    print_lines([text])
    print_rows(pd.DataFrame({"area_name": [text]}), ["area_name"], [])
    terminal.out.print(f"Read: {text}")
    said = capsys.readouterr().out
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", said)
    line, *_table, last = [each for each in re.sub(r"[^\S\n]", "", said).split("\n") if each] or [""]
    if expected(text) and "\n" not in text and expected(text).isprintable():
        assert line == expected(text)
        assert last == f"Read:{expected(text)}"


def test_every_command_prints_through_this_terminal():
    for path in (ROOT / "commands").rglob("*.py"):
        text = path.read_text()
        assert path.name == "terminal.py" or "Console(" not in text, path.name
        assert "markup=True" not in text, path.name
        assert not re.search(r"^\s*print\((?!.*file=sys\.stderr)", text, re.MULTILINE), path.name


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_table_too_wide_for_the_screen_loses_nothing_and_breaks_no_day(is_terminal, monkeypatch, capsys):
    screen = terminal.Terminal(force_terminal=is_terminal, color_system=None, _environ={"COLUMNS": "80"})
    monkeypatch.setattr(tables, "out", screen)
    row = {"day": "2026-11-23", "at": "2026-11-23 10:00"} | {f"number_{each}": "x" * 30 for each in range(5)}
    print_rows(pd.DataFrame([row]), list(row), [])
    lines = capsys.readouterr().out.splitlines()
    assert any("2026-11-23 " in line and "2026-11-23 10:00" in line for line in lines)
    assert sum(line.count("x") for line in lines) == 150
    assert "…" not in "".join(lines)
    # Nobody's screen ends the lines that go to another program.
    assert (max(map(len, lines)) <= 80) == is_terminal
