"""Verify: each leaf, root and frontier is computed again from the typed rows and compared with what was sealed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from predictions.records import RECORDS
from predictions.storage import schema
from predictions.storage.checkpoints import Head, read_heads
from predictions.storage.clock import is_scratch
from predictions.storage.journal import Journal
from predictions.storage.merkle import EMPTY_ROOT, Frontier, leaf_hash, leaf_salt
from predictions.storage.rows import RawRow
from predictions.storage.seals import SEAL_COLUMNS, Seal
from predictions.storage.store import Store
from predictions.timestamps import moment_text
from predictions.trust.entry_lookup import record_label
from predictions.trust.table_checks import check_imports, check_tables
from predictions.trust.verification_report import Fault, Inspection, Verification

_ENTRIES = "select n, kind, leaf from main.entry order by n"
_GENESIS = "select entry, ledger_id, format from main.genesis order by entry"
_SEALS = f"select {SEAL_COLUMNS} from main.seal order by entry"
_KEPT_SALTS = "select entry, salt from main.kept_salt order by entry"
_REDACTED = "select entry from main.redacted order by entry"
CLOCKS_AGREE = timedelta(days=1)  # how far a seal may be ahead of this machine's clock without a remark


def verify(journal: Journal, store: Store, *, head: object = None, deep: bool = False) -> Verification:
    """Check the whole file, and that heads which were kept elsewhere are prefixes of it.

    Called inside `journal.reading`, so that all reads see the same entries.

    Args:
        journal: The open file.
        store: Its typed rows.
        head: A head that was kept elsewhere, or several; None to compare with none.
        deep: Whether SQLite also checks unused pages and foreign keys; each table and index is checked in any case.

    Raises:
        InvalidValue: A value that is not a head, or a shortened head.
    """
    heads = () if head is None else read_heads(head)
    if schema.missing_tables(journal.connection):
        faults = tuple(Fault.of(None, "", fault) for fault in schema.differences(journal.connection))
        return Verification(0, 0, Head(0, EMPTY_ROOT, journal.ledger_id), bool(heads), faults)
    try:
        return _Walk(journal, store, heads).verification(deep=deep)
    except sqlite3.OperationalError as error:
        if "Could not decode" not in str(error):
            raise
    # A damaged text that is not UTF-8 stopped the reading. Once more, with such bytes let through, to name the entry.
    text_factory = journal.connection.text_factory
    journal.connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        return _Walk(journal, store, heads).verification(deep=deep)
    finally:
        journal.connection.text_factory = text_factory


class _Walk:
    """One pass through the entries, with the typed rows and the seals read in step, so that each page is read once."""

    def __init__(self, journal: Journal, store: Store, heads: tuple[Head, ...]) -> None:
        self._journal = journal
        self._connection = journal.connection
        self._heads = heads
        self._sizes = {head.size for head in heads}
        self._roots: dict[int, bytes] = {}  # computed, at the sizes of these heads
        self._inspection = Inspection(journal.connection)
        self._fault = self._inspection.fault
        self._tree = Frontier()
        self._leaves: list[bytes] = []  # not in the tree yet
        self._seals = 0
        self._last = Seal(-1, 0, "", 0, 0, b"", b"", 0, EMPTY_ROOT, b"")
        self._backwards: list[Seal] = []
        self._ahead: list[Seal] = []
        # A remark and no fault: a clock may run ahead, and the file cannot show which of two was right.
        self._later = moment_text(journal.now() + CLOCKS_AGREE)
        self._kept_salts = dict(self._inspection.select("kept_salt", _KEPT_SALTS))
        self._marked = {n for (n,) in self._inspection.select("redacted", _REDACTED)}
        self._always_examined = {0, *self._marked, *self._kept_salts}
        self._redacted: list[int] = []
        readable = self._inspection.readable
        self._rows = {cls.noun: readable(f"table {cls.noun}", partial(store.raw_rows, cls)) for cls in RECORDS}
        self._rows["genesis"] = readable("table genesis", self._genesis)
        self._waiting = {noun: next(rows, None) for noun, rows in self._rows.items()}  # the next row of each kind

    def verification(self, *, deep: bool) -> Verification:
        """Go through the file once, and return the report."""
        try:
            return self._verification(deep=deep)
        finally:
            self._inspection.close()

    def _verification(self, *, deep: bool) -> Verification:
        """Run all checks, and put their faults into the report in the order of entries."""
        self._check_entries()
        check_imports(self._inspection)
        check_tables(self._inspection, deep=deep)
        faults = sorted(self._inspection.faults, key=lambda fault: (fault.entry is None, fault.entry))
        faults += self._head_faults()
        if self._inspection.uncounted:
            faults.append(Fault.of(None, "", f"and {self._inspection.uncounted} more"))
        tree = self._tree
        head = Head(tree.size, tree.root(), self._journal.ledger_id)
        redacted = tuple(self._redacted)
        return Verification(
            tree.size, self._seals, head, bool(self._heads), tuple(faults), redacted, self._clock_remarks()
        )

    def _check_entries(self) -> None:
        """Hash each row again, and compute the tree over them at each seal.

        Entries and seals are read in step: *seal* is always the next one, whose entry is not before the present one.
        """
        seals = map(Seal._make, self._inspection.select("seal", _SEALS))
        seal = next(seals, None)
        count = 0
        for n, kind, leaf in self._inspection.select("entry", _ENTRIES):
            if n != count or seal is None or seal.entry < n:
                if n < 0:
                    self._fault(n, kind, "it stands before the first entry")
                    continue
                while seal is not None and seal.entry < n:
                    self._fault(seal.entry, f"seal {seal.number}", "its entry is missing")
                    seal = next(seals, None)
                if n != count or seal is None:
                    self._fault(count, "", "the entry is missing" if n != count else "no seal stands over it")
                    break
            count += 1
            self._check_entry(n, kind, leaf, seal)
            if n == seal.entry:
                self._check_seal(seal, kind)
                seal = next(seals, None)
        else:
            if not count:
                self._fault(0, "genesis", "the entry is missing")
            for noun in self._rows:
                self._take(noun, None)
        self._grow()
        remaining = [seal, *seals] if seal else []
        for without_entry in remaining:
            self._fault(without_entry.entry, f"seal {without_entry.number}", "its entry is missing")
        for n in (self._marked | self._kept_salts.keys()) - set(range(count)):
            self._fault(n, "", "it is marked as redacted, or its salt kept, and there is no such entry")

    def _check_entry(self, n: int, kind: str, leaf: bytes, seal: Seal) -> None:
        """Compare the row of one entry with its leaf, and keep the root if a head of this size is to be compared.

        A damaged file may hold a value of any type as the leaf.
        """
        row = None if kind == "seal" else self._take(kind, n)
        # An entry that agrees needs no closer look: to examine each one would take several times as long.
        if not self._agrees(n, kind, leaf, seal, row) or kind == "genesis" or n in self._always_examined:
            self._look_closely(n, kind, leaf, seal, row)
        # The stored leaf and not the computed one: a changed row is then one fault, and not one at each later seal.
        self._leaves.append(leaf if isinstance(leaf, bytes) else b"")
        if n + 1 in self._sizes:
            self._grow()
            self._roots[n + 1] = self._tree.root()

    def _agrees(self, n: int, kind: str, leaf: bytes, seal: Seal, row: RawRow | None) -> bool:
        """Return whether a row, hashed again, gives the leaf that was sealed; a missing or damaged row does not."""
        try:
            salt = self._kept_salts[n] if seal.salt is None else leaf_salt(seal.salt, n)
            if row is not None:
                return leaf_hash(salt, row.content()) == leaf
            return kind == "seal" and n == seal.entry and leaf_hash(salt, seal.content()) == leaf
        except (AttributeError, KeyError, TypeError, ValueError):
            return False

    def _look_closely(self, n: int, kind: str, leaf: bytes, seal: Seal, row: RawRow | None) -> None:
        """Note what is wrong with an entry that does not agree, or is redacted, or is the genesis; perhaps nothing."""
        sealing = kind == "seal" and n == seal.entry
        salt = self._kept_salts.get(n) if seal.salt is None else seal.salt
        if n in self._marked:
            self._check_redacted(n, kind, gone=row is None and salt is None and not sealing)
        elif row is None and not sealing:
            self._fault(n, kind, "its row is missing")
        elif salt is None:
            self._fault(n, record_label(kind, row.fields if row else {}), "its salt is missing")
        elif not self._agrees(n, kind, leaf, seal, row):
            self._fault(n, record_label(kind, row.fields if row else {}), "its row is not what was sealed")
        if seal.salt is not None and n in self._kept_salts:
            self._fault(n, kind, "it has a salt of its own although its seal has one")
        if (kind == "genesis") != (n == 0):
            self._fault(n, kind, "the first entry, and no other, is the genesis")

    def _check_redacted(self, n: int, kind: str, *, gone: bool) -> None:
        """Check an entry that is marked as redacted; its row and its salt must be *gone*."""
        if kind in {"genesis", "seal"}:
            self._fault(n, kind, "it is marked as redacted, which no seal or genesis can be")
        elif not gone:
            self._fault(n, kind, "it is marked as redacted, and its row or salt is still here")
        else:
            self._redacted.append(n)

    def _take(self, noun: str, n: int | None) -> RawRow | None:
        """Return and consume the next row of that kind if it belongs to entry *n*; None if there is none.

        Rows before it, or all the rest if *n* is None, belong to no entry of their kind, and are noted as faults.
        """
        row = self._waiting.get(noun)
        while row is not None and (n is None or row.entry < n):
            self._fault(row.entry, record_label(noun, row.fields), "the row stands under no entry of its kind")
            row = next(self._rows[noun], None)
        is_wanted = row is not None and row.entry == n
        if noun in self._rows:
            self._waiting[noun] = next(self._rows[noun], None) if is_wanted else row
        return row if is_wanted else None

    def _grow(self) -> None:
        """Put the leaves that were read into the tree, many at once."""
        self._tree.extend(self._leaves)
        self._leaves.clear()

    def _check_seal(self, seal: Seal, kind: str) -> None:
        """Compare a seal with the tree so far, with the seal before it, and with the clock."""
        self._grow()
        tree, last = self._tree, self._last
        entry, number, recorded_at, first, size_before, root_before, _, size, root, frontier = seal
        if kind != "seal":
            self._fault(entry, f"seal {number}", "its entry is that of another kind")
        if (size, root, frontier) != (tree.size, tree.root(), tree.to_bytes()):
            self._fault(entry, f"seal {number}", "its size, root or frontier is not that of its entries")
        if (number, first, size_before, root_before) != (self._seals + 1, last.size, last.size, last.root):
            self._fault(entry, f"seal {number}", "it does not continue the seal before it")
        if isinstance(recorded_at, str) and isinstance(last.recorded_at, str):
            if recorded_at < last.recorded_at:
                self._backwards.append(seal)
            if recorded_at > self._later:
                self._ahead.append(seal)
        self._last = seal
        self._seals += 1

    def _head_faults(self) -> list[Fault]:
        """Compare the heads that were kept elsewhere, in order of size, up to the first that this ledger never had."""
        agreeing, faults = 0, []
        for head in self._heads:
            if head.ledger_id and head.ledger_id != self._journal.ledger_id:
                what = f"the head {head.short} is of the ledger {head.ledger_id}; this one says it is "
                faults.append(Fault.of(None, "", what + self._journal.ledger_id))
            elif self._roots.get(head.size) != head.root:
                return [*faults, Fault.of(None, "", self._parted(head, agreeing))]
            else:
                agreeing = head.size
        return faults

    def _parted(self, head: Head, agreeing: int) -> str:
        """Return the message for a head that this ledger never had, with where the two part.

        *agreeing* is the size of the last head that agreed, 0 for none.
        """
        since = f", and after entry {agreeing - 1}, up to which a head agrees" if agreeing else ""
        if head.size > self._tree.size:
            return (
                f"the head {head.short} kept elsewhere is of a longer ledger: this one, of {self._tree.size} entries, "
                "was cut at its end, or is an older copy, or is another"
            )
        query = "select number, recorded_at from main.seal where size >= ? order by entry limit 1"
        seal = self._connection.execute(query, (head.size,)).fetchone()
        where = f"; they part at or before seal {seal[0]}, recorded {seal[1]}{since}" if seal else ""
        return f"the head {head.short} kept elsewhere is none of this ledger: it was rewritten, or is another{where}"

    def _clock_remarks(self) -> tuple[str, ...]:
        """Return remarks on the clocks from which the seals took their times; the order of entries relies on none."""
        remarks = []
        if is_scratch(self._journal.ledger_id):
            remarks.append("a scratch ledger: its clock was set by hand, so its times of recording show nothing")
        for seals, remark in (
            (self._backwards, "the clock ran backwards at {} of the seals, first at"),
            (self._ahead, "{} of the seals are dated more than a day ahead of this machine's clock, first"),
        ):
            if seals:
                first = f"seal {seals[0].number}, recorded {seals[0].recorded_at}"
                remarks.append(f"{remark.format(len(seals))} {first}")
        return tuple(remarks)

    def _genesis(self) -> Iterator[RawRow]:
        """Yield the rows of the table of the genesis, which is of no record class; a sound file has one."""
        for entry, ledger_id, number in self._connection.execute(_GENESIS):
            yield RawRow(entry, ("format", "ledger_id", "record"), (number, ledger_id, "genesis"), {})
