"""Rank forecasters by their skill over time without the difficulty of their claims: the leaderboard's arithmetic.

Forecasters who choose their claims, and join late, are put on one scale: on each claim, at each moment, they are
compared with those who stand there then. What a moment costs (its difficulty) is learned from a reference group alone,
so that nobody outside it moves the yardstick. A rank takes a weight of LEAST_WEIGHT claims. The simpler method of
ForecastBench, for one loss a claim, is :func:`forecasts.adjustment.adjust_for_difficulty`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.beta import beta_quantile
from forecasts.difficulty import Gains, GainTerms, Means, gains, kind_scale, means
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.options import between, generator, whole
from forecasts.parts import in_parts
from forecasts.pieces import Claims, flags, summed
from forecasts.ranking import drawn_ranks
from forecasts.stays import checked_pieces

__all__ = ["AdjustedSkill", "adjusted_skill"]

LEAST_WEIGHT = 10.0
"""From this weight on a forecaster is ranked: as much as ten claims covered from the opening to the end."""

RIDGE = 2.0
"""How firmly skill is held at that of the group while difficulty is learned: as by two claims of average skill."""

_FEWEST_PEOPLE = 5  # a smaller group does not show how much to shrink
# How many claims' worth of the group's mean are mixed into a skill: at least, at most, and if the group is too small.
_LOOSE, _FIRM, _BY_DEFAULT = 1.0, 200.0, 10.0
_WORTH_A_DIGIT = 0.05  # if no chance of being first reaches this, one bound is given for all
_SAME = 12  # skills that are equal at so many decimals share a rank


@dataclass(frozen=True, slots=True, eq=False)
class AdjustedSkill:
    """The figures of each forecaster, shape (forecasters,) each, and of each part of the leaderboard.

    Skill is in units of the loss of "knows nothing": 0 is as good as knowing nothing, 1 would be always right, and
    higher is better. A figure that cannot be computed is NaN. Forecasters who are not linked by any common claim and
    moment form parts, each with a table of its own; figures of different parts cannot be compared.

    Attributes:
        skill: The skill drawn towards the group's mean, the more the less weight it has. Tables are sorted by it.
        raw: The skill as measured.
        standard_error: The standard error of the raw skill.
        lower: Where the interval of the raw skill begins.
        upper: Where it ends.
        better: The chance that the forecaster is better than "knows nothing", cautious: by the skill as measured, or
            drawn towards the others, whichever is lower.
        rank: The place in its part by skill, from 1; 0 if unranked.
        first: The chance of being first in its part; NaN if unranked.
        rank_low: The best place that is likely: 5 % of the draws are better; 0 if unranked.
        rank_high: The worst place that is likely.
        weight: How many claims' worth was compared: shares of windows are added, a cluster counts at most 1.
        clusters: How many clusters were compared.
        ranked: Whether the weight is enough for a place.
        part: The number of its part, from 0; -1 if it was never compared.
        anchor: For each part the skill of "knows nothing" beside the group; below 0 if the group is better.
        anchor_error: The standard error of the anchor.
        shrinkage: For each part how many claims' worth of the group's mean was mixed into each skill (lambda).
        spread: For each part the estimated standard deviation between true skills (tau).
        first_at_most: For each part a bound on all chances of being first if none is worth showing; else NaN.
        scale: For each kind of claim the factor by which its losses were multiplied.
    """

    skill: FloatArray
    raw: FloatArray
    standard_error: FloatArray
    lower: FloatArray
    upper: FloatArray
    better: FloatArray
    rank: IndexArray
    first: FloatArray
    rank_low: IndexArray
    rank_high: IndexArray
    weight: FloatArray
    clusters: IndexArray
    ranked: BoolArray
    part: IndexArray
    anchor: FloatArray
    anchor_error: FloatArray
    shrinkage: FloatArray
    spread: FloatArray
    first_at_most: FloatArray
    scale: FloatArray


def adjusted_skill(
    claim: ArrayLike,
    forecaster: ArrayLike,
    start: ArrayLike,
    end: ArrayLike,
    loss: ArrayLike,
    *,
    window: ArrayLike,
    cluster: ArrayLike,
    reference: ArrayLike,
    eligible: ArrayLike | None = None,
    kind: ArrayLike | None = None,
    level: float = 0.9,
    draws: int = 4_000,
    seed: int = 0,
    ridge: float = RIDGE,
) -> AdjustedSkill:
    """Compare forecasters on each claim with those who stand there at the same moment, and rank them.

    A row is a piece: a number that stands on a claim from its start to its end. A forecaster's pieces on a claim go
    from the first forecast to the scheduled end, whatever happens: after a withdrawal, and once the answer is public,
    the loss is 0. So weights are known beforehand, and none of them depends on an outcome. Moments at which fewer than
    two of the group stand do not count.

    Args:
        claim: The number of the claim of each piece, from 0, shape (n,).
        forecaster: The number of its forecaster, from 0. "Knows nothing" is not one of them.
        start: When it begins to stand; whole numbers or floats, on one clock for each claim.
        end: When it ceases to.
        loss: (loss - loss of "knows nothing") / the expected loss of "knows nothing"; -1 is right and certain.
        window: The length of each claim's scheduled window on its clock, shape (claims,).
        cluster: The number of each claim's cluster, from 0; a cluster weighs at most as much as one claim.
        reference: Whether each forecaster is of the group from which difficulty is learned, shape (forecasters,).
        eligible: Whether each may have a rank; all may by default.
        kind: The number of each claim's kind, from 0; losses of a kind with 30 clusters are put on the scale of kind 0.
        level: The level of the intervals.
        draws: How often ranks are drawn.
        seed: The seed of the draws.
        ridge: How many claims' worth of average skill is mixed in while difficulty is learned.

    Raises:
        ValueError: Columns have unequal lengths, a number is out of range, a piece ends before it starts, or the pieces
            of one forecaster on one claim are together longer than its window.

    Source: two-way fixed effects, as Karger et al. (2025), by moment; standard errors HC3 of MacKinnon & White (1985).

    Hand-worked, without a ridge: A says .8 and B .6 on a claim that comes true; A says .3 on another that does not, C
    joins at half time with .1. Half the squared errors apart, in units of 1/4: B is .48 worse than A, C .32 better.

    >>> table = adjusted_skill([0, 0, 1, 1], [0, 1, 0, 2], [0, 0, 0, 1], [2, 2, 2, 2], [-0.84, -0.36, -0.64, -0.96],
    ...                        window=[2, 2], cluster=[0, 1], reference=[True] * 3, ridge=0.0)
    >>> (table.raw - table.raw[0]).round(6).tolist(), table.weight.tolist()
    ([0.0, -0.48, 0.32], [1.5, 1.0, 0.5])
    """
    pieces, claims = checked_pieces(claim, forecaster, start, end, loss, window, cluster, reference, kind)
    people = pieces.group.size
    may_rank = flags(np.ones(people, np.bool_) if eligible is None else eligible, "eligible", people)
    level, random, draws = between(level, "level"), generator(seed), whole(draws, "draws", least=200)
    inputs.refuse(np.asarray(ridge), np.asarray(inputs.finite(ridge, "ridge")) < 0, "ridge", "is below 0")

    pieces, claims, swept, part = in_parts(pieces, claims)
    scale = np.ones(1)
    if claims.kind.any():
        scale = kind_scale(swept, pieces, claims, ridge=ridge)
        factor = scale[claims.kind]
        swept = [block.scaled(factor[block.claims]) for block in swept]
    gained = gains(swept, pieces, claims=claims.window.size, ridge=ridge)
    own = means(gained.terms, people)
    anchor = _anchor(gained, claims, int(part.max(initial=-1)) + 1)
    part = np.where(own.clusters > 0, part, -1)
    pulled = [_pull(own, (part == number) & pieces.group) for number in range(anchor.mean.size)]
    # The small slack is for rounding: shares of ten full windows may add up to slightly less than ten.
    ranked = may_rank & (own.weight >= LEAST_WEIGHT - 1e-9)
    table = _measured(own, anchor, part, np.array(pulled).reshape(-1, 3), ranked, level, scale)
    return _drawn(table, own, draws, random)


def _measured(
    own: Means, anchor: Means, part: IndexArray, pulled: FloatArray, ranked: BoolArray, level: float, scale: FloatArray
) -> AdjustedSkill:
    """Return the table with every skill measured from "knows nothing" of its part; ranks are filled in later.

    Args:
        own: The mean gain of each forecaster.
        anchor: The mean gain of "knows nothing" in each part.
        part: The part of each forecaster.
        pulled: What :func:`_pull` returns, a row for each part.
        ranked: Whether each forecaster has a rank.
        level: The level of the intervals.
        scale: The factor of each kind of claim.
    """
    nothing = _of_part(anchor.mean, part)
    centre, firmness = _of_part(pulled[:, 0], part), _of_part(pulled[:, 1], part)
    # Both were measured against the same difficulty, and both are uncertain; their errors are taken as independent.
    raw, error = own.mean - nothing, np.sqrt(own.variance + _of_part(anchor.variance, part))
    reach = _student((1 + level) / 2, own.clusters) * error
    none, unranked = np.full(part.size, np.nan), np.zeros(part.size, np.intp)
    skill = (own.gained + firmness * centre) / (own.weight + firmness) - nothing
    # Among thousands without insight some look good by luck: their measured skill lies far above their true skill. So
    # the lower of two chances is taken.
    better = np.fmin(_chance_above_zero(raw, error), _chance_above_zero(skill, error))
    return AdjustedSkill(
        skill=skill,
        raw=raw,
        standard_error=error,
        lower=raw - reach,
        upper=raw + reach,
        better=better,
        rank=unranked,
        first=none,
        rank_low=unranked,
        rank_high=unranked,
        weight=own.weight,
        clusters=own.clusters,
        ranked=ranked,
        part=part,
        anchor=anchor.mean,
        anchor_error=np.sqrt(anchor.variance),
        shrinkage=pulled[:, 1],
        spread=pulled[:, 2],
        first_at_most=np.full(anchor.mean.size, np.nan),
        scale=scale,
    )


def _drawn(table: AdjustedSkill, own: Means, draws: int, random: np.random.Generator) -> AdjustedSkill:
    """Fill in the ranks within each part, their likely range, and the chances of being first."""
    rank, low, high = (np.zeros(table.part.size, np.intp) for _ in range(3))
    first, at_most = table.first.copy(), table.first_at_most.copy()
    for number in range(at_most.size):
        here = np.flatnonzero(table.ranked & (table.part == number))
        if not here.size:
            continue
        skill = -np.round(table.skill[here], _SAME)
        rank[here] = 1 + np.searchsorted(np.sort(skill), skill)
        # One variance for all, because those of single forecasters are too uncertain: a low one may be luck too.
        spread = (own.variance[here] * own.weight[here]).mean()
        first[here], low[here], high[here] = drawn_ranks(
            own.mean[here], spread / own.weight[here], draws=draws, random=random
        )
        if first[here].max() < _WORTH_A_DIGIT:
            at_most[number] = np.ceil(100 * first[here].max() + 1e-9) / 100
    return replace(table, rank=rank, first=first, rank_low=low, rank_high=high, first_at_most=at_most)


def _anchor(gained_by_all: Gains, claims: Claims, parts: int) -> Means:
    """Return the mean gain of "knows nothing" in each part: it loses 0, so it gains the difficulty of every moment."""
    claims_of_cluster = np.maximum(np.bincount(claims.cluster, gained_by_all.share > 0), 1)
    clusters = claims_of_cluster.size
    gained = summed(claims.cluster, gained_by_all.difficulty, clusters) / claims_of_cluster
    share = summed(claims.cluster, gained_by_all.share, clusters) / claims_of_cluster
    # Claims on which nobody is compared form one more part at the end, which is then cut off.
    part = np.full(clusters, parts)
    part[claims.cluster] = np.where(claims.part < 0, parts, claims.part)
    terms = GainTerms(part, gained * (share > 0), share, np.ones(share.size))
    return Means._make(column[:-1] for column in means([terms], parts + 1))


def _pull(own: Means, group: BoolArray) -> tuple[float, float, float]:
    """Return the group's mean, how many claims' worth of it to mix into each skill, and the spread of true skills."""
    if not own.weight[group].any():  # they met for less time than counts
        return np.nan, _BY_DEFAULT, np.nan
    centre = own.gained[group].sum() / own.weight[group].sum()
    has_variance = group & (own.clusters > 1)
    if np.count_nonzero(has_variance) < _FEWEST_PEOPLE:
        return centre, _BY_DEFAULT, np.nan
    weight = own.weight[has_variance]
    noise = float(np.median(own.variance[has_variance] * weight))  # the variance of a skill that rests on one claim
    between_people = max(0.0, float(own.mean[has_variance].var(ddof=1) - (noise / weight).mean()))
    firmness = _FIRM if noise > 0 else _LOOSE  # if skills differ no more than by noise
    if between_people > 0:
        firmness = noise / between_people
    return centre, min(max(firmness, _LOOSE), _FIRM), sqrt(between_people)


def _of_part(figure: FloatArray, part: IndexArray) -> FloatArray:
    """Return the figure of each forecaster's part; NaN for those in none."""
    return np.append(figure, np.nan)[part]


def _student(level: float, clusters: IndexArray) -> FloatArray:
    """Return quantiles of Student's t with clusters - 1 degrees of freedom; NaN for fewer than two clusters."""
    count, row = np.unique(clusters, return_inverse=True)
    freedom = np.maximum(count - 1.0, 1.0)
    half, share = np.full(freedom.size, 0.5), np.full(freedom.size, 2 * level - 1)
    part = beta_quantile(share, half, freedom / 2)  # of t^2 / (freedom + t^2)
    return np.where(count > 1, np.sqrt(freedom * part / (1 - part)), np.nan)[row]


def _chance_above_zero(value: FloatArray, error: FloatArray) -> FloatArray:
    """Return the chance that a normal number with this mean and error is above 0; without error 0, 1 or one half."""
    with np.errstate(invalid="ignore", divide="ignore"):
        distance = np.where(error > 0, value / error, np.sign(value) * np.inf)
    distance[(error == 0) & (value == 0)] = 0.0
    return np.array([erfc(-z / sqrt(2)) / 2 for z in distance.tolist()])
