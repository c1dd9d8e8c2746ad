"""Each formula once more, in a few lines of plain Python with loops, on random input: single scores and aggregates.

Nothing here uses numpy or a function of ours on the slow side, so a mistake would have to be made twice.
"""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

import pytest

from forecasts.aggregation import (
    extremised,
    geometric_mean_odds,
    mean,
    median,
    recency_weighted_median,
    skill_weighted,
    trimmed_mean,
)
from forecasts.quantities import (
    crps_cdf,
    crps_ensemble,
    crps_quantiles,
    interval_score,
    pinball,
    weighted_interval_score,
)
from forecasts.reference import constant_hazard, count_threshold, leave_one_out, lindy, updated
from forecasts.scores import brier, brier_multi, brier_original, log_score, mean_score, rps, skill, spherical

SEEDS = range(25)
CLOSE = {"abs": 1e-9, "rel": 1e-9}


def chances(random: Random, count: int) -> list[float]:
    """Probabilities of every sort: plain, near the ends, and repeated."""
    return [random.choice([random.random(), 10 ** -random.uniform(1, 12), 0.5, 0.1]) for _ in range(count)]


def fractions(random: Random, count: int) -> list[float]:
    return [random.choice([0.0, 1.0, random.random()]) for _ in range(count)]


def simplex(random: Random, count: int) -> list[float]:
    weights = [random.random() + 1e-6 for _ in range(count)]
    return [weight / sum(weights) for weight in weights]


