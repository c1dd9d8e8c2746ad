"""Rows that come one by one, each a mapping: as rows, as a mapping of columns, or as a CSV file; none is checked."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from predictions.bulk.commas import csv_pieces
from predictions.bulk.incoming import PIECE, Column, column_of
from predictions.errors import InvalidValue, shown
from predictions.placing import path_of

Row: TypeAlias = Mapping[str, object]
Shaped: TypeAlias = tuple[Row, str | None]


class Rowwise(NamedTuple):
    """The rows, each with what is wrong with its shape, if anything; and the name of the file they are from."""

    rows: Iterator[Shaped]
    file: str | None = None


def rowwise(source: object, needed: Sequence[str], optional: Sequence[str], what: str) -> Rowwise:
    """The rows of whatever holds *what*; InvalidValue where it holds none, or lacks a column that is *needed*."""
    if isinstance(source, (str, os.PathLike)):
        path = path_of(source)
        if path.suffix.lower() != ".csv":
            raise InvalidValue(f"{path.name!r} is not .csv")
        return Rowwise(_of_csv(path, needed, optional), path.name)
    if isinstance(source, Mapping):
        _check_names(list(source), needed, optional, "the columns")
        return Rowwise(_of_columns(source, (*needed, *optional)))
    table = hasattr(source, "__arrow_c_stream__")  # what it gives one by one are its columns
    if isinstance(source, Iterable) and not isinstance(source, (bytes, bytearray)) and not table:
        return Rowwise(_of_rows(source, needed))
    raise InvalidValue(f"{shown(source)} holds no {what}; give rows, a mapping of columns, or the path of a .csv file")


def _of_csv(path: Path, needed: Sequence[str], optional: Sequence[str]) -> Iterator[Shaped]:
    try:
        with path.open("rb") as file:
            for header, rows, uneven in csv_pieces(path, file, PIECE):
                _check_names(header, needed, optional, path.name)
                for place, row in enumerate(rows):
                    yield dict(zip(header, row, strict=True)), uneven.get(place)
    except OSError as error:
        raise InvalidValue(f"{str(path)!r} cannot be read: {error.strerror}") from None


def _of_columns(source: Mapping[str, Column], wanted: Sequence[str]) -> Iterator[Shaped]:
    columns = {name: column_of(name, source[name]) for name in wanted if name in source}
    lengths = sorted({len(column) for column in columns.values()})
    if len(lengths) > 1:
        raise InvalidValue(f"the columns have different lengths: {', '.join(map(str, lengths))}")
    plain = [_plain(column) for column in columns.values()]
    rows = (dict(zip(columns, cells, strict=True)) for cells in zip(*plain, strict=True))
    return zip(rows, repeat(None))


def _plain(column: Any) -> Column:
    """The column with values of Python's own; whole days of numpy are days, not numbers."""
    if getattr(getattr(column, "dtype", None), "kind", "") == "M":
        import numpy as np

        days = column.astype("datetime64[D]")
        column = days if ((days == column) | np.isnat(column)).all() else column.astype("datetime64[us]")
    return column.tolist() if hasattr(column, "tolist") else column


def _of_rows(rows: Iterable[object], needed: Sequence[str]) -> Iterator[Shaped]:
    for row in rows:
        if isinstance(row, Mapping):
            yield row, None
        else:
            yield {}, f"{shown(row)} is not a mapping with {', '.join(needed)}"


def _check_names(names: Sequence[object], needed: Sequence[str], optional: Sequence[str], where: str) -> None:
    for name in needed:
        if name not in names:
            raise InvalidValue(f"there is no column {name!r} in {where}; say {', '.join(needed)}")
    for name in (*needed, *optional):
        if list(names).count(name) > 1:
            raise InvalidValue(f"the column {name!r} stands twice in {where}")
