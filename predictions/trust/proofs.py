"""Portable proofs: that a record is under a head, and that an old head is a prefix of a newer one.

A proof is a small JSON text. ``docs/format.md`` describes it, ``docs/verify_proof.py`` checks it without this library.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from predictions.errors import InvalidValue, NotFound, Tampered
from predictions.invisible import json_of
from predictions.render.blocks import Block, Heading, Pairs, Paragraph
from predictions.render.result import Result, Value
from predictions.storage.canonical import Plain, canonical
from predictions.storage.checkpoints import CopyHead, Head, check_proves, read_head, same_ledger
from predictions.storage.journal import Journal
from predictions.storage.merkle import check_consistency, check_inclusion, consistency_proof, inclusion_proof, leaf_hash
from predictions.storage.store import Store
from predictions.trust.entry_lookup import find_entries

PROOF_FORMAT = "prediction-ledger-proof/1"
COMPARISON_FORMAT = "prediction-ledger-consistency/1"


@dataclass(frozen=True)
class Placed:
    """One entry and its place in the tree.

    Attributes:
        index: The entry's number.
        salt: The salt of its leaf.
        content: Its canonical bytes, as text.
        path: The hashes that lead from its leaf to the root.
    """

    index: int
    salt: bytes
    content: str
    path: tuple[bytes, ...]

    @property
    def fields(self) -> dict[str, Plain]:
        """Return the fields in the content."""
        fields: dict[str, Plain] = json.loads(self.content)
        return fields

    def stands_under(self, head: Head) -> bool:
        """Return whether the path leads from this entry to the head's root."""
        leaf = leaf_hash(self.salt, self.content.encode())
        # Salt and content are hashed together: with a salt of another length, other content would have the same hash.
        return len(self.salt) == 16 and check_inclusion(leaf, self.index, head.size, self.path, head.root)

    def to_dict(self) -> dict[str, Value]:
        return {
            "index": self.index,
            "salt": self.salt.hex(),
            "content": self.content,
            "path": [node.hex() for node in self.path],
        }


class Portable(Result):
    """A result that is handed to others as JSON, and can be checked anywhere."""

    @property
    def text(self) -> str:
        """Return the proof as JSON, to hand to anybody.

        It has only the keys of the format, because a checker refuses others.
        """
        fields = {name: value for name, value in self.to_dict().items() if name != "redacted"}
        return json_of(fields, indent=2) + "\n"


@dataclass(frozen=True, repr=False)
class Proof(Portable):
    """A proof that one record is in the ledger with a head, and under a seal, which says when it was recorded.

    Attributes:
        head: The head.
        record: The record's entry.
        seal: The entry of the seal over it.
    """

    head: Head
    record: Placed
    seal: Placed

    def fault(self) -> str | None:
        """Return why the proof does not hold, as a sentence; None if it holds."""
        if not self.record.stands_under(self.head):
            return "the record does not stand under the head"
        if not self.seal.stands_under(self.head):
            return "the seal does not stand under the head"
        sealed = self.seal.fields
        first, index = sealed.get("first"), sealed.get("index")
        if sealed.get("record") != "seal" or index != self.seal.index or not isinstance(first, int):
            return "what is given as the seal is none"
        # Later seals are under the head as well; only the one over the record says when it was recorded.
        if not first <= self.record.index <= self.seal.index:
            return "the seal is not the one over the record"
        return None

    def blocks(self) -> Sequence[Block]:
        """Return the proof for the screen, with the fields of the record."""
        fields = self.record.fields
        pairs = [(name, value if isinstance(value, str) else json.dumps(value)) for name, value in fields.items()]
        return [
            Heading(f"proof: entry {self.record.index}, a {fields.get('record')}, stands under head {self.head.short}"),
            Pairs([(name, str(value)) for name, value in pairs if name != "record"]),
            Paragraph(f"recorded {self.seal.fields.get('recorded_at')}, as its seal says"),
            Paragraph(f"head {self.head} of ledger {self.head.ledger_id}"),
        ]

    def rows(self) -> list[dict[str, Value]]:
        return [self.record.to_dict(), self.seal.to_dict()]

    def to_dict(self) -> dict[str, Value]:
        return {
            "format": PROOF_FORMAT,
            "checkpoint": self.head.checkpoint(),
            "record": self.record.to_dict(),
            "seal": self.seal.to_dict(),
        }


