"""The page for contributors is true: its map, its commands, its recipes; and the extras bring what the tests use."""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import quick

from predictions.exchange.platforms.dump import Dump, DumpFile
from predictions.exchange.platforms.export_row import ExportRow

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
ELSEWHERE = {
    "playwright",
    "axe_playwright_python",
    "pyspark",
    "psycopg",
    "nbconvert",
}  # of the campaign: browser, spark


def rooms(package: str) -> set[str]:
    """What lies in a package: its modules, and its folders with a stroke."""
    folder = ROOT / package
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    return modules | {f"{path.name}/" for path in folder.iterdir() if (path / "__init__.py").exists()}


def map_of(package: str) -> list[list[str]]:
    """The rooms that each row of the map names."""
    table = PAGE.partition(f"\n`{package}/`, ")[2].partition("\n\n`")[0].partition("\n\n`tests/`")[0]
    cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    return [[name for name in re.findall(r"`([^`]+)`", cell) if not name.endswith(".toml")] for cell in cells]


@pytest.mark.parametrize("package", ["predictions", "forecasts"])
def test_the_map_names_every_room_once_and_none_that_is_not_there(package: str) -> None:
    named = [name for row in map_of(package) for name in row]

    assert len(named) == len(set(named))
    assert set(named) == rooms(package) - {"__main__"}


def test_each_row_of_the_ledgers_map_imports_from_rows_further_down_only() -> None:
    place = {name.rstrip("/"): number for number, row in enumerate(map_of("predictions")) for name in row}
    wrong = []
    for name, row in place.items():
        home = ROOT / "predictions" / name
        for path in home.rglob("*.py") if home.is_dir() else [home.with_suffix(".py")]:
            used = set(re.findall(r"^ *from predictions\.(\w+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
            wrong += [f"{name} imports {other}" for other in used if place[other] < row]

    assert wrong == []


def test_the_files_a_recipe_names_are_there() -> None:
    recipes = PAGE.partition("## How to add ...")[2].partition("## Rules")[0]
    named = re.findall(r"`((?:[a-z_]+/)*[a-z_]+\.(?:py|sql|md))`", recipes)

    there = {name for name in named for home in ("", "predictions", "tests") if (ROOT / home / name).exists()}

    assert len(named) > 10
    assert set(named) - there == set()


def test_a_name_that_a_recipe_finds_in_a_file_is_in_it() -> None:
    recipes = " ".join(PAGE.partition("## How to add ...")[2].partition("## Rules")[0].split())
    found = re.findall(r"`(\w+)` in `((?:[a-z_]+/)*[a-z_]+\.py)`", recipes)

    missing = [(name, path) for name, path in found if name not in (ROOT / "predictions" / path).read_text("utf-8")]

    assert len(found) > 3
    assert missing == []


def test_the_pieces_of_a_reader_are_there() -> None:
    pieces = {"dump": Dump, "file": DumpFile, "item": ExportRow}
    named = re.findall(r"`(dump|file|item)\.(\w+)`", PAGE)

    missing = [f"{piece}.{name}" for piece, name in named if not _has(pieces[piece], name)]

    assert len(named) > 15
    assert missing == []


def _has(piece: type, name: str) -> bool:
    return hasattr(piece, name) or re.search(rf"self\.{name}\b.* = ", inspect.getsource(piece)) is not None


def test_the_commands_are_those_of_the_readme_and_of_ci() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert "pip install -q -e '.[test,compare]'" in readme
    assert "pip install -q -e '.[test,compare]'" in PAGE
    for check in ("ruff check .", "ruff format --check .", "mypy --strict -p predictions -p forecasts"):
        assert check in PAGE


def imported(path: Path) -> set[str]:
    """The foreign packages that a file imports anywhere."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    ours = {path.stem for path in (ROOT / "tests").rglob("*.py")} | {"predictions", "forecasts", "tests"}
    return found - ours - sys.stdlib_module_names


def required(*extras: str) -> set[str]:
    """The distributions that the library and some of its extras ask for by name."""
    named = [*PROJECT["project"]["dependencies"], *(line for extra in extras for line in EXTRAS[extra])]
    found: set[str] = set()
    for line in named:
        name, _, inner = re.match(r"([\w.-]+)(\[([\w,.-]+)\])?", line).groups() or ("", "", "")  # type: ignore[union-attr]
        found |= required(*inner.split(",")) if name == "prediction-ledger" else {name.lower()}
    return found


@cache
def distributions() -> Mapping[str, list[str]]:
    """By package, the distributions that hold it."""
    return packages_distributions()


def lacking(paths: set[Path], *extras: str) -> dict[str, set[str]]:
    """By file, the packages it imports that none of the extras brings."""
    brought, homes = required(*extras) | {"ipython", "setuptools"}, distributions()
    found = {}
    for path in paths:
        foreign = imported(path) - ELSEWHERE
        if lacks := {name for name in foreign if not {home.lower() for home in homes.get(name, [])} & brought}:
            found[path.name] = lacks
    return found


def test_the_extras_bring_all_that_the_tests_import() -> None:
    tests = {path for path in (ROOT / "tests").rglob("*.py") if "benchmarks" not in path.parts}

    assert lacking(tests, "test", "compare") == {}


def test_the_quick_tests_need_the_extra_test_alone() -> None:
    files = {ROOT / name for name in quick.FILES}
    support = {path.stem: path for path in (ROOT / "tests" / "support").glob("*.py")}
    waiting = list(files)
    while waiting:
        words = re.findall(r"^(?:from|import) (\w+)", waiting.pop().read_text(encoding="utf-8"), flags=re.MULTILINE)
        new = {support[word] for word in words if word in support} - files
        files |= new
        waiting += new

    assert lacking(files, "test") == {}


def test_a_package_that_no_extra_brings_is_found() -> None:
    assert "test_power_loss.py" in lacking({ROOT / "tests" / "storage" / "test_power_loss.py"})


def test_the_quick_tests_touch_every_room() -> None:
    missing = [name for name in quick.FILES if not (ROOT / name).is_file()]
    folders = {str(path.relative_to(ROOT)) for path in (ROOT / "tests").iterdir() if [*path.glob("test_*.py")]}

    assert missing == []
    assert {str(Path(name).parent) for name in quick.FILES} >= folders
