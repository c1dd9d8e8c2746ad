"""The bytes of a block: up to 4,096 imported forecasts as little-endian columns, stored as they are hashed.

A block begins with two u32, its kind and its number of rows. Then come columns one after the other: the ranks of claims
and of forecasters in the import's lists (u32 each) and microseconds since 1970 (i64). A block of probabilities (kind 1)
ends with these (f64; a withdrawal is the NaN 0x7ff8000000000000). One of distributions goes on with the number of lines
of each row (u32; 0 for a withdrawal) and then the lines of all rows: for shares (2) the shares (f64), in the order of
the claim's options; for points (3) the values (f64), then the chances (f64); for days (4) the days since 1970 (i32),
then the chances. Rows are in strict order of claim, forecaster and time.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from predictions.storage.lines import NO_LINES, Lines, lined_up
from predictions.storage.merkle import leaf_hash, root
from predictions.timestamps import EARLIEST, LATEST

BLOCK_ROWS = 4096
BLOCK_LINES = 65_536
PROBABILITIES, SHARES, POINTS, DAYS = BLOCK_KINDS = range(
    1, 5
)  # the header names the kind, so a new one changes no hash
FIRST_DAY, LAST_DAY = -719_162, 2_932_896  # of the years 0001 to 9999, since 1970
LARGEST_VALUE = 10**15
SUM_WITHIN = 1e-8  # how far the sum of shares may lie from 1
CERTAINTY = 0x3FF0000000000000  # the bits of 1.0
WITHDRAWAL = 0x7FF8000000000000

_HEADER = np.dtype([("kind", "<u4"), ("rows", "<u4")])
_ROW_KEY: tuple[np.dtype[Any], ...] = (np.dtype("<u4"), np.dtype("<u4"), np.dtype("<i8"))
_FLOAT64, _UINT32, _INT32 = np.dtype("<f8"), np.dtype("<u4"), np.dtype("<i4")
_KEY_BYTES = sum(column.itemsize for column in _ROW_KEY)
_OF_LINES: dict[int, tuple[np.dtype[Any], ...]] = {  # by kind, the columns of lines
    SHARES: (_FLOAT64,), POINTS: (_FLOAT64, _FLOAT64), DAYS: (_INT32, _FLOAT64),
}  # fmt: skip

Ranks: TypeAlias = NDArray[np.int32]
Times: TypeAlias = NDArray[np.int64]
ChanceArray: TypeAlias = NDArray[np.float64]
Kinds: TypeAlias = NDArray[np.uint8]


class Forecasts(NamedTuple):
    """Columns of forecasts, one row for each.

    Attributes:
        claim: Indexes of claims in a list that the caller has.
        forecaster: Indexes of forecasters, likewise.
        made_at: Microseconds since 1970, UTC.
        probability: From 0 to 1; for a distribution its index among *lines*; NaN for a withdrawal.
        kind: The kind of block that each belongs to; None if all are probabilities.
        lines: The distributions; some of them may belong to none of these rows.
    """

    claim: Ranks
    forecaster: Ranks
    made_at: Times
    probability: ChanceArray
    kind: Kinds | None = None
    lines: Lines = NO_LINES

    @property
    def size(self) -> int:
        """Return the number of rows."""
        return int(self.claim.size)

    def rows(self, chosen: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Forecasts:
        """Select some of the rows."""
        kind = None if self.kind is None else self.kind[chosen]
        columns = self.claim[chosen], self.forecaster[chosen], self.made_at[chosen], self.probability[chosen]
        return Forecasts(*columns, kind, self.lines)

    @property
    def distributed(self) -> NDArray[np.bool_]:
        """Return which rows hold a distribution."""
        if self.kind is None:
            return np.zeros(self.size, np.bool_)
        return (self.kind > PROBABILITIES) & ~np.isnan(self.probability)

    def compact(self) -> Forecasts:
        """Return the rows with only their own distributions among the lines, in the order of the rows."""
        if self.kind is None:
            return self
        distributed = self.distributed
        lines = self.lines.part(self.probability[distributed].astype(np.int64))
        probability = self.probability.copy()
        probability[distributed] = np.arange(lines.size.size)
        return self._replace(probability=probability, lines=lines)


NO_FORECASTS = Forecasts(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0))


def encode(rows: Forecasts) -> bytes:
    """Return the bytes of one block; its rows are of one kind, and ``claim`` and ``forecaster`` are ranks.

    >>> one = Forecasts(np.array([0], "i4"), np.array([1], "i4"), np.array([2], "i8"), np.array([0.5]))
    >>> encode(one).hex()
    '010000000100000000000000010000000200000000000000000000000000e03f'
    """
    kind = PROBABILITIES if rows.kind is None else int(rows.kind[0])
    # Everything below is little-endian whatever the machine: the bytes are hashed, so they must be the same everywhere.
    keys: list[Any] = [*rows[:3]]
    parts: list[NDArray[Any]] = [np.array([(kind, rows.size)], _HEADER)]
    parts += [column.astype(type_, copy=False) for column, type_ in zip(keys, _ROW_KEY, strict=True)]
    if kind == PROBABILITIES:
        chances = (rows.probability + 0.0).astype(_FLOAT64, copy=False)  # a copy, in which minus zero is zero
        chances.view("<u8")[np.isnan(chances)] = WITHDRAWAL  # one NaN for all withdrawals
        return b"".join(part.data for part in (*parts, chances))
    lines, size = rows.compact().lines, np.zeros(rows.size, _UINT32)
    size[rows.distributed] = lines.size
    columns = (lines.chance + 0.0,) if kind == SHARES else (lines.at + 0.0, lines.chance + 0.0)
    types = _OF_LINES[kind]
    parts += [size, *(column.astype(type_, copy=False) for column, type_ in zip(columns, types, strict=True))]
    return b"".join(part.data for part in parts)


def decode(content: bytes) -> Forecasts:
    """Read the columns of one block, without copying those that need no conversion.

    Raises ValueError for bytes that are not a block: of an unknown kind, or of another length than the rows have.
    Whether the values are possible is checked by :func:`fault_of`.
    """
    if len(content) < _HEADER.itemsize:
        raise ValueError("it has no header")
    kind, size = np.frombuffer(content, _HEADER, 1)[0].tolist()
    if kind not in BLOCK_KINDS:
        raise ValueError(f"its kind is {kind}, which this version cannot read")
    reader = _ColumnsInBytes(content, _HEADER.itemsize)
    needed = size * (_KEY_BYTES + (_FLOAT64 if kind == PROBABILITIES else _UINT32).itemsize)
    if not 0 < size <= BLOCK_ROWS or len(content) - reader.at < needed:
        raise ValueError("its length is not that of its rows")
    claim, forecaster, made_at = (reader.column(type_, size) for type_ in _ROW_KEY)
    if kind == PROBABILITIES:
        rows = Forecasts(claim, forecaster, made_at, reader.column(_FLOAT64, size))
    else:
        sizes = reader.column(_UINT32, size).astype(np.int64)
        count, types = int(sizes.sum()), _OF_LINES[kind]
        # Compared before the lines are read: a block that claims billions of them must not make numpy allocate memory.
        if count > BLOCK_LINES or len(content) - reader.at != count * sum(type_.itemsize for type_ in types):
            raise ValueError("its length is not that of its rows")
        columns = [reader.column(type_, count).astype(np.float64, copy=False) for type_ in types]
        at, chance = (np.zeros(count), *columns) if kind == SHARES else columns
        index = np.full(size, np.nan)
        index[sizes > 0] = np.arange(np.count_nonzero(sizes))
        lines = Lines(at, chance, sizes[sizes > 0])
        rows = Forecasts(claim, forecaster, made_at, index, np.full(size, kind, np.uint8), lines)
    if reader.at != len(content):
        raise ValueError("its length is not that of its rows")
    return rows


class _ColumnsInBytes:
    """Reads the columns of a block, one after the other."""

    def __init__(self, content: bytes, at: int) -> None:
        self._content, self.at = content, at

    def column(self, type_: np.dtype[Any], size: int) -> NDArray[Any]:
        """Return the next column."""
        column = np.frombuffer(self._content, type_, size, self.at) if size else np.zeros(0, type_)
        self.at += column.nbytes
        return column


def fault_of(rows: Forecasts, claims: int, forecasters: int, before: Forecasts | None = None) -> str | None:
    """Return what is wrong in decoded rows, which no import can have written; None if nothing is.

    Args:
        rows: The rows of one block, or of several consecutive ones.
        claims: The length of the import's list of claims, which no rank may reach.
        forecasters: The length of its list of forecasters.
        before: The block before these, whose last row must come before their first; None for the first block.
    """
    if rows.claim.max() >= claims or rows.forecaster.max() >= forecasters:
        return "it has a rank beyond the import's lists"
    # With the last row of the block before: two blocks that are each in order may still overlap.
    joined = rows if before is None else together([before.rows(slice(-1, None)), rows])
    if not in_strict_order(joined):
        return "its rows are not in order"
    if rows.made_at.min() < EARLIEST or rows.made_at.max() > LATEST:
        return "it has a time outside the years 0001 to 9999"
    chances = rows.probability if rows.kind is None else rows.probability[rows.kind == PROBABILITIES]
    # As whole numbers the bits of 0 to 1 sort as these do, and those of anything else are larger.
    bits = chances.view("<u8")
    if ((bits > CERTAINTY) & (bits != WITHDRAWAL)).any() or (rows.lines.chance.view("<u8") > CERTAINTY).any():
        return "it has a value that is no probability"
    return None if rows.kind is None else _fault_of_lines(rows.kind[rows.distributed], rows.compact().lines)


def _fault_of_lines(kind: Kinds, lines: Lines) -> str | None:
    """Return what is wrong in the distributions of rows, each of its *kind*; None if nothing is."""
    if (abs(lines.part(np.flatnonzero(kind == SHARES)).sums() - 1) > SUM_WITHIN).any():
        return "it has shares that do not sum to 1"
    values, days = (lines.part(np.flatnonzero(kind == curve)) for curve in (POINTS, DAYS))
    if not (values.rises().all() and days.rises().all()):
        return "it has values or days that do not rise, or chances that fall"
    # Minus zero equals zero but has another bit: two files with the same content would hash differently.
    minus_zero = (values.at == 0) & np.signbit(values.at)
    if not (abs(values.at) <= LARGEST_VALUE).all() or minus_zero.any():
        return "it has a value that is none"
    if days.at.size and (days.at.min() < FIRST_DAY or days.at.max() > LAST_DAY):
        return "it has a day outside the years 0001 to 9999"
    return None


def in_strict_order(rows: Forecasts) -> bool:
    """Return whether rows are in order of claim, forecaster and time, without two that agree in all three."""
    claim, forecaster, made_at = rows.claim, rows.forecaster, rows.made_at
    # With both ranks in one number most blocks need one comparison per row; times matter only if it is equal.
    key = claim.astype(np.int64) << 32 | forecaster
    rising = key[1:] > key[:-1]
    if rising.all():
        return True
    is_later = made_at[1:] > made_at[:-1]
    return bool((rising | ((key[1:] == key[:-1]) & is_later)).all())


def digest(content: bytes) -> bytes:
    """Hash one block: a leaf of the import's own Merkle tree, without a salt."""
    return leaf_hash(b"", content)


