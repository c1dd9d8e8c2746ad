"""Say in a receipt whether scorecards will count a forecast, from when, or why not.

Scoring decides that. It is asked what it will answer on the settle day if nothing else is recorded until then.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from predictions.enums import ClaimType
from predictions.fits import DISTRIBUTIONS
from predictions.numerals import counted, some_of
from predictions.recording.claims import OWN_READING
from predictions.recording.quotes import FIRST_READING
from predictions.records import Claim, Evidence, Forecast
from predictions.render.columns import cut_to
from predictions.scoring.claim_series import Fate, counted_as_said, fate_of_forecast, fates_on
from predictions.scoring.claim_statement import speaker_of, stood_as_said
from predictions.scoring.eligibility import Category
from predictions.snapshot import Snapshot
from predictions.status import Timing, carriers, timing, vouches
from predictions.views.claim.corrected import correction_of
from predictions.views.distribution_text import asked_of
from predictions.views.receipts.receipt import LONGEST_UNTYPED_NAME, ReceiptLines

VERDICT_DUE = "a verdict is due "
WILL_COUNT = "it counts on scorecards from then"
FURTHER_READING = "a further reading of the same words, and in no mean"
NOT_SCORED = "not scored, so it is in no mean and no count"
COMES_LATE = "this forecast comes too late to count"
UNCARRIED = "nothing carries it, so it stands apart"
STANDS_APART = f"backdated: {UNCARRIED} on every card; say published_in=SLUG, the dated source or evidence it stands in"
AS_SAID = "counts as said; no number, so it enters no score"
TOLD_LATE = "no link says that it came before the answer, so it counts in said alone"
SAID_AT_THE_END = "it ends on the day it was said, so it counts in said alone"
MOST_LEFT_OUT = 3  # forecasters who do not count for one reason
READ_OVER = frozenset({"unit", "between", "low", "high", "scale"})  # fields by which the values of a curve are read
ASKING = READ_OVER | {"type", "options", "ordered", "when", "at_least", "parts"}  # fields that say what is asked
IN_MEANS = {Category.SCORED, Category.OPEN, Category.DUE, Category.OVERDUE}  # now, or once there is a verdict
_WHY_NOT = {
    Category.WITHDRAWN: "withdrawn before it stood, so it counts on no scorecard",
    Category.ANNULLED: "the claim is annulled, so it is in no mean",
    Category.AMBIGUOUS: "the claim came out ambiguous, so it is in no mean",
}


def counting(first_lines: ReceiptLines, snapshot: Snapshot, slug: str, forecast: Forecast | None) -> ReceiptLines:
    """Add to the lines of a receipt whether its forecast will count on scorecards.

    It is added to the line on the due verdict, since it counts from then; without that line, before what is new.

    Args:
        first_lines: The lines of the receipt so far.
        snapshot: What is on file of the claim, and of those it supersedes or that supersede it.
        slug: The claim.
        forecast: The forecast; None if no number was given.
    """
    claim, lines = snapshot.find(Claim, slug), [*first_lines]
    due = next((number for number, line in enumerate(lines) if line.startswith(VERDICT_DUE)), None)
    fate = _fate_words(snapshot, claim, forecast) if forecast else _without_forecast(snapshot, claim)
    if due is None:
        before_new = next((number for number, line in enumerate(lines) if line.startswith("new: ")), len(lines))
        published = _published_in(snapshot, forecast) if forecast else []
        lines[before_new:before_new] = [*published, *([fate] if fate else [])]
    elif forecast and fate == STANDS_APART:
        lines[due] += f"; its day, {forecast.made_at.date()}, is backdated: {UNCARRIED}; say link="
    else:
        lines[due] += f"; {fate or WILL_COUNT}"
    superseding_slugs = [
        successor.slug for successor in snapshot.all(Claim) if successor.supersedes == slug and successor.scored
    ]
    if superseding_slugs and forecast:
        lines.append(f"superseded by {superseding_slugs[-1]}, which asks what is asked now")
    return tuple(lines)


def superseding(lines: ReceiptLines, snapshot: Snapshot, new: Claim, old: Claim) -> ReceiptLines:
    """Add to the receipt of a superseding claim which forecasters count on the old claim, and which on the new one.

    Args:
        lines: The lines of the receipt, the last of which says when a verdict is due.
        snapshot: What is on file of both claims.
        new: The new claim.
        old: The claim that it supersedes.
    """
    *first_lines, due = lines
    fates, name = fates_on(snapshot, old), cut_to(old.slug, LONGEST_UNTYPED_NAME)
    speaker = counted_as_said(snapshot, old)
    waits = "resolved" if snapshot.verdict(old) else "still to be resolved"
    if any(fate.counted for fate in fates.values()):
        apart = left_out(snapshot, fates)
        but = f", but for {apart}" if apart else ""
        as_said = f", and {cut_to(speaker, LONGEST_UNTYPED_NAME)} as said" if speaker else ""
        on_old = f"forecasts stay on {name}, which is {waits}; their forecasters count there{as_said}{but}"
        on_new = "it counts for the others from then"
    elif speaker is not None:
        who = cut_to(speaker, LONGEST_UNTYPED_NAME)
        on_old = f"what {who} said stays on {name}, which is {waits}, and counts there as said"
        on_new = "it counts for the others from then"
    else:
        on_old, on_new = f"nobody counts on {name}, which is {waits}", _without_forecast(snapshot, new)
    return (*first_lines, on_old, f"{due}; {on_new if new.scored else why_unscored(new)}")


def correcting(snapshot: Snapshot, claim: Claim, corrected: Collection[str]) -> list[str]:
    """Return lines for the receipt of a corrected claim: what it asks now, and whose forecasts are in no mean.

    Args:
        snapshot: What is on file of the claim and its chain.
        claim: The claim as it is now.
        corrected: The names of the corrected fields.
    """
    lines = list[str]()
    if not ASKING.isdisjoint(corrected):
        events = f": at least {counted(claim.at_least or 1, 'event')}" if claim.type is ClaimType.EVENTS else ""
        lines.append(f"it asks {asked_of(claim) or 'yes or no'}{events}")
    curves = {item.record.forecaster for item in snapshot.forecasts_on(claim) if item.record.points}
    if curves and not READ_OVER.isdisjoint(corrected):
        fates = fates_on(snapshot, claim)
        still_counted = sorted(forecaster for forecaster in curves & fates.keys() if fates[forecaster].counted)
        if still_counted:
            names = [cut_to(snapshot.forecaster_names.get(slug, slug), LONGEST_UNTYPED_NAME) for slug in still_counted]
            lines.append(f"what {some_of(names, MOST_LEFT_OUT, ', ')} said is read so, too")
    if claim.scored and (apart := left_out(snapshot, fates_on(snapshot, claim))):
        lines.append(f"in no mean: {apart}")
    return lines


def left_out(snapshot: Snapshot, fates: Mapping[str, Fate]) -> str:
    """List the forecasters who are in no mean of a claim, by reason: ``ana (backdated); bob, cy (too late)``."""
    names_by_reason = dict[str, list[str]]()
    for forecaster, fate in fates.items():
        if fate.category not in IN_MEANS:
            reason = (
                "scored on another claim of the chain" if fate.category is Category.SUPERSEDED else str(fate.category)
            )
            name = cut_to(snapshot.forecaster_names.get(forecaster, forecaster), LONGEST_UNTYPED_NAME)
            names_by_reason.setdefault(reason, []).append(name)
    return "; ".join(f"{some_of(names, MOST_LEFT_OUT, ', ')} ({reason})" for reason, names in names_by_reason.items())


def _without_forecast(snapshot: Snapshot, claim: Claim) -> str:
    """Return how a claim without a number counts, or what has to be recorded so that it counts."""
    if not claim.scored:
        return why_unscored(claim)
    if speaker_of(snapshot, claim) is None:
        if claim.type in DISTRIBUTIONS:  # what a forecast of it takes has no room here
            return "no forecast yet"
        return f'no forecast yet: ledger.forecast("{claim.slug}", P)'
    if claim.type in DISTRIBUTIONS:
        how = "quantiles=" if claim.type is ClaimType.NUMBER else "p="
        return f"in no count, as no number was said of what it asks: say it again with {how}"
    if stood_as_said(snapshot, claim):
        return AS_SAID
    return SAID_AT_THE_END if claim.opens_on == claim.deadline else TOLD_LATE


def _fate_words(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> str:
    """Return why a forecast does not count, or counts in no mean; "" if it counts."""
    if not claim.scored:
        return why_unscored(claim)
    fate = fate_of_forecast(snapshot, claim, forecast)
    if fate is None or fate.category is Category.MISFIT:
        return "it does not fit what is asked now, so it counts nowhere"
    if fate.category is Category.SUPERSEDED:
        forecaster = cut_to(forecast.forecaster, LONGEST_UNTYPED_NAME)
        return f"{forecaster} is scored on another claim of the chain, so this counts nowhere"
    if forecast.revision > 1 and (correction := correction_of(snapshot, claim, forecast)):
        return correction.told_at_once
    if fate.category is Category.READ_LATE:
        return _read_late(snapshot, claim, forecast, fate)
    if fate.category is Category.BACKDATED:
        return _withdrawn_apart(snapshot, claim, forecast) if forecast.withdrawn else stands_apart(snapshot, forecast)
    if fate.category in {Category.TOO_LATE, Category.LAST_DAY}:
        return "it comes too late to change what counts" if forecast.withdrawn else COMES_LATE
    if fate.category in _WHY_NOT:
        return _WHY_NOT[fate.category]
    if forecast.imputed and snapshot.today > claim.deadline and snapshot.verdict(claim) is None:
        return f"{WILL_COUNT}, in no mean if the answer was public on {snapshot.today}, when it was read"
    return ""


def why_unscored(claim: Claim) -> str:
    """Return why no scorecard counts a claim: it is a further reading, or was recorded as not scored."""
    return NOT_SCORED if claim.reading in {OWN_READING, FIRST_READING} else FURTHER_READING


def _published_in(snapshot: Snapshot, forecast: Forecast) -> list[str]:
    """Return the line on the dated source or evidence that shows a forecast's time; none if it is known otherwise."""
    if timing(snapshot, forecast) is not Timing.PUBLISHED:
        return []
    carrier = next(carrier for carrier in carriers(snapshot, forecast) if vouches(carrier, forecast))
    return [f"published in {carrier.slug}, by its link, unchecked"]


