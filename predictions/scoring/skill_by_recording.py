"""Compute each forecaster's skill over time as if answers had been public on other days than their verdicts say."""

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
    """The skill over time of one forecaster with other days of answers.

    Attributes:
        skill: The mean skill. If the claims are of several types, each is in units of what "knows nothing" expects to
            lose there, because losses of different types have no common unit.
        types: How many types of claims there are.
    """

    skill: float
    types: int


def skills_by_recording(pool: Pool) -> Iterator[tuple[TrackRecord, SkillRetold]]:
    """Yield the listed forecasters with a verdict that is dated early, and their skill up to its recording."""
    if otherwise := as_recorded_of(pool):
        yield from _skills_retold(pool, otherwise)


def skills_if_known(pool: Pool) -> Iterator[tuple[TrackRecord, SkillRetold]]:
    """Yield the listed forecasters with a verdict that is dated late, and their skill until it could be known."""
    if otherwise := as_known_of(pool):
        yield from _skills_retold(pool, otherwise)


def _skills_retold(pool: Pool, otherwise: DatedOtherwise) -> Iterator[tuple[TrackRecord, SkillRetold]]:
    """Yield the listed forecasters who have a claim whose day is changed, each with the new skill."""
    skills = skills_of(pool, otherwise)
    for record in pool.listed:
        claims = pool.table.series.claim[positions_if_dated(pool, record.number, otherwise.is_changed)]
        if otherwise.is_changed[claims].any() and record.number in skills:
            yield record, skills[record.number]


def skills_of(pool: Pool, otherwise: DatedOtherwise) -> dict[int, SkillRetold]:
    """Return the mean skill over time of each forecaster, by number, with other days of answers.

    Args:
        pool: The comparison group.
        otherwise: Its claims with the other days.
    """
    claims = otherwise.pool.table.claims
    pieces = pieces_of(rows_if_dated(pool, otherwise.is_changed), claims, pool.table.scoring)
    window = (claims.closes - claims.opens)[pieces.claim]
    spread = pool.table.scoring.spread(pieces.claim)
    saved = -pieces.loss * (pieces.end - pieces.start) / window  # in units of the spread
    # A series is a pair of forecaster and claim; sorted by both, each forecaster's series are a span.
    pairs, series = np.unique(np.stack([pieces.forecaster, pieces.claim]), axis=1, return_inverse=True)
    pooled, plain = (
        np.bincount(series.ravel(), part, pairs.shape[1]).astype(np.float64) for part in (saved, saved * spread)
    )
    units, kinds = claims.units.fair[pairs[1]], claims.types.kind[pairs[1]]
    forecasters, begins = np.unique(pairs[0], return_index=True)
    spans = zip(forecasters.tolist(), begins.tolist(), np.append(begins, units.size)[1:].tolist(), strict=True)
    skills = dict[int, SkillRetold]()
    for forecaster, begin, end in spans:
        types = np.unique(kinds[begin:end]).size
        skill_of_series: FloatArray = (plain if types == 1 else pooled)[begin:end]
        skills[forecaster] = SkillRetold(float(unit_means(units[begin:end], skill_of_series).mean()), types)
    return skills


def saved_if_dated(otherwise: DatedOtherwise, keys: IndexArray) -> FloatArray:
    """Return what each of these series would have saved over time with other days of answers."""
    table = otherwise.pool.table
    standing, claim_of_series = otherwise.pool.standing(keys), keys // len(table.forecasters)
    claim = claim_of_series[standing.series]
    saved = table.scoring.saved(
        standing.probabilities, table.claims.outcome[claim], claim, standing.starts, standing.ends
    )
    return standing.total(saved, standing.series) / standing.horizon
