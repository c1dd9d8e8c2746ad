"""A snapshot: the records of the ledger as of a moment, found by name and linked to each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime
from itertools import pairwise, takewhile
from typing import Any, cast

from predictions.dates import read_day
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
    """The records up to one head, without those dated later than *today* in the world.

    Attributes:
        head: The head, as short text.
        as_of: The moment of that head.
        today: The day on which status and days left are computed.
        unread: How many imported forecasts are on file that were too many to be read as records.
        lacks: What a redacted copy no longer holds; None for a whole ledger.
        ledger_id: The ledger's id.
        me: Who looks at it.
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
        """Add records under their keys, and drop what is dated later than today in the world."""
        for item in recorded:
            key = tuple(map(vars(item.record).__getitem__, item.record.key))
            revisions = self._revisions.setdefault(item.record.noun, {}).setdefault(key, [])
            revisions.append(item)
            # Forecasts in blocks come after the records, so one that was imported first has to be moved to the front.
            if len(revisions) > 1 and item.entry < revisions[-2].entry:
                revisions.sort(key=lambda revision: revision.entry)
        for by_key in (self._revisions[cls.noun] for cls in DATED_KINDS if cls.noun in self._revisions):
            later = [key for key, revisions in by_key.items() if first_day(revisions[-1].record) > self.today]
            for key in later:
                del by_key[key]
        self._by_claim: dict[type[Record], dict[str, list[Recorded[Any]]]] = {}  # items of that class
        self._forecasts: dict[str, list[Recorded[Forecast]]] = {}  # by claim, in order; so the evidence
        self._evidence: dict[str, list[EvidenceItem]] = {}
        self._naming: dict[str, dict[str | None, list[Claim]]] = {}

    def at_moment(self, as_of: datetime) -> Snapshot:
        """Return the same snapshot as seen at a later moment, before anything else was recorded."""
        later = copy(self)
        later.as_of = as_of
        return later

    def with_records(self, extra: Iterable[Recorded[Record]]) -> Snapshot:
        """Return a copy of this snapshot that also contains *extra* records.

        Used for records that are computed and not stored, such as crowd forecasters and their forecasts.
        """
        extended = copy(self)
        extended._revisions = {
            noun: {key: list(revisions) for key, revisions in by_key.items()}
            for noun, by_key in self._revisions.items()
        }
        extended._take(extra)
        return extended

    def add_verdict(self, verdict: Recorded[Resolution]) -> None:
        """Add a verdict that was recorded after this snapshot was read; status and scores then follow it."""
        key = verdict.record.claim, verdict.record.number
        self._revisions.setdefault(Resolution.noun, {}).setdefault(key, []).append(verdict)
        if Resolution in self._by_claim:
            self._by_claim[Resolution].setdefault(verdict.record.claim, []).append(verdict)

    @classmethod
    def of(
        cls, recorded: Iterable[Recorded[Record]], *, head: str, as_of: datetime, today: date | str | None
    ) -> Snapshot:
        """Build the snapshot of *as_of*, seen on *today*; without it on the day of *as_of*."""
        day = as_of.date() if today is None else check_field("today", read_day, today)
        return cls(recorded, head=head, as_of=as_of, today=day)

    def all(self, cls: type[AnyRecord]) -> list[AnyRecord]:
        """List the standing records of one kind, in the order they were first recorded."""
        return [item.record for item in self.recorded(cls)]

    @property
    def forecaster_titles(self) -> dict[str, str]:
        """The title of each forecaster, by slug."""
        return {forecaster.slug: forecaster.title for forecaster in self.all(Forecaster)}

    @property
    def forecaster_names(self) -> dict[str, str]:
        """What each forecaster is called, by slug: the title, or the slug where two have one title."""
        return names_apart(self.forecaster_titles)

    def recorded(self, cls: type[AnyRecord]) -> list[Recorded[AnyRecord]]:
        """List the same, each with its entry and time."""
        return [revisions[-1] for revisions in self._kept(cls).values()]

    def revisions(self, cls: type[AnyRecord], *key: object) -> list[Recorded[AnyRecord]]:
        """List everything recorded under one key, oldest first; NotFound where there is nothing."""
        kept = self._kept(cls)
        if key not in kept:
            raise NotFound(not_found(cls.noun, " ".join(map(str, key)), [" ".join(map(str, known)) for known in kept]))
        return list(kept[key])

    def find(self, cls: type[AnyRecord], slug: str) -> AnyRecord:
        """Return the standing record of that slug, or of the only slug that begins so; NotFound says what is near."""
        kept = self._kept(cls)
        if not (isinstance(slug, str) and (slug,) in kept):
            slug = match_slug(cls.noun, slug, [str(key[0]) for key in kept])
        return kept[slug,][-1].record

    def claims_of(self, statement: Statement) -> list[Claim]:
        """List the readings of a statement: the scored one first, the rest in ledger order."""
        return sorted(self._claims_naming("statement", statement.slug), key=lambda claim: not claim.scored)

    def source_of(self, claim: Claim) -> Source:
        """Return the source in which the claim's statement was made."""
        return self.find(Source, self.find(Statement, claim.statement).source)

    def statement_of(self, name: str) -> Statement:
        """Return the statement of that slug, or else the statement of the claim of that slug."""
        claims = self._kept(Claim).get((name,), []) if isinstance(name, str) else []
        return self.find(Statement, claims[-1].record.statement if claims else name)

    def evidence_on(self, claim: Claim) -> list[EvidenceItem]:
        """List what bears on a claim, in the order of the world's dates; what was retracted is in the list, marked."""
        if claim.slug not in self._evidence:
            evidence_on_file, events, items = self._kept(Evidence), self._kept(Event), []
            for item in self._of_claim(Bearing, claim):
                evidence, event = evidence_on_file.get((item.record.evidence,)), events.get((item.record.event,))
                if evidence:
                    items.append(EvidenceItem(item.record, evidence[-1].record, event[-1].record if event else None))
            self._evidence[claim.slug] = sorted(items, key=lambda item: (world_day(item), item.evidence.slug))
        return list(self._evidence[claim.slug])

    def forecasts_on(self, claim: Claim) -> list[Recorded[Forecast]]:
        """List the forecasts and withdrawals on a claim, in order of time, ledger order among equals."""
        if claim.slug not in self._forecasts:
            forecasts = self._of_claim(Forecast, claim)
            self._forecasts[claim.slug] = sorted(forecasts, key=lambda item: (item.record.made_at, item.entry))
        return list(self._forecasts[claim.slug])

    def resolutions_of(self, claim: Claim) -> list[Recorded[Resolution]]:
        """List every resolution of a claim, dissents among them, oldest first."""
        return self._of_claim(Resolution, claim)

    def verdict(self, claim: Claim) -> Resolution | None:
        """Return the verdict that stands: the last resolution that is no dissent; None where there is none."""
        standing = [item.record for item in self.resolutions_of(claim) if not item.record.dissent]
        return standing[-1] if standing else None

    def superseded_by(self, claim: Claim) -> Claim | None:
        """Return the later claim that replaces this one, if any."""
        return next(iter(self._claims_naming("supersedes", claim.slug)), None)

    def trees_over(self, claim: Claim) -> list[Claim]:
        """List the trees that this claim is a part of, in the order they were first recorded."""
        return list(self._claims_naming("parts", claim.slug))

    def recorded_at(self, record: Record) -> datetime:
        """Return when the ledger first learned of the record's key."""
        return self.revisions(type(record), *(getattr(record, field) for field in record.key))[0].recorded_at

    def numbers_recorded_at(self, forecast: Forecast) -> datetime:
        """Return when the ledger learned the numbers of a forecast; a corrected note does not make that later."""
        return learned(self.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at))

    def _of_claim(self, cls: type[AnyRecord], claim: Claim) -> list[Recorded[AnyRecord]]:
        """List the standing records of one kind that are about a claim.

        They are indexed by claim when first asked for.
        """
        by_claim = self._by_claim.get(cls)
        if by_claim is None:
            by_claim = self._by_claim[cls] = {}
            for item in self.recorded(cls):
                by_claim.setdefault(str(getattr(item.record, "claim", "")), []).append(item)
        return list(by_claim.get(claim.slug, ()))

    def _claims_naming(self, field: str, slug: str) -> list[Claim]:
        """List the claims that name a record in one of their fields, in ledger order."""
        if field not in self._naming:
            index = self._naming.setdefault(field, {})
            for claim in self.all(Claim):
                names = getattr(claim, field)
                for name in names if isinstance(names, tuple) else (names,):
                    index.setdefault(name, []).append(claim)
        return self._naming[field].get(slug, [])

    def _kept(self, cls: type[AnyRecord]) -> dict[tuple[object, ...], list[Recorded[AnyRecord]]]:
        """Return everything recorded of one kind, by its keys."""
        return cast("dict[tuple[object, ...], list[Recorded[AnyRecord]]]", self._revisions.get(cls.noun, {}))


