"""A snapshot: the records of the ledger as of a moment, looked up by name and by how they are linked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime
from itertools import pairwise, takewhile
from typing import Any, cast

from predictions.dates import read_day
from predictions.dissents import standing_dissents
from predictions.errors import NotFound, check_field
from predictions.recorded import DATED_KINDS, EvidenceItem, Recorded, first_day, world_day
from predictions.records import (
    ASKED,
    AnyRecord,
    Bearing,
    Claim,
    Event,
    Evidence,
    Forecast,
    Forecaster,
    Record,
    Resolution,
    Source,
    Statement,
)  # fmt: skip
from predictions.redacted import Redacted
from predictions.slugs import match_slug, names_apart, not_found


class Snapshot:
    """The records up to one head, without those of things that nobody can know before a day after *today*.

    Attributes:
        head: The head, as short text.
        as_of: The moment of that head.
        today: The day for which status and days left are computed.
        unread: The number of imported forecasts on file that were too many to be read as records; 0 if they were read.
        lacks: The bodies that a redacted copy lacks; None for a whole ledger.
        ledger_id: The ledger's id.
        me: The name of the ledger's user; None if not given.
    """

    def __init__(self, recorded: Iterable[Recorded[Record]], *, head: str, as_of: datetime, today: date) -> None:
        self.head = head
        self.as_of = as_of
        self.today = today
        self.unread = 0
        self.lacks: Redacted | None = None
        self.ledger_id = ""
        self.me: str | None = None
        self._revisions: dict[str, dict[tuple[object, ...], list[Recorded[Record]]]] = {}
        self._take(recorded)

    def __repr__(self) -> str:
        return f"<Snapshot of {self.today}, head {self.head}>"

    def _take(self, recorded: Iterable[Recorded[Record]]) -> None:
        """Add records under their keys, and drop those that cannot be known before a day after today."""
        for item in recorded:
            key = tuple(map(vars(item.record).__getitem__, item.record.key))
            revisions = self._revisions.setdefault(item.record.noun, {}).setdefault(key, [])
            revisions.append(item)
            # Forecasts in blocks come after the records, so one that was imported before these is moved to the front.
            if len(revisions) > 1 and item.entry < revisions[-2].entry:
                revisions.sort(key=lambda revision: revision.entry)
        for cls in DATED_KINDS:
            by_key = self._revisions.get(cls.noun, {})
            not_known_yet = [key for key, revisions in by_key.items() if first_day(revisions[-1].record) > self.today]
            for key in not_known_yet:
                del by_key[key]
        # Indexes that are filled when they are first needed.
        self._by_claim: dict[type[Record], dict[str, list[Recorded[Any]]]] = {}  # by kind of record and claim
        self._forecasts: dict[str, list[Recorded[Forecast]]] = {}  # by claim, in order
        self._by_forecaster: dict[str, dict[str, list[Recorded[Forecast]]]] = {}  # by claim, then by forecaster
        self._evidence: dict[str, list[EvidenceItem]] = {}  # by claim, in order
        self._naming: dict[str, dict[str | None, list[Claim]]] = {}  # claims by a field and the slug in it

    def at_moment(self, as_of: datetime) -> Snapshot:
        """Return the same snapshot for a later moment at which nothing else was recorded."""
        later = copy(self)
        later.as_of = as_of
        return later

    def with_records(self, extra: Iterable[Recorded[Record]]) -> Snapshot:
        """Return a copy of this snapshot that also contains *extra* records.

        It is used for records that are computed and not stored, such as crowds and their forecasts.
        """
        extended = copy(self)
        extended._revisions = {
            noun: {key: list(revisions) for key, revisions in by_key.items()}
            for noun, by_key in self._revisions.items()
        }
        extended._take(extra)
        return extended

    def add_verdict(self, verdict: Recorded[Resolution]) -> None:
        """Add a verdict that was recorded after this snapshot was read, so that status and scores reflect it."""
        key = verdict.record.claim, verdict.record.number
        self._revisions.setdefault(Resolution.noun, {}).setdefault(key, []).append(verdict)
        if Resolution in self._by_claim:
            self._by_claim[Resolution].setdefault(verdict.record.claim, []).append(verdict)

    @classmethod
    def of(
        cls, recorded: Iterable[Recorded[Record]], *, head: str, as_of: datetime, today: date | str | None
    ) -> Snapshot:
        """Build the snapshot as of a moment; *today* is the day of that moment unless given."""
        day = as_of.date() if today is None else check_field("today", read_day, today)
        return cls(recorded, head=head, as_of=as_of, today=day)

    def all(self, cls: type[AnyRecord]) -> list[AnyRecord]:
        """List the latest revision of each record of one kind, in the order they were first recorded."""
        return [item.record for item in self.recorded(cls)]

    @property
    def forecaster_titles(self) -> dict[str, str]:
        """The title of each forecaster, by slug."""
        return {forecaster.slug: forecaster.title for forecaster in self.all(Forecaster)}

    @property
    def forecaster_names(self) -> dict[str, str]:
        """The name of each forecaster in text, by slug: the title, or the slug if two have the same title."""
        return names_apart(self.forecaster_titles)

    def recorded(self, cls: type[AnyRecord]) -> list[Recorded[AnyRecord]]:
        """List the same records as :meth:`all`, each with its entry and time of recording."""
        return [revisions[-1] for revisions in self._kept(cls).values()]

    def revisions(self, cls: type[AnyRecord], *key: object) -> list[Recorded[AnyRecord]]:
        """List all revisions of the record with this key, oldest first; NotFound if there is none."""
        by_key = self._kept(cls)
        if key not in by_key:
            names = [" ".join(map(str, other)) for other in by_key]
            raise NotFound(not_found(cls.noun, " ".join(map(str, key)), names))
        return list(by_key[key])

    def find(self, cls: type[AnyRecord], slug: str) -> AnyRecord:
        """Return the latest revision of the record with that slug, or with the only slug that begins so.

        Raises NotFound, with the nearest slug.
        """
        by_key = self._kept(cls)
        if not (isinstance(slug, str) and (slug,) in by_key):
            slug = match_slug(cls.noun, slug, [str(key[0]) for key in by_key])
        return by_key[slug,][-1].record

    def claims_of(self, statement: Statement) -> list[Claim]:
        """List the readings of a statement: the scored one first, the rest in ledger order."""
        return sorted(self._claims_naming("statement", statement.slug), key=lambda claim: not claim.scored)

    def source_of(self, claim: Claim) -> Source:
        """Return the source of the claim's statement."""
        return self.find(Source, self.find(Statement, claim.statement).source)

    def statement_of(self, name: str) -> Statement:
        """Return the statement of the claim with that slug or, if there is none, the statement with that slug."""
        claims = self._kept(Claim).get((name,), []) if isinstance(name, str) else []
        return self.find(Statement, claims[-1].record.statement if claims else name)

    def evidence_on(self, claim: Claim) -> list[EvidenceItem]:
        """List the evidence on a claim in the order of its dates; retracted evidence is in the list, marked."""
        if claim.slug not in self._evidence:
            evidence_on_file, events, items = self._kept(Evidence), self._kept(Event), []
            for item in self._of_claim(Bearing, claim):
                evidence, event = evidence_on_file.get((item.record.evidence,)), events.get((item.record.event,))
                if evidence:
                    items.append(EvidenceItem(item.record, evidence[-1].record, event[-1].record if event else None))
            self._evidence[claim.slug] = sorted(items, key=lambda item: (world_day(item), item.evidence.slug))
        return list(self._evidence[claim.slug])

    def forecasts_on(self, claim: Claim) -> list[Recorded[Forecast]]:
        """List the forecasts and withdrawals on a claim in the order of time, those of one moment in ledger order."""
        if claim.slug not in self._forecasts:
            forecasts = self._of_claim(Forecast, claim)
            self._forecasts[claim.slug] = sorted(forecasts, key=lambda item: (item.record.made_at, item.entry))
        return list(self._forecasts[claim.slug])

    def forecasts_by(self, forecaster: str, claim: Claim) -> list[Recorded[Forecast]]:
        """List the forecasts and withdrawals of one forecaster on a claim, in that order."""
        if claim.slug not in self._by_forecaster:  # a contest has thousands on a claim, and each is asked for
            grouped = self._by_forecaster[claim.slug] = defaultdict(list)
            for item in self.forecasts_on(claim):
                grouped[item.record.forecaster].append(item)
        return list(self._by_forecaster[claim.slug].get(forecaster, ()))

    def resolutions_of(self, claim: Claim) -> list[Recorded[Resolution]]:
        """List all resolutions of a claim, dissents included, oldest first."""
        return self._of_claim(Resolution, claim)

    def verdict(self, claim: Claim) -> Resolution | None:
        """Return the present verdict, which is the last resolution that is not a dissent; None if there is none."""
        standing = [item.record for item in self.resolutions_of(claim) if not item.record.dissent]
        return standing[-1] if standing else None

    def dissents(self, claim: Claim) -> list[Resolution]:
        """Return what others say instead of the present verdict, the last of each."""
        return standing_dissents(claim, self.verdict(claim), (item.record for item in self.resolutions_of(claim)))

    def superseded_by(self, claim: Claim) -> Claim | None:
        """Return the claim that replaces this one; None if there is none."""
        return next(iter(self._claims_naming("supersedes", claim.slug)), None)

    def trees_over(self, claim: Claim) -> list[Claim]:
        """List the trees that this claim is a part of, in the order they were first recorded."""
        return list(self._claims_naming("parts", claim.slug))

    def recorded_at(self, record: Record) -> datetime:
        """Return when the first revision of a record was recorded."""
        return self.revisions(type(record), *(getattr(record, field) for field in record.key))[0].recorded_at

    def numbers_recorded_at(self, forecast: Forecast) -> datetime:
        """Return when the present numbers of a forecast were recorded; a corrected note does not make that later."""
        return learned(self.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at))

    def _of_claim(self, cls: type[AnyRecord], claim: Claim) -> list[Recorded[AnyRecord]]:
        """List the latest revisions of one kind of record that are about a claim, from an index made when needed."""
        by_claim = self._by_claim.get(cls)
        if by_claim is None:
            by_claim = self._by_claim[cls] = {}
            for item in self.recorded(cls):
                by_claim.setdefault(str(getattr(item.record, "claim", "")), []).append(item)
        return list(by_claim.get(claim.slug, ()))

    def _claims_naming(self, field: str, slug: str) -> list[Claim]:
        """List the claims that have a slug in one of their fields, in ledger order."""
        if field not in self._naming:
            index = self._naming.setdefault(field, {})
            for claim in self.all(Claim):
                names = getattr(claim, field)
                for name in names if isinstance(names, tuple) else (names,):
                    index.setdefault(name, []).append(claim)
        return self._naming[field].get(slug, [])

    def _kept(self, cls: type[AnyRecord]) -> dict[tuple[object, ...], list[Recorded[AnyRecord]]]:
        """Return the revisions of all records of one kind, by key."""
        return cast("dict[tuple[object, ...], list[Recorded[AnyRecord]]]", self._revisions.get(cls.noun, {}))


