"""Who is called ``me`` is the owner of the ledger, at both doors and by every filter."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine

from predictions import InvalidValue, Ledger


@pytest.fixture
def run(tmp_path: Path) -> CommandLine:
    """A command line whose owner is Ana."""
    run = CommandLine(tmp_path, me="Ana")
    run("add", "Rain falls", "--deadline", "2099", "-p", "30%")
    return run


@pytest.mark.parametrize("name", ["me", "Me", "ME"])
def test_what_me_says_is_the_owners(run: CommandLine, name: str) -> None:
    said = ("--said-on", "2026-01-05", "--link", "https://a.example/1")

    run.says("quote", name, "Snow falls", "-p", "60%", "--deadline", "2099", *said)
    run.says("forecast", "rain", "40%", "--by", name)
    run.says("resolve", "rain", "annulled", "--reason", "no gauge", "--by", name)

    ledger = Ledger(run.path, me="Ana")
    assert [*ledger.forecasters] == ["ana"]
    assert ledger.resolve("rain", "annulled", reason="no gauge").record.decided_by == "Ana"


def test_every_filter_takes_me(run: CommandLine) -> None:
    ledger = Ledger(run.path, me="Ana")
    ledger.forecast("rain", 0.5, by="Bob")

    for filtered in (ledger.board, ledger.due, ledger.scorecard, ledger.leaderboard):
        assert str(filtered(by="me")) == str(filtered(by="Ana"))
    assert str(ledger.scorecard(by=["Bob", "me"])) == str(ledger.scorecard(by=["Bob", "Ana"]))
    assert run.says("board", "--by", "me") == run.says("board", "--by", "ana")


def test_me_of_a_ledger_that_has_no_owner_asks_who_that_is(run: CommandLine) -> None:
    with pytest.raises(InvalidValue, match="'me' is the owner of the ledger; say who that is"):
        Ledger(run.path).forecast("rain", 0.5, by="me")
