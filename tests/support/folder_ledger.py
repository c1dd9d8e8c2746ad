"""A ledger in a folder of its own, which is the working one: tables are then named as people name theirs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from predictions import Ledger


@pytest.fixture
def folder_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    """An empty ledger of ana's by the machine's own clock, in the working folder."""
    monkeypatch.chdir(tmp_path)
    with Ledger("l.db", me="ana") as made:
        yield made
