"""Chances of a date that are said inside its window: what they say of the days that were over."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.errors import LedgerWarning
from predictions.records import Forecast
from predictions.testing import scratch_ledger

LATE, EVE, END = "2026-10-01", "2026-09-30", "2026-12-31"
FIRST = "2026-01-02"  # of the window


@pytest.fixture
def said(ledger: Ledger, tmp_path: Path) -> Callable[[str], list[tuple[str, float]]]:
    """Return what reads the days of the one forecast of somebody from an export, imported or not."""

    def days(by: str) -> list[tuple[str, float]]:
        out = tmp_path / "said.csv"
        out.unlink(missing_ok=True)
        ledger.export("csv", out)
        rows = csv.DictReader(out.read_text().splitlines())
        return [(row["day"], float(row["probability"])) for row in rows if row["forecaster"] == by]

    return days


@pytest.fixture
def law(ledger: Ledger, clock: Clock) -> str:
    clock.set(FIRST)
    return ledger.add("The law is passed", deadline=END, when=True, slug="law")


def test_a_line_said_in_the_window_begins_on_the_day_before(
    ledger: Ledger, clock: Clock, law: str, said: Callable
) -> None:
    clock.set(LATE)
    receipt = ledger.forecast(law, {END: 0.3}, by="ann", kind="person")

    assert said("ann") == [(EVE, 0), (END, 0.3)]
    assert f"drawn from 0 at the end of {EVE}: it says nothing of days over" in receipt.lines
    entries = ledger.head().size
    for again in ({END: 0.3}, {EVE: 0, END: 0.3}):
        assert ledger.forecast(law, again, by="ann").wrote == 0
        clock.set("2026-10-02")
    assert ledger.head().size == entries


@pytest.mark.parametrize(
    ("made_on", "days", "remark"),
    [
        (FIRST, {END: 0.3}, None),
        ("2026-01-01", {END: 0.3}, None),
        (LATE, {EVE: 0, END: 0.3}, None),
        (LATE, {END: 0}, None),
        (LATE, {"2026-03-31": 0.3, END: 0.5}, "0.30 lies on days that are over; it stands as said"),
        ("2027-01-05", {END: 0.3}, None),
    ],
)
def test_other_lines_stand_as_they_are_said(
    ledger: Ledger, clock: Clock, law: str, made_on: str, days: dict, remark: str | None, said: Callable
) -> None:
    clock.set("2027-02-01")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LedgerWarning)  # of one that comes too late to be scored
        receipt = ledger.forecast(law, days, by="ann", kind="person", made_at=made_on)

    assert said("ann") == list(days.items())
    assert [line for line in receipt.lines if "over" in line and "window" not in line] == ([remark] if remark else [])


def test_what_repeats_an_older_line_word_for_word_adds_nothing_and_a_zero_that_is_said_does(
    ledger: Ledger, clock: Clock, law: str
) -> None:
    ledger.forecast(law, {END: 0.3}, by="ann", kind="person")
    clock.set(LATE)

    assert ledger.forecast(law, {END: 0.3}, by="ann").wrote == 0
    assert ledger.forecast(law, {EVE: 0, END: 0.3}, by="ann").wrote == 1
    assert ledger.forecast(law, {END: 0.3}, by="ann", again=True, made_at="2026-09-01").wrote == 1


def test_every_door_records_the_same_line(
    ledger: Ledger, clock: Clock, law: str, said: Callable, tmp_path: Path
) -> None:
    clock.set("2026-10-05")
    rows = [
        {"claim": law, "by": "cy", "made_at": LATE, "day": END, "p": 0.3},
        {"claim": law, "by": "di", "made_at": LATE, "p": {END: 0.3}},
        {"claim": law, "by": "ed", "made_at": LATE, "day": "2026-11-30", "p": 0.1},
        {"claim": law, "by": "ed", "made_at": LATE, "day": END, "p": 0.3},
        {"claim": law, "by": "flo", "made_at": FIRST, "day": END, "p": 0.3},
    ]
    ledger.import_forecasts(rows)
    table = tmp_path / "law.csv"
    table.write_text(f"claim,by,made_at,p\n{law},gil,{LATE},{END}=30%\n")
    ledger.import_from("table", table)

    for by in ("cy", "di", "gil"):
        assert said(by) == [(EVE, 0), (END, 0.3)]
    assert said("ed") == [(EVE, 0), ("2026-11-30", 0.1), (END, 0.3)]
    assert said("flo") == [(END, 0.3)]

    entries = ledger.head().size
    ledger.import_forecasts(rows)
    ledger.import_from("table", table)
    ledger.export("csv", tmp_path / "out.csv")
    ledger.import_forecasts(tmp_path / "out.csv")
    assert ledger.head().size == entries
    assert ledger.verify().ok


def test_a_quote_and_a_claim_with_its_chances_too(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-10-02")
    asked = {"when": True, "deadline": END, "opens_on": FIRST, "p": {END: 0.3}}
    for _ in range(2):
        own = ledger.add("The law", slug="law", **asked)
        ledger.quote("Oracle", "The law", said_on=LATE, slug="said", **asked)
        clock.set("2026-10-03")

    forecasts = {one.claim: one for one in ledger.snapshot().all(Forecast)}
    assert len(ledger.snapshot().all(Forecast)) == len(forecasts) == 2
    assert own == "law"
    assert [str(one.days[0].day) for one in forecasts.values()] == [LATE, EVE]


def test_a_plain_line_scores_as_one_with_the_zero_written_out() -> None:
    """Notation is no knowledge: of twelve claims, five of which came true, both have the same scores to the digit."""
    with scratch_ledger(FIRST, me="ed") as (ledger, clock):
        for number in range(12):
            ledger.add(f"claim {number}", deadline=END, slug=f"d{number}", when=True)
        clock.set("2026-07-01")
        for number in range(12):
            ledger.forecast(f"d{number}", {END: 0.4}, by="plain", kind="person")
            ledger.forecast(f"d{number}", {"2026-06-30": 0, END: 0.4}, by="zero", kind="person")
            ledger.forecast(f"d{number}", {"2026-01-02": 0.001, END: 0.4}, by="stale", kind="person")
        clock.set("2027-03-01")
        for number in range(12):
            came = {"happened_on": f"2026-{8 + number:02}-15"} if number < 5 else {}
            ledger.resolve(f"d{number}", "yes" if came else "no", reason="seen", **came)
        rows = list(ledger.scorecard().rows())
    people = ("plain", "zero", "stale")
    scores = {by: [(row["brier"], row["time_skill"]) for row in rows if row["forecaster"] == by] for by in people}

    assert len(scores["plain"]) == 12
    assert scores["plain"] == scores["zero"] != scores["stale"]
