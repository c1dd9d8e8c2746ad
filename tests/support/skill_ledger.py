"""Write an invented contest of :mod:`skill_world` into a ledger, as a platform's dump: claims, forecasts, verdicts.

Each step is a day, told by the moment. A claim that is answered early has its ``known_at`` at the start of that step.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
from skill_world import STEPS

from predictions.records import Claim, Source, Statement

OPENS = datetime(2026, 1, 2, tzinfo=UTC)
ENDS = OPENS + timedelta(days=STEPS)
AFTERWARDS = ENDS + timedelta(days=30)


def name_of(person):
    return f"f{person}"


def claim_of(number):
    return f"c{number}"


def write_claims(ledger, claims, **fields):
    """Put so many claims of 24 days on file, with a source of kind "platform"."""
    with ledger._journal.writing() as writing:
        put = ledger._store.put
        put(writing, Source(slug="site", title="A site", kind="platform"))
        for number in range(claims):
            slug = claim_of(number)
            put(writing, Statement(slug=slug, source="site", text=f"It comes, {number}."))
            put(writing, Claim(
                slug=slug, statement=slug, reading="headline", title=slug, wording="x", criteria="x",
                opens_on=OPENS.date(), deadline=(ENDS - timedelta(1)).date(), closes_at=ENDS, scored=True,
                settle_days=0, **fields,
            ))  # fmt: skip


def columns_of(entries, name=name_of):
    """The rows of an import: a number wherever it changes, and a withdrawal wherever it goes."""
    said = entries.said
    before = np.concatenate((np.full((said.shape[0], 1), np.nan), said[:, :-1]), axis=1)
    changed = (said != before) & ~(np.isnan(said) & np.isnan(before))
    row, step = np.nonzero(changed)
    value = np.clip(said[row, step], 1e-9, 1 - 1e-9)  # a ledger takes no smaller chances than 1e-12
    opening, day = int(OPENS.timestamp()) * 1_000_000, 86_400_000_000
    return {
        "claim": [claim_of(number) for number in entries.claim[row].tolist()],
        "forecaster": [name(number) for number in entries.who[row].tolist()],
        "made_at": (opening + step * day).tolist(),
        "probability": [None if gone else number for gone, number in zip(np.isnan(value), value.tolist(), strict=True)],
        "withdrawn": np.isnan(value).tolist(),
    }


def verdicts_of(world):
    rows = []
    for number, (true, step) in enumerate(zip(world.outcome.tolist(), world.answered.tolist(), strict=True)):
        known = min(OPENS + step * timedelta(1), ENDS)
        happened = min(known, ENDS - timedelta(1)).date()
        rows.append({
            "claim": claim_of(number), "outcome": "yes" if true else "no", "known_on": str(known.date()),
            "known_at": known.isoformat(), "happened_on": str(happened) if true else None, "reason": "seen",
        })  # fmt: skip
    return rows


def write_contest(ledger, clock, world, entries, name=name_of):
    """Write all of a contest, and move the clock to a month after its end."""
    write_claims(ledger, world.known.size)
    clock.set(AFTERWARDS)
    ledger.import_forecasts(columns_of(entries, name), published_in="site")
    ledger.import_resolutions(verdicts_of(world))
