"""Recomputes every leaf, root and frontier from the typed rows, and names what does not agree."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from predictions.errors import one_line, short_repr
from predictions.records import RECORDS, Import
from predictions.slugs import words_digest
from predictions.storage import schema
from predictions.storage.checkpoints import Head, read_heads
from predictions.storage.clock import is_scratch
from predictions.storage.journal import Journal
from predictions.storage.merkle import EMPTY_ROOT, Frontier, leaf_hash, leaf_salt
from predictions.storage.rows import RawRow
from predictions.storage.seals import COLUMNS, Seal
from predictions.storage.store import Store
from predictions.timestamps import moment_text
from predictions.trust.entry_lookup import called
from predictions.trust.verification_report import Fault, Verification

_Row = TypeVar("_Row")
_ENTRIES = "select n, kind, leaf from main.entry order by n"
_GENESIS = "select entry, ledger_id, format from main.genesis order by entry"
_SEALS = f"select {COLUMNS} from main.seal order by entry"
_KEPT_SALTS = "select entry, salt from main.kept_salt order by entry"
_REDACTED = "select entry from main.redacted order by entry"
_WORDS = "select entry, slug, text, words from main.statement order by entry"
MOST_FAULTS = 20
CLOCKS_AGREE = timedelta(days=1)


def verify(journal: Journal, store: Store, *, head: object = None, deep: bool = False) -> Verification:
    """Check the whole file; with a *head* kept elsewhere, or several, also that each is a prefix of this ledger.

    SQLite's own check of each table and its indexes is part of it; with *deep*, that of unused pages and of foreign
    keys too. The caller holds the file at one moment. Raises InvalidValue for a head that is none, or not whole.
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
    kept = journal.connection.text_factory
    journal.connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        return _Walk(journal, store, heads).verification(deep=deep)
    finally:
        journal.connection.text_factory = kept


