"""What crowds say of claims that are not yes or no, told again in plain Python."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, pairwise
from math import ceil, floor
from statistics import fmean, median
from typing import Any

from retold_types import chance_at, length, on_axis

from predictions.enums import ClaimType
from predictions.records import Claim

Curve = list[tuple[float, float]]


def crowd(claim: Claim, members: Sequence[Any], way: str) -> Any:
    """What some members come to, all of whom stand; *way* is the name of the crowd."""
    combine = {"crowd-median": median, "crowd-linear": fmean}
    if claim.options:
        shares = [combine[way](said) for said in zip(*members, strict=True)]
        return [share / sum(shares) for share in shares] if sum(shares) else crowd(claim, members, "crowd-linear")
    if claim.type is ClaimType.DATE:
        low, high = 0.0, float(length(claim))
    else:
        low, high = on_axis(claim, claim.low), on_axis(claim, claim.high)
    if way == "crowd-quantiles":
        return mean_quantiles(members, low, high)
    places = {place for said in members for place, _ in said}
    if way == "crowd-median":
        places |= set(crossings(members, low, high, whole=claim.type is ClaimType.DATE))
    return by_value(members, low, high, combine[way], sorted(places))


def crossings(members: Sequence[Curve], low: float, high: float, *, whole: bool) -> Iterator[float]:
    """Where any two members cross between their points; of whole days those on both sides."""
    for one, other in combinations(members, 2):
        for left, right in pairwise(sorted({low, high, *(place for said in (one, other) for place, _ in said)})):
            before, after = (reached(one, at, low, high) - reached(other, at, low, high) for at in (left, right))
            if before * after < 0:
                at = left + (right - left) * before / (before - after)
                yield from (floor(at), ceil(at)) if whole else (at,)


def by_value(
    members: Sequence[Curve], low: float, high: float, combine: Callable[[Any], float], places: Sequence[float]
) -> Curve:
    """The chances combined at some values."""
    return [(place, combine([reached(said, place, low, high) for said in members])) for place in places]


def reached(said: Curve, place: float, low: float, high: float) -> float:
    """The chance of at most that, after a leap at either end."""
    if place <= low:
        return said[0][1] if said[0][0] == low else 0.0
    return 1.0 if place >= high and said[-1][0] < high else chance_at(said, place, low, high)


def mean_quantiles(members: Sequence[Curve], low: float, high: float) -> Curve:
    """The mean of the values that members reach at each chance, both ends where a curve is flat."""
    levels = sorted({0.0, 1.0, *(chance for said in members for _, chance in said)})
    points = [
        (fmean(quantile(said, level, low, high, last=last) for said in members), level)
        for level in levels
        for last in (False, True)
    ]
    inside = [(at, chance) for at, chance in points if low < at < high]
    at_low = [chance for at, chance in points if at <= low]
    at_high = [chance for at, chance in points if at >= high]
    return [(low, max(at_low, default=0.0)), *inside, (high, min(at_high, default=1.0))]


def quantile(said: Curve, level: float, low: float, high: float, *, last: bool) -> float:
    """The first value at which a curve reaches a chance, or the last at which it has no more than that."""
    drawn = [(low, 0.0), *said, (high, 1.0)]
    found = [
        left + (right - left) * (level - before) / (after - before)
        for (left, before), (right, after) in pairwise(drawn)
        if before <= level <= after and after > before
    ] + [at for at, chance in drawn if chance == level]
    return max(found) if last else min(found)
