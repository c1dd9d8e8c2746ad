"""Score shares over options of which one comes true: many forecasts in one flat column, each with its own options.

:func:`~forecasts.scores.brier_multi` and :func:`~forecasts.scores.rps` score a table whose rows all have the same
options; here each forecast may have another number of them. All losses are 0 to 1, lower is better.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from forecasts.curves import within
from forecasts.inputs import FloatArray, IndexArray, finite, probabilities, refuse, sum_tolerance

__all__ = [
    "Shares", "choice_bounds", "choice_log_losses", "choice_losses", "choice_spread",
    "ordered_bounds", "ordered_losses", "ordered_reference", "ordered_spread", "shares",
]  # fmt: skip


class Shares(NamedTuple):
    """A batch of n forecasts over options.

    Attributes:
        share: The probability of each option of each forecast, one after the other, shape (options,).
        size: How many options each has, shape (n,).
    """

    share: FloatArray
    size: IndexArray

    @property
    def first(self) -> IndexArray:
        """Where each forecast begins, shape (n,)."""
        return np.cumsum(self.size) - self.size

    @property
    def owner(self) -> IndexArray:
        """The number of the forecast that each share belongs to, shape (options,)."""
        return np.repeat(np.arange(self.size.size), self.size)

    def part(self, chosen: IndexArray) -> Shares:
        """Return some of the forecasts, in the order given."""
        return Shares(self.share[within(self.size, chosen)], self.size[chosen])


def shares(forecasts: Iterable[Sequence[float]]) -> Shares:
    """Return a batch of forecasts, each a list of shares that sum to 1.

    Raises ValueError for a forecast of fewer than two options, a share outside 0 to 1, or a sum other than 1.

    >>> shares([[0.5, 0.3, 0.2], [0.6, 0.4]]).size.tolist()
    [3, 2]
    """
    listed = [list(forecast) for forecast in forecasts]
    size = np.array([len(forecast) for forecast in listed], dtype=np.intp)
    refuse(size, size < 2, "number of options", "is too few; a choice has two or more")
    batch = Shares(probabilities([share for forecast in listed for share in forecast], "share"), size)
    total = np.add.reduceat(batch.share, batch.first) if listed else np.zeros(0)
    refuse(total, np.abs(total - 1) > sum_tolerance(batch.share), "sum of shares", "is not 1")
    return batch


def choice_losses(said: Shares, outcome: ArrayLike) -> FloatArray:
    """Return half the sum of the Brier scores of the options, for each forecast; with two options the Brier score.

    Args:
        said: n forecasts.
        outcome: The number of the option that came true, from 0, shape (n,).

    Raises:
        ValueError: An outcome that is not the number of an option, other shapes.

    Source: Brier (1950), Monthly Weather Review 78:1, eq. 2, halved.

    >>> choice_losses(shares([[0.5, 0.3, 0.2], [0.6, 0.4]]), [1, 0]).round(6).tolist()
    [0.39, 0.16]
    """
    squares = np.add.reduceat(said.share * said.share, said.first)
    return np.asarray(0.5 * (1 + squares - 2 * said.share[_places_of_outcome(said, outcome)]))


def choice_log_losses(said: Shares, outcome: ArrayLike) -> FloatArray:
    """Return the logarithmic score of each forecast: minus the logarithm of the share of what came true; 0 or more.

    Source: Good (1952), J. Royal Statistical Society B 14:107.

    >>> choice_log_losses(shares([[0.5, 0.3, 0.2]]), [0]).round(6).tolist()
    [0.693147]
    """
    with np.errstate(divide="ignore"):
        return np.asarray(0.0 - np.log(said.share[_places_of_outcome(said, outcome)]))


def choice_bounds(said: Shares) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each forecast can lose: if its likeliest option comes true, or its least.

    Source: Brier (1950), Monthly Weather Review 78:1, eq. 2, halved.

    >>> [loss.round(6).tolist() for loss in choice_bounds(shares([[0.5, 0.3, 0.2]]))]
    [[0.19], [0.49]]
    """
    squares = np.add.reduceat(said.share * said.share, said.first)
    ends = (each.reduceat(said.share, said.first) for each in (np.maximum, np.minimum))
    best, worst = (np.asarray(0.5 * (1 + squares - 2 * end)) for end in ends)
    return best, worst


