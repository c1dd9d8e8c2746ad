"""Words, a scale or a range that is corrected is read anew: no number stays that was read from something else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import InvalidValue, Ledger
from predictions.records import Forecast

HOW = ("probability", "low", "high", "words", "scale")
LIKELY = {"words": "likely"}
BY_ANA = {"words": "possibly", "low": "20%", "high": "60%"}
WAYS: dict[str, tuple[dict[str, str], dict[str, str], tuple[object, ...]]] = {
    "other words": (LIKELY, {"words": "will"}, (0.9, 0.8, 0.99, "will", "house")),
    "words on a scale": (LIKELY, {"words": "unlikely", "scale": "icd-203"}, (0.325, 0.2, 0.45, "unlikely", "icd-203")),
    "another scale": (LIKELY, {"scale": "icd-203"}, (0.675, 0.55, 0.8, "likely", "icd-203")),
    "one's own reading": (LIKELY, {"low": "50%", "high": "60%"}, (None, 0.5, 0.6, "likely", "as-read")),
    "one end": (LIKELY, {"low": "70%"}, (None, 0.7, 0.9, "likely", "as-read")),
    "one end of a reading": (BY_ANA, {"high": "50%"}, (None, 0.2, 0.5, "possibly", "as-read")),
    "words in place of a number": ({"p": "30%"}, LIKELY, (0.75, 0.6, 0.9, "likely", "house")),
    "words in place of a range": ({"low": "20%", "high": "40%"}, LIKELY, (0.75, 0.6, 0.9, "likely", "house")),
    "a number in place of words": (LIKELY, {"p": "30%"}, (0.3, None, None, None, None)),
    "a number by its field": (LIKELY, {"probability": "30%"}, (0.3, None, None, None, None)),
    "a range in place of a number": ({"p": "30%"}, {"low": "20%", "high": "40%"}, (None, 0.2, 0.4, None, None)),
}


@pytest.fixture
def typed(tmp_path: Any) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.mark.parametrize("at_the_door", ["python", "typed"])
@pytest.mark.parametrize("way", WAYS)
def test_what_is_corrected_is_read_anew(typed: CommandLine, clock: Clock, way: str, at_the_door: str) -> None:
    first, then, read = WAYS[way]
    clock.set("2026-11-28T12:00:00Z")
    with Ledger(typed.path, me="ana") as ledger:
        ledger.add("Rain falls", deadline="2099")
        ledger.forecast("rain-falls", by="ora", kind="person", **first)
        clock.set("2026-11-30T12:00:00Z")
        if at_the_door == "python":
            receipt = str(ledger.correct("rain-falls ora", reason="a slip", **then))
        else:
            changes = [word for name, value in then.items() for word in ("--set", f"{name}={value}")]
            receipt = typed.says("correct", "rain-falls ora", *changes, "--reason", "a slip")
        last = [one for one in ledger.snapshot().all(Forecast) if one.revision == 2]

    assert [tuple(getattr(one, name) for name in HOW) for one in last] == [read]
    if read[3] is not None:
        assert re.search(f', now .*"{read[3]}"', receipt), receipt
    assert "it counts from now on; until now" in receipt


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"words": None}, "how likely?"), ({"words": "perchance"}, "is on no scale"),
        ({"scale": "kent-1964"}, "it holds"),
        ({"words": "will", "p": 0.3}, "a number or words, not both"), ({"words": "will", "scale": "hous"}, "'house'"),
        ({"p": None}, "how likely?"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(ledger: Ledger, change: dict[str, Any], told: str) -> None:
    ledger.add("Rain falls", deadline="2099")
    ledger.forecast("rain-falls", by="ora", kind="person", words="likely")

    with pytest.raises(InvalidValue) as refused:
        ledger.correct("rain-falls ora", reason="a slip", **change)

    assert told in str(refused.value)


@pytest.mark.parametrize("change", [{"words": "likely"}, {"low": 0.2, "high": 0.4}])
def test_words_do_not_answer_a_choice(ledger: Ledger, change: dict[str, Any]) -> None:
    ledger.add("Who leads?", deadline="2099", options=["a", "b"], p={"a": 0.4, "b": 0.6})

    with pytest.raises(InvalidValue, match="choice"):
        ledger.correct("who-leads ana", reason="a slip", **change)
