"""Bulk import: many forecasts under one entry, checked and hashed as columns, whole or not at all.

The rows are read once, checked piece by piece and laid aside by ranges of claims; then range by range they are put
in order, compared with what is on file, hashed in blocks and inserted. Memory stays flat.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from math import isnan
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.bulk.aside import Aside, Numbered, report
from predictions.bulk.badrows import BadRows
from predictions.bulk.blocks import Blocks, Chances, Forecasts, Times, blocks_root, slugs_sha256, together
from predictions.bulk.fetch import fetch
from predictions.bulk.imported import Imported
from predictions.bulk.imports import blocks_of, imports, ranked, ranks, rows_of, span
from predictions.bulk.incoming import incoming
from predictions.bulk.inserting import insert
from predictions.errors import InvalidValue, shown
from predictions.kinds import ForecasterKind
from predictions.moments import EPOCH, MICROSECOND, moment_text, parse_moment_text
from predictions.records import Forecaster, Import, Source
from predictions.verbs.recording import AHEAD, Desk, build, the_slug

BY_HAND = """select claim, forecaster, made_at, coalesce(probability, (low + high) / 2) from main.forecast
where withdrawn or probability is not null or low is not null order by entry"""


class Options(NamedTuple):
    """How an import is to be made."""

    by: str | None = None
    kind: str = ForecasterKind.PERSON
    published_in: str | None = None
    skip_bad: Path | None = None


def import_forecasts(desk: Desk, connection: sqlite3.Connection, source: object, options: Options) -> Imported:
    """Record every forecast of *source* that is not on file yet, inside the desk's open transaction.

    Raises InvalidValue with the first bad rows and their number, unless they are written aside; NotFound for
    an unknown source of publication.
    """
    kind = _kind(options.kind)
    published_in = options.published_in and the_slug(desk.store, Source, options.published_in)
    claims = connection.execute("select slug, entry from main.claim where revision = 1 order by slug").fetchall()
    with (
        incoming(source) as coming,
        closing(Aside([slug for slug, _ in claims])) as aside,
        BadRows(options.skip_bad) as bad,
    ):
        aside.take(coming.pieces, bad, latest=(desk.now + AHEAD - EPOCH) // MICROSECOND, by=options.by)
        bad.refuse()
        forecasters, new = _forecasters(desk, connection, aside, kind)
        writing = _Rows(connection, aside, np.array([entry for _, entry in claims], np.int64), forecasters)
        writing.write(bad)
        bad.refuse()
        done = Imported(
            file=coming.file, forecasts=writing.forecasts, already=writing.already, repeated=writing.repeated,
            left_out=bad.count, rounded=aside.rounded, claims=int(aside.used.sum()), forecasters=len(forecasters),
            new_forecasters=new, bad_rows=tuple(bad.first),
        )  # fmt: skip
        if writing.forecasts:
            _seal_rows(desk, writing, done, coming.sha256, published_in)
        report("")
        return done


def _forecasters(
    desk: Desk, connection: sqlite3.Connection, aside: Aside, kind: ForecasterKind
) -> tuple[dict[str, int], int]:
    """The forecasters of the rows by slug, in order, each with his entry; those new are recorded."""
    slugs = sorted(name for name, named in zip(aside.names, aside.named.tolist(), strict=True) if named)
    known = set(desk.store.slugs(Forecaster))
    new = [slug for slug in slugs if slug not in known]
    for slug in new:
        new_one = build(Forecaster, {"slug": slug, "title": slug, "kind": kind, "recorded_by": desk.me})
        desk.store.put(desk.writing, new_one)
    entries = dict(connection.execute("select slug, entry from main.forecaster where revision = 1"))
    return {slug: entries[slug] for slug in slugs}, len(new)


def _kind(word: str) -> ForecasterKind:
    try:
        return ForecasterKind(word)
    except ValueError:
        raise InvalidValue(f"{shown(word)} is no kind of forecaster; say {' or '.join(ForecasterKind)}") from None


def _seal_rows(desk: Desk, rows: _Rows, done: Imported, sha256: str | None, published_in: str | None) -> None:
    """Enter the import itself, with the digests that hold its rows."""
    digests = rows.blocks.digests
    record = build(
        Import,
        {
            "number": max((one.number for one in desk.store.standing(Import)), default=0) + 1,
            "file": done.file, "sha256": sha256,
            "forecasts": done.forecasts, "already": done.already + done.repeated, "left_out": done.left_out,
            "rounded": done.rounded, "claims": done.claims, "claims_sha256": slugs_sha256(rows.claim_slugs),
            "forecasters": done.forecasters, "forecasters_sha256": slugs_sha256(rows.forecaster_slugs),
            "blocks": len(digests), "blocks_root": blocks_root(digests), "published_in": published_in,
            "recorded_by": desk.me,
        },
    )  # fmt: skip
    rows.put_lists(desk.store.put(desk.writing, record))


class _Rows:
    """Writes rows laid aside, each range of claims in the order of claim, forecaster and time."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        aside: Aside,
        claim_entries: NDArray[np.int64],
        forecasters: dict[str, int],
    ) -> None:
        self.forecasts = self.already = self.repeated = 0
        self.blocks = Blocks()
        self.claim_slugs = [slug for slug, used in zip(aside.claims, aside.used.tolist(), strict=True) if used]
        self.forecaster_slugs = list(forecasters)
        self._connection = connection
        self._aside = aside
        self._claim_entries = claim_entries
        self._claim_rank = np.cumsum(aside.used).astype(np.int32) - 1
        self._forecaster_entries = np.array(list(forecasters.values()), np.int64)
        rank = {slug: place for place, slug in enumerate(forecasters)}
        self._forecaster_rank = np.array([rank.get(name, -1) for name in aside.names], np.int32)
        self._on_file = _OnFile(connection, aside.claims, claim_entries, self._forecaster_entries)
        (self._first,) = connection.execute("select coalesce(max(n), 0) + 1 from main.imported_forecast").fetchone()

    def write(self, bad: BadRows) -> None:
        """Insert what is not on file yet; what contradicts it, or another row, is told to *bad*."""
        for aside in self._aside.ranges():
            rows = aside.rows._replace(forecaster=self._forecaster_rank[aside.rows.forecaster])
            numbers = aside.number
            on_file = self._on_file.between(int(rows.claim.min()), int(rows.claim.max()))
            if on_file.size:
                rows = together([on_file, rows])
                numbers = np.concatenate([np.zeros(on_file.size, np.uint32), numbers])
            order = _order(rows, len(self.forecaster_slugs))
            if order is not None:
                rows, numbers = rows.rows(order), numbers[order]
            fresh = self._fresh(rows, numbers, bad)
            if fresh is not None:
                rows = rows.rows(fresh)
            entries = rows._replace(
                claim=self._claim_entries[rows.claim].astype(np.int32),
                forecaster=self._forecaster_entries[rows.forecaster].astype(np.int32),
            )
            insert(self._connection, entries)
            self.blocks.add(Forecasts(self._claim_rank[rows.claim], *rows[1:]))
            self.forecasts += rows.size
            report(f"{self.forecasts:,} forecasts written")
        self.blocks.finish()

    def _fresh(self, rows: Forecasts, numbers: Numbered, bad: BadRows) -> NDArray[np.bool_] | None:
        """Which rows are neither on file nor repeat a row before them; None where all are.

        What is on file of one claim, forecaster and time comes first: as logged by hand, then as imported.
        """
        same = np.zeros(rows.size, np.bool_)
        same[1:] = (
            (rows.made_at[1:] == rows.made_at[:-1])
            & (rows.claim[1:] == rows.claim[:-1])
            & (rows.forecaster[1:] == rows.forecaster[:-1])
        )
        old = numbers == 0
        if not same.any() and not old.any():
            return None
        first = np.maximum.accumulate(np.where(same, 0, np.arange(rows.size)))
        said = np.where(np.isnan(rows.probability), -1.0, rows.probability)
        agrees = same & (said == said[first])
        for step in range(1, int((np.arange(rows.size) - first)[old].max(initial=0)) + 1):
            other = np.minimum(first + step, rows.size - 1)
            agrees |= old[other] & (first == first[other]) & (said == said[other])
        self.already += int((agrees & ~old & old[first]).sum())
        self.repeated += int((agrees & ~old & ~old[first]).sum())
        for place in np.flatnonzero(same & ~old & ~agrees).tolist():
            self._contradiction(rows, numbers, place, int(first[place]), bad)
        return np.asarray(~(same | old))

    def _contradiction(self, rows: Forecasts, numbers: Numbered, place: int, first: int, bad: BadRows) -> None:
        other = f"row {numbers[first]}" if numbers[first] else "the ledger"
        claim = self._aside.claims[rows.claim[place]]
        forecaster = self.forecaster_slugs[rows.forecaster[place]]
        moment = moment_text(EPOCH + int(rows.made_at[place]) * MICROSECOND)
        (chance,), (before,) = (rows.probability[one : one + 1].tolist() for one in (place, first))
        reason = f"it says {_said(chance)}, and {other} says {_said(before)}, for the same claim, forecaster and time"
        bad.add(int(numbers[place]), reason, (claim, forecaster, moment, chance, isnan(chance) or None))

    def put_lists(self, entry: int) -> None:
        """The claims and forecasters in the order of their ranks, and the blocks, under the import's entry."""
        used = self._claim_entries[np.flatnonzero(self._aside.used)].tolist()
        put = self._connection.executemany
        put("insert into main.import_claim values (?, ?, ?)", ((entry, place, one) for place, one in enumerate(used)))
        put(
            "insert into main.import_forecaster values (?, ?, ?)",
            ((entry, place, one) for place, one in enumerate(self._forecaster_entries.tolist())),
        )
        firsts = self._first + np.cumsum([0, *self.blocks.sizes[:-1]])
        put(
            "insert into main.block values (?, ?, ?, ?, ?)",
            (
                (first, entry, place, size, digest)
                for place, (first, size, digest) in enumerate(
                    zip(firsts.tolist(), self.blocks.sizes, self.blocks.digests, strict=True)
                )
            ),
        )


