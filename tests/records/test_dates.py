"""Days, months and years are read as they are written or refused; the edtf package checks them from outside."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from horizon_words import bounds
from hypothesis import given
from hypothesis import strategies as st

from predictions.dates import add_span, read_day, read_period
from predictions.errors import InvalidValue

SAID = date(2026, 4, 13)


@pytest.mark.parametrize(
    ("day", "count", "unit", "expected"),
    [
        (date(2026, 4, 13), 18, "months", date(2027, 10, 13)),
        (date(2026, 8, 31), 18, "months", date(2028, 2, 29)),
        (date(2026, 8, 31), 6, "months", date(2027, 2, 28)),
        (date(2028, 2, 29), 4, "years", date(2032, 2, 29)),
        (date(2028, 2, 29), 1, "year", date(2029, 2, 28)),
        (date(2026, 12, 31), 1, "day", date(2027, 1, 1)),
        (date(2026, 12, 31), 30, "days", date(2027, 1, 30)),
        (date(2026, 4, 13), 6, "weeks", date(2026, 5, 25)),
        (date(2026, 3, 31), -1, "month", date(2026, 2, 28)),
        (date(2026, 4, 13), 0, "years", date(2026, 4, 13)),
    ],
)
def test_spans_are_calendar_spans(day: date, count: int, unit: str, expected: date) -> None:
    assert add_span(day, count, unit) == expected


@pytest.mark.parametrize("unit", ["", "s", "dayss", "hour", "Months", "quarter", "decades"])
def test_other_units_are_refused(unit: str) -> None:
    with pytest.raises(InvalidValue, match="use days, weeks, months or years"):
        add_span(SAID, 1, unit)


@pytest.mark.parametrize("count", [True, 1.0, "1", None])
def test_a_count_that_is_no_whole_number_is_refused(count: object) -> None:
    with pytest.raises(InvalidValue, match="is not a count; give a whole number"):
        add_span(SAID, count, "days")  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
@pytest.mark.parametrize("count", [10_000_000, -10_000_000, 10**400])
def test_a_span_beyond_the_calendar_is_refused(count: int, unit: str) -> None:
    with pytest.raises(InvalidValue, match="leaves the years 0001 to 9999"):
        add_span(SAID, count, unit)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-06-17", date(2026, 6, 17), date(2026, 6, 17)),
        ("2026-06", date(2026, 6, 1), date(2026, 6, 30)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("0001", date.min, date(1, 12, 31)),
        ("9999-12", date(9999, 12, 1), date.max),
    ],
)
def test_a_period_is_a_day_a_month_or_a_year(text: str, first: date, last: date) -> None:
    assert read_period(text) == (first, last, text)
    if first.year > 1:  # the oracle leaves out the padding of year 1
        assert bounds(text) == (first, last)


def test_a_date_is_a_period_of_one_day() -> None:
    assert read_period(SAID) == (SAID, SAID, "2026-04-13")


PERIODS_REFUSED = [
    *("", "26", "202", "20260617", "2026-6", "2026-06-1", "2026-06-17 ", " 2026", "2026-Q2"),
    *("Q2 2026", "2026-06-", "June 2026", "2026~", "2026?", "201X", "2026/2027", "../2026"),
    *("2026-06-17T00:00:00Z", "+2026", "٢٠٢٦", "2026\n", None, 2026, 2026.5, True, b"2026"),
    datetime(2026, 6, 17, tzinfo=UTC),
]


@pytest.mark.parametrize("value", PERIODS_REFUSED)
def test_any_other_period_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match=r"YYYY-MM-DD|say 2026-06-01"):
        read_period(value)  # type: ignore[arg-type]  # the point


@pytest.mark.parametrize("value", ["2026-02-30", "2026-13", "2026-00", "0000", "2027-02-29", "2026-06-00"])
def test_a_period_in_no_calendar_is_refused(value: str) -> None:
    with pytest.raises(InvalidValue, match=f"'{value}' is in no calendar"):
        read_period(value)


@given(st.dates())
def test_a_day_reads_back(day: date) -> None:
    assert read_day(day) == read_day(day.isoformat()) == day


DAYS_REFUSED = [
    *("01/02/2026", "2026", "2026-06", "20260617", "2026-6-17", " 2026-06-17", "2026-06-17\n"),
    *("now", "", "٢٠٢٦-٠١-٠١", "1767225600", 1767225600, 20260617, 0.5, True, None, b"2026-06-17"),
    *("2026-W05-1", "10000-01-01", "2026-168", datetime(2026, 6, 17, tzinfo=UTC)),
    *(datetime(2026, 6, 17), "2026-06-17T00:00:00Z", "x" * 10_000),
]


@pytest.mark.parametrize("value", DAYS_REFUSED)
def test_any_other_day_is_refused(value: object) -> None:
    with pytest.raises(
        InvalidValue, match=r"write YYYY-MM-DD$|give a date or YYYY-MM-DD$|; say (which, from )?2026-"
    ) as caught:
        read_day(value)  # type: ignore[arg-type]  # the point

    assert len(str(caught.value)) < 160


@pytest.mark.parametrize("value", ["2026-02-30", "2026-00-10", "0000-01-01", "2026-06-31"])
def test_a_day_in_no_calendar_is_refused(value: str) -> None:
    with pytest.raises(InvalidValue, match=f"'{value}' is in no calendar"):
        read_day(value)


def test_importing_dates_loads_neither_dateutil_nor_pydantic() -> None:
    program = "import sys, predictions.timestamps; print(*{'dateutil', 'pydantic'}.intersection(sys.modules))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []
