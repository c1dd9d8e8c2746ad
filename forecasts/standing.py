"""The standing forecast: which probability stood when, as intervals, for one series of forecasts or millions.

A series is one forecaster on one claim. Each of its forecasts stands from the moment it was made until the
next one, a withdrawal, the moment the answer became public, or the deadline, whichever comes first. Nothing
is expanded day by day. Times are plain numbers on one scale (microseconds, days). Results are one value for
each series; a single series gives a plain float, and None where an array holds NaN: nothing stood.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from forecasts import inputs
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.reference import HALF, ConstantHazard
from forecasts.scores import brier
from forecasts.windows import in_order, numbered, owners, spread, windows

__all__ = [
    "Shared", "Standing", "first_forecast", "intervals", "last_forecast", "shared", "spot", "standing", "stands_from",
    "time_brier", "time_skill",
]  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Forecasts as half-open intervals [start, end), by series, then by time; none overlapping.

    `starts`, `ends`, `probabilities` and `series` have one value for each interval; `opens` and `closes`, the
    scheduled window, one for each series. `single` says that the caller had one series, not an array of them.
    `limit`, one for each, is the earlier of the deadline and the moment the answer became public (None: the deadline).
    """

    starts: FloatArray
    ends: FloatArray
    probabilities: FloatArray
    series: IndexArray
    opens: FloatArray
    closes: FloatArray
    single: bool = False
    limit: FloatArray | None = None

    @property
    def horizon(self) -> FloatArray:
        """The scheduled length of each series' window, whatever happened in it."""
        return self.closes - self.opens

    @property
    def shares(self) -> FloatArray:
        """The share of its series' window that each interval takes: sums of shares neither over- nor underflow."""
        return (self.ends - self.starts) / self.horizon[self.series]

    @property
    def coverage(self) -> float | FloatArray:
        """The share of the scheduled window in which a forecast stood: 0 to 1 for each series."""
        return self.answer(np.minimum(self.total(self.shares), 1.0))

    def total(self, values: FloatArray) -> FloatArray:
        """Values of intervals summed for each series."""
        return _total(self.series, values, self.opens.size)

    def answer(self, values: FloatArray) -> float | FloatArray:
        """One value for each series in the form the caller asked in."""
        return inputs.like_input(values, self.single)


def standing(
    times: ArrayLike,
    probability: ArrayLike,
    *,
    opens: ArrayLike,
    closes: ArrayLike,
    known: ArrayLike = inf,
    series: ArrayLike | None = None,
) -> Standing:
    """Turn forecasts into the intervals in which they stood.

    `times` and `probability` have shape (n,); a probability of NaN withdraws what stood. `series` (n,)
    numbers the series from 0; without it all are one series. `opens`, `closes` (the deadline) and `known`
    (when the answer became public; infinity: not yet) are numbers, or arrays with one value for each
    series. Forecasts may come in any order; of two at the same time the later in the arrays wins, so keep
    them in the order of recording.

    A forecast made before the opening counts from the opening; one made at or after `known` or the deadline never
    stood. Where the answer was known by the opening, the last one before it stands for no time: [opens, opens).
    Raises ValueError for probabilities outside 0 to 1, times that are not finite, a window that does not open
    before it closes, and series numbers without a window.

    >>> record = standing([1, 2, 4], [0.4, 0.7, 0.8], opens=0, closes=5)
    >>> record.ends.tolist(), record.coverage
    ([2.0, 4.0, 5.0], 0.8)
    """
    moments = np.atleast_1d(inputs.finite(times, "time"))
    values = np.atleast_1d(inputs.probabilities(probability, withdrawals=True))
    if moments.ndim != 1 or moments.shape != values.shape:
        raise ValueError(f"time has shape {moments.shape}, probability has shape {values.shape}; give a row of each")
    numbers = numbered(series, moments.size)
    opened, closed, limit, single = windows(opens, closes, known, numbers)
    owner = owners(numbers, moments.size, opened.size)
    if not in_order(owner, moments):
        order = np.lexsort((moments, owner))  # stable: equal times keep the order of recording
        owner, moments, values = owner[order], moments[order], values[order]
    starts, ends, stood = intervals(moments, values, owner[1:] == owner[:-1], opened[owner], limit[owner])
    return Standing(starts[stood], ends[stood], values[stood], owner[stood], opened, closed, single, limit)


def stands_from(times: ArrayLike, grain: ArrayLike) -> FloatArray:
    """Return when forecasts begin to stand: at once, or where time is told in steps, from the next step on.

    `grain` is the length of a step, 0 for none; one number, or one for each forecast. Told by the day, a forecast
    stands from the midnight after it was made, so what is known of a day when it begins decides whether the day
    counts. If it counted from the hour it was made, the days on which the answer came would have to be left out, and
    these are days of yes: the score would depend on the outcome.

    >>> stands_from([0.0, 2.5, 3.0], [2.0, 2.0, 0.0]).tolist()
    [2.0, 4.0, 3.0]
    """
    moments, steps = np.asarray(times, np.float64), np.asarray(grain, np.float64)
    told = np.where(steps > 0, steps, 1.0)
    return np.where(steps > 0, (np.floor(moments / told) + 1) * told, moments)


