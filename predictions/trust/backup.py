"""Backups: a compact copy of the ledger at one moment, verified whole before it gets its name."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from predictions.errors import InvalidValue, NotALedger, Tampered
from predictions.records import Merge
from predictions.render.blocks import Block, Heading, Paragraph
from predictions.render.result import Result
from predictions.storage.checkpoints import Head
from predictions.storage.connection import plain_errors
from predictions.storage.files import free_place, new_database
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.trust.verification_report import Verification
from predictions.trust.verify import verify


@dataclass(frozen=True, repr=False)
class Backup(Result):
    """A backup that was made.

    Attributes:
        path: Its file.
        entries: The number of its entries.
        head: Its head.
    """

    path: Path
    entries: int
    head: Head

    def blocks(self) -> Sequence[Block]:
        return [Heading(f"backup: {self.entries:,} entries, verified, in {self.path}"), Paragraph(f"head {self.head}")]


def backup(journal: Journal, target: str | os.PathLike[str], *, force: bool = False) -> Backup:
    """Copy the ledger into a new file with everything recorded so far, while others may go on writing.

    Args:
        journal: The open ledger.
        target: The new file.
        force: Whether to replace a file with that name, unless it is a ledger with records that this one has not.

    Raises:
        InvalidValue: The name cannot be used.
        Tampered: The copy does not verify.
        StorageError: The file cannot be written. In each case the target is left as it was.
    """
    path = free_place(target, force=force)
    with journal.reading(to_verify=True):
        # Read before copying: what others write meanwhile may be in
        # the copy or not, but nothing from before may be missing.
        head_before = journal.head()
    check_replaced(journal, path)
    with new_database(path, like=journal.path, force=force) as copy, plain_errors(path):
        journal.copy_into(copy, path)
        verification = checked_copy(copy, path, head_before)
    return Backup(path, verification.entries, verification.head)


def check_replaced(journal: Journal, path: Path) -> None:
    """Refuse to replace this ledger itself, another ledger, or a copy with records of its own that was not merged.

    A file that is no ledger, or is damaged, may be replaced.
    """
    if not path.exists():
        return
    if path.samefile(journal.path):
        raise InvalidValue(f"{str(path)!r} is this ledger itself; say another name")
    try:
        other = Journal(path, read_only=True)
    except (NotALedger, Tampered):
        return
    try:
        with other.reading():
            other_head = other.head()
    finally:
        other.close()
    with journal.reading():
        # After a merge a copy has no records that this ledger lacks,
        # but its head is found here only in the record of the merge.
        merged = [(merge.size, merge.root) for merge in Store(journal).standing(Merge)]
        is_contained = journal.knows(other_head) or (other_head.size, other_head.root.hex()) in merged
        if other_head.ledger_id == journal.ledger_id and is_contained:
            return
    raise InvalidValue(f"{str(path)!r} is a ledger with records that this one has not; say another name")


def checked_copy(connection: sqlite3.Connection, path: Path, head: Head) -> Verification:
    """Verify a copy that will get the name *path*, and compare it with *head*; Tampered if there is any fault."""
    copy = Journal(path, connection=connection)
    with copy.reading(to_verify=True):
        verification = verify(copy, Store(copy), head=head, deep=True)
    if not verification.ok:
        raise Tampered(
            f"the copy does not verify, and was not kept: {verification.faults[0]}; run verify on the ledger"
        )
    return verification