def said_numbers(forecast: Forecast) -> tuple[object, ...]:
    """Return all fields of a forecast that say how likely something is, to be compared with those of another.

    With its words: a number read from words differs from the same number stated.
    """
    chance = forecast.probability, forecast.low, forecast.high, forecast.withdrawn, forecast.words, forecast.scale
    return (*chance, forecast.shares, forecast.points, forecast.days)


def learned(revisions: Sequence[Recorded[Forecast]]) -> datetime:
    """Return when the numbers of the last revision were recorded: with the first revision since which they are so.

    A correction of the note alone does not make that later.
    """
    last = said_numbers(revisions[-1].record)
    with_last = takewhile(lambda item: said_numbers(item.record) == last, reversed(revisions))
    return [item.recorded_at for item in with_last][-1]


def asked_at(snapshot: Snapshot, claim: Claim) -> datetime:
    """Return when the present terms of a claim were recorded: with the last revision that changed them, or the first.

    Witnessed forecasts that are older count from then, so that nobody can change a draft to fit a forecast.
    """
    revisions = snapshot.revisions(Claim, claim.slug)
    changes = [new.recorded_at for old, new in pairwise(revisions) if terms_of(old.record) != terms_of(new.record)]
    return changes[-1] if changes else revisions[0].recorded_at


def terms_of(claim: Claim) -> list[object]:
    """Return the values of the fields that say what a claim asks, without its names, tags and notes."""
    return [getattr(claim, name) for name in ASKED]
