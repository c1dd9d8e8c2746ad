"""The records: every kind of thing a ledger holds, as frozen pydantic models on one page.

This page is the reference of the format, and stands on one page for that reason although it is long: the tables,
the canonical bytes, the catalogue and ``verify`` all follow these classes. It knows no file and no other room.

Each class names its ``noun`` (the kind, and the table it is kept in), its ``key`` (the fields that identify a record)
and ``amendable`` (the fields that a correction may change at any time). A field that is None or empty is left out of
the canonical bytes, so that a field added later leaves the hashes of older records as they were.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, ClassVar, NamedTuple, Self, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from predictions import enums
from predictions.enums import Axis, ClaimType, ForecasterKind, Outcome
from predictions.fields import (
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
    OptionName,
    Period,
    Positive,
    Probability,
    Slug,
    Sorted,
    Text,
    Total,
)  # fmt: skip
from predictions.number_checks import DECIMAL_PLACES
from predictions.numerals import exact
from predictions.timestamps import end_of, spoken_moment, start_of

ASKED = (  # the fields of a claim that say what is asked, which change only while it is a draft
    "wording", "criteria", "type", "opens_on", "deadline", "closes_at", "at_least", "conditions", "sourcing", "parts",
    "given", "options", "unit", "low", "high", "scale",
)  # fmt: skip
SHARES_WITHIN = 1e-9  # how far the sum of shares, each kept to 12 decimals, may lie from 1


class Ref(NamedTuple):
    """Mark a field that holds the slug of another record of the kind *noun*."""

    noun: str


class ItemColumn(NamedTuple):
    """Mark a list of single values, and name the column in which each value is kept."""

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
    """One named test that an event must meet to count for a claim of type events.

    Attributes:
        name: How bearings refer to it.
        text: What has to be true of the event.
    """

    name: Slug
    text: Text


class Share(Part):
    """The probability of one option of a choice.

    Attributes:
        option: One of the claim's options.
        share: Its probability; the shares of a forecast sum to 1.
    """

    option: OptionName
    share: Probability


class Point(Part):
    """One point of a cumulative distribution over a number.

    Attributes:
        at: A value, in the claim's unit.
        chance: The probability that the number comes out at most so high.
    """

    at: Measure
    chance: Probability


class DayChance(Part):
    """One point of a cumulative distribution over the days of a window.

    Attributes:
        day: A day of the claim's window.
        chance: The probability that the thing happens by the end of that day.
    """

    day: Day
    chance: Probability


class Record(BaseModel):
    """The fields of every record, whatever its kind.

    Attributes:
        recorded_by: Who wrote it into the ledger.
        revision: 1 for the first record under its key, one more for each correction.
        reason: Why it was corrected; needed from revision 2 on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    noun: ClassVar[str]
    key: ClassVar[tuple[str, ...]] = ("slug",)
    amendable: ClassVar[frozenset[str] | None] = None  # None: every field but the key

    recorded_by: Line | None = None
    revision: Count = 1
    reason: Text | None = None

    @property
    def name(self) -> str:
        """Return the record's key as one text: ``exec-defections``, or ``exec-defections ana 2026-04-13 ...``."""
        return " ".join(str(getattr(self, field)) for field in self.key)

    def __repr_args__(self) -> Iterator[tuple[str, object]]:
        """Show the fields that were given, those common to all records last; a notebook prints records so."""
        fields = type(self).model_fields
        for field in sorted(fields, key=Record.model_fields.__contains__):
            value = getattr(self, field)
            if value != fields[field].default:
                yield field, str(value) if isinstance(value, (StrEnum, date)) else value


AnyRecord = TypeVar("AnyRecord", bound=Record)


class Source(Record):
    """A publication in which statements are made.

    Attributes:
        slug: Its key.
        title: Its headline or name.
        publisher: Who published it, where that is not the title.
        link: Its web address.
        published: The day, month or year it came out.
        kind: What sort of publication it is; ``self`` for one's own claims, ``platform`` for a forecasting site.
    """

    noun = "source"
    slug: Slug
    title: Line
    publisher: Line | None = None
    link: Link | None = None
    published: Period | None = None
    kind: enums.SourceKind = enums.SourceKind.OTHER


class Statement(Record):
    """What a source said: verbatim, or marked as a paraphrase; with the reason where it can never be resolved.

    Attributes:
        slug: Its key.
        source: Where it was said.
        text: The words.
        paraphrased: Whether the words are not the speaker's own.
        speaker: Who said it, where that is not the source as a whole.
        not_resolvable: Why no claim can be read out of it.
        notes: Remarks of the recorder.
    """

    noun = "statement"
    slug: Slug
    source: SourceRef
    text: Text
    paraphrased: Flag | None = None
    speaker: Line | None = None
    not_resolvable: Text | None = None
    notes: Text | None = None


