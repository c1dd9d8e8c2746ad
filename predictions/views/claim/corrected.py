"""What a correction of a forecast's number does: what counts from then on, and what is scored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from predictions.numerals import two_places
from predictions.recording.corrected_forecasts import HOW_LIKELY
from predictions.records import Claim, Forecast
from predictions.scoring.eligible_forecasts import corrected_later
from predictions.snapshot import Snapshot
from predictions.status import Timing, public_from, timing
from predictions.timestamps import start_of
from predictions.views.distribution_text import is_distribution, said_shortly

NUMBERS = HOW_LIKELY | {"shares", "points", "days", "withdrawn"}


class Correction(NamedTuple):
    """A number in the place of another.

    Attributes:
        scored: The last one that was there before the answer was.
        counts: Whether the corrected one was, too.
        on: The day of the correction.
        said: What is scored, in short.
    """

    scored: Forecast
    counts: bool
    on: date
    said: str

    @property
    def told(self) -> str:
        """Say it beside the number on a card."""
        return f"corrected {self.on}" + (
            f", counts from then; {self.said} before" if self.counts else f", too late to count: {self.said} is scored"
        )


def correction_of(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> Correction | None:
    """Find what the last correction of a forecast's number did; None where it has none, or its time was never known."""
    parts = corrected_later(snapshot, forecast)
    if len(parts) < 2:
        return None
    verdict = snapshot.verdict(claim)
    ends = [claim.closes_at or start_of(claim.deadline + timedelta(days=1))]
    limit = min([*ends, public_from(verdict)] if verdict else ends)
    counts = parts[-1].recorded_at < limit
    in_time = [part.record for part in parts[1:-1] if part.recorded_at < limit]
    scored = [parts[0].record, *in_time][-1]
    said = said_shortly(scored, claim) if is_distribution(scored) else two_places(scored.point) or "the withdrawal"
    return Correction(scored, counts, parts[-1].recorded_at.date(), said)


def fate_of(snapshot: Snapshot, forecast: Forecast, names: Sequence[str]) -> list[str]:
    """Say what a forecast whose *names* were corrected counts for; nothing where it counts as if said so at once."""
    if not NUMBERS & {*names}:
        return []
    found = correction_of(snapshot, snapshot.find(Claim, forecast.claim), forecast)
    if found and found.counts:
        return [f"it counts from now on; until now {found.said} does, as nobody can improve an earlier forecast"]
    if found:
        return [f"it comes after the answer, or the end of the window, and does not count: {found.said} is scored"]
    if timing(snapshot, forecast) is Timing.BACKDATED:
        return ["backdated: nothing carries it, so it stands apart on every card"]
    return []
