"""Read a column of moments, all at once if they are in one plain form; say what other numbers may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.errors import InvalidValue
from predictions.importing.cells import read_microsecond
from predictions.importing.column_checks import Faults, Flags, as_list, each
from predictions.importing.tables import Column
from predictions.storage.blocks import Times
from predictions.timestamps import EARLIEST, LATEST, in_microseconds, moment_at, read_moment

TOO_SMALL = 10**13  # microseconds up to April 1970: seconds and milliseconds of today are below; also marks refusals
UNIT_MICROSECONDS = {"seconds": 10**6, "milliseconds": 10**3, "nanoseconds": 10**-3}  # microseconds in each unit
RECENT = [in_microseconds(read_moment(f"{year}-01-01T00:00:00Z")) for year in (1990, 2100)]
SERIALS = range(20_000, 100_000)  # days as spreadsheets number them
SERIAL_ZERO = date(1899, 12, 30)
FORM, WHOLE_SECOND = b"0000-00-00T00:00:00.000000", b"0000-00-00T00:00:00"
UTC_ENDS = (b"Z", b"+00:00")
_BEGINNINGS = [WHOLE_SECOND, *(FORM[:size] for size in range(len(WHOLE_SECOND) + 2, len(FORM) + 1))]
FORMS: dict[int, list[tuple[bytes, bytes]]] = defaultdict(list)  # by the length of a text, its beginning and its end
for _form, _end in product(_BEGINNINGS, UTC_ENDS):
    FORMS[len(_form + _end)].append((_form, _end))
COMPACT = range(1990_01_01, 2100_01_01)  # days written without hyphens


def read_moments(column: Column, faults: Faults) -> Times:
    """Return a column of moments as microseconds since 1970 in UTC.

    Columns in one plain form are read at once, all others cell by cell. Whole numbers are returned as they are: the
    caller checks that they lie in the range of moments.

    Returns:
        The moments; TOO_SMALL for a cell that cannot be read, whose fault is noted in *faults*.

    Raises:
        InvalidValue: The column has times without an offset.
    """
    if hasattr(column, "type"):
        column = _arrow_moments(column)
    if isinstance(column, np.ndarray):
        if column.dtype.kind in "iu" and column.max(initial=0) <= LATEST:
            # A higher uint64 would become negative, so a column with one is read cell by cell below.
            return np.asarray(column, np.int64)
        if column.dtype.kind == "M" and np.datetime_data(column.dtype)[0] != "D":
            raise InvalidValue("made_at holds times without an offset; give microseconds since 1970, UTC")
    values = as_list(column)
    kinds = set(map(type, values))
    if kinds == {int}:
        with suppress(OverflowError):  # raised for an int of more than 64 bits, which is read by itself
            return np.array(values, np.int64)
    if kinds == {str}:
        times, is_read = plain_moments(values)
        if is_read.all():
            return times
    return np.array(each(values, "made_at", read_microsecond, TOO_SMALL, faults, empty=None), np.int64)


def _arrow_moments(column: Any) -> Column:
    """Return an Arrow column of timestamps as microseconds in UTC; another column unchanged, to be read by value."""
    import pyarrow
    from pyarrow import types

    kind = column.type
    if types.is_timestamp(kind) and kind.tz is None:
        raise InvalidValue("made_at has no time zone; give timestamps with one, UTC for choice")
    if column.null_count or not (types.is_timestamp(kind) or types.is_integer(kind)):
        return column
    if types.is_timestamp(kind):
        column = column.cast(pyarrow.timestamp("us", "UTC"), safe=False).cast(pyarrow.int64())
    return column.to_numpy(zero_copy_only=False)


def plain_moments(column: Sequence[str]) -> tuple[Times, Flags]:
    """Read texts of the form ``YYYY-MM-DDTHH:MM:SS[.ffffff]Z``, also with a space or ``+00:00``.

    Returns:
        The microseconds since 1970, and which texts were read.
    """
    times, is_read = np.full(len(column), EARLIEST - 1), np.zeros(len(column), np.bool_)
    lengths = np.fromiter(map(len, column), np.intp, len(column))
    for length in FORMS.keys() & np.unique(lengths).tolist():
        places = np.flatnonzero(lengths == length)
        texts = column if places.size == len(column) else map(column.__getitem__, places.tolist())
        # What is no ASCII becomes a question mark, which is in no form.
        characters = np.frombuffer("".join(texts).encode("ascii", "replace"), np.uint8).reshape(-1, length)
        moments = np.maximum.reduce([_of_form(characters, form, end) for form, end in FORMS[length]])
        times[places], is_read[places] = moments, moments >= EARLIEST
    return times, is_read


def _of_form(characters: NDArray[np.uint8], form: bytes, end: bytes) -> Times:
    """Return texts of one form, given as bytes, as microseconds; below EARLIEST if one is not of this form."""
    pattern, size = np.frombuffer(form + end, np.uint8), len(form)
    is_digit, between = (pattern == ord("0")) & (np.arange(pattern.size) < size), WHOLE_SECOND.index(b"T")
    lowest, highest = np.where(is_digit, ord("0"), pattern), np.where(is_digit, ord("9"), pattern)
    lowest[between], highest[between] = ord(" "), ord("T")
    is_outside = (characters < lowest) | (characters > highest)
    fits = (characters[:, between] == ord("T")) | (characters[:, between] == ord(" "))
    if is_outside.any():
        fits &= ~is_outside.any(axis=1)
    moments = np.full(len(characters), EARLIEST - 1)
    with suppress(ValueError):  # raised if one is not a day
        texts = np.ascontiguousarray(characters[fits, :size]).view(f"S{size}").ravel()
        moments[fits] = texts.astype("M8[us]").astype(np.int64)
    return moments


def counted_otherwise(number: int) -> str:
    """Return what a number may mean that is not a moment of our time in microseconds.

    >>> counted_otherwise(1_769_900_000), counted_otherwise(46_054)
    ('if it counts seconds, say 2026-01-31T22:53:20Z', 'if it is a day of a spreadsheet, say 2026-02-01')
    """
    for unit, factor in UNIT_MICROSECONDS.items():
        if RECENT[0] <= number * factor < RECENT[1]:
            return f"if it counts {unit}, say {moment_at(round(number * factor)):%Y-%m-%dT%H:%M:%SZ}"
    if number in SERIALS:
        return f"if it is a day of a spreadsheet, say {SERIAL_ZERO + timedelta(days=number)}"
    if number in COMPACT:
        with suppress(ValueError):
            return f"if it is a day, say {date.fromisoformat(str(number))}"
    return "say YYYY-MM-DDTHH:MM:SSZ, or a day"
