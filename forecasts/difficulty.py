"""What a claim costs at each moment, learned from those who stand there, and what each forecaster gains on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.pieces import Claims, Pieces, blocks, distinct_pairs, summed
from forecasts.sweep import Room, Sweep

__all__ = ["Gains", "Means", "gains", "kind_scale", "means"]

_SOME = 1e-9  # of a weight: less is rounding
_LEAST_REST = 0.2  # of the weight at a moment that is not the forecaster's own
_FEWEST_CLUSTERS = 30  # from which on a kind of claim is put on the scale of the first kind
_STEPS = 1_000  # of the solution; about ten are needed
_EXACT = 1e-10  # of a skill


class Gains(NamedTuple):
    """What was gained on the difficulty, over the time that was compared.

    Attributes:
        gained: By term (a forecaster in a cluster), the weighted integral of difficulty less loss.
        weight: By term, the weight over which it was taken.
        rest: By term, the share of the group's weight at those moments that is of others; at least 0.2.
        difficulty: By claim, the integral of the difficulty, in shares of the window.
        share: By claim, the share of the window in which there is one.
    """

    gained: FloatArray
    weight: FloatArray
    rest: FloatArray
    difficulty: FloatArray
    share: FloatArray


class Means(NamedTuple):
    """Means over clusters; shapes (k,), NaN without weight, the variance also with a single cluster."""

    gained: FloatArray
    weight: FloatArray
    mean: FloatArray
    variance: FloatArray
    clusters: IndexArray


def gains(swept: Sequence[Sweep], pieces: Pieces, *, claims: int, ridge: float) -> Gains:
    """Learn the difficulty of each moment from the group, and sum up what everybody gained on it.

    Least squares over time: loss = difficulty of the claim and moment - skill of the forecaster, with `ridge` times the
    squares of skill added.

    Args:
        swept: The events.
        pieces: What stands when, and what it loses.
        claims: How many claims there are.
        ridge: How firmly skill is held at 0.

    Source: two-way fixed effects, as Karger et al. (2025); conjugate gradients, Hestenes & Stiefel (1952).

    Two stand together on one claim and lose 0 and 1, so the moment costs one half:

    >>> from forecasts.sweep import sweep
    >>> two, zero, one = np.arange(2), np.zeros(1, np.intp), np.zeros(2, np.intp)
    >>> pieces = Pieces(one, one + 1, np.array([0.0, 1.0]), two, one, two, two, two, np.ones(2), two >= 0)
    >>> found = gains(sweep(pieces, Claims(np.ones(1), zero, zero, zero)), pieces, claims=1, ridge=0.0)
    >>> found.difficulty.tolist(), found.gained.tolist()
    ([0.5], [0.5, -0.5])
    """
    skill, forecaster = _skills(swept, pieces, ridge=ridge), pieces.forecaster
    gained, weight, rest = (np.full(forecaster.size, 0.0) for _ in range(3))  # by stay, which is most often a term
    difficulty, share = np.zeros(claims), np.zeros(claims)
    by_stay = pieces.owner is forecaster
    for block in swept:
        at = block.stays
        left = block.cost + block.everybody.left_of_means(skill)
        difficulty[block.claims], share[block.claims] = left[block.spans.opening], block.share
        own = (
            block.collected(block.rate)
            if pieces.group.all()
            else block.collected(block.rate) * pieces.group[forecaster[at]]
        )
        found = block.collected(left) - block.lost * block.weight, block.weight * block.compared, own * block.weight
        gained[at], weight[at], rest[at] = _robust(*found) if by_stay else found
    if not by_stay:
        gained, weight, rest = (summed(pieces.term, figure, pieces.owner.size) for figure in (gained, weight, rest))
        for at in blocks(weight.size):
            gained[at], weight[at], rest[at] = _robust(gained[at], weight[at], rest[at])
    return Gains(gained, weight, rest, difficulty, share)


def _robust(gained: FloatArray, weight: FloatArray, own: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what terms gain and weigh without rounding, and what share of the group's weight is not theirs.

    A forecaster moves the yardstick they are measured by, the more the fewer stand beside them; HC3 divides that out.
    """
    some = weight > _SOME
    rest = np.maximum(1 - own / np.maximum(weight, _SOME), _LEAST_REST)
    return gained * some, weight * some, rest


def means(label: IndexArray, gained: FloatArray, weight: FloatArray, rest: FloatArray | float, size: int) -> Means:
    """Return the weighted means by a label of each term, and their variances, robust within clusters.

    Args:
        label: Of each term, from 0.
        gained: What was gained on each.
        weight: What it weighs.
        rest: What is divided out of its residual, since the term itself moved the yardstick.
        size: How many labels there are.

    Source: HC3 of MacKinnon & White (1985), J. Econometrics 29:305, with n/(n - 1) for n clusters.

    >>> found = means(np.zeros(2, np.intp), np.array([0.0, 1.0]), np.ones(2), 1.0, 1)
    >>> found.mean.tolist(), found.variance.tolist()
    ([0.5], [0.25])
    """
    total, weights, squares, count = (np.zeros(size) for _ in range(4))
    for at in blocks(label.size):
        total += summed(label[at], gained[at], size)
        weights += summed(label[at], weight[at], size)
        count += summed(label[at], weight[at] > 0, size)
    clusters = count.astype(np.intp)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(clusters > 0, total / weights, np.nan)
        level, rest = np.where(clusters > 0, mean, 0.0), np.broadcast_to(rest, label.shape)
        for at in blocks(label.size):
            residual = (gained[at] - weight[at] * level[label[at]]) / rest[at] * (weight[at] > 0)
            squares += summed(label[at], residual**2, size)
        variance = np.where(clusters > 1, clusters / (clusters - 1) * squares / weights**2, np.nan)
    return Means(total, weights, mean, variance, clusters)


