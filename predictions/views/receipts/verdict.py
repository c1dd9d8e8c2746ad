"""Return the lines of the receipt of a verdict: the outcome, its evidence, and from when it counts for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from predictions.enums import UNDECIDED, ClaimType, Outcome
from predictions.numerals import some_of
from predictions.recording.resolutions import LAPSED
from predictions.records import Claim, Evidence, Resolution
from predictions.render.columns import cut_to
from predictions.scoring.claim_series import counted_as_said, fates_on
from predictions.snapshot import Snapshot
from predictions.status import by_day, counts_until, outcome_of, settle_on
from predictions.timestamps import MICROSECOND, spoken_moment
from predictions.views.outcome_text import outcome_in_full, outcome_said
from predictions.views.receipts.counting import left_out, why_unscored
from predictions.views.receipts.receipt import LONGEST_UNTYPED_NAME, ReceiptLines

MOST_CONDITIONAL = 3  # names of claims that are conditional on this one


def resolved(
    snapshot: Snapshot, claim: Claim, verdict: Resolution, *, wrote: int, new: Collection[str] = (),
    conditional: Sequence[str] = (),
) -> ReceiptLines:  # fmt: skip
    """Return the lines on a verdict, from when it counts on scorecards, and for whom it does not count.

    Args:
        snapshot: What is on file about the claim, and about those it supersedes or that supersede it.
        claim: The claim.
        verdict: The verdict.
        wrote: How many records were entered; 0 if the verdict was on file already.
        new: The slugs of the evidence that was logged with it.
        conditional: The slugs of the claims that are conditional on this one.
    """
    if not wrote:
        outcome_on_file = f"{outcome_said(verdict, claim)} stands already (resolution {verdict.number})"
        return (f"{claim.slug}: {outcome_on_file}; nothing new",)
    lead = "dissent, " if verdict.dissent else ""
    lines = [f"{claim.slug}: {lead}{_outcome_with_day(claim, verdict)}"]
    if verdict.number > 1 and not verdict.dissent:
        lines.append(f"resolution {verdict.number}: what was decided before stays on file")
    if verdict.because:
        lines.append("resting on " + ", ".join(_evidence_name(snapshot, slug, new) for slug in verdict.because))
    if verdict.dissent:
        lines.append("it is shown beside the verdict, not in its place")
    elif verdict.outcome in UNDECIDED:
        lines.append(f"known from {verdict.known}; it leaves every mean, and stays on every card")
    else:
        lines += _counting_lines(snapshot, claim, verdict)
    return (*lines, *_conditional_claims(snapshot, claim, conditional))


def _conditional_claims(snapshot: Snapshot, claim: Claim, conditional: Sequence[str]) -> list[str]:
    """Return the line on the claims that this verdict annuls, or annuls no longer; none if it changes nothing there.

    A claim that is conditional on another one is annulled while the verdict on that one is no.
    """
    names = some_of([cut_to(slug, LONGEST_UNTYPED_NAME) for slug in conditional], MOST_CONDITIONAL)
    outcomes = [item.record.outcome for item in snapshot.resolutions_of(claim) if not item.record.dissent]
    before = outcomes[-2] if len(outcomes) > 1 else None
    now = outcome_of(snapshot, claim)
    if not names or now is before:
        return []
    if now is Outcome.NO:
        return [f"annulled by it, being given {claim.slug}: {names}"]
    return [f"not annulled by it any more: {names}"] if before is Outcome.NO else []


def _evidence_name(snapshot: Snapshot, slug: str, new: Collection[str]) -> str:
    """Return the slug of evidence that a verdict rests on, marked if it is new or was taken back."""
    if slug in new:
        return f"{slug} (new on file)"
    is_retracted = any(evidence.slug == slug and evidence.retracted for evidence in snapshot.all(Evidence))
    return f"{slug} (which was taken back)" if is_retracted else slug


def _outcome_with_day(claim: Claim, verdict: Resolution) -> str:
    """Return the outcome for the first line, with the day or the reason that a reader would ask for next."""
    if verdict.outcome is Outcome.YES and verdict.happened_on:
        known = f", known {verdict.known}" if verdict.known_on != verdict.happened_on else ""
        is_date = claim.type is ClaimType.DATE
        return (outcome_in_full(verdict, claim) if is_date else f"yes, on {verdict.happened_on}") + known
    if verdict.outcome is Outcome.NO and _lapsed(verdict):
        return f"no, nothing having come by {claim.deadline} (lapsed)"
    if verdict.outcome is Outcome.NO and verdict.impossible:
        return f"no, it became impossible; known from {verdict.known}"
    why = f": {verdict.reason}" if verdict.outcome in UNDECIDED and verdict.reason else ""
    in_full = outcome_in_full(verdict, claim)
    if why or in_full != outcome_said(verdict, claim):
        return f"{in_full}{why}"
    return f"{in_full}, known from {verdict.known}"


def _lapsed(verdict: Resolution) -> bool:
    """Return whether a verdict is a plain no, given because the window ended without a yes."""
    return str(verdict.reason).startswith(LAPSED)


def _counting_lines(snapshot: Snapshot, claim: Claim, verdict: Resolution) -> list[str]:
    """Return the lines on from when a verdict counts and who is in no mean, or that it counts for nobody."""
    known = f"known from {verdict.known}; " if _lapsed(verdict) else ""
    if not claim.scored:
        return [f"{known}{why_unscored(claim)}"]
    if outcome_of(snapshot, claim) is Outcome.ANNULLED:
        return [f"{known}annulled all the same: {claim.given}, which it is given, did not come true"]
    if snapshot.unread:  # imported forecasts that are too many to be read: the receipt names no forecaster then
        return _counted_from(snapshot, claim, verdict)
    fates = fates_on(snapshot, claim)
    is_counted = any(fate.counted for fate in fates.values())
    names = left_out(snapshot, fates)
    in_no_mean = [f"in no mean: {names}"] if names else []
    speaker = None if is_counted else counted_as_said(snapshot, claim)
    if speaker is not None:
        as_said = f"it counts as said by {cut_to(speaker, LONGEST_UNTYPED_NAME)}, without a number and so in no score"
        return [*_counted_from(snapshot, claim, verdict)[:1], as_said, *in_no_mean]
    if not fates:
        return [f"{known}no forecast is on it, so it counts for nobody"]
    if is_counted or not names:
        return [*_counted_from(snapshot, claim, verdict), *in_no_mean]
    return [f"{known}it counts for nobody: {names}"]


def _counted_from(snapshot: Snapshot, claim: Claim, verdict: Resolution) -> list[str]:
    """Return the line on the day from which a verdict counts, and one on which forecasts count if not all may."""
    due = settle_on(claim)
    if _lapsed(verdict):
        day = ", its settle day" if verdict.known_on == due else ""
        counts = "then" if verdict.known_on >= due else due
        return [f"known from {verdict.known}{day}; it counts on scorecards from {counts}"]
    if snapshot.today >= due:
        lines = [f"it counts on scorecards from {max(due, verdict.known_on)}"]
    elif verdict.outcome is Outcome.YES and verdict.known_on <= claim.deadline:
        lines = [
            f"came true early: it counts on scorecards from {due}, like all of its deadline; "
            'cohort="resolved" shows it now (biased to yes)'
        ]
    else:
        lines = [f'it counts on scorecards from {due}; cohort="resolved" shows it now (biased)']
    if verdict.known_on <= claim.deadline or claim.closes_at is not None:
        lines.append(f"forecasts scored: those before {_scored_before(claim, verdict)}")
    return lines


def _scored_before(claim: Claim, verdict: Resolution) -> str:
    """Return the day or moment before which forecasts count: when the answer came or, if earlier, the claim closed."""
    until = counts_until(claim, verdict)
    if by_day(claim, verdict):
        return f"{(until - MICROSECOND).date()} began"
    closed = ", when it closed" if until == claim.closes_at else ""
    return f"{spoken_moment(until)}{closed}"