class _OnFile:
    """The forecasts recorded before, by ranges of claims; claims and forecasters as ranks."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        claims: Sequence[str],
        claim_entries: NDArray[np.int64],
        forecaster_entries: NDArray[np.int64],
    ) -> None:
        self._connection = connection
        self._claims = claims
        self._ranks = ranks(claim_entries), ranks(forecaster_entries)
        self._by_hand = self._read_by_hand()
        self._imports = [rows_of(blocks_of(connection, one.entry)) for one in imports(connection)]

    def between(self, first: int, last: int) -> Forecasts:
        """What is on file on the claims of these ranks, by forecasters who have a rank."""
        mine = self._by_hand
        found = [mine.rows((mine.claim >= first) & (mine.claim <= last))]
        for every in self._imports:
            rows = span(self._connection, every, self._claims[first], self._claims[last])
            pieces = fetch(self._connection, rows.start, rows.stop - 1)
            found += [ranked(piece, *self._ranks) for piece in pieces]
        joined = together(found)
        return joined.rows((joined.claim >= 0) & (joined.forecaster >= 0)) if joined.size else joined

    def _read_by_hand(self) -> Forecasts:
        kept = {(claim, whom, made_at): chance for claim, whom, made_at, chance in self._connection.execute(BY_HAND)}
        moments = [(parse_moment_text(made_at) - EPOCH) // MICROSECOND for _, _, made_at in kept]
        chances: Chances = np.array([np.nan if chance is None else chance for chance in kept.values()], np.float64)
        times: Times = np.array(moments, np.int64)
        claim, whom = ([key[place] for key in kept] for place in (0, 1))
        by_hand = Forecasts(np.array(claim, np.int32), np.array(whom, np.int32), times, chances)
        return ranked(by_hand, *self._ranks)


def _order(rows: Forecasts, forecasters: int) -> NDArray[np.intp] | None:
    """The order of claim, forecaster and time, equal ones as they stand; None where they are in it."""
    key = (rows.claim.astype(np.int64) - rows.claim.min()) * forecasters + rows.forecaster
    if _in_order(key, rows.made_at):
        return None
    bits = rows.size.bit_length()
    if int(key.max()).bit_length() + bits < 63:
        placed = key << bits | np.arange(rows.size)  # all different, so the fastest sort keeps equal keys as they stand
        placed.sort()
        order = np.asarray(placed & ((1 << bits) - 1))
        if _in_order(placed >> bits, rows.made_at[order]):
            return order
    return np.lexsort((rows.made_at, key))


def _in_order(key: NDArray[np.int64], made_at: Times) -> bool:
    step = np.diff(key)
    return bool(((step > 0) | ((step == 0) & (np.diff(made_at) >= 0))).all())


def _said(chance: float) -> str:
    return "a withdrawal" if isnan(chance) else repr(chance)
