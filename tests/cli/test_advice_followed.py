"""Where a refusal gives a line to type, that line runs, or its own refusal gives one that does: no circle closes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Ledger
from predictions.records import Bearing, Claim, Forecast

NEW = {  # of each field of a claim another value
    "slug": "other", "statement": "other", "reading": "narrow", "title": "In short", "text": "It pours",
    "wording": "It pours", "criteria": "As told", "type": "number", "deadline": "2028-01-31", "opens_on": "2026-01-02",
    "closes_at": "2027-01-01T10:00Z", "settle_days": "9", "tags": "rain", "cluster": "weather", "given": "other",
    "supersedes": "other", "scored": "false", "notes": "none", "note": "none", "options": "north,south,east",
    "unit": "ships", "low": "1", "high": "9", "scale": "log", "conditions": "large", "at_least": "2", "parts": "other",
    "sourcing": "any", "horizon": "soon", "edtf": "2027", "horizon_read": "as said", "asked_as": "fatebook-1",
    "recorded_by": "bob", "revision": "3", "reason": "why", "p": "70%", "by": "bob",
}  # fmt: skip
STEPS = 3
BASIS = ("--deadline", "2027-12-31", "--opens-on", "2026-01-01")
TYPES = {
    "yes-no": (),
    "choice": ("--options", "north,south"),
    "number": ("--unit", "boats", "--between", "2..8"),
    "date": ("--when",),
}


def follow(run: CommandLine, *typed: str) -> list[str]:
    """Type a line, then those that refusals give, until one is taken or none is given; what was refused."""
    said = []
    for _ in range(STEPS):
        result = run(*typed)
        if result.exit_code == 0:
            return [*said, "taken"]
        said.append(result.stderr.strip())
        offered = re.search(r": predictions (.*)", said[-1])
        if offered is None:
            return said
        typed = tuple(shlex.split(offered[1].replace('"..."', "why")))
    return said


@pytest.mark.parametrize("days", [0, 2])
@pytest.mark.parametrize("of", TYPES)
def test_each_line_that_is_offered_for_a_field_of_a_claim_is_taken(
    of: str, days: int, clock: Clock, tmp_path: Path
) -> None:
    assert NEW.keys() >= Claim.model_fields.keys()
    for number, (field, value) in enumerate(NEW.items()):
        clock.set("2026-11-01")
        (folder := tmp_path / str(number)).mkdir()
        run = CommandLine(folder)
        run("add", "Something else", *BASIS, "--slug", "other")
        run("add", "It rains", *BASIS, "--slug", "rain", *TYPES[of])
        clock.set(f"2026-11-{1 + days:02}")
        said = follow(run, "correct", "rain", "--set", f"{field}={value}", "--reason", "mistyped")
        circle = field == "p" and of != "yes-no"  # which says what p is of in this type, with values to fill in
        assert said[-1] == "taken" or ": predictions " not in said[-1] or circle, (field, said)


def test_a_claim_that_was_left_out_of_scores_is_followed_by_one_that_counts(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-01")
    run = CommandLine(tmp_path)
    run("add", "It rains", *BASIS, "--slug", "rain")
    run("correct", "rain", "--set", "scored=false")
    clock.set("2026-11-03")

    assert follow(run, "correct", "rain", "--set", "scored=true", "--reason", "a slip")[1:] == ["taken"]

    new = Ledger(run.path).record("claim it-rains")
    assert isinstance(new, Claim)
    assert (new.scored, new.supersedes) == (True, "rain")


def test_the_outcome_of_a_claim_leads_to_its_verdict(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-01")
    run = CommandLine(tmp_path)
    run("add", "It rains", *BASIS, "--slug", "rain")
    line = 'predictions resolve rain yes --reason "..."'
    told = f"claim has no field 'outcome'; how it came out, is said with: {line}"
    assert run.refuses("correct", "rain", "--set", "outcome=yes") == told
    assert run.refuses("correct", "rain", "--set", "result=yes").endswith('predictions resolve rain yes --reason "..."')


@pytest.mark.parametrize("before", [("-p", "30%"), ("--words", "likely"), ("--low", "20%", "--high", "40%")])
def test_the_chance_of_a_forecast_is_corrected_under_its_name_at_the_verbs(
    before: tuple[str, ...], clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-11-01")
    run = CommandLine(tmp_path)
    run("add", "It rains", *BASIS, "--slug", "rain")
    run.says("forecast", "rain", *before)
    run.says("correct", "forecast rain ana", "--set", "p=70%", "--reason", "mistyped")

    made = Ledger(run.path).record("forecast rain ana")
    assert isinstance(made, Forecast)
    assert (made.probability, made.low, made.high, made.words, made.revision) == (0.7, None, None, None, 2)
    ledger = Ledger(run.path, me="ana")
    assert ledger.correct("forecast rain ana", p=0.6, reason="again").record.probability == 0.6


def test_evidence_that_bears_otherwise_leads_to_the_line_that_corrects_its_bearing(
    clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-11-01")
    run = CommandLine(tmp_path)
    run("add", "It rains", *BASIS, "--slug", "rain")
    run.says("log-evidence", "rain", "https://e.org/a", "A's", "--bears", "opposes", "--slug", "a")

    assert follow(run, "log-evidence", "rain", "a", "--bears", "context")[1:] == ["taken"]

    bearing = Ledger(run.path).record("bearing rain a")
    assert isinstance(bearing, Bearing)
    assert str(bearing.bears) == "context"


def test_a_calendar_reminds_of_the_forecasts_of_the_one_who_is_named(clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-01")
    run = CommandLine(tmp_path)
    run("add", "It rains", *BASIS, "--slug", "rain", "-p", "30%")
    run.says("forecast", "rain", "40%", "--by", "bob", "--kind", "person")
    for who, reminded in (("ana", "ana"), ("bob", "bob")):
        assert (told := run("export", "calendar", str(tmp_path / f"{who}.ics"), "--by", who)).exit_code == 0, (
            told.stderr
        )
        assert set(re.findall("Look again\\\\, (.*?):", (tmp_path / f"{who}.ics").read_text())) == {reminded}
    assert "no forecaster 'cy'" in run.refuses("export", "calendar", str(tmp_path / "c.ics"), "--by", "cy")
