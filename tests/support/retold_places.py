"""Where outcomes fell in distributions, how often somebody was near, and what open claims can still save, told again.

In plain Python, like :mod:`retold_types`, from which it takes how a curve is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import accumulate, pairwise
from statistics import fmean
from typing import Any

from retold_types import chance_at, horizon, length, loss, nothing, on_axis, saved

from predictions.enums import ClaimType
from predictions.records import Claim

Row = dict[str, Any]
Place = tuple[float, float]
Stay = tuple[Any, float, float]  # what was said, from when to when it stood, in days from the opening
TINY = 1e-9


def place_of(claim: Claim, said: Any, truth: Any, passed: int) -> Place:
    """The chances below the outcome and at or below it; of a date, before its first day and by its last.

    What a curve says of days that had *passed* is left out of it.
    """
    if claim.type is ClaimType.NUMBER:
        low, high = on_axis(claim, claim.low), on_axis(claim, claim.high)
        value = min(max(truth, low), high)
        below = 0.0 if value <= low else chance_at(said, value, low, high)
        at_low = said[0][1] if said[0][0] == low else 0.0
        return below, 1.0 if value >= high else max(below, at_low)
    (first, last), days = truth, length(claim)
    curve = said if said[0][0] == 0 else [(0, 0.0), *said]
    before, by_then, gone = (
        1.0 if day > days else chance_at(curve, max(day, 0), 0, days)
        for day in (min(max(first - 1, passed), days), last, passed)
    )
    if gone >= 1:
        return 0.0, 1.0  # nothing left open: any place
    return max((before - gone) / (1 - gone), 0.0), max((by_then - gone) / (1 - gone), 0.0)


def near(claim: Claim, said: Any, truth: Any, passed: int) -> bool | None:
    """Whether it came out as said; None where it is on no side."""
    if claim.options:
        likeliest = [option for option, share in enumerate(said) if share >= max(said) - TINY]
        return truth in likeliest if len(likeliest) == 1 else None
    if claim.type is ClaimType.NUMBER:
        below, at_most = place_of(claim, said, truth, passed)
        return below <= 0.9 + TINY and at_most >= 0.1 - TINY
    chance = said[-1][1]
    return (chance > 0.5) == (truth[0] <= length(claim)) if abs(chance - 0.5) > TINY else None


def part_between(where: Place, begin: float, end: float) -> float:
    """Which part of a place lies between two chances."""
    low, high = where
    if high <= low:
        return float(begin <= low <= end)
    return max(min(high, end) - max(low, begin), 0.0) / (high - low)


def judged(rows: Iterable[Row]) -> tuple[list[float], list[float]]:
    """How many outcomes lay in the middle 50, 80 and 90 %, and in each fifth; one observation a cluster."""
    clusters: dict[str, list[Place]] = {}
    for one in rows:
        clusters.setdefault(one["cluster"], []).append(one["place_in"])

    def each(part: Callable[[Place], float]) -> list[float]:
        return [fmean(map(part, own)) for own in clusters.values()]

    def in_middle(level: float) -> float:
        return fmean(each(lambda where: part_between(where, (1 - level) / 2, (1 + level) / 2)))

    return [in_middle(level) for level in (0.5, 0.8, 0.9)], [
        sum(each(lambda where, fifth=fifth: in_fifth(where, fifth)))  # type: ignore[misc]
        for fifth in range(5)
    ]


def in_fifth(where: Place, fifth: int) -> float:
    if where[1] <= where[0]:
        return float(min(int(where[0] * 5), 4) == fifth)
    return part_between(where, fifth / 5, (fifth + 1) / 5)


def still_saved(claim: Claim, stays: Sequence[Stay], today: date) -> tuple[float, float]:
    """The least and the most that the forecasts of one person save, over every outcome and moment of the answer."""
    sums = list(possible_sums(claim, stays, today))
    return min(sums), max(sums)


def possible_sums(claim: Claim, stays: Sequence[Stay], today: date) -> Iterator[float]:
    """What is saved for each outcome and moment: of others than dates at once or after any stay."""
    if claim.type is ClaimType.DATE:
        over = max((today - claim.opens_on).days, 0)
        yield from date_sums(claim, stays, over if over < length(claim) else 0)
        return
    for outcome in outcomes(claim, stays):
        none = loss(claim, nothing(claim), outcome)
        each = [(none - loss(claim, said, outcome)) * (end - start) / horizon(claim) for said, start, end in stays]
        yield from accumulate(each, initial=0.0)


def date_sums(claim: Claim, stays: Sequence[Stay], over: int) -> Iterator[float]:
    """What is saved for every day to come and never, at every moment from which it may be known.

    The event is known by the end of its day or later, by the moment also within the day; that it never comes, from
    now on. Once it has happened the answer to all that is still asked is yes, whatever its day.
    """
    days = length(claim)
    never, begun = (days + 1, days + 1), (1, 1)
    moments = sorted({*map(float, range(days + 1)), *(edge for _, *edges in stays for edge in edges)})

    def between(truth: Place, begin: float, end: float) -> float:
        spans = [(said, max(start, begin), min(stop, end)) for said, start, stop in stays]
        return sum(saved(claim, said, truth, start, stop) for said, start, stop in spans if start < stop)

    def known_from(first: float, truth: Place, afterwards: Place) -> Iterator[float]:
        later = [moment for moment in moments if moment >= first]
        spans = [steps[afterwards][pair] for pair in pairwise(later)]
        yield from accumulate(spans, initial=between(truth, 0.0, first))

    steps = {truth: {pair: between(truth, *pair) for pair in pairwise(moments)} for truth in (never, begun)}
    yield from known_from(float(over), never, never)
    for day in range(over + 1, days + 1):
        yield from known_from(float(day - bool(claim.closes_at)), (day, day), begun)


def outcomes(claim: Claim, stays: Sequence[Stay]) -> list[Any]:
    """All options; of a number the points of all curves, and where the parabolas between them turn."""
    if claim.options:
        return list(range(len(claim.options)))
    if claim.type is not ClaimType.NUMBER:
        return [0.0, 1.0]
    low, high = on_axis(claim, claim.low), on_axis(claim, claim.high)
    points = sorted({low, high, *(at for said, _, _ in stays for at, _ in said)})
    found = set(points)
    for count in range(1, len(stays) + 1):

        def total(value: float, count: int = count) -> float:
            none = loss(claim, nothing(claim), value)
            return sum((none - loss(claim, said, value)) * (end - start) for said, start, end in stays[:count])

        for left, right in pairwise(points):
            middle = (left + right) / 2
            a, b, c = total(left), total(middle), total(right)
            if bend := a + c - 2 * b:
                turn = left + (right - left) * (3 * a + c - 4 * b) / (4 * bend)
                found |= {turn} if left < turn < right else set()
    return sorted(found)
