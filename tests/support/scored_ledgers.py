"""Ledgers with claims that came out, to draw and compare scores; and rows of forecasts to import."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
from conftest import Clock

from predictions import Ledger

MICROSECONDS = 1_777_627_800_000_000  # 2026-05-01 09:30 UTC
NUMBERS = {"ana": (0.9, 0.2, 0.6, 0.3), "ben": (0.6, 0.4, 0.5, 0.5)}
TRUE = (True, False, True, False)


def four_claims(ledger: Ledger, clock: Clock) -> None:
    """Four claims of a hundred days, two of them true on the fiftieth day; ana and ben speak at once."""
    for number in range(4):
        ledger.add(f"Number {number} comes true", deadline="2026-04-10", tags=["odd" if number % 2 else "even"])
        for who, said in NUMBERS.items():
            ledger.forecast(f"number-{number}-comes-true", said[number], by=who)
    clock.set("2026-06-01")
    for number, true in enumerate(TRUE):
        slug = f"number-{number}-comes-true"
        if true:
            ledger.resolve(slug, "yes", happened_on="2026-02-18", known_on="2026-02-20", reason="seen")
        else:
            ledger.resolve(slug, "no", known_on="2026-04-11", reason="the window ended")


def many_claims(ledger: Ledger, clock: Clock, count: int = 14) -> list[str]:
    """So many claims of different length, with three forecasters of differing skill."""
    luck = random.Random(5)
    claims = []
    for number in range(count):
        day = date(2026, 1, 1) + timedelta(days=luck.randint(60, 200))
        slug = ledger.add(f"Claim {number} comes true", deadline=day)
        chance = luck.random()
        for who, noise in (("ana", 0.1), ("ben", 0.2), ("cyd", 0.3)):
            ledger.forecast(slug, round(min(max(chance + luck.gauss(0, noise), 0.02), 0.98), 2), by=who)
        claims.append((slug, day, luck.random() < chance))
    clock.set("2026-09-01")
    for slug, day, true in claims:
        if true:
            ledger.resolve(slug, "yes", happened_on=day - timedelta(6), known_on=day - timedelta(5), reason="seen")
        else:
            ledger.resolve(slug, "no", known_on=day + timedelta(1), reason="the window ended")
    return [slug for slug, _, _ in claims]


def many_forecasts(size: int, seed: int = 0) -> dict[str, object]:
    """Columns of forecasts by three people on six claims, a tenth of them withdrawals."""
    random_numbers = np.random.default_rng(seed)
    withdrawn = random_numbers.random(size) < 0.1
    return {
        "claim": [f"claim-{number}" for number in random_numbers.integers(0, 6, size)],
        "forecaster": random_numbers.choice(["ben", "cy", "dee"], size).tolist(),
        "made_at": MICROSECONDS - random_numbers.permutation(size) * 1_000_003,
        "probability": np.where(withdrawn, np.nan, np.round(random_numbers.random(size), 3)),
        "withdrawn": withdrawn,
    }
