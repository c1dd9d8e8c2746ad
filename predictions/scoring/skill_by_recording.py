"""Tell the skill over time that each forecaster had if answers had been public on other days than verdicts say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray, IndexArray
from predictions.scoring.dated_otherwise import (
    DatedOtherwise,
    as_known_of,
    as_recorded_of,
    positions_if_dated,
    rows_if_dated,
)
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
    if otherwise := as_recorded_of(pool):
        yield from _skills_retold(pool, otherwise)


def skills_if_known(pool: Pool) -> Iterator[tuple[TrackRecord, SkillRetold]]:
    """Yield those listed whose claims have a verdict that was dated late, with the skill until it could be known."""
    if otherwise := as_known_of(pool):
        yield from _skills_retold(pool, otherwise)


def _skills_retold(pool: Pool, otherwise: DatedOtherwise) -> Iterator[tuple[TrackRecord, SkillRetold]]:
    skills = skills_of(pool, otherwise)
    for record in pool.listed:
        theirs = pool.table.series.claim[positions_if_dated(pool, record.number, otherwise.found)]
        if otherwise.found[theirs].any() and record.number in skills:
            yield record, skills[record.number]


def skills_of(pool: Pool, otherwise: DatedOtherwise) -> dict[int, SkillRetold]:
    """Return the mean skill over time of each forecaster, by number, on claims that count otherwise than in the pool.

    Args:
        pool: Whose series are scored.
        otherwise: How its claims would count.
    """
    claims = otherwise.pool.table.claims
    pieces = pieces_of(rows_if_dated(pool, otherwise.found), claims, pool.table.scoring)
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


def saved_if_dated(otherwise: DatedOtherwise, keys: IndexArray) -> FloatArray:
    """Return what some series would have saved over time, had answers been public on other days."""
    table = otherwise.pool.table
    standing, claim = otherwise.pool.standing(keys), keys // len(table.forecasters)
    which = claim[standing.series]
    saved = table.scoring.saved(
        standing.probabilities, table.claims.outcome[which], which, standing.starts, standing.ends
    )
    return standing.total(saved, standing.series) / standing.horizon
