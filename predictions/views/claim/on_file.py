"""Everything on file about one claim, ready to be shown briefly, whole, or on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from predictions.dissents import same_answer, standing_dissents
from predictions.enums import DERIVED, UNDECIDED, SourceKind
from predictions.fits import DISTRIBUTIONS, fits
from predictions.recorded import EvidenceItem, Recorded
from predictions.records import Claim, Forecast, Forecaster, Resolution, Source, Statement
from predictions.render.charts.timeline import Timeline
from predictions.snapshot import Snapshot
from predictions.status import Status, Timing, by_day, counts_until, stands_at
from predictions.tally.doubts import Doubt
from predictions.tally.result import Tally
from predictions.timestamps import start_of
from predictions.views.claim.evidence import EvidenceList, Piece, piece_of, weighed
from predictions.views.claim.readings import Readings, readings
from predictions.views.claim.timeline import claim_line
from predictions.views.outcome_text import outcome_said


@dataclass(frozen=True, repr=False)  # its card shows itself
class ClaimFile:
    """Everything on file about one claim.

    Attributes:
        on_file: The evidence that bears on it, in the order of the world's dates.
        forecasts: Every forecast, with how its time is known.
        resolutions: Every verdict, the last one standing.
        written_after: What counted for it before its criteria were recorded.
        criteria: How long after the statement they were recorded, and what was known then.
        superseded_by: The later claim that replaces it.
        doubts: What speaks against its verdict.
        counted: The forecasts as they are scored: a correction from when it was recorded.
        unread: How many imported forecasts are too many to show.
        clusters: All that it was ever declared to be in, the present one first.
        asked_at: When what it asks was recorded, or last changed.
        changed: Whether that was ever changed.
        snapshot: What was recorded.
    """

    claim: Claim
    statement: Statement
    source: Source
    status: Status
    tally: Tally
    on_file: tuple[EvidenceItem, ...]
    forecasts: tuple[tuple[Forecast, Timing], ...]
    resolutions: tuple[Recorded[Resolution], ...]
    written_after: tuple[str, ...]
    criteria: str
    superseded_by: str | None
    today: date
    doubts: Mapping[Doubt, str]
    counted: tuple[tuple[Forecast, Timing], ...]
    unread: int
    clusters: tuple[str, ...]
    asked_at: datetime
    changed: bool

    snapshot: Snapshot = field(repr=False)

    @property
    def verdict(self) -> Resolution | None:
        """The verdict that stands: the last one that is not a dissent."""
        standing = [item.record for item in self.resolutions if not item.record.dissent]
        return standing[-1] if standing else None

    @property
    def dissents(self) -> list[Resolution]:
        """What others say instead of the verdict: of each who dissents the last, where that says something else."""
        return standing_dissents(self.claim, self.verdict, (item.record for item in self.resolutions))

    def beside_verdict(self, verdict: Resolution) -> str:
        """Name what one says beside the verdict: a dissent, or the same by now; empty for a verdict."""
        if not verdict.dissent:
            return ""
        agrees = self.verdict is not None and same_answer(self.claim, verdict, self.verdict)
        return "says the same" if agrees else "dissent"

    @property
    def pieces(self) -> list[Piece]:
        """The evidence by what it is worth, as rows."""
        return [piece_of(self.claim, item) for _, evidence in weighed(self.on_file, self.tally) for item in evidence]

    @property
    def line(self) -> Timeline:
        """What is on file by days, ready for a chart."""
        return claim_line(
            self.claim, self.on_file, self.counted, self.verdict, self.today, self.snapshot.forecaster_names
        )

    @property
    def hardly_in_doubt(self) -> str:
        """How much of what it asks was hardly in doubt; empty for nothing, for yes or no, and if it is not scored."""
        unscored = self.status in {Status.ANNULLED, Status.AMBIGUOUS}
        if self.unread or unscored or self.claim.type not in DISTRIBUTIONS or not (stood := self._stood):
            return ""
        from predictions.views.claim.undoubted import hardly_in_doubt  # it loads numpy

        return hardly_in_doubt(self.claim, stood)

    @property
    def _stood(self) -> list[tuple[datetime, Forecast]]:
        """The forecasts that stood for a time that counts, from when; but for those of crowds and reference rules."""
        claim, until = self.claim, counts_until(self.claim, self.verdict)
        told_by_day, stood = by_day(claim, self.verdict), dict[tuple[str, datetime], Forecast]()
        for forecast, kind in sorted(self.counted, key=lambda told: told[0].made_at):
            begins = max(stands_at(forecast.made_at, by_day=told_by_day), start_of(claim.opens_on))
            if kind is not Timing.BACKDATED and fits(claim, forecast) and begins < until:
                stood[forecast.forecaster, begins] = forecast  # the last of several
        derived = {who for who, _ in stood if self.snapshot.find(Forecaster, who).kind in DERIVED}
        return [(begins, one) for (who, begins), one in stood.items() if who not in derived and not one.withdrawn]

    @cached_property
    def readings(self) -> Readings:
        """The readings of its statement side by side."""
        return readings(self.snapshot, self.statement).saying(self.snapshot.lacks)

    @property
    def evidence(self) -> EvidenceList:
        """Every piece of evidence, by what it is worth."""
        found = EvidenceList(self.claim.slug, tuple(self.pieces), self.snapshot.today)
        return found.saying(self.snapshot.lacks)

    @property
    def stands(self) -> str:
        """Its status, and its verdict where that says how it came out."""
        if self.verdict is None or self.verdict.outcome in UNDECIDED:
            return str(self.status)
        return f"{self.status}: {outcome_said(self.verdict, self.claim)}"

    @property
    def look(self) -> str:
        """The kind of its mark: yes and no look different, all else is as its status."""
        return self.verdict.said if self.verdict and self.verdict.said in {"yes", "no"} else str(self.status)


def publication_day(source: Source) -> str:
    """Say when a source was published; empty for the recorder's own claims, and for a platform."""
    return source.published or ("" if source.kind in {SourceKind.SELF, SourceKind.PLATFORM} else "no date")


def who_said_it(statement: Statement, source: Source) -> str:
    """Say who said it, or else where it stands."""
    return statement.speaker or source.publisher or source.title
