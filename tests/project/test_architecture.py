"""The house rules of imports: arrows point down, nothing runs in a circle, importing a package is cheap."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import forecasts
import predictions
from predictions import Ledger

# Each module stands in one row and imports only from the rows above its own; what stands in a row is not tied together.
# A folder is a row of its own here: what its modules import of each other is held free of circles below.
PREDICTIONS = """
    enums invisible numerals
    errors redacted
    differing_values horizons number_checks other_verbs other_words text_files yes_no
    number_columns other_days
    dates
    timestamps windows
    fields
    chances own_name records slugs
    recorded dissents fits forecaster_names option_names slug_beginnings told_points
    snapshot
    status storage
    catalog_tables render
    catalog
    tally
    recording
    importing scoring
    snapshot_cache
    trust views
    boundary exchange
    export
    ledger
    cli testing
    __main__
"""
FORECASTS = """
    inputs verbal
    options standing
    special side_by_side curves
    median_curves
    gamma regression pools possible_savings known_rows day_chances
    reference quantities paired_record adjustment beta date_spreads
    scores dominance sequential number_scores date_scores share_scores pieces ranking
    undoubted stays
    time_scores bins corp murphy recalibrations comparison questions changes date_outcomes
    calibration distribution_calibration kernel ibis_table sweep choices mixed
    parts difficulty
    aggregation metaculus adjusted_skill dates numbers
    platforms
