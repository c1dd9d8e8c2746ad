"""The snapshots of one open ledger, kept as long as its head and the day stay the same.

Reading and checking a whole ledger takes longer than drawing most cards, and a notebook would do it in every cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from predictions.dates import read_day
from predictions.errors import Tampered, check_field
from predictions.importing.results import MOST_ROWS
from predictions.recorded import Recorded
from predictions.recording.enter import the_slug
from predictions.records import RECORDS, Bearing, Claim, Event, Evidence, Forecast, Record, Resolution, Statement
from predictions.snapshot import Snapshot
from predictions.storage.checkpoints import Head
from predictions.storage.claim_queries import chain_of, conditional_on, readings_of, statement_of
from predictions.storage.deciding import deciding
from predictions.storage.journal import Journal
from predictions.storage.lookup import concerning
from predictions.storage.rows import collector_paused
from predictions.storage.store import Store

if TYPE_CHECKING:  # it needs numpy, which stays out until scores are asked for
    from predictions.scoring.forecast_reader import ForecastReader


class Asked(NamedTuple):
    """Which records a snapshot is to have.

    Attributes:
        claims: The claims that they concern; None for all.
        statement: A statement to read as well.
        kinds: The kinds of record.
        blocks: Whether to read forecasts in blocks, too.
        by: The only forecaster whose singly recorded forecasts are read; None for all.
    """

    claims: tuple[str, ...] | None = None
    statement: str | None = None
    kinds: tuple[type[Record], ...] = RECORDS
    blocks: bool = True
    by: str | None = None


EVERYTHING = Asked()
DECIDING = (Claim, Event, Evidence, Bearing, Resolution)
TALLYING = Asked(kinds=DECIDING)  # of all claims


class Snapshots:
    """Reads and keeps snapshots; the caller holds a transaction for reading."""

    def __init__(self, journal: Journal, store: Store) -> None:
        self._journal, self._store = journal, store
        self._at: tuple[Head, date] | None = None
        self._held: dict[Asked, Snapshot] = {}  # of that head and day: of everything, and of the last request
        self.reader: ForecastReader | None = None  # of the forecasts that were scored last

    def read(self, as_of: object, today: date | str | None, asked: Asked) -> Snapshot:
        """Return a snapshot of the records *asked* for, with imported forecasts as records if they are few.

        At most two are kept, of one head and day. That of everything answers all requests, unless its imported
        forecasts were too many to be read and some are asked for. That of the last request saves further reading for
        the other properties of the same card.
        """
        head, moment = self._journal.prefix(as_of)
        day = moment.date() if today is None else check_field("today", read_day, today)
        if self._at != (head, day):
            self._at, self._held = (head, day), {}
        snapshot = self._held.get(EVERYTHING)
        if snapshot is None or (snapshot.unread and asked.claims is not None):
            snapshot = self._held.get(asked)
        if snapshot is None:
            snapshot = self._fresh(head, moment, day, asked)
            of_everything = {EVERYTHING: self._held[EVERYTHING]} if EVERYTHING in self._held else {}
            self._held = of_everything | {asked: snapshot}
        return snapshot.at_moment(moment)

    def claim(self, name: str, as_of: object, kinds: tuple[type[Record], ...]) -> Asked:
        """Return the request for what concerns a claim; NotFound, with the nearest slug, if there is none."""
        return Asked((the_slug(self._store, Claim, name, self._journal.prefix(as_of)[0].size),), kinds=kinds)

    def chain(self, slug: str, *, blocks: bool = True, by: str | None = None) -> Asked:
        """Return the request for what concerns a claim, those that it supersedes and those that supersede it.

        Without *blocks*, forecasts in blocks are read only for a chain of several claims, in which they may matter.
        *by* is the only forecaster whose forecasts matter; None for all.
        """
        chain = tuple(chain_of(self._store, slug))
        return Asked(chain, blocks=blocks or len(chain) > 1, by=by)

    def conditional_on(self, slug: str) -> list[str]:
        """List the slugs of the claims that are conditional on a claim."""
        return conditional_on(self._store, slug)

    def readings(self, name: str, as_of: object) -> Asked:
        """Return the request for a statement and its readings; *name* is its slug or that of one of its claims."""
        size = self._journal.prefix(as_of)[0].size
        began = self._store.find(Claim.noun, name) if isinstance(name, str) and name.isascii() else None
        of_claim = statement_of(self._store, name) if began is not None and began < size else None
        statement = of_claim or the_slug(self._store, Statement, name, size)
        return Asked(tuple(readings_of(self._store, statement)), statement)

    def forecasts(self, as_of: object, today: date | str | None) -> tuple[ForecastReader, datetime]:
        """Return a reader of the forecasts as of a moment, and that moment; the reader is kept like the snapshots."""
        from predictions.scoring.forecast_reader import ForecastReader

        with self._journal.reading():
            head, moment = self._journal.prefix(as_of)
            day = moment.date() if today is None else check_field("today", read_day, today)
            held = self.reader
            # Two moments with one head have the same entries, and so the same forecasts: only the day also matters.
            if held is None or (held.head, held.today) != (head.short, day):
                self.reader = None  # frees its memory before the next one is made
                self.reader = held = ForecastReader(self._journal, head.size, head=head.short, as_of=moment, today=day)
        return held, moment

    def deciding(self, claim: str) -> Snapshot:
        """Read what a verdict on a claim is checked against: the claim, those it is linked to, and their verdicts."""
        head, moment = self._journal.prefix()
        return Snapshot.of(deciding(self._store, [claim], moment), head=head.short, as_of=moment, today=None)

    def with_imported(self, snapshot: Snapshot, claims: Sequence[str], as_of: object) -> Snapshot:
        """Add the imported forecasts on some claims to a snapshot that was read without any; not if they are many."""
        records, unread = self._in_blocks(self._journal.prefix(as_of)[0].size, Asked(tuple(claims)))
        if unread:
            return snapshot
        extended = snapshot.with_records(records)
        extended.unread = 0
        return extended

    def imported(self, size: int, slug: str | None) -> int:
        """Count the imported forecasts of the first *size* entries: all, or those on a claim or by a forecaster."""
        total = self._store.in_blocks(size)
        if not total or not isinstance(slug, str):
            return total
        from predictions.storage.imports import Imports

        imports = Imports(self._journal.connection, size)
        return imports.count_on([slug]) + imports.count_by(slug)

    def _fresh(self, head: Head, moment: datetime, day: date, asked: Asked) -> Snapshot:
        """Read a snapshot from the file."""
        reads_forecasts = Forecast in asked.kinds
        blocks, unread = self._in_blocks(head.size, asked) if reads_forecasts and asked.blocks else ([], 0)
        recorded: Iterable[Recorded[Record]]
        if asked.claims is None:
            recorded = self._store.recorded(head.size, asked.kinds)
        else:
            forecasters = {item.record.forecaster for item in blocks if isinstance(item.record, Forecast)}
            recorded = concerning(
                self._store, asked.claims, head.size, with_forecasts=reads_forecasts, by=asked.by,
                statement=asked.statement, forecasters=forecasters,
            )  # fmt: skip
        with collector_paused():
            snapshot = Snapshot(chain(recorded, blocks), head=head.short, as_of=moment, today=day)
        snapshot.lacks, snapshot.ledger_id, snapshot.unread = self._journal.lacks(head), head.ledger_id, unread
        return snapshot

    def _in_blocks(self, size: int, asked: Asked) -> tuple[list[Recorded[Record]], int]:
        """Return imported forecasts as records, and 0; if they are more than MOST_ROWS, none, and their number."""
        count = self._store.in_blocks(size)
        if not count or (asked.claims is None and count > MOST_ROWS):
            return [], count
        from predictions.storage.imports import CHANGED, Imports

        imports = Imports(self._journal.connection, size)
        if asked.claims is not None:
            count = imports.count_on(asked.claims)
        if count > MOST_ROWS:
            return [], count
        try:
            return list(imports.records(claims=asked.claims)), 0
        except (ArithmeticError, LookupError, TypeError, ValueError):
            raise Tampered(CHANGED) from None
