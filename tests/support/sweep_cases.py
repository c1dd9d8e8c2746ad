"""How the arguments of every public function of `forecasts` are drawn, and what its exact value is."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np
from hypothesis import assume
from hypothesis import strategies as st
from sweeping import (
    PLAIN,
    Chances,
    Draw,
    F,
    auc,
    beta_below,
    brier,
    corp,
    crps_of_curve,
    dominates,
    elementary,
    grouped,
    hazard,
    isotonic,
    key,
    line,
    ln,
    logistic,
    mean,
    murphy,
    odds,
    over_time,
    peer,
    pieces,
    pinball,
    recalibrated,
    series_of,
    shifted,
    spherical,
    spiegelhalter,
    stood,
    surprise,
    times,
    total,
)

import forecasts
from forecasts import aggregation as agg
from forecasts import bins, calibration, comparison, metaculus, platforms, quantities, reference, scores, sequential
from forecasts.beta import beta_cdf
from forecasts.gamma import poisson_tail
from forecasts.questions import YES_NO
from forecasts.side_by_side import shared
from forecasts.standing import Standing, standing, stands_from
from forecasts.time_scores import first_forecast, last_forecast, spot, time_brier, time_skill

mp.mp.dps = 400  # 1 - 5e-324 needs so many
ROWS = [[1.0, 0.0, 0.0], [0.2, 0.5, 0.3], [0.0, 0.0, 1.0], [0.25, 0.75, 0.0], [1 - 2**-53, 1e-17, 5e-324]]
Build = Callable[[Draw], dict[str, Any]]


class Case(NamedTuple):
    """One function: its arguments, how it is called with them, its exact value, and in what unit that is off."""

    build: Build
    call: Callable[..., Any]
    exact: Callable[..., Any]
    unit: Callable[..., float] = lambda **_: 0.0
    needs_ours: bool = False


def case(build: Build, call: Callable[..., Any], exact: Callable[..., Any], unit: Any = 0.0, **more: bool) -> Case:
    return Case(build, call, exact, unit if callable(unit) else lambda **_: float(unit), **more)


def pair(d: Draw) -> dict[str, Any]:
    return {"probability": d.many("chances"), "outcome": d.many("outcomes")}


def verdict_pair(d: Draw) -> dict[str, Any]:
    return {"probability": d.many("chances"), "outcome": d.verdicts()}


def inner_pair(d: Draw) -> dict[str, Any]:
    return {"probability": d.inner(), "outcome": d.verdicts()}


def categories(d: Draw) -> dict[str, Any]:
    rows = ROWS[1:2] if d.kind is PLAIN else ROWS
    return {"probability": Chances(d.of(st.sampled_from(rows))), "outcome": d.of(st.integers(0, 2))}


def each(score: Callable[..., Any]) -> Callable[..., Any]:
    return lambda probability, outcome, **more: [score(p, v, **more) for p, v in zip(probability, outcome, strict=True)]


def flat(result: Any) -> list[Any]:
    """Every number in a result, in order; None where there is none."""
    if dataclasses.is_dataclass(result) and not isinstance(result, (type, Standing)):
        return [value for field in dataclasses.fields(result) for value in flat(getattr(result, field.name))]
    if isinstance(result, np.ndarray):
        return flat(result.tolist())
    if isinstance(result, (list, tuple, dict)):
        return [value for one in (result.values() if isinstance(result, dict) else result) for value in flat(one)]
    if isinstance(result, (float, np.floating)) and math.isnan(result):
        return [None]
    return [result]


def largest(**arguments: Any) -> float:
    """The unit of what is summed: the largest number among the arguments."""
    numbers = [value for value in flat(list(arguments.values())) if isinstance(value, (int, float))]
    return max((abs(value) for value in numbers if math.isfinite(value)), default=0.0)


def history(d: Draw) -> dict[str, Any]:
    return d.history()


def histories(d: Draw) -> dict[str, Any]:
    return d.history(people=d.of(st.integers(1, 3)))


def with_outcome(build: Build) -> Build:
    return lambda d: build(d) | {"outcome": d.of(st.sampled_from([0.0, 1.0]))}


def on_standing(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(times: Any, probability: Any, opens: Any, closes: Any, known: Any, series: Any = None, **more: Any) -> Any:
        record = standing(times, probability, opens=opens, closes=closes, known=known, series=series)
        outcome = [more.pop("outcome")] if "outcome" in more else []
        return function(record, *outcome, **more)

    return call


def own(h: dict[str, Any]) -> list[Any]:
    return stood(h["times"], h["probability"], h["opens"], h["closes"], h["known"])


def exact_time_brier(outcome: float, **h: Any) -> Any:
    covered = sum(F(end) - F(start) for start, end, _ in own(h))
    return over_time(own(h), h, lambda p: brier(p, outcome)) if covered > 0 else None


def exact_spot(at: float, **h: Any) -> Any:
    return next((p for start, end, p in own(h) if start <= at < end), None)


def quantile_rows(d: Draw) -> dict[str, Any]:
    size = d.of(st.sampled_from([1, 3, 5]))
    levels = {1: [0.5], 3: [0.1, 0.5, 0.9], 5: [0.05, 0.25, 0.5, 0.75, 0.95]}[size]
    return {"quantiles": d.rising("numbers", size), "outcome": d.one("numbers"), "levels": levels}


def exact_quantiles(quantiles: list[float], outcome: float, levels: list[float]) -> Any:
    return 2 * mean(pinball(q, outcome, level) for q, level in zip(quantiles, levels, strict=True))


def curve(d: Draw) -> dict[str, Any]:
    heights = Chances([*d.rising("chances", d.size - 1), 1.0])
    more = {"horizon": d.one("times")} if d.of(st.booleans()) else {}
    if more and d.of(st.booleans()):
        heights = Chances(d.rising("chances", d.size))
    return {"cumulative": heights, "outcome": d.one("times"), "thresholds": d.rising("times", d.size)} | more


def ensemble(d: Draw) -> dict[str, Any]:
    fair = d.size > 1 and d.of(st.booleans())
    return {"members": d.many("numbers"), "outcome": d.one("numbers"), "estimator": "fair" if fair else "ecdf"}


def exact_ensemble(members: list[float], outcome: float, estimator: str) -> Any:
    count = len(members)
    between = total(abs(F(a) - F(b)) for a in members for b in members) / 2
    return mean(abs(F(x) - F(outcome)) for x in members) - between / (
        count * (count - 1) if estimator == "fair" else count**2
    )


def weighted(d: Draw) -> dict[str, Any]:
    weights = d.many("weights")
    assume(any(weights))
    return {"probability": d.many("chances"), "weights": weights}


def shares(weights: list[float]) -> list[Any]:
    return [F(w) / total(map(F, weights)) for w in weights]


def exact_odds(probability: list[float], weights: list[float], clip: float | None, factor: float = 1.0) -> Any:
    if clip is None:
        assume(all(0 < p < 1 or not w for p, w in zip(probability, weights, strict=True)))
    parts = [w * odds(p, clip or 0.0) for p, w in zip(probability, shares(weights), strict=True) if w]
    return logistic(F(factor) * total(parts))


def odds_case(d: Draw) -> dict[str, Any]:
    return weighted(d) | {"clip": d.of(st.sampled_from([None, *d.kind.clips]))}


def exact_median(probability: list[float]) -> Any:
    ranked = sorted(map(F, probability))
    return (ranked[(len(ranked) - 1) // 2] + ranked[len(ranked) // 2]) / 2


def exact_recency(probability: list[float]) -> Any:
    size = len(probability)
    weights = [mp.exp(mp.sqrt(k) - mp.sqrt(size)) if size > 2 else F(1) for k in range(1, size + 1)]
    rows = sorted(zip(probability, weights, strict=True), key=lambda row: row[0])
    half, reached, lower, upper = total(weights) / 2, F(0), None, None
    for p, weight in rows:
        reached += weight
        lower = F(p) if lower is None and reached >= half - F(1e-12) else lower
        upper = F(p) if upper is None and reached > half + F(1e-12) else upper
    return (lower + upper) / 2


def past(d: Draw) -> dict[str, Any]:
    pool = [math.nan, *(abs(value) for value in d.kind.numbers)]
    losses = d.of(st.lists(st.lists(st.sampled_from(pool), min_size=2, max_size=2), min_size=d.size, max_size=d.size))
    return {
        "probability": d.many("chances"),
        "losses": losses,
        "known": [1.0, 9.0],
        "at": d.of(st.sampled_from([0, 5, 10])),
    }


def exact_skill_weighted(probability: list[float], losses: Any, known: list[float], at: float) -> Any:
    weights = []
    for row in losses:
        seen = [F(loss) for loss, when in zip(row, known, strict=True) if when < at and not math.isnan(loss)]
        weights.append(max(1 - (total(seen) / F(0.25) + 1) / (len(seen) + 1), F(0)))
    whole = total(weights)
    if not whole:
        return mean(map(F, probability))
    return total(F(p) * w for p, w in zip(probability, weights, strict=True)) / whole


def evidence(d: Draw) -> dict[str, Any]:
    pool = [0.0, math.inf, *(weight for weight in d.kind.weights if weight)]
    ratios = d.of(st.lists(st.sampled_from(pool), min_size=d.size, max_size=d.size))
    trust = d.of(st.lists(st.sampled_from([0.0, 0.3, 1.0]), min_size=d.size, max_size=d.size))
    counted = [ratio for ratio, weight in zip(ratios, trust, strict=True) if weight]
    assume(not (0.0 in counted and math.inf in counted))
    return {"prior": d.one("chances"), "likelihood_ratios": ratios, "weights": trust}


def exact_updated(prior: float, likelihood_ratios: list[float], weights: list[float]) -> Any:
    if prior in (0, 1):
        return F(prior)
    parts = [times(F(w), ln(F(ratio))) for ratio, w in zip(likelihood_ratios, weights, strict=True)]
    odds_now = odds(prior) + sum(parts, F(0))
    return F(odds_now > 0) if mp.isinf(odds_now) else logistic(odds_now)


def tagged(d: Draw) -> dict[str, Any]:
    return {"outcome": d.many("outcomes"), "tag": d.labels()}


def exact_leave_one_out(outcome: list[float], tag: list[int]) -> Any:
    rest = [[F(v) for j, v in enumerate(outcome) if j != i and tag[j] == tag[i]] for i in range(len(outcome))]
    return [mean(one) if one else F(0.5) for one in rest]


def waiting(d: Draw) -> dict[str, Any]:
    elapsed, horizon = d.of(st.sampled_from(positive_pairs(d)))
    return {"probability": d.one("chances"), "elapsed": elapsed, "horizon": horizon}


def positive_pairs(d: Draw) -> list[tuple[float, float]]:
    ranked = sorted(time for time in d.kind.times if time >= 0)
    return [(low, high) for low in ranked for high in ranked if low <= high and high > 0]


def exact_stale(probability: float, untouched: float, left_then: float) -> bool:
    drifted = hazard(probability, min(F(untouched), F(left_then)), F(left_then))
    apart = abs(F(probability) - drifted)
    assume(abs(apart - F(0.05)) > 1e-9)
    return apart > F(0.05)


def poisson_below(mean_: Any, needed: float) -> Any:
    """The chance of at least `needed` events: the integral of the gamma density up to the mean."""
    with mp.workdps(40):
        a, x = F(needed), F(mean_)
        if a <= 0 or x == 0:
            return F(a <= 0)
        spread, below = mp.sqrt(a), x <= a
        if a > 1e15:
            return (mp.erf((x - a) / spread / mp.sqrt(2)) + 1) / 2
        if a < 100:
            return mp.gammainc(a, 0, x, regularized=True) if below else 1 - mp.gammainc(a, x, regularized=True)
        near = x if below else max(x, a)
        side = sorted(
            t
            for t in ((near if below else x) + (-1 if below else 1) * spread * step / 2 for step in range(60))
            if t > 0
        )
        area = mp.quad(lambda t: mp.exp((a - 1) * mp.log(t) - t - mp.loggamma(a)), side)
        return area if below else 1 - area


def counts(d: Draw) -> dict[str, Any]:
    needed = d.one("counts")
    if d.of(st.booleans()):
        return {"rate": abs(d.one("numbers")), "left": abs(d.one("times")), "needed": needed}
    near = needed + d.of(st.sampled_from([-1.0, 0.0, 1.0])) * math.sqrt(needed)
    return {"rate": near, "left": 1.0, "needed": needed}


def exact_count(rate: float, left: float, needed: float) -> Any:
    return poisson_below(F(rate) * F(left), needed)


def frequencies(d: Draw) -> dict[str, Any]:
    count = d.one("counts")
    yes = d.of(st.sampled_from([0.0, count, math.floor(count / 2), min(3.0, count)]))
    return {"yes": yes, "count": count, "level": d.of(st.sampled_from([0.95, 0.7]))}


def exact_jeffreys(ours: Any, yes: float, count: float, level: float) -> Any:
    """Our ends, less what their chances are off from the levels, in standard deviations."""
    a, b = F(yes) + 0.5, F(count) - F(yes) + 0.5
    if count > 1e15:
        return ours
    levels = [(1 - F(level)) / 2, (1 + F(level)) / 2]
    return [
        F(end) - (beta_below(end, a, b) - wanted) * (end if a < b else 1 - end)
        for end, wanted in zip(ours, levels, strict=True)
    ]


def belief(d: Draw) -> dict[str, Any]:
    return {"probability": d.many("chances"), "outcome": d.of(st.sampled_from([0.0, 1.0]))}


def exact_belief(probability: list[float], outcome: float) -> Any:
    path = [*map(F, probability), F(outcome)]
    moved = total((b - a) ** 2 for a, b in pairwise(path))
    fell = path[0] * (1 - path[0])
    return [moved, fell, moved - fell, moved / fell if fell > 0 else None]


def binned(d: Draw) -> dict[str, Any]:
    return pair(d) | {"bins": d.of(st.sampled_from([1, 3, 10])), "closed": d.of(st.sampled_from(["left", "right"]))}


def bin_of(p: float, many: int, closed: str = "left") -> int:
    edges = [round(mp.mpf(10) ** 12 * k / many) for k in range(many + 1)]
    if closed == "left":
        return min(sum(edge <= key(p) for edge in edges[1:]), many - 1)
    return max(sum(edge < key(p) for edge in edges[:-1]) - 1, 0)


def exact_bins(probability: list[float], outcome: list[float], bins: int, closed: str) -> Any:
    rows = [
        [(p, v) for p, v in zip(probability, outcome, strict=True) if bin_of(p, bins, closed) == k] for k in range(bins)
    ]
    return [
        [F(k) / bins for k in range(bins + 1)],
        [len(row) for row in rows],
        [mean(F(p) for p, _ in row) if row else None for row in rows],
        [mean(F(v) for _, v in row) if row else None for row in rows],
    ]


def exact_diagram(probability: list[float], outcome: list[float], thetas: list[float]) -> Any:
    knots = [F(theta) for theta in thetas]
    values = [elementary(probability, outcome, key(theta), F(theta)) for theta in thetas]
    return [knots, values, mean(map(brier, probability, outcome)) / 2]


def effects(d: Draw) -> dict[str, Any]:
    people, claims = d.labels(2), d.labels(2)
    assume({0, 1} == set(people) and any(
        {who for who, what in zip(people, claims, strict=True) if what == claim} == {0, 1} for claim in (0, 1)
    ))  # fmt: skip
    return {"loss": d.many("numbers"), "forecaster": people, "claim": claims}


def exact_effects(loss: list[float], forecaster: list[int], claim: list[int]) -> Any:
    """Two forecasters: the difference is the one that leaves the residuals orthogonal, claim by claim."""
    rows = list(zip(map(F, loss), forecaster, claim, strict=True))
    first, claims = forecaster[0], list(dict.fromkeys(claim))
    among = {c: mean(y for y, _, what in rows if what == c) for c in claims}
    share = {c: mean(F(who != first) for _, who, what in rows if what == c) for c in claims}
    parts = [((who != first) - share[what], y - among[what]) for y, who, what in rows]
    apart = total(x * y for x, y in parts) / total(x * x for x, _ in parts)
    hard = {c: mean(y - apart * (who != first) for y, who, what in rows if what == c) for c in claims}
    level = mean(hard[what] for _, _, what in rows)
    return [level, level + apart, *(hard[c] - level for c in claims)]


def told(result: Any) -> list[Any]:
    return [*result.adjusted.values(), *result.difficulty.values()]


def settled(d: Draw) -> dict[str, Any]:
    return {"differences": d.many("numbers"), "statement": d.labels(), "settle_day": d.many("times")}


def exact_settled(differences: list[float], statement: list[int], settle_day: list[float]) -> Any:
    names = list(dict.fromkeys(statement))
    last = {n: max(day for day, s in zip(settle_day, statement, strict=True) if s == n) for n in names}
    order = sorted(names, key=lambda n: last[n])
    return [mean(F(x) for x, s in zip(differences, statement, strict=True) if s == n) for n in order]


def sequence(d: Draw) -> dict[str, Any]:
    bound = max(map(abs, d.kind.numbers))
    return {"differences": d.many("numbers"), "low": -bound, "high": bound, "alpha": d.of(st.sampled_from([0.05, 0.3]))}


def exact_sequence(differences: list[float], low: float, high: float, alpha: float) -> Any:
    values, low, high = [F(x) for x in differences], F(low), F(high)
    lower = low + least_mean([x - low for x in values], F(2) / F(alpha))
    return [mean(values), lower, high - least_mean([high - x for x in values], F(2) / F(alpha))]


def exact_recalibrations(probability: list[float], outcome: list[float]) -> Any:
    wealth = [F(1)] * 29
    for p, v in zip(map(F, probability), outcome, strict=True):
        odds_of_it = odds(min(max(p, F(0.005)), 1 - F(0.005)))
        ways = [(F(a), F(b)) for a in (-1, -0.5, 0, 0.5, 1) for b in (0.25, 0.5, 0.75, 1, 1.5, 2) if (a, b) != (0, 1)]
        others = [logistic(a + b * odds_of_it) for a, b in ways]
        gains = [(q / p if p else mp.inf) if v else ((1 - q) / (1 - p) if p < 1 else mp.inf) for q in others]
        wealth = [one * gain for one, gain in zip(wealth, gains, strict=True)]
        yield min(mean(wealth), F(np.finfo(np.float64).max))


def least_mean(values: list[Any], enough: Any) -> Any:
    """The mean, from 0 up, against which the bets on a higher one have won just enough; by halving."""
    with mp.workdps(60):
        below, above = F(0), max(mean(values), F(0))
        for _ in range(150):
            middle = (below + above) / 2
            below, above = (middle, above) if middle and wealth(values, middle) >= enough else (below, middle)
        return above


def wealth(values: list[Any], supposed: Any) -> Any:
    stakes = [F("0.95") * u / 30 for u in range(1, 31)]
    return mean(mp.fprod(1 - stake + stake * x / supposed for x in values) for stake in stakes)


def exact_process(differences: list[float], low: float, high: float, alpha: float) -> Any:
    return [wealth([F(high) - F(x) for x in differences[:t]], F(high)) for t in range(1, len(differences) + 1)]


def shrunk(d: Draw) -> dict[str, Any]:
    unit = d.of(st.sampled_from([1.0, *(value for value in d.kind.numbers if value > 0)]))
    rows = [[-0.5, 0.25], [0.5, 0.75, 0.125], [0.25], []]
    return {"differences": [[value * unit for value in row] for row in d.of(st.permutations(rows))], "unit": unit}


def exact_shrunk(differences: list[list[float]], unit: float) -> Any:
    known = [row for row in differences if len(row) > 1]
    means = [mean(map(F, row)) for row in known]
    errors = [
        total((F(x) - m) ** 2 for x in row) / (len(row) - 1) / len(row) for row, m in zip(known, means, strict=True)
    ]
    w = [1 / e for e in errors]
    centre = total(a * m for a, m in zip(w, means, strict=True)) / total(w)
    q = total(a * (m - centre) ** 2 for a, m in zip(w, means, strict=True))
    spread = max(F(0), (q - (len(w) - 1)) / (total(w) - total(a * a for a in w) / total(w)))
    w = [1 / (e + spread) for e in errors]
    centre = total(a * m for a, m in zip(w, means, strict=True)) / total(w)
    part = {id(row): e / (e + spread) for row, e in zip(known, errors, strict=True)}
    raw = [mean(map(F, row)) if row else None for row in differences]
    weight = [part.get(id(row), F(1)) for row in differences]
    drawn = [centre if m is None else centre + (1 - w) * (m - centre) for m, w in zip(raw, weight, strict=True)]
    return [raw, drawn, weight, centre, mp.sqrt(spread)]


def exact_peers(outcome: float, **h: Any) -> Any:
    sums = [F(0)] * len(h["opens"])
    for low, high, said in pieces(series_of(h)):
        sums = [a + times(high - low, b) for a, b in zip(sums, peer(said, outcome), strict=True)]
    return [one / (F(h["closes"][0]) - F(h["opens"][0])) for one in sums]


def inside(d: Draw) -> dict[str, Any]:
    h = histories(d)
    pool = [chance for chance in d.kind.chances if 0 < chance < 1]
    return h | {"probability": Chances(d.of(st.sampled_from(pool)) for _ in h["probability"])}


def baseline(p: float, outcome: float) -> Any:
    return 100 * (1 + ln(F(p) if outcome else 1 - F(p)) / mp.log(2))


def exact_daily(**h: Any) -> Any:
    found = []
    for intervals in series_of(h):
        day, row = h["opens"][0], []
        while day < h["closes"][0]:
            end = min(day + 1, h["closes"][0])
            row.append(next((p for start, stop, p in intervals if start < end <= stop), None))
            day += 1
        found.append(row)
    return found


def just_before(at: float, h: dict[str, Any], intervals: list[Any]) -> Any:
    moment = min(at, h["closes"][0], h["known"][0])
    return next((p for start, end, p in intervals if start < moment <= end), None)


def days(d: Draw) -> dict[str, Any]:
    return histories(Draw(d.of, d.kind._replace(times=PLAIN.times)))


def table(d: Draw) -> dict[str, Any]:
    rows = [Chances(d.many("chances")) for _ in range(2)]
    return {"probability": rows, "outcome": d.of(st.sampled_from([0.0, 1.0]))}


def exact_good_judgment(probability: list[list[float]], outcome: float) -> Any:
    scored = [[2 * brier(p, outcome) for p in row] for row in probability]
    middle = [mean(column) for column in zip(*scored, strict=True)]
    apart = [total(a - b for a, b in zip(row, middle, strict=True)) for row in scored]
    count = len(middle)
    return [
        [mean(row) for row in scored],
        [mean(middle)] * 2,
        [F(1)] * 2,
        [one / count for one in apart],
        [-one for one in apart],
    ]


def exact_fatebook(outcome: float, **h: Any) -> Any:
    opened, closed = F(h["opens"][0]), F(h["closes"][0])
    people, scored, lengths, day = series_of(h), [], [], opened
    while day < closed:
        end, row = min(day + 1, closed), []
        for intervals in people:
            here = [(max(F(s), day), min(F(e), end), F(p)) for s, e, p in intervals if s < end and e > day]
            if not here:
                row.append(None)
                continue
            spent = total((e - s) * p for s, e, p in here)
            average = (spent + (end - day - total(e - s for s, e, _ in here)) * here[-1][2]) / (end - day)
            row.append(2 * (average - F(outcome)) ** 2)
        scored.append(row)
        lengths.append(end - day)
        day += 1
    absolute, relative = [], []
    for who in range(len(people)):
        mine = [(row, length) for row, length in zip(scored, lengths, strict=True) if row[who] is not None]
        absolute.append(total(row[who] * length for row, length in mine) / total(lengths) if mine else None)
        apart = [(row[who] - exact_median([x for x in row if x is not None]), length) for row, length in mine]
        relative.append(total(gap * length for gap, length in apart) / total(lengths) if mine else None)
    return [absolute, relative]


def exact_crowd(**h: Any) -> Any:
    found = []
    for low, high, said in pieces(series_of(h)):
        here = [p for p in said if p is not None]
        if here:
            found.append((low, high, exact_median(here)))
    return [list(column) for column in zip(*found, strict=True)] or [[], [], []]


def exact_shared(**h: Any) -> Any:
    both = [(low, high, *said) for low, high, said in pieces(series_of(h)) if None not in said]
    return [list(column) for column in zip(*both, strict=True)] or [[]] * 4


def call_shared(**h: Any) -> Any:
    one, two = (
        standing(
            [t for t, s in zip(h["times"], h["series"], strict=True) if s == who],
            [p for p, s in zip(h["probability"], h["series"], strict=True) if s == who],
            opens=h["opens"][0], closes=h["closes"][0], known=h["known"][0],
        )
        for who in (0, 1)
    )  # fmt: skip
    found = shared(one, two)
    return [found.starts, found.ends, found.first, found.second]


def exact_hazard_skill(outcome: float, start: float, **h: Any) -> Any:
    """Always `start`, decayed with the time left: u = 1 - q is exponential, so its integral is known."""
    opened, closed = F(h["opens"]), F(h["closes"])
    u, saved = 1 - F(start), F(0)
    rate = INFINITE if u == 0 else -mp.log(u) / (closed - opened)
    for s, e, p in own(h):
        width, left = F(e) - F(s), closed - F(e)
        areas = []
        for times_ in (1, 2):
            if rate == 0:
                areas.append(width)
            elif rate == INFINITE:
                areas.append(F(0))
            else:
                areas.append(mp.exp(-times_ * rate * left) * -mp.expm1(-times_ * rate * width) / (times_ * rate))
        no = 1 - F(outcome)
        saved += no**2 * width - 2 * no * areas[0] + areas[1] - width * brier(p, outcome)
    return saved / (closed - opened)


def within(found: Any, differences: list[float]) -> list[Any]:
    """The mean and the size, and whether the intervals lie where a mean of these differences can."""
    ends = [one for one in (found.percentile, found.bca) if one is not None]
    inside = all(min(differences) <= one.lower <= one.upper <= max(differences) for one in ends)
    return [found.mean, found.size, inside, len(differences) >= 20 or not ends]


def consistent(found: Any) -> list[Any]:
    """Whether the p-value and the band are such as they can be, and where the band stands."""
    band = (found.lower >= 0) & (found.lower <= found.upper) & (found.upper <= 1)
    return [0 < found.p_value <= 1, bool(band.all()), found.probability]


INFINITE = mp.inf
PLAIN_OPTIONS = [[0.2, 0.5, 0.3], [math.nan, 0.75, 0.25], [0.0, math.nan, 1.0]]
CASES: dict[str, Case] = {
    # single scores
    "scores.brier": case(pair, scores.brier, each(brier)),
    "scores.brier_original": case(pair, scores.brier_original, each(lambda p, v: 2 * brier(p, v))),
    "scores.brier_multi": case(
        categories,
        scores.brier_multi,
        lambda probability, outcome: total(brier(p, k == outcome) for k, p in enumerate(probability)) / 2,
    ),
    "scores.rps": case(
        categories,
        scores.rps,
        lambda probability, outcome: mean(
            brier(total(map(F, probability[: k + 1])), outcome <= k) for k in range(len(probability) - 1)
        ),
        1e-9,
    ),
    "scores.log_score": case(
        lambda d: pair(d) | {"clip": d.of(st.sampled_from([None, *d.kind.clips]))},
        scores.log_score,
        lambda probability, outcome, clip: each(surprise)(probability, outcome, clip=clip or 0.0),
    ),
    "scores.spherical": case(pair, scores.spherical, each(spherical)),
    "scores.mean_score": case(
        lambda d: {"scores": d.many("numbers")}, scores.mean_score, lambda scores: mean(map(F, scores)), largest
    ),
    "scores.skill": case(
        lambda d: {"loss": [abs(x) for x in d.many("numbers")], "reference_loss": [abs(x) for x in d.many("numbers")]},
        scores.skill,
        lambda loss, reference_loss: (
            1 - mean(map(F, loss)) / mean(map(F, reference_loss)) if any(reference_loss) else None
        ),
        1e-3,
    ),
    # numbers
    "quantities.crps_ensemble": case(ensemble, quantities.crps_ensemble, exact_ensemble, largest),
    "quantities.crps_cdf": case(
        curve,
        quantities.crps_cdf,
        lambda cumulative, outcome, thresholds, horizon=None: crps_of_curve(cumulative, outcome, thresholds, horizon),
        largest,
    ),
    "quantities.crps_quantiles": case(quantile_rows, quantities.crps_quantiles, exact_quantiles, largest),
    "quantities.weighted_interval_score": case(
        quantile_rows, quantities.weighted_interval_score, exact_quantiles, largest
    ),
    "quantities.pinball": case(
        lambda d: {"quantile": d.one("numbers"), "outcome": d.one("numbers"), "level": 0.9},
        quantities.pinball,
        pinball,
        largest,
    ),
    "quantities.interval_score": case(
        lambda d: (
            dict(zip(("lower", "upper"), d.rising("numbers", 2), strict=True))
            | {"outcome": d.one("numbers"), "alpha": d.of(st.sampled_from([0.1, 0.3]))}
        ),
        quantities.interval_score,
        lambda lower, upper, outcome, alpha: (
            F(upper) - F(lower) + 2 / F(alpha) * (max(F(lower) - F(outcome), 0) + max(F(outcome) - F(upper), 0))
        ),
        largest,
    ),
    # over time
    "standing.standing": case(
        history,
        on_standing(lambda record: [record.starts, record.ends, record.probabilities, record.coverage]),
        lambda **h: [
            *([list(column) for column in zip(*own(h), strict=True)] or [[], [], []]),
            over_time(own(h), h, lambda p: F(1)),
        ],
        1e-6,
    ),
    "standing.stands_from": case(
        lambda d: {"times": d.many("times"), "grain": d.of(st.sampled_from([0.0, 0.5, 1.0, 86_400_000_000.0]))},
        stands_from,
        lambda times, grain: [(mp.floor(F(t) / F(grain)) + 1) * F(grain) if grain else F(t) for t in times],
    ),
    "time_scores.first_forecast": case(
        history, on_standing(first_forecast), lambda **h: own(h)[0][2] if own(h) else None
    ),
    "time_scores.last_forecast": case(
        history, on_standing(last_forecast), lambda **h: own(h)[-1][2] if own(h) else None
    ),
    "time_scores.spot": case(lambda d: history(d) | {"at": d.one("times")}, on_standing(spot), exact_spot),
    "time_scores.time_brier": case(with_outcome(history), on_standing(time_brier), exact_time_brier, 1e-6),
    "time_scores.time_skill": case(
        with_outcome(history),
        on_standing(time_skill),
        lambda outcome, **h: over_time(own(h), h, lambda p: F(0.25) - brier(p, outcome)),
        1e-6,
    ),
    "reference.ConstantHazard": case(
        lambda d: with_outcome(history)(d) | {"start": d.one("chances")},
        lambda start, **h: on_standing(time_skill)(**h, reference=reference.ConstantHazard(start)),
        exact_hazard_skill,
        1e-6,
    ),
    "side_by_side.shared": case(lambda d: d.history(people=2), call_shared, exact_shared),
    "side_by_side.timeline": case(
        lambda d: d.history(people=2),
        lambda **h: [
            [float(said) for said in column]
            for column in on_standing(lambda record: forecasts.side_by_side.timeline(record).probabilities)(**h).T
            if not np.isnan(column).all()
        ],
        lambda **h: [said for _, _, said in pieces(series_of(h)) if said != [None, None]],
    ),
    # platforms
    "metaculus.metaculus_baseline_at": case(verdict_pair, metaculus.metaculus_baseline_at, each(baseline), 1.0),
    "metaculus.metaculus_baseline": case(
        with_outcome(histories),
        on_standing(metaculus.metaculus_baseline),
        lambda outcome, **h: [over_time(one, h, lambda p: baseline(p, outcome)) for one in series_of(h)],
        1.0,
    ),
    "metaculus.metaculus_baseline_numeric_at": case(
        lambda d: {"probability": d.many("chances"), "open_bounds": 1},
        metaculus.metaculus_baseline_numeric_at,
        lambda probability, open_bounds: [50 * (ln(F(p)) - mp.log(F(0.95) / 200)) for p in probability],
        1.0,
    ),
    "metaculus.metaculus_baseline_numeric": case(
        lambda d: histories(d) | {"open_bounds": 1},
        on_standing(metaculus.metaculus_baseline_numeric),
        lambda open_bounds, **h: [
            over_time(one, h, lambda p: 50 * (ln(F(p)) - mp.log(F(0.95) / 200))) for one in series_of(h)
        ],
        1.0,
    ),
    "metaculus.metaculus_options": case(
        lambda d: {"probability": d.of(st.sampled_from(PLAIN_OPTIONS)), "outcome": d.of(st.integers(0, 2))},
        metaculus.metaculus_options,
        lambda probability, outcome: [
            F(probability[-1 if math.isnan(probability[outcome]) else outcome]),
            3 - sum(map(math.isnan, probability)),
        ],
    ),
    "metaculus.metaculus_peer_at": case(
        lambda d: {"probability": d.inner(), "outcome": d.of(st.sampled_from([0.0, 1.0]))},
        metaculus.metaculus_peer_at,
        peer,
        1.0,
    ),
    "metaculus.metaculus_peer": case(with_outcome(inside), on_standing(metaculus.metaculus_peer), exact_peers, 1.0),
    "metaculus.metaculus_spot_forecast": case(
        lambda d: histories(d) | {"at": d.one("times")},
        on_standing(metaculus.metaculus_spot_forecast),
        lambda at, **h: [just_before(at, h, one) for one in series_of(h)],
    ),
    "metaculus.metaculus_spot": case(
        lambda d: with_outcome(inside)(d) | {"at": d.one("times")},
        on_standing(metaculus.metaculus_spot),
        lambda outcome, at, **h: peer([just_before(at, h, one) for one in series_of(h)], outcome),
        1.0,
    ),
    "metaculus.metaculus_ranking": case(
        lambda d: {"scores": d.many("numbers"), "coverage": d.many("chances")},
        metaculus.metaculus_ranking,
        lambda scores, coverage: total(map(F, scores)) / max(F(30), total(map(F, coverage))),
        largest,
    ),
    "platforms.sampled_daily": case(days, on_standing(platforms.sampled_daily), exact_daily),
    "platforms.good_judgment": case(table, platforms.good_judgment, exact_good_judgment, 1),
    "platforms.fatebook": case(with_outcome(days), on_standing(platforms.fatebook), exact_fatebook, 1),
    "platforms.forecastbench_index": case(
        lambda d: {"brier": d.many("chances")},
        platforms.forecastbench_index,
        lambda brier: [100 * (1 - mp.sqrt(F(p))) for p in brier],
        1e-3,
    ),
    # records
    "recalibrations.calibration_e_process": case(
        verdict_pair, calibration.calibration_e_process, lambda **pair: list(exact_recalibrations(**pair)), 1e-3
    ),
    "calibration.spiegelhalter": case(verdict_pair, calibration.spiegelhalter, spiegelhalter, 1e-3),
    "calibration.calibration_line": case(inner_pair, calibration.calibration_line, line, needs_ours=True, unit=1e-3),
    "calibration.calibration_in_the_large": case(
        inner_pair,
        calibration.calibration_in_the_large,
        lambda ours, probability, outcome: (shifted(ours[0], probability, outcome) or [None])[0],
        needs_ours=True,
        unit=1e-3,
    ),
    "calibration.calibration_in_the_large_error": case(
        inner_pair,
        lambda probability, outcome: [
            calibration.calibration_in_the_large(probability, outcome),
            calibration.calibration_in_the_large_error(probability, outcome),
        ],
        lambda ours, probability, outcome: shifted(ours[0], probability, outcome) or [None] * 2,
        needs_ours=True,
        unit=1e-3,
    ),
    "calibration.auc": case(verdict_pair, calibration.auc, auc),
    "calibration.sharpness": case(
        lambda d: {"probability": d.many("chances")},
        calibration.sharpness,
        lambda probability: mean(F(p) * (1 - F(p)) for p in probability),
    ),
    "calibration.belief_movement": case(belief, calibration.belief_movement, exact_belief, 1e-3),
    "corp.corp_decomposition": case(
        pair, calibration.corp_decomposition, lambda probability, outcome: corp(probability, outcome, brier), 1e-3
    ),
    "corp.corp_decomposition, log score": case(
        pair,
        lambda probability, outcome: calibration.corp_decomposition(probability, outcome, score=scores.log_score),
        lambda probability, outcome: corp(probability, outcome, surprise),
        1e-3,
    ),
    "corp.recalibrated": case(pair, calibration.recalibrated, recalibrated),
    "corp.reliability_curve": case(
        pair,
        calibration.reliability_curve,
        lambda probability, outcome: [
            [min(said) for said, _ in grouped(probability, outcome)],
            isotonic(probability, outcome),
            [len(said) for said, _ in grouped(probability, outcome)],
        ],
    ),
    "corp.consistency_test": case(
        pair,
        lambda probability, outcome: consistent(
            calibration.consistency_test(probability, outcome, seed=1, resamples=9)
        ),
        lambda probability, outcome: [True, True, [min(said) for said, _ in grouped(probability, outcome)]],
    ),
    "murphy.murphy_decomposition": case(pair, calibration.murphy_decomposition, murphy, 1e-3),
    "bins.display_bins": case(binned, bins.display_bins, exact_bins, 1e-6),
    "bins.bin_index": case(
        binned,
        lambda probability, outcome, **more: bins.bin_index(probability, **more),
        lambda probability, outcome, bins, closed: [bin_of(p, bins, closed) for p in probability],
    ),
    "bins.histogram": case(
        binned,
        lambda probability, outcome, bins, closed: forecasts.bins.histogram(probability, bins=bins),
        lambda probability, outcome, bins, closed: [
            sum(bin_of(p, bins) == k for p in probability) for k in range(bins)
        ],
    ),
    "bins.jeffreys_interval": case(frequencies, bins.jeffreys_interval, exact_jeffreys, needs_ours=True, unit=1e-14),
    # comparisons
    "comparison.paired_bootstrap": case(
        lambda d: {"differences": d.many("numbers") * d.of(st.sampled_from([1, 6]))},
        lambda differences: within(comparison.paired_bootstrap(differences, seed=1, resamples=200), differences),
        lambda differences: [mean(map(F, differences)), len(differences), True, True],
        largest,
    ),
    "comparison.shrink_differences": case(
        shrunk, lambda differences, unit: comparison.shrink_differences(differences), exact_shrunk, largest
    ),
    "adjustment.adjust_for_difficulty": case(
        effects,
        lambda loss, forecaster, claim: told(comparison.adjust_for_difficulty(loss, forecaster, claim)),
        exact_effects,
        largest,
    ),
    "dominance.murphy_diagram": case(
        lambda d: verdict_pair(d) | {"thetas": Chances(d.many("chances"))},
        comparison.murphy_diagram,
        exact_diagram,
        1e-2,
    ),
    "dominance.dominates": case(
        lambda d: verdict_pair(d) | {"rival": Chances(d.many("chances"))},
        comparison.dominates,
        lambda probability, outcome, rival: dominates(probability, rival, outcome),
    ),
    "sequential.by_settle_day": case(settled, sequential.by_settle_day, exact_settled, largest),
    "sequential.confidence_sequence": case(sequence, sequential.confidence_sequence, exact_sequence, largest),
    "sequential.e_process": case(
        sequence,
        lambda differences, low, high, alpha: sequential.e_process(differences, low=low, high=high),
        exact_process,
        1e-3,
    ),
    # combining
    "aggregation.mean": case(
        weighted,
        agg.mean,
        lambda probability, weights: total(F(p) * w for p, w in zip(probability, shares(weights), strict=True)),
        1e-6,
    ),
    "aggregation.median": case(lambda d: {"probability": d.many("chances")}, agg.median, exact_median),
    "aggregation.trimmed_mean": case(
        lambda d: {"probability": d.many("chances"), "trim": 0.3},
        agg.trimmed_mean,
        lambda probability, trim: mean(
            sorted(map(F, probability))[(cut := 3 * len(probability) // 10) : len(probability) - cut]
        ),
    ),
    "aggregation.geometric_mean_odds": case(odds_case, agg.geometric_mean_odds, exact_odds),
    "aggregation.extremised": case(lambda d: odds_case(d) | {"factor": 2.5}, agg.extremised, exact_odds),
    "aggregation.recency_weights": case(
        lambda d: {"count": d.size},
        agg.recency_weights,
        lambda count: [mp.exp(mp.sqrt(k) - mp.sqrt(count)) if count > 2 else 1 for k in range(1, count + 1)],
    ),
    "aggregation.recency_weighted_median": case(
        lambda d: {"probability": d.many("chances")}, agg.recency_weighted_median, exact_recency
    ),
    "aggregation.skill_weighted": case(past, agg.skill_weighted, exact_skill_weighted, 1e-3),
    "aggregation.crowd": case(
        lambda d: d.history(people=2),
        on_standing(lambda record: [getattr(agg.crowd(record), part) for part in ("starts", "ends", "probabilities")]),
        exact_crowd,
    ),
    # references
    "reference.leave_one_out": case(tagged, reference.leave_one_out, exact_leave_one_out, 1e-3),
    "reference.constant_hazard": case(waiting, reference.constant_hazard, hazard),
    "reference.stale": case(
        lambda d: dict(zip(("probability", "untouched", "left_then"), waiting(d).values(), strict=True)),
        reference.stale,
        exact_stale,
    ),
    "reference.lindy": case(
        lambda d: {"elapsed": abs(d.one("times")), "left": abs(d.one("times")), "events": d.of(st.integers(0, 5))},
        reference.lindy,
        lambda elapsed, left, events: 1 - (F(elapsed) / (F(elapsed) + F(left))) ** max(events, 1),
    ),
    "reference.count_threshold": case(counts, reference.count_threshold, exact_count, 1e-9),
    "reference.updated": case(
        evidence,
        lambda **more: reference.updated(more.pop("prior"), more.pop("likelihood_ratios"), **more, decisive=True),
        exact_updated,
    ),
    # what is asked of a type of claim
    "questions.losses": case(
        pair, lambda probability, outcome: YES_NO.losses(np.array(probability), np.array(outcome)), each(brier)
    ),
    "questions.log_losses": case(
        pair, lambda probability, outcome: YES_NO.log_losses(np.array(probability), np.array(outcome)), each(surprise)
    ),
    "questions.possible_losses": case(
        lambda d: {"probability": d.many("chances")},
        lambda probability: YES_NO.possible_losses(np.array(probability)),
        lambda probability: [
            [min(F(p) ** 2, (1 - F(p)) ** 2) for p in probability],
            [max(F(p) ** 2, (1 - F(p)) ** 2) for p in probability],
        ],
    ),
    "questions.reference_losses": case(
        lambda d: {"outcome": d.many("outcomes")},
        lambda outcome: YES_NO.reference_losses(np.array(outcome)),
        lambda outcome: [brier(0.5, value) for value in outcome],
    ),
    "questions.questions": case(
        pair,
        lambda probability, outcome: YES_NO.questions(np.array(probability), np.array(outcome)),
        lambda probability, outcome: [[*map(F, probability)], [*map(F, outcome)], [F(1)] * len(outcome)],
    ),
    # the special functions
    "beta.beta_cdf": case(
        lambda d: {
            "x": d.of(st.sampled_from([1e-9, 0.1, 0.4999, 0.5, 0.51])),
            "a": d.one("counts") + 0.5,
            "b": d.one("counts") + 0.5,
        },
        lambda x, a, b: beta_cdf(np.array([x]), np.array([a]), np.array([b])),
        lambda x, a, b: [beta_below(x, a, b)],
        1e-3,
    ),
    "gamma.poisson_tail": case(
        lambda d: {"mean": max(d.one("counts"), 0.5), "needed": max(d.one("counts"), 1.0)},
        lambda mean, needed: poisson_tail(np.array([mean]), np.array([needed])),
        lambda mean, needed: [poisson_below(mean, needed)],
        1e-9,
    ),
}
