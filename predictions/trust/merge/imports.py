"""Imports of another copy, taken in by content: the forecasts in its blocks that are not here yet.

Two copies may have taken one dump in different steps, the one as blocks and the other as records, so an import is never
copied as it stands. Its rows are compared with what is on file here, as those of a file are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np

from predictions.importing.forecasts import NewForecasts, brought_together, compared, import_record
from predictions.importing.names import look_up
from predictions.importing.refusals import Refusals
from predictions.importing.spill import Spill, as_rows
from predictions.importing.staging import Staged
from predictions.importing.tables import OpenTable
from predictions.recording.enter import Desk
from predictions.records import Forecast, Import, Source
from predictions.storage.batch import hashed_fields
from predictions.storage.canonical import Plain
from predictions.storage.imports import Imports
from predictions.storage.journal import Journal
from predictions.storage.layout import NounSlug
from predictions.trust.merge.items import MergeItem, renamed

ForecastKey: TypeAlias = tuple[str, str, str]  # claim, forecaster and time of a forecast


class Copy(NamedTuple):
    """Another copy of a ledger, and what of its imports may be new here.

    Attributes:
        journal: The copy's journal.
        imports: Its imports that may be new, by their entries, in order.
        slugs: The slugs under which some of its records are to stand here.
        claims: The claims whose forecasts are taken; None for all.
    """

    journal: Journal
    imports: Mapping[int, Import]
    slugs: Mapping[NounSlug, str]
    claims: frozenset[str] | None = None

    @property
    def blocks(self) -> dict[int, Import]:
        """Return those of the imports that have blocks."""
        return {entry: imported for entry, imported in self.imports.items() if imported.blocks}


def contradictions(desk: Desk, copy: Copy) -> tuple[set[ForecastKey], bool]:
    """Return the keys under which a block of the copy contradicts what stands here, and whether the copy has more.

    Forecasts on claims or by forecasters that are not here yet are more, too.
    """
    keys: set[ForecastKey] = set()
    has_more = False
    for entry in copy.blocks:
        with _staged_from_copy(copy, entry) as staged:
            named = look_up(desk, staged, new=False)
            has_more |= staged.refusals.count > 0
            for comparison in compared(desk, staged, named, brought_together(desk, staged, named)):
                has_more |= bool(comparison.new.any())
                indexes = np.flatnonzero(comparison.contradicting).tolist()
                keys |= {named.key(comparison.rows.forecasts, index) for index in indexes}
    return keys, has_more


def take_blocks(desk: Desk, copy: Copy) -> tuple[set[int], list[str]]:
    """Import what the blocks of the copy have and this ledger has not; claims and forecasters stand here already.

    Contradictions are settled by now: ours stands, or theirs comes in as its correction. Returns the entries there of
    the imports that brought something, and what was left out.
    """
    brought, left_out = set(), []
    for entry, imported in copy.blocks.items():
        with _staged_from_copy(copy, entry) as staged:
            # Who imported it there stays named: whoever merges did not read that file.
            theirs = desk._replace(me=imported.recorded_by)
            named = look_up(theirs, staged, new=False)  # nobody new: the forecasters came in as records
            new = NewForecasts(theirs, staged, named, _source(desk, copy, imported))
            for _ in new.collect():  # to take the rows; what they contradict was settled before
                continue
            if new.record().forecasts:
                brought.add(entry)
            if staged.refusals.count:
                left_out.append(f"{staged.refusals.count:,} forecasts of import {imported.number}, on what is not here")
    return brought, left_out


def with_imports(
    desk: Desk, copy: Copy, records: Sequence[MergeItem], brought: Collection[int]
) -> Iterator[MergeItem | Import]:
    """Yield records that come in, and before the forecasts of an import the import itself, unless it is here.

    The forecasts of an import stand after it under its seal; what is left of it here gets a new description.
    """
    entries = list(copy.imports)
    ends = [copy.journal.seal_over(entry).entry for entry in entries]
    groups: dict[int, list[MergeItem]] = {}
    for item in records:
        number = bisect_right(entries, item.entry) - 1
        if item.cls is Forecast and number >= 0 and item.entry < ends[number] and entries[number] not in brought:
            groups.setdefault(number, []).append(item)
    first = {group[0].entry: number for number, group in groups.items()}
    for item in records:
        if item.entry in first:
            number = first[item.entry]
            yield _import_of(desk, copy, copy.imports[entries[number]], groups[number])
        yield item


def forecasts_under(
    imports: Imports, keys: Collection[ForecastKey], slugs: Mapping[NounSlug, str] | None = None
) -> list[MergeItem]:
    """List the forecasts in blocks under some keys, to be compared with records of the same keys."""
    names = {new: old for (_, old), new in (slugs or {}).items()}
    series = {(names.get(claim, claim), names.get(forecaster, forecaster)) for claim, forecaster, _ in keys}
    forecasts = (
        MergeItem(entry, Forecast, hashed_fields(forecast), in_block=True)
        for entry, forecast in imports.forecasts(series)
    )
    return [item for item in (renamed(item, slugs or {}) for item in forecasts) if key_of(item) in keys]


def as_said_by(in_blocks: Sequence[MergeItem], others: Sequence[MergeItem]) -> list[MergeItem]:
    """Return the forecasts in blocks of one copy, put as the other copy's records put them where the numbers agree.

    One dump may have become blocks here and records there, which differ in what published them; left so, each would be
    taken for a contradiction of the other.
    """
    fields_said = {key_of(item): item.fields for item in others if item.cls is Forecast and not item.in_block}
    return [
        MergeItem(item.entry, Forecast, fields_said[key_of(item)], in_block=True)
        if key_of(item) in fields_said and _chances(fields_said[key_of(item)]) == _chances(item.fields)
        else item
        for item in in_blocks
    ]


def _chances(fields: Mapping[str, Plain]) -> list[Plain]:
    return [fields.get(name) for name in ("probability", "low", "high", "withdrawn")]


def key_of(item: MergeItem) -> ForecastKey:
    """Return the claim, forecaster and time of a forecast."""
    return str(item.fields["claim"]), str(item.fields["forecaster"]), str(item.fields["made_at"])


@contextmanager
def _staged_from_copy(copy: Copy, entry: int) -> Iterator[Staged]:
    """Read the blocks of one import as the rows of a file are read."""
    imports, imported = Imports(copy.journal.connection, only=entry), copy.imports[entry]
    claims = [copy.slugs.get(("claim", slug), slug) for slug in imports.claims]
    forecasters = [copy.slugs.get(("forecaster", slug), slug) for slug in imports.forecasters]
    of_claims, of_forecasters = ({name: at for at, name in enumerate(names)} for names in (claims, forecasters))
    table = OpenTable(iter(()), imported.file, imported.sha256)
    with closing(Spill(sorted(claims))) as spill, Refusals(None) as refusals:
        read = 0
        taken = np.array([copy.claims is None or slug in copy.claims for slug in imports.claims], np.bool_)
        names: dict[str, int] = {}
        for piece in imports.reader(entry).pieces():
            rows = piece if copy.claims is None else piece.rows(taken[piece.claim])
            number = np.arange(read + 1, read + rows.size + 1, dtype=np.uint32)
            spill.add(as_rows(rows, number, partial(imports.options_of, entry=entry), names), claims, len(forecasters))
            read += rows.size
        yield Staged(table, of_claims, of_forecasters, spill, refusals, names)


def _source(desk: Desk, copy: Copy, imported: Import) -> str | None:
    """Return the source that published an import, where it is on file here."""
    slug = imported.published_in and copy.slugs.get(("source", imported.published_in), imported.published_in)
    return slug if slug in desk.store.slugs(Source) else None


def _import_of(desk: Desk, copy: Copy, imported: Import, forecasts: Sequence[MergeItem]) -> Import:
    """Make the record of an import for what of it comes in as records."""
    names = [sorted({str(forecast.fields[noun]) for forecast in forecasts}) for noun in ("claim", "forecaster")]
    return import_record(
        desk._replace(me=imported.recorded_by), claims=names[0], forecasters=names[1], digests=[],
        file=imported.file, sha256=imported.sha256, forecasts=len(forecasts),
        already=0, left_out=0, rounded=0, published_in=_source(desk, copy, imported),
    )  # fmt: skip
