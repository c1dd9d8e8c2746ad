"""Learn the difficulty of each claim at each moment from those who stand there, and each forecaster's gain on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from forecasts.pieces import Claims, Numbers, Pieces, blocks, distinct_pairs, summed
from forecasts.sweep import Room, Sweep

__all__ = ["GainTerms", "Gains", "Means", "gains", "kind_scale", "means"]

_SOME = 1e-9  # weights below this are rounding errors
_LEAST_REST = 0.2  # the least share of the weight at a moment that is taken to be of others than the forecaster
_FEWEST_CLUSTERS = 30  # a kind of claim needs so many to be put on the scale of the first kind
_STEPS = 1_000  # at most so many steps towards the solution; about ten are needed
_EXACT = 1e-10  # the largest error that is left in a skill


class GainTerms(NamedTuple):
    """How much some terms (a forecaster in a cluster) lost less than the difficulty, over the time that was compared.

    Attributes:
        owner: The number of the forecaster of each term.
        gained: The weighted integral of difficulty minus loss.
        weight: The weight of this integral.
        rest: Which share of the group's weight at those moments is of others; at least 0.2.
    """

    owner: Numbers
    gained: FloatArray
    weight: FloatArray
    rest: FloatArray


class Gains(NamedTuple):
    """How much forecasters lost less than the difficulty, and what that is.

    Attributes:
        terms: All terms, in blocks.
        difficulty: The integral of the difficulty, in shares of the window, for each claim.
        share: The share of the window in which there is a difficulty, for each claim.
    """

    terms: list[GainTerms]
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
        swept: The events of the claims, as :func:`~forecasts.sweep.sweep` returns them. They are used up: what was
            gained is written over what was saved, because new memory comes slowly.
        pieces: The losses of forecasters, and when they stand.
        claims: How many claims there are.
        ridge: How firmly skills are held at 0, in claims' worth of a forecaster with skill 0.

    Source: two-way fixed effects, as Karger et al. (2025); conjugate gradients, Hestenes & Stiefel (1952).

    Two stand together on one claim and lose 0 and 1, so the difficulty is one half:

    >>> from forecasts.sweep import sweep
    >>> two, zero, one = np.arange(2), np.zeros(1, np.intp), np.zeros(2, np.intp)
    >>> pieces = Pieces(one, one + 1, np.array([0.0, 1.0]), two, two[:0], two, zero, zero, None, two,
    ...                 np.ones(2), two >= 0)
    >>> result = gains(sweep(pieces, Claims(np.ones(1), zero, zero, zero)), pieces, claims=1, ridge=0.0)
    >>> result.difficulty.tolist(), result.terms[0].gained.tolist()
    ([0.5], [0.5, -0.5])
    """
    skill, terms = _skills(swept, pieces, ridge=ridge), []
    difficulty, share = np.zeros(claims), np.zeros(claims)
    for block in swept:
        left, own, owner = (
            block.company.means_left(skill),
            block.gained_by_stay(block.rate_left),
            block.forecaster_of_stay,
        )
        difficulty[block.claims], share[block.claims] = block.mean_loss + left[block.spans.opening], block.share
        if not pieces.group.all():
            own *= pieces.group[owner]
        gained = np.add(block.saved, block.gained_by_stay(left), out=block.saved)
        weight = np.multiply(compared := block.compared, block.weight, out=compared)
        terms.append(GainTerms(owner, gained, weight, np.multiply(own, block.weight, out=own)))
    if pieces.term is not None:  # else each stay is a term: nobody returns, and no two claims share a cluster
        term = [pieces.term[block.stays].take(block.stay) for block in swept]
        columns = (_totals(term, column, pieces.owner.size) for column in list(zip(*terms, strict=True))[1:])
        whole = GainTerms(pieces.owner, *columns)
        terms = [GainTerms._make(column[at] for column in whole) for at in blocks(pieces.owner.size)]
    return Gains([_robust(some) for some in terms], difficulty, share)


def _totals(label: Sequence[IndexArray], values: Sequence[FloatArray], size: int) -> FloatArray:
    """Return the sum of the values with each label; both come in blocks."""
    total = np.zeros(size)
    for label_of_block, values_of_block in zip(label, values, strict=True):
        total += summed(label_of_block, values_of_block, size)
    return total


def _robust(terms: GainTerms) -> GainTerms:
    """Return terms without weights that are rounding errors, and with :attr:`GainTerms.rest`, in place.

    In place of the rest *terms* have the weight that the forecaster has in the group's mean. Forecasters move the
    yardstick by which they are measured, the more the fewer stand beside them. HC3 divides that out by the rest.
    """
    none = terms.weight <= _SOME
    if none.any():
        terms.gained[none] = terms.weight[none] = terms.rest[none] = 0.0
    rest = np.divide(terms.rest, np.maximum(terms.weight, _SOME), out=terms.rest)
    np.maximum(np.subtract(1.0, rest, out=rest), _LEAST_REST, out=rest)
    return terms


