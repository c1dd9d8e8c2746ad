"""Every call and keyword in the texts of the library: Python takes it as it stands, and the command line as typed."""

from __future__ import annotations

import ast
import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from predictions import Ledger
from predictions.cli import cli
from predictions.cli.messages import as_typed, keywords

PACKAGE = Path(inspect.getfile(Ledger)).parent
CALL = re.compile(r"(?:ledger|Ledger\([^()]*\))\.[a-z_]+\((?:[^()]|\([^()]*\))*\)")
GIVEN = re.compile(r"""\b([a-z][a-z0-9_]*)=("[^"]*"|'[^']*'|\w[\w-]*)""")
HOLE = "0"  # in place of what is filled in


def strings(tree: ast.Module) -> Iterator[str]:
    """Yield every string of a module that is no docstring, whole."""
    left_out = set[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            left_out.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in ast.walk(node) if part is not node}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in left_out:
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else HOLE for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node.value


@pytest.fixture(scope="module")
def texts() -> set[str]:
    return {text for file in PACKAGE.rglob("*.py") for text in strings(ast.parse(file.read_text("utf-8")))}


def test_every_call_is_one_at_both_doors(texts: set[str]) -> None:
    calls = {found[0] for text in texts for found in CALL.finditer(text) if f"{HOLE}all" not in found[0]}

    assert len(calls) > 40
    for call in sorted(calls):
        parsed = ast.parse(call, mode="eval").body
        assert isinstance(parsed, ast.Call), call
        assert isinstance(parsed.func, ast.Attribute), call
        takes = inspect.signature(getattr(Ledger, parsed.func.attr)).parameters
        given = {str(given.arg) for given in parsed.keywords}
        assert given <= takes.keys() or "changes" in takes or "fields" in takes, call
        check_typed(call)


def check_typed(call: str) -> None:
    """A call as it is typed is a verb with options that it has."""
    program, *words = shlex.split(as_typed(call))

    assert program == "predictions", call
    words = words[2:] if words[0] == "--ledger" else words
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None, call
    options = {name for one in command.params for name in one.opts}
    assert {word for word in words[1:] if word.startswith("-")} <= options, call


def test_every_value_is_one_of_pythons(texts: set[str]) -> None:
    values = {found.groups() for text in texts for found in GIVEN.finditer(text) if found[1] in keywords()}

    assert len(values) > 15
    for name, value in sorted(values):
        plain = value in {"True", "False", "None"} or value.isupper() or value[0] in "\"'" or value.isdecimal()
        assert plain, f"{name}={value} names something that is not there in Python"
        assert "=" not in as_typed(f"say {name}={value}").replace("--set", ""), (name, value)
