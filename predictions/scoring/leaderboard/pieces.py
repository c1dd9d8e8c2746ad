"""Cut the time of every series into pieces over which a forecaster's loss stays the same, for the leaderboard.

A series reaches from its first forecast that stood to the scheduled end of its claim. Its loss is in units of "knows
nothing": 0 loses as much as that, -1 loses nothing. It is 0 while no forecast stands after a withdrawal, and for
everybody once the answer is public. That time counts too, so the weight of a series is known beforehand and does not
depend on how the claim came out. On a claim about a date, the loss of a standing forecast changes with each day that is
over. So its average is taken between two moments at which anything changed on the claim. The same forecasts stand
between them, so these averages give the exact integrals of the leaderboard.
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
        start: When the piece begins, in microseconds since 1970.
        end: When it ends.
        loss: The forecaster's loss in it minus that of "knows nothing", divided by the loss that "knows nothing"
            expects.
    """

    claim: NDArray[np.int32]
    forecaster: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    loss: FloatArray


def pieces_of(rows: Rows, claims: ClaimColumns, scoring: Scoring, outcome: FloatArray | None = None) -> LossPieces:
    """Cut the series of some rows into pieces, a block of rows at a time.

    Args:
        rows: Complete series, sorted by claim, forecaster and time. A series that never stood has no piece.
        claims: The claims, by number.
        scoring: How they are scored.
        outcome: The outcome of each claim; None for those in *claims*.
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
    """Return the begin and end of blocks of about KERNEL_ROWS rows that do not split a series."""
    return _blocks(rows.claim.size, lambda row: _same_series(rows, row))


def _whole_claims(rows: Rows) -> list[tuple[int, int]]:
    """Return the begin and end of blocks of about KERNEL_ROWS rows that do not split a claim."""
    return _blocks(rows.claim.size, lambda row: bool(rows.claim[row] == rows.claim[row - 1]))


def _blocks(size: int, belongs_to_row_before: Callable[[int], bool]) -> list[tuple[int, int]]:
    """Return the begin and end of blocks of about KERNEL_ROWS rows, none cut before a row that belongs to the last."""
    cuts = [0]
    while cuts[-1] < size:
        end = min(cuts[-1] + KERNEL_ROWS, size)
        while end < size and belongs_to_row_before(end):
            end += 1
        cuts.append(end)
    return list(pairwise(cuts))


def _same_series(rows: Rows, row: int) -> bool:
    """Return True if a row is of the same series as the row before."""
    return bool(rows.claim[row] == rows.claim[row - 1] and rows.forecaster[row] == rows.forecaster[row - 1])


def _series_pieces(rows: Rows, claims: ClaimColumns, scoring: Scoring, outcome: FloatArray) -> LossPieces:
    """Cut the time of each series where its number begins or ends, and on dates wherever its loss may change."""
    opens, limit = claims.opens.take(rows.claim), claims.limit.take(rows.claim)
    times = stands_from(rows.time, claims.grain.take(rows.claim))
    has_next = (rows.claim[1:] == rows.claim[:-1]) & (rows.forecaster[1:] == rows.forecaster[:-1])
    starts, ends, stood = intervals(times, rows.probability, has_next, opens, limit)

    # After the end of each number nothing stands, until the next number of the series or the scheduled end.
    claim, forecaster, starts, ends = rows.claim[stood], rows.forecaster[stood], starts[stood], ends[stood]
    until, number = claims.closes.take(claim), rows.probability[stood]
    has_next = (claim[1:] == claim[:-1]) & (forecaster[1:] == forecaster[:-1])
    np.copyto(until[:-1], starts[1:], where=has_next)
    edges = np.stack([starts, ends, until], axis=1)
    # Two spans for each number, in one flat list: even ones in which it stands, odd ones in which nothing does.
    span = np.flatnonzero(edges[:, :2] < edges[:, 1:])
    owner = span // 2
    first_edge = owner + span  # a number has three edges, its spans begin at the first and the second of them
    start, end = (edges.ravel().take(first_edge + step).astype(np.int64) for step in (0, 1))
    standing = np.where(span % 2, np.nan, number.take(owner))
    # Until the losses are computed, the column "loss" holds the number that stands.
    numbered = LossPieces(claim.take(owner), forecaster.take(owner), start, end, standing)
    if claims.types.kind.any():
        changes = (claims.types.kind[numbered.claim] == DATE) & ~np.isnan(numbered.loss)
        numbered = _cut_where_anything_changes(numbered, changes)
    return numbered._replace(loss=_losses(numbered, scoring, outcome))


def _cut_where_anything_changes(pieces: LossPieces, chosen: BoolArray) -> LossPieces:
    """Cut the chosen pieces at every moment at which any piece of their claim begins or ends."""
    moments, ranks = np.unique(np.concatenate([pieces.start, pieces.end]), return_inverse=True)
    # An event is a moment on a claim, as one number that sorts by claim and moment.
    first, last = pieces.claim.astype(np.int64) * moments.size + ranks.reshape(2, -1)
    events = np.unique(np.concatenate([first, last]))
    begin = np.searchsorted(events, first)
    count = np.where(chosen, np.searchsorted(events, last) - begin, 1)
    owner = np.repeat(np.arange(count.size), count)
    event = np.arange(owner.size) - (np.cumsum(count) - count - begin)[owner]
    start, end = (moments[events[np.minimum(event + step, events.size - 1)] % moments.size] for step in (0, 1))
    cut = LossPieces._make(column[owner] for column in pieces)
    return cut._replace(start=start, end=np.where(chosen[owner], end, cut.end))


def _losses(numbered: LossPieces, scoring: Scoring, outcome: FloatArray) -> FloatArray:
    """Return the loss in each piece; 0 where nothing stands.

    *numbered* are pieces that hold in place of the loss the number that stands in them, NaN for none.
    """
    loss = np.zeros(numbered.loss.size)
    standing = np.flatnonzero(~np.isnan(numbered.loss))
    if scoring.steady:  # the loss of a number is the same at every moment
        claim, number = numbered.claim[standing], numbered.loss[standing]
        lost = scoring.losses(number, outcome.take(claim), claim)
        loss[standing] = (lost - scoring.reference_losses(outcome.take(claim), claim)) / scoring.spread(claim)
        return loss
    for some in np.split(standing, range(PIECES_AT_ONCE, standing.size, PIECES_AT_ONCE)):
        claim = numbered.claim[some]
        start, end = numbered.start[some].astype(np.float64), numbered.end[some].astype(np.float64)
        saved = scoring.saved(numbered.loss[some], outcome.take(claim), claim, start, end)
        loss[some] = -saved / (end - start) / scoring.spread(claim)
    return loss


def without_claims(pieces: LossPieces, left_out: BoolArray) -> LossPieces:
    """Return the pieces on all claims but those left out."""
    kept = ~left_out[pieces.claim]
    return LossPieces._make(column[kept] for column in pieces)


def pieces_if_dated(pool: Pool, board: LossPieces, otherwise: DatedOtherwise) -> LossPieces:
    """Return the pieces of a board as if answers had been public on other days.

    Numbers read from words are left out on the claims that this changes.
    """
    changed = otherwise.is_changed
    rows = rows_if_dated(pool, changed)
    rows = rows.part(changed[rows.claim])
    return joined_pieces(
        [without_claims(board, changed), pieces_of(rows, otherwise.pool.table.claims, pool.table.scoring)]
    )


def pieces_if(pool: Pool, board: LossPieces, outcome: FloatArray) -> LossPieces:
    """Return the pieces of a board as if the claims in doubt had the outcomes given.

    It shows how far a ranking depends on verdicts that are missing, unclear or contested. The answer to a claim without
    an outcome is taken to become known only after its window, so that forecasts count until then.

    Args:
        pool: The comparison group.
        board: The present pieces, on the claims in the means only.
        outcome: The supposed outcome of each claim; NaN for claims that stay as they are.
    """
    table, claims = pool.table, pool.table.claims
    open_ended = replace(claims, limit=np.where(np.isnan(claims.outcome), claims.closes, claims.limit))
    in_question = ~np.isnan(outcome)
    # "due": series in the means, or that could still come into them; "unclear": on claims annulled or found ambiguous.
    candidates = [pool.rows_in("due"), pool.rows_in("unclear")]
    added = [pieces_of(rows.part(in_question[rows.claim]), open_ended, table.scoring, outcome) for rows in candidates]
    return joined_pieces([without_claims(board, in_question), *added])


def outcomes_against(pool: Pool, number: int, rival: int | None = None) -> FloatArray:
    """Return for each claim in doubt the outcome that costs a forecaster most; NaN for all other claims.

    Args:
        pool: The comparison group.
        number: The forecaster's number.
        rival: The number of a rival to compare with; None compares with "knows nothing". Claims that are in doubt for
            the rival alone come out as the rival would like best.
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
    """Return for each claim in doubt the worst outcome for everybody together, or the *best* one; NaN for others."""
    outcome: FloatArray = np.full(len(pool.table.claims.slugs), np.nan)
    keys = pool.table.keys(pool.table.series.part(in_doubt(pool)))
    claims, outcomes = worst_for_all(pool, keys, for_another=best)
    outcome[claims] = outcomes
    return outcome
