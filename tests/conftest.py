"""Fixtures for tests that live at any date: a clock that is set by hand, and a ledger that goes by it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from predictions import Ledger
from predictions.moments import read_moment

TICK = timedelta(seconds=1)


class Clock:
    """The machine's clock as a test sees it: it stands where it was set, but for a second at each look."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 1, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.moment += TICK
        return self.moment

    def set(self, text: str) -> None:
        """Go to a day, at nine in the morning, or to a moment."""
        self.moment = read_moment(text if "T" in text else f"{text}T09:00Z") - TICK


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of every ledger opened from now on; it begins on 2026-01-01."""
    clock = Clock()
    monkeypatch.setattr("predictions.journal.system_clock", clock)
    monkeypatch.delenv("PREDICTIONS_ME", raising=False)
    return clock


@pytest.fixture
def ledger(clock: Clock, tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger of ana's, which goes by the clock."""
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        yield ledger
