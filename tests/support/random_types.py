"""Random terms, chances and outcomes of claims of every type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from predictions.enums import ClaimType
from predictions.records import Claim

OPTIONS = ("red", "green", "blue", "grey")
BEGUN = date(2025, 1, 1)
NOTHING_MORE = {"type": "yes-no", "options": (), "unit": None, "low": None, "high": None, "scale": None}


def terms(random: np.random.Generator) -> dict[str, Any]:
    """What a new claim asks; of every second one yes or no."""
    options = {"options": OPTIONS[: int(random.integers(2, 5))]}
    number = {"type": "number", "unit": "tons", "low": 1.0, "high": 10.0}
    others = [{"type": "choice", **options}, {"type": "ordered", **options}, number, number | {"scale": "log"}]
    found = [{}, {"type": "date"}, *others, *({},) * 4, {"type": "date"}]
    return found[int(random.integers(0, len(found)))]


def worded_anew(claim: Claim, random: np.random.Generator) -> dict[str, Any]:
    """What a claim asks otherwise after its draft was changed; often the same, at times something of another type."""
    if random.random() < 0.15:
        return NOTHING_MORE | terms(random)
    if random.random() < 0.7 or claim.type is ClaimType.YES_NO:
        return {}
    if claim.options:
        return {"options": (*claim.options[1:], "pink")}
    return {"high": 8.0} if claim.type is ClaimType.NUMBER else {"deadline": claim.deadline + timedelta(2)}


def chances(claim: Claim, random: np.random.Generator) -> dict[str, Any]:
    """What somebody says of a claim, as fields of a forecast."""
    if claim.options:
        cuts = [0, *sorted(random.integers(0, 101, len(claim.options) - 1).tolist()), 100]
        shares = [round((after - before) / 100, 2) for before, after in pairwise(cuts)]
        return {"shares": [{"option": one, "share": share} for one, share in zip(claim.options, shares, strict=True)]}
    if claim.type is ClaimType.NUMBER:
        values = np.unique(random.uniform(claim.low or 0, claim.high or 0, int(random.integers(1, 6))).round(1))
        values = np.append(values, claim.high) if random.random() < 0.2 else values
        values = np.unique(np.append(claim.low, values) if random.random() < 0.2 else values).tolist()
        told = zip(values, rising(random, len(values)), strict=True)
        return {"points": [{"at": at, "chance": chance} for at, chance in told]}
    if claim.type is ClaimType.DATE:
        length = (claim.deadline - claim.opens_on).days
        days = np.unique([length, *random.integers(0, length + 1, int(random.integers(0, 4)))]).tolist()
        told = zip(days, rising(random, len(days)), strict=True)
        return {"days": [{"day": claim.opens_on + timedelta(day), "chance": chance} for day, chance in told]}
    low, chance = round(float(random.random()) * 0.7, 2), {"probability": round(float(random.random()), 2)}
    words = {"probability": low, "low": max(low - 0.1, 0.0), "high": low + 0.1, "words": "likely", "scale": "house"}
    said = [chance] * 6 + [{"low": low, "high": round(low + 0.2, 2)}, words]
    return said[int(random.integers(0, len(said)))]


def long_rows(says: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a forecast says as the rows of a long table, beside who says it of what and when."""
    if "shares" in says:
        return [{"option": one["option"], "probability": one["share"]} for one in says["shares"]]
    if "points" in says:
        return [{"at": one["at"], "probability": one["chance"]} for one in says["points"]]
    return [{"day": str(one["day"]), "probability": one["chance"]} for one in says["days"]]


def rising(random: np.random.Generator, count: int) -> list[float]:
    """Chances that do not fall."""
    return [chance / 100 for chance in sorted(random.integers(0, 101, count).tolist())]


def outcome(
    claim: Claim, random: np.random.Generator, at: Callable[[int], datetime]
) -> tuple[datetime, dict[str, Any]]:
    """How a claim comes out and when that is public, as fields of a resolution."""
    words = {"choice": "option", "ordered": "option", "number": "value"}.get(claim.type, "yes")
    word = str(random.choice([words] * 3 + ["no"] * 2 + ["fraction", "annulled", "ambiguous"]))
    if word in {"no", "fraction"} and (words != "yes" or (claim.type is ClaimType.DATE and word == "fraction")):
        word = words
    length, opens = (claim.deadline - claim.opens_on).days + 1, (claim.opens_on - BEGUN).days
    day = length if word == "no" and random.random() < 0.8 else int(random.integers(0, length))
    found: dict[str, Any] = {"outcome": word, "fraction": 0.25 if word == "fraction" else None}
    if word == "option":
        found["option"] = str(random.choice(claim.options))
    if word == "value":
        found["value"] = round(float(random.uniform(-2, 14)), 1)
    if word == "yes" and claim.type is ClaimType.DATE:
        happened = claim.opens_on + timedelta(int(random.integers(0, day + 1)))
        since = happened - timedelta(int(random.integers(1, 9)))
        found |= {"happened_on": happened, "happened_from": max(since, claim.opens_on)}
        if found["happened_from"] == happened or random.random() < 0.5:
            del found["happened_from"]
    return at(opens + day), found
