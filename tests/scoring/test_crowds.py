"""Crowds, computed for all claims at once, say what their members come to moment by moment."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pytest

from forecasts.aggregation import geometric_mean_odds, median, recency_weighted_median
from forecasts.kernel import Rows
from predictions.scoring.columns import standing_tables
from predictions.scoring.columns.forecast_rows import merged, sorted_rows
from predictions.scoring.crowds.numbers import crowd_rows

Said = list[tuple[int, int, int, float]]
COMBINED = (median, lambda members: geometric_mean_odds(members, clip=0.001), recency_weighted_median)


def told(rows: Rows, members: np.ndarray) -> Said:
    """What the crowds say, kept up claim by claim and number by number."""
    kept = members[rows.forecaster] & (rows.mark == 0)
    lines = zip(*(column[kept].tolist() for column in rows[:4]), strict=True)
    by_time = sorted(lines, key=lambda line: (line[0], line[2]))  # stable: the last of a moment stands
    found: Said = []
    for claim, on_claim in groupby(by_time, lambda line: line[0]):
        standing: dict[int, float] = {}  # the oldest first
        spoke = False
        for time, at_once in groupby(on_claim, lambda line: line[2]):
            for _, who, _, chance in at_once:
                standing.pop(who, None)
                if not np.isnan(chance):
                    standing[who] = chance
            several = len(standing) > 1
            for number, combine in enumerate(COMBINED):
                if several:
                    found.append((claim, members.size + number, time, round(combine(list(standing.values())), 12)))
                elif spoke:
                    found.append((claim, members.size + number, time, np.nan))
            spoke = several
    return sorted(found)


def invented(seed: int) -> tuple[Rows, np.ndarray]:
    """Few or many forecasts, at few or many moments, of rough or fine numbers, with withdrawals and marks."""
    random = np.random.default_rng(seed)
    size, claims, people = random.integers(1, (900, 12, 30)).tolist()
    claim, forecaster = (random.integers(0, most, size).astype(np.int32) for most in (claims, people))
    time = random.integers(0, random.choice([5, 50, 100_000]), size)
    chance = np.round(random.random(size), random.choice([1, 2, 6]))
    chance[random.random(size) < 0.15] = np.nan
    marks = (random.random((claims, people)) < 0.1).astype(np.uint8)[claim, forecaster]
    return sorted_rows(Rows(claim, forecaster, time, chance, marks), people)[0], random.random(people) < 0.9


@pytest.mark.parametrize("cells", [1, 1 << 20], ids=["a table at a time", "all at once"])
@pytest.mark.parametrize("seed", range(30))
def test_crowds_say_what_their_members_come_to(seed: int, cells: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing_tables, "TABLE_CELLS", cells)
    rows, members = invented(seed)

    found = crowd_rows(rows, members)

    expected = told(rows, members)
    assert [line[:3] for line in zip(*(column.tolist() for column in found[:3]), strict=True)] == [
        line[:3] for line in expected
    ]
    assert found.probability == pytest.approx([line[3] for line in expected], abs=1.5e-12, rel=0, nan_ok=True)


def test_crowds_stand_after_everybody_on_their_claim() -> None:
    rows, members = invented(3)
    crowds = crowd_rows(rows, members)

    both = merged(rows, crowds)

    assert crowds.claim.size
    assert both.claim.size == rows.claim.size + crowds.claim.size
    again, _ = sorted_rows(both, members.size + 3)
    assert all(np.array_equal(one, two, equal_nan=True) for one, two in zip(both, again, strict=True))


def test_who_stands_alone_is_no_crowd() -> None:
    number = np.zeros(2, np.int32)
    rows = Rows(number, number, np.array([1, 2]), np.array([0.2, 0.4]), np.zeros(2, np.uint8))

    assert not crowd_rows(rows, np.ones(1, np.bool_)).claim.size
