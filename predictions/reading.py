"""The verbs that read an open ledger: cards, the board, the scorecard, and what is written out of it for others."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import predictions
from predictions.dates import read_day
from predictions.errors import InvalidValue, LedgerError, check_field, short_repr
from predictions.export.results import Exported
from predictions.fields import check_count, check_flags, check_line
from predictions.invisible import visible
from predictions.numerals import counted
from predictions.recording.enter import checked, several
from predictions.records import RECORDS, Claim, Forecast, Record, Resolution
from predictions.redacted import Redacted
from predictions.snapshot import Recorded, Snapshot
from predictions.snapshot_cache import DECIDING, EVERYTHING, Asked, Snapshots
from predictions.status import Status, status
from predictions.storage.deciding import deciding
from predictions.storage.files import path_of, redraw
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.tally import tally
from predictions.tally_result import Tally
from predictions.trust.entry_lookup import standing
from predictions.views import due
from predictions.views.board import Board, board
from predictions.views.due import Agenda


class Printer(Protocol):
    """What IPython hands to an object that is to show itself."""

    def text(self, said: str) -> None:
        """Print."""


class Readable:
    """What a ledger shows, as of any moment, day or head; it delegates."""

    me: str | None
    _journal: Journal
    _store: Store
    _snapshots: Snapshots
    _board: Board | None = None  # the last one, held
    _reader: object = None  # of forecasts, held; numpy stays out until it is needed

    def board(self, *, all: bool = False, as_of: object = None, today: date | str | None = None) -> Board:  # noqa: A002
        """Every statement and where it stands; with ``all`` the readings that are not scored, too."""
        check_flags(all=all)
        snapshot, held = self.snapshot(as_of=as_of, today=today), self._board
        if held is None or (held.head, held.today, held.all) != (snapshot.head, snapshot.today, all):
            self._board = held = board(snapshot, everything=all)
        return held.saying(snapshot.lacks)

    def claim(
        self, slug: str, *, as_of: object = None, today: date | str | None = None
    ) -> predictions.views.claim.Card:
        """Everything on file about one claim."""
        from predictions.views.claim import card

        snapshot = self._about(slug, as_of, today)
        return card(snapshot, snapshot.find(Claim, slug)).saying(snapshot.lacks)

    def tally(self, slug: str, *, as_of: object = None, today: date | str | None = None) -> Tally:
        """What the evidence on file would make of one claim."""
        snapshot = self._about(slug, as_of, today, DECIDING)
        return tally(snapshot, snapshot.find(Claim, slug)).saying(snapshot.lacks)

    def due(self, *, as_of: object = None, today: date | str | None = None) -> Agenda:
        """What waits for a verdict."""
        with self._journal.reading():
            snapshot = self._read(as_of, today, Asked(kinds=DECIDING))
        return due.due(snapshot).saying(snapshot.lacks)

    def review(self, *, by: str | None = None, as_of: object = None, today: date | str | None = None) -> Agenda:
        """What waits for a verdict, and which of the forecaster's numbers have gone stale."""
        snapshot = self.snapshot(as_of=as_of, today=today)
        return due.review(snapshot, by, me=self.me).saying(snapshot.lacks)

    def history(self, slug: str | None = None, *, as_of: object = None) -> predictions.views.history.History:
        """Everything recorded, or what concerns one slug, oldest first."""
        from predictions.views.history import history

        with self._journal.reading():
            head, _ = self._journal.prefix(as_of)
            lacks = self._journal.lacks(head)
            unread = self._concerning(head.size, slug)
            return history(self._store.recorded(head.size), slug, unread=unread).saying(lacks)

    def scorecard(
        self, *, by: str | Sequence[str] | None = None, as_of: object = None, today: date | str | None = None,
        cohort: str = "settled", rule: str = "first", source: str | None = None, tag: str | None = None,
        reading: str | None = None, window: str | None = None, type: str | None = None,  # noqa: A002
        horizon: str | int | None = None, crowds: bool = False, top: int = 20, sort: str | None = None,
    ) -> predictions.views.scorecard.Scorecard:  # fmt: skip
        """How good each forecaster was, as known at ``as_of``; with ``crowds`` what several came to together, too.

        Everybody is computed, and the first ``top`` drawn: those with most claims, the ledger's own ``me`` last,
        or in the order of one of the scores (``sort="brier"``), which is never a ranking.

        Only the scored claims of that source, tag, reading and type; whose last day lies in the ``window`` (a
        year, month or day, or "2026/2027"); whose ``horizon`` is at most so many days ("30..365" for from and to).
        """
        from predictions.scoring.filters import Filter
        from predictions.views.scorecard import scorecard

        check_flags(crowds=crowds)
        chosen = None if by is None else several(by, "by")
        only = Filter(source, tag, reading, window, type, horizon)
        drawn = check_field("top", check_count, top)
        reader, moment = self._forecasts(as_of, today)
        card = scorecard(
            reader, by=chosen, cohort=cohort, rule=rule, only=only, crowds=crowds, as_of=moment, me=self.me, top=drawn,
            sort=sort,
        )  # fmt: skip
        with self._journal.reading():
            return card.saying(self._journal.lacks(self._journal.prefix(as_of)[0]))

    def readings(
        self, statement: str, *, as_of: object = None, today: date | str | None = None
    ) -> predictions.views.readings.Readings:
        """The readings of a statement, or of the statement of a claim, side by side."""
        from predictions.views.readings import readings

        with self._journal.reading():
            snapshot = self._read(as_of, today, self._snapshots.readings(statement, as_of))
        return readings(snapshot, snapshot.statement_of(statement)).saying(snapshot.lacks)

    def report(
        self, path: str | os.PathLike[str], *, as_of: object = None, today: date | str | None = None,
        title: str | None = None, crowds: bool = False, progress: Callable[[int, int], None] | None = None,
    ) -> Path:  # fmt: skip
        """Write one self-contained HTML page: the board, each statement, the scorecard, how to verify; its path.

        An older page of that name is replaced; anything else of that name is refused.
        """
        from predictions.views.report import report
        from predictions.views.scorecard import scorecard

        check_flags(crowds=crowds)
        checked(check_line, title, "title")
        if progress is not None and not callable(progress):
            raise InvalidValue(f"progress: {short_repr(progress)} is no function of how many are done, and of how many")
        with self._journal.reading():
            head, _ = self._journal.prefix(as_of)
            snapshot = self._read(as_of, today)
        card = scorecard(self._forecasts(as_of, today)[0], crowds=crowds, me=self.me).saying(snapshot.lacks)
        page = report(snapshot, card, head=str(head), title=title, progress=progress)
        return redraw(path, page, like=self._journal.path)

    def export_ics(
        self, path: str | os.PathLike[str], *, as_of: object = None, today: date | str | None = None
    ) -> Path:
        """Write a calendar: last days of windows, settle days, days to look again; its path."""
        from predictions.export.calendar import calendar

        return redraw(path, calendar(self.snapshot(as_of=as_of, today=today)).decode(), like=self._journal.path)

    def datasette_metadata(
        self, folder: str | os.PathLike[str] = ".", *, title: str | None = None, free_sql: bool = False
    ) -> list[Path]:
        """Write the two files with which Datasette shows this ledger well; their paths."""
        from predictions.export.datasette import write_datasette

        check_flags(free_sql=free_sql)
        checked(check_line, title, "title")
        with self._journal.reading():
            lacks = self._journal.lacks()
        return write_datasette(self._journal.path, path_of(folder), title=title, free_sql=free_sql, lacks=lacks)

    def export_parquet(
        self, folder: str | os.PathLike[str], *, as_of: object = None, today: date | str | None = None
    ) -> Exported:
        """Write forecasts (as the rules of scoring count them), claims and resolutions as Parquet files.

        They are sorted, cut by ranges of claims, and carry the head; an engine scores them without the ledger.
        """
        from predictions.export.parquet import export_parquet

        with self._journal.reading():
            head, _ = self._journal.prefix(as_of)
            reader, _ = self._forecasts(as_of, today)
            return export_parquet(
                self._journal.connection, folder, reader.columns(), ledger=self._journal.path, head=head,
                today=reader.today, lacks=self._journal.lacks(head),
            )  # fmt: skip

    def export_sqlite(
        self, path: str | os.PathLike[str], *, as_of: object = None, today: date | str | None = None
    ) -> Path:
        """Write claims, forecasters, forecasts (imported ones as well) and resolutions as plain tables; the path.

        The table ``meta`` tells the head and day, and what is redacted. A name that is taken is refused.
        """
        from predictions.export.sqlite import export_sqlite

        return export_sqlite(self._journal, self._store, path, as_of=as_of, today=today)

    def snapshot(self, *, as_of: object = None, today: date | str | None = None) -> Snapshot:
        """The records themselves, as plain values, as of a moment, a day or a head."""
        with self._journal.reading():
            return self._read(as_of, today)

    def record(self, name: str) -> Record:
        """The record that stands under a name, found by its key: a slug, "kind slug", or "claim forecaster".

        NotFound says what is near, or how to tell two apart.
        """
        with self._journal.reading():
            found = standing(self._store, name)
            if len(found) == 1:
                return found.popitem()[1]
            snapshot = self._read(None, None)
        said = [Recorded(one, 0, snapshot.as_of) for one in found.values() if isinstance(one, Forecast)]
        return snapshot.with_records(said).record_named(name)

    @property
    def lacks(self) -> Redacted | None:
        """What a redacted copy no longer holds; None of a whole ledger."""
        return self._journal.lacks()

    def __repr__(self) -> str:
        try:
            with self._journal.reading():
                stands = _standing(self._read(None, None, Asked(kinds=(Claim, Resolution))))
        except LedgerError:
            stands = "cannot be read"  # as when it is closed
        return visible(f"<Ledger {self._journal.path.name}: {stands}, me={self.me!r}>")

    def __str__(self) -> str:
        return str(self.board())

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:  # as IPython calls it
        printer.text(repr(self) if cycle else str(self))

    def _repr_html_(self) -> str:
        return self.board()._repr_html_()

    def _forecasts(self, as_of: object, today: date | str | None) -> tuple[predictions.scoring.series.Reader, datetime]:
        """The forecasts as of a moment, held while the ledger's head and the day are the same; and that moment."""
        from predictions.scoring.series import Reader

        with self._journal.reading():
            head, moment = self._journal.prefix(as_of)
            day = moment.date() if today is None else check_field("today", read_day, today)
            held = self._reader
            if not isinstance(held, Reader) or (held.head, held.today) != (head.short, day):
                self._reader = None  # never two at once
                self._reader = held = Reader(self._journal, head.size, head=head.short, as_of=moment, today=day)
        return held, moment

    def _deciding(self, claim: str) -> Snapshot:
        """What concerns one claim of the claims and their verdicts: what a verdict is held against."""
        head, moment = self._journal.prefix()
        return Snapshot.of(deciding(self._store, [claim], moment), head=head.short, as_of=moment, today=None)

    def _concerning(self, size: int, slug: str | None) -> int:
        """How many imported forecasts there are: all, or those on a claim or by a forecaster."""
        every = self._store.in_blocks(size)
        if not every or not isinstance(slug, str):
            return every
        from predictions.storage.imports import Imports

        imports = Imports(self._journal.connection, size)
        return imports.count_on([slug]) + imports.count_by(slug)

    def _read(self, as_of: object, today: date | str | None, asked: Asked = EVERYTHING) -> Snapshot:
        snapshot = self._snapshots.read(as_of, today, asked)
        snapshot.me = self.me
        return snapshot

    def _about(
        self, claim: str, as_of: object, today: date | str | None, kinds: tuple[type[Record], ...] = RECORDS
    ) -> Snapshot:
        """What concerns one claim."""
        with self._journal.reading():
            return self._read(as_of, today, self._snapshots.claim(claim, as_of, kinds))


def _standing(snapshot: Snapshot) -> str:
    """How many statements there are, and what comes next, on one line."""
    held = [claim for claim in snapshot.all(Claim) if claim.scored]
    stands = {claim.slug: status(snapshot, claim) for claim in held}
    due = sum(one in {Status.DUE, Status.OVERDUE} for one in stands.values())
    last = [claim.deadline for claim in held if stands[claim.slug] is Status.OPEN]
    found = [counted(len({claim.statement for claim in held}), "statement") if held else "empty"]
    if due:
        found.append(f"{due:,} due")
    elif last:
        found.append(f"{last.count(min(last)):,} {'closes' if last.count(min(last)) == 1 else 'close'} {min(last)}")
    if snapshot.lacks:
        found.append(snapshot.lacks.line)
    return ", ".join(found)
