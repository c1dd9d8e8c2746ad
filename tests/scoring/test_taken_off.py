"""Claims that a correction took off the cards are named: as of any seal those, and no other."""

from __future__ import annotations

from datetime import timedelta

from conftest import Clock

from predictions import Ledger
from predictions.records import Claim
from predictions.storage.claim_queries import taken_off
from predictions.storage.store import Store


def naive(store: Store, size: int) -> list[str]:
    """Claims whose last revision is not scored and an earlier one was, of statements that have no scored claim."""
    rows: dict[str, list[Claim]] = {}
    for one in store.recorded(size, (Claim,)):
        rows.setdefault(one.record.slug, []).append(one.record)
    now = {slug: revisions[-1] for slug, revisions in rows.items()}
    off = [slug for slug, (*earlier, last) in rows.items() if not last.scored and any(one.scored for one in earlier)]
    still = {claim.statement for claim in now.values() if claim.scored}
    return [slug for slug in off if now[slug].statement not in still]


def test_claims_taken_off_are_told_as_of_any_seal(ledger: Ledger, clock: Clock) -> None:
    day = {"deadline": "2026-12-31"}
    for slug in ("hail", "rain", "snow", "wind"):
        ledger.add(f"There is {slug}", slug=slug, **day)
    ledger.quote("Bob", "It storms", deadline="2026-12-31", slug="storm", said_on="2025-12-31")
    ledger.quote("Bob", "It storms", deadline="2026-11-30", slug="storm-2", reading="strict", said_on="2025-12-31")
    for slug, scored in (
        ("rain", False), ("snow", False), ("rain", True), ("hail", False), ("storm", False), ("storm-2", True),
        ("snow", True), ("snow", False), ("storm-2", False), ("rain", False),
    ):  # fmt: skip
        clock.advance(timedelta(hours=1))
        ledger.correct(slug, scored=scored, reason=f"another look, {clock()}")
    store, told = ledger._store, []
    for size, _ in ledger._journal.heads():
        told.append(taken_off(store, size))
        assert sorted(told[-1]) == sorted(naive(store, size))
    assert told[-1] == ["hail", "rain", "snow", "storm", "storm-2"]
    assert any("storm" not in one and "hail" in one for one in told)
    assert "wind" not in told[-1]
