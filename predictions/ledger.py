"""One open ledger: the verbs, which read as sentences and pass their arguments to the rooms that do the work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TypeAlias, overload

from predictions.boundary import bounded, explaining
from predictions.errors import InvalidValue, LedgerError, NotFound, check_field, short_repr
from predictions.fields import check_count, check_flags, check_line
from predictions.invisible import visible
from predictions.other_verbs import led_on
from predictions.recording import claim_types, claims, forecasts, quotes, resolutions
from predictions.recording import evidence as evidencing
from predictions.recording.enter import Desk, Undone, check_named, correct, name_of, several, tags_from, the_slug
from predictions.recording.quoted_sources import Quote
from predictions.records import RECORDS, Claim, Evidence, Forecast, Forecaster, Record, Source
from predictions.snapshot import Snapshot
from predictions.snapshot_cache import DECIDING, EVERYTHING, TALLYING, Asked, Snapshots
from predictions.storage.as_of import warn_if_behind
from predictions.storage.checkpoints import CopyHead, Head
from predictions.storage.clock import is_scratch
from predictions.storage.files import path_of, redraw, write_text
from predictions.storage.journal import Journal
from predictions.storage.rows import collector_paused
from predictions.storage.store import Store
from predictions.tally.tally import tally
from predictions.trust.entry_lookup import record_named, whole_name
from predictions.views.board.board import Board, board
from predictions.views.board.filter import BoardFilter
from predictions.views.board.summary import NEEDED, ledger_line
from predictions.views.due import Due, due
from predictions.views.receipts.completing import Completing

if TYPE_CHECKING:  # what the verbs return: named here, loaded when a verb is called
    from predictions.catalog import Catalog
    from predictions.exchange.taking.card import Taken
    from predictions.exchange.written import Exported, RowsWritten, Written
    from predictions.importing.results import Imported, ImportedVerdicts
    from predictions.redacted import Redacted
    from predictions.scoring.compare.cards import Difference
    from predictions.scoring.compare.comparison import Comparison
    from predictions.scoring.explain.explanation import Explanation
    from predictions.trust.backup import Backup
    from predictions.trust.block_proofs import BlockProof
    from predictions.trust.merge.result import Merged
    from predictions.trust.proofs import Proof
    from predictions.trust.redact import Redaction
    from predictions.trust.verification_report import Verification
    from predictions.views.claim.card import ClaimCard
    from predictions.views.history import History
    from predictions.views.receipts.receipt import Receipt, ReceiptLines
    from predictions.views.scales import Scales
    from predictions.views.scorecard.card import Scorecard
    from predictions.views.scorecard.leaderboard import Leaderboard


class Printer(Protocol):
    """What IPython passes to an object to print itself with."""

    def text(self, said: str) -> None:
        """Print a text."""


Day: TypeAlias = "date | str"  # a day, or words for one: "2027", "Q3 2027"
When: TypeAlias = "date | datetime | str"  # a day or a moment
Chance: TypeAlias = "float | str"  # 0.35, "35%"
Chances: TypeAlias = "Chance | Mapping[str, Chance]"  # one, or one for each option or day
Quantiles: TypeAlias = "Mapping[float, float]"  # by chance, the value at or below which the number is with that chance
Leads: TypeAlias = "str | int | Sequence[int]"  # days before a deadline: "90,30", [90, 30]
Range: TypeAlias = "tuple[float, float] | tuple[float, float, str]"  # with "log" after it, for a log axis
Slug: TypeAlias = "str | Record"  # a slug, the beginning of one, a record, a receipt
Slugs: TypeAlias = "Slug | Sequence[Slug]"  # one or several
Tests: TypeAlias = "Mapping[str, str] | Sequence[str]"  # names with the text of their tests
File: TypeAlias = "str | os.PathLike[str]"


@bounded
class Ledger:
    """One ledger file, opened or created; use it in a ``with`` block, or ``close()`` it.

    ``me`` is who records, and who forecasts unless ``by=`` says otherwise; the environment's PREDICTIONS_ME
    stands in for it. Every verb raises :class:`~LedgerError` or one of its children, with
    one plain sentence, and then nothing was written. With ``read_only`` the file, and whatever lies beside it, is left
    as it is: that is how to look at somebody else's.
    """

    def __init__(
        self, path: str | os.PathLike[str], *, me: str | None = None, create: bool = True, read_only: bool = False
    ) -> None:
        check_flags(create=create, read_only=read_only)
        self.me = check_named(check_line, os.environ.get("PREDICTIONS_ME") or None if me is None else me, "me")
        self._journal = Journal(path_of(path), create=create and not read_only, read_only=read_only)
        self._store = Store(self._journal)
        self._snapshots = Snapshots(self._journal, self._store)
        self._receipts = Completing(self._journal, self._snapshots, partial(explaining, self._journal, self._store))
        self._tries = False  # whether a trial runs, whose records are undone

    def register(self, catalog: Catalog) -> int:
        """Enter a catalogue, and return how many entries that made; doing it again is safe."""
        from predictions.catalog import Catalog

        if not isinstance(catalog, Catalog):
            raise InvalidValue(f"{short_repr(catalog)} is no catalogue; say read_catalog('mine.toml')")
        with self._desk() as desk:
            return claims.register(desk, catalog.records, catalog.file)

    def add(
        self, text: str, *, deadline: Day, p: Chances | None = None, note: str | None = None,
        criteria: str | None = None, tags: Slugs = (), slug: str | None = None, opens_on: Day | None = None,
        options: Slugs = (), ordered: bool = False, unit: str | None = None, between: Range | None = None,
        quantiles: Quantiles | None = None, when: bool = False, at_least: int | None = None,
        conditions: Tests = (), given: Slug | None = None, cluster: str | None = None, closes_at: When | None = None,
        settle_days: int = 30, title: str | None = None,
    ) -> Receipt:  # fmt: skip
        """Record a prediction of your own.

        Args:
            text: What is predicted.
            deadline: The last day that counts: 2027-06-30, 2027, 'Q3 2027'.
            p: How likely: 0.7; or {option: 0.4}, or {day: 0.3}.
            note: Why, in your words.
            criteria: The public facts that decide; the text itself unless given.
            tags: For filters and grouping.
            slug: Its short name; made of the text unless given.
            opens_on: The first day that counts; today unless given.

        Other types of claim:
            options: One of these will be true.
            ordered: They have an order, lowest first.
            unit, between: A number, and the range over which it is scored; (low, high, "log") for a log axis.
            quantiles: How likely at most that value: {0.1: 2.5, 0.5: 4}.
            when: On which day; p={day: 0.3} is the chance by then.
            at_least, conditions: So many different events, each meeting every condition.

        More:
            given: If that one comes out no, this one is annulled.
            cluster: Decided by the same fact as others of that name.
            settle_days: Days for late reports; 30 unless given.
            closes_at: From then on no forecast counts.
            title: One line for lists.
        """
        from predictions.views.receipts.tags import naming_tags
        from predictions.views.receipts.texts import added

        terms = {
            "options": options, "ordered": ordered, "unit": unit, "between": between, "quantiles": quantiles,
            "when": when, "at_least": at_least, "conditions": conditions,
        }  # fmt: skip
        fields = {
            **claim_types.type_of(text, p, terms), "title": title, "criteria": criteria, "settle_days": settle_days,
            "given": given,
            "cluster": cluster, "closes_at": closes_at, "notes": note if p is None and quantiles is None else None,
            "tags": tags_from(tags) or None, "conditions": claim_types.conditions_from(conditions) or None,
        }  # fmt: skip
        said = {"probability": p, "quantiles": quantiles, "note": note}
        with self._desk() as desk:
            found = claims.add(desk, text, deadline=deadline, opens_on=opens_on, slug=slug, fields=fields)
            unsaid = p is None and quantiles is None
            forecast = None if unsaid else forecasts.own_forecast(desk, found.claim.slug, said)
            receipt = naming_tags(added(desk, found, forecast, deadline), tags)
        return self._counting(receipt, desk, found.claim.slug, forecast)

    def quote(
        self, by: str, text: str, *, deadline: Day | None = None, said_on: When | None = None, link: str | None = None,
        source: str | None = None, words: str | None = None, scale: str | None = None, p: Chances | None = None,
        low: Chance | None = None, high: Chance | None = None, kind: str | None = None, wording: str | None = None,
        criteria: str | None = None, not_resolvable: str | None = None, reading: str | None = None,
        note: str | None = None, tags: Slugs = (), slug: str | None = None, opens_on: Day | None = None,
        options: Slugs = (), ordered: bool = False, unit: str | None = None, between: Range | None = None,
        quantiles: Quantiles | None = None, when: bool = False, at_least: int | None = None,
        conditions: Tests = (), given: Slug | None = None, cluster: str | None = None, closes_at: When | None = None,
        settle_days: int = 30, title: str | None = None,
    ) -> Receipt:  # fmt: skip
        """Record what somebody else predicted: who, what, how likely, until when, and where it stands.

        Args:
            by: Who said it; somebody new is recorded.
            text: What was said, verbatim.
            deadline: The last day that counts, read from the day it was said.
            said_on: The day it was published; a source on file has its own.
            link: Where it can be read; without a link its day is backdated.
            source: The publication, by title or slug, where it is not their own.

        How likely:
            words: What stands for a number: will, likely.
            scale: The scale on which the words are read; house unless given.
            p: How likely: 0.7; or {option: 0.4}, or {day: 0.3}.
            low: The low end of what was said, or of what you take the words for.
            high: The high end.
            kind: What they are: person (unless given), publication, model, crowd.

        Other types of claim:
            options: One of these will be true.
            ordered: They have an order, lowest first.
            unit, between: A number, and the range over which it is scored; (low, high, "log") for a log axis.
            quantiles: How likely at most that value: {0.1: 2.5, 0.5: 4}.
            when: On which day; p={day: 0.3} is the chance by then.
            at_least, conditions: So many different events, each meeting every condition.

        More:
            wording: What is asked, in your words, where theirs do not say it.
            criteria: The public facts that decide; the text itself unless given.
            not_resolvable: Why it can never be decided; then it is kept as a statement only.
            reading: A name for a further reading of the same words.
            note: Your comment.
            tags: For filters and grouping.
            slug: Its short name; made of the text unless given.
            opens_on: The first day that counts; the day it was said unless given.
            given: If that one comes out no, this one is annulled.
            cluster: Decided by the same fact as others of that name.
            settle_days: Days for late reports; 30 unless given.
            closes_at: From then on no forecast counts.
            title: One line for lists.
        """
        from predictions.views.receipts.tags import naming_tags
        from predictions.views.receipts.texts import quoted

        terms = {
            "options": options, "ordered": ordered, "unit": unit, "between": between, "quantiles": quantiles,
            "when": when, "at_least": at_least, "conditions": conditions,
        }  # fmt: skip
        how = {"probability": p, "low": low, "high": high, "words": words, "scale": scale, "quantiles": quantiles}
        plain = {
            "wording": wording, "criteria": criteria, "tags": tags_from(tags) or None, "given": given,
            "cluster": cluster, "closes_at": closes_at, "settle_days": settle_days, "title": title,
        }  # fmt: skip
        said = Quote(
            by, text, deadline, said_on, link, source, kind, not_resolvable, reading, opens_on, slug, note
        )  # fmt: skip
        quotes.check_statement_alone(said, {"p": p, **{**how, "probability": None}, **terms, **plain})
        conditioned = claim_types.conditions_from(conditions) or None
        fields = {**claim_types.type_of(text, p, terms), **plain, "conditions": conditioned}
        with self._desk() as desk:
            found = quotes.quote(desk, said, how, fields)
            receipt = naming_tags(quoted(desk, found), tags)
        if found.claim is None:
            return self._receipts.later(receipt, desk)
        return self._counting(receipt, desk, found.claim.slug, found.forecast)

    def forecast(
        self, claim: Slug, p: Chances | None = None, *, by: str | None = None, kind: str | None = None,
        quantiles: Quantiles | None = None, words: str | None = None, scale: str | None = None,
        low: Chance | None = None, high: Chance | None = None, made_at: When | None = None,
        published_in: Slug | None = None, because: Slugs = (), note: str | None = None, again: bool = False,
        reason: str | None = None,
    ) -> Receipt:  # fmt: skip
        """Record how likely a claim is, by you or another: 35%.

        The same again adds nothing. One that you replaced since needs *again*, or the day it belongs to.

        Args:
            claim: The claim: its slug, or the beginning of it.
            p: How likely: 0.7; or {option: 0.4}, or {day: 0.3}.
            by: Who says so; you unless given.
            kind: What somebody new is: person (unless given), publication, model, crowd.
            because: The evidence that caused it.
            note: Why, in your words.

        How likely:
            words: What stands for a number: will, likely.
            scale: The scale on which the words are read; house unless given.
            low: The low end of a range, or of what you take the words for.
            high: The high end.

        Other types of claim:
            quantiles: How likely at most that value: {0.1: 2.5, 0.5: 4}.

        More:
            made_at: When it was made, if not now: a moment, or a day, meaning its end.
            published_in: The dated source or evidence that carries it.
            again: Record it although it repeats an earlier one.
            reason: Why it replaces the forecast of the same moment.
        """
        from predictions.views.receipts.texts import forecasted

        check_flags(again=again)
        said = {
            "probability": p, "low": low, "high": high, "words": words, "scale": scale, "note": note,
            "because": because, "published_in": published_in, "quantiles": quantiles,
        }  # fmt: skip
        with self._desk() as desk:
            kept = forecasts.record_forecast(
                desk, claim, said, by=by, made_at=made_at, again=again, kind=kind, reason=reason
            )
            receipt = forecasted(desk, kept)
        return self._counting(receipt, desk, kept.claim, kept)

    def log_evidence(
        self, claims: Slugs, link: str, title: str | None = None, *, on: Day | None = None, counts: str | None = None,
        bears: str | None = None, event: str | None = None, meets: Slugs | None = None, why: str | None = None,
        published: Day | None = None, publisher: str | None = None, excerpt: str | None = None,
        grade: str | None = None, likelihood_ratio: float | None = None, slug: str | None = None,
        archived: str | None = None, archived_sha256: str | None = None,
    ) -> Receipt:  # fmt: skip
        """Record a link, and what it says about a claim or several.

        Args:
            claims: The claims it bears on.
            link: Where it stands; or the slug of evidence on file.
            title: Its title; evidence on file goes without one.
            on: When what it reports happened: a day, a month or a year.
            counts: The event that it shows to count; a new one is recorded.
            bears: supports (with *counts*), context (without, unless given), opposes, near-miss, base-rate.

        More:
            event: The event it is about, where it does not count.
            meets: The conditions it meets; with *counts*, all of them unless given.
            why: Why it bears on the claim in this way.
            published: When it was published: a day, a month or a year.
            publisher: Who published it.
            excerpt: What it says, verbatim.
            grade: Where it comes from: primary, established, other.
            likelihood_ratio: How much likelier it is if the claim is true.
            slug: Its short name; made of the link unless given.
            archived: An archived copy.
            archived_sha256: The copy's SHA-256.
        """
        from predictions.views.receipts.evidence import logged, tallied

        fields = {
            "published": published, "publisher": publisher, "excerpt": excerpt, "grade": grade, "archived": archived,
            "archived_sha256": archived_sha256,
        }  # fmt: skip
        with self._desk() as desk:
            found = evidencing.log_evidence(
                desk, several(claims, "claims"), link, title, slug=slug, on=on, counts=counts, event=event,
                bears=bears, meets=None if meets is None else several(meets, "meets"), why=why,
                likelihood_ratio=likelihood_ratio, fields=fields,
            )  # fmt: skip
            receipt = logged(desk, found)
        counting = {bearing.claim: None for bearing in found.bearings if counts and receipt.wrote}

        def completed(lines: ReceiptLines, read: Callable[[Asked], Snapshot]) -> ReceiptLines:
            snapshots = {slug: read(Asked((slug,), kinds=DECIDING)) for slug in counting}
            made_of = [tally(snapshot, snapshot.find(Claim, slug)) for slug, snapshot in snapshots.items()]
            return tallied(lines, found.evidence, made_of)

        return self._receipts.later(receipt, desk, completed)

    def resolve(
        self, claim: Slug, outcome: str | float, *, happened_on: Day | None = None, known_on: When | None = None,
        reason: str | None = None, because: Slugs = (), impossible: bool = False, dissent: bool = False,
        by: str | None = None, published_in: Slug | None = None, again: bool = False,
    ) -> Receipt:  # fmt: skip
        """Record how a claim came out: yes, no, an option, a value, a day, a fraction, ambiguous or annulled.

        From the settle day on, a plain no says that the time has run out. Before that, a no needs *impossible*, or the
        platform that asked.

        Args:
            claim: The claim: its slug, or the beginning of it.
            outcome: yes, no, an option, a value, a day, 0.4, ambiguous, annulled.
            happened_on: The day on which it happened; of a date also the month or year, if no more is known.
            known_on: The day, or moment, on which it became public how it came out.
            reason: Why it is decided so.
            because: The evidence it rests on: slugs, or links, which are logged if they are new.

        More:
            impossible: A no before the settle day, because yes is no longer possible.
            dissent: Show this beside the verdict on file, not in its place.
            by: Who decides; you unless given.
            published_in: The platform that asked, and resolved it so.
            again: Record it although it repeats a verdict since replaced.
        """
        from predictions.views.receipts.receipt import Receipt, is_new
        from predictions.views.receipts.verdict import resolved

        check_flags(impossible=impossible, dissent=dissent, again=again)
        said = resolutions.Said(
            outcome, happened_on, known_on, reason, because, impossible, dissent, by, again,
            published_in=published_in,
        )  # fmt: skip
        with self._desk() as desk:
            slug = the_slug(desk.store, Claim, claim)
            snapshot = self._snapshots.deciding(slug)
            verdict = resolutions.resolve(desk, snapshot, slug, said)
            wrote = desk.writing.entries
            new = [evidence for evidence in verdict.because if is_new(desk, Evidence, evidence)]
            conditional = self._snapshots.conditional_on(slug)

        def completed(_lines: ReceiptLines, read: Callable[[Asked], Snapshot]) -> ReceiptLines:
            about = read(self._snapshots.chain(slug))
            return resolved(about, about.find(Claim, slug), verdict, wrote=wrote, new=new, conditional=conditional)

        return self._receipts.later(Receipt(slug, verdict, (), wrote=wrote), desk, completed)

    def correct(self, what: Record | str, *, reason: str | None = None, **fields: object) -> Receipt:
        """Put a slip right; what stood there stays on file.

        Title, note, tags and cluster of a claim can be corrected at any time; what it asks only by its recorder, while
        it is a draft: for 24 hours, within its window, and until anybody else forecasts it or adds evidence.

        Args:
            what: A slug or the beginning of one, "kind slug", "claim forecaster", "claim evidence".
            reason: Why; a draft of your own needs none.
            fields: The fields and their new values; of a claim also `between` and `ordered`, as `add` has them.
        """
        from predictions.recording.corrected_forecasts import correct_forecast
        from predictions.views.claim.corrected import fate_of
        from predictions.views.receipts.carrying import DATING, carrying
        from predictions.views.receipts.corrections import corrected
        from predictions.views.receipts.counting import correcting
        from predictions.views.receipts.receipt import Receipt
        from predictions.views.receipts.tags import naming_tags
        from predictions.views.receipts.tallies import moves_tally, retallied

        if not fields:
            example = 'ledger.correct(WHAT, title="...")'
            raise InvalidValue(f"what is to be corrected? say the field and its new value: {example}")
        with self._desk() as desk:
            if isinstance(what, Receipt):
                on_file = what.record
            else:
                on_file = what if isinstance(what, Record) else self._named(what)
            if isinstance(on_file, Claim):
                record: Record = claims.correct_claim(desk, on_file, fields, reason=reason)
            elif isinstance(on_file, Forecast):
                record = correct_forecast(desk, on_file, fields, reason=reason)
            else:
                record = correct(desk, on_file, fields, reason=reason)
            receipt = naming_tags(corrected(desk, record, list(fields)), fields.get("tags"))

        def completed(lines: ReceiptLines, read: Callable[[Asked], Snapshot]) -> ReceiptLines:
            if isinstance(record, Forecast) and receipt.wrote:
                lines += tuple(fate_of(read(self._snapshots.chain(record.claim)), record, list(fields)))
            if isinstance(record, Claim) and receipt.wrote and not fields.keys() <= Claim.amendable:
                lines += tuple(correcting(read(self._snapshots.chain(record.slug)), record, fields))
            if receipt.wrote and moves_tally(record, fields):
                lines += tuple(retallied(read(TALLYING), record))
            if isinstance(record, (Source, Evidence)) and receipt.wrote and not DATING.isdisjoint(fields):
                lines += tuple(carrying(read(EVERYTHING), record))
            return lines

        return self._receipts.later(receipt, desk, completed)

    def withdraw(
        self, claim: Slug, *, by: str | None = None, made_at: When | None = None, note: str | None = None,
        again: bool = False, reason: str | None = None,
    ) -> Receipt:  # fmt: skip
        """End a forecast that stands, without a new one.

        Args:
            claim: The claim: its slug, or the beginning of it.
            by: Whose forecast; yours unless given.
            made_at: When it was withdrawn, if not now: a moment, or a day, meaning its end.
            note: Why, in your words.
            again: Record it although it repeats an earlier withdrawal.
            reason: Why it replaces the forecast of the same moment.
        """
        from predictions.views.receipts.texts import forecasted

        check_flags(again=again)
        with self._desk() as desk:
            said = {"withdrawn": True, "note": note}
            kept = forecasts.record_forecast(desk, claim, said, by=by, made_at=made_at, again=again, reason=reason)
            receipt = forecasted(desk, kept)
        return self._counting(receipt, desk, kept.claim, kept)

    def retract(self, evidence: Slug, *, reason: str) -> Receipt:
        """Take evidence back: it stays on file, marked, and counts no more.

        Args:
            evidence: The evidence: its slug, or the beginning of it.
            reason: Why it is taken back.
        """
        from predictions.views.receipts.carrying import carrying
        from predictions.views.receipts.evidence import retracted
        from predictions.views.receipts.tallies import retallied

        with self._desk() as desk:
            kept = evidencing.retract(desk, evidence, reason=reason)
            receipt = retracted(desk, kept)

        def completed(lines: ReceiptLines, read: Callable[[Asked], Snapshot]) -> ReceiptLines:
            if not receipt.wrote:
                return lines
            return (*lines, *retallied(read(TALLYING), kept), *carrying(read(EVERYTHING), kept))

        return self._receipts.later(receipt, desk, completed)

    def supersede(
        self, claim: Slug, *, reason: str, slug: str | None = None, carry: Slugs = ("evidence",), **changes: object
    ) -> Receipt:
        """Replace a claim by a changed one, such as one with a new deadline.

        Forecasts stay with the old claim, which still gets its verdict.

        Args:
            claim: The claim that is replaced: its slug, or the beginning of it.
            reason: Why it is replaced.
            slug: The new one's short name; made of its title unless given.
            carry: What goes over to the new claim: evidence (unless given), or nothing.
            changes: The fields that change, and their new values; also `between` and `ordered`, as `add` has them.
        """
        from predictions.recording.superseding import supersede
        from predictions.views.receipts.counting import superseding
        from predictions.views.receipts.tags import naming_tags
        from predictions.views.receipts.texts import superseded

        with self._desk() as desk:
            found = supersede(desk, claim, changes, reason=reason, slug=slug, carry=carry)
            receipt = naming_tags(superseded(desk, found), changes.get("tags"))

        def completed(lines: ReceiptLines, read: Callable[[Asked], Snapshot]) -> ReceiptLines:
            about = read(self._snapshots.chain(found.claim.slug))
            return superseding(lines, about, found.claim, found.old)

        return self._receipts.later(receipt, desk, completed if receipt.wrote else None)

    def import_from(
        self, format: str, *files: object, dry_run: bool = False, by: str | None = None,  # noqa: A002
        people: Mapping[str, str] | None = None, onto: Mapping[str, str] | None = None, zone: str = "UTC",
        source: str | None = None, delimiter: str | None = None, decimal: str | None = None, percent: bool = False,
        sheet: str | int | None = None, skip_lines: int = 0, days: str | None = None,
    ) -> Taken:  # fmt: skip
        """Record what a file says, all of it or nothing.

        Importing it again adds nothing; a later file adds what is new. Where a file differs from what is on file, the
        record stays as it is, and the difference is listed with the line that takes it over.

        Formats: table, one row a prediction; what a platform exports (docs/platforms.md): fatebook, forecastbench,
        kalshi, manifold, metaculus, polymarket, predictionbook; catalog, a TOML catalogue; ainews, the packaged
        demonstration, which takes no file. A table needs the columns text and deadline; it may have by, p, words,
        said_on, link, made_at, outcome, known_on, evidence and note, and claim, id, scale, low, high, quantiles,
        option, day, at, value, withdrawn, source, kind, opens_on, options, unit, between, when, at_least,
        happened_on, impossible, reason, criteria, wording, tags, cluster, settle_days, title (see docs/table.md).

        Args:
            format: What the files are: table, the name of a platform, catalog or ainews.
            files: Paths (.csv, .tsv, .xlsx, .json, .md, .parquet; "-" is standard input); for a table also a data
                frame, an Arrow table, a mapping of columns, or rows that are mappings.
            dry_run: Say what would be recorded, and record nothing.
            by: Whose forecasts they are, where no row says; else yours.
            people: The forecaster that each name in the file is: {"Ann": "ana"}.
            onto: The claim on file that a question is, by its id or text.
            zone: The time zone of times that name none, of Fatebook's days, and of whole days in the column made_at.
            source: The publication, for rows that name none.
            delimiter: What separates the fields of a text file, if its header does not tell.
            decimal: "," or ".", if only that may stand before the fraction of a number.
            percent: All chances are percent.
            sheet: The sheet of a spreadsheet, by its name or number, or the number of a Markdown table; the first
                unless given.
            skip_lines: How many lines stand above the header.
            days: day-first or month-first, if a table spells its days as 05.01.2026 and none in a column shows which.

        Returns:
            The card of the run.
        """
        from predictions.exchange.formats import run
        from predictions.exchange.options import Options
        from predictions.importing.tables import How

        how = How(delimiter, decimal, percent, skip_lines, sheet, days)
        options = Options(
            dry_run, by, {} if people is None else people, {} if onto is None else onto, zone, source, how
        )
        with self._journal.reading():
            now = self._journal.now()
        taken = run(format, files, options, now, self._desk)
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
                withdrawn, low, high, words, scale, note, because and shown. A forecast of a choice, a number or a date
                has a row for each option, day or value (columns option; day; value, read as quantiles; or at, the
                points of a curve as it is), or says all in one: p={option: share}, p={day: chance by its end},
                quantiles={chance: value}.
            by: Whose forecasts they all are, where no column says.
            kind: What new forecasters are; the price of a market and the averages of a platform are crowds.
            published_in: The source whose dates these are: a platform vouches for all up to the day of its dump, any
                other source for those of its own day.
            skip_bad: Where bad rows are written as CSV, to be mended and imported, while the others are recorded.
            delimiter: What separates the fields of a text file, if its header does not tell.
            decimal: "," or ".", if only that may stand before the fraction of a number.
            percent: All numbers are percent.
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
        latest = in_microseconds(self._journal.now())
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
                no, a fraction; an option, a value or a day, of a claim that asks for one; ambiguous or annulled); and
                if there are such known_on (a day, or a moment; that of a no is the settle day unless it says
                otherwise), happened_on (of a date the month or year, if no more is known), known_at, published_in,
                reason, decided_by, because, and impossible, for a no before the settle day.
            reason: Why they are decided so, where a row does not say.
            by: Who decided, where a row does not say.
            delimiter: As for forecasts; the same holds for the others.
            decimal: "," or ".".
            percent: Outcomes that are numbers are percent.
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
        """Show every statement that fits, and where it stands: a block each, or one line each above 20.

        Args:
            status: Only what is open, due, overdue, settled (it has a verdict) or unclear (ambiguous, annulled).
            by: Only what this forecaster said or forecast.
            source: Only what that source said.
            tag: Only claims with that tag.
            search: Only statements in which all these words occur, their claims' titles and wordings included.
            type: Only claims of that type: yes-no, events, all-of, any-of, choice, ordered, number, date.
            full: A block for each, with every reading; False for one line each.

        More:
            as_of: As known then: a day, a moment, a head or its file.
            today: The day taken as today; that of *as_of* unless given.
        """
        check_flags(full=full is not None and full)
        self._check_clock(as_of, today)
        snapshot = self.snapshot(as_of=as_of, today=today)
        shown = board(
            snapshot, full=full, only=BoardFilter(status, by, source, tag, search, type), ledger=self._journal.path.name
        )
        if snapshot.unread and (drawn := shown.drawn):
            with self._journal.reading():
                snapshot = self._snapshots.with_imported(snapshot, drawn, as_of)
            shown = board(snapshot, full=full, only=shown.only, ledger=shown.ledger)
        if as_of is not None and not shown.groups and not shown.only and next(iter(self), None):
            shown = replace(shown, later=True)
        return shown.saying(snapshot.lacks)

    def claim(
        self, claim: Slug, *, full: bool = False, readings: bool = False, as_of: object = None,
        today: Day | None = None,
    ) -> ClaimCard:  # fmt: skip
        """Show one claim: its words, where it stands, and who said what.

        Args:
            claim: Its slug, or the unique beginning of it.
            full: Everything on file: criteria, every piece of evidence, every forecast, every verdict.
            readings: The readings of its statement side by side, in place of the rest.

        More:
            as_of: As known then: a day, a moment, a head or its file.
            today: The day taken as today; that of *as_of* unless given.

        Returns:
            The card; tally, readings and evidence are its attributes.
        """
        from predictions.views.claim.card import claim_card

        check_flags(full=full, readings=readings)
        with self._journal.reading():
            (slug,) = self._snapshots.claim(name_of(claim), as_of, RECORDS).claims or ("",)
            snapshot = self._read(as_of, today, self._snapshots.readings(slug, as_of))
        card = claim_card(snapshot, snapshot.find(Claim, slug), full=full, side_by_side=readings)
        return card.saying(snapshot.lacks)

    def due(
        self, *, by: str | None = None, all: bool = False, stale: bool = False,  # noqa: A002
        as_of: object = None, today: date | str | None = None,
    ) -> Due:  # fmt: skip
        """List what waits for a verdict, from when it can be given, and the line to type.

        Args:
            by: Only what this forecaster said or forecast; with *stale*, whose forecasts, yours unless given.
            all: All of them, not only the first five.
            stale: Instead, your forecasts on open claims that are older than 90 days.

        More:
            as_of: As known then: a day, a moment, a head or its file.
            today: The day taken as today; that of *as_of* unless given.
        """
        check_flags(all=all, stale=stale)
        self._check_clock(as_of, today)
        snapshot = self.snapshot(as_of=as_of, today=today)
        return due(snapshot, by=by, everything=all, stale=stale).saying(snapshot.lacks)

    def history(self, slug: str | None = None, *, as_of: object = None) -> History:
        """Show everything recorded, or what concerns one slug, oldest first.

        Args:
            slug: The slug of any record, or the beginning of one.

        More:
            as_of: As known then: a day, a moment, a head or its file.
        """
        from predictions.views.history import history

        with self._journal.reading():
            head, moment = self._journal.prefix(as_of)
            lacks = self._journal.lacks(head)
            slug = whole_name(self._store, slug, head.size) if isinstance(slug, str) else slug
            unread = self._snapshots.imported(head.size, slug)
            recorded = list(self._store.recorded(head.size))
            made = [found.record.made_at.date() for found in recorded if isinstance(found.record, Forecast)]
            # The day of the last forecast lies ahead if the clock was set back.
            ahead = max((day for day in made if day > moment.date()), default=None)
            return history(
                recorded, slug, snapshot=lambda: self.snapshot(as_of=as_of, today=ahead), unread=unread
            ).saying(lacks)

    def scorecard(
        self, *, by: str | Sequence[str] | None = None, source: str | None = None, tag: str | None = None,
        type: str | None = None, reading: str | None = None, window: str | None = None,  # noqa: A002
        horizon: str | int | None = None, kind: str | None = None, known: str | None = None,
        shown: str | None = None, full: bool = False, crowds: bool = False, leads: Leads = (), rule: str = "first",
        cohort: str = "settled", top: int = 20, sort: str | None = None, as_of: object = None,
        today: date | str | None = None,
    ) -> Scorecard:  # fmt: skip
        """Show who was right, as known at a moment: plain counts, scores, and what is not counted.

        Everybody is scored; those with the most statements come first, you last.

        Args:
            by: Only these forecasters.
            source: Only claims of that source.
            tag: Only claims with that tag.
            type: Only claims of that type: yes-no, events, all-of, any-of, choice, ordered, number, date.
            reading: Only claims that are that reading: headline, strict, ...
            window: Only claims that end then: 2026, 2026-12, or 2026/2027.
            horizon: Only claims open at most so many days, or from and to: 30..365.
            kind: Only forecasters of that kind, such as model.
            known: Only claims that opened before the cut-off of a model's training (yes), or only the others (no).
            shown: Only first forecasts marked as made after seeing the crowd (yes), or only the others (no).
            full: Intervals, calibration and every claim as well.
            crowds: Show also what several forecasters came to together.
            leads: What stood at the opening and so many days before the deadline; 90,30,7,1 with *full*.

        More:
            rule: first, the first forecast (unless given), or last, the latest one, which rewards waiting.
            cohort: settled, claims past their settle day (unless given); or resolved, whatever has a verdict (biased).
            top: How many are shown; 20 unless given.
            sort: In the order of one of the scores, such as brier; never a ranking.
            as_of: As known then: a day, a moment, a head or its file.
            today: The day taken as today; that of *as_of* unless given.
        """
        from predictions.scoring.columns.filters import Filter
        from predictions.scoring.leads import read_leads
        from predictions.scoring.models import SeriesFilter
        from predictions.views.scorecard.request import scorecard

        check_flags(crowds=crowds, full=full)
        self._check_clock(as_of, today)
        chosen = None if by is None else several(by, "by")
        only = Filter(source, tag, reading, window, type, horizon)
        drawn = check_field("top", check_count, top)
        days = () if isinstance(leads, tuple) and not leads else read_leads(leads)
        with collector_paused():  # pieces of columns are many small tuples
            reader, moment = self._snapshots.forecasts(as_of, today)
            card = scorecard(
                reader, by=chosen, cohort=cohort, rule=rule, only=only, crowds=crowds, as_of=moment, me=self.me,
                top=drawn, sort=sort, full=full, lead_days=days, series_filter=SeriesFilter(kind, known, shown),
            )  # fmt: skip
        with self._journal.reading():
            return card.saying(self._journal.lacks(self._journal.prefix(as_of)[0]))

    def leaderboard(
        self, *, by: str | Sequence[str] | None = None, group: str | Sequence[str] | None = None,
        source: str | None = None, tag: str | None = None, type: str | None = None,  # noqa: A002
        reading: str | None = None, window: str | None = None, horizon: str | int | None = None,
        kind: str | None = None, known: str | None = None, shown: str | None = None,
        crowds: bool = False, top: int = 20, as_of: object = None, today: Day | None = None,
    ) -> Leaderboard:  # fmt: skip
        """Rank forecasters, allowing for how hard each statement was and how long each forecast stood.

        On each statement, at each moment, a forecaster is compared with those who had a forecast there at that
        moment; so joining late, and taking easy statements, gain nothing by themselves, though a fresh number beats old
        ones. 0 is as good as always saying 50 %, 1 would be always right and sure. Time after a withdrawal counts as
        50 %, time before the first forecast does not count. Skills are drawn towards the middle, the more the less they
        rest on; with fewer than ten whole statements nobody has a rank. docs/scores.md says what would make each figure
        wrong, and what still moves a rank.

        Args:
            by: Show only these forecasters; their ranks are those among all.
            group: Learn from these alone how hard each statement was, or from a list of them on file.
            source: Only claims of that source.
            tag: Only claims with that tag.
            type: Only claims of that type: yes-no, events, all-of, any-of, choice, ordered, number, date.
            reading: Only claims that are that reading: headline, strict, ...
            window: Only claims that end then: 2026, 2026-12, or 2026/2027.
            horizon: Only claims open at most so many days, or from and to: 30..365.
            kind: Only forecasters of that kind, such as model.
            known: Only claims that opened before the cut-off of a model's training (yes), or only the others (no).
            shown: Only first forecasts marked as made after seeing the crowd (yes), or only the others (no).
            crowds: Show also what several forecasters came to together.
            top: How many are shown; 20 unless given.

        More:
            as_of: As known then: a day, a moment, a head or its file.
            today: The day taken as today; that of *as_of* unless given.
        """
        from predictions.scoring.columns.filters import Filter
        from predictions.scoring.models import SeriesFilter
        from predictions.views.scorecard.ranking import leaderboard

        check_flags(crowds=crowds)
        whom = None if by is None else several(by, "by")
        whose = None if group is None else several(group, "group")
        only = Filter(source, tag, reading, window, type, horizon)
        drawn = check_field("top", check_count, top)
        reader, moment = self._snapshots.forecasts(as_of, today)
        board = leaderboard(
            reader, by=whom, group=whose, only=only, crowds=crowds, as_of=moment, top=drawn, me=self.me,
            series_filter=SeriesFilter(kind, known, shown),
        )  # fmt: skip
        with self._journal.reading():
            return board.saying(self._journal.lacks(self._journal.prefix(as_of)[0]))

    def compare(
        self, a: str, b: str = "base rate", *,
        source: str | None = None, tag: str | None = None, type: str | None = None,  # noqa: A002
        reading: str | None = None, window: str | None = None, horizon: str | int | None = None,
        crowds: bool = False, rule: str = "first", cohort: str = "settled", as_of: object = None,
        today: Day | None = None,
    ) -> Comparison:  # fmt: skip
        """Set two forecasters side by side, on the same statements of every type and the same time.

        Over several types each loss is divided by what knowing nothing expects to lose; with *type* it is the score.

        Args:
            a: A forecaster.
            b: Another one; or "half", who knows nothing, "base rate" (unless given), "the clock" (of events and dates),
                "the others".
            source: Only claims of that source.
            tag: Only claims with that tag.
            type: Only claims of that type: yes-no, events, all-of, any-of, choice, ordered, number, date.
            reading: Only claims that are that reading: headline, strict, ...
            window: Only claims that end then: 2026, 2026-12, or 2026/2027.
            horizon: Only claims open at most so many days, or from and to: 30..365.
            crowds: Show also what several forecasters came to together.
            rule: first, the first forecast (unless given), or last, the latest one, which rewards waiting.
            cohort: settled, claims past their settle day (unless given); or resolved, whatever has a verdict (biased).

        More:
            as_of: As known then: a day, a moment, a head or its file.
            today: The day taken as today; that of *as_of* unless given.
        """
        card = self.scorecard(
            source=source, tag=tag, type=type, reading=reading, window=window, horizon=horizon, crowds=crowds,
            rule=rule, cohort=cohort, as_of=as_of, today=today,
        )  # fmt: skip
        return card.compare(a, b)

    def explain(
        self, figure: str, by: str | None = None, *,
        source: str | None = None, tag: str | None = None, type: str | None = None,  # noqa: A002
        reading: str | None = None, window: str | None = None, horizon: str | int | None = None,
        crowds: bool = False, rule: str = "first", cohort: str = "settled", as_of: object = None,
        today: Day | None = None,
    ) -> Explanation:  # fmt: skip
        """Show the arithmetic behind a figure of a scorecard.

        Args:
            figure: Which one: brier, time_skill, ...; docs/scores.md lists them all. Or choice, ordered, number, date:
                the score of that type, by the yes/no questions behind it; or "every type".
            by: Whose; needed where several have numbers.
            source: Only claims of that source.
            tag: Only claims with that tag.
            type: Only claims of that type: yes-no, events, all-of, any-of, choice, ordered, number, date.
            reading: Only claims that are that reading: headline, strict, ...
            window: Only claims that end then: 2026, 2026-12, or 2026/2027.
            horizon: Only claims open at most so many days, or from and to: 30..365.
            crowds: Show also what several forecasters came to together.
            rule: first, the first forecast (unless given), or last, the latest one, which rewards waiting.
            cohort: settled, claims past their settle day (unless given); or resolved, whatever has a verdict (biased).

        More:
            as_of: As known then: a day, a moment, a head or its file.
            today: The day taken as today; that of *as_of* unless given.
        """
        card = self.scorecard(
            source=source, tag=tag, type=type, reading=reading, window=window, horizon=horizon, crowds=crowds,
            rule=rule, cohort=cohort, as_of=as_of, today=today,
        )  # fmt: skip
        return card.explain(figure, check_named(check_line, by, "by"))

    def diff(self, earlier: object, later: object = None) -> Difference:
        """Show what changed between two scorecards, and why.

        Args:
            earlier: A day, a moment, a head or its file.
            later: The same; now unless given.
        """
        cards = []
        for name, when in (("earlier", earlier), ("later", later)):
            with self._journal.reading():
                self._journal.prefix(when, name)  # what is wrong with it is said by its own name
            cards.append(self.scorecard(as_of=when))
        return cards[0].diff(cards[1])

    def scales(self, name: str | None = None) -> Scales:
        """Show the scales on which words are read as numbers.

        Args:
            name: Only that one: house, icd-203, uk-phia, ipcc, kent-1964.
        """
        from predictions.views.scales import scales

        return scales(name)

    def report(
        self, file: File, *, section: str | None = None, title: str | None = None, crowds: bool = False,
        progress: Callable[[int, int], None] | None = None, as_of: object = None, today: Day | None = None,
    ) -> Path:  # fmt: skip
        """Write one page of HTML, to send or to publish: the board, each statement, the scorecard, how to verify.

        It needs no script and loads nothing. An older page of that name is replaced; anything else is refused.

        Args:
            file: Where to write it.
            section: Only that part of it: scorecard, who was right and the scores; or statements, where each stands.
            title: The page's title; the source's unless given.
            crowds: Show also what several forecasters came to together.
            progress: Called with how many statements are done, and of how many.

        More:
            as_of: As known then: a day, a moment, a head or its file.
            today: The day taken as today; that of *as_of* unless given.
        """
        from predictions.views.report.report import GENERATOR, check_page, report, sections
        from predictions.views.scorecard.request import scorecard

        check_flags(crowds=crowds)
        check_page(file)
        shown = sections(section)
        check_named(check_line, title, "title")
        if progress is not None and not callable(progress):
            raise InvalidValue(f"progress: {short_repr(progress)} is no function of how many are done, and of how many")
        with self._journal.reading():
            head, _ = self._journal.prefix(as_of)
            snapshot = self._read(as_of, today)
        card = scorecard(self._snapshots.forecasts(as_of, today)[0], crowds=crowds, me=self.me).saying(snapshot.lacks)
        page = report(snapshot, card, head=str(head), title=title, shown=shown, progress=progress)
        return redraw(file, page, like=self._journal.path, known_by=GENERATOR)

    def export(
        self, what: str, file: File = ".", *, template: bool = False, by: str | None = None, title: str | None = None,
        free_sql: bool = False, as_of: object = None, today: Day | None = None,
    ) -> Exported | Written | RowsWritten:  # fmt: skip
        """Write the ledger for others: table, csv, fatebook, forecastbench, sqlite, parquet, calendar, datasette.

        The receipt counts what of the ledger the format has no place for.

        Args:
            what: table, one row a forecast, in a .csv, .tsv, .xlsx, .json or .parquet file that can be imported
                again; csv, every forecast with the slugs of its claim and forecaster; fatebook, what its import from a
                spreadsheet takes, of one forecaster; forecastbench, a forecast set, or a folder of several; sqlite,
                plain tables in a new file; parquet, a new folder of sorted files, for larger engines; calendar, an .ics
                file of the days that matter; datasette, the two files with which Datasette shows the ledger well.
            file: Where to write it; for parquet and datasette a folder.
            template: An empty table with examples, to fill in.
            by: Whose forecasts: yours, for fatebook and calendar, or everybody's, for forecastbench, unless given.
            title: The title of the Datasette site.
            free_sql: Let readers of the Datasette site type SQL of their own, too.

        More:
            as_of: As known then: a day, a moment, a head or its file.
            today: The day taken as today; that of *as_of* unless given.
        """
        from predictions.export.formats import Exporting, export

        check_flags(free_sql=free_sql, template=template)
        check_named(check_line, title, "title")
        check_named(check_line, by, "by")
        exporting = Exporting(
            self._journal, self._store, self._snapshots, as_of, today, title, free_sql, template, by, self.me
        )  # fmt: skip
        return export(exporting, what, file)

    def verify(
        self, *, head: Head | str | Sequence[Head | str] | None = None, key: str | None = None, deep: bool = False,
        proof: File | None = None,
    ) -> Verification:  # fmt: skip
        """Recompute every hash; hold an earlier head against it.

        Args:
            head: A head kept elsewhere, as text or in a file, with which the ledger must still begin; or several.
            key: The public key that must have signed each head.
            deep: Check unused pages and foreign keys, too.
            proof: A new file for the proof that the ledger begins with that head.
        """
        from predictions.trust.proofs import proof_of_prefix
        from predictions.trust.signatures import signed_heads
        from predictions.trust.verify import verify

        check_flags(deep=deep)
        if head is None and key is not None:
            raise InvalidValue("key= checks the signature under a head; give the signed one, head=")
        heads, remarks = (None, ()) if head is None else signed_heads(head, key)
        with self._journal.reading(to_verify=True):
            found = verify(self._journal, self._store, head=heads, deep=deep)
            if proof is not None:
                write_text(proof, proof_of_prefix(self._journal, heads).text, like=self._journal.path)
        return replace(found, remarks=found.remarks + remarks)

    @overload
    def head(self, *, sign: None = None) -> Head: ...

    @overload
    def head(self, *, sign: File) -> str: ...

    def head(self, *, sign: File | None = None) -> Head | str:
        """Print the ledger's head, to keep elsewhere: verify then finds any later rewriting.

        Args:
            sign: Sign it with the key in this file, which keygen wrote.
        """
        with self._journal.reading():
            whole = self._journal.head()
            head = CopyHead.of(whole, len(self._journal.redacted(whole.size)))
        if sign is None:
            return head
        from predictions.trust.signatures import key_in, sign_head

        return sign_head(head, key_in(sign))

    def prove(
        self, what: Slug | int, file: File | None = None, *, head: Head | str | None = None
    ) -> Proof | BlockProof:
        """Prove that a record stands in the ledger, to somebody who has only a head of it.

        The proof of an imported forecast discloses its whole block, and says so.

        Args:
            what: A slug, "kind slug", "claim forecaster" for a forecast, or the number of an entry.
            file: A new file to write it into.
            head: An earlier head, under which the record stood already.
        """
        from predictions.trust.block_proofs import prove_any

        with self._journal.reading():
            proof = prove_any(self._journal, self._store, name_of(what), head=head)
            lacks = self._journal.lacks()
        if file is not None:
            write_text(file, proof.text, like=self._journal.path)
        return proof.saying(lacks)

    def backup(self, file: File, *, force: bool = False) -> Backup:
        """Copy the ledger, verified whole; others may go on writing meanwhile.

        Args:
            file: The new file.
            force: Replace a file of that name.
        """
        from predictions.trust.backup import backup

        check_flags(force=force)
        return backup(self._journal, file, force=force).saying(self._journal.lacks())

    def merge(self, other: File, *, settle: Mapping[str, str] | None = None) -> Merged:
        """Take in what another copy of this ledger recorded, or what another ledger says of the claims that both ask.

        Where both say different things of a record, nothing is written until it is settled.

        Args:
            other: The file of the other copy.
            settle: What holds where both differ, by the record's name: this, other, or a new slug for the other's.
        """
        from predictions.trust.merge.merge import merge

        if settle is not None and not isinstance(settle, Mapping):
            raise InvalidValue(
                f"settle: {short_repr(settle)} is no mapping of records to 'this', 'other' or a new slug"
            )
        with self._journal.reading():
            before = self._journal.head().size
        found = merge(self._journal, self._store, other, me=self.me, settle=settle or {})
        with self._journal.reading():
            kinds = self._journal.kinds_since(before)
        return replace(found, kinds=kinds).saying(self._journal.lacks())

    def redact(
        self, what: Slug | int | Sequence[Slug | int], *, to: File, with_references: bool = False, force: bool = False
    ) -> Redaction:
        """Write a copy without the words of some records; every root and head still holds in the copy.

        Args:
            what: Slugs, "kind slug", "claim forecaster", or numbers of entries.
            to: The new file.
            with_references: Leave out the words of what refers to them, too.
            force: Replace a file of that name.
        """
        from predictions.trust.redact import redact

        check_flags(with_references=with_references, force=force)
        if not isinstance(what, (str, int, Record, Sequence)):
            raise InvalidValue(f"{short_repr(what)} names no records; say a slug, an entry's number, or a list of them")
        names = [what] if isinstance(what, (str, int, Record)) else what
        records = [name_of(name) for name in names]
        return redact(self._journal, self._store, records, to, force=force, with_references=with_references)

    def keygen(self, file: File) -> str:
        """Make a key that signs this ledger's heads; the public key comes back.

        Args:
            file: The new file for the secret key: anybody who has it can sign in the ledger's name.
        """
        from predictions.trust.signatures import new_key

        return new_key(file, self.head().origin)

    def snapshot(self, *, as_of: object = None, today: date | str | None = None) -> Snapshot:
        """Return the records themselves, as plain values, as of a moment, a day or a head."""
        with self._journal.reading():
            return self._read(as_of, today)

    def record(self, name: str) -> Record:
        """Find the record under a name, which is its key: a slug, "kind slug", or "claim forecaster".

        NotFound says what is near, or how to tell two apart.
        """
        with self._journal.reading():
            return record_named(self._store, name)

    def __getitem__(self, claim: Slug) -> ClaimCard:
        return self.claim(claim)

    def __contains__(self, claim: object) -> bool:
        name = name_of(claim)
        return isinstance(name, str) and name.isascii() and self._store.find(Claim.noun, name) is not None

    def __iter__(self) -> Iterator[str]:
        """Walk over the slugs of all claims."""
        return iter(self._store.slugs(Claim))

    def _ipython_key_completions_(self) -> list[str]:
        return self._store.slugs(Claim)

    if not TYPE_CHECKING:  # with it a type checker would accept any name

        def __getattr__(self, name):
            verbs = () if name.startswith("_") else [verb for verb in vars(Ledger) if not verb.startswith("_")]
            raise AttributeError(led_on(name, verbs, f"Ledger has no attribute {name!r}"), name=name, obj=self)

    @property
    def forecasters(self) -> list[str]:
        """The slugs of all forecasters."""
        return self._store.slugs(Forecaster)

    @property
    def sources(self) -> list[str]:
        """The slugs of all sources."""
        return self._store.slugs(Source)

    @property
    def tags(self) -> list[str]:
        """All tags of claims."""
        return sorted({tag for claim in self.snapshot().all(Claim) for tag in claim.tags})

    @property
    def lacks(self) -> Redacted | None:
        """What a redacted copy no longer holds; None of a whole ledger."""
        return self._journal.lacks()

    def __repr__(self) -> str:
        try:
            with self._journal.reading():
                summary = ledger_line(self._read(None, None, NEEDED))
        except LedgerError:
            summary = "cannot be read"  # for example because it is closed
        return visible(f"<Ledger {self._journal.path.name}: {summary}, me={self.me!r}>")

    def __str__(self) -> str:
        return str(self.board())

    def _repr_pretty_(self, printer: Printer, cycle: bool) -> None:  # as IPython calls it
        printer.text(repr(self) if cycle else str(self))

    def _repr_html_(self) -> str:
        return self.board()._repr_html_()

    def close(self) -> None:
        """Close the file; receipts that were not looked at yet can still be."""
        try:
            self._receipts.complete_all()
        finally:
            self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._journal.discard()  # a file that is new and empty of records is removed again
        self.close()

    def _check_clock(self, as_of: object = None, today: object = None) -> None:
        """Warn if the machine's clock was set back; not if a view is of a moment that the caller names."""
        if as_of is None and today is None and not is_scratch(self._journal.ledger_id):
            with self._journal.reading():
                warn_if_behind(self._journal, self._journal.now())

    @contextmanager
    def _desk(self) -> Iterator[Desk]:
        """Open a transaction for a verb; during a trial it is undone at its end."""
        with collector_paused(), self._journal.writing() as writing:
            desk = Desk(self._store, writing, self.me, self._journal.now())
            if not is_scratch(self._journal.ledger_id):
                warn_if_behind(self._journal, desk.now)
            yield desk
            if self._tries:
                raise Undone

    def _try(self, act: Callable[[], object]) -> None:
        """Call *act* and undo what it records, so that an error comes before a person is asked to confirm it."""
        self._tries = True
        try:
            with suppress(Undone):
                act()
        finally:
            self._tries = False

    def _counting(self, receipt: Receipt, desk: Desk, claim: str, forecast: Forecast | None) -> Receipt:
        """Return a receipt that, when it is looked at, also says how scorecards count what was recorded."""

        def completed(lines: ReceiptLines, read: Callable[[Asked], Snapshot]) -> ReceiptLines:
            """Add that to the lines of the receipt; *read* reads the ledger as it was after the verb."""
            from predictions.views.receipts.counting import counting

            by = None if forecast is None else forecast.forecaster
            blocks = forecast is not None and forecast.imputed
            return counting(lines, read(self._snapshots.chain(claim, blocks=blocks, by=by)), claim, forecast)

        return self._receipts.later(receipt, desk, completed if receipt.wrote else None)

    def _named(self, name: str) -> Record:
        """Return the record with a name.

        That is the claim with this slug; else any record with this name; else the claim whose slug begins with it.
        """
        if isinstance(name, str) and name.isascii() and self._store.find(Claim.noun, name) is not None:
            return self.record(f"claim {name}")
        try:
            return self.record(name)
        except NotFound:
            with suppress(NotFound):
                return self.record(f"claim {the_slug(self._store, Claim, name)}")
            raise

    def _read(self, as_of: object, today: date | str | None, asked: Asked = EVERYTHING) -> Snapshot:
        """Return a snapshot of the records that are asked for, which knows the name of the ledger's user."""
        snapshot = self._snapshots.read(as_of, today, asked)
        snapshot.me = self.me
        return snapshot
