"""Random claims of every type over time, with odd names, many options and verdicts at any time; all invented."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from random_types import chances

from predictions.records import Claim, Forecast, Resolution
from predictions.render.charts.timeline import Mark, Timeline
from predictions.status import Timing
from predictions.views.claim.timeline import claim_line

NAMES = ("Ana", "Prof. Benedikt von Hohenfels-Wittelstein", "محمد الفارسي", "東京経済研究所予測班", "Cy", "שרה לוי")
OPTIONS = ("north", "the-very-long-named-coalition-of-greens", "حزب-العدالة-والتنمية", "中国共产党全国代表大会", "no")
UNITS = ("%", "million cars", "百万ドル (million dollars of a long-named currency)")
RANGES = (
    (0, 10, None),
    (-5, 5, None),
    (20, 150, None),
    (1, 100_000, "log"),
    (0, 12_345_678, None),
    (1e-6, 1e-4, "log"),
)
OPENS = date(2026, 1, 5)


def random_line(random: np.random.Generator) -> Timeline:
    """A claim of any type over time."""
    claim, names = _claim(random), [str(name) for name in random.permutation(NAMES)[: random.integers(0, 7)]]
    length = (claim.deadline - OPENS).days + 1
    today = OPENS + timedelta(days=int(random.integers(0, length + 60)))
    said = [
        _forecast(claim, number, day, random) for number in range(len(names)) for day in _days(length, today, random)
    ]
    titles = {f"f{number}": name for number, name in enumerate(names)}
    line = claim_line(
        claim, [], [(one, Timing.WITNESSED) for one in said], _verdict(claim, today, random), today, titles
    )
    return Timeline(**{**vars(line), "marks": _marks(length, random)})


def _claim(random: np.random.Generator) -> Claim:
    kind = str(random.choice(["yes-no", "choice", "ordered", "number", "date"]))
    terms: dict[str, Any] = {"type": kind}
    if kind in {"choice", "ordered"}:
        count = int(random.choice([2, 3, 5, 8, 12, 40]))
        terms["options"] = tuple([*OPTIONS, *(f"candidate-number-{number}" for number in range(40))][:count])
    if kind == "number":
        low, high, scale = RANGES[int(random.integers(0, len(RANGES)))]
        terms |= {"low": float(low), "high": float(high), "unit": str(random.choice(UNITS)), "scale": scale}
    days = int(random.choice([1, 2, 7, 30, 100, 400, 1500]))
    return Claim(
        slug="claim", statement="claim", reading="own", title="What comes?", wording="What comes?", criteria="Seen.",
        opens_on=OPENS, deadline=OPENS + timedelta(days=days - 1), **terms,
    )  # fmt: skip


def _days(length: int, today: date, random: np.random.Generator) -> list[float]:
    """Some moments at which somebody spoke, before today and the end, as days since the opening."""
    latest = min(length, (today - OPENS).days + 1)
    return sorted(set(random.uniform(0, latest, int(random.choice([1, 2, 5, 30]))).round(3).tolist()))


def _forecast(claim: Claim, number: int, day: float, random: np.random.Generator) -> Forecast:
    made_at = datetime(OPENS.year, OPENS.month, OPENS.day, tzinfo=UTC) + timedelta(days=day)
    says = chances(claim, random) if random.random() > 0.05 else {"withdrawn": True}
    return Forecast(claim=claim.slug, forecaster=f"f{number}", made_at=made_at, **says)


def _verdict(claim: Claim, today: date, random: np.random.Generator) -> Resolution | None:
    if random.random() < 0.4:
        return None
    last = min(today, claim.deadline)
    happened = OPENS + timedelta(days=int(random.integers(0, (last - OPENS).days + 1)))
    found: dict[str, Any] = {"outcome": "yes", "happened_on": happened}
    if claim.options:
        found = {"outcome": "option", "option": str(random.choice(claim.options))}
    if claim.low is not None and claim.high is not None:
        width = claim.high - claim.low
        found = {
            "outcome": "value",
            "value": float(f"{random.uniform(claim.low - width / 4, claim.high + width / 4):.4g}"),
        }
    if random.random() < 0.2:
        found = {"outcome": "annulled"}
    known = last + timedelta(days=int(random.integers(0, (today - last).days + 1)))
    return Resolution(claim=claim.slug, number=1, known_on=known, reason="seen", **found)


def _marks(length: int, random: np.random.Generator) -> list[Mark]:
    bears = ("supports", "opposes", "near-miss", "context", "base-rate")
    days = random.integers(-20, length + 20, int(random.integers(0, 6)))
    return [Mark(OPENS + timedelta(days=int(day)), str(random.choice(bears)), "Something") for day in days]
