"""The README runs from its first line to its last, on any day; its commands and its promises are what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Clock
from pages import Reader

README = Path(__file__).parents[2] / "README.md"
TEXT = README.read_text(encoding="utf-8")


@pytest.mark.parametrize("day", ["2026-12-01", "2027-09-01"])
def test_every_block_of_the_readme_runs_on_any_day(
    day: str, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("PREDICTIONS_ME", "PREDICTIONS_LEDGER", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    clock.set(day)
    reader = Reader(clock, monkeypatch)

    reader.follow(README)

    assert (reader.ran, reader.compared) >= (9, 3)
    assert (tmp_path / "pundits.html").stat().st_size > 10_000


def test_the_readme_opens_with_two_commands_of_one_line_each() -> None:
    blocks = re.findall(r"<!-- (run|test) -->\n```sh\n(.*?)```\n<!-- /(run|test) -->", TEXT, flags=re.DOTALL)

    assert [(first, last) for first, _, last in blocks] == [("run", "run"), ("test", "test")]
    assert all(command.count("\n") == 1 for _, command, _ in blocks)
    assert blocks[0][1].rstrip().endswith("predictions --ledger ainews.db init ainews")
    assert blocks[1][1].rstrip().endswith("python -m pytest -q -n auto")


def test_every_promise_names_tests_that_are_there() -> None:
    promises = TEXT.partition("## What this promises")[2].partition("\n\nIt does *not*")[0]
    rows = [row for row in promises.splitlines() if row.startswith("| ")][2:]

    named = [re.findall(r"`(test_\w+\.py)`", row) for row in rows]

    assert len(rows) >= 9
    assert all(named)
    there = {path.name for path in Path(__file__).parents[1].rglob("test_*.py")}
    assert [name for names in named for name in names if name not in there] == []


def test_every_extra_is_named() -> None:
    declared = re.findall(r"^(\w+) = \[", README.with_name("pyproject.toml").read_text(encoding="utf-8").partition(
        "[project.optional-dependencies]"
    )[2].partition("\n[")[0], flags=re.MULTILINE)  # fmt: skip

    assert [name for name in declared if not re.search(rf"`{name}`|[\[,]{name}[\],]", TEXT)] == ["browser"]
