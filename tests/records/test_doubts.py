"""A verdict stands until somebody resolves again; what has come to speak against it is shown until then."""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.recording.enter import build, enter, said_content
from predictions.records import Claim
from predictions.status import Status
from predictions.tally.doubts import Doubt

PARTS, RETRACTED = "verdict contradicted by its parts", "rests on retracted evidence"


@pytest.fixture
def weather(ledger: Ledger, clock: Clock) -> Ledger:
    """Rain and wind, and the scored tree over both; rain came out yes, wind no, and so the tree no."""
    for part in ("rain", "wind"):
        ledger.add(f"There is {part}", deadline="2026-06-30", slug=part)
    tree = {"slug": "storm", "type": "all-of", "parts": ("rain", "wind"), "wording": "There is a storm", "reading": "t"}
    with ledger._desk() as desk:
        enter(desk, build(Claim, {**said_content(desk.store.standing(Claim)[0]), **tree, "supersedes": "rain"}))
    ledger.forecast("storm", 0.3)
    clock.set("2026-09-01")
    ledger.resolve("rain", "yes", happened_on="2026-03-01", known_on="2026-03-02", reason="seen")
    ledger.resolve("wind", "no", known_on="2026-07-01", reason="calm")
    ledger.resolve("storm", "no", known_on="2026-07-01", reason="no wind")
    return ledger


def in_doubt(ledger: Ledger, **options: str) -> dict[str, str]:
    return {item.claim: item.why for item in ledger.due(**options).items}


def marks(ledger: Ledger, slug: str) -> list[str]:
    (row,) = [row for row in ledger.scorecard().rows() if row["claim"] == slug]
    return row["doubts"]


def test_a_tree_whose_parts_agree_with_its_verdict_waits_for_nobody(weather: Ledger) -> None:
    assert in_doubt(weather) == {}
    assert PARTS not in str(weather.claim("storm"))
    assert marks(weather, "storm") == []


def test_a_tree_is_due_again_where_a_part_came_out_otherwise_since(weather: Ledger) -> None:
    weather.resolve("wind", "yes", happened_on="2026-03-01", known_on="2026-07-02", reason="the gauge was read anew")

    assert in_doubt(weather) == {"storm": "its verdict no, but the parts now make it yes"}
    assert [item.claim for item in weather.due().items] == ["storm"]
    assert f"{PARTS}: its verdict no, but the parts now make it yes" in " ".join(str(weather.claim("storm")).split())
    assert weather.claim("storm").to_dict()["doubts"] == [PARTS]
    assert marks(weather, "storm") == [PARTS]
    assert PARTS in " ".join(str(weather.scorecard(full=True)).split())


def test_the_verdict_stands_until_somebody_resolves_again(weather: Ledger) -> None:
    weather.resolve("wind", "yes", happened_on="2026-03-01", known_on="2026-07-02", reason="the gauge was read anew")
    before = weather.claim("storm")

    weather.resolve("storm", "yes", happened_on="2026-03-01", known_on="2026-07-02", reason="both came")

    assert (before.status, before.verdict.said) == (Status.RESOLVED, "no")
    assert in_doubt(weather) == {}
    assert marks(weather, "storm") == []


def test_parts_may_leave_their_tree_ambiguous(weather: Ledger) -> None:
    weather.resolve("wind", "ambiguous", known_on="2026-07-02", reason="two gauges differ")

    assert in_doubt(weather) == {"storm": "its verdict no, but the parts now make it ambiguous"}


def test_an_annulled_tree_owes_its_parts_nothing(weather: Ledger) -> None:
    weather.resolve("storm", "annulled", known_on="2026-07-02", reason="the words lost their sense")

    weather.resolve("wind", "yes", happened_on="2026-03-01", known_on="2026-07-03", reason="the gauge was read anew")

    assert in_doubt(weather) == {}


def test_a_verdict_is_in_doubt_once_evidence_it_rests_on_is_taken_back(ledger: Ledger, clock: Clock) -> None:
    ledger.add("There is hail", deadline="2026-06-30", slug="hail", p=0.4)
    ledger.log_evidence("hail", "https://example.org/", "Hail", slug="report", on="2026-01-01")
    clock.set("2026-09-01")
    ledger.resolve("hail", "yes", happened_on="2026-01-01", known_on="2026-01-02", because="report")
    before = in_doubt(ledger)

    clock.set("2026-09-02")
    ledger.retract("report", reason="made up")

    assert before == in_doubt(ledger, as_of="2026-09-01") == {}
    assert in_doubt(ledger) == {"hail": "its verdict yes rests on evidence since retracted: report"}
    assert RETRACTED in str(ledger.claim("hail"))
    assert marks(ledger, "hail") == [str(Doubt.RETRACTED)]
    assert ledger.claim("hail").status is Status.RESOLVED


def test_a_new_verdict_on_other_grounds_ends_the_doubt(ledger: Ledger, clock: Clock) -> None:
    ledger.add("There is hail", deadline="2026-06-30", slug="hail", p=0.4)
    ledger.log_evidence("hail", "https://example.org/", "Hail", slug="report", on="2026-01-01")
    clock.set("2026-09-01")
    ledger.resolve("hail", "yes", happened_on="2026-01-01", known_on="2026-01-02", because="report")
    ledger.retract("report", reason="made up")

    ledger.resolve("hail", "no", known_on="2026-07-01", reason="the only report was made up")

    assert in_doubt(ledger) == {}
    assert marks(ledger, "hail") == []