def said_numbers(forecast: Forecast) -> tuple[object, ...]:
    """Return what a forecast says, apart from why; a number read from words differs from one that was stated."""
    one = forecast.probability, forecast.low, forecast.high, forecast.withdrawn, forecast.words, forecast.scale
    return (*one, forecast.shares, forecast.points, forecast.days)


def learned(revisions: Sequence[Recorded[Forecast]]) -> datetime:
    """Return when the ledger learned the numbers of the last revision; correcting only the note makes it no later."""
    last = said_numbers(revisions[-1].record)
    return [
        item.recorded_at for item in takewhile(lambda item: said_numbers(item.record) == last, reversed(revisions))
    ][-1]


def asked_at(snapshot: Snapshot, claim: Claim) -> datetime:
    """Return when the ledger learned what the claim asks: by the last revision that changed it, else by the first.

    A witnessed forecast that is older counts from then, so that no draft can be bent to fit a forecast.
    """
    first, *later = revisions = snapshot.revisions(Claim, claim.slug)
    if not later:
        return first.recorded_at
    changed = [new.recorded_at for old, new in pairwise(revisions) if terms_of(old.record) != terms_of(new.record)]
    return (changed or [first.recorded_at])[-1]


def terms_of(claim: Claim) -> list[object]:
    """List what a claim asks, apart from how it is named and filed."""
    return [getattr(claim, name) for name in ASKED]