def kind_scale(swept: Sequence[Sweep], pieces: Pieces, claims: Claims, *, ridge: float) -> FloatArray:
    """Return what to multiply the losses of each kind of claim by, so that what is left of them has one spread.

    Kind 0 stays as it is, and so does a kind with fewer than 30 clusters.

    Args:
        swept: The events.
        pieces: What stands when, and what it loses.
        claims: Their kinds and clusters.
        ridge: As in :func:`gains`.

    Source: weighting by the residual spread of groups (feasible generalised least squares), Aitken (1936).

    >>> from forecasts.sweep import sweep
    >>> claim, term = np.repeat(np.arange(60), 2), np.arange(120)
    >>> loss = np.where(claim % 4 < 2, 1.0, -1.0) * np.where(claim % 2, 0.5, 1.0) * (term % 2)
    >>> who, one = term % 2, np.ones(120)
    >>> pieces = Pieces(0 * claim, 0 * claim + 1, loss, term, claim, who, term, who, one, one[:2] > 0)
    >>> number = np.arange(60)
    >>> claims = Claims(np.ones(60), number, number % 2, 0 * number)
    >>> kind_scale(sweep(pieces, claims, apart=True), pieces, claims, ridge=2.0).round(6).tolist()
    [1.0, 2.0]
    """
    kinds, skill = int(claims.kind.max(initial=0)) + 1, _skills(swept, pieces, ridge=ridge)
    share = pieces.stay_weight * pieces.group[pieces.forecaster]
    apart, time, compared = np.zeros(kinds), np.zeros(kinds), np.zeros(claims.kind.size, np.bool_)
    for block in swept:
        kind, own = claims.kind[block.claims][block.claim], skill[pieces.forecaster[block.stays]]
        added = skill[block.who]
        # of (loss + skill - their mean)^2: the losses' own part is block.apart, the others follow from the sums
        both = block.total(added)
        rate, cost = (-np.diff(left, append=0.0) for left in (block.rate, block.cost))
        squares = block.total(added**2) * block.lapse - both**2 * rate - 2 * both * cost
        apart += summed(kind, squares + block.apart, kinds)
        apart += 2 * summed(claims.kind[pieces.claim[block.stays]], share[block.stays] * own * block.lost, kinds)
        time += summed(kind, block.total(np.ones(kind.size)) * block.lapse, kinds)
        compared[block.claims[block.claim[block.meets]]] = True
    spread = np.sqrt(np.maximum(apart, 0.0) / np.where(time > 0, time, 1.0))
    _, of_cluster, _ = distinct_pairs(claims.kind[compared], claims.cluster[compared])
    enough = np.bincount(of_cluster, minlength=kinds) >= _FEWEST_CLUSTERS
    return np.where(enough & enough[0] & (spread > _SOME), spread[0] / np.maximum(spread, _SOME), 1.0)


def _skills(swept: Sequence[Sweep], pieces: Pieces, *, ridge: float) -> FloatArray:
    """Solve for the skill of each forecaster of the group by conjugate gradients; 0 for others."""
    people, forecaster = pieces.group.size, pieces.forecaster
    room = Room()
    companies = [block.of_group(room) for block in swept]
    diagonal, error = np.full(people, float(ridge)), np.zeros(people)
    for block in swept:
        who = forecaster[block.stays]
        diagonal += summed(who, block.weight * block.compared, people)
        error += summed(who, block.collected(block.cost) - block.weight * block.lost, people)
    diagonal[diagonal < _SOME] = 1.0
    error[~pieces.group] = 0.0
    # Skills sum up to 0. Said beside, it makes the solution quick: moved all alike, skills change next to nothing.
    pull = pieces.group * diagonal.mean() / people

    def changed(step: FloatArray) -> FloatArray:
        found: FloatArray = diagonal * step + pull * step.sum()
        for company in companies:
            found -= company.gathered(company.left_of_means(step), people)
        return found

    return _solved(changed, diagonal, error)


def _solved(changed: Callable[[FloatArray], FloatArray], diagonal: FloatArray, error: FloatArray) -> FloatArray:
    """Find by conjugate gradients what *changed* turns into *error*, which is used up; *diagonal* is its own."""
    found, step = np.zeros(error.size), error / diagonal
    size, slowest = float(error @ step), 0.0
    for _ in range(_STEPS):
        if size == 0:
            break
        change = changed(step)
        length = size / float(step @ change)
        found += length * step
        error -= length * change
        correction = error / diagonal
        before, size = size, float(error @ correction)
        slowest = max(slowest, sqrt(size / before))
        # What is still missing: as much as the correction if this went fast, and the more the slower it went.
        if slowest < 1 and np.abs(correction).max() <= _EXACT * (1 - slowest) ** 2:
            break
        step = correction + size / before * step
    return found
