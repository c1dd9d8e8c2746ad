"""A source read and checked before the ledger is locked: its good rows kept for the import, the others refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from predictions.importing.details import Fields
from predictions.importing.readers import How, Table, read_table, report
from predictions.importing.refusals import Refusals
from predictions.importing.spill import Rows, Spill
from predictions.importing.validate import FORECAST_COLUMNS, ForecastChecker
from predictions.kinds import ForecasterKind


class Options(NamedTuple):
    """How an import is to be made."""

    by: str | None = None  # whose forecasts they all are, where no column says
    kind: str = ForecasterKind.PERSON  # what new forecasters are
    published_in: str | None = None  # the source whose dates these are
    skip_bad: Path | None = None  # where refused rows are written, so that the rest may be recorded
    how: How = How()  # how a file is to be read


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
def staged(source: object, options: Options, *, claims: Sequence[str], latest: int) -> Iterator[Staged]:
    """Read and check a whole source; nothing of it depends on the ledger but the order in which rows are kept.

    *claims* are the sorted slugs of the claims now on file, *latest* the last moment, in microseconds, at which a
    forecast can have been made. Raises InvalidValue for what cannot be read, or has bad rows that may not be left out.
    """
    with (
        read_table(source, FORECAST_COLUMNS, options.how) as table,
        closing(Spill(claims)) as spill,
        Refusals(options.skip_bad) as refusals,
    ):
        checker = ForecastChecker(options.by, latest, options.how, refusals)
        found = Staged(table, checker.claims.numbers, checker.forecasters.numbers, spill, refusals)
        read = 0
        claim_names: list[str] = []
        for piece in table.pieces:
            checked = checker.check(piece)
            if len(found.claims) > len(claim_names):
                claim_names = list(found.claims)
            spill.add(Rows(checked.rows, checked.number), claim_names, len(found.forecasters))
            found.rounded += checked.rounded
            found.details.update(checked.details)
            read += piece.size
            report(f"{read:,} rows read")
        refusals.refuse()
        yield found
