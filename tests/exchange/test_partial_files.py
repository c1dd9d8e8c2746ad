"""What one form of a platform's files does not tell is no change of what another told; in one run both add up."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock
from fatebook_files import question
from market_exports import TODAY, Object, imported, kalshi_market, manifold_market, polymarket_market

from predictions import Ledger
from predictions.records import Claim

POST: Object = {
    "id": 81001, "projects": {"category": [{"name": "Harbour"}]},
    "question": {
        "id": 70001, "title": "Will it rain?", "type": "binary", "open_time": "2026-01-01T00:00:00Z",
        "scheduled_close_time": "2026-07-01T00:00:00Z", "scheduled_resolve_time": "2026-12-31T00:00:00Z",
        "resolution": None, "resolution_criteria": "The gauge decides.",
    },
}  # fmt: skip
UNTIL_JULY = {name: value for name, value in POST["question"].items() if name != "scheduled_resolve_time"}
LATE = {"expected_expiration_time": "2026-12-31T00:00:00Z"}
EVENT = {"event_ticker": "KXFERRY-26JUN", "title": "Ferry", "category": "Harbour"}
ASKED = question("a", tags=[{"name": "Harbour"}])
FULL_AND_PARTIAL = {
    "polymarket": ({"id": "9", "tags": [{"label": "Harbour"}], "markets": [polymarket_market()]}, polymarket_market()),
    "kalshi": (
        {"event": EVENT, "markets": [kalshi_market(**LATE)]},
        {name: value for name, value in kalshi_market().items() if name not in LATE},
    ),
    "manifold": (
        manifold_market(groupSlugs=["harbour"]),
        {name: value for name, value in manifold_market().items() if name not in {"groupSlugs", "textDescription"}},
    ),
    "metaculus": (POST, {"id": POST["id"], "question": UNTIL_JULY}),
    "fatebook": ([ASKED], [{name: value for name, value in ASKED.items() if name != "tags"}]),
}


@pytest.fixture(autouse=True)
def _today(clock: Clock) -> None:
    clock.set(TODAY)


@pytest.mark.parametrize("platform", FULL_AND_PARTIAL)
def test_what_a_later_file_does_not_tell_is_no_change(platform: str, ledger: Ledger, tmp_path: Path) -> None:
    full, partial = FULL_AND_PARTIAL[platform]
    imported(ledger, tmp_path, platform, full)

    later = imported(ledger, tmp_path, platform, partial)

    assert (dict(later.new), later.changes) == ({}, ())
    assert [claim.tags for claim in ledger.snapshot().all(Claim)] == [("harbour",)]


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("platform", FULL_AND_PARTIAL)
def test_in_one_run_each_file_adds_what_the_other_does_not_tell(
    platform: str, order: int, ledger: Ledger, tmp_path: Path
) -> None:
    imported(ledger, tmp_path, platform, *FULL_AND_PARTIAL[platform][::order])

    both = ledger.snapshot().all(Claim)
    with Ledger(tmp_path / "full.db", me="ana") as alone:
        imported(alone, tmp_path, platform, FULL_AND_PARTIAL[platform][0])
        assert both == alone.snapshot().all(Claim)


def test_of_a_market_that_was_updated_the_older_file_adds_its_event(ledger: Ledger, tmp_path: Path) -> None:
    newer = polymarket_market(updatedAt="2026-05-01T00:00:00Z", question="Does the new ferry run?")

    imported(ledger, tmp_path, "polymarket", newer, FULL_AND_PARTIAL["polymarket"][0])

    (claim,) = ledger.snapshot().all(Claim)
    assert (claim.wording, claim.cluster) == ("Does the new ferry run?", "polymarket-event-9")
