"""
`make mutants`: change one thing of the code at a time and look whether the nearest tests notice.

The changes are those of Cosmic Ray; each is made in a copy of the project, and the tests nearest to its module are run there. What
survives is printed in capitals with its place, for a test to be written or the code to be deleted.
"""

import argparse
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from queue import Queue

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[1]
MUTATED = ("data/reading", "analysis")
# A type such as 'int | None' is no arithmetic, without @cache a function answers the same, and variables would have to be named.
LEFT_OUT = re.compile(r"BitOr|BitAnd|RemoveDecorator|Variable")
MOST_CPU_SECONDS = (
    120  # of the processor, so that a busy machine kills nothing; a loop without end does use it
)
HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
# What the tests need besides what is tracked, as far as it is there.
MADE_ONCE = ("data/local/geography", "static")


@dataclass(frozen=True)
class Mutant:
    """One change: the file, where in it, and Cosmic Ray's name and number of it there."""

    file: str
    line: int
    column: int
    operator: str
    occurrence: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column + 1} {self.operator.split('/')[-1]}"


def mutants_of(file: str) -> Iterator[Mutant]:
    """Every change of a file that Cosmic Ray can make."""
    tree = get_ast((ROOT / file).read_text(encoding="utf-8"))
    nodes = list(ast_nodes(tree))
    for name in operator_names():
        if LEFT_OUT.search(name):
            continue
        operator = get_operator(name)()
        places = (start for node in nodes for start, _end in operator.mutation_positions(node))
        for occurrence, (line, column) in enumerate(places):
            yield Mutant(file, line, column, name, occurrence)


def draw(files: list[str], number: int, seed: int, lines: dict[str, set[int]] | None) -> list[Mutant]:
    """
    So many changes by chance, each of another place; the same ones for the same code and seed.

    Parameters
    ----------
    lines
        By file, the lines to stay within; None for all.
    """
    chance = random.Random(seed)
    by_place: dict[tuple, list[Mutant]] = {}
    for file in files:
        for mutant in mutants_of(file):
            if lines is None or mutant.line in lines[file]:
                by_place.setdefault((file, mutant.line, mutant.column), []).append(mutant)
    places = chance.sample(sorted(by_place), min(number, len(by_place)))
    # A place is drawn first, since a plus alone can be a dozen others.
    return [chance.choice(by_place[place]) for place in places]


def changed_lines(since: str) -> dict[str, set[int]]:
    """The lines of each mutated file that are other than in a revision."""
    found: dict[str, set[int]] = {}
    file = ""
    for line in _git("diff", "-U0", since, "--", *MUTATED).splitlines():
        if line.startswith("+++ "):
            file = line.removeprefix("+++ b/")
        elif hunk := HUNK.match(line):
            first, length = int(hunk[1]), int(hunk[2] or 1)
            found.setdefault(file, set()).update(range(first, first + length))
    return {file: lines for file, lines in found.items() if file.endswith(".py")}


@cache
def nearest_tests(file: str) -> tuple[str, ...]:
    """The tests of the module's own name and those beside it that import it; else all of its folder."""
    module = Path(file)
    folder = ROOT / "tests" / module.parent
    while not folder.is_dir():
        folder = folder.parent
    dotted = ".".join(module.with_suffix("").parts)
    tests = sorted(folder.glob("test_*.py"))
    near = [
        test
        for test in tests
        if test.stem == f"test_{module.stem}" or dotted in test.read_text(encoding="utf-8")
    ]
    # The first test that fails ends the run, and it is most likely one of the module's own.
    near.sort(key=lambda test: test.stem != f"test_{module.stem}")
    return tuple(str(test.relative_to(ROOT)) for test in near or tests)


def is_killed(mutant: Mutant, project: Path) -> bool:
    """Whether a test fails, or does not end, with the change made in a copy of the project."""
    path = project / mutant.file
    before = path.read_text(encoding="utf-8")
    path.write_text(mutate_code(before, get_operator(mutant.operator)(), mutant.occurrence), encoding="utf-8")
    try:
        return not passes(nearest_tests(mutant.file), project)
    finally:
        path.write_text(before, encoding="utf-8")


def passes(tests: tuple[str, ...], project: Path) -> bool:
    """Whether these tests pass in a copy of the project, and come to an end."""
    # Compiled code is told from its source by the second, and two changes may be made within one.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_PROFILE": "fast"}
    chosen = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not (slow or bomb)"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *chosen, *tests],
        cwd=project,
        env=environment,
        capture_output=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS)),
    )
    return done.returncode == 0


def copy_project(folder: Path) -> Path:
    """What is tracked, as it stands in this folder, and what is made once."""
    for name in _git("ls-files", "-z").split("\0"):
        if name and (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for name in MADE_ONCE:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    return folder


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Draw, run, and print the share killed and what survived."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--number", type=int, default=300, help="How many changes.")
    options.add_argument("--seed", type=int, default=1, help="Another seed draws others.")
    options.add_argument("--since", help="Only lines that differ from this revision.")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    lines = changed_lines(chosen.since) if chosen.since else None
    files = sorted(
        lines or [name for name in _git("ls-files", *MUTATED).splitlines() if name.endswith(".py")]
    )
    mutants = draw(files if lines is None or lines else [], chosen.number, chosen.seed, lines)
    if not mutants:
        print("Nothing to change there.")
        return
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(chosen.processes) as pool:
        copies: Queue[Path] = Queue()
        for number in range(chosen.processes):
            copies.put(copy_project(Path(folder) / str(number)))

        def in_a_copy(task, what) -> bool:
            project = copies.get()
            try:
                return task(what, project)
            finally:
                copies.put(project)

        # A change says nothing where the tests fail without it.
        groups = sorted({nearest_tests(mutant.file) for mutant in mutants})
        sound = dict(zip(groups, pool.map(lambda tests: in_a_copy(passes, tests), groups), strict=True))
        for tests in (each for each in groups if not sound[each]):
            print("Left out, since they fail as they are:", *tests)
        tried = [mutant for mutant in mutants if sound[nearest_tests(mutant.file)]]
        killed = 0
        for mutant, is_dead in zip(
            tried, pool.map(lambda mutant: in_a_copy(is_killed, mutant), tried), strict=True
        ):
            killed += is_dead
            print(f"{'killed' if is_dead else 'SURVIVED'}: {mutant}", flush=True)
    print(f"{killed} of {len(tried)} killed ({killed / max(len(tried), 1):.0%}).")


if __name__ == "__main__":
    main()
