"""What is recorded: every kind of record, on one page.

A record is frozen, refuses unknown fields, and knows nobody above it. Its ``noun`` names its kind and its
table; its ``key`` names the fields that identify it; ``amendable`` the fields that a correction may change at any time.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, model_validator

from predictions import enums
from predictions.enums import Axis, ClaimType, ForecasterKind, Outcome
from predictions.fields import (
    PLACES,
    Count,
    Day,
    Digest,
    Flag,
    LedgerId,
    Line,
    Link,
    Measure,
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
from predictions.timestamps import end_of, spoken_moment, start_of

ASKED = (  # the fields of a claim that say what is asked, which change only while it is a draft
    "wording", "criteria", "type", "opens_on", "deadline", "closes_at", "at_least", "conditions", "sourcing", "parts",
    "given", "options", "unit", "low", "high", "scale",
)  # fmt: skip
SHARES_WITHIN = 1e-9  # how far the sum of shares, each kept to 12 decimals, may lie from 1


class Ref(NamedTuple):
    """Marks a field that holds the slug of another record of the kind *noun*."""

    noun: str


class Item(NamedTuple):
    """Marks a list of single values, and names the column in which each of them is kept."""

    column: str


SourceRef = Annotated[Slug, Ref("source")]
StatementRef = Annotated[Slug, Ref("statement")]
ClaimRef = Annotated[Slug, Ref("claim")]
EventRef = Annotated[Slug, Ref("event")]
EvidenceRef = Annotated[Slug, Ref("evidence")]
ForecasterRef = Annotated[Slug, Ref("forecaster")]


class Part(BaseModel):
    """An item of a list that has several fields of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Condition(Part):
    """One named test that an event must meet."""

    name: Slug
    text: Text


class Share(Part):
    """How likely one option of a choice is."""

    option: Slug
    share: Probability


class Point(Part):
    """How likely it is that a number comes out at most so high."""

    at: Measure
    chance: Probability


class DayChance(Part):
    """How likely it is that something happens by the end of a day."""

    day: Day
    chance: Probability


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
    kind: enums.SourceKind = enums.SourceKind.OTHER


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
    amendable = frozenset({"title", "notes", "tags", "cluster"})
    slug: Slug
    statement: StatementRef
    reading: Slug
    title: Line
    wording: Text
    criteria: Text
    type: ClaimType = ClaimType.YES_NO
    options: Annotated[tuple[Slug, ...], Item("option")] = ()
    unit: Line | None = None
    low: Measure | None = None
    high: Measure | None = None
    scale: Axis | None = None
    opens_on: Day
    deadline: Day
    closes_at: Moment | None = None
    horizon: Line | None = None
    horizon_read: Text | None = None
    edtf: Line | None = None
    settle_days: Count = 30
    at_least: Count | None = None
    conditions: tuple[Condition, ...] = ()
    sourcing: enums.Sourcing | None = None
    parts: Annotated[tuple[ClaimRef, ...], Item("part")] = ()
    tags: Annotated[tuple[Slug, ...], Item("tag"), Sorted] = ()
    cluster: Slug | None = None
    given: ClaimRef | None = None
    supersedes: ClaimRef | None = None
    scored: Flag = False
    notes: Text | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.deadline < self.opens_on:
            raise ValueError(f"the window ends {self.deadline}, before it opens {self.opens_on}")
        if (self.type is ClaimType.EVENTS) != bool(self.at_least):
            raise ValueError("a claim of type events, and no other, says at_least, from 1")
        if self.type is not ClaimType.EVENTS and (self.conditions or self.sourcing):
            raise ValueError("only a claim of type events has conditions and sourcing")
        if (self.type in {ClaimType.ALL_OF, ClaimType.ANY_OF}) != bool(self.parts):
            raise ValueError("a claim of type all-of or any-of, and no other, names its parts")
        names = [condition.name for condition in self.conditions]
        if any(len(set(listed)) < len(listed) for listed in (names, self.parts, self.options)):
            raise ValueError("a condition, part or option is named twice")
        self._check_answers()
        if self.closes_at is not None and not start_of(self.opens_on) < self.closes_at <= end_of(self.deadline):
            raise ValueError(
                f"closes_at {spoken_moment(self.closes_at)} lies outside the window, {self.opens_on} to {self.deadline}"
            )
        if self.slug in {*self.parts, self.given, self.supersedes}:
            raise ValueError("a claim cannot refer to itself")
        return self

    def _check_answers(self) -> None:
        """Options belong to a choice; a unit and the range that is scored belong to a number."""
        if (self.type in {ClaimType.CHOICE, ClaimType.ORDERED}) != bool(self.options) or len(self.options) == 1:
            raise ValueError("a claim of type choice or ordered, and no other, names its options, at least two")
        measured = [value is not None for value in (self.unit, self.low, self.high)]
        if self.type is not ClaimType.NUMBER:
            if any(measured) or self.scale is not None:
                raise ValueError("only a claim of type number has a unit, a range (low, high) and a scale")
        elif not all(measured):
            raise ValueError("a claim of type number names its unit and the range that is scored: low and high")
        elif self.low is not None and self.high is not None:
            if self.low >= self.high:
                raise ValueError(f"the range {self.low} to {self.high} is empty or upside down")
            if self.scale is Axis.LOG and self.low <= 0:
                raise ValueError(f"a log scale begins above 0, not at {self.low}")


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
    grade: enums.Grade | None = None
    reliability: enums.Reliability | None = None
    reliability_note: Text | None = None
    read: enums.Read | None = None
    archived: Link | None = None
    archived_sha256: Digest | None = None
    retracted: Flag | None = None


