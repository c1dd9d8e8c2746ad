"""Sort the rows of many distributions by forecast, and find those that a verb would record unchanged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from predictions.enums import Axis, ClaimType
from predictions.fits import DISTRIBUTION_OF
from predictions.importing.overlap import key_order
from predictions.importing.spill import OF_DAY, OF_POINT, OF_QUANTILE, NumberedForecasts
from predictions.recording.smooth_curves import Ranges, smooth_curves
from predictions.storage.blocks import BLOCK_LINES, DAYS, POINTS, PROBABILITIES, SHARES
from predictions.storage.claim_queries import ClaimTerms
from predictions.storage.forecast_records import LIST_OF_KIND
from predictions.storage.lines import Lines
from predictions.timestamps import day_number
from predictions.told_points import SMOOTHED

CERTAINLY_ONE = 5e-10  # a sum this near to 1 needs no mending
KIND_OF = {name: kind for kind, name in LIST_OF_KIND.items()}
_ADDED_SHARE = re.compile(r"add p=\{'(?P<option>[^']+)': (?P<share>[^{}]+)\}")


class Terms(NamedTuple):
    """What claims ask, by their number.

    Attributes:
        kind: The kind of block for forecasts on them.
        options: How many options a choice has.
        low: The low end of a number's range, or the first day of a date's window.
        high: The high end, or the last day.
        log: Whether a number's axis is logarithmic.
    """

    kind: NDArray[np.uint8]
    options: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    log: NDArray[np.bool_]

    @classmethod
    def of(cls, size: int, asking: Mapping[int, ClaimTerms]) -> Self:
        """Return what *size* claims ask: *asking* has those that take a distribution; the others take one chance."""
        numbers = np.zeros(size), np.zeros(size)
        terms = cls(
            np.full(size, PROBABILITIES, np.uint8), np.zeros(size, np.int64), *numbers, np.zeros(size, np.bool_)
        )
        for number, claim in asking.items():
            terms.kind[number] = KIND_OF[DISTRIBUTION_OF[ClaimType(claim.type)]]
            terms.options[number] = len(claim.options)
            terms.low[number], terms.high[number] = _ends_of(claim)
            terms.log[number] = claim.scale == Axis.LOG
        return terms


class Parts(NamedTuple):
    """Rows sorted by claim, forecaster, time and place, so that each forecast is a run of rows.

    Attributes:
        rows: The rows.
        lines: The chances of each forecast.
        place: For each row the place of its option, its day or its value.
        first: The index of each forecast's first row.
    """

    rows: NumberedForecasts
    lines: Lines
    place: NDArray[np.float64]
    first: NDArray[np.intp]

    @classmethod
    def of(cls, rows: NumberedForecasts, places: NDArray[np.float64], terms: Terms) -> Self:
        """Sort rows with their places."""
        forecasts = rows.forecasts
        order = key_order(forecasts, int(forecasts.forecaster.max()) + 1)
        if order is not None:
            rows, places, forecasts = rows.chosen(order), places[order], forecasts.rows(order)
        keys = (places, forecasts.made_at, forecasts.forecaster, forecasts.claim)
        if not _sorted_by(keys):  # as in a table with all rows of one option first
            order = np.lexsort(keys)
            rows, places, forecasts = rows.chosen(order), places[order], forecasts.rows(order)
        is_first = np.arange(places.size) == 0
        for key in forecasts[:3]:
            is_first[1:] |= key[1:] != key[:-1]
        first = np.flatnonzero(is_first)
        size = np.diff(np.append(first, places.size))
        at = np.where(terms.kind.take(forecasts.claim) == SHARES, 0.0, places)
        return cls(rows, Lines(at, forecasts.probability, size), places, first)

    def of_one(self, number: int) -> NumberedForecasts:
        """Return the rows of one forecast."""
        start = int(self.first[number])
        return self.rows.chosen(np.arange(start, start + int(self.lines.size[number])))


def _sorted_by(keys: Sequence[NDArray[Any]]) -> bool:
    """Tell whether rows are sorted by the last key, then by the one before it, and so on."""
    is_sorted = np.zeros(max(keys[0].size - 1, 0), np.bool_)
    for key in keys:
        is_sorted = (key[1:] > key[:-1]) | ((key[1:] == key[:-1]) & is_sorted)
    return bool(is_sorted.all())


class Told(NamedTuple):
    """Which forecasts are dealt with all at once.

    Attributes:
        as_given: Those that the verb would record unchanged.
        drawn: Those through whose quantiles it would draw a smooth curve.
    """

    as_given: NDArray[np.bool_]
    drawn: NDArray[np.bool_]


def told_at_once(parts: Parts, terms: Terms) -> Told:
    """Find the forecasts that need not be read one by one."""
    of, first, last = parts.rows.of, parts.first, parts.first + parts.lines.size - 1
    assert of is not None
    claim = parts.rows.forecasts.claim[first]
    kinds = terms.kind.take(claim)
    good = np.zeros(first.size, np.bool_)
    for kind in np.unique(kinds).tolist():
        good |= (kinds == kind) & _CHECKS[kind](parts, terms, claim)
    good &= np.minimum.reduceat(of, first) == np.maximum.reduceat(of, first)  # all rows are of one kind
    good &= ~np.isnan(parts.place[last]) & (parts.lines.size <= BLOCK_LINES)
    chance, is_smooth = parts.lines.chance, (of[first] == OF_QUANTILE) & (parts.lines.size == SMOOTHED)
    is_smooth &= (chance[first] > 0) & (chance[last] < 1)
    return Told(good & ~is_smooth, good & is_smooth)


def _as_shares(parts: Parts, terms: Terms, claim: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which forecasts have a share for each option and sum to 1."""
    complete = (parts.lines.size == terms.options.take(claim)) & _rising(parts.place, parts.lines.size)
    return np.asarray(complete & (abs(parts.lines.sums() - 1) <= CERTAINLY_ONE))


