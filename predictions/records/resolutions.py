"""How a claim came out, as decided by one person."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import model_validator

from predictions.enums import Outcome
from predictions.fields import Count, Day, Flag, Line, Measure, Moment, Number, OptionName, Sorted
from predictions.numerals import measure
from predictions.records.record import ClaimRef, EvidenceRef, ItemColumn, Record, SourceRef
from predictions.timestamps import spoken_moment

A_VERDICT = {Outcome.NO: "a no", Outcome.OPTION: "an option", Outcome.VALUE: "a value"}  # as a message names it


class Resolution(Record):
    """How a claim came out, as decided by one person.

    The last one that is not a dissent is the verdict; a dissent is shown with it and changes no score.

    Attributes:
        claim: The claim.
        number: 1 for the first resolution of a claim, one more for each later one.
        outcome: Yes, no, a fraction, an option, a value, ambiguous or annulled.
        fraction: The number between 0 and 1, if the outcome is a fraction.
        option: The option of a choice that came true.
        value: The number that came out.
        happened_on: The day on which it happened, if the outcome is yes or a fraction; the last possible one if only a
            month or a year is known.
        happened_from: The first possible day, if only a month or a year is known.
        known_on: The day on which the outcome became public; forecasts made after it are not scored.
        known_at: The moment on that day, if it is known.
        published_in: The platform that resolved its own question.
        because: The evidence that it rests on.
        impossible: Whether it is a no that was given early because yes has become impossible.
        decided_by: The name of the person who decided.
        dissent: Whether it disagrees with the verdict, and does not replace it.
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
        """Check that it has the fields of its outcome and no others, and that its days do not contradict each other."""
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
            raise ValueError(
                "happened_on is the day on which a yes happened; "
                f"the day on which {A_VERDICT.get(self.outcome, 'this')} became public is known_on"
            )
        if self.happened_from and (self.happened_on is None or self.happened_on <= self.happened_from):
            raise ValueError(
                f"happened_from {self.happened_from} goes with a later happened_on, the last day it may be"
            )
        if self.happened_on and self.known_on < self.happened_on:
            raise ValueError(f"known on {self.known_on}, before it happened on {self.happened_on}")
        return self

    @property
    def said(self) -> str:
        """Return the outcome in a word, an option or a number: ``yes``, ``0.4``, ``annulled``."""
        values = [value for value in (self.fraction, self.option, self.value) if value is not None]
        value = values[0] if values else str(self.outcome)
        return value if isinstance(value, str) else measure(value)

    @property
    def known(self) -> str:
        """Return since when the outcome is public: the moment if it is known, else the day."""
        return spoken_moment(self.known_at) if self.known_at else str(self.known_on)

    @property
    def truth(self) -> float | None:
        """Return the outcome of a yes-or-no claim as a number from 0 to 1; None for any other outcome."""
        return {Outcome.YES: 1.0, Outcome.NO: 0.0}.get(self.outcome, self.fraction)
