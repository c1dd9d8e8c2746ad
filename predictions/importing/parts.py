"""Sort the rows of many distributions by forecast, and find those that a verb would record unchanged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from forecasts.curves import within
from predictions.enums import Axis, ClaimType
from predictions.fits import DISTRIBUTION_OF
from predictions.importing.overlap import key_order, order_within, repeats_key
from predictions.importing.spill import OF_DAY, OF_NAME, OF_POINT, OF_QUANTILE, NumberedForecasts
from predictions.recording.smooth_curves import Ranges, smooth_curves
from predictions.storage.blocks import BLOCK_LINES, DAYS, POINTS, PROBABILITIES, SHARES, Forecasts
from predictions.storage.claim_queries import ClaimTerms
from predictions.storage.forecast_records import LIST_OF_KIND
from predictions.storage.lines import Lines, lined_up, without_faults
from predictions.timestamps import day_number
from predictions.told_points import SMOOTHED

CERTAINLY_ONE = 5e-10  # a sum this near to 1 needs no mending
DRAWN_AT_ONCE = 2048  # curves of some 28 points each, which the processor keeps near
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
    """The rows of some forecasts, sorted by claim, forecaster, time and place, so that each forecast is a run of rows.

    Attributes:
        rows: The rows as they came.
        order: The place of each sorted row among them.
        of: What the chance of each sorted row is for.
        place: For each sorted row the place of its option, its day or its value.
        lines: The chances of each forecast.
        forecasts: The claim, forecaster and time of each forecast; its chance means nothing.
        first: The index of each forecast's first sorted row.
        number: The lowest row number of each forecast.
    """

    rows: NumberedForecasts
    order: NDArray[np.intp]
    of: NDArray[np.uint8]
    place: NDArray[np.float64]
    lines: Lines
    forecasts: Forecasts
    first: NDArray[np.intp]
    number: NDArray[np.uint32]

    @classmethod
    def of_rows(cls, rows: NumberedForecasts, places: NDArray[np.float64], terms: Terms) -> Self:
        """Sort rows with their places."""
        assert rows.of is not None
        order, size, forecasts = _in_runs(rows.forecasts)
        place, is_new = places[order], ~repeats_key(forecasts)
        if not (is_new.all() and without_faults(place[1:] <= place[:-1], size).all()):
            # As in a table with all rows of one option first.
            forecast = np.repeat(np.cumsum(is_new) - 1, size)
            by_place = order_within(forecast, place)
            order, place = order[by_place], place[by_place]
            size, forecasts = np.bincount(forecast), forecasts.rows(is_new)
        first = np.cumsum(size) - size
        is_share = np.repeat(terms.kind.take(forecasts.claim) == SHARES, size)
        lines = Lines(np.where(is_share, 0.0, place), rows.forecasts.probability[order], size)
        number = rows.number[order]
        as_they_came = without_faults(number[1:] < number[:-1], size).all()
        lowest = number[first] if as_they_came else np.minimum.reduceat(number, first)
        return cls(rows, order, rows.of[order], place, lines, forecasts, first, lowest)

    def of_one(self, number: int) -> NumberedForecasts:
        """Return the rows of one forecast."""
        start = int(self.first[number])
        return self.rows.chosen(self.order[start : start + int(self.lines.size[number])])


def _in_runs(rows: Forecasts) -> tuple[NDArray[np.intp], NDArray[np.intp], Forecasts]:
    """Sort runs of rows that have the same claim, forecaster and time, as the rows of a forecast mostly have.

    There are fewer runs than rows, so it takes less than to sort the rows.

    Returns:
        The place of each sorted row, the number of rows of each sorted run, and the first row of each.
    """
    start = np.flatnonzero(~repeats_key(rows))
    size, forecasts = np.diff(np.append(start, rows.size)), rows.rows(start)
    order = key_order(forecasts, int(forecasts.forecaster.max()) + 1)
    if order is None:
        return np.arange(rows.size), size, forecasts
    return within(size, order), size[order], forecasts.rows(order)


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
    first, last = parts.first, parts.first + parts.lines.size - 1
    claim = parts.forecasts.claim
    kinds = terms.kind.take(claim)
    good = np.zeros(first.size, np.bool_)
    for kind, check in _CHECKS.items():
        of_kind = kinds == kind
        if of_kind.any():
            good |= of_kind & check(parts, terms, claim)
    good &= without_faults(parts.of[1:] != parts.of[:-1], parts.lines.size)  # all rows are of one kind
    good &= ~np.isnan(parts.place[last]) & (parts.lines.size <= BLOCK_LINES)
    chance, is_smooth = parts.lines.chance, (parts.of[first] == OF_QUANTILE) & (parts.lines.size == SMOOTHED)
    is_smooth &= (chance[first] > 0) & (chance[last] < 1)
    return Told(good & ~is_smooth, good & is_smooth)


def _as_shares(parts: Parts, terms: Terms, claim: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which forecasts have a share for each option and sum to 1."""
    complete = parts.lines.size == terms.options.take(claim)
    complete &= without_faults(parts.place[1:] <= parts.place[:-1], parts.lines.size)
    return np.asarray(complete & (abs(parts.lines.sums() - 1) <= CERTAINLY_ONE))


