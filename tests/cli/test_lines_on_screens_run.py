"""What the last line of a scorecard says to type runs at both doors, whoever is on the card."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger

LINK = "https://a.example/1"
CALL = re.compile(r"\b(scorecard|explain)\(([^)]*)\)")
TYPED = re.compile(r"(scorecard --full|explain [a-z]+(?: [a-z-]+)?)")


def ana_alone(ledger: Ledger) -> None:
    ledger.add("Rain falls", deadline="2026-12-01", p=0.3)


def words_alone(ledger: Ledger) -> None:
    ledger.quote("Prof Pundit", "Snow falls", words="will", deadline="2026-12-02", said_on="2026-11-28", link=LINK)


def words_and_ana(ledger: Ledger) -> None:
    words_alone(ledger)
    ana_alone(ledger)


def several(ledger: Ledger) -> None:
    words_and_ana(ledger)
    ledger.forecast("rain", 0.4, by="Bob", kind="person")


def numbers_alone(ledger: Ledger) -> None:
    said = {"quantiles": {0.1: 2, 0.5: 4, 0.9: 6}}
    ledger.add("Cars sold", deadline="2026-12-03", unit="million", between=(0, 10), **said)
    ledger.forecast("cars", by="Bob", kind="person", **said)


KINDS = (ana_alone, words_alone, words_and_ana, several, numbers_alone)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("settled", [True, False], ids=["settled", "open"])
@pytest.mark.parametrize("by", [None, "ana"])
def test_more_to_see_is_there(
    tmp_path: Path, clock: Clock, kind: Callable[[Ledger], None], settled: bool, by: str | None
) -> None:
    clock.set("2026-11-29")
    run = CommandLine(tmp_path)
    ledger = Ledger(run.path, me="ana")
    kind(ledger)
    clock.set("2027-02-15")
    for slug in list(ledger) if settled else ():
        ledger.resolve(slug, 5 if slug == "cars-sold" else "yes", known_on="2026-12-05", reason="counted")
    card = ledger.scorecard(by=by)

    screens = card.screen(typed=True), str(card)

    lines = [line for screen in screens for line in screen.splitlines()[-2:]]
    typed = {found for line in lines for found in TYPED.findall(line)}
    calls = {found for line in lines for found in CALL.findall(line)}
    for line in typed:
        run.says(*shlex.split(line))
    for verb, given in calls:
        assert str(eval(f"ledger.{verb}({given})", {"ledger": ledger}))
    assert len(typed) == len(calls)
    assert ("scorecard", "full=True") in calls or kind is numbers_alone or (by and kind is words_alone)


def test_whose_figure_is_asked_with_everybody_it_takes(tmp_path: Path, clock: Clock) -> None:
    clock.set("2026-11-29")
    run = CommandLine(tmp_path)
    several(Ledger(run.path, me="ana"))

    said = run.refuses("explain", "brier")

    names = said.partition("one of ")[2].split(", ")
    assert sorted(names) == ["ana", "bob", "prof-pundit"]
