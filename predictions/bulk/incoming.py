"""Forecasts as they come in, by rows, columns, Arrow, Parquet or CSV: pieces of raw columns, none of them checked."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

from predictions.bulk.blocks import BLOCK
from predictions.bulk.commas import csv_pieces
from predictions.errors import InvalidValue, MissingExtra, shown
from predictions.placing import path_of

PIECE = 32 * BLOCK
COLUMNS = ("claim", "forecaster", "made_at", "probability")
Column: TypeAlias = Any  # a list, a numpy array or an Arrow array: each is checked where its kind is told


class Raw(NamedTuple):
    """Some rows as raw columns; ``forecaster`` and ``withdrawn`` may be absent. ``uneven`` rows lack fields."""

    claim: Column
    forecaster: Column | None
    made_at: Column
    probability: Column
    withdrawn: Column | None
    uneven: Mapping[int, str] = {}

    @property
    def size(self) -> int:
        """How many rows there are."""
        return len(self.claim)


class Incoming(NamedTuple):
    """Pieces of rows, and the file they are from: its name and the SHA-256 of its bytes."""

    pieces: Iterator[Raw]
    file: str | None = None
    sha256: str | None = None


@contextmanager
def incoming(source: object) -> Iterator[Incoming]:
    """The pieces of whatever holds forecasts.

    The path of a .csv or .parquet file, an Arrow table (or anything with ``__arrow_c_stream__``), a mapping of
    columns, or rows: mappings, or tuples of claim, forecaster, made_at, probability. Raises InvalidValue.
    """
    if isinstance(source, (str, os.PathLike)):
        path = path_of(source)
        try:
            with path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
                file.seek(0)
                with closing(_of_file(path, file)) as pieces:
                    yield Incoming(pieces, path.name, digest)
        except OSError as error:
            raise InvalidValue(f"{str(path)!r} cannot be read: {error.strerror}") from None
    elif hasattr(source, "__arrow_c_stream__"):
        yield Incoming(_batches(_pyarrow().RecordBatchReader.from_stream(source), "the table"))
    elif isinstance(source, Mapping):
        yield Incoming(_slices(source))
    elif isinstance(source, Iterable):
        yield Incoming(_of_rows(iter(source)))
    else:
        raise InvalidValue(f"{shown(source)} holds no forecasts; give rows, columns, an Arrow table or a file's path")


def _of_file(path: Path, file: IO[bytes]) -> Generator[Raw, None, None]:
    ending = path.suffix.lower()
    if ending == ".csv":
        return _of_csv(path, file)
    if ending == ".parquet":
        return _of_parquet(path, file)
    raise InvalidValue(f"{path.name!r} is neither .csv nor .parquet")


def _of_csv(path: Path, file: IO[bytes]) -> Generator[Raw, None, None]:
    for header, rows, uneven in csv_pieces(path, file, PIECE):
        places = _places(header, path.name)
        if rows:
            columns = list(zip(*rows, strict=True))
            yield _raw([None if place is None else columns[place] for place in places], uneven)


def _of_parquet(path: Path, file: IO[bytes]) -> Generator[Raw, None, None]:
    pyarrow = _pyarrow()
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file, pre_buffer=False)  # it would hold what was read to the end of the file
        wanted = [name for name in (*COLUMNS, "withdrawn") if name in table.schema_arrow.names]
        _places(table.schema_arrow.names, path.name)
        yield from _batches(table.iter_batches(PIECE, columns=wanted), path.name)
    except pyarrow.ArrowException as error:
        raise InvalidValue(f"{path.name} cannot be read as Parquet: {error}") from None


def _batches(batches: Iterable[Any], name: str) -> Iterator[Raw]:
    for batch in batches:
        places = _places(batch.schema.names, name)
        for start in range(0, batch.num_rows, PIECE):
            part = batch.slice(start, PIECE)
            yield _raw([None if place is None else part.column(place) for place in places])


def _slices(columns: Mapping[Any, Column]) -> Iterator[Raw]:
    names = list(columns)
    chosen = [
        None if place is None else column_of(names[place], columns[names[place]])
        for place in _places(names, "the columns")
    ]
    lengths = {len(column) for column in chosen if column is not None}
    if len(lengths) > 1:
        raise InvalidValue(f"the columns have different lengths: {', '.join(map(str, sorted(lengths)))}")
    for start in range(0, max(lengths), PIECE):
        yield _raw([None if column is None else column[start : start + PIECE] for column in chosen])


def column_of(name: str, column: Column) -> Column:
    """The column, if it can be counted and cut; a pandas Series goes by its labels, so its values are taken."""
    if hasattr(column, "iloc"):
        column = column.to_numpy()
    single = isinstance(column, (str, bytes, Mapping)) or getattr(column, "ndim", 1) != 1
    if single or not (hasattr(column, "__len__") and hasattr(column, "__getitem__")):
        raise InvalidValue(f"the column {name!r} is {shown(column)}; give a list of its values, or an array")
    return column


def _of_rows(rows: Iterator[object]) -> Iterator[Raw]:
    while piece := list(islice(rows, PIECE)):
        if columns := _transposed(piece):
            yield _raw([*columns, None])
            continue
        fields, uneven = [], {}
        for place, row in enumerate(piece):
            values = _fields(row)
            if values is None:
                uneven[place] = f"{shown(row)} is not a row of {', '.join(COLUMNS)}"
            fields.append(values or [None] * 5)
        claim, forecaster, made_at, probability, withdrawn = zip(*fields, strict=True)
        yield Raw(claim, forecaster, made_at, probability, withdrawn, uneven)


def _transposed(rows: Sequence[Any]) -> list[list[object]] | None:
    """The columns of tuples of four; None for other rows."""
    if set(map(type, rows)) != {tuple} or set(map(len, rows)) != {4}:
        return None
    return [[row[place] for row in rows] for place in range(4)]


def _fields(row: object) -> Sequence[object] | None:
    if isinstance(row, Mapping):
        return [row.get(name) for name in (*COLUMNS, "withdrawn")] if "claim" in row else None
    if isinstance(row, (tuple, list)) and len(row) in {4, 5}:
        return [*row, None][:5]
    return None


def _raw(columns: Sequence[Column], uneven: Mapping[int, str] | None = None) -> Raw:
    claim, forecaster, made_at, probability, withdrawn = columns
    return Raw(claim, forecaster, made_at, probability, withdrawn, uneven or {})


def _places(names: Sequence[object], where: str) -> list[int | None]:
    """Where each column stands; claim, made_at and probability must be there."""
    for name in ("claim", "made_at", "probability"):
        if name not in names:
            raise InvalidValue(f"there is no column {name!r} in {where}; say {', '.join(COLUMNS)}")
    for name in (*COLUMNS, "withdrawn"):
        if list(names).count(name) > 1:
            raise InvalidValue(f"the column {name!r} stands twice in {where}")
    return [list(names).index(name) if name in names else None for name in (*COLUMNS, "withdrawn")]


def _pyarrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise MissingExtra("Arrow and Parquet need pyarrow; install prediction-ledger[arrow]") from None
    return pyarrow
