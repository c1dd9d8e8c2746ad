"""Read the forecasts of a ledger as numpy columns: those in the blocks of imports, and those that are records.

Each import keeps its blocks sorted by claim. So the forecasts on some claims are found from the first and last claim of
each block, and are read one range of claims at a time: only one range is in memory at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, IndexArray
from forecasts.kernel import Rows, filled
from predictions.enums import ForecasterKind, SourceKind
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.scoring.columns.distributions import Distributions
from predictions.scoring.columns.forecast_rows import joined_rows, no_rows
from predictions.status import WITNESSED_WITHIN, vouched_days
from predictions.storage.blocks import PROBABILITIES, Forecasts, Ranks
from predictions.storage.forecast_records import record_columns, recorded_at
from predictions.storage.imports import ImportReader, looked_up, ranks
from predictions.timestamps import (
    EARLIEST,
    LATEST,
    MICROSECOND,
    day_number,
    in_microseconds,
    parse_moment_text,
    start_of,
)

BLOCKS_IN_RANGE = 12  # of each import; a range of claims may begin and end inside a block
BLOCKS_AT_ONCE = 16  # decoded together: 1.5 MB, small beside the columns of a million forecasts

_IMPORTS = """select i.entry, s.recorded_at, o.kind, o.published from main.import i
join main.seal s on s.entry = (select min(entry) from main.seal where entry >= i.entry)
left join main.source o on o.entry = (
    select entry from main.source later where later.slug = (select slug from main.source where entry = i.published_in)
    and later.entry < ? order by entry desc limit 1
) where i.entry < ? order by i.entry"""
_SOURCE_DATES = """select first.entry, o.kind, o.published from main.source first
join main.source o on o.slug = first.slug
where first.revision = 1 and o.entry < ? order by o.entry"""  # in a dict the last revision of a source remains
_FORECASTERS = """select f.slug, f.entry, l.title, l.kind, l.method, l.cutoff_on from main.forecaster f
join main.forecaster l on l.entry = (
    select entry from main.forecaster later where later.slug = f.slug and later.entry < ?1
    order by revision desc limit 1
) where f.revision = 1 and f.entry < ?1 order by f.slug"""


class ForecasterEntry(NamedTuple):
    """A forecaster as of a moment.

    Attributes:
        slug: Their slug.
        entry: The ledger entry of their first revision; the other fields are those of the latest one.
        title: Their name.
        kind: Person, publication, model, crowd or reference.
        method: How a crowd or a reference arrives at its number; None if not stated.
        cutoff_on: The last day that a model's training knows, in ISO form; None if not stated.
    """

    slug: str
    entry: int
    title: str
    kind: ForecasterKind
    method: str | None = None
    cutoff_on: str | None = None

    @property
    def only_said(self) -> bool:
        """Whether they are only the speaker of statements: they have no forecast, and no record as a forecaster."""
        return self.entry < 0


def forecaster_entries(connection: sqlite3.Connection, size: int) -> list[ForecasterEntry]:
    """Read all forecasters among the first *size* entries, in the order of their slugs."""
    rows = connection.execute(_FORECASTERS, (size,)).fetchall()
    return [
        ForecasterEntry(slug, entry, title, ForecasterKind(kind), method, cutoff_on)
        for slug, entry, title, kind, method, cutoff_on in rows
    ]


def read_ranges(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns, forecasters: Sequence[int], *,
    wanted: BoolArray, whole: bool = False,
) -> Iterator[tuple[int, int, Rows]]:  # fmt: skip
    """Read the probabilities in blocks, one range of claims after the other, and in each range import by import.

    Args:
        connection: The ledger.
        size: How many of its entries are read.
        today: Forecasts made on a later day are left out.
        claims: The claims; rows number them by their position.
        forecasters: The first entry of every forecaster; rows number them by their position.
        wanted: For each claim whether its forecasts are read.
        whole: Read everything as one range.

    Yields:
        The first claim of the range, the claim after its last, and the unsorted rows, marked if they are backdated.
    """
    numbers = ranks(claims.entries), ranks(forecasters)
    imports, wanted = _dated_imports(connection, size, numbers), wanted & (claims.types.kind == YES_OR_NO)
    begins = np.sort(np.concatenate([dated.reader.begins for dated in imports])) if imports else np.zeros(0, np.intp)
    cuts = begins[:: BLOCKS_IN_RANGE * len(imports)].tolist()[1:] if imports and not whole else []
    tomorrow = (day_number(today) + 1) * ONE_DAY
    for low, high in pairwise([*sorted({0, *cuts}), len(claims.slugs)]):
        spans = [(dated, span) for dated in imports for span in dated.spans(wanted, low, high)]
        most = sum(block.forecasts for dated, span in spans for block in dated.reader.blocks[span.start : span.stop])
        yield low, high, filled(_decoded(spans, (low, high), wanted, tomorrow, claims.asked), most, no_rows())


class _DatedImport(NamedTuple):
    """An import, and what decides whether its forecasts are backdated.

    Attributes:
        reader: Reads its blocks.
        recorded_at: When the ledger learned it, in microseconds since 1970.
        vouched: The span of time within which its source vouches for the times of forecasts; its end is not included.
    """

    reader: ImportReader
    recorded_at: int
    vouched: tuple[int, int]

    def rows(self, piece: Forecasts, asked: IndexArray) -> Rows:
        """Return decoded forecasts as rows, marked if they are backdated."""
        begin, end = self.vouched
        vouched = (begin <= piece.made_at) & (piece.made_at < end)
        rows = Rows(*piece[:4], _backdated(piece.made_at, self.recorded_at, vouched))
        return _from_last_asked(rows, asked, vouched)

    def spans(self, wanted: BoolArray, low: int, high: int) -> list[range]:
        """Return the runs of blocks that may hold forecasts on wanted claims from *low* to before *high*."""
        # A block is needed if more claims are wanted before its end than before its beginning.
        wanted_before = np.concatenate([[0], np.cumsum(wanted[low:high])])
        begins, ends = (np.clip(bound, low, high) - low for bound in (self.reader.begins, self.reader.ends))
        needed = np.flatnonzero(wanted_before[ends] > wanted_before[begins])
        runs = np.split(needed, np.flatnonzero(np.diff(needed) > 1) + 1)
        return [range(int(run[0]), int(run[-1]) + 1) for run in runs if run.size]


def _dated_imports(connection: sqlite3.Connection, size: int, numbers: tuple[Ranks, Ranks]) -> list[_DatedImport]:
    """Return the imports that hold forecasts, in ledger order."""
    imports = []
    for entry, moment, kind, published in connection.execute(_IMPORTS, (size, size)).fetchall():
        reader = ImportReader(connection, entry, *numbers)
        if reader.blocks:
            recorded = in_microseconds(parse_moment_text(moment))
            imports.append(_DatedImport(reader, recorded, _vouched(kind, published)))
    return imports


def _decoded(
    spans: Sequence[tuple[_DatedImport, range]], bounds: tuple[int, int], wanted: BoolArray, before: int,
    asked: IndexArray,
) -> Iterator[Rows]:  # fmt: skip
    """Decode blocks, some at a time, and yield the rows on wanted claims in *bounds* that count before a moment."""
    for dated, span in spans:
        for blocks in dated.reader.pieces(span, BLOCKS_AT_ONCE):
            piece = blocks.rows(slice(*np.searchsorted(blocks.claim, np.array(bounds, blocks.claim.dtype))))
            chosen = wanted.take(piece.claim)
            chosen &= piece.made_at < before
            if piece.kind is not None:
                chosen &= piece.kind == PROBABILITIES
            count = int(np.count_nonzero(chosen))
            if not count:
                continue
            # If all rows are chosen, skip the copy: it would cost as much as decoding them.
            rows = dated.rows(piece.rows(chosen) if count < piece.size else piece, asked)
            # A forecast on a draft counts from the draft's last change, which may lie after the moment.
            yield rows if rows.time.max(initial=0) < before else rows.part(rows.time < before)


def read_distributions(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns, forecasters: Sequence[int],
    distributions: Distributions,
) -> tuple[Rows, set[tuple[int, int]]]:  # fmt: skip
    """Read the distributions in blocks, all at once; arguments and result are those of :func:`read_records`.

    Forecasts on claims whose question was changed must be read as records, because those rules decide whether they fit.
    """
    not_yes_no, tomorrow = claims.types.kind != YES_OR_NO, (day_number(today) + 1) * ONE_DAY
    parts, say_more = [no_rows()], set[tuple[int, int]]()
    imports = _dated_imports(connection, size, (ranks(claims.entries), ranks(forecasters))) if not_yes_no.any() else []
    for dated in imports:
        for span in dated.spans(not_yes_no, 0, not_yes_no.size):
            for decoded in dated.reader.pieces(span, BLOCKS_AT_ONCE):
                piece = decoded.rows(not_yes_no.take(decoded.claim))
                changed = claims.asked.take(piece.claim) > EARLIEST
                pairs = zip(piece.claim[changed].tolist(), piece.forecaster[changed].tolist(), strict=True)
                say_more |= set(pairs)
                rows = dated.rows(distributions.placed(piece.rows(~changed)), claims.asked)
                parts.append(rows.part(rows.time < tomorrow))
    return joined_rows(*parts), say_more


def _backdated(made_at: IndexArray, recorded_at: IndexArray | int, vouched: BoolArray) -> NDArray[np.uint8]:
    """Return 1 for forecasts whose time no source vouches for, and that were not recorded when they were made."""
    witnessed = abs(made_at - recorded_at) <= WITNESSED_WITHIN // MICROSECOND
    return (~vouched & ~witnessed).astype(np.uint8)  # 1, which is SetApart.BACKDATED


def _from_last_asked(rows: Rows, asked: IndexArray, vouched: BoolArray) -> Rows:
    """Move witnessed forecasts on a draft to the moment at which the draft was last changed.

    A forecast made while the claim asked something else cannot count before the claim asks what it asks now. Forecasts
    published by a source keep their time: they were recorded for the claim in its present form.
    """
    since = asked.take(rows.claim)
    # Backdated forecasts are not moved: they are set apart anyway, and keep the day that was given.
    moved = ~vouched & (rows.mark == 0) & (rows.time < since)
    return rows._replace(time=np.where(moved, since, rows.time)) if moved.any() else rows


def read_records(
    connection: sqlite3.Connection,
    size: int,
    today: date,
    claims: ClaimColumns,
    forecasters: Sequence[int],
    distributions: Distributions,
) -> tuple[Rows, set[tuple[int, int]]]:
    """Read the plain records: one number, distribution or withdrawal each, and never corrected.

    The arguments are those of :func:`read_ranges`, and *distributions*, the distributions of the ledger.

    Returns:
        The rows by claim, marked if they are backdated; and the series (claim, forecaster) with a forecast that is not
        plain (a range, words, a correction): all of such a series must be read as records.
    """
    columns = record_columns(connection, size)
    if not columns.entry.size:
        return no_rows(), set()
    claim = looked_up(ranks(claims.entries), columns.claim)
    forecaster = looked_up(ranks(forecasters), columns.forecaster)
    changed = (claims.asked > EARLIEST) & (claims.types.kind != YES_OR_NO)  # earlier distributions may no longer fit
    columns = columns._replace(probability=distributions.places(columns, claim))
    misfits = changed.take(claim) | (np.isnan(columns.probability) & ~columns.withdrawn)
    plain = columns.plain & ~misfits
    say_more = set(zip(claim[~plain].tolist(), forecaster[~plain].tolist(), strict=True))
    vouched_by = {
        began: _vouched(kind, published) for began, kind, published in connection.execute(_SOURCE_DATES, (size,))
    }
    spans = [vouched_by.get(source, (0, 0)) for source in columns.published_in.tolist()]
    begin, end = np.array(spans, np.int64).T
    times = columns.made_at
    vouched = (begin <= times) & (times < end)
    backdated = _backdated(times, recorded_at(connection, columns.entry, size), vouched)
    rows = Rows(claim, forecaster, times, columns.probability, backdated)
    rows = _from_last_asked(rows, claims.asked, vouched)
    tomorrow = (day_number(today) + 1) * ONE_DAY
    series = claim * np.int64(len(forecasters)) + forecaster
    alone = plain & ~np.isin(series, series[~plain])  # the rest is read as records
    chosen = np.flatnonzero(alone & (rows.time < tomorrow))
    by_claim = np.argsort(claim[chosen], kind="stable")
    return rows.part(chosen[by_claim]), say_more


def _vouched(kind: str | None, published: str | None) -> tuple[int, int]:
    """Return the span of time within which a source vouches for the times of forecasts that it published.

    The end of the span is not included. It is empty if the source vouches for no time.
    """
    days = vouched_days(SourceKind(kind), published) if kind else None
    if days is None:
        return 0, 0
    first, last = days
    begin = EARLIEST if first == date.min else in_microseconds(start_of(first))
    return begin, LATEST + 1 if last == date.max else in_microseconds(start_of(last)) + ONE_DAY
