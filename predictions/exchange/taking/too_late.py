"""New forecasts that no mean will count: they came too late, or were read from words too late. The card says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.known_times import BACKDATED, known_how
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.recording.enter import Desk
from predictions.records import Claim, Resolution
from predictions.status import comes_late, counts_until, public_from, witnessed
from predictions.timestamps import in_microseconds

MADE_LATE, READ_LATE, READ_WHEN_OVER = "made late", "read late", "read when over"
_DAY = 86_400_000_000  # microseconds; by the day, a forecast that comes late was made at most so long before the end


def too_late(desk: Desk, placed: Sequence[PlacedQuestion], new: PlacedForecasts, *, of_platform: bool) -> Counter[str]:
    """Count the new forecasts that scorecards will have in no mean, by why.

    As on scorecards, what was read too late is named so whatever else is the matter. What was made too late is named
    unless it is backdated, which the card tells by itself.

    Args:
        desk: Of the ledger, which has the verdicts of the file.
        placed: The questions, with their claims.
        new: The new forecasts on them.
        of_platform: Whether a platform vouches for their times.
    """
    on = {one.claim.slug: one for one in placed}
    told = {slug: (on[slug].claim, _standing(desk, on[slug])) for slug in new.claims if slug in on}
    never = np.iinfo(np.int64).max
    limits = [in_microseconds(counts_until(*told[slug])) - _DAY if slug in told else never for slug in new.claims]
    columns = new.columns
    perhaps = columns.forecasts.made_at >= np.array(limits, np.int64)[columns.forecasts.claim]
    perhaps[[place for place, forecast in new.beside() if "words" in forecast.fields or "low" in forecast.fields]] = (
        True
    )
    perhaps &= ~columns.withdrawn()
    why = Counter[str]()
    for forecast in map(new.one, np.flatnonzero(perhaps).tolist()):
        if forecast.claim not in told:
            continue
        claim, verdict = told[forecast.claim]
        if claim.opens_on == claim.deadline and claim.closes_at is None:
            continue  # the card counts such claims as not scored
        if read := _read_late(desk, forecast, claim, verdict):
            why[read] += 1
        elif comes_late(claim, verdict, forecast.made_at):
            why[MADE_LATE] += of_platform or known_how(forecast, desk.now) != BACKDATED
    return +why


def _standing(desk: Desk, on: PlacedQuestion) -> Resolution | None:
    """Return the verdict on a claim; one that is new has none but that of its question."""
    if on.new and on.question.verdict is None:
        return None
    verdicts = desk.store.revisions(Resolution, claim=on.claim.slug)
    return next((one for one in reversed(verdicts) if not one.dissent), None)


def _read_late(desk: Desk, forecast: Forecasting, claim: Claim, verdict: Resolution | None) -> str:
    """Say whether words, or a range of an earlier day, are read too late; empty for numbers, and what is in time."""
    is_range = "words" not in forecast.fields
    if forecast.fields.keys().isdisjoint({"words", "low"}) or (is_range and witnessed(desk.now, forecast.made_at)):
        return ""
    if verdict is None:
        return READ_WHEN_OVER if desk.today > claim.deadline else ""
    return READ_LATE if public_from(verdict) <= desk.now else ""
