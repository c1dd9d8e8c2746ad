"""The verbs by which an open ledger shows that it can be believed, and is kept from loss."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace

import predictions
from predictions.errors import InvalidValue, NotFound, short_repr
from predictions.fields import check_flags
from predictions.storage.checkpoints import CopyHead, Head
from predictions.storage.files import write_text
from predictions.storage.journal import Journal
from predictions.storage.store import Store


class Trusted:
    """What a ledger offers to sceptics, and against loss; it delegates."""

    me: str | None
    _journal: Journal
    _store: Store

    def verify(
        self, *, head: Head | str | Sequence[Head | str] | None = None, key: str | None = None, deep: bool = False
    ) -> predictions.trust.verification_report.Verification:
        """Recompute every hash from the rows; with heads kept elsewhere, check that each is a prefix.

        A head is one of :meth:`head`, its text, or a checkpoint's; with ``key``, a public key as :meth:`keygen`
        gives it, each must be a checkpoint which that key signed. ``deep`` adds what SQLite says of
        unused pages and foreign keys.
        """
        from predictions.trust.signatures import signed_heads
        from predictions.trust.verify import verify

        check_flags(deep=deep)
        if head is None and key is not None:
            raise InvalidValue("key= checks the signature under a head; give the signed one, head=")
        heads, remarks = (None, ()) if head is None else signed_heads(head, key)
        with self._journal.reading(to_verify=True):
            found = verify(self._journal, self._store, head=heads, deep=deep)
        return replace(found, remarks=found.remarks + remarks)

    def head(self) -> Head:
        """Size and root of the ledger now: keep it elsewhere, and any later rewriting is found."""
        with self._journal.reading():
            head = self._journal.head()
            return CopyHead.of(head, len(self._journal.redacted(head.size)))

    def sign_head(self, key: str | os.PathLike[str]) -> str:
        """The head now as a signed checkpoint, with the key in the file that :meth:`keygen` wrote."""
        from predictions.trust.signatures import key_in, sign_head

        return sign_head(self.head(), key_in(key))

    def prove(
        self, record: str | int, *, head: Head | str | None = None, to: str | os.PathLike[str] | None = None
    ) -> predictions.trust.proofs.Proof | predictions.trust.block_proofs.BlockProof:
        """The portable proof that a record stands in this ledger: a slug, "claim forecaster", an entry's number.

        With an earlier *head*, that it stood there already. ``proof.text`` is what to hand on, and is written into
        the new file that ``to`` names. That of an imported forecast discloses its whole block, and says so.
        """
        from predictions.trust.entry_lookup import series_in
        from predictions.trust.proofs import prove

        with self._journal.reading():
            proof: predictions.trust.proofs.Proof | predictions.trust.block_proofs.BlockProof
            try:
                proof = prove(self._journal, self._store, record, head=head)
            except NotFound:
                words = series_in(record)
                if len(words) != 2 or not self._store.imported(self._journal.head().size):
                    raise
                from predictions.trust.block_proofs import prove_imported

                proof = prove_imported(self._journal, self._store, *words, head=head)
            lacks = self._journal.lacks()
        if to is not None:
            write_text(to, proof.text, like=self._journal.path)
        return proof.saying(lacks)

    def compare(
        self, head: Head | str, *, to: str | os.PathLike[str] | None = None
    ) -> predictions.trust.proofs.Comparison:
        """The proof that an earlier head, kept elsewhere, is a prefix of this ledger; ``to`` as for :meth:`prove`."""
        from predictions.trust.proofs import compare

        with self._journal.reading():
            comparison = compare(self._journal, head)
            lacks = self._journal.lacks()
        if to is not None:
            write_text(to, comparison.text, like=self._journal.path)
        return comparison.saying(lacks)

    def keygen(self, path: str | os.PathLike[str]) -> str:
        """Make a key that signs this ledger's heads, in a new file of one's own; the public key comes back."""
        from predictions.trust.signatures import new_key

        return new_key(path, self.head().origin)

    def backup(self, path: str | os.PathLike[str], *, force: bool = False) -> predictions.trust.backup.Backup:
        """Copy the ledger into a new file, verified whole; others may go on writing meanwhile."""
        from predictions.trust.backup import backup

        check_flags(force=force)
        return backup(self._journal, path, force=force).saying(self._journal.lacks())

    def merge(
        self, other: str | os.PathLike[str], *, settle: Mapping[str, str] | None = None
    ) -> predictions.trust.merge.Merged:
        """Take in what another copy of this ledger recorded since the two went apart.

        Where both say different things of a record, nothing is written until ``settle`` says for each, by its name,
        whether ``this`` or the ``other`` stands, or gives the slug under which the other's comes in.
        """
        from predictions.trust.merge import merge

        if settle is not None and not isinstance(settle, Mapping):
            raise InvalidValue(
                f"settle: {short_repr(settle)} is no mapping of records to 'this', 'other' or a new slug"
            )
        found = merge(self._journal, self._store, other, me=self.me, settle=settle or {})
        return found.saying(self._journal.lacks())

    def redact(
        self, records: str | int | Sequence[str | int], *, to: str | os.PathLike[str], with_references: bool = False,
        force: bool = False,
    ) -> predictions.trust.redact.Redaction:  # fmt: skip
        """Copy the ledger without the bodies of some records; every root and head still holds in the copy.

        What refers to them goes along only if ``with_references`` says so.
        """
        from predictions.trust.redact import redact

        check_flags(with_references=with_references, force=force)
        if not isinstance(records, (str, int, Sequence)):
            raise InvalidValue(
                f"{short_repr(records)} names no records; say a slug, an entry's number, or a list of them"
            )
        names = [records] if isinstance(records, (str, int)) else records
        return redact(self._journal, self._store, names, to, force=force, with_references=with_references)
