"""What the ledger held as of a moment: its standing records, found by name, and how they hang together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime
from itertools import pairwise, takewhile
from typing import Generic, NamedTuple, TypeVar, cast

from predictions.dates import read_day, read_period
from predictions.errors import NotFound, check_field, did_you_mean, short_repr
from predictions.records import (
    ASKED,
    Bearing,
    Claim,
    Event,
    Evidence,
    Forecast,
    Record,
    Resolution,
    Source,
    Statement,
)  # fmt: skip
from predictions.redacted import Redacted

DATED = (Evidence, Event, Forecast, Resolution)  # what is not known in the world before some day
AnyRecord = TypeVar("AnyRecord", bound=Record)
Kept_co = TypeVar("Kept_co", bound=Record, covariant=True)

COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}  # as messages spell them


class Recorded(NamedTuple, Generic[Kept_co]):
    """A record, with the entry it stands under and when the ledger learned it."""

    record: Kept_co
    entry: int
    recorded_at: datetime


class EvidenceItem(NamedTuple):
    """One piece of evidence as it bears on one claim."""

    bearing: Bearing
    evidence: Evidence
    event: Event | None


class Snapshot:
    """Plain values: the records up to one head, without what is dated later than *today*."""

    def __init__(self, recorded: Iterable[Recorded[Record]], *, head: str, as_of: datetime, today: date) -> None:
        self.head = head
        self.as_of = as_of
        self.today = today
        self.unread = 0  # imported forecasts on file that are too many to be among the records
        self.lacks: Redacted | None = None  # of a redacted copy
        self.ledger_id = ""
        self.me: str | None = None  # who looks at it
        self._revisions: dict[str, dict[tuple[object, ...], list[Recorded[Record]]]] = {}
        self._take(recorded)

    def _take(self, recorded: Iterable[Recorded[Record]]) -> None:
        for item in recorded:
            key = tuple(map(vars(item.record).__getitem__, item.record.key))
            kept = self._revisions.setdefault(item.record.noun, {}).setdefault(key, [])
            kept.append(item)
            if len(kept) > 1 and item.entry < kept[-2].entry:  # imported before it was logged by hand
                kept.sort(key=lambda one: one.entry)
        for known in (self._revisions[cls.noun] for cls in DATED if cls.noun in self._revisions):
            for key in [key for key, revisions in known.items() if first_day(revisions[-1].record) > self.today]:
                del known[key]
        self._by_claim: dict[type[Record], dict[str, list[Recorded[Record]]]] = {}
        self._forecasts: dict[str, list[Recorded[Forecast]]] = {}
        self._naming: dict[str, dict[str | None, list[Claim]]] = {}

    def at_moment(self, as_of: datetime) -> Snapshot:
        """The same looked at later, before anything else was recorded."""
        again = copy(self)
        again.as_of = as_of
        return again

    def with_records(self, extra: Iterable[Recorded[Record]]) -> Snapshot:
        """The same with records that no ledger holds, such as a computed crowd and what it says."""
        extended = Snapshot((), head=self.head, as_of=self.as_of, today=self.today)
        extended.unread, extended.lacks, extended.ledger_id, extended.me = (
            self.unread,
            self.lacks,
            self.ledger_id,
            self.me,
        )
        for noun, known in self._revisions.items():
            extended._revisions[noun] = {key: list(kept) for key, kept in known.items()}
        extended._take(extra)
        return extended

    def add_verdict(self, verdict: Recorded[Resolution]) -> None:
        """Take in a verdict that was recorded since: what is computed from now on goes by it."""
        key = verdict.record.claim, verdict.record.number
        self._revisions.setdefault(Resolution.noun, {}).setdefault(key, []).append(verdict)
        if Resolution in self._by_claim:
            self._by_claim[Resolution].setdefault(verdict.record.claim, []).append(verdict)

    @classmethod
    def of(
        cls, recorded: Iterable[Recorded[Record]], *, head: str, as_of: datetime, today: date | str | None
    ) -> Snapshot:
        """The snapshot of *as_of*, seen on *today*, which is its own day unless given."""
        day = as_of.date() if today is None else check_field("today", read_day, today)
        return cls(recorded, head=head, as_of=as_of, today=day)

    def record_named(self, name: str) -> Record:
        """The standing record of a slug, of "claim forecaster" or "claim evidence"; "kind slug" where several have it.

        Of the forecasts of one forecaster on one claim it is the last. NotFound says what is near.
        """
        first, *rest = words = tuple(name.split()) or (name,)
        kind = first if rest and first in self._revisions else None
        key = words[1:] if kind else words
        found = {noun: self._under(noun, key) for noun in self._revisions if kind in {None, noun}}
        matching = {noun: matches[-1].record for noun, matches in found.items() if matches}
        if len(matching) == 1:
            return matching.popitem()[1]
        said = " ".join(key)
        if matching:
            raise NotFound(f"{said!r} is a slug of {' and '.join(matching)}; say '{next(iter(matching))} {said}'")
        known = [" ".join(map(str, one[:2])) for noun in found for one in self._revisions[noun]]
        raise NotFound(not_found(kind or "record", said, known))

    def _under(self, noun: str, words: tuple[str, ...]) -> list[Recorded[Record]]:
        """What stands under a key, or, of forecasts, under its claim and forecaster, in order of time."""
        keys = [key for key in self._revisions[noun] if tuple(map(str, key[:2])) == words]
        return [self._revisions[noun][key][-1] for key in sorted(keys, key=lambda key: key[2:])]

    def all(self, cls: type[AnyRecord]) -> list[AnyRecord]:
        """The standing records of one kind, in the order they were first recorded."""
        return [item.record for item in self.recorded(cls)]

    def recorded(self, cls: type[AnyRecord]) -> list[Recorded[AnyRecord]]:
        """The same, each with its entry and time."""
        return [revisions[-1] for revisions in self._kept(cls).values()]

    def revisions(self, cls: type[AnyRecord], *key: object) -> list[Recorded[AnyRecord]]:
        """Everything recorded under one key, oldest first; NotFound where there is nothing."""
        kept = self._kept(cls)
        if key not in kept:
            raise NotFound(not_found(cls.noun, " ".join(map(str, key)), [" ".join(map(str, known)) for known in kept]))
        return list(kept[key])

    def find(self, cls: type[AnyRecord], slug: str) -> AnyRecord:
        """The standing record of that slug, or of the only slug that begins so; NotFound says what is near."""
        kept = self._kept(cls)
        if not (isinstance(slug, str) and (slug,) in kept):
            slug = match_slug(cls.noun, slug, [str(key[0]) for key in kept])
        return kept[slug,][-1].record

    def claims_of(self, statement: Statement) -> list[Claim]:
        """The readings of a statement: the scored one first, the rest in ledger order."""
        return sorted(self._claims_naming("statement", statement.slug), key=lambda claim: not claim.scored)

    def source_of(self, claim: Claim) -> Source:
        """Where the claim's statement was made."""
        return self.find(Source, self.find(Statement, claim.statement).source)

    def statement_of(self, name: str) -> Statement:
        """The statement of that slug, or else that of the claim of that slug."""
        claims = self._kept(Claim).get((name,), []) if isinstance(name, str) else []
        return self.find(Statement, claims[-1].record.statement if claims else name)

    def evidence_on(self, claim: Claim) -> list[EvidenceItem]:
        """What bears on a claim, in the order of the world's dates; retracted evidence is among it, marked."""
        found, known, events = [], self._kept(Evidence), self._kept(Event)
        for item in self._of_claim(Bearing, claim):
            evidence, event = known.get((item.record.evidence,)), events.get((item.record.event,))
            if evidence:
                found.append(EvidenceItem(item.record, evidence[-1].record, event[-1].record if event else None))
        return sorted(found, key=lambda item: (world_day(item), item.evidence.slug))

    def forecasts_on(self, claim: Claim) -> list[Recorded[Forecast]]:
        """The forecasts and withdrawals on a claim, in order of time, ledger order among equals."""
        if claim.slug not in self._forecasts:
            found = self._of_claim(Forecast, claim)
            self._forecasts[claim.slug] = sorted(found, key=lambda item: (item.record.made_at, item.entry))
        return list(self._forecasts[claim.slug])

    def resolutions_of(self, claim: Claim) -> list[Recorded[Resolution]]:
        """Every verdict ever recorded on a claim, dissents among them, oldest first."""
        return self._of_claim(Resolution, claim)

    def verdict(self, claim: Claim) -> Resolution | None:
        """The verdict that stands: the last one that is not a dissent."""
        standing = [item.record for item in self.resolutions_of(claim) if not item.record.dissent]
        return standing[-1] if standing else None

    def superseded_by(self, claim: Claim) -> Claim | None:
        """The later claim that replaces this one, if any."""
        return next(iter(self._claims_naming("supersedes", claim.slug)), None)

    def trees_over(self, claim: Claim) -> list[Claim]:
        """The trees that this claim is a part of, in the order they were first recorded."""
        return list(self._claims_naming("parts", claim.slug))

    def recorded_at(self, record: Record) -> datetime:
        """When the ledger first learned of the record's key."""
        return self.revisions(type(record), *(getattr(record, field) for field in record.key))[0].recorded_at

    def numbers_recorded_at(self, forecast: Forecast) -> datetime:
        """When the ledger learned the numbers of a forecast; correcting its note does not make it later."""
        return learned(self.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at))

    def _of_claim(self, cls: type[AnyRecord], claim: Claim) -> list[Recorded[AnyRecord]]:
        if cls not in self._by_claim:
            index: dict[str, list[Recorded[Record]]] = {}
            for item in self.recorded(cls):
                index.setdefault(str(getattr(item.record, "claim", "")), []).append(item)
            self._by_claim[cls] = index
        return list(cast("list[Recorded[AnyRecord]]", self._by_claim[cls].get(claim.slug, [])))  # all of that class

    def _claims_naming(self, field: str, slug: str) -> list[Claim]:
        """The claims that name a record in one of their fields, in ledger order."""
        if field not in self._naming:
            index = self._naming.setdefault(field, {})
            for claim in self.all(Claim):
                names = getattr(claim, field)
                for name in names if isinstance(names, tuple) else (names,):
                    index.setdefault(name, []).append(claim)
        return self._naming[field].get(slug, [])

    def _kept(self, cls: type[AnyRecord]) -> dict[tuple[object, ...], list[Recorded[AnyRecord]]]:
        """Everything recorded of one kind, by its keys."""
        return cast("dict[tuple[object, ...], list[Recorded[AnyRecord]]]", self._revisions.get(cls.noun, {}))


