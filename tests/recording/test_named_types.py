"""A correction may name the type: it does what it says, or is refused by a sentence that names the way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from conftest import Clock

from predictions import InvalidValue, Ledger

OF_TYPE: Mapping[str, Mapping[str, Any]] = {
    "yes-no": {}, "choice": {"options": ["a", "b"]}, "ordered": {"options": ["a", "b"], "ordered": True},
    "number": {"unit": "km", "between": (0, 10)}, "date": {"when": True}, "events": {"at_least": 2},
}  # fmt: skip
BESIDE: tuple[Mapping[str, Any], ...] = (
    {}, {"when": False}, {"when": True}, {"options": ["a", "b"]}, {"options": ()}, {"ordered": True},
    {"ordered": False}, {"unit": "x", "between": (0, 5)}, {"unit": "x"}, {"between": (0, 5)}, {"at_least": 3},
)  # fmt: skip
NAMES_THE_WAY = re.compile(
    r"for type [a-z-]+ say also [a-z_]+=|contradict each other; say one of them|say one of them$"
    r"|goes with (options|unit)=|^what changes\?|say over which range"
)


@pytest.mark.parametrize("verb", ["correct", "supersede"])
@pytest.mark.parametrize("before", OF_TYPE)
@pytest.mark.parametrize("wanted", OF_TYPE)
def test_every_type_with_every_keyword(ledger: Ledger, verb: str, before: str, wanted: str) -> None:
    refusals: list[str] = []
    for number, terms in enumerate(BESIDE):
        slug = f"it-{number}"
        ledger.add(f"It is asked {number}", deadline="2026-06-30", slug=slug, **OF_TYPE[before])
        try:
            record: Any = getattr(ledger, verb)(slug, type=wanted, reason="a slip", **terms).record
        except InvalidValue as error:
            refusals.append(str(error))
        else:
            assert record.type == wanted
            assert bool(record.options) == (wanted in {"choice", "ordered"})
            assert (record.unit is None) == (wanted != "number")
    assert [refusal for refusal in refusals if not NAMES_THE_WAY.search(refusal)] == []


@pytest.mark.parametrize("before", OF_TYPE)
@pytest.mark.parametrize("wanted", OF_TYPE)
def test_what_adds_a_type_corrects_to_it(ledger: Ledger, before: str, wanted: str) -> None:
    ledger.add("It is asked", deadline="2026-06-30", slug="it", **OF_TYPE[before])

    record: Any = ledger.correct("it", type=wanted, **OF_TYPE[wanted]).record

    added: Any = ledger.add("The same", deadline="2026-06-30", **OF_TYPE[wanted]).record
    assert {name: getattr(record, name) for name in ("type", "options", "unit", "low", "high", "at_least")} == {
        name: getattr(added, name) for name in ("type", "options", "unit", "low", "high", "at_least")
    }


def test_a_word_for_no_type_is_refused_with_those_there_are(ledger: Ledger, clock: Clock) -> None:
    ledger.add("It is asked", deadline="2026-06-30", slug="it")

    with pytest.raises(InvalidValue, match=r"type: 'numeric' is none; say one of yes-no, "):
        ledger.correct("it", type="numeric", unit="km", between=(0, 5))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"between": (1, 100)}, "it asks km, scored from 1 to 100, no longer on a log axis"),
        ({"between": (1, 100, "log")}, "it asks km, scored from 1 to 100 on a log axis"),
        ({"options": ["a", "b"]}, "it asks one of a, b"),
    ],
)
def test_what_a_superseding_claim_asks_is_in_its_receipt(ledger: Ledger, changes: Mapping[str, Any], line: str) -> None:
    ledger.add("Cars sold", deadline="2026-06-30", slug="it", unit="km", between=(1, 1000, "log"))

    text = " ".join(str(ledger.supersede("it", reason="another range", **changes)).split())

    assert f" {line} " in text
    assert "it asks" not in str(
        ledger.supersede("cars-sold", deadline="2026-07-31", reason="a later day", slug="later")
    )
