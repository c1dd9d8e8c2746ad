"""Record the verdicts and evidence of a file; a platform's may replace its own earlier one or dissent from another."""

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
from predictions.exchange.taking.counted_once import CountedOnce
from predictions.exchange.taking.run_counts import RunCounts
from predictions.exchange.taking.same_verdict import outcome_of, those_saying
from predictions.exchange.taking.told_once import told_once
from predictions.fits import DISTRIBUTIONS
from predictions.importing.resolutions import Resolutions, VerdictRow, record_verdicts
from predictions.recording.enter import Desk
from predictions.recording.evidence import log_evidence
from predictions.recording.resolutions import Said
from predictions.recording.stock_reasons import reason_of_file, reason_of_platform
from predictions.records import Claim, Evidence, Resolution, Statement
from predictions.status import settle_on
from predictions.storage.claim_queries import evidence_of_link
from predictions.timestamps import utc_day

NO_DAY = "say the day, or known_on if only that is known"
MOST_TITLE = 200  # characters of a link that are its title if it has none


class Verdicts:
    """Records the verdicts of some files and counts them."""

    def __init__(self, desk: Desk, platform: Platform, tally: RunCounts, once: CountedOnce) -> None:
        self._desk, self._platform, self._tally, self._once = desk, platform, tally, once
        self._titles = desk.store.titles(Evidence)
        self._on_file = frozenset(self._titles)  # evidence recorded before this run
        self._changes: list[Change] = []  # that one file would make, and that were not made

    def record(self, file: FileRead, placed: Sequence[PlacedQuestion], dated_by: str | None) -> list[Change]:
        """Record one file's verdicts, return the changes not made; *dated_by*: the platform that dates them."""
        rows, self._changes = [], []
        for item in self._as_their_claims_read_them(file, placed):
            claim, verdict = item.claim.slug, item.question.verdict
            evidence = item.question.evidence
            because = tuple(self._log(link, claim) for link in evidence) if evidence else ()
            resolution = self._said(item, file.file, dated_by)
            if resolution is not None:
                row = verdict.row if verdict else item.question.row
                text = verdict.cell.told if verdict and verdict.cell else None
                said = resolution._replace(because=because) if because else resolution
                rows.append(VerdictRow(row, claim, said, told=text))
        if rows:
            done = record_verdicts(self._desk, Resolutions(rows, file.refusals, file.file, file.cells_in))
            self._tally.new["verdict"] += done.verdicts
            self._tally.stand["verdict"] += done.already
        return self._changes

    def _as_their_claims_read_them(self, file: FileRead, placed: Sequence[PlacedQuestion]) -> Iterator[PlacedQuestion]:
        """Yield the questions with outcomes of their claims' types; one that does not fit is refused, or left out."""
        for item in placed:
            verdict = item.question.verdict
            if verdict is not None and item.claim.type in DISTRIBUTIONS:
                try:
                    verdict = typed_outcome(item.claim, verdict)
                except InvalidValue as error:
                    if self._platform.kind is not SourceKind.PLATFORM:
                        file.refuse(verdict.row, RowFault("outcome", in_cells(str(error))))
                        continue
                    verdict = None  # the platform's verdict is left out; its question stays
                    self._tally.leave_out([LeftOut("verdict", item.claim.slug, "does-not-fit")])
            if verdict is not None and isinstance(verdict.happened_on, str) and item.claim.type is not ClaimType.DATE:
                file.refuse(verdict.row, RowFault("happened_on", f"{verdict.happened_on} is no day; {NO_DAY}"))
                continue
            is_unchanged = verdict is item.question.verdict
            yield item if is_unchanged else item._replace(question=replace(item.question, verdict=verdict))

    def _said(self, placed: PlacedQuestion, file: str | None, dated_by: str | None) -> Said | None:
        """Return the verdict to record; None if there is none, or it is on file, or is reported as a change."""
        verdict, claim = placed.question.verdict, placed.claim
        earlier, standing = list[Resolution](), None
        if not placed.new:
            earlier = self._desk.store.revisions(Resolution, claim=claim.slug)
            standing = next((resolution for resolution in reversed(earlier) if not resolution.dissent), None)
        if verdict is None:
            if dated_by is not None and placed.question.verdict_told:
                self._tell_of_none(placed, standing, earlier, dated_by)
            return None
        if not self._once.is_first_verdict(claim.slug, verdict):
            return None
        of_platform = self._platform.kind is SourceKind.PLATFORM
        said_before = those_saying(verdict, earlier, of_platform=of_platform)
        if not (of_platform or said_before):
            verdict = self._known_when_over(verdict, claim)
            said_before = those_saying(verdict, earlier, of_platform=of_platform)
        is_on_file = any(resolution is standing or resolution.dissent for resolution in said_before)
        if is_on_file or (placed.onto and _agrees(verdict, standing, dated_by)):
            self._tally.stand["verdict"] += 1
            self._tell_of_dissent(placed, verdict, earlier, dated_by)
            return None
        if self._left_for_another_window(placed, verdict, dated_by):
            return None
        if standing is not None and said_before:  # replaced since: nobody can tell which of the two files is newer
            self._changes.append(changed_verdict(standing, verdict))
            return None
        resolution = self._decided(placed, verdict, file, dated_by)
        if standing is None:
            return resolution
        if dated_by is not None and standing.published_in == dated_by:
            self._note_overturned(standing, verdict)
            return resolution._replace(reason=f"{resolution.reason}, where it was {standing.said} before")
        if placed.onto:
            self._tally.dissents += (claim.slug,)
            return resolution._replace(dissent=True)
        self._changes.append(changed_verdict(standing, verdict))
        return None

    def _note_overturned(self, standing: Resolution, verdict: Verdict) -> None:
        """Note for the card that a verdict replaces one of an earlier run."""
        change = changed_verdict(standing, verdict).what.removeprefix("verdict ")
        self._tally.overturned += (f"{standing.claim} {change}",)

    def _tell_of_none(
        self, placed: PlacedQuestion, standing: Resolution | None, earlier: Sequence[Resolution], dated_by: str
    ) -> None:
        """Note as a change that a platform took its verdict or its dissent back."""
        if standing is not None and standing.published_in == dated_by:
            self._changes.append(no_verdict(standing))
        self._tell_of_dissent(placed, None, earlier, dated_by)

    def _tell_of_dissent(
        self, placed: PlacedQuestion, verdict: Verdict | None, earlier: Sequence[Resolution], dated_by: str | None
    ) -> None:
        """Note once that a platform no longer dissents as it did; a recorded dissent cannot be taken back."""
        dissents = [resolution for resolution in earlier if resolution.dissent and resolution.published_in == dated_by]
        if placed.onto and dissents and (verdict is None or outcome_of(dissents[-1]) != verdict.outcome):
            outcome = "none" if verdict is None else spoken_verdict(verdict)
            change = Change(placed.claim.slug, f"dissent {dissents[-1].said}, {dissents[-1].known} -> {outcome}")
            self._changes += told_once(self._desk, placed.onto, "dissent", change, placed.claim)

    def _left_for_another_window(self, placed: PlacedQuestion, verdict: Verdict, dated_by: str | None) -> bool:
        """Leave out and report a verdict that answers for other days than the claim's; return whether it did.

        A verdict on a question with another deadline is reported as a change that was not made. A question that the
        caller put onto a claim on file (``placed.onto``) was asked by somebody else, perhaps also in another window:
        its verdict must fit that claim's opening and settle day, too, and its change is reported in one run only.
        """
        claim, deadline = placed.claim, placed.deadline
        if deadline is not None and not answers_both(verdict, deadline, claim.deadline):
            change = other_deadline(claim, f"verdict {spoken_verdict(verdict)}", deadline, "not recorded")
            self._changes += told_once(self._desk, placed.onto, "verdict", change, claim) if placed.onto else [change]
            return True
        reason = self._untimely(claim, verdict, dated_by) if placed.onto else None
        if reason is None:
            return False
        key = placed.question.id or placed.question.text or claim.slug
        self._tally.leave_out([LeftOut("verdict", key, reason, verdict.row)])
        return True

    def _known_when_over(self, verdict: Verdict, claim: Claim) -> Verdict:
        """Date a plain no on the claim's last day, or at a moment of it, by the next day, when the window is over."""
        known_on = verdict.known_on and utc_day(verdict.known_on)
        if verdict.outcome is not Outcome.NO or verdict.impossible or known_on != claim.deadline:
            return verdict
        self._tally.known_when_over += 1
        return verdict._replace(known_on=claim.deadline + timedelta(days=1))

    def _untimely(self, claim: Claim, verdict: Verdict, dated_by: str | None) -> str | None:
        """Return why a platform's verdict cannot answer the claim its question was put onto; None if it can."""
        known_on = verdict.known_on and utc_day(verdict.known_on)
        if known_on is None or dated_by is None or verdict.outcome in UNDECIDED:
            return None
        if known_on < claim.opens_on:
            return "answer-before-opening"
        is_early = self._desk.today < settle_on(claim) or known_on <= claim.deadline
        source = self._desk.store.revisions(Statement, slug=claim.statement)[-1].source
        return "early-no" if verdict.outcome is Outcome.NO and is_early and source != dated_by else None

    def _decided(self, placed: PlacedQuestion, verdict: Verdict, file: str | None, dated_by: str | None) -> Said:
        """Return the verdict as `resolve` takes it, with a general reason unless what happened is its own reason."""
        of_platform = self._platform.kind is SourceKind.PLATFORM
        general_reason = reason_of_platform(self._platform.title) if of_platform else reason_of_file(file)
        is_undated = verdict.known_on is None and verdict.happened_on is None
        is_documented = verdict.outcome is Outcome.YES and bool(placed.question.evidence or verdict.happened_on)
        is_option_or_value = placed.claim.type in DISTRIBUTIONS and not isinstance(verdict.outcome, Outcome)
        needs_no_reason = not of_platform and (is_documented or is_option_or_value)
        outcome = str(verdict.outcome) if isinstance(verdict.outcome, str) else verdict.outcome
        return Said(
            outcome, happened_on=verdict.happened_on, known_on=verdict.known_on, impossible=verdict.impossible,
            reason=verdict.reason or (None if is_undated or needs_no_reason else general_reason),
            published_in=dated_by,
        )  # fmt: skip

    def _log(self, link: EvidenceLink, claim: str) -> str:
        """Log a link as evidence on a claim, with the title on file if it is there; return the evidence's slug."""
        slug = evidence_of_link(self._desk.store, link.link)
        entries_before = self._desk.writing.entries
        title = self._titles[slug] if slug else link.title or link.link.partition("://")[2][:MOST_TITLE]
        logged = log_evidence(
            self._desk, [claim], link.link, title, slug=None, on=None, counts=None, event=None, bears=None,
            meets=None, why=None, likelihood_ratio=None, fields={},
        )  # fmt: skip
        record = logged.evidence
        if slug in self._on_file and link.title not in {None, record.title}:
            self._changes.append(changed_record(claim, record, {"title": link.title}))
        self._titles[record.slug] = record.title
        is_new = self._desk.writing.entries > entries_before
        if self._once.is_first_evidence(record.slug):
            (self._tally.new if is_new else self._tally.stand)["piece of evidence"] += 1
        return record.slug


def _agrees(verdict: Verdict, standing: Resolution | None, dated_by: str | None) -> bool:
    """Tell whether the standing verdict is somebody else's with the same outcome; its day may differ."""
    return bool(standing and standing.published_in != dated_by and outcome_of(standing) == verdict.outcome)