def stands_apart(snapshot: Snapshot, forecast: Forecast) -> str:
    """Return why a forecast is backdated: no link shows its day, or its first link is of another day."""
    carrier = next(iter(carriers(snapshot, forecast)), None)
    if carrier is None:
        return STANDS_APART
    if isinstance(carrier, Evidence) and carrier.retracted:
        fault = "is taken back"
    elif not carrier.published:
        fault = "has no day"
    else:
        fault = f"is of {carrier.published}, not of {forecast.made_at.date()}"
    return f"backdated: {carrier.slug} {fault}, so it stands apart on every card"


def _withdrawn_apart(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> str:
    """Say that a withdrawal is backdated, and how the forecast ends from now on while its claim is open."""
    reason = stands_apart(snapshot, forecast).partition("; say ")[0]
    if snapshot.today > claim.deadline or snapshot.verdict(claim):
        return reason
    call = f'ledger.withdraw("{claim.slug}", by="{forecast.forecaster}", again=True)'
    return f"{reason}; to end the forecast from now on: {call}"


def _read_late(snapshot: Snapshot, claim: Claim, forecast: Forecast, fate: Fate) -> str:
    """Return that words were read as a number too late: after the answer was known, or after a number was stated."""
    if fates_on(snapshot, claim)[forecast.forecaster].category is not Category.READ_LATE:
        return "words read after a number of theirs, so the number counts and these do not"
    where = "in plain counts from then" if fate.counted else "among what was said"
    return f"words read afterwards: {where}, and in no mean"
