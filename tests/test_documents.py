"""The documents tell the truth: what the schema says, which files there are, which licence holds."""

import re
from pathlib import Path

import pytest

from docs.tables import ROOT, with_tables, words_document

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "deploy").glob("*.md")])
# What is made on a machine, and is not in the project; or a name that a recipe makes up.
MADE = ("data/local/", "../", ".venv/")
SUFFIXES = r"(?:py|md|toml|txt|csv|css|svg|png|R|sh|parquet|conf|service)"


def named_in(document: Path) -> set[str]:
    """The files and folders of the project that a document names between backticks or in a drawing."""
    text = document.read_text(encoding="utf-8")
    files = re.findall(rf"(?<![\w/.<-])((?:[\w.-]+/)+[\w.-]+\.{SUFFIXES})(?!\.?\w)", text)
    folders = re.findall(r"`((?:analysis|commands|data|deploy|docs|pages|tests)/[\w/]*)`", text)
    return {name for name in (*files, *folders) if not name.startswith(MADE)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_a_document_names_exists(document):
    assert [name for name in sorted(named_in(document)) if not (ROOT / name).exists()] == []


def test_what_the_schema_says_stands_in_the_readme_and_the_words():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert readme == with_tables(readme), "run: make docs"
    assert (ROOT / "docs" / "WORDS.md").read_text(encoding="utf-8") == words_document(), "run: make docs"


def test_the_licence_is_the_affero_one_and_the_readme_and_the_project_say_so():
    assert "GNU AFFERO GENERAL PUBLIC LICENSE" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU Affero General Public License" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert 'license = "AGPL-3.0-or-later"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
