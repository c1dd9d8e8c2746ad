"""What the evidence on file would make of a claim today. A tally never resolves by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import partial
from urllib.parse import urlsplit

from predictions.dates import read_period
from predictions.enums import Bears, ClaimType, Grade, Outcome, Sourcing
from predictions.errors import InvalidValue
from predictions.numerals import counted
from predictions.records import Claim, Evidence
from predictions.render.blocks import Block, Heading, Pairs, Paragraph, Table
from predictions.render.result import Result, Value, fields_of
from predictions.snapshot import EvidenceItem, Snapshot, asked_at
from predictions.status import outcome_of


class Standing(StrEnum):
    """What an event is worth to a claim."""

    COUNTS = "counts"
    PROVISIONAL = "provisional"  # counted, but too thinly sourced, or perhaps outside the window
    CONTESTED = "contested"  # all conditions met on some evidence, disputed by other; not counted
    FALLS_SHORT = "falls short"  # a condition is not met
    OUTSIDE = "outside the window"


RANK = {standing: place for place, standing in enumerate(Standing)}
TALLIED = {Bears.SUPPORTS, Bears.OPPOSES, Bears.NEAR_MISS}
COUNTED = {Standing.COUNTS, Standing.PROVISIONAL}


@dataclass(frozen=True)
class EventTally:
    """One event as it stands against one claim."""

    event: str
    happened: str
    standing: Standing
    met: dict[str, list[str]]  # condition -> the evidence that meets it
    missing: tuple[str, ...]
    why: str  # why it is no more than its standing; empty where it counts

    def last_day(self) -> date:
        """The last day on which it can have happened."""
        return read_period(self.happened).last


@dataclass(frozen=True)
class PartTally:
    """One part of a tree: its verdict, or its own tally."""

    part: str
    outcome: Outcome | None
    tally: str  # in one line
    whole: Tally = field(repr=False)

    @property
    def met(self) -> bool:
        """Whether it is a yes, by its verdict or, while it has none, by its tally."""
        return self.outcome is Outcome.YES or (self.outcome is None and self.whole.met)


@dataclass(frozen=True, repr=False)
class Tally(Result, rows="items", of=EventTally):
    """Where one claim stands on the evidence: which events, which conditions, what is missing."""

    claim: Claim
    events: tuple[EventTally, ...] = ()
    parts: tuple[PartTally, ...] = ()
    supporting: int = 0
    opposing: int = 0

    @property
    def items(self) -> tuple[EventTally, ...] | tuple[PartTally, ...]:
        """What it is made of: the parts of a tree, else events."""
        return self.parts or self.events

    @property
    def counted(self) -> int:
        """Events that meet every condition, the provisional ones among them."""
        return len(self.of(Standing.COUNTS)) + self.provisional

    @property
    def provisional(self) -> int:
        return len(self.of(Standing.PROVISIONAL))

    @property
    def contested(self) -> int:
        return len(self.of(Standing.CONTESTED))

    def of(self, standing: Standing) -> list[EventTally]:
        """The events of one standing, in order of their dates."""
        return [event for event in self.events if event.standing is standing]

    @property
    def met(self) -> bool:
        """Whether the claim would be a yes on evidence that needs nothing more."""
        if self.claim.type is ClaimType.EVENTS:
            return self.counted - self.provisional >= (self.claim.at_least or 1)
        if self.parts:
            yes = [part.met for part in self.parts]
            return all(yes) if self.claim.type is ClaimType.ALL_OF else any(yes)
        return False

    @property
    def perhaps(self) -> bool:
        """Whether it would be one if what is provisional held: a no then needs a reason."""
        return self.met or (self.claim.type is ClaimType.EVENTS and self.counted >= (self.claim.at_least or 1))

    @property
    def happened(self) -> tuple[date | None, str] | None:
        """The day on which the last event came that it takes, and evidence for what each meets.

        No day where that is dated by a month or year, or may lie after the window; None where too few count.
        """
        counting = sorted((one for one in self.events if one.standing in COUNTED), key=EventTally.last_day)
        needed = counting[: self.claim.at_least]
        if not needed or not self.perhaps:
            return None
        slugs = dict.fromkeys(found[0] for one in needed for found in one.met.values() if found)
        when = read_period(needed[-1].happened)
        day = when.last if when.first == when.last <= self.claim.deadline else None
        return day, ",".join(slugs) or "SLUG"

    @property
    def partly(self) -> bool:
        """Whether something counts already, but not enough."""
        if self.parts:
            return not self.met and any(part.met or (not part.outcome and part.whole.partly) for part in self.parts)
        return self.claim.type is ClaimType.EVENTS and self.counted > 0 and not self.met

    @property
    def short(self) -> str:
        """One line: ``1 of 2 (1 provisional: fontoura rests on one established source)``."""
        if self.claim.type is ClaimType.EVENTS:
            return self._short_events()
        if self.parts:
            done = sum(part.met for part in self.parts)
            each = "; ".join(f"{part.part} {part.outcome or part.whole.noted}" for part in self.parts)
            return f"{done} of {len(self.parts)} parts: {each}"
        return f"{self.supporting} for, {self.opposing} against; judged as a whole"

    @property
    def count(self) -> str:
        """Only the count: ``1 of 2``."""
        if self.claim.type is ClaimType.EVENTS:
            return f"{self.counted} of {self.claim.at_least}"
        if self.parts:
            return f"{sum(part.met for part in self.parts)} of {len(self.parts)}"
        return f"{self.supporting} for, {self.opposing} against"

    @property
    def noted(self) -> str:
        """The count with what qualifies it, in few words: ``2 of 2, 1 provisional``."""
        notes = [f"{len(self.of(kind))} {kind}" for kind in (Standing.PROVISIONAL, Standing.CONTESTED) if self.of(kind)]
        return ", ".join([self.count, *notes])

    def _short_events(self) -> str:
        notes = []
        for standing in (Standing.PROVISIONAL, Standing.CONTESTED):
            found = self.of(standing)
            if found:
                why = f": {found[0].event} {found[0].why}" if len(found) == 1 else ""
                notes.append(f"{len(found)} {'more ' if standing is Standing.CONTESTED else ''}{standing}{why}")
        nearest = self.nearest
        if not self.counted and nearest:
            notes.append(f"nearest: {nearest.event} meets {len(nearest.met)} of {len(self.claim.conditions)}")
        return self.count + (f" ({'; '.join(notes)})" if notes else "")

    @property
    def nearest(self) -> EventTally | None:
        """The event that falls short by the fewest conditions, if one meets any."""
        short = [event for event in self.of(Standing.FALLS_SHORT) if event.met]
        return max(short, key=lambda event: len(event.met), default=None)

    @property
    def needed(self) -> str:
        """What would settle the claim."""
        if self.claim.type is ClaimType.EVENTS:
            names = ", ".join(condition.name for condition in self.claim.conditions)
            more = max((self.claim.at_least or 1) - self.counted, 0)
            wants = [counted(more, "more event") + (f" meeting {names}" if names else "")] if more else []
            wants += [f"for {event.event}, {_mend(event)}" for event in self.of(Standing.PROVISIONAL)]
            text = "; ".join(wants) or "nothing more: the conditions are met, and a verdict may be given"
            return f"{text}; the window is {self.claim.opens_on} to {self.claim.deadline}"
        if self.parts:
            how = "every part yes" if self.claim.type is ClaimType.ALL_OF else "one part yes"
            return f"{how}; the parts are resolved one by one"
        return "a judgement on the criteria as a whole"

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [Heading(f"{self.claim.slug}: {self.short}")]
        inside = [item for item in self.events if item.standing is not Standing.OUTSIDE]
        if inside:
            rows = [
                (item.happened, item.event, item.standing.value, _conditions(item), item.why)
                for item in sorted(inside, key=lambda item: RANK[item.standing])
            ]
            found.append(Table(("date", "event", "standing", "meets", "why"), rows))
        outside = [item.event for item in self.of(Standing.OUTSIDE)]
        if outside:
            found.append(Paragraph(f"outside the window: {', '.join(outside)}"))
        for part in self.parts:
            found.append(Paragraph(f"{part.part}: {part.outcome or part.tally}", indent=2))
        found.append(Pairs([("to settle", self.needed)], indent=0))
        return found

    def to_dict(self) -> dict[str, Value]:
        return {
            "claim": self.claim.slug,
            "tally": self.short,
            "counted": self.counted,
            "provisional": self.provisional,
            "contested": self.contested,
            "at_least": self.claim.at_least,
            "met": self.met,
            "needed": self.needed,
            "events": [fields_of(event) for event in self.events],
            "parts": [fields_of(part) for part in self.parts],
        }


def tally(snapshot: Snapshot, claim: Claim) -> Tally:
    """What the evidence on file makes of *claim*, as of the snapshot."""
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
    """What evidence that is not retracted makes of a claim that events decide."""
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
    """What counted for a claim before what it asks was recorded: events, or evidence where it is judged as a whole.

    A thing was there from the last day its date allows, so that "June" is not taken for early June.
    """
    written_on = asked_at(snapshot, claim).date()
    if claim.type is ClaimType.EVENTS:
        return [one.event for one in made_of.events if one.standing in COUNTED and one.last_day() < written_on]
    return [
        item.evidence.slug
        for item in snapshot.evidence_on(claim)
        if item.bearing.bears is Bears.SUPPORTS and not item.evidence.retracted and _last_day(item) < written_on
    ]


def kleene(kind: ClaimType, outcomes: Sequence[Outcome | None]) -> Outcome | None:
    """The verdict a tree's parts make, in Kleene logic; None while it is open.

    All of: any no gives no, else any ambiguous or annulled gives ambiguous, else any open stays open. Any of is
    the mirror. Raises InvalidValue for a fraction, which is neither.

    >>> kleene(ClaimType.ALL_OF, [Outcome.YES, None, Outcome.NO])
    <Outcome.NO: 'no'>
    >>> kleene(ClaimType.ANY_OF, [Outcome.NO, None]) is None
    True
    """
    if Outcome.FRACTION in outcomes:
        raise InvalidValue("a tree takes no fractions; give its parts a yes, a no or ambiguous")
    decisive, other = (Outcome.NO, Outcome.YES) if kind is ClaimType.ALL_OF else (Outcome.YES, Outcome.NO)
    if decisive in outcomes:
        return decisive
    if Outcome.AMBIGUOUS in outcomes or Outcome.ANNULLED in outcomes:
        return Outcome.AMBIGUOUS
    return None if None in outcomes else other


def _event_tally(claim: Claim, items: Sequence[EvidenceItem]) -> EventTally:
    event = items[0].event
    if event is None:
        raise ValueError("an event's tally needs its event")
    supports = [item for item in items if item.bearing.bears is Bears.SUPPORTS]
    stands = partial(EventTally, event.slug, event.happened)
    names = [condition.name for condition in claim.conditions]
    whole = _met_by(supports, names)
    nearly = _met_by([item for item in items if item.bearing.bears is not Bears.OPPOSES], names)
    missing = tuple(name for name in names if name not in nearly)
    when = read_period(event.happened)
    if when.last < claim.opens_on or when.first > claim.deadline:
        why = f"{event.happened} lies outside the window"
        return stands(Standing.OUTSIDE, nearly, missing, why)
    if len(whole) < len(names) or not supports:
        why = f"lacks {', '.join(missing)}" if missing else "no evidence says that it counts"
        return stands(Standing.FALLS_SHORT, nearly, missing, why)
    opposing = [item.evidence.slug for item in items if item.bearing.bears is Bears.OPPOSES]
    if opposing:
        return stands(Standing.CONTESTED, whole, (), f"is disputed by {', '.join(opposing)}")
    why = _thin(claim, [item.evidence for item in supports])
    if not why and not (claim.opens_on <= when.first and when.last <= claim.deadline):
        why = f"is dated only {event.happened}, which may lie outside the window"
    return stands(Standing.PROVISIONAL if why else Standing.COUNTS, whole, (), why)


def _last_day(item: EvidenceItem) -> date:
    dated = item.evidence.happened or item.evidence.published
    return read_period(dated).last if dated else date.max


def _met_by(items: Sequence[EvidenceItem], names: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in names}
    for item in items:
        for name in found.keys() & item.bearing.meets:
            found[name].append(item.evidence.slug)
    return {name: evidence for name, evidence in found.items() if evidence}


def _thin(claim: Claim, evidence: Sequence[Evidence]) -> str:
    """Why the sourcing rule is not met yet; empty where it is."""
    if claim.sourcing is not Sourcing.ONE_PRIMARY_OR_TWO_ESTABLISHED:
        return ""
    if any(item.grade is Grade.PRIMARY for item in evidence):
        return ""
    outlets = {_outlet(item) for item in evidence if item.grade is Grade.ESTABLISHED}
    if len(outlets) >= 2:
        return ""
    return f"rests on {'one established source' if outlets else 'no established source'}"


def _outlet(evidence: Evidence) -> str:
    """Who published it: by name, else by the host of its link."""
    return (evidence.publisher or urlsplit(evidence.link).hostname or evidence.slug).strip().casefold()


def _mend(item: EventTally) -> str:
    if item.why.startswith("rests"):
        return "one primary source or a second established one"
    return "its exact day"


def _conditions(item: EventTally) -> str:
    if not item.met and not item.missing:
        return "none asked"
    return "all" if not item.missing else f"{len(item.met)} of {len(item.met) + len(item.missing)}"
