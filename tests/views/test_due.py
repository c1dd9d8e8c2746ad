"""What waits for somebody: verdicts due, claims the evidence meets, forecasts gone stale."""

from __future__ import annotations

from html import unescape

import pytest
from conftest import Clock, Refuses

from predictions import Ledger, NotFound
from predictions.views.due import Due


def waiting(found: Due) -> list[tuple[str, str]]:
    return [(str(row["claim"]), str(row["status"])) for row in found.rows()]


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
    assert str(ledger.due()) == "nothing waits for a verdict"
    assert len(ledger.due()) == 0
    assert "0 forecasts older than 90 days on what is open" in str(ledger.due(stale=True))
    assert "nothing waits" in ledger.due()._repr_html_()


@pytest.mark.parametrize(("today", "stale"), [("2026-04-01", 0), ("2026-04-02", 2)])  # one is over by then
def test_a_number_is_stale_after_ninety_days(claims: Ledger, today: str, stale: int) -> None:
    found = claims.due(stale=True, today=today)

    assert len(found) == stale
    assert all("0.30 stands since 2026-01-01" in str(row["why"]) for row in found.rows())
    assert (f"on what is open: {stale}" in str(claims.due(today=today))) == bool(stale)


def test_a_fresh_number_a_withdrawn_one_and_one_of_somebody_else_are_not_stale(claims: Ledger, clock: Clock) -> None:
    claims.forecast("june", 0.4, by="ben")
    clock.set("2026-04-15")
    claims.forecast("june", 0.5)
    assert waiting(claims.due(stale=True)) == [("december", "open")]
    claims.withdraw("december")

    assert waiting(claims.due(stale=True)) == []
    assert waiting(claims.due(stale=True, by="ben")) == [("june", "open")]


def test_the_stale_are_those_of_the_name_however_it_is_typed(claims: Ledger, clock: Clock) -> None:
    claims.forecast("june", 0.4, by="Ben Ari")
    clock.set("2026-06-01")

    for name in ("Ben Ari", "ben-ari", "BEN ARI"):
        assert waiting(claims.due(stale=True, by=name)) == [("june", "open")]
    claims.me = "Ben Ari"
    assert waiting(claims.due(stale=True)) == [("june", "open")]
    assert 'ledger.forecast("june", P)' in str(claims.due(stale=True))
    claims.me = "ana"
    assert 'ledger.forecast("june", P, by="ben-ari")' in str(claims.due(stale=True, by="ben ari"))


def test_nobody_of_that_name_is_told(claims: Ledger, refuses: Refuses) -> None:
    with refuses("no forecaster 'ena' in this ledger", "did you mean 'ana'?", error=NotFound):
        claims.due(by="ena")


def test_whoever_holds_the_ledger_need_not_have_forecast(claims: Ledger) -> None:
    claims.me = "cyd"
    assert waiting(claims.due(stale=True, today="2026-06-01")) == []
    claims.me = None
    assert waiting(claims.due(today="2026-04-01")) == [("march", "due")]


def test_a_decided_claim_is_never_stale(claims: Ledger) -> None:
    for slug in ("march", "june", "december"):
        claims.resolve(slug, "annulled", known_on="2026-01-01", reason="no basis")

    assert waiting(claims.due(stale=True, today="2026-06-01")) == []


@pytest.fixture
def club(ledger: Ledger, clock: Clock) -> Ledger:
    """Two claims whose windows are over, one overdue and bare, one with two events on file."""
    clock.set("2026-01-05")
    ledger.quote(
        "Tech Oracle", "An AI lab will go public in 2026", p=0.9, deadline="2026-12-31", said_on="2026-01-05",
        link="https://oracle.example/outlook", slug="ai-lab-goes-public",
    )  # fmt: skip
    ledger.forecast("ai-lab-goes-public", 0.3)
    ledger.add(
        "Two labs publish prices", opens_on="2026-01-01", deadline="2027-01-31", slug="two-labs-publish-prices",
        at_least=2, p=0.4,
    )  # fmt: skip
    ledger.add("Two suns set", deadline="2099-12-31", slug="two-suns-set")
    ledger.forecast("two-labs-publish-prices", 0.55, by="Claude")
    for name, grade in (("alpha", "primary"), ("beta", "established")):
        ledger.log_evidence(
            "two-labs-publish-prices", f"https://{name}.example/", f"Prices of {name}", on="2026-01-04", counts=name,
            grade=grade,
        )  # fmt: skip
    clock.set("2027-02-15")
    return ledger


def test_each_claim_has_its_words_who_said_what_what_is_on_file_and_the_lines_to_type(club: Ledger) -> None:
    assert (
        club.due()
        .screen(typed=True)
        .startswith(
            """\
2 wait for a verdict                                            as of 2027-02-15

ai-lab-goes-public        overdue; over since 2026-12-31, verdict due 2027-01-30
  "An AI lab will go public in 2026"  Tech Oracle 0.90, you 0.30
  on file: nothing that counts
    predictions resolve ai-lab-goes-public no
    predictions resolve ai-lab-goes-public yes --happened-on DAY --because LINK

two-labs-publish-prices   over since 2027-01-31; no from 2027-03-02
  "Two labs publish prices"  you 0.40, Claude 0.55
  on file: 2 of 2
    predictions resolve two-labs-publish-prices yes --happened-on 2026-01-04
"""
        )
    )


def test_the_same_in_python_where_it_is_said_in_python(club: Ledger) -> None:
    said = str(club.due())

    assert 'ledger.resolve("ai-lab", "yes", happened_on="DAY", because="LINK")' in said
    assert max(map(len, said.splitlines())) <= 80
    assert "--" not in said
    assert 'ledger.resolve("ai-lab", "no")' in unescape(club.due()._repr_html_())
    assert '"\N{EM SPACE}Tech Oracle 0.90' in unescape(club.due()._repr_html_())  # what they said stands apart from it


def test_of_many_the_first_five_are_shown_and_the_rest_counted(ledger: Ledger) -> None:
    for number in range(13):
        ledger.add(f"It rains on day {number}", deadline=f"2026-03-{number + 1:02}", slug=f"rain-{number:02}")

    few, every = (ledger.due(today="2026-04-30", all=everything) for everything in (False, True))

    assert len(few.rows()) == len(every.rows()) == 13
    assert few.screen(typed=True).count("on file") == 5
    assert "8 more: due --all      one after the other: due --walk" in few.screen(typed=True)
    assert "8 more: ledger.due(all=True)" in str(few)
    assert str(every).count("on file") == 13
    assert max(map(len, few.screen(typed=True).splitlines())) <= 80


def test_only_what_somebody_said_or_forecast(club: Ledger) -> None:
    assert waiting(club.due(by="claude")) == [("two-labs-publish-prices", "due")]
    assert waiting(club.due(by="Tech Oracle")) == [("ai-lab-goes-public", "overdue")]
