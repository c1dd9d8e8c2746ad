"""A slip in a share, a quantile or a chance by a day is put right as it is said; a conflict's line can be typed in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Conflict, InvalidValue, Ledger

ASKS: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any], str]] = {
    "choice": ({"options": ["a", "b"]}, {"p": {"a": 0.3, "b": 0.7}}, {"p": {"a": "60%", "b": 0.4}}, "p=a=60%, b=40%"),
    "number": (
        {"unit": "km", "between": (0, 10)},
        {"quantiles": {0.1: 2, 0.5: 4, 0.9: 8}},
        {"quantiles": {0.1: 3, 0.5: 5, 0.9: 9}},
        "quantiles=10%=3,50%=5,90%=9",
    ),
    "date": ({"when": True}, {"p": {"2026-06-30": 0.3}}, {"p": {"2026-05": 0.2, "2026-06-30": 0.4}},
             "p=2026-05=20%,2026-06-30=40%"),
}  # fmt: skip


@pytest.fixture(params=ASKS)
def asked(request: pytest.FixtureRequest, ledger: Ledger, clock: Clock) -> tuple[str, dict[str, Any], str]:
    clock.set("2026-03-01T09:00:00Z")
    terms, first, better, typed = ASKS[request.param]
    ledger.add("An invented text", deadline="2026-06-30", slug="it", **terms, **first)
    return request.param, better, typed


def what_is_said(ledger: Ledger, clock: Clock, better: dict[str, Any]) -> object:
    """How the same is recorded where it is said at first."""
    forecast = ledger.forecast("it", by="ben", kind="person", **better).record
    return forecast.shares or forecast.points or forecast.days  # type: ignore[attr-defined]


def test_a_slip_is_corrected_as_it_is_said(
    ledger: Ledger, clock: Clock, asked: tuple[str, dict[str, Any], str]
) -> None:
    type_, better, _ = asked

    receipt = ledger.correct("it ana", reason="a slip", **better)

    record: Any = receipt.record
    assert (record.revision, bool(record.withdrawn)) == (2, False)
    assert (record.shares or record.points or record.days) == what_is_said(ledger, clock, better)
    assert ("drawn as a smooth curve" in str(receipt)) == (type_ == "number")


def test_the_same_typed(ledger: Ledger, asked: tuple[str, dict[str, Any], str], tmp_path: Path) -> None:
    _, better, typed = asked
    command_line = CommandLine(tmp_path)
    command_line.path = tmp_path / "ledger.db"

    command_line.says("correct", "it ana", "--set", typed, "--reason", "a slip")

    assert ledger.correct("it ana", reason="again", **better).wrote == 0  # nothing was left to correct


@pytest.mark.parametrize(
    ("said", "why"),
    [({"p": {"a": 0.3}}, "yes is yes or no, so it has one chance"), ({"quantiles": {0.5: 1}}, "quantiles= go with")],
)
def test_what_does_not_go_with_yes_or_no_is_refused_by_its_type(
    ledger: Ledger, clock: Clock, said: dict[str, Any], why: str
) -> None:
    clock.set("2026-03-01T09:00:00Z")
    ledger.add("Yes", deadline="2026-06-30", p=0.3, slug="yes")

    with pytest.raises(InvalidValue, match=re.escape(why)):
        ledger.correct("yes ana", reason="a slip", **said)


@pytest.mark.parametrize(
    ("terms", "others", "told"),
    [
        ({"options": ["a", "b"]}, {"options": ["a", "b", "c"]}, "options 'a', 'b', now 'a', 'b', 'c'"),
        ({"unit": "km", "between": (0, 10)}, {"unit": "km", "between": (0, 20)}, "between 0, 10, now 0, 20"),
        (
            {"unit": "km", "between": (0, 10)},
            {"unit": "m", "between": (1, 20, "log")},
            "unit 'km', now 'm'; between 0, 10, now 1, 20, 'log'",
        ),
    ],
)
def test_the_line_of_a_conflict_runs(
    ledger: Ledger, clock: Clock, terms: dict[str, Any], others: dict[str, Any], told: str
) -> None:
    clock.set("2026-03-01T09:00:00Z")
    ledger.add("An invented text", deadline="2026-06-30", slug="it", **terms)

    with pytest.raises(Conflict, match=re.escape(told)) as refused:
        ledger.add("An invented text", deadline="2026-06-30", slug="it", **others)
    _, _, line = str(refused.value).partition("to correct it: ")

    receipt = eval(line, {"ledger": ledger})
    for name, value in others.items():
        if name != "between":
            assert list(getattr(receipt.record, name)) == list(value)
        else:
            assert (receipt.record.low, receipt.record.high) == value[:2]
