"""Evidence on a card: what it is worth to a claim, and how one piece is laid out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from predictions.display import Item
from predictions.kinds import Bears, ClaimType, Grade, Read
from predictions.records import Evidence
from predictions.snapshot import OnFile, Snapshot, world_day
from predictions.tally import COUNTED, Standing, Tally

HOW_READ = {Read.PAGE: "page read", Read.SUMMARY: "only a summary read", Read.CITATION: "only cited, page not read"}
GRADES = [Grade.PRIMARY, Grade.ESTABLISHED, Grade.OTHER, None]  # the best source first


class Worth(StrEnum):
    """What evidence is worth to a claim, in the order in which a card shows it, as its headings say it."""

    COUNTS = "Evidence that counts"
    CONTESTED = "Contested, or against the claim"
    FALLS_SHORT = "Falls short"
    BACKGROUND = "Background, and what was taken back"


def worth(item: OnFile, made_of: Tally) -> Worth:
    """Weigh what is on file by its event's standing; on a claim that is judged as a whole, by what it says."""
    bears = item.bearing.bears
    if item.evidence.retracted or bears in {Bears.CONTEXT, Bears.BASE_RATE}:
        return Worth.BACKGROUND
    standing = next((event.standing for event in made_of.events if event.event == item.event), None)
    if bears is Bears.OPPOSES or standing is Standing.CONTESTED:
        return Worth.CONTESTED
    whole = made_of.claim.type is not ClaimType.EVENTS
    counts = bears is Bears.SUPPORTS and (whole or standing in COUNTED)
    return Worth.COUNTS if counts else Worth.FALLS_SHORT


def last_that_counts(snapshot: Snapshot, made_of: Tally) -> OnFile | None:
    """Find the latest dated evidence that counts for a claim or a part of its tree; of one day, the best source."""
    dated = [item for item in _counting(snapshot, made_of) if world_day(item) < date.max]
    return max(dated, key=lambda item: (world_day(item), -GRADES.index(item.evidence.grade)), default=None)


def weighed(evidence: Sequence[OnFile], made_of: Tally) -> list[tuple[Worth, list[OnFile]]]:
    """Group the evidence by its worth: what counts first, its best sources leading; the rest by the world's dates."""
    groups: dict[Worth, list[OnFile]] = {weight: [] for weight in Worth}
    for item in evidence:
        groups[worth(item, made_of)].append(item)
    groups[Worth.COUNTS].sort(key=lambda item: GRADES.index(item.evidence.grade))
    return [(weight, items) for weight, items in groups.items() if items]


def world_date(item: OnFile) -> str:
    """The day of the world that evidence stands under: its event's, else what it reports, else its publication."""
    return (item.event and item.event.happened) or item.evidence.happened or item.evidence.published or "no date"


def facts_of(evidence: Evidence) -> list[str]:
    """What there is to know of a piece of evidence besides what it says."""
    facts = [
        evidence.publisher,
        f"{evidence.reliability} reliability" if evidence.reliability else None,
        f"{evidence.grade} source" if evidence.grade else None,
        HOW_READ[evidence.read] if evidence.read else None,
        f"published {evidence.published}" if evidence.published else evidence.dates_note,
    ]
    return [fact for fact in facts if fact]


def as_item(found: OnFile, met: Sequence[str]) -> Item:
    """Lay out one piece: what it says, where it stands, how far to trust it and why it bears on the claim."""
    evidence, bearing = found.evidence, found.bearing
    notes = ["; ".join(facts_of(evidence)) or "nothing else known"]
    if met:
        notes.append(f"meets {', '.join(met)}")
    if bearing.why:
        notes.append(bearing.why)
    about = f" ({found.event.slug})" if found.event else ""
    return Item(
        day=world_date(found),
        bears=f"RETRACTED, {bearing.bears}" if evidence.retracted else str(bearing.bears),
        look="retracted" if evidence.retracted else str(bearing.bears),
        about=f"{about}  {evidence.slug}",
        title=evidence.title,
        link=evidence.link,
        notes=notes,
    )


def _counting(snapshot: Snapshot, made_of: Tally) -> list[OnFile]:
    if made_of.parts:
        return [item for part in made_of.parts for item in _counting(snapshot, part.tally)]
    return [item for item in snapshot.evidence_on(made_of.claim) if worth(item, made_of) is Worth.COUNTS]
