"""A claim: one dated, resolvable reading of a statement."""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import Annotated, Self

from pydantic import model_validator

from predictions import enums
from predictions.enums import Axis, ClaimType
from predictions.fields import Count, Day, Flag, Line, Measure, Moment, OptionName, Slug, Sorted, Text, one_option
from predictions.number_checks import axis_fault
from predictions.records.record import ClaimRef, ItemColumn, Part, Record, StatementRef
from predictions.timestamps import end_of, spoken_moment, start_of

ASKED = (  # the fields of a claim that say what is asked, which change only while it is a draft
    "wording", "criteria", "type", "opens_on", "deadline", "closes_at", "at_least", "conditions", "sourcing", "parts",
    "given", "options", "unit", "low", "high", "scale",
)  # fmt: skip
_OF_A_TYPE = itemgetter("at_least", "conditions", "sourcing", "parts", "options", "unit", "low", "high", "scale")
_OF_YES_NO = (None, (), None, (), (), None, None, None, None)


class Condition(Part):
    """One named test that an event must meet to count for a claim of type events.

    Attributes:
        name: Its name, by which bearings refer to it.
        text: What must be true of the event.
    """

    name: Slug
    text: Text


class Claim(Record):
    """One dated, resolvable reading of a statement.

    Attributes:
        slug: Its key.
        statement: The statement that it is a reading of.
        reading: The name of the reading: ``headline``, ``strict``, ``broad``.
        title: A short name for boards and cards.
        wording: The claim as a full sentence.
        criteria: The public facts that decide it.
        type: What is asked: yes or no, events, parts of a tree, a choice, a number or a date.
        options: The possible answers of a choice; of an ordered one, in their order.
        unit: The unit of a number.
        low: The lower end of the range in which a number is scored.
        high: The upper end of that range.
        scale: The axis on which a number is forecast and scored, linear or log.
        opens_on: The first day that counts.
        deadline: The last day that counts.
        closes_at: A moment from which forecasts no longer count; with it they are timed by the moment, else by the day.
        horizon: The source's own words for the window.
        horizon_read: How these words were read as days.
        edtf: The window as EDTF text, level 0.
        settle_days: The number of days after the deadline on which the verdict is due, because reports come late.
        at_least: The number of events that make it a yes (type events).
        conditions: The tests that each event must meet (type events).
        sourcing: How much evidence an event needs to count fully (type events).
        parts: The claims it is made of (types all-of and any-of).
        tags: Words to filter by.
        cluster: A name shared by claims that one fact decides together; they count as one observation.
        given: The claim that this one is conditional on: if that comes out no, this one is annulled.
        supersedes: The claim that this one replaces.
        scored: Whether it is the one reading of its statement that is scored.
        notes: Remarks of the recorder.
        asked_as: The questions of platforms that ask the same, as slugs: ``predictionbook-900001``.
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
        # Most claims are yes or no and have none of these fields; one comparison settles that.
        if self.type is not ClaimType.YES_NO or _OF_A_TYPE(vars(self)) != _OF_YES_NO:
            self._check_terms()
        if self.closes_at is not None and not self.opens_on < self.closes_at.date() <= self.deadline:
            self._check_closing(self.closes_at)
        if self.slug in (*self.parts, self.given, self.supersedes):
            raise ValueError("a claim cannot refer to itself")
        return self

    def _check_terms(self) -> None:
        """Check the fields that only claims of some types have."""
        if (self.type is ClaimType.EVENTS) != bool(self.at_least):
            if self.type is ClaimType.EVENTS:
                said = "" if self.at_least is None else f", not {self.at_least}"
                raise ValueError(f"a claim of type events says how many it takes: at_least=1 or more{said}")
            raise ValueError(f"at_least={self.at_least} is of a claim of type events, and this is {self.type}")
        if self.type is not ClaimType.EVENTS and (self.conditions or self.sourcing):
            raise ValueError("only a claim of type events has conditions and sourcing")
        if (self.type in {ClaimType.ALL_OF, ClaimType.ANY_OF}) != bool(self.parts):
            raise ValueError("a claim of type all-of or any-of, and no other, names its parts")
        names = [condition.name for condition in self.conditions]
        for noun, listed in (("condition", names), ("part", self.parts), ("option", self.options)):
            if twice := [name for name in listed if listed.count(name) > 1]:
                raise ValueError(f"the {noun} {twice[0]!r} is named twice")
        self._check_answers()

    def _check_closing(self, closes_at: datetime) -> None:
        """Check that a claim closes inside its window: after it opened, and at its end at the latest."""
        if not start_of(self.opens_on) < closes_at <= end_of(self.deadline):
            raise ValueError(
                f"closes_at {spoken_moment(closes_at)} lies outside the window, {self.opens_on} to {self.deadline}"
            )

    def _check_answers(self) -> None:
        """Check that options belong to a choice, and a unit and range to a number."""
        if len(self.options) == 1:
            raise ValueError(one_option(self.options[0]))
        if (self.type in {ClaimType.CHOICE, ClaimType.ORDERED}) != bool(self.options):
            raise ValueError("a claim of type choice or ordered, and no other, names its options, at least two")
        measured = [value is not None for value in (self.unit, self.low, self.high)]
        if self.type is not ClaimType.NUMBER:
            if any(measured) or self.scale is not None:
                raise ValueError("only a claim of type number has a unit, a range (low, high) and a scale")
        elif not all(measured):
            raise ValueError("a claim of type number names its unit and the range that is scored: low and high")
        elif fault := axis_fault(self.low or 0, self.high or 0, log=self.scale is Axis.LOG):
            raise ValueError(f"low and high: {fault}")
