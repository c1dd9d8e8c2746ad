"""Replace the chances and places of a leaderboard by those that hold in the worst case, or leave them out.

:mod:`predictions.scoring.in_doubt` decides which claims are in doubt. For everybody who is drawn the board is computed
again, as if all these claims had come out in the way that costs them most: compared with "knows nothing", and with
whoever is ahead. A line then shows the lowest chance and the last place that any of these boards gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product
from math import erf, prod, sqrt

import numpy as np

from forecasts.adjusted_skill import AdjustedSkill
from forecasts.inputs import FloatArray
from predictions.scoring.leaderboard.pieces import outcomes_against, outcomes_for_all
from predictions.scoring.leaderboard.rows import LeaderboardRow
from predictions.scoring.leaderboard.standings import Standings

FIRST_OF_TABLE = 20  # the top of each table is tried too, drawn or not: sentences about the first depend on it
MOST_PIECES = 6_000_000  # pieces of time that are computed again in all, which takes some seconds


class AtWorst:
    """Figures of a board that hold whatever becomes of the claims in doubt.

    Attributes:
        tables: The numbers of the tables in which anything is in doubt.
        too_large: True if computing the boards would take too long; then these figures are left out.
    """

    def __init__(self, standings: Standings, rows: Sequence[LeaderboardRow], drawn: Sequence[LeaderboardRow]) -> None:
        """Take the *rows* of a board, and those that are *drawn*; boards are computed when they are first needed."""
        self._standings, self._rows, self._board_of = standings, rows, dict[bytes, AdjustedSkill]()
        self._number = {forecaster.slug: number for number, forecaster in enumerate(standings.pool.table.forecasters)}
        self.tables = {row.table for row in rows if row.in_doubt or row.dated_early or row.dated_late}
        self._places = {row.forecaster: row.rank_high for row in rows if row.rank_high}
        self._drawn = {row.forecaster for row in drawn if not row.from_words}
        top = [row for table in self.tables for row in self._ranked(table)[:FIRST_OF_TABLE]]
        stated = [row for row in [*drawn, *top] if row.table in self.tables and not row.from_words]
        self._tried = {self._number[row.forecaster]: row for row in stated}
        # Each of them is tried twice: against "knows nothing", and against a rival.
        pieces = 2 * len(self._tried) * standings.pieces.claim.size if self.tables else 0
        self.too_large = pieces > MOST_PIECES

    def told(self, row: LeaderboardRow) -> LeaderboardRow:
        """Return a line with the figures of the worst case.

        They are None for a line that is not drawn or was read from words, and if the board is too large.
        """
        if row.table not in self.tables:
            return row
        number = self._number[row.forecaster]
        if row.from_words or row.forecaster not in self._drawn or self.too_large:
            return replace(row, better=None, first=None, rank_high=None, at_least=True)
        has_worst = row.in_doubt and row.skill is not None
        worst = float(np.nanmin([board.skill[number] for board in self._turned])) if has_worst else None
        return replace(
            row, at_worst=worst, at_least=True,
            better=_least(row.better, self._better(number)),
            first=_least(row.first, (board.first[number] for board in self._boards)),
            rank_high=row.rank_high and self.last_place(row),
        )  # fmt: skip

    def last_place(self, row: LeaderboardRow) -> int:
        """Return the worst place that is likely for a ranked forecaster on any board."""
        number, boards = self._number[row.forecaster], self._boards if row.table in self.tables else []
        return max(self._places[row.forecaster], *(int(board.rank_high[number]) for board in boards), 1)

    def _better(self, number: int) -> Iterator[float]:
        """Yield a forecaster's chance of being better than knowing nothing: on every board, and in a case still worse.

        That case takes the lowest skill of any board, with the standard error of any board that lowers the chance most.
        """
        yield from (float(board.better[number]) for board in self._boards)
        least = min(float(board.raw[number]) for board in self._boards)
        errors = [float(board.standard_error[number]) for board in self._boards]
        error = max(errors) if least > 0 else min(errors)
        yield (1 + erf(least / (error * sqrt(2)))) / 2 if error else float(least > 0)

    def leads(self, first: LeaderboardRow) -> bool:
        """Return True if the first of a table is first on every board; False if the board is too large to know."""
        if first.table not in self.tables:
            return True
        if self.too_large:
            return False
        return all(board.rank[self._number[first.forecaster]] == 1 for board in self._boards)

    def before(self, first: LeaderboardRow, second: LeaderboardRow) -> float:
        """Return the least chance, on any board, that the true skill of *first* is above that of *second*."""
        boards = [self._standings.found, *(self._boards if first.table in self.tables else ())]
        return min(
            _chance_above(board, self._number[first.forecaster], self._number[second.forecaster]) for board in boards
        )

    def _ranked(self, table: int | None) -> list[LeaderboardRow]:
        """Return the ranked lines of a table, best first."""
        return [row for row in self._rows if row.rank and row.table == table]

    @cached_property
    def _against(self) -> dict[int, AdjustedSkill]:
        """For each forecaster who is tried, the board as if all claims in doubt had gone against them."""
        return {number: self._board_if(outcomes_against(self._standings.pool, number)) for number in self._tried}

    @cached_property
    def _boards(self) -> list[AdjustedSkill]:
        """Every board on which the figures must hold, each once."""
        boards = [*self._standings.if_dated_otherwise, *self._turned]
        return list({id(board): board for board in boards}.values())

    @cached_property
    def _turned(self) -> list[AdjustedSkill]:
        """The boards for all ways that are tried in which the claims in doubt could come out."""
        return [*self._against.values(), *map(self._board_if, self._ways())]

    def _board_if(self, outcome: FloatArray) -> AdjustedSkill:
        """Return the board as if claims in doubt had these outcomes; the board of each way is computed only once."""
        way = outcome.tobytes()
        if way not in self._board_of:
            self._board_of[way] = self._standings.board_if(outcome)
        return self._board_of[way]

    def _ways(self) -> list[FloatArray]:
        """Return ways in which the claims in doubt could come out: all combinations if they are few."""
        pool = self._standings.pool
        ways = [outcomes_for_all(pool, best=best) for best in (False, True)]
        ways += [outcomes_against(pool, number, rival) for number, rival in self._rivals()]
        claims = np.flatnonzero(~np.isnan(ways[0]))
        choices = [np.unique([way[claim] for way in ways if not np.isnan(way[claim])]) for claim in claims.tolist()]
        if prod(outcomes.size for outcomes in choices) > max(len(ways), 16):
            return ways
        combinations = []
        for outcomes in product(*choices):
            way = np.full_like(ways[0], np.nan)
            way[claims] = outcomes
            combinations.append(way)
        return combinations

    def _rivals(self) -> Iterable[tuple[int, int]]:
        """Yield everybody who is tried with the first of their table; the first one with the second."""
        for number, row in self._tried.items():
            others = [other for other in self._ranked(row.table) if other.forecaster != row.forecaster]
            if others:
                yield number, self._number[others[0].forecaster]


def _least(chance: float | None, at_worst: Iterable[float]) -> float | None:
    """Return the least of a line's chance and those in the worst cases, leaving out NaN; None without a chance."""
    if chance is None:
        return None
    chances = [value for value in (chance, *at_worst) if not np.isnan(value)]
    return float(min(chances, default=0.0))


def _chance_above(board: AdjustedSkill, first: int, second: int) -> float:
    """Return the chance that the true skill of one forecaster, given by number, is above that of another."""
    # The error of "knows nothing" is the same for both, so it is no part of their difference.
    common = float(board.anchor_error[board.part[first]]) ** 2
    variance = sum(float(board.standard_error[number]) ** 2 - common for number in (first, second))
    difference = float(board.raw[first] - board.raw[second])
    return (1 + erf(difference / sqrt(2 * max(variance, 1e-300)))) / 2
