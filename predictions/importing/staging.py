"""Read and check a whole table before the ledger is locked: good rows are kept, the others are refused later."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from predictions.importing.details import Fields
from predictions.importing.readers import read_table
from predictions.importing.refusals import Refusals
from predictions.importing.spill import Spill
from predictions.importing.tables import How, OpenTable, report_progress
from predictions.importing.validate import FORECAST_COLUMNS, ForecastChecker


@dataclass
class Staged:
    """A table that was read and checked.

    Attributes:
        table: The table.
        claims: The names of claims in it, each with its number in the rows.
        forecasters: The names of forecasters, likewise.
        spill: The good rows.
        refusals: The bad rows.
        names: The names of options and days.
        details: What rows say beside a chance, by row number.
        rounded: How many chances had more than twelve decimals.
    """

    table: OpenTable
    claims: Mapping[str, int]
    forecasters: Mapping[str, int]
    spill: Spill
    refusals: Refusals
    names: Collection[str] = ()
    details: dict[int, Fields] = field(default_factory=dict)
    rounded: int = 0


@contextmanager
def staged(
    source: object, how: How, *, claims: Sequence[str], latest: int, by: str | None = None,
    skip_bad: Path | None = None, ledger: Path | None = None,
) -> Iterator[Staged]:  # fmt: skip
    """Read and check a whole table; only the order in which rows are kept depends on the ledger.

    Bad rows are not refused here, but together with those that the ledger refuses.

    Args:
        source: A source, as :func:`read_table` takes it.
        how: How it is to be read.
        claims: The sorted slugs of the claims now on file.
        latest: The last moment, in microseconds, at which a forecast can have been made.
        by: The forecaster, if no column names one.
        skip_bad: The file for refused rows, so that the rest can be recorded; None to refuse all.
        ledger: The ledger's file, whose permissions that file gets.

    Raises:
        InvalidValue: The source cannot be read, or has rows that may not be left out.
    """
    with (
        read_table(source, FORECAST_COLUMNS, how) as table,
        closing(Spill(claims)) as spill,
        Refusals(skip_bad, ledger) as refusals,
    ):
        checker = ForecastChecker(by, latest, how, refusals)
        claim_names, forecasters = checker.claims.numbers, checker.forecasters.numbers
        names_so_far: list[str] = []
        for piece in refusals.learn_all(table):
            rows = checker.check(piece)
            if len(claim_names) > len(names_so_far):
                names_so_far = list(claim_names)
            spill.add(rows, names_so_far, len(forecasters))
            report_progress(f"{piece.first + piece.size - 1:,} rows read")
        yield Staged(
            table, claim_names, forecasters, spill, refusals, checker.lines.names, checker.details, checker.rounded
        )
