"""A ledger of many claims for the tests of long screens."""

from __future__ import annotations

from datetime import date, timedelta

from conftest import Clock

from predictions import Ledger


def many(ledger: Ledger, clock: Clock, count: int) -> None:
    """Claims of which, on 2027-02-15, a third is settled, a few wait, and the rest is open; two forecasters."""
    clock.set("2026-01-05")
    ledger.add(
        "Two labs publish prices", opens_on="2026-01-01", deadline="2027-01-31", slug="two-labs-publish-prices",
        at_least=2, p=0.4,
    )  # fmt: skip
    for name, grade in (("alpha", "primary"), ("beta", "established")):
        ledger.log_evidence(
            "two-labs-publish-prices", f"https://{name}.example/", f"Prices of {name}", on="2026-01-04", counts=name,
            grade=grade,
        )  # fmt: skip
    for number in range(count - 1):
        deadline = date(2026, 6, 1) + timedelta(days=number if number < count // 3 else 300 + number)
        slug = f"it-rains-{number:03}"
        ledger.add(
            f"It rains, number {number}", deadline=deadline, slug=slug, p=0.3, tags=("odd",) if number % 2 else ()
        )
        ledger.forecast(slug, 0.6, by="ben")
        if not number % 4:
            ledger.forecast(slug, 0.9, by="cyd")
    clock.set("2027-02-15")
    for number in range(3, count // 3):
        ledger.resolve(
            f"it-rains-{number:03}", "no" if number % 2 else "ambiguous", known_on="2027-02-01", reason="dry"
        )
