"""A ledger written in rows: as a table, for Fatebook, for ForecastBench; imported forecasts too, as of a moment."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from predictions.exchange.platforms.fatebook_writer import write_fatebook
from predictions.exchange.platforms.forecastbench_writer import write_forecastbench
from predictions.exchange.table.writer import write_predictions, write_template
from predictions.exchange.written import RowsWritten
from predictions.records import Claim, Forecast
from predictions.snapshot import Snapshot
from predictions.snapshot_cache import EVERYTHING, Snapshots
from predictions.storage.imports import Imports
from predictions.storage.journal import Journal


def export_table(
    journal: Journal, snapshots: Snapshots, file: str | os.PathLike[str], *, template: bool = False,
    as_of: object = None, today: date | str | None = None,
) -> RowsWritten:  # fmt: skip
    """Write the scored claims of a ledger as a table, or an empty one to fill in.

    Args:
        journal: The open ledger.
        snapshots: What it holds, as of a moment.
        file: A .csv, .tsv, .xlsx, .json or .parquet file: a new one, or a table of text that was written before.
        template: Whether it is to be an empty one with examples.
        as_of: The moment; now unless given.
        today: The world's day; that of *as_of* unless given.
    """
    if template:
        return write_template(file, journal.path)
    with _held(journal, snapshots, as_of, today) as (snapshot, forecasts):
        return write_predictions(snapshot, forecasts, file, journal.path)


def export_fatebook(
    journal: Journal, snapshots: Snapshots, file: str | os.PathLike[str], by: str, *, as_of: object = None,
    today: date | str | None = None,
) -> RowsWritten:  # fmt: skip
    """Write what one forecaster said of yes-no claims as a file that Fatebook's import takes."""
    with _held(journal, snapshots, as_of, today) as (snapshot, forecasts):
        return write_fatebook(snapshot, forecasts, by, file, journal.path).saying(snapshot.lacks)


def export_forecastbench(
    journal: Journal, snapshots: Snapshots, target: str | os.PathLike[str], by: str | None, *, as_of: object = None,
    today: date | str | None = None,
) -> RowsWritten:  # fmt: skip
    """Write what was said of ForecastBench's questions as forecast sets, by everybody unless *by* names one."""
    with _held(journal, snapshots, as_of, today) as (snapshot, forecasts):
        return write_forecastbench(snapshot, forecasts, by, target, journal.path).saying(snapshot.lacks)


@contextmanager
def _held(
    journal: Journal, snapshots: Snapshots, as_of: object, today: date | str | None
) -> Iterator[tuple[Snapshot, Callable[[Claim], Sequence[Forecast]]]]:
    """Give what the ledger holds, and the forecasts on a claim, in the order of time."""
    with journal.reading():
        snapshot = snapshots.read(as_of, today, EVERYTHING)
        yield snapshot, _forecast_lookup(journal, snapshot, journal.prefix(as_of)[0].size)


def _forecast_lookup(journal: Journal, snapshot: Snapshot, size: int) -> Callable[[Claim], Sequence[Forecast]]:
    """Return a look-up of the forecasts on a claim; those in blocks are read once, if a snapshot has too many."""
    imported: defaultdict[str, list[Forecast]] = defaultdict(list)
    if snapshot.unread:
        for _, forecast in Imports(journal.connection, size).forecasts():
            if forecast.made_at.date() <= snapshot.today:
                imported[forecast.claim].append(forecast)

    def forecasts_of(claim: Claim) -> list[Forecast]:
        known = [item.record for item in snapshot.forecasts_on(claim)]
        keys = {
            (forecast.forecaster, forecast.made_at) for forecast in known
        }  # a correction by hand stands in the place of its row
        others = [
            forecast for forecast in imported.get(claim.slug, ()) if (forecast.forecaster, forecast.made_at) not in keys
        ]
        return sorted([*known, *others], key=lambda forecast: forecast.made_at)

    return forecasts_of
