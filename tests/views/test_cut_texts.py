"""What the short card of a claim cuts for want of room stands in the full one, to which it leads."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Clock

from predictions import Ledger

WORDS = " ".join(["word"] * 60)
OPTIONS = [
    "a-laboratory-of-the-west-coast-with-a-name-to-the-end-one",
    "another-lab-that-goes-on-to-its-end-two",
]
SHARES = {OPTIONS[0]: 0.4, OPTIONS[1]: 0.6}
LONG: dict[str, dict[str, Any]] = {
    "yes-no": {"p": 0.4},
    "events": {"p": 0.4, "at_least": 2, "conditions": {"list": f"{WORDS} CONDITION-END"}},
    "choice": {"p": SHARES, "options": OPTIONS},
    "number": {"quantiles": {0.1: 2, 0.5: 4, 0.9: 6}, "unit": "of a long unit", "between": (0, 10)},
    "date": {"p": {"2026-12-31": 0.4}, "when": True},
}


def flat(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("of", LONG)
@pytest.mark.parametrize("typed", [True, False])
def test_what_is_cut_is_in_the_full_card(ledger: Ledger, clock: Clock, of: str, typed: bool) -> None:
    clock.set("2026-10-01")
    ledger.add(
        f"Text {WORDS} TEXT-END", deadline="2026-12-31", slug="long", title=f"Title {WORDS} TITLE-END",
        criteria=f"{WORDS} CRITERIA-END", note=f"{WORDS} NOTE-END", **LONG[of],
    )  # fmt: skip
    said = {name: LONG[of][name] for name in ("p", "quantiles") if name in LONG[of]}
    for number in range(9):
        note = f"{WORDS} WHY-{number}"
        ledger.forecast("long", **said, by=f"Person {number}", kind="person", note=note)
    ledger.log_evidence("long", "https://e.org/a", f"{WORDS} SEEN-END", on="2026-10-01", why=f"{WORDS} BEARS-END")
    clock.set("2027-02-01")
    ledger.resolve("long", "annulled", reason=f"{WORDS} REASON-END")

    short, full = (flat(ledger.claim("long", full=whole).screen(typed=typed)) for whole in (False, True))

    marks = [f"{name}-END" for name in ("TEXT", "TITLE", "CRITERIA", "NOTE", "SEEN", "BEARS", "REASON")]
    marks += [f"WHY-{number}" for number in range(9)] + [f"person-{number}" for number in range(9)]
    marks += OPTIONS if of == "choice" else ["CONDITION-END"] if of == "events" else []
    assert [mark for mark in marks if mark not in full] == []
    assert [mark for mark in marks if mark not in short]
    assert ("--full" if typed else "full=True") in short
