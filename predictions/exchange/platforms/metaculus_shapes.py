"""Metaculus' questions about a choice or a number: their options or places, and their forecasts and outcomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from predictions.enums import UNDECIDED, Axis, ClaimType, Outcome
from predictions.exchange.platforms.choices import as_choice, as_shares, slugs_of
from predictions.exchange.platforms.column_cells import kept_chances
from predictions.exchange.platforms.export_row import ExportRow
from predictions.exchange.questions import RowFault
from predictions.number_checks import check_measure, read_decimal

BELOW_RANGE, ABOVE_RANGE = "below_lower_bound", "above_upper_bound"  # outside an open range; its end is scored instead
EVEN = 1e-6  # share of the range by which the steps of a linear axis may differ
OTHER_OPTIONS = "other-options"
CDF_LENGTH = 200  # steps of a distribution, unless the question gives another number


class Shape(NamedTuple):
    """What a question asks for: one of its *options*, or a number with a distribution over *places*.

    Attributes:
        options: The slug of each option, by its label.
        places: The values, rising, at which a distribution has chances.
        unit: What the number counts; None if the file does not say.
        deleted: The labels of options that were deleted, for which a forecast may have no chance.
    """

    options: Mapping[str, str] = {}
    places: Sequence[float] = ()
    unit: str | None = None
    deleted: Collection[str] = ()

    @property
    def last_day(self) -> None:
        """None: such a question runs until it closes."""

    def claim_fields(self) -> dict[str, object]:
        """Return the fields of the claim."""
        if self.options:
            return as_choice(list(self.options.values()))
        low, high = self.places[0], self.places[-1]
        steps = [after - before for before, after in pairwise(self.places)]
        is_linear = max(steps) - min(steps) <= EVEN * (high - low)
        axis = None if is_linear or low <= 0 else Axis.LOG
        return {"type": ClaimType.NUMBER, "unit": self.unit, "low": low, "high": high, "scale": axis}

    def forecast_fields(self, item: ExportRow, key: str, numbers: Sequence[object]) -> dict[str, object] | str:
        """Return the fields of a forecast from the numbers that the file has; or a text: why it has no place."""
        if self.options:
            return self._of_options(item, key, numbers)
        chances = rising_chances(item, key, numbers, len(self.places))
        return {"points": [{"at": at, "chance": chance} for at, chance in zip(self.places, chances, strict=True)]}

    def _of_options(self, item: ExportRow, key: str, numbers: Sequence[object]) -> dict[str, object] | str:
        """Return the shares of all options; a deleted option without a share gets 0."""
        if len(numbers) != len(self.options):
            return OTHER_OPTIONS
        by_label = zip(self.options, numbers, strict=True)
        chances = [0 if chance is None and label in self.deleted else chance for label, chance in by_label]
        if None in chances:
            return OTHER_OPTIONS  # made before an option was added, whose chance was part of another's
        checked_chances = _all_chances(item, key, chances)
        if not 1 - ROUNDING <= sum(checked_chances) <= 1 + ROUNDING:
            raise item.fault(key, "the chances of the options sum to 1")
        return as_shares(dict(zip(self.options.values(), checked_chances, strict=True)))

    def came_out(self, item: ExportRow, key: str) -> Outcome | str | float | None:
        """Return the outcome, an option or a value; None if it is open."""
        text = item.text(key)
        if text is None:
            return None
        if text.casefold() in NO_ANSWER and text not in self.options:  # an option may have such a name
            return NO_ANSWER[text.casefold()]
        if self.options:
            if text not in self.options:
                raise item.fault(key, f"say one of its options: {', '.join(self.options)}")
            return self.options[text]
        if (beyond := text.casefold()) in {BELOW_RANGE, ABOVE_RANGE}:
            return self.places[0 if beyond == BELOW_RANGE else -1]
        return _measure(item, key, text)


ROUNDING = 0.01  # by which the chances of all options may miss 1
NO_ANSWER = {str(outcome): outcome for outcome in UNDECIDED}


def rising_chances(item: ExportRow, key: str, numbers: Sequence[object], count: int) -> list[float]:
    """Return the chances of a distribution, one for each place; RowFault if they fall or are of another number."""
    chances = _all_chances(item, key, numbers)
    if len(chances) != count or any(after < before for before, after in pairwise(chances)):
        raise item.fault(key, f"say {count} chances that do not fall, one at each value of its range")
    return chances


def _all_chances(item: ExportRow, key: str, numbers: Sequence[object]) -> list[float]:
    """Return chances as kept, fast: a file may have hundreds of thousands of rows with two hundred each."""
    if all(type(number) in {float, int} for number in numbers):
        kept = kept_chances(np.array(numbers, np.float64))
        if kept is not None:
            fast_chances: list[float] = kept.tolist()
            return fast_chances
    chances = [item._replace(fields={key: number}).chance(key) for number in numbers]
    checked_chances = [chance for chance in chances if chance is not None]
    if len(checked_chances) < len(numbers):
        raise item.fault(key, "say a number from 0 to 1 for each")
    return checked_chances


def choice_shape(labels: Sequence[object], current: Sequence[object]) -> Shape | None:
    """Return the shape of a choice of all *labels* it ever had, *current* or not; None with fewer than two."""
    listed = labels or current
    options = slugs_of(str(label) for label in listed)
    deleted = options.keys() - set(map(str, current)) if current else ()
    return Shape(options, deleted=deleted) if len(options) == len(listed) >= 2 else None


def number_shape(item: ExportRow, key: str, places: Sequence[object], unit: str | None = None) -> Shape | None:
    """Return the shape of a number with chances at some *places*; None without places, or if they do not rise."""
    if len(places) < 2 or any(place is None for place in places):
        return None
    values = [_measure(item, key, place) for place in places]
    return Shape(places=values, unit=unit) if all(before < after for before, after in pairwise(values)) else None


def places_between(low: float, high: float, zero_point: float | None, steps: int = CDF_LENGTH) -> list[float]:
    """Return the values at which Metaculus has chances: evenly spaced, or evenly on its log scale.

    >>> places_between(1, 100, 0, 2)
    [1.0, 10.0, 100.0]
    """
    if zero_point is None:
        return [low + (high - low) * step / steps for step in range(steps + 1)]
    ratio = (high - zero_point) / (low - zero_point)
    return [low + (high - low) * (ratio ** (step / steps) - 1) / (ratio - 1) for step in range(steps + 1)]


def _measure(item: ExportRow, key: str, value: object) -> float:
    """Return a number with a unit; RowFault if it is not one."""
    parsed = read_decimal(value)
    if parsed is not None and not parsed[1]:
        try:
            return check_measure(float(parsed[0]))
        except ValueError as error:
            raise item.fault(key, str(error)) from None
    raise RowFault(key, "say a number", value=str(value))
