"""Merge of an independent ledger: what it says about the claims that both ask comes in, as imported from it.

Two ledgers that never were one file share no entries, so nothing is compared by history: a record here and one there
with the same key say the same, or contradict each other. Claims themselves never come in.

The times there are those of another clock. A forecast that the other ledger witnessed counts here as published by that
ledger: its seals show in which order things were recorded, but that its clock was right, only its keeper vouches. What
this ledger itself witnessed is that the forecast was there when it was merged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime

from predictions.errors import InvalidValue, MergeConflict, Tampered
from predictions.numerals import counted, some_of
from predictions.recording.enter import Desk
from predictions.records import Forecast, Import, Merge
from predictions.snapshot import Snapshot
from predictions.status import Timing
from predictions.storage.checkpoints import Head
from predictions.storage.clock import is_scratch
from predictions.storage.imports import Imports
from predictions.storage.journal import Journal
from predictions.storage.rows import record_of
from predictions.storage.store import Store
from predictions.timestamps import spoken_moment
from predictions.trust.merge.imports import Copy
from predictions.trust.merge.offer import ONLY_THERE, Gathering, common_claims, source_of_ledger
from predictions.trust.merge.result import Merged, of_kind, refusal
from predictions.trust.merge.taking import Taking


def merge_ledger(
    journal: Journal, store: Store, other: Journal, *, me: str | None, settle: Mapping[str, str]
) -> Merged:
    """Take in what an independent ledger has on the claims that both ask, all of it or nothing.

    Args:
        journal: This ledger.
        store: Its records.
        other: The other ledger, verified and held at one moment.
        me: Who merges.
        settle: As for :func:`predictions.trust.merge.merge`.

    Raises:
        MergeConflict: Records contradict each other, and ``settle`` does not say which stands.
        InvalidValue: No claim is asked by both, or ``settle`` names what needs no settling.
        Tampered: The other ledger was rewritten since it was merged here before. In each case nothing was written.
    """
    head, theirs = other.head(), Store(other)
    with journal.writing() as writing:
        desk = Desk(store, writing, me, journal.now())
        _check_history(store, other, head)
        claims, asked_otherwise = common_claims(store, theirs)
        if not claims:
            raise InvalidValue(_nothing_in_common(other, asked_otherwise))
        source = source_of_ledger(other.ledger_id, me)
        imports = Imports(other.connection)
        _check_not_ahead(other, head, desk.now)
        snapshot = Snapshot.of(theirs.recorded(head.size), head=head.short, as_of=desk.now, today=None)
        # In a ledger whose own clock is set by hand nobody relies on any time.
        clock_counts = not is_scratch(other.ledger_id) or is_scratch(journal.ledger_id)
        offer = Gathering(snapshot, imports, source, clock_counts=clock_counts).offer(claims)
        taking = Taking(desk, offer, Copy(other, _imports(theirs), {}, frozenset(claims)), settle)
        taking.decide()
        if taking.anything:
            store.put(writing, Merge(ledger_id=head.ledger_id, size=head.size, root=head.root.hex(), recorded_by=me))
            taking.record(source)
        if taking.conflicts:
            raise MergeConflict(refusal(taking.conflicts, head), taking.conflicts)
        added = writing.entries + 1 if writing.entries else 0  # and the seal
    left_out = tuple(dict.fromkeys((*asked_otherwise, *offer.left_out, *taking.left_out)))
    with journal.reading():
        our_head = journal.head()
    if not added:
        return Merged("nothing new", 0, our_head, head, left_out=left_out, other=str(other.path))
    notes = (_brought(claims, taking, head), *_times(taking, clock_counts=clock_counts))
    way = "merge of another ledger"
    return Merged(way, added, our_head, head, left_out=left_out, notes=notes, other=str(other.path))


def _check_not_ahead(other: Journal, head: Head, now: datetime) -> None:
    """Refuse a ledger that recorded something later than this clock shows; InvalidValue.

    Its records would be hidden until that moment, or hide what is said here before it.
    """
    if other.size_at(now) < head.size:
        _, last = other.sealed_head(head)
        raise InvalidValue(
            f"{str(other.path)!r} was written at {spoken_moment(last)} by its clock, and here it is "
            f"{spoken_moment(now)}; set the wrong clock right, or merge later"
        )


def _nothing_in_common(other: Journal, asked_otherwise: Collection[str]) -> str:
    """Refuse a ledger that asks nothing alike; claims of a slug that is asked here otherwise are named."""
    named = some_of([remark for remark in asked_otherwise if not remark.endswith(ONLY_THERE)])
    aside = f" ({named})" if named else ""
    return (
        f"{str(other.path)!r} has no claim that is asked here in the same words{aside}; import its table, written by: "
        f'Ledger({str(other.path)!r}).export("table", FILE)'
    )


def _imports(theirs: Store) -> dict[int, Import]:
    return {row.entry: record_of(Import, row) for row in theirs.rows(Import)}


def _brought(claims: Collection[str], taking: Taking, head: Head) -> str:
    """Return the line that sums up what was taken from the other ledger, which has *head*."""
    kinds = Counter(item.cls.noun for item in (*taking.items, *taking.verdicts))
    kinds[Forecast.noun] += taking.in_blocks
    counts = [of_kind(noun, count) for noun, count in kinds.items() if count]
    dissents = sum(bool(verdict.fields.get("dissent")) for verdict in taking.verdicts)
    dissenting = f" ({counted(dissents, 'dissent')})" if dissents else ""
    lead = f"{counted(len(claims), 'claim')} in common with its head {head.short}"
    return f"{lead}: {', '.join(counts) or 'nothing new'}{dissenting}"


def _times(taking: Taking, *, clock_counts: bool) -> list[str]:
    """Return a line that counts how the times of the taken forecasts are known here; no line without forecasts.

    *clock_counts* is False if the clock of the other ledger was set by hand.
    """
    timings, counts = taking.timings, []
    if witnessed := timings[Timing.WITNESSED]:
        after = f" ({taking.after_answer:,} after the answer)" if taking.after_answer else ""
        counts.append(f"{witnessed:,} witnessed{after}")
    counts += [f"{timings[way]:,} {way}" for way in (Timing.PUBLISHED, Timing.BACKDATED) if timings[way]]
    lead = "times, on its word" if clock_counts else "times (its clock was set by hand)"
    return [f"{lead}: {', '.join(counts)}"] if counts else []


def _check_history(store: Store, other: Journal, head: Head) -> None:
    """Check that heads of the other ledger that were merged here before are still its own.

    This ledger keeps them, under its own clock: what stood under such a head then cannot have been changed unseen.
    """
    for merged in store.standing(Merge):
        before = Head(merged.size, bytes.fromhex(merged.root), merged.ledger_id)
        if before.ledger_id != other.ledger_id or other.knows(before):
            continue
        # An older copy is no rewriting: its keeper may have sent last month's file. Only a head that is gone is one.
        if before.size > head.size:
            raise InvalidValue(
                f"{str(other.path)!r} has {head.size} entries, and was merged here with {before.size}, as head "
                f"{before.short}; merge its newest copy"
            )
        raise Tampered(
            f"{str(other.path)!r} was rewritten since it was merged here: head {before.short} is none of its heads "
            "any more; nothing was written"
        )