class _Walk:
    """One walk over the journal, with the typed rows and the seals beside it."""

    def __init__(self, journal: Journal, store: Store, heads: tuple[Head, ...]) -> None:
        self._journal = journal
        self._connection = journal.connection
        self._heads = heads
        self._sizes = {head.size for head in heads}
        self._roots: dict[int, bytes] = {}
        self._open: list[Generator[object, None, None]] = []
        self._faults: list[Fault] = []
        self._beyond = 0
        self._tree = Frontier()
        self._leaves: list[bytes] = []
        self._seals = 0
        self._last = Seal(-1, 0, "", 0, 0, b"", b"", 0, EMPTY_ROOT, b"")
        self._backwards: list[Seal] = []
        self._ahead: list[Seal] = []
        self._later = moment_text(journal.now() + CLOCKS_AGREE)
        self._kept_salts = dict(self._select("kept_salt", _KEPT_SALTS))
        self._marked = {n for (n,) in self._select("redacted", _REDACTED)}
        self._special = {0, *self._marked, *self._kept_salts}
        self._redacted: list[int] = []
        self._rows = {cls.noun: self._readable(f"table {cls.noun}", partial(store.raw_rows, cls)) for cls in RECORDS}
        self._rows["genesis"] = self._readable("table genesis", self._genesis)
        self._waiting = {noun: next(rows, None) for noun, rows in self._rows.items()}

    def verification(self, *, deep: bool) -> Verification:
        try:
            return self._verification(deep=deep)
        finally:
            for reading in self._open:  # one that was left half-read would hold the file's lock
                reading.close()

    def _verification(self, *, deep: bool) -> Verification:
        self._check_entries()
        self._check_imports()
        self._check_tables(deep=deep)
        self._faults.sort(key=lambda fault: (fault.entry is None, fault.entry))
        self._check_heads()
        if self._beyond:
            self._faults.append(Fault.of(None, "", f"and {self._beyond} more"))
        tree = self._tree
        found = Head(tree.size, tree.root(), self._journal.ledger_id)
        faults, redacted = tuple(self._faults), tuple(self._redacted)
        return Verification(tree.size, self._seals, found, bool(self._heads), faults, redacted, self._clocks())

    def _fault(self, entry: int | None, record: str, what: str) -> None:
        """Keep what does not agree; of records the first ones, since the walk is in their order."""
        if len(self._faults) < MOST_FAULTS:
            name = record if isinstance(record, str) else short_repr(record)
            self._faults.append(Fault.of(entry, one_line(name), one_line(what, 400)))
        else:
            self._beyond += 1

    def _check_tables(self, *, deep: bool) -> None:
        for fault in schema.differences(self._connection):
            self._fault(None, "", fault)
        for cls in RECORDS:
            for table in schema.item_tables(cls.noun) if cls is not Import else ():
                query = (
                    f"select count(*) from main.{table} not indexed "
                    f"where ({cls.noun} in (select entry from main.{cls.noun})) is not true"
                )
                for (strays,) in self._select(table, query):
                    if strays:
                        have = f"{strays} rows that belong" if strays > 1 else "a row that belongs"
                        self._fault(None, "", f"{table} has {have} to no {cls.noun}")
        for (encoding,) in self._select("", "pragma main.encoding"):
            if encoding != "UTF-8":
                self._fault(None, "", f"the file is encoded as {encoding}, not as UTF-8")
        self._check_words()
        self._check_order()
        if deep:
            for (found,) in self._readable(
                "the whole file", partial(self._connection.execute, "pragma integrity_check")
            ):
                if found != "ok":
                    self._fault(None, "", f"SQLite says: {one_line(found)}")
            for table, row, other, _ in self._readable(
                "what refers to what", partial(self._connection.execute, "pragma foreign_key_check")
            ):
                self._fault(None, "", f"row {row} of {table} refers to what {other} does not hold")

    def _check_words(self) -> None:
        """Check the digests by which statements are found, which no leaf holds: each follows from its text."""
        for entry, slug, text, words in self._select("statement", _WORDS):
            try:
                right = words_digest(text) == words
            except (TypeError, ValueError):  # of what is no text
                right = False
            if not right:
                self._fault(entry, f"statement {slug}", "the digest of its words is not that of its text")

    def _check_order(self) -> None:
        """That the rows of each table stand in order and its indexes agree with it, or look-ups would miss some."""
        for table in schema.tables():
            for (found,) in self._select(table, f"pragma main.integrity_check({table})"):
                if found != "ok":
                    self._fault(None, "", f"table {table} is not sound: {one_line(found)}")

    def _check_imports(self) -> None:
        """Hash the blocks of imported forecasts anew; what does not agree is named by its block."""
        query = """select 1 from main.import where blocks > 0 union all select 1 from main.block
        union all select 1 from main.import_list limit 1"""
        if not list(self._select("import", query)):
            return
        from predictions.storage.faults import faults

        try:
            for fault in self._readable("table block", partial(faults, self._connection)):
                self._fault(*fault)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # rows that no import writes
            self._fault(None, "", f"the imports cannot be checked: {one_line(error)}")

    def _check_entries(self) -> None:
        """Hash every row anew, and the tree over them at each seal."""
        seals = map(Seal._make, self._select("seal", _SEALS))
        seal = next(seals, None)
        count = 0
        for n, kind, leaf in self._select("entry", _ENTRIES):
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
        for left in (seal, *seals) if seal else ():
            self._fault(left.entry, f"seal {left.number}", "its entry is missing")
        for n in (self._marked | self._kept_salts.keys()) - set(range(count)):
            self._fault(n, "", "it is marked as redacted, or its salt kept, and there is no such entry")

    def _check_entry(self, n: int, kind: str, leaf: bytes, seal: Seal) -> None:
        row = None if kind == "seal" else self._take(kind, n)
        if not self._agrees(n, kind, leaf, seal, row) or kind == "genesis" or n in self._special:
            self._look_closely(n, kind, leaf, seal, row)
        self._leaves.append(leaf if isinstance(leaf, bytes) else b"")
        if n + 1 in self._sizes:
            self._grow()
            self._roots[n + 1] = self._tree.root()

    def _agrees(self, n: int, kind: str, leaf: bytes, seal: Seal, row: RawRow | None) -> bool:
        """Whether a row, hashed anew, gives the leaf that was sealed; what is missing or has no text does not."""
        try:
            salt = self._kept_salts[n] if seal.salt is None else leaf_salt(seal.salt, n)
            if row is not None:
                return leaf_hash(salt, row.content()) == leaf
            return kind == "seal" and n == seal.entry and leaf_hash(salt, seal.content()) == leaf
        except (AttributeError, KeyError, TypeError, ValueError):
            return False

    def _look_closely(self, n: int, kind: str, leaf: bytes, seal: Seal, row: RawRow | None) -> None:
        """What is wrong with an entry that does not agree; one that is redacted, or the genesis, may be right."""
        sealing = kind == "seal" and n == seal.entry
        salt = self._kept_salts.get(n) if seal.salt is None else seal.salt
        if n in self._marked:
            self._check_redacted(n, kind, gone=row is None and salt is None and not sealing)
        elif row is None and not sealing:
            self._fault(n, kind, "its row is missing")
        elif salt is None:
            self._fault(n, called(kind, row.fields if row else {}), "its salt is missing")
        elif not self._agrees(n, kind, leaf, seal, row):
            self._fault(n, called(kind, row.fields if row else {}), "its row is not what was sealed")
        if seal.salt is not None and n in self._kept_salts:
            self._fault(n, kind, "it has a salt of its own although its seal has one")
        if (kind == "genesis") != (n == 0):
            self._fault(n, kind, "the first entry, and no other, is the genesis")

    def _check_redacted(self, n: int, kind: str, *, gone: bool) -> None:
        if kind in {"genesis", "seal"}:
            self._fault(n, kind, "it is marked as redacted, which no seal or genesis can be")
        elif not gone:
            self._fault(n, kind, "it is marked as redacted, and its row or salt is still here")
        else:
            self._redacted.append(n)

    def _take(self, noun: str, n: int | None) -> RawRow | None:
        """The row of that kind under entry *n*; those before it stand under no entry of their kind."""
        row = self._waiting.get(noun)
        if row is not None and row.entry == n:
            self._waiting[noun] = next(self._rows[noun], None)
            return row
        while row is not None and (n is None or row.entry < n):
            self._fault(row.entry, called(noun, row.fields), "the row stands under no entry of its kind")
            row = next(self._rows[noun], None)
        if noun in self._rows:
            self._waiting[noun] = row
        return None if row is None or row.entry != n else self._take(noun, n)

    def _grow(self) -> None:
        self._tree.extend(self._leaves)
        self._leaves.clear()

    def _check_seal(self, seal: Seal, kind: str) -> None:
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

    def _check_heads(self) -> None:
        """Heads kept elsewhere, in order of size: the first that is none of this ledger's tells where they part."""
        agreeing = 0
        for head in self._heads:
            if head.ledger_id and head.ledger_id != self._journal.ledger_id:
                what = f"the head {head.short} is of the ledger {head.ledger_id}; this one says it is "
                self._faults.append(Fault.of(None, "", what + self._journal.ledger_id))
            elif self._roots.get(head.size) != head.root:
                self._faults.append(Fault.of(None, "", self._parted(head, agreeing)))
                return
            else:
                agreeing = head.size

    def _parted(self, head: Head, agreeing: int) -> str:
        """In which way a head kept elsewhere is none of this ledger's."""
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

    def _clocks(self) -> tuple[str, ...]:
        """What the seals' times show of the clocks they were taken from; the order of entries needs none."""
        remarks = []
        if is_scratch(self._journal.ledger_id):
            remarks.append("a scratch ledger: its clock was set by hand, so its times of recording show nothing")
        if self._backwards:
            first = self._backwards[0]
            remarks.append(
                f"the clock ran backwards at {len(self._backwards)} of the seals, first at seal {first.number}, "
                f"recorded {first.recorded_at}"
            )
        if self._ahead:
            first = self._ahead[0]
            remarks.append(
                f"{len(self._ahead)} of the seals are dated more than a day ahead of this machine's clock, "
                f"first seal {first.number}, recorded {first.recorded_at}"
            )
        return tuple(remarks)

    def _genesis(self) -> Iterator[RawRow]:
        for entry, ledger_id, number in self._connection.execute(_GENESIS):
            yield RawRow(entry, ("format", "ledger_id", "record"), (number, ledger_id, "genesis"), {})

    def _select(self, table: str, query: str) -> Iterator[tuple[Any, ...]]:  # rows as they are kept, of any type
        """The rows of a query, read as :meth:`_readable` does."""
        return self._readable(f"table {table}", partial(self._connection.execute, query))

    def _readable(self, what: str, rows: Callable[[], Iterable[_Row]]) -> Iterator[_Row]:
        """Rows; a page that cannot be read ends them, and is a fault of its own."""
        reading = self._read(what, rows)
        self._open.append(reading)
        return reading

    def _read(self, what: str, rows: Callable[[], Iterable[_Row]]) -> Generator[_Row, None, None]:
        try:
            yield from rows()
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            if "Could not decode" in str(error):
                raise
            self._fault(None, "", f"{what} cannot be read: {one_line(error)}")
