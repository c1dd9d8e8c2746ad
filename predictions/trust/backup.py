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
    """A copy that was made.

    Attributes:
        path: Its file.
        entries: How many entries it holds.
        head: Its head.
    """

    path: Path
    entries: int
    head: Head

    def blocks(self) -> Sequence[Block]:
        return [Heading(f"backup: {self.entries:,} entries, verified, in {self.path}"), Paragraph(f"head {self.head}")]


def backup(journal: Journal, target: str | os.PathLike[str], *, force: bool = False) -> Backup:
    """Copy the ledger into a new file, while others may go on writing; it holds all that was recorded before.

    Args:
        journal: The open ledger.
        target: The new file.
        force: Whether a file of that name is replaced, unless it is a ledger that holds anything this one does not.

    Raises:
        InvalidValue: The name cannot be used.
        Tampered: The copy does not verify.
        StorageError: The disk refused. In each case the target is as it was.
    """
    path = free_place(target, force=force)
    with journal.reading(to_verify=True):
        # Read before the copying begins: whoever writes meanwhile may
        # get into the copy, but nothing from before may be missing.
        before = journal.head()
    check_replaced(journal, path)
    with new_database(path, like=journal.path, force=force) as copy, plain_errors(path):
        journal.copy_into(copy, path)
        verification = checked_copy(copy, path, before)
    return Backup(path, verification.entries, verification.head)


def check_replaced(journal: Journal, path: Path) -> None:
    """Refuse to replace this very ledger, another ledger, or a copy that has gone on by itself and was not merged."""
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
            theirs = other.head()
    finally:
        other.close()
    with journal.reading():
        # A copy that went on and was merged has nothing of its own
        # left; its head is known here only by the record of the merge.
        merged = [(merge.size, merge.root) for merge in Store(journal).standing(Merge)]
        taken_in = journal.knows(theirs) or (theirs.size, theirs.root.hex()) in merged
        if theirs.ledger_id == journal.ledger_id and taken_in:
            return
    raise InvalidValue(f"{str(path)!r} is a ledger with records that this one has not; say another name")


def checked_copy(connection: sqlite3.Connection, path: Path, head: Head) -> Verification:
    """Verify a copy that is to be *path*, with *head* as its prefix; Tampered where anything is amiss."""
    copy = Journal(path, connection=connection)
    with copy.reading(to_verify=True):
        verification = verify(copy, Store(copy), head=head, deep=True)
    if not verification.ok:
        raise Tampered(
            f"the copy does not verify, and was not kept: {verification.faults[0]}; run verify on the ledger"
        )
    return verification
