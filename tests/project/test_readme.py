"""The README's session, run as doctests in a folder of its own; its commands are what it says they are."""

import doctest
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger, ainews

README = Path(__file__).parents[2] / "README.md"


def test_the_session_in_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PREDICTIONS_ME", raising=False)

    result = doctest.testfile(str(README), module_relative=False)

    assert result.attempted >= 15
    assert result.failed == 0


def test_the_board_in_the_readme_is_what_the_program_prints(ledger: Ledger, clock: Clock) -> None:
    (excerpt,) = re.findall(r"```\n(1  .*?)```", README.read_text(), flags=re.DOTALL)
    left = int(re.findall(r"(\d+) days left", excerpt)[0])
    clock.set(str(date(2027, 10, 13) - timedelta(days=left)))
    ledger.register(ainews())

    board = ledger.board().screen(typed=True)

    assert excerpt in board


def test_the_readme_opens_with_two_commands_of_one_line_each() -> None:
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(), flags=re.DOTALL)

    assert all(block.count("\n") == 1 for block in blocks[:2])
    assert blocks[0].rstrip().endswith("predictions --ledger ainews.db init ainews")
    assert "pytest" in blocks[1]


def test_every_promise_names_tests_that_are_there() -> None:
    promises = README.read_text().partition("## What this promises")[2].partition("\n\nIt does *not*")[0]
    rows = [row for row in promises.splitlines() if row.startswith("| ")][2:]

    named = [re.findall(r"`(test_\w+\.py)`", row) for row in rows]

    assert len(rows) >= 9
    assert all(named)
    there = {path.name for path in Path(__file__).parents[1].rglob("test_*.py")}
    assert [name for names in named for name in names if name not in there] == []
