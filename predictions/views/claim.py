"""One claim on one card: its words, criteria, evidence, forecasts, verdicts, and what would settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from predictions.doubts import Doubt, doubts
from predictions.enums import Outcome, SourceKind
from predictions.fields import oddities
from predictions.records import Claim, Forecast, Resolution, Source, Statement
from predictions.render.blocks import Block, Folded, Heading, Pairs, Paragraph, Picture, Quote, Reference, Table
from predictions.render.result import Result, Value
from predictions.render.timeline import Timeline
from predictions.render.timeline_chart import timeline_chart
from predictions.scoring.eligible_forecasts import as_witnessed, corrected_later
from predictions.snapshot import EvidenceItem, Recorded, Snapshot, asked_at
from predictions.status import Status, Timing, early_no, no_from, settle_on, status, timing, waits
from predictions.tally import tally, written_after
from predictions.tally_result import Tally
from predictions.timestamps import spoken_moment
from predictions.views.claim_timeline import claim_line, spark_rows
from predictions.views.evidence import Piece, Worth, as_item, piece_of, weighed
from predictions.views.forecast_text import criteria_recorded, not_shown, spoken

FORECASTS = ("day", "forecaster", "forecast", "time", "why")


@dataclass(frozen=True, repr=False)
class Card(Result, rows="pieces", of=Piece):
    """Everything on file about one claim."""

    claim: Claim
    statement: Statement
    source: Source
    status: Status
    tally: Tally
    evidence: tuple[EvidenceItem, ...]
    forecasts: tuple[tuple[Forecast, Timing], ...]
    resolutions: tuple[Recorded[Resolution], ...]
    written_after: tuple[str, ...]
    criteria: str  # how long after the statement they were recorded, and what was known then
    superseded_by: str | None
    today: date
    doubts: Mapping[Doubt, str]
    counted: tuple[tuple[Forecast, Timing], ...]  # as they are scored: a correction from when it was recorded
    unread: int  # imported forecasts that are too many to show
    clusters: tuple[str, ...]  # all that it was ever declared to be in, the present one first
    asked_at: datetime  # when what it asks was recorded, or last changed
    changed: bool  # whether that was ever changed

    @property
    def verdict(self) -> Resolution | None:
        """The verdict that stands: the last one that is not a dissent."""
        standing = [item.record for item in self.resolutions if not item.record.dissent]
        return standing[-1] if standing else None

    @property
    def pieces(self) -> list[Piece]:
        """The evidence by what it is worth, as rows."""
        return [piece_of(self.claim, item) for _, evidence in weighed(self.evidence, self.tally) for item in evidence]

    @property
    def line(self) -> Timeline:
        """What is on file by days, ready for a chart."""
        return claim_line(self.claim, self.evidence, self.counted, self.verdict, self.today)

    def plot(self) -> object:
        """Forecasts and evidence over time: a matplotlib Figure."""
        from predictions.views.matplotlib_figures import claim_figure, marked

        return marked(claim_figure(self.line), self.lacks)

    def blocks(self) -> Sequence[Block]:
        claim = self.claim
        decided = self.verdict is not None and self.verdict.truth is not None
        stands = f"{self.status}: {self.verdict.said}" if self.verdict and decided else self.status
        look = self.verdict.said if self.verdict and self.verdict.said in {"yes", "no"} else str(self.status)
        found: list[Block] = [Heading(f"{claim.slug}: {claim.title}", stands, look), Paragraph("")]
        found.append(Quote(self.statement.text))
        ours = " (our paraphrase, not the source's words)" if self.statement.paraphrased else ""
        when = f", {dated(self.source)}" if dated(self.source) else ""
        found.append(Paragraph(f"{said_by(self.statement, self.source)}{when}{ours}", 4))
        if self.statement.notes:
            found.append(Paragraph(self.statement.notes, 4))
        if self.source.link:
            found.append(Reference(self.source.title, self.source.link))
        found += [Paragraph(""), Paragraph(claim.wording), Paragraph(""), Heading("Criteria")]
        found.append(Paragraph(claim.criteria, 2))
        if claim.conditions:
            found.append(Pairs([(condition.name, condition.text) for condition in claim.conditions], indent=2))
        found += [Paragraph(""), Pairs(self.facts, indent=0)]
        found += self._evidence() + self._forecasts() + self._resolutions()
        return found

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What there is to know of the claim besides its words, with labels."""
        claim = self.claim
        days = f"{claim.opens_on} .. {claim.deadline}, both days counting, UTC"
        facts = [("window", f"{days}; {waits(claim, self.today)}")]
        if claim.closes_at:
            facts.append(("closes at", spoken_moment(claim.closes_at)))
        if claim.horizon:
            facts.append(("as worded", f'"{claim.horizon}"'))
        if claim.horizon_read:
            facts.append(("as read", claim.horizon_read))
        facts.append(
            ("settle day", f"{settle_on(claim)}, as reports come late: {no_from(claim, early_no(self.source))}")
        )
        beside = ", the scored one" if claim.scored else ", shown beside, never scored"
        facts.append(("reading", claim.reading + beside))
        if claim.sourcing:
            facts.append(("sourcing", claim.sourcing.replace("-", " ")))
        if self.criteria:
            facts.append(("criteria", self.criteria))
        if self.changed:
            since = f"the question was last changed {spoken_moment(self.asked_at)}"
            facts.append(("asked", f"{since}; a forecast witnessed before counts from then"))
        for label, value in (
            ("given", claim.given),
            ("supersedes", claim.supersedes),
            ("superseded by", self.superseded_by),
            ("cluster", ", ".join(self.clusters)),
        ):
            if value:
                facts.append((label, value))
        if claim.notes:
            facts.append(("notes", claim.notes))
        if marks := oddities(claim.wording):
            facts.append(("beware", f"the wording has {', '.join(marks)}"))
        facts.append(("tally", self.tally.short))
        facts += [("beware", f"{doubt}: {sentence}") for doubt, sentence in self.doubts.items()]
        if not self.verdict:
            facts.append(("to settle", self.tally.needed))
        return facts

    def _evidence(self) -> list[Block]:
        if not self.evidence:
            return [Paragraph(""), Paragraph("no evidence on file")]
        found: list[Block] = []
        for weight, evidence in weighed(self.evidence, self.tally):
            items = [as_item(piece_of(self.claim, item)) for item in evidence]
            found.append(Paragraph(""))
            found += [Heading(weight), *items] if weight is Worth.COUNTS else [Folded(weight, items)]
        return found

    def _forecasts(self) -> list[Block]:
        left_out: list[Block] = [Paragraph(""), Paragraph(not_shown(self.unread))] if self.unread else []
        if not self.forecasts:
            return left_out or [Paragraph(""), Paragraph("no forecasts on file")]
        found: list[Block] = [Paragraph(""), Heading("Forecasts"), *self._drawn()]
        apart = Paragraph("with times that only their recorder claims, kept apart:")
        for backdated, lead in ((False, []), (True, [apart])):
            rows = [forecast_row(*one) for one in self.forecasts if (one[1] is Timing.BACKDATED) is backdated]
            if rows:
                found += [*lead, Table(FORECASTS, rows)]
        return found + left_out

    def _drawn(self) -> list[Block]:
        """The forecasts over the window, as a chart and in characters."""
        line = self.line
        sparks = spark_rows(line)
        if not sparks:
            return []
        wide = max(len(who) for who, _ in sparks)
        lines = [f"{who:<{wide}}  {spark}" for who, spark in sparks]
        window = f"{self.claim.opens_on}{'to':^22}{self.claim.deadline}"
        return [Picture([*lines, " " * (wide + 8) + window, ""], timeline_chart(line))]

    def _resolutions(self) -> list[Block]:
        if not self.resolutions:
            return []
        found: list[Block] = [Paragraph(""), Heading("Verdicts, the last one standing")]
        retracted = {item.evidence.slug for item in self.evidence if item.evidence.retracted}
        for item in self.resolutions:
            verdict = item.record
            dissent = "dissent: " if verdict.dissent else ""
            since = known(verdict, self.claim.deadline)
            found.append(Paragraph(f"{verdict.number}  {dissent}{verdict.said}, {since}", 2))
            if verdict.reason:
                found.append(Paragraph(verdict.reason, 6))
            if verdict.because:
                gone = [f"{slug} (retracted)" if slug in retracted else slug for slug in verdict.because]
                found.append(Paragraph(f"on {', '.join(gone)}", 6))
        return found

    def to_dict(self) -> dict[str, Value]:
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
            "not_shown": self.unread,
        }


