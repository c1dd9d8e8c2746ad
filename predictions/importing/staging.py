"""A source read and checked before the ledger is locked: its good rows kept for the import, the others refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from predictions.importing.details import Fields
from predictions.importing.readers import How, Table, read_table, report
from predictions.importing.refusals import Refusals
from predictions.importing.spill import Spill
from predictions.importing.validate import FORECAST_COLUMNS, ForecastChecker


@dataclass
class Staged:
    """A source that was read and checked: its good rows kept, the others refused."""

    table: Table
    claims: Mapping[str, int]  # the names of claims in it, by the number that rows have
    forecasters: Mapping[str, int]
    spill: Spill
    refusals: Refusals
    details: dict[int, Fields] = field(default_factory=dict)  # what rows say beside a chance, by their number
    rounded: int = 0


@contextmanager
def staged(
    source: object, how: How, *, claims: Sequence[str], latest: int, by: str | None = None,
    skip_bad: Path | None = None, ledger: Path | None = None,
) -> Iterator[Staged]:  # fmt: skip
    """Read and check a whole source; nothing of it depends on the ledger but the order in which rows are kept.

    *claims* are the sorted slugs of the claims now on file, *latest* the last moment, in microseconds, at which a
    forecast can have been made. *by* says whose they all are, where no column does; *skip_bad* where refused rows are
    written, as private as the *ledger*, so that the rest may be recorded. Raises InvalidValue for what cannot be read,
    or may not be left out.
    """
    with (
        read_table(source, FORECAST_COLUMNS, how) as table,
        closing(Spill(claims)) as spill,
        Refusals(skip_bad, ledger) as refusals,
    ):
        checker = ForecastChecker(by, latest, how, refusals)
        claim_names, forecasters = checker.claims.numbers, checker.forecasters.numbers
        known: list[str] = []
        for piece in table.pieces:
            rows = checker.check(piece)
            if len(claim_names) > len(known):
                known = list(claim_names)
            spill.add(rows, known, len(forecasters))
            report(f"{piece.first + piece.size - 1:,} rows read")
        refusals.refuse()
        yield Staged(table, claim_names, forecasters, spill, refusals, checker.details, checker.rounded)
