"""The evidence and verdicts of a file: a platform's replaces its earlier one, and dissents on a claim of another's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from predictions.enums import UNDECIDED, ClaimType, Outcome, SourceKind
from predictions.errors import InvalidValue
from predictions.exchange.questions import EvidenceLink, FileRead, LeftOut, Platform, RowFault, Verdict
from predictions.exchange.table.asked import in_cells, typed_outcome
from predictions.exchange.taking.chains import answers_both
from predictions.exchange.taking.changes import (
    Change,
    changed_record,
    changed_verdict,
    no_verdict,
    other_deadline,
    spoken_verdict,
)
from predictions.exchange.taking.claims import PlacedQuestion
from predictions.exchange.taking.run_counts import RunCounts
from predictions.exchange.taking.same_verdict import outcome_of, those_saying
from predictions.exchange.taking.told_once import told_once
from predictions.fits import DISTRIBUTIONS
from predictions.importing.resolutions import Resolutions, VerdictRow, import_resolutions
from predictions.recording.enter import Desk
from predictions.recording.evidence import log_evidence
from predictions.recording.resolutions import Said
from predictions.recording.stock_reasons import reason_of_file, reason_of_platform
from predictions.records import Claim, Evidence, Resolution, Statement
from predictions.status import settle_on
from predictions.storage.claim_queries import evidence_of_link
from predictions.timestamps import utc_day

NO_DAY = "say the day, or known_on if only that is known"
MOST_TITLE = 200  # characters of a link that stand for its title


class Verdicts:
    """Records the verdicts of some files, and counts."""

    def __init__(self, desk: Desk, platform: Platform, tally: RunCounts) -> None:
        self._desk, self._platform, self._tally = desk, platform, tally
        self._titles = desk.store.titles(Evidence)
        self._on_file = frozenset(self._titles)  # when the run began
        self._changes: list[Change] = []  # of one file

    def record(self, file: FileRead, placed: Sequence[PlacedQuestion], dated_by: str | None) -> list[Change]:
        """Record what one file says, by the platform *dated_by* if it is one, and return what is left as it is."""
        rows, self._changes = [], []
        for one in self._as_their_claims_read_them(file, placed):
            because = tuple(self._log(link, one.claim.slug) for link in one.question.evidence)
            if (said := self._said(one, file.file, dated_by)) is not None:
                row = one.question.verdict.row if one.question.verdict else one.question.row
                cells = list(file.cells.get(row, {}).values())
                cell = one.question.verdict.cell if one.question.verdict else None
                told = None if cell is None else cell.told
                rows.append(VerdictRow(row, one.claim.slug, said._replace(because=because), cells, told=told))
        if rows:
            done = import_resolutions(self._desk, Resolutions(rows, file.refusals, file.file))
            self._tally.new["verdict"] += done.verdicts
            self._tally.stand["verdict"] += done.already
        return self._changes

    def _as_their_claims_read_them(self, file: FileRead, placed: Sequence[PlacedQuestion]) -> Iterator[PlacedQuestion]:
        """Read each verdict as the type of its claim asks; in a table one that does not fit its claim is refused."""
        for one in placed:
            verdict = one.question.verdict
            if verdict is not None and one.claim.type in DISTRIBUTIONS:
                try:
                    verdict = typed_outcome(one.claim, verdict)
                except InvalidValue as error:
                    if self._platform.kind is not SourceKind.PLATFORM:
                        file.refuse(verdict.row, RowFault("outcome", in_cells(str(error))))
                        continue
                    verdict = None
                    self._tally.leave_out([LeftOut("verdict", one.claim.slug, "does-not-fit")])
            if verdict is not None and isinstance(verdict.happened_on, str) and one.claim.type is not ClaimType.DATE:
                file.refuse(verdict.row, RowFault("happened_on", f"{verdict.happened_on} is no day; {NO_DAY}"))
                continue
            same = verdict is one.question.verdict
            yield one if same else one._replace(question=replace(one.question, verdict=verdict))

    def _said(self, placed: PlacedQuestion, file: str | None, dated_by: str | None) -> Said | None:
        """Return the verdict to be recorded, if any; what stands, or is left as it is, is counted."""
        verdict, claim = placed.question.verdict, placed.claim
        earlier = [] if placed.new else self._desk.store.revisions(Resolution, claim=claim.slug)
        standing = next((one for one in reversed(earlier) if not one.dissent), None)
        if verdict is None:
            if dated_by is not None and placed.question.verdict_told:
                self._tell_of_none(placed, standing, earlier, dated_by)
            return None
        of_platform = self._platform.kind is SourceKind.PLATFORM
        said_before = those_saying(verdict, earlier, of_platform=of_platform)
        if not (of_platform or said_before):
            verdict = self._known_when_over(verdict, claim)
            said_before = those_saying(verdict, earlier, of_platform=of_platform)
        stands = any(one is standing or one.dissent for one in said_before)
        if stands or (placed.onto and _agrees(verdict, standing, dated_by)):
            self._tally.stand["verdict"] += 1
            self._tell_of_dissent(placed, verdict, earlier, dated_by)
            return None
        if self._is_of_another_window(placed, verdict, dated_by):
            return None
        if standing is not None and said_before:  # an older file says so, or a newer one again: nobody can tell which
            self._changes.append(changed_verdict(standing, verdict))
            return None
        said = self._decided(placed, verdict, file)._replace(published_in=dated_by)
        if standing is None:
            return said
        if placed.question.claim is not None and verdict.reason is not None:
            self._note_overturned(standing, verdict)
            return said  # by its slug, and with a reason, it replaces another as `resolve` would
        if dated_by is not None and standing.published_in == dated_by:
            self._note_overturned(standing, verdict)
            return said._replace(reason=f"{said.reason}, where it was {standing.said} before")
        if placed.onto:
            self._tally.dissents += (claim.slug,)
            return said._replace(dissent=True)
        self._changes.append(changed_verdict(standing, verdict))
        return None

    def _note_overturned(self, standing: Resolution, verdict: Verdict) -> None:
        """Note for the card that a verdict takes the place of one of an earlier run."""
        told = changed_verdict(standing, verdict).what.removeprefix("verdict ")
        self._tally.overturned += (f"{standing.claim} {told}",)

    def _tell_of_none(
        self, placed: PlacedQuestion, standing: Resolution | None, earlier: Sequence[Resolution], dated_by: str
    ) -> None:
        """Tell that a platform has taken its verdict back, or its dissent."""
        if standing is not None and standing.published_in == dated_by:
            self._changes.append(no_verdict(standing))
        self._tell_of_dissent(placed, None, earlier, dated_by)

    def _tell_of_dissent(
        self, placed: PlacedQuestion, verdict: Verdict | None, earlier: Sequence[Resolution], dated_by: str | None
    ) -> None:
        """Tell once that a platform no longer says what it dissented with; no line takes a dissent away."""
        own = [one for one in earlier if one.dissent and one.published_in == dated_by]
        if placed.onto and own and (verdict is None or outcome_of(own[-1]) != verdict.outcome):
            now = "none" if verdict is None else spoken_verdict(verdict)
            change = Change(placed.claim.slug, f"dissent {own[-1].said}, {own[-1].known} -> {now}")
            self._changes += told_once(self._desk, placed.onto, "dissent", change, placed.claim)

    def _is_of_another_window(self, placed: PlacedQuestion, verdict: Verdict, dated_by: str | None) -> bool:
        """Tell whether a verdict says nothing certain of the claim, its question having other days; then it is told."""
        claim, deadline = placed.claim, placed.deadline
        if deadline is not None and not answers_both(verdict, deadline, claim.deadline):
            change = other_deadline(claim, f"verdict {spoken_verdict(verdict)}", deadline, "not recorded")
            self._changes += told_once(self._desk, placed.onto, "verdict", change, claim) if placed.onto else [change]
            return True
        why = self._untimely(claim, verdict, dated_by) if placed.onto else None
        if why:
            key = placed.question.id or placed.question.text or claim.slug
            self._tally.leave_out([LeftOut("verdict", key, why, verdict.row)])
        return bool(why)

    def _known_when_over(self, verdict: Verdict, claim: Claim) -> Verdict:
        """Take a plain no that a table dates by its claim's last day as known when that day was over."""
        if verdict.outcome is not Outcome.NO or verdict.impossible or verdict.known_on != claim.deadline:
            return verdict
        self._tally.known_when_over += 1
        return verdict._replace(known_on=claim.deadline + timedelta(days=1))

    def _untimely(self, claim: Claim, verdict: Verdict, dated_by: str | None) -> str | None:
        """Say why a verdict cannot be said of a claim that asks something like it; None where it can."""
        known = verdict.known_on and utc_day(verdict.known_on)
        if known is None or dated_by is None or verdict.outcome in UNDECIDED:
            return None
        if known < claim.opens_on:
            return "answer-before-opening"
        early = self._desk.today < settle_on(claim) or known <= claim.deadline
        source = self._desk.store.revisions(Statement, slug=claim.statement)[-1].source
        return "early-no" if verdict.outcome is Outcome.NO and early and source != dated_by else None

    def _decided(self, placed: PlacedQuestion, verdict: Verdict, file: str | None) -> Said:
        """Return the verdict as `resolve` takes it; one of a table that says what happened needs no reason."""
        of_platform = self._platform.kind is SourceKind.PLATFORM
        otherwise = reason_of_platform(self._platform.title) if of_platform else reason_of_file(file)
        lapsed = verdict.known_on is None and verdict.happened_on is None
        rests = verdict.outcome is Outcome.YES and bool(placed.question.evidence or verdict.happened_on)
        told = placed.claim.type in DISTRIBUTIONS and not isinstance(verdict.outcome, Outcome)  # an option or a value
        grounded = not of_platform and (rests or told)
        outcome = str(verdict.outcome) if isinstance(verdict.outcome, str) else verdict.outcome
        return Said(
            outcome, happened_on=verdict.happened_on, known_on=verdict.known_on,
            reason=verdict.reason or (None if lapsed or grounded else otherwise), impossible=verdict.impossible,
        )  # fmt: skip

    def _log(self, link: EvidenceLink, claim: str) -> str:
        """Log evidence on a claim, under its title on file where it is there; its slug comes back."""
        known = evidence_of_link(self._desk.store, link.link)
        before = self._desk.writing.entries
        title = self._titles[known] if known else link.title or link.link.partition("://")[2][:MOST_TITLE]
        logged = log_evidence(
            self._desk, [claim], link.link, title, slug=None, on=None, counts=None, event=None, bears=None,
            meets=None, why=None, likelihood_ratio=None, fields={},
        )  # fmt: skip
        record = logged.evidence
        if known in self._on_file and link.title not in {None, record.title}:
            self._changes.append(changed_record(claim, record, {"title": link.title}))
        self._titles[record.slug] = record.title
        new = self._desk.writing.entries > before
        (self._tally.new if new else self._tally.stand)["piece of evidence"] += 1
        return record.slug


def _agrees(verdict: Verdict, standing: Resolution | None, dated_by: str | None) -> bool:
    """Tell whether the verdict that stands, which is not this platform's, is the same except for its day."""
    return bool(standing and standing.published_in != dated_by and outcome_of(standing) == verdict.outcome)
