"""Read every kind of source into pieces of raw columns, by the names that are looked for; nothing is checked here."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any

from predictions.errors import InvalidValue, import_extra, one_line, short_repr
from predictions.fields import TEXT_LIMIT
from predictions.importing.delimited import read_delimited
from predictions.importing.headers import Columns
from predictions.importing.sheets import columns_of, read_json, read_markdown, read_spreadsheet
from predictions.importing.sources import Opened, open_table
from predictions.importing.tables import PIECE, Column, How, OpenTable, Piece

ARROW = ("Arrow and Parquet need", "arrow")
NO_ROWS = (bytes, bytearray)
SETS_OF_KEYS = 1_000  # sets of keys that are remembered, in case each row has its own


@contextmanager
def read_table(source: Any, columns: Columns, how: How) -> Iterator[OpenTable]:
    """Read a table, PIECE rows at a time, so that memory stays flat.

    A source is the path of a .csv, .tsv, .xlsx, .json, .md or .parquet file, ``-`` for standard input, an Arrow table
    (or anything with ``__arrow_c_stream__``), a data frame, a mapping of columns, or rows: mappings, or tuples. Raises
    InvalidValue for anything else, and if it cannot be read or lacks a column.
    """
    how = how.checked()
    if isinstance(source, (str, os.PathLike)):
        with open_table(source) as opened, closing(_of_file(opened, columns, how)) as pieces:
            yield OpenTable(pieces, opened.name, opened.sha256)
        return
    _check_told("rows and columns that are no file", "", how)
    if hasattr(source, "iloc") and hasattr(source, "columns"):  # pandas: Arrow cannot hold all of its columns
        yield OpenTable(_of_columns(*_of_frame(source), columns))
    elif hasattr(source, "__arrow_c_stream__"):
        yield OpenTable(_of_arrow(source, columns))
    elif isinstance(source, Mapping):
        yield OpenTable(_of_columns(list(source), list(source.values()), columns))
    elif isinstance(source, Iterable) and not isinstance(source, NO_ROWS) and getattr(source, "ndim", None) != 0:
        yield OpenTable(_of_rows(iter(source), columns) if columns.further is None else _of_mappings(source, columns))
    else:
        raise InvalidValue(
            f"{short_repr(source)} holds no {columns.what}; "
            "give rows, a mapping of columns, an Arrow table or a file's path"
        )


def _of_frame(frame: Any) -> tuple[list[object], list[Column]]:
    """Return the header and the columns of a pandas frame; an index with a name counts as a column."""
    named_levels = [level for level, name in enumerate(frame.index.names) if name is not None]
    header = [*(frame.index.names[level] for level in named_levels), *frame.columns]
    levels = [frame.index.get_level_values(level).to_series() for level in named_levels]
    return header, [*levels, *(frame.iloc[:, place] for place in range(frame.shape[1]))]


def _of_file(opened: Opened, columns: Columns, how: How) -> Generator[Piece, None, None]:
    """Yield the pieces of a file, by the reader for its ending."""
    _check_told(opened.name, opened.ending, how)
    if opened.ending == ".parquet":
        yield from _of_parquet(opened, columns)
    elif opened.ending == ".xlsx":
        yield from read_spreadsheet(opened, columns, how)
    elif opened.ending == ".md":
        yield from read_markdown(opened, columns, how)
    elif opened.ending == ".json":
        header, given, keys = read_json(opened)
        for piece in _of_columns(header, given, columns, opened.name):
            yield piece._replace(file=opened.name, guarded=False, sheets=keys)
    else:
        yield from read_delimited(opened, columns, how)


def _check_told(name: str, ending: str, how: How) -> None:
    """Refuse options that have no effect on a table of this kind, so that nobody thinks they had.

    *ending* is that of the file's name; empty for a source that is not a file.
    """
    is_text = ending not in {"", ".parquet", ".xlsx", ".md", ".json"}
    has_tables = ending in {".xlsx", ".md"}
    has_effect = {"sheet": has_tables, "delimiter": is_text, "skip_lines": is_text or has_tables}
    given = {"sheet": how.sheet, "delimiter": how.delimiter, "skip_lines": how.skip_lines or None}
    for option, value in given.items():
        if value is not None and not has_effect[option]:
            raise InvalidValue(f"{option}: {short_repr(value)} says nothing of {name}; leave it out")


def _of_parquet(opened: Opened, columns: Columns) -> Generator[Piece, None, None]:
    """Yield the rows of a Parquet file; InvalidValue if it is damaged."""
    pyarrow, parquet = (import_extra(name, *ARROW) for name in ("pyarrow", "pyarrow.parquet"))
    try:
        schema = parquet.read_schema(opened.file)
        places = columns.places(schema.names, opened.name)
        wanted = {name: schema.names[index] for name, index in places.items()}
        flat = [name for name in wanted.values() if not pyarrow.types.is_nested(schema.field(name).type)]
        opened.file.seek(0)
        table = parquet.ParquetFile(
            opened.file,
            pre_buffer=False,  # otherwise all that was read is held to the end
            read_dictionary=flat,  # a text that occurs again is held once
        )
        batches = table.iter_batches(PIECE, columns=list(wanted.values()))
        for piece in _of_batches(batches, wanted, columns):
            yield piece._replace(file=opened.name, spelled=places.spelled, left=places.all_left, guarded=False)
        places.refuse_faults()
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InvalidValue(f"{opened.name} cannot be read as Parquet: {one_line(error)}") from None


def _of_arrow(source: Any, columns: Columns) -> Iterator[Piece]:
    """Yield the rows of an Arrow stream; InvalidValue if it is damaged."""
    pyarrow = import_extra("pyarrow", *ARROW)
    try:
        batches = pyarrow.RecordBatchReader.from_stream(source)
        places = columns.places(batches.schema.names, "the table")
        for piece in _of_batches(batches, places, columns):
            yield piece._replace(spelled=places.spelled, left=places.all_left)
        places.refuse_faults()
    except (pyarrow.ArrowException, UnicodeDecodeError) as error:
        raise InvalidValue(f"the table cannot be read: {one_line(error)}") from None


def _of_batches(batches: Iterable[Any], index_of: Mapping[str, int | str], columns: Columns) -> Iterator[Piece]:
    """Yield the rows of Arrow batches, at most PIECE at a time, with the columns that are looked for."""
    first = 1
    for batch in batches:
        for start in range(0, batch.num_rows, PIECE):
            part = batch.slice(start, PIECE)
            chosen = {name: _sound(part.column(index)) for name, index in index_of.items()}
            yield columns.piece(chosen, part.num_rows, first)
            first += part.num_rows


def _sound(column: Any) -> Any:
    """Return an Arrow column after checking it: in a damaged one, indices or text can be invalid.

    Texts longer than any that is kept are cut, since a small file can repeat a huge one a million times.
    """
    from pyarrow import DictionaryArray, compute, types

    column.validate(full=True)
    if types.is_dictionary(column.type):
        short = _sound(column.dictionary)
        return column if short is column.dictionary else DictionaryArray.from_arrays(column.indices, short)
    if not (types.is_string(column.type) or types.is_large_string(column.type)):
        return column
    longest = compute.max(compute.binary_length(column)).as_py() or 0
    return compute.utf8_slice_codeunits(column, 0, TEXT_LIMIT + 1) if longest > 4 * TEXT_LIMIT else column


def _of_columns(
    header: Sequence[object], columns_given: Sequence[Column], columns: Columns, where: str = "the columns"
) -> Iterator[Piece]:
    """Yield the rows of columns in memory, PIECE at a time; InvalidValue if their lengths differ.

    Without any column there are no rows, as in an empty list: whatever exported it had nothing to export.
    """
    if not header:
        return
    index_of = columns.places(header, where)
    chosen = {name: _countable(header[index], columns_given[index]) for name, index in index_of.items()}
    lengths = sorted({len(column) for column in chosen.values()})
    if len(lengths) > 1:
        raise InvalidValue(f"the columns have different lengths: {', '.join(map(str, lengths))}")
    for start in range(0, lengths[0], PIECE):
        part = {name: column[start : start + PIECE] for name, column in chosen.items()}
        piece = columns.piece(part, min(PIECE, lengths[0] - start), start + 1)
        yield piece._replace(spelled=index_of.spelled, left=index_of.all_left)
    index_of.refuse_faults()


def _countable(name: object, column: Column) -> Column:
    """Return a column in a form that has a length and can be cut; a pandas Series is taken without its labels."""
    if hasattr(column, "iloc"):
        column = _values_of_series(column)
    if hasattr(column, "to_arrow"):  # polars
        column = column.to_arrow()
    if hasattr(column, "combine_chunks"):  # Arrow's, in pieces
        column = column.combine_chunks()
    if hasattr(column, "to_pylist") and hasattr(column, "validate"):  # Arrow's
        try:
            column = _sound(column)
        except import_extra("pyarrow", *ARROW).ArrowException as error:
            raise InvalidValue(f"the column {name!r} cannot be read: {one_line(error)}") from None
    if hasattr(column, "mask") and hasattr(column, "filled"):  # numpy's, with values that are hidden
        column = column.tolist()
    is_single = isinstance(column, (str, bytes, Mapping)) or getattr(column, "ndim", 1) != 1
    if is_single or not (hasattr(column, "__len__") and hasattr(column, "__getitem__")):
        raise InvalidValue(f"the column {name!r} is {short_repr(column)}; give a list of its values, or an array")
    return column


def _values_of_series(series: Any) -> Column:
    """Return the values of a pandas Series, as Arrow if it has a type, since typed values are read all at once."""
    if series.dtype.kind in "bifu" or (series.dtype.kind == "M" and getattr(series.dtype, "tz", None) is None):
        return series.to_numpy()
    if series.dtype != object:
        try:
            import pyarrow

            return pyarrow.Array.from_pandas(series)
        except (ImportError, TypeError, ValueError, NotImplementedError):
            pass
    return series.to_numpy(dtype=object)


def _of_rows(rows: Iterator[Any], columns: Columns) -> Iterator[Piece]:
    """Yield rows in memory, PIECE at a time; tuples of the usual length are taken unchanged, which is fastest."""
    first, names = 1, columns.names

    @lru_cache(SETS_OF_KEYS)
    def spelled(keys: tuple[object, ...]) -> list[object]:
        """Return, for each column, the key under which a mapping with these keys has it; None if it has not."""
        index_of = columns.recognised(keys)
        return [keys[index_of[name]] if name in index_of else None for name in names]

    while rows_now := list(islice(rows, PIECE)):
        uneven: dict[int, str] = {}
        kinds = set(map(type, rows_now))
        keys = spelled(*alike) if kinds == {dict} and len(alike := set(map(tuple, rows_now))) == 1 else [None]
        if kinds == {tuple} and set(map(len, rows_now)) == {len(columns.listed)}:
            chosen = {name: [row[index] for row in rows_now] for index, name in enumerate(columns.listed)}
        elif keys[0] is not None:  # the same keys in all
            named = {name: key for name, key in zip(names, keys, strict=True) if key is not None}
            given = {name: [row[key] for row in rows_now] for name, key in named.items()}
            chosen = _not_empty(names, given, columns, len(rows_now))
        else:
            fields = [_row_fields(row, columns, spelled) for row in rows_now]
            for index, values in enumerate(fields):
                if values is None:
                    uneven[index] = f"{short_repr(rows_now[index])} is not a row of {', '.join(columns.listed)}"
            filled = [values or [None] * len(names) for values in fields]
            given = dict(zip(names, map(list, zip(*filled, strict=True)), strict=True))
            if all(isinstance(row, Mapping) for row in rows_now):
                key_of_column = (zip(names, spelled(keys), strict=True) for keys in set(map(tuple, rows_now)))
                in_rows = {name for pairs in key_of_column for name, key in pairs if key is not None}
                given = {name: column for name, column in given.items() if name in in_rows}
            chosen = _not_empty(names, given, columns, len(rows_now))
        yield columns.piece(chosen, len(rows_now), first)._replace(uneven=uneven)
        first += len(rows_now)


def _not_empty(
    names: Sequence[str], given: Mapping[str, list[object]], columns: Columns, size: int
) -> dict[str, list[object]]:
    """Return the columns in their order, without those that need not be there and have no value.

    A usual column that is in the rows stays even if it is empty, so that its cells are refused.
    """
    return {
        name: given.get(name, [None] * size)
        for name in names
        if name in columns.needed
        or (name in given and name not in columns.optional)
        or any(value is not None for value in given.get(name, ()))
    }


def _of_mappings(rows: Iterable[Any], columns: Columns) -> Iterator[Piece]:
    """Yield rows that are mappings, for a table with columns of any name."""
    held = list(rows)
    for row in held:
        if not (hasattr(row, "keys") and hasattr(row, "__getitem__")):
            raise InvalidValue(f"{short_repr(row)} is no row that names its columns; give mappings, or a data frame")
    return _of_columns(
        *columns_of([row if isinstance(row, Mapping) else dict(row) for row in held]), columns, "the rows"
    )


def _row_fields(
    row: Any, columns: Columns, spelled: Callable[[tuple[object, ...]], list[object]]
) -> list[object] | None:
    """Return the values of a row in the order of the columns; None if it is not a row."""
    if hasattr(row, "keys") and hasattr(row, "__getitem__"):
        keys = spelled(tuple(row.keys()))
        return None if keys[0] is None else [None if key is None else row[key] for key in keys]
    if getattr(row, "ndim", None) == 1 and hasattr(row, "tolist"):
        row = row.tolist()
    if isinstance(row, (tuple, list)) and len(row) - len(columns.listed) in {0, 1}:
        return [*row, *[None] * (len(columns.names) - len(row))]
    return None
