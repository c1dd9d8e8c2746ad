"""What waits for somebody: verdicts due, claims the evidence meets, forecasts gone stale."""

from __future__ import annotations

import pytest
from conftest import Clock, Refuses

from predictions import Ledger, NotFound
from predictions.views.due import Agenda


def waiting(agenda: Agenda) -> list[tuple[str, str]]:
    return [(str(row["claim"]), str(row["status"])) for row in agenda.rows()]


@pytest.fixture
def claims(ledger: Ledger) -> Ledger:
    """Three claims whose windows end in March, June and December."""
    for month, day in [("march", "2026-03-31"), ("june", "2026-06-30"), ("december", "2026-12-31")]:
        ledger.add(f"It rains in {month}", deadline=day, slug=month, p=0.3)
    return ledger


@pytest.mark.parametrize(
    ("today", "found"),
    [
        ("2026-03-31", []),
        ("2026-04-01", [("march", "due")]),
        ("2026-04-30", [("march", "due")]),
        ("2026-05-07", [("march", "due")]),
        ("2026-05-08", [("march", "overdue")]),
        ("2026-07-01", [("march", "overdue"), ("june", "due")]),
        ("2027-06-01", [("march", "overdue"), ("june", "overdue"), ("december", "overdue")]),
    ],
)
def test_a_claim_waits_from_the_day_after_its_window(claims: Ledger, today: str, found: list[tuple[str, str]]) -> None:
    assert waiting(claims.due(today=today)) == found


def test_what_has_a_verdict_waits_no_more(claims: Ledger, clock: Clock) -> None:
    clock.set("2026-05-01")
    claims.resolve("march", "no")

    assert waiting(claims.due()) == []
    assert waiting(claims.due(as_of="2026-04-30")) == [("march", "due")]
    assert waiting(claims.due(today="2026-04-29")) == [("march", "due")]  # the verdict is dated later


def test_a_claim_the_evidence_meets_waits_while_it_is_open(ledger: Ledger) -> None:
    ledger.add("A storm", deadline="2026-06-30", opens_on="2025-12-01", slug="storm", at_least=1)
    before = len(ledger.due())

    ledger.log_evidence("storm", "https://example.org/", "A storm", on="2025-12-24", counts="gale")

    assert before == 0
    assert waiting(ledger.due()) == [("storm", "open")]
    assert "the evidence on file meets it" in str(ledger.due())


def test_what_is_most_pressing_comes_first(ledger: Ledger, claims: Ledger) -> None:
    ledger.add("A storm", deadline="2026-06-29", opens_on="2025-12-01", slug="storm", at_least=1)
    ledger.log_evidence("storm", "https://example.org/", "A storm", on="2025-12-24", counts="gale")

    assert [slug for slug, _ in waiting(claims.due(today="2026-04-15"))] == ["march", "storm"]


def test_nothing_to_do_is_said(ledger: Ledger) -> None:
    assert (str(ledger.due()), len(ledger.due())) == ("nothing waits for a verdict", 0)
    assert str(ledger.review()) == "nothing to review: nothing due, no forecast gone stale"
    assert "nothing waits" in ledger.due()._repr_html_()


@pytest.mark.parametrize(("today", "stale"), [("2026-01-31", 0), ("2026-02-01", 3)])
def test_a_number_is_stale_after_thirty_days(claims: Ledger, today: str, stale: int) -> None:
    agenda = claims.review(today=today)

    assert len(agenda) == stale
    assert all("ana said 0.30 on 2026-01-01, 31 days ago" in str(row["why"]) for row in agenda.rows())


def test_a_fresh_number_a_withdrawn_one_and_one_of_somebody_else_are_not_stale(claims: Ledger, clock: Clock) -> None:
    claims.forecast("march", 0.4, by="ben")
    clock.set("2026-02-15")
    claims.forecast("june", 0.5)
    claims.withdraw("december")

    assert waiting(claims.review()) == [("march", "open")]
    assert waiting(claims.review(by="ben")) == [("march", "open")]


def test_the_stale_are_those_of_the_name_however_it_is_typed(ledger: Ledger, claims: Ledger, clock: Clock) -> None:
    claims.forecast("march", 0.4, by="Ben Ari")
    clock.set("2026-03-01")

    for name in ("Ben Ari", "ben-ari", "BEN ARI"):
        assert waiting(claims.review(by=name)) == [("march", "open")]
    claims.me = "Ben Ari"
    assert waiting(claims.review()) == [("march", "open")]


def test_nobody_of_that_name_is_told(claims: Ledger, refuses: Refuses) -> None:
    with refuses("no forecaster 'ena' in this ledger", "did you mean 'ana'?", error=NotFound):
        claims.review(by="ena")


def test_whoever_holds_the_ledger_need_not_have_forecast(claims: Ledger) -> None:
    claims.me = "cyd"
    assert waiting(claims.review(today="2026-03-01")) == []
    claims.me = None
    assert waiting(claims.review(today="2026-04-01")) == [("march", "due")]


def test_a_decided_claim_is_never_stale(claims: Ledger) -> None:
    for slug in ("march", "june", "december"):
        claims.annul(slug, known_on="2026-01-01", reason="no basis")

    assert waiting(claims.review(today="2026-03-01")) == []
