"""The benchmarks: what they call is there, and each of them runs in its small form."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "tests" / "benchmarks").glob("*.py"))
SMALL = {
    "__main__": "--sizes 1000 --engine 1000 --rounds 1",
    "bench_bounds": "--records 500 --since 10 --bytes 50000",
    "bench_leaderboard": "--sizes 20000 --rounds 1",
    "bench_many": "--forecasts 2000 --claims 50",
    "bench_pages": "--claims 50 --pages 5 --rounds 1",
    "bench_platforms": "--questions 20 --forecasts 100 --rounds 1",
    "bench_records": "--records 200 --appends 3 --rounds 1",
    "bench_scores": "--sizes 1000 --rounds 1",
    "bench_trust": "--records 200 --appends 3 --rounds 1",
    "bench_types": "--claims 20 --people 3 --open 10",
    "bench_verbs": "--records 100 1000 --rounds 1",
}


def names_called(script: Path) -> Iterator[tuple[ModuleType, str]]:
    """Each ``module.name`` in a script, of the modules that it imports from here."""
    tree = ast.parse(script.read_text("utf-8"))
    modules = {
        alias.asname or alias.name: import_module(f"{node.module}.{alias.name}")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "tests.benchmarks"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules:
            yield modules[node.value.id], node.attr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_what_a_benchmark_calls_of_another_is_there(script: Path) -> None:
    lacking = [f"{module.__name__}.{name}" for module, name in names_called(script) if not hasattr(module, name)]

    assert lacking == []


def test_every_benchmark_that_runs_by_itself_has_a_small_form() -> None:
    by_themselves = {script.stem for script in SCRIPTS if "__main__" in script.read_text("utf-8")}

    assert by_themselves - set(SMALL) == {"mutation"}  # it runs all tests


@pytest.mark.campaign(minutes=3)
@pytest.mark.parametrize("script", SMALL)
def test_the_small_form_of_a_benchmark_runs(script: str) -> None:
    name = "tests.benchmarks" if script == "__main__" else f"tests.benchmarks.{script}"

    done = subprocess.run(
        [sys.executable, "-m", name, *SMALL[script].split()],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert "Traceback" not in done.stderr  # some end with 1, because an aim is missed
    assert done.stdout
