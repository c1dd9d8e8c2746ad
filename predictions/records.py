"""What is recorded: every kind of record, on one page.

A record is frozen, refuses unknown fields, and knows nobody above it. Its ``noun`` names its kind and its
table; its ``key`` names the fields that identify it; ``amendable`` the fields a correction may change.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator

from predictions.kinds import (
    Bears,
    ClaimKind,
    ForecasterKind,
    Grade,
    Outcome,
    Read,
    Reliability,
    SourceKind,
    Sourcing,
)
from predictions.values import (
    Count,
    Day,
    Digest,
    Flag,
    LedgerId,
    Line,
    Link,
    Moment,
    Number,
    Period,
    Positive,
    Probability,
    Slug,
    Sorted,
    Text,
    Total,
)  # fmt: skip


class Ref:
    """Marks a field that holds the slug of another record of the kind *noun*."""

    def __init__(self, noun: str) -> None:
        self.noun = noun


SourceRef = Annotated[Slug, Ref("source")]
StatementRef = Annotated[Slug, Ref("statement")]
ClaimRef = Annotated[Slug, Ref("claim")]
EventRef = Annotated[Slug, Ref("event")]
EvidenceRef = Annotated[Slug, Ref("evidence")]
ForecasterRef = Annotated[Slug, Ref("forecaster")]


class Condition(BaseModel):
    """One named test that an event must meet."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Slug
    text: Text


class Record(BaseModel):
    """What every record carries: who recorded it, and, for a correction, its number and reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    noun: ClassVar[str]
    key: ClassVar[tuple[str, ...]] = ("slug",)
    amendable: ClassVar[frozenset[str] | None] = None  # None: every field but the key

    recorded_by: Line | None = None
    revision: Count = 1
    reason: Text | None = None

    @property
    def name(self) -> str:
        """The record's key, as a person would say it."""
        return " ".join(str(getattr(self, field)) for field in self.key)

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """What it says, without what was left out, and last who recorded it: a notebook shows a record so."""
        fields = type(self).model_fields
        for field in sorted(fields, key=Record.model_fields.__contains__):
            value = getattr(self, field)
            if value != fields[field].default:
                yield field, str(value) if isinstance(value, (StrEnum, date)) else value


class Source(Record):
    """Where a statement was made."""

    noun = "source"
    slug: Slug
    title: Line
    publisher: Line | None = None
    link: Link | None = None
    published: Period | None = None
    kind: SourceKind = SourceKind.OTHER


class Statement(Record):
    """What a source said, verbatim unless marked; or why it can never be resolved."""

    noun = "statement"
    slug: Slug
    source: SourceRef
    text: Text
    paraphrased: Flag | None = None
    speaker: Line | None = None
    not_resolvable: Text | None = None
    notes: Text | None = None


class Claim(Record):
    """One dated, resolvable reading of a statement."""

    noun = "claim"
    amendable = frozenset({"title", "notes", "tags"})
    slug: Slug
    statement: StatementRef
    reading: Slug
    title: Line
    wording: Text
    criteria: Text
    kind: ClaimKind = ClaimKind.YES_NO
    opens_on: Day
    resolves_by: Day
    horizon: Line | None = None
    horizon_read: Text | None = None
    edtf: Line | None = None
    settle_days: Count = 30
    at_least: Count | None = None
    conditions: tuple[Condition, ...] = ()
    sourcing: Sourcing | None = None
    parts: tuple[ClaimRef, ...] = ()
    tags: Annotated[tuple[Slug, ...], Sorted] = ()
    given: ClaimRef | None = None
    supersedes: ClaimRef | None = None
    scored: Flag = False
    notes: Text | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.resolves_by < self.opens_on:
            raise ValueError(f"the window ends {self.resolves_by}, before it opens {self.opens_on}")
        if (self.kind is ClaimKind.EVENTS) != bool(self.at_least):
            raise ValueError("a claim of kind events, and no other, says at_least, from 1")
        if self.kind is not ClaimKind.EVENTS and (self.conditions or self.sourcing):
            raise ValueError("only a claim of kind events has conditions and sourcing")
        if (self.kind in {ClaimKind.ALL_OF, ClaimKind.ANY_OF}) != bool(self.parts):
            raise ValueError("a claim of kind all-of or any-of, and no other, names its parts")
        names = [condition.name for condition in self.conditions]
        if len(set(names)) < len(names) or len(set(self.parts)) < len(self.parts):
            raise ValueError("a condition or part is named twice")
        if self.slug in {*self.parts, self.given, self.supersedes}:
            raise ValueError("a claim cannot refer to itself")
        return self


class Event(Record):
    """A thing in the world, counted once."""

    noun = "event"
    slug: Slug
    title: Line
    happened: Period
    notes: Text | None = None


class Evidence(Record):
    """A dated link that bears on claims."""

    noun = "evidence"
    slug: Slug
    link: Link
    title: Line
    publisher: Line | None = None
    published: Period | None = None
    happened: Period | None = None
    dates_note: Line | None = None
    summary: Text | None = None
    excerpt: Text | None = None
    grade: Grade | None = None
    reliability: Reliability | None = None
    reliability_note: Text | None = None
    read: Read | None = None
    archived: Link | None = None
    archived_sha256: Digest | None = None
    retracted: Flag | None = None


