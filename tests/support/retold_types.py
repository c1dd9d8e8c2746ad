"""What a forecast on a claim of any type loses, told question by question in plain Python.

Nothing here is shared with the package but its records. Every type comes down to yes/no questions: a loss is the sum
over them of weight x (chance - answer)^2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from math import log
from typing import Any

from predictions.enums import Axis, ClaimType, Outcome
from predictions.records import Claim, Forecast, Resolution
from predictions.timestamps import end_of, start_of

DAY = timedelta(days=1)
Question = tuple[float, float, float]  # weight, chance, answer
OTHERS = {ClaimType.CHOICE, ClaimType.ORDERED, ClaimType.NUMBER, ClaimType.DATE}


def kind_of(claim: Claim) -> str:
    """The table of a card in which the claim stands."""
    return str(claim.type) if claim.type in OTHERS else "yes-no"


def number(forecast: Forecast, end: str) -> Any:
    """What a forecast says at one end of its range; of a stated number all ends are that number."""
    return getattr(forecast, end) if end != "probability" and forecast.low is not None else forecast.point


def said_by(claim: Claim, forecast: Forecast, end: str = "probability") -> Any:
    """A chance, shares, or points of a curve, as the type has it; None where it says nothing of this claim."""
    if claim.options:
        fits = [one.option for one in forecast.shares] == list(claim.options)
        return [one.share for one in forecast.shares] if fits else None
    if claim.type is ClaimType.NUMBER:
        inside = forecast.points and all(claim.low <= one.at <= claim.high for one in forecast.points)  # type: ignore[operator]
        return [(on_axis(claim, one.at), one.chance) for one in forecast.points] if inside else None
    if claim.type is ClaimType.DATE:
        days = [(day_of(claim, one.day), one.chance) for one in forecast.days]
        return days if days and days[0][0] >= 1 and days[-1][0] == length(claim) else None
    return number(forecast, end)


def nothing(claim: Claim) -> Any:
    """What "knows nothing" says."""
    if claim.options:
        return [1 / len(claim.options)] * len(claim.options)
    if claim.type is ClaimType.NUMBER:
        return [(on_axis(claim, claim.low), 0.0), (on_axis(claim, claim.high), 1.0)]
    if claim.type is ClaimType.DATE:
        return [(day, day / (2 * length(claim))) for day in range(1, length(claim) + 1)]
    return 0.5


def truth_of(claim: Claim, verdict: Resolution | None) -> Any:
    """How it came out: a number, the position of an option, or the first and last day it may have been."""
    if verdict is None or verdict.outcome in {Outcome.AMBIGUOUS, Outcome.ANNULLED}:
        return None
    if claim.options:
        return claim.options.index(verdict.option or "")
    if claim.type is ClaimType.NUMBER:
        return on_axis(claim, verdict.value)
    if claim.type is ClaimType.DATE:
        last = day_of(claim, verdict.happened_on) if verdict.happened_on else length(claim) + 1
        return day_of(claim, verdict.happened_from) if verdict.happened_from else last, last
    return verdict.truth


def possible(claim: Claim, said: Any, today: date) -> list[Any]:
    """Every outcome that can still come of those that cost least or most."""
    if claim.options:
        return list(range(len(claim.options)))
    if claim.type is ClaimType.NUMBER:
        low, high = on_axis(claim, claim.low), on_axis(claim, claim.high)
        return [low, high, halfway(lambda place: chance_at(said, place, low, high) < 0.5, low, high)]
    if claim.type is ClaimType.DATE:
        over = max((today - claim.opens_on).days, 0)
        first = over + 1 if over < length(claim) else 1  # once the window is over, a verdict may name any of its days
        return [(day, day) for day in range(first, length(claim) + 2)]
    return [0.0, 1.0]


def loss(claim: Claim, said: Any, truth: Any, passed: int = 0) -> float:
    """What is lost by saying it; of a date over the days that are not over yet."""
    weighed = questions(claim, said, truth, lambda day: float(day > passed) / (length(claim) - passed))
    return sum(weight * (chance - answer) ** 2 for weight, chance, answer in weighed)


def saved(claim: Claim, said: Any, truth: Any, start: float, end: float) -> float:
    """The loss saved on "knows nothing" by standing, as a share of the scheduled horizon; both in days from opening."""
    if claim.type is not ClaimType.DATE:
        return (loss(claim, nothing(claim), truth) - loss(claim, said, truth)) * (end - start) / horizon(claim)

    def stood(day: int) -> float:
        return max(min(day, end) - start, 0.0) / scheduled(claim)

    return sum(
        weight * ((none - answer) ** 2 - (chance - answer) ** 2)
        for (weight, chance, answer), (_, none, _) in zip(
            questions(claim, said, truth, stood), questions(claim, nothing(claim), truth, stood), strict=True
        )
    )


def expected(claim: Claim) -> float:
    """What "knows nothing" expects to lose by its own lights."""
    if claim.options:
        count = len(claim.options)
        return sum(loss(claim, nothing(claim), option) for option in range(count)) / count
    if claim.type is ClaimType.NUMBER:
        return 1 / 6
    if claim.type is ClaimType.DATE:
        weighed = [(min(day, horizon(claim)), chance) for day, chance in nothing(claim)]
        return float(sum(weight * chance * (1 - chance) for weight, chance in weighed) / scheduled(claim))
    return 0.25


def questions(claim: Claim, said: Any, truth: Any, weigh: Callable[[int], float]) -> Iterator[Question]:
    """The yes/no questions behind what was said; *weigh* gives the weight of each day of a date."""
    if claim.type is ClaimType.CHOICE:
        yield from ((0.5, share, float(option == truth)) for option, share in enumerate(said))
    elif claim.type is ClaimType.ORDERED:
        cuts = range(len(said) - 1)
        yield from ((1 / len(cuts), sum(said[: cut + 1]), float(truth <= cut)) for cut in cuts)
    elif claim.type is ClaimType.NUMBER:
        yield from at_most(said, truth, on_axis(claim, claim.low), on_axis(claim, claim.high))
    elif claim.type is ClaimType.DATE:
        (first, last), opening = truth, said if said[0][0] == 0 else [(0, 0.0), *said]
        for day in range(1, length(claim) + 1):
            answer = min(max((day - first + 1) / (last - first + 1), 0.0), 1.0)
            yield weigh(day), chance_at(opening, day, 0, length(claim)), answer
    else:
        yield 1.0, said, truth


def at_most(said: Any, truth: float, low: float, high: float) -> Iterator[Question]:
    """ "At most x?" at three places of each straight line: Simpson's rule, which is exact for squares of lines."""
    edges = sorted({low, high, min(max(truth, low), high), *(place for place, _ in said)})
    for left, right in pairwise(edges):
        for part, share in ((0.0, 1), (0.5, 4), (1.0, 1)):
            chance = chance_at(said, left + (right - left) * part, low, high)
            yield (right - left) * share / 6 / (high - low), chance, float(truth <= left)


