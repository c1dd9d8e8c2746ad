"""Verdicts that change and change back, and older files read again: what stands is what is compared."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from market_exports import TODAY, imported, kalshi_market, manifold_market, milliseconds
from test_moved_deadlines_of_markets import FEBRUARY, NEW, Files, of_each, the_claim

from predictions import Ledger
from predictions.enums import Outcome
from predictions.exchange.taking.card import Taken
from predictions.records import Claim

pytestmark = pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")
WHEN = "2026-07-15"


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set(TODAY)


def outcomes(ledger: Ledger, claim: str) -> list[Outcome]:
    snapshot = ledger.snapshot()
    return [item.record.outcome for item in snapshot.resolutions_of(snapshot.find(Claim, claim))]


def take_over(ledger: Ledger, taken: Taken) -> None:
    for line in [change.python for change in taken.changes if change.python]:
        exec(line.replace("WHY", "as the platform says"), {"ledger": ledger})


@of_each
def test_a_verdict_that_was_said_before_is_listed_with_its_line_and_changes_nothing_by_itself(
    platform: str, files: Files, slug: str, ledger: Ledger, tmp_path: Path
) -> None:
    yes, no = (files(NEW, [FEBRUARY], (word, WHEN)) for word in ("yes", "no"))
    imported(ledger, tmp_path, platform, *yes)
    changed, claim = imported(ledger, tmp_path, platform, *no), the_claim(ledger, slug)
    assert dict(changed.new) == {"verdict": 1}
    assert changed.overturned == (f"{claim} yes, {WHEN} 08:00:00Z -> no, {WHEN} 08:00:00Z",)
    assert f"overturned    {claim} yes, {WHEN}" in str(changed)

    back, again = imported(ledger, tmp_path, platform, *yes), imported(ledger, tmp_path, platform, *yes)
    quiet = imported(ledger, tmp_path, platform, *no)

    assert (dict(back.new), back.stand["verdict"], dict(again.new)) == ({}, 0, {})
    assert [change.what for change in back.changes] == [f"verdict no, {WHEN} 08:00:00Z -> yes, {WHEN} 08:00:00Z"]
    assert (again.changes, quiet.changes, quiet.stand["verdict"]) == (back.changes, (), 1)
    assert outcomes(ledger, claim) == [Outcome.YES, Outcome.NO]

    take_over(ledger, back)

    assert outcomes(ledger, claim) == [Outcome.YES, Outcome.NO, Outcome.YES]
    assert imported(ledger, tmp_path, platform, *yes).changes == ()
    (listed,) = imported(ledger, tmp_path, platform, *no).changes
    assert listed.what.startswith("verdict yes, ")


def manifold(closed: float, outcome: str = "", resolved: float = 0) -> list[Any]:
    told = {"isResolved": True, "resolution": outcome, "resolutionTime": milliseconds(resolved)} if outcome else {}
    return [[manifold_market(closeTime=milliseconds(closed), **told)]]


def kalshi(closed: float, outcome: str = "", resolved: float = 0) -> list[Any]:
    day = [f"2026-{1 + int(at) // 30:02}-{1 + int(at) % 30:02}T08:00:00Z" for at in (closed, resolved)]
    told = {"status": "finalized", "result": outcome.lower(), "settlement_ts": day[1]} if outcome else {}
    return [[kalshi_market(close_time=day[0], expected_expiration_time=day[0], can_close_early=True, **told)]]


@pytest.mark.parametrize(("platform", "files"), [("manifold", manifold), ("kalshi", kalshi)])
@pytest.mark.parametrize("first", [[(100, "NO", 100)], [(150,), (100, "NO", 100)]], ids=["closed", "open-first"])
@pytest.mark.parametrize("last", [(200, "YES", 200), (250, "YES", 220), (250,)], ids=["early", "in-time", "open"])
def test_older_files_of_a_market_that_was_reopened_add_nothing_in_any_order(
    platform: str, files: Any, first: list[tuple[Any, ...]], last: tuple[Any, ...], ledger: Ledger, tmp_path: Path
) -> None:
    for told in first:
        imported(ledger, tmp_path, platform, *files(*told))
    reopened = imported(ledger, tmp_path, platform, *files(250))
    for line in [change.python for change in reopened.changes if "supersede" in change.python]:
        exec(line.replace("WHY", "as the platform says"), {"ledger": ledger})
    imported(ledger, tmp_path, platform, *files(*last))
    old, new = (claim.slug for claim in ledger.snapshot().all(Claim))
    head, wanted = ledger.head(), [Outcome.YES] if len(last) > 1 else []

    for order in permutations([*first, (250,), last]):
        for told in order:
            imported(ledger, tmp_path, platform, *files(*told))

    assert (outcomes(ledger, old), outcomes(ledger, new)) == ([Outcome.NO], wanted)
    assert ledger.head() == head


def prediction(text: str, outcome: bool | None) -> dict[str, Any]:
    return {
        "id": 1, "created_at": "2026-01-05T10:00:00Z", "creator_label": "ann", "deadline": "2026-08-31T12:00:00Z",
        "description": text, "description_with_group": text, "withdrawn": False, "outcome": outcome,
        "last_judgement_at": None if outcome is None else "2026-04-24T18:00:00Z", "responses": [],
    }  # fmt: skip


@pytest.mark.parametrize("annulled", [True, False])
def test_an_older_file_of_other_words_stays_with_the_claim_of_its_words(
    annulled: bool, ledger: Ledger, tmp_path: Path
) -> None:
    judged, open_again, reworded, answered = (
        prediction("It ships", False), prediction("It ships", None), prediction("It ships whole", None),
        prediction("It ships whole", True),
    )  # fmt: skip
    imported(ledger, tmp_path, "predictionbook", judged)
    taken_back = imported(ledger, tmp_path, "predictionbook", open_again)
    if annulled:
        take_over(ledger, taken_back)
    for line in [change.python for change in imported(ledger, tmp_path, "predictionbook", reworded).changes]:
        if "supersede" in line:
            exec(line.replace("WHY", "as the platform says"), {"ledger": ledger})
    imported(ledger, tmp_path, "predictionbook", answered)
    head = ledger.head()

    for older in (judged, open_again, reworded, answered):
        imported(ledger, tmp_path, "predictionbook", older)

    assert ledger.head() == head
    assert outcomes(ledger, "predictionbook-1")[0] is Outcome.NO
    assert outcomes(ledger, "it-ships-whole") == [Outcome.YES]


def test_a_row_whose_verdict_was_replaced_by_hand_is_listed_and_replaces_nothing(ledger: Ledger) -> None:
    row = {"claim": "ship", "text": "Ship it?", "deadline": "2026-07-31", "said_on": "2026-01-05", "p": 0.8,
           "outcome": "yes", "known_on": WHEN, "reason": "as the notice says"}  # fmt: skip
    ledger.import_from("table", [row])
    ledger.resolve("ship", "no", known_on="2026-08-05", reason="it was another ship")
    head = ledger.head()

    again = ledger.import_from("table", [row])

    (listed,) = again.changes
    assert listed.what.startswith(f"verdict no, 2026-08-05 -> yes, {WHEN}")
    assert (outcomes(ledger, "ship"), ledger.head()) == ([Outcome.YES, Outcome.NO], head)
