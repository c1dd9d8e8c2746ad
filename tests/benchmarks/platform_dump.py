"""An invented platform of any size: claims, verdicts and the columns of its forecasts, from a fixed seed.

Fifty forecasts a claim by two hundred forecasters, in the order of time; most claims are resolved, some early, some
annulled; some forecasts are withdrawn, some come once the answer was public.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from predictions.records import Claim, Record, Resolution, Source, Statement
from predictions.storage.journal import Journal
from predictions.storage.store import Store

FIRST = date(2020, 1, 1)
EPOCH = date(1970, 1, 1)
DAY = 86_400_000_000
BEGUN = datetime(2019, 12, 1, tzinfo=UTC)
IMPORTED = datetime(2026, 11, 1, tzinfo=UTC)


class Columns(NamedTuple):
    """What an import takes, as columns; ``claim`` and ``forecaster`` number the slugs."""

    claims: list[str]
    forecasters: list[str]
    claim: np.ndarray
    forecaster: np.ndarray
    made_at: np.ndarray
    probability: np.ndarray
    withdrawn: np.ndarray

    def mapping(self) -> dict[str, object]:
        """With Arrow dictionaries for the names, as a platform's dump is read."""
        import pyarrow

        return {
            "claim": pyarrow.DictionaryArray.from_arrays(self.claim, self.claims),
            "forecaster": pyarrow.DictionaryArray.from_arrays(self.forecaster, self.forecasters),
            "made_at": self.made_at,
            "probability": self.probability,
            "withdrawn": self.withdrawn,
        }

    def rows(self) -> list[tuple[str, str, int, float]]:
        """Plain rows, withdrawals left out."""
        kept = ~self.withdrawn
        claims, forecasters = np.array(self.claims), np.array(self.forecasters)
        return list(
            zip(
                claims[self.claim[kept]].tolist(), forecasters[self.forecaster[kept]].tolist(),
                self.made_at[kept].tolist(), self.probability[kept].tolist(), strict=True,
            )
        )  # fmt: skip


def columns(size: int, *, claims: int | None = None, forecasters: int = 200, seed: int = 0) -> Columns:
    """The forecasts of a platform, in the order of time."""
    random = np.random.default_rng(seed)
    count = claims or max(size // 50, 1)
    claim = random.integers(0, count, size).astype(np.int32)
    opens = _opens(count)
    length = _days(count)
    start = (opens - EPOCH.toordinal() + FIRST.toordinal()) * DAY
    made_at = start[claim] + (random.random(size) * 1.1 * DAY * length[claim]).astype(np.int64) - DAY
    withdrawn = random.random(size) < 0.02
    probability = np.where(withdrawn, np.nan, np.round(random.random(size), 2))
    order = np.argsort(made_at, kind="stable")
    forecaster = random.integers(0, forecasters, size).astype(np.int32)
    return Columns(
        [f"claim-{number:07}" for number in range(count)], [f"by-{number:04}" for number in range(forecasters)],
        claim[order], forecaster[order], made_at[order], probability[order], withdrawn[order],
    )  # fmt: skip


def platform(path: Path, count: int) -> None:
    """A ledger that holds the source, a statement and a claim for each number, and the verdicts; no forecasts."""
    ticks = iter([BEGUN, BEGUN, BEGUN, BEGUN])
    journal = Journal(path, create=True, clock=lambda: next(ticks, IMPORTED))
    store = Store(journal)
    try:
        with journal.writing() as writing:
            for record in _records(count):
                store.put(writing, record)
    finally:
        journal.close()


def _records(count: int) -> Iterator[Record]:
    yield Source(slug="platform", title="An invented platform", kind="platform")
    opens, days = _opens(count).tolist(), _days(count).tolist()
    random = np.random.default_rng(1)
    fate, early = random.random(count), random.random(count)
    for number in range(count):
        slug = f"claim-{number:07}"
        opens_on = FIRST + timedelta(opens[number])
        deadline = opens_on + timedelta(days[number] - 1)
        yield Statement(slug=slug, source="platform", text=f"Event {number} happens.")
        yield Claim(
            slug=slug, statement=slug, reading="headline", title=f"Event {number}", wording=f"Event {number} happens.",
            criteria="Somebody says so.", opens_on=opens_on, deadline=deadline, scored=True,
        )  # fmt: skip
        if fate[number] < 0.45:
            yes_on = opens_on + timedelta(int(early[number] * days[number]))
            yield Resolution(claim=slug, number=1, outcome="yes", happened_on=yes_on, known_on=yes_on)
        elif fate[number] < 0.85:
            yield Resolution(claim=slug, number=1, outcome="no", known_on=deadline + timedelta(1))
        elif fate[number] < 0.90:
            yield Resolution(claim=slug, number=1, outcome="annulled", known_on=deadline, reason="it lost its basis")


def _opens(count: int) -> np.ndarray:
    return np.random.default_rng(2).integers(0, 1500, count)


def _days(count: int) -> np.ndarray:
    return np.random.default_rng(3).integers(30, 720, count)
