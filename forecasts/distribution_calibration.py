"""Judge whether distributions are calibrated: where outcomes fell in them, and how often within their middle ranges.

The place of an outcome in a distribution is the chance that the distribution gave to at most that outcome (its PIT, the
probability integral transform). If distributions are calibrated, places are spread evenly over 0 to 1, and a middle
range of 80 % holds eight outcomes in ten.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forecasts import inputs
from forecasts.bins import jeffreys_interval
from forecasts.curves import Curves, of_each, segments
from forecasts.day_chances import chances_by
from forecasts.inputs import BoolArray, FloatArray
from forecasts.options import between, generator, whole

__all__ = [
    "Coverage", "PlacesHistogram", "coverage_of_ranges", "date_places", "parts_in_bins", "parts_in_range", "places",
    "places_histogram",
]  # fmt: skip


class PlacesHistogram(NamedTuple):
    """How the places of outcomes are spread, in bins of equal width.

    Attributes:
        counts: How many places each bin has; a place that is spread over several bins counts in parts.
        lower: The fewest places that are likely in each bin if the distributions are calibrated.
        upper: The most that are likely.
    """

    counts: FloatArray
    lower: FloatArray
    upper: FloatArray


class Coverage(NamedTuple):
    """How many outcomes lay in the middle ranges of a level.

    Attributes:
        level: The chance that the ranges claim.
        share: The share of outcomes that lay in them.
        lower: The low end of the interval for the share that holds beyond these outcomes.
        upper: The high end.
    """

    level: float
    share: float
    lower: float
    upper: float


def places(curves: Curves, outcome: ArrayLike, *, low: ArrayLike, high: ArrayLike) -> FloatArray:
    """Return the place of each outcome in its curve, as the chances below it and at or below it: shape (n, 2).

    The two differ if the curve leaps at the outcome, as it may at its ends. An outcome beyond the range counts as the
    nearer end.

    Args:
        curves: n curves.
        outcome: The value that came out, shape (n,).
        low: The low end of each range, or one for all.
        high: The high end, likewise.

    Source: Dawid (1984), J. Royal Statistical Society A 147:278; with leaps, Czado, Gneiting & Held (2009).

    >>> from forecasts.curves import curves
    >>> places(curves([[(2, 0.2), (6, 0.8)], [(0, 0.1), (10, 0.9)]]), [3, 12], low=0, high=10).round(6).tolist()
    [[0.35, 0.35], [0.9, 1.0]]
    """
    ends = [
        np.broadcast_to(inputs.finite(end, name), curves.size.shape) for end, name in ((low, "low"), (high, "high"))
    ]
    lines = segments(curves, *map(np.asarray, ends))
    happened = np.clip(inputs.finite(outcome, "outcome"), *ends)[lines.owner]
    below, at_most = np.zeros(curves.size.size), np.zeros(curves.size.size)
    passed = np.where(lines.left < happened, lines.chance_at(happened), 0.0)
    np.maximum.at(below, lines.owner, passed)
    reached = np.where(lines.right <= happened, lines.high, passed)
    np.maximum.at(at_most, lines.owner, reached)
    return np.stack([np.minimum(below, at_most), at_most], axis=1)


def date_places(
    curves: Curves, first: ArrayLike, last: ArrayLike | None = None, *, days: ArrayLike, passed: ArrayLike = 0
) -> FloatArray:
    """Return the place of each event in its curve, as the chances before its day and by the end of it: shape (n, 2).

    "Not in the window" is the last of the outcomes; its chance is 1 less that of the last day. Days that were over when
    the forecast was made are no possible outcomes, so chances are those among the outcomes that were left. A curve that
    gave all its chance to days that were over says nothing about the others, and its place is spread from 0 to 1.
    Arguments are as for :func:`~forecasts.date_scores.date_losses`.

    Source: Dawid (1984), J. Royal Statistical Society A 147:278; of outcomes that are counted, Czado, Gneiting & Held
    (2009), Biometrics 65:1254.

    >>> from forecasts.curves import curves
    >>> date_places(curves([[(2, 0.2), (4, 0.6)]] * 3), [1, 3, 5], days=4).round(6).tolist()
    [[0.0, 0.1], [0.2, 0.4], [0.6, 1.0]]
    """
    window, over = of_each(curves, days, "days"), of_each(curves, passed, "passed")
    earliest = of_each(curves, first, "day of the event")
    latest = earliest if last is None else of_each(curves, last, "last day of the event")
    before, by_then, gone = (
        np.where(day > window, 1.0, chances_by(curves, np.minimum(day, window), days=window))
        for day in (np.minimum(np.maximum(earliest - 1, over), window), latest, over)
    )
    left = np.where(gone < 1, 1 - gone, 1.0)
    lowest, highest = (before - gone) / left, np.where(gone < 1, (by_then - gone) / left, 1.0)
    return np.stack([np.clip(lowest, 0, 1), np.clip(highest, 0, 1)], axis=1)


def places_histogram(
    place: ArrayLike, unit: ArrayLike | None = None, *, bins: int = 5, level: float = 0.9, draws: int = 2_000,
    seed: int = 0,
) -> PlacesHistogram:  # fmt: skip
    """Count places in bins, with the band in which each count lies if the distributions are calibrated.

    The band is computed for one place in each unit, without leaps. Places that are spread over a leap or averaged over
    a unit vary less, so for them the band is too wide rather than too narrow.

    Args:
        place: Places as :func:`places` returns them, shape (n, 2); between its two chances a place is spread evenly.
        unit: The number of the observation that each place is a part of; None if each is an observation of its own.
        bins: How many bins there are.
        level: The chance that the count of one bin lies in its band.
        draws: How many records of calibrated distributions are drawn to find the band.
        seed: The seed of the draws.

    Source: Dawid (1984), J. Royal Statistical Society A 147:278; Gneiting, Balabdaoui & Raftery (2007), 69:243.

    >>> histogram = places_histogram([[0.1, 0.1], [0.15, 0.15], [0.8, 1.0]], bins=2)
    >>> histogram.counts.tolist(), histogram.lower.tolist(), histogram.upper.tolist()
    ([2.0, 1.0], [0.0, 0.0], [3.0, 3.0])
    """
    spread, count = _spread(place), whole(bins, "bins", least=2)
    weight, observations = _weights(spread, unit)
    drawn = generator(seed).binomial(observations, 1 / count, whole(draws, "draws", least=200))
    tail = (1 - between(level, "level")) / 2
    lower, upper = (np.full(count, np.quantile(drawn, end, method="nearest")) for end in (tail, 1 - tail))
    return PlacesHistogram(weight @ parts_in_bins(spread, count), lower.astype(np.float64), upper.astype(np.float64))


def coverage_of_ranges(
    place: ArrayLike, unit: ArrayLike | None = None, *, levels: tuple[float, ...] = (0.5, 0.8, 0.9),
    confidence: float = 0.9,
) -> list[Coverage]:  # fmt: skip
    """Return how many outcomes lay in the middle range of each level, with Jeffreys' interval of the share.

    Of a place that is spread over a leap, the part in the range counts. Arguments are as for :func:`places_histogram`;
    *confidence* is the level of the intervals.

    Source: Gneiting, Balabdaoui & Raftery (2007), J. Royal Statistical Society B 69:243.

    >>> [coverage] = coverage_of_ranges([[0.1, 0.1], [0.5, 0.5], [0.7, 0.7], [0.98, 0.98]], levels=(0.8,))
    >>> coverage.share
    0.75
    """
    spread, coverages = _spread(place), list[Coverage]()
    weight, observations = _weights(spread, unit)
    for level in levels:
        held = float(weight @ parts_in_range(spread, level))
        lower, upper = jeffreys_interval(held, observations, level=confidence)
        coverages.append(Coverage(level, held / observations, float(lower), float(upper)))
    return coverages


def parts_in_bins(place: ArrayLike, bins: int) -> FloatArray:
    """Return which part of each place lies in each bin: shape (n, bins). Arguments are as for :func:`places_histogram`.

    Source: Czado, Gneiting & Held (2009), Biometrics 65:1254.

    >>> parts_in_bins([[0.1, 0.1], [0.4, 0.8]], 2).round(6).tolist()
    [[1.0, 0.0], [0.25, 0.75]]
    """
    spread = _spread(place)
    width = spread[:, 1] - spread[:, 0]
    leaps = np.clip(np.linspace(0, 1, bins + 1), spread[:, :1], spread[:, 1:]) - spread[:, :1]
    even = np.diff(leaps / np.where(width > 0, width, 1.0)[:, np.newaxis], axis=1)
    bin_of = np.minimum((spread[:, 0] * bins).astype(np.intp), bins - 1)
    return np.where(width[:, np.newaxis] > 0, even, np.arange(bins) == bin_of[:, np.newaxis])


def parts_in_range(place: ArrayLike, level: float) -> FloatArray:
    """Return which part of each place lies in the middle range of a level: shape (n,).

    Source: Czado, Gneiting & Held (2009), Biometrics 65:1254.

    >>> parts_in_range([[0.1, 0.1], [0.05, 0.05], [0.85, 0.95]], 0.8).round(6).tolist()
    [1.0, 0.0, 0.5]
    """
    spread, begin, end = _spread(place), (1 - level) / 2, (1 + level) / 2
    width = spread[:, 1] - spread[:, 0]
    inside = np.clip(spread[:, 1], begin, end) - np.clip(spread[:, 0], begin, end)
    point: BoolArray = (spread[:, 0] >= begin - 1e-12) & (spread[:, 0] <= end + 1e-12)
    return np.where(width > 0, inside / np.where(width > 0, width, 1.0), point)


def _spread(place: ArrayLike) -> NDArray[np.float64]:
    """Return places as pairs of chances; ValueError if one is not a probability, or a pair falls."""
    spread = np.atleast_2d(inputs.probabilities(place, "place"))
    inputs.refuse(spread[:, 0], spread[:, 0] > spread[:, 1], "place", "has its upper chance below its lower")
    return np.asarray(spread)


def _weights(spread: FloatArray, unit: ArrayLike | None) -> tuple[FloatArray, int]:
    """Return how much each place counts, so that every unit counts 1, and how many units there are."""
    own = np.arange(len(spread)) if unit is None else np.asarray(unit)
    if own.shape != (len(spread),):
        raise ValueError(f"unit has shape {own.shape}; there are {len(spread)} places")
    _, which, count = np.unique(own, return_inverse=True, return_counts=True)
    return 1 / count[which], count.size
