"""Of hundreds without insight some look good by luck, and nothing may be said of them that luck alone makes."""

from __future__ import annotations

import numpy as np
import pytest

from predictions.testing import scratch_ledger

PEOPLE, CLAIMS = 400, 40


@pytest.mark.parametrize("seed", [1, 2])
def test_nobody_beats_fifty_percent_who_only_guesses(seed: int) -> None:
    random = np.random.default_rng(seed)
    with scratch_ledger("2026-01-01", me="ana") as (ledger, clock):
        slugs = [f"c{number:02d}" for number in range(CLAIMS)]
        for slug in slugs:
            ledger.add(f"It happens: {slug}", slug=slug, deadline="2026-03-01")
        guesses = {
            "claim": np.repeat(slugs, PEOPLE),
            "forecaster": np.tile([f"p{number}" for number in range(PEOPLE)], CLAIMS),
            "made_at": np.full(PEOPLE * CLAIMS, "2026-01-01T09:00:00Z"),
            "probability": random.random(PEOPLE * CLAIMS).round(3),
        }
        ledger.import_forecasts(guesses)
        clock.set("2026-04-01")
        for slug in slugs:
            ledger.resolve(slug, "yes" if random.random() < 0.5 else "no", known_on="2026-03-02", reason=slug)
        rows = [row for row in ledger.leaderboard().rows() if row["better"] is not None]

    measured = [row["measured"] for row in rows]
    assert len(rows) == PEOPLE
    assert max(measured) > 0.1  # the luckiest, and what was measured is told as it is
    assert max(row["skill"] for row in rows) < 0
    assert max(row["better"] for row in rows) < 0.3
