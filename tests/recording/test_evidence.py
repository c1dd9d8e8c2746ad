"""Evidence: a link once, what it says about claims, and about which thing in the world."""

from __future__ import annotations

import socket
from datetime import date

import pandas as pd
import pytest
from conftest import Clock, Refuses

from predictions import Conflict, InvalidValue, Ledger, LedgerWarning, NotFound
from predictions.records import Bearing, Event, Evidence

LINK = "https://example.org/news/storm"


@pytest.fixture
def storms(ledger: Ledger) -> str:
    return ledger.add(
        "Two storms in June", deadline="2026-06-30", slug="storms", at_least=2, conditions=["wind", "rain"]
    )


@pytest.fixture
def calm(ledger: Ledger) -> str:
    return ledger.add("A calm year", deadline="2026-12-31", slug="calm")


def bearings(ledger: Ledger) -> list[tuple[str, str, str, str | None, tuple[str, ...]]]:
    return [(one.claim, one.evidence, one.bears.value, one.event, one.meets) for one in ledger.snapshot().all(Bearing)]


def test_without_more_evidence_is_context(ledger: Ledger, calm: str) -> None:
    ledger.log_evidence(calm, LINK, "A storm")

    assert bearings(ledger) == [("calm", "example-storm", "context", None, ())]


def test_what_counts_names_the_event_supports_the_claim_and_meets_all_conditions(ledger: Ledger, storms: str) -> None:
    ledger.log_evidence(storms, LINK, "A storm", on="2025-12-30", counts="ana")

    assert bearings(ledger) == [("storms", "example-storm", "supports", "ana", ("rain", "wind"))]
    assert [(one.slug, one.title, one.happened) for one in ledger.snapshot().all(Event)] == [
        ("ana", "A storm", "2025-12-30")
    ]


@pytest.mark.parametrize(
    ("meets", "kept"), [("wind", ("wind",)), (["rain", "wind", "rain"], ("rain", "wind")), ([], ())]
)
def test_what_counts_may_meet_some_conditions(
    ledger: Ledger, storms: str, meets: list[str], kept: tuple[str, ...]
) -> None:
    ledger.log_evidence(storms, LINK, "A storm", on="2025-12", counts="ana", meets=meets)

    assert bearings(ledger)[0][4] == kept


def test_evidence_may_bear_on_several_claims_each_with_its_own_conditions(
    ledger: Ledger, storms: str, calm: str
) -> None:
    ledger.log_evidence([storms, calm], LINK, "A storm", on="2025", counts="ana")

    assert bearings(ledger) == [
        ("storms", "example-storm", "supports", "ana", ("rain", "wind")),
        ("calm", "example-storm", "supports", "ana", ()),
    ]


def test_the_same_link_is_the_same_evidence(ledger: Ledger, storms: str, calm: str) -> None:
    ledger.log_evidence(storms, LINK, "A storm", slug="report")

    ledger.log_evidence(calm, LINK, "A storm", bears="opposes")

    assert [one.slug for one in ledger.snapshot().all(Evidence)] == ["report"]
    assert [one[:3:2] for one in bearings(ledger)] == [("storms", "context"), ("calm", "opposes")]


@pytest.mark.parametrize(
    ("link", "slug"),
    [
        ("https://www.example.org/2026/01/A-Storm.html", "example-a-storm-html"),
        ("https://example.org", "example"),
        ("https://example.org/?q=storm", "example"),
        ("https://127.0.0.1/x", "127-0-0-1-x"),
        ("https://пример.рф/", "xn-e1afmkfd"),
        ("https://news.example.co.uk/", "news-example-co-uk"),
    ],
)
def test_a_slug_is_made_of_the_link(ledger: Ledger, calm: str, link: str, slug: str) -> None:
    assert ledger.log_evidence(calm, link, "A storm").slug == slug


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("javascript:alert(1)", ["only http:// and https://"]),
        ("data:text/html,x", ["only http:// and https://"]),
        ("java\tscript:alert(1)", ["encode it as %xx"]),
        ("file:///etc/passwd", ["only http:// and https://"]),
        ("//example.org/", ["only http:// and https://"]),
        ("\\\\host\\x", ["encode it as %xx"]),
        ("https://ana:secret@example.org/", ["secrets do not belong in a permanent record"]),
        ("https://example.org/a b", ["encode it as %xx"]),
        ("https://example.org/\u202e", ["encode it as %xx"]),
        ("https://example.org/" + "a" * 3_000, ["3,020 characters; at most 2,083"]),
        ("", []),
        (5, ["5 is not a link"]),
    ],
)
@pytest.mark.parametrize("field", ["link", "archived"])
def test_an_unsafe_link_is_refused_and_never_shown_whole(
    ledger: Ledger, calm: str, refuses: Refuses, field: str, link: str, words: list[str]
) -> None:
    with refuses(field, *words, error=InvalidValue):
        if field == "link":
            ledger.log_evidence(calm, link, "A storm", slug="storm")
        else:
            ledger.log_evidence(calm, LINK, "A storm", archived=link)


