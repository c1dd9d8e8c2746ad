"""What a notebook holds: one open ledger, with verbs that read as sentences. It delegates; it computes nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from predictions.boundary import bounded
from predictions.errors import InvalidValue, LedgerError, check_field, short_repr
from predictions.fields import check_count, check_flags, check_line, check_period, check_probability
from predictions.invisible import visible
from predictions.recording import claims, forecasts, quotes, resolutions
from predictions.recording import evidence as evidencing
from predictions.recording.enter import Desk, checked, correct, several, the_slug
from predictions.recording.revisions import AHEAD
from predictions.records import RECORDS, Bearing, Claim, Evidence, Forecast, Record, Resolution
from predictions.snapshot import Snapshot
from predictions.snapshot_cache import DECIDING, EVERYTHING, Asked, Snapshots
from predictions.storage.checkpoints import CopyHead, Head
from predictions.storage.files import path_of, redraw, write_text
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.tally import tally
from predictions.tally_result import Tally
from predictions.trust.entry_lookup import record_named
from predictions.views.board import Board, board
from predictions.views.board_filter import BoardFilter
from predictions.views.due import Due, due
from predictions.views.ledger_line import NEEDED, ledger_line

if TYPE_CHECKING:  # what the verbs return: named here, loaded when a verb is called
    from predictions.catalog import Catalog
    from predictions.exchange.taken import Taken
    from predictions.export.results import Exported
    from predictions.importing.results import Imported, ImportedVerdicts
    from predictions.redacted import Redacted
    from predictions.trust.backup import Backup
    from predictions.trust.block_proofs import BlockProof
    from predictions.trust.merge_result import Merged
    from predictions.trust.proofs import Comparison, Proof
    from predictions.trust.redact import Redaction
    from predictions.trust.verification_report import Verification
    from predictions.views.claim import ClaimCard
    from predictions.views.history import History
    from predictions.views.readings import Readings
    from predictions.views.receipt import Receipt
    from predictions.views.scorecard import Scorecard


class Printer(Protocol):
    """What IPython hands to an object that is to show itself."""

    def text(self, said: str) -> None:
        """Print."""


@bounded
class Ledger:
    """One ledger file, opened or created; use it in a ``with`` block, or ``close()`` it.

    ``me`` is who records, and who forecasts unless ``by=`` says otherwise; the environment's PREDICTIONS_ME
    stands in for it. Every verb raises :class:`~LedgerError` or one of its children, with
    one plain sentence, and then nothing was written. With ``read_only`` the file, and whatever lies beside it, is left
    as it is: that is how to look at somebody else's. ``wrote`` is how many records the last verb entered: none
    where all of it stood already.
    """

    wrote = 0

    def __init__(
        self, path: str | os.PathLike[str], *, me: str | None = None, create: bool = True, read_only: bool = False
    ) -> None:
        check_flags(create=create, read_only=read_only)
        self.me = checked(check_line, os.environ.get("PREDICTIONS_ME") or None if me is None else me, "me")
        self._journal = Journal(path_of(path), create=create and not read_only, read_only=read_only)
        self._store = Store(self._journal)
        self._snapshots = Snapshots(self._journal, self._store)

    def register(self, catalog: Catalog) -> int:
        """Enter a catalogue; again and again is safe. How many entries that made comes back."""
        from predictions.catalog import Catalog

        if not isinstance(catalog, Catalog):
            raise InvalidValue(f"{short_repr(catalog)} is no catalogue; say read_catalog('mine.toml')")
        with self._desk() as desk:
            return claims.register(desk, catalog.records)

    def add(
        self, text: str, *, deadline: date | str, p: float | None = None, opens_on: date | str | None = None,
        slug: str | None = None, title: str | None = None, criteria: str | None = None,
        at_least: int | None = None, conditions: Mapping[str, str] | Sequence[str] = (),
        settle_days: int | None = None, tags: Sequence[str] = (), given: str | None = None,
        supersedes: str | None = None, cluster: str | None = None, closes_at: datetime | str | None = None,
        note: str | None = None, new: bool = False,
    ) -> str:  # fmt: skip
        """Record a prediction of your own: what, until when (a day, or words such as "Q3 2027"), how likely; its slug.

        ``closes_at`` is a moment in that window, from which on forecasts count no longer. Claims that one fact decides
        together share the name of a ``cluster``, and are scored as one. ``new`` says that the forecaster is somebody
        new, whatever the name resembles.
        """
        check_flags(new=new)
        said = {"probability": checked(check_probability, p, "p"), "note": note}
        kept = {"notes": note} if p is None else {}
        fields = {
            "title": title, "criteria": criteria, "at_least": at_least, "settle_days": settle_days, "given": given,
            "supersedes": supersedes, "cluster": cluster, "closes_at": closes_at, **kept,
            "tags": several(tags, "tags") or None, "conditions": claims.conditions_from(conditions) or None,
        }  # fmt: skip
        with self._desk() as desk:
            claim = claims.add(desk, text, deadline=deadline, opens_on=opens_on, slug=slug, fields=fields)
            if p is not None:
                forecasts.record_forecast(desk, claim.slug, said, by=None, at_first=True, new=new)
        return claim.slug

    def quote(
        self, by: str, text: str, *, deadline: date | str | None = None, said_on: date | str | None = None,
        link: str | None = None, source: str | None = None, words: str | None = None, scale: str | None = None,
        p: float | None = None, low: float | None = None, high: float | None = None, kind: str | None = None,
        wording: str | None = None, criteria: str | None = None, not_resolvable: str | None = None,
        reading: str | None = None, note: str | None = None, tags: Sequence[str] = (), slug: str | None = None,
        opens_on: date | str | None = None, at_least: int | None = None,
        conditions: Mapping[str, str] | Sequence[str] = (), given: str | None = None, cluster: str | None = None,
        closes_at: datetime | str | None = None, settle_days: int | None = None, title: str | None = None,
        new: bool = False,
    ) -> Receipt:  # fmt: skip
        """Record what somebody else predicted: who, what, how likely, until when, and where it stands.

        Args:
            by: Who said it; somebody new is recorded.
            text: What was said, verbatim.
            deadline: The last day that counts, or words such as "Q3 2027", read from the day it was said.
            said_on: The day, or moment, on which it was published; that of a *source* on file stands in for it.
            link: Where it stands. Without it nothing carries its day, and the number stands apart as backdated.
            source: The title or slug of where it stands, if that is not their own.
            words: What stands for a number, read on *scale* (``house``), or from *low* to *high*.
            p: The number, where one was said.
            kind: What they are: person (unless given), publication, model, crowd.
            not_resolvable: Why it can never be held to account; then it is a statement only.
            reading: The name of a further reading of the same words.

        Returns:
            A receipt: the slug of the claim, which is taken wherever a claim is wanted, and what was recorded.
        """
        from predictions.views.receipt import quoted

        check_flags(new=new)
        how = {"probability": checked(check_probability, p, "p"), "low": low, "high": high, "words": words,
               "scale": scale}  # fmt: skip
        fields = {
            "wording": wording, "criteria": criteria, "tags": several(tags, "tags") or None,
            "at_least": at_least, "conditions": claims.conditions_from(conditions) or None, "given": given,
            "cluster": cluster, "closes_at": closes_at, "settle_days": settle_days, "title": title,
        }  # fmt: skip
        said = quotes.Quote(
            by, text, deadline, said_on, link, source, kind, not_resolvable, reading, opens_on, slug, new, note
        )  # fmt: skip
        with self._desk() as desk:
            found = quotes.quote(desk, said, how, fields)
        return quoted(found, wrote=self.wrote > 0)

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
        happened = None if on is None else check_field("on", check_period, on)
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
        check_flags(again=again, new=new)
        said = {
            "probability": probability, "low": low, "high": high, "words": words, "scale": scale, "note": note,
            "because": because, "published_in": published_in,
        }  # fmt: skip
        with self._desk() as desk:
            return forecasts.record_forecast(
                desk, claim, said, by=by, made_at=made_at, again=again, new=new, reason=reason
            )

    def withdraw(
        self, claim: str, *, by: str | None = None, made_at: date | str | None = None, note: str | None = None,
        again: bool = False,
    ) -> Forecast:  # fmt: skip
        """End one's standing forecast without a new one."""
        check_flags(again=again)
        with self._desk() as desk:
            said = {"withdrawn": True, "note": note}
            return forecasts.record_forecast(desk, claim, said, by=by, made_at=made_at, again=again)

    def resolve(
        self, claim: str, outcome: str | float, *, happened_on: date | str | None = None,
        known_on: date | str | None = None, reason: str | None = None, because: str | Sequence[str] = (),
        published_in: str | None = None, impossible: bool = False, dissent: bool = False,
        by: str | None = None, again: bool = False,
    ) -> Resolution:  # fmt: skip
        """A verdict: yes, no, ambiguous, or a fraction between 0 and 1; with the day or moment it was public, and why.

        A plain no is said from the settle day on, and needs no more: it is known on that day, nothing having come.
        Before that it needs ``impossible``, or ``published_in``: the platform that asked, and has resolved it so. What
        happened is known that day unless ``known_on`` says otherwise, or when the first of ``because`` was published.
        """
        check_flags(impossible=impossible, dissent=dissent, again=again)
        said = resolutions.Said(
            outcome, happened_on, known_on, reason, because, impossible, dissent, by, again,
            published_in=published_in,
        )  # fmt: skip
        with self._desk() as desk:
            slug = the_slug(desk.store, Claim, claim)
            return resolutions.resolve(desk, self._snapshots.deciding(slug), slug, said)

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
        """Give a record other fields, with the reason; the record itself, its slug, or "kind slug".

        Title, notes, tags and cluster of a claim can be corrected at any time; the rest only by its recorder, while it
        is a draft: for 24 hours, within its window, and until anybody else forecasts it or adds evidence.

        A forecast is named "claim forecaster", meaning the one that stands, what evidence bears "claim evidence".
        """
        with self._desk() as desk:
            kept = self.record(record) if isinstance(record, str) else record
            if isinstance(kept, Claim):
                return claims.correct_claim(desk, kept, changes, reason=reason)
            return correct(desk, kept, changes, reason=reason)

    def import_from(
        self, format: str, *files: object, dry_run: bool = False, by: str | None = None,  # noqa: A002
        people: Mapping[str, str] | None = None, onto: Mapping[str, str] | None = None, zone: str = "UTC",
        source: str | None = None, delimiter: str | None = None, decimal: str | None = None, percent: bool = False,
        sheet: str | int | None = None, skip_lines: int = 0,
    ) -> Taken:  # fmt: skip
        """Record what a file says, all of it or nothing; again adds nothing, and a later file what is new.

        What the ledger holds otherwise is left as it is, and listed with the line that takes it over.

        Args:
            format: `table`, one row a prediction (docs/table.md has the columns); `catalog`, a TOML catalogue;
                `ainews`, the packaged demonstration, which takes no file.
            files: Paths (.csv, .tsv, .xlsx, .json, .md, .parquet; "-" is standard input); for a table also a data
                frame, an Arrow table, a mapping of columns, or rows that are mappings.
            dry_run: Say what would be recorded, and record nothing.
            by: Whose forecasts they are, where no row says; else yours.
            people: The forecaster that each name in the file is: `{"Ann": "ana"}`.
            onto: The claim on file that a question is, by its id or text.
            zone: Where the times were written down that name no zone; a whole day of `made_at` then ends there.
            source: The publication of statements that do not say where they were made.
            delimiter: What separates the fields of a text file, if its header does not tell.
            decimal: "," or ".", if only that may stand before the fraction of a number.
            percent: Whether all chances are percent.
            sheet: The sheet of a spreadsheet, by its name or number; the first unless given.
            skip_lines: How many lines stand above the header.

        Returns:
            The card of the run.
        """
        from predictions.exchange.formats import run
        from predictions.exchange.options import Options
        from predictions.importing.tables import How

        how = How(delimiter, decimal, percent, skip_lines, sheet)
        options = Options(dry_run, by, people or {}, onto or {}, zone, source, how)
        with self._journal.reading():
            now = self._journal.now()
        taken = run(format, files, options, now, self._desk)
        if options.dry_run:
            self.wrote = 0
        with self._journal.reading():
            found = replace(taken, ledger=self._journal.path.name, head=self._journal.head().short)
        return found.saying(self._journal.lacks())

    def import_forecasts(
        self, source: object, *, by: str | None = None, kind: str = "person", published_in: str | None = None,
        skip_bad: str | os.PathLike[str] | None = None, delimiter: str | None = None, decimal: str | None = None,
        percent: bool = False, skip_lines: int = 0,
    ) -> Imported:  # fmt: skip
        """Record many forecasts under one entry, all of them or none; again is safe.

        Bad rows refuse it all, and are told by their causes. Claims must be on file; new forecasters are recorded.

        Args:
            source: The path of a .csv, .tsv or .parquet file, "-" for standard input, an Arrow table, a data frame, a
                mapping of columns, or rows. The columns are claim, forecaster, made_at (a moment with its offset, a
                day, meaning its end, or microseconds since 1970, UTC) and probability; and if there are such
                withdrawn, low, high, words, scale, note, because and shown.
            by: Whose forecasts they all are, where no column says.
            kind: What new forecasters are.
            published_in: The source whose dates these are: a platform vouches for all up to the day of its dump, any
                other source for those of its own day.
            skip_bad: Where bad rows are written as CSV, to be mended and imported, while the others are recorded.
            delimiter: What separates the fields of a text file, if its header does not tell.
            decimal: "," or ".", if only that may stand before the fraction of a number.
            percent: Whether all numbers are percent.
            skip_lines: How many lines stand above the header.
        """
        from predictions.importing.forecasts import import_forecasts
        from predictions.importing.staging import staged
        from predictions.importing.tables import How
        from predictions.timestamps import in_microseconds

        how = How(delimiter, decimal, percent, skip_lines)
        aside = None if skip_bad is None else path_of(skip_bad)
        with self._journal.reading():
            claims = sorted(self._store.slugs(Claim))
        latest = in_microseconds(self._journal.now() + AHEAD)
        with staged(
            source, how, claims=claims, latest=latest, by=by, skip_bad=aside, ledger=self._journal.path
        ) as ready:
            with self._desk() as desk:
                done = import_forecasts(desk, ready, kind, published_in)
            ready.refusals.place()
        return done.saying(self._journal.lacks())

    def import_resolutions(
        self, source: object, *, reason: str | None = None, by: str | None = None,
        delimiter: str | None = None, decimal: str | None = None, percent: bool = False, skip_lines: int = 0,
    ) -> ImportedVerdicts:  # fmt: skip
        """Record many verdicts, each held against the rules of ``resolve``, all of them or none; again is safe.

        Rows are taken in their order: where two differ on one claim, the later replaces the earlier, as it would by
        hand. A row with the outcome and days of a verdict on file is counted, and not recorded again.

        Args:
            source: Whatever :meth:`import_forecasts` takes. The columns are claim (the whole slug) and outcome (yes,
                no, a fraction, ambiguous or annulled); and if there are such known_on (a day, or a moment; that of a no
                is the settle day unless it says otherwise), happened_on, known_at, published_in, reason, decided_by,
                because, and impossible, for a no before the settle day.
            reason: Why they are decided so, where a row does not say.
            by: Who decided, where a row does not say.
            delimiter: As for forecasts; the same holds for the others.
            decimal: "," or ".".
            percent: Whether outcomes that are numbers are percent.
            skip_lines: How many lines stand above the header.
        """
        from predictions.importing.resolutions import import_resolutions, read_resolutions
        from predictions.importing.tables import How

        how = How(delimiter, decimal, percent, skip_lines)
        read = read_resolutions(source, how, reason=reason, by=by)
        with self._desk() as desk:
            done = import_resolutions(desk, read)
        return done.saying(self._journal.lacks())

    def board(
        self, *, status: str | None = None, by: str | None = None, source: str | None = None, tag: str | None = None,
        search: str | None = None, type: str | None = None, full: bool | None = None,  # noqa: A002
        as_of: object = None, today: date | str | None = None,
    ) -> Board:  # fmt: skip
        """Every statement that fits, and where it stands: a block each, or one line each where there are over 20.

        Args:
            status: Only what is open, due, overdue, settled (it has a verdict) or unclear (ambiguous, annulled).
            by: Only what this forecaster said or forecast.
            source: Only what that source said.
            tag: Only claims with that tag.
            search: Only statements in which all these words occur, their claims' titles and wordings included.
            type: Only claims of that type: yes-no, events, all-of, any-of.
            full: A block for each, with every reading; False for one line each.
        """
        check_flags(full=full is not None and full)
        snapshot = self.snapshot(as_of=as_of, today=today)
        only = BoardFilter(status, by, source, tag, search, type)
        return board(snapshot, full=full, only=only, ledger=self._journal.path.name).saying(snapshot.lacks)

    def claim(
        self, claim: str, *, full: bool = False, readings: bool = False, as_of: object = None,
        today: date | str | None = None,
    ) -> ClaimCard:  # fmt: skip
        """One claim: its words, where it stands, who said what; its ``tally``, ``readings`` and ``evidence``.

        Args:
            claim: Its slug, or the unique beginning of it.
            full: Everything on file: criteria, every piece of evidence, every forecast, every verdict.
            readings: The readings of its statement side by side, in place of the rest.
        """
        from predictions.views.claim import claim_card

        check_flags(full=full, readings=readings)
        with self._journal.reading():
            (slug,) = self._snapshots.claim(claim, as_of, RECORDS).claims or ("",)
            snapshot = self._read(as_of, today, self._snapshots.readings(slug, as_of))
        card = claim_card(snapshot, snapshot.find(Claim, slug), full=full, side_by_side=readings)
        return card.saying(snapshot.lacks)

    def __getitem__(self, claim: str) -> ClaimCard:
        """The card of one claim."""
        return self.claim(claim)

    def tally(self, slug: str, *, as_of: object = None, today: date | str | None = None) -> Tally:
        """What the evidence on file would make of one claim."""
        snapshot = self._about(slug, as_of, today, DECIDING)
        return tally(snapshot, snapshot.find(Claim, slug)).saying(snapshot.lacks)

    def due(
        self, *, by: str | None = None, all: bool = False, stale: bool = False,  # noqa: A002
        as_of: object = None, today: date | str | None = None,
    ) -> Due:  # fmt: skip
        """What waits for a verdict, from when it can be given, and the line to type.

        Args:
            by: Only what this forecaster said or forecast; and whose forecasts go stale, else yours.
            all: All of them, not only the first five.
            stale: In their place your forecasts on open claims that are older than 90 days.
        """
        check_flags(all=all, stale=stale)
        snapshot = self.snapshot(as_of=as_of, today=today)
        return due(snapshot, by=by, everything=all, stale=stale).saying(snapshot.lacks)

    def history(self, slug: str | None = None, *, as_of: object = None) -> History:
        """Everything recorded, or what concerns one slug, oldest first."""
        from predictions.views.history import history

        with self._journal.reading():
            head, _ = self._journal.prefix(as_of)
            lacks = self._journal.lacks(head)
            unread = self._snapshots.imported(head.size, slug)
            return history(self._store.recorded(head.size), slug, unread=unread).saying(lacks)

    def scorecard(
        self, *, by: str | Sequence[str] | None = None, as_of: object = None, today: date | str | None = None,
        cohort: str = "settled", rule: str = "first", source: str | None = None, tag: str | None = None,
        reading: str | None = None, window: str | None = None, type: str | None = None,  # noqa: A002
        horizon: str | int | None = None, crowds: bool = False, top: int = 20, sort: str | None = None,
        full: bool = False,
    ) -> Scorecard:  # fmt: skip
        """Who was right, as known at ``as_of``: plain counts, scores, and what is not counted.

        With ``full`` it shows intervals, calibration and every claim as well; with ``crowds`` what several came to
        together. Everybody is computed, and the first ``top`` drawn: those with most statements, the ledger's own
        ``me`` last, or in the order of one of the scores (``sort="brier"``), which is never a ranking.

        Only the scored claims of that source, tag, reading and type; whose last day lies in the ``window`` (a
        year, month or day, or "2026/2027"); whose ``horizon`` is at most so many days ("30..365" for from and to).
        """
        from predictions.scoring.filters import Filter
        from predictions.views.scorecard import scorecard

        check_flags(crowds=crowds, full=full)
        chosen = None if by is None else several(by, "by")
        only = Filter(source, tag, reading, window, type, horizon)
        drawn = check_field("top", check_count, top)
        reader, moment = self._snapshots.forecasts(as_of, today)
        card = scorecard(
            reader, by=chosen, cohort=cohort, rule=rule, only=only, crowds=crowds, as_of=moment, me=self.me, top=drawn,
            sort=sort, full=full,
        )  # fmt: skip
        with self._journal.reading():
            return card.saying(self._journal.lacks(self._journal.prefix(as_of)[0]))

    def readings(self, statement: str, *, as_of: object = None, today: date | str | None = None) -> Readings:
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
        card = scorecard(self._snapshots.forecasts(as_of, today)[0], crowds=crowds, me=self.me).saying(snapshot.lacks)
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
            reader, _ = self._snapshots.forecasts(as_of, today)
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
            return record_named(self._store, name)

    def verify(
        self, *, head: Head | str | Sequence[Head | str] | None = None, key: str | None = None, deep: bool = False
    ) -> Verification:
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
    ) -> Proof | BlockProof:
        """The portable proof that a record stands in this ledger: a slug, "claim forecaster", an entry's number.

        With an earlier *head*, that it stood there already. ``proof.text`` is what to hand on, and is written into
        the new file that ``to`` names. That of an imported forecast discloses its whole block, and says so.
        """
        from predictions.trust.block_proofs import prove_any

        with self._journal.reading():
            proof = prove_any(self._journal, self._store, record, head=head)
            lacks = self._journal.lacks()
        if to is not None:
            write_text(to, proof.text, like=self._journal.path)
        return proof.saying(lacks)

    def compare(self, head: Head | str, *, to: str | os.PathLike[str] | None = None) -> Comparison:
        """The proof that an earlier head, kept elsewhere, is a prefix of this ledger; ``to`` as for :meth:`prove`."""
        from predictions.trust.proofs import prove_prefix

        with self._journal.reading():
            comparison = prove_prefix(self._journal, head)
            lacks = self._journal.lacks()
        if to is not None:
            write_text(to, comparison.text, like=self._journal.path)
        return comparison.saying(lacks)

    def keygen(self, path: str | os.PathLike[str]) -> str:
        """Make a key that signs this ledger's heads, in a new file of one's own; the public key comes back."""
        from predictions.trust.signatures import new_key

        return new_key(path, self.head().origin)

    def backup(self, path: str | os.PathLike[str], *, force: bool = False) -> Backup:
        """Copy the ledger into a new file, verified whole; others may go on writing meanwhile."""
        from predictions.trust.backup import backup

        check_flags(force=force)
        return backup(self._journal, path, force=force).saying(self._journal.lacks())

    def merge(self, other: str | os.PathLike[str], *, settle: Mapping[str, str] | None = None) -> Merged:
        """Take in what another copy of this ledger recorded, or what another ledger says of the claims that both ask.

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
    ) -> Redaction:  # fmt: skip
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

    @property
    def lacks(self) -> Redacted | None:
        """What a redacted copy no longer holds; None of a whole ledger."""
        return self._journal.lacks()

    def __repr__(self) -> str:
        try:
            with self._journal.reading():
                stands = ledger_line(self._read(None, None, NEEDED))
        except LedgerError:
            stands = "cannot be read"  # as when it is closed
        return visible(f"<Ledger {self._journal.path.name}: {stands}, me={self.me!r}>")

    def __str__(self) -> str:
        return str(self.board())

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:  # as IPython calls it
        printer.text(repr(self) if cycle else str(self))

    def _repr_html_(self) -> str:
        return self.board()._repr_html_()

    def close(self) -> None:
        """Let go of the file."""
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _desk(self) -> Iterator[Desk]:
        self.wrote = 0
        with self._journal.writing() as writing:
            yield Desk(self._store, writing, self.me, self._journal.now())
            self.wrote = writing.entries

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
