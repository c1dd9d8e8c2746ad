"""Find verdicts that one fact may have decided: those of one day and one reason, or more of one day than by chance.

Only answers from before the end of their window are compared: a claim that lapses has the day and reason of its
deadline, which says nothing about a common fact.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import exp, factorial
from typing import NamedTuple

import numpy as np

from forecasts.inputs import FloatArray
from predictions.recording.stock_reasons import is_stock_reason
from predictions.scoring.columns.claim_types import LAST_OF_EACH_NUMBER
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns

RARELY = 0.001  # the probability below which chance is no explanation for so many answers on one day
LOOKED_AT_EVERY = 7  # days: in a ledger that is kept once a week, all answers of a week may get one day
_DAYS_AND_REASONS = f"""select r.claim, r.known_on, r.reason,
case when coalesce(r.happened_from, r.happened_on) = r.happened_on then r.happened_on end,
r.happened_from is null or r.happened_from = r.happened_on
from main.resolution r where {LAST_OF_EACH_NUMBER} order by r.claim, r.number"""


class _Dated(NamedTuple):
    """What a verdict says of its day and reason.

    Attributes:
        known_on: The day on which the answer became public.
        reason: The reason; None without one.
        happened_on: The day of the event, if the verdict states a single day; else None.
        is_of_a_day: Whether the event is not only dated to a month or a longer span.
    """

    known_on: str
    reason: str | None
    happened_on: str | None
    is_of_a_day: bool


def alike_verdicts(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns
) -> list[tuple[str, list[int]]]:
    """Return groups of verdicts that one fact may have decided.

    Each is a pair: what the verdicts have in common, in words, and the positions of their claims. Groups with one
    day and one reason come first, then those with one day alone. Each has claims of several units.

    Args:
        connection: An open ledger.
        size: How many entries count.
        today: Verdicts that are public by this day count.
        claims: The claims.
    """
    early = np.where(claims.limit < claims.closes, claims.entries, -1)
    position_of = {entry: position for position, entry in enumerate(early.tolist()) if entry >= 0}
    rows = connection.execute(_DAYS_AND_REASONS, (size, str(today))) if position_of else ()
    current = {
        claim: _Dated(*verdict) for claim, *verdict in rows
    }  # the verdict with the last number overwrites others
    of_reason = Counter(verdict.reason for verdict in current.values())
    verdicts = {position_of[claim]: verdict for claim, verdict in current.items() if claim in position_of}
    groups = [*_of_one_reason(verdicts, of_reason), *_of_one_day(verdicts, claims)]
    return [(words, positions) for words, positions in groups if len(set(claims.units.wide[positions].tolist())) > 1]


def _of_one_reason(
    verdicts: Mapping[int, _Dated], of_reason: Mapping[str | None, int]
) -> Iterator[tuple[str, list[int]]]:
    """Yield each day and reason that verdicts share, in words, with the positions of the claims.

    Two kinds of reasons do not count: those that an import gave, because they name the file and not a fact; and a habit
    of writing, such as "it happened", which most verdicts that have it have on other days.

    Args:
        verdicts: The verdicts, by the position of their claim.
        of_reason: How many verdicts have each reason, on whatever day.
    """
    positions_of: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for position, verdict in verdicts.items():
        if verdict.reason and not is_stock_reason(verdict.reason):
            positions_of[verdict.known_on, verdict.reason].append(position)
    for (day, reason), positions in positions_of.items():
        if 2 * len(positions) >= of_reason[reason]:
            yield f'one day and one reason ({day}, "{reason}")', positions


def _of_one_day(verdicts: Mapping[int, _Dated], claims: ClaimColumns) -> Iterator[tuple[str, list[int]]]:
    """Yield each day on which more answers fell than chance explains, in words, with the positions of the claims.

    By chance an answer is equally likely on every day of its window. If a verdict only states when its answer was
    known, it is equally likely in every week, because the keeper of a ledger may look at it once a week.
    """
    days = ((claims.closes - claims.opens) / ONE_DAY).clip(1)
    positions_of: defaultdict[int, defaultdict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for position, verdict in verdicts.items():
        if verdict.is_of_a_day:
            day, step = (verdict.happened_on, 1) if verdict.happened_on else (verdict.known_on, LOOKED_AT_EVERY)
            positions_of[step][day].append(position)
    for step in (1, LOOKED_AT_EVERY):
        dated = np.array([position for positions in positions_of[step].values() for position in positions], np.intp)
        _, first_of_unit = np.unique(claims.units.wide[dated], return_index=True)
        dated = dated[first_of_unit]  # a unit has one answer
        chance = np.minimum(step / days[dated], 1)  # of one given day or week, for each answer
        tries = max(days[dated].max(initial=1) / step, 1)
        opened, closed = (_sum_until(moments[dated], chance) for moments in (claims.opens, claims.closes))
        for day, positions in positions_of[step].items():
            moment = float(np.datetime64(day, "us").astype(np.int64))
            expected = max(opened(moment) - closed(moment), 0.0)
            units = len(set(claims.units.wide[positions].tolist()))
            if units > expected and tries * _at_least(units, expected) < RARELY:
                yield f"one day ({day})", positions


def _sum_until(moments: FloatArray, values: FloatArray) -> Callable[[float], float]:
    """Return a function that sums the values of all moments that are not later than its argument."""
    order = np.argsort(moments)
    total, sorted_moments = np.concatenate([[0.0], np.cumsum(values[order])]), moments[order]
    return lambda moment: float(total[np.searchsorted(sorted_moments, moment, side="right")])


def _at_least(count: int, expected: float) -> float:
    """Return about the chance of at least *count* events if *expected* are expected: the upper tail of Poisson.

    The first term is exact, and the others are bounded by a geometric series; *count* is above *expected*.

    >>> round(_at_least(3, 0.1), 6)
    0.000155
    """
    first = expected**count * exp(-expected) / factorial(count) if count < 150 else 0.0
    return float(min(1.0, first / (1 - expected / (count + 1))))
