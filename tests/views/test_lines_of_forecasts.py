"""A line that says how likely a claim is has the form of its type, and runs; a curve that has gone stale is told so."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger

TERMS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "yes-no": ({}, {"p": 0.3}),
    "choice": ({"options": ["a", "b"]}, {"p": {"a": 0.3, "b": 0.7}}),
    "ordered": ({"options": ["a", "b"], "ordered": True}, {"p": {"a": 0.3, "b": 0.7}}),
    "number": ({"unit": "km", "between": (0, 10)}, {"quantiles": {0.1: 2, 0.5: 4, 0.9: 8}}),
    "date": ({"when": True}, {"p": {"2026-06-30": 0.5, "2026-12-31": 0.8}}),
}


def filled_in(line: str) -> str:
    for value in ("3", "5", "7"):
        line = line.replace("VALUE", f'"{value}"', 1)
    return line.replace(" P", " 0.5").replace('"VALUE"', '"5"')


@pytest.mark.parametrize("type_", TERMS)
def test_the_line_of_a_stale_forecast_runs(ledger: Ledger, clock: Clock, type_: str) -> None:
    terms, said = TERMS[type_]
    clock.set("2026-03-01T09:00:00Z")
    ledger.add("An invented text", deadline="2026-12-31", slug="it", **terms, **said)
    clock.set("2026-09-15T09:00:00Z")

    [line] = [line.strip() for line in str(ledger.due(stale=True)).splitlines() if "ledger.forecast(" in line]

    assert eval(filled_in(line), {"ledger": ledger}).wrote >= 1


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-06-30", "0.496 of it lies on days that are over; of what is open it means 0.603"),
        ("2026-08-15", "0.573 of it lies on days that are over; of what is open it means 0.531"),
    ],
)
def test_a_stale_curve_says_what_is_left_of_it(ledger: Ledger, clock: Clock, day: str, told: str) -> None:
    terms, said = TERMS["date"]
    clock.set("2026-03-01T09:00:00Z")
    ledger.add("An invented text", deadline="2026-12-31", slug="it", **terms, **said)
    clock.set(f"{day}T09:00:00Z")

    shown = [" ".join(str(one).split()) for one in (ledger.due(stale=True), ledger.claim("it"))]

    assert all(told in one for one in shown)


def test_a_card_is_silent_on_a_curve_that_is_hardly_over_or_decided(ledger: Ledger, clock: Clock) -> None:
    terms, said = TERMS["date"]
    clock.set("2026-03-01T09:00:00Z")
    ledger.add("An invented text", deadline="2026-12-31", slug="it", **terms, **said)
    clock.set("2026-03-12T09:00:00Z")
    early = str(ledger.claim("it"))
    clock.set("2026-09-15T09:00:00Z")
    ledger.resolve("it", "yes", happened_on="2026-09-01", reason="as the paper says")

    assert "that are over" not in early + str(ledger.claim("it"))


def test_what_a_stale_curve_said_can_be_said_anew_of_the_days_to_come(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-03-01T09:00:00Z")
    ledger.add("An invented text", deadline="2026-12-31", slug="it", when=True, p={"2026-12-31": 0.6})
    clock.set("2026-09-15T09:00:00Z")

    same = ledger.forecast("it", {"2026-12-31": 0.6})  # as a notebook does that is run again
    [line] = [line.strip() for line in str(ledger.due(stale=True)).splitlines() if "ledger.forecast(" in line]
    anew = eval(line.replace(" P", " 0.6"), {"ledger": ledger})

    assert same.wrote == 0
    assert "0.388 of it lies on days that are over" in same.text()
    assert "to say it anew of the days to come: again=True" in " ".join(same.text().split())
    assert anew.wrote > 0
    assert anew.record.days[0].chance == 0
    assert "over" not in ledger.forecast("it", {"2026-12-31": 0.6}).text()


@pytest.mark.parametrize("type_", ["choice", "ordered", "number"])
def test_a_condition_that_never_comes_out_no_is_refused(ledger: Ledger, clock: Clock, type_: str) -> None:
    clock.set("2026-03-01T09:00:00Z")
    ledger.add("An invented text", deadline="2026-12-31", slug="it", **TERMS[type_][0])
    ledger.add("Another text", deadline="2026-12-31", slug="that")

    for verb in (
        lambda: ledger.add("A third text", deadline="2026-12-31", given="it"),
        lambda: ledger.quote("Oracle", "A third text", deadline="2026-12-31", said_on="2026-02-01", given="it", p=0.3),
        lambda: ledger.correct("that", given="it"),
    ):
        with pytest.raises(InvalidValue, match=f"it is of type {type_}, which never comes out no"):
            verb()


@pytest.mark.parametrize(("unit", "said"), [("$", "$1.2"), ("$", "1.2 $"), ("km", "1.2 km"), ("%", "1.2 %")])
def test_a_unit_may_stand_on_either_side(ledger: Ledger, clock: Clock, unit: str, said: str) -> None:
    clock.set("2026-03-01T09:00:00Z")
    ledger.add("An invented text", deadline="2026-03-31", slug="it", unit=unit, between=(0, 10))

    forecast: Any = ledger.forecast("it", quantiles={0.1: "1", 0.4: said, 0.5: "4", 0.9: f"8 {unit}"}).record
    clock.set("2026-05-15")
    verdict: Any = ledger.resolve("it", said, known_on="2026-04-02", reason="read").record

    assert [point.at for point in forecast.points] == [1, 1.2, 4, 8]
    assert verdict.value == 1.2


def test_a_date_that_is_said_as_the_card_says_it_comes_out_no(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-03-01T09:00:00Z")
    ledger.add("An invented text", deadline="2026-03-31", slug="it", when=True)
    clock.set("2026-05-15")

    record: Any = ledger.resolve("it", "not at all").record

    assert record.outcome == "no"
