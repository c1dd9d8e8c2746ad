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


TEXTS = sorted({text for file in PACKAGE.rglob("*.py") for text in strings(ast.parse(file.read_text("utf-8")))})
CALLS = sorted({found[0] for text in TEXTS for found in CALL.finditer(text) if f"{HOLE}all" not in found[0]})
VALUES = sorted({found.groups() for text in TEXTS for found in GIVEN.finditer(text) if found[1] in keywords()})


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_one_at_both_doors(call: str) -> None:
    parsed = ast.parse(call, mode="eval").body
    assert isinstance(parsed, ast.Call)
    assert isinstance(parsed.func, ast.Attribute)
    takes = inspect.signature(getattr(Ledger, parsed.func.attr)).parameters
    assert {str(given.arg) for given in parsed.keywords} <= takes.keys() or "changes" in takes or "fields" in takes

    program, *words = shlex.split(as_typed(call))

    assert program == "predictions"
    words = words[2:] if words[0] == "--ledger" else words
    command = cli.get_command(click.Context(cli), words[0])
    assert command is not None
    options = {name for one in command.params for name in one.opts}
    assert {word for word in words[1:] if word.startswith("-")} <= options


@pytest.mark.parametrize(("name", "value"), VALUES)
def test_a_value_is_one_of_pythons(name: str, value: str) -> None:
    plain = value in {"True", "False", "None"} or value.isupper() or value[0] in "\"'" or value.isdecimal()

    assert plain, f"{name}={value} names something that is not there in Python"
    assert "=" not in as_typed(f"say {name}={value}").replace("--set", "")


def test_the_texts_are_found() -> None:
    assert len(CALLS) > 40
    assert len(VALUES) > 15
