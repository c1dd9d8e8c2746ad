"""Evidence on a card: what it is worth to a claim, and how one piece is laid out."""

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
FURTHER = "further evidence, of this claim or another"  # of a redacted copy, which no longer tells
BACKGROUND = {Bears.CONTEXT, Bears.BASE_RATE}  # says nothing of whether a claim came true
GRADES = [Grade.PRIMARY, Grade.ESTABLISHED, Grade.OTHER, None]  # the best source first


class Worth(StrEnum):
    """What evidence is worth to a claim, in the order in which a card shows it, as its headings say it."""

    COUNTS = "Evidence that counts"
    CONTESTED = "Contested, or against the claim"
    FALLS_SHORT = "Falls short"
    BACKGROUND = "Background, and what was taken back"


@dataclass(frozen=True)
class Piece:
    """One piece of evidence on a claim."""

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
    day: str = field(repr=False)  # of the world, under which it stands
    facts: Sequence[str] = field(repr=False)  # what else there is to know of it

    @property
    def look(self) -> str:
        """The kind of its mark."""
        return "retracted" if self.retracted else str(self.bears)

    @property
    def known(self) -> str:
        """What there is to know of it besides what it says, in one line."""
        about = [f"event {self.event}"] if self.event else []
        if self.meets:
            about.append(f"meets {', '.join(self.meets)}")
        return "; ".join([*self.facts, *about]) or "nothing else known"


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
        gone = self.lacks.told_of(Evidence.noun) if self.lacks else ""
        more = [Paragraph(f"{FURTHER}: {gone}")] if gone else []
        return [Heading(f"{self.claim}: {count}", f"as of {self.today}"), *map(as_item, self.pieces), *more]


def worth(item: EvidenceItem, made_of: Tally) -> Worth:
    """Weigh what is on file by its event's standing; on a claim that is judged as a whole, by what it says."""
    bears = item.bearing.bears
    if item.evidence.retracted or bears in BACKGROUND:
        return Worth.BACKGROUND
    event = item.event and item.event.slug
    standing = next((one.standing for one in made_of.events if one.event == event), None)
    if bears is Bears.OPPOSES or standing is Standing.CONTESTED:
        return Worth.CONTESTED
    whole = made_of.claim.type is not ClaimType.EVENTS
    counts = bears is Bears.SUPPORTS and (whole or standing in COUNTED)
    return Worth.COUNTS if counts else Worth.FALLS_SHORT


def last_that_counts(snapshot: Snapshot, made_of: Tally) -> EvidenceItem | None:
    """Find the latest dated evidence that counts for a claim or a part of its tree; of one day, the best source."""
    dated = [item for item in _counting(snapshot, made_of) if world_day(item) < date.max]
    return max(dated, key=lambda item: (world_day(item), -GRADES.index(item.evidence.grade)), default=None)


def weighed(evidence: Sequence[EvidenceItem], made_of: Tally) -> list[tuple[Worth, list[EvidenceItem]]]:
    """Group the evidence by its worth: what counts first, its best sources leading; the rest by the world's dates."""
    groups: dict[Worth, list[EvidenceItem]] = {weight: [] for weight in Worth}
    for item in evidence:
        groups[worth(item, made_of)].append(item)
    groups[Worth.COUNTS].sort(key=lambda item: GRADES.index(item.evidence.grade))
    return [(weight, items) for weight, items in groups.items() if items]


def _evidence_facts(evidence: Evidence) -> list[str]:
    """Say what there is to know of a piece of evidence besides what it says."""
    facts = [
        evidence.publisher,
        f"{evidence.reliability} reliability" if evidence.reliability else None,
        f"{evidence.grade} source" if evidence.grade else None,
        HOW_READ[evidence.read] if evidence.read else None,
        f"published {evidence.published}" if evidence.published else evidence.dates_note,
    ]
    return [fact for fact in facts if fact]


def piece_of(claim: Claim, found: EvidenceItem) -> Piece:
    """Return one piece of evidence as a row; the conditions it meets in the claim's own order."""
    bearing, evidence, event = found
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
        day=found.dated or "no date",
        facts=_evidence_facts(evidence),
    )


def as_item(piece: Piece) -> Item:
    """Lay out one piece: what it says, where it stands, how far to trust it and why it bears on the claim."""
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
    if made_of.parts:
        return [item for part in made_of.parts for item in _counting(snapshot, part.whole)]
    return [item for item in snapshot.evidence_on(made_of.claim) if worth(item, made_of) is Worth.COUNTS]
