"""The card of one claim: what comes first on one screen, or everything, or its statement's readings side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from predictions.records import Claim, Forecast, Source, Statement
from predictions.render.blocks import Block
from predictions.render.result import Result, Value
from predictions.scoring.eligible_forecasts import as_witnessed, corrected_later
from predictions.snapshot import Snapshot, asked_at
from predictions.status import Timing, settle_on, status, timing, witnessed
from predictions.tally.doubts import doubts
from predictions.tally.tally import tally, written_after
from predictions.views.claim.evidence import Piece
from predictions.views.claim.full import full_blocks
from predictions.views.claim.on_file import ClaimFile
from predictions.views.claim.short import short_blocks
from predictions.views.forecast_text import criteria_recorded


@dataclass(frozen=True, repr=False)
class ClaimCard(ClaimFile, Result, rows="pieces", of=Piece):
    """What is on file about one claim; ``tally``, ``readings`` and ``evidence`` are parts of it that show themselves.

    Attributes:
        full: Whether all of it is shown, or only what comes first.
        side_by_side: Whether the readings of its statement are shown in place of the rest.
    """

    full: bool = False
    side_by_side: bool = False

    def blocks(self) -> Sequence[Block]:
        """Lay out the readings, or all of the card, or what a reader needs first."""
        if self.side_by_side:
            return self.readings.blocks()
        return full_blocks(self) if self.full else short_blocks(self)

    def plot(self) -> object:
        """Draw forecasts and evidence over time: a matplotlib Figure."""
        from predictions.views.matplotlib_canvas import finished
        from predictions.views.matplotlib_claims import claim_figure

        return finished(claim_figure(self.line), self.lacks)

    def to_dict(self) -> dict[str, Value]:
        """Return the fields of the claim, and everything on file about it, as plain values."""
        return {
            **{name: value for name, value in self.claim.model_dump(mode="json").items() if value is not None},
            "statement_text": self.statement.text,
            "source": self.source.slug,
            "status": self.status.value,
            "settle_on": settle_on(self.claim).isoformat(),
            "tally": self.tally.to_dict(),
            "evidence": self.rows(),
            "forecasts": [
                {**forecast.model_dump(mode="json", exclude_none=True), "time": kind.value}
                for forecast, kind in self.forecasts
            ],
            "resolutions": [item.record.model_dump(mode="json", exclude_none=True) for item in self.resolutions],
            "written_after": list(self.written_after),
            "superseded_by": self.superseded_by,
            "clusters": list(self.clusters),
            "asked_at": self.asked_at.isoformat(),
            "doubts": [str(doubt) for doubt in self.doubts],
            "hardly_in_doubt": self.hardly_in_doubt or None,
            "not_shown": self.unread,
        }


def claim_card(snapshot: Snapshot, claim: Claim, *, full: bool = False, side_by_side: bool = False) -> ClaimCard:
    """Gather everything on file about *claim*, as of the snapshot.

    Args:
        snapshot: What was recorded.
        claim: The claim.
        full: Show all of it, not only what comes first.
        side_by_side: Show the readings of its statement in place of the rest.
    """
    statement = snapshot.find(Statement, claim.statement)
    replaced = snapshot.superseded_by(claim)
    timed = [(item.record, timing(snapshot, item.record)) for item in snapshot.forecasts_on(claim)]
    revisions = snapshot.revisions(Claim, claim.slug)
    clusters = [item.record.cluster for item in reversed(revisions) if item.record.cluster]
    last_asked = asked_at(snapshot, claim)
    source, made_of = snapshot.find(Source, statement.source), tally(snapshot, claim)
    return ClaimCard(
        claim=claim,
        statement=statement,
        source=source,
        status=status(snapshot, claim),
        tally=made_of.saying(snapshot.lacks),
        on_file=tuple(snapshot.evidence_on(claim)),
        forecasts=tuple(pair for record, kind in timed for pair in _revisions(snapshot, record, kind)),
        resolutions=tuple(snapshot.resolutions_of(claim)),
        written_after=tuple(written_after(snapshot, claim, made_of)),
        criteria=criteria_recorded(snapshot, claim, source, made_of),
        superseded_by=replaced.slug if replaced else None,
        today=snapshot.today,
        doubts=doubts(snapshot, claim),
        counted=tuple(pair for record, kind in timed for pair in _witnessed_parts(snapshot, record, kind)),
        unread=snapshot.unread,
        clusters=tuple(dict.fromkeys(clusters)),
        asked_at=last_asked,
        changed=last_asked > revisions[0].recorded_at,
        snapshot=snapshot,
        full=full,
        side_by_side=side_by_side,
    )


def _revisions(snapshot: Snapshot, forecast: Forecast, kind: Timing) -> list[tuple[Forecast, Timing]]:
    """Return a forecast with how its time is known; if its number was corrected later, a pair for each revision.

    A corrected forecast counts as backdated, since the new number did not exist at its time. Its first revision was
    recorded when it was made, or is in a dated source, so that one keeps its time on the card.
    """
    revisions = corrected_later(snapshot, forecast) if kind is Timing.BACKDATED else []
    if not revisions:
        return [(forecast, kind)]
    first, *corrections = revisions
    dated = Timing.WITNESSED if witnessed(first.recorded_at, forecast.made_at) else Timing.PUBLISHED
    return [(first.record, dated), *((item.record, kind) for item in corrections)]


def _witnessed_parts(snapshot: Snapshot, forecast: Forecast, kind: Timing) -> list[tuple[Forecast, Timing]]:
    """Return a forecast as it is scored: a corrected one as parts, each witnessed from when it was recorded."""
    parts = as_witnessed(snapshot, forecast) if kind is Timing.BACKDATED else []
    return [(part, Timing.WITNESSED) for part in parts] or [(forecast, kind)]
