"""A source read and checked before the ledger is locked: its good rows kept for the import, the others refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from predictions.importing.readers import How, Table, read_table, report
from predictions.importing.refusals import Refusals
from predictions.importing.spill import Rows, Spill
from predictions.importing.validate import FORECAST_COLUMNS, ForecastChecker
from predictions.kinds import ForecasterKind


class Options(NamedTuple):
    """How an import is to be made.

    Attributes:
        by: Whose forecasts they all are, where no column says.
        kind: What new forecasters are.
        published_in: The source whose dates these are.
        skip_bad: Where refused rows are written, so that the rest may be recorded.
        ledger: The ledger's file, whose permissions that one gets.
        how: How a file is to be read.
    """

    by: str | None = None
    kind: str = ForecasterKind.PERSON
    published_in: str | None = None
    skip_bad: Path | None = None
    ledger: Path | None = None
    how: How = How()


@dataclass
class Staged:
    """A source that was read and checked: its good rows kept, the others refused.

    Attributes:
        table: The source.
        claims: The names of claims in it, by the number that rows have.
        forecasters: The names of forecasters, likewise.
        spill: The good rows.
        refusals: The others.
        details: What rows say beside a number, by the number of the row.
        rounded: How many numbers were rounded.
    """

    table: Table
    claims: Mapping[str, int]
    forecasters: Mapping[str, int]
    spill: Spill
    refusals: Refusals
    details: dict[int, dict[str, object]] = field(default_factory=dict)
    rounded: int = 0


@contextmanager
def staged(source: object, options: Options, *, claims: Sequence[str], latest: int) -> Iterator[Staged]:
    """Read and check a whole source; nothing of it depends on the ledger but the order in which rows are kept.

    Args:
        source: Whatever :func:`~predictions.importing.readers.read_table` reads.
        options: How the import is to be made.
        claims: The sorted slugs of the claims now on file.
        latest: The last moment, in microseconds, at which a forecast can have been made.

    Raises:
        InvalidValue: The source cannot be read, or has bad rows that may not be left out.
    """
    with (
        read_table(source, FORECAST_COLUMNS, options.how) as table,
        closing(Spill(claims)) as spill,
        Refusals(options.skip_bad, options.ledger) as refusals,
    ):
        checker = ForecastChecker(options.by, latest, options.how, refusals)
        found = Staged(table, checker.claims, checker.forecasters, spill, refusals)
        read = 0
        claim_names: list[str] = []
        for piece in table.pieces:
            checked = checker.check(piece)
            if len(checker.claims) > len(claim_names):
                claim_names = list(checker.claims)
            spill.add(Rows(checked.rows, checked.number), claim_names, len(checker.forecasters))
            found.rounded += checked.rounded
            found.details.update(checked.details)
            read += piece.size
            report(f"{read:,} rows read")
        checker.finish()
        refusals.refuse()
        yield found
