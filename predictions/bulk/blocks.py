"""The blocks of an import: 4,096 forecasts as little-endian columns, hashed, so that a change is located.

A block holds four columns one after the other: the ranks of claims and of forecasters in the import's sorted
lists of slugs (u32 each), microseconds since 1970 (i64), probabilities (f64; a withdrawal is the NaN
0x7ff8000000000000). Rows stand in the order of claim, forecaster and time.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from predictions.merkle import leaf_hash, root

BLOCK = 4096

Ranks: TypeAlias = NDArray[np.int32]
Times: TypeAlias = NDArray[np.int64]
Chances: TypeAlias = NDArray[np.float64]


class Forecasts(NamedTuple):
    """Columns of forecasts, one row each; NaN is a withdrawal. Who and what are numbers whose list the caller has."""

    claim: Ranks
    forecaster: Ranks
    made_at: Times
    probability: Chances

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self.claim.size)

    def rows(self, chosen: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Forecasts:
        """Some of the rows."""
        claim, forecaster, made_at, probability = self
        return Forecasts(claim[chosen], forecaster[chosen], made_at[chosen], probability[chosen])


def encoded(rows: Forecasts) -> bytes:
    """The bytes of one block, ranks in place of entries.

    >>> one = Forecasts(np.array([0], "i4"), np.array([1], "i4"), np.array([2], "i8"), np.array([0.5]))
    >>> encoded(one).hex()
    '00000000010000000200000000000000000000000000e03f'
    """
    chances = np.where(np.isnan(rows.probability), np.nan, rows.probability)  # one NaN for all withdrawals
    columns = (
        rows.claim.astype("<u4"),
        rows.forecaster.astype("<u4"),
        rows.made_at.astype("<i8"),
        chances.astype("<f8"),
    )
    return b"".join(column.tobytes() for column in columns)


def digest(block: bytes) -> bytes:
    """The hash of one block: a leaf of the import's own Merkle tree, without a salt."""
    return leaf_hash(b"", block)


def blocks_root(digests: Iterable[bytes]) -> str:
    """The Merkle root of an import's blocks, in hexadecimal."""
    return root(digests).hex()


def slugs_sha256(slugs: Iterable[str]) -> str:
    """The digest of a list of slugs, each followed by a new line.

    >>> slugs_sha256(["ana", "ben"]) == sha256(b"ana\\nben\\n").hexdigest()
    True
    """
    return sha256("".join(f"{slug}\n" for slug in slugs).encode()).hexdigest()


class Blocks:
    """Cuts rows that come in pieces into blocks of 4,096."""

    def __init__(self) -> None:
        self.digests: list[bytes] = []
        self.sizes: list[int] = []
        self._left: list[Forecasts] = []
        self._waiting = 0

    def add(self, rows: Forecasts) -> None:
        """Take the next rows in order; full blocks are hashed."""
        self._left.append(rows)
        self._waiting += rows.size
        if self._waiting >= BLOCK:
            joined = together(self._left)
            whole = joined.size - joined.size % BLOCK
            for first in range(0, whole, BLOCK):
                self._hash(joined.rows(slice(first, first + BLOCK)))
            self._left = [joined.rows(slice(whole, None))]
            self._waiting = joined.size - whole

    def finish(self) -> None:
        """Hash what is left as the last block, which may be short."""
        if self._waiting:
            self._hash(together(self._left))
        self._left, self._waiting = [], 0

    def _hash(self, rows: Forecasts) -> None:
        self.digests.append(digest(encoded(rows)))
        self.sizes.append(rows.size)


def together(pieces: Iterable[Forecasts]) -> Forecasts:
    """Pieces of rows as one."""
    kept = list(pieces)
    return kept[0] if len(kept) == 1 else Forecasts(*(np.concatenate(columns) for columns in zip(*kept, strict=True)))
