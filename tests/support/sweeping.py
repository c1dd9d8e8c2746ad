"""What is drawn for every public function of `forecasts`, and its value once more, in mpmath, from the definition."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import mpmath as mp
from hypothesis import strategies as st

F = mp.mpf
INFINITY = mp.inf


class Chances(list):
    """Probabilities, so that a test can find them among the arguments."""


class Chance(float):
    """One of them."""


class Kind(NamedTuple):
    """A sort of input that went wrong once: what its probabilities, outcomes, numbers, weights and times are."""

    chances: list[float]
    outcomes: list[float]
    numbers: list[float]
    weights: list[float]
    times: list[float]
    counts: list[float]
    clips: list[float]


PLAIN = Kind(
    chances=[hundredth / 100 for hundredth in range(5, 96)],
    outcomes=[0.0, 1.0, 0.3],
    numbers=[-2.5, -0.3, 0.0, 0.7, 1.1, 4.5],
    weights=[0.2, 1.0, 1.5],
    times=[0.0, 0.5, 1.0, 1.3, 2.0, 3.7],
    counts=[0.0, 1.0, 4.0, 9.0],
    clips=[0.01, 0.2],
)
KINDS = {
    "nothing times infinity": PLAIN._replace(
        chances=[0.0, 1.0, 0.25, 0.5], outcomes=[0.0, 1.0, 0.5], numbers=[0.0, 1.0, -1.0], weights=[0.0, 1.0, 2.0],
        times=[0.0, 1.0, 2.0],
    ),
    "both ends": PLAIN._replace(
        chances=[0.0, 5e-324, 1e-300, 1e-17, 1e-9, 0.25, 0.5, 1 - 1e-9, 1 - 2**-53, 1.0],
        outcomes=[0.0, 1.0, 1e-300, 0.3, 1 - 2**-53], clips=[1e-300, 1e-20, 1e-9, 0.49],
    ),
    "far out": PLAIN._replace(
        chances=[1e-300, 1e-20, 1e-9, 0.01, 0.5, 0.99, 1 - 1e-9, 1 - 2**-53], numbers=[-1e15, -1.0, 1e-15, 3.0, 1e15],
        weights=[1e-15, 1.0, 1e15], times=[0.0, 1e-15, 1.0, 1e6, 1e15], counts=[0.0, 3.0, 2e4, 1e6, 1e9, 1e12],
    ),
    "the largest floats": PLAIN._replace(
        numbers=[-1.7e308, -9e307, -5e-324, 0.0, 1.0, 1e-308, 9e307, 1.7e308],
        weights=[0.0, 5e-324, 1.0, 9e307, 1.7e308], times=[-8e307, 0.0, 5e-324, 1.0, 8e307], counts=[0.0, 1e300],
    ),
}  # fmt: skip


class Draw:
    """Draws of one kind; lists of one length for all that are drawn as `many`."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any], kind: Kind) -> None:
        self.of, self.kind = draw, kind
        self.size = self.of(st.integers(1, 7))

    def one(self, what: str) -> float:
        value = self.of(st.sampled_from(getattr(self.kind, what)))
        return Chance(value) if what == "chances" else float(value)

    def many(self, what: str, size: int | None = None) -> list[float]:
        size = self.size if size is None else size
        values = self.of(st.lists(st.sampled_from(getattr(self.kind, what)), min_size=size, max_size=size))
        return Chances(values) if what == "chances" else values

    def inner(self) -> list[float]:
        """Probabilities that have log-odds."""
        pool = [chance for chance in self.kind.chances if 0 < chance < 1]
        return Chances(self.of(st.lists(st.sampled_from(pool), min_size=self.size, max_size=self.size)))

    def verdicts(self) -> list[float]:
        return self.of(st.lists(st.sampled_from([0.0, 1.0]), min_size=self.size, max_size=self.size))

    def labels(self, most: int = 3) -> list[int]:
        return self.of(st.lists(st.integers(0, most - 1), min_size=self.size, max_size=self.size))

    def rising(self, what: str, size: int) -> list[float]:
        return sorted(self.many(what, size))

    def window(self) -> tuple[float, float]:
        low, high = self.of(st.sampled_from(list(_pairs(self.kind.times))))
        return low, high

    def history(self, people: int | None = None) -> dict[str, Any]:
        """The arguments of `standing`: of one series, or of several on one window."""
        opens, closes = self.window()
        moments, said = self.many("times"), self.many("chances")
        known = self.of(st.sampled_from([math.inf, *self.kind.times]))
        if people is None:
            return {"times": moments, "probability": said, "opens": opens, "closes": closes, "known": known}
        whose = self.labels(people)
        windows = {"opens": [opens] * people, "closes": [closes] * people, "known": [known] * people}
        return {"times": moments, "probability": said, "series": whose, **windows}


