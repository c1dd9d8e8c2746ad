"""The day of a verdict against the evidence on file: not before what it rests on, not after what made it a yes."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clock, Refuses

from predictions import InvalidValue, Ledger
from predictions.enums import Outcome
from predictions.tally.doubts import Doubt

LINK = "https://example.org/{}"


@pytest.fixture
def rain(ledger: Ledger, clock: Clock) -> Ledger:
    """A claim judged as a whole, and one of two wet events; seen on 2026-08-01."""
    ledger.add("It rains", deadline="2026-06-30", slug="rain")
    ledger.add("Two storms", deadline="2026-06-30", slug="storms", at_least=2, conditions=["wet"])
    clock.set("2026-08-01")
    return ledger


def storm(ledger: Ledger, name: str, on: str, published: str | None, **fields: Any) -> None:
    said = {"claims": "storms", "counts": f"storm-{name}", "meets": ["wet"], **fields}
    ledger.log_evidence(link=LINK.format(name), title=name, slug=name, on=on, published=published, **said)


def seen(ledger: Ledger, name: str, published: str | None, bears: str = "supports") -> None:
    ledger.log_evidence("rain", LINK.format(name), name, slug=name, published=published, bears=bears)


# -- before what it rests on ----------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["yes", 0.4, "ambiguous", "annulled"])
def test_nothing_is_known_before_the_earliest_evidence_named_for_it(
    rain: Ledger, refuses: Refuses, outcome: str | float
) -> None:
    seen(rain, "late", "2026-03-09", bears="context")
    seen(rain, "later", "2026-03-10", bears="context")

    with refuses(
        "known_on 2026-03-08 lies before late was published, 2026-03-09; say the day on which it became public how "
        "rain came out, or evidence of that day: because=",
        error=InvalidValue,
    ):
        rain.resolve("rain", outcome, known_on="2026-03-08", because=["later", "late"], reason="seen")
    assert (
        rain.resolve("rain", outcome, known_on="2026-03-09", because=["later", "late"], reason="seen").record.number
        == 1
    )


@pytest.mark.parametrize("published", [None, "2026", "2026-03"])
def test_evidence_without_a_day_excludes_no_day_that_it_may_have(rain: Ledger, published: str | None) -> None:
    seen(rain, "vague", published, bears="context")

    assert rain.resolve("rain", "yes", known_on="2026-03-08", because="vague").record.outcome is Outcome.YES


def test_evidence_dated_by_its_month_excludes_the_days_before(rain: Ledger, refuses: Refuses) -> None:
    seen(rain, "vague", "2026-04", bears="context")

    with refuses("known_on 2026-03-08 lies before vague was published, 2026-04", error=InvalidValue):
        rain.resolve("rain", "yes", known_on="2026-03-08", because="vague")


def test_a_lapse_may_rest_on_what_was_published_later(rain: Ledger) -> None:
    seen(rain, "review", "2026-07-31", bears="opposes")

    assert str(rain.resolve("rain", "no", because="review").record.known_on) == "2026-07-30"


def test_a_no_before_its_day_may_not(rain: Ledger, refuses: Refuses) -> None:
    seen(rain, "dam", "2026-03-09", bears="opposes")

    with refuses("known_on 2026-03-08 lies before dam was published", error=InvalidValue):
        rain.resolve("rain", "no", impossible=True, known_on="2026-03-08", because="dam", reason="dried up")


@pytest.mark.parametrize(
    ("published", "known_on"),
    [("2026-03-03", "2026-03-03"), ("2026-02-27", "2026-03-01"), ("2026-03", "2026-03-01"), (None, "2026-03-01")],
)
def test_what_happened_is_known_from_the_first_evidence_named_for_it(
    rain: Ledger, published: str | None, known_on: str
) -> None:
    seen(rain, "late", "2026-03-09", bears="context")
    seen(rain, "first", published, bears="context")
    named = ["late", "first"] if published else ["first"]

    assert str(rain.resolve("rain", "yes", happened_on="2026-03-01", because=named).record.known_on) == known_on


def test_nothing_is_known_before_it_happened(rain: Ledger, refuses: Refuses) -> None:
    with refuses("known on 2026-03-01, before it happened on 2026-03-02", error=InvalidValue):
        rain.resolve("rain", "yes", happened_on="2026-03-02", known_on="2026-03-01", reason="seen")


# -- after what made it a yes ---------------------------------------------------------------------------------


def test_a_yes_is_not_known_later_than_evidence_that_answered_it(rain: Ledger, refuses: Refuses) -> None:
    seen(rain, "early", "2026-03-01")
    seen(rain, "late", "2026-03-09")

    with refuses(
        "known_on 2026-03-09 lies after early made rain a yes, 2026-03-01; say known_on=2026-03-01, or why it was not "
        "public then: reason=",
        error=InvalidValue,
    ):
        rain.resolve("rain", "yes", known_on="2026-03-09", because="late")
    assert rain.resolve("rain", "yes", known_on="2026-03-01", because="early").record.number == 1
    assert rain.claim("rain").doubts == {}


def test_with_a_reason_it_is_kept_and_in_doubt_on_its_card(rain: Ledger) -> None:
    seen(rain, "early", "2026-03-01")

    rain.resolve("rain", "yes", known_on="2026-03-09", reason="early was a rumour")

    told = "its verdict yes is known 2026-03-09, but early made it one 2026-03-01"
    assert rain.claim("rain").doubts == {Doubt.EARLIER: told}
    assert f"public earlier by the evidence on file: {told}" in " ".join(str(rain.claim("rain")).split())
    assert "rain" not in [item.claim for item in rain.due().items]


def test_evidence_that_comes_later_puts_a_verdict_without_a_reason_on_the_agenda(rain: Ledger) -> None:
    seen(rain, "late", "2026-03-09")
    rain.resolve("rain", "yes", known_on="2026-03-09", because="late")
    assert rain.claim("rain").doubts == {}

    seen(rain, "early", "2026-03-01")

    assert [item.why for item in rain.due().items if item.claim == "rain"] == [
        "its verdict yes is known 2026-03-09, but early made it one 2026-03-01"
    ]
    rain.resolve("rain", "yes", known_on="2026-03-01", because="early", reason="it was public then")
    assert rain.claim("rain").doubts == {}


@pytest.mark.parametrize(
    ("published", "bears", "happened_on"),
    [
        (None, "supports", None),
        ("2026-03", "supports", None),
        ("2026", "supports", None),
        ("2025-12-31", "supports", None),  # before the window
        ("2026-03-09", "supports", None),
        ("2026-03-01", "context", None),
        ("2026-03-01", "opposes", None),
        ("2026-03-01", "supports", "2026-03-09"),  # announced, and not so yet
    ],
)
def test_what_answers_nothing_before_that_day_is_no_hindrance(
    rain: Ledger, published: str | None, bears: str, happened_on: str | None
) -> None:
    seen(rain, "on-the-day", "2026-03-09")
    seen(rain, "early", published, bears)

    kept = rain.resolve("rain", "yes", known_on="2026-03-09", happened_on=happened_on, because="on-the-day")

    assert (kept.record.number, rain.claim("rain").doubts) == (1, {})


def test_retracted_evidence_is_none(rain: Ledger) -> None:
    seen(rain, "early", "2026-03-01")
    seen(rain, "late", "2026-03-09")
    rain.retract("early", reason="made up")

    assert rain.resolve("rain", "yes", known_on="2026-03-09", because="late").record.number == 1


@pytest.mark.parametrize("outcome", [0.4, "ambiguous", "annulled"])
def test_only_a_yes_is_held_against_it(rain: Ledger, outcome: str | float) -> None:
    seen(rain, "early", "2026-03-01")

    assert rain.resolve("rain", outcome, known_on="2026-03-09", reason="so").record.number == 1
    assert rain.claim("rain").doubts == {}


def test_of_events_the_last_that_it_takes_counts(rain: Ledger, refuses: Refuses) -> None:
    storm(rain, "ada", "2026-02-01", "2026-02-02")
    storm(rain, "bob", "2026-03-01", "2026-03-03")
    storm(rain, "cyd", "2026-04-01", "2026-04-01")

    with refuses("known_on 2026-04-01 lies after bob made storms a yes, 2026-03-03", error=InvalidValue):
        rain.resolve("storms", "yes", known_on="2026-04-01", because="cyd")
    assert (
        rain.resolve("storms", "yes", happened_on="2026-03-01", known_on="2026-03-03", because="bob").record.number == 1
    )


@pytest.mark.parametrize(
    ("on", "published", "fields"),
    [
        ("2026-03", "2026-03-03", {}),  # the event dated to the month
        ("2026-03-01", "2026-03", {}),
        ("2026-03-01", None, {}),
        ("2026-03-01", "2026-03-03", {"meets": []}),  # falls short
        ("2025-12-01", "2026-03-03", {}),  # outside the window
    ],
)
def test_an_event_that_does_not_surely_count_by_then_is_no_hindrance(
    rain: Ledger, on: str, published: str | None, fields: dict[str, list[str]]
) -> None:
    storm(rain, "ada", "2026-02-01", "2026-02-02")
    storm(rain, "bob", on, published, **fields)
    storm(rain, "cyd", "2026-04-01", "2026-04-01")

    assert rain.resolve("storms", "yes", known_on="2026-04-01", because="cyd").record.number == 1


def test_a_disputed_event_is_no_hindrance(rain: Ledger) -> None:
    storm(rain, "ada", "2026-02-01", "2026-02-02")
    storm(rain, "bob", "2026-03-01", "2026-03-03")
    rain.log_evidence("storms", LINK.format("no"), "No", slug="no", event="storm-bob", bears="opposes")

    assert rain.resolve("storms", "yes", known_on="2026-04-01", because="bob").record.number == 1


def test_a_thinly_sourced_event_is_provisional_and_no_hindrance(rain: Ledger, clock: Clock, refuses: Refuses) -> None:
    clock.set("2026-01-01T09:30:00Z")
    rain.correct("claim storms", reason="sources", at_least=1, sourcing="one-primary-or-two-established")
    clock.set("2026-08-01")
    storm(rain, "ada", "2026-02-01", "2026-02-02", counts="gale", grade="established", publisher="A")
    assert rain.claim("storms").tally.provisional == 1
    assert rain.resolve("storms", "yes", known_on="2026-04-01", because="ada").record.number == 1

    storm(rain, "bob", "2026-02-01", "2026-02-09", counts="gale", grade="established", publisher="B")

    assert rain.claim("storms").doubts == {
        Doubt.EARLIER: "its verdict yes is known 2026-04-01, but bob made it one 2026-02-09"
    }


def test_the_conditions_of_an_event_may_come_one_after_the_other(rain: Ledger, clock: Clock, refuses: Refuses) -> None:
    clock.set("2026-01-02")
    rain.add("A wet cold storm", deadline="2026-06-30", slug="storm", at_least=1, conditions=["wet", "cold"])
    clock.set("2026-08-01")
    storm(rain, "ada", "2026-02-01", "2026-02-02", claims="storm", counts="gale", meets=["wet"])
    storm(rain, "bob", "2026-02-01", "2026-02-09", claims="storm", counts="gale", meets=["cold"])

    with refuses("known_on 2026-02-10 lies after bob made storm a yes, 2026-02-09", error=InvalidValue):
        rain.resolve("storm", "yes", known_on="2026-02-10", because="bob")
    assert rain.resolve("storm", "yes", known_on="2026-02-09", because="bob").record.number == 1


def test_a_dissent_stands_beside_the_verdict_and_is_not_held_against_it(rain: Ledger) -> None:
    seen(rain, "early", "2026-03-01")
    seen(rain, "late", "2026-03-09")

    rain.resolve("rain", "yes", known_on="2026-03-01", because="early")
    dissent = rain.resolve("rain", "yes", known_on="2026-03-09", because="late", dissent=True, reason="only then")
    assert dissent.record.dissent


# -- many at once ---------------------------------------------------------------------------------------------


def test_an_import_tells_the_rows_of_one_cause_together(rain: Ledger, clock: Clock) -> None:
    for n in range(9):
        rain.add(f"It rains on day {n}", deadline="2026-08-30", opens_on="2026-01-01", slug=f"day-{n}")
        rain.log_evidence(
            f"day-{n}", LINK.format(n), "Rain", slug=f"rain-{n}", published="2026-03-01", bears="supports"
        )
    rows = [
        {"claim": f"day-{n}", "outcome": "yes", "known_on": f"2026-03-1{n}", "because": f"rain-{n}"} for n in range(9)
    ]
    rows[8]["known_on"] = "2026-02-01"
    head = rain.head()

    with pytest.raises(InvalidValue) as refused:
        rain.import_resolutions(rows)

    said = " ".join(str(refused.value).split())
    assert "known_on rows 1, 2, 3, 4, 5, 6, 7, 8 2026-03-10, ... known_on 2026-03-10 lies after rain-0" in said
    assert "made day-0 a yes, 2026-03-01; say known_on 2026-03-01, or why it was not public then: reason=" in said
    assert "known_on row 9 2026-02-01 known_on 2026-02-01 lies before rain-8 was published, 2026-03-01" in said
    assert rain.head() == head
    for row in rows:
        row["known_on"] = "2026-03-01"
    assert rain.import_resolutions(rows).verdicts == 9


def test_an_import_with_a_reason_keeps_the_day_and_the_doubt(rain: Ledger) -> None:
    seen(rain, "early", "2026-03-01")

    rain.import_resolutions([{"claim": "rain", "outcome": "yes", "known_on": "2026-03-09"}], reason="a rumour before")

    assert list(rain.claim("rain").doubts) == [Doubt.EARLIER]
