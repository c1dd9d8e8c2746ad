"""Raw columns of forecasts, checked as columns: numbers for names, microseconds, probabilities, and the bad rows.

A whole column is checked at once; only where that finds something amiss is it gone through value by value, to say
which row is wrong and why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isnan
from types import NoneType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from predictions.bulk.blocks import Chances, Forecasts, Ranks, Times
from predictions.bulk.incoming import Column, Raw
from predictions.errors import InvalidValue, shown
from predictions.moments import EPOCH, MICROSECOND, in_microseconds, read_made_at
from predictions.values import PLACES, check_probability

EARLIEST = in_microseconds(datetime.min.replace(tzinfo=UTC))
LATEST = in_microseconds(datetime.max.replace(tzinfo=UTC))
TOO_SMALL = 10**13  # as microseconds in the spring of 1970; seconds and milliseconds of our days lie below
MISSING = -1
FLAGS: dict[object, bool] = {
    None: False, False: False, "": False, "false": False, "0": False, True: True, "true": True, "1": True,
}  # fmt: skip


class Numbers(dict[Any, int]):
    """A number for each distinct name, given out in the order of arrival."""

    last: tuple[Any, Ranks] | None = None

    def __missing__(self, name: Any) -> int:
        self[name] = len(self)
        return self[name]

    def of_dictionary(self, dictionary: Any) -> Ranks:
        """The numbers of an Arrow dictionary; the pieces of one table share theirs. Last stands that of nothing."""
        if self.last is None or not self.last[0].equals(dictionary):
            distinct = [self[name] if isinstance(name, str) else MISSING for name in dictionary.to_pylist()]
            self.last = (dictionary, np.array([*distinct, MISSING], np.int32))
        return self.last[1]


class Checked(NamedTuple):
    """The rows that may be recorded, by their place in the piece, and the rest with the reason for each."""

    rows: Forecasts
    place: NDArray[np.intp]
    bad: dict[int, str]
    rounded: int


def checked(raw: Raw, claims: Numbers, forecasters: Numbers, *, latest: int, by: str | None) -> Checked:
    """Check one piece; who and what are known by their numbers in *claims* and *forecasters*."""
    bad = dict(raw.uneven)
    size = raw.size
    claim = names(raw.claim, claims, bad, "claim")
    if raw.forecaster is None and by is None:
        raise InvalidValue("there is no column 'forecaster'; say whose forecasts they are: by=")
    whom = np.full(size, forecasters[by], np.int32) if raw.forecaster is None else names(
        raw.forecaster, forecasters, bad, "forecaster"
    )  # fmt: skip
    moments = microseconds(raw.made_at, bad)
    early, late = moments < EARLIEST, moments > latest
    small = (moments >= 0) & (moments < TOO_SMALL)
    for place in np.flatnonzero(early | late | small).tolist():
        bad.setdefault(place, _untimely(int(moments[place]), latest))
    chances, rounded = probabilities(raw.probability, raw.withdrawn, bad)
    rows = Forecasts(claim, whom, moments, chances)
    if not bad:
        return Checked(rows, np.arange(size), bad, int(rounded.sum()))
    good = np.ones(size, np.bool_)
    good[list(bad)] = False
    return Checked(rows.rows(good), np.flatnonzero(good), bad, int(rounded[good].sum()))


def names(column: Column, numbers: Numbers, bad: dict[int, str], what: str) -> Ranks:
    """The number of each name."""
    if hasattr(column, "dictionary_encode"):
        return _arrow_names(column, numbers, bad, what)
    values = column.tolist() if isinstance(column, np.ndarray) else column
    if set(map(type, values)) <= {str}:
        return np.fromiter(map(numbers.__getitem__, values), np.int32, len(values))
    found = np.full(len(values), MISSING, np.int32)
    for place, value in enumerate(values):
        if isinstance(value, str):
            found[place] = numbers[str(value)]
        else:
            bad.setdefault(place, f"{what} {shown(value)} is not a slug")
    return found


def _arrow_names(column: Column, numbers: Numbers, bad: dict[int, str], what: str) -> Ranks:
    import pyarrow

    if isinstance(column, pyarrow.ChunkedArray):
        column = column.combine_chunks()
    if not pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = column.indices
    if codes.null_count:
        codes = codes.fill_null(len(column.dictionary))
    found: Ranks = numbers.of_dictionary(column.dictionary)[codes.to_numpy(zero_copy_only=False)]
    for place in np.flatnonzero(found == MISSING).tolist():
        bad.setdefault(place, f"{what} {shown(column[place].as_py())} is not a slug")
    return found


def microseconds(column: Column, bad: dict[int, str]) -> Times:
    """Moments as microseconds since 1970, UTC."""
    if hasattr(column, "null_count"):
        import pyarrow

        kind = column.type
        if pyarrow.types.is_timestamp(kind) and kind.tz is None:
            raise InvalidValue("made_at has no time zone; give timestamps with one, UTC for choice")
        if (pyarrow.types.is_timestamp(kind) or pyarrow.types.is_integer(kind)) and not column.null_count:
            if pyarrow.types.is_timestamp(kind):
                column = column.cast(pyarrow.timestamp("us", "UTC"), safe=False).cast(pyarrow.int64())
            column = column.to_numpy(zero_copy_only=False)
        else:
            column = column.to_pylist()
    if isinstance(column, np.ndarray):
        if column.dtype.kind in "iu" and column.max(initial=0) <= LATEST:  # beyond, a uint64 would turn negative
            return np.asarray(column, np.int64)
        if column.dtype.kind == "M" and np.datetime_data(column.dtype)[0] != "D":
            raise InvalidValue("made_at holds times without an offset; give microseconds since 1970, UTC")
        column = column.tolist()
    kinds = set(map(type, column))
    if kinds == {int}:
        try:
            return np.array(column, np.int64)
        except OverflowError:
            pass
    if kinds == {str} and (quick := _from_text(column)) is not None:
        return quick
    return np.asarray(_one_by_one(column, _microsecond, TOO_SMALL, np.int64, bad))


def _from_text(column: Sequence[str]) -> Times | None:
    """Texts that all read ``YYYY-MM-DDTHH:MM:SS[.ffffff]Z``, at once; None where one does not."""
    try:
        texts = np.array(column, "S")
    except UnicodeEncodeError:
        return None
    length = texts.dtype.itemsize
    if not 20 <= length <= 27 or length == 21:
        return None
    marks = texts.view(np.uint8).reshape(-1, length)
    form = np.frombuffer(b"0000-00-00T00:00:00.000000"[: length - 1] + b"Z", np.uint8)
    digit = form == ord("0")
    if not ((marks[:, ~digit] == form[~digit]).all() and ((marks[:, digit] - ord("0")) <= 9).all()):
        return None
    try:
        days = np.ascontiguousarray(marks[:, :-1]).view(f"S{length - 1}").ravel()
        return np.asarray(days.astype("M8[us]").astype(np.int64))
    except ValueError:
        return None


def _microsecond(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > 2**62:
            raise InvalidValue(f"made_at {shown(value)} lies outside the years 0001 to 9999 in microseconds")
        return value
    if isinstance(value, np.integer):
        return _microsecond(int(value))
    if isinstance(value, str) and re.fullmatch("-?[0-9]{1,19}", value):
        return _microsecond(int(value))
    if isinstance(value, (str, date)):
        return in_microseconds(read_made_at(value))
    raise InvalidValue(f"made_at {shown(value)} is not a moment")


def _untimely(moment: int, latest: int) -> str:
    if not EARLIEST <= moment <= LATEST:
        return f"made_at {moment} lies outside the years 0001 to 9999 in microseconds"
    if moment > latest:
        return f"made_at {EPOCH + moment * MICROSECOND} lies in the future"
    return f"made_at {moment} is early in 1970 if it counts microseconds; seconds and milliseconds are not read"


def probabilities(column: Column, withdrawn: Column | None, bad: dict[int, str]) -> tuple[Chances, NDArray[np.bool_]]:
    """Probabilities rounded to twelve places, NaN for a withdrawal; and which were rounded."""
    ended = _flags(withdrawn, len(column), bad)
    found = _floats(column, bad)
    outside = ~((found >= 0) & (found <= 1))
    if ended is not None:
        for place in np.flatnonzero(ended & ~np.isnan(found)).tolist():
            bad.setdefault(place, "a withdrawal carries no probability")
        outside &= ~ended
    if outside.any():
        for place in np.flatnonzero(outside).tolist():
            bad.setdefault(place, _improbable(float(found[place])))
    with np.errstate(over="ignore", invalid="ignore"):  # of numbers far outside, which are bad already
        kept = np.round(found, PLACES) + 0.0
    return kept, np.asarray((kept != found) & ~np.isnan(found))


def _floats(column: Column, bad: dict[int, str]) -> Chances:
    if hasattr(column, "null_count"):
        import pyarrow

        if pyarrow.types.is_floating(column.type):
            return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)
        column = column.to_pylist()
    if isinstance(column, np.ndarray):
        if column.dtype.kind == "f":
            return np.asarray(column, np.float64)
        column = column.tolist()
    if set(map(type, column)) <= {float}:
        return np.array(column, np.float64)
    return np.asarray(_one_by_one(column, _probability, np.nan, np.float64, bad))


def _probability(value: object) -> float:
    if isinstance(value, str):
        if not value.strip("0123456789.eE-+") and value:
            try:
                return float(value)
            except ValueError:
                pass
        raise InvalidValue(f"{shown(value)} is not a probability; say a number from 0 to 1, such as 0.72")
    if isinstance(value, (float, Decimal)):
        return float(value)
    return check_probability(value)


def _improbable(value: float) -> str:
    if isnan(value):
        return "it has no probability; a withdrawal says so in a column 'withdrawn'"
    return f"{value!r} is not a probability, which runs from 0 to 1"


def _flags(column: Column | None, size: int, bad: dict[int, str]) -> NDArray[np.bool_] | None:
    """Which rows withdraw what stood: true or 1, or the text true; absent, empty and false do not."""
    if column is None:
        return None
    if isinstance(column, np.ndarray) and column.dtype.kind == "b":
        return np.asarray(column, np.bool_)
    if hasattr(column, "null_count") and str(column.type) == "bool":
        return np.asarray(column.fill_null(False).to_numpy(zero_copy_only=False), np.bool_)
    values = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
    if set(map(type, values)) <= {NoneType, bool}:
        return np.array(values, np.bool_)
    known_texts = {text: _flag(text) for text in {value for value in values if isinstance(value, str)}}
    found = np.zeros(size, np.bool_)
    for place, value in enumerate(values):
        known = known_texts[value] if isinstance(value, str) else _flag(value)
        if known is None:
            bad.setdefault(place, f"withdrawn {shown(value)} is neither true nor false")
        found[place] = bool(known)
    return found


def _flag(value: object) -> bool | None:
    """What is meant; None where that is neither."""
    try:
        return FLAGS.get(value.strip().lower() if isinstance(value, str) else value)
    except TypeError:
        return None


def _one_by_one(
    column: Sequence[object], read: Callable[[object], float], absent: float, kind: type[np.int64 | np.float64],
    bad: dict[int, str],
) -> Any:  # fmt: skip
    if set(map(type, column)) == {str} and len(texts := list(set(column))) < len(column):
        wrong: dict[int, str] = {}
        numbers = dict(zip(texts, _one_by_one(texts, read, absent, kind, wrong).tolist(), strict=True))
        if not wrong:  # each different text was read once
            return np.fromiter(map(numbers.__getitem__, column), kind, len(column))
    found = np.full(len(column), absent, kind)
    for place, value in enumerate(column):
        if (value is None or value == "") and kind is np.float64:
            continue  # no probability: judged beside `withdrawn`
        try:
            found[place] = read(value)
        except ValueError as error:
            bad.setdefault(place, str(error))
    return found
