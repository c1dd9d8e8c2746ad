"""Rows of an import laid aside by ranges of claims, on disk once they are many, so that memory stays flat."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from tempfile import SpooledTemporaryFile
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from predictions.bulk.badrows import BadRows
from predictions.bulk.blocks import Forecasts, Ranks
from predictions.bulk.checked import Checked, Numbers, checked
from predictions.bulk.incoming import PIECE, Raw
from predictions.errors import shown
from predictions.values import check_slug

RANGES = 64
IN_MEMORY = 32_000_000  # bytes laid aside before they go to disk
UNKNOWN = -1

Numbered: TypeAlias = NDArray[np.uint32]
TYPES: tuple[np.dtype[Any], ...] = (
    np.dtype(np.int32),
    np.dtype(np.int32),
    np.dtype(np.int64),
    np.dtype(np.float64),
    np.dtype(np.uint32),
)


class Range(NamedTuple):
    """Rows on one range of claims, with the number each had in its file."""

    rows: Forecasts
    number: Numbered


class Aside:
    """The rows that may be recorded, in ranges of the ledger's claims in the order of their slugs."""

    def __init__(self, claims: Sequence[str]) -> None:
        self.claims = claims
        self.used = np.zeros(len(claims), np.bool_)
        self.names: list[str] = []  # of forecasters, by the number each row has
        self.named = np.zeros(0, np.bool_)  # whether a row that may be recorded names him
        self.rounded = 0
        self.rows = 0
        self._place = {slug: place for place, slug in enumerate(claims)}
        self._claims, self._forecasters = Numbers(), Numbers()
        self._claim_places: Ranks = np.zeros(0, np.int32)
        self._wrong: dict[int, str] = {}
        self._file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed by close()
        self._pieces: list[list[tuple[int, int, int, int]]] = [[] for _ in range(RANGES)]

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()

    def take(self, pieces: Iterable[Raw], bad: BadRows, *, latest: int, by: str | None) -> None:
        """Check the pieces and lay the good rows aside; the bad ones are told to *bad*."""
        for raw in pieces:
            found = checked(raw, self._claims, self._forecasters, latest=latest, by=by)
            self._learn()
            claim = self._claim_places[found.rows.claim]
            reasons = dict(found.bad)
            if self._wrong or (claim == UNKNOWN).any():
                reasons.update(self._unknown(found, claim))
            for place in sorted(reasons):
                bad.add(self.rows + place + 1, reasons[place], _values(raw, place, by))
            rows, number = found.rows._replace(claim=claim), (found.place + (self.rows + 1)).astype(np.uint32)
            if len(reasons) > len(found.bad):
                good = ~np.isin(found.place, list(reasons))
                rows, number = rows.rows(good), number[good]
            self._lay(rows, number)
            self.rounded += found.rounded
            self.rows += raw.size
            report(f"{self.rows:,} rows read")
        self.names = list(self._forecasters)

    def ranges(self) -> Iterator[Range]:
        """The rows of one range of claims after the other, small ones together; on one claim in the order given."""
        pieces: list[tuple[int, int, int, int]] = []
        size = 0
        for more in self._pieces:
            added = sum(last - first for _, _, first, last in more)
            if size and size + added > PIECE:
                yield self._range(pieces)
                pieces, size = [], 0
            pieces, size = [*pieces, *more], size + added
        if size:
            yield self._range(pieces)

    def _range(self, pieces: Sequence[tuple[int, int, int, int]]) -> Range:
        columns = [self._column(pieces, place) for place in range(len(TYPES))]
        return Range(Forecasts(*columns[:4]), columns[4])

    def _column(self, pieces: Sequence[tuple[int, int, int, int]], place: int) -> NDArray[Any]:
        """One column of a range, put together from where its parts were laid."""
        kind, before = TYPES[place], sum(one.itemsize for one in TYPES[:place])
        parts = []
        for start, size, first, last in pieces:
            self._file.seek(start + before * size + kind.itemsize * first)
            parts.append(self._file.read(kind.itemsize * (last - first)))
        return np.frombuffer(b"".join(parts), kind)

    def _lay(self, rows: Forecasts, number: Numbered) -> None:
        """Write a piece column by column, in the order of the ranges."""
        if not rows.size:
            return
        self.used[rows.claim] = True
        self.named[rows.forecaster] = True
        ranges = (rows.claim.astype(np.int64) * RANGES // len(self.claims)).astype(np.uint8)
        order = np.argsort(ranges, kind="stable")
        start = self._file.seek(0, 2)
        columns: list[NDArray[Any]] = [*rows, number]
        for column, kind in zip(columns, TYPES, strict=True):
            self._file.write(column[order].astype(kind, copy=False).tobytes())
        ends = np.cumsum(np.bincount(ranges, minlength=RANGES)).tolist()
        for pieces, first, last in zip(self._pieces, [0, *ends], ends, strict=False):
            if last > first:
                pieces.append((start, rows.size, first, last))

    def _learn(self) -> None:
        """Look up the names that are new."""
        known = self._claim_places.size
        if len(self._claims) > known:
            new = [self._place.get(name, UNKNOWN) for name in list(self._claims)[known:]]
            self._claim_places = np.concatenate([self._claim_places, np.array(new, np.int32)])
        known = self.named.size
        for number, name in enumerate(list(self._forecasters)[known:], known):
            try:
                check_slug(name)
            except ValueError as error:
                self._wrong[number] = f"forecaster: {error}"
        self.named = np.concatenate([self.named, np.zeros(len(self._forecasters) - known, np.bool_)])

    def _unknown(self, found: Checked, claim: Ranks) -> dict[int, str]:
        """Rows that name no claim of this ledger, or whose forecaster's name is no slug."""
        reasons = {}
        names = list(self._claims)
        wrong = np.isin(found.rows.forecaster, list(self._wrong))
        for index in np.flatnonzero((claim == UNKNOWN) | wrong).tolist():
            number = int(found.rows.forecaster[index])
            unknown = claim[index] == UNKNOWN
            reasons[int(found.place[index])] = (
                self._no_claim(names[found.rows.claim[index]]) if unknown else self._wrong[number]
            )
        return reasons

    def _no_claim(self, name: str) -> str:
        near = get_close_matches(name, self.claims, n=1, cutoff=0.6) if len(self.claims) < 10_000 else []
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"no claim {shown(name)} in this ledger{hint}"


def report(text: str) -> None:
    """Progress, where somebody looks on."""
    if sys.stderr.isatty():
        print(f"\r{text}\x1b[K", end="", file=sys.stderr, flush=True)


def _values(raw: Raw, place: int, by: str | None) -> list[object]:
    whole = (raw.claim, raw.forecaster, raw.made_at, raw.probability, raw.withdrawn)
    values: list[Any] = [None if column is None else column[place] for column in whole]
    if raw.forecaster is None:
        values[1] = by
    values = [value.item() if isinstance(value, np.generic) else value for value in values]
    return [value.as_py() if hasattr(value, "as_py") else value for value in values]