def means(terms: Sequence[GainTerms], size: int) -> Means:
    """Return the weighted mean of the terms of each owner, and its variance, robust to what clusters share.

    Args:
        terms: The terms, in blocks; those of one owner are of different clusters. A residual is divided by their rest,
            because the term itself moved the yardstick.
        size: How many owners there are.

    Source: HC3 of MacKinnon & White (1985), J. Econometrics 29:305, with n/(n - 1) for n clusters.

    >>> result = means([GainTerms(np.zeros(2, np.intp), np.array([0.0, 1.0]), np.ones(2), np.ones(2))], 1)
    >>> result.mean.tolist(), result.variance.tolist()
    ([0.5], [0.25])
    """
    total, weights, squares, count = (np.zeros(size) for _ in range(4))
    for owner, gained, weight, _ in terms:
        total += summed(owner, gained, size)
        weights += summed(owner, weight, size)
        count += summed(owner, weight > 0, size)
    clusters = count.astype(np.intp)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(clusters > 0, total / weights, np.nan)
        level = np.where(clusters > 0, mean, 0.0)
        for owner, gained, weight, rest in terms:
            residual = (gained - weight * level.take(owner)) / rest
            squares += summed(owner, residual**2, size)
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
    >>> claim, stay, number = np.repeat(np.arange(60), 2), np.arange(120), np.arange(60)
    >>> loss = np.where(claim % 4 < 2, 1.0, -1.0) * np.where(claim % 2, 0.5, 1.0) * (stay % 2)
    >>> who, one = stay % 2, np.ones(120)
    >>> pieces = Pieces(0 * claim, 0 * claim + 1, loss, stay, stay[:0], who, number, 2 * number, None, who, one,
    ...                 one[:2] > 0)
    >>> claims = Claims(np.ones(60), number, number % 2, 0 * number)
    >>> kind_scale(sweep(pieces, claims, squares=True), pieces, claims, ridge=2.0).round(6).tolist()
    [1.0, 2.0]
    """
    kinds, skill = int(claims.kind.max(initial=0)) + 1, _skills(swept, pieces, ridge=ridge)
    residuals, time = np.zeros(kinds), np.zeros(kinds)  # by kind: squares summed over time, and that time
    is_compared = np.zeros(claims.kind.size, np.bool_)
    for block in swept:
        kind, skill_of_event = claims.kind[block.claims][block.claim], skill.take(block.forecaster)
        # A residual is loss + skill - the mean of both. In its square the part with losses alone is block.squares, the
        # products of loss and skill follow from the loss of each stay, and the others from these sums:
        total = block.total_of_group(skill_of_event)
        rate, mean_loss = (block.spans.to_next(left) for left in (block.rate_left, block.mean_loss_left))
        squares = block.total_of_group(skill_of_event**2) * block.duration - total**2 * rate - 2 * total * mean_loss
        residuals += summed(kind, squares + block.squares, kinds)
        own = skill.take(block.forecaster_of_stay) * pieces.group[block.forecaster_of_stay] * block.weight
        residuals += 2 * summed(kind[block.presence.begins], own * block.own_loss, kinds)
        time += summed(kind, block.total_of_group(np.ones(kind.size)) * block.duration, kinds)
        is_compared[block.claims[block.claim[block.is_compared]]] = True
    spread = np.sqrt(np.maximum(residuals, 0.0) / np.where(time > 0, time, 1.0))
    _, kind_of_cluster, _ = distinct_pairs(claims.kind[is_compared], claims.cluster[is_compared])
    enough = np.bincount(kind_of_cluster, minlength=kinds) >= _FEWEST_CLUSTERS
    return np.where(enough & enough[0] & (spread > _SOME), spread[0] / np.maximum(spread, _SOME), 1.0)


def _skills(swept: Sequence[Sweep], pieces: Pieces, *, ridge: float) -> FloatArray:
    """Solve for the skill of each forecaster of the group by conjugate gradients; 0 for others."""
    people, room = pieces.group.size, Room()
    companies = [block.company_of_group(room) for block in swept]
    diagonal, error = np.full(people, float(ridge)), np.zeros(people)
    for block in swept:
        diagonal += summed(block.forecaster_of_stay, block.weight * block.compared, people)
        error += summed(block.forecaster_of_stay, block.saved, people)
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
