"""All forecasts of a ledger as columns: the imported ones, and what counts of those logged by hand."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np

from forecasts.batches import Rows
from predictions.bulk.checked import EPOCH, MICROSECOND
from predictions.bulk.columns import Columns, read_columns
from predictions.bulk.imports import as_records
from predictions.bulk.ordering import CLAIMED, IMPUTED, with_series
from predictions.records import Claim, Evidence, Forecast, Forecaster, Source
from predictions.scoring.rows import Counted, counting
from predictions.snapshot import Snapshot
from predictions.store import Store

NEEDED = (Source, Evidence, Forecaster, Forecast)


class Holder:
    """Holds the columns of all forecasts while the ledger's head and the day are the same."""

    def __init__(self, store: Store, connection: sqlite3.Connection) -> None:
        self._store, self._connection = store, connection
        self._held: Columns | None = None
        self._of: tuple[int, date] | None = None

    def columns(self, size: int, *, as_of: datetime, today: date, by: Sequence[str] | None) -> Columns:
        """The columns of all forecasters; those of some are read by themselves, unless all are here."""
        if by is not None:
            return all_columns(self._store, self._connection, size, as_of=as_of, today=today, by=by)
        if self._held is None or self._of != (size, today):
            self._held = None  # never two at once
            self._held = all_columns(self._store, self._connection, size, as_of=as_of, today=today, by=None)
            self._of = (size, today)
        return self._held


def all_columns(
    store: Store, connection: sqlite3.Connection, size: int, *, as_of: datetime, today: date, by: Sequence[str] | None,
    unscored: bool = False,
) -> Columns:  # fmt: skip
    """The forecasts of the first *size* entries, by some forecasters or all, as the rules of `scoring` count them."""
    columns = read_columns(connection, size, today, forecasters=by, unscored=unscored)
    by_hand = Snapshot(store.recorded(size, NEEDED), head="", as_of=as_of, today=today)
    known = {slug: place for place, slug in enumerate(columns.forecasters)}
    claims = {slug: place for place, slug in enumerate(columns.claims.slugs)}
    wanted = sorted(
        {
            (one.claim, one.forecaster)
            for one in by_hand.all(Forecast)
            if one.claim in claims and one.forecaster in known
        }
    )
    if not wanted:
        return columns
    together = by_hand.also(as_records(connection, size, wanted))
    records = {slug: store.revisions(Claim, slug=slug)[0] for slug, _ in wanted}
    told = {
        (claims[claim], known[forecaster]): counting(together, records[claim], forecaster)
        for claim, forecaster in wanted
    }
    series = [_rows(counted, *who) for who, counted in told.items() if counted.forecasts]
    keys = {claim * len(known) + forecaster: told[claim, forecaster].apart for claim, forecaster in told}
    imported = np.setdiff1d(columns.aside, list(keys))
    aside = np.union1d(imported, [key for key, there in keys.items() if there]).astype(np.int64)
    return Columns(size, columns.claims, columns.forecasters, with_series(columns.rows, series), aside)


def _rows(counted: Counted, claim: int, forecaster: int) -> Rows:
    """One series; kept apart where its times are only claimed, or its numbers ours."""
    said = counted.forecasts
    group = CLAIMED if counted.claimed else IMPUTED if any(one.imputed for one in said) else 0
    points = [np.nan if one.point is None else one.point for one in said]
    return Rows(
        np.full(len(said), claim, np.int32), np.full(len(said), forecaster, np.int32),
        np.array([(one.made_at - EPOCH) // MICROSECOND for one in said], np.int64), np.array(points, np.float64),
        np.full(len(said), group, np.uint8),
    )  # fmt: skip
