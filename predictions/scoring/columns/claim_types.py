"""Read what claims that are not yes or no ask, and how they came out, as numbers for scoring."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.enums import Axis, ClaimType

YES_OR_NO, CHOICE, ORDERED, NUMBER, DATE = range(5)  # ClaimTypes.kind: types with one number are scored alike
OF_OPTIONS = frozenset({CHOICE, ORDERED})  # kinds whose forecasts give each option a share
KIND_OF_TYPE: Mapping[str, int] = {
    ClaimType.CHOICE: CHOICE, ClaimType.ORDERED: ORDERED, ClaimType.NUMBER: NUMBER, ClaimType.DATE: DATE,
}  # fmt: skip  # every other type comes out yes or no
WORD_OF_KIND: Mapping[int, str] = {
    YES_OR_NO: str(ClaimType.YES_NO), **{kind: str(word) for word, kind in KIND_OF_TYPE.items()},
}  # fmt: skip

_CLAIM_OPTIONS = "select claim, option from main.claim_options where claim < ? order by claim, position"
DAY_NUMBER = "cast(julianday({0}) - 2440587.5 as integer)"  # of a day as text, since 1970
# The last revision of each verdict or dissent, if it is known by a day. If the last one is dated later than that day,
# earlier ones of the same verdict do not come back in its place.
LAST_REVISIONS = """r.entry < ?1 and r.known_on <= ?2 and r.entry not in (
    select earlier.entry from main.resolution later join main.resolution earlier on earlier.claim = later.claim
    and earlier.number = later.number and earlier.revision < later.revision
    where later.revision > 1 and later.entry < ?1
)"""
LAST_OF_EACH_NUMBER = f"{LAST_REVISIONS} and not coalesce(r.dissent, 0)"
_TYPED_VERDICTS = f"""select r.claim, option, value,
{DAY_NUMBER.format("happened_from")}, {DAY_NUMBER.format("happened_on")}
from main.resolution r where {LAST_OF_EACH_NUMBER} and exists (
    select 1 from main.claim first join main.claim c on c.slug = first.slug
    where first.entry = r.claim and c.type in ('choice', 'ordered', 'number', 'date')
) order by r.claim, r.number"""


class ClaimTypes(NamedTuple):
    """What each claim asks: shape (claims,) each. A column that belongs to another type than the claim's is undefined.

    Attributes:
        kind: YES_OR_NO, CHOICE, ORDERED, NUMBER or DATE.
        word: The type in words.
        options: How many options a choice has.
        named: The names of its options.
        low: The low end of a number's range, on its axis.
        high: The high end of that range, on its axis.
        log: Whether the axis of a number is logarithmic.
        days: How many days a date's window has.
        last: The last day on which a dated event may have happened, counted in its window from 1: later than the first
            such day (``ClaimColumns.outcome``) if only its month or year is known.
    """

    kind: NDArray[np.int8]
    word: NDArray[np.object_]
    options: IndexArray
    named: Sequence[Sequence[str]]
    low: FloatArray
    high: FloatArray
    log: BoolArray
    days: FloatArray
    last: FloatArray

    @property
    def one_kind(self) -> bool:
        """Whether all claims come out yes or no, as in most ledgers."""
        return not self.kind.any()

    def on_axis(self, values: FloatArray, claim: IndexArray) -> FloatArray:
        """Return values on the axes of their claims.

        A value up to 0 has no logarithm, and no forecast has one on a logarithmic axis; it is returned as 0.
        """
        has_log = self.log[claim] & (values > 0)
        return np.where(self.log[claim], np.log(np.where(has_log, values, 1.0)), values)


class Terms(NamedTuple):
    """The latest terms of each claim: shape (claims,) each.

    Attributes:
        revision: The entry of its last revision.
        type: Its type.
        low: The low end of a number's range; NaN without one.
        high: The high end of that range; NaN without one.
        scale: The axis of a number; None for other types.
        opens_on: The first day of the window, in days since 1970.
        deadline: The last day of the window, in days since 1970.
    """

    revision: IndexArray
    type: NDArray[np.object_]
    low: FloatArray
    high: FloatArray
    scale: NDArray[np.object_]
    opens_on: IndexArray
    deadline: IndexArray


def claim_types(connection: sqlite3.Connection, size: int, terms: Terms) -> ClaimTypes:
    """Read what claims of every type ask, among the first *size* entries."""
    kind = np.select([terms.type == word for word in KIND_OF_TYPE], [*KIND_OF_TYPE.values()], YES_OR_NO).astype(np.int8)
    listed: defaultdict[int, list[str]] = defaultdict(list)
    if kind.any():
        for entry, option in connection.execute(_CLAIM_OPTIONS, (size,)):
            listed[entry].append(option)
    options = [listed.get(entry, []) for entry in terms.revision.tolist()] if listed else [[]] * kind.size
    log = terms.scale == Axis.LOG
    low, high = (np.where(log, np.log(np.where(log, end, 1.0)), end) for end in (terms.low, terms.high))
    days = (terms.deadline - terms.opens_on + 1).astype(np.float64)
    count = np.fromiter(map(len, options), np.intp, kind.size)
    return ClaimTypes(kind, terms.type, count, options, low, high, log, days, days + 1)


def outcomes_of_types(
    connection: sqlite3.Connection, size: int, today: date, types: ClaimTypes, numbers: Mapping[int, int],
    opens_on: IndexArray,
) -> tuple[dict[int, float], FloatArray]:  # fmt: skip
    """Read how claims that are not yes or no came out.

    Args:
        connection: The ledger.
        size: How many of its entries are read.
        today: A verdict known later is left out.
        types: What the claims ask.
        numbers: The number of each claim, by its entry.
        opens_on: The first day of each window.

    Returns:
        Two things. The outcome of each claim, by the claim's number: the number of an option, a value, or the first day
        of the window, from 1, on which the event may have happened. An event that did not happen is missing, and so is
        a claim that asks yes or no by now, whatever its draft asked. And the last such day, for all claims.
    """
    outcome, last = dict[int, float](), types.last.copy()
    for entry, option, value, since, happened in connection.execute(_TYPED_VERDICTS, (size, str(today))):
        claim = numbers.get(entry)
        if claim is None:
            continue
        kind = types.kind[claim]  # as it asks now: it may have asked something else while it was a draft
        outcome.pop(claim, None)  # rows come in order, and the last verdict replaces those before
        last[claim] = types.last[claim]
        if kind in OF_OPTIONS and option in types.named[claim]:
            outcome[claim] = float(types.named[claim].index(option))
        elif kind == NUMBER and value is not None:
            outcome[claim] = float(value)
        elif kind == DATE and happened is not None:
            last[claim] = float(happened - opens_on[claim] + 1)
            outcome[claim] = float((happened if since is None else since) - opens_on[claim] + 1)
    return outcome, last
