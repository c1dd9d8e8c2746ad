"""A market, or a question of Metaculus, whose deadline moved: what is of the new one stands on the claim with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from conftest import Clock
from market_exports import (
    DAY,
    JANUARY,
    TODAY,
    finalized,
    imported,
    kalshi_market,
    manifold_bet,
    manifold_market,
    milliseconds,
    polymarket_market,
    prices,
    settled,
)  # fmt: skip
from test_moved_deadlines import on_file, told

from predictions import Ledger
from predictions.enums import Outcome
from predictions.records import Claim

pytestmark = pytest.mark.filterwarnings("ignore::predictions.LedgerWarning")
Files = Callable[
    [str, Sequence[int], tuple[str, str] | None], list[Any]
]  # until when, said on which days, how it came out
FEBRUARY, JUNE = 40, 160  # days after the beginning of 2026
NEW, OLD = "2026-08-31", "2026-03-31"


def kalshi(until: str, days: Sequence[int], verdict: tuple[str, str] | None) -> list[Any]:
    outcome = finalized(verdict[0], settlement_ts=f"{verdict[1]}T08:00:00Z") if verdict else {}
    close = f"{until}T20:00:00Z"
    market = kalshi_market("KXS-A", title="Ship it?", close_time=close, expected_expiration_time=close, **outcome)
    said = [{"end_period_ts": JANUARY + day * DAY, "price": {"close_dollars": "0.8000"}} for day in days]
    return [[market], {"ticker": "KXS-A", "candlesticks": said}]


def polymarket(until: str, days: Sequence[int], verdict: tuple[str, str] | None) -> list[Any]:
    paid = settled(*(("1", "0") if verdict[0] == "yes" else ("0", "1"))) if verdict else {}
    closed = {"closedTime": f"{verdict[1]}T08:00:00Z"} if verdict else {}
    market = polymarket_market(question="Ship it?", endDate=f"{until}T20:00:00Z", **{**paid, **closed})
    return [[market], prices(t5011=[(day, 0.8) for day in days])]


def metaculus(until: str, days: Sequence[int], verdict: tuple[str, str] | None) -> list[Any]:
    said = [
        {"author_id": 7, "start_time": JANUARY + day * DAY, "end_time": None, "forecast_values": [0.2, 0.8]}
        for day in days
    ]
    question = {
        "id": 9, "title": "Ship it?", "type": "binary", "open_time": "2026-01-05T00:00:00Z",
        "scheduled_close_time": f"{until}T20:00:00Z", "resolution": verdict[0] if verdict else None,
        "actual_resolve_time": f"{verdict[1]}T08:00:00Z" if verdict else None, "my_forecasts": {"history": said},
    }  # fmt: skip
    return [[{"id": 81, "question": question}]]


def manifold(until: str, days: Sequence[int], verdict: tuple[str, str] | None) -> list[Any]:
    ends = {OLD: 89, NEW: 242}[until]
    on = {"2026-07-15": 195, "2026-04-01": 90, "2026-03-15": 73}
    outcome = (
        {"isResolved": True, "resolution": verdict[0].upper(), "resolutionTime": milliseconds(on[verdict[1]] + 1 / 3)}
        if verdict else {}
    )  # fmt: skip
    market = manifold_market("Ship1", question="Ship it?", closeTime=milliseconds(ends + 5 / 6), **outcome)
    return [[market], [manifold_bet(f"b{day}", day, 0.8, contractId="Ship1") for day in days]]


CLAIMS = {
    "kalshi": (kalshi, "kalshi-kxs-a-"), "polymarket": (polymarket, "polymarket-0x01f5"),
    "metaculus": (metaculus, "metaculus-9"), "manifold": (manifold, "manifold-ship1-"),
}  # fmt: skip
of_each = pytest.mark.parametrize(("platform", "files", "slug"), [(name, *of) for name, of in CLAIMS.items()])


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set(TODAY)


def the_claim(ledger: Ledger, slug: str) -> str:
    (found,) = (claim.slug for claim in ledger.snapshot().all(Claim) if claim.slug.startswith(slug))
    return found


@of_each
def test_what_is_of_the_new_deadline_is_told_and_not_recorded(
    platform: str, files: Files, slug: str, ledger: Ledger, tmp_path: Path
) -> None:
    imported(ledger, tmp_path, platform, *files(OLD, [FEBRUARY], None))

    later = imported(ledger, tmp_path, platform, *files(NEW, [FEBRUARY, JUNE], ("yes", "2026-07-15")))

    assert (dict(later.new), on_file(ledger, the_claim(ledger, slug))) == ({}, ([0.8], []))
    moved, late, verdict = told(later)
    assert moved == f"closes_at {OLD} 20:00:00Z -> {NEW} 20:00:00Z, deadline {OLD} -> {NEW}"
    assert late == f"1 forecast made since: its deadline is {NEW}, the claim's {OLD}; not recorded"
    assert verdict == f"verdict yes, 2026-07-15 08:00:00Z: its deadline is {NEW}, the claim's {OLD}; not recorded"


@of_each
def test_a_yes_within_both_windows_answers_both(
    platform: str, files: Files, slug: str, ledger: Ledger, tmp_path: Path
) -> None:
    imported(ledger, tmp_path, platform, *files(OLD, [FEBRUARY], None))

    imported(ledger, tmp_path, platform, *files(NEW, [FEBRUARY], ("yes", "2026-03-15")))

    assert on_file(ledger, the_claim(ledger, slug)) == ([0.8], [Outcome.YES])


@of_each
def test_once_taken_over_each_file_is_of_the_claim_with_its_deadline(
    platform: str, files: Files, slug: str, ledger: Ledger, tmp_path: Path
) -> None:
    imported(ledger, tmp_path, platform, *files(OLD, [FEBRUARY], None))
    claim = the_claim(ledger, slug)
    new = ledger.supersede(claim, deadline=NEW, closes_at=f"{NEW}T20:00:00Z", reason="moved").slug

    runs = [
        imported(ledger, tmp_path, platform, *files(NEW, [FEBRUARY, JUNE], ("yes", "2026-07-15"))),
        imported(ledger, tmp_path, platform, *files(OLD, [FEBRUARY], ("no", "2026-04-01"))),
        imported(ledger, tmp_path, platform, *files(NEW, [FEBRUARY, JUNE], ("yes", "2026-07-15"))),
    ]

    assert [dict(run.new) for run in runs] == [{"forecast": 1, "verdict": 1}, {"verdict": 1}, {}]
    assert [told(run) for run in runs] == [[], [], []]
    assert (on_file(ledger, claim), on_file(ledger, new)) == (([0.8], [Outcome.NO]), ([0.8], [Outcome.YES]))