def _as_points(parts: Parts, terms: Terms, claim: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which forecasts are points of a curve within the range; the chances of quantiles must differ."""
    chance, is_curve = parts.lines.chance, parts.of[parts.first] == OF_POINT
    if not is_curve.all():
        is_curve |= without_faults(chance[1:] <= chance[:-1], parts.lines.size)
    return np.asarray(is_curve & _within_claims(parts, terms, claim))


def _as_days(parts: Parts, terms: Terms, claim: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which forecasts are chances by days of the window, with its last day."""
    last = parts.first + parts.lines.size - 1
    reaches_end = (parts.place[last] == terms.high.take(claim)) & (parts.of[parts.first] == OF_DAY)
    return np.asarray(reaches_end & _within_claims(parts, terms, claim))


_CHECKS = {SHARES: _as_shares, POINTS: _as_points, DAYS: _as_days}


def _within_claims(parts: Parts, terms: Terms, claim: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Return which forecasts rise within the range or window of their claims."""
    first, last = parts.place[parts.first], parts.place[parts.first + parts.lines.size - 1]
    within_ends = (first >= terms.low.take(claim)) & (last <= terms.high.take(claim))
    return np.asarray(within_ends & parts.lines._replace(at=parts.place).rises())


def drawn_curves(parts: Parts, chosen: NDArray[np.intp], terms: Terms) -> Lines:
    """Return smooth curves through the quantiles of the *chosen* forecasts."""
    curves = []
    for start in range(0, chosen.size, DRAWN_AT_ONCE):
        part = chosen[start : start + DRAWN_AT_ONCE]
        lines = parts.first[part][:, None] + np.arange(SMOOTHED)
        claim = parts.forecasts.claim[part]
        ranges = Ranges(terms.low.take(claim), terms.high.take(claim), terms.log.take(claim))
        curves.append(smooth_curves(parts.lines.chance[lines], parts.place[lines], ranges))
    return lined_up(curves)


def from_the_eve(lines: Lines, made_at: NDArray[np.int64], opens: NDArray[np.float64]) -> Lines:
    """Let chances of dates begin with 0 on the day before they were said, as the verb `forecast` does.

    The event had not happened by then, so the chance of the first day is spread over all days up to it.

    Args:
        lines: The chances of each forecast.
        made_at: When each was made, in microseconds.
        opens: The first day of each one's window; infinite if it is not about a date.
    """
    if np.isinf(opens).all():
        return lines
    first = np.cumsum(lines.size) - lines.size  # the first line of each forecast
    eve = made_at.astype("M8[us]").astype("M8[D]").astype(np.float64) - 1
    starts = np.flatnonzero((eve >= opens) & (lines.at[first] > eve) & (lines.chance[first] > 0))
    added = first[starts] + np.arange(starts.size)  # where the new lines stand
    is_said = np.ones(lines.at.size + starts.size, np.bool_)
    is_said[added] = False
    said = np.flatnonzero(is_said)
    at, chance, size = np.zeros(is_said.size), np.zeros(is_said.size), lines.size.copy()
    at[said], chance[said] = lines.at, lines.chance
    at[added] = eve[starts]
    size[starts] += 1
    return Lines(at, chance, size)


def _ends_of(claim: ClaimTerms) -> tuple[float, float]:
    """Return the lowest and highest value, or first and last day, that a forecast on a claim may have."""
    if claim.type == ClaimType.DATE:
        first, last = (date.fromisoformat(day) for day in (claim.opens_on, claim.deadline))
        return float(day_number(first)), float(day_number(last))
    return float(claim.low or 0), float(claim.high or 0)


def in_rows(sentence: str, of: NDArray[np.uint8] | None = None) -> str:
    """Reword a message of the verbs for a table in which each share has its row, or several stand in a cell.

    >>> in_rows("the others leave 0.50: add p={'blue': 0.5}")
    'the others leave 0.50: add a row with option blue and probability 0.5'
    >>> in_rows("the others leave 0.50: add p={'blue': 0.5}", np.array([OF_NAME]))
    'the others leave 0.50: add blue with 0.5 to the others in p'
    """
    if of is not None and bool((of == OF_NAME).all()):
        return _ADDED_SHARE.sub(r"add \g<option> with \g<share> to the others in p", sentence)
    return _ADDED_SHARE.sub(r"add a row with option \g<option> and probability \g<share>", sentence)