class Bearing(Record):
    """What one piece of evidence says about one claim."""

    noun = "bearing"
    key = ("claim", "evidence")
    claim: ClaimRef
    evidence: EvidenceRef
    bears: enums.Bears
    event: EventRef | None = None
    meets: Annotated[tuple[Slug, ...], Item("condition"), Sorted] = ()
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
    cutoff_on: Day | None = None

    @model_validator(mode="after")
    def _only_a_model_has_a_cutoff(self) -> Self:
        if self.cutoff_on is not None and self.kind is not ForecasterKind.MODEL:
            raise ValueError("cutoff_on, the last day that its training knows, belongs to a model")
        return self


class Forecast(Record):
    """What one forecaster said of one claim at one time; or the withdrawal of what was said before.

    That is a probability, or a low and a high one; of a choice the shares of its options, of a number points (the
    chance of at most a value), of a date days (the chance by the end of one).
    """

    noun = "forecast"
    key = ("claim", "forecaster", "made_at")
    claim: ClaimRef
    forecaster: ForecasterRef
    made_at: Moment
    probability: Probability | None = None
    low: Probability | None = None
    high: Probability | None = None
    shares: tuple[Share, ...] = ()
    points: tuple[Point, ...] = ()
    days: tuple[DayChance, ...] = ()
    withdrawn: Flag | None = None
    words: Line | None = None
    scale: Slug | None = None
    shown: Flag | None = None
    published_in: SourceRef | None = None
    published_in_evidence: EvidenceRef | None = None
    because: Annotated[tuple[EvidenceRef, ...], Item("evidence"), Sorted] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        numbers = any(number is not None for number in (self.probability, self.low, self.high))
        forms = [numbers, bool(self.shares), bool(self.points), bool(self.days)]
        if self.withdrawn:
            if any(forms) or self.words:
                raise ValueError("a withdrawal carries no probability")
        elif not any(forms) or (numbers and self.probability is None and (self.low is None or self.high is None)):
            raise ValueError("say a probability, or both a low and a high one")
        elif sum(forms) > 1:
            raise ValueError("say a probability, shares, points or days, and only one of them")
        elif self.words and not numbers:
            raise ValueError("words stand for a probability, not for shares, points or days")
        if not numbers:
            self._check_distribution()
        if (self.low is None) != (self.high is None):
            raise ValueError("a range needs both its low and its high end")
        if self.low is not None and self.high is not None:
            middle = self.low if self.probability is None else self.probability
            if not self.low <= middle <= self.high:
                raise ValueError(f"the range {self.low} to {self.high} is upside down or leaves its point out")
        if (self.words is None) != (self.scale is None):
            raise ValueError("an imputed forecast names both the words and the scale they were read on")
        return self

    def _check_distribution(self) -> None:
        """Shares sum to 1; values and days rise, and the chance of at most each does not fall."""
        options = [one.option for one in self.shares]
        if len(set(options)) < len(options):
            raise ValueError("an option has two shares")
        if self.shares and abs(total := math.fsum(one.share for one in self.shares) - 1) > SHARES_WITHIN:
            raise ValueError(f"the shares sum to {1 + total:.12g}, not 1")
        for curve in (
            [(one.at, one.chance) for one in self.points],
            [(one.day.toordinal(), one.chance) for one in self.days],
        ):
            for (before, chance), (after, next_chance) in pairwise(curve):
                if after <= before or next_chance < chance:
                    raise ValueError("points and days rise, and the chances at them do not fall")

    @property
    def imputed(self) -> bool:
        """Whether the number is ours: read from words, or the middle of a stated range."""
        return self.words is not None or (self.probability is None and self.low is not None)

    @property
    def point(self) -> float | None:
        """The probability; the middle of the range where only a range was given; None for a withdrawal."""
        if self.probability is None and self.low is not None and self.high is not None:
            return round((self.low + self.high) / 2, PLACES)
        return self.probability


