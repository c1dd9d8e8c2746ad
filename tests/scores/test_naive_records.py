"""Each formula once more, in a few lines of plain Python with loops, on random input: records and comparisons."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random
from statistics import NormalDist

import numpy as np
import pytest

from forecasts.calibration import (
    auc,
    belief_movement,
    calibration_in_the_large,
    calibration_line,
    corp_decomposition,
    display_bins,
    histogram,
    murphy_decomposition,
    recalibrated,
    reliability_curve,
    sharpness,
    spiegelhalter,
)
from forecasts.comparison import adjust_for_difficulty, murphy_diagram, paired_bootstrap, shrink_differences
from forecasts.scores import log_score
from forecasts.sequential import confidence_sequence, e_process

SEEDS = range(20)
CLOSE = {"abs": 1e-9, "rel": 1e-9}


def forecasts_and_outcomes(seed: int, *, whole: bool = False, inner: bool = False) -> tuple[list[float], list[float]]:
    """A record with many ties; some outcomes are fractions."""
    random = Random(seed)
    size = random.randint(3, 40)
    ends = [] if inner else [0.0, 1.0]
    p = [random.choice([random.uniform(0.01, 0.99), random.choice([*ends, 0.1, 0.5, 0.9])]) for _ in range(size)]
    v = [float(random.random() < q) if whole or random.random() < 0.8 else random.random() for q in p]
    return p, v


def average(values) -> float:
    values = list(values)
    return sum(values) / len(values)


def rising(p: list[float], v: list[float]) -> list[float]:
    """Isotonic regression by its min-max formula: no pooling at all."""
    values = sorted(set(p))
    total = [sum(b for a, b in zip(p, v, strict=True) if a == value) for value in values]
    count = [p.count(value) for value in values]
    fit = {}
    for place, value in enumerate(values):
        fit[value] = max(
            min(sum(total[i : j + 1]) / sum(count[i : j + 1]) for j in range(place, len(values)))
            for i in range(place + 1)
        )
    return [fit[value] for value in p]


def squared(p, v):
    return (p - v) ** 2


def surprise(p, v):
    return -sum(w * (math.log(q) if q > 0 else -math.inf) for q, w in ((p, v), (1 - p, 1 - v)) if w > 0)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("ours", "naive"), [(None, squared), (log_score, surprise)])
def test_corp(seed, ours, naive):
    p, v = forecasts_and_outcomes(seed, inner=ours is not None)
    fit, rate = rising(p, v), average(v)
    best = average(naive(f, b) for f, b in zip(fit, v, strict=True))
    own, plain = average(naive(a, b) for a, b in zip(p, v, strict=True)), average(naive(rate, b) for b in v)

    split = corp_decomposition(p, v) if ours is None else corp_decomposition(p, v, score=ours)

    assert recalibrated(p, v) == pytest.approx(fit, **CLOSE)
    assert split.mean_score == pytest.approx(own, **CLOSE)
    assert split.miscalibration == pytest.approx(own - best, **CLOSE)
    assert split.discrimination == pytest.approx(plain - best, **CLOSE)
    assert split.uncertainty == pytest.approx(plain, **CLOSE)
    curve = reliability_curve(p, v)
    assert curve.probability.tolist() == sorted(set(p))
    assert curve.count.tolist() == [p.count(value) for value in sorted(set(p))]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("by_bins", [False, True])
def test_murphy_plain_and_corrected(seed, by_bins):
    p, v = forecasts_and_outcomes(seed)
    labels = [min(int(a * 10 + 1e-9), 9) for a in p] if by_bins else p
    size, rate = len(p), average(v)
    reliability = resolution = noise = 0.0
    for label in set(labels):
        said = [a for a, k in zip(p, labels, strict=True) if k == label]
        came = [b for b, k in zip(v, labels, strict=True) if k == label]
        reliability += len(said) * (average(said) - average(came)) ** 2 / size
        resolution += len(said) * (average(came) - rate) ** 2 / size
        if len(said) > 1:
            noise += sum((b - average(came)) ** 2 for b in came) / (len(came) - 1) / size
    uncertainty = average((b - rate) ** 2 for b in v)
    whole = uncertainty / (size - 1)
    groups = np.array(labels) if by_bins else None

    plain = murphy_decomposition(p, v, groups=groups)
    free = murphy_decomposition(p, v, groups=groups, corrected=True)

    assert [plain.reliability, plain.resolution, plain.uncertainty] == pytest.approx(
        [reliability, resolution, uncertainty], **CLOSE
    )
    assert [free.reliability, free.resolution, free.uncertainty] == pytest.approx(
        [reliability - noise, resolution - noise + whole, uncertainty + whole], **CLOSE
    )
    assert plain.groups == len(set(labels))


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_that_sum_a_record_up(seed):
    p, y = forecasts_and_outcomes(seed, whole=True)
    top = sum((b - a) * (1 - 2 * a) for a, b in zip(p, y, strict=True))
    bottom = sum((1 - 2 * a) ** 2 * a * (1 - a) for a in p)
    won, pairs = 0.0, 0
    for a, yes in zip(p, y, strict=True):
        for b, no in zip(p, y, strict=True):
            if yes == 1 and no == 0:
                pairs += 1
                won += 1.0 if a > b else 0.5 if a == b else 0.0
    counts, came = [0] * 10, [0.0] * 10
    for a, b in zip(p, y, strict=True):
        place = min(int(a * 10 + 1e-9), 9)
        counts[place] += 1
        came[place] += b

    test = spiegelhalter(p, y)
    shown = display_bins(p, y)

    assert test is None or test.z == pytest.approx(top / math.sqrt(bottom), **CLOSE)
    assert test is None or test.p_value == pytest.approx(2 * NormalDist().cdf(-abs(top / math.sqrt(bottom))), **CLOSE)
    assert auc(p, y) == (pytest.approx(won / pairs, **CLOSE) if pairs else None)
    assert sharpness(p) == pytest.approx(average(a * (1 - a) for a in p), **CLOSE)
    assert histogram(p).tolist() == shown.count.tolist() == counts
    assert np.nan_to_num(shown.frequency, nan=-1.0) == pytest.approx(
        [total / count if count else -1.0 for total, count in zip(came, counts, strict=True)], **CLOSE
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_line_by_descent(seed):
    """The same line by gradient steps small enough to be sure, from several starts."""
    p, y = forecasts_and_outcomes(seed, whole=True, inner=True)
    odds = [math.log(a / (1 - a)) for a in p]

    line, shift = calibration_line(p, y), calibration_in_the_large(p, y)

    def slopes(intercept, slope):
        gaps = [b - 1 / (1 + math.exp(-intercept - slope * x)) for x, b in zip(odds, y, strict=True)]
        return sum(gaps), sum(gap * x for gap, x in zip(gaps, odds, strict=True))

    if line is not None:
        assert slopes(line.intercept, line.slope) == pytest.approx((0.0, 0.0), abs=1e-8)
        weights = [s * (1 - s) for s in (1 / (1 + math.exp(-line.intercept - line.slope * x)) for x in odds)]
        a, b, c = (sum(w * x**k for w, x in zip(weights, odds, strict=True)) for k in range(3))
        assert line.slope_error == pytest.approx(math.sqrt(a / (a * c - b * b)), rel=1e-6)
    if shift is not None:
        assert slopes(shift, 1.0)[0] == pytest.approx(0.0, abs=1e-8)
    else:
        assert len(set(y)) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_belief_movement(seed):
    random = Random(seed)
    path = [random.random() for _ in range(random.randint(1, 9))]
    outcome = random.choice([None, 0, 1, 0.4])
    steps = path if outcome is None else [*path, outcome]
    moved = sum((b - a) ** 2 for a, b in pairwise(steps))
    removed = steps[0] * (1 - steps[0]) - steps[-1] * (1 - steps[-1])

    found = belief_movement(path, outcome)

    if len(steps) == 1:
        assert found is None
        return
    assert (found.movement, found.reduction, found.excess) == pytest.approx((moved, removed, moved - removed), **CLOSE)
    assert found.ratio == (pytest.approx(moved / removed, **CLOSE) if removed > 0 else None)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_murphy_diagram(seed):
    p, y = forecasts_and_outcomes(seed, whole=True)
    random = Random(seed)
    thetas = [random.random() for _ in range(9)] + p[:3]

    def elementary(a, b, theta):
        return theta * (b == 0 and a > theta) + (1 - theta) * (b == 1 and a <= theta)

    diagram = murphy_diagram(p, y, thetas=thetas)

    assert diagram.score == pytest.approx(
        [average(elementary(a, b, theta) for a, b in zip(p, y, strict=True)) for theta in thetas], **CLOSE
    )
    assert 2 * diagram.area == pytest.approx(average((a - b) ** 2 for a, b in zip(p, y, strict=True)), **CLOSE)


def quantile(ranked: list[float], level: float) -> float:
    place = level * (len(ranked) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (place - low) * (ranked[high] - ranked[low])


@pytest.mark.parametrize("seed", range(6))
def test_the_paired_bootstrap(seed):
    random = Random(seed)
    d = [random.gauss(0.1, 0.5) ** 3 for _ in range(25)]
    draws = np.random.default_rng(seed).integers(25, size=(400, 25)).tolist()
    means = sorted(average(d[i] for i in draw) for draw in draws)
    left = [average(d[:i] + d[i + 1 :]) for i in range(25)]
    centre = average(left)
    acceleration = sum((centre - x) ** 3 for x in left) / (6 * sum((centre - x) ** 2 for x in left) ** 1.5)
    normal = NormalDist()
    bias = normal.inv_cdf(average((m < average(d)) + (m == average(d)) / 2 for m in means))
    ends = []
    for level in (0.05, 0.95):
        z = bias + normal.inv_cdf(level)
        ends.append(quantile(means, normal.cdf(bias + z / (1 - acceleration * z))))

    ours = paired_bootstrap(d, seed=seed, level=0.9, resamples=400)

    assert ours.mean == pytest.approx(average(d), **CLOSE)
    assert (ours.percentile.lower, ours.percentile.upper) == pytest.approx(
        (quantile(means, 0.05), quantile(means, 0.95)), **CLOSE
    )
    assert (ours.bca.lower, ours.bca.upper) == pytest.approx(tuple(ends), **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_shrinkage(seed):
    random = Random(seed)
    rows = [[random.gauss(mu, 0.3) for _ in range(random.randint(2, 20))] for mu in (-0.3, 0.0, 0.1, 0.5)]
    means = [average(row) for row in rows]
    errors = [sum((x - m) ** 2 for x in row) / (len(row) - 1) / len(row) for row, m in zip(rows, means, strict=True)]
    w = [1 / e for e in errors]
    fixed = sum(a * b for a, b in zip(w, means, strict=True)) / sum(w)
    q = sum(a * (b - fixed) ** 2 for a, b in zip(w, means, strict=True))
    spread = max(0.0, (q - 3) / (sum(w) - sum(a * a for a in w) / sum(w)))
    u = [1 / (e + spread) for e in errors]
    centre = sum(a * b for a, b in zip(u, means, strict=True)) / sum(u)
    share = [e / (e + spread) for e in errors]

    ours = shrink_differences(rows)

    assert ours.spread**2 == pytest.approx(spread, **CLOSE)
    assert ours.centre == pytest.approx(centre, **CLOSE)
    assert ours.weight == pytest.approx(share, **CLOSE)
    assert ours.shrunk == pytest.approx([b * centre + (1 - b) * m for b, m in zip(share, means, strict=True)], **CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_difficulty_by_taking_turns(seed):
    """Forecasters given claims, claims given forecasters, over and over, is least squares in the end."""
    random = Random(seed)
    rows = [(f, c, random.random()) for f in range(4) for c in range(7) if c == 0 or random.random() < 0.7]
    skill, hard = dict.fromkeys(range(4), 0.0), {c: 0.0 for _, c, _ in rows}
    for _ in range(3000):
        for claim in hard:
            hard[claim] = average(x - skill[f] for f, c, x in rows if c == claim)
        for person in skill:
            skill[person] = average(x - hard[c] for f, c, x in rows if f == person)
    shift = average(hard[c] for _, c, _ in rows)
    forecaster, claim, loss = zip(*rows, strict=True)

    ours = adjust_for_difficulty(loss, forecaster, claim)

    assert [ours.adjusted[f] for f in skill] == pytest.approx([skill[f] + shift for f in skill], **CLOSE)
    assert [ours.difficulty[c] for c in hard] == pytest.approx([hard[c] - shift for c in hard], **CLOSE)


def wealth(values: list[float], mean: float, low: float) -> float:
    """The wealth of thirty bets on a mean above the one supposed, each multiplied out."""
    bets = [0.95 * u / 30 / (mean - low) for u in range(1, 31)]
    return average(math.prod(1 + bet * (x - mean) for x in values) for bet in bets)


@pytest.mark.parametrize("seed", range(3))
def test_the_anytime_valid_comparison(seed):
    random = Random(seed)
    d = [random.uniform(-0.6, 0.3) for _ in range(80)]
    turned = [-x for x in d]

    evidence, sequence = e_process(d), confidence_sequence(d)

    for place in (0, 5, 79):
        assert evidence[place] == pytest.approx(wealth(turned[: place + 1], 0.0, -1.0), rel=1e-9)
    assert -1 < sequence.lower < sequence.mean < sequence.upper
    assert wealth(d, sequence.lower, -1.0) == pytest.approx(40, rel=1e-6)
    assert wealth(turned, -sequence.upper, -1.0) == pytest.approx(40, rel=1e-6)
    assert sequence.mean == pytest.approx(average(d), **CLOSE)
