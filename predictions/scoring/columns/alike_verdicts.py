"""Find the verdicts that one fact may have decided: those of one day and reason, or of one day, if chance is no cause.

Only answers that came before the end of a window are looked at: a lapse has the day and the reason of its deadline.
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

RARELY = 0.001  # how often chance may bring as many answers on any one day
LOOKED_AT_EVERY = 7  # days: who keeps a ledger once a week puts what was learned in a week on one day
_DAYS_AND_REASONS = f"""select r.claim, r.known_on, r.reason,
case when coalesce(r.happened_from, r.happened_on) = r.happened_on then r.happened_on end,
r.happened_from is null or r.happened_from = r.happened_on
from main.resolution r where {LAST_OF_EACH_NUMBER} order by r.claim, r.number"""


class _Dated(NamedTuple):
    """A verdict: the day on which it was known, its reason, the day it tells of if it tells one, and if no month."""

    known_on: str
    reason: str | None
    happened_on: str | None
    is_of_a_day: bool


def alike_verdicts(
    connection: sqlite3.Connection, size: int, today: date, claims: ClaimColumns
) -> list[tuple[str, list[int]]]:
    """Return what the verdicts of several units have alike, in words, with the positions of their claims.

    First comes each day with one reason, then each day alone.

    Args:
        connection: The ledger.
        size: How many of its entries are read.
        today: The day by which verdicts are known.
        claims: The claims.
    """
    early = np.where(claims.limit < claims.closes, claims.entries, -1)
    position_of = {entry: position for position, entry in enumerate(early.tolist()) if entry >= 0}
    rows = connection.execute(_DAYS_AND_REASONS, (size, str(today))) if position_of else ()
    current = {claim: _Dated(*verdict) for claim, *verdict in rows}  # of several numbers the last remains
    of_reason = Counter(verdict.reason for verdict in current.values())
    verdicts = {position_of[claim]: verdict for claim, verdict in current.items() if claim in position_of}
    groups = [*_of_one_reason(verdicts, of_reason), *_of_one_day(verdicts, claims)]
    return [(alike, places) for alike, places in groups if len(set(claims.units.wide[places].tolist())) > 1]


def _of_one_reason(
    verdicts: Mapping[int, _Dated], of_reason: Mapping[str | None, int]
) -> Iterator[tuple[str, list[int]]]:
    """Yield each day and reason, and the positions of the claims with both.

    A reason that an import gave by itself is none here: it names the file, not a fact. Nor is one that is a habit of
    writing, "it happened": most of the verdicts that have it are of other days.
    """
    alike: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, verdict in verdicts.items():
        if verdict.reason and not is_stock_reason(verdict.reason):
            alike[verdict.known_on, verdict.reason].append(place)
    for (day, reason), places in alike.items():
        if 2 * len(places) >= of_reason[reason]:
            yield f'one day and one reason ({day}, "{reason}")', places


def _of_one_day(verdicts: Mapping[int, _Dated], claims: ClaimColumns) -> Iterator[tuple[str, list[int]]]:
    """Yield each day on which more answers fell than chance brings, and the positions of their claims.

    An answer may fall on every day of its window alike; if only the day is told on which it was known, on every week.
    """
    days = ((claims.closes - claims.opens) / ONE_DAY).clip(1)
    alike: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for place, verdict in verdicts.items():
        if verdict.is_of_a_day:
            day, step = (verdict.happened_on, 1) if verdict.happened_on else (verdict.known_on, LOOKED_AT_EVERY)
            alike[day, step].append(place)
    for step in (1, LOOKED_AT_EVERY):
        told = [place for (_, steps), places in alike.items() if steps == step for place in places]
        _, unit = np.unique(claims.units.wide[told], return_index=True)  # one answer each
        own = np.array(told, np.intp)[unit]
        share = np.minimum(step / days[own], 1)  # of its window
        tries = max(days[own].max(initial=1) / step, 1)
        begun, ended = (_sum_until(moments[own], share) for moments in (claims.opens, claims.closes))
        for (day, steps), places in alike.items():
            if steps == step:
                moment = float(np.datetime64(day, "us").astype(np.int64))
                expected = max(begun(moment) - ended(moment), 0.0)
                found = len(set(claims.units.wide[places].tolist()))
                if found > expected and tries * _at_least(found, expected) < RARELY:
                    yield f"one day ({day})", places


def _sum_until(moments: FloatArray, share: FloatArray) -> Callable[[float], float]:
    """Return a function that sums the shares of all moments up to one."""
    order = np.argsort(moments)
    total, sorted_moments = np.concatenate([[0.0], np.cumsum(share[order])]), moments[order]
    return lambda moment: float(total[np.searchsorted(sorted_moments, moment, side="right")])


def _at_least(count: int, expected: float) -> float:
    """Return the chance of at least so many where so many are expected (Poisson, from its largest term on).

    >>> round(_at_least(3, 0.1), 6)
    0.000155
    """
    first = expected**count * exp(-expected) / factorial(count) if count < 150 else 0.0
    return float(min(1.0, first / (1 - expected / (count + 1))))
