"""A ledger with claims of every type, on which three people speak, each with more noise than the one before."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from conftest import Clock

from predictions import Ledger

OPENS, DEADLINE = date(2026, 1, 1), date(2026, 4, 10)
NOISE: Mapping[str, float] = {"ana": 0.02, "ben": 0.15, "cyd": 0.35}
TYPES = ("yes-no", "choice", "ordered", "number", "date")
OPTIONS = ["low", "mid", "high"]
TERMS: Mapping[str, dict[str, Any]] = {
    "yes-no": {},
    "choice": {"options": OPTIONS},
    "ordered": {"options": OPTIONS, "ordered": True},
    "number": {"unit": "points", "between": (0, 10)},
    "date": {"when": True},
}


def club_of_types(
    ledger: Ledger, clock: Clock, count: int = 4, types: tuple[str, ...] = TYPES, *, without: int = 0
) -> None:
    """Record so many claims of each type, what the three say of them on the first days, and how they came out.

    Of the last ones, *without* a verdict, nothing comes.
    """
    luck, outcomes = random.Random(7), list[tuple[str, str, float]]()
    for number in range(count):
        for type_ in types:
            slug, truth = f"{type_}-{number}", luck.random()
            terms = TERMS[type_]
            ledger.add(f"{type_} {number}", deadline=DEADLINE, opens_on=OPENS, slug=slug, **terms)
            for who, noise in NOISE.items():
                if who != "cyd" or number % 2:  # who else joins late
                    said(ledger, slug, type_, who, min(max(truth + luck.gauss(0, noise), 0.02), 0.98))
            outcomes.append((slug, type_, truth))
    clock.set("2026-01-20")
    for slug, type_, truth in outcomes:
        said(ledger, slug, type_, "cyd", min(max(truth + luck.gauss(0, NOISE["cyd"]), 0.02), 0.98))
    clock.set("2026-02-10")
    for slug, type_, truth in outcomes[::3]:
        said(ledger, slug, type_, "ben", min(max(truth, 0.02), 0.98))
    clock.set("2026-09-01")
    for slug, type_, truth in outcomes[: (count - without) * len(types)]:
        resolve(ledger, slug, type_, truth)


def said(ledger: Ledger, slug: str, type_: str, who: str, near: float, **how: Any) -> None:
    """Forecast that it comes out near a place between 0 and 1, whatever that is for the type."""
    if type_ == "yes-no":
        ledger.forecast(slug, round(near, 2), by=who, **how)
    elif type_ in {"choice", "ordered"}:
        weights = [1 / (0.1 + (near - place) ** 2) for place in (0.15, 0.5, 0.85)]
        shares = [round(weight / sum(weights), 3) for weight in weights[:2]]
        ledger.forecast(slug, dict(zip(OPTIONS, [*shares, round(1 - sum(shares), 3)], strict=True)), by=who, **how)
    elif type_ == "number":
        middle = 1 + 8 * near
        ledger.forecast(
            slug, quantiles={0.1: middle - 0.9, 0.4: middle - 0.2, 0.6: middle + 0.2, 0.9: middle + 0.9}, by=who, **how
        )
    else:
        middle = OPENS + timedelta(days=round(80 * near) + 3)
        ledger.forecast(slug, {middle: 0.3, middle + timedelta(days=8): 0.8, DEADLINE: 0.9}, by=who, **how)


def resolve(ledger: Ledger, slug: str, type_: str, truth: float) -> None:
    """Record how it came out."""
    seen: dict[str, Any] = {"reason": "seen", "known_on": DEADLINE + timedelta(days=1)}
    if type_ == "yes-no":
        ledger.resolve(slug, "yes" if truth > 0.5 else "no", **seen)
    elif type_ in {"choice", "ordered"}:
        ledger.resolve(slug, OPTIONS[min(int(3 * truth), 2)], **seen)
    elif type_ == "number":
        ledger.resolve(slug, 1 + 8 * truth, **seen)
    else:
        ledger.resolve(slug, "yes", happened_on=OPENS + timedelta(days=round(80 * truth) + 6), reason="seen")
