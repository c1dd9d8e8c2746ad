"""Words of a horizon become one window or are refused; the edtf package checks our EDTF from outside."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from horizon_words import READ, bounds
from hypothesis import assume, given
from hypothesis import strategies as st

from predictions.dates import add_span
from predictions.errors import InvalidValue
from predictions.windows import Window, read_window

SAID = date(2026, 4, 13)
DAYS = st.dates(date(1900, 1, 1), date(2900, 12, 31))


SAID_SO = [
    ("within 18 months", "counted from 2026-04-13, the day it was said: the last day is 2027-10-13"),
    (
        "by 2026",
        "from 2026-04-13, the day it was said, to the end of 2026; "
        "'before 2026 began' is the other reading, which was over already",
    ),
    (
        "by q3 2027",
        "from 2026-04-13, the day it was said, to the end of Q3 2027; 'before Q3 2027 began' is the other reading",
    ),
    ("by 2027-06-30", "from 2026-04-13, the day it was said, to 2027-06-30, which still counts"),
    ("by the end of 2027", "from 2026-04-13, the day it was said, to the end of 2027"),
    ("by 2027-2028", "from 2026-04-13, the day it was said, to the end of 2028; coming before 2027 counts too"),
    ("before 2030", "from 2026-04-13, the day it was said, to 2029-12-31, the day before the beginning of 2030"),
    ("before 2030-06-01", "from 2026-04-13, the day it was said, to 2030-05-31, the day before 2030-06-01"),
    ("2027-2028", "from 2027-01-01 to 2028-12-31, both counting"),
    ("june 2027", "June 2027: from 2027-06-01 to 2027-06-30, both counting"),
    ("2027-06-30", "2027-06-30: that one day"),
]

UNREADABLE = [
    *("", " ", "soon", "now", "2027?", "by", "within", "before", "in"),
    *("until", "within 0 days", "within zero days", "within half a month", "in the next year", "next month"),
    *(
        "within a few months",
        "over 2 years",
        "over a year",
        "over 18 months",
        "in a couple of years",
        "within several years",
        "mid 2027",
        "late 2027",
        "Q3",
    ),
    *("by the middle of 2027", "by the beginning of 2027", "around 2027", "June 27", "June '27", "30 June"),
    *("Q3'27", "FY2027", "fiscal year 2027", "this week", "H3 2027", "0H 2027", "fifth quarter of 2027", "end of June"),
    *("within 018 months", "within -1 days", "within 1.5 years", "within 100000 days", "within 18"),
    *("within 2027", "within 18 months or so", "within 18 months.", "within 18 fortnights"),
    *("within 18\nmonths", "within ١٨ months", "by ２０２７", "by 2027th", "by 27", "by 20270"),
    *("by 202", "+2027", "-2027", "20270630"),
    *("2027-W05", "2027-180", "by Q5 2027", "by Q0 2027", "by Q3"),
    *("by June", "June", "by Smarch 2027", "summer 2027"),
    *("by mid-2027", "early 2027", "2027~", "2027?/2028", "/2027", "2027/", "../2027", "2027/.."),
    *("2027-2028-2029", "between 2027", "between 2027 and", "between 2027 and soon"),
    *("before 2027-2028", "2027-06-30T00:00:00Z", "by 2027-06-30 12:00", "by 2027 by 2028", "201X"),
    *("1e3", "x" * 100_000),
]

IN_NO_CALENDAR = [
    *("2027-02-30", "by 2027-02-29", "by 2027-13", "in 2027-00", "2027-06-31", "2027-06-00"),
    *("2027-28", "0000", "by 0000-01", "June 0000", "between 2027-02-30 and 2028"),
    *("2026-04-13/2027-04-31", "31 June 2027", "by February 29, 2027", "0 June 2027", "39th of May 2027"),
]

TOO_LATE = [
    *("by 2025", "before 2026", "before 2026-04-13", "in 2025", "2024-2025", "by 2024-2025"),
    *("Q1 2026", "2026-03", "2026-04-12", "until 2026-04-12", "2025-01-01/2026-04-12"),
    "between 2024 and 2025",
]


@pytest.mark.parametrize(("words", "first", "last", "edtf"), READ)
def test_words_become_a_window(words: str, first: str, last: str, edtf: str) -> None:
    window = read_window(words, made_on=SAID)

    assert (window.opens_on.isoformat(), window.deadline.isoformat()) == (first, last)
    assert (window.horizon, window.edtf) == (words.strip(), edtf)
    assert bounds(edtf) == (window.opens_on, window.deadline)


@pytest.mark.parametrize(("words", "reading"), SAID_SO)
def test_the_reading_says_how_the_words_were_taken(words: str, reading: str) -> None:
    assert read_window(words, made_on=SAID).reading == reading


def test_31_august_and_18_months_end_with_february_and_the_reading_says_why() -> None:
    window = read_window("within 18 months", made_on=date(2026, 8, 31))

    assert (window.opens_on, window.deadline) == (date(2026, 8, 31), date(2028, 2, 29))
    assert window.reading.endswith("the last day is 2028-02-29, because 2028-02 has no day 31")


def test_a_leap_day_and_a_year_end_with_february() -> None:
    window = read_window("within 1 year", made_on=date(2028, 2, 29))

    assert window.deadline == date(2029, 2, 28)
    assert window.reading.endswith("because 2029-02 has no day 29")


def test_weeks_that_end_on_another_day_of_the_month_are_not_called_short() -> None:
    assert "because" not in read_window("within 6 weeks", made_on=date(2026, 8, 31)).reading


@pytest.mark.parametrize("words", UNREADABLE)
def test_other_words_are_refused_with_what_would_be_accepted(words: str) -> None:
    with pytest.raises(InvalidValue, match=r"^.* is no day; say 2027, 'Q3 2027', 'June 2027', 2027-06-30") as caught:
        read_window(words, made_on=SAID)

    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("03/02/2027", "may be two days; say 2027-03-02 or 2027-02-03"),
        ("2027-6-30", "is written otherwise here; say 2027-06-30"),
        ("by 3/2/2027", "may be two days; say 2027-03-02 or 2027-02-03"),
        ("02.03.2027", "may be two days; say 2027-03-02 or 2027-02-03"),
        ("until 30/06/2027", "is written otherwise here; say 2027-06-30"),
        ("06.30.2027", "is written otherwise here; say 2027-06-30"),
        ("31/31/2027", "is in no calendar; write YYYY-MM-DD"),
        ("2027/06/30", "is written otherwise here; say 2027-06-30"),
        ("by 2027.2.3", "is written otherwise here; say 2027-02-03"),
        ("2027/30/06", "is in no calendar; write YYYY-MM-DD"),
    ],
)
def test_a_day_with_slashes_is_asked_about(words: str, told: str) -> None:
    with pytest.raises(InvalidValue, match=f"^'{words}' {told}$"):
        read_window(words, made_on=SAID)


@pytest.mark.parametrize("words", IN_NO_CALENDAR)
def test_days_that_no_calendar_has_are_refused(words: str) -> None:
    with pytest.raises(InvalidValue, match=r"^'.*' is in no calendar; check its year, month and day$"):
        read_window(words, made_on=SAID)


@pytest.mark.parametrize("words", TOO_LATE)
def test_a_window_that_was_over_when_it_was_said_is_refused(words: str) -> None:
    with pytest.raises(
        InvalidValue, match=r"^'.*' was over on 202.*, before its window opens, on 2026-04-13; days are UTC; give a"
    ):
        read_window(words, made_on=SAID)


@pytest.mark.parametrize("words", ["2028-2027", "by 2028-2027", "between 2028 and 2027", "2028-01-02/2028-01-01"])
def test_a_window_that_ends_before_it_opens_is_refused(words: str) -> None:
    with pytest.raises(InvalidValue, match=r"ends before .* begins; write the earlier one first$"):
        read_window(words, made_on=SAID)


@pytest.mark.parametrize("words", ["within 9000 years", "within 99999 months", "before 0001", "before 0001-01-01"])
def test_a_window_beyond_the_calendar_is_refused(words: str) -> None:
    with pytest.raises(InvalidValue, match="leaves the years 0001 to 9999"):
        read_window(words, made_on=SAID)


@pytest.mark.parametrize("words", [None, 2027, 2027.0, True, b"by 2027", SAID, ["by 2027"]])
def test_what_is_no_text_is_refused(words: object) -> None:
    with pytest.raises(InvalidValue, match="is no day; say 2027"):
        read_window(words, made_on=SAID)  # type: ignore[arg-type]  # the point


def test_the_day_it_was_said_must_be_a_whole_day() -> None:
    with pytest.raises(InvalidValue, match="is a moment, not a whole day"):
        read_window("by 2027", made_on=datetime(2026, 4, 13, tzinfo=UTC))


@given(made_on=DAYS, count=st.integers(1, 500), unit=st.sampled_from(["day", "weeks", "month", "years"]))
def test_every_span_window_is_what_its_edtf_says(made_on: date, count: int, unit: str) -> None:
    window = read_window(f"within {count} {unit}", made_on=made_on)

    assert window.opens_on == made_on
    assert window.deadline == add_span(made_on, count, unit) > made_on
    assert bounds(window.edtf) == (window.opens_on, window.deadline)


@given(
    made_on=DAYS,
    form=st.sampled_from(["{}", "in {}", "by {}", "until {}", "before {}", "by the end of {}", "{}/2950", "{}..2950"]),
    day=st.dates(date(1900, 1, 1), date(2949, 12, 31)),
    places=st.sampled_from([4, 7, 10]),
)
def test_an_edtf_text_reads_back_as_the_same_window(made_on: date, form: str, day: date, places: int) -> None:
    try:
        window = read_window(form.format(day.isoformat()[:places]), made_on=made_on)
    except InvalidValue:
        assume(False)

    again = read_window(window.edtf, made_on=made_on)

    assert again[:2] == window[:2] == bounds(window.edtf)
    assert again.edtf == window.edtf
    assert max(made_on, window.opens_on) <= window.deadline


@given(st.text(max_size=30) | st.from_regex(r"(by|within|before)? ?[0-9Q/ .-]{0,22}[a-z]*", fullmatch=True))
def test_any_text_is_read_or_refused_in_our_own_words(words: str) -> None:
    try:
        window = read_window(words, made_on=SAID)
    except InvalidValue:
        return

    assert isinstance(window, Window)


@pytest.mark.parametrize("made_on", [date.min, date.max])
@pytest.mark.parametrize("words", ["by 0001", "before 0001-01-02", "in 9999", "by 9999-12-31", "within 1 day"])
def test_the_ends_of_the_calendar_hold(made_on: date, words: str) -> None:
    try:
        window = read_window(words, made_on=made_on)
    except InvalidValue:
        assert made_on == date.max
    else:
        assert window.deadline >= made_on