def test_a_secret_in_a_link_is_not_repeated(ledger: Ledger, calm: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        ledger.log_evidence(calm, "https://ana:hunter2@example.org/", "A storm")

    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1:9/x", "http://[::1]/", "http://169.254.169.254/latest", "http://2130706433/"]
)
def test_no_link_is_ever_fetched(ledger: Ledger, calm: str, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("the network was reached for")

    monkeypatch.setattr(socket.socket, "connect", forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)

    assert ledger.log_evidence(calm, link, "A storm", archived=link).record.link == link
    assert link in str(ledger.claim(calm, full=True))


def test_a_host_of_other_letters_is_kept_and_shown_beside_its_ascii_form(ledger: Ledger, calm: str) -> None:
    with pytest.warns(LedgerWarning, match="the link of evidence xn-exmple-4nf has mixed scripts"):
        ledger.log_evidence(calm, "https://exаmple.org/", "A storm")

    assert "https://exаmple.org/ (xn--exmple-4nf.org)" in str(ledger.claim(calm, full=True))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"on": "2026-01-02"}, ["happened 2026-01-02 lies in the future"]),
        ({"on": "2026-02"}, ["lies in the future"]),
        ({"on": "2027"}, ["lies in the future"]),
        ({"published": "2026-01-02"}, ["published 2026-01-02 lies in the future"]),
        ({"on": "yesterday"}, ["on:", "say 2025-12-31"]),
        ({"on": 2025}, ["on:", "2025 is not a date"]),
        ({"on": pd.NaT}, ["on:"]),
        ({"published": "01/02/2025"}, ["published:", "say 2025-02-01 or 2025-01-02"]),
        ({"counts": "ana"}, ["the event 'ana' is new; say on="]),
        ({"counts": "Ana!", "on": "2025"}, ["is not a slug"]),
        ({"counts": 5, "on": "2025"}, ["is not a slug"]),
        ({"counts": "ana", "event": "ben", "on": "2025"}, ["cannot be both 'ana' and 'ben'"]),
        ({"counts": "ana", "bears": "opposes", "on": "2025"}, ["leave bears='opposes' out"]),
        ({"bears": "proves"}, ["bears", "'proves' is not one of", "near-miss"]),
        ({"meets": ["wind"]}, ["conditions are met by an event; name it"]),
        ({"counts": "ana", "on": "2025", "meets": ["hail"]}, ["storms has no condition 'hail'; it has wind, rain"]),
        ({"likelihood_ratio": 0}, ["likelihood_ratio", "0 is not greater than 0"]),
        ({"likelihood_ratio": -2}, ["likelihood_ratio", "greater than 0"]),
        ({"likelihood_ratio": True}, ["likelihood_ratio", "True is not a number"]),
        ({"likelihood_ratio": float("inf")}, ["likelihood_ratio", "not a finite number"]),
        ({"grade": "good"}, ["grade: 'good' is not one of 'primary', 'established' or 'other'"]),
        ({"archived_sha256": "abc"}, ["is not a SHA-256"]),
        ({"slug": "A"}, ["is not a slug"]),
        ({"why": ""}, ["why", "empty text"]),
        ({"excerpt": "a\x00"}, ["excerpt", "control character"]),
        ({"publisher": "two\nlines"}, ["publisher", "is more than one line"]),
    ],
)
def test_fields_that_make_no_evidence_are_refused_whole(
    ledger: Ledger, storms: str, refuses: Refuses, fields: dict[str, object], words: list[str]
) -> None:
    with refuses(*words, error=InvalidValue):
        ledger.log_evidence(storms, LINK, "A storm", **fields)  # type: ignore[arg-type]  # what a person may type


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ([], ["say on which claim"]),
        (None, ["say on which claim"]),
        ("", ["no claim ''"]),
        (5, ["claims: 5 is neither a slug nor a list"]),
        (["storms", "hail"], ["no claim 'hail'"]),
        ([None], ["no claim None in this ledger"]),
    ],
)
def test_evidence_bears_on_a_claim_on_file(
    ledger: Ledger, storms: str, refuses: Refuses, claims: list[str], words: list[str]
) -> None:
    with refuses(*words):
        ledger.log_evidence(claims, LINK, "A storm")


