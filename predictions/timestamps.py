"""Moments: UTC times to the microsecond, read from strict text and stored as text of one fixed width."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

from predictions.dates import DAY_PATTERN, check_no_empty_cell, no_day, read_day
from predictions.errors import InvalidValue, short_repr

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
EARLIEST = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND  # the first and the last moment, in microseconds
LATEST = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
_ACCEPTED = "write YYYY-MM-DDTHH:MM:SSZ, or +02:00 in place of Z"
_MOMENT = (
    rf"({DAY_PATTERN})(?:[Tt]| +)([0-9]{{2}}:[0-9]{{2}}(?::(?P<second>[0-9]{{2}})(?:\.(?P<fraction>[0-9]+))?)?)"
    r" *(?P<offset>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-5][0-9])?)?"
)

_IN_UTC = re.compile(rf"{DAY_PATTERN}[T ][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(?:\.[0-9]{{1,6}})?(?:Z|\+00:00)")


def read_moment(value: datetime | str) -> datetime:
    """Read a moment from an aware datetime or from ISO text with an offset, which may be ``UTC``, and return it in UTC.

    Raises InvalidValue for a time without offset, a whole day, a number, a time that no clock showed, a leap second,
    more than six digits after the second, and a moment outside the years 0001 to 9999 in UTC.

    >>> read_moment("2026-04-13T09:30+02:00")
    datetime.datetime(2026, 4, 13, 7, 30, tzinfo=datetime.timezone.utc)
    """
    if type(value) is datetime and value.tzinfo is UTC:
        return value
    if type(value) is str and _IN_UTC.fullmatch(value):  # most text; this runs for each forecast that is read
        try:  # contextlib.suppress would take longer
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    if isinstance(value, datetime) and type(value) is not datetime:
        value = value.isoformat()  # a pandas timestamp may have nanoseconds, or be NaT
    if not isinstance(value, datetime | str):
        raise InvalidValue(no_day(value, f"as a moment; {_ACCEPTED}"))
    moment = _parsed(value) if isinstance(value, str) else value
    if moment.utcoffset() is None:
        # The end of the message: how to add an offset.
        way = "Z or +02:00 behind it" if isinstance(value, str) else ".astimezone() is in this machine's"
        raise InvalidValue(f"the moment {short_repr(value)} has no offset from UTC; say it: {way}")
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError:
        raise InvalidValue(f"the moment {short_repr(value)} lies outside the years 0001 to 9999 in UTC") from None
    with suppress(OverflowError):  # at the ends of the calendar no clock was changed
        # In the hour that is skipped when clocks go forward a time does not come back as itself.
        if in_utc.astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(tzinfo=None):
            raise InvalidValue(f"no clock in {moment.tzinfo} showed {moment.replace(tzinfo=None)}; say the time in UTC")
    return in_utc


def read_made_at(value: date | str) -> datetime:
    """Read when a forecast was made: a moment, as :func:`read_moment` takes it, or a whole day, meaning its end.

    The end is the last microsecond of the day, UTC. By then the forecaster had all news of the day, so a forecast that
    is dated by its day alone is never taken for an earlier one. Raises InvalidValue as :func:`read_moment` does.

    >>> moment_text(read_made_at("2026-04-13"))
    '2026-04-13T23:59:59.999999Z'
    """
    if isinstance(value, str) and not re.match(f"{DAY_PATTERN}[Tt ]", value):
        if not re.fullmatch(DAY_PATTERN, value):
            raise InvalidValue(no_day(value, "as a day or a moment; write YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ"))
        value = read_day(value)
    if isinstance(value, str | datetime) or not isinstance(value, date):
        return read_moment(value)
    return start_of(value) + timedelta(hours=23, minutes=59, seconds=59, microseconds=999_999)


def read_known(value: date | str) -> tuple[date, datetime | None]:
    """Read when an outcome became public: its day, UTC, and its moment, None if only a day is given.

    A midnight without an offset is a day, because tables write days like this. Raises InvalidValue for any other time
    without an offset, and for the days that spreadsheets write for an empty cell.

    >>> read_known("2026-05-13T01:00+02:00")[0], read_known("2026-05-12 00:00:00")
    (datetime.date(2026, 5, 12), (datetime.date(2026, 5, 12), None))
    """
    day_or_moment = _day_or_moment_told(value)
    if not isinstance(day_or_moment, datetime):
        return day_or_moment, None
    moment = read_moment(day_or_moment)
    return moment.date(), moment


def whole_day(value: date | str) -> date:
    """Read a day, also from a moment that some program wrote for it.

    A midnight means the day that it begins, with any offset or none, because databases, frames and spreadsheets write
    days like this; any other moment means its day in UTC. Raises InvalidValue as :func:`read_known` does.

    >>> whole_day("2027-06-30T00:00:00Z") == whole_day("2027-06-30 00:00+02:00") == whole_day("2027-06-30")
    True
    >>> whole_day("2027-06-30T22:30-05:00")
    datetime.date(2027, 7, 1)
    """
    moment = _day_or_moment_told(value)
    if not isinstance(moment, datetime):
        return moment
    is_midnight = moment.time() == time.min and not getattr(moment, "nanosecond", None)
    return date(moment.year, moment.month, moment.day) if is_midnight else read_moment(moment).date()


def _day_or_moment_told(value: date | str) -> date:
    """Read a day, or a moment with the offset that it was given with; a midnight without an offset is a day."""
    if type(value) is date:  # one that was read before
        check_no_empty_cell(value)
        return value
    given = value
    if type(value).__name__ == "NaTType":  # a pandas datetime for a missing value, whose methods raise
        raise InvalidValue(f"{short_repr(given)} is no day; write YYYY-MM-DD")
    if getattr(getattr(value, "dtype", None), "kind", "") == "M":  # a time of numpy, which has no offset
        value = _of_numpy(value)
    if isinstance(value, str):
        value = value.strip()
    if isinstance(value, str) and re.fullmatch(_MOMENT, value):
        value = _parsed(value)
    check_no_empty_cell(value)
    if not isinstance(value, datetime):
        return read_day(value)
    if value.utcoffset() is not None:
        return value
    if value.time() != time.min or getattr(value, "nanosecond", None):
        raise InvalidValue(
            f"the moment {short_repr(given)} has no offset from UTC; say a day, or one with it: ...Z, +02:00"
        )
    return value.date()


def day_of_moment(value: object) -> object:
    """Return the day of a moment, as :func:`whole_day` reads it; any other value, such as a month, unchanged.

    >>> day_of_moment("2026-05-13T01:00+02:00"), day_of_moment("2026-05")
    (datetime.date(2026, 5, 12), '2026-05')
    """
    is_text = isinstance(value, str) and re.fullmatch(_MOMENT, value.strip())
    if is_text or isinstance(value, datetime) or getattr(getattr(value, "dtype", None), "kind", "") == "M":
        return whole_day(value)  # type: ignore[arg-type]  # of numpy's too
    return value


def _of_numpy(value: object) -> date | datetime | str:
    """Return a numpy time as a day if it is a midnight, else as its text; a week, a month or a year is refused."""
    if str(value.dtype) in {"datetime64[Y]", "datetime64[M]", "datetime64[W]"}:  # type: ignore[attr-defined]  # as below
        raise InvalidValue(f"{value} is a week, a month or a year; say the day")
    day = value.astype("datetime64[D]")  # type: ignore[attr-defined]  # numpy's, which is not loaded here
    whole_day = day.item()
    return whole_day if day == value and isinstance(whole_day, date) else str(value)[:26]


def moment_text(moment: datetime) -> str:
    """Return the moment as it is stored: ``YYYY-MM-DDTHH:MM:SS.ffffffZ``, 27 characters that sort in order of time.

    Raises InvalidValue for a datetime without an offset.

    >>> moment_text(datetime(1, 1, 1, tzinfo=UTC))
    '0001-01-01T00:00:00.000000Z'
    """
    if moment.tzinfo is not UTC:
        moment = read_moment(moment)
    return moment.isoformat("T", "microseconds")[:26] + "Z"  # a keyword would take longer


def spoken_moment(moment: datetime) -> str:
    """Return a moment for a person to read, to the second: ``2026-05-12 18:00:00Z``."""
    return moment_text(moment)[:19].replace("T", " ") + "Z"


def to_the_minute(moment: datetime) -> str:
    """Write a moment as receipts do, to the minute: ``2026-05-12 18:00 UTC``."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def parse_moment_text(text: str) -> datetime:
    """Return the moment that :func:`moment_text` wrote as *text*; InvalidValue for any other text.

    >>> parse_moment_text("0001-01-01T00:00:00.000000Z")
    datetime.datetime(1, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    with suppress(TypeError, ValueError):  # InvalidValue is a ValueError
        moment = datetime.fromisoformat(text)
        if moment_text(moment) == text:
            return moment
    raise InvalidValue(f"{short_repr(text)} is not YYYY-MM-DDTHH:MM:SS.ffffffZ, as moments are kept")


def utc_day(when: date | datetime) -> date:
    """Return the day of a moment, UTC; a whole day unchanged."""
    return when.date() if isinstance(when, datetime) else when


def start_of(day: date) -> datetime:
    """Return the moment at which a whole day begins, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def end_of(day: date) -> datetime:
    """Return the moment at which a whole day is over, UTC: 00:00 of the day after.

    For 9999-12-31, which no day follows, it is its last microsecond.
    """
    return start_of(day) + timedelta(days=1) if day < date.max else datetime.max.replace(tzinfo=UTC)


