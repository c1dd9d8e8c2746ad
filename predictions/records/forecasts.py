"""Forecasters, and their forecasts of a claim at one time: a chance, a distribution, or a withdrawal."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import model_validator

from predictions.enums import ForecasterKind
from predictions.fields import Count, Day, Flag, Line, Measure, Moment, OptionName, Probability, Slug, Sorted, Text
from predictions.number_checks import DECIMAL_PLACES, range_fault
from predictions.numerals import exact, measure
from predictions.records.record import ClaimRef, EvidenceRef, ForecasterRef, ItemColumn, Part, Record, SourceRef

SHARES_WITHIN = 1e-9  # how far the sum of shares, each stored with 12 decimals, may be from 1


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
        chance: The probability that the number comes out at this value or below.
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


class Forecaster(Record):
    """A person, a publication, a model or a crowd that forecasts, or a reference to compare with.

    Attributes:
        slug: Its key.
        title: The full name.
        kind: A person, a publication, a model, a crowd, or a reference to compare with.
        size: The number of people in a crowd.
        method: How the numbers of a crowd or reference are computed.
        cutoff_on: The last day of which a model's training data can know.
        accounts: The forecaster's names on platforms, as slugs: ``fatebook-ann``.
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
        """Check that nobody but a model has a day at which its training ends."""
        if self.cutoff_on is not None and self.kind is not ForecasterKind.MODEL:
            raise ValueError("cutoff_on, the last day that its training knows, belongs to a model")
        return self


class Forecast(Record):
    """What one forecaster said about one claim at one time, or the withdrawal of what they said before.

    It holds exactly one of: a probability (or a low and a high one), shares, points, days, ``withdrawn``.

    Attributes:
        claim: The claim.
        forecaster: The forecaster.
        made_at: When it was made, UTC; a day given without a time means its last microsecond.
        probability: The chance of yes, from 0 to 1.
        low: The lower end of a stated range of chances.
        high: The upper end of that range.
        shares: The chance of each option of a choice.
        points: A cumulative distribution over a number.
        days: A cumulative distribution over the days of the window.
        withdrawn: Whether it withdraws the forecasts before it.
        words: The words that were read as a number; the forecast is then imputed.
        scale: The scale on which these words were read.
        shown: Whether the forecaster saw the crowd's number before.
        published_in: The source in which it was published, and which dates it.
        published_in_evidence: The evidence in which it was published.
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
        elif (self.low is None) != (self.high is None):
            raise ValueError(f"a range has two ends; say {'high' if self.high is None else 'low'}= too")
        elif not any(forms):
            raise ValueError("say a probability, or both a low and a high one")
        elif sum(forms) > 1:
            raise ValueError("say a probability, shares, points or days, and only one of them")
        elif self.words and not numbers:
            raise ValueError("words stand for a probability, not for shares, points or days")
        if not numbers:
            self._check_distribution()
        if self.low is not None and self.high is not None:
            fault = range_fault(self.low, self.high, self.probability)
            if fault:
                raise ValueError(fault)
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
                    first, second = self._named(before), self._named(after)
                    fault = f"{exact(chance)} by {first}, then {exact(next_chance)} by {second}"
                    raise ValueError(f"points and days rise, and the chances at them do not fall: {fault}")

    def _named(self, at: float) -> str:
        """Return a point of its curve as text: a value, or the day with this number."""
        return str(date.fromordinal(int(at))) if self.days else measure(at)

    @property
    def imputed(self) -> bool:
        """Whether the number is not the forecaster's own: it was read from words, or is the middle of their range."""
        return self.words is not None or (self.probability is None and self.low is not None)

    @property
    def point(self) -> float | None:
        """Return the probability, or the middle of the range if only that was given; None for anything else."""
        if self.probability is None and self.low is not None and self.high is not None:
            return round((self.low + self.high) / 2, DECIMAL_PLACES)
        return self.probability
