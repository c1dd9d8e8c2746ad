"""Everything on file about one claim: what its short card, its full card and a page are made from."""

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
        on_file: The evidence that bears on it, in the order of when things happened, not of when they were recorded.
        forecasts: Every forecast, with how its time is known.
        resolutions: Every verdict and dissent, oldest first; the last verdict is the one that holds.
        written_after: The slugs of what counted for it before its criteria were recorded.
        criteria: In words, how long after the statement the criteria were recorded, and what was known then.
        superseded_by: The claim that supersedes it; None if none does.
        doubts: The reasons to doubt its verdict, each with its sentence.
        counted: The forecasts as they are scored: a corrected one counts from when it was corrected.
        unread: The number of imported forecasts, if they are too many to be shown; else 0.
        clusters: All clusters that it was ever in, the present one first.
        asked_at: When what it asks was recorded or, if it was changed, last changed.
        changed: Whether what it asks was ever changed.
        snapshot: The records.
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
        """The dissents that say something else than the verdict: the last one by each person."""
        return standing_dissents(self.claim, self.verdict, (item.record for item in self.resolutions))

    def beside_verdict(self, verdict: Resolution) -> str:
        """Return what to call a resolution that is shown beside the verdict; "" if it is a verdict itself.

        It is a dissent, unless the verdict was replaced since by one that agrees with it.
        """
        if not verdict.dissent:
            return ""
        agrees = self.verdict is not None and same_answer(self.claim, verdict, self.verdict)
        return "says the same" if agrees else "dissent"

    @property
    def pieces(self) -> list[Piece]:
        """The evidence as rows, what counts first."""
        return [piece_of(self.claim, item) for _, evidence in weighed(self.on_file, self.tally) for item in evidence]

    @property
    def line(self) -> Timeline:
        """The forecasts, the evidence and the verdict over time, for a chart."""
        return claim_line(
            self.claim, self.on_file, self.counted, self.verdict, self.today, self.snapshot.forecaster_names
        )

    @property
    def hardly_in_doubt(self) -> str:
        """How much of what it asks was hardly in doubt, in words.

        Empty if nothing was, for yes/no claims, without an outcome to score, and if there are too many forecasts.
        """
        unscored = self.status in {Status.ANNULLED, Status.AMBIGUOUS}
        if self.unread or unscored or self.claim.type not in DISTRIBUTIONS or not (stood := self._stood):
            return ""
        from predictions.views.claim.undoubted import hardly_in_doubt  # it loads numpy

        return hardly_in_doubt(self.claim, stood)

    @property
    def _stood(self) -> list[tuple[datetime, Forecast]]:
        """The forecasts that stood within the time that counts, each with the moment from which it stood.

        Those by crowds and reference rules are left out: nobody made them.
        """
        claim, until = self.claim, counts_until(self.claim, self.verdict)
        is_by_day = by_day(claim, self.verdict)
        stood = dict[tuple[str, datetime], Forecast]()
        for forecast, kind in sorted(self.counted, key=lambda pair: pair[0].made_at):
            begins = max(stands_at(forecast.made_at, by_day=is_by_day), start_of(claim.opens_on))
            if kind is not Timing.BACKDATED and fits(claim, forecast) and begins < until:
                stood[forecast.forecaster, begins] = forecast  # of several that begin at one moment, the last
        derived = {slug for slug, _ in stood if self.snapshot.find(Forecaster, slug).kind in DERIVED}
        return [
            (begins, forecast)
            for (slug, begins), forecast in stood.items()
            if slug not in derived and not forecast.withdrawn
        ]

    @cached_property
    def readings(self) -> Readings:
        """All readings of its statement, which show themselves side by side."""
        return readings(self.snapshot, self.statement).saying(self.snapshot.lacks)

    @property
    def evidence(self) -> EvidenceList:
        """Every piece of evidence, what counts first."""
        evidence = EvidenceList(self.claim.slug, tuple(self.pieces), self.snapshot.today)
        return evidence.saying(self.snapshot.lacks)

    @property
    def stands(self) -> str:
        """Its status, with the outcome if it was decided: ``resolved: yes``."""
        if self.verdict is None or self.verdict.outcome in UNDECIDED:
            return str(self.status)
        return f"{self.status}: {outcome_said(self.verdict, self.claim)}"

    @property
    def look(self) -> str:
        """The name by which its mark is styled: yes, no, or for anything else its status."""
        return self.verdict.said if self.verdict and self.verdict.said in {"yes", "no"} else str(self.status)


def publication_day(source: Source) -> str:
    """Return the day on which a source was published, or "no date"; "" for one's own claims and for a platform.

    These have no day of publication.
    """
    return source.published or ("" if source.kind in {SourceKind.SELF, SourceKind.PLATFORM} else "no date")


def who_said_it(statement: Statement, source: Source) -> str:
    """Return who made a statement, or else who published it, or else the title of the source."""
    return statement.speaker or source.publisher or source.title