"""
SPEAK_SQL = {
    "export.parquet",
    "export.sqlite",
    "scoring.columns.claim_rows",
    "scoring.columns.alike_verdicts",
    "scoring.columns.claim_types",
    "scoring.columns.claims",
    "scoring.columns.doubted_verdicts",
    "scoring.columns.early_verdicts",
    "scoring.columns.filtered_claims",
    "scoring.columns.forecasts",
    "scoring.columns.late_imports",
    "scoring.columns.late_verdicts",
    "scoring.columns.corrected_afterwards",
    "scoring.columns.model_marks",
    "scoring.columns.recorded_first",
    "scoring.columns.recorders",
    "scoring.columns.speakers",
    "scoring.columns.cluster_times",
    "scoring.columns.units",
    "scoring.columns.words_read",
    "scoring.without_number",
    "storage.block_records",
    "storage.block_writer",
    "storage.claim_queries",
    "storage.columns",
    "storage.connection",
    "storage.deciding",
    "storage.entries",
    "storage.faults",
    "storage.files",
    "storage.forecast_records",
    "storage.imports",
    "storage.insertions",
    "storage.journal",
    "storage.lookup",
    "storage.rows",
    "storage.schema",
    "storage.seals",
    "storage.store",
    "trust.block_proofs",
    "trust.merge.merge",
    "trust.redact",
    "trust.table_checks",
    "trust.verification_report",
    "trust.verify",
}
SQL = re.compile(
    r"\s*(select\s.+\sfrom\s|insert\s+(or\s+\w+\s+)?into\s|update\s+[\w.]+\s+set\s|delete\s+from\s|pragma\s+\w+"
    r"|(create|drop|alter)\s+(table|view|trigger|index)\s|(begin( immediate)?|commit|rollback)\s*$)",
    re.IGNORECASE | re.DOTALL,
)
IN_MANY_PLACES = {"PLATFORM"}  # each reader of a platform says so which one it reads
ROOTS = {"predictions": Path(predictions.__file__).parent, "forecasts": Path(forecasts.__file__).parent}
TABLES = {"predictions": PREDICTIONS, "forecasts": FORECASTS}


@cache
def files(package: str) -> dict[str, ast.Module]:
    """Every file of a package by its dotted name, read."""
    root = ROOTS[package]
    names = {path: ".".join([package, *path.relative_to(root).with_suffix("").parts]) for path in root.rglob("*.py")}
    return {name: ast.parse(path.read_text("utf-8")) for path, name in sorted(names.items())}


def imported(tree: ast.Module, known: set[str]) -> set[str]:
    """The files of ours that a file imports anywhere, inside its functions too."""
    found = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in known else node.module for name in names]
        found |= {name for name in names if name in known}
    return found


@cache
def arrows() -> Mapping[str, set[str]]:
    """Who imports whom, over both packages; their front doors, which only name what they hold, apart."""
    trees = {
        name.removesuffix(".__init__"): tree
        for package in ROOTS
        for name, tree in files(package).items()
        if name != f"{package}.__init__"
    }
    return {name: imported(tree, set(trees)) - {name} for name, tree in trees.items()}


def module(name: str) -> str:
    """The module a dotted name lies in: ``predictions.cli.messages`` lies in ``cli``."""
    return name.split(".")[1]


def row_of(package: str) -> dict[str, int]:
    return {
        name: number
        for number, row in enumerate(line.split() for line in TABLES[package].strip().splitlines())
        for name in row
    }


def strings(tree: ast.Module) -> Iterator[str]:
    """Every text in a file, the pieces of f-strings too, but for docstrings."""
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("package", TABLES)
def test_every_module_has_its_row(package: str) -> None:
    there = {module(name) for name in files(package) if name != f"{package}.__init__"}

    assert there - row_of(package).keys() == set()


@pytest.mark.parametrize("package", TABLES)
def test_every_arrow_points_up_the_table(package: str) -> None:
    rows = row_of(package)

    wrong = [
        f"{start} imports {end}"
        for start, ends in arrows().items()
        for end in ends
        if start.startswith(package) and end.startswith(package) and module(start) != module(end)
        if rows[module(end)] >= rows[module(start)]
    ]

    assert wrong == []


def test_nothing_is_imported_in_a_circle() -> None:
    TopologicalSorter(arrows()).prepare()


def test_a_circle_would_be_found() -> None:
    circle = {**arrows(), "predictions.errors": {"predictions.ledger"}}

    with pytest.raises(CycleError):
        TopologicalSorter(circle).prepare()


def test_the_scores_know_nothing_of_the_ledger() -> None:
    named = {
        name
        for tree in files("forecasts").values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }

    assert "forecasts.inputs" in named
    assert not any((name or "").startswith("predictions") for name in named)


def test_only_the_doors_import_for_type_checking_alone() -> None:
    guarded = {
        name
        for package in ROOTS
        for name, tree in files(package).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"
    }

    late = {"predictions.ledger", "predictions.snapshot_cache"}  # results and readers, loaded when a verb is called
    leads_on = {"predictions.render.result"}  # from a name that is not there, which for a type checker is a fault
    assert guarded == {"predictions.__init__", "forecasts.__init__"} | late | leads_on


def test_only_the_modules_of_the_file_speak_sql() -> None:
    spoken = {
        name.removeprefix("predictions.")
        for name, tree in files("predictions").items()
        if any(SQL.match(text) for text in strings(tree))
        or any(isinstance(node, ast.Attribute) and node.attr.startswith("execute") for node in ast.walk(tree))
    }

    assert spoken <= SPEAK_SQL
    assert {"storage.journal", "storage.store"} <= spoken


def defined(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top of a module defines, those of ``A, B = ...`` too."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))


@cache
def top_level_names() -> Mapping[str, set[str]]:
    """For each name that modules define at their top level these modules; an underscore before it makes no other."""
    homes: dict[str, set[str]] = {}
    for package in ROOTS:
        for module_name, tree in files(package).items():
            for name in (name for node in tree.body for name in defined(node) if not name.startswith("__")):
                homes.setdefault(name.lstrip("_"), set()).add(module_name)
    return homes


def test_no_name_stands_in_three_places() -> None:
    """A name that several modules define says nothing of what it names."""
    crowded = {name: sorted(homes) for name, homes in top_level_names().items() if len(homes) >= 3}

    assert {name: homes for name, homes in crowded.items() if name not in IN_MANY_PLACES} == {}
    assert crowded.keys() == IN_MANY_PLACES


def test_names_of_every_kind_are_seen() -> None:
    source = "A, (B, *C) = D = 1, (2, 3)\nE: int = 4\ndef f(): pass\nclass G: H = 5"

    assert {name for node in ast.parse(source).body for name in defined(node)} == set("ABCDEfG")


def test_imports_are_absolute() -> None:
    relative = [
        name
        for package in ROOTS
        for name, tree in files(package).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert relative == []


def loaded_by(code: str) -> set[str]:
    """The top names of all that a fresh Python has loaded once it has run *code*, less what it begins with."""
    script = f"import sys; before = set(sys.modules)\n{code}\nprint(*sorted(set(sys.modules) - before))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in found.stdout.split()}


@pytest.mark.parametrize("package", TABLES)
def test_importing_a_package_loads_the_standard_library_only(package: str) -> None:
    foreign = loaded_by(f"import {package}") - sys.stdlib_module_names

    assert foreign == {package}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("from predictions import Ledger", {"predictions", "pydantic"}),
        ("from forecasts import brier", {"forecasts", "numpy"}),
    ],
)
def test_the_rest_is_loaded_when_it_is_first_used(code: str, names: set[str]) -> None:
    assert names <= loaded_by(code)


def test_a_ledger_that_exists_is_opened_and_shown_without_the_heavy_libraries(ledger: Ledger) -> None:
    ledger.add("It rains in Lisbon", deadline="2026-06-30", p=0.3)
    path = ledger._journal.path

    loaded = loaded_by(f"from predictions import Ledger\nwith Ledger({str(path)!r}) as one: str(one.board())")

    assert "pydantic" in loaded
    assert loaded & {"sqlite_utils", "pandas", "numpy", "click"} == set()
