"""A day that a source or evidence carries: told truly on receipts, and when it changes, with the way back."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest
from click.testing import CliRunner
from conftest import Clock

from predictions import Ledger
from predictions.cli import cli
from predictions.cli.messages import as_typed
from predictions.records import Forecast
from predictions.status import Timing, timing
from predictions.views.receipts.receipt import Receipt

WAYS: dict[str, Callable[[Ledger, str], Receipt]] = {
    "another day": lambda ledger, name: ledger.correct(name, published="2025-03-05", reason="wrong day"),
    "a month": lambda ledger, name: ledger.correct(name, published="2025-03", reason="no day is told"),
    "no day": lambda ledger, name: ledger.correct(name, published=None, reason="no day is told"),
    "taken back": lambda ledger, name: ledger.retract(name.split()[-1], reason="a hoax"),
}


def lean(ledger: Ledger, carrier: str) -> str:
    """Record a forecast that leans on a source or on evidence, and name that."""
    ledger.quote("Dr. Wu", "No robotaxi", p=0.8, deadline="2025", said_on="2025-03-02", link="https://wu.example/z")
    if carrier == "source":
        return "source dr-wu-2025-03-02"
    ledger.log_evidence("no-robotaxi", "https://ed.example", "Ed", slug="eds", published="2025-03-02")
    ledger.forecast("no-robotaxi", 0.4, by="ed", made_at="2025-03-02", published_in="eds")
    ledger.log_evidence("no-robotaxi", "https://b.example", "B", slug="other", published="2025-03-02")
    return "evidence eds"


def timings(ledger: Ledger) -> dict[str, Timing]:
    snapshot = ledger.snapshot()
    return {one.forecaster: timing(snapshot, one) for one in snapshot.all(Forecast)}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("carrier", ["source", "evidence"])
@pytest.mark.parametrize("typed", [False, True])
def test_a_correction_that_takes_a_day_from_forecasts_says_so_with_the_way_back(
    ledger: Ledger, clock: Clock, carrier: str, way: str, typed: bool
) -> None:
    if (carrier, way) == ("source", "taken back"):
        pytest.skip("a source is not taken back")
    clock.set("2026-11-30")
    name = lean(ledger, carrier)
    who = "dr-wu" if carrier == "source" else "ed"
    assert timings(ledger)[who] is Timing.PUBLISHED

    receipt = WAYS[way](ledger, name)

    told = [" ".join(line.split()) for line in receipt.lines]
    assert f"backdated now, so in no mean: {who} on no-robotaxi, 2025-03-02" in told
    assert timings(ledger)[who] is Timing.BACKDATED
    offered = told[-1].partition(": ")[2].replace("SLUG", "other" if carrier == "evidence" else "dr-wu-2025-03-02")
    if typed:
        words = shlex.split(as_typed(offered))[1:]
        done = CliRunner().invoke(cli, ["--ledger", str(ledger._journal.path), "--me", "ana", *words])
        assert done.exit_code == 0, done.stderr
    else:
        eval(offered, {"ledger": ledger})
    if carrier == "evidence" or way == "another day":
        assert timings(ledger)[who] is Timing.PUBLISHED


def test_the_day_put_back_is_told_too(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-30")
    name = lean(ledger, "source")
    ledger.correct(name, published="2025-03-05", reason="wrong day")

    receipt = ledger.correct(name, published="2025-03-02", reason="right day")

    assert "published again: dr-wu on no-robotaxi, 2025-03-02" in receipt.lines
    assert len(ledger.correct(name, title="The outlook", reason="its title").lines) == 1


@pytest.mark.parametrize(
    ("published", "why"), [("2026-11-20", "is of 2026-11-20, not of 2026-11-10"), (None, "has no day")]
)
def test_what_is_said_to_stand_in_evidence_of_another_day_is_not_told_as_published(
    ledger: Ledger, clock: Clock, published: str | None, why: str
) -> None:
    clock.set("2026-11-30")
    ledger.add("It rains", deadline="2027", opens_on="2026-01-01")
    ledger.log_evidence("it-rains", "https://leak.example", "Leak", slug="leak", published=published)

    told = str(ledger.forecast("it-rains", 0.7, made_at="2026-11-10", published_in="leak"))

    assert f"backdated: leak {why}, so it stands apart on every card" in re.sub(r"\s+", " ", told)
    assert "published in" not in told