def blocks_root(digests: Iterable[bytes]) -> str:
    """Return the Merkle root over an import's blocks, in hexadecimal."""
    return root(digests).hex()


def slugs_sha256(slugs: Iterable[str]) -> str:
    """Return the digest of a list of slugs, each followed by a new line, in hexadecimal.

    >>> slugs_sha256(["ana", "ben"]) == sha256(b"ana\\nben\\n").hexdigest()
    True
    """
    return sha256("".join(f"{slug}\n" for slug in slugs).encode()).hexdigest()


def together(pieces: Iterable[Forecasts]) -> Forecasts:
    """Join pieces of rows into one, with the lines of all."""
    parts = list(pieces)
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NO_FORECASTS
    columns: list[list[NDArray[Any]]] = [[*part[:4]] for part in parts]
    claim, forecaster, made_at, probability = (np.concatenate(column) for column in zip(*columns, strict=True))
    if all(part.kind is None for part in parts):
        return Forecasts(claim, forecaster, made_at, probability)
    kinds = [np.full(part.size, PROBABILITIES, np.uint8) if part.kind is None else part.kind for part in parts]
    # The index of a distribution is one among the lines of its own piece: it grows by the number in the pieces before.
    offsets = np.cumsum([0, *(part.lines.size.size for part in parts[:-1])]).tolist()
    row_offsets = [np.where(part.distributed, offset, 0) for part, offset in zip(parts, offsets, strict=True)]
    lines = lined_up(part.lines for part in parts)
    probability = probability + np.concatenate(row_offsets)
    return Forecasts(claim, forecaster, made_at, probability, np.concatenate(kinds), lines)
