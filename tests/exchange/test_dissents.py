"""A question put onto a claim whose own platform says otherwise: its verdict is a dissent, and what becomes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Clock
from fatebook_files import question, resolved, write
from market_exports import TODAY

from predictions import Ledger
from predictions.exchange.taking.card import Taken
from predictions.records import Claim, Resolution

IN_JULY, IN_AUGUST, IN_SEPTEMBER = (f"2026-{month}-02T00:00:00.000Z" for month in ("07", "08", "09"))
NO, YES, UNKNOWN = (False, IN_JULY), (True, IN_AUGUST), (None, IN_SEPTEMBER)
OPEN = None, None


@pytest.fixture
def ships(ledger: Ledger, clock: Clock, tmp_path: Path) -> Ledger:
    """A ledger with a claim of Fatebook's that came out yes, and PredictionBook's no beside it."""
    clock.set(TODAY)
    ship = question("ship", "Does it ship?", ("Ann", "2026-03-02T10:00:00.000Z", 0.8), **resolved("YES"))
    ledger.import_from("fatebook", write(tmp_path, ship))
    judged(ledger, tmp_path, NO, onto={"5": "fatebook-ship"})
    return ledger


def judged(
    ledger: Ledger, folder: Path, judgement: tuple[bool | None, str | None], onto: dict[str, str] | None = None
) -> Taken:
    """Import PredictionBook's question, judged so, and check that again tells nothing more."""
    outcome, known_at = judgement
    prediction = {
        "id": 5, "description_with_group": "It ships", "creator_label": "bob", "created_at": "2026-03-01T10:00:00Z",
        "updated_at": "2026-03-01T10:00:00Z", "deadline": "2026-06-30T20:00:00Z", "withdrawn": False, "responses": [],
        "outcome": outcome, "last_judgement_at": known_at,
    }  # fmt: skip
    (folder / "predictions.json").write_text(json.dumps([prediction]), "utf-8")
    taken = ledger.import_from("predictionbook", folder / "predictions.json", onto=onto or {})
    again = ledger.import_from("predictionbook", folder / "predictions.json")
    assert (dict(again.new), again.changes) == ({}, ())
    return taken


def told(taken: Taken) -> list[str]:
    return [change.what for change in taken.changes]


def verdicts(ledger: Ledger) -> list[tuple[str, bool]]:
    snapshot = ledger.snapshot()
    found: list[Resolution] = [one.record for one in snapshot.resolutions_of(snapshot.find(Claim, "fatebook-ship"))]
    return [(str(one.outcome), bool(one.dissent)) for one in found]


@pytest.mark.parametrize(
    ("judgement", "now"), [(YES, "yes, 2026-08-02 00:00:00Z"), (OPEN, "none")], ids=["agrees", "takes it back"]
)
def test_a_dissent_that_is_given_up_is_told_once(
    judgement: tuple[bool | None, str | None], now: str, ships: Ledger, tmp_path: Path
) -> None:
    taken = judged(ships, tmp_path, judgement)

    assert told(taken) == [f"dissent no, 2026-07-02 00:00:00Z -> {now}"]
    assert verdicts(ships) == [("yes", False), ("no", True)]


def test_another_dissent_is_recorded_beside_the_earlier_one(ships: Ledger, tmp_path: Path) -> None:
    taken = judged(ships, tmp_path, UNKNOWN)

    assert (taken.dissents, taken.changes) == (("fatebook-ship",), ())
    assert verdicts(ships) == [("yes", False), ("no", True), ("ambiguous", True)]
