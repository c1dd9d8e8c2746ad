"""Honest distributions are best over time, through a ledger in which claims come out as often as is believed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from conftest import Clock

from predictions import Ledger

DEADLINE, OPTIONS = "2026-06-30", ["low", "mid", "high"]
BELIEVED = [0.5, 0.3, 0.2]
COME_TRUE = ["low"] * 5 + ["mid"] * 3 + ["high"] * 2
LEVELS = [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]  # the outcomes of ten numbers


class Bend(NamedTuple):
    """How somebody changes what they believe: a power above 1 is surer, below 1 less sure; then moved, then hedged."""

    power: float = 1.0
    moved: float = 0.0
    hedged: float = 0.0


BENT = {"honest": Bend(), "sure": Bend(1.6), "shy": Bend(0.6), "moved": Bend(moved=0.1), "hedged": Bend(hedged=0.3)}


def changed(bend: Bend) -> dict[str, float]:
    """The believed shares, bent: moved from the first option to the last, hedged with equal shares."""
    raised = [share**bend.power for share in BELIEVED]
    shares = [one / sum(raised) for one in raised]
    moved = [shares[0] - bend.moved, shares[1], shares[2] + bend.moved]
    first, second, _ = (round((1 - bend.hedged) * share + bend.hedged / 3, 3) for share in moved)
    return dict(zip(OPTIONS, [first, second, round(1 - first - second, 3)], strict=True))


def quantiles(bend: Bend, *, log: bool) -> dict[float, float]:
    """Quantiles of an even spread from 2 to 6 on the axis, bent: drawn together or apart, moved, with further ends."""
    levels = (0.001, 0.25, 0.5, 0.75, 0.999)
    axis = {level: 4 + 4 * (level - 0.5) / bend.power + 10 * bend.moved for level in levels}
    if bend.hedged:
        axis = {bend.hedged / 2: 2.0, 0.5: 4.0, 1 - bend.hedged / 2: 6.0, 0.001: 0.1, 0.999: 9.9}
    return {level: 10**value if log else value for level, value in sorted(axis.items())}


@pytest.mark.parametrize("type", ["choice", "ordered", "number", "log"])
def test_no_shading_stretching_or_last_minute_change_gains(ledger: Ledger, clock: Clock, type: str) -> None:  # noqa: A002
    terms: dict[str, dict[str, Any]] = {
        "choice": {"options": OPTIONS}, "ordered": {"options": OPTIONS, "ordered": True},
        "number": {"unit": "points", "between": (0, 10)},
        "log": {"unit": "points", "between": (1, 10**10)},
    }  # fmt: skip
    axis = [2 + 4 * level for level in LEVELS]
    outcomes = {"number": axis, "log": [10**value for value in axis]}.get(type, COME_TRUE)

    def say(number: int, who: str, bend: Bend) -> None:
        drawn = type in {"number", "log"}
        said = {"quantiles": quantiles(bend, log=type == "log")} if drawn else {"p": changed(bend)}
        ledger.forecast(f"claim-{number}", by=who, **said)

    for number in range(10):
        ledger.add(f"Claim {number}", deadline=DEADLINE, slug=f"claim-{number}", **terms[type])
        if type == "log":
            ledger.correct(f"claim-{number}", scale="log", reason="it grows")
        for who, bend in (*BENT.items(), ("late", Bend())):
            say(number, who, bend)
    clock.set("2026-06-20")
    for number in range(10):
        say(number, "late", Bend(2.0))
    clock.set("2026-09-01")
    for number, outcome in enumerate(outcomes):
        ledger.resolve(f"claim-{number}", outcome, known_on="2026-07-01", reason="seen")

    [scores] = ledger.scorecard().types
    means = {record.forecaster.slug: record.means for record in scores.records}

    for who in (*BENT.keys() - {"honest"}, "late"):
        assert means["honest"]["time_skill"] - means[who]["time_skill"] > 1e-5, who
    for who in BENT.keys() - {"honest"}:  # who is late says at first what is honest
        assert means[who]["brier"] - means["honest"]["brier"] > 1e-5, who


# -- dates, whose answers come early -----------------------------------------------------------------------------------

OPENS, LAST = date(2026, 2, 1), 10  # the window has ten days
EVENTS = [1, 2, 3, 4, 5, 6, 7, 8, None, None]  # the days on which ten claims come true; two never do
BEND: dict[str, Callable[[float], float]] = {
    "honest": lambda chance: chance,
    "sure": lambda chance: chance**2 / (chance**2 + (1 - chance) ** 2),
    "shy": lambda chance: chance**0.5 / (chance**0.5 + (1 - chance) ** 0.5),
    "early": lambda chance: chance + 0.3 * (1 - chance),
    "hedged": lambda chance: (chance + 0.5) / 2,
}


def believed(over: int) -> list[float]:
    """The chance of an event by the end of each day to come, once so many days are over without it."""
    left = [event for event in EVENTS if event is None or event > over]
    return [sum(event is not None and event <= day for event in left) / len(left) for day in range(over + 1, LAST + 1)]


def test_honest_chances_by_days_that_are_conditioned_as_days_pass_gain_most(ledger: Ledger, clock: Clock) -> None:
    """Claims come true on every day as often as is believed, and are told no more once they have."""

    def say(number: int, who: str, over: int, chances: list[float]) -> None:
        days = [str(OPENS + timedelta(days=over + step)) for step in range(len(chances))]
        ledger.forecast(f"claim-{number}", dict(zip(days, chances, strict=True)), by=who, kind="person")

    for number in range(10):
        ledger.add(
            f"Claim {number}", deadline=OPENS + timedelta(days=9), opens_on=OPENS, when=True, slug=f"claim-{number}"
        )
    for over in range(10):
        if over:
            clock.set(str(OPENS + timedelta(days=over - 1)))  # said on this day, it stands from the next
        for number, event in enumerate(EVENTS):
            if event is not None and event <= over:
                continue
            for who, bend in BEND.items():
                say(number, who, over, [bend(chance) for chance in believed(over)])
            if not over:
                say(number, "silent", over, believed(over))
            say(number, "late", over, believed(over) if over < 7 else [0.0] * (LAST - over))
    clock.set("2026-04-01")
    for number, event in enumerate(EVENTS):
        if event is None:
            ledger.resolve(f"claim-{number}", "no", reason="it did not come")
        else:
            ledger.resolve(f"claim-{number}", "yes", happened_on=OPENS + timedelta(days=event - 1), reason="seen")

    [scores] = ledger.scorecard().types
    means = {record.forecaster.slug: record.means for record in scores.records}

    for who in set(means) - {"honest"}:
        assert means["honest"]["time_skill"] - means[who]["time_skill"] > 1e-4, who
    for who in set(BEND) - {"honest"}:
        assert means[who]["brier"] - means["honest"]["brier"] > 1e-4, who
