"""Compute difficulty-adjusted skill over time from a card's columns: who takes part, with which time and losses.

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

READ_AT = ("low", "middle", "high")  # of numbers that were read from words or ranges
DRAWS, FEWEST_DRAWS = 4_000, 200  # of ranks; the fewest where many take part in many boards
PLACES_IN_ONE = 400_000  # drawn in a board that is one of many
_PIECES_OF: WeakKeyDictionary[SeriesTable, dict[Cohort, LossPieces]] = WeakKeyDictionary()  # as long as the series are
_LAST: WeakKeyDictionary[SeriesTable, dict[bytes, AdjustedSkill]] = WeakKeyDictionary()  # of the last yardstick


class Marks(NamedTuple):
    """For each forecaster, on how many claims something qualifies the figures: shape (forecasters,) each.

    Attributes:
        late_clusters: The cluster was declared too late.
        by_day: Told by the day although the claim has ``closes_at``.
        partly: It is true in part.
        contested: Somebody contests the verdict.
        retracted: The verdict rests on evidence that was retracted since.
        replaced: There was another outcome before.
        dated_early: The verdict is dated long before it was recorded.
        dated_late: It is dated long after the answer could be known.
    """

    late_clusters: IndexArray
    by_day: IndexArray
    partly: IndexArray
    contested: IndexArray
    retracted: IndexArray
    replaced: IndexArray
    dated_early: IndexArray
    dated_late: IndexArray


class Standings:
    """The ranking of everybody on a card, computed when it is first asked for.

    Forecasters take part by number. Those with numbers read from words take part three times more, unranked: with the
    low end of each range, the middle and the high end.
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
        """The time of everybody, cut where a number changes."""
        table, cohort = self.pool.table, self.pool.cohort
        of_table = _PIECES_OF.setdefault(table, {})
        if cohort not in of_table:
            stated = pieces_of(self.pool.rows_in("means"), table.claims, table.scoring)
            of_table[cohort] = joined_pieces([stated, *self._pieces_of_words()])
        return of_table[cohort]

    @cached_property
    def claims(self) -> IndexArray:
        """The claims on which anybody stood."""
        return np.flatnonzero(np.bincount(self.pieces.claim))

    def _pieces_of_words(self) -> Iterator[LossPieces]:
        """Yield the pieces at each end of the ranges; their forecasters are numbered after all others."""
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
            taking_part = self.forecasters + len(READ_AT) * np.searchsorted(self.words, pieces.forecaster) + number
            yield pieces._replace(forecaster=taking_part.astype(np.int32))

    @cached_property
    def found(self) -> AdjustedSkill:
        """What the arithmetic says, with clusters as they were declared in time; asked again, it is not done again."""
        asked, last = self.pool.cohort.encode() + self.stick.members.tobytes(), _LAST.get(self.pool.table, {})
        if asked not in last:
            last = {asked: self._adjusted(self.pieces, self.pool.table.claims.units.fair)}
            _LAST[self.pool.table] = last
        return last[asked]

    @cached_property
    def cautious(self) -> AdjustedSkill:
        """The same with every cluster that was ever declared: it can only make the board less sure."""
        units = self.pool.table.claims.units
        if np.unique(units.fair[self.claims]).size == np.unique(units.wide[self.claims]).size:
            return self.found
        return self._adjusted(self.pieces, units.wide)

    def _adjusted(self, pieces: LossPieces, units: IndexArray, *, draws: int = DRAWS) -> AdjustedSkill:
        claims = self.pool.table.claims
        outside = np.zeros(len(READ_AT) * self.words.size, np.bool_)
        # Crowds and rules are measured like anybody, and never ranked: they are made of the numbers of the others.
        derived = [forecaster.kind in DERIVED for forecaster in self.pool.table.forecasters]
        return adjusted_skill(
            pieces.claim, pieces.forecaster, pieces.start, pieces.end, pieces.loss,
            window=claims.closes - claims.opens, cluster=np.unique(units, return_inverse=True)[1],
            reference=np.append(self.stick.members, outside), eligible=np.append(~np.array(derived, np.bool_), outside),
            kind=claims.types.kind, level=LEVEL, draws=draws, seed=SEED,
        )  # fmt: skip

    @cached_property
    def marks(self) -> dict[str, Marks]:
        """For each forecaster, on how many claims something qualifies the figures, of numbers and of words."""
        claims, verdicts = self.pool.table.claims, self.pool.reader.doubted_verdicts
        flags = (
            claims.units.late, claims.by_day_after_all, true_in_part(self.pool), verdicts.contested, verdicts.retracted,
            verdicts.replaced, self.pool.early_verdicts.found, self.pool.late_verdicts.found,
        )  # fmt: skip
        found = {
            figure: Marks(*(self._count(flag, figure) for flag in flags)) for figure in ("means", "means, imputed")
        }
        stated = found["means"]
        return found | {"means": stated._replace(dated_early=stated.dated_early + self._kept_out)}

    @property
    def _kept_out(self) -> IndexArray:
        """For each forecaster how many series never stood because of a verdict that is dated early."""
        series, early = self.pool.table.series, self.pool.early_verdicts.found
        chosen = np.isin(series.mark, NEVER_STOOD_CODES[self.pool.cohort]) & early[series.claim]
        return np.bincount(series.forecaster[chosen], minlength=self.forecasters)

    def _count(self, flag: BoolArray, figure: str) -> IndexArray:
        """Count for each forecaster the series of a figure on claims with a flag."""
        if not flag.any():
            return np.zeros(self.forecasters, np.intp)
        series = self.pool.table.series
        chosen = np.isin(series.mark, CODES_COUNTED[self.pool.cohort][figure]) & flag[series.claim]
        return np.bincount(series.forecaster[chosen], minlength=self.forecasters)

    @cached_property
    def missing(self) -> IndexArray:
        """For each forecaster how many claims are due and have no verdict."""
        return self._count(np.isnan(self.pool.table.claims.outcome), "due")

    @cached_property
    def missing_of_words(self) -> IndexArray:
        """For each forecaster how many claims on which numbers were read from words are due and have no verdict."""
        return self._count(np.isnan(self.pool.table.claims.outcome), "due, imputed")

    @cached_property
    def unclear(self) -> IndexArray:
        """For each forecaster how many claims are due and were annulled or found ambiguous, and are in doubt."""
        return self._count(~self.pool.reader.doubted_verdicts.condition_failed, "unclear")

    @cached_property
    def if_dated_otherwise(self) -> list[AdjustedSkill]:
        """The board for each way in which answers may have been public on other days than their verdicts say."""
        return [
            self._one_of_many(pieces_if_dated(self.pool, self.pieces, otherwise))
            for otherwise in dated_otherwise(self.pool)
        ]

    @property
    def as_recorded(self) -> AdjustedSkill:
        """That board with every answer public when its verdict was recorded; some verdict is dated early."""
        return self.if_dated_otherwise[0]

    @property
    def as_early_as_known(self) -> AdjustedSkill:
        """That with every answer public as early as it could be; some verdict is dated late."""
        return self.if_dated_otherwise[1 if self.pool.early_verdicts.found.any() else 0]

    def board_if(self, outcome: FloatArray) -> AdjustedSkill:
        """Return the board if what is in doubt came out so: for each claim an outcome, or NaN. It takes as long again.

        NaN leaves a claim as it is.
        """
        return self._one_of_many(pieces_if(self.pool, self.pieces, outcome))

    def _one_of_many(self, pieces: LossPieces) -> AdjustedSkill:
        draws = max(FEWEST_DRAWS, min(DRAWS, PLACES_IN_ONE // max(self.forecasters, 1)))
        return self._adjusted(pieces, self.pool.table.claims.units.fair, draws=draws)

    @cached_property
    def statements(self) -> int:
        """How many observations the board rests on."""
        return int(np.unique(self.pool.table.claims.units.wide[self.claims]).size)

    def words_said(self, claim: str, forecaster: str) -> str | None:
        """Return the words that were read as the forecaster's number on a claim; None for a range without words."""
        snapshot = self.pool.reader.snapshot([claim])
        said = [item.record for item in snapshot.forecasts_on(snapshot.find(Claim, claim))]
        return next((forecast.words for forecast in said if forecast.forecaster == forecaster and forecast.words), None)

    def shares(self) -> tuple[tuple[int, float], tuple[str, float]]:
        """Return who has the largest share of the yardstick, and who recorded the largest share of it."""
        return largest_shares(self.found.weight[: self.forecasters], self.stick.members, recorders_of(self.pool))

    def closed_before_the_list(self) -> tuple[int, int]:
        """Return how many claims were over or answered before the yardstick was recorded, and of how many."""
        limit = self.pool.table.claims.limit[self.claims]
        return int((limit <= self.stick.recorded_at).sum()), limit.size

    def first_at_most(self, table: int) -> float | None:
        """Return a bound on everybody's chance of being first in a table; None if the chances are shown one by one."""
        ceiling = float(self.found.first_at_most[table - 1])
        return None if np.isnan(ceiling) else ceiling
