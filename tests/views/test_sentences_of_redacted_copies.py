"""A redacted copy says who leads, and who was better, as far as it shows: what is gone could turn it."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.scoring.afterwards import AS_FAR_AS_SHOWN

CLAIMS = 24


@pytest.fixture
def decided(ledger: Ledger, clock: Clock) -> Ledger:
    """Two people, of whom ann knows a lot, on claims that were decided in time; evidence that no verdict rests on."""
    clock.set("2026-01-01")
    for number in range(CLAIMS):
        yes = number % 2 == 0
        ledger.add(f"Claim {number}", deadline="2026-04-10", slug=f"c{number:02}")
        for who, sure in (("ann", 0.97), ("bob", 0.2)):
            ledger.forecast(f"c{number:02}", sure if yes else 1 - sure, by=who)
    ledger.log_evidence("c00", "https://paper.example/post", "A post", slug="post", published="2026-01-01")
    clock.set("2026-04-11")
    for number in range(0, CLAIMS, 2):
        ledger.resolve(f"c{number:02}", "yes", reason=f"seen {number}", happened_on="2026-04-10")
    clock.set("2026-05-12")
    for number in range(1, CLAIMS, 2):
        ledger.resolve(f"c{number:02}", "no", reason=f"not seen {number}")
    return ledger


def sentences(ledger: Ledger) -> dict[str, str]:
    """The sentence of each screen that judges people."""
    screens = {
        "was better": ledger.compare("ann", "bob"),
        "nobody else is likely to be first": ledger.leaderboard(),
        "better than always saying 50 %": ledger.scorecard(full=True),
    }
    found = {}
    for said, screen in screens.items():
        text = " ".join(str(screen).split())
        assert said in text
        found[said] = text
    return found


@pytest.mark.parametrize(
    ("gone", "bears"),
    [(["c00 ann", "c01 ann"], True), (["resolution c03"], True), (["claim c05"], True), (["post"], False), ([], False)],
)
def test_no_sentence_is_said_outright_where_something_that_bears_on_it_is_gone(
    decided: Ledger, tmp_path: Path, gone: list[str], bears: bool
) -> None:
    told = sentences(decided)
    if gone:
        decided.redact(gone, to=tmp_path / "copy.db", with_references=True)
        with Ledger(tmp_path / "copy.db", read_only=True) as copy:
            told = sentences(copy)

    assert {said: AS_FAR_AS_SHOWN in text for said, text in told.items()} == dict.fromkeys(told, bears)
