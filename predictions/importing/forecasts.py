"""Import forecasts under one entry, all of them or none: a few new ones become records, many become blocks.

The source was read and checked before the ledger was locked. Under the lock, names are looked up; then the rows are
sorted and compared with what is on file, one range of claims after the other, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from predictions.enums import ClaimType, ForecasterKind
from predictions.errors import InvalidValue, short_repr
from predictions.fits import DISTRIBUTION_OF
from predictions.importing.names import Named, as_cells, look_up, with_new_recorded
from predictions.importing.overlap import OPTIONS_GONE, Compared, StandingForecasts, compare_rows
from predictions.importing.parts import KIND_OF
from predictions.importing.refusals import WHOLE_ROW
from predictions.importing.results import Imported
from predictions.importing.spill import NumberedForecasts
from predictions.importing.staging import Staged
from predictions.importing.tables import report_progress
from predictions.importing.whole import WholeForecasts
from predictions.recording.enter import TOGETHER, Desk, build, the_slug
from predictions.records import Claim, Forecast, Import, Source
from predictions.storage.batch import Batch
from predictions.storage.block_records import said_fields
from predictions.storage.block_writer import BlockWriter
from predictions.storage.blocks import SHARES, Forecasts, blocks_root, slugs_sha256
from predictions.storage.canonical import Plain
from predictions.storage.forecast_records import moment_texts
from predictions.storage.imports import next_number
from predictions.storage.layout import RowKey
from predictions.storage.rows import StoredRow, record_of
from predictions.timestamps import moment_at

RECORDS_AT_MOST = 10_000  # new forecasts of one import that become records; more become blocks
IMPORTED_BEFORE = 100_000  # forecasts imported earlier from which on all new ones become blocks
Refusal: TypeAlias = tuple[int, str, str, str, tuple[object, ...]]  # the arguments of Refusals.add


def import_forecasts(
    desk: Desk, staged: Staged, kind: str = ForecasterKind.PERSON, published_in: str | None = None
) -> Imported:
    """Record every forecast of a source that is not on file yet, inside the desk's open transaction.

    Args:
        desk: The open transaction.
        staged: The source's rows.
        kind: The kind of new forecasters.
        published_in: The source that vouches for the times; None if none does.

    Raises:
        InvalidValue: Rows name no claim of this ledger, or contradict it, and are not to be left out.
        NotFound: There is no such source.
    """
    try:
        of_kind = ForecasterKind(kind)
    except ValueError:
        raise InvalidValue(f"{short_repr(kind)} is no kind of forecaster; say {' or '.join(ForecasterKind)}") from None
    source = None if published_in is None else the_slug(desk.store, Source, published_in)
    cells_refused = staged.refusals.are_refused
    named = look_up(desk, staged, new=True)
    if cells_refused and staged.spill.in_parts:  # other rows of the same forecasts would seem to be wrong, too
        staged.refusals.refuse()
    if staged.refusals.set_aside and _refuse_unfitting(desk, staged, named):
        named = look_up(desk, staged, new=True)  # without those who have no other row
    new = NewForecasts(desk, staged, with_new_recorded(desk, named, of_kind), source)
    for contradiction in new.collect():
        staged.refusals.add(*contradiction)
    staged.refusals.refuse()
    done = new.record()
    report_progress("")
    return done


def brought_together(desk: Desk, staged: Staged, named: Named) -> WholeForecasts:
    """Return the object that joins the rows of each forecast of several rows."""
    return WholeForecasts(desk, staged, named.claims, named.forecasters, named.listed_slugs)


def _refuse_unfitting(desk: Desk, staged: Staged, named: Named) -> bool:
    """Refuse the rows that do not fit their claims, before anything is recorded; return whether there are any."""
    before, whole = staged.refusals.count, brought_together(desk, staged, named)
    if staged.spill.in_parts or whole.asked:
        for partition in staged.spill.partitions():
            whole.whole(named.numbered(partition))
    return staged.refusals.count > before


def compared(desk: Desk, staged: Staged, named: Named, whole: WholeForecasts) -> Iterator[Compared]:
    """Yield the rows compared with what is on file, by ranges of claims; refused rows are left out."""
    on_file = StandingForecasts(desk.store.connection, named.claim_entries, named.forecaster_entries)
    for partition in staged.spill.partitions():
        rows = whole.whole(named.numbered(partition.chosen(~staged.refusals.among(partition.number))))
        if rows.number.size:
            claim = rows.forecasts.claim
            standing = on_file.between(int(claim.min()), int(claim.max()))
            yield compare_rows(rows, standing, max(len(named.forecasters), 1))


class NewForecasts:
    """The new forecasts of an import: held in memory while they are few, else written into blocks at once."""

    def __init__(self, desk: Desk, staged: Staged, named: Named, published_in: str | None) -> None:
        """Prepare the blocks of an import that has no forecasts yet."""
        self._desk, self._staged, self._named, self._published_in = desk, staged, named, published_in
        self._whole = brought_together(desk, staged, named)
        self._imported_before = desk.store.imported(2**62)
        entry = desk.writing.last + 1  # of the import, which is recorded after its blocks
        self._writer = BlockWriter(desk.store.connection, entry, named.listed_claims)
        self._held: list[NumberedForecasts] = []  # forecasts not in blocks, or not yet
        self._with_details: list[NumberedForecasts] = []  # forecasts that blocks cannot hold
        self._new = self._already = self._repeated = 0

    def collect(self) -> Iterator[Refusal]:
        """Compare all rows with what is on file, and yield a refusal for each that contradicts it."""
        for comparison in compared(self._desk, self._staged, self._named, self._whole):
            yield from self._count(comparison)
            self._take(comparison.rows.chosen(comparison.new))
            report_progress(f"{self._new:,} new forecasts")

    def _count(self, compared: Compared) -> Iterator[Refusal]:
        """Count the rows that are on file or repeated, and yield a refusal for each that contradicts an earlier one."""
        contradicting = compared.contradicting
        if self._staged.details and not compared.new.all():
            contradicting = contradicting | self._differing(compared)
        rows, first = compared.rows, compared.first
        agreeing, on_file = compared.others & ~contradicting, rows.number[first] == 0
        self._already += int((agreeing & on_file).sum())
        self._repeated += int((agreeing & ~on_file).sum())
        for index in np.flatnonzero(contradicting).tolist():
            row, earlier = (rows.forecasts.rows(np.array([place])) for place in (index, first[index]))
            claim, forecaster, _ = self._named.key(row, 0)
            earlier_number = int(rows.number[first[index]])
            where = f"row {earlier_number}" if earlier_number else "the ledger"
            text = "something else beside it" if compared.agrees[index] else _said_text(earlier)
            fix = f"{where} says {text} for the same claim, forecaster and time"
            if row.distributed[0]:
                for number, cells in self._whole.given_for(row):
                    yield number, WHOLE_ROW, _said_text(row), fix, cells
                continue
            values = as_cells(claim, forecaster, int(row.made_at[0]), float(row.probability[0]))
            yield int(rows.number[index]), "probability", _said_text(row), fix, values

    def _differing(self, compared: Compared) -> NDArray[np.bool_]:
        """Return which rows agree in their chance with an earlier one but differ in a detail, such as the note."""
        differing = np.zeros(compared.new.size, np.bool_)
        numbers = compared.rows.number
        on_file: dict[int, RowKey] = {}
        for index in np.flatnonzero(compared.agrees & (numbers > 0)).tolist():
            details = self._staged.details.get(int(numbers[index]))
            earlier = int(numbers[compared.first[index]])
            if earlier:
                differing[index] = details != self._staged.details.get(earlier)
            elif details:
                on_file[index] = self._named.key(compared.rows.forecasts, index)
        rows = self._desk.store.rows_by_key(Forecast, on_file.values()) if on_file else {}
        for index, key in on_file.items():
            details = self._staged.details[int(numbers[index])]
            differing[index] = not any(_says(row, details) for row in rows.get(key, ()))
        return differing

    def _take(self, rows: NumberedForecasts) -> None:
        """Hold new rows while they are few; once they are many, write those without details into blocks."""
        self._new += rows.number.size
        if self._staged.details:
            with_details = np.isin(rows.number, np.fromiter(self._staged.details, np.uint32))
            self._with_details.append(rows.chosen(with_details))
            rows = rows.chosen(~with_details)
        self._held.append(rows)
        if self._new > RECORDS_AT_MOST or self._imported_before >= IMPORTED_BEFORE:
            for held in self._held:
                self._writer.add(self._named.ranked(held.forecasts))
            self._held = []

    def record(self) -> Imported:
        """Record the import with the digests of its blocks, then the forecasts that become records."""
        named = self._named
        digests = self._writer.finish(named.forecaster_entries)
        done = Imported(
            file=self._staged.table.file, forecasts=self._new, already=self._already,
            repeated=self._repeated + self._whole.repeated,
            mended=self._whole.mended, drawn=self._whole.drawn, begun=self._whole.begun,
            left_out=self._staged.refusals.count, rounded=self._staged.rounded, claims=len(named.listed_claims),
            forecasters=len(named.forecasters), new_forecasters=len(named.new),
            bad_rows=tuple(self._staged.refusals.listed),
        )  # fmt: skip
        if self._new:
            record = import_record(
                self._desk, claims=named.listed_slugs, forecasters=named.forecasters, digests=digests, file=done.file,
                sha256=self._staged.table.sha256, forecasts=done.forecasts, already=done.already + done.repeated,
                left_out=done.left_out, rounded=done.rounded, published_in=self._published_in,
            )  # fmt: skip
            self._desk.store.put(self._desk.writing, record)
            self._put_records()
        return done

    def _put_records(self) -> None:
        """Write the forecasts that become records: first those with only a number, then those with details."""
        named, writing = self._named, self._desk.writing
        writing.beginnings[Claim.noun].update(zip(named.claims, named.claim_entries.tolist(), strict=True))
        for rows in (*self._held, *self._with_details):
            for start in range(0, rows.number.size, TOGETHER):
                places = np.arange(start, min(start + TOGETHER, rows.number.size))
                self._desk.store.put_batches(writing, self._laid_out(rows.chosen(places)))

    def _laid_out(self, rows: NumberedForecasts) -> Iterator[tuple[list[int], Batch]]:
        """Yield forecasts as records with their places: those with one number by columns, the others one by one."""
        has_details = np.array([number in self._staged.details for number in rows.number.tolist()])
        needs_record = rows.forecasts.distributed | has_details
        numbers, others = np.flatnonzero(~needs_record), np.flatnonzero(needs_record)
        if numbers.size:
            yield numbers.tolist(), self._columns(rows.forecasts.rows(numbers))
        if others.size:
            yield others.tolist(), Batch.of(list(self._records(rows.chosen(others))))

    def _columns(self, rows: Forecasts) -> Batch:
        """Return forecasts with one number as records; their values were checked as columns, not by each record."""
        claims, forecasters, _, chances = (column.tolist() for column in rows[:4])
        columns: dict[str, Sequence[Plain]] = {
            "claim": [self._named.claims[number] for number in claims],
            "forecaster": [self._named.forecasters[number] for number in forecasters],
            "made_at": moment_texts(rows.made_at),
            "probability": [None if isnan(chance) else chance for chance in chances],
            "withdrawn": [isnan(chance) or None for chance in chances],
            "published_in": [self._published_in] * rows.size,
        }
        return Batch(Forecast, columns, rows.size).first_by(self._desk.me)

    def _records(self, rows: NumberedForecasts) -> Iterator[Forecast]:
        """Yield the records of forecasts with a distribution or details."""
        forecasts = rows.forecasts.compact()
        lines, distributed = forecasts.lines.of_each(), forecasts.distributed.tolist()
        columns = (column.tolist() for column in (*forecasts[:4], rows.number))
        for (claim, forecaster, made_at, place, number), is_distribution in zip(
            zip(*columns, strict=True), distributed, strict=True
        ):
            fields: dict[str, object] = {"published_in": self._published_in, **self._staged.details.get(number, {})}
            if is_distribution:
                terms = self._whole.asked[claim]
                kind = KIND_OF[DISTRIBUTION_OF[ClaimType(terms.type)]]
                fields |= said_fields(kind, lines[int(place)], terms.options)
            fields |= {"claim": self._named.claims[claim], "forecaster": self._named.forecasters[forecaster]}
            yield build(Forecast, {**fields, "made_at": moment_at(made_at), "recorded_by": self._desk.me})


def _says(row: StoredRow, details: Mapping[str, object]) -> bool:
    """Tell whether a forecast on file has these details; white space around a text does not count."""
    if all(isinstance(value, (str, int, float)) for value in details.values()):  # the usual case, answered fast
        return all(_bare(row.fields.get(name)) == _bare(value) for name, value in details.items())
    record = record_of(Forecast, row)
    return all(_bare(getattr(record, name)) == _bare(value) for name, value in details.items())


def _bare(value: object) -> object:
    """Return a text without white space around it, which a cell does not keep; other values unchanged."""
    return value.strip() if isinstance(value, str) else value


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


def _said_text(row: Forecasts) -> str:
    """Return what one row says: a chance, a withdrawal, or only that it is more than one chance."""
    if row.distributed[0]:
        options_gone = (row.compact().lines.at == OPTIONS_GONE).all() and row.kind == SHARES
        return "shares of options it no longer has" if options_gone else "other chances"
    chance = float(row.probability[0])
    return "a withdrawal" if isnan(chance) else repr(chance)
