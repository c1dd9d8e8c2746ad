"""The call that a conflict offers says all that was said, and what was read from words is not told as a number said."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import Conflict, Ledger
from predictions.cli.messages import as_typed
from predictions.recording.enter import said_content
from predictions.records import Forecast

SAID = {"said_on": "2025-12-05", "link": "https://oracle.example/outlook", "deadline": "2026"}


@pytest.mark.parametrize(
    "how",
    [
        {"words": "very likely", "scale": "icd-203"},
        {"words": "likely", "scale": "uk-phia"},
        {"words": "will"},
        {"words": "could", "low": "20%", "high": "60%"},
        {"p": 0.123456789012},
        {"low": 0.2, "high": 0.3},
        {"p": 0.25, "low": 0.2, "high": 0.3},
        {"p": 0.25, "note": "no case yet"},
    ],
)
def test_the_offered_call_records_all_that_was_said(ledger: Ledger, how: dict[str, Any]) -> None:
    ledger.quote("Bob", "It rains", p=0.4, **SAID)
    ledger.quote("Bob", "It snows", **how, **SAID)

    with pytest.raises(Conflict) as refused:
        ledger.quote("Bob", "It rains", **how, **SAID)
    eval(str(refused.value).split("to replace it: ")[1].replace("\n", " "), {"ledger": ledger})

    kept, wanted = (ledger.snapshot().all(Forecast)[place] for place in (-1, -2))
    kept, wanted = sorted((kept, wanted), key=lambda one: one.claim)
    assert {**said_content(kept), "claim": ""} == {**said_content(wanted), "claim": ""}


def test_words_are_told_as_words_in_a_conflict(ledger: Ledger) -> None:
    ledger.quote("Bob", "It rains", words="will", **SAID)

    with pytest.raises(Conflict, match=r'bob said "will" \(read as 0\.9\) of it-rains on 2025-12-05, now 0\.5; '):
        ledger.quote("Bob", "It rains", p=0.5, **SAID)
    with pytest.raises(Conflict, match=r'now "very likely" \(read as 0\.875 on icd-203\); '):
        ledger.quote("Bob", "It rains", words="very likely", scale="icd-203", **SAID)


def test_the_same_number_on_other_evidence_is_told_so(ledger: Ledger) -> None:
    ledger.add("It rains", deadline="2026", p=0.1)
    ledger.forecast("it-rains", 0.1, note="clouds")
    ledger.forecast("it-rains", 0.1, note="no clouds")

    with pytest.raises(Conflict, match=r"you said 0\.10 on \S+ and the same with another note since"):
        ledger.forecast("it-rains", 0.1, note="clouds")


@pytest.mark.parametrize(
    ("asked", "before", "now", "values", "line"),
    [
        (
            {"options": ["Mr A", "b"]}, {"p": {"Mr A": 0.2, "b": 0.8}}, {"p": {"Mr A": 0.3, "b": 0.7}},
            ("mr-a 0.20, b 0.80", "mr-a 0.30, b 0.70"), "forecast c mr-a=30% b=70% --by bob --made-at 2026-02-01",
        ),
        (
            {"when": True}, {"p": {"2026-12-31": 0.3, "2027": 0.6}}, {"p": {"2026-12-31": 0.4, "2027": 0.6}},
            ("0.30 by 2026-12-31, 0.60 by 2027-12-31", "0.40 by 2026-12-31, 0.60 by 2027-12-31"),
            "forecast c 2026-12-31=40% 2027-12-31=60% --by bob",
        ),
        (
            {"unit": "m", "between": (0, 10)}, {"quantiles": {0.1: 2, 0.5: 4, 0.9: 6}},
            {"quantiles": {0.1: 2, 0.5: 5, 0.9: 6}},
            ("50 % at most 4, 90 % at most 6", "50 % at most 5, 90 % at most 6"), "forecast c -q CHANCE=VALUE --by bob",
        ),
    ],
)  # fmt: skip
def test_another_distribution_of_one_day_is_refused_with_both_and_with_the_line_that_replaces_it(
    clock: Clock, tmp_path: Path, asked: dict[str, Any], before: dict[str, Any], now: dict[str, Any],
    values: tuple[str, str], line: str,
) -> None:  # fmt: skip
    quoted = {"said_on": "2026-02-01", "link": "https://a.example/x", "deadline": "2027", "slug": "c", **asked}
    clock.set("2026-03-01")
    with Ledger(tmp_path / "typed.db", me="ed") as ledger:
        ledger.quote("Bob", "It comes", **quoted, **before)

        with pytest.raises(Conflict) as refused:
            ledger.quote("Bob", "It comes", **quoted, **now)

        assert f"{values[0]} of c on 2026-02-01, now " in str(refused.value)
        assert f"{values[1]}; to replace it: " in str(refused.value)
        typed = as_typed(str(refused.value)).partition("predictions ")[2]
        assert typed.startswith(line)
    if "CHANCE" not in typed:  # the line does it
        run = CommandLine(tmp_path)
        assert run(*shlex.split(typed.replace('"..."', "so"))).exit_code == 0
        with Ledger(tmp_path / "typed.db", me="ed") as ledger:
            assert ledger.quote("Bob", "It comes", **quoted, **now).wrote == 0