def card(snapshot: Snapshot, claim: Claim) -> Card:
    """Everything on file about *claim*, as of the snapshot."""
    statement = snapshot.find(Statement, claim.statement)
    replaced = snapshot.superseded_by(claim)
    said = [(item.record, timing(snapshot, item.record)) for item in snapshot.forecasts_on(claim)]
    revisions = snapshot.revisions(Claim, claim.slug)
    clusters = [item.record.cluster for item in reversed(revisions) if item.record.cluster]
    last_asked = asked_at(snapshot, claim)
    source, made_of = snapshot.find(Source, statement.source), tally(snapshot, claim)
    return Card(
        claim=claim,
        statement=statement,
        source=source,
        status=status(snapshot, claim),
        tally=made_of,
        evidence=tuple(snapshot.evidence_on(claim)),
        forecasts=tuple(told for one, kind in said for told in _revisions(snapshot, one, kind)),
        resolutions=tuple(snapshot.resolutions_of(claim)),
        written_after=tuple(written_after(snapshot, claim, made_of)),
        criteria=criteria_recorded(snapshot, claim, source, made_of),
        superseded_by=replaced.slug if replaced else None,
        today=snapshot.today,
        doubts=doubts(snapshot, claim),
        counted=tuple(told for one, kind in said for told in _counted(snapshot, one, kind)),
        unread=snapshot.unread,
        clusters=tuple(dict.fromkeys(clusters)),
        asked_at=last_asked,
        changed=last_asked > revisions[0].recorded_at,
    )