class Claim(Record):
    """One dated, resolvable reading of a statement.

    Attributes:
        slug: Its key.
        statement: The statement it is read out of.
        reading: Which reading it is: ``headline``, ``strict``, ``broad``.
        title: A short name for boards and cards.
        wording: The claim as a full sentence.
        criteria: The public facts that decide it.
        type: What is asked: yes or no, events, parts of a tree, a choice, a number or a date.
        options: The possible answers of a choice, in their order where it is ordered.
        unit: The unit of a number.
        low: The lower end of the range in which a number is scored.
        high: The upper end of that range.
        scale: The axis on which a number is said and scored, linear or log.
        opens_on: The first day that counts.
        deadline: The last day that counts.
        closes_at: A moment from which forecasts no longer count; the claim is then told by the moment, else by the day.
        horizon: The source's own words for the window.
        horizon_read: How these words were read as days.
        edtf: The window as EDTF text, level 0.
        settle_days: How many days after the deadline the verdict is due, since reports come late.
        at_least: How many events it takes (type events).
        conditions: The tests that each event must meet (type events).
        sourcing: How much evidence an event needs before it counts for sure (type events).
        parts: The claims it is made of (types all-of and any-of).
        tags: Words to filter by.
        cluster: A name shared by claims that one fact decides together; they count as one observation.
        given: The claim that must come out yes, or this one is annulled.
        supersedes: The claim that this one replaces.
        scored: Whether it is the one reading of its statement that enters scores.
        notes: Remarks of the recorder.
        asked_as: The questions of platforms that were put onto it, as slugs: ``predictionbook-900001``.
    """

    noun = "claim"
    amendable = frozenset({"title", "notes", "tags", "cluster", "asked_as"})
    slug: Slug
    statement: StatementRef
    reading: Slug
    title: Line
    wording: Text
    criteria: Text
    type: ClaimType = ClaimType.YES_NO
    options: Annotated[tuple[OptionName, ...], ItemColumn("option")] = ()
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
    parts: Annotated[tuple[ClaimRef, ...], ItemColumn("part")] = ()
    tags: Annotated[tuple[Slug, ...], ItemColumn("tag"), Sorted] = ()
    cluster: Slug | None = None
    given: ClaimRef | None = None
    supersedes: ClaimRef | None = None
    scored: Flag = False
    notes: Text | None = None
    asked_as: Annotated[tuple[Slug, ...], ItemColumn("question"), Sorted] = ()

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        """Check the window, and that the claim has the fields of its type and no others."""
        if self.deadline < self.opens_on:
            raise ValueError(f"the window ends {self.deadline}, before it opens {self.opens_on}")
        if (self.type is ClaimType.EVENTS) != bool(self.at_least):
            raise ValueError("a claim of type events, and no other, says at_least, from 1")
        if self.type is not ClaimType.EVENTS and (self.conditions or self.sourcing):
            raise ValueError("only a claim of type events has conditions and sourcing")
        if (self.type in {ClaimType.ALL_OF, ClaimType.ANY_OF}) != bool(self.parts):
            raise ValueError("a claim of type all-of or any-of, and no other, names its parts")
        names = [condition.name for condition in self.conditions]
        for noun, listed in (("condition", names), ("part", self.parts), ("option", self.options)):
            if twice := [name for name in listed if listed.count(name) > 1]:
                raise ValueError(f"the {noun} {twice[0]!r} is named twice")
        self._check_answers()
        if self.closes_at is not None and not start_of(self.opens_on) < self.closes_at <= end_of(self.deadline):
            raise ValueError(
                f"closes_at {spoken_moment(self.closes_at)} lies outside the window, {self.opens_on} to {self.deadline}"
            )
        if self.slug in {*self.parts, self.given, self.supersedes}:
            raise ValueError("a claim cannot refer to itself")
        return self

    def _check_answers(self) -> None:
        """Check that options belong to a choice, and a unit and range to a number."""
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
                raise ValueError(f"the range {exact(self.low)} to {exact(self.high)} is empty or upside down")
            if self.scale is Axis.LOG and self.low <= 0:
                raise ValueError(f"a log scale begins above 0, not at {self.low}")


class Event(Record):
    """A thing that happened in the world, counted once however many report it.

    Attributes:
        slug: Its key.
        title: What happened.
        happened: The day, month or year on which it was first made public.
        notes: Remarks of the recorder.
    """

    noun = "event"
    slug: Slug
    title: Line
    happened: Period
    notes: Text | None = None