def _pairs(times: list[float]) -> Iterator[tuple[float, float]]:
    ranked = sorted(set(times))
    return ((low, high) for place, low in enumerate(ranked) for high in ranked[place + 1 :])


def key(chance: float) -> int:
    """The same forecast has the same key: it is equal at 12 decimals."""
    return round(Fraction(chance) * 10**12)


def total(values: Any) -> Any:
    return mp.fsum(values)


def mean(values: Any) -> Any:
    found = list(values)
    return mp.fsum(found) / len(found)


def times(weight: Any, value: Any) -> Any:
    """A product in which nothing times infinity is nothing."""
    return F(0) if weight == 0 else weight * value


def ln(value: Any) -> Any:
    return mp.log(value) if value > 0 else -INFINITY


def brier(p: float, v: float) -> Any:
    return (F(p) - F(v)) ** 2


def surprise(p: float, v: float, clip: float = 0.0) -> Any:
    yes, no = (min(max(one, F(clip)), 1 - F(clip)) for one in (F(p), 1 - F(p)))
    return -times(F(v), ln(yes)) - times(1 - F(v), ln(no))


def spherical(p: float, v: float) -> Any:
    p, v = F(p), F(v)
    return (v * p + (1 - v) * (1 - p)) / mp.sqrt(p**2 + (1 - p) ** 2)


def odds(p: float, clip: float = 0.0) -> Any:
    kept = min(max(F(p), F(clip)), 1 - F(clip))
    return mp.log(kept / (1 - kept))


def logistic(x: Any) -> Any:
    return 1 / (1 + mp.exp(-x))


def grouped(chances: list[float], truth: list[float]) -> list[tuple[list[Any], list[Any]]]:
    """Forecasts and outcomes of each distinct forecast, rising."""
    groups: dict[int, tuple[list[Any], list[Any]]] = {}
    for p, v in zip(chances, truth, strict=True):
        said, came = groups.setdefault(key(p), ([], []))
        said.append(F(p))
        came.append(F(v))
    return [groups[place] for place in sorted(groups)]


def isotonic(chances: list[float], truth: list[float]) -> list[Any]:
    """The best rising curve at each distinct forecast, by its min-max formula."""
    groups = [came for _, came in grouped(chances, truth)]
    size = range(len(groups))

    def pooled(low: int, high: int) -> Any:
        return mean([value for group in groups[low : high + 1] for value in group])

    return [max(min(pooled(low, high) for high in size if high >= at) for low in size if low <= at) for at in size]


def recalibrated(probability: list[float], outcome: list[float]) -> list[Any]:
    keys = sorted({key(p) for p in probability})
    return [isotonic(probability, outcome)[keys.index(key(p))] for p in probability]


def corp(chances: list[float], truth: list[float], score: Callable[[Any, float], Any]) -> list[Any]:
    base = mean(map(F, truth))
    fitted = recalibrated(chances, truth)
    own = mean(score(p, v) for p, v in zip(chances, truth, strict=True))
    best = mean(score(p, v) for p, v in zip(fitted, truth, strict=True))
    plain = mean(score(base, v) for v in truth)
    return [own, own - best, plain - best, plain]


def murphy(probability: list[float], outcome: list[float]) -> list[Any]:
    groups, n, rate = grouped(probability, outcome), len(outcome), mean(map(F, outcome))
    off = total(len(said) * (mean(said) - mean(came)) ** 2 for said, came in groups) / n
    apart = total(len(came) * (mean(came) - rate) ** 2 for _, came in groups) / n
    within = total((p - mean(said)) ** 2 for said, _ in groups for p in said) / n
    joint = total((v - mean(came)) * (p - mean(said)) for said, came in groups for p, v in zip(said, came, strict=True))
    alone = sum(len(said) == 1 for said, _ in groups)
    doubt = mean((F(v) - rate) ** 2 for v in outcome)
    own = mean(map(brier, probability, outcome))
    return [own, off, apart, doubt, within, 2 * joint / n, len(groups), alone > n / 2]


