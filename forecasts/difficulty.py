"""Learn the difficulty of each claim at each moment from those who stand there, and each forecaster's gain on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.pieces import Claims, Pieces, blocks, distinct_pairs, summed
from forecasts.sweep import Room, Sweep

__all__ = ["Gains", "Means", "gains", "kind_scale", "means"]

_SOME = 1e-9  # weights below this are rounding errors
_LEAST_REST = 0.2  # the least share of the weight at a moment that is taken to be of others than the forecaster
_FEWEST_CLUSTERS = 30  # a kind of claim needs so many to be put on the scale of the first kind
_STEPS = 1_000  # at most so many steps towards the solution; about ten are needed
_EXACT = 1e-10  # the largest error that is left in a skill


class Gains(NamedTuple):
    """How much forecasters lost less than the difficulty, over the time in which they could be compared.

    Attributes:
        gained: The weighted integral of difficulty minus loss, for each term (a forecaster in a cluster).
        weight: The weight of this integral, for each term.
        rest: Which share of the group's weight at those moments is of others, for each term; at least 0.2.
        difficulty: The integral of the difficulty, in shares of the window, for each claim.
        share: The share of the window in which there is a difficulty, for each claim.
    """

    gained: FloatArray
    weight: FloatArray
    rest: FloatArray
    difficulty: FloatArray
    share: FloatArray


class Means(NamedTuple):
    """Weighted means over clusters: shape (k,) each.

    Attributes:
        gained: What was gained in all.
        weight: Its weight in all.
        mean: Their ratio; NaN without weight.
        variance: The variance of the mean; NaN with fewer than two clusters.
        clusters: How many clusters there are.
    """

    gained: FloatArray
    weight: FloatArray
    mean: FloatArray
    variance: FloatArray
    clusters: IndexArray


def gains(swept: Sequence[Sweep], pieces: Pieces, *, claims: int, ridge: float) -> Gains:
    """Learn the difficulty of each moment from the group, and sum up how much less than it everybody lost.

    The model is loss = difficulty of the claim at the moment - skill of the forecaster, fitted by least squares over
    time, with *ridge* times the squares of skill added.

    Args:
        swept: The events of the claims, as :func:`~forecasts.sweep.sweep` returns them.
        pieces: The losses of forecasters, and when they stand.
        claims: How many claims there are.
        ridge: How firmly skills are held at 0, in claims' worth of a forecaster with skill 0.

    Source: two-way fixed effects, as Karger et al. (2025); conjugate gradients, Hestenes & Stiefel (1952).

    Two stand together on one claim and lose 0 and 1, so the difficulty is one half:

    >>> from forecasts.sweep import sweep
    >>> two, zero, one = np.arange(2), np.zeros(1, np.intp), np.zeros(2, np.intp)
    >>> pieces = Pieces(one, one + 1, np.array([0.0, 1.0]), two, one, two, two, two, np.ones(2), two >= 0)
    >>> result = gains(sweep(pieces, Claims(np.ones(1), zero, zero, zero)), pieces, claims=1, ridge=0.0)
    >>> result.difficulty.tolist(), result.gained.tolist()
    ([0.5], [0.5, -0.5])
    """
    skill, forecaster = _skills(swept, pieces, ridge=ridge), pieces.forecaster
    gained, weight, rest = (np.full(forecaster.size, 0.0) for _ in range(3))  # by stay
    difficulty, share = np.zeros(claims), np.zeros(claims)
    each_stay_is_a_term = pieces.owner is forecaster  # nearly always: nobody returns, and no two claims share a cluster
    for block in swept:
        at = block.stays
        left = block.mean_loss_left + block.company.means_left(skill)
        difficulty[block.claims], share[block.claims] = left[block.spans.opening], block.share
        own = (
            block.gained_by_stay(block.rate_left)
            if pieces.group.all()
            else block.gained_by_stay(block.rate_left) * pieces.group[forecaster[at]]
        )
        sums = (
            block.gained_by_stay(left) - block.own_loss * block.weight,
            block.weight * block.compared,
            own * block.weight,
        )
        gained[at], weight[at], rest[at] = _robust(*sums) if each_stay_is_a_term else sums
    if not each_stay_is_a_term:
        gained, weight, rest = (summed(pieces.term, figure, pieces.owner.size) for figure in (gained, weight, rest))
        for at in blocks(weight.size):
            gained[at], weight[at], rest[at] = _robust(gained[at], weight[at], rest[at])
    return Gains(gained, weight, rest, difficulty, share)


def _robust(gained: FloatArray, weight: FloatArray, own: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the gain and weight of each term, without those that are rounding errors, and :attr:`Gains.rest`.

    *own* is the weight that the forecaster has in the group's mean. Forecasters move the yardstick by which they are
    measured, the more the fewer stand beside them. HC3 divides that out by the rest.
    """
    has_weight = weight > _SOME
    rest = np.maximum(1 - own / np.maximum(weight, _SOME), _LEAST_REST)
    return gained * has_weight, weight * has_weight, rest