def _as_points(parts: Parts, terms: Terms, claim: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which forecasts are points of a curve within the range; the chances of quantiles must differ."""
    assert parts.rows.of is not None
    rising = (parts.rows.of[parts.first] == OF_POINT) | _rising(parts.lines.chance, parts.lines.size)
    return np.asarray(rising & _within_claims(parts, terms, claim))


def _as_days(parts: Parts, terms: Terms, claim: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which forecasts are chances by days of the window, with its last day."""
    assert parts.rows.of is not None
    last = parts.first + parts.lines.size - 1
    reaches_end = (parts.place[last] == terms.high.take(claim)) & (parts.rows.of[parts.first] == OF_DAY)
    return np.asarray(reaches_end & _within_claims(parts, terms, claim))


_CHECKS = {SHARES: _as_shares, POINTS: _as_points, DAYS: _as_days}


def _within_claims(parts: Parts, terms: Terms, claim: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which forecasts rise within the range or window of their claims."""
    first, last = parts.place[parts.first], parts.place[parts.first + parts.lines.size - 1]
    within = (first >= terms.low.take(claim)) & (last <= terms.high.take(claim))
    return np.asarray(within & Lines(parts.place, parts.lines.chance, parts.lines.size).rises())


def drawn_curves(parts: Parts, chosen: NDArray[np.intp], terms: Terms) -> Lines:
    """Return smooth curves through the quantiles of the *chosen* forecasts."""
    lines = parts.first[chosen][:, None] + np.arange(SMOOTHED)
    claim = parts.rows.forecasts.claim[parts.first[chosen]]
    ranges = Ranges(terms.low.take(claim), terms.high.take(claim), terms.log.take(claim))
    return smooth_curves(parts.lines.chance[lines], parts.place[lines], ranges)


def from_the_eve(lines: Lines, made_at: NDArray[np.int64], opens: NDArray[np.float64]) -> Lines:
    """Let chances of dates begin with 0 on the day before they were said, as the verb `forecast` does.

    The event had not happened by then, so the chance of the first day is spread over all days up to it.

    Args:
        lines: The chances of each forecast.
        made_at: When each was made, in microseconds.
        opens: The first day of each one's window; infinite if it is not about a date.
    """
    first = np.cumsum(lines.size) - lines.size  # the first line of each forecast
    eve = made_at.astype("M8[us]").astype("M8[D]").astype(np.float64) - 1
    starts = (eve >= opens) & (lines.at[first] > eve) & (lines.chance[first] > 0)
    if not starts.any():
        return lines
    at, chance = np.insert(lines.at, first[starts], eve[starts]), np.insert(lines.chance, first[starts], 0.0)
    return Lines(at, chance, lines.size + starts)


def _rising(values: NDArray[np.float64], size: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return in which lists of these sizes the values rise."""
    return Lines(values, np.zeros(values.size), size).rises()


def _ends_of(claim: ClaimTerms) -> tuple[float, float]:
    """Return the lowest and highest value, or first and last day, that a forecast on a claim may have."""
    if claim.type == ClaimType.DATE:
        first, last = (date.fromisoformat(day) for day in (claim.opens_on, claim.deadline))
        return float(day_number(first)), float(day_number(last))
    return float(claim.low or 0), float(claim.high or 0)


def in_rows(sentence: str) -> str:
    """Reword a message of the verbs for a table in which each share has its row.

    >>> in_rows("the others leave 0.50: add p={'blue': 0.5}")
    'the others leave 0.50: add a row with option blue and probability 0.5'
    """
    return _ADDED_SHARE.sub(r"add a row with option \g<option> and probability \g<share>", sentence)