class Bearing(Record):
    """What one piece of evidence says about one claim."""

    noun = "bearing"
    key = ("claim", "evidence")
    claim: ClaimRef
    evidence: EvidenceRef
    bears: Bears
    event: EventRef | None = None
    meets: Annotated[tuple[Slug, ...], Sorted] = ()
    likelihood_ratio: Positive | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _needs_an_event(self) -> Self:
        if self.meets and self.event is None:
            raise ValueError("conditions are met by an event; name it")
        return self


class Forecaster(Record):
    """Who forecasts: a person, a publication, a model, a crowd, or a reference to compare with."""

    noun = "forecaster"
    slug: Slug
    title: Line
    kind: ForecasterKind = ForecasterKind.PERSON
    size: Count | None = None
    method: Text | None = None


class Forecast(Record):
    """One probability by one forecaster at one time; or the withdrawal of the one before."""

    noun = "forecast"
    key = ("claim", "forecaster", "made_at")
    claim: ClaimRef
    forecaster: ForecasterRef
    made_at: Moment
    probability: Probability | None = None
    low: Probability | None = None
    high: Probability | None = None
    withdrawn: Flag | None = None
    words: Line | None = None
    scale: Slug | None = None
    published_in: SourceRef | None = None
    published_in_evidence: EvidenceRef | None = None
    because: Annotated[tuple[EvidenceRef, ...], Sorted] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        numbers = (self.probability, self.low, self.high)
        if self.withdrawn:
            if numbers != (None, None, None) or self.words:
                raise ValueError("a withdrawal carries no probability")
        elif self.probability is None and (self.low is None or self.high is None):
            raise ValueError("say a probability, or both a low and a high one")
        if (self.low is None) != (self.high is None):
            raise ValueError("a range needs both its low and its high end")
        if self.low is not None and self.high is not None:
            middle = self.low if self.probability is None else self.probability
            if not self.low <= middle <= self.high:
                raise ValueError(f"the range {self.low} to {self.high} is upside down or leaves its point out")
        if (self.words is None) != (self.scale is None):
            raise ValueError("an imputed forecast names both the words and the scale they were read on")
        return self

    @property
    def imputed(self) -> bool:
        """Whether the number is ours: read from words, or the middle of a stated range."""
        return self.words is not None or (self.probability is None and not self.withdrawn)

    @property
    def point(self) -> float | None:
        """The probability; the middle of the range where only a range was given; None for a withdrawal."""
        if self.probability is None and self.low is not None and self.high is not None:
            return (self.low + self.high) / 2
        return self.probability


class Resolution(Record):
    """How a claim came out, as decided by one person; a dissent is shown beside the verdict."""

    noun = "resolution"
    key = ("claim", "number")
    claim: ClaimRef
    number: Count
    outcome: Outcome
    fraction: Number | None = None
    happened_on: Day | None = None
    known_on: Day
    because: Annotated[tuple[EvidenceRef, ...], Sorted] = ()
    impossible: Flag | None = None
    decided_by: Line | None = None
    dissent: Flag | None = None

    @model_validator(mode="after")
    def _fits_its_outcome(self) -> Self:
        if (self.outcome is Outcome.FRACTION) != (self.fraction is not None):
            raise ValueError("an outcome between no and yes is a fraction, and only that carries a number")
        if self.fraction is not None and not 0 < self.fraction < 1:
            raise ValueError(f"{self.fraction!r} is not a fraction between 0 and 1; say yes or no for the ends")
        if self.happened_on and self.outcome not in {Outcome.YES, Outcome.FRACTION}:
            raise ValueError(f"nothing happened for a verdict of {self.outcome}; leave happened_on out")
        if self.happened_on and self.known_on < self.happened_on:
            raise ValueError(f"known on {self.known_on}, before it happened on {self.happened_on}")
        return self

    @property
    def said(self) -> str:
        """The outcome as a person says it: ``yes``, ``0.4``, ``annulled``."""
        return str(self.fraction if self.fraction is not None else self.outcome)

    @property
    def value(self) -> float | None:
        """The outcome as a number from 0 to 1; None where the claim cannot be scored."""
        return {Outcome.YES: 1.0, Outcome.NO: 0.0}.get(self.outcome, self.fraction)


class Import(Record):
    """Many forecasts from one file at once: what was imported, and the digests that hold its rows.

    ``sha256`` is of the file's bytes; without a file there is none, and the blocks tell what was imported. The
    digests of claims and forecasters are of their sorted slugs, each followed by a new line; ``blocks_root`` is
    the Merkle root of the blocks. ``published_in`` names the source whose dates the forecasts' times are.
    """

    noun = "import"
    key = ("number",)
    amendable = frozenset[str]()
    number: Count
    file: Line | None = None
    sha256: Digest | None = None
    forecasts: Total
    already: Total
    left_out: Total
    rounded: Total
    claims: Total
    claims_sha256: Digest
    forecasters: Total
    forecasters_sha256: Digest
    blocks: Total
    blocks_root: Digest
    published_in: SourceRef | None = None


class Merge(Record):
    """The head of another copy of this ledger, whose records that were missing here stand under the same seal."""

    noun = "merge"
    key = ("size", "root")
    amendable = frozenset[str]()
    ledger_id: LedgerId
    size: Total
    root: Digest

    @property
    def name(self) -> str:
        """The head, as a person compares it at a glance."""
        return f"{self.size}:{self.root[:12]}"


RECORDS: tuple[type[Record], ...] = (
    Source, Statement, Claim, Event, Evidence, Bearing, Forecaster, Forecast, Resolution, Import, Merge,
)  # fmt: skip
