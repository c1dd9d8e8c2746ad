"""Bins for showing a record: how often what was given 70 to 80% came true, with an interval for each bin.

Bins are for the eye. Anything that is compared or tested uses `forecasts.corp`, which needs none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from forecasts.beta import beta_quantile
from forecasts.inputs import FloatArray, IndexArray, finite, like_input, paired, probabilities, refuse, same_at
from forecasts.options import between, whole
from forecasts.paired_record import groups_of, record

__all__ = ["DisplayBins", "bin_index", "display_bins", "histogram", "jeffreys_interval"]


@dataclass(frozen=True, eq=False)
class DisplayBins:
    """A record in equal bins; shapes (bins,), or (forecasters, bins) if there are several.

    Attributes:
        edges: The borders of the bins, shape (bins + 1,).
        count: How many forecasts are in the bin.
        mean_probability: Their mean; NaN in an empty bin.
        frequency: The share of them that came true; NaN in an empty bin.
    """

    edges: FloatArray
    count: IndexArray
    mean_probability: FloatArray
    frequency: FloatArray

    def interval(self, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Return the ends of the Jeffreys interval of each frequency; nearly 0 to 1 for an empty bin."""
        yes = np.where(self.count > 0, self.frequency, 0) * self.count
        return jeffreys_interval(yes, self.count, level=level)


def display_bins(
    probability: ArrayLike, outcome: ArrayLike, *, bins: int = 10, closed: str = "left", by: ArrayLike | None = None
) -> DisplayBins | None:
    """Count forecasts in equal bins of probability, with the mean probability and the frequency of yes in each.

    probability, outcome: shape (n,); fractional outcomes count as that much of a yes. bins, closed: as for
    :func:`bin_index`. by: shape (n,), the forecaster of each forecast as a whole number from 0, to do many at
    once.

    Returns None without forecasts; raises ValueError for NaN, values outside 0 to 1, unequal shapes, no bins and
    another `closed`.

    Source: Murphy & Winkler (1977), J. Royal Statistical Society C 26:41 (the reliability diagram).

    Hand-worked: 0.7 and 0.75 share a bin; one of the two came true.

    >>> bins = display_bins([0.7, 0.75, 0.1], [1, 0, 0])
    >>> bins.count.tolist(), float(bins.mean_probability[7]), float(bins.frequency[7])
    ([0, 1, 0, 0, 0, 0, 0, 2, 0, 0], 0.725, 0.5)
    """
    chance, truth = record(probability, outcome)
    if not chance.size:
        return None
    edges, index = _edges(bins), _bin_index(chance, bins, closed)
    shape: tuple[int, ...] = (bins,)
    if by is not None:
        forecaster = groups_of(by, chance.size, "by")
        index = index + forecaster * bins
        shape = (int(forecaster.max()) + 1, bins)
    cells = int(np.prod(shape))
    count = np.bincount(index, minlength=cells)
    filled = np.where(count > 0, count, np.nan)
    mean = np.bincount(index, chance, cells) / filled
    frequency = np.bincount(index, truth, cells) / filled
    return DisplayBins(edges, count.reshape(shape), mean.reshape(shape), frequency.reshape(shape))


@overload
def bin_index(probability: float, *, bins: int = 10, closed: str = "left") -> int: ...
@overload
def bin_index(probability: ArrayLike, *, bins: int = 10, closed: str = "left") -> IndexArray: ...
def bin_index(probability: ArrayLike, *, bins: int = 10, closed: str = "left") -> int | IndexArray:
    """Return the number of the equal bin, from 0, in which each probability lies; same shape, a plain number for one.

    closed: "left" puts 0.3 into 0.3 to 0.4 and 1 into the last bin; "right" (the habit of R's cut and of
    scikit-learn's calibration_curve) puts 0.3 into 0.2 to 0.3 and 0 into the first. Edges are k / bins, and
    what is the same at 12 decimals is on the edge: 0.29, but 1 - 0.9 too. Raises ValueError for NaN, values
    outside 0 to 1, no bins and another `closed`.

    Source: the bins of Murphy & Winkler (1977), J. Royal Statistical Society C 26:41; the edges are our convention.

    >>> bin_index([0, 0.29, 0.3, 1]).tolist(), bin_index([0, 0.29, 0.3, 1], closed="right").tolist()
    ([0, 2, 3, 9], [0, 2, 2, 9])
    """
    index = _bin_index(probabilities(probability), bins, closed)
    return index if np.ndim(index) else int(index)


def histogram(probability: ArrayLike, *, bins: int = 10) -> IndexArray:
    """Count the forecasts in each equal bin, shape (bins,): it shows how bold a forecaster is.

    >>> histogram([0.05, 0.95, 1.0]).tolist()
    [1, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    """
    return np.bincount(_bin_index(probabilities(probability), bins, "left").ravel(), minlength=bins)


@overload
def jeffreys_interval(yes: float, count: float, *, level: float = 0.95) -> tuple[float, float]: ...
@overload
def jeffreys_interval(yes: ArrayLike, count: ArrayLike, *, level: float = 0.95) -> tuple[FloatArray, FloatArray]: ...
def jeffreys_interval(
    yes: ArrayLike, count: ArrayLike, *, level: float = 0.95
) -> tuple[float | FloatArray, float | FloatArray]:
    """Return the Jeffreys interval of a frequency: the equal-tailed quantiles of Beta(k + 1/2, n - k + 1/2).

    yes (k), count (n): numbers or arrays of one shape. Returns the lower and upper ends, of that shape. They
    are left as they are for k = 0 and k = n, where Brown, Cai & DasGupta would put 0 and 1 instead. Raises
    ValueError for k outside 0 to n, a level outside (0, 1), NaN, unequal shapes.

    Source: Brown, Cai & DasGupta (2001), Statistical Science 16:101, section 4.1.2.

    Hand-worked: without data, the quantiles of the arcsine law, sin^2(pi q / 2).

    >>> lower, upper = jeffreys_interval(0, 0, level=0.5)
    >>> round(lower, 6), round(upper, 6)
    (0.146447, 0.853553)
    """
    k, n = paired(finite(yes, "yes"), finite(count, "count"), names=("yes", "count"))
    refuse(k, (k < 0) | (k > n), "yes", "is not from 0 to count")
    level = between(level, "level")
    tails = np.array([(1 - level) / 2, (1 + level) / 2]).reshape(2, *[1] * k.ndim)
    lower, upper = beta_quantile(*np.broadcast_arrays(tails, k + 0.5, n - k + 0.5))
    return like_input(lower), like_input(upper)


def _edges(bins: int) -> FloatArray:
    return np.arange(whole(bins, "bins", least=1) + 1) / bins


def _bin_index(chance: FloatArray, bins: int, closed: str) -> IndexArray:
    """Return the bin of each probability, by comparing it at 12 decimals with the nearest edge."""
    edges = _edges(bins)
    nearest = (chance * bins + 0.5).astype(np.intp)
    value, edge = same_at(chance), same_at(edges)[nearest]
    if closed == "left":
        return np.minimum(nearest - (value < edge), bins - 1)
    if closed == "right":
        return np.maximum(nearest - (value <= edge), 0)
    raise ValueError(f"closed {closed!r} is neither 'left' nor 'right'")