def auc(probability: list[float], outcome: list[float]) -> Any:
    yes = [key(p) for p, v in zip(probability, outcome, strict=True) if v == 1]
    no = [key(p) for p, v in zip(probability, outcome, strict=True) if v == 0]
    if not yes or not no:
        return None
    return mean(F((a > b) + (a == b) / 2) for a in yes for b in no)


def spiegelhalter(probability: list[float], outcome: list[float]) -> Any:
    if all(key(p) in (0, 5 * 10**11, 10**12) for p in probability):
        return None
    lean = [(F(p), 1 - 2 * F(p)) for p in probability]
    z = total((F(v) - p) * w for (p, w), v in zip(lean, outcome, strict=True))
    z /= mp.sqrt(total(w**2 * p * (1 - p) for p, w in lean))
    return [z, mp.erfc(abs(z) / mp.sqrt(2))]


def shifted(ours: Any, chances: list[float], truth: list[float]) -> Any:
    """The shift of the log-odds and its error: ours, after one more step of Newton's method."""
    if min(truth) == max(truth):
        return None
    value = F(ours)
    q = [logistic(odds(p) + value) for p in chances]
    curvature = total(one * (1 - one) for one in q)
    return [value + total(F(v) - one for one, v in zip(q, truth, strict=True)) / curvature, 1 / mp.sqrt(curvature)]


def line(ours: Any, probability: list[float], outcome: list[float]) -> Any:
    """Intercept, slope and their errors, after one more step of Newton's method."""
    yes, no = ([key(p) for p, v in zip(probability, outcome, strict=True) if v == which] for which in (1, 0))
    if not yes or not no or min(yes) >= max(no) or min(no) >= max(yes):
        return None
    level, slope = F(ours[0]), F(ours[1])
    x = [odds(p) for p in probability]
    q = [logistic(level + slope * one) for one in x]
    w = [one * (1 - one) for one in q]
    rest = [F(v) - one for one, v in zip(q, outcome, strict=True)]
    up, turn = total(rest), total(a * b for a, b in zip(rest, x, strict=True))
    a, b, c = (
        total(w),
        total(i * j for i, j in zip(w, x, strict=True)),
        total(i * j * j for i, j in zip(w, x, strict=True)),
    )
    size = a * c - b * b
    return [
        level + (c * up - b * turn) / size, slope + (a * turn - b * up) / size, mp.sqrt(c / size), mp.sqrt(a / size),
    ]  # fmt: skip


def elementary(chances: list[float], truth: list[float], at: int, end: Any) -> Any:
    """The mean elementary score just above a forecast (given as its key) with the threshold at `end`."""
    high = sum(key(p) > at and v == 0 for p, v in zip(chances, truth, strict=True))
    low = sum(key(p) <= at and v == 1 for p, v in zip(chances, truth, strict=True))
    return (end * high + (1 - end) * low) / len(truth)


def dominates(ours: list[float], theirs: list[float], truth: list[float]) -> bool:
    knots = sorted({0, 10**12, *map(key, ours), *map(key, theirs)})
    ends = [(at, end) for at, above in pairwise(knots) for end in (at, above)]
    trillion = F(10) ** 12
    return all(
        elementary(ours, truth, at, end / trillion) <= elementary(theirs, truth, at, end / trillion) + F(1e-11)
        for at, end in ends
    )


def crps(points: list[Any], cumulative: Callable[[Any], Any], y: Any) -> Any:
    """The integral of the squared gap, over pieces in which the curve is straight."""
    ends = sorted({*points, y})
    area = F(0)
    for low, high in pairwise(ends):
        third = (high - low) / 3
        said = [cumulative(low + third), cumulative(high - third)]  # never at a jump
        slope, seen = said[1] - said[0], F(low >= y)
        first, last = said[0] - slope - seen, said[1] + slope - seen
        area += (high - low) * (first**2 + first * last + last**2) / 3
    return area


def crps_of_curve(chances: list[float], y: float, places: list[float], horizon: float | None) -> Any:
    knots, heights = [F(x) for x in places], [F(1) if abs(p - 1) <= 1e-9 else F(p) for p in chances]
    end = INFINITY if horizon is None else F(horizon)

    def cumulative(x: Any) -> Any:
        if x < knots[0]:
            return F(0)
        at = max(place for place, knot in enumerate(knots) if knot <= x)
        if at == len(knots) - 1:
            return heights[-1]
        return heights[at] + (heights[at + 1] - heights[at]) * (x - knots[at]) / (knots[at + 1] - knots[at])

    points = [min(knot, end) for knot in knots] + ([] if horizon is None else [end])
    return crps(points, cumulative, min(F(y), end))