class Evidence(Record):
    """A dated link that bears on claims.

    Attributes:
        slug: Its key.
        link: Its web address, which is never fetched.
        title: Its headline.
        publisher: Who published it.
        published: The day, month or year it came out.
        happened: When the thing it reports happened, where no event says so.
        dates_note: How these dates are known.
        summary: What it says, in the recorder's words.
        excerpt: What it says, verbatim.
        grade: Whether it comes from the people concerned, from an outlet with an editor, or from elsewhere.
        reliability: How far the recorder trusts it.
        reliability_note: Why.
        read: How much of it the recorder read.
        archived: The address of an archived copy.
        archived_sha256: The SHA-256 of that copy, in hexadecimal.
        retracted: Whether it was taken back; it then counts for nothing, and is still shown.
    """

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
    """What one piece of evidence says about one claim.

    Attributes:
        claim: The claim.
        evidence: The evidence.
        bears: Whether it supports, opposes, is a near miss, context or a base rate.
        event: The event it reports, where events decide the claim.
        meets: The conditions of the claim that it shows the event to meet.
        likelihood_ratio: How much more likely it is if the claim is true than if not.
        why: The recorder's reason.
    """

    noun = "bearing"
    key = ("claim", "evidence")
    claim: ClaimRef
    evidence: EvidenceRef
    bears: enums.Bears
    event: EventRef | None = None
    meets: Annotated[tuple[Slug, ...], ItemColumn("condition"), Sorted] = ()
    likelihood_ratio: Positive | None = None
    why: Text | None = None

    @model_validator(mode="after")
    def _needs_an_event(self) -> Self:
        if self.meets and self.event is None:
            raise ValueError("conditions are met by an event; name it")
        return self


class Forecaster(Record):
    """Who forecasts.

    Attributes:
        slug: Its key.
        title: The full name.
        kind: A person, a publication, a model, a crowd, or a reference to compare with.
        size: How many people a crowd has.
        method: How a crowd's or reference's number is made.
        cutoff_on: The last day that a model's training knows.
        accounts: What the forecaster is called on platforms, as slugs: ``fatebook-ann``.
    """

    noun = "forecaster"
    slug: Slug
    title: Line
    kind: ForecasterKind = ForecasterKind.PERSON
    size: Count | None = None
    method: Text | None = None
    cutoff_on: Day | None = None
    accounts: Annotated[tuple[Slug, ...], ItemColumn("account"), Sorted] = ()

    @model_validator(mode="after")
    def _only_a_model_has_a_cutoff(self) -> Self:
        if self.cutoff_on is not None and self.kind is not ForecasterKind.MODEL:
            raise ValueError("cutoff_on, the last day that its training knows, belongs to a model")
        return self


class Forecast(Record):
    """What one forecaster said of one claim at one time, or the withdrawal of what was said before.

    It holds exactly one of: a probability (or a low and a high one), shares, points, days, ``withdrawn``.

    Attributes:
        claim: The claim.
        forecaster: Who said it.
        made_at: When it was said, UTC; a day given without a time means its last microsecond.
        probability: The chance of yes, from 0 to 1.
        low: The lower end of a stated range of chances.
        high: The upper end of that range.
        shares: The chance of each option of a choice.
        points: A cumulative distribution over a number.
        days: A cumulative distribution over the days of the window.
        withdrawn: Whether the forecaster takes back what was said before.
        words: The words that were read as a number; the forecast is then imputed.
        scale: The scale on which these words were read.
        shown: Whether the forecaster saw the crowd's number first.
        published_in: The source that carries it, and so its date.
        published_in_evidence: The evidence that carries it.
        because: The evidence that caused it.
        note: The forecaster's reason.
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
    because: Annotated[tuple[EvidenceRef, ...], ItemColumn("evidence"), Sorted] = ()
    note: Text | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        """Check that it is exactly one of a probability or range, shares, points, days and a withdrawal."""
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
        """Check that shares sum to 1, that values and days rise, and that the chances at them do not fall."""
        options = [share.option for share in self.shares]
        if len(set(options)) < len(options):
            raise ValueError("an option has two shares")
        if self.shares and abs(total := math.fsum(share.share for share in self.shares) - 1) > SHARES_WITHIN:
            raise ValueError(f"the shares sum to {1 + total:.12g}, not 1")
        for curve in (
            [(point.at, point.chance) for point in self.points],
            [(point.day.toordinal(), point.chance) for point in self.days],
        ):
            for (before, chance), (after, next_chance) in pairwise(curve):
                if after <= before or next_chance < chance:
                    raise ValueError("points and days rise, and the chances at them do not fall")

    @property
    def imputed(self) -> bool:
        """Whether the number is ours and not the forecaster's: read from words, or the middle of a stated range."""
        return self.words is not None or (self.probability is None and self.low is not None)

    @property
    def point(self) -> float | None:
        """Return the probability, or the middle of the range where only a range was given; None for a withdrawal."""
        if self.probability is None and self.low is not None and self.high is not None:
            return round((self.low + self.high) / 2, DECIMAL_PLACES)
        return self.probability


