"""The promises of the house: which part may know which, and that the README tells the truth."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from data.schema import INCIDENTS, TABLES

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("data", "analysis", "publish", "pages", "commands")
FORBIDDEN = {
    "data": {"analysis", "pages", "streamlit", "folium"},
    "analysis": {"pages", "publish", "streamlit", "folium", "duckdb"},
    "publish": {"pages", "commands", "streamlit", "folium", "duckdb"},
}

# A folder knows those in the lines above its own, none beside it and none below.
ORDER = """
    data
    data/store
    data/reading
    data/geography
    data/identifiers
    data/places
    data/files
    data/logs data/returns
    data/log
    data/message data/imports
    data/organising data/streets
    data/keeping
    analysis
    analysis/where
    analysis/hot_spots
    analysis/residents analysis/records analysis/when analysis/outcomes analysis/trends
    analysis/organise
    analysis/leafleting analysis/quality
    analysis/side_by_side
    publish
    publish/site
    pages/shared
    pages/shared/door
    pages/shared/frame
    pages/shared/charts pages/shared/maps
    pages/shared/where pages/shared/organise pages/shared/leaflet pages/shared/records
    pages/shared/home
    pages
    commands
    commands/questions
    .
"""
PLACE_IN_ORDER = {folder: place for place, line in enumerate(ORDER.split("\n")) for folder in line.split()}
MOST_MODULES = 20


def modules() -> dict[str, Path]:
    """Every module of the project, tests aside, by its name."""
    paths = [*ROOT.glob("*.py"), *(path for part in PARTS for path in (ROOT / part).rglob("*.py"))]
    names = {path: path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".") for path in paths}
    return {name.removesuffix(".__init__"): path for path, name in names.items()}


def known_by(path: Path, names: dict[str, Path]) -> set[str]:
    """The project's modules that a file imports: at its top, within functions, and for type checkers only."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports by a relative name"
            members = {f"{node.module}.{alias.name}" for alias in node.names} & names.keys()
            found |= members or {node.module}
    return {name for name in found & names.keys() if names[name] != path}


def folder_of(path: Path) -> str:
    return path.parent.relative_to(ROOT).as_posix()


def test_no_files_know_each_other_in_a_circle():
    names = modules()
    # Raises an error that names the circle.
    order = list(
        TopologicalSorter({name: known_by(path, names) for name, path in names.items()}).static_order()
    )
    assert set(order) == names.keys()


def test_every_folder_knows_only_those_before_it():
    names = modules()
    against = [
        f"{name} imports {other}"
        for name, path in names.items()
        for other in sorted(known_by(path, names))
        if folder_of(path) != folder_of(names[other])
        and PLACE_IN_ORDER[folder_of(names[other])] >= PLACE_IN_ORDER[folder_of(path)]
    ]
    assert against == []


def test_no_folder_has_more_modules_than_a_person_takes_in():
    sizes = Counter(folder_of(path) for path in modules().values() if path.name != "__init__.py")
    assert {folder: size for folder, size in sizes.items() if size > MOST_MODULES} == {}


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
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-bench.txt",
        "requirements-mutants.txt",
    ):
        for line in (ROOT / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r")):
                assert re.fullmatch(r"[A-Za-z0-9_.-]+==\S+\s+# .+", line), line


def test_constraints_pin_every_direct_dependency_to_the_same_version():
    def pins(name):
        lines = re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / name).read_text(), re.M)
        return {package.lower().replace("_", "-"): version for package, version in lines}

    direct = {
        package: version
        for name in ("requirements", "requirements-dev", "requirements-bench", "requirements-mutants")
        for package, version in pins(f"{name}.txt").items()
    }
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


def test_what_is_left_out_of_the_fast_tests_is_there():
    for line in (ROOT / "tests" / "long.txt").read_text(encoding="utf-8").splitlines():
        file, _, name = line.partition("::")
        path = ROOT / "tests" / file
        assert path.exists(), line
        assert not name or f"def {name}(" in path.read_text(encoding="utf-8"), line