def intervals(
    times: FloatArray, probability: FloatArray, goes_on: BoolArray, opens: FloatArray, limit: FloatArray
) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Where each forecast's interval begins and ends, and whether it stood at all: the rule of :func:`standing`.

    Rows come by series, then by time; `goes_on` (one shorter) says whether the next row is of the same series.
    `opens` and `limit` have one value for each row. Nothing is checked.

    >>> rows = np.array([1.0, 3.0]), np.array([0.4, 0.6]), np.array([True]), np.zeros(2), np.full(2, 5.0)
    >>> [part.tolist() for part in intervals(*rows)]
    [[1.0, 3.0], [3.0, 5.0], [True, True]]
    """
    ends = np.array(limit)
    np.copyto(ends[:-1], np.minimum(times[1:], ends[:-1]), where=goes_on)
    starts = np.maximum(times, opens)
    last = (limit <= opens) & (times < limit) & (ends == limit)
    if last.any():  # the answer was known by the opening
        starts[last] = ends[last] = opens[last]
    return starts, ends, np.asarray(((starts < ends) | last) & ~np.isnan(probability))


def time_brier(standing: Standing, outcome: ArrayLike) -> float | FloatArray | None:
    """The Brier score integrated over the time a forecast stood, divided by the *scheduled* window; 0 to 1.

    Lower is better, but compare it on equal coverage only: time without a forecast adds nothing, so a short
    presence looks good. It is never ranked or shown alone; :func:`time_skill` is. Dividing by the time until
    the answer came, as most sites do, would reward shouting early. `outcome`: one for each series, 0 to 1. None
    (NaN in an array) where nothing stood. Raises ValueError for outcomes outside 0 to 1 or not one for each series.

    Source: Metaculus, scores FAQ, on truncation, with the Brier score of `forecasts.scores.brier`.

    >>> time_brier(standing([0, 1], [0.5, 1.0], opens=0, closes=4, known=2), 1)
    0.0625
    """
    happened = _outcomes(standing, outcome)[standing.series]
    loss = standing.total(brier(standing.probabilities, happened) * standing.shares)
    covered = standing.total(standing.ends - standing.starts) > 0
    return _or_none(standing, np.where(covered, loss, np.nan))


def time_skill(
    standing: Standing, outcome: ArrayLike, *, reference: ArrayLike | Standing | ConstantHazard = HALF
) -> float | FloatArray:
    """Squared error saved against a reference, over the forecaster's own time; -1 to 1, higher is better.

    The integral of (reference's Brier - own Brier) over the time his forecast stood, divided by the
    *scheduled* window. Time without a forecast counts 0, so absence is exactly as good as the reference; an
    honest forecast is best at every instant. `reference` is a probability (or one for each series), a
    :class:`~forecasts.reference.ConstantHazard`, or another :class:`Standing` on the same windows, compared
    over the time in which both stood. 0 where nothing stood: see the coverage. Raises ValueError for outcomes and
    references outside 0 to 1 or not one for each series, and for a Standing on other windows.

    Source: Metaculus, scores FAQ, on peer scores and truncation, with differences of Brier scores.

    >>> time_skill(standing([0, 1], [0.5, 1.0], opens=0, closes=4, known=2), 1)
    0.0625
    """
    happened = _outcomes(standing, outcome)
    if isinstance(reference, Standing):
        both = shared(standing, reference)
        truth, share = happened[both.series], (both.ends - both.starts) / standing.horizon[both.series]
        saved = (brier(both.second, truth) - brier(both.first, truth)) * share
        return standing.answer(_total(both.series, saved, standing.opens.size))
    truth, share = happened[standing.series], standing.shares
    own_loss = brier(standing.probabilities, truth) * share
    if isinstance(reference, ConstantHazard):
        spread(inputs.probabilities(reference.probability), standing.opens.size, "probability of the hazard")
        begun = (standing.starts - standing.opens[standing.series]) / standing.horizon[standing.series]
        reference_loss = reference.integrated_brier(
            truth,
            starts=begun,
            ends=begun + share,
            opens=np.zeros_like(share),
            closes=np.ones_like(share),
            series=standing.series,
        )
    else:
        constant = spread(inputs.probabilities(reference, "reference"), standing.opens.size, "reference")
        reference_loss = brier(constant[standing.series], truth) * share
    return standing.answer(standing.total(reference_loss - own_loss))


def first_forecast(standing: Standing) -> float | FloatArray | None:
    """The first probability that stood in each series; its plain Brier score is proper.

    A later withdrawal does not erase it. None (NaN in an array) where none stood.

    Source: Brier (1950), Monthly Weather Review 78:1, of one forecast fixed before the event.

    >>> first_forecast(standing([1, 2], [0.4, 0.7], opens=0, closes=5))
    0.4
    """
    return _or_none(standing, _at_index(standing, _offsets(standing)[:-1], _present(standing)))


def last_forecast(standing: Standing) -> float | FloatArray | None:
    """The last probability that stood before the answer came, withdrawn later or not. It rewards shouting.

    When a yes ends the claim early, a forecast that is wrong for now and would be corrected later costs
    nothing, so the honest probability is not the best one to hold. Never rank by it. None (NaN) where none stood.

    Source: Metaculus, scores FAQ, on truncation, for why it rewards shouting.

    >>> last_forecast(standing([1, 2], [0.4, 0.7], opens=0, closes=5))
    0.7
    """
    return _or_none(standing, _at_index(standing, _offsets(standing)[1:] - 1, _present(standing)))


def spot(standing: Standing, at: ArrayLike) -> float | FloatArray | None:
    """The probability that stood at one instant: the opening plus x, or the deadline minus x.

    `at` is a number, or one for each series. Never count it back from the moment the answer came, which
    would choose the instant by the outcome. None (NaN in an array) where none stood then, which is so from
    `known` on. Raises ValueError for times that are not finite or not one for each series.

    Source: Metaculus, scores FAQ, on spot scores.

    >>> spot(standing([1, 2], [0.4, 0.7], opens=0, closes=5), at=5 - 3)
    0.7
    """
    moment = spread(inputs.finite(at, "at"), standing.opens.size, "at")
    begun = np.bincount(standing.series[standing.starts <= moment[standing.series]], minlength=standing.opens.size)
    index = _offsets(standing)[:-1] + begun - 1
    stood = begun > 0
    stood[stood] = standing.ends[index[stood]] > moment[stood]
    return _or_none(standing, _at_index(standing, index, stood))


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """The pieces of time in which two forecasters both had a forecast on a claim, and what each said."""

    starts: FloatArray
    ends: FloatArray
    first: FloatArray
    second: FloatArray
    series: IndexArray


def shared(first: Standing, second: Standing) -> Shared:
    """Cut two records with the same windows at every change of either; keep where both stood.

    Raises ValueError if the windows differ: a comparison over different time is none.

    >>> ana, ben = standing([0, 3], [0.2, 0.3], opens=0, closes=5), standing([1], [0.9], opens=0, closes=5)
    >>> shared(ana, ben).starts.tolist()
    [1.0, 3.0]
    """
    if not (np.array_equal(first.opens, second.opens) and np.array_equal(first.closes, second.closes)):
        raise ValueError("the two records have different windows; compare on the same claims and the same time")
    cuts = np.concatenate([first.starts, first.ends, second.starts, second.ends])
    owner = np.concatenate([first.series, first.series, second.series, second.series])
    one, two = first.starts.size, second.starts.size
    begins_first = np.repeat([1, 0, 0, 0], [one, one, two, two])
    begins_second = np.repeat([0, 0, 1, 0], [one, one, two, two])
    order = np.lexsort((cuts, owner))
    cuts, owner = cuts[order], owner[order]
    mine, yours = np.cumsum(begins_first[order]) - 1, np.cumsum(begins_second[order]) - 1
    piece = np.flatnonzero((owner[1:] == owner[:-1]) & (cuts[1:] > cuts[:-1]))
    piece = piece[_stands(first, mine[piece], owner[piece], cuts[piece])]
    piece = piece[_stands(second, yours[piece], owner[piece], cuts[piece])]
    said = first.probabilities[mine[piece]], second.probabilities[yours[piece]]
    return Shared(cuts[piece], cuts[piece + 1], *said, owner[piece])


def _total(series: IndexArray, values: FloatArray, count: int) -> FloatArray:
    summed = np.bincount(series, weights=values, minlength=count)
    return np.asarray(summed, dtype=np.float64)  # without any value bincount counts in integers


def _stands(record: Standing, index: IndexArray, owner: IndexArray, time: FloatArray) -> BoolArray:
    if not record.starts.size:
        return np.zeros(index.shape, dtype=np.bool_)
    return np.asarray((index >= 0) & (record.series[index] == owner) & (record.ends[index] > time))


def _outcomes(record: Standing, outcome: ArrayLike) -> FloatArray:
    return spread(inputs.outcomes(outcome), record.opens.size, "outcome")


def _offsets(record: Standing) -> IndexArray:
    return np.searchsorted(record.series, np.arange(record.opens.size + 1))


def _present(record: Standing) -> BoolArray:
    return np.asarray(np.bincount(record.series, minlength=record.opens.size) > 0)


def _at_index(record: Standing, index: IndexArray, stood: BoolArray) -> FloatArray:
    values = np.full(record.opens.size, np.nan)
    values[stood] = record.probabilities[index[stood]]
    return values


def _or_none(record: Standing, values: FloatArray) -> float | FloatArray | None:
    """NaN becomes None for a single series."""
    return None if record.single and np.isnan(values[0]) else record.answer(values)
