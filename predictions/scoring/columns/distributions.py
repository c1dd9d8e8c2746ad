"""Hold the distributions that were forecast on claims that are not yes or no, in the form that scoring reads.

A row of forecasts holds one number. On such a claim this number is the *place* of a distribution: its position in the
batch of shares, of points or of days.
"""

from __future__ import annotations

import sqlite3
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forecasts.choices import Choice, Ordered
from forecasts.curves import Curves
from forecasts.dates import Date
from forecasts.inputs import FloatArray, IndexArray
from forecasts.kernel import Rows
from forecasts.mixed import Mixed
from forecasts.numbers import Number
from forecasts.questions import YES_NO, Scoring
from forecasts.share_scores import Shares
from forecasts.standing import stands_from
from predictions.errors import Tampered
from predictions.records import Forecast
from predictions.scoring.columns.claim_types import DATE, NUMBER
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.storage.blocks import Forecasts
from predictions.storage.forecast_records import LIST_OF_KIND as LIST_OF_BLOCK
from predictions.storage.forecast_records import DistributionColumns, RecordColumns, distribution_columns
from predictions.storage.imports import CHANGED
from predictions.storage.lines import Lines, lined_up
from predictions.timestamps import day_number

SHARES, POINTS, DAYS = LISTS = ("shares", "points", "days")
LIST_OF_KIND = (None, SHARES, SHARES, POINTS, DAYS)  # by the kinds of ClaimTypes


class _Batch:
    """The distributions of one list: first those of plain records in ledger order, then those that were added."""

    def __init__(self, columns: DistributionColumns) -> None:
        """Begin with the distributions that are records; those in blocks are added later."""
        self.entry = columns.entry
        self._added: list[Lines] = []
        self._lines, self._count = Lines(columns.at, columns.chance, columns.size), columns.entry.size

    def add(self, lines: Lines) -> int:
        """Add distributions; return the place of the first."""
        self._added.append(lines)
        self._count += lines.size.size
        return self._count - lines.size.size

    def columns(self) -> Lines:
        """Return the lines of all distributions; those added since the last call are joined to the others now."""
        self._lines, self._added = lined_up([self._lines, *self._added]), []
        return self._lines


