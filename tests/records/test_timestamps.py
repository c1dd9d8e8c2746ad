"""Moments are read with their offset or not at all, and their text sorts as time does."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.errors import InvalidValue
from predictions.timestamps import (
    end_of,
    moment_text,
    parse_moment_text,
    read_known,
    read_made_at,
    read_moment,
    start_of,
)

MOMENTS = st.datetimes(timezones=st.just(UTC))
FRACTIONAL = timezone(timedelta(hours=5, minutes=53, seconds=28))

READ = [
    ("2026-04-13T09:30:00Z", "2026-04-13T09:30:00.000000Z"),
    ("2026-04-13T09:30:00+02:00", "2026-04-13T07:30:00.000000Z"),
    ("2026-04-13T09:30+05:45", "2026-04-13T03:45:00.000000Z"),
    ("2026-04-13 09:30:00-03:30", "2026-04-13T13:00:00.000000Z"),
    ("2026-04-13t09:30:00z", "2026-04-13T09:30:00.000000Z"),
    ("2026-04-13 09:30:00 UTC", "2026-04-13T09:30:00.000000Z"),
    ("2026-04-13  09:30 GMT", "2026-04-13T09:30:00.000000Z"),
    ("2026-04-13 09:30:00+00", "2026-04-13T09:30:00.000000Z"),
    ("2026-04-13 09:30:00 -0330", "2026-04-13T13:00:00.000000Z"),
    ("2026-04-13T09:30:00.5Z", "2026-04-13T09:30:00.500000Z"),
    ("2026-04-13T09:30:00.000001Z", "2026-04-13T09:30:00.000001Z"),
    ("2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00.000000Z"),
    ("2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000000Z"),
    ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
    ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
    (datetime(2026, 4, 13, 9, 30, tzinfo=timezone(timedelta(hours=2))), "2026-04-13T07:30:00.000000Z"),
    (datetime(2026, 4, 13, 9, 30, 0, 7, tzinfo=UTC), "2026-04-13T09:30:00.000007Z"),
    (datetime(2026, 4, 13, 5, 53, 28, tzinfo=FRACTIONAL), "2026-04-13T00:00:00.000000Z"),
]

REFUSED = [
    ("2026-01-01T00:00:00", "has no offset from UTC; say it: Z or +02:00 behind it"),
    ("2026-01-01 12:00", "has no offset from UTC"),
    (datetime(2026, 1, 1), "has no offset from UTC"),
    ("2026-01-01", "a whole day is not a moment"),
    (date(2026, 1, 1), "cannot read"),
    ("01/02/2026", "cannot read '01/02/2026' as a moment; write YYYY-MM-DDTHH:MM:SSZ"),
    ("now", "cannot read 'now' as a moment"),
    ("", "cannot read '' as a moment"),
    ("1767225600", "cannot read '1767225600' as a moment"),
    (1767225600, "1767225600 is a count of seconds since 1970; say 2026-01-01"),
    (1767225600.5, "cannot read 1767225600.5 as a moment"),
    pytest.param(10**5000, "cannot read a very large number as a moment", id="huge"),
    (True, "cannot read True as a moment"),
    (None, "cannot read None as a moment"),
    (b"2026-01-01T00:00:00Z", "cannot read b'2026"),
    ("2016-12-31T23:59:60Z", "is a leap second, which cannot be kept"),
    ("2016-12-31T23:59:61Z", "is on no clock or in no calendar"),
    ("2026-01-01T24:00:00Z", "is on no clock or in no calendar"),
    ("2026-01-01T12:60:00Z", "is on no clock or in no calendar"),
    ("2026-02-30T00:00:00Z", "is on no clock or in no calendar"),
    ("2026-01-01T00:00:00+25:00", "is on no clock or in no calendar"),
    ("2026-01-01T00:00:00+24:00", "is on no clock or in no calendar"),
    ("0000-01-01T00:00:00Z", "is on no clock or in no calendar"),
    ("10000-01-01T00:00:00Z", "cannot read"),
    ("+2026-01-01T00:00:00Z", "cannot read"),
    ("2026-01-01T00:00:00.123456789Z", "is finer than a microsecond; round it to 6 digits"),
    ("2026-01-01T00:00:00.1234560Z", "is finer than a microsecond"),
    ("2026-01-01T00:00:00.Z", "cannot read"),
    ("2026-01-01T00:00:00,5Z", "cannot read"),
    ("2026-01-01T00:00:00.1234560Z", "is finer than a microsecond"),
    ("2026-01-01T00:00:00Z\n", "cannot read"),
    (" 2026-01-01T00:00:00Z", "cannot read"),
    ("2026-01-01T00:00:00+2", "cannot read"),
    ("2026-01-01T00:00:00+020", "cannot read"),
    ("2026-01-01T00Z", "cannot read"),
    ("20260101T000000Z", "cannot read"),
    ("2026-W01-1T00:00:00Z", "cannot read"),
    ("2026-01-01T00:00:00 CET", "cannot read"),
    ("٢٠٢٦-01-01T00:00:00Z", "cannot read"),
    ("2026-01-01T00:00:00\ud800", "cannot read"),
    ("9999-12-31T23:59:59-01:00", "lies outside the years 0001 to 9999 in UTC"),
    ("0001-01-01T00:00:00+00:01", "lies outside the years 0001 to 9999 in UTC"),
    (
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
        "lies outside the years 0001 to 9999 in UTC",
    ),
]

# wall time, fold (0 the first, 1 the second time the clock shows it), zone, UTC
CLOCK_CHANGES = [
    ("2026-10-25T02:30", 0, "Europe/Berlin", "2026-10-25T00:30:00.000000Z"),
    ("2026-10-25T02:30", 1, "Europe/Berlin", "2026-10-25T01:30:00.000000Z"),
    ("2025-11-02T01:30", 0, "America/St_Johns", "2025-11-02T04:00:00.000000Z"),
    ("2025-11-02T01:30", 1, "America/St_Johns", "2025-11-02T05:00:00.000000Z"),
    ("2026-04-05T01:45", 0, "Australia/Lord_Howe", "2026-04-04T14:45:00.000000Z"),
    ("2026-04-05T01:45", 1, "Australia/Lord_Howe", "2026-04-04T15:15:00.000000Z"),
    ("2026-01-01T00:00", 0, "Asia/Kathmandu", "2025-12-31T18:15:00.000000Z"),
]


class Stamp(datetime):
    """Stands for the timestamps of other libraries, which are datetimes with more in them."""

    nanosecond = 0

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        text = super().isoformat(sep, "microseconds")
        return f"{text[:26]}{self.nanosecond:03}{text[26:]}" if self.nanosecond else text


def zone_of(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        pytest.skip("this machine has no time zone database")


@pytest.mark.parametrize(("value", "text"), READ)
def test_a_moment_is_read_as_utc(value: datetime | str, text: str) -> None:
    moment = read_moment(value)

    assert moment_text(moment) == text
    assert moment.tzinfo is UTC
    assert type(moment) is datetime


@pytest.mark.parametrize(("value", "message"), REFUSED)
def test_any_other_moment_is_refused(value: object, message: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_moment(value)  # type: ignore[arg-type]  # the point

    assert message in str(caught.value)
    assert len(str(caught.value).encode()) < 240


@pytest.mark.parametrize(("wall", "fold", "zone", "expected"), CLOCK_CHANGES)
def test_clock_changes_are_kept_as_utc(wall: str, fold: int, zone: str, expected: str) -> None:
    moment = datetime.fromisoformat(wall).replace(tzinfo=zone_of(zone), fold=fold)

    assert moment_text(moment) == moment_text(read_moment(moment)) == expected


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize(
    ("wall", "zone"),
    [
        ("2026-03-29T02:30", "Europe/Berlin"),
        ("2026-03-08T02:30", "America/New_York"),
        ("2026-10-04T02:15", "Australia/Lord_Howe"),
        ("2011-12-30T12:00", "Pacific/Apia"),
    ],
)
def test_a_time_that_no_clock_showed_is_refused(wall: str, zone: str, fold: int) -> None:
    moment = datetime.fromisoformat(wall).replace(tzinfo=zone_of(zone), fold=fold)

    with pytest.raises(InvalidValue, match=f"no clock in {zone} showed"):
        read_moment(moment)
    assert read_moment(moment + timedelta(days=1))


@pytest.mark.parametrize(
    ("value", "day", "moment"),
    [
        ("2026-05-12", "2026-05-12", None),
        (" 2026-05-12 ", "2026-05-12", None),
        (date(2026, 5, 12), "2026-05-12", None),
        ("2026-05-12T18:00:00Z", "2026-05-12", "2026-05-12T18:00:00.000000Z"),
        ("2026-05-13T01:00:00+02:00", "2026-05-12", "2026-05-12T23:00:00.000000Z"),
        (datetime(2026, 5, 12, 18, tzinfo=UTC), "2026-05-12", "2026-05-12T18:00:00.000000Z"),
        (datetime(2026, 5, 12), "2026-05-12", None),
        ("2026-05-12T00:00:00", "2026-05-12", None),
        ("2026-05-12 00:00", "2026-05-12", None),
        (pandas.Timestamp("2026-05-12T18:00Z"), "2026-05-12", "2026-05-12T18:00:00.000000Z"),
        (pandas.Timestamp("2026-05-12"), "2026-05-12", None),
        (numpy.datetime64("2026-05-12"), "2026-05-12", None),
        (numpy.datetime64("2026-05-12T00:00:00.000000000"), "2026-05-12", None),
    ],
)
def test_a_moment_where_a_day_is_wanted_is_its_day_in_utc(value: object, day: str, moment: str | None) -> None:
    read, known_at = read_known(value)  # type: ignore[arg-type]  # numpy's too

    assert (type(read), str(read)) == (date, day)
    assert (known_at and moment_text(known_at)) == moment


@pytest.mark.parametrize(
    "value",
    [
        *(datetime(2026, 5, 12, 18), "2026-05-12T18:00:00", pandas.Timestamp("2026-05-12T00:00:00.000000001")),
        *(numpy.datetime64("2026-05-12T18:00"), numpy.datetime64("NaT"), pandas.NaT, 20260512, "12 May", None, ""),
        *("1899-12-30", "1900-01-01", date(1904, 1, 1), date.min, "1899-12-31T00:00:00Z", datetime(1900, 1, 1)),
    ],
)
def test_what_is_no_day_for_certain_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue):
        read_known(value)  # type: ignore[arg-type]  # the point


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a running process cannot be set here")
@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "UTC"])
def test_the_zone_of_the_machine_does_not_matter(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert moment_text(read_moment("2026-04-13T09:30:00+02:00")) == "2026-04-13T07:30:00.000000Z"
        assert moment_text(read_made_at(date(2026, 4, 13))) == "2026-04-13T23:59:59.999999Z"
        with pytest.raises(InvalidValue, match="no offset"):
            moment_text(datetime(2026, 4, 13))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_foreign_timestamp_becomes_a_plain_datetime() -> None:
    moment = read_moment(Stamp(2026, 4, 13, 9, 30, tzinfo=UTC))

    assert (type(moment), moment) == (datetime, datetime(2026, 4, 13, 9, 30, tzinfo=UTC))


def test_nanoseconds_of_a_foreign_timestamp_are_not_cut_silently() -> None:
    stamp = Stamp(2026, 4, 13, 9, 30, tzinfo=UTC)
    stamp.nanosecond = 7

    with pytest.raises(InvalidValue, match="finer than a microsecond"):
        read_moment(stamp)


@pytest.mark.parametrize("value", [date(2026, 4, 13), "2026-04-13"])
def test_a_whole_day_for_made_at_means_its_end(value: date | str) -> None:
    assert moment_text(read_made_at(value)) == "2026-04-13T23:59:59.999999Z"


def test_the_last_day_for_made_at_has_an_end() -> None:
    assert read_made_at(date.max) == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(("value", "text"), READ)
def test_made_at_takes_a_moment_too(value: datetime | str, text: str) -> None:
    assert moment_text(read_made_at(value)) == text


@pytest.mark.parametrize(
    "value",
    ["2026-01-01T00:00:00", datetime(2026, 1, 1), "01/02/2026", "now", "1767225600", 1767225600, None],
)
def test_made_at_refuses_what_is_neither(value: object) -> None:
    with pytest.raises(InvalidValue):
        read_made_at(value)  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize("value", ["2026-02-30", "2026-13-01", "0000-01-01"])
def test_made_at_refuses_a_day_in_no_calendar(value: str) -> None:
    with pytest.raises(InvalidValue, match="in no calendar"):
        read_made_at(value)


@given(MOMENTS, MOMENTS)
def test_text_sorts_as_time_does(one: datetime, other: datetime) -> None:
    assert (moment_text(one) < moment_text(other)) == (one < other)
    assert len(moment_text(one)) == len("YYYY-MM-DDTHH:MM:SS.ffffffZ")


@given(MOMENTS)
def test_a_moment_reads_back_from_its_text(moment: datetime) -> None:
    text = moment_text(moment)

    assert parse_moment_text(text) == read_moment(text) == moment
    assert parse_moment_text(text).tzinfo is UTC


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)), st.integers(-1439, 1439))
def test_any_offset_is_taken_into_account(wall: datetime, minutes: int) -> None:
    moment = wall.replace(tzinfo=timezone(timedelta(minutes=minutes)))

    assert read_moment(moment) == read_moment(moment.isoformat()) == moment


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.Z+-]{4,22}", fullmatch=True))
def test_any_text_is_read_or_refused_in_our_own_words(text: str) -> None:
    for read in (read_moment, read_made_at, parse_moment_text):
        try:
            moment = read(text)
        except InvalidValue:
            continue
        assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026-04-13", "2026-04-13T07:30:00Z", "2026-04-13T07:30:00.000Z", "2026-04-13T07:30:00.000000"),
        *("2026-04-13 07:30:00.000000Z", "2026-04-13T07:30:00.000000z", "2026-04-13T07:30:00.000000+00:00"),
        *("2026-04-13T07:30:00.000000+02:00", "2026-04-13T07:30:00,000000Z", "2026-02-30T07:30:00.000000Z"),
        *("20260413T073000.000000Z", "2026-04-13T07:30:00.0000000Z", " 2026-04-13T07:30:00.000000Z", None, 5),
        "2026-04-13T24:00:00.000000Z",
    ],
)
def test_text_that_was_not_written_by_us_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match=r"is not YYYY-MM-DDTHH:MM:SS\.ffffffZ"):
        parse_moment_text(text)


def test_a_day_runs_from_midnight_to_midnight() -> None:
    assert start_of(date(2028, 2, 29)) == datetime(2028, 2, 29, tzinfo=UTC)
    assert end_of(date(2028, 2, 29)) == datetime(2028, 3, 1, tzinfo=UTC)
    assert end_of(date(2026, 12, 31)) == datetime(2027, 1, 1, tzinfo=UTC)


def test_the_ends_of_the_calendar_hold() -> None:
    assert start_of(date.min) == datetime.min.replace(tzinfo=UTC)
    assert start_of(date.max) < end_of(date.max) == datetime.max.replace(tzinfo=UTC)
    assert end_of(date(9999, 12, 30)) == start_of(date.max)
