"""The calendar: the right days, readable by a calendar library, the same bytes for the same head."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import pytest
from conftest import Clock
from hostile import hostile_ledger
from icalendar import Calendar

from predictions import Ledger, MissingExtra, ainews
from predictions.pages.deadlines import calendar, deadlines
from predictions.records import Claim


def test_each_claim_that_waits_has_its_days(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", by="2026-04-10", p=0.3)
    done = ledger.add("It came true", by="2026-04-11")
    ledger.resolve(done, "yes", happened_on="2026-01-01", known_on="2026-01-01", reason="seen")

    found = [(entry.day.isoformat(), entry.title) for entry in deadlines(ledger.snapshot())]

    assert found == [
        ("2026-02-01", "Look again, ana: It comes true (it-comes-true)"),
        ("2026-04-10", "Closes: It comes true (it-comes-true)"),
        ("2026-05-10", "Verdict due: It comes true (it-comes-true)"),
    ]


def test_only_scored_claims_and_their_parts_have_days_and_no_two_a_title(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())
    claims = {claim.slug: claim for claim in ledger.snapshot().all(Claim)}
    scored = {slug for slug, claim in claims.items() if claim.scored}

    closing = [entry for entry in deadlines(ledger.snapshot()) if entry.title.startswith("Closes: ")]

    closes = {entry.uid.removeprefix("closes-").split("@")[0] for entry in closing}
    parts = {part for slug in closes for part in claims[slug].parts}
    assert parts
    assert closes == scored | parts
    assert "exec-defections-broad" in claims.keys() - closes
    assert len({entry.title for entry in closing}) == len(closing)


def test_a_calendar_library_reads_it_back(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())
    ledger.forecast("institute-2026", 0.05)

    read = Calendar.from_ical(calendar(ledger.snapshot()))

    events = {str(event["uid"]): event for event in read.walk("VEVENT")}
    closes = events["closes-institute-2026@prediction-ledger.invalid"]
    assert closes.decoded("dtstart") == date(2026, 12, 31)
    assert closes.decoded("dtend") == date(2027, 1, 1)
    assert closes["transp"] == "TRANSPARENT"
    assert closes.walk("VALARM")[0].decoded("trigger") == -timedelta(days=7)
    assert str(closes["summary"]).startswith("Closes: A software giant founds")
    assert len(events) == len(set(events)) > 8


def test_the_same_head_makes_the_same_bytes(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())
    head = ledger.head()

    first = calendar(ledger.snapshot(as_of=head))
    clock.set("2026-11-29")
    ledger.add("Something else", by="2026-12-31")

    assert calendar(ledger.snapshot(as_of=head)) == first
    assert calendar(ledger.snapshot()) != first
    assert all(len(line) <= 75 for line in first.split(b"\r\n"))


def test_hostile_text_makes_no_new_line(ledger: Ledger) -> None:
    hostile_ledger(ledger)
    ledger.add("BEGIN:VEVENT\nSUMMARY:forged\nEND:VEVENT", by="2026-04-10", title="a;b,c\\d")

    text = calendar(ledger.snapshot()).decode()

    assert text.count("\r\nBEGIN:VEVENT") == len(deadlines(ledger.snapshot()))
    assert "\r\nSUMMARY:forged" not in text
    read = Calendar.from_ical(text)
    titles = {str(event["summary"]) for event in read.walk("VEVENT")}
    assert any(title.startswith("Closes: a;b,c\\d (") for title in titles)


def test_without_icalendar_the_extra_is_named(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)

    with pytest.raises(MissingExtra, match=r"install prediction-ledger\[ics\]"):
        calendar(ledger.snapshot())
