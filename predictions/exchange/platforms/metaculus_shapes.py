"""Metaculus' questions that are not yes or no: their options or values, and what forecasts of them look like."""

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

BELOW_RANGE, ABOVE_RANGE = "below_lower_bound", "above_upper_bound"  # outside an open range; a ledger scores its end
EVEN = 1e-6  # of the range, by which the steps of a linear axis may differ
OTHER_OPTIONS = "other-options"
CDF_LENGTH = 200  # steps of a distribution, unless the question says how many


class Shape(NamedTuple):
    """What a question asks for: one of its *options*, or a number of *places* at which its distribution is said.

    Attributes:
        options: The slug of each option by its label.
        places: The values, rising, at which the chances of a distribution stand.
        unit: What the number counts, where the file says it.
        deleted: The labels of options that are no answer any more, of which a forecast may say nothing.
    """

    options: Mapping[str, str] = {}
    places: Sequence[float] = ()
    unit: str | None = None
    deleted: Collection[str] = ()

    @property
    def last_day(self) -> None:
        """None: it runs until it closes."""

    def claim_fields(self) -> dict[str, object]:
        """Return the fields of its claim."""
        if self.options:
            return as_choice(list(self.options.values()))
        low, high = self.places[0], self.places[-1]
        steps = [after - before for before, after in pairwise(self.places)]
        even = max(steps) - min(steps) <= EVEN * (high - low)
        axis = None if even or low <= 0 else Axis.LOG
        return {"type": ClaimType.NUMBER, "unit": self.unit, "low": low, "high": high, "scale": axis}

    def forecast_fields(self, item: ExportRow, key: str, told: Sequence[object]) -> dict[str, object] | str:
        """Return the fields of a forecast, from the numbers it is *told* in; or why it has no place."""
        if self.options:
            return self._of_options(item, key, told)
        given = rising_chances(item, key, told, len(self.places))
        return {"points": [{"at": at, "chance": chance} for at, chance in zip(self.places, given, strict=True)]}

    def _of_options(self, item: ExportRow, key: str, told: Sequence[object]) -> dict[str, object] | str:
        """Return the shares of all options; a deleted one, which has no share any more, gets 0."""
        if len(told) != len(self.options):
            return OTHER_OPTIONS
        by_label = zip(self.options, told, strict=True)
        chances = [0 if chance is None and label in self.deleted else chance for label, chance in by_label]
        if None in chances:
            return OTHER_OPTIONS  # made before an option was added, whose chance was part of another's
        given = _all_chances(item, key, chances)
        if not 1 - ROUNDING <= sum(given) <= 1 + ROUNDING:
            raise item.fault(key, "the chances of the options sum to 1")
        return as_shares(dict(zip(self.options.values(), given, strict=True)))

    def came_out(self, item: ExportRow, key: str) -> Outcome | str | float | None:
        """Return how it came out, an option or a value; None where that is open."""
        text = item.text(key)
        if text is None:
            return None
        if text.casefold() in NO_ANSWER and text not in self.options:  # an option may be called so
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


def rising_chances(item: ExportRow, key: str, told: Sequence[object], count: int) -> list[float]:
    """Read the chances of a distribution, one at each place of its range."""
    given = _all_chances(item, key, told)
    if len(given) != count or any(after < before for before, after in pairwise(given)):
        raise item.fault(key, f"say {count} chances that do not fall, one at each value of its range")
    return given


def _all_chances(item: ExportRow, key: str, told: Sequence[object]) -> list[float]:
    """Read chances, of which there may be two hundred in a row of a file of hundreds of thousands."""
    if all(type(number) in {float, int} for number in told):
        kept = kept_chances(np.array(told, np.float64))
        if kept is not None:
            found: list[float] = kept.tolist()
            return found
    chances = [item._replace(fields={key: number}).chance(key) for number in told]
    given = [chance for chance in chances if chance is not None]
    if len(given) < len(told):
        raise item.fault(key, "say a number from 0 to 1 for each")
    return given


def choice_shape(labels: Sequence[object], current: Sequence[object]) -> Shape | None:
    """Return the shape of a choice of all *labels* it ever had, the *current* ones among them; None below two."""
    listed = labels or current
    options = slugs_of(str(label) for label in listed)
    deleted = options.keys() - set(map(str, current)) if current else ()
    return Shape(options, deleted=deleted) if len(options) == len(listed) >= 2 else None


def number_shape(item: ExportRow, key: str, places: Sequence[object], unit: str | None = None) -> Shape | None:
    """Return the shape of a number whose chances are given at some places; None without any, or if they do not rise."""
    if len(places) < 2 or any(place is None for place in places):
        return None
    values = [_measure(item, key, place) for place in places]
    return Shape(places=values, unit=unit) if all(a < b for a, b in pairwise(values)) else None


def places_between(low: float, high: float, zero_point: float | None, steps: int = CDF_LENGTH) -> list[float]:
    """Return the values at which Metaculus says a distribution: evenly spaced, or evenly on its log scale.

    >>> places_between(1, 100, 0, 2)
    [1.0, 10.0, 100.0]
    """
    if zero_point is None:
        return [low + (high - low) * step / steps for step in range(steps + 1)]
    ratio = (high - zero_point) / (low - zero_point)
    return [low + (high - low) * (ratio ** (step / steps) - 1) / (ratio - 1) for step in range(steps + 1)]


def _measure(item: ExportRow, key: str, value: object) -> float:
    read = read_decimal(value)
    if read is not None and not read[1]:
        try:
            return check_measure(float(read[0]))
        except ValueError as error:
            raise item.fault(key, str(error)) from None
    raise RowFault(key, "say a number", value=str(value))
