"""What a notebook holds: one open ledger, with verbs that read as sentences. It delegates; it computes nothing.

The verbs that write are here; those that only read are in ``reading``, those of trust in ``trust.trusted``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from types import TracebackType
from typing import Self

import predictions
from predictions.boundary import bounded
from predictions.errors import InvalidValue, check_field, short_repr
from predictions.fields import check_flags, check_line, check_period, check_probability
from predictions.importing.results import Imported, ImportedVerdicts
from predictions.reading import Readable
from predictions.recording import claims, forecasts, quotes, resolutions
from predictions.recording import evidence as evidencing
from predictions.recording.enter import Desk, checked, correct, several, the_slug
from predictions.recording.revisions import AHEAD
from predictions.records import Bearing, Claim, Evidence, Forecast, Record, Resolution
from predictions.snapshot_cache import Snapshots
from predictions.storage.files import path_of
from predictions.storage.journal import Journal
from predictions.storage.store import Store
from predictions.trust.trusted import Trusted


@bounded
class Ledger(Readable, Trusted):
    """One ledger file, opened or created; use it in a ``with`` block, or ``close()`` it.

    ``me`` is who records, and who forecasts unless ``by=`` says otherwise; the environment's PREDICTIONS_ME
    stands in for it. Every verb raises :class:`~predictions.errors.LedgerError` or one of its children, with
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

    def register(self, catalog: predictions.Catalog) -> int:
        """Enter a catalogue; again and again is safe. How many entries that made comes back."""
        from predictions.catalog import Catalog

        if not isinstance(catalog, Catalog):
            raise InvalidValue(f"{short_repr(catalog)} is no catalogue; say read_catalog('mine.toml')")
        with self._desk() as desk:
            return claims.register(desk, catalog.records)

    def add(
        self, wording: str, *, by: date | str, p: float | None = None, opens_on: date | str | None = None,
        slug: str | None = None, title: str | None = None, criteria: str | None = None,
        at_least: int | None = None, conditions: Mapping[str, str] | Sequence[str] = (),
        settle_days: int | None = None, tags: Sequence[str] = (), given: str | None = None,
        supersedes: str | None = None, cluster: str | None = None, closes_at: datetime | str | None = None,
        notes: str | None = None, new: bool = False,
    ) -> str:  # fmt: skip
        """A claim of one's own, from today to ``by`` (a day, or words such as "Q3 2027"), and a forecast; its slug.

        ``closes_at`` is a moment in that window, from which on forecasts count no longer. Claims that one fact decides
        together share the name of a ``cluster``, and are scored as one. ``new`` says that the forecaster is somebody
        new, whatever the name resembles.
        """
        check_flags(new=new)
        said = {"probability": checked(check_probability, p, "p")}
        fields = {
            "title": title, "criteria": criteria, "at_least": at_least, "settle_days": settle_days, "given": given,
            "supersedes": supersedes, "cluster": cluster, "closes_at": closes_at, "notes": notes,
            "tags": several(tags, "tags") or None, "conditions": claims.conditions_from(conditions) or None,
        }  # fmt: skip
        with self._desk() as desk:
            claim = claims.add(desk, wording, deadline=by, opens_on=opens_on, slug=slug, fields=fields)
            if p is not None:
                forecasts.record_forecast(desk, claim.slug, said, by=None, at_first=True, new=new)
        return claim.slug

    def quote(
        self, by: str, text: str, *, deadline: date | str | None = None, said_on: date | str | None = None,
        link: str | None = None, source: str | None = None, words: str | None = None, scale: str | None = None,
        p: float | None = None, low: float | None = None, high: float | None = None, kind: str | None = None,
        wording: str | None = None, criteria: str | None = None, not_resolvable: str | None = None,
        reading: str | None = None, notes: str | None = None, tags: Sequence[str] = (), slug: str | None = None,
        opens_on: date | str | None = None, at_least: int | None = None,
        conditions: Mapping[str, str] | Sequence[str] = (), given: str | None = None, cluster: str | None = None,
        closes_at: datetime | str | None = None, settle_days: int | None = None, title: str | None = None,
        new: bool = False,
    ) -> predictions.views.receipt.Receipt:  # fmt: skip
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
            "wording": wording, "criteria": criteria, "notes": notes, "tags": several(tags, "tags") or None,
            "at_least": at_least, "conditions": claims.conditions_from(conditions) or None, "given": given,
            "cluster": cluster, "closes_at": closes_at, "settle_days": settle_days, "title": title,
        }  # fmt: skip
        said = quotes.Quote(
            by, text, deadline, said_on, link, source, kind, not_resolvable, reading, opens_on, slug, new
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
        decided_by: str | None = None, again: bool = False,
    ) -> Resolution:  # fmt: skip
        """A verdict: yes, no, ambiguous, or a fraction between 0 and 1; with the day or moment it was public, and why.

        A plain no is said from the settle day on, and needs no more: it is known on that day, nothing having come.
        Before that it needs ``impossible``, or ``published_in``: the platform that asked, and has resolved it so. What
        happened is known that day unless ``known_on`` says otherwise, or when the first of ``because`` was published.
        """
        check_flags(impossible=impossible, dissent=dissent, again=again)
        said = resolutions.Said(
            outcome, happened_on, known_on, reason, because, impossible, dissent, decided_by, again,
            published_in=published_in,
        )  # fmt: skip
        with self._desk() as desk:
            slug = the_slug(desk.store, Claim, claim)
            return resolutions.resolve(desk, self._deciding(slug), slug, said)

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
            standing = self.record(record) if isinstance(record, str) else record
            if isinstance(standing, Claim):
                return claims.correct_claim(desk, standing, changes, reason=reason)
            return correct(desk, standing, changes, reason=reason)

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
        from predictions.importing.readers import How
        from predictions.importing.staging import staged
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
        self, source: object, *, reason: str | None = None, decided_by: str | None = None,
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
            decided_by: Who decided, where a row does not say.
            delimiter: As for forecasts; the same holds for the others.
            decimal: "," or ".".
            percent: Whether outcomes that are numbers are percent.
            skip_lines: How many lines stand above the header.
        """
        from predictions.importing.readers import How
        from predictions.importing.resolutions import import_resolutions, read_resolutions

        how = How(delimiter, decimal, percent, skip_lines)
        read = read_resolutions(source, how, reason=reason, decided_by=decided_by)
        with self._desk() as desk:
            done = import_resolutions(desk, read)
        return done.saying(self._journal.lacks())

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
