"""Chances of ranks: how often each of several measured means would come first, or at which place."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray, IndexArray

__all__ = ["DrawnRanks", "drawn_ranks"]

_SPREADS = 200  # values of the spread between means that are weighed
_PLACES_HELD = 1_000_000  # places held in memory at once
_PLACES_DRAWN = 20_000_000  # places drawn in all: beyond 5,000 means there are fewer draws


class DrawnRanks(NamedTuple):
    """What the draws say of each mean, shapes (k,).

    Attributes:
        first: The share of draws in which it is the highest.
        low: The best rank it has, without the 5 % of draws that are best for it; 1 is first.
        high: The worst rank it has, without the 5 % of draws that are worst for it.
    """

    first: FloatArray
    low: IndexArray
    high: IndexArray


def drawn_ranks(mean: FloatArray, variance: FloatArray, *, draws: int, random: np.random.Generator) -> DrawnRanks:
    """Draw the true means from what is known of them, and rank each draw; the highest is first.

    The true means are normal around a common centre with a common spread. The centre may be anything; all spreads from
    0 to three times that of the measured means are equally likely beforehand. So equal forecasters are not told apart
    because of luck: the highest of many measured means is mostly lucky, which resampling claims does not see.

    Args:
        mean: The measured means, shape (k,).
        variance: The squared standard error of each.
        draws: How many; fewer for more than 5,000 means, at least 200.
        random: Random numbers.

    Source: the hierarchical normal model, Gelman et al. (2013), Bayesian Data Analysis, section 5.4.

    >>> ranks = drawn_ranks(np.array([0.0, 3.0]), np.full(2, 0.01), draws=400, random=np.random.default_rng(1))
    >>> ranks.first.tolist(), ranks.low.tolist(), ranks.high.tolist()
    ([0.0, 1.0], [2, 1], [2, 1])
    """
    count = mean.size
    draws = min(draws, max(200, _PLACES_DRAWN // count))
    spreads = 3 * max(float(mean.std()), 1e-12) * (np.arange(_SPREADS) + 0.5) / _SPREADS
    centre, centre_error, chance = _given_spread(mean, variance, spreads)
    drawn = random.choice(_SPREADS, draws, p=chance)
    places = np.arange(1, count + 1, dtype=np.int16 if count < 2**15 else np.int32)
    ranks = np.empty((draws, count), dtype=places.dtype)
    for block in np.array_split(np.arange(draws), -(-draws * count // _PLACES_HELD)):
        at = drawn[block]
        middle = random.normal(centre[at], centre_error[at])
        true = _true_means(mean, variance, spreads[at][:, None], middle[:, None], random)
        np.put_along_axis(ranks[block[0] : block[-1] + 1], np.argsort(-true, axis=1), places[None, :], axis=1)
    first = (ranks == 1).mean(axis=0)
    of_each = np.ascontiguousarray(ranks.T)
    tail = int(0.05 * (draws - 1))
    of_each.partition([tail, draws - 1 - tail], axis=1)
    return DrawnRanks(first, of_each[:, tail].astype(np.intp), of_each[:, draws - 1 - tail].astype(np.intp))


def _given_spread(
    mean: FloatArray, variance: FloatArray, spreads: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the centre of the true means and its standard error for each spread, and how likely each spread is."""
    precision = 1 / (variance + spreads[:, None] ** 2)
    total = precision.sum(axis=1)
    centre = (precision * mean).sum(axis=1) / total
    misfit = (precision * (mean - centre[:, None]) ** 2).sum(axis=1)
    log_chance = (np.log(precision).sum(axis=1) - np.log(total) - misfit) / 2
    chance = np.exp(log_chance - log_chance.max())
    return centre, 1 / np.sqrt(total), chance / chance.sum()


def _true_means(
    mean: FloatArray, variance: FloatArray, spread: FloatArray, middle: FloatArray, random: np.random.Generator
) -> FloatArray:
    """Draw true means around some centres with their spreads, shapes (draws, 1): one row of means for each."""
    replaced = variance / (variance + spread**2)
    drawn = random.standard_normal((middle.size, mean.size)) * np.sqrt(replaced) * spread
    return np.asarray(drawn + mean + replaced * (middle - mean))
