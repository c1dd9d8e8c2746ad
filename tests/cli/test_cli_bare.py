"""`predictions` alone: the ledger in three lines, and how to begin where it is empty or there is none yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from club import many
from conftest import Clock

from predictions import Ledger
from predictions.cli import cli


def alone(path: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["--ledger", str(path), *options], prog_name="predictions")
    return result.exit_code, result.output


def test_it_sums_up_the_ledger(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    many(ledger, clock, 45)

    code, said = alone(tmp_path / "ledger.db", "--me", "ana")

    assert code == 0
    assert said == (
        "ledger.db: 45 statements, 4 wait for a verdict, 29 open. You: 6 settled, 29\n"
        "forecasts older than 90 days.\n  next: predictions due        then: board, scorecard, -h\n"
    )


def test_ones_skill_is_said_once_there_is_enough_to_say_it_of(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    many(ledger, clock, 90)
    figure = ledger.scorecard(by="ana").record("ana")

    code, said = alone(tmp_path / "ledger.db", "--me", "ana")

    assert code == 0
    assert not figure.few
    assert f"You: {figure.n} settled, skill {figure.means['time_skill']:+.3f}" in " ".join(said.split())


@pytest.mark.parametrize("options", [(), ("--me", "cyd")])
def test_whoever_has_not_forecast_has_no_figures(
    ledger: Ledger, clock: Clock, tmp_path: Path, options: tuple[str, ...]
) -> None:
    ledger.add("It rains", deadline="2026-06-30", p=0.3)

    code, said = alone(tmp_path / "ledger.db", *options)

    assert code == 0
    assert said.startswith("ledger.db: 1 statement, 0 wait for a verdict, 1 open.\n")
    assert said.endswith("  next: predictions board      then: scorecard, -h\n")


def test_where_nothing_waits_but_old_forecasts_they_come_next(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    ledger.add("It rains", deadline="2026-12-31", p=0.3)
    clock.set("2026-06-30")

    _, said = alone(tmp_path / "ledger.db", "--me", "ana")

    assert said.endswith("  next: predictions due --stale then: board, scorecard, -h\n")


def test_an_empty_ledger_says_how_to_begin(ledger: Ledger, tmp_path: Path) -> None:
    code, said = alone(tmp_path / "ledger.db")

    assert code == 0
    assert said.startswith("ledger.db is empty.\n  your own prediction    predictions add")


def test_a_named_ledger_that_is_not_there_is_empty_and_none_is_made(tmp_path: Path) -> None:
    code, said = alone(tmp_path / "none.db")

    assert code == 0
    assert said.startswith("none.db is empty.")
    assert list(tmp_path.iterdir()) == []


def test_without_a_ledger_it_says_how_to_begin_as_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PREDICTIONS_LEDGER", raising=False)

    result = CliRunner().invoke(cli, [], prog_name="predictions")

    assert (result.exit_code, result.output) == alone(tmp_path / "predictions.db")
    assert result.output.startswith("predictions.db is empty.\n  your own prediction    predictions add")
    assert list(tmp_path.iterdir()) == []