def choice_spread(options: ArrayLike) -> FloatArray:
    """Return what "knows nothing", the same share for each of K options, loses whatever comes true: (K - 1) / 2K.

    Source: Brier (1950), Monthly Weather Review 78:1, eq. 2, halved, of equal shares.

    >>> choice_spread(2).item()
    0.25
    """
    count = finite(options, "number of options")
    return np.asarray((count - 1) / (2 * count))


def ordered_losses(said: Shares, outcome: ArrayLike) -> FloatArray:
    """Return the mean Brier score of the questions "at most option k?", for options that have an order.

    This is the ranked probability score, 0 to 1; arguments and errors as :func:`choice_losses`.

    Source: Epstein (1969), J. Applied Meteorology 8:985.

    >>> ordered_losses(shares([[0.5, 0.3, 0.2]] * 3), [0, 1, 2]).round(6).tolist()
    [0.145, 0.145, 0.445]
    """
    happened = np.zeros(said.share.size)
    happened[_places_of_outcome(said, outcome)] = 1.0
    gap = _running(said, said.share - happened)
    return np.add.reduceat(gap * gap, said.first) / (said.size - 1)


def ordered_bounds(said: Shares) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each forecast can lose: at its median option, and at the worse end.

    Source: Epstein (1969), J. Applied Meteorology 8:985.

    >>> [loss.round(6).tolist() for loss in ordered_bounds(shares([[0.5, 0.3, 0.2]]))]
    [[0.145], [0.445]]
    """
    below = np.add.reduceat((_running(said, said.share) < 0.5).astype(np.intp), said.first) - 1  # the last is no cut
    ends = (ordered_losses(said, end) for end in (np.zeros_like(said.size), said.size - 1))
    return ordered_losses(said, below), np.maximum(*ends)


def ordered_reference(options: ArrayLike, outcome: ArrayLike) -> FloatArray:
    """Return what "knows nothing", the same share for each of K options, loses on each outcome.

    Source: Epstein (1969), J. Applied Meteorology 8:985, of equal shares.

    >>> ordered_reference(3, [0, 1, 2]).round(6).tolist()
    [0.277778, 0.111111, 0.277778]
    """
    count, happened = finite(options, "number of options"), finite(outcome, "outcome")
    below, above = happened, count - 1 - happened  # cuts below the outcome, where k/K should be 0, and from it on
    squares = below * (below + 1) * (2 * below + 1) + above * (above + 1) * (2 * above + 1)
    return np.asarray(squares / (6 * count**2 * (count - 1)))


def ordered_spread(options: ArrayLike) -> FloatArray:
    """Return what "knows nothing" loses on average by its own lights: (K + 1) / 6K.

    Source: Epstein (1969), J. Applied Meteorology 8:985, of equal shares, in expectation.

    >>> ordered_spread(2).item()
    0.25
    """
    count = finite(options, "number of options")
    return np.asarray((count + 1) / (6 * count))


def _places_of_outcome(said: Shares, outcome: ArrayLike) -> IndexArray:
    """Return where the share of what came true stands, for each forecast."""
    happened = np.asarray(outcome)
    if happened.shape != said.size.shape or (happened.size and happened.dtype.kind not in "iu"):
        raise ValueError(f"outcome must be {said.size.size} numbers of options, whole ones counted from 0")
    refuse(happened, (happened < 0) | (happened >= said.size), "outcome", "is not the number of an option")
    return np.asarray(said.first + happened)


def _running(said: Shares, values: FloatArray) -> FloatArray:
    """Return the running sum of values within each forecast; 0 at its last option, where every sum is whole."""
    total = np.cumsum(values)
    before = np.where(said.first > 0, total[said.first - 1], 0.0)
    sums = total - before[said.owner]
    sums[said.first + said.size - 1] = 0.0
    return np.asarray(sums)
