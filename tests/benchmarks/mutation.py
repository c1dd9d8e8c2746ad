"""Do the tests notice when one operator, constant or statement of a module is changed?

Run: python -m tests.benchmarks.mutation storage/merkle storage/journal storage/store [--every 1] [--jobs 2]

Each mutant is one small change in a copy of the project; the tests of the module run on it until the first failure. A
mutant that no test notices is printed with its line: a test is missing, or the change changes nothing. Not part of
any continuous check: it takes an hour.
"""

from __future__ import annotations

import argparse
import ast
import copy
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parents[2]
LONGEST = 300
TESTS = {
    "storage/merkle": ["test_merkle", "test_golden", "test_proofs"],
    "storage/journal": ["test_golden", "test_journal", "test_proofs", "test_connection", "test_power_loss",
                        "test_interrupts", "test_merge", "test_backup", "test_redact", "test_verify"],
    "storage/store": ["test_golden", "test_store", "test_proofs", "test_forecasts", "test_verify", "test_schema",
                      "test_enter", "test_merge", "test_import_forecasts"],
}  # fmt: skip
COMPARED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COMPUTED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult,
}  # fmt: skip


class Mutant(NamedTuple):
    """One changed line, and the whole module with it."""

    line: int
    what: str
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Every module that differs from this one in one small thing."""
    tree = ast.parse(source)
    skipped = {id(inner) for node in ast.walk(tree) for outer in _beside(node) for inner in ast.walk(outer)}
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in skipped:
            continue
        for choice in range(len(_changes(node))):
            changed = copy.deepcopy(tree)
            twin = next(twin for at, twin in enumerate(ast.walk(changed)) if at == place)
            before = ast.unparse(twin)
            replacement = _changes(twin)[choice]
            final = _Replace(twin, replacement).visit(changed)
            what = f"{before.splitlines()[0][:60]}  ->  {ast.unparse(replacement).splitlines()[0][:60]}"
            yield Mutant(getattr(node, "lineno", 0), what, ast.unparse(ast.fix_missing_locations(final)))


def _beside(node: ast.AST) -> list[ast.AST]:
    """What is not mutated: annotations, documentation, the words of errors."""
    found: list[ast.AST | None] = []
    if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node) is not None:
        found.append(node.body[0])
    if isinstance(node, ast.FunctionDef):
        found.append(node.returns)
    if isinstance(node, (ast.arg, ast.AnnAssign)):
        found.append(node.annotation)
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        found += node.exc.args
    return [one for one in found if one is not None]


def _changes(node: ast.AST) -> list[ast.AST]:
    """What may stand in the place of a node."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
        return [ast.Compare(node.left, [COMPARED[type(node.ops[0])](), *node.ops[1:]], node.comparators)]
    if isinstance(node, ast.BinOp) and type(node.op) in COMPUTED:
        return [ast.BinOp(node.left, COMPUTED[type(node.op)](), node.right)]
    if isinstance(node, ast.AugAssign) and type(node.op) in COMPUTED:
        return [ast.AugAssign(node.target, COMPUTED[type(node.op)](), node.value)]
    if isinstance(node, ast.BoolOp):
        return [ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [node.operand]
    if isinstance(node, ast.IfExp):
        return [ast.IfExp(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)]
    if isinstance(node, (ast.If, ast.While)):
        kept = ast.UnaryOp(ast.Not(), node.test)
        return [type(node)(test=kept, body=node.body, orelse=node.orelse)]
    if isinstance(node, ast.Return) and node.value is not None:
        return [ast.Return(ast.Constant(None))]
    if (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)) or isinstance(node, ast.Raise):
        return [ast.Pass()]
    if isinstance(node, ast.Constant) and not isinstance(node.value, type(None) | type(...)):
        return [ast.Constant(_other(node.value))]
    return []


def _other(value: object) -> object:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return b"XX" + value if isinstance(value, bytes) else f"XX{value}"


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else self.generic_visit(node)


def noticed(folder: Path, module: str, source: str) -> bool:
    """Whether a test fails on the mutant, or hangs."""
    (folder / "predictions" / f"{module}.py").write_text(source)
    tests = [str(path) for name in TESTS[module] for path in (folder / "tests").rglob(f"{name}.py")]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", f"--basetemp={folder / 'base'}",
               "-o", "addopts=--strict-markers -m 'not campaign'", *tests]  # fmt: skip
    setting = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return (
            subprocess.run(
                command, cwd=folder, env=setting, capture_output=True, timeout=LONGEST, check=False
            ).returncode
            != 0
        )
    except subprocess.TimeoutExpired:
        return True


def survey(module: str, every: int, jobs: int) -> tuple[int, list[Mutant]]:
    """How many mutants were tried, and which lived."""
    source = (PROJECT / "predictions" / f"{module}.py").read_text()
    chosen = list(mutants(source))[::every]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(jobs) as pool:
        copies: Queue[Path] = Queue()
        for number in range(jobs):
            kept = shutil.ignore_patterns(".git", ".venv", ".hypothesis", "__pycache__", ".*_cache")
            copies.put(Path(shutil.copytree(PROJECT, Path(scratch) / str(number), ignore=kept)))

        def alive(mutant: Mutant) -> bool:
            folder = copies.get()
            try:
                return not noticed(folder, module, mutant.source)
            finally:
                (folder / "predictions" / f"{module}.py").write_text(source)
                copies.put(folder)

        first = copies.get()
        assert not noticed(first, module, source), f"the tests of {module} fail as it is"
        copies.put(first)
        return len(chosen), [mutant for mutant, lives in zip(chosen, pool.map(alive, chosen), strict=True) if lives]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="+", choices=sorted(TESTS))
    parser.add_argument("--every", type=int, default=1, help="try only each so manieth mutant")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    for module in given.modules:
        tried, alive = survey(module, given.every, given.jobs)
        print(f"{module}: {tried - len(alive)} of {tried} mutants noticed, {1 - len(alive) / tried:.1%}", flush=True)
        for mutant in alive:
            print(f"  line {mutant.line}: {mutant.what}", flush=True)


if __name__ == "__main__":
    main()
