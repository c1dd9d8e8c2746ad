"""Compare forecasters of different claims, by taking each claim's difficulty out of their losses."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from forecasts.inputs import FloatArray, IndexArray, finite, headroom
from forecasts.options import codes

__all__ = ["DifficultyAdjustment", "adjust_for_difficulty"]


@dataclass(frozen=True)
class DifficultyAdjustment:
    """Losses as if everyone had forecast every claim.

    Attributes:
        adjusted: The mean loss of each forecaster, in the units of the loss; lower is better.
        difficulty: How much more than the average claim each claim cost those who forecast it.
    """

    adjusted: dict[Hashable, float]
    difficulty: dict[Hashable, float]


def adjust_for_difficulty(
    loss: ArrayLike, forecaster: Iterable[Hashable], claim: Iterable[Hashable], *, anchor: Hashable | None = None
) -> DifficultyAdjustment | None:
    """Take the difficulty of each claim out of the losses, and return each forecaster's mean loss; by least squares.

    The model is loss = forecaster + claim + rest. Its answer is fixed up to a constant, which is chosen so that the
    mean over the rows is kept, or, with `anchor`, so that this forecaster's adjusted loss is its raw mean
    (ForecastBench does so with "always 0.5", whose Brier score is 0.25 on every claim). Memory grows with
    forecasters x claims.

    This is the method of that site, for one loss a claim. A leaderboard of a ledger takes
    :func:`forecasts.adjusted_skill.adjusted_skill` instead, which compares at each moment, learns difficulty from a
    group in which no anchor is, and says how sure it is.

    Args:
        loss: Shape (n,), one for each pair that was scored.
        forecaster: The forecaster of each.
        claim: The claim of each.
        anchor: A forecaster whose mean loss is kept.

    Returns:
        The adjusted losses; None without rows.

    Raises:
        ValueError: Two forecasters are not connected by any chain of shared claims, so that nothing says who had the
            harder ones; an unknown anchor, unequal lengths, NaN or infinity.

    Source: two-way fixed effects, as in the ForecastBench leaderboard (Karger et al., 2025).

    Their index of the result is :func:`forecasts.platforms.forecastbench_index`.

    Hand-worked: both forecast "easy", the second alone "hard" too. On "easy" the second was worse by 0.1,
    so it is 0.1 worse, whatever the raw means say.

    >>> fair = adjust_for_difficulty([0.1, 0.2, 0.6], ["a", "b", "b"], ["easy", "easy", "hard"])
    >>> round(fair.adjusted["b"] - fair.adjusted["a"], 12), round(fair.difficulty["hard"], 12)
    (0.1, 0.266666666667)
    """
    values = np.atleast_1d(finite(loss, "loss"))
    people, person = codes(forecaster, "forecaster")
    claims, item = codes(claim, "claim")
    if not values.shape == person.shape == item.shape:
        raise ValueError(f"loss has shape {values.shape}; {person.size} forecasters, {item.size} claims")
    if not values.size:
        return None
    if anchor is not None and anchor not in people:
        raise ValueError(f"anchor {anchor!r} is not among the forecasters")
    pairs = np.zeros((len(people), len(claims)))
    np.add.at(pairs, (person, item), 1.0)
    _refuse_islands(pairs, people)

    unit = headroom(values)
    values = values / unit
    effect = _forecaster_effects(pairs, person, item, values)
    difficulty = np.bincount(item, values - effect[person]) / pairs.sum(axis=0)
    shift = float(difficulty[item].mean())
    if anchor is not None:
        row = people.index(anchor)
        shift = float(values[person == row].mean() - effect[row])
    with np.errstate(over="ignore"):
        adjusted, harder = (effect + shift) * unit, (difficulty - difficulty[item].mean()) * unit
    return DifficultyAdjustment(
        dict(zip(people, adjusted.tolist(), strict=True)), dict(zip(claims, harder.tolist(), strict=True))
    )


def _refuse_islands(pairs: FloatArray, people: list[Hashable]) -> None:
    """Walk from the first forecaster over shared claims; ValueError if some forecaster is not reached."""
    reached = np.arange(len(people)) == 0
    while True:
        claims = pairs[reached].any(axis=0)
        wider = np.asarray(pairs[:, claims].any(axis=1))
        if (wider == reached).all():
            break
        reached = wider
    if not reached.all():
        apart = people[int(np.argmin(reached))]
        raise ValueError(
            f"forecasters {people[0]!r} and {apart!r} share no claim, not even through others; "
            "their losses cannot be put on one scale"
        )


def _forecaster_effects(pairs: FloatArray, person: IndexArray, item: IndexArray, values: FloatArray) -> FloatArray:
    """Solve the least squares for the forecasters, with the claims eliminated and the first one held at 0."""
    share = pairs / pairs.sum(axis=0)
    mean = np.bincount(item, values) / pairs.sum(axis=0)
    system = np.diag(pairs.sum(axis=1)) - share @ pairs.T
    surplus = np.bincount(person, values - mean[item])
    effect = np.zeros(pairs.shape[0])
    effect[1:] = np.linalg.solve(system[1:, 1:], surplus[1:])
    return effect
