"""Compute difficulty-adjusted skill over time for a card: who takes part, when they stood, and what they lost.

The arithmetic is :func:`forecasts.adjusted_skill.adjusted_skill`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from forecasts.adjusted_skill import AdjustedSkill, adjusted_skill
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.enums import DERIVED
from predictions.records import Claim
from predictions.scoring.dated_otherwise import dated_otherwise
from predictions.scoring.eligibility import Cohort
from predictions.scoring.eligibility_codes import CODES_COUNTED, NEVER_STOOD_CODES
from predictions.scoring.in_doubt import true_in_part
from predictions.scoring.leaderboard.pieces import (
    LossPieces,
    joined_pieces,
    pieces_if,
    pieces_if_dated,
    pieces_of,
)
from predictions.scoring.leaderboard.yardstick import Yardstick, largest_shares, recorders_of
from predictions.scoring.pool import Pool
from predictions.scoring.score_columns import LEVEL, SEED
from predictions.scoring.series import SeriesTable
from predictions.scoring.type_text import known_roughly

READ_AT = ("low", "middle", "high")  # the ends at which numbers that were read from words or ranges take part
DRAWS, FEWEST_DRAWS = 4_000, 200  # how often ranks are drawn on the main board, and at least on one of many boards
PLACES_IN_ONE = 400_000  # draws x forecasters on one of many boards, to bound the time
# Kept as long as their table is: the pieces of each cohort, and the skills by the last yardstick that was asked for.
_PIECES_OF: WeakKeyDictionary[SeriesTable, dict[Cohort, LossPieces]] = WeakKeyDictionary()
_LAST: WeakKeyDictionary[SeriesTable, dict[bytes, AdjustedSkill]] = WeakKeyDictionary()


class Marks(NamedTuple):
    """For each forecaster the number of claims on which a caveat holds: shape (forecasters,) each.

    Attributes:
        late_clusters: The cluster was declared too late.
        by_day: Forecasts count by whole days although the claim has ``closes_at``.
        partly: The claim is true in part.
        contested: Somebody contests the verdict.
        retracted: The verdict rests on evidence that was retracted since.
        replaced: There was another outcome before.
        dated_early: The verdict is dated long before it was recorded.
        dated_late: The verdict is dated long after the answer could be known.
        day_unknown: The claim is a date that came, and the verdict tells only its month or year.
    """

    late_clusters: IndexArray
    by_day: IndexArray
    partly: IndexArray
    contested: IndexArray
    retracted: IndexArray
    replaced: IndexArray
    dated_early: IndexArray
    dated_late: IndexArray
    day_unknown: IndexArray


class Standings:
    """The ranking of everybody on a card, computed when it is first asked for.

    Forecasters take part by number. Those with numbers read from words take part three more times, unranked: with the
    low end, the middle and the high end of each range. These have numbers after those of all forecasters.
    """

    def __init__(self, pool: Pool, stick: Yardstick) -> None:
        """Rank the forecasters of a pool by a yardstick."""
        self.pool, self.stick = pool, stick
        self.forecasters = len(pool.table.forecasters)
        marks = pool.table.series.mark
        in_words = pool.table.series.forecaster[np.isin(marks, CODES_COUNTED[pool.cohort]["means, imputed"])]
        self.words = np.unique(in_words).astype(np.intp)

    @cached_property
    def pieces(self) -> LossPieces:
        """The time of everybody's series, cut where a number changes."""
        table, cohort = self.pool.table, self.pool.cohort
        by_cohort = _PIECES_OF.setdefault(table, {})
        if cohort not in by_cohort:
            stated = pieces_of(self.pool.rows_in("means"), table.claims, table.scoring)
            by_cohort[cohort] = joined_pieces([stated, *self._pieces_of_words()])
        return by_cohort[cohort]

    @cached_property
    def claims(self) -> IndexArray:
        """The numbers of the claims on which anybody's forecast stood."""
        return np.flatnonzero(np.bincount(self.pieces.claim))

    def _pieces_of_words(self) -> Iterator[LossPieces]:
        """Yield the pieces of numbers read from words, at each end of their ranges."""
        if not self.words.size:
            return
        table, middle = self.pool.table, self.pool.rows_in("means, imputed")
        keys = np.unique(middle.claim.astype(np.int64) * self.forecasters + middle.forecaster)
        for number, end in enumerate(READ_AT):
            rows = middle
            if end != "middle":
                ranges = self.pool.reader.rows_at_end(end, table.wanted)
                rows = ranges.part(np.isin(ranges.claim.astype(np.int64) * self.forecasters + ranges.forecaster, keys))
            pieces = pieces_of(rows, table.claims, table.scoring)
            participant = self.forecasters + len(READ_AT) * np.searchsorted(self.words, pieces.forecaster) + number
            yield pieces._replace(forecaster=participant.astype(np.int32))

    @cached_property
    def found(self) -> AdjustedSkill:
        """The skills and ranks, with clusters that were declared in time; kept for the next card of the same table."""
        key, last = self.pool.cohort.encode() + self.stick.members.tobytes(), _LAST.get(self.pool.table, {})
        if key not in last:
            last = {key: self._adjusted(self.pieces, self.pool.table.claims.units.fair)}
            _LAST[self.pool.table] = last
        return last[key]

    @cached_property
    def cautious(self) -> AdjustedSkill:
        """The skills and ranks with every cluster ever declared, which can only make the board less sure."""
        units = self.pool.table.claims.units
        if np.unique(units.fair[self.claims]).size == np.unique(units.wide[self.claims]).size:
            return self.found
        return self._adjusted(self.pieces, units.wide)

    def _adjusted(self, pieces: LossPieces, units: IndexArray, *, draws: int = DRAWS) -> AdjustedSkill:
        """Compute the skills and ranks from pieces of time; *units* is the unit of each claim."""
        claims = self.pool.table.claims
        outside = np.zeros(len(READ_AT) * self.words.size, np.bool_)
        # Crowds and rules are measured like anybody, but never ranked: they are made of the numbers of others.
        derived = [forecaster.kind in DERIVED for forecaster in self.pool.table.forecasters]
        return adjusted_skill(
            pieces.claim, pieces.forecaster, pieces.start, pieces.end, pieces.loss,
            window=claims.closes - claims.opens, cluster=np.unique(units, return_inverse=True)[1],
            reference=np.append(self.stick.members, outside), eligible=np.append(~np.array(derived, np.bool_), outside),
            kind=claims.types.kind, level=LEVEL, draws=draws, seed=SEED,
        )  # fmt: skip

    @cached_property
    def marks(self) -> dict[str, Marks]:
        """The caveats on stated numbers, under "means", and on numbers read from words, under "means, imputed"."""
        claims, verdicts = self.pool.table.claims, self.pool.reader.doubted_verdicts
        flags = (
            claims.units.late, claims.by_day_after_all, true_in_part(self.pool), verdicts.contested, verdicts.retracted,
            verdicts.replaced, self.pool.early_verdicts.is_early, self.pool.late_verdicts.is_late,
            known_roughly(claims, np.arange(claims.limit.size)),
        )  # fmt: skip
        stated, imputed = (
            Marks(*(self._count(flag, figure) for flag in flags)) for figure in ("means", "means, imputed")
        )
        stated = stated._replace(dated_early=stated.dated_early + self._kept_out)
        return {"means": stated, "means, imputed": imputed}

    @property
    def _kept_out(self) -> IndexArray:
        """For each forecaster how many series never stood, because the verdict is dated early."""
        series, early = self.pool.table.series, self.pool.early_verdicts.is_early
        chosen = np.isin(series.mark, NEVER_STOOD_CODES[self.pool.cohort]) & early[series.claim]
        return np.bincount(series.forecaster[chosen], minlength=self.forecasters)

    def _count(self, flag: BoolArray, figure: str) -> IndexArray:
        """Count each forecaster's series that count in *figure* and are on claims with the flag."""
        if not flag.any():
            return np.zeros(self.forecasters, np.intp)
        series = self.pool.table.series
        chosen = np.isin(series.mark, CODES_COUNTED[self.pool.cohort][figure]) & flag[series.claim]
        return np.bincount(series.forecaster[chosen], minlength=self.forecasters)

    @cached_property
    def missing(self) -> IndexArray:
        """For each forecaster how many claims with a stated number are due and have no verdict."""
        return self._count(np.isnan(self.pool.table.claims.outcome), "due")

    @cached_property
    def missing_of_words(self) -> IndexArray:
        """For each forecaster how many claims with a number read from words are due and have no verdict."""
        return self._count(np.isnan(self.pool.table.claims.outcome), "due, imputed")

    @cached_property
    def unclear(self) -> IndexArray:
        """For each forecaster how many due claims are in doubt because they were annulled or found ambiguous."""
        return self._count(~self.pool.reader.doubted_verdicts.condition_failed, "unclear")

    @cached_property
    def if_dated_otherwise(self) -> list[AdjustedSkill]:
        """One board for each way in which answers may have been public on other days than their verdicts say."""
        return [
            self._one_of_many(pieces_if_dated(self.pool, self.pieces, otherwise))
            for otherwise in dated_otherwise(self.pool)
        ]

    @property
    def as_recorded(self) -> AdjustedSkill:
        """The board as if every answer had been public when its verdict was recorded; needs a verdict dated early."""
        return self.if_dated_otherwise[0]

    @property
    def as_early_as_known(self) -> AdjustedSkill:
        """The board as if every answer had been public as early as it could be; needs a verdict dated late."""
        return self.if_dated_otherwise[1 if self.pool.early_verdicts.is_early.any() else 0]

    def board_if(self, outcome: FloatArray) -> AdjustedSkill:
        """Return the board as if claims in doubt had these outcomes; NaN leaves a claim as it is.

        This takes as long as computing the board itself.
        """
        return self._one_of_many(pieces_if(self.pool, self.pieces, outcome))

    def _one_of_many(self, pieces: LossPieces) -> AdjustedSkill:
        """Compute one of many boards, with fewer draws if there are many forecasters."""
        draws = max(FEWEST_DRAWS, min(DRAWS, PLACES_IN_ONE // max(self.forecasters, 1)))
        return self._adjusted(pieces, self.pool.table.claims.units.fair, draws=draws)

    @cached_property
    def statements(self) -> int:
        """How many observations the board rests on."""
        return int(np.unique(self.pool.table.claims.units.wide[self.claims]).size)

    def words_said(self, claim: str, forecaster: str) -> str | None:
        """Return the first words of the forecaster that were read as a number on a claim; None for a range alone."""
        snapshot = self.pool.reader.snapshot([claim])
        for item in snapshot.forecasts_on(snapshot.find(Claim, claim)):
            if item.record.forecaster == forecaster and item.record.words:
                return item.record.words
        return None

    def shares(self) -> tuple[tuple[int, float], tuple[str, float]]:
        """Return the forecaster (by number) with the largest share of the yardstick, and the recorder likewise."""
        return largest_shares(self.found.weight[: self.forecasters], self.stick.members, recorders_of(self.pool))

    def closed_before_the_list(self) -> tuple[int, int]:
        """Return how many claims were over or answered before the yardstick was recorded, and how many there are."""
        limit = self.pool.table.claims.limit[self.claims]
        return int((limit <= self.stick.recorded_at).sum()), limit.size

    def first_at_most(self, table: int) -> float | None:
        """Return an upper bound of anybody's chance to be first in a table; None if each chance is known by itself."""
        ceiling = float(self.found.first_at_most[table - 1])
        return None if np.isnan(ceiling) else ceiling
