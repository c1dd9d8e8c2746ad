"""Rows over columns: as many as there are, and each made only when it is looked at; frames take the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import FloatArray, IndexArray
from predictions.display import Value, arrow
from predictions.numerals import DECIMALS, NOISE, clean

PIECE = 1 << 16  # rows that a frame is given at once
EXACT = 22  # powers of ten up to here are exact in binary


class Coded(NamedTuple):
    """A column of numbers that stand for words, or for lists of words; -1 is none."""

    codes: NDArray[np.signedinteger[Any]]
    words: Sequence[Value]


Column: TypeAlias = "Coded | NDArray[Any] | list[Value]"


class LazyRows(Sequence[Mapping[str, Value]]):
    """A sequence of rows, sliced and counted without making one.

    Args:
        columns: Gives the columns of the rows at some positions; NaN is None.
        span: The positions of these rows.
    """

    def __init__(self, columns: Callable[[IndexArray], Mapping[str, Column]], span: range) -> None:
        self._columns, self._span = columns, span

    def __len__(self) -> int:
        return len(self._span)

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Value]: ...

    @overload
    def __getitem__(self, at: slice) -> LazyRows: ...

    def __getitem__(self, at: int | slice) -> Mapping[str, Value] | LazyRows:
        if isinstance(at, slice):
            return LazyRows(self._columns, self._span[at])
        where = self._span[at]
        (row,) = self._made(range(where, where + 1))
        return row

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        for start in range(0, len(self), PIECE):
            yield from self._made(self._span[start : start + PIECE])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (LazyRows, list)):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as of a list

    def __repr__(self) -> str:
        return f"<{len(self):,} rows: {', '.join(self._at(range(0)))}>"

    def _at(self, span: range) -> Mapping[str, Column]:
        found = self._columns(np.arange(span.start, span.stop, span.step))
        return {
            name: cleaned(column) if isinstance(column, np.ndarray) and column.dtype.kind == "f" else column
            for name, column in found.items()
        }

    def _made(self, span: range) -> Iterator[Mapping[str, Value]]:
        columns = self._at(span)
        return (dict(zip(columns, row, strict=True)) for row in zip(*map(_values, columns.values()), strict=True))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        pyarrow = arrow()

        def batches() -> Iterator[Any]:
            for start in range(0, max(len(self), 1), PIECE):
                columns = self._at(self._span[start : start + PIECE])
                yield pyarrow.record_batch({name: _arrow(pyarrow, column) for name, column in columns.items()})

        made = batches()
        first = next(made)
        reader = pyarrow.RecordBatchReader.from_batches(first.schema, chain([first], made))
        return reader.__arrow_c_stream__(requested_schema)


def cleaned(values: FloatArray) -> FloatArray:
    """The numbers without the noise of binary, as `numerals.clean` gives them, but a whole column at once.

    >>> cleaned(np.array([0.1 + 0.2, -1e-17, 123.4567890123456, np.nan, np.inf])).tolist()
    [0.3, 0.0, 123.456789012, nan, inf]
    """
    found = np.where(abs(values) <= NOISE, 0.0, values)
    with np.errstate(divide="ignore", invalid="ignore"):
        places = DECIMALS - 1 - np.floor(np.log10(abs(found)))
    exact = (places >= 0) & (places <= EXACT)  # these powers of ten are exact, so what is divided by them is, too
    scale = 10.0 ** np.where(exact, places, 0)
    found = np.where(exact, np.rint(found * scale) / scale, found)
    others = ~exact & np.isfinite(found) & (found != 0)
    found[others] = [clean(value) for value in found[others].tolist()]
    return found


def _values(column: Column) -> list[Value]:
    if isinstance(column, Coded):
        told = [*column.words, None]
        return [told[code] for code in column.codes.tolist()]
    if isinstance(column, list):
        return clean(column)
    values: list[Value] = column.tolist()
    if column.dtype.kind != "f":
        return values
    there = ~np.isnan(column if column.ndim == 1 else column[:, 0])
    return [value if known else None for value, known in zip(values, there.tolist(), strict=True)]


def _arrow(pyarrow: Any, column: Column) -> object:
    if isinstance(column, Coded):
        nested = any(isinstance(word, list) for word in column.words)
        words = pyarrow.array(column.words, pyarrow.list_(pyarrow.string()) if nested else pyarrow.string())
        return words.take(pyarrow.array(column.codes, mask=column.codes < 0))
    if isinstance(column, np.ndarray) and column.ndim > 1:
        return pyarrow.array(_values(column), pyarrow.list_(pyarrow.float64()))
    return pyarrow.array(column, from_pandas=isinstance(column, np.ndarray))
