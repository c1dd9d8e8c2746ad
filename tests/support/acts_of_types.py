"""Claims of every type as the verbs take them: their terms, what is said of them, and how they come out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from predictions.records import Forecast, Resolution

DAYS = ("2099-12-01", "2099-12-30", "2100-01-01")
OPTIONS = ["red", "green", "blue"]
TERMS: Mapping[str, dict[str, Any]] = {
    "yes-no": {},
    "choice": {"options": OPTIONS},
    "ordered": {"options": OPTIONS, "ordered": True},
    "number": {"unit": "tons", "between": (1, 1000)},
    "date": {"when": True},
}


def said(type_: str, draw: Any) -> dict[str, Any]:
    """What a forecaster says of a claim of a type, as arguments of `forecast`."""
    chances = sorted(draw(st.lists(st.integers(1, 999), min_size=3, max_size=3, unique=True)))
    low, middle, high = (chance / 1000 for chance in chances)
    if type_ in {"choice", "ordered"}:
        return {"p": dict(zip(OPTIONS, (low, round(high - low, 3), round(1 - high, 3)), strict=True))}
    if type_ == "number":
        values = (chances[0], chances[1] + 0.5, chances[2])
        return {"quantiles": {0.1: values[0], 0.2: values[0] + 0.1, 0.5: values[1], 0.9: values[2]}}
    return {"p": dict(zip(DAYS, (low, middle, high), strict=True)) if type_ == "date" else middle}


def lines(says: dict[str, Any]) -> Any:
    """The same as a record has it."""
    if "quantiles" in says:
        return tuple((float(value), chance) for chance, value in says["quantiles"].items())
    p = says["p"]
    if not isinstance(p, dict):
        return p
    return tuple((key if key in OPTIONS else date.fromisoformat(key), chance) for key, chance in p.items())


def verdict(type_: str, draw: Any, today: str) -> tuple[Any, dict[str, Any]]:
    """How a claim of a type comes out, and what else is said with it."""
    undecided = st.sampled_from(["ambiguous", "annulled"])
    if type_ in {"choice", "ordered"}:
        return draw(st.sampled_from(OPTIONS) | undecided), {}
    if type_ == "number":
        return draw(st.integers(-5, 2000) | undecided), {}
    outcome = draw(st.sampled_from(["yes", "no"]) | undecided)
    happened = {"happened_on": today} if type_ == "date" and outcome == "yes" else {}
    return outcome, {"impossible": outcome == "no", **happened}


def told(record: Forecast | Resolution) -> Any:
    """What a record says, apart from why and when."""
    if isinstance(record, Resolution):
        return record.said
    lines = [tuple(dict(line).values()) for line in (*record.shares, *record.points, *record.days)]
    return tuple(lines) or ("withdrawn" if record.withdrawn else record.probability)
