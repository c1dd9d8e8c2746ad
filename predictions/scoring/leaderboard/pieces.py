"""Cut the time of every series into pieces over which a forecaster's loss stays the same, for the leaderboard.

A series reaches from its first forecast that stood to the scheduled end of its claim. Its loss is told in units of
"knows nothing": 0 loses as much as that, -1 nothing at all. While no forecast stands, after a withdrawal, it is 0; and
so it is for everybody once the answer is public. That time counts all the same: so how much a series weighs is known
beforehand, and does not depend on how the claim came out. What is lost on a date changes while a forecast stands, with
each day that is over: so it is told on average between two moments at which anything changed on the claim. Who stands
is the same between them, so these averages give the very integrals of the leaderboard.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray
from forecasts.kernel import KERNEL_ROWS, Rows
from forecasts.questions import Scoring
from forecasts.standing import intervals, stands_from
from predictions.scoring.columns.claim_types import DATE
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.dated_otherwise import DatedOtherwise, rows_if_dated
from predictions.scoring.in_doubt import in_doubt
from predictions.scoring.pool import Pool
from predictions.scoring.possible_skill import worst_for_all, worst_outcomes

PIECES_AT_ONCE = 1 << 12  # pieces whose curves are read together


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
    blocks = _whole_claims(rows) if claims.types.kind.any() else _whole_series(rows)
    return joined_pieces(_series_pieces(rows.part(slice(start, end)), claims, scoring, values) for start, end in blocks)


def joined_pieces(parts: Iterable[LossPieces]) -> LossPieces:
    """Join pieces, one after the other."""
    number, moment = np.zeros(0, np.int32), np.zeros(0, np.int64)
    none = LossPieces(number, number, moment, moment, np.zeros(0))
    return LossPieces._make(np.concatenate(columns) for columns in zip(none, *parts, strict=True))


def _whole_series(rows: Rows) -> list[tuple[int, int]]:
    """Return where to cut rows into blocks of about KERNEL_ROWS rows that divide no series."""
    return _blocks(rows.claim.size, lambda row: _same_series(rows, row))


def _whole_claims(rows: Rows) -> list[tuple[int, int]]:
    """Return where to cut rows into blocks of about KERNEL_ROWS rows that divide no claim."""
    return _blocks(rows.claim.size, lambda row: bool(rows.claim[row] == rows.claim[row - 1]))


def _blocks(size: int, goes_on: Callable[[int], bool]) -> list[tuple[int, int]]:
    """Cut rows into blocks that end where what a row belongs to does not go on from the row before."""
    cuts = [0]
    while cuts[-1] < size:
        end = min(cuts[-1] + KERNEL_ROWS, size)
        while end < size and goes_on(end):
            end += 1
        cuts.append(end)
    return list(pairwise(cuts))


def _same_series(rows: Rows, row: int) -> bool:
    """Return whether a row goes on with the series of the row before."""
    return bool(rows.claim[row] == rows.claim[row - 1] and rows.forecaster[row] == rows.forecaster[row - 1])


def _series_pieces(rows: Rows, claims: ClaimColumns, scoring: Scoring, outcome: FloatArray) -> LossPieces:
    """Cut the time of each series where its number changes, ends, or loses something else than before."""
    opens, limit = claims.opens.take(rows.claim), claims.limit.take(rows.claim)
    times = stands_from(rows.time, claims.grain.take(rows.claim))
    goes_on = (rows.claim[1:] == rows.claim[:-1]) & (rows.forecaster[1:] == rows.forecaster[:-1])
    starts, ends, stood = intervals(times, rows.probability, goes_on, opens, limit)

    # After each number that stood comes nothing, until the next one of the series or the scheduled end.
    claim, forecaster, starts, ends = rows.claim[stood], rows.forecaster[stood], starts[stood], ends[stood]
    until, said = claims.closes.take(claim), rows.probability[stood]
    goes_on = (claim[1:] == claim[:-1]) & (forecaster[1:] == forecaster[:-1])
    np.copyto(until[:-1], starts[1:], where=goes_on)
    edges = np.stack([starts, ends, until], axis=1)
    place = np.flatnonzero(edges[:, :2] < edges[:, 1:])  # two for each number: it stands, and nothing does
    which = place // 2
    start, end = (edges.ravel().take(which + place + step).astype(np.int64) for step in (0, 1))
    numbers = np.where(place % 2, np.nan, said.take(which))
    said_in = LossPieces(claim.take(which), forecaster.take(which), start, end, numbers)
    if claims.types.kind.any():
        changes = (claims.types.kind[said_in.claim] == DATE) & ~np.isnan(said_in.loss)
        said_in = _cut_where_anything_changes(said_in, changes)
    return said_in._replace(loss=_losses(said_in, scoring, outcome))


def _cut_where_anything_changes(pieces: LossPieces, chosen: BoolArray) -> LossPieces:
    """Cut some pieces at the moments at which any piece of their claim begins or ends; what is said stays the same."""
    moments, ranks = np.unique(np.concatenate([pieces.start, pieces.end]), return_inverse=True)
    first, last = pieces.claim.astype(np.int64) * moments.size + ranks.reshape(2, -1)
    events = np.unique(np.concatenate([first, last]))
    begin = np.searchsorted(events, first)
    count = np.where(chosen, np.searchsorted(events, last) - begin, 1)
    which = np.repeat(np.arange(count.size), count)
    event = np.arange(which.size) - (np.cumsum(count) - count - begin)[which]
    start, end = (moments[events[np.minimum(event + step, events.size - 1)] % moments.size] for step in (0, 1))
    cut = LossPieces._make(column[which] for column in pieces)
    return cut._replace(start=start, end=np.where(chosen[which], end, cut.end))


def _losses(said_in: LossPieces, scoring: Scoring, outcome: FloatArray) -> FloatArray:
    """Return what is lost in pieces whose numbers are what is said in them: nothing where that is nothing."""
    loss = np.zeros(said_in.loss.size)
    standing = np.flatnonzero(~np.isnan(said_in.loss))
    if scoring.steady:
        claim, said = said_in.claim[standing], said_in.loss[standing]
        saved = scoring.reference_losses(outcome.take(claim), claim) - scoring.losses(said, outcome.take(claim), claim)
        loss[standing] = -saved / scoring.spread(claim)
        return loss
    for at in np.split(standing, range(PIECES_AT_ONCE, standing.size, PIECES_AT_ONCE)):
        claim, start, end = (
            said_in.claim[at],
            *(moment[at].astype(np.float64) for moment in (said_in.start, said_in.end)),
        )
        saved = scoring.saved(said_in.loss[at], outcome.take(claim), claim, start, end)
        loss[at] = -saved / (end - start) / scoring.spread(claim)
    return loss


def without_claims(pieces: LossPieces, left_out: BoolArray) -> LossPieces:
    """Return the pieces on all claims but some."""
    kept = ~left_out[pieces.claim]
    return LossPieces._make(column[kept] for column in pieces)


def pieces_if_dated(pool: Pool, board: LossPieces, otherwise: DatedOtherwise) -> LossPieces:
    """Return the pieces of a board as they would be, had answers been public on other days.

    Words stand aside on the claims that this changes.
    """
    found = otherwise.found
    rows = rows_if_dated(pool, found)
    moved = rows.part(found[rows.claim])
    return joined_pieces(
        [without_claims(board, found), pieces_of(moved, otherwise.pool.table.claims, pool.table.scoring)]
    )


def pieces_if(pool: Pool, board: LossPieces, outcome: FloatArray) -> LossPieces:
    """Return the pieces of a board as they would be if the claims in doubt had the outcomes given.

    It shows how far a ranking depends on verdicts that are missing, unclear or contested. A claim without an outcome
    is taken to become known only after its window, so that forecasts count until then.

    Args:
        pool: The comparison group.
        board: The pieces as they are, of the claims in the means only.
        outcome: The outcome supposed for each claim; NaN for those that stay as they are.
    """
    table, claims = pool.table, pool.table.claims
    open_ended = replace(claims, limit=np.where(np.isnan(claims.outcome), claims.closes, claims.limit))
    in_question = ~np.isnan(outcome)
    # "due" has what is in the means or could still come into them; "unclear" what was annulled or found ambiguous.
    candidates = [pool.rows_in("due"), pool.rows_in("unclear")]
    added = [pieces_of(rows.part(in_question[rows.claim]), open_ended, table.scoring, outcome) for rows in candidates]
    return joined_pieces([without_claims(board, in_question), *added])


def outcomes_against(pool: Pool, number: int, rival: int | None = None) -> FloatArray:
    """Return for each claim in doubt the outcome that costs a forecaster most; NaN for all others.

    Args:
        pool: The comparison group.
        number: The forecaster.
        rival: Somebody beside whom it costs most; by default that is "knows nothing". What is in doubt for them alone
            comes out as they would like best.
    """
    series, against = pool.table.series, np.full(len(pool.table.claims.slugs), np.nan)
    own = series.part(in_doubt(pool, number))
    keys = pool.table.keys(own)
    if rival is None:
        against[own.claim] = worst_outcomes(pool, keys)
        return against
    theirs = series.part(in_doubt(pool, rival))
    against[theirs.claim] = worst_outcomes(pool, pool.table.keys(theirs), for_another=True)
    against[own.claim] = worst_outcomes(pool, keys)
    both, in_own, in_theirs = np.intersect1d(own.claim, theirs.claim, assume_unique=True, return_indices=True)
    together = worst_outcomes(pool, keys[in_own], pool.table.keys(theirs)[in_theirs])
    stood = ~np.isnan(together)
    against[both[stood]] = together[stood]
    return against


def outcomes_for_all(pool: Pool, *, best: bool) -> FloatArray:
    """Return for each claim in doubt the outcome that costs everybody together most, or is *best*; NaN for others."""
    outcome: FloatArray = np.full(len(pool.table.claims.slugs), np.nan)
    keys = pool.table.keys(pool.table.series.part(in_doubt(pool)))
    claims, found = worst_for_all(pool, keys, for_another=best)
    outcome[claims] = found
    return outcome
