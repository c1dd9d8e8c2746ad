"""The tally: what the evidence on file would make of a claim today. A tally never resolves a claim by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from urllib.parse import urlsplit

from predictions.dates import read_period
from predictions.enums import Bears, ClaimType, Grade, Outcome, Sourcing
from predictions.errors import InvalidValue
from predictions.recorded import EvidenceItem
from predictions.records import Claim, Evidence
from predictions.snapshot import Snapshot, asked_at
from predictions.status import outcome_of
from predictions.tally.result import COUNTED, EventTally, PartTally, Standing, Tally

TALLIED = {Bears.SUPPORTS, Bears.OPPOSES, Bears.NEAR_MISS}  # context and base rates say nothing about an event


def tally(snapshot: Snapshot, claim: Claim) -> Tally:
    """Tally the evidence on file for *claim*, as of the snapshot."""
    on_file = [item for item in snapshot.evidence_on(claim) if not item.evidence.retracted]
    if claim.parts:
        return Tally(claim, parts=tuple(_part(snapshot, slug) for slug in claim.parts))
    if claim.type is ClaimType.EVENTS:
        return by_events(claim, on_file)
    return Tally(
        claim,
        supporting=sum(item.bearing.bears is Bears.SUPPORTS for item in on_file),
        opposing=sum(item.bearing.bears is Bears.OPPOSES for item in on_file),
    )


def by_events(claim: Claim, on_file: Sequence[EvidenceItem]) -> Tally:
    """Tally evidence, none of it retracted, for a claim that events decide."""
    by_event: dict[str, list[EvidenceItem]] = {}
    for item in on_file:
        if item.event and item.bearing.bears in TALLIED:
            by_event.setdefault(item.event.slug, []).append(item)
    return Tally(claim, events=tuple(_event_tally(claim, items) for items in by_event.values()))


def _part(snapshot: Snapshot, slug: str) -> PartTally:
    """Tally one part of a tree."""
    claim = snapshot.find(Claim, slug)
    part_tally = tally(snapshot, claim)
    return PartTally(slug, outcome_of(snapshot, claim), part_tally.short, part_tally)


def written_after(snapshot: Snapshot, claim: Claim, made_of: Tally) -> list[str]:
    """List the slugs of what supported a claim before it was written: events or, if it is judged as a whole, evidence.

    Such a claim is marked, because its answer may have been known when it was written. An event dated by a month counts
    from the last day of that month, so that "June" is not taken for early June. *made_of* is the claim's tally.
    """
    evidence = snapshot.evidence_on(claim)
    if not evidence:
        return []
    written_on = asked_at(snapshot, claim).date()
    if claim.type is ClaimType.EVENTS:
        return [event.event for event in made_of.events if event.standing in COUNTED and event.last_day() < written_on]
    return [
        item.evidence.slug
        for item in evidence
        if item.bearing.bears is Bears.SUPPORTS and not item.evidence.retracted and _last_day_of(item) < written_on
    ]


def kleene(kind: ClaimType, outcomes: Sequence[Outcome | None]) -> Outcome | None:
    """Return the verdict that follows from the parts of a tree, in Kleene's three-valued logic; None while it is open.

    All of: any no gives no, else any ambiguous or annulled gives ambiguous, else any open part leaves it open. Any of
    is the same with yes and no exchanged. Raises InvalidValue for a fraction, which is neither yes nor no.

    >>> kleene(ClaimType.ALL_OF, [Outcome.YES, None, Outcome.NO])
    <Outcome.NO: 'no'>
    >>> kleene(ClaimType.ANY_OF, [Outcome.NO, None]) is None
    True
    """
    if Outcome.FRACTION in outcomes:
        raise InvalidValue("a tree takes no fractions; give its parts a yes, a no or ambiguous")
    decisive, otherwise = (Outcome.NO, Outcome.YES) if kind is ClaimType.ALL_OF else (Outcome.YES, Outcome.NO)
    if decisive in outcomes:
        return decisive
    if Outcome.AMBIGUOUS in outcomes or Outcome.ANNULLED in outcomes:
        return Outcome.AMBIGUOUS
    return None if None in outcomes else otherwise


def _event_tally(claim: Claim, items: Sequence[EvidenceItem]) -> EventTally:
    """Tally one event: *items* are the evidence that reports it.

    1. An event that is certainly outside the window is outside, whatever conditions it meets.
    2. A condition that no supporting evidence meets makes it fall short; missing are those without a near miss.
    3. Evidence that opposes it makes it contested.
    4. Thin sourcing, or a date that may be outside the window, makes it provisional. Otherwise it counts.
    """
    event = items[0].event
    if event is None:
        raise ValueError("an event's tally needs its event")
    supports = [item for item in items if item.bearing.bears is Bears.SUPPORTS]
    event_tally = partial(EventTally, event.slug, event.happened)
    names = [condition.name for condition in claim.conditions]
    met = _met_by(supports, names)
    nearly_met = _met_by([item for item in items if item.bearing.bears is not Bears.OPPOSES], names)
    missing = tuple(name for name in names if name not in nearly_met)
    if why := outside_window(claim, event.happened):
        return event_tally(Standing.OUTSIDE, nearly_met, missing, why)
    if len(met) < len(names) or not supports:
        why = f"lacks {', '.join(missing)}" if missing else "no evidence says that it counts"
        return event_tally(Standing.FALLS_SHORT, nearly_met, missing, why)
    opposing = [item.evidence.slug for item in items if item.bearing.bears is Bears.OPPOSES]
    if opposing:
        return event_tally(Standing.CONTESTED, met, (), f"is disputed by {', '.join(opposing)}")
    why = _thin(claim, [item.evidence for item in supports])
    when = read_period(event.happened)
    if not why and not (claim.opens_on <= when.first and when.last <= claim.deadline):
        why = f"is dated only {event.happened}, which may lie outside the window"
    return event_tally(Standing.PROVISIONAL if why else Standing.COUNTS, met, (), why)


def outside_window(claim: Claim, happened: str) -> str:
    """Return a sentence if what happened is certainly outside the window of a claim; "" if it may be inside."""
    when = read_period(happened)
    outside = when.last < claim.opens_on or when.first > claim.deadline
    return f"{happened} lies outside the window" if outside else ""


def _last_day_of(item: EvidenceItem) -> date:
    """Return the last day that the date of evidence can mean; for one without a date the last day of all."""
    return read_period(item.dated).last if item.dated else date.max


def _met_by(items: Sequence[EvidenceItem], names: Sequence[str]) -> dict[str, list[str]]:
    """Return the slugs of the evidence that meets each condition; conditions that none meets are left out."""
    met: dict[str, list[str]] = {name: [] for name in names}
    for item in items:
        for name in met.keys() & item.bearing.meets:
            met[name].append(item.evidence.slug)
    return {name: evidence for name, evidence in met.items() if evidence}


def _thin(claim: Claim, evidence: Sequence[Evidence]) -> str:
    """Return why the claim's rule for sources is not met yet; "" if it is."""
    if claim.sourcing is not Sourcing.ONE_PRIMARY_OR_TWO_ESTABLISHED:
        return ""
    if any(item.grade is Grade.PRIMARY for item in evidence):
        return ""
    outlets = {_outlet(item) for item in evidence if item.grade is Grade.ESTABLISHED}
    if len(outlets) >= 2:
        return ""
    return f"rests on {'one established source' if outlets else 'no established source'}"


def _outlet(evidence: Evidence) -> str:
    """Return the publisher of evidence, or if it is not named the host of its link."""
    return (evidence.publisher or urlsplit(evidence.link).hostname or evidence.slug).strip().casefold()
