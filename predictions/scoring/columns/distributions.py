"""What forecasters said of claims that are not yes or no, as batches that the scoring of each type reads.

A row of forecasts holds one number. For a claim of such a type it is the place of a distribution in the batch of its
kind: shares, points or days.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from forecasts.choices import Choice, Ordered
from forecasts.curves import Curves
from forecasts.dates import Date
from forecasts.inputs import FloatArray, IndexArray
from forecasts.kernel import Rows
from forecasts.numbers import Number
from forecasts.questions import YES_NO, Mixed, Scoring
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
    """The distributions of one list: those that are records as they stand, in ledger order, and those added since."""

    def __init__(self, columns: DistributionColumns) -> None:
        """Begin with the distributions that are records; those in blocks are added later."""
        self.entry = columns.entry
        self._added: list[Lines] = []
        self._lines, self._count = Lines(columns.at, columns.chance, columns.size), columns.entry.size

    def add(self, lines: Lines) -> int:
        """Add distributions, and return the place of the first."""
        self._added.append(lines)
        self._count += lines.size.size
        return self._count - lines.size.size

    def columns(self) -> Lines:
        """Return the lines of all distributions."""
        self._lines, self._added = lined_up([self._lines, *self._added]), []
        return self._lines


class Distributions:
    """The distributions of a ledger as of a moment, and how its claims are scored with them."""

    def __init__(self, connection: sqlite3.Connection, size: int, claims: ClaimColumns, today: date) -> None:
        """Read what the first *size* entries say; a date's days before *today* are over."""
        self._claims, self._today = claims, today
        self._places: dict[tuple[object, ...], float] = {}  # of what was added
        self._batches = {name: _Batch(distribution_columns(connection, name, size)) for name in LISTS}

    def places(self, records: RecordColumns, claim: NDArray[np.int32]) -> FloatArray:
        """Return the number of each record: its own, or the place of what it says of its claim.

        It is NaN, as a withdrawal's, where none fits the claim as it stands, because a draft was changed since.
        """
        numbers, kinds = records.probability.copy(), self._claims.types.kind[claim]
        for kind in range(1, len(LIST_OF_KIND)):
            name = LIST_OF_KIND[kind]
            said = np.flatnonzero((kinds == kind) & ~records.withdrawn)
            if name is None or not said.size:
                continue
            entry = self._batches[name].entry
            place = np.minimum(np.searchsorted(entry, records.entry[said]), max(entry.size - 1, 0))
            there = entry[place] == records.entry[said] if entry.size else np.zeros(said.size, np.bool_)
            numbers[said] = np.where(there, place, np.nan)
        return numbers

    def placed(self, rows: Forecasts) -> Forecasts:
        """Return rows of blocks with the place of what each says, taken into its batch; Tampered if it cannot fit."""
        numbers, types = rows.probability.copy(), self._claims.types
        asked = types.kind.take(rows.claim)
        for kind, name in enumerate(LIST_OF_KIND):
            said = np.flatnonzero((asked == kind) & ~np.isnan(numbers))
            if name is None or not said.size:
                continue
            chosen = rows.rows(said)
            if chosen.kind is None or [*map(LIST_OF_BLOCK.get, np.unique(chosen.kind).tolist())] != [name]:
                raise Tampered(CHANGED)
            lines = chosen.compact().lines
            if name == SHARES and (lines.size != types.options.take(chosen.claim)).any():
                raise Tampered(CHANGED)
            numbers[said] = self._batches[name].add(lines) + np.arange(said.size)
        return rows._replace(probability=numbers)

    def place(self, forecast: Forecast) -> float:
        """Return the place of the distribution that one record says, added to its batch; NaN for a withdrawal."""
        lines = {
            SHARES: [(0.0, share.share) for share in forecast.shares],
            POINTS: [(point.at, point.chance) for point in forecast.points],
            DAYS: [(float(day_number(by.day)), by.chance) for by in forecast.days],
        }
        name = next((name for name, said in lines.items() if said), None)
        if name is None:
            return np.nan
        return self._added(name, (forecast.claim, forecast.forecaster, forecast.made_at), lines[name])

    def add(self, kind: int, said: Lines) -> int:
        """Add distributions that no record says, for claims of some kind; return the place of the first."""
        return self._batches[str(LIST_OF_KIND[kind])].add(said)

    def said(self, kind: int, places: FloatArray) -> Lines:
        """Return the lines of some distributions on claims of one kind: value or day since 1970, and chance."""
        return self._batches[str(LIST_OF_KIND[kind])].columns().part(places.astype(np.intp))

    def _added(self, name: str, whose: tuple[object, ...], lines: Sequence[tuple[float, float]]) -> float:
        key = *whose, *lines
        if key not in self._places:
            at, chance = np.array(lines).T
            self._places[key] = float(self._batches[name].add(Lines(at, chance, np.array([len(lines)]))))
        return self._places[key]

    def lines(self, claim: NDArray[np.int32], said: FloatArray) -> list[list[tuple[float, float]]]:
        """Return the lines of some distributions, by claim and place: value or day since 1970, and chance."""
        found: list[list[tuple[float, float]]] = [[] for _ in claim]
        for kind, name in enumerate(LIST_OF_KIND):
            of = np.flatnonzero((self._claims.types.kind[claim] == kind) & ~np.isnan(said))
            if name is None or not of.size:
                continue
            at, chance, size = self._batches[name].columns()
            first = np.cumsum(size) - size
            for row, place in zip(of.tolist(), said[of].astype(np.intp).tolist(), strict=True):
                span = slice(first[place], first[place] + size[place])
                found[row] = list(zip(at[span].tolist(), chance[span].tolist(), strict=True))
        return found

    def scoring(self, rows: Rows) -> Scoring:
        """Return how all claims are scored, given every row that says a distribution."""
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
        lines, said = self._batches[POINTS].columns(), self._rows_of(rows, NUMBER)
        return curves_on_claims(lines, self._claims, by_place(lines, said.probability, said.claim))

    def _dates(self, rows: Rows) -> Date:
        """Return the scoring of dates: days are counted in each window, and those over when a curve began to stand."""
        lines, claims, said = self._batches[DAYS].columns(), self._claims, self._rows_of(rows, DATE)
        claim, time = (by_place(lines, said.probability, column) for column in (said.claim, said.time))
        curves, opened_on = curves_on_claims(lines, claims, claim), claims.opens / ONE_DAY
        begun = (stands_from(time, claims.grain[claim]) - claims.opens[claim]) // ONE_DAY
        days = claims.types.days
        over = np.maximum(day_number(self._today) - opened_on, 0)
        over = np.where(over < days, over, 0)  # with the window over and no verdict, it may have been any day of it
        passed = np.clip(begun, 0, days[claim] - 1)
        closes = (claims.closes - claims.opens) / ONE_DAY
        return Date(curves, passed, days, claims.types.last, over, claims.opens, closes, float(ONE_DAY))

    def _rows_of(self, rows: Rows, kind: int) -> Rows:
        """Return the rows that say a distribution on claims of one kind."""
        return rows.part(np.flatnonzero((self._claims.types.kind[rows.claim] == kind) & ~np.isnan(rows.probability)))


def by_place(lines: Lines, places: FloatArray, values: NDArray[np.int32] | NDArray[np.int64]) -> IndexArray:
    """Return for each distribution of a batch the value of the row that says it, which has its place; 0 without one."""
    said = np.zeros(lines.size.size, np.int64)
    said[places.astype(np.intp)] = values
    return said


def curves_on_claims(lines: Lines, claims: ClaimColumns, claim: IndexArray) -> Curves:
    """Return distributions of numbers or dates as curves on what their claims are scored on.

    Args:
        lines: Values in the unit of the claim, or days since 1970; with chances.
        claims: All claims.
        claim: The claim of each distribution.

    Returns:
        The same over values on the axis of the claim, or over the days of its window, from 1.
    """
    owner = np.repeat(claim, lines.size)
    days = lines.at - claims.opens[owner] / ONE_DAY + 1
    at = np.where(claims.types.kind[owner] == DATE, days, claims.types.on_axis(lines.at, owner))
    return Curves(at, lines.chance, lines.size)
