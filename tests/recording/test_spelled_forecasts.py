"""The call that a conflict offers says all that was said, and what was read from words is not told as a number said."""

from __future__ import annotations

from typing import Any

import pytest

from predictions import Conflict, Ledger
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
