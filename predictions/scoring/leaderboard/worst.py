"""Hold what a leaderboard says of chances and places at its worst, or withhold it.

What is in doubt is drawn up in :mod:`predictions.scoring.in_doubt`. The board is worked out anew for everybody who is
drawn, as if all of it had come out as costs them most: beside "knows nothing", and beside the one who is ahead. A
chance is then told as the least, and a place as the last, that any of these boards gives.
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

FIRST_OF_TABLE = 20  # of a table, against whom it is worked out, drawn or not: what is said of the first hangs on them
MOST_PIECES = 6_000_000  # that are worked out anew in all: some seconds


class AtWorst:
    """What holds of the lines of a board whatever becomes of what is in doubt."""

    def __init__(self, standings: Standings, rows: Sequence[LeaderboardRow], drawn: Sequence[LeaderboardRow]) -> None:
        """Look at the *rows* of a board, of which some are *drawn*; the rest is computed when it is first asked for."""
        self._of, self._rows, self._worked_out = standings, rows, dict[bytes, AdjustedSkill]()
        self._number = {forecaster.slug: number for number, forecaster in enumerate(standings.pool.table.forecasters)}
        self.tables = {row.table for row in rows if row.in_doubt or row.dated_early or row.dated_late}
        self._places = {row.forecaster: row.rank_high for row in rows if row.rank_high}
        self._drawn = {row.forecaster for row in drawn if not row.from_words}
        first = [row for table in self.tables for row in self._ranked(table)[:FIRST_OF_TABLE]]
        stated = [row for row in [*drawn, *first] if row.table in self.tables and not row.from_words]
        self._people = {self._number[row.forecaster]: row for row in stated}
        pieces = 2 * len(self._people) * standings.pieces.claim.size if self.tables else 0
        self.too_large = pieces > MOST_PIECES

    def told(self, row: LeaderboardRow) -> LeaderboardRow:
        """Return a line with what holds at its worst; nothing of the kind for who is not drawn, or of a large board."""
        if row.table not in self.tables:
            return row
        number = self._number[row.forecaster]
        if row.from_words or row.forecaster not in self._drawn or self.too_large:
            return replace(row, better=None, first=None, rank_high=None, at_least=True)
        doubted = row.in_doubt and row.skill is not None
        worst = float(np.nanmin([board.skill[number] for board in self._turned])) if doubted else None
        return replace(
            row, at_worst=worst, at_least=True,
            better=_least([row.better], self._better(number)),
            first=_least([row.first], (board.first[number] for board in self._boards)),
            rank_high=row.rank_high and self.last_place(row),
        )  # fmt: skip

    def last_place(self, row: LeaderboardRow) -> int:
        """Return the worst place of a ranked forecaster that is likely on any board."""
        number, boards = self._number[row.forecaster], self._boards if row.table in self.tables else []
        return max(self._places[row.forecaster], *(int(board.rank_high[number]) for board in boards), 1)

    def _better(self, number: int) -> Iterator[float]:
        """Yield the chance on every board, and that of the least skill of all with the error that makes it less."""
        yield from (float(board.better[number]) for board in self._boards)
        least = min(float(board.raw[number]) for board in self._boards)
        errors = [float(board.standard_error[number]) for board in self._boards]
        error = max(errors) if least > 0 else min(errors)
        yield (1 + erf(least / (error * sqrt(2)))) / 2 if error else float(least > 0)

    def leads(self, first: LeaderboardRow) -> bool:
        """Tell whether the first of a table stays so on every board."""
        if first.table not in self.tables:
            return True
        if self.too_large:
            return False
        return all(board.rank[self._number[first.forecaster]] == 1 for board in self._boards)

    def before(self, first: LeaderboardRow, second: LeaderboardRow) -> float:
        """Return the least chance that the true skill of one is above that of another."""
        boards = [self._of.found, *(self._boards if first.table in self.tables else ())]
        return min(
            _chance_above(board, self._number[first.forecaster], self._number[second.forecaster]) for board in boards
        )

    def _ranked(self, table: int | None) -> list[LeaderboardRow]:
        return [row for row in self._rows if row.rank and row.table == table]

    @cached_property
    def _against(self) -> dict[int, AdjustedSkill]:
        """The board as it would be, had all that is in doubt gone against each of them."""
        return {number: self._board_if(outcomes_against(self._of.pool, number)) for number in self._people}

    @cached_property
    def _boards(self) -> list[AdjustedSkill]:
        """Every board on which what is said must hold."""
        return list({id(board): board for board in [*self._of.if_dated_otherwise, *self._turned]}.values())

    @cached_property
    def _turned(self) -> list[AdjustedSkill]:
        """The board in every way in which what is in doubt is supposed to come out."""
        return [*self._against.values(), *map(self._board_if, self._ways())]

    def _board_if(self, outcome: FloatArray) -> AdjustedSkill:
        """Return the board if what is in doubt came out so; each way is worked out once."""
        way = outcome.tobytes()
        if way not in self._worked_out:
            self._worked_out[way] = self._of.board_if(outcome)
        return self._worked_out[way]

    def _ways(self) -> list[FloatArray]:
        """Return ways in which what is in doubt could come out: all of them where it is little."""
        pool = self._of.pool
        ways = [outcomes_for_all(pool, best=best) for best in (False, True)]
        ways += [outcomes_against(pool, number, rival) for number, rival in self._rivals()]
        doubted = np.flatnonzero(~np.isnan(ways[0]))
        ends = [np.unique([way[claim] for way in ways if not np.isnan(way[claim])]) for claim in doubted.tolist()]
        if prod(end.size for end in ends) > max(len(ways), 16):
            return ways
        every = [np.full_like(ways[0], np.nan) for _ in range(prod(end.size for end in ends))]
        for way, outcomes in zip(every, product(*ends), strict=True):
            way[doubted] = outcomes
        return every

    def _rivals(self) -> Iterable[tuple[int, int]]:
        """Yield everybody with who is ahead of them; the first with the second."""
        for number, row in self._people.items():
            others = [other for other in self._ranked(row.table) if other.forecaster != row.forecaster]
            if others:
                yield number, self._number[others[0].forecaster]


def _least(told: Sequence[float | None], at_worst: Iterable[float]) -> float | None:
    """Return the least of some chances that are known; None where none is told."""
    if None in told:
        return None
    known = [chance for chance in (*told, *at_worst) if chance is not None and not np.isnan(chance)]
    return float(min(known, default=0.0))


def _chance_above(board: AdjustedSkill, first: int, second: int) -> float:
    """Return the chance that one forecaster's true skill is above another's, given by number, as measured."""
    # The error of "knows nothing" is the same for both, so it is no part of their difference.
    common = float(board.anchor_error[board.part[first]]) ** 2
    variance = sum(float(board.standard_error[number]) ** 2 - common for number in (first, second))
    difference = float(board.raw[first] - board.raw[second])
    return (1 + erf(difference / sqrt(2 * max(variance, 1e-300)))) / 2
