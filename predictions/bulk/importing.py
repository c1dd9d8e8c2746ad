"""Bulk import: many forecasts under one entry, checked and hashed as columns, whole or not at all.

The rows are read once, checked piece by piece and laid aside by ranges of claims; then range by range they are put
in order, compared with what is on file, hashed in blocks and inserted. Memory stays flat.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.bulk.aside import Aside, Numbered, report
from predictions.bulk.badrows import BadRows
from predictions.bulk.blocks import Blocks, Chances, Forecasts, Ranks, Times, blocks_root, slugs_sha256, together
from predictions.bulk.fetch import fetch
from predictions.bulk.imported import Imported
from predictions.bulk.incoming import incoming
from predictions.kinds import ForecasterKind
from predictions.moments import EPOCH, MICROSECOND, moment_text, parse_moment_text
from predictions.records import Forecaster, Import, Source
from predictions.verbs.recording import AHEAD, Desk, build, enter, the_slug

TOGETHER = 256  # rows in one INSERT
INSERT = "insert into main.imported_forecast (claim, forecaster, made_at, probability) values "
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
    published_in = options.published_in and the_slug(desk.store, Source, options.published_in)
    claims = connection.execute("select slug, entry from main.claim where revision = 1 order by slug").fetchall()
    with (
        incoming(source) as coming,
        closing(Aside([slug for slug, _ in claims])) as aside,
        BadRows(options.skip_bad) as bad,
    ):
        aside.take(coming.pieces, bad, latest=(desk.now + AHEAD - EPOCH) // MICROSECOND, by=options.by)
        bad.refuse()
        forecasters, new = _forecasters(desk, connection, aside, options.kind)
        writing = _Rows(connection, aside, np.array([entry for _, entry in claims], np.int64), forecasters)
        writing.write(bad)
        bad.refuse()
        done = Imported(
            file=coming.file, forecasts=writing.forecasts, already=writing.already, left_out=bad.count,
            rounded=aside.rounded, claims=int(aside.used.sum()), forecasters=len(forecasters), new_forecasters=new,
            bad_rows=tuple(bad.first),
        )  # fmt: skip
        if writing.forecasts:
            _seal_rows(desk, writing, done, coming.sha256, published_in)
        report("")
        return done


def _forecasters(desk: Desk, connection: sqlite3.Connection, aside: Aside, kind: str) -> tuple[dict[str, int], int]:
    """The forecasters of the rows by slug, in order, each with his entry; those new are recorded."""
    slugs = sorted(name for name, named in zip(aside.names, aside.named.tolist(), strict=True) if named)
    known = set(desk.store.slugs(Forecaster))
    new = [slug for slug in slugs if slug not in known]
    for slug in new:
        enter(desk, build(Forecaster, {"slug": slug, "title": slug, "kind": kind}))
    entries = dict(connection.execute("select slug, entry from main.forecaster where revision = 1"))
    return {slug: entries[slug] for slug in slugs}, len(new)


def _seal_rows(desk: Desk, rows: _Rows, done: Imported, sha256: str | None, published_in: str | None) -> None:
    """Enter the import itself, with the digests that hold its rows."""
    digests = rows.blocks.digests
    record = build(
        Import,
        {
            "number": max((one.number for one in desk.store.standing(Import)), default=0) + 1,
            "file": done.file, "sha256": sha256,
            "forecasts": done.forecasts, "already": done.already, "left_out": done.left_out, "rounded": done.rounded,
            "claims": done.claims, "claims_sha256": slugs_sha256(rows.claim_slugs), "forecasters": done.forecasters,
            "forecasters_sha256": slugs_sha256(rows.forecaster_slugs), "blocks": len(digests),
            "blocks_root": blocks_root(digests), "published_in": published_in, "recorded_by": desk.me,
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
        self.forecasts = self.already = 0
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
        self._on_file = _OnFile(connection, claim_entries, self._forecaster_entries)
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
            self._insert(rows)
            self.blocks.add(Forecasts(self._claim_rank[rows.claim], *rows[1:]))
            self.forecasts += rows.size
            report(f"{self.forecasts:,} forecasts written")
        self.blocks.finish()

    def _fresh(self, rows: Forecasts, numbers: Numbered, bad: BadRows) -> NDArray[np.bool_] | None:
        """Which rows are neither on file nor repeat a row before them; None where all are."""
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
        repeated = same & ~old & (said == said[first])
        contrary = same & ~old & ~repeated
        self.already += int(repeated.sum())
        for place in np.flatnonzero(contrary).tolist():
            self._contradiction(rows, numbers, place, int(first[place]), bad)
        return np.asarray(~(repeated | contrary | old))

    def _contradiction(self, rows: Forecasts, numbers: Numbered, place: int, first: int, bad: BadRows) -> None:
        other = f"row {numbers[first]}" if numbers[first] else "the ledger"
        claim = self._aside.claims[rows.claim[place]]
        forecaster = self.forecaster_slugs[rows.forecaster[place]]
        moment = moment_text(EPOCH + int(rows.made_at[place]) * MICROSECOND)
        reason = (
            f"it says {_said(rows, place)}, and {other} {_said(rows, first)}, of the same claim and time, by the same"
        )
        bad.add(int(numbers[place]), reason, (claim, forecaster, moment, _said(rows, place)))

    def _insert(self, rows: Forecasts) -> None:
        chances: list[float | None] = rows.probability.tolist()
        for place in np.flatnonzero(np.isnan(rows.probability)).tolist():
            chances[place] = None
        flat: list[float | int | None] = [None] * (4 * rows.size)
        flat[0::4] = self._claim_entries[rows.claim].tolist()
        flat[1::4] = self._forecaster_entries[rows.forecaster].tolist()
        flat[2::4] = rows.made_at.tolist()
        flat[3::4] = chances
        whole = rows.size - rows.size % TOGETHER
        statement = INSERT + ",".join(["(?,?,?,?)"] * TOGETHER)
        for first in range(0, 4 * whole, 4 * TOGETHER):
            self._connection.execute(statement, flat[first : first + 4 * TOGETHER])
        if whole < rows.size:
            self._connection.execute(INSERT + ",".join(["(?,?,?,?)"] * (rows.size - whole)), flat[4 * whole :])

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
        self, connection: sqlite3.Connection, claim_entries: NDArray[np.int64], forecaster_entries: NDArray[np.int64]
    ) -> None:
        self._connection = connection
        self._claim = _ranks(claim_entries)
        self._forecaster = _ranks(forecaster_entries)
        self._by_hand = self._read_by_hand()
        self._imports = connection.execute(
            "select min(first), sum(forecasts) from main.block group by import order by 1"
        ).fetchall()

    def between(self, first: int, last: int) -> Forecasts:
        """What is on file on the claims of these ranks, by forecasters who have a rank."""
        mine = self._by_hand
        found = [mine.rows((mine.claim >= first) & (mine.claim <= last))]
        for start, count in self._imports:
            begin, end = (self._place(start, count, rank) for rank in (first, last + 1))
            found += [self._ranked(piece) for piece in fetch(self._connection, begin, end - 1)]
        joined = together(found)
        return joined.rows(joined.forecaster >= 0) if joined.size else joined

    def _place(self, start: int, count: int, rank: int) -> int:
        """The first row of an import whose claim has this rank or a later one; its rows are in that order."""
        low, high = start, start + count
        while low < high:
            middle = (low + high) // 2
            query = "select claim from main.imported_forecast where n = ?"
            (entry,) = self._connection.execute(query, (middle,)).fetchone()
            low, high = (middle + 1, high) if self._claim[entry] < rank else (low, middle)
        return low

    def _read_by_hand(self) -> Forecasts:
        kept = {(claim, whom, made_at): chance for claim, whom, made_at, chance in self._connection.execute(BY_HAND)}
        moments = [(parse_moment_text(made_at) - EPOCH) // MICROSECOND for _, _, made_at in kept]
        chances: Chances = np.array([np.nan if chance is None else chance for chance in kept.values()], np.float64)
        times: Times = np.array(moments, np.int64)
        claim, whom = ([key[place] for key in kept] for place in (0, 1))
        return self._ranked(Forecasts(np.array(claim, np.int32), np.array(whom, np.int32), times, chances))

    def _ranked(self, rows: Forecasts) -> Forecasts:
        return Forecasts(self._claim[rows.claim], _looked_up(self._forecaster, rows.forecaster), *rows[2:])


def _ranks(entries: NDArray[np.int64]) -> Ranks:
    """The rank of each entry; -1 for those that have none."""
    found = np.full(int(entries.max(initial=0)) + 1, -1, np.int32)
    found[entries] = np.arange(entries.size, dtype=np.int32)
    return found


def _looked_up(ranks: Ranks, entries: Ranks) -> Ranks:
    return np.where(entries < ranks.size, ranks[np.minimum(entries, ranks.size - 1)], np.int32(-1))


def _order(rows: Forecasts, forecasters: int) -> NDArray[np.intp] | None:
    """The order of claim, forecaster and time, equal ones as they stand; None where they are in it."""
    key = (rows.claim.astype(np.int64) - rows.claim.min()) * forecasters + rows.forecaster
    step, later = np.diff(key), np.diff(rows.made_at) >= 0
    if ((step > 0) | ((step == 0) & later)).all():
        return None
    bits = rows.size.bit_length()
    if later.all() and int(key.max()).bit_length() + bits < 63:
        key = key << bits | np.arange(rows.size)  # all different, so the fastest sort does, whatever it does to equals
        key.sort()
        return np.asarray(key & ((1 << bits) - 1))
    return np.lexsort((rows.made_at, key))


def _said(rows: Forecasts, place: int) -> str:
    chance: Sequence[float] = rows.probability[place : place + 1].tolist()
    return "a withdrawal" if np.isnan(chance[0]) else repr(chance[0])
