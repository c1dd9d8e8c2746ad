"""What a correction, or taking evidence back, makes of the tallies of the claims that it touches."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from predictions.numerals import counted, some_of
from predictions.records import Bearing, Claim, Event, Evidence, Record
from predictions.snapshot import Snapshot
from predictions.tally.result import Tally
from predictions.tally.tally import outside_window, tally

MOST_CLAIMS = 2  # claims of which each has a line
MOST_NAMES = 2  # pieces of evidence that are named
_TALLYING: dict[type[Record], frozenset[str]] = {  # the fields of each kind of record that a tally reads
    Bearing: frozenset({"bears", "event", "meets"}),
    Event: frozenset({"happened"}),
    Evidence: frozenset({"grade", "link", "publisher", "retracted"}),
    Claim: frozenset({"at_least", "conditions", "deadline", "opens_on", "sourcing"}),
}


def moves_tally(record: Record, fields: Iterable[str]) -> bool:
    """Return whether a tally reads one of these fields of a record."""
    return not _TALLYING.get(type(record), frozenset()).isdisjoint(fields)


def retallied(snapshot: Snapshot, record: Record) -> list[str]:
    """Say what the evidence on file now makes of each claim that a record is about.

    Args:
        snapshot: What is on file now: claims, events, evidence and what it says of claims.
        record: A claim, an event, evidence, or what evidence says of a claim, as it was corrected or taken back.
    """
    slugs = _touched_by(snapshot, record)
    lines = _asked_no_more(snapshot, record) if isinstance(record, Claim) else []
    lines += map(partial(_made_of, snapshot, record), slugs[:MOST_CLAIMS])
    left_out = len(slugs) - MOST_CLAIMS
    return [*lines, f"and it moves {counted(left_out, 'more claim')}"] if left_out > 0 else lines


def _touched_by(snapshot: Snapshot, record: Record) -> list[str]:
    """List the slugs of the claims whose evidence a record touches; a claim only if it has evidence."""
    if isinstance(record, Claim):
        return [record.slug] if snapshot.evidence_on(record) else []
    if isinstance(record, Bearing):
        return [record.claim]
    field = "event" if isinstance(record, Event) else "evidence"
    slug = getattr(record, "slug", None)
    return list(dict.fromkeys(one.claim for one in snapshot.all(Bearing) if getattr(one, field) == slug))


def _made_of(snapshot: Snapshot, record: Record, slug: str) -> str:
    """Say the tally of one claim, and that what the record reports lies outside its window if it does."""
    claim = snapshot.find(Claim, slug)
    made_of = tally(snapshot, claim)
    return f"tally of {slug}: {made_of.short}{_outside(claim, made_of, record)}"


def _outside(claim: Claim, made_of: Tally, record: Record) -> str:
    if not isinstance(record, Event) or record.slug not in {one.event for one in made_of.events}:
        return ""
    why = outside_window(claim, record.happened)
    return f" ({record.slug} {why})" if why else ""


def _asked_no_more(snapshot: Snapshot, claim: Claim) -> list[str]:
    """Name the conditions that a correction dropped, each with the evidence that met it."""
    before: Claim = snapshot.revisions(Claim, claim.slug)[-2:][0].record
    names = {one.name for one in claim.conditions}
    lines = []
    for name in (one.name for one in before.conditions if one.name not in names):
        met_by = [item.evidence.slug for item in snapshot.evidence_on(claim) if name in item.bearing.meets]
        met = f"; it was met by {some_of(met_by, MOST_NAMES)}" if met_by else ""
        lines.append(f"condition {name} is asked no more{met}")
    return lines
