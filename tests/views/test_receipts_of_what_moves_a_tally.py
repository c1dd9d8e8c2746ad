"""A receipt says what becomes of a tally, or of a conditional claim, which the act moves."""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import Ledger


@pytest.fixture
def storms(ledger: Ledger) -> Ledger:
    """A claim of which two events count, ana and bob, each by one link."""
    ledger.add("Two storms in June", deadline="2026-06-30", slug="storms", at_least=2, conditions={"wind": "It blows"})
    for name in ("ana", "bob"):
        link = f"https://{name}.example/storm"
        ledger.log_evidence("storms", link, f"Storm {name}", on="2026-01-01", counts=name, slug=f"link-{name}")
    return ledger


@pytest.mark.parametrize(
    ("what", "fields", "told"),
    [
        ("storms link-ana", {"bears": "context", "event": None, "meets": ()}, "tally of storms: 1 of 2"),
        ("storms link-ana", {"meets": ()}, "tally of storms: 1 of 2"),
        ("event bob", {"happened": "2025-02-03"}, "tally of storms: 1 of 2 (bob 2025-02-03 lies outside the window)"),
        ("storms", {"at_least": 3}, "tally of storms: 2 of 3"),
        ("storms", {"conditions": {"rain": "It rains"}}, "tally of storms: 0 of 2"),
    ],
)
def test_a_correction_tells_the_tally_that_it_moves(
    storms: Ledger, what: str, fields: dict[str, object], told: str
) -> None:
    assert told in storms.correct(what, reason="misread", **fields).lines


def test_a_condition_that_is_dropped_is_named_with_what_met_it(storms: Ledger) -> None:
    said = storms.correct("storms", conditions={"rain": "It rains"}).lines

    assert "condition wind is asked no more; it was met by link-ana, link-bob" in said


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("storms link-ana", {"why": "It was told so"}),
        ("event bob", {"title": "Storm Bob"}),
        ("storms", {"note": "of June only"}),
    ],
)
def test_a_correction_that_moves_no_tally_tells_none(storms: Ledger, what: str, fields: dict[str, object]) -> None:
    assert "tally" not in str(storms.correct(what, reason="clearer", **fields))


def test_evidence_taken_back_names_the_claims_that_it_was_on(storms: Ledger) -> None:
    for slug in ("calm", "dry", "mild"):
        storms.add(f"It is {slug} all year", deadline="2026", slug=slug)
        storms.log_evidence(slug, "link-ana", bears="opposes")

    said = storms.retract("link-ana", reason="a hoax").lines

    assert said[1:] == (
        "tally of storms: 1 of 2",
        "calm: no evidence is for or against it now",
        "and it moves 2 more claims",
    )
    assert storms.retract("link-ana", reason="a hoax").lines[1:] == ()


def test_a_verdict_says_which_conditional_claims_it_annuls_and_which_no_more(ledger: Ledger, clock: Clock) -> None:
    for slug, given in (("rain", None), ("flood", "rain"), ("mud", "rain"), ("ruin", "flood")):
        ledger.add(f"There is {slug}", deadline="2026-06-30", slug=slug, given=given)
    annulled, back = "annulled by it, being given rain: flood, mud", "not annulled by it any more: flood, mud"
    clock.set("2026-02-01")

    no = ledger.resolve("rain", "no", impossible=True, known_on="2026-01-15", reason="dry")
    yes = ledger.resolve("rain", "yes", happened_on="2026-01-20", reason="it rained")

    assert [line for line in (*no.lines, *yes.lines) if "annulled" in line] == [annulled, back]
    assert "annulled" not in str(ledger.resolve("mud", "yes", happened_on="2026-01-25", reason="seen"))


def test_evidence_that_was_taken_back_is_not_carried_over(storms: Ledger) -> None:
    storms.add("It is calm all year", deadline="2026", slug="calm")
    for link in ("link-ana", "link-bob"):
        storms.log_evidence("calm", link, bears="opposes")
    storms.retract("link-ana", reason="a hoax")

    said = str(storms.supersede("calm", deadline="2027", reason="moved", slug="calm-2"))

    assert "1 piece of evidence carried over" in said
    assert [item.evidence.slug for item in storms.snapshot().evidence_on(storms.claim("calm-2").claim)] == ["link-bob"]
