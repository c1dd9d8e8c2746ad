"""New forecasts that no mean will count: they came too late, or were read from words too late. The card says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.known_times import BACKDATED, known_how
from predictions.exchange.taking.placed_forecasts import Forecasting, PlacedForecasts
from predictions.recording.enter import Desk
from predictions.records import Claim, Resolution
from predictions.status import comes_late, public_from, witnessed
from predictions.storage.claim_queries import earliest_known
from predictions.timestamps import day_number

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
    # Of most claims no forecast comes near the end, so only the days of their verdicts are read, all at once.
    limits, columns = _earliest_ends(desk, [on.get(slug) for slug in new.claims]) - _DAY, new.columns
    standing = cache(lambda slug: _standing(desk, on[slug]))
    perhaps = columns.forecasts.made_at >= limits[columns.forecasts.claim]
    perhaps[[place for place, forecast in new.beside() if "words" in forecast.fields or "low" in forecast.fields]] = (
        True
    )
    perhaps &= ~columns.withdrawn()
    why = Counter[str]()
    for forecast in map(new.one, np.flatnonzero(perhaps).tolist()):
        if forecast.claim not in on:
            continue
        claim, verdict = on[forecast.claim].claim, standing(forecast.claim)
        if claim.opens_on == claim.deadline and claim.closes_at is None:
            continue  # the card counts such claims as not scored
        if read := _read_late(desk, forecast, claim, verdict):
            why[read] += 1
        elif comes_late(claim, verdict, forecast.made_at):
            why[MADE_LATE] += of_platform or known_how(forecast, desk.now) != BACKDATED
    return +why


def _earliest_ends(desk: Desk, placed: Sequence[PlacedQuestion | None]) -> NDArray[np.int64]:
    """Return for each claim the start of a day until which forecasts surely count; the last day if it is not placed."""
    asked = [one.claim.slug for one in placed if one is not None and not _is_told(one)]
    known_on = earliest_known(desk.store, asked)
    days = []
    for one in placed:
        if one is None:
            days.append(day_number(date.max))
            continue
        claim = one.claim
        end = day_number(claim.deadline) + 1 if claim.closes_at is None else day_number(claim.closes_at)
        # The day of the answer may count whole, or until some moment of it.
        told = one.question.verdict.known_on if one.question.verdict and _is_told(one) else None
        days.append(min(end, day_number(told or known_on.get(claim.slug, date.max))))
    return np.array(days, np.int64) * _DAY


def _is_told(on: PlacedQuestion) -> bool:
    """Tell whether the file alone says when an answer became known: a new claim has no other verdict."""
    return on.new and (on.question.verdict is None or on.question.verdict.known_on is not None)


def _has_no_verdict(on: PlacedQuestion) -> bool:
    """Tell whether a claim surely has no verdict: one that is new has none but that of its question."""
    return on.new and on.question.verdict is None


def _standing(desk: Desk, on: PlacedQuestion) -> Resolution | None:
    """Return the verdict that stands on a claim."""
    if _has_no_verdict(on):
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
