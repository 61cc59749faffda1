"""The promises of the house: which part may know which, and that the README tells the truth."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from data.schema import INCIDENTS, TABLES

ROOT = Path(__file__).resolve().parent.parent
FORBIDDEN = {
    "data": {"analysis", "pages", "streamlit", "folium"},
    "analysis": {"pages", "streamlit", "folium", "duckdb"},
}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("part", FORBIDDEN)
def test_data_flows_one_way(part):
    for path in (ROOT / part).rglob("*.py"):
        assert not imported(path) & FORBIDDEN[part], path


def test_pages_write_no_sql_and_open_no_database():
    for path in [ROOT / "dashboard.py", *(ROOT / "pages").rglob("*.py")]:
        assert not imported(path) & {"duckdb", "ibis"}, path


def test_only_the_search_for_doubles_looks_behind_the_view_that_hides_young_records():
    looking = {
        path.name
        for part in ("analysis", "pages", "commands")
        for path in (ROOT / part).rglob("*.py")
        if re.search(r"every_incident|store\.main|[\"']main[\"']", path.read_text(encoding="utf-8"))
    }
    assert looking == {"tables.py", "duplicates.py"}


def test_the_readme_names_every_page_table_column_and_command():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for page in (ROOT / "pages").glob("[0-9]*.py"):
        assert page.stem.split("_", 1)[1] in readme
    for table in TABLES:
        assert f"`{table.name}`" in readme
    for column in INCIDENTS.columns:
        assert f"`{column.name}`" in readme
        for value in column.allowed:
            assert value in readme
    for command in (
        "make run",
        "make test",
        "import",
        "status",
        "query where",
        "sources",
        "undo",
        "log",
        "incidents",
        "lock",
        "backup",
        "restore",
        "retention",
        "wipe",
        "serve",
    ):
        assert command in readme


def test_every_direct_dependency_is_pinned_with_its_reason():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[A-Za-z0-9_.-]+==\S+\s+# .+", line), line


def test_constraints_pin_every_direct_dependency_to_the_same_version():
    def pins(name):
        lines = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / name).read_text(), re.M)
        return {package.lower().replace("_", "-"): version for package, version in lines}

    direct = pins("requirements.txt") | pins("requirements-dev.txt") | pins("requirements-bench.txt")
    assert direct.items() <= pins("constraints.txt").items()


def test_the_dashboard_is_bound_to_this_machine_and_tells_no_third_party():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["address"] == "127.0.0.1"
    assert config["browser"]["serverAddress"]
    assert config["browser"]["gatherUsageStats"] is False


def test_analysis_loads_without_streamlit():
    code = "import analysis.records.headlines, sys; sys.exit('streamlit' in sys.modules or 'folium' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_every_promise_names_a_test_that_is_there():
    text = (ROOT / "docs" / "PRIVACY.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)
    assert len(named) >= 40
    for file, name in named:
        assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{name}"
    for section in text.split("## Promises")[1].split("\n## ")[0].split("\n- ")[1:]:
        assert "`tests/" in section, section
