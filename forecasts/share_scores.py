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
        share: The probabilities of the options, one forecast after the other, shape (options,).
        size: How many options each forecast has, shape (n,).
    """

    share: FloatArray
    size: IndexArray

    @property
    def first(self) -> IndexArray:
        """The position of the first share of each forecast, shape (n,)."""
        return np.cumsum(self.size) - self.size

    @property
    def owner(self) -> IndexArray:
        """The number of the forecast that each share belongs to, shape (options,)."""
        return np.repeat(np.arange(self.size.size), self.size)

    def part(self, chosen: IndexArray) -> Shares:
        """Return the forecasts with the numbers in *chosen*, in that order."""
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


def choice_losses(batch: Shares, outcome: ArrayLike) -> FloatArray:
    """Return for each forecast half the sum of the Brier scores of its options; with two options, the Brier score.

    Args:
        batch: n forecasts.
        outcome: The number of the option that came true, from 0, shape (n,).

    Raises:
        ValueError: An outcome is not the number of an option, or shapes differ.

    Source: Brier (1950), Monthly Weather Review 78:1, eq. 2, halved.

    >>> choice_losses(shares([[0.5, 0.3, 0.2], [0.6, 0.4]]), [1, 0]).round(6).tolist()
    [0.39, 0.16]
    """
    squares = np.add.reduceat(batch.share * batch.share, batch.first)
    return np.asarray(0.5 * (1 + squares - 2 * batch.share[_places_of_outcome(batch, outcome)]))


def choice_log_losses(batch: Shares, outcome: ArrayLike) -> FloatArray:
    """Return the logarithmic score of each forecast: minus the natural logarithm of the share of what came true.

    It is 0 or more, lower is better, and infinite if that share is 0. Arguments are as for :func:`choice_losses`.

    Source: Good (1952), J. Royal Statistical Society B 14:107.

    >>> choice_log_losses(shares([[0.5, 0.3, 0.2]]), [0]).round(6).tolist()
    [0.693147]
    """
    with np.errstate(divide="ignore"):
        return np.asarray(0.0 - np.log(batch.share[_places_of_outcome(batch, outcome)]))


def choice_bounds(batch: Shares) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each forecast can lose: if its likeliest or unlikeliest option comes true.

    Source: Brier (1950), Monthly Weather Review 78:1, eq. 2, halved.

    >>> [loss.round(6).tolist() for loss in choice_bounds(shares([[0.5, 0.3, 0.2]]))]
    [[0.19], [0.49]]
    """
    squares = np.add.reduceat(batch.share * batch.share, batch.first)
    largest = np.maximum.reduceat(batch.share, batch.first)
    smallest = np.minimum.reduceat(batch.share, batch.first)
    return np.asarray(0.5 * (1 + squares - 2 * largest)), np.asarray(0.5 * (1 + squares - 2 * smallest))


def choice_spread(options: ArrayLike) -> FloatArray:
    """Return the loss of "knows nothing", equal shares for K options, whichever comes true: (K - 1) / 2K.

    Source: Brier (1950), Monthly Weather Review 78:1, eq. 2, halved, of equal shares.

    >>> choice_spread(2).item()
    0.25
    """
    count = finite(options, "number of options")
    return np.asarray((count - 1) / (2 * count))


def ordered_losses(batch: Shares, outcome: ArrayLike) -> FloatArray:
    """Return for each forecast over ordered options the mean Brier score of the questions "at most option k?".

    This is the ranked probability score divided by its K - 1 questions, 0 to 1; arguments and errors are as for
    :func:`choice_losses`.

    Source: Epstein (1969), J. Applied Meteorology 8:985.

    >>> ordered_losses(shares([[0.5, 0.3, 0.2]] * 3), [0, 1, 2]).round(6).tolist()
    [0.145, 0.145, 0.445]
    """
    happened = np.zeros(batch.share.size)
    happened[_places_of_outcome(batch, outcome)] = 1.0
    gap = _running(batch, batch.share - happened)
    return np.add.reduceat(gap * gap, batch.first) / (batch.size - 1)


def ordered_bounds(batch: Shares) -> tuple[FloatArray, FloatArray]:
    """Return the least and the most that each forecast over ordered options can lose.

    It loses least if its median option comes true, and most if the first or the last option does.

    Source: Epstein (1969), J. Applied Meteorology 8:985.

    >>> [loss.round(6).tolist() for loss in ordered_bounds(shares([[0.5, 0.3, 0.2]]))]
    [[0.145], [0.445]]
    """
    is_below_half = (_running(batch, batch.share) < 0.5).astype(np.intp)
    # The running sum is 0 at the last option, which is no cut between options: it is taken out of the count.
    median = np.add.reduceat(is_below_half, batch.first) - 1
    if_first, if_last = ordered_losses(batch, np.zeros_like(batch.size)), ordered_losses(batch, batch.size - 1)
    return ordered_losses(batch, median), np.maximum(if_first, if_last)


def ordered_reference(options: ArrayLike, outcome: ArrayLike) -> FloatArray:
    """Return the loss of "knows nothing", equal shares for K ordered options, on each outcome.

    Source: Epstein (1969), J. Applied Meteorology 8:985, of equal shares.

    >>> ordered_reference(3, [0, 1, 2]).round(6).tolist()
    [0.277778, 0.111111, 0.277778]
    """
    count, happened = finite(options, "number of options"), finite(outcome, "outcome")
    below, above = happened, count - 1 - happened  # how many cuts lie below the outcome, and above it
    squares = below * (below + 1) * (2 * below + 1) + above * (above + 1) * (2 * above + 1)
    return np.asarray(squares / (6 * count**2 * (count - 1)))


def ordered_spread(options: ArrayLike) -> FloatArray:
    """Return the mean loss of "knows nothing" on K ordered options that are all equally likely: (K + 1) / 6K.

    Source: Epstein (1969), J. Applied Meteorology 8:985, of equal shares, in expectation.

    >>> ordered_spread(2).item()
    0.25
    """
    count = finite(options, "number of options")
    return np.asarray((count + 1) / (6 * count))


def _places_of_outcome(batch: Shares, outcome: ArrayLike) -> IndexArray:
    """Return for each forecast the position in the batch of the share of the option that came true."""
    happened = np.asarray(outcome)
    if happened.shape != batch.size.shape or (happened.size and happened.dtype.kind not in "iu"):
        raise ValueError(f"outcome must be {batch.size.size} numbers of options, whole ones counted from 0")
    refuse(happened, (happened < 0) | (happened >= batch.size), "outcome", "is not the number of an option")
    return np.asarray(batch.first + happened)


def _running(batch: Shares, values: FloatArray) -> FloatArray:
    """Return the running sum of values within each forecast, and 0 at its last option.

    At the last option the sum of the shares is always 1, so no question is asked there.
    """
    total = np.cumsum(values)
    before = np.where(batch.first > 0, total[batch.first - 1], 0.0)
    sums = total - before[batch.owner]
    sums[batch.first + batch.size - 1] = 0.0
    return np.asarray(sums)
