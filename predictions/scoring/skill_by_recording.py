"""Tell the skill over time that each forecaster had if every answer had been public when its verdict was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from predictions.scoring.columns.claims import ClaimColumns
from predictions.scoring.leaderboard.pieces import pieces_of
from predictions.scoring.pool import Pool
from predictions.scoring.track_record import TrackRecord, unit_means


class SkillRetold(NamedTuple):
    """The skill over time of one forecaster on claims that count otherwise.

    Attributes:
        skill: As a card has it: the mean over claims of one type; of several types, in units of what "knows nothing"
            expects to lose, without which they have no mean.
        types: Of how many types the claims are.
    """

    skill: float
    types: int


def skills_by_recording(pool: Pool) -> Iterator[tuple[TrackRecord, SkillRetold]]:
    """Yield those listed whose claims have a verdict that was dated early, each with that skill."""
    early = pool.early_verdicts
    skills = skills_of(pool, early.as_recorded(pool.table.claims))
    for record in pool.listed:
        if early.found[record.series.claim].any():
            yield record, skills[record.number]


def skills_of(pool: Pool, claims: ClaimColumns) -> dict[int, SkillRetold]:
    """Return the mean skill over time of each forecaster, by number, on claims that count otherwise than in the pool.

    Args:
        pool: Whose series are scored.
        claims: Its claims, of which only when they end may differ.
    """
    pieces = pieces_of(pool.rows_in("means"), claims, pool.table.scoring)
    window = (claims.closes - claims.opens)[pieces.claim]
    spread = pool.table.scoring.spread(pieces.claim)
    saved = -pieces.loss * (pieces.end - pieces.start) / window  # in units of the spread
    pairs, which = np.unique(np.stack([pieces.forecaster, pieces.claim]), axis=1, return_inverse=True)
    both = (saved, saved * spread)
    pooled, plain = (np.bincount(which.ravel(), part, pairs.shape[1]).astype(np.float64) for part in both)
    units, kinds = claims.units.fair[pairs[1]], claims.types.kind[pairs[1]]
    people, begins = np.unique(pairs[0], return_index=True)
    spans = zip(people.tolist(), begins.tolist(), np.append(begins, units.size)[1:].tolist(), strict=True)
    found = dict[int, SkillRetold]()
    for who, begin, end in spans:
        types = np.unique(kinds[begin:end]).size
        of_series: FloatArray = (plain if types == 1 else pooled)[begin:end]
        found[who] = SkillRetold(float(unit_means(units[begin:end], of_series).mean()), types)
    return found


def saved_by_recording(pool: Pool, keys: IndexArray) -> FloatArray:
    """Return what some series would have saved over time, had each answer been public when its verdict was recorded."""
    standing, claim = pool.by_recording.standing(keys), keys // len(pool.table.forecasters)
    which, outcome = claim[standing.series], pool.table.claims.outcome[claim[standing.series]]
    saved = pool.table.scoring.saved(standing.probabilities, outcome, which, standing.starts, standing.ends)
    return standing.total(saved, standing.series) / standing.horizon
