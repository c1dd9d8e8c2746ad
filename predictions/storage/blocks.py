"""The bytes of a block: up to 4,096 imported forecasts as little-endian columns, stored as they are hashed.

A block begins with two u32, its kind and its number of rows. Then come columns one after the other: the ranks of claims
and of forecasters in the import's lists (u32 each) and microseconds since 1970 (i64). A block of probabilities (kind 1)
ends with these (f64; a withdrawal is the NaN 0x7ff8000000000000). One of distributions goes on with how many lines
each row has (u32; a withdrawal has none), and what all lines say: of shares (2) the share (f64), in the order of the
claim's options; of points (3) the values (f64), then the chances (f64); of days (4) the days since 1970 (i32), then
the chances. Rows stand in strict order of claim, forecaster and time.
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
_OF_LINES: dict[int, tuple[np.dtype[Any], ...]] = {
    SHARES: (_FLOAT64,), POINTS: (_FLOAT64, _FLOAT64), DAYS: (_INT32, _FLOAT64),
}  # fmt: skip

Ranks: TypeAlias = NDArray[np.int32]
Times: TypeAlias = NDArray[np.int64]
ChanceArray: TypeAlias = NDArray[np.float64]
Kinds: TypeAlias = NDArray[np.uint8]


class Forecasts(NamedTuple):
    """Columns of forecasts, a row each.

    Attributes:
        claim: Indexes of claims, in a list that the caller has.
        forecaster: Indexes of forecasters, likewise.
        made_at: Microseconds since 1970, UTC.
        probability: From 0 to 1; of a distribution its place among the lines; NaN is a withdrawal.
        kind: The kind of block each belongs in; None where all are probabilities.
        lines: What the distributions say; some of them may be of no row here.
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
        """Return which rows say a distribution."""
        if self.kind is None:
            return np.zeros(self.size, np.bool_)
        return (self.kind > PROBABILITIES) & ~np.isnan(self.probability)

    def compact(self) -> Forecasts:
        """Return the rows with their own lines alone, in the order of the rows."""
        if self.kind is None:
            return self
        said = self.distributed
        lines = self.lines.part(self.probability[said].astype(np.int64))
        probability = self.probability.copy()
        probability[said] = np.arange(lines.size.size)
        return self._replace(probability=probability, lines=lines)


NO_FORECASTS = Forecasts(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0, np.int64), np.zeros(0))


def encode(rows: Forecasts) -> bytes:
    """Lay out one block, of rows of one kind; ``claim`` and ``forecaster`` are ranks.

    >>> one = Forecasts(np.array([0], "i4"), np.array([1], "i4"), np.array([2], "i8"), np.array([0.5]))
    >>> encode(one).hex()
    '010000000100000000000000010000000200000000000000000000000000e03f'
    """
    kind = PROBABILITIES if rows.kind is None else int(rows.kind[0])
    # Everything below is little-endian whatever the machine: the bytes are hashed, so they must be the same everywhere.
    keys: list[Any] = [*rows[:3]]
    parts: list[NDArray[Any]] = [np.array((kind, rows.size), _HEADER)]
    parts += [column.astype(type_, copy=False) for column, type_ in zip(keys, _ROW_KEY, strict=True)]
    if kind == PROBABILITIES:
        chances = (rows.probability + 0.0).astype(_FLOAT64, copy=False)  # a copy, in which minus zero is zero
        chances.view("<u8")[np.isnan(chances)] = WITHDRAWAL  # one NaN for all withdrawals
        return b"".join(part.tobytes() for part in (*parts, chances))
    lines, size = rows.compact().lines, np.zeros(rows.size, _UINT32)
    size[rows.distributed] = lines.size
    columns = (lines.chance + 0.0,) if kind == SHARES else (lines.at + 0.0, lines.chance + 0.0)
    parts += [size, *(column.astype(type_) for column, type_ in zip(columns, _OF_LINES[kind], strict=True))]
    return b"".join(part.tobytes() for part in parts)


