"""What a notebook holds: one open ledger, with verbs that read as sentences. It delegates; it computes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

import predictions
from predictions.bulk.exported import Exported
from predictions.bulk.imported import MOST_ROWS, Imported
from predictions.cards import agenda
from predictions.cards.agenda import Agenda
from predictions.cards.board import Board, board
from predictions.dates import read_day
from predictions.errors import InvalidValue, Tampered, shown
from predictions.heads import Head
from predictions.journal import Journal
from predictions.records import Bearing, Claim, Evidence, Forecast, Record, Resolution
from predictions.snapshot import Snapshot
from predictions.store import Store
from predictions.tally import Tally, tally
from predictions.trust.trusted import Trusted
from predictions.verbs import claiming, evidencing, forecasting, resolving
from predictions.verbs.forecasting import Said
from predictions.verbs.recording import Desk, correct, several


class Ledger(Trusted):
    """One ledger file, opened or created; use it in a ``with`` block, or ``close()`` it.

    ``me`` is who records, and who forecasts unless ``by=`` says otherwise; the environment's PREDICTIONS_ME
    stands in for it. Every verb raises :class:`~predictions.errors.LedgerError` or one of its children, with
    one plain sentence, and then nothing was written. ``wrote`` is how many records the last verb entered: none
    where all of it stood already.
    """

    wrote = 0

    def __init__(self, path: str | os.PathLike[str], *, me: str | None = None, create: bool = True) -> None:
        self.me = me or os.environ.get("PREDICTIONS_ME") or None
        self._journal = Journal(Path(path), create=create)
        self._store = Store(self._journal)
        self._holder: object = None  # of columns; numpy stays out until it is needed

    # -- writing ---------------------------------------------------------------------------------------------

    def register(self, catalog: predictions.Catalog) -> int:
        """Enter a catalogue; again and again is safe. How many entries that made comes back."""
        from predictions.catalog import Catalog

        if not isinstance(catalog, Catalog):
            raise InvalidValue(f"{shown(catalog)} is no catalogue; say read_catalog('mine.toml')")
        with self._desk() as desk:
            return claiming.register(desk, catalog.records)

    def add(
        self, wording: str, *, by: date | str, p: float | None = None, opens_on: date | str | None = None,
        slug: str | None = None, title: str | None = None, criteria: str | None = None,
        at_least: int | None = None, conditions: Mapping[str, str] | Sequence[str] = (),
        settle_days: int | None = None, tags: Sequence[str] = (), given: str | None = None,
        supersedes: str | None = None, notes: str | None = None, new: bool = False,
    ) -> str:  # fmt: skip
        """A claim of one's own, from today to ``by`` (a day, or words such as "Q3 2027"), and a forecast; its slug.

        ``new`` says that the forecaster is somebody new, whatever the name resembles.
        """
        fields = {
            "title": title, "criteria": criteria, "at_least": at_least, "settle_days": settle_days, "given": given,
            "supersedes": supersedes, "notes": notes, "tags": several(tags, "tags") or None,
            "conditions": claiming.conditions_from(conditions) or None,
        }  # fmt: skip
        with self._desk() as desk:
            claim = claiming.add(desk, wording, by=by, opens_on=opens_on, slug=slug, fields=fields)
            if p is not None:
                forecasting.record_forecast(desk, claim.slug, Said(p), by=None, at_first=True, new=new)
        return claim.slug

    def log_evidence(
        self, claims: str | Sequence[str], link: str, title: str, *, on: date | str | None = None,
        counts: str | None = None, event: str | None = None, bears: str | None = None,
        meets: Sequence[str] | None = None, why: str | None = None, likelihood_ratio: float | None = None,
        slug: str | None = None, published: date | str | None = None, publisher: str | None = None,
        summary: str | None = None, excerpt: str | None = None, grade: str | None = None,
        reliability: str | None = None, reliability_note: str | None = None, read: str | None = None,
        archived: str | None = None, archived_sha256: str | None = None,
    ) -> Evidence:  # fmt: skip
        """A link and what it says about one claim or several.

        ``on`` is when what it reports happened: a day, a month or a year. ``counts`` names the event, which is
        recorded where it is new, and says that the evidence supports the claim and meets all its conditions, or
        those of ``meets``. Without it the evidence is context, or what ``bears`` says.
        """
        fields = {
            "published": published, "publisher": publisher, "summary": summary, "excerpt": excerpt, "grade": grade,
            "reliability": reliability, "reliability_note": reliability_note, "read": read, "archived": archived,
            "archived_sha256": archived_sha256,
        }  # fmt: skip
        happened = None if on is None else evidencing.period_text(on, "on")
        with self._desk() as desk:
            return evidencing.log_evidence(
                desk, several(claims, "claims"), link, title, slug=slug, on=happened, counts=counts, event=event,
                bears=bears, meets=None if meets is None else several(meets, "meets"), why=why,
                likelihood_ratio=likelihood_ratio, fields=fields,
            )  # fmt: skip

    def bear(
        self, claim: str, evidence: str, bears: str, *, event: str | None = None, meets: Sequence[str] = (),
        why: str | None = None, likelihood_ratio: float | None = None, reason: str | None = None,
    ) -> Bearing:  # fmt: skip
        """What evidence on file says about a further claim: supports, opposes, near-miss, context, base-rate."""
        with self._desk() as desk:
            return evidencing.bear(
                desk, claim, evidence, bears, event=event, meets=several(meets, "meets"), why=why,
                likelihood_ratio=likelihood_ratio, reason=reason,
            )  # fmt: skip

    def retract(self, evidence: str, *, reason: str) -> Evidence:
        """Take evidence back: it stays on file, marked, and counts no more."""
        with self._desk() as desk:
            return evidencing.retract(desk, evidence, reason=reason)

    def forecast(
        self, claim: str, probability: float | None = None, *, by: str | None = None, low: float | None = None,
        high: float | None = None, words: str | None = None, scale: str | None = None,
        made_at: date | str | None = None, published_in: str | None = None, because: str | Sequence[str] = (),
        note: str | None = None, again: bool = False, new: bool = False, reason: str | None = None,
    ) -> Forecast:  # fmt: skip
        """One probability, 0 to 1, by one forecaster, now or at ``made_at`` (a whole day means its end).

        The same again is a no-op. One that repeats an earlier forecast, since replaced, is a Conflict, unless
        ``again`` says it is meant anew, or ``made_at`` that it belongs to a day.
        """
        said = Said(probability, low, high, None, words, scale, note, because, published_in)
        with self._desk() as desk:
            return forecasting.record_forecast(
                desk, claim, said, by=by, made_at=made_at, again=again, new=new, reason=reason
            )

    def withdraw(
        self, claim: str, *, by: str | None = None, made_at: date | str | None = None, note: str | None = None,
        again: bool = False,
    ) -> Forecast:  # fmt: skip
        """End one's standing forecast without a new one."""
        with self._desk() as desk:
            return forecasting.record_forecast(
                desk, claim, Said(withdrawn=True, note=note), by=by, made_at=made_at, again=again
            )

    def resolve(
        self, claim: str, outcome: str | float, *, happened_on: date | str | None = None,
        known_on: date | str | None = None, reason: str | None = None, because: str | Sequence[str] = (),
        lapsed: bool = False, impossible: bool = False, dissent: bool = False, decided_by: str | None = None,
        again: bool = False,
    ) -> Resolution:  # fmt: skip
        """A verdict: yes, no, ambiguous, or a fraction between 0 and 1; with the day it became public, and why.

        A no before the window is over needs ``impossible``; after the settle day ``lapsed`` fills in the rest.
        """
        with self._desk() as desk:
            return resolving.resolve(
                desk, self._read(None, None), claim, outcome, happened_on=happened_on, known_on=known_on,
                reason=reason, because=because, lapsed=lapsed, impossible=impossible, dissent=dissent,
                decided_by=decided_by, again=again,
            )  # fmt: skip

    def annul(
        self,
        claim: str,
        *,
        known_on: date | str,
        reason: str,
        because: str | Sequence[str] = (),
        again: bool = False,
    ) -> Resolution:
        """Say that a claim lost its basis: it leaves every mean, and stays on every card."""
        return self.resolve(claim, "annulled", known_on=known_on, reason=reason, because=because, again=again)

    def correct(self, record: Record | str, *, reason: str, **changes: object) -> Record:
        """Give a record other fields, with the reason; the record itself, its slug, or "kind slug"."""
        with self._desk() as desk:
            named = self._read(None, None).named(record) if isinstance(record, str) else record
            return correct(desk, named, changes, reason=reason)

    def import_forecasts(
        self, source: object, *, by: str | None = None, kind: str = "person", published_in: str | None = None,
        skip_bad: str | os.PathLike[str] | None = None,
    ) -> Imported:  # fmt: skip
        """Many forecasts at once, under one entry, whole or not at all; again is safe.

        ``source`` is the path of a .csv or .parquet file, an Arrow table, a mapping of columns, or rows of claim,
        forecaster, made_at, probability (and withdrawn). ``made_at`` is ISO text with an offset, an aware datetime,
        or microseconds since 1970, UTC. Claims must be on file; new forecasters are recorded, as of that ``kind``.
        ``by`` is whose they all are, where no column says. ``published_in`` names the source whose dates these are:
        a platform vouches for all up to the day of its dump, any other source for those of its own day. Bad rows
        are refused, or written to ``skip_bad`` as CSV.
        """
        from predictions.bulk.importing import Options, import_forecasts

        options = Options(by, kind, published_in, Path(skip_bad) if skip_bad is not None else None)
        with self._desk() as desk:
            return import_forecasts(desk, self._journal.connection, source, options)

    # -- reading ---------------------------------------------------------------------------------------------

    def board(self, *, all: bool = False, as_of: object = None, today: date | str | None = None) -> Board:  # noqa: A002
        """Every statement and where it stands; with ``all`` the readings that are not scored, too."""
        return board(self.snapshot(as_of=as_of, today=today), everything=all)

    def claim(
        self, slug: str, *, as_of: object = None, today: date | str | None = None
    ) -> predictions.cards.claim.Card:
        """Everything on file about one claim."""
        from predictions.cards.claim import card

        snapshot = self.snapshot(as_of=as_of, today=today)
        return card(snapshot, snapshot.find(Claim, slug))

    def tally(self, slug: str, *, as_of: object = None, today: date | str | None = None) -> Tally:
        """What the evidence on file would make of one claim."""
        snapshot = self.snapshot(as_of=as_of, today=today)
        return tally(snapshot, snapshot.find(Claim, slug))

    def due(self, *, as_of: object = None, today: date | str | None = None) -> Agenda:
        """What waits for a verdict."""
        return agenda.due(self.snapshot(as_of=as_of, today=today))

    def review(self, *, by: str | None = None, as_of: object = None, today: date | str | None = None) -> Agenda:
        """What waits for a verdict, and which of the forecaster's numbers have gone stale."""
        return agenda.review(self.snapshot(as_of=as_of, today=today), by, me=self.me)

    def history(self, slug: str | None = None, *, as_of: object = None) -> predictions.cards.history.History:
        """Everything recorded, or what concerns one slug, oldest first."""
        from predictions.cards.history import history

        with self._journal.reading():
            head, _ = self._journal.prefix(as_of)
            return history(self._store.recorded(head.size), slug)

    def scorecard(
        self, *, by: str | Sequence[str] | None = None, as_of: object = None, today: date | str | None = None,
        cohort: str = "settled", rule: str = "first", source: str | None = None, tag: str | None = None,
        reading: str | None = None, window: str | None = None, kind: str | None = None,
        horizon: str | int | None = None, crowds: bool = False,
    ) -> predictions.cards.scorecard.Scorecard | predictions.bulk.wide.WideScorecard:  # fmt: skip
        """How good each forecaster was, as known at ``as_of``; with ``crowds`` what several came to together, too.

        Only the scored claims of that source, tag, reading and kind; whose last day lies in the ``window`` (a
        year, month or day, or "2026/2027"); whose ``horizon`` is at most so many days ("30..365" for from and to).
        """
        from predictions.cards.scorecard import scorecard
        from predictions.scoring.filtering import Filter

        chosen = None if by is None else several(by, "by")
        only = Filter(source, tag, reading, window, kind, horizon)
        if self._imported(as_of):
            return self._wide(chosen, as_of, today, cohort, rule, only)
        snapshot = self.snapshot(as_of=as_of, today=today)
        return scorecard(snapshot, by=chosen, cohort=cohort, rule=rule, only=only, crowds=crowds)

    def readings(
        self, statement: str, *, as_of: object = None, today: date | str | None = None
    ) -> predictions.cards.readings.Readings:
        """The readings of a statement, or of the statement of a claim, side by side."""
        from predictions.cards.readings import readings

        snapshot = self.snapshot(as_of=as_of, today=today)
        return readings(snapshot, snapshot.statement_of(statement))

    def report(
        self, path: str | os.PathLike[str], *, as_of: object = None, today: date | str | None = None,
        title: str | None = None, crowds: bool = False, progress: Callable[[int, int], None] | None = None,
    ) -> Path:  # fmt: skip
        """Write one self-contained HTML page: the board, each statement, the scorecard, how to verify; its path.

        An older page of that name is replaced; anything else of that name is refused.
        """
        from predictions.cards.scorecard import scorecard
        from predictions.pages.report import report
        from predictions.placing import redraw

        if self._imported(as_of):
            raise InvalidValue("a page shows each forecast, and this ledger has too many imported ones for that")
        with self._journal.reading():
            head, _ = self._journal.prefix(as_of)
            snapshot = self._read(as_of, today)
        drawn = report(snapshot, scorecard(snapshot, crowds=crowds), head=str(head), title=title, progress=progress)
        return redraw(path, drawn)

    def export_ics(
        self, path: str | os.PathLike[str], *, as_of: object = None, today: date | str | None = None
    ) -> Path:
        """Write a calendar: last days of windows, settle days, days to look again; its path."""
        from predictions.pages.deadlines import calendar
        from predictions.placing import redraw

        return redraw(path, calendar(self.snapshot(as_of=as_of, today=today)).decode())

    def datasette_metadata(
        self, folder: str | os.PathLike[str] = ".", *, title: str | None = None, free_sql: bool = False
    ) -> list[Path]:
        """Write the two files with which Datasette shows this ledger well; their paths."""
        from predictions.pages.browse import write_datasette

        return write_datasette(self._journal.path, Path(folder), title=title, free_sql=free_sql)

    def snapshot(self, *, as_of: object = None, today: date | str | None = None) -> Snapshot:
        """The records themselves, as plain values, as of a moment, a day or a head."""
        with self._journal.reading():
            return self._read(as_of, today)

    def close(self) -> None:
        """Let go of the file."""
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return str(self.board())

    def _repr_html_(self) -> str:
        return self.board()._repr_html_()

    @contextmanager
    def _desk(self) -> Iterator[Desk]:
        self.wrote = 0
        with self._journal.writing() as writing:
            yield Desk(self._store, writing, self.me, self._journal.now())
            self.wrote = writing.entries

    def export_parquet(
        self, folder: str | os.PathLike[str], *, as_of: object = None, today: date | str | None = None
    ) -> Exported:
        """Write forecasts (as the rules of scoring count them), claims and resolutions as Parquet files.

        They are sorted, cut by ranges of claims, and carry the head; an engine scores them without the ledger.
        """
        from predictions.bulk.byhand import all_columns
        from predictions.bulk.parquet import export_parquet

        connection = self._journal.connection
        with self._journal.reading():
            head, moment = self._journal.prefix(as_of)
            day = moment.date() if today is None else read_day(today)
            columns = all_columns(self._store, connection, head.size, as_of=moment, today=day, by=None, unscored=True)
            return export_parquet(connection, folder, columns, head=head, today=day)

    def _imported(self, as_of: object) -> bool:
        """Whether there are more imported forecasts than can each be a record."""
        with self._journal.reading():
            head, _ = self._journal.prefix(as_of)
            return self._store.imported(head.size) > MOST_ROWS

    def _wide(
        self, by: Sequence[str] | None, as_of: object, today: date | str | None, cohort: str, rule: str,
        only: predictions.scoring.filtering.Filter,
    ) -> predictions.bulk.wide.WideScorecard:  # fmt: skip
        from predictions.bulk.byhand import Holder
        from predictions.bulk.widesums import wide_scorecard

        with self._journal.reading():
            head, moment = self._journal.prefix(as_of)
            day = moment.date() if today is None else read_day(today)
            if not isinstance(self._holder, Holder):
                self._holder = Holder(self._store, self._journal.connection)
            columns = self._holder.columns(head.size, as_of=moment, today=day, by=by)
            if only:
                columns = columns.of({claim.slug for claim in only.claims(self._read(as_of, today))})
        return wide_scorecard(columns, cohort=cohort, rule=rule, as_of=moment, today=day, head=self._shown(head))

    def _shown(self, head: Head) -> str:
        """The head as a card shows it: a redacted copy has the head of the whole, and must not pass for it."""
        gone = len(self._journal.redacted(head.size))
        return head.short + (f" (redacted copy: {gone} records missing)" if gone else "")

    def _read(self, as_of: object, today: date | str | None) -> Snapshot:
        head, moment = self._journal.prefix(as_of)
        recorded = self._store.recorded(head.size)
        snapshot = Snapshot.of(recorded, head=self._shown(head), as_of=moment, today=today)
        if 0 < self._store.imported(head.size) <= MOST_ROWS:
            from predictions.bulk.imports import as_records

            try:
                snapshot = snapshot.also(as_records(self._journal.connection, head.size))
            except (ArithmeticError, LookupError, TypeError, ValueError):
                raise Tampered("an import was changed by hand: no forecast can be so; run verify") from None
        return snapshot
