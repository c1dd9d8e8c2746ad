"""An honest record, kept once a week, of which no card says anything that would qualify its figures."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from conftest import Clock

from predictions import Ledger

OPENS, WEEK = date(2026, 1, 1), timedelta(7)
CLAIMS = [f"c{number:02}" for number in range(40)]
PEOPLE = {"ana": 1.2, "bea": 0.8, "cy": 0.5}  # how far each misses what can be known
DRAWS = np.random.default_rng(16)


def forecast(ledger: Ledger, claim: str, knowable: float) -> None:
    for person, noise in PEOPLE.items():
        chance = 1 / (1 + np.exp(-knowable - DRAWS.normal(0, noise)))
        ledger.forecast(claim, round(float(np.clip(chance, 0.01, 0.99)), 2), by=person, again=True)


# In a short window a week between the two days is told: it is much of the time that counts.
@pytest.mark.parametrize(
    ("dated", "windows"), [("happened_on", [28, 60, 150, 365]), ("happened_on and known_on", [100, 150, 365])]
)
@pytest.mark.parametrize("seed", range(4))
def test_of_a_record_that_is_kept_once_a_week_nothing_is_said(
    ledger: Ledger, clock: Clock, seed: int, dated: str, windows: list[int]
) -> None:
    drawn = np.random.default_rng(seed)
    knowable = dict(zip(CLAIMS, drawn.normal(0, 1.5, len(CLAIMS)).tolist(), strict=True))
    last_day = {
        claim: OPENS + timedelta(int(days) - 1) for claim, days in zip(CLAIMS, drawn.choice(windows, 40), strict=True)
    }
    happened = {
        claim: OPENS + timedelta(int(drawn.integers(1, (last - OPENS).days)))
        for claim, last in last_day.items()
        if drawn.random() < 1 / (1 + np.exp(-knowable[claim]))
    }
    settles = {claim: happened.get(claim, last_day[claim] + timedelta(40)) for claim in CLAIMS}
    clock.set(str(OPENS))
    for claim in CLAIMS:
        ledger.add(f"Claim {claim}", deadline=last_day[claim], opens_on=OPENS, slug=claim)
    for week in range(60):
        session = OPENS + week * WEEK
        clock.set(str(session))
        for claim in CLAIMS:
            if session - WEEK <= settles[claim] < session and claim in happened:
                known = {"known_on": session} if "known_on" in dated else {}
                ledger.resolve(claim, "yes", happened_on=happened[claim], reason=f"seen {claim}", **known)
            elif session - WEEK <= settles[claim] < session:
                ledger.resolve(claim, "no", reason=f"{claim} did not come")
            elif session < min(settles[claim], last_day[claim] - timedelta(1)) and week % 4 == 0:
                forecast(ledger, claim, knowable[claim])

    board, card = ledger.leaderboard(), ledger.scorecard(full=True)

    assert board.statements == len(CLAIMS)
    assert board.caveats == tuple(card.caveats) == ledger.compare("ana", "bea").caveats == ()
    assert [row["at_least"] for row in board.rows()] == [False] * len(PEOPLE)