def numbers(forecast: Forecast) -> tuple[float | bool | str | None, ...]:
    """What a forecast says, apart from why; a number that was read from words says something else."""
    return (forecast.probability, forecast.low, forecast.high, forecast.withdrawn, forecast.words, forecast.scale)


def learned(revisions: Sequence[Recorded[Forecast]]) -> datetime:
    """When the ledger learned the numbers of the last of these; correcting the note beside them is no later."""
    last = numbers(revisions[-1].record)
    return [item.recorded_at for item in takewhile(lambda item: numbers(item.record) == last, reversed(revisions))][-1]


def asked_at(snapshot: Snapshot, claim: Claim) -> datetime:
    """When the ledger learned what the claim asks: the seal of the last revision that changed it, else of the first.

    A forecast that was witnessed before counts from then.
    """
    first, *_ = revisions = snapshot.revisions(Claim, claim.slug)
    changed = [new.recorded_at for old, new in pairwise(revisions) if asked(old.record) != asked(new.record)]
    return (changed or [first.recorded_at])[-1]


def asked(claim: Claim) -> list[object]:
    """What a claim asks, apart from how it is named and filed."""
    return [getattr(claim, name) for name in ASKED]


def first_day(record: Record) -> date:
    """The first day on which the thing recorded can have been known in the world; early for most records."""
    days = [date.min]
    if isinstance(record, Evidence):
        days += [read_period(text).first for text in (record.published, record.happened) if text]
    elif isinstance(record, Event):
        days.append(read_period(record.happened).first)
    elif isinstance(record, Forecast):
        days.append(record.made_at.date())
    elif isinstance(record, Resolution):
        days.append(record.known_on)
    return max(days)


def world_day(item: EvidenceItem) -> date:
    """The day by which evidence is put in order: of the event, else what it reports, else its publication."""
    for text in (item.event and item.event.happened, item.evidence.happened, item.evidence.published):
        if text:
            return read_period(text).first
    return date.max


def match_slug(noun: str, slug: object, known: Sequence[str]) -> str:
    """The slug meant: itself, or the only one that begins so; NotFound says what is near."""
    if not isinstance(slug, str):
        raise NotFound(not_found(noun, slug, known))
    if slug in known:
        return slug
    beginning = [name for name in known if slug and name.startswith(slug)]
    if len(beginning) == 1:
        return beginning[0]
    if beginning:
        count = COUNTS.get(len(beginning), "several")
        several = f"{count} {noun}s" if noun != Evidence.noun else f"{count} pieces of evidence"
        raise NotFound(f"{short_repr(slug)} begins {several}: {', '.join(sorted(beginning)[:5])}")
    raise NotFound(not_found(noun, slug, known))


def not_found(noun: str, name: object, known: Sequence[str]) -> str:
    """The sentence for a name that stands for nothing, with the nearest that does."""
    return f"no {noun} {short_repr(name)} in this ledger{did_you_mean(name, known)}"
