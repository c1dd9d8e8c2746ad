"""A ledger written as a table: what it holds as of a moment, imported forecasts too, or a template."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from predictions.exchange.table_writer import write_predictions, write_template
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
        file: A .csv, .tsv or .json file: a new one, or a table that was written before.
        template: Whether it is to be an empty one with examples.
        as_of: The moment; now unless given.
        today: The world's day; that of *as_of* unless given.
    """
    if template:
        return write_template(file, journal.path)
    with journal.reading():
        snapshot = snapshots.read(as_of, today, EVERYTHING)
        forecasts = _forecasts(journal, snapshot, journal.prefix(as_of)[0].size)
        return write_predictions(snapshot, forecasts, file, journal.path)


def _forecasts(journal: Journal, snapshot: Snapshot, size: int) -> Callable[[Claim], Sequence[Forecast]]:
    """How to find the forecasts on a claim; those in blocks are read once, where they are too many for a snapshot."""
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
