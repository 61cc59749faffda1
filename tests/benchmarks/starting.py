"""How soon a command begins: what `--help` and `status` cost, against what they cannot do without."""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from data.keeping.opening import open_store
from tests.benchmarks.measure import best_of, print_ratio

ROOT = Path(__file__).resolve().parents[2]
TWO_COMMANDS = """
import typer
app = typer.Typer()
@app.command()
def one(name: str):
    "One."
@app.command()
def two(name: str):
    "Two."
app()
"""


def cpu_seconds(*arguments: str) -> float:
    """What a Python process takes of the processor, in seconds, not what it waits."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def bench() -> None:
    """Print the ratios."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAIDS_DATABASE", str(open_store(Path(folder) / "raids.duckdb").path))
        ours, theirs = best_of(
            lambda: cpu_seconds("cli.py", "--help"),
            lambda: cpu_seconds("-c", TWO_COMMANDS, "--help"),
            turns=7,
        )
        peer = "a Typer app of two commands"
        print_ratio("cli.py --help", ours, {peer: theirs}, {peer: "at most 2 times"})
        ours, theirs = best_of(
            lambda: cpu_seconds("cli.py", "status"),
            lambda: cpu_seconds("-c", "import duckdb, pyarrow"),
            turns=7,
        )
        peer = "import duckdb, pyarrow"
        print_ratio("cli.py status", ours, {peer: theirs}, {peer: "at most 3 times"})
