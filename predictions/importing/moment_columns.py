"""Read a column of moments, at once where all of it is in one plain form; say what other numbers in it may count."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from predictions.errors import InvalidValue
from predictions.importing.cells import read_microsecond
from predictions.importing.column_checks import Faults, Flags, as_list, each
from predictions.importing.tables import Column
from predictions.storage.blocks import Times
from predictions.timestamps import EARLIEST, LATEST, in_microseconds, moment_at, read_moment

TOO_SMALL = 10**13  # as microseconds in the spring of 1970; seconds and milliseconds of our days lie below
UNIT_MICROSECONDS = {"seconds": 10**6, "milliseconds": 10**3, "nanoseconds": 10**-3}  # microseconds in each
RECENT = [in_microseconds(read_moment(f"{year}-01-01T00:00:00Z")) for year in (1990, 2100)]
SERIALS = range(20_000, 100_000)  # days as spreadsheets count them
SERIAL_ZERO = date(1899, 12, 30)
FORM, WHOLE_SECOND = b"0000-00-00T00:00:00.000000", b"0000-00-00T00:00:00"
UTC_ENDS = (b"Z", b"+00:00")
LONGEST_PLAIN = len(FORM) + len(UTC_ENDS[1])  # bytes of a moment in one of the plain forms
COMPACT = range(1990_01_01, 2100_01_01)  # days without their hyphens


def read_moments(column: Column, faults: Faults) -> Times:
    """Return moments as microseconds since 1970, UTC; TOO_SMALL for those that are refused.

    Raises InvalidValue for a column of times without an offset.
    """
    if hasattr(column, "type"):
        column = _arrow_moments(column)
    if isinstance(column, np.ndarray):
        if column.dtype.kind in "iu" and column.max(initial=0) <= LATEST:  # beyond, a uint64 would turn negative
            return np.asarray(column, np.int64)
        if column.dtype.kind == "M" and np.datetime_data(column.dtype)[0] != "D":
            raise InvalidValue("made_at holds times without an offset; give microseconds since 1970, UTC")
    values = as_list(column)
    kinds = set(map(type, values))
    if kinds == {int}:
        with suppress(OverflowError):
            return np.array(values, np.int64)
    if kinds == {str}:
        times, read = plain_moments(values)
        if read.all():
            return times
    return np.array(each(values, "made_at", read_microsecond, TOO_SMALL, faults, empty=None), np.int64)


def _arrow_moments(column: Any) -> Column:
    """Return an Arrow column of timestamps as microseconds, UTC.

    Other columns as they are, to be read value by value.
    """
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
    """Read the texts that are ``YYYY-MM-DDTHH:MM:SS[.ffffff]Z``, those with a space or ``+00:00`` too.

    Returns:
        The microseconds since 1970, and which texts were read.
    """
    times, read = np.zeros(len(column), np.int64), np.zeros(len(column), np.bool_)
    try:
        marks = np.array(column, f"S{LONGEST_PLAIN}").view(np.uint8).reshape(-1, LONGEST_PLAIN)
    except UnicodeEncodeError:
        return times, read
    told = list(map(len, column))
    lengths = np.array(told)
    for end in UTC_ENDS:
        for length in set(told):
            places = np.flatnonzero((lengths == length) & ~read)
            form = FORM[: length - len(end)]
            if len(form) + len(end) == length and len(form) >= len(WHOLE_SECOND) and form[-1:] != b".":
                moments = _of_form(marks[places], form, end)
                times[places], read[places] = moments, moments >= EARLIEST
    return times, read


def _of_form(marks: NDArray[np.uint8], form: bytes, end: bytes) -> Times:
    """Read texts of one form, given as the bytes of each; below EARLIEST where one is of another."""
    told, size = np.frombuffer(form + end, np.uint8), len(form)
    digit = (told == ord("0")) & (np.arange(told.size) < size)
    sign = ~digit & (np.arange(told.size) != WHOLE_SECOND.index(b"T"))
    fits = (marks[:, : told.size][:, sign] == told[sign]).all(axis=1)
    fits &= ((marks[:, : told.size][:, digit] - ord("0")) <= 9).all(axis=1)
    fits &= np.isin(marks[:, WHOLE_SECOND.index(b"T")], (ord("T"), ord(" ")))
    moments = np.full(len(marks), EARLIEST - 1)
    with suppress(ValueError):  # of a day that is none
        texts = np.ascontiguousarray(marks[fits, :size]).view(f"S{size}").ravel()
        moments[fits] = texts.astype("M8[us]").astype(np.int64)
    return moments


def counted_otherwise(number: int) -> str:
    """Say as what a number may be meant, which is far from our time in microseconds.

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
