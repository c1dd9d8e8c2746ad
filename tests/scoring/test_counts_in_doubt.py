"""What stands beside a plain count: what is in doubt, when it was said, and what "did not" means for who said so."""

from __future__ import annotations

import warnings
from datetime import date

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.errors import LedgerWarning

DEADLINE = date(2026, 6, 1)


def said(ledger: Ledger, count: int, chance: float = 0.9) -> list[str]:
    return [ledger.add(f"Thing {number} comes", deadline=DEADLINE, p=chance).slug for number in range(count)]


def came(ledger: Ledger, slugs: list[str], *, outcome: str = "yes") -> None:
    for slug in slugs:
        happened = {"happened_on": DEADLINE} if outcome == "yes" else {}
        ledger.resolve(slug, outcome, reason="seen", **happened)


def plain(shown: object) -> str:
    return " ".join(str(shown).split())


@pytest.mark.parametrize("doubt", ["no verdict", "unclear", "annulled", "contested"])
def test_the_interval_spans_what_is_due_and_in_doubt_and_the_line_says_so(
    ledger: Ledger, clock: Clock, doubt: str
) -> None:
    slugs = said(ledger, 20)
    clock.set("2026-08-01")
    came(ledger, slugs[:12] if doubt != "contested" else slugs)
    for slug in slugs[12:] if doubt != "no verdict" else []:
        if doubt == "contested":
            ledger.resolve(slug, "no", dissent=True, by="lawyer", reason="it did not")
        else:
            ledger.resolve(slug, {"unclear": "ambiguous"}.get(doubt, doubt), reason="nobody can tell")

    card = ledger.scorecard()

    (row,) = card.forecasters()
    low, high = row["right_interval"]
    assert low < 12 / 20 < 1 - 1e-3 < high
    right = 20 if doubt == "contested" else 12
    assert f"ana {right} of {right} ({100 * low:.0f} to >99 %); own numbers expect" in plain(card)
    assert f"8 {doubt}: 12 of 20 if all failed" in plain(card)


def test_with_nothing_in_doubt_the_interval_is_that_of_the_share(ledger: Ledger, clock: Clock) -> None:
    slugs = said(ledger, 12)
    clock.set("2026-08-01")
    came(ledger, slugs[:9])
    came(ledger, slugs[9:], outcome="no")

    (row,) = ledger.scorecard().forecasters()

    assert row["right_interval"] == pytest.approx([0.51624, 0.90364], abs=1e-4)  # of Beta(9.5, 3.5)


def test_the_share_of_observations_stands_beside_their_interval(ledger: Ledger, clock: Clock) -> None:
    lone = said(ledger, 11)
    together = [
        ledger.add(f"Part {number} comes", deadline=DEADLINE, p=0.9, cluster="one").slug for number in range(20)
    ]
    clock.set("2026-08-01")
    came(ledger, lone[:6] + together)
    came(ledger, lone[6:], outcome="no")

    card = ledger.scorecard()

    (row,) = card.forecasters()
    low, high = row["right_interval"]
    assert low < 7 / 12 < high < 26 / 31
    assert f"ana 26 of 31 (7.0 of 12 observations, {100 * low:.0f} to {100 * high:.0f} %)" in plain(card)


def test_who_said_it_would_not_is_seen_to_be_right(ledger: Ledger, clock: Clock) -> None:
    slugs = said(ledger, 12, 0.1)
    clock.set("2026-08-01")
    came(ledger, slugs, outcome="no")

    assert 'mostly said "it will not", and were right where it did not: ana 12 of 12' in plain(ledger.scorecard())


def test_who_spoke_late_is_told_in_the_line(ledger: Ledger, clock: Clock) -> None:
    slugs = said(ledger, 2)
    clock.set("2026-05-01")
    for slug in slugs:
        ledger.forecast(slug, 0.99, by="late")
    clock.set("2026-08-01")
    came(ledger, slugs)

    told = plain(ledger.scorecard())

    assert "late 2 of 2; own numbers expect 2.0, one answer to all gets 2; said when 80 % of the time had gone" in told
    assert "ana 2 of 2; own numbers expect 1.8, one answer to all gets 2 not a score" in told


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
def test_what_was_quoted_once_it_was_known_is_told_with_the_name(ledger: Ledger, clock: Clock) -> None:
    slugs = said(ledger, 2)
    clock.set("2026-08-01")
    came(ledger, slugs)
    for slug in slugs:
        ledger.log_evidence(slug, "https://news.example/", "He said so", published="2026-02-01", slug="said-so")
        ledger.forecast(slug, 0.9, by="prophet", kind="person", made_at="2026-02-01", published_in="said-so")

    told = plain(ledger.scorecard())

    assert told.count("recorded after the answer") == 1
    assert "recorded after the answer: 2 forecasts (2 of prophet), dated before it by a source that nobody has" in told


@pytest.mark.parametrize("which", ["failed", "came true", "mixed"])
def test_a_cluster_declared_late_makes_the_interval_of_the_share_wider_on_both_sides(
    ledger: Ledger, clock: Clock, which: str
) -> None:
    slugs = said(ledger, 30)
    clock.set("2026-08-01")
    came(ledger, slugs[:14])
    came(ledger, slugs[14:], outcome="no")
    low, high = ledger.scorecard().forecasters()[0]["right_interval"]

    for slug in {"failed": slugs[14:], "came true": slugs[:14], "mixed": slugs[8:20]}[which]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LedgerWarning)
            ledger.correct(f"claim {slug}", cluster="one", reason="they hang together")
    card = ledger.scorecard()

    (row,) = card.forecasters()
    lower, higher = row["right_interval"]
    observations = {"failed": 15, "came true": 17, "mixed": 19}[which]
    assert lower < low < high < higher
    assert f"ana 14 of 30 ({14 / 30 * observations:.1f} of {observations} observations, " in plain(card)
    assert plain(card).index("clustered too late") < plain(card).index("SCORES")
