"""Import of forecasts: many under one entry, checked as columns, all of them or none.

The source was read and checked before the ledger was locked (:mod:`~predictions.importing.staging`). Under the lock
names are looked up, then range by range of claims the rows are sorted and compared with what is on file. Few new
forecasts become records, many become blocks. Memory stays flat.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.errors import InvalidValue, shown
from predictions.importing.compare import Compared, OnFile, chosen, compare
from predictions.importing.names import Named, look_up
from predictions.importing.readers import report
from predictions.importing.results import Imported
from predictions.importing.spill import Rows
from predictions.importing.staging import Options, Staged
from predictions.kinds import ForecasterKind
from predictions.moments import EPOCH, MICROSECOND
from predictions.records import Forecast, Import, Source
from predictions.storage.blocks import BlockWriter, blocks_root, slugs_sha256
from predictions.storage.imports import next_number
from predictions.verbs.recording import Desk, build, the_slug

RECORDS_AT_MOST = 10_000  # new forecasts of one import that become records
IMPORTED_BEFORE = 100_000  # forecasts imported before, from which on all new ones become blocks


def import_forecasts(desk: Desk, connection: sqlite3.Connection, staged: Staged, options: Options) -> Imported:
    """Record every forecast of a source that is not on file yet, inside the desk's open transaction.

    Raises InvalidValue for rows that name no claim of this ledger or contradict what is on file, unless they are
    written aside; NotFound for an unknown source of publication.
    """
    kind = _kind(options.kind)
    published_in = None if options.published_in is None else the_slug(desk.store, Source, options.published_in)
    named = look_up(desk, connection, staged, kind)
    staged.refusals.refuse()
    new = NewForecasts(desk, connection, staged, named, published_in)
    for contradiction in new.collect():
        refuse(staged, contradiction)
    staged.refusals.refuse()
    done = new.record()
    report("")
    return done


def _kind(word: str) -> ForecasterKind:
    try:
        return ForecasterKind(word)
    except ValueError:
        raise InvalidValue(f"{shown(word)} is no kind of forecaster; say {' or '.join(ForecasterKind)}") from None


class Contradiction(NamedTuple):
    """A row that says something else than what stands under its key.

    Attributes:
        number: The number of the row.
        key: Its claim, forecaster and time.
        chance: What it says; NaN is a withdrawal.
        before: What was said before, likewise.
        by_row: The row that said so, or 0 for the ledger.
    """

    number: int
    key: tuple[str, str, str]
    chance: float
    before: float
    by_row: int


def refuse(staged: Staged, row: Contradiction) -> None:
    """Refuse a row of a source for what stands under its key."""
    other = f"row {row.by_row}" if row.by_row else "the ledger"
    said = "something else beside it" if row.chance == row.before else _said(row.before)
    fix = f"{other} says {said} for the same claim, forecaster and time"
    withdrawn = isnan(row.chance)
    values = (*row.key, "" if withdrawn else row.chance, withdrawn or None)
    staged.refusals.add(row.number, "probability", _said(row.chance), fix, values)


class NewForecasts:
    """The forecasts of an import that are not on file: held while they are few, else stored as blocks at once."""

    def __init__(
        self, desk: Desk, connection: sqlite3.Connection, staged: Staged, named: Named, published_in: str | None
    ) -> None:
        self._desk, self._connection, self._staged, self._named = desk, connection, staged, named
        self._published_in = published_in
        self._import_entry = desk.writing.last + 1  # where the import itself will stand; its blocks are stored before
        self._imported_before = desk.store.imported(2**62)
        self._writer: BlockWriter | None = None
        self._held: list[Rows] = []  # those that are not in blocks, or not yet
        self._with_details: list[Rows] = []  # those that are never in blocks
        self._new = self._already = self._repeated = 0

    def collect(self) -> Iterator[Contradiction]:
        """Go through all rows, range by range of claims, and return those that contradict what was said before."""
        named = self._named
        on_file = OnFile(self._connection, named.claim_entries, named.forecaster_entries)
        for partition in self._staged.spill.partitions():
            rows = named.numbered(partition)
            if not rows.number.size:
                continue
            claim = rows.forecasts.claim
            here = on_file.between(int(claim.min()), int(claim.max()))
            compared = compare(rows, here, max(len(named.forecasters), 1))
            yield from self._count(compared)
            self._take(chosen(compared.rows, compared.new))
            report(f"{self._new:,} new forecasts")

    def _count(self, compared: Compared) -> Iterator[Contradiction]:
        contradicting = compared.contradicting
        if self._staged.details and not compared.new.all():
            contradicting = contradicting | self._differing(compared)
        self._already += int((compared.already & ~contradicting).sum())
        self._repeated += int((compared.repeated & ~contradicting).sum())
        for place in np.flatnonzero(contradicting).tolist():
            rows, first = compared.rows, int(compared.first[place])
            chance, before = (float(rows.forecasts.probability[where]) for where in (place, first))
            key = self._named.key(rows.forecasts, place)
            yield Contradiction(int(rows.number[place]), key, chance, before, int(rows.number[first]))

    def _differing(self, compared: Compared) -> NDArray[np.bool_]:
        """Tell which rows agree in their number with an earlier one, and say something else beside it."""
        differing = np.zeros(compared.new.size, np.bool_)
        numbers = compared.rows.number
        for place in np.flatnonzero(compared.agrees & (numbers > 0)).tolist():
            details = self._staged.details.get(int(numbers[place]))
            earlier = int(numbers[compared.first[place]])
            if earlier:
                differing[place] = details != self._staged.details.get(earlier)
            elif details:
                claim, forecaster, moment = self._named.key(compared.rows.forecasts, place)
                known = self._desk.store.revisions(Forecast, claim=claim, forecaster=forecaster, made_at=moment)
                differing[place] = not any(_says(record, details) for record in known)
        return differing

    def _take(self, rows: Rows) -> None:
        self._new += rows.number.size
        if self._staged.details:
            with_details = np.isin(rows.number, np.fromiter(self._staged.details, np.uint32))
            self._with_details.append(chosen(rows, with_details))
            rows = chosen(rows, ~with_details)
        self._held.append(rows)
        if self._new > RECORDS_AT_MOST or self._imported_before >= IMPORTED_BEFORE:
            if self._writer is None:
                self._writer = BlockWriter(self._connection, self._import_entry, self._named.listed_claims)
            for held in self._held:
                self._writer.add(self._named.ranked(held.forecasts))
            self._held = []

    def record(self) -> Imported:
        """Enter the import, with the digests that hold its blocks, and after it what became records."""
        named, refusals = self._named, self._staged.refusals
        digests: list[bytes] = []
        if self._writer is not None:
            self._writer.finish(named.forecaster_entries)
            digests = self._writer.digests
        done = Imported(
            file=self._staged.table.file, forecasts=self._new, already=self._already, repeated=self._repeated,
            left_out=refusals.count, rounded=self._staged.rounded, claims=len(named.listed_claims),
            forecasters=len(named.forecasters), new_forecasters=named.new_forecasters, bad_rows=refusals.listed,
        )  # fmt: skip
        if self._new:
            made = import_record(
                self._desk, claims=named.listed_slugs, forecasters=named.forecasters, digests=digests, file=done.file,
                sha256=self._staged.table.sha256, forecasts=done.forecasts, already=done.already + done.repeated,
                left_out=done.left_out, rounded=done.rounded, published_in=self._published_in,
            )  # fmt: skip
            self._desk.store.put(self._desk.writing, made)
            self._desk.store.put_all(self._desk.writing, self._records())
        return done

    def _records(self) -> Iterator[Forecast]:
        """Return the forecasts that became no blocks, those that say most last."""
        common = {"published_in": self._published_in, "recorded_by": self._desk.me}
        for rows in (*self._held, *self._with_details):
            columns = (column.tolist() for column in (*rows.forecasts, rows.number))
            for claim, forecaster, made_at, chance, number in zip(*columns, strict=True):
                withdrawn = isnan(chance)
                numbers = {"withdrawn": True} if withdrawn else {"probability": chance}
                yield build(
                    Forecast,
                    {
                        "claim": self._named.claims[claim], "forecaster": self._named.forecasters[forecaster],
                        "made_at": EPOCH + made_at * MICROSECOND, **self._staged.details.get(number, numbers), **common,
                    },
                )  # fmt: skip


def import_record(
    desk: Desk, *, claims: Sequence[str], forecasters: Sequence[str], digests: Sequence[bytes], **fields: object
) -> Import:
    """Return the record of an import, with the next number, and the digests of its lists and blocks."""
    return build(
        Import,
        {
            **fields, "number": next_number(desk.store.connection),
            "claims": len(claims), "claims_sha256": slugs_sha256(claims),
            "forecasters": len(forecasters), "forecasters_sha256": slugs_sha256(forecasters),
            "blocks": len(digests), "blocks_root": blocks_root(digests), "recorded_by": desk.me,
        },
    )  # fmt: skip


def _says(record: Forecast, details: Mapping[str, object]) -> bool:
    return all(getattr(record, name) == value for name, value in details.items())


def _said(chance: float) -> str:
    return "a withdrawal" if isnan(chance) else repr(chance)
