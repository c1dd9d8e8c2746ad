"""Sentences of long screens that stand only in some ledgers: a second source, a tie at the top, a page's squares."""

from __future__ import annotations

from pathlib import Path

from club import many
from conftest import Clock

from predictions import Ledger


def test_what_waits_for_a_second_source_is_given_the_line_for_it(ledger: Ledger, clock: Clock) -> None:
    ledger.add("Two labs publish prices", deadline="2026-01-31", opens_on="2025-12-01", slug="labs", at_least=2)
    ledger.correct("labs", sourcing="one-primary-or-two-established")
    for name, grade in (("alpha", "primary"), ("beta", "established")):
        ledger.log_evidence("labs", f"https://{name}.example", name, on="2025-12-20", counts=name, grade=grade)
    clock.set("2026-02-15")

    shown = ledger.due().screen(typed=True)

    assert "on file: 2 of 2 (1 provisional: beta rests on one established source)" in shown
    assert '    predictions log-evidence labs LINK "TITLE" --counts beta     (a second)' in shown.splitlines()
    assert max(map(len, shown.splitlines())) <= 80


def test_two_at_the_top_who_cannot_be_told_apart_are_named(ledger: Ledger, clock: Clock) -> None:
    for number in range(12):
        slug = ledger.add(f"It rains, number {number}", deadline="2026-02-10", slug=f"rain-{number}", p=0.4)
        ledger.forecast(slug, 0.3 if number % 2 else 0.5, by="Ben Ari", kind="person")
    clock.set("2026-04-01")
    for number in range(12):
        ledger.resolve(f"rain-{number}", "no")

    shown = str(ledger.leaderboard())

    assert "cannot be told apart (chance that" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80


def test_a_page_begins_with_squares_and_says_what_they_are(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    many(ledger, clock, 9)

    page = ledger.report(tmp_path / "page.html").read_text("utf-8")

    assert page.index("Who was right") < page.index(
        "Each square is one statement: point at it, or tap, and it is the claim."
    )
    assert "it takes 10 settled statements" in page
