"""What evidence is worth to a claim, and how a piece of it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from predictions.enums import Bears, ClaimType, Grade, Read, Reliability
from predictions.numerals import counted
from predictions.recorded import EvidenceItem, world_day
from predictions.records import Claim, Evidence
from predictions.redacted import none_on_file
from predictions.render.blocks import Block, Heading, Item, Paragraph
from predictions.render.result import Result
from predictions.snapshot import Snapshot
from predictions.tally.result import COUNTED, Standing, Tally

HOW_READ = {Read.PAGE: "page read", Read.SUMMARY: "only a summary read", Read.CITATION: "only cited, page not read"}
FURTHER = "further evidence, of this claim or another"  # a redacted copy does not show which
BACKGROUND = {Bears.CONTEXT, Bears.BASE_RATE}  # it says nothing about whether a claim came true
GRADES = [Grade.PRIMARY, Grade.ESTABLISHED, Grade.OTHER, None]  # the best source first


class Worth(StrEnum):
    """What evidence is worth to a claim: the headings of a card, in their order."""

    COUNTS = "Evidence that counts"
    CONTESTED = "Contested, or against the claim"
    FALLS_SHORT = "Falls short"
    BACKGROUND = "Background, and what was taken back"


@dataclass(frozen=True)
class Piece:
    """One piece of evidence on a claim, as a row.

    Attributes:
        claim: The slug of the claim.
        evidence: The slug of the evidence.
        bears: What it says about the claim.
        event: The slug of the event that it reports; None if it reports none.
        happened: When that event happened; without one, what the evidence itself reports.
        meets: The conditions that it meets, in the claim's order.
        why: Why it bears on the claim in this way.
        day: The date under which it is listed, or "no date".
        facts: Its publisher, reliability, grade, how it was read, and when it was published.
    """

    claim: str
    evidence: str
    title: str
    link: str
    bears: Bears
    event: str | None
    happened: str | None
    published: str | None
    meets: Sequence[str]
    reliability: Reliability | None
    grade: Grade | None
    retracted: bool
    why: str | None
    day: str = field(repr=False)
    facts: Sequence[str] = field(repr=False)

    @property
    def look(self) -> str:
        """The name by which its mark is styled."""
        return "retracted" if self.retracted else str(self.bears)

    @property
    def known(self) -> str:
        """The facts with its event and the conditions that it meets, in one line."""
        event = [f"event {self.event}"] if self.event else []
        conditions = [f"meets {', '.join(self.meets)}"] if self.meets else []
        return "; ".join([*self.facts, *event, *conditions]) or "nothing else known"


@dataclass(frozen=True, repr=False)
class EvidenceList(Result, rows="pieces", of=Piece):
    """Every piece of evidence on a claim, what counts first."""

    claim: str
    pieces: tuple[Piece, ...]
    today: date = field(repr=False)

    def blocks(self) -> Sequence[Block]:
        if not self.pieces:
            return [Paragraph(f"{self.claim}: {none_on_file('evidence', Evidence.noun, self.lacks)}")]
        count = counted(len(self.pieces), "piece of evidence", "pieces of evidence")
        redactions = self.lacks.told_of(Evidence.noun) if self.lacks else ""
        more = [Paragraph(f"{FURTHER}: {redactions}")] if redactions else []
        return [Heading(f"{self.claim}: {count}", f"as of {self.today}"), *map(as_item, self.pieces), *more]


def worth(item: EvidenceItem, made_of: Tally) -> Worth:
    """Return what a piece of evidence is worth to a claim.

    Its event's standing in the tally decides; for a claim that is judged as a whole, only what the evidence says.
    """
    bears = item.bearing.bears
    if item.evidence.retracted or bears in BACKGROUND:
        return Worth.BACKGROUND
    event = item.event and item.event.slug
    standing = next((tallied.standing for tallied in made_of.events if tallied.event == event), None)
    if bears is Bears.OPPOSES or standing is Standing.CONTESTED:
        return Worth.CONTESTED
    has_events = made_of.claim.type is ClaimType.EVENTS
    counts = bears is Bears.SUPPORTS and (standing in COUNTED or not has_events)
    return Worth.COUNTS if counts else Worth.FALLS_SHORT


def last_that_counts(snapshot: Snapshot, made_of: Tally) -> EvidenceItem | None:
    """Find the latest dated evidence that counts for a claim or a part of its tree; None if there is none.

    From several of the same day it is the one with the best source.
    """
    dated = [item for item in _counting(snapshot, made_of) if world_day(item) < date.max]
    return max(dated, key=lambda item: (world_day(item), -GRADES.index(item.evidence.grade)), default=None)


def weighed(evidence: Sequence[EvidenceItem], made_of: Tally) -> list[tuple[Worth, list[EvidenceItem]]]:
    """Group evidence by its worth, in the order of Worth, without empty groups.

    What counts begins with the best sources; the other groups keep the order given.
    """
    groups: dict[Worth, list[EvidenceItem]] = {group: [] for group in Worth}
    for item in evidence:
        groups[worth(item, made_of)].append(item)
    groups[Worth.COUNTS].sort(key=lambda item: GRADES.index(item.evidence.grade))
    return [(group, items) for group, items in groups.items() if items]


def _evidence_facts(evidence: Evidence) -> list[str]:
    """Return what is known about a piece of evidence besides its content, as short texts."""
    facts = [
        evidence.publisher,
        f"{evidence.reliability} reliability" if evidence.reliability else None,
        f"{evidence.grade} source" if evidence.grade else None,
        HOW_READ[evidence.read] if evidence.read else None,
        f"published {evidence.published}" if evidence.published else evidence.dates_note,
    ]
    return [fact for fact in facts if fact]


def piece_of(claim: Claim, item: EvidenceItem) -> Piece:
    """Return one piece of evidence as a row."""
    bearing, evidence, event = item
    return Piece(
        claim=claim.slug,
        evidence=evidence.slug,
        title=evidence.title,
        link=evidence.link,
        bears=bearing.bears,
        event=event.slug if event else None,
        happened=event.happened if event else evidence.happened,
        published=evidence.published,
        meets=[condition.name for condition in claim.conditions if condition.name in bearing.meets],
        reliability=evidence.reliability,
        grade=evidence.grade,
        retracted=bool(evidence.retracted),
        why=bearing.why,
        day=item.dated or "no date",
        facts=_evidence_facts(evidence),
    )


def as_item(piece: Piece) -> Item:
    """Lay out one piece of evidence, with its facts, the conditions that it meets, and why it bears on the claim."""
    meets = f"meets {', '.join(piece.meets)}" if piece.meets else None
    return Item(
        day=piece.day,
        bears=f"RETRACTED, {piece.bears}" if piece.retracted else str(piece.bears),
        look=piece.look,
        about=f"{f' ({piece.event})' if piece.event else ''}  {piece.evidence}",
        title=piece.title,
        link=piece.link,
        notes=[note for note in ("; ".join(piece.facts) or "nothing else known", meets, piece.why) if note],
    )


def _counting(snapshot: Snapshot, made_of: Tally) -> list[EvidenceItem]:
    """Return the evidence that counts for a claim; for a tree, that of all its parts and their parts."""
    if made_of.parts:
        return [item for part in made_of.parts for item in _counting(snapshot, part.whole)]
    return [item for item in snapshot.evidence_on(made_of.claim) if worth(item, made_of) is Worth.COUNTS]
