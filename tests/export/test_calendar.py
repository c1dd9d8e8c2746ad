"""The calendar: the right days, readable by a calendar library, the same bytes for the same head."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import Clock
from hostile import hostile_ledger
from icalendar import Calendar, Event

from predictions import Ledger, MissingExtra, ainews
from predictions.export.calendar import calendar, cancelled, deadlines
from predictions.records import Claim


def test_each_claim_that_waits_has_its_days(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It comes true", deadline="2026-04-10", p=0.3)
    done = ledger.add("It came true", deadline="2026-04-11")
    ledger.resolve(done, "yes", happened_on="2026-01-01", known_on="2026-01-01", reason="seen")

    found = [(entry.day.isoformat(), entry.title) for entry in deadlines(ledger.snapshot())]

    assert found == [
        ("2026-04-02", "Look again, ana: It comes true (it-comes-true)"),
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
    closes = events[f"closes-institute-2026@{ledger.head().ledger_id}.prediction-ledger.invalid"]
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
    ledger.add("Something else", deadline="2026-12-31")

    assert calendar(ledger.snapshot(as_of=head)) == first
    assert calendar(ledger.snapshot()) != first
    assert all(len(line) <= 75 for line in first.split(b"\r\n"))


def test_hostile_text_makes_no_new_line(ledger: Ledger) -> None:
    hostile_ledger(ledger)
    ledger.add("BEGIN:VEVENT\nSUMMARY:forged\nEND:VEVENT", deadline="2026-04-10", title="a;b,c\\d")

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


def events_of(ledger: Ledger) -> dict[str, Event]:
    """The events of a ledger's calendar by what their uid says before the ledger."""
    found = Calendar.from_ical(calendar(ledger.snapshot())).walk("VEVENT")
    return {str(event["uid"]).split("@")[0]: event for event in found}


def test_two_ledgers_with_a_claim_of_one_name_share_no_event_and_copies_of_one_share_all(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    ledger.add("It is launched", deadline="2026-04-10", slug="launch", p=0.4)
    ledger.backup(tmp_path / "copy.db")
    with Ledger(tmp_path / "other.db", me="ana") as other, Ledger(tmp_path / "copy.db", me="ana") as copy:
        other.add("It is launched", deadline="2026-04-10", slug="launch", p=0.4)
        here, there, again = ({entry.uid for entry in deadlines(one.snapshot())} for one in (ledger, other, copy))

    assert len(here) == 3
    assert here.isdisjoint(there)
    assert here == again


@pytest.mark.parametrize("outcome", ["annulled", "ambiguous", "yes"])
def test_what_is_decided_is_cancelled_until_its_day_is_past(ledger: Ledger, clock: Clock, outcome: str) -> None:
    ledger.add("It is launched", deadline="2026-04-10", slug="launch", p=0.4)
    before = events_of(ledger)
    clock.set("2026-01-20")
    happened = {"happened_on": "2026-01-19"} if outcome == "yes" else {}
    ledger.resolve("launch", outcome, known_on="2026-01-19", reason="void", **happened)

    after = events_of(ledger)

    assert before.keys() == after.keys() == {"closes-launch", "settles-launch", "review-ana-launch"}
    assert {str(event["status"]) for event in after.values()} == {"CANCELLED"}
    assert not any("status" in event for event in before.values())
    assert all(after[name]["sequence"] > before[name]["sequence"] for name in before)
    assert not any(event.walk("VALARM") for event in after.values())
    clock.set("2026-04-11")
    assert events_of(ledger).keys() == {"settles-launch"}
    clock.set("2026-05-11")
    assert events_of(ledger) == {}


def test_a_claim_annulled_by_what_it_is_given_comes_back_as_a_later_version(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It is funded", deadline="2026-02-01", slug="fund")
    ledger.add("It is launched", deadline="2026-06-10", slug="launch", given="fund")
    clock.set("2026-03-05")
    ledger.resolve("fund", "no", known_on="2026-03-04", reason="nothing came")
    gone = events_of(ledger)["closes-launch"]
    clock.set("2026-03-06")
    ledger.resolve("fund", "yes", happened_on="2026-01-30", known_on="2026-03-05", reason="it came after all")

    back = events_of(ledger)["closes-launch"]

    assert str(gone["status"]) == "CANCELLED"
    assert "status" not in back
    assert 0 < gone["sequence"] < back["sequence"]


def test_only_whoever_looks_is_asked_to_look_again_and_never_in_the_past(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())
    ledger.add("It is launched", deadline="2027-12-10", slug="launch", p=0.4)
    ledger.forecast("launch", 0.5, by="ben", kind="person")
    ledger.forecast("institute-2026", 0.3, by="ainews")

    def reviews(me: str | None, day: str) -> list[str]:
        snapshot = ledger.snapshot()
        snapshot.me, snapshot.today = me, date.fromisoformat(day)
        found = [*deadlines(snapshot), *cancelled(snapshot)]
        return [entry.uid.split("@")[0] for entry in found if entry.uid.startswith("review-")]

    assert reviews("ana", "2026-11-22") == ["review-ana-launch"]
    assert reviews("ana", "2027-02-21") == ["review-ana-launch"]
    assert reviews("ana", "2027-02-22") == []
    assert reviews("ben", "2026-11-22") == ["review-ben-launch"]
    assert reviews("cyd", "2026-11-22") == reviews(None, "2026-11-22") == reviews("ainews", "2026-11-22") == []


def test_a_forecast_made_anew_moves_the_day_to_look_again_and_one_withdrawn_cancels_it(
    ledger: Ledger, clock: Clock
) -> None:
    ledger.add("It is launched", deadline="2026-12-10", slug="launch", p=0.4)
    first = events_of(ledger)["review-ana-launch"]
    clock.set("2026-01-10")
    ledger.forecast("launch", 0.6)
    moved = events_of(ledger)["review-ana-launch"]
    clock.set("2026-01-12")
    ledger.withdraw("launch")

    gone = events_of(ledger)["review-ana-launch"]

    assert first.decoded("dtstart") < moved.decoded("dtstart")
    assert first["sequence"] < moved["sequence"] < gone["sequence"]
    assert str(gone["status"]) == "CANCELLED"


@pytest.mark.parametrize("deadline", ["9999-12-31", "9999-12-30", "9999-12-01"])
def test_a_window_without_an_end_makes_no_event_that_ends_before_it_begins(ledger: Ledger, deadline: str) -> None:
    ledger.add("The sun goes out", deadline=deadline, slug="sun", p=0.1)

    events = events_of(ledger)

    assert all(event.decoded("dtend") > event.decoded("dtstart") for event in events.values())
    assert ("closes-sun" in events) is (deadline < "9999-12-31")
    assert "review-ana-sun" in events
