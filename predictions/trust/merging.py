"""Merge: this ledger takes in what another copy of it recorded since the two went apart.

A copy that only went on is taken over as it is, seals and all. Where both went on, what is missing here is recorded
here anew, under this clock and one seal that names the other's head; the receiver's old heads stay good. A merge
that put the other's entries between ours would break them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from predictions.canonical import Plain
from predictions.display import Block, Heading, Paragraph, Shown, Value
from predictions.errors import InvalidValue, MergeConflict, Tampered
from predictions.heads import Head
from predictions.journal import Journal, Writing
from predictions.placing import path_of
from predictions.records import RECORDS, Forecast, Merge, Record, Resolution
from predictions.store import Store
from predictions.trust.forwarding import fast_forward
from predictions.trust.reconciling import WORDS, Item, Plan, nothing_to_settle, reconcile
from predictions.trust.verify import verify

LISTED = 20
WITNESSED = timedelta(minutes=5)


@dataclass(frozen=True, repr=False)
class Merged(Shown):
    """What a merge added, by which way, and what it left out."""

    way: str  # "nothing new", "fast-forward" or "merge"
    added: int
    head: Head
    other: Head
    late: int = 0
    left_out: tuple[str, ...] = ()

    def blocks(self) -> Sequence[Block]:
        found: list[Block] = [Heading(f"{self.way}: {self.added} entries added")]
        if self.late:
            found.append(
                Paragraph(
                    f"{self.late} forecasts came more than five minutes after they were made: this copy did not "
                    "witness their time, and counts it as claimed",
                    2,
                )
            )
        found += [Paragraph(f"left out: {name}", 2) for name in self.left_out]
        found.append(Paragraph(f"other head {self.other}"))
        found.append(Paragraph(f"head {self.head}"))
        return found

    def rows(self) -> list[dict[str, Value]]:
        return [self.to_dict()]

    def to_dict(self) -> dict[str, Value]:
        return {
            "way": self.way, "added": self.added, "head": str(self.head), "other_head": str(self.other),
            "late": self.late, "left_out": list(self.left_out),
        }  # fmt: skip


def merge(
    journal: Journal, store: Store, path: str | os.PathLike[str], *, me: str | None, settle: Mapping[str, str]
) -> Merged:
    """Take in what the copy at *path* has and this ledger has not.

    Raises MergeConflict, which lists them, where records contradict each other and ``settle`` does not say which
    stands; InvalidValue for a file that is no other copy of this ledger, and for a settlement of what needs none;
    Tampered where it does not verify. Nothing was written then.
    """
    with closing(_opened(journal, path_of(path))) as other, other.reading():
        theirs = Store(other)
        found = verify(other, theirs)
        if not found.ok:
            raise Tampered(f"{str(path)!r} does not verify, and was not merged: {found.faults[0]}")
        head = other.head()
        with journal.reading():
            ours = journal.head()
            known, ahead = journal.knows(head), other.knows(ours)
        if (known or ahead) and settle:
            raise InvalidValue(nothing_to_settle(next(iter(settle))))
        if known:
            return Merged("nothing new", 0, ours, head)
        if ahead:
            added = fast_forward(journal, store, other)
            return Merged("fast-forward", added, head, head)
        return _merge_apart(journal, store, (other, theirs, head), me, settle)


def _opened(journal: Journal, path: Path) -> Journal:
    if path.exists() and path.samefile(journal.path):
        raise InvalidValue(f"{str(path)!r} is this ledger itself; merge another copy of it")
    other = Journal(path)
    if other.ledger_id != journal.ledger_id:
        other.close()
        raise InvalidValue(
            f"{str(path)!r} is another ledger, {other.ledger_id}, and no copy of this one, {journal.ledger_id}; "
            "only copies can be merged"
        )
    return other


def _merge_apart(
    journal: Journal, store: Store, other: tuple[Journal, Store, Head], me: str | None, settle: Mapping[str, str]
) -> Merged:
    their_journal, their_store, head = other
    with journal.writing() as writing:
        common = max(size for size, root in journal.heads() if their_journal.knows(Head(size, root)))
        since = max([common, *_merged_sizes(store, their_journal)])
        plan = reconcile(_items(store), _items(their_store), common=common, since=since, settle=settle)
        if plan.conflicts:
            raise MergeConflict(_told(plan, head), plan.conflicts)
        late = 0
        if plan.records or not WORDS.isdisjoint(settle.values()):  # else the next merge would ask the same again
            named = Merge(ledger_id=head.ledger_id, size=head.size, root=head.root.hex(), recorded_by=me)
            store.put(writing, named)
            late = _enter(store, writing, plan.records, head, journal.now())
        added = writing.entries + 1 if writing.entries else 0  # and the seal
        gone = [f"entry {n} there, whose body was redacted" for n in their_journal.redacted(head.size) if n >= since]
    with journal.reading():
        way = "merge" if added else "nothing new"
        return Merged(way, added, journal.head(), head, late, tuple(dict.fromkeys(plan.left_out + gone)))


def _merged_sizes(store: Store, other: Journal) -> list[int]:
    """The sizes of the other's heads that were merged here before."""
    heads = [Head(one.size, bytes.fromhex(one.root)) for one in store.standing(Merge)]
    return [head.size for head in heads if other.knows(head)]


def _items(store: Store) -> list[Item]:
    found = [Item(row.entry, cls, row.fields) for cls in RECORDS for row in store.rows(cls)]
    return sorted(found, key=lambda item: item.entry)


def _enter(store: Store, writing: Writing, items: Sequence[Item], head: Head, now: datetime) -> int:
    """Record the items as the next revision or verdict of each; how many forecasts came late comes back."""
    late = 0
    for item in items:
        record = item.cls.model_validate({**item.fields, **_turn(store, item.cls, item.fields, head)})
        store.put(writing, record)
        if isinstance(record, Forecast) and now - record.made_at > WITNESSED:
            late += 1
    return late


def _turn(store: Store, cls: type[Record], fields: Mapping[str, Plain], head: Head) -> dict[str, Plain]:
    """In which turn the record comes here; a correction needs a reason, also where there it was the first word."""
    if cls is Resolution:
        known = store.revisions(Resolution, claim=str(fields["claim"]))
        return {"number": 1 + max((one.number for one in known), default=0), "revision": 1}
    key = {name: _key(fields[name]) for name in cls.key}
    standing = list(store.entered(cls, **key))
    if not standing:
        return {"revision": 1}
    revision = max(int(str(row.fields["revision"])) for row in standing) + 1
    return {"revision": revision, "reason": fields.get("reason") or f"as in the copy with head {head.short}"}


def _key(value: Plain) -> str | int:
    return value if isinstance(value, int) else str(value)


def _told(plan: Plan, head: Head) -> str:
    listed = [f"({place}) {name}: {what}" for place, (name, what) in enumerate(plan.conflicts.items(), 1)]
    more = f"; and {len(listed) - LISTED} more" if len(listed) > LISTED else ""
    count = "1 record contradicts that" if len(listed) == 1 else f"{len(listed)} records contradict those"
    return (
        f"{count} of head {head.short}, so nothing was merged; correct them in either copy, or say for each by its "
        f"name which stands, 'this' or 'other', or a new slug for the other's: settle=; {'; '.join(listed[:LISTED])}"
        + more
    )