def means(label: IndexArray, gained: FloatArray, weight: FloatArray, rest: FloatArray | float, size: int) -> Means:
    """Return the weighted mean of the terms with each label, and its variance, robust to what clusters share.

    Args:
        label: The label of each term, from 0; terms with one label are of different clusters.
        gained: What was gained on each term.
        weight: Its weight.
        rest: What its residual is divided by, because the term itself moved the yardstick.
        size: How many labels there are.

    Source: HC3 of MacKinnon & White (1985), J. Econometrics 29:305, with n/(n - 1) for n clusters.

    >>> result = means(np.zeros(2, np.intp), np.array([0.0, 1.0]), np.ones(2), 1.0, 1)
    >>> result.mean.tolist(), result.variance.tolist()
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
    """Return the factor for the losses of each kind of claim that gives all kinds the same spread of residuals.

    A residual is a loss from which difficulty and skill are taken out. The factor is 1 for kind 0, and for a kind with
    fewer than 30 clusters.

    Args:
        swept: The events of the claims, with squares.
        pieces: The losses of forecasters, and when they stand.
        claims: The kinds and clusters of claims.
        ridge: As for :func:`gains`.

    Source: weighting by the residual spread of groups (feasible generalised least squares), Aitken (1936).

    >>> from forecasts.sweep import sweep
    >>> claim, term = np.repeat(np.arange(60), 2), np.arange(120)
    >>> loss = np.where(claim % 4 < 2, 1.0, -1.0) * np.where(claim % 2, 0.5, 1.0) * (term % 2)
    >>> who, one = term % 2, np.ones(120)
    >>> pieces = Pieces(0 * claim, 0 * claim + 1, loss, term, claim, who, term, who, one, one[:2] > 0)
    >>> number = np.arange(60)
    >>> claims = Claims(np.ones(60), number, number % 2, 0 * number)
    >>> kind_scale(sweep(pieces, claims, squares=True), pieces, claims, ridge=2.0).round(6).tolist()
    [1.0, 2.0]
    """
    kinds, skill = int(claims.kind.max(initial=0)) + 1, _skills(swept, pieces, ridge=ridge)
    share = pieces.stay_weight * pieces.group[pieces.forecaster]
    residuals, time = np.zeros(kinds), np.zeros(kinds)  # by kind: squares summed over time, and that time
    is_compared = np.zeros(claims.kind.size, np.bool_)
    for block in swept:
        kind, own = claims.kind[block.claims][block.claim], skill[pieces.forecaster[block.stays]]
        skill_of_event = skill[block.forecaster]
        # A residual is loss + skill - the mean of both. In its square the part with losses alone is block.squares, the
        # products of loss and skill follow from the loss of each stay, and the others from these sums:
        total = block.total_of_group(skill_of_event)
        rate, mean_loss = (-np.diff(left, append=0.0) for left in (block.rate_left, block.mean_loss_left))
        squares = block.total_of_group(skill_of_event**2) * block.duration - total**2 * rate - 2 * total * mean_loss
        residuals += summed(kind, squares + block.squares, kinds)
        residuals += 2 * summed(
            claims.kind[pieces.claim[block.stays]], share[block.stays] * own * block.own_loss, kinds
        )
        time += summed(kind, block.total_of_group(np.ones(kind.size)) * block.duration, kinds)
        is_compared[block.claims[block.claim[block.is_compared]]] = True
    spread = np.sqrt(np.maximum(residuals, 0.0) / np.where(time > 0, time, 1.0))
    _, kind_of_cluster, _ = distinct_pairs(claims.kind[is_compared], claims.cluster[is_compared])
    enough = np.bincount(kind_of_cluster, minlength=kinds) >= _FEWEST_CLUSTERS
    return np.where(enough & enough[0] & (spread > _SOME), spread[0] / np.maximum(spread, _SOME), 1.0)


def _skills(swept: Sequence[Sweep], pieces: Pieces, *, ridge: float) -> FloatArray:
    """Solve for the skill of each forecaster of the group by conjugate gradients; 0 for others."""
    people, forecaster = pieces.group.size, pieces.forecaster
    room = Room()
    companies = [block.company_of_group(room) for block in swept]
    diagonal, error = np.full(people, float(ridge)), np.zeros(people)
    for block in swept:
        who = forecaster[block.stays]
        diagonal += summed(who, block.weight * block.compared, people)
        error += summed(who, block.gained_by_stay(block.mean_loss_left) - block.weight * block.own_loss, people)
    diagonal[diagonal < _SOME] = 1.0
    error[~pieces.group] = 0.0
    # The solution has skills that sum to 0. If that is one of the equations, few steps are needed: without it, moving
    # all skills by one amount changes next to nothing, so the steps cannot tell how far to go.
    pull = pieces.group * diagonal.mean() / people

    def changed(step: FloatArray) -> FloatArray:
        change: FloatArray = diagonal * step + pull * step.sum()
        for company in companies:
            change -= company.gained_by_forecaster(company.means_left(step), people)
        return change

    return _solved(changed, diagonal, error)


def _solved(changed: Callable[[FloatArray], FloatArray], diagonal: FloatArray, error: FloatArray) -> FloatArray:
    """Solve changed(solution) = error by conjugate gradients.

    Args:
        changed: Multiplies a vector by the matrix of the equations, which is symmetric.
        diagonal: The diagonal of the matrix, or nearly; dividing by it makes the steps few.
        error: The right side of the equations; it is overwritten.
    """
    solution, step = np.zeros(error.size), error / diagonal
    size, slowest = float(error @ step), 0.0
    for _ in range(_STEPS):
        if size == 0:
            break
        change = changed(step)
        length = size / float(step @ change)
        solution += length * step
        error -= length * change
        correction = error / diagonal
        before, size = size, float(error @ correction)
        slowest = max(slowest, sqrt(size / before))
        # The rest of the way is about as long as this correction if corrections shrink fast, and longer if slowly.
        if slowest < 1 and np.abs(correction).max() <= _EXACT * (1 - slowest) ** 2:
            break
        step = correction + size / before * step
    return solution
