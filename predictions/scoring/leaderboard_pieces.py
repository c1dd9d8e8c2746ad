"""Cut the time of every series into pieces over which a forecaster's loss stays the same, for the leaderboard.

A series reaches from its first forecast that stood to the scheduled end of its claim. Its loss is told in units of
"knows nothing": 0 loses as much as that, -1 nothing at all. While no forecast stands, after a withdrawal, it is 0; and
so it is for everybody once the answer is public. That time counts all the same: so how much a series weighs is known
beforehand, and does not depend on how the claim came out.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import BLOCK, Rows
from forecasts.questions import Scoring
from forecasts.standing import intervals, stands_from
from predictions.scoring.claim_types import DATE
from predictions.scoring.claims import ONE_DAY, ClaimColumns


class LossPieces(NamedTuple):
    """Stretches of time by claim, forecaster and time, none of them empty: shape (pieces,) each.

    Attributes:
        claim: The number of the claim.
        forecaster: The number of the forecaster.
        start: When it begins, in microseconds since 1970.
        end: When it ends.
        loss: What the forecaster loses in it, less what "knows nothing" does, over what that expects to lose.
    """

    claim: NDArray[np.int32]
    forecaster: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    loss: FloatArray


def pieces_of(rows: Rows, claims: ClaimColumns, scoring: Scoring, outcome: FloatArray | None = None) -> LossPieces:
    """Cut the series of some rows into pieces, a block of rows at a time.

    Args:
        rows: Whole series, by claim, forecaster and time. A series of which nothing stood has no piece.
        claims: The claims, by number.
        scoring: How they are scored.
        outcome: How each came out, if not as *claims* say.
    """
    values = claims.outcome if outcome is None else outcome
    return joined_pieces(
        _pieces(rows.part(slice(start, end)), claims, scoring, values) for start, end in _whole_series(rows)
    )


def joined_pieces(parts: Iterable[LossPieces]) -> LossPieces:
    """Join pieces, one after the other."""
    number, moment = np.zeros(0, np.int32), np.zeros(0, np.int64)
    none = LossPieces(number, number, moment, moment, np.zeros(0))
    return LossPieces._make(np.concatenate(columns) for columns in zip(none, *parts, strict=True))


def _whole_series(rows: Rows) -> list[tuple[int, int]]:
    """Return where to cut rows into blocks of about BLOCK rows that divide no series."""
    size, cuts = rows.claim.size, [0]
    while cuts[-1] < size:
        end = min(cuts[-1] + BLOCK, size)
        while end < size and _same_series(rows, end):
            end += 1
        cuts.append(end)
    return list(pairwise(cuts))


def _same_series(rows: Rows, row: int) -> bool:
    """Return whether a row goes on with the series of the row before."""
    return bool(rows.claim[row] == rows.claim[row - 1] and rows.forecaster[row] == rows.forecaster[row - 1])


def _pieces(rows: Rows, claims: ClaimColumns, scoring: Scoring, outcome: FloatArray) -> LossPieces:
    opens, limit = claims.opens.take(rows.claim), claims.limit.take(rows.claim)
    times = stands_from(rows.time, claims.grain.take(rows.claim))
    goes_on = (rows.claim[1:] == rows.claim[:-1]) & (rows.forecaster[1:] == rows.forecaster[:-1])
    starts, ends, stood = intervals(times, rows.probability, goes_on, opens, limit)

    # After each number that stood comes nothing, until the next one of the series or the scheduled end.
    claim, forecaster, starts, ends = rows.claim[stood], rows.forecaster[stood], starts[stood], ends[stood]
    until, value = claims.closes.take(claim), outcome.take(claim)
    goes_on = (claim[1:] == claim[:-1]) & (forecaster[1:] == forecaster[:-1])
    np.copyto(until[:-1], starts[1:], where=goes_on)
    said, by_day = rows.probability[stood], claims.types.kind.take(claim) == DATE
    if by_day.any():  # what a curve over days loses changes from day to day
        which, starts, ends, is_last = _cut_by_day(starts, ends, by_day)
        claim, forecaster, value, said = claim[which], forecaster[which], value[which], said[which]
        until = np.where(is_last, until[which], ends)
    saved = _saved_on_average(scoring, said, value, claim, starts, ends)
    edges = np.stack([starts, ends, until], axis=1).astype(np.int64)
    loss = np.stack([-saved / scoring.spread(claim), np.zeros(saved.size)], axis=1)
    whole = edges[:, :2] < edges[:, 1:]
    both = np.stack([np.arange(claim.size)] * 2, axis=1)[whole]
    return LossPieces(claim[both], forecaster[both], edges[:, :2][whole], edges[:, 1:][whole], loss[whole])


def _saved_on_average(
    scoring: Scoring, said: FloatArray, outcome: FloatArray, claim: NDArray[np.int32], starts: FloatArray,
    ends: FloatArray,
) -> FloatArray:  # fmt: skip
    """Return what each number saved against "knows nothing" while it stood, on average over that time."""
    if scoring.steady:
        return scoring.reference_losses(outcome, claim) - scoring.losses(said, outcome, claim)
    return scoring.saved(said, outcome, claim, starts, ends) / np.maximum(ends - starts, 1.0)


def _cut_by_day(
    starts: FloatArray, ends: FloatArray, by_day: BoolArray
) -> tuple[IndexArray, FloatArray, FloatArray, BoolArray]:
    """Cut some intervals at every midnight; return of which interval each piece is, its ends, and if it is the last.

    >>> which, starts, ends, is_last = _cut_by_day(np.array([0.5, 1.0]) * ONE_DAY, np.full(2, 2.0) * ONE_DAY,
    ...                                            np.array([True, False]))
    >>> which.tolist(), (starts / ONE_DAY).tolist(), (ends / ONE_DAY).tolist(), is_last.tolist()
    ([0, 0, 1], [0.5, 1.0, 1.0], [1.0, 2.0, 2.0], [False, True, True])
    """
    first = np.floor(starts / ONE_DAY)
    days = np.where(by_day, np.maximum(np.ceil(ends / ONE_DAY) - first, 1), 1).astype(np.intp)
    which, before = np.repeat(np.arange(days.size), days), np.cumsum(days) - days
    day = np.arange(which.size) - before[which]
    is_first, is_last = day == 0, day == days[which] - 1
    midnight = (first[which] + day) * ONE_DAY
    begin, end = np.where(is_first, starts[which], midnight), np.where(is_last, ends[which], midnight + ONE_DAY)
    return which, begin, end, is_last