def dated(source: Source) -> str:
    """When a source was published; empty for one's own claims, said when they were recorded."""
    return source.published or ("" if source.kind is SourceKind.SELF else "no date")


def said_by(statement: Statement, source: Source) -> str:
    """Who said it, or else where it stands."""
    return statement.speaker or source.publisher or source.title


def known(verdict: Resolution, deadline: date) -> str:
    """Since when a verdict is known, when it happened, or by when, and who decided."""
    happened = f", happened {verdict.happened_on}" if verdict.happened_on else ""
    if verdict.outcome is Outcome.YES and not happened:
        happened = f", happened on or before {min(verdict.known_on, deadline)}"
    by = f", by {verdict.decided_by}" if verdict.decided_by else ""
    where = f", published in {verdict.published_in}" if verdict.published_in else ""
    return f"known {verdict.known}{happened}{where}{by}"


def _revisions(snapshot: Snapshot, forecast: Forecast, kind: Timing) -> list[tuple[Forecast, Timing]]:
    """The forecast; where its numbers were corrected later, what was witnessed at first and each correction."""
    said = corrected_later(snapshot, forecast) if kind is Timing.BACKDATED else []
    if not said:
        return [(forecast, kind)]
    return [(said[0].record, Timing.WITNESSED), *((item.record, kind) for item in said[1:])]


def _counted(snapshot: Snapshot, forecast: Forecast, kind: Timing) -> list[tuple[Forecast, Timing]]:
    parts = as_witnessed(snapshot, forecast) if kind is Timing.BACKDATED else []
    return [(one, Timing.WITNESSED) for one in parts] or [(forecast, kind)]


def forecast_row(forecast: Forecast, kind: Timing) -> tuple[str, ...]:
    """A forecast as a table shows it: its day, whose it is, what it says, how its time is known, and why."""
    because = f"because of {', '.join(forecast.because)}" if forecast.because else ""
    corrected = f"corrected: {forecast.reason}" if forecast.revision > 1 else ""
    why = "; ".join(part for part in (forecast.note, because, corrected) if part)
    return str(forecast.made_at.date()), forecast.forecaster, spoken(forecast), kind.value, why