@pytest.mark.parametrize("title", ["", None, 5, "two\nlines", "x" * 501, "\u200b"])
def test_evidence_has_a_title(ledger: Ledger, storms: str, refuses: Refuses, title: str) -> None:
    with refuses("title", error=InvalidValue):
        ledger.log_evidence(storms, LINK, title)


@pytest.mark.parametrize(("on", "kept"), [(date(2025, 12, 30), "2025-12-30"), ("2025-12", "2025-12"), ("2026", "2026")])
def test_what_happened_may_be_a_day_a_month_or_a_year(ledger: Ledger, calm: str, on: str, kept: str) -> None:
    assert ledger.log_evidence(calm, LINK, "A storm", on=on).record.happened == kept


# -- events ---------------------------------------------------------------------------------------------------


def test_an_event_on_file_is_counted_once_and_keeps_its_date(ledger: Ledger, storms: str) -> None:
    ledger.log_evidence(storms, LINK, "A storm", on="2025-12-30", counts="ana")

    ledger.log_evidence(storms, f"{LINK}/2", "The same storm", on="2025-12", counts="ana")

    assert [(one.slug, one.happened) for one in ledger.snapshot().all(Event)] == [("ana", "2025-12-30")]


def test_the_beginning_of_an_events_slug_is_not_that_event(ledger: Ledger, storms: str, refuses: Refuses) -> None:
    ledger.log_evidence(storms, LINK, "A storm", on="2025-12-30", counts="ana-of-december")

    with refuses("the event 'ana' is new; say on="):
        ledger.log_evidence(storms, f"{LINK}/2", "Another storm", counts="ana")
    ledger.log_evidence(storms, f"{LINK}/2", "Another storm", on="2025-11-30", counts="ana")

    assert [one.slug for one in ledger.snapshot().all(Event)] == ["ana-of-december", "ana"]


def test_a_new_event_that_resembles_one_on_file_is_warned_of(ledger: Ledger, storms: str, refuses: Refuses) -> None:
    ledger.log_evidence(storms, LINK, "A storm", on="2025-12-30", counts="kirk-coast")

    with refuses("did you mean 'kirk-coast'?"):
        ledger.log_evidence(storms, f"{LINK}/2", "The same?", counts="krik-coast")
    with pytest.warns(LedgerWarning, match="'krik-coast' is recorded as a new one; 'kirk-coast' is on file"):
        ledger.log_evidence(storms, f"{LINK}/2", "The same?", on="2025-12-30", counts="krik-coast")


# -- bearings and retractions ---------------------------------------------------------------------------------


def test_evidence_on_file_bears_on_a_further_claim(ledger: Ledger, storms: str, calm: str) -> None:
    ledger.log_evidence(storms, LINK, "A storm", on="2025-12-30", counts="ana")

    kept = ledger.log_evidence(
        calm, "example-storm", bears="opposes", event="ana", why="not calm", likelihood_ratio=0.2
    )

    [bearing] = [one for one in ledger.snapshot().all(Bearing) if one.claim == calm]
    assert (bearing.bears, bearing.event, bearing.likelihood_ratio) == ("opposes", "ana", 0.2)
    again = ledger.log_evidence(
        calm, "example-storm", bears="opposes", event="ana", why="not calm", likelihood_ratio=0.2
    )
    assert (again, again.wrote) == (kept, 0)