@pytest.mark.parametrize("seed", SEEDS)
def test_scores_of_yes_and_no_and_of_fractions(seed):
    random = Random(seed)
    p, v = chances(random, 12), fractions(random, 12)

    def log(chance, outcome):
        return -sum(w * math.log(q) for w, q in ((outcome, chance), (1 - outcome, 1 - chance)) if w > 0)

    entropy = [log(b, b) if 0 < b < 1 else 0.0 for b in v]
    assert brier(p, v) == pytest.approx([(a - b) ** 2 for a, b in zip(p, v, strict=True)], **CLOSE)
    assert brier_original(p, v) == pytest.approx(
        [(a - b) ** 2 + ((1 - a) - (1 - b)) ** 2 for a, b in zip(p, v, strict=True)], **CLOSE
    )
    assert log_score(p, v) == pytest.approx([log(a, b) for a, b in zip(p, v, strict=True)], **CLOSE)
    assert log_score(p, v, base=2) == pytest.approx(
        [log(a, b) / math.log(2) for a, b in zip(p, v, strict=True)], **CLOSE
    )
    assert log_score(p, v, excess=True) == pytest.approx(
        [log(a, b) - h for a, b, h in zip(p, v, entropy, strict=True)], **CLOSE
    )
    clipped = [min(max(a, 0.01), 0.99) for a in p]
    assert log_score(p, v, clip=0.01) == pytest.approx([log(a, b) for a, b in zip(clipped, v, strict=True)], **CLOSE)
    assert spherical(p, v) == pytest.approx(
        [(b * a + (1 - b) * (1 - a)) / math.sqrt(a * a + (1 - a) ** 2) for a, b in zip(p, v, strict=True)], **CLOSE
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_scores_of_categories(seed):
    random = Random(seed)
    size = random.randint(2, 9)
    rows = [simplex(random, size) for _ in range(8)]
    happened = [random.randrange(size) for _ in rows]
    squares, ranked, logs, directions = [], [], [], []
    for row, k in zip(rows, happened, strict=True):
        squares.append(sum((q - (j == k)) ** 2 for j, q in enumerate(row)))
        ranked.append(sum((sum(row[: j + 1]) - (k <= j)) ** 2 for j in range(size - 1)))
        logs.append(-math.log(row[k]))
        directions.append(row[k] / math.sqrt(sum(q * q for q in row)))

    assert brier_original(rows, happened, categories=True) == pytest.approx(squares, **CLOSE)
    assert brier_multi(rows, happened) == pytest.approx([s / 2 for s in squares], **CLOSE)
    assert rps(rows, happened, normalize=False) == pytest.approx(ranked, **CLOSE)
    assert rps(rows, happened) == pytest.approx([r / (size - 1) for r in ranked], **CLOSE)
    assert log_score(rows, happened, categories=True) == pytest.approx(logs, **CLOSE)
    assert spherical(rows, happened, categories=True) == pytest.approx(directions, **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_skill_and_the_rate_of_the_others(seed):
    random = Random(seed)
    v, tags = fractions(random, 14), [random.choice("ab") for _ in range(14)]
    rates = []
    for i, tag in enumerate(tags):
        others = [v[j] for j in range(14) if j != i and tags[j] == tag]
        rates.append(sum(others) / len(others) if others else 0.3)
    own, reference = chances(random, 14), chances(random, 14)

    assert leave_one_out(v, tag=tags, alone=0.3) == pytest.approx(rates, **CLOSE)
    assert mean_score(own) == pytest.approx(sum(own) / 14, **CLOSE)
    assert skill(own, reference) == pytest.approx(1 - (sum(own) / 14) / (sum(reference) / 14), **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_aggregates(seed):
    random = Random(seed)
    count = random.randint(1, 9)
    p = [random.uniform(0.001, 0.999) for _ in range(count)]
    weights = [random.random() + 0.01 for _ in range(count)]
    ranked = sorted(p)
    middle = (ranked[(count - 1) // 2] + ranked[count // 2]) / 2
    cut = math.floor(0.2 * count)
    kept = ranked[cut : count - cut]
    product, weighted = 1.0, 1.0
    for q, w in zip(p, weights, strict=True):
        product *= (q / (1 - q)) ** (1 / count)
        weighted *= (q / (1 - q)) ** (w / sum(weights))

    assert mean(p) == pytest.approx(sum(p) / count, **CLOSE)
    assert mean(p, weights=weights) == pytest.approx(
        sum(q * w for q, w in zip(p, weights, strict=True)) / sum(weights), **CLOSE
    )
    assert median(p) == pytest.approx(middle, **CLOSE)
    assert trimmed_mean(p, trim=0.2) == pytest.approx(sum(kept) / len(kept), **CLOSE)
    assert geometric_mean_odds(p) == pytest.approx(product / (1 + product), **CLOSE)
    assert geometric_mean_odds(p, weights=weights) == pytest.approx(weighted / (1 + weighted), **CLOSE)
    assert extremised(p, factor=2.5) == pytest.approx(product**2.5 / (1 + product**2.5), **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_median_that_forgets(seed):
    random = Random(seed)
    count = random.randint(1, 12)
    p = [random.choice([random.random(), 0.4]) for _ in range(count)]
    weights = [math.exp(math.sqrt(k + 1) - math.sqrt(count)) if count > 2 else 1.0 for k in range(count)]
    pairs, half, reached = sorted(zip(p, weights, strict=True)), sum(weights) / 2, 0.0
    for place, (q, w) in enumerate(pairs):
        reached += w
        if reached > half * (1 + 1e-12):
            expected = q
            break
        if reached > half * (1 - 1e-12):
            expected = (q + pairs[place + 1][0]) / 2
            break

    assert recency_weighted_median(p) == pytest.approx(expected, **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_weights_from_past_claims(seed):
    random = Random(seed)
    p = [random.random() for _ in range(4)]
    losses = [[random.choice([random.random(), math.nan]) for _ in range(6)] for _ in p]
    known, now = [random.uniform(0, 10) for _ in range(6)], 5.0
    weights = []
    for row in losses:
        past = [loss for loss, when in zip(row, known, strict=True) if when < now and not math.isnan(loss)]
        weights.append(max(0.0, 1 - (sum(past) + 0.25) / (len(past) + 1) / 0.25))
    if not sum(weights):
        weights = [1.0] * 4

    ours = skill_weighted(p, losses, known=known, at=now)

    assert ours == pytest.approx(sum(q * w for q, w in zip(p, weights, strict=True)) / sum(weights), **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_evidence_and_reference_forecasters(seed):
    random = Random(seed)
    prior, ratios = random.uniform(0.01, 0.99), [math.exp(random.gauss(0, 1)) for _ in range(5)]
    weights = [random.random() for _ in ratios]
    odds = prior / (1 - prior)
    for ratio, weight in zip(ratios, weights, strict=True):
        odds *= ratio**weight
    horizon, p0 = random.uniform(1, 400), random.random()
    elapsed = random.uniform(0, horizon)
    rate, needed = random.uniform(0, 5), random.randint(0, 12)
    fewer, term = 0.0, math.exp(-rate * horizon / 100)
    for k in range(needed):
        fewer += term
        term *= rate * horizon / 100 / (k + 1)

    assert updated(prior, ratios, weights=weights) == pytest.approx(odds / (1 + odds), **CLOSE)
    by_now = 1 - (1 - p0) ** ((horizon - elapsed) / horizon)
    assert constant_hazard(p0, elapsed=elapsed, horizon=horizon) == pytest.approx(by_now, **CLOSE)
    assert constant_hazard(p0, elapsed=elapsed, horizon=horizon, survival=True) == pytest.approx(1 - by_now, **CLOSE)
    assert lindy(elapsed=elapsed, left=horizon) == pytest.approx(horizon / (elapsed + horizon), **CLOSE)
    assert lindy(elapsed=elapsed, left=horizon, events=3, fixed_period=True) == pytest.approx(
        1 - (1 + horizon / elapsed) ** -4, **CLOSE
    )
    assert count_threshold(rate=rate / 100, left=horizon, needed=needed) == pytest.approx(1 - fewer, **CLOSE)


def summed(curve, start, end, steps=4000):
    """Simpson's rule, exact for the squares of straight lines."""
    width = (end - start) / steps
    total = curve(start) + curve(end)
    for k in range(1, steps):
        total += (4 if k % 2 else 2) * curve(start + k * width)
    return total * width / 3


@pytest.mark.parametrize("seed", SEEDS)
def test_scores_of_numbers(seed):
    random = Random(seed)
    members, outcome = [random.gauss(0, 3) for _ in range(7)], random.gauss(0, 3)
    near = sum(abs(x - outcome) for x in members) / 7
    pairs = sum(abs(x - y) for x in members for y in members)
    values, levels = sorted(random.gauss(0, 3) for _ in range(5)), [0.05, 0.3, 0.5, 0.7, 0.95]
    losses = [((outcome <= q) - a) * (q - outcome) for q, a in zip(values, levels, strict=True)]
    halves = []
    for low, high, alpha in ((values[0], values[4], 0.1), (values[1], values[3], 0.6)):
        beyond = max(low - outcome, 0) + max(outcome - high, 0)
        halves.append((high - low) + 2 / alpha * beyond)

    assert crps_ensemble(members, outcome) == pytest.approx(near - pairs / (2 * 49), **CLOSE)
    assert crps_ensemble(members, outcome, estimator="fair") == pytest.approx(near - pairs / (2 * 42), **CLOSE)
    assert pinball(values, outcome, level=levels) == pytest.approx(losses, **CLOSE)
    assert crps_quantiles(values, outcome, levels=levels) == pytest.approx(2 * sum(losses) / 5, **CLOSE)
    assert interval_score(values[0], values[4], outcome, alpha=0.1) == pytest.approx(halves[0], **CLOSE)
    whole = (abs(outcome - values[2]) / 2 + 0.05 * halves[0] + 0.3 * halves[1]) / 2.5
    assert weighted_interval_score(values, outcome, levels=levels) == pytest.approx(whole, **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("bounded", [False, True])
def test_curves_are_integrated_piece_by_piece(seed, bounded):
    random = Random(seed)
    places = sorted(random.uniform(0, 10) for _ in range(4))
    heights = sorted([random.random() for _ in range(3)] + [random.random() if bounded else 1.0])
    outcome = random.choice([random.uniform(-2, 14), math.inf if bounded else 3.0])
    horizon = random.uniform(5, 16) if bounded else None

    def curve(z):
        if z < places[0]:
            return 0.0
        for (a, b), (low, high) in zip(pairwise(places), pairwise(heights), strict=True):
            if a <= z <= b:
                return low + (high - low) * (z - a) / (b - a)
        return heights[-1]

    last = horizon if bounded else max(places[-1], outcome)
    cuts = sorted({min(cut, last) for cut in [min(places[0], outcome, last), *places, outcome, last]})
    total = 0.0
    for start, end in pairwise(cuts):
        inside = 1e-13 * (end - start)  # the jumps lie on the borders of the pieces
        happened = (start + end) / 2 >= outcome
        total += summed(lambda z, h=happened: (curve(z) - h) ** 2, start + inside, end - inside, steps=2)

    ours = crps_cdf(heights, outcome, thresholds=places, horizon=horizon)

    assert ours == pytest.approx(total, abs=1e-9, rel=1e-9)
