"""A sequence of rows over columns: each row is made only when it is looked at, and frames take the columns.

A card of a million series has a million rows; nobody looks at them all, and a data frame needs none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import IndexArray
from predictions.errors import import_extra
from predictions.numerals import DECIMALS, clean
from predictions.render.result import Value

ROWS_AT_ONCE = 1 << 16  # in one batch for a frame


class Coded(NamedTuple):
    """A column that repeats a few values.

    Attributes:
        codes: For each row the index of its value; -1 for None.
        words: The values: words, or lists of words.
    """

    codes: NDArray[np.signedinteger[Any]]
    words: Sequence[Value]


Column: TypeAlias = "Coded | NDArray[Any] | list[Value]"


class LazyRows(Sequence[Mapping[str, Value]]):
    """A sequence of rows that is counted and sliced without making a row."""

    def __init__(self, columns: Callable[[IndexArray], Mapping[str, Column]], span: range) -> None:
        """Make the sequence of the rows at the positions in *span*.

        *columns* is called with positions, and returns the columns of these rows by name; NaN means None.
        """
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
        try:
            position = self._span[at]
        except IndexError:
            raise IndexError(f"there are {len(self):,} rows, and none at {at}") from None
        except TypeError:
            raise TypeError(f"{at!r} is no place in a sequence of rows; a column is a key of each row") from None
        (row,) = self._rows(range(position, position + 1))
        return row

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        for start in range(0, len(self), ROWS_AT_ONCE):
            yield from self._rows(self._span[start : start + ROWS_AT_ONCE])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (LazyRows, list)):
            return NotImplemented
        return len(self) == len(other) and all(row == other_row for row, other_row in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # a list has none either

    def __repr__(self) -> str:
        return f"<{len(self):,} rows: {', '.join(self._at(range(0)))}>"

    def _at(self, span: range) -> Mapping[str, Column]:
        """Return the columns of the rows at these positions."""
        return self._columns(np.arange(span.start, span.stop, span.step))

    def _rows(self, span: range) -> Iterator[Mapping[str, Value]]:
        """Make the rows at these positions, one dictionary each."""
        columns = self._at(span)
        return (dict(zip(columns, row, strict=True)) for row in zip(*map(_values, columns.values()), strict=True))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        pyarrow = import_extra("pyarrow", "frames need", "arrow")

        def batches() -> Iterator[Any]:
            for start in range(0, max(len(self), 1), ROWS_AT_ONCE):
                columns = self._at(self._span[start : start + ROWS_AT_ONCE])
                yield pyarrow.record_batch({name: _arrow(pyarrow, column) for name, column in columns.items()})

        record_batches = batches()
        first = next(record_batches)  # there is one even without rows, because a reader needs the schema
        reader = pyarrow.RecordBatchReader.from_batches(first.schema, chain([first], record_batches))
        return reader.__arrow_c_stream__(requested_schema)


def _values(column: Column) -> list[Value]:
    """Return the values of a column for rows: words for codes, None for NaN."""
    if isinstance(column, Coded):
        words = [*column.words, None]  # so that the code -1 gives None
        return [words[code] for code in column.codes.tolist()]
    if isinstance(column, list):
        return clean(column)
    values: list[Value] = column.tolist()
    if column.dtype.kind != "f":
        return values
    has_value = ~np.isnan(
        column if column.ndim == 1 else column[:, 0]
    )  # a pair, such as bounds, is NaN in both or none
    return [value if present else None for value, present in zip(clean(values), has_value.tolist(), strict=True)]


def _arrow(pyarrow: Any, column: Column) -> object:
    """Return a column as an Arrow array."""
    if isinstance(column, Coded):
        nested = any(isinstance(word, list) for word in column.words)
        words = pyarrow.array(column.words, pyarrow.list_(pyarrow.string()) if nested else pyarrow.string())
        return words.take(pyarrow.array(column.codes, mask=column.codes < 0))
    if isinstance(column, np.ndarray) and column.ndim > 1:
        return pyarrow.array(_values(column), pyarrow.list_(pyarrow.float64()))
    if isinstance(column, np.ndarray) and column.dtype.kind == "f":
        return pyarrow.array(np.round(column, DECIMALS), from_pandas=True)
    return pyarrow.array(column)