@dataclass(frozen=True, repr=False)
class Comparison(Portable):
    """A proof that an earlier head is a prefix of a later one: nothing before it was changed since.

    Attributes:
        old: The earlier head.
        new: The later head.
        path: The hashes that show it.
    """

    old: Head
    new: Head
    path: tuple[bytes, ...]

    def fault(self) -> str | None:
        """Return why the proof does not hold, as a sentence; None if it holds."""
        if check_consistency(self.old.size, self.new.size, self.old.root, self.new.root, self.path):
            return None
        return "the old head is not a prefix of the new one"

    def blocks(self) -> Sequence[Block]:
        return [
            Heading(f"head {self.old.short} is a prefix of head {self.new.short}"),
            Paragraph(f"{self.new.size - self.old.size:,} entries since; hashes that show it: {len(self.path)}"),
        ]

    def to_dict(self) -> dict[str, Value]:
        return {
            "format": COMPARISON_FORMAT,
            "old": self.old.checkpoint(),
            "new": self.new.checkpoint(),
            "path": [node.hex() for node in self.path],
        }


def prove(journal: Journal, store: Store, record: str | int, *, head: object = None) -> Proof:
    """Prove that the latest revision of a record is under the latest head, or under an earlier *head*.

    Raises:
        NotFound: The record is not under that head, or its body was redacted.
        Tampered: The file contradicts itself.
    """
    at = journal.head()
    if head is not None:
        earlier = same_ledger(read_head(head), journal.ledger_id)
        at, _ = journal.prefix(earlier)
    found_record = find_entries(store, record)
    entries = [entry for entry in found_record.entries if entry < at.size]
    if not entries:
        raise NotFound(f"{found_record.noun} {found_record.name} was recorded after head {at.short}")
    leaves = _leaves(journal, at)
    seal = journal.seal_over(entries[-1])
    proved_head = CopyHead.of(at, len(journal.redacted(at.size)))
    proof = Proof(
        proved_head, _placed(journal, store, entries[-1], leaves), _placed(journal, store, seal.entry, leaves)
    )
    if fault := proof.fault():
        raise Tampered(f"no proof of {found_record.noun} {found_record.name} can be given: {fault}; run verify")
    return proof


def prove_prefix(journal: Journal, old: object) -> Comparison:
    """Prove that an earlier head, which was kept elsewhere, is a prefix of today's ledger.

    Raises:
        Tampered: It is not a prefix.
        InvalidValue: It is a head of another ledger, or a shortened one.
    """
    before, now = check_proves(same_ledger(read_head(old), journal.ledger_id)), journal.head()
    if before.size > now.size:
        raise Tampered(f"head {before.short} is of a longer ledger than this one, of {now.size} entries; run verify")
    path = consistency_proof(_leaves(journal, now), before.size, now.size)
    new_head = CopyHead.of(now, len(journal.redacted(now.size)))
    comparison = Comparison(before._replace(ledger_id=journal.ledger_id), new_head, tuple(path))
    if comparison.fault():
        raise Tampered(f"head {before.short} is no prefix of this ledger; verify with it names where they part")
    return comparison


def proof_of_prefix(journal: Journal, heads: Sequence[Head] | None) -> Comparison:
    """Prove that the one head that was given is a prefix of today's ledger; the result notes what a copy lacks.

    Raises:
        InvalidValue: No head was given, or several: a proof takes exactly one.
    """
    if heads is None or len(heads) != 1:
        raise InvalidValue("proof= proves that one earlier head is a prefix; give that one, head=")
    return prove_prefix(journal, heads[0]).saying(journal.lacks())  # what a redacted copy no longer holds


def _leaves(journal: Journal, head: Head) -> Sequence[bytes]:
    """Return the leaves under a head; Tampered if the file has another number of them."""
    leaves = journal.leaves(head.size)
    if len(leaves) != head.size:
        raise Tampered(f"there are {len(leaves)} entries under the head of {head.size}; run verify")
    return leaves


def _placed(journal: Journal, store: Store, n: int, leaves: Sequence[bytes]) -> Placed:
    """Return entry *n* with its path to the root over *leaves*; NotFound if its body was redacted."""
    if n >= len(leaves):
        raise Tampered(f"entry {n} stands outside the tree of its seal; run verify")
    noun, fields = store.content(n)
    salt = journal.salt_of(n, journal.seal_over(n))
    if fields is None or salt is None:
        raise NotFound(f"the body of entry {n} is not in this copy: it was redacted")
    return Placed(n, salt, canonical(noun, fields).decode(), tuple(inclusion_proof(leaves, n)))
