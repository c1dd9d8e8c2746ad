"""The taker: what readers read, recorded in one transaction, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from predictions.enums import ForecasterKind, SourceKind
from predictions.exchange.changes import changed_verdict
from predictions.exchange.claims import PlacedQuestion, Placing
from predictions.exchange.forecasts import Forecasting, record_forecasts
from predictions.exchange.options import Options
from predictions.exchange.people import People
from predictions.exchange.questions import EvidenceLink, FileRead, Platform, SaidForecast, Verdict
from predictions.exchange.taken import BY_PLATFORM, RunCounts
from predictions.importing.resolutions import Resolutions, VerdictRow, import_resolutions
from predictions.recording.enter import Desk
from predictions.recording.evidence import log_evidence
from predictions.recording.resolutions import Said as Decided
from predictions.records import Evidence, Resolution
from predictions.timestamps import read_made_at
from predictions.views.forecast_text import as_said

MOST_TITLE = 200  # characters of a link that stand for its title


def take(desk: Desk, files: Sequence[FileRead], platform: Platform, options: Options) -> RunCounts:
    """Record what the files say and the ledger does not hold yet.

    What the ledger holds otherwise is left as it is, and told as a change. Raises RowsRefused for rows that cannot be
    recorded; then the transaction is to be undone.
    """
    taking = _Taking(desk, files, platform, options)
    for file in files:
        taking.take(file)
    return taking.counted()


class _Taking:
    """Records one file after the other, and counts."""

    def __init__(self, desk: Desk, files: Sequence[FileRead], platform: Platform, options: Options) -> None:
        self._desk, self._platform = desk, platform
        self._people = People(desk, files, platform, options)
        self._placing = Placing(desk, platform, options)
        self._tally = RunCounts(new_people=[record.title for record in self._people.new.values()])
        self._titles = desk.store.titles(Evidence)

    def take(self, file: FileRead) -> None:
        """Record one file."""
        placed = self._placing.place(file)
        if not self._tally.first and placed:
            self._tally.first = self._first_row(placed[0])
        self._count_claims(placed)
        self._record_forecasts(file, placed)
        self._record_verdicts(file, placed)
        self._tally.repeated += file.repeated
        self._tally.left_out += file.left_out

    def counted(self) -> RunCounts:
        """What it all came to."""
        tally = self._tally
        tally.new["forecaster"], tally.new["source"] = len(self._people.new), self._placing.sources
        tally.changes = [*self._placing.changes, *tally.changes]
        tally.alike, tally.uncompared = self._people.alike(), self._people.uncompared
        return tally

    # -- claims and forecasts ----------------------------------------------------------------------------------

    def _count_claims(self, placed: Sequence[PlacedQuestion]) -> None:
        tally = self._tally
        for question, claim, new in placed:
            if not new:
                tally.stand["claim"] += 1
                continue
            tally.new["claim"] += 1
            tally.types[str(claim.type)] += 1
            tally.deadlines = [min([claim.deadline, *tally.deadlines]), max([claim.deadline, *tally.deadlines])]
            tally.not_scored += bool(question.said) and claim.opens_on == claim.deadline

    def _record_forecasts(self, file: FileRead, placed: Sequence[PlacedQuestion]) -> None:
        forecasts = [
            self._forecasting(said, claim.slug) for question, claim, _ in placed for said in question.said
        ]  # fmt: skip
        forecasts.sort(key=lambda forecast: forecast.said.row)
        dated_by = self._placing.dated_by if placed else None
        self._placing.enter_sources()
        new_claims = {claim.slug for _, claim, new in placed if new}
        done = record_forecasts(self._desk, file, forecasts, new_claims, dated_by)
        self._tally.changes += done.changes
        withdrawn = sum("withdrawn" in forecast.fields for forecast in done.new)
        self._tally.new["forecast"] += len(done.new) - withdrawn
        self._tally.new["withdrawal"] += withdrawn
        stood = sum("withdrawn" in forecast.fields for forecast in forecasts) - withdrawn
        self._tally.stand["forecast"] += done.stand - min(stood, done.stand)
        self._tally.stand["withdrawal"] += min(stood, done.stand)
        forecasters: dict[str, ForecasterKind] = {}
        for forecast in done.new:
            self._count_forecast(forecast)
            if forecast.forecaster not in forecasters:
                forecasters[forecast.forecaster] = self._people.kind(forecast.forecaster)
        self._tally.kinds.update(str(kind) for kind in forecasters.values())

    def _forecasting(self, said: SaidForecast, claim: str) -> Forecasting:
        forecaster = self._people.slug(said.by)
        source = self._placing.published_in(said, self._people.titles[forecaster])
        made_at, fields = said.made_at, said.fields
        if source is not None and source.published:
            fields = {**fields, "published_in": source.slug}
            if made_at is None and source.published != str(self._desk.today):
                made_at = read_made_at(source.published)
                said = said._replace(made_at=made_at)
        return Forecasting(said, claim, forecaster, made_at or self._desk.now, fields)

    def _count_forecast(self, forecast: Forecasting) -> None:
        title, tally = self._people.titles[forecast.forecaster], self._tally
        tally.by[title] += 1
        published = forecast.said.published is not None and forecast.said.published.day == forecast.made_at.date()
        if forecast.said.made_at is None:
            how = "witnessed"
        elif self._platform.kind is SourceKind.PLATFORM:
            how = BY_PLATFORM
        elif "published_in" in forecast.fields and (published or forecast.said.published is None):
            how = "published"
        else:
            how = "backdated"
            tally.backdated[title] += 1
        tally.times[how] += 1
        if "words" in forecast.fields:
            tally.words[str(forecast.fields["words"])] += 1
            tally.scales[str(forecast.fields["scale"])] += 1

    def _first_row(self, placed: PlacedQuestion) -> str:
        """The first question as it was read."""
        question, claim, _ = placed
        told = f'row {question.row}: "{" ".join((question.text or claim.wording).split())}", until {claim.deadline}'
        if not question.said:
            return told
        said = question.said[0]
        words, chance = said.fields.get("words"), said.fields.get("probability")
        number = f'"{words}"' if words else as_said(float(str(chance))) if chance is not None else "withdrawn"
        return f"{told}; {self._people.titles[self._people.slug(said.by)]}, {number}"

    # -- evidence and verdicts ---------------------------------------------------------------------------------

    def _record_verdicts(self, file: FileRead, placed: Sequence[PlacedQuestion]) -> None:
        rows: list[VerdictRow] = []
        for question, claim, new in placed:
            because = tuple(self._log(link, claim.slug) for link in question.evidence)
            verdict, named = question.verdict, question.claim is not None
            if verdict is not None and (new or not self._stands(verdict, claim.slug, named=named)):
                said = _decided(verdict, because, file.file)._replace(published_in=self._placing.dated_by)
                cells = list(file.cells.get(verdict.row, {}).values())
                rows.append(VerdictRow(verdict.row, claim.slug, said, cells))
        if rows:
            done = import_resolutions(self._desk, Resolutions(rows, file.refusals, file.file))
            self._tally.new["verdict"] += done.verdicts
            self._tally.stand["verdict"] += done.already

    def _log(self, link: EvidenceLink, claim: str) -> str:
        """Log evidence on a claim, under its title on file where it is there; its slug comes back."""
        known = self._desk.store.slug_of_link(link.link)
        before = self._desk.writing.entries
        title = self._titles[known] if known else link.title or link.link.partition("://")[2][:MOST_TITLE]
        logged = log_evidence(
            self._desk, [claim], link.link, title, slug=None, on=None, counts=None, event=None, bears=None,
            meets=None, why=None, likelihood_ratio=None, fields={},
        )  # fmt: skip
        record = logged.evidence
        self._titles[record.slug] = record.title
        new = self._desk.writing.entries > before
        (self._tally.new if new else self._tally.stand)["piece of evidence"] += 1
        return record.slug

    def _stands(self, verdict: Verdict, claim: str, *, named: bool) -> bool:
        """Whether a verdict is on file that says the same, or is left as it is; then that is told as a change."""
        earlier = [
            resolution for resolution in self._desk.store.revisions(Resolution, claim=claim) if not resolution.dissent
        ]
        if not earlier or (named and verdict.reason is not None):
            return False  # by its slug, and with a reason, it replaces another as `resolve` would
        standing = earlier[-1]
        if any(_same(verdict, resolution) for resolution in earlier):
            self._tally.stand["verdict"] += 1
            return True
        self._tally.changes.append(changed_verdict(standing, verdict))
        return True


def _decided(verdict: Verdict, because: tuple[str, ...], file: str | None) -> Decided:
    """The verdict as `resolve` takes it; the reason of one that is given none is the file that says so."""
    lapsed = verdict.known_on is None and verdict.happened_on is None
    reason = verdict.reason or (None if lapsed else f"as recorded in {file or 'a table'}")
    outcome = str(verdict.outcome) if isinstance(verdict.outcome, str) else verdict.outcome
    return Decided(
        outcome, happened_on=verdict.happened_on, known_on=verdict.known_on, reason=reason, because=because,
        impossible=verdict.impossible,
    )  # fmt: skip


def _same(verdict: Verdict, known: Resolution) -> bool:
    """Whether a verdict on file says what the file says, as far as the file says it."""
    outcome = known.fraction if known.fraction is not None else known.outcome
    days = {known.known_on, known.known_at}
    return (
        verdict.outcome == outcome
        and (verdict.known_on is None or verdict.known_on in days)
        and (verdict.happened_on is None or verdict.happened_on == known.happened_on)
    )