def in_microseconds(moment: datetime) -> int:
    """Return the microseconds from the beginning of 1970, UTC, to a moment."""
    return (moment - EPOCH) // MICROSECOND


def moment_at(microseconds: int) -> datetime:
    """Return the moment that is this number of microseconds after the beginning of 1970, UTC."""
    return EPOCH + microseconds * MICROSECOND


def day_number(day: date) -> int:
    """Count the days from 1970 to a day.

    >>> day_number(date(1970, 1, 2)), day_at(1)
    (1, datetime.date(1970, 1, 2))
    """
    return day.toordinal() - EPOCH.toordinal()


def day_at(number: float) -> date:
    """Return a day by its number since 1970."""
    return EPOCH.date() + timedelta(days=int(number))


def _parsed(text: str) -> datetime:
    """Parse strict ISO text; the datetime is naive if the text has no offset. InvalidValue for any other text."""
    match = re.fullmatch(_MOMENT, text)
    if match is None:
        whole_day = "; a whole day is not a moment" if re.fullmatch(DAY_PATTERN, text) else ""
        raise InvalidValue(f"cannot read {short_repr(text)} as a moment{whole_day}; {_ACCEPTED}")
    if match["second"] == "60":
        raise InvalidValue(f"{short_repr(text)} is a leap second, which cannot be kept; write :59 instead")
    if len(match["fraction"] or "") > 6:
        raise InvalidValue(f"{short_repr(text)} is finer than a microsecond; round it to 6 digits")
    try:
        offset = (match["offset"] or "").upper()
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{'Z' if offset in {'UTC', 'GMT'} else offset}")
    except ValueError:
        raise InvalidValue(f"{short_repr(text)} is on no clock or in no calendar; {_ACCEPTED}") from None
