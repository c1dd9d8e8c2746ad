"""Say what a correction of a forecast's number does: whether the new number counts, and what is scored before."""

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
    """The last correction of a forecast's number.

    Attributes:
        scored: The forecast with the last number, but for the corrected one, that came before the answer.
        counts: Whether the corrected number came before the answer, too.
        on: The day of the correction.
        scored_text: The number of *scored*, in short.
    """

    scored: Forecast
    counts: bool
    on: date
    scored_text: str

    @property
    def told(self) -> str:
        """Return the remark on the correction beside the number on a card."""
        if self.counts:
            return f"corrected {self.on}, counts from then; {self.scored_text} before"
        return f"corrected {self.on}, too late to count: {self.scored_text} is scored"

    @property
    def told_at_once(self) -> str:
        """Return the line on the correction for its receipt."""
        if self.counts:
            return (
                f"it counts from now on; until now {self.scored_text} does, as nobody can improve an earlier forecast"
            )
        return f"it comes after the answer, or the end of the window, and does not count: {self.scored_text} is scored"


def correction_of(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> Correction | None:
    """Return the last correction of a forecast's number; None without one, or if no revision has a verifiable time."""
    parts = corrected_later(snapshot, forecast)
    if len(parts) < 2:
        return None
    verdict = snapshot.verdict(claim)
    ends = [claim.closes_at or start_of(claim.deadline + timedelta(days=1))]
    limit = min([*ends, public_from(verdict)] if verdict else ends)
    counts = parts[-1].recorded_at < limit
    in_time = [part.record for part in parts[1:-1] if part.recorded_at < limit]
    scored = [parts[0].record, *in_time][-1]
    scored_text = (
        said_shortly(scored, claim) if is_distribution(scored) else two_places(scored.point) or "the withdrawal"
    )
    return Correction(scored, counts, parts[-1].recorded_at.date(), scored_text)


def fate_of(snapshot: Snapshot, forecast: Forecast, names: Sequence[str]) -> list[str]:
    """Return the line for the receipt of a corrected forecast on whether it counts; none if it counts unchanged.

    Args:
        snapshot: What is on file of the claim.
        forecast: The forecast as it is now.
        names: The names of the corrected fields.
    """
    if NUMBERS.isdisjoint(names):
        return []
    correction = correction_of(snapshot, snapshot.find(Claim, forecast.claim), forecast)
    if correction:
        return [correction.told_at_once]
    if timing(snapshot, forecast) is Timing.BACKDATED:
        return ["backdated: nothing carries it, so it stands apart on every card"]
    return []
