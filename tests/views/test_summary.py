"""A ledger in three lines, as `predictions` alone shows it."""

from __future__ import annotations

from club import many
from conftest import Clock

from predictions import Ledger
from predictions.views.board.summary import summary


def test_it_says_how_much_there_is_what_waits_and_what_is_next(ledger: Ledger, clock: Clock) -> None:
    many(ledger, clock, 45)

    shown = summary(ledger.snapshot(), ledger="club.db", settled=58, skill=0.142)

    assert shown.screen(typed=True) == (
        """\
club.db: 45 statements, 4 wait for a verdict, 29 open. You: 58 settled, skill
+0.142, 29 forecasts older than 90 days.
  next: predictions due        then: board, scorecard, -h"""
    )
    assert shown.to_dict()["waiting"] == 4


def test_nobody_has_no_figures_of_their_own(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-01-01")
    ledger.add("It rains", deadline="2026-06-30")
    ledger.me = None

    shown = str(summary(ledger.snapshot(), ledger="rain.db", settled=None, skill=None))

    assert shown.startswith("rain.db: 1 statement, 0 wait for a verdict, 1 open.\n")


def test_an_empty_one_says_how_to_begin(ledger: Ledger) -> None:
    shown = summary(ledger.snapshot(), ledger="mine.db", settled=None, skill=None)

    assert shown.screen(typed=True).startswith("mine.db is empty.\n  your own prediction    predictions add")