def test_another_bearing_needs_a_reason_and_shows_both(ledger: Ledger, storms: str, refuses: Refuses) -> None:
    ledger.log_evidence(storms, LINK, "A storm", bears="near-miss")

    with refuses("bearing storms example-storm stands with bears 'near-miss', now 'supports'", error=Conflict):
        ledger.log_evidence(storms, "example-storm", bears="supports")

    mended = ledger.correct("storms example-storm", bears="supports", reason="I misread it")
    assert (mended.record.revision, mended.lines) == (
        2,
        ("storms: bears corrected, revision 2", "tally of storms: 0 of 2"),
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (("hail", "example-storm", "context"), ["no claim 'hail'"]),
        (("storms", "hail", "context"), ["no evidence 'hail'"]),
        (("storms", None, "context"), ["evidence needs its link"]),
        (("storms", "example-storm", "context", "hail"), ["the event 'hail' is new; say on="]),
    ],
)
def test_a_bearing_names_what_is_on_file(
    ledger: Ledger, storms: str, refuses: Refuses, said: tuple[str, str, str], words: list[str]
) -> None:
    ledger.log_evidence(storms, LINK, "A storm")

    with refuses(*words):
        ledger.log_evidence(*said[:2], bears=said[2], event=said[3] if len(said) > 3 else None)


def test_what_is_left_unsaid_of_a_link_on_file_stays_as_it_is(
    ledger: Ledger, storms: str, calm: str, refuses: Refuses
) -> None:
    first = ledger.log_evidence(storms, LINK, "A storm", published="2025-12", publisher="The Almanac")

    again = ledger.log_evidence(calm, LINK, "A storm")

    assert again == first
    assert [one[0] for one in bearings(ledger)] == ["storms", "calm"]
    with refuses("stands with publisher 'The Almanac', now 'Bo'; to correct it", error=Conflict):
        ledger.log_evidence(calm, LINK, "A storm", publisher="Bo")


def test_what_is_left_unsaid_of_a_bearing_on_file_stays_as_it_is(ledger: Ledger, calm: str) -> None:
    ledger.log_evidence(calm, LINK, "A storm", bears="opposes", why="no calm at all")

    again = ledger.log_evidence(calm, LINK, "A storm")

    assert again.wrote == 0
    assert bearings(ledger) == [("calm", "example-storm", "opposes", None, ())]


@pytest.mark.parametrize(
    ("happened", "told"),
    [
        ("2020-01-01", "; 2020-01-01 lies outside the window"),
        ("2027", "; 2027 lies outside the window"),
        ("2026-06-01", ""),
        ("2026", ""),
    ],
)
def test_what_counts_for_a_claim_judged_as_a_whole_from_outside_its_window_is_told(
    ledger: Ledger, clock: Clock, happened: str, told: str
) -> None:
    clock.set("2027-06-01")
    claim = ledger.add("A calm year", deadline="2026-12-31", opens_on="2026-01-01", slug="calm")

    receipt = ledger.log_evidence(claim, LINK, "A storm", on=happened, counts="ana")

    assert f"calm: counts as ana{told}" in receipt.lines


def test_what_is_taken_back_stays_on_file_marked(ledger: Ledger, storms: str) -> None:
    ledger.log_evidence(storms, LINK, "A storm", on="2025-12-30", counts="ana")

    kept = ledger.retract("example-storm", reason="a hoax")

    assert (kept.record.retracted, kept.record.revision, kept.record.reason) == (True, 2, "a hoax")
    assert "RETRACTED" in str(ledger.claim(storms, full=True))
    assert "1 of all taken back" in str(ledger.claim(storms))
    assert ledger.claim(storms).rows()[0]["retracted"] is True


def test_taking_back_twice_is_once(ledger: Ledger, storms: str) -> None:
    ledger.log_evidence(storms, LINK, "A storm")
    ledger.retract("example-storm", reason="a hoax")

    again = ledger.retract("example-storm", reason="still a hoax")

    assert again.wrote == 0


def test_logging_it_again_does_not_bring_it_back(ledger: Ledger, clock: Clock, storms: str) -> None:
    ledger.log_evidence(storms, LINK, "A storm")
    ledger.retract("example-storm", reason="a hoax")
    clock.set("2026-02-01")

    with pytest.warns(LedgerWarning, match=r"since corrected \(a hoax\); the correction stands"):
        again = ledger.log_evidence(storms, LINK, "A storm")

    assert (again.record.retracted, again.wrote) == (True, 0)


def test_only_evidence_on_file_is_taken_back(ledger: Ledger, storms: str, refuses: Refuses) -> None:
    ledger.log_evidence(storms, LINK, "A storm")

    with refuses("no evidence 'exmaple-storm'", "did you mean 'example-storm'?", error=NotFound):
        ledger.retract("exmaple-storm", reason="a hoax")
