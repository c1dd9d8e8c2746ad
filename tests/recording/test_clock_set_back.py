"""A machine whose clock was set back: one sentence on what writes and on what is shown, and nothing breaks."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import CommandLine

from predictions import Ledger
from predictions.errors import LedgerWarning

BEHIND = (
    "the clock of this machine shows 2026-03-01 09:00 UTC, and the last record here is of 2026-06-01 09:00 UTC: "
    "set the clock right, for what is recorded now gets that time"
)
WRITE: dict[str, Callable[[Ledger, Path], object]] = {
    "add": lambda ledger, folder: ledger.add("Wind", deadline="2026-12-31", p=0.2),
    "quote": lambda ledger, folder: ledger.quote("Bob", "Fog", deadline="2026-12-31", p=0.4, said_on="2026-02-01"),
    "forecast": lambda ledger, folder: ledger.forecast("it-rains", 0.5),
    "log_evidence": lambda ledger, folder: ledger.log_evidence("it-rains", "https://a.example/2", "T"),
    "import_from": lambda ledger, folder: ledger.import_from("table", [{"text": "Ice", "deadline": "2026"}]),
    "import_forecasts": lambda ledger, folder: ledger.import_forecasts([("it-rains", "cy", "2026-02-02", 0.3)]),
    "correct": lambda ledger, folder: ledger.correct("it-rains", title="Rain", reason="shorter"),
    "retract": lambda ledger, folder: ledger.retract("a-example-1", reason="a hoax"),
    "supersede": lambda ledger, folder: ledger.supersede("it-rains", deadline="2027-12-31", reason="moved"),
    "resolve": lambda ledger, folder: ledger.resolve("it-rains", "annulled", reason="no station"),
}
SHOW: dict[str, Callable[[Ledger, Path], object]] = {
    "board": lambda ledger, folder: ledger.board(),
    "due": lambda ledger, folder: ledger.due(),
    "scorecard": lambda ledger, folder: ledger.scorecard(full=True),
}
ELSE: dict[str, Callable[[Ledger, Path], object]] = {
    "claim": lambda ledger, folder: ledger.claim("it-rains", full=True),
    "history": lambda ledger, folder: ledger.history(),
    "leaderboard": lambda ledger, folder: ledger.leaderboard(),
    "verify": lambda ledger, folder: ledger.verify(deep=True),
    "report": lambda ledger, folder: ledger.report(folder / "r.html"),
    "export": lambda ledger, folder: ledger.export("table", folder / "r.csv"),
    "backup": lambda ledger, folder: ledger.backup(folder / "b.db"),
    "as of a day": lambda ledger, folder: ledger.board(as_of="2026-02-01"),
}


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time that the machine shows, in a list to be changed; no clock is set by hand."""
    shown = [datetime(2026, 6, 1, 9, tzinfo=UTC)]
    monkeypatch.setattr("predictions.storage.journal.system_clock", lambda: shown[0])
    return shown


@pytest.fixture
def set_back(machine: list[datetime], tmp_path: Path) -> Path:
    """A ledger that was written before the clock was set back."""
    path = tmp_path / "typed.db"
    with Ledger(path, me="ana") as ledger:
        ledger.add("It rains", deadline="2026-12-31", p=0.3)
        ledger.log_evidence("it-rains", "https://a.example/1", "T", bears="supports")
        ledger.quote("Bob", "Hail", deadline="2026-12-31", p=0.4, said_on="2026-05-01", link="https://b.example")
    machine[0] = datetime(2026, 3, 1, 9, tzinfo=UTC)
    return path


@pytest.mark.parametrize("act", [*WRITE.items(), *SHOW.items()], ids=[*WRITE, *SHOW])
def test_what_writes_and_what_shows_says_so_once(
    set_back: Path, tmp_path: Path, act: tuple[str, Callable[[Ledger, Path], object]]
) -> None:
    with Ledger(set_back, me="ana") as ledger, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert str(act[1](ledger, tmp_path))
    sentences = [str(warning.message) for warning in told if issubclass(warning.category, LedgerWarning)]
    assert sentences.count(BEHIND) == 1
    with Ledger(set_back) as ledger:
        assert ledger.verify().ok


@pytest.mark.parametrize("name", ELSE)
def test_nothing_else_breaks(set_back: Path, tmp_path: Path, name: str) -> None:
    with Ledger(set_back, me="ana") as ledger:
        shown = str(ELSE[name](ledger, tmp_path))
    assert shown
    assert "of 214 days are left" not in shown


def test_the_typed_verb_has_it_as_a_note(set_back: Path) -> None:
    run = CommandLine(set_back.parent)
    for typed in (("board",), ("add", "Wind", "--deadline", "2026", "-p", "20%")):
        result = run(*typed)
        assert result.exit_code == 0
        assert f"note: {BEHIND}" in result.stderr


def test_a_clock_that_is_right_or_a_little_slow_says_nothing(set_back: Path, machine: list[datetime]) -> None:
    for moment in (datetime(2026, 6, 1, 8, 59, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)):
        machine[0] = moment
        with Ledger(set_back, me="ana") as ledger:
            ledger.forecast("it-rains", 0.5 + moment.month / 100)
            assert str(ledger.board())
