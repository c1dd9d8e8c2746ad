"""docs/table.md: its session runs, and its columns are those that are read."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from predictions.exchange.table.columns import IN_ORDER, SPELLINGS

PAGE = Path(__file__).parents[2] / "docs" / "table.md"


def test_the_session_on_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PREDICTIONS_ME", raising=False)

    result = doctest.testfile(str(PAGE), module_relative=False)

    assert (result.attempted >= 7, result.failed) == (True, 0)


def test_the_page_names_every_column_and_spelling() -> None:
    rows = re.findall(r"^\| (`.*?) \| .*? \|(.*)\|$", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    told = {name: spelled for names, spelled in rows for name in re.findall(r"`(\w+)`", names)}

    assert list(told) == [name for name in IN_ORDER if name in told]
    assert set(told) == set(IN_ORDER)
    for name, spelled in SPELLINGS.items():
        wanted = {one for one in spelled if "%" not in one}
        assert {one.strip() for one in told[name].split(",")} == wanted, name
