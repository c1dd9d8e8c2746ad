"""Runs a page of documentation as a reader would: its blocks one after the other, in a folder of their own.

- A ``python`` block runs in one Python session for the whole page. It shows what it prints and, as a notebook does,
  what its last line is.
- An ``sh`` block is typed: each line that begins with ``predictions`` runs in this process, ``export`` sets a variable;
  ``cat``, ``head`` and ``ls`` are not run. Other commands are an error.
- A block without a language, right after one of these, is what that one shows, to the letter but for the digits of a
  head; a line ``...`` in it stands for any lines.
- A block of another language with a file name, such as ``csv predictions.csv``, is a file that the reader makes.
- ``<!-- clock: 2026-03-15 -->`` sets the clock; ``<!-- not run -->`` leaves out the block that follows.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from IPython.lib.pretty import pretty

from predictions.cli import cli
from predictions.testing import Clock

FENCE = re.compile(
    r"^```([^\n`]*)\n(.*?)^```$|^<!-- (?:clock: (\S+)|(not run|run|test)) -->$", re.DOTALL | re.MULTILINE
)
HEAD = re.compile(r"\b(\d+:)([0-9a-f]{8,64})\b")  # no two ledgers have the same: its hash begins with a random id
SHOWN_ELSEWHERE = {"cat", "head", "ls"}


def same_digits(head: re.Match[str]) -> str:
    """A head with its size, and as many digits, all of them the same."""
    return head[1] + "0" * len(head[2])


@dataclass(frozen=True)
class Block:
    """One fenced block: its language or empty, a file's name where it has one, its text, and the line it is on."""

    language: str
    name: str
    text: str
    line: int


def blocks(page: str) -> Iterator[Block | str]:
    """The blocks of a page that are run, in their order, and between them the moments to which the clock is set."""
    left_out = False
    for found in FENCE.finditer(page):
        info, text, moment, word = found.groups()
        if moment:
            yield moment
        elif word:
            left_out = True
        elif left_out:
            left_out = False
        else:
            language, _, name = info.strip().partition(" ")
            yield Block(language, name, text, page.count("\n", 0, found.start()) + 1)


class Reader:
    """Somebody who does what a page says, in the folder they are in, and holds what comes out against the page."""

    def __init__(self, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        self.compared = self.ran = 0
        self._clock = clock
        self._monkeypatch = monkeypatch
        self._names: dict[str, Any] = {"__name__": "page"}  # whatever a page makes
        self._shown: str | None = None

    def follow(self, path: Path) -> None:
        """Do all that the page says."""
        for block in blocks(path.read_text(encoding="utf-8")):
            if isinstance(block, str):
                self._clock.set(block)
                continue
            where = f"{path.name}, line {block.line}"
            if block.language == "python":
                self._shown = self._run(block.text, where)
            elif block.language == "sh":
                self._shown = self._type(block.text, where)
            elif block.name:
                Path(block.name).write_text(block.text, encoding="utf-8")
            elif block.language in {"", "text"} and self._shown is not None:
                self._compare(block.text, where)
            if block.language not in {"python", "sh"}:
                self._shown = None

    def _run(self, text: str, where: str) -> str:
        """Run a block of Python, and return what a notebook would show of its last line."""
        tree = ast.parse(text, where)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        with redirect_stdout(StringIO()) as printed:
            exec(compile(tree, where, "exec"), self._names)
            shown = eval(compile(ast.Expression(last.value), where, "eval"), self._names) if last else None
        self.ran += 1
        return printed.getvalue() + ("" if shown is None else pretty(shown))

    def _type(self, text: str, where: str) -> str:
        """Type the lines of a block, and return what they print on both streams."""
        shown = []
        for line in text.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            if words[:1] == ["export"]:
                for word in words[1:]:
                    self._monkeypatch.setenv(*word.split("=", 1))
            elif words[:1] == ["predictions"]:
                result = CliRunner(env=dict(os.environ)).invoke(cli, words[1:])
                assert result.exit_code == 0, f"{where}: {line}\n{result.output}{result.exception!r}"
                shown.append(result.output)
                self.ran += 1
            else:
                assert not words or words[0] in SHOWN_ELSEWHERE, f"{where}: nobody can run {line!r} here"
        return "".join(shown)

    def _compare(self, expected: str, where: str) -> None:
        """Hold what was shown against the page: to the letter, where no line of three dots stands for others."""
        parts = re.split(r"^ *\.\.\.\n", HEAD.sub(same_digits, expected), flags=re.MULTILINE)
        pattern = "(?:.*\n)*?".join(map(re.escape, parts))
        shown = "".join(f"{line.rstrip()}\n" for line in (self._shown or "").splitlines())
        assert re.fullmatch(pattern, HEAD.sub(same_digits, shown)), f"{where} shows\n{shown}"
        self.compared += 1