class Resolution(Record):
    """How a claim came out, as decided by one person.

    The last one that is no dissent is the verdict; a dissent is shown beside it and changes no score.

    Attributes:
        claim: The claim.
        number: 1 for the first resolution of a claim, one more for each later one.
        outcome: Yes, no, a fraction, an option, a value, ambiguous or annulled.
        fraction: The number between 0 and 1, where the outcome is a fraction.
        option: The option that came true, of a choice.
        value: The number that came out.
        happened_on: The day on which it happened; only where the outcome is yes or a fraction.
        happened_from: The first day on which it may have, where only a month or a year is known; then the other is the
            last.
        known_on: The day on which the outcome became public; what was forecast after it is not scored.
        known_at: The moment on that day, where it is known.
        published_in: The platform that resolved its own question.
        because: The evidence it rests on.
        impossible: Whether a no was said before its day because yes can no longer come.
        decided_by: Who decided, where that is not the recorder.
        dissent: Whether it disagrees with the verdict, and stands beside it.
    """

    noun = "resolution"
    key = ("claim", "number")
    claim: ClaimRef
    number: Count
    outcome: Outcome
    fraction: Number | None = None
    option: OptionName | None = None
    value: Measure | None = None
    happened_from: Day | None = None
    happened_on: Day | None = None
    known_on: Day
    known_at: Moment | None = None
    published_in: SourceRef | None = None
    because: Annotated[tuple[EvidenceRef, ...], ItemColumn("evidence"), Sorted] = ()
    impossible: Flag | None = None
    decided_by: Line | None = None
    dissent: Flag | None = None

    @model_validator(mode="after")
    def _fits_its_outcome(self) -> Self:
        """Check that it has the fields of its outcome and no others, and that its days can be."""
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
        if self.happened_from and (self.happened_on is None or self.happened_on <= self.happened_from):
            raise ValueError(
                f"happened_from {self.happened_from} goes with a later happened_on, the last day it may be"
            )
        if self.happened_on and self.known_on < self.happened_on:
            raise ValueError(f"known on {self.known_on}, before it happened on {self.happened_on}")
        return self

    @property
    def said(self) -> str:
        """Return the outcome as a person says it: ``yes``, ``0.4``, ``annulled``."""
        values = [value for value in (self.fraction, self.option, self.value) if value is not None]
        value = values[0] if values else str(self.outcome)
        return value if isinstance(value, str) else exact(value)

    @property
    def known(self) -> str:
        """Return since when the outcome is public: the moment where it is known, else the day."""
        return spoken_moment(self.known_at) if self.known_at else str(self.known_on)

    @property
    def truth(self) -> float | None:
        """Return the outcome of a yes/no claim as a number from 0 to 1; None where such a claim cannot be scored."""
        return {Outcome.YES: 1.0, Outcome.NO: 0.0}.get(self.outcome, self.fraction)


class Import(Record):
    """Many forecasts from one file at once.

    Attributes:
        number: 1 for the first import of a ledger, one more for each later one.
        file: The name of the file.
        sha256: The SHA-256 of the file's bytes; without a file the blocks alone tell what was imported.
        forecasts: How many forecasts were new.
        already: How many were on file before.
        left_out: How many rows were bad and left out.
        rounded: How many chances had more than 12 decimals.
        claims: How many claims they are on.
        claims_sha256: The digest of the sorted slugs of these claims, each followed by a new line.
        forecasters: How many forecasters they are by.
        forecasters_sha256: The digest of the forecasters' slugs, likewise.
        blocks: How many blocks hold them; 0 where they follow as records of their own.
        blocks_root: The Merkle root of the blocks, in hexadecimal.
        published_in: The source whose dates the forecasts' times are.
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
    """The head of another copy of this ledger, or of another ledger, whose records stand under the same seal.

    Attributes:
        ledger_id: Its ledger's id; that of this ledger where it is a copy.
        size: How many entries it had.
        root: Its Merkle root, in hexadecimal.
    """

    noun = "merge"
    key = ("size", "root")
    amendable = frozenset[str]()
    ledger_id: LedgerId
    size: Total
    root: Digest

    @property
    def name(self) -> str:
        """Return the head, shortened to what a person compares at a glance."""
        return f"{self.size}:{self.root[:12]}"


RECORDS: tuple[type[Record], ...] = (
    Source, Statement, Claim, Event, Evidence, Bearing, Forecaster, Forecast, Resolution, Import, Merge,
)  # fmt: skip