def pinball(quantile: float, outcome: float, level: float) -> Any:
    q, y, level = F(quantile), F(outcome), F(level)
    return (1 - level) * (q - y) if y <= q else level * (y - q)


def stood(times: list[float], probability: list[float], opens: float, closes: float, known: float) -> list[Any]:
    """(start, end, probability) of every forecast of one series that ever stood."""
    rows = sorted(zip(times, probability, strict=True), key=lambda row: row[0])
    limit, found = min(known, closes), []
    for place, (moment, chance) in enumerate(rows):
        end = min(rows[place + 1][0], limit) if place + 1 < len(rows) else limit
        if limit <= opens:
            if moment < limit and end == limit:
                found.append((opens, opens, chance))
        elif max(moment, opens) < end:
            found.append((max(moment, opens), end, chance))
    return found


def series_of(history: dict[str, Any]) -> list[list[Any]]:
    """The same for each of several series."""
    people, found = len(history["opens"]), []
    for person in range(people):
        mine = [place for place, whose in enumerate(history["series"]) if whose == person]
        moments, said = ([history[name][place] for place in mine] for name in ("times", "probability"))
        found.append(stood(moments, said, history["opens"][0], history["closes"][0], history["known"][0]))
    return found


def over_time(intervals: list[Any], history: dict[str, Any], value: Callable[[float], Any]) -> Any:
    """The integral of a score over the time a forecast stood, divided by the scheduled window."""
    opens, closes = (history[name][0] if "series" in history else history[name] for name in ("opens", "closes"))
    spent = total(times(F(end) - F(start), value(p)) for start, end, p in intervals)
    return spent / (F(closes) - F(opens))


def pieces(people: list[list[Any]]) -> list[tuple[Any, Any, list[float | None]]]:
    """The time of all series cut at every change: start, end, and what each said."""
    cuts = sorted({edge for intervals in people for start, end, _ in intervals for edge in (start, end)})
    found = []
    for low, high in pairwise(cuts):
        said = [next((p for start, end, p in one if start <= low < end), None) for one in people]
        found.append((F(low), F(high), said))
    return found


def peer(probability: list[float | None], outcome: float) -> list[Any]:
    logs = [None if p is None else ln(F(p) if outcome else 1 - F(p)) for p in probability]
    given = [one for one in logs if one is not None]
    if len(given) < 2:
        return [F(0)] * len(probability)
    others = len(given) - 1
    return [F(0) if one is None else 100 * (one - (total(given) - one) / others) for one in logs]


def hazard(probability: float, elapsed: Any, horizon: Any) -> Any:
    if elapsed == horizon:
        return F(0)
    return F(1) if probability == 1 else 1 - (1 - F(probability)) ** ((F(horizon) - F(elapsed)) / F(horizon))


def beta_below(x: float, a: Any, b: Any) -> Any:
    """The chance that a Beta(a, b) number is at most x, summed on the nearer side of the mean."""
    with mp.workdps(40):
        x, a, b = F(x), F(a), F(b)
        if x <= 0 or x >= 1:
            return F(x >= 1)
        if a == b and x == F(1) / 2:  # by symmetry; at the largest floats the sum below would lose every digit
            return F(1) / 2
        spread = mp.sqrt(a * b / (a + b + 1)) / (a + b)
        below = x <= a / (a + b)
        log_of = lambda t: (a - 1) * mp.log(t) + (b - 1) * mp.log(1 - t)  # noqa: E731
        constant = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
        if a < 100 or b < 100:
            side = _ends(F(0), x) if below else _ends(x, F(1))
        else:
            side = [x - spread * step / 2 if below else x + spread * step / 2 for step in range(60)]
            side = sorted(t for t in side if 0 < t < 1)
        area = mp.quad(lambda t: mp.exp(constant + log_of(t)) if 0 < t < 1 else F(0), side)
        return area if below else 1 - area


def _ends(low: Any, high: Any) -> list[Any]:
    """From one end of the interval to the other, in steps that shrink towards both."""
    width = high - low
    near = [width * F(2) ** -step for step in range(1, 200, 4)]
    return sorted({low, high, *(low + step for step in near), *(high - step for step in near)})