class Resolution(Record):
    """How a claim came out, as decided by one person; a dissent is shown beside the verdict."""

    noun = "resolution"
    key = ("claim", "number")
    claim: ClaimRef
    number: Count
    outcome: Outcome
    fraction: Number | None = None
    option: Slug | None = None
    value: Measure | None = None
    happened_on: Day | None = None
    known_on: Day
    known_at: Moment | None = None
    published_in: SourceRef | None = None
    because: Annotated[tuple[EvidenceRef, ...], Item("evidence"), Sorted] = ()
    impossible: Flag | None = None
    decided_by: Line | None = None
    dissent: Flag | None = None

    @model_validator(mode="after")
    def _fits_its_outcome(self) -> Self:
        if (self.outcome is Outcome.FRACTION) != (self.fraction is not None):
            raise ValueError("an outcome between no and yes is a fraction, and only that carries a number")
        if (self.outcome is Outcome.OPTION) != (self.option is not None):
            raise ValueError("an outcome of option names it, and no other does")
        if (self.outcome is Outcome.VALUE) != (self.value is not None):
            raise ValueError("an outcome of value gives it, and no other does")
        if self.known_at is not None and self.known_at.date() != self.known_on:
            raise ValueError(f"known_at {spoken_moment(self.known_at)} is not on the day of known_on {self.known_on}")
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
        said = [given for given in (self.fraction, self.option, self.value) if given is not None]
        return str(said[0] if said else self.outcome)

    @property
    def known(self) -> str:
        """Since when it is public, as a person says it: its moment where that is known, else its day."""
        return spoken_moment(self.known_at) if self.known_at else str(self.known_on)

    @property
    def truth(self) -> float | None:
        """The outcome as a number from 0 to 1; None where the claim cannot be scored."""
        return {Outcome.YES: 1.0, Outcome.NO: 0.0}.get(self.outcome, self.fraction)


class Import(Record):
    """Many forecasts from one file at once: what was imported, and the digests that hold its rows."""

    noun = "import"
    key = ("number",)
    amendable = frozenset[str]()
    number: Count
    file: Line | None = None
    sha256: Digest | None = None  # of the file's bytes; without a file the blocks tell what was imported
    forecasts: Total
    already: Total
    left_out: Total
    rounded: Total
    claims: Total
    claims_sha256: Digest  # of the sorted slugs, each followed by a new line
    forecasters: Total
    forecasters_sha256: Digest
    blocks: Total
    blocks_root: Digest  # the Merkle root of the blocks
    published_in: SourceRef | None = None  # the source whose dates the forecasts' times are


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
