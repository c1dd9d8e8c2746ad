"""Crowds over time on random forecasts of every type, told again day by day in plain Python."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from conftest import Clock
from random_types import rising
from retold_crowds import crowd
from retold_types import loss, said_by, saved, truth_of

from predictions import Ledger
from predictions.records import Claim, Forecast

OPTIONS, PEOPLE = ["low", "mid", "high"], ("ana", "ben", "cyd", "dee")
WAYS = {"number": ("crowd-median", "crowd-linear", "crowd-quantiles")}
DAYS = 12
TERMS: dict[str, dict[str, Any]] = {
    "choice": {"options": OPTIONS}, "ordered": {"options": OPTIONS, "ordered": True},
    "number": {"unit": "m", "between": (1, 10)}, "log": {"unit": "m", "between": (1, 10, "log")},
    "date": {"when": True},
}  # fmt: skip


def chances(type_: str, claim: Claim, luck: np.random.Generator) -> dict[str, Any]:
    """Something to say: shares, a few days, or a few values, at times an end of the range among them."""
    if type_ in {"choice", "ordered"}:
        first, second = sorted(luck.integers(0, 101, 2).tolist())
        return {"p": dict(zip(OPTIONS, [first / 100, (second - first) / 100, (100 - second) / 100], strict=True))}
    if type_ == "date":
        days = sorted({DAYS, *luck.integers(8, DAYS, 2).tolist()})
        told = zip(days, rising(luck, len(days)), strict=True)
        return {"p": {claim.opens_on + timedelta(days=day - 1): chance for day, chance in told}}
    values = sorted({round(float(value), 1) for value in luck.uniform(1.1, 9.9, 4)})
    values = [*([1.0] * (luck.random() < 0.3)), *values, *([10.0] * (luck.random() < 0.3))]
    rises = sorted(set(luck.integers(0, 101, len(values)).tolist()))
    return {"quantiles": {chance / 100: value for chance, value in zip(rises, values, strict=False)}}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("type_", TERMS)
def test_what_crowds_lose_and_save_is_told_day_by_day(ledger: Ledger, clock: Clock, type_: str, seed: int) -> None:
    luck = np.random.default_rng(seed)
    slug = ledger.add("What?", opens_on="2026-01-01", deadline="2026-01-12", **TERMS[type_]).slug
    claim = ledger.snapshot().find(Claim, slug)
    for day in (1, 3, 6):
        clock.set(f"2026-01-{day:02}")
        for who in PEOPLE:
            if luck.random() < 0.7:
                ledger.forecast(slug, by=who, kind="person", again=True, **chances(type_, claim, luck))
    clock.set("2026-01-08")
    standing = {one.record.forecaster for one in ledger.snapshot().forecasts_on(claim)}
    ledger.withdraw(slug, by=min(standing))
    clock.set("2026-04-01")
    outcome = {"choice": "mid", "ordered": "mid", "date": "no"}.get(type_, round(float(luck.uniform(0.5, 11)), 1))
    ledger.resolve(slug, outcome, reason="seen", **({} if type_ == "date" else {"known_on": "2026-02-01"}))

    snapshot = ledger.snapshot()
    records = sorted((one.record for one in snapshot.forecasts_on(claim)), key=lambda one: one.made_at)
    truth = truth_of(claim, snapshot.verdict(claim))
    rows = {str(row["forecaster"]): row for row in ledger.scorecard(crowds=True).rows()}
    for way in WAYS.get(str(claim.type), ("crowd-median", "crowd-linear")):
        told = crowd_over_time(claim, records, way)
        if not told:
            assert way not in rows
            continue
        (start, said), row = told[0], rows[way]
        ends = [*(begin for begin, _ in told[1:]), DAYS]
        own = sum(saved(claim, each, truth, begin, end) for (begin, each), end in zip(told, ends, strict=True) if each)
        assert row["brier"] == pytest.approx(loss(claim, said, truth, start), abs=1e-9), way
        assert row["time_skill"] == pytest.approx(own, abs=1e-9), way


def crowd_over_time(claim: Claim, records: list[Forecast], way: str) -> list[tuple[int, Any]]:
    """What a crowd says from which day on, None while fewer than two stand; what is said stands from the next day."""
    found: list[tuple[int, Any]] = []
    for day in range(DAYS):
        standing = {one.forecaster: one for one in records if (one.made_at.date() - claim.opens_on).days + 1 <= day}
        members = [said_by(claim, one) for one in standing.values() if not one.withdrawn]
        said = crowd(claim, members, way) if len(members) > 1 else None
        if said or found:
            found.append((day, said))
    return found