class Distributions:
    """The distributions of a ledger as of a moment, and how its claims are scored with them."""

    def __init__(self, connection: sqlite3.Connection, size: int, claims: ClaimColumns, today: date) -> None:
        """Read the records among the first *size* entries; on claims about a date, days before *today* are over."""
        self._claims, self._today = claims, today
        self._places: dict[tuple[object, ...], float] = {}  # so that a record asked for twice is added once
        self._batches = {name: _Batch(distribution_columns(connection, name, size)) for name in LISTS}

    def places(self, records: RecordColumns, claim: NDArray[np.int32]) -> FloatArray:
        """Return the number of each record: its probability, or the place of its distribution; *claim* is its claim.

        NaN for a withdrawal. NaN as well if the record has no distribution of the claim's type, because the draft that
        it was made on was changed since.
        """
        numbers, kinds = records.probability.copy(), self._claims.types.kind[claim]
        for kind, name in enumerate(LIST_OF_KIND):
            chosen = np.flatnonzero((kinds == kind) & ~records.withdrawn)
            if name is None or not chosen.size:
                continue
            entry = self._batches[name].entry
            place = np.minimum(np.searchsorted(entry, records.entry[chosen]), max(entry.size - 1, 0))
            has_place = entry[place] == records.entry[chosen] if entry.size else np.zeros(chosen.size, np.bool_)
            numbers[chosen] = np.where(has_place, place, np.nan)
        return numbers

    def placed(self, rows: Forecasts) -> Forecasts:
        """Add the distributions of rows from blocks to the batches; return the rows with their places as numbers.

        Raises:
            Tampered: A row has a distribution of another type than its claim, or a wrong number of options.
        """
        numbers, types = rows.probability.copy(), self._claims.types
        kinds = types.kind.take(rows.claim)
        for kind, name in enumerate(LIST_OF_KIND):
            chosen = np.flatnonzero((kinds == kind) & ~np.isnan(numbers))
            if name is None or not chosen.size:
                continue
            rows_of_kind = rows.rows(chosen)
            if rows_of_kind.kind is None or {*map(LIST_OF_BLOCK.get, np.unique(rows_of_kind.kind).tolist())} != {name}:
                raise Tampered(CHANGED)
            lines = rows_of_kind.compact().lines
            if name == SHARES and (lines.size != types.options.take(rows_of_kind.claim)).any():
                raise Tampered(CHANGED)
            numbers[chosen] = self._batches[name].add(lines) + np.arange(chosen.size)
        return rows._replace(probability=numbers)

    def place(self, forecast: Forecast) -> float:
        """Return the place of the distribution in one record, adding it to its batch; NaN for a withdrawal."""
        lines = {
            SHARES: [(0.0, share.share) for share in forecast.shares],
            POINTS: [(point.at, point.chance) for point in forecast.points],
            DAYS: [(float(day_number(by.day)), by.chance) for by in forecast.days],
        }
        name = next((name for name, pairs in lines.items() if pairs), None)
        if name is None:
            return np.nan
        key = (forecast.claim, forecast.forecaster, forecast.made_at, *lines[name])
        if key not in self._places:
            at, chance = np.array(lines[name]).T
            self._places[key] = float(self._batches[name].add(Lines(at, chance, np.array([len(lines[name])]))))
        return self._places[key]

    def add(self, kind: int, lines: Lines) -> int:
        """Add distributions without a record, such as a crowd's, on claims of one kind; return the first place."""
        return self._batches[str(LIST_OF_KIND[kind])].add(lines)

    def at_places(self, kind: int, places: FloatArray) -> Lines:
        """Return the distributions at some places, all on claims of one kind."""
        return self._batches[str(LIST_OF_KIND[kind])].columns().part(places.astype(np.intp))

    def lines(self, claim: NDArray[np.int32], places: FloatArray) -> list[list[tuple[float, float]]]:
        """Return the distributions at some places as pairs of a value (or day since 1970) and a chance.

        *claim* is the claim of each distribution. The result is empty for claims of yes or no and for NaN.
        """
        distributions: list[list[tuple[float, float]]] = [[] for _ in claim]
        for kind, name in enumerate(LIST_OF_KIND):
            chosen = np.flatnonzero((self._claims.types.kind[claim] == kind) & ~np.isnan(places))
            if name is None or not chosen.size:
                continue
            at, chance, size = self._batches[name].columns()
            first = np.cumsum(size) - size
            for row, place in zip(chosen.tolist(), places[chosen].astype(np.intp).tolist(), strict=True):
                span = slice(first[place], first[place] + size[place])
                distributions[row] = list(zip(at[span].tolist(), chance[span].tolist(), strict=True))
        return distributions

    def scoring(self, rows: Rows) -> Scoring:
        """Return how all claims are scored; *rows* must hold every forecast whose place will be scored."""
        types = self._claims.types
        if types.one_kind:
            return YES_NO
        shares = Shares(*self._batches[SHARES].columns()[1:])
        return Mixed(
            types.kind.astype(np.intp),
            [
                YES_NO, Choice(shares, types.options), Ordered(shares, types.options),
                Number(self._numbers(rows), types.low, types.high, types.log), self._dates(rows),
            ],
        )  # fmt: skip

    def _numbers(self, rows: Rows) -> Curves:
        """Return the curves of numbers, each on the axis of its claim."""
        lines, rows = self._batches[POINTS].columns(), self._rows_of(rows, NUMBER)
        return curves_on_claims(lines, self._claims, by_place(lines, rows.probability, rows.claim))

    def _dates(self, rows: Rows) -> Date:
        """Return the scoring of dates, for which days are counted from 1 within each claim's window.

        It must know how many days were over when each curve began to stand, and how many are over today.
        """
        lines, claims, rows = self._batches[DAYS].columns(), self._claims, self._rows_of(rows, DATE)
        claim, time = (by_place(lines, rows.probability, column) for column in (rows.claim, rows.time))
        curves, opened_on = curves_on_claims(lines, claims, claim), claims.opens / ONE_DAY
        begun = (stands_from(time, claims.grain[claim]) - claims.opens[claim]) // ONE_DAY
        days = claims.types.days
        over = np.maximum(day_number(self._today) - opened_on, 0)
        over = np.where(over < days, over, 0)  # if the whole window is over without a verdict, any day is possible
        passed = np.clip(begun, 0, days[claim] - 1)
        closes = (claims.closes - claims.opens) / ONE_DAY
        opens, by_moment = claims.opens, claims.grain == 0
        return Date(curves, passed, days, claims.types.last, over, opens, closes, float(ONE_DAY), by_moment)

    def _rows_of(self, rows: Rows, kind: int) -> Rows:
        """Return the rows with a distribution, not a withdrawal, on claims of one kind."""
        return rows.part(np.flatnonzero((self._claims.types.kind[rows.claim] == kind) & ~np.isnan(rows.probability)))


def by_place(lines: Lines, places: FloatArray, values: NDArray[np.int32] | NDArray[np.int64]) -> IndexArray:
    """Return for each distribution of a batch the value (claim or time) of the row at its place; 0 without a row."""
    value_of_place = np.zeros(lines.size.size, np.int64)
    value_of_place[places.astype(np.intp)] = values
    return value_of_place


def curves_on_claims(lines: Lines, claims: ClaimColumns, claim: IndexArray) -> Curves:
    """Return distributions of numbers or dates as curves on the axis on which their claims are scored.

    Args:
        lines: The distributions, over values in the unit of the claim or over days since 1970.
        claims: All claims.
        claim: The claim of each distribution.

    Returns:
        The distributions over values on the axis of the claim, or over the days of its window, from 1.
    """
    owner = np.repeat(claim, lines.size)
    days = lines.at - claims.opens[owner] / ONE_DAY + 1
    at = np.where(claims.types.kind[owner] == DATE, days, claims.types.on_axis(lines.at, owner))
    return Curves(at, lines.chance, lines.size)
