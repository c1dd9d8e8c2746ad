"""Two forecasters of whom one withdrew: how much of the time is compared stands beside the sentence."""

from __future__ import annotations

import pytest
from conftest import Clock

from predictions import Ledger

CLAIMS, AWAY = 12, 8  # 100 days each; from how many ann withdraws
SAID = {"ann": 0.4, "bob": 0.3}


@pytest.mark.parametrize("back", [False, True])  # for good; and for ten days
@pytest.mark.parametrize("beside", ["bob", "half"])
@pytest.mark.parametrize("type_", [{}, {"options": ["a", "b"]}])
def test_whoever_withdrew_is_told_with_the_share_of_the_time(
    ledger: Ledger, clock: Clock, type_: dict[str, list[str]], beside: str, back: bool
) -> None:
    clock.set("2025-12-31")
    for number in range(CLAIMS):
        ledger.add(f"Claim {number}", deadline="2026-04-10", opens_on="2026-01-01", slug=f"c{number:02}", **type_)
        for who, said in SAID.items():
            ledger.forecast(f"c{number:02}", {"a": said, "b": 1 - said} if type_ else said, by=who)
    clock.set("2026-01-20")
    for number in range(AWAY):
        ledger.withdraw(f"c{number:02}", by="ann")
    clock.set("2026-01-30")
    for number in range(AWAY if back else 0):
        ledger.forecast(f"c{number:02}", {"a": 0.45, "b": 0.55} if type_ else 0.45, by="ann")
    clock.set("2026-05-12")
    for number in range(CLAIMS):
        ledger.resolve(f"c{number:02}", "b" if type_ else "no", known_on="2026-04-11", reason=f"seen {number}")

    told = " ".join(str(ledger.compare("ann", beside)).split())
    other = " ".join(str(ledger.compare("bob", "half")).split())

    share = (AWAY * (90 if back else 20) + (CLAIMS - AWAY) * 100) / CLAIMS
    assert f"ann withdrew from {AWAY} of these claims, and had a forecast for {share:.0f} % of the time" in told
    assert "bob withdrew" not in told
    assert "withdrew" not in other
