"""What the ledger held as of a moment, a day or a head, seen on a day; and finding records by name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest
from conftest import Clock, Refuses

from predictions import Head, InvalidValue, Ledger, NotFound, ainews
from predictions.records import Bearing, Claim, Event, Evidence, Forecast, Forecaster, Resolution, Source, Statement
from predictions.tally.tally import tally
from predictions.views.board.board import board
from predictions.views.claim.card import claim_card
from predictions.views.due import due

LINK = "https://example.org/storm"


def said(ledger: Ledger, **when: object) -> list[float | None]:
    return [one.probability for one in ledger.snapshot(**when).all(Forecast)]  # type: ignore[arg-type]


@pytest.fixture
def rain(ledger: Ledger, clock: Clock) -> str:
    """One forecast on 2026-01-01, one on 2026-02-01, one on 2026-03-01 at noon; the clock stands at 2026-04-01."""
    slug = ledger.add("It rains", deadline="2026-12-31", slug="rain", p=0.1)
    clock.set("2026-02-01")
    ledger.forecast(slug, 0.2)
    clock.set("2026-03-01T12:00Z")
    ledger.forecast(slug, 0.3)
    clock.set("2026-04-01")
    return slug


# -- as of ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "known"),
    [
        (None, [0.1, 0.2, 0.3]),
        ("2025-12-31", []),
        ("1999-01-01", []),
        ("0001-01-01T00:00Z", []),
        ("2026-01-01", [0.1]),
        ("2026-01-31", [0.1]),
        ("2026-02-01", [0.1, 0.2]),
        (date(2026, 2, 1), [0.1, 0.2]),
        ("2026-03-01T11:59Z", [0.1, 0.2]),
        ("2026-03-01T12:59+01:00", [0.1, 0.2]),
        ("2026-03-01T12:01Z", [0.1, 0.2, 0.3]),
        (datetime(2026, 3, 1, 12, 1, tzinfo=UTC), [0.1, 0.2, 0.3]),
        ("2026-04-01", [0.1, 0.2, 0.3]),
    ],
)
def test_a_moment_or_a_day_shows_what_was_recorded_by_its_end(
    ledger: Ledger, rain: str, as_of: object, known: list[float]
) -> None:
    assert said(ledger, as_of=as_of) == known


@pytest.mark.parametrize(
    "as_of",
    ["2026-04-02", "2026-04-01T23:00Z", "2026-04-01T09:01Z", date(2027, 1, 1), datetime(2026, 4, 1, 10, tzinfo=UTC)],
)
def test_what_is_to_come_is_not_known_yet(ledger: Ledger, rain: str, refuses: Refuses, as_of: object) -> None:
    with refuses("lies in the future; nothing is known of it yet", error=InvalidValue):
        ledger.board(as_of=as_of)


@pytest.mark.parametrize(
    "as_of",
    [
        "", "now", "yesterday", "2026", "2026-02", "2026-02-30", "2026-03-01T12:00", 5, 5.0, True, b"2026-03-01",
        ["2026-03-01"], datetime(2026, 3, 1), pd.NaT, "7:xyz", "7:abc", "999:0123456789ab", "-1:0123456789ab",
    ],
)  # fmt: skip
def test_any_other_as_of_is_refused(ledger: Ledger, rain: str, refuses: Refuses, as_of: object) -> None:
    for read in (ledger.board, ledger.scorecard, ledger.due, ledger.history):
        with refuses(error=InvalidValue):
            read(as_of=as_of)


def test_a_head_shows_what_stood_under_it(ledger: Ledger, clock: Clock, rain: str) -> None:
    head = ledger.head()
    clock.set("2026-05-01")
    ledger.forecast(rain, 0.4)

    for shown in (head, str(head), head.short, f"{head.size}:{head.root.hex()[:20]}"):
        assert said(ledger, as_of=shown) == [0.1, 0.2, 0.3]
    assert ledger.board(as_of=head).snapshot.today == date(2026, 3, 1)  # the day of its last seal


def test_a_head_of_another_ledger_is_none_of_this_ones(
    ledger: Ledger, clock: Clock, rain: str, refuses: Refuses, tmp_path: Path
) -> None:
    with Ledger(tmp_path / "other.db", me="ana") as other:
        other.add("It rains", deadline="2026-12-31", p=0.1)
        foreign = other.head()

    for head in (foreign, str(foreign), Head(ledger.head().size, b"\x00" * 32)):
        with refuses(error=InvalidValue):
            ledger.board(as_of=head)


def test_as_of_shows_the_revision_that_stood_then(ledger: Ledger, clock: Clock, rain: str) -> None:
    ledger.log_evidence(rain, LINK, "A storm", slug="storm")
    clock.set("2026-04-02")
    ledger.correct("storm", reason="clearer", title="A gale")
    clock.set("2026-04-03")
    ledger.retract("storm", reason="a hoax")

    shown = [ledger.snapshot(as_of=f"2026-04-0{day}").find(Evidence, "storm") for day in (1, 2, 3)]

    assert [(one.title, one.retracted) for one in shown] == [("A storm", None), ("A gale", None), ("A gale", True)]


def test_before_its_beginning_the_ledger_is_empty_and_shows_so(ledger: Ledger, rain: str) -> None:
    board, card = ledger.board(as_of="2020-01-01"), ledger.scorecard(as_of="2020-01-01")

    assert str(board) == "nothing was on file as of 2020-01-01 23:59:59Z"
    assert board.rows() == []
    assert card.records == ()
    assert "no forecast on a scored claim yet" in str(card)
    assert ledger.history(as_of="2020-01-01").rows() == []
    assert str(ledger.due(as_of="2020-01-01")) == "nothing waits for a verdict"
    with pytest.raises(NotFound, match="no claim 'rain'"):
        ledger.claim(rain, as_of="2020-01-01")


# -- today ----------------------------------------------------------------------------------------------------


def test_today_is_the_day_of_as_of_unless_it_is_given(ledger: Ledger, rain: str) -> None:
    assert ledger.snapshot().today == date(2026, 4, 1)
    assert ledger.snapshot(as_of="2026-02-01").today == date(2026, 2, 1)
    assert ledger.snapshot(as_of="2026-02-01", today="2026-02-20").today == date(2026, 2, 20)
    assert ledger.snapshot(today=date(2030, 1, 1)).today == date(2030, 1, 1)


@pytest.mark.parametrize("today", ["", "2026", "2026-02-30", 5, True, datetime(2026, 1, 1, tzinfo=UTC), pd.NaT])
def test_today_is_a_day(ledger: Ledger, rain: str, refuses: Refuses, today: str) -> None:
    with refuses(error=InvalidValue):
        ledger.board(today=today)


def test_nothing_dated_later_than_today_is_shown(ledger: Ledger, clock: Clock, rain: str) -> None:
    ledger.log_evidence(rain, LINK, "A storm", slug="storm", on="2026-03-15", counts="gale")
    ledger.log_evidence(rain, f"{LINK}/2", "A report", slug="report", published="2026-03-20")
    ledger.resolve(rain, "yes", happened_on="2026-03-15", known_on="2026-03-21", reason="seen")

    kinds = (Forecast, Event, Evidence, Resolution)
    shown = {
        day: [len(ledger.snapshot(today=day).all(kind)) for kind in kinds]  # type: ignore[type-var]
        for day in ("2025-06-01", "2026-02-28", "2026-03-14", "2026-03-15", "2026-03-20", "2026-03-21")
    }

    assert shown == {
        "2025-06-01": [0, 0, 0, 0],
        "2026-02-28": [2, 0, 0, 0],
        "2026-03-14": [3, 0, 0, 0],
        "2026-03-15": [3, 1, 1, 0],
        "2026-03-20": [3, 1, 2, 0],
        "2026-03-21": [3, 1, 2, 1],
    }


def test_what_is_known_by_month_or_year_is_shown_from_its_first_day(ledger: Ledger, rain: str) -> None:
    ledger.log_evidence(rain, LINK, "A storm", slug="storm", on="2026-03", counts="gale")

    assert ledger.snapshot(today="2026-02-28").all(Event) == []
    assert [one.slug for one in ledger.snapshot(today="2026-03-01").all(Event)] == ["gale"]


def test_a_date_that_was_corrected_is_the_one_that_decides(ledger: Ledger, rain: str) -> None:
    ledger.log_evidence(rain, LINK, "A storm", slug="storm", on="2026-01-15", counts="gale")
    ledger.correct("event gale", reason="misread", happened="2026-03-15")

    assert ledger.snapshot(today="2026-02-01").all(Event) == []
    assert [one.happened for one in ledger.snapshot(today="2026-03-15").all(Event)] == ["2026-03-15"]


def test_every_reading_bears_a_day_on_which_only_some_of_it_is_dated(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())
    ledger.forecast("exec-defections", 0.6, published_in="fontoura-dcd", made_at="2026-11-01")

    for today in ("2020-01-01", "2026-04-13", "2026-06-17", "2028-12-31", "9999-12-31"):
        snapshot = ledger.snapshot(today=today)
        claims = snapshot.all(Claim)
        shown = [
            board(snapshot, full=True), ledger.scorecard(today=today), due(snapshot),
            due(snapshot, by="ana", stale=True),
            *(claim_card(snapshot, claim) for claim in claims), *(tally(snapshot, claim) for claim in claims),
        ]  # fmt: skip
        assert all(str(one) and one._repr_html_() and one.to_dict() for one in shown)


# -- names ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "found"), [("storm", "storm"), ("stor", "storm"), ("evidence-2", "evidence-2"), ("e", "evidence-2")]
)
def test_a_slug_or_the_beginning_of_one_alone_finds_its_record(
    ledger: Ledger, rain: str, name: str, found: str
) -> None:
    ledger.log_evidence(rain, LINK, "A storm", slug="storm")
    ledger.log_evidence(rain, f"{LINK}/2", "More", slug="evidence-2")

    assert ledger.snapshot().find(Evidence, name).slug == found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "no evidence '' in this ledger; say a slug, such as 'storm'"),
        ("st", "'st' begins two pieces of evidence: storm, storm-2"),
        ("strom", "no evidence 'strom' in this ledger; did you mean 'storm'?"),
        ("xyz", "no evidence 'xyz' in this ledger; it has storm, storm-2"),
        (None, "no evidence None in this ledger; say a slug, such as 'storm'"),
    ],
)
def test_a_name_that_finds_nothing_or_too_much_says_what_is_near(
    ledger: Ledger, rain: str, name: str, words: str
) -> None:
    ledger.log_evidence(rain, LINK, "A storm", slug="storm")
    ledger.log_evidence(rain, f"{LINK}/2", "More", slug="storm-2")

    with pytest.raises(NotFound) as refused:
        ledger.snapshot().find(Evidence, name)

    assert str(refused.value).removesuffix("; did you mean 'storm'?") == words.removesuffix("; did you mean 'storm'?")


def test_a_slug_that_begins_another_is_itself(ledger: Ledger, rain: str) -> None:
    ledger.log_evidence(rain, LINK, "A storm", slug="storm")
    ledger.log_evidence(rain, f"{LINK}/2", "More", slug="storm-2")

    assert ledger.snapshot().find(Evidence, "storm").slug == "storm"


def test_records_hang_together(ledger: Ledger, rain: str) -> None:
    snapshot = ledger.snapshot()
    claim = snapshot.find(Claim, rain)

    assert snapshot.source_of(claim) == snapshot.find(Source, "self")
    assert snapshot.claims_of(snapshot.find(Statement, rain)) == [claim]
    assert snapshot.recorded_at(claim) - datetime(2026, 1, 1, 9, tzinfo=UTC) < timedelta(minutes=1)
    assert [one.slug for one in snapshot.all(Forecaster)] == ["ana"]


def test_evidence_is_in_the_order_of_the_worlds_dates_whatever_the_order_of_logging(ledger: Ledger, rain: str) -> None:
    for slug, on, published in [
        ("late", "2026-03-01", None),
        ("undated", None, None),
        ("published", None, "2026-02-01"),
        ("month", "2026-01", None),
        ("early", "2025", "2026-03-31"),
    ]:
        ledger.log_evidence(rain, f"{LINK}/{slug}", slug, slug=slug, on=on, published=published)

    found = ledger.snapshot().evidence_on(ledger.snapshot().find(Claim, rain))

    assert [item.evidence.slug for item in found] == ["early", "month", "published", "late", "undated"]


def test_forecasts_are_in_the_order_of_their_times(ledger: Ledger, rain: str) -> None:
    ledger.forecast(rain, 0.9, made_at="2025-12-01")

    found = ledger.snapshot().forecasts_on(ledger.snapshot().find(Claim, rain))

    assert [item.record.probability for item in found] == [0.9, 0.1, 0.2, 0.3]


def test_correcting_a_note_does_not_make_the_numbers_later(ledger: Ledger, clock: Clock, rain: str) -> None:
    first = ledger.snapshot().all(Forecast)[0]
    ledger.correct(first, reason="forgot", note="a hunch")
    noted = ledger.snapshot().all(Forecast)[0]

    ledger.correct(noted, reason="mistyped", probability=0.15)
    changed = ledger.snapshot().all(Forecast)[0]

    snapshot = ledger.snapshot()
    assert (noted.note, changed.note) == ("a hunch", "a hunch")
    assert snapshot.numbers_recorded_at(changed).date() == date(2026, 4, 1)
    assert ledger.snapshot(as_of="2026-03-31").numbers_recorded_at(first).date() == date(2026, 1, 1)


def test_bearings_on_what_is_not_shown_yet_are_not_shown(ledger: Ledger, rain: str) -> None:
    ledger.log_evidence(rain, LINK, "A storm", slug="storm", on="2026-03-15", counts="gale")

    snapshot = ledger.snapshot(today="2026-02-01")

    assert len(snapshot.all(Bearing)) == 1
    assert snapshot.evidence_on(snapshot.find(Claim, rain)) == []


def test_a_snapshot_is_shown_as_its_day_and_head(ledger: Ledger, rain: str) -> None:
    assert repr(ledger.snapshot(today="2026-03-31")) == f"<Snapshot of 2026-03-31, head {ledger.head().short}>"
