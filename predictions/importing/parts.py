"""The parts of many distributions in order, by forecast, and which of these a verb would record as they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from predictions.enums import Axis, ClaimType
from predictions.fits import DISTRIBUTION_OF
from predictions.importing.overlap import key_order
from predictions.importing.spill import DAY, POINT, QUANTILE, Rows
from predictions.recording.distributions import SMOOTHED
from predictions.recording.smooth_curves import Ranges, smooth_curves
from predictions.records import Claim
from predictions.storage.blocks import BLOCK_LINES, POINTS, PROBABILITIES, SHARES
from predictions.storage.forecast_records import LIST_OF_KIND
from predictions.storage.lines import Lines
from predictions.timestamps import EPOCH

CERTAINLY_ONE = 5e-10  # so near 1 no sum needs to be mended
KIND_OF = {name: kind for kind, name in LIST_OF_KIND.items()}


class Terms(NamedTuple):
    """What claims ask, by their number.

    Attributes:
        kind: The kind of block that forecasts on them belong in.
        options: How many options a choice has.
        low: The low end of a number's range, or the first day of a date's window.
        high: The high end, or the last day.
        log: Whether a number is told on a logarithmic axis.
    """

    kind: NDArray[np.uint8]
    options: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    log: NDArray[np.bool_]

    @classmethod
    def of(cls, size: int, asking: Mapping[int, Claim]) -> Self:
        """Return what so many claims ask: those given, by number, a distribution, the others one chance."""
        numbers = np.zeros(size), np.zeros(size)
        terms = cls(
            np.full(size, PROBABILITIES, np.uint8), np.zeros(size, np.int64), *numbers, np.zeros(size, np.bool_)
        )
        for number, claim in asking.items():
            terms.kind[number] = KIND_OF[DISTRIBUTION_OF[claim.type]]
            terms.options[number] = len(claim.options)
            terms.low[number], terms.high[number] = _ends_of(claim)
            terms.log[number] = claim.scale is Axis.LOG
        return terms


class Parts(NamedTuple):
    """Rows in the order of claim, forecaster, time and place, by forecasts.

    Attributes:
        rows: The rows.
        lines: What they say, of each forecast.
        place: The place of each row among its claim's options, its day or its value.
        first: Where each forecast begins.
    """

    rows: Rows
    lines: Lines
    place: NDArray[np.float64]
    first: NDArray[np.intp]

    @classmethod
    def of(cls, rows: Rows, places: NDArray[np.float64], terms: Terms) -> Self:
        """Put rows in order."""
        forecasts = rows.forecasts
        order = key_order(forecasts, int(forecasts.forecaster.max()) + 1)
        if order is not None:
            rows, places, forecasts = rows.chosen(order), places[order], forecasts.rows(order)
        keys = (places, forecasts.made_at, forecasts.forecaster, forecasts.claim)
        if not _sorted_by(keys):  # as where all rows of one option come first
            order = np.lexsort(keys)
            rows, places, forecasts = rows.chosen(order), places[order], forecasts.rows(order)
        begins = np.arange(places.size) == 0
        for key in forecasts[:3]:
            begins[1:] |= key[1:] != key[:-1]
        first = np.flatnonzero(begins)
        size = np.diff(np.append(first, places.size))
        at = np.where(terms.kind.take(forecasts.claim) == SHARES, 0.0, places)
        return cls(rows, Lines(at, forecasts.probability, size), places, first)

    def of_one(self, number: int) -> Rows:
        """Return the rows of one forecast."""
        start = int(self.first[number])
        return self.rows.chosen(np.arange(start, start + int(self.lines.size[number])))


def _sorted_by(keys: Sequence[NDArray[Any]]) -> bool:
    """Tell whether rows stand in order of the last key, then of the one before it, and so on."""
    after = np.zeros(max(keys[0].size - 1, 0), np.bool_)
    for key in keys:
        after = (key[1:] > key[:-1]) | ((key[1:] == key[:-1]) & after)
    return bool(after.all())


class Told(NamedTuple):
    """Which forecasts can be told for all at once.

    Attributes:
        as_given: Those that the verb would record as they are given.
        drawn: Those whose quantiles it would draw a smooth curve through.
    """

    as_given: NDArray[np.bool_]
    drawn: NDArray[np.bool_]


def told_at_once(parts: Parts, terms: Terms) -> Told:
    """Tell which forecasts need not be read one by one."""
    of, first, size = parts.rows.of, parts.first, parts.lines.size
    assert of is not None
    claim, way = parts.rows.forecasts.claim[first], of[first]
    kind, low, high = (column.take(claim) for column in (terms.kind, terms.low, terms.high))
    curves = Lines(parts.place, parts.lines.chance, size)
    last = first + size - 1
    inside = (parts.place[first] >= low) & (parts.place[last] <= high)
    complete = (size == terms.options.take(claim)) & _rising(parts.place, size)
    as_shares = complete & (abs(parts.lines.sums() - 1) <= CERTAINLY_ONE)
    chance = parts.lines.chance
    smooth = (way == QUANTILE) & (size == SMOOTHED) & (chance[first] > 0) & (chance[last] < 1)
    as_points = inside & curves.rises() & ((way == POINT) | _rising(chance, size))
    as_days = inside & curves.rises() & (parts.place[last] == high) & (way == DAY)
    good = np.select([kind == SHARES, kind == POINTS], [as_shares, as_points], as_days)
    alike = np.minimum.reduceat(of, first) == np.maximum.reduceat(of, first)
    good &= alike & ~np.isnan(parts.place[last]) & (size <= BLOCK_LINES)
    return Told(good & ~smooth, good & smooth)


def drawn_curves(parts: Parts, chosen: NDArray[np.intp], terms: Terms) -> Lines:
    """Draw smooth curves through the quantiles of some forecasts."""
    lines = parts.first[chosen][:, None] + np.arange(SMOOTHED)
    claim = parts.rows.forecasts.claim[parts.first[chosen]]
    ranges = Ranges(*(column.take(claim) for column in (terms.low, terms.high, terms.log)))
    return smooth_curves(parts.lines.chance[lines], parts.place[lines], ranges)


def _rising(values: NDArray[np.float64], size: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell in which lists of these sizes the values rise."""
    return Lines(values, np.zeros(values.size), size).rises()


def _ends_of(claim: Claim) -> tuple[float, float]:
    """Return the first and the last value or day that a forecast on a claim may name."""
    if claim.type is ClaimType.DATE:
        return _day_number(claim.opens_on), _day_number(claim.deadline)
    return float(claim.low or 0), float(claim.high or 0)


def _day_number(day: date) -> float:
    return float(day.toordinal() - EPOCH.toordinal())