def chance_at(said: Any, place: float, low: float, high: float) -> float:
    """The chance of at most that, in straight lines from 0 at the low end to 1 at the high one."""
    points = [(low, 0.0)] * (said[0][0] > low) + said + [(high, 1.0)] * (said[-1][0] < high)
    for (left, before), (right, after) in pairwise(points):
        if place <= right:
            return float(before + (after - before) * (place - left) / (right - left))
    return float(points[-1][1])


def halfway(below: Callable[[float], bool], low: float, high: float) -> float:
    """The place up to which something holds, by halving."""
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) else (low, middle)
    return high


def on_axis(claim: Claim, value: float | None) -> float:
    """A value on the axis of a number; one without a logarithm counts as at the low end."""
    value = float(value or 0)
    if claim.scale is Axis.LOG:
        return log(value if value > 0 else float(claim.low or 0))
    return value


def day_of(claim: Claim, day: date) -> int:
    return (day - claim.opens_on).days + 1


def length(claim: Claim) -> int:
    return day_of(claim, claim.deadline)


def horizon(claim: Claim) -> float:
    """How many days are scheduled."""
    return ((claim.closes_at or end_of(claim.deadline)) - start_of(claim.opens_on)) / DAY


def scheduled(claim: Claim) -> float:
    """How many days the questions of a date are scheduled to be open, all together."""
    return sum(min(day, horizon(claim)) for day in range(1, length(claim) + 1))
