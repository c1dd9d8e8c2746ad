"""Why a forecast comes too late to be scored: its window was over, or how its claim came out was public."""

from __future__ import annotations

from predictions.recording.enter import Desk
from predictions.records import Claim, Forecast, Resolution
from predictions.status import by_day, counts_until, public_from, stands_at
from predictions.storage.claim_queries import may_be_late_from
from predictions.timestamps import spoken_moment


def why_late(desk: Desk, forecast: Forecast) -> str:
    """Return why a forecast comes too late to be scored: after the window, or when the answer was public; else ""."""
    made_on = forecast.made_at.date()
    if str(made_on) < may_be_late_from(desk.store, forecast.claim):
        return ""
    claim = desk.store.revisions(Claim, slug=forecast.claim)[-1]
    verdicts = [revision for revision in desk.store.revisions(Resolution, claim=claim.slug) if not revision.dissent]
    verdict = verdicts[-1] if verdicts else None
    # Without a moment for its close or its verdict, a claim has days only: a forecast counts from the next day.
    is_by_day = by_day(claim, verdict)
    if stands_at(forecast.made_at, by_day=is_by_day) < counts_until(claim, verdict):
        return ""
    if made_on > claim.deadline:
        resolved = f", and it is resolved {verdict.said}" if verdict else ""
        return f"the window of {claim.slug} ended {claim.deadline}{resolved}"
    if verdict and forecast.made_at >= public_from(verdict) and (not is_by_day or made_on > verdict.known_on):
        return f"how {claim.slug} came out was public on {verdict.known_on}"
    if not is_by_day:
        return f"{claim.slug} closed at {spoken_moment(claim.closes_at or forecast.made_at)}"
    why = "how it came out was public" if verdict and verdict.known_on == made_on else "its window ended"
    return f"{claim.slug} is told by the day, so a forecast counts from the next one, and on {made_on} {why}"
