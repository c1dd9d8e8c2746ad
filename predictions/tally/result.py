"""The result of a tally: its events or parts, what is missing, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from predictions.dates import read_period
from predictions.enums import ClaimType, Outcome
from predictions.numerals import counted
from predictions.records import Claim
from predictions.render.blocks import Block, Heading, Pairs, Paragraph, Table
from predictions.render.result import Result, Value, fields_of


class Standing(StrEnum):
    """How far an event counts for a claim."""

    COUNTS = "counts"
    PROVISIONAL = "provisional"  # counted, but too thinly sourced, or perhaps outside the window
    CONTESTED = "contested"  # some evidence meets all conditions, other evidence disputes it; not counted
    FALLS_SHORT = "falls short"  # a condition is not met
    OUTSIDE = "outside the window"


RANK = {standing: place for place, standing in enumerate(Standing)}
COUNTED = {Standing.COUNTS, Standing.PROVISIONAL}


@dataclass(frozen=True)
class EventTally:
    """How far one event counts for one claim.

    Attributes:
        event: The event's slug.
        happened: Its day, month or year.
        standing: How far it counts.
        met: The evidence that meets each condition, by the condition's name.
        missing: The conditions that no evidence meets.
        why: Why it does not count fully; empty if it does.
    """

    event: str
    happened: str
    standing: Standing
    met: dict[str, list[str]]
    missing: tuple[str, ...]
    why: str

    def last_day(self) -> date:
        """Return the last day on which it can have happened."""
        return read_period(self.happened).last


@dataclass(frozen=True)
class PartTally:
    """One part of a tree of claims.

    Attributes:
        part: The claim's slug.
        outcome: Its verdict; None if it has none.
        tally: Its tally in one line.
        whole: Its tally as a result.
    """

    part: str
    outcome: Outcome | None
    tally: str
    whole: Tally = field(repr=False)

    @property
    def met(self) -> bool:
        """Whether the part is a yes: by its verdict or, while it has none, by its tally."""
        return self.outcome is Outcome.YES or (self.outcome is None and self.whole.met)


@dataclass(frozen=True, repr=False)
class Tally(Result, rows="items", of=EventTally):
    """What the evidence on file would make of one claim.

    Attributes:
        claim: The claim.
        events: Its events (type events).
        parts: Its parts (types all-of and any-of).
        supporting: The number of pieces of evidence that support it, if it is of another type.
        opposing: The number of those that oppose it.
    """

    claim: Claim
    events: tuple[EventTally, ...] = ()
    parts: tuple[PartTally, ...] = ()
    supporting: int = 0
    opposing: int = 0

    @property
    def items(self) -> tuple[EventTally, ...] | tuple[PartTally, ...]:
        """Return the parts of a tree, and the events of any other claim."""
        return self.parts or self.events

    @property
    def counted(self) -> int:
        """Count the events that meet all conditions, provisional ones included."""
        return len(self.of(Standing.COUNTS)) + self.provisional

    @property
    def provisional(self) -> int:
        """Count the provisional events."""
        return len(self.of(Standing.PROVISIONAL))

    @property
    def contested(self) -> int:
        """Count the contested events."""
        return len(self.of(Standing.CONTESTED))

    def of(self, standing: Standing) -> list[EventTally]:
        """List the events with one standing, in the order of :attr:`events`."""
        return [event for event in self.events if event.standing is standing]

    @property
    def met(self) -> bool:
        """Whether the claim would be a yes without its provisional events."""
        if self.claim.type is ClaimType.EVENTS:
            return self.counted - self.provisional >= (self.claim.at_least or 1)
        if self.parts:
            yes = [part.met for part in self.parts]
            return all(yes) if self.claim.type is ClaimType.ALL_OF else any(yes)
        return False

    @property
    def perhaps(self) -> bool:
        """Whether it would be a yes with its provisional events; a no then needs a reason."""
        return self.met or (self.claim.type is ClaimType.EVENTS and self.counted >= (self.claim.at_least or 1))

    @property
    def happened(self) -> tuple[date | None, list[str]] | None:
        """Return the day of the event with which the claim became a yes, and the evidence that meets the conditions.

        The day is None if that event is dated by a month or year, or may be after the window. None instead of both if
        too few events count.
        """
        counting = sorted((event for event in self.events if event.standing in COUNTED), key=EventTally.last_day)
        needed = counting[: self.claim.at_least]
        if not needed or not self.perhaps:
            return None
        # One piece of evidence for each condition of each event, each named once.
        slugs = dict.fromkeys(evidence[0] for event in needed for evidence in event.met.values() if evidence)
        when = read_period(needed[-1].happened)
        day = when.last if when.first == when.last <= self.claim.deadline else None
        return day, list(slugs)

    @property
    def partly(self) -> bool:
        """Whether some events or parts count already, but not enough."""
        if self.parts:
            return not self.met and any(part.met or (not part.outcome and part.whole.partly) for part in self.parts)
        return self.claim.type is ClaimType.EVENTS and self.counted > 0 and not self.met

    @property
    def short(self) -> str:
        """Return the tally as one line: ``1 of 2 (1 provisional: fontoura rests on one established source)``."""
        if self.claim.type is ClaimType.EVENTS:
            return self._short_events()
        if self.parts:
            parts_met = sum(part.met for part in self.parts)
            details = "; ".join(f"{part.part} {part.outcome or part.whole.noted_in_tree}" for part in self.parts)
            return f"{parts_met} of {len(self.parts)} parts: {details}"
        return f"{self.supporting} for, {self.opposing} against; judged as a whole"

    @property
    def count(self) -> str:
        """Return only the count: ``1 of 2``."""
        if self.claim.type is ClaimType.EVENTS:
            return f"{self.counted} of {self.claim.at_least}"
        if self.parts:
            return f"{sum(part.met for part in self.parts)} of {len(self.parts)}"
        return f"{self.supporting} for, {self.opposing} against"

    @property
    def noted(self) -> str:
        """Return the count with its reservations, in few words: ``2 of 2, 1 provisional``."""
        notes = [f"{len(self.of(kind))} {kind}" for kind in (Standing.PROVISIONAL, Standing.CONTESTED) if self.of(kind)]
        return ", ".join([self.count, *notes])

    @property
    def noted_in_tree(self) -> str:
        """The note on a part of a tree; for a part that is judged as a whole, that it has no verdict yet."""
        return "no verdict yet" if self.as_whole else self.noted

    def _short_events(self) -> str:
        """Return :attr:`short` for a claim that events decide."""
        notes = []
        for standing in (Standing.PROVISIONAL, Standing.CONTESTED):
            events = self.of(standing)
            if events:
                why = f": {events[0].event} {events[0].why}" if len(events) == 1 else ""
                more = "more " if standing is Standing.CONTESTED else ""  # contested events are not in the count
                notes.append(f"{len(events)} {more}{standing}{why}")
        nearest = self.nearest
        if not self.counted and nearest:
            notes.append(f"nearest: {nearest.event} meets {len(nearest.met)} of {len(self.claim.conditions)}")
        return self.count + (f" ({'; '.join(notes)})" if notes else "")

    @property
    def nearest(self) -> EventTally | None:
        """Return the event that falls short of the fewest conditions; None if no such event meets a condition."""
        meeting_some = [event for event in self.of(Standing.FALLS_SHORT) if event.met]
        return max(meeting_some, key=lambda event: len(event.met), default=None)

    @property
    def as_whole(self) -> bool:
        """Whether the claim is judged as a whole: then there is nothing to count, and no card shows a tally."""
        return self.claim.type is not ClaimType.EVENTS and not self.parts

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show: the claim is judged as a whole, and has no evidence for or against it."""
        return self.as_whole and not self.supporting and not self.opposing

    @property
    def missing(self) -> str:
        """Return in words what a claim that events decide still lacks."""
        names = ", ".join(condition.name for condition in self.claim.conditions)
        events_missing = max((self.claim.at_least or 1) - self.counted, 0)
        needs = []
        if events_missing:
            needs.append(counted(events_missing, "more event") + (f" meeting {names}" if names else ""))
        needs += [f"for {event.event}, {_mend(event)}" for event in self.of(Standing.PROVISIONAL)]
        return "; ".join(needs) or "nothing more: the conditions are met, and a verdict may be given"

    @property
    def needed(self) -> str:
        """Return in words what would settle the claim."""
        if self.claim.type is ClaimType.EVENTS:
            return f"{self.missing}; the window is {self.claim.opens_on} to {self.claim.deadline}"
        if self.parts:
            how = "every part yes" if self.claim.type is ClaimType.ALL_OF else "one part yes"
            return f"{how}; the parts are resolved one by one"
        return "a judgement on the criteria as a whole"

    def blocks(self) -> Sequence[Block]:
        """Return the tally for the screen: its events in a table, or its parts, and what would settle the claim."""
        if self.is_empty:
            return [Paragraph(f"{self.claim.slug} is judged as a whole, by its criteria: there is nothing to count")]
        parts: list[Block] = [Heading(f"{self.claim.slug}: {self.short}")]
        inside = [item for item in self.events if item.standing is not Standing.OUTSIDE]
        if inside:
            rows = [
                (item.happened, item.event, item.standing.value, _conditions(item), item.why)
                for item in sorted(inside, key=lambda item: RANK[item.standing])
            ]
            parts.append(Table(("date", "event", "standing", "meets", "why"), rows))
        outside = [item.event for item in self.of(Standing.OUTSIDE)]
        if outside:
            parts.append(Paragraph(f"outside the window: {', '.join(outside)}"))
        for part in self.parts:
            parts.append(Paragraph(f"{part.part}: {part.outcome or part.tally}", indent=2))
        parts.append(Pairs([("to settle", self.needed)], indent=0))
        return parts

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


def _mend(item: EventTally) -> str:
    """Return what would make a provisional event count."""
    if item.why.startswith("rests"):  # its sourcing is too thin, and not its date too vague
        return "one primary source or a second established one"
    return "its exact day"


def _conditions(item: EventTally) -> str:
    """Return how many conditions an event meets, for a table."""
    if not item.met and not item.missing:
        return "none asked"
    return "all" if not item.missing else f"{len(item.met)} of {len(item.met) + len(item.missing)}"