def decode(content: bytes) -> Forecasts:
    """Read the columns of one block, without a copy where they are kept as they stand.

    Raises ValueError where the bytes are no block: of another kind, or of another length than its rows have. Whether
    the values are possible says :func:`fault_of`.
    """
    if len(content) < _HEADER.itemsize:
        raise ValueError("it has no header")
    kind, size = np.frombuffer(content, _HEADER, 1)[0].tolist()
    if kind not in BLOCK_KINDS:
        raise ValueError(f"its kind is {kind}, which this version cannot read")
    read = _ColumnsInBytes(content, _HEADER.itemsize)
    wanted = size * (_KEY_BYTES + (_FLOAT64 if kind == PROBABILITIES else _UINT32).itemsize)
    if not 0 < size <= BLOCK_ROWS or len(content) - read.at < wanted:
        raise ValueError("its length is not that of its rows")
    claim, forecaster, made_at = (read.column(type_, size) for type_ in _ROW_KEY)
    if kind == PROBABILITIES:
        rows = Forecasts(claim, forecaster, made_at, read.column(_FLOAT64, size))
    else:
        sizes = read.column(_UINT32, size).astype(np.int64)
        count, types = int(sizes.sum()), _OF_LINES[kind]
        # Compared before anything is read: a header that promises billions of lines must not make numpy ask for the
        # memory.
        if count > BLOCK_LINES or len(content) - read.at != count * sum(type_.itemsize for type_ in types):
            raise ValueError("its length is not that of its rows")
        *at, chance = (read.column(type_, count).astype(np.float64, copy=False) for type_ in types)
        place = np.full(size, np.nan)
        place[sizes > 0] = np.arange(np.count_nonzero(sizes))
        lines = Lines(at[0] if at else np.zeros(count), chance, sizes[sizes > 0])
        rows = Forecasts(claim, forecaster, made_at, place, np.full(size, kind, np.uint8), lines)
    if read.at != len(content):
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
    """Say what in decoded rows no import can have written; None where all is possible.

    The rows are those of one block, or of several one after the other; *before* is the block on which they go on.
    Ranks lie below the lengths of the import's lists of claims and forecasters.
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
    bits = chances.view("<u8")  # from 0 to 1 they rise as the numbers do
    if ((bits > CERTAINTY) & (bits != WITHDRAWAL)).any() or (rows.lines.chance.view("<u8") > CERTAINTY).any():
        return "it has a value that is no probability"
    return None if rows.kind is None else _fault_of_lines(rows.kind[rows.distributed], rows.compact().lines)


def _fault_of_lines(kind: Kinds, lines: Lines) -> str | None:
    """Say what in distributions of some kinds no import can have written."""
    if (abs(lines.part(np.flatnonzero(kind == SHARES)).sums() - 1) > SUM_WITHIN).any():
        return "it has shares that do not sum to 1"
    values, days = (lines.part(np.flatnonzero(kind == curve)) for curve in (POINTS, DAYS))
    if not (values.rises().all() and days.rises().all()):
        return "it has values or days that do not rise, or chances that fall"
    # Equal to zero but written with another bit: two files could say the same and hash differently.
    minus_zero = (values.at == 0) & np.signbit(values.at)
    if not (abs(values.at) <= LARGEST_VALUE).all() or minus_zero.any():
        return "it has a value that is none"
    if days.at.size and (days.at.min() < FIRST_DAY or days.at.max() > LAST_DAY):
        return "it has a day outside the years 0001 to 9999"
    return None


def in_strict_order(rows: Forecasts) -> bool:
    """Tell whether rows stand in order of claim, forecaster and time, no two alike."""
    claim, forecaster, made_at = rows.claim, rows.forecaster, rows.made_at
    # Both ranks in one number, so that most blocks need one comparison a row; times are looked at only where it is
    # equal.
    key = claim.astype(np.int64) << 32 | forecaster
    rising = key[1:] > key[:-1]
    if rising.all():
        return True
    later = made_at[1:] > made_at[:-1]
    return bool((rising | ((key[1:] == key[:-1]) & later)).all())


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
    """Join pieces of rows, with the lines of all."""
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
    before = np.cumsum([0, *(part.lines.size.size for part in parts[:-1])])
    # The place of a distribution counts among the lines of its own piece: behind others it moves by what they have.
    moved = [np.where(part.distributed, by, 0) for part, by in zip(parts, before.tolist(), strict=True)]
    lines = lined_up(part.lines for part in parts)
    return Forecasts(claim, forecaster, made_at, probability + np.concatenate(moved), np.concatenate(kinds), lines)
