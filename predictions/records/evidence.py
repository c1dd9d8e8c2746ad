"""Events, the evidence that reports them, and the bearing of evidence on a claim."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from predictions import enums
from predictions.fields import Digest, Flag, Line, Link, Period, Positive, Slug, Sorted, Text
from predictions.records.record import ClaimRef, EventRef, EvidenceRef, ItemColumn, Record


class Event(Record):
    """Something that happened in the world; it is counted once, however many pieces of evidence report it.

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
        published: The day, month or year in which it was published.
        happened: When the thing that it reports happened, if no event has that date.
        dates_note: How these dates are known.
        summary: What it says, in the recorder's words.
        excerpt: What it says, verbatim.
        grade: Whether it comes from the people concerned, from an outlet with an editor, or from elsewhere.
        reliability: How far the recorder trusts it.
        reliability_note: Why.
        read: How much of it the recorder read.
        archived: The address of an archived copy.
        archived_sha256: The SHA-256 of that copy, in hexadecimal.
        retracted: Whether it is retracted; it is then still shown, but does not count.
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
        event: The event that it reports, if events decide the claim.
        meets: The conditions of the claim that the event meets by this evidence.
        likelihood_ratio: How much likelier the evidence is if the claim is true than if it is not.
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
        """Check that there is an event, if conditions are met."""
        if self.meets and self.event is None:
            raise ValueError("conditions are met by an event; name it")
        return self
