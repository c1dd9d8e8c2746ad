"""The receipt of a verdict: how the claim came out, what that rests on, and from when it counts."""

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

MOST_CONDITIONAL = 3  # claims conditional on it that are named


def resolved(
    snapshot: Snapshot, claim: Claim, verdict: Resolution, *, wrote: int, new: Collection[str] = (),
    conditional: Sequence[str] = (),
) -> ReceiptLines:  # fmt: skip
    """Tell of a verdict, from when it counts, and for whom it does not.

    Args:
        snapshot: What is on file of the claim, and of those it supersedes or that supersede it.
        claim: The claim.
        verdict: The verdict.
        wrote: How many records were entered.
        new: The evidence that was logged with it.
        conditional: The claims that are conditional on it.
    """
    outcome = verdict.outcome
    if not wrote:
        stands = f"{outcome_said(verdict, claim)} stands already (resolution {verdict.number})"
        return (f"{claim.slug}: {stands}; nothing new",)
    lead = "dissent, " if verdict.dissent else ""
    lines = [f"{claim.slug}: {lead}{_verdict(claim, verdict)}"]
    if verdict.number > 1 and not verdict.dissent:
        lines.append(f"resolution {verdict.number}: what was decided before stays on file")
    if verdict.because:
        lines.append("resting on " + ", ".join(_rests_on(snapshot, slug, new) for slug in verdict.because))
    if verdict.dissent:
        lines.append("it is shown beside the verdict, not in its place")
    elif outcome in UNDECIDED:
        lines.append(f"known from {verdict.known}; it leaves every mean, and stays on every card")
    else:
        lines += _for_whom(snapshot, claim, verdict)
    return (*lines, *_of_conditional(snapshot, claim, conditional))


def _of_conditional(snapshot: Snapshot, claim: Claim, conditional: Sequence[str]) -> list[str]:
    """Say that the claims which are conditional on this one are annulled by its verdict, or are not any more."""
    names = some_of([cut_to(slug, LONGEST_UNTYPED_NAME) for slug in conditional], MOST_CONDITIONAL)
    verdicts = [item.record.outcome for item in snapshot.resolutions_of(claim) if not item.record.dissent]
    before, now = verdicts[-2:-1], outcome_of(snapshot, claim)
    if not names or [now] == before:
        return []
    if now is Outcome.NO:
        return [f"annulled by it, being given {claim.slug}: {names}"]
    return [f"not annulled by it any more: {names}"] if before == [Outcome.NO] else []


def _rests_on(snapshot: Snapshot, slug: str, new: Collection[str]) -> str:
    """Name evidence that a verdict rests on, and whether it is new, or was taken back."""
    if slug in new:
        return f"{slug} (new on file)"
    gone = any(one.slug == slug and one.retracted for one in snapshot.all(Evidence))
    return f"{slug} (which was taken back)" if gone else slug


def _verdict(claim: Claim, verdict: Resolution) -> str:
    """Say a verdict as its first line has it."""
    if verdict.outcome is Outcome.YES and verdict.happened_on:
        known = f", known {verdict.known}" if verdict.known_on != verdict.happened_on else ""
        said = outcome_in_full(verdict, claim) if claim.type is ClaimType.DATE else f"yes, on {verdict.happened_on}"
        return f"{said}{known}"
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
    return str(verdict.reason).startswith(LAPSED)


def _for_whom(snapshot: Snapshot, claim: Claim, verdict: Resolution) -> list[str]:
    """Say from when a verdict counts and for whom it does not, or that it counts for nobody."""
    known = f"known from {verdict.known}; " if _lapsed(verdict) else ""
    if not claim.scored:
        return [f"{known}{why_unscored(claim)}"]
    if outcome_of(snapshot, claim) is Outcome.ANNULLED:
        return [f"{known}annulled all the same: {claim.given}, which it is given, did not come true"]
    if snapshot.unread:  # too many to be told one by one
        return _counted_from(snapshot, claim, verdict)
    fates = fates_on(snapshot, claim)
    apart = left_out(snapshot, fates)
    speaker = None if any(fate.counted for fate in fates.values()) else counted_as_said(snapshot, claim)
    if speaker is not None:
        said = f"it counts as said by {cut_to(speaker, LONGEST_UNTYPED_NAME)}, without a number and so in no score"
        return [*_counted_from(snapshot, claim, verdict)[:1], said, *(["in no mean: " + apart] if apart else [])]
    if not fates:
        return [f"{known}no forecast is on it, so it counts for nobody"]
    if not apart or any(fate.counted for fate in fates.values()):
        return [*_counted_from(snapshot, claim, verdict), *(["in no mean: " + apart] if apart else [])]
    return [f"{known}it counts for nobody: {apart}"]


def _counted_from(snapshot: Snapshot, claim: Claim, verdict: Resolution) -> list[str]:
    """Say from when a verdict counts, and which forecasts do."""
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
    """Say before which day or moment a forecast counts: that of the answer, or when the claim closed if earlier."""
    until = counts_until(claim, verdict)
    if by_day(claim, verdict):
        return f"{(until - MICROSECOND).date()} began"
    closed = ", when it closed" if until == claim.closes_at else ""
    return f"{spoken_moment(until)}{closed}"
