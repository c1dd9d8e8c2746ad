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

TALLIED = {Bears.SUPPORTS, Bears.OPPOSES, Bears.NEAR_MISS}  # what context and base rates say counts for no event


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
    claim = snapshot.find(Claim, slug)
    made_of = tally(snapshot, claim)
    return PartTally(slug, outcome_of(snapshot, claim), made_of.short, made_of)


def written_after(snapshot: Snapshot, claim: Claim, made_of: Tally) -> list[str]:
    """List what counted for a claim before it was written: its events, or the evidence where it is judged as a whole.

    Such a reading is marked, because it was written with its answer in sight. A thing dated by a month counts from that
    month's last day, so that "June" is not taken for early June.
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
    """Return the verdict that the parts of a tree make, in Kleene's three-valued logic; None while it is open.

    All of: any no gives no, else any ambiguous or annulled gives ambiguous, else any open stays open. Any of is
    the mirror. Raises InvalidValue for a fraction, which is neither yes nor no.

    >>> kleene(ClaimType.ALL_OF, [Outcome.YES, None, Outcome.NO])
    <Outcome.NO: 'no'>
    >>> kleene(ClaimType.ANY_OF, [Outcome.NO, None]) is None
    True
    """
    if Outcome.FRACTION in outcomes:
        raise InvalidValue("a tree takes no fractions; give its parts a yes, a no or ambiguous")
    decisive, mirror = (Outcome.NO, Outcome.YES) if kind is ClaimType.ALL_OF else (Outcome.YES, Outcome.NO)
    if decisive in outcomes:
        return decisive
    if Outcome.AMBIGUOUS in outcomes or Outcome.ANNULLED in outcomes:
        return Outcome.AMBIGUOUS
    return None if None in outcomes else mirror


def _event_tally(claim: Claim, items: Sequence[EvidenceItem]) -> EventTally:
    """Tally one event: *items* are the evidence that reports it.

    1. An event that lies outside the window for sure is outside, whatever it meets.
    2. A condition that no supporting evidence meets makes it fall short. Missing is what not even a near miss meets.
    3. Evidence that opposes it makes it contested.
    4. Thin sourcing, or a date that may lie outside the window, makes it provisional. Else it counts.
    """
    event = items[0].event
    if event is None:
        raise ValueError("an event's tally needs its event")
    supports = [item for item in items if item.bearing.bears is Bears.SUPPORTS]
    stands = partial(EventTally, event.slug, event.happened)
    names = [condition.name for condition in claim.conditions]
    met = _met_by(supports, names)
    nearly_met = _met_by([item for item in items if item.bearing.bears is not Bears.OPPOSES], names)
    missing = tuple(name for name in names if name not in nearly_met)
    if why := outside_window(claim, event.happened):
        return stands(Standing.OUTSIDE, nearly_met, missing, why)
    if len(met) < len(names) or not supports:
        why = f"lacks {', '.join(missing)}" if missing else "no evidence says that it counts"
        return stands(Standing.FALLS_SHORT, nearly_met, missing, why)
    opposing = [item.evidence.slug for item in items if item.bearing.bears is Bears.OPPOSES]
    if opposing:
        return stands(Standing.CONTESTED, met, (), f"is disputed by {', '.join(opposing)}")
    why = _thin(claim, [item.evidence for item in supports])
    when = read_period(event.happened)
    if not why and not (claim.opens_on <= when.first and when.last <= claim.deadline):
        why = f"is dated only {event.happened}, which may lie outside the window"
    return stands(Standing.PROVISIONAL if why else Standing.COUNTS, met, (), why)


def outside_window(claim: Claim, happened: str) -> str:
    """Word that what happened lies outside the window of a claim for sure; empty where it may lie in it."""
    when = read_period(happened)
    outside = when.last < claim.opens_on or when.first > claim.deadline
    return f"{happened} lies outside the window" if outside else ""


def _last_day_of(item: EvidenceItem) -> date:
    return read_period(item.dated).last if item.dated else date.max


def _met_by(items: Sequence[EvidenceItem], names: Sequence[str]) -> dict[str, list[str]]:
    """Return which evidence meets each condition; conditions that none meets are left out."""
    met: dict[str, list[str]] = {name: [] for name in names}
    for item in items:
        for name in met.keys() & item.bearing.meets:
            met[name].append(item.evidence.slug)
    return {name: evidence for name, evidence in met.items() if evidence}


def _thin(claim: Claim, evidence: Sequence[Evidence]) -> str:
    """Word why the sourcing rule is not met yet; empty where it is."""
    if claim.sourcing is not Sourcing.ONE_PRIMARY_OR_TWO_ESTABLISHED:
        return ""
    if any(item.grade is Grade.PRIMARY for item in evidence):
        return ""
    outlets = {_outlet(item) for item in evidence if item.grade is Grade.ESTABLISHED}
    if len(outlets) >= 2:
        return ""
    return f"rests on {'one established source' if outlets else 'no established source'}"


def _outlet(evidence: Evidence) -> str:
    """Return who published evidence: by name, else by the host of its link."""
    return (evidence.publisher or urlsplit(evidence.link).hostname or evidence.slug).strip().casefold()
