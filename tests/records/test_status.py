"""Where a claim stands on a day, and how far a forecast's time can be believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.enums import ClaimType, Outcome
from predictions.records import Claim, Forecast, Resolution
from predictions.status import Status, Timing, by_day, counts_until, days_left, settle_on, settled, stands_at, timing


def claim(**fields: object) -> Claim:
    return Claim.model_validate(
        {
            "slug": "rain", "statement": "rain", "reading": "own", "title": "Rain", "wording": "It rains.",
            "criteria": "The gauge decides.", "type": ClaimType.YES_NO, "opens_on": "2026-01-01",
            "deadline": "2026-06-30", **fields,
        }
    )  # fmt: skip


@pytest.mark.parametrize(
    ("today", "status", "left", "in_cohort"),
    [
        ("2025-12-31", Status.OPEN, 181, False),
        ("2026-06-29", Status.OPEN, 1, False),
        ("2026-06-30", Status.OPEN, 0, False),
        ("2026-07-01", Status.DUE, -1, False),
        ("2026-07-29", Status.DUE, -29, False),
        ("2026-07-30", Status.DUE, -30, True),
        ("2026-08-06", Status.DUE, -37, True),
        ("2026-08-07", Status.OVERDUE, -38, True),
        ("2036-07-31", Status.OVERDUE, -3684, True),
    ],
)
def test_a_claim_is_open_to_its_last_day_due_from_then_and_overdue_a_week_past_its_settle_day(
    ledger: Ledger, today: str, status: Status, left: int, in_cohort: bool
) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    snapshot = ledger.snapshot(today=today)
    found = snapshot.find(Claim, slug)

    assert ledger.claim(slug, today=today).status is status
    assert days_left(found, snapshot.today) == left
    assert settled(snapshot, found) is in_cohort


@pytest.mark.parametrize(
    ("settle_days", "deadline", "day"),
    [
        (30, "2026-06-30", "2026-07-30"),
        (0, "2026-06-30", "2026-07-01"),
        (1, "2026-12-31", "2027-01-01"),
        (999_999, "2026-06-30", "4764-05-26"),
        (30, "9999-12-31", "9999-12-31"),
        (999_999, "9999-12-01", "9999-12-31"),
    ],
)
def test_the_settle_day_follows_the_window(settle_days: int, deadline: str, day: str) -> None:
    assert settle_on(claim(settle_days=settle_days, deadline=deadline)).isoformat() == day


def test_a_claim_with_no_days_to_settle_is_due_the_day_after_and_overdue_a_week_later(ledger: Ledger) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30", settle_days=0)

    assert [ledger.claim(slug, today=f"2026-{day}").status for day in ("06-30", "07-01", "07-08", "07-09")] == [
        "open", "due", "due", "overdue"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("yes", Status.RESOLVED), (0.5, Status.RESOLVED), ("ambiguous", Status.AMBIGUOUS), ("annulled", Status.ANNULLED)],
)
def test_a_verdict_decides_the_status_from_the_day_it_was_known(
    ledger: Ledger, clock: Clock, outcome: str, status: Status
) -> None:
    slug = ledger.add("It rains", deadline="2026-06-30")
    clock.set("2026-03-02")
    ledger.resolve(slug, outcome, known_on="2026-03-01", reason="seen")

    assert ledger.claim(slug).status is status
    assert ledger.claim(slug, today="2026-03-01").status is status
    assert ledger.claim(slug, today="2026-02-28").status is Status.OPEN
    assert ledger.claim(slug, as_of="2026-03-01").status is Status.OPEN


def test_a_forecast_counts_until_the_answer_is_public_or_the_window_is_over() -> None:
    def known(moment: str) -> Resolution:
        at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        fields = {"known_at": at} if "T" in moment else {}
        return Resolution(claim="rain", number=1, outcome=Outcome.AMBIGUOUS, known_on=at.date(), **fields)

    def told(verdict: str | None, **fields: object) -> tuple[bool, str]:
        asked, answer = claim(**fields), known(verdict) if verdict else None
        return by_day(asked, answer), counts_until(asked, answer).strftime("%m-%dT%H:%M")

    assert told(None) == (True, "07-01T00:00")
    assert told("2026-03-01") == (True, "03-02T00:00")  # the day counts, with what stood when it began
    assert told("2026-03-01T15:00") == (True, "03-02T00:00")
    assert told("2026-03-01T00:00") == (True, "03-01T00:00")
    assert told("2026-07-15") == (True, "07-01T00:00")
    closes_at = datetime(2026, 3, 10, 18, tzinfo=UTC)
    assert told(None, closes_at=closes_at) == (False, "03-10T18:00")
    assert told("2026-03-01T15:00", closes_at=closes_at) == (False, "03-01T15:00")
    assert told("2026-03-10", closes_at=closes_at) == (False, "03-10T18:00")
    assert told("2026-03-09", closes_at=closes_at) == (True, "03-10T00:00")
    assert told("2026-04-09", closes_at=closes_at) == (False, "03-10T18:00")
    assert counts_until(claim(deadline="9999-12-31"), None) == datetime.max.replace(tzinfo=UTC)


def test_told_by_the_day_a_forecast_stands_from_the_midnight_after_it_was_made() -> None:
    morning, midnight = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)

    assert stands_at(morning, by_day=True) == stands_at(midnight, by_day=True) == datetime(2026, 3, 2, tzinfo=UTC)
    assert stands_at(morning, by_day=False) == morning


# -- how the time of a forecast is known ----------------------------------------------------------------------


@pytest.fixture
def rain(ledger: Ledger) -> str:
    return ledger.add("It rains", deadline="2026-12-31", opens_on="2025-01-01")


@pytest.mark.parametrize(
    ("ago", "known"),
    [
        (timedelta(0), Timing.WITNESSED),
        (timedelta(minutes=4, seconds=50), Timing.WITNESSED),
        (timedelta(minutes=5, seconds=10), Timing.BACKDATED),
        (timedelta(days=1), Timing.BACKDATED),
        (timedelta(days=365), Timing.BACKDATED),
    ],
)
def test_a_time_is_witnessed_within_five_minutes_and_only_claimed_after(
    ledger: Ledger, clock: Clock, rain: str, ago: timedelta, known: Timing
) -> None:
    made_at = clock.moment - ago

    forecast = ledger.forecast(rain, 0.5, made_at=made_at).record

    assert timing(ledger.snapshot(), forecast) is known


def test_the_end_of_yesterday_is_witnessed_for_the_first_minutes_of_today(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    clock.set("2026-03-02T00:03Z")

    forecast = ledger.forecast(rain, 0.5, made_at="2026-03-01").record

    assert timing(ledger.snapshot(), forecast) is Timing.WITNESSED


@pytest.mark.parametrize(
    ("ahead", "known"),
    [
        (timedelta(minutes=4), Timing.WITNESSED),
        (timedelta(minutes=6), Timing.BACKDATED),
        (timedelta(days=30), Timing.BACKDATED),
    ],
)
def test_nobody_witnessed_what_was_recorded_before_it_was_made(
    ledger: Ledger, clock: Clock, rain: str, ahead: timedelta, known: Timing
) -> None:
    ledger.forecast(rain, 0.5)
    early = Forecast(claim=rain, forecaster="ana", made_at=clock.moment + ahead, probability=0.4)
    with ledger._desk() as desk:  # as a merge brings it in, from a copy whose clock goes ahead
        desk.store.put(desk.writing, early)
    clock.set("2026-03-01")

    assert timing(ledger.snapshot(), ledger.snapshot().all(Forecast)[-1]) is known


@pytest.mark.parametrize(
    ("published", "made_at", "known"),
    [
        ("2025-11-03", "2025-11-03", Timing.PUBLISHED),
        ("2025-11-03", "2025-11-03T00:00Z", Timing.PUBLISHED),
        ("2025-11-03", "2025-11-03T23:59:59.999999Z", Timing.PUBLISHED),
        ("2025-11-03", "2025-11-02", Timing.BACKDATED),
        ("2025-11-03", "2025-11-04", Timing.BACKDATED),
        ("2025-11-03", "2025-11-04T00:30+01:00", Timing.PUBLISHED),
        ("2025-11", "2025-11-03", Timing.BACKDATED),
        ("2025", "2025-11-03", Timing.BACKDATED),
        (None, "2025-11-03", Timing.BACKDATED),
    ],
)
def test_a_time_is_published_where_dated_evidence_of_that_very_day_carries_it(
    ledger: Ledger, rain: str, published: str | None, made_at: str, known: Timing
) -> None:
    ledger.log_evidence(rain, "https://example.org/column", "A column", slug="column", published=published)

    forecast = ledger.forecast(rain, 0.5, made_at=made_at, published_in="column").record

    assert timing(ledger.snapshot(), forecast) is known


def test_a_time_is_not_published_by_what_is_not_shown_yet(ledger: Ledger, rain: str) -> None:
    ledger.log_evidence(
        rain, "https://example.org/c", "A column", slug="column", published="2025-11-03", on="2025-12-24"
    )

    forecast = ledger.forecast(rain, 0.5, made_at="2025-11-03", published_in="column").record

    assert timing(ledger.snapshot(today="2025-12-23"), forecast) is Timing.BACKDATED
    assert timing(ledger.snapshot(today="2025-12-24"), forecast) is Timing.PUBLISHED


def test_numbers_that_are_corrected_later_have_the_time_of_their_correction(
    ledger: Ledger, clock: Clock, rain: str
) -> None:
    first = ledger.forecast(rain, 0.5)
    at_once = ledger.correct(first, reason="mistyped", probability=0.6)
    witnessed = timing(ledger.snapshot(), _forecast(at_once.record))
    clock.set("2026-02-01")

    later = ledger.correct(first, reason="second thoughts", probability=0.7)

    assert witnessed is Timing.WITNESSED
    assert timing(ledger.snapshot(), _forecast(later.record)) is Timing.BACKDATED
    assert timing(ledger.snapshot(as_of="2026-01-31"), _forecast(at_once.record)) is Timing.WITNESSED


def test_a_note_that_is_corrected_later_leaves_the_time_as_it_was(ledger: Ledger, clock: Clock, rain: str) -> None:
    first = ledger.forecast(rain, 0.5)
    clock.set("2026-02-01")

    noted = ledger.correct(first, reason="forgot", note="a hunch")

    assert timing(ledger.snapshot(), _forecast(noted.record)) is Timing.WITNESSED


def test_times_that_are_only_claimed_are_kept_apart_on_the_card(ledger: Ledger, rain: str) -> None:
    ledger.forecast(rain, 0.5)
    ledger.forecast(rain, 0.9, made_at="2025-06-01")

    shown = str(ledger.claim(rain, full=True))

    apart = shown.index("kept apart")
    assert shown.index("0.50") < apart < shown.index("0.90")


def _forecast(record: object) -> Forecast:
    assert isinstance(record, Forecast)
    return record
