"""Compute the chances of ranks: how often each of several measured means would come first, or at which place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray, IndexArray

__all__ = ["DrawnRanks", "drawn_ranks"]

_SPREADS = 200  # values of the spread between means that are weighed
_PLACES_HELD = 1_000_000  # places held in memory at once
_PLACES_IN_CACHE = 1 << 18  # places that go through all steps together
_PLACES_DRAWN = 8_000_000  # places drawn in all: beyond 2,000 means there are fewer draws


class DrawnRanks(NamedTuple):
    """How each mean is ranked in the draws, shape (k,) each.

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
    0 to three times that of the measured means are equally likely beforehand. So luck does not make equal forecasters
    look different: the highest of many measured means is mostly lucky, which resampling of claims would not show.

    Args:
        mean: The measured means, shape (k,).
        variance: The squared standard error of each.
        draws: How many draws to make; with more than 2,000 means fewer are made, but at least 200.
        random: The source of random numbers.

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
    ranks = np.empty((draws, count), dtype=np.int16 if count < 2**15 else np.int32)
    for held in _slices(draws, _PLACES_HELD // count):
        middle = random.normal(centre[drawn[held]], centre_error[drawn[held]])
        for some in _slices(middle.size, _PLACES_IN_CACHE // count):
            true = _true_means(mean, variance, spreads[drawn[held][some]], middle[some], random)
            _write_ranks(true, ranks[held][some])
    return _summary(ranks)


def _slices(size: int, most: int) -> Iterator[slice]:
    """Cut a range of *size* into even slices of at most *most* items, or of one item if *most* is less."""
    parts = np.array_split(np.arange(size), -(-size // max(most, 1)))
    return (slice(int(part[0]), int(part[-1]) + 1) for part in parts)


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
    """Draw a row of true means for each centre in *middle* and spread in *spread*, both of shape (draws,)."""
    distinct, row = np.unique(spread, return_inverse=True)
    # How far a measured mean is drawn to the centre: by the share that its error has in the whole variance.
    drawn_in = variance / (variance + distinct[:, None] ** 2)
    true = random.standard_normal((middle.size, mean.size))
    true *= (np.sqrt(drawn_in) * distinct[:, None])[row]
    shift = middle[:, None] - mean
    shift *= drawn_in[row]
    true += shift
    true += mean
    return true


def _write_ranks(true: FloatArray, ranks: IndexArray) -> None:
    """Write the ranks of each row of true means into the same row of *ranks*; the highest mean has rank 1."""
    places = np.arange(1, true.shape[1] + 1, dtype=ranks.dtype)
    for row, order in zip(ranks, np.argsort(np.negative(true, out=true), axis=1), strict=True):
        row[order] = places


def _summary(ranks: IndexArray) -> DrawnRanks:
    """Summarise the ranks of each mean in many draws, for as many means at a time as fit the processor's cache."""
    draws, count = ranks.shape
    first, (low, high) = np.empty(count), np.empty((2, count), np.intp)
    tail = int(0.05 * (draws - 1))
    for some in _slices(count, _PLACES_IN_CACHE // draws):
        of_each = np.ascontiguousarray(ranks[:, some].T)
        first[some] = (of_each == 1).mean(axis=1)
        of_each.partition([tail, draws - 1 - tail], axis=1)
        low[some], high[some] = of_each[:, tail], of_each[:, draws - 1 - tail]
    return DrawnRanks(first, low, high)
