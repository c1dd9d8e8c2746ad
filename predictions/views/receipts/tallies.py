"""Say in the receipts of `correct` and `retract` what the tallies of the claims concerned are now."""

from __future__ import annotations

from collections.abc import Iterable

from predictions.numerals import counted, some_of
from predictions.records import Bearing, Claim, Event, Evidence, Record
from predictions.snapshot import Snapshot
from predictions.tally.result import Tally
from predictions.tally.tally import outside_window, tally

MOST_CLAIMS = 2  # claims that have a line each
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
    """Return lines on the tallies that a correction may have changed; none if no claim is concerned.

    Args:
        snapshot: The claims, events, evidence and bearings on file now.
        record: What was corrected or taken back, as it is now: a claim, an event, evidence or a bearing.
    """
    slugs = _claims_concerned(snapshot, record)
    lines = _dropped_conditions(snapshot, record) if isinstance(record, Claim) else []
    lines += [_tally_line(snapshot, record, slug) for slug in slugs[:MOST_CLAIMS]]
    left_out = len(slugs) - MOST_CLAIMS
    return [*lines, f"and it moves {counted(left_out, 'more claim')}"] if left_out > 0 else lines


def _claims_concerned(snapshot: Snapshot, record: Record) -> list[str]:
    """List the slugs of the claims whose tally a record may change; a claim without evidence has nothing to tally."""
    if isinstance(record, Claim):
        return [record.slug] if snapshot.evidence_on(record) else []
    if isinstance(record, Bearing):
        return [record.claim]
    field = "event" if isinstance(record, Event) else "evidence"
    slug = getattr(record, "slug", None)
    return list(dict.fromkeys(bearing.claim for bearing in snapshot.all(Bearing) if getattr(bearing, field) == slug))


def _tally_line(snapshot: Snapshot, record: Record, slug: str) -> str:
    """Return the line on the tally of one claim."""
    claim = snapshot.find(Claim, slug)
    claim_tally = tally(snapshot, claim)
    if claim_tally.is_empty:  # it has no tally, and the card shows none either
        return f"{slug}: no evidence is for or against it now"
    return f"tally of {slug}: {claim_tally.short}{_if_outside(claim_tally, record)}"


def _if_outside(claim_tally: Tally, record: Record) -> str:
    """Return in parentheses that a corrected event of the tally is outside the claim's window now; "" if it is not.

    The tally in one line passes over events outside the window, so that the event would just be missing from it.
    """
    if not isinstance(record, Event) or record.slug not in {event.event for event in claim_tally.events}:
        return ""
    why = outside_window(claim_tally.claim, record.happened)
    return f" ({record.slug} {why})" if why else ""


def _dropped_conditions(snapshot: Snapshot, claim: Claim) -> list[str]:
    """Return a line for each condition that a correction dropped, with the evidence that met it."""
    before: Claim = snapshot.revisions(Claim, claim.slug)[-2].record
    names = {condition.name for condition in claim.conditions}
    lines = []
    for name in [condition.name for condition in before.conditions if condition.name not in names]:
        met_by = [item.evidence.slug for item in snapshot.evidence_on(claim) if name in item.bearing.meets]
        met = f"; it was met by {some_of(met_by, MOST_NAMES)}" if met_by else ""
        lines.append(f"condition {name} is asked no more{met}")
    return lines
