"""Read the claims of a ledger as numpy columns: when forecasts on them count, how they came out, their units.

A claim is numbered by its position in the order of slugs, here and in every module of scoring.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Claims
from predictions.enums import Outcome
from predictions.records import Claim
from predictions.scoring.columns.claim_rows import claim_rows
from predictions.scoring.columns.claim_types import (
    DATE,
    LAST_OF_EACH_NUMBER,
    YES_OR_NO,
    ClaimTypes,
    Terms,
    claim_types,
    outcomes_of_types,
)
from predictions.scoring.columns.units import Units, units_of
from predictions.snapshot import terms_of
from predictions.storage.columns import DAY, FLOAT, INTEGER, TEXT, read_columns, rows_in_order
from predictions.storage.forecast_records import microseconds, recorded_at
from predictions.storage.imports import looked_up, ranks
from predictions.storage.rows import record_of
from predictions.storage.store import Store
from predictions.timestamps import EARLIEST
from predictions.windows import TENTH

ONE_DAY = 86_400_000_000  # microseconds
LAST_DAY_NUMBER = date.max.toordinal() - date(1970, 1, 1).toordinal()
NO_OUTCOME, ANNULLED, AMBIGUOUS, RESOLVED = range(4)  # ClaimColumns.verdict

_LAST_VERDICTS = f"""select entry, claim, number, outcome, fraction, known_on, known_at
from main.resolution r where {LAST_OF_EACH_NUMBER}"""
_VERDICT = {
    "entry": INTEGER, "claim": INTEGER, "number": INTEGER, "outcome": TEXT, "fraction": FLOAT, "known_on": DAY,
    "known_at": TEXT,
}  # fmt: skip
_WITH_EVIDENCE = """select claim from main.bearing union select r.claim from main.resolution_because b
join main.resolution r on r.entry = b.resolution union select f.entry from main.claim_parts p
join main.claim c on c.entry = p.claim join main.claim f on f.slug = c.slug and f.revision = 1"""


@dataclass(frozen=True, eq=False)
class ClaimColumns:
    """All claims in the order of their slugs, in their latest wording: shape (claims,) each.

    Days count from 1970; moments are microseconds since 1970.

    Attributes:
        slugs: The slug of each claim.
        entries: The ledger entry of its first revision.
        statement: The entry of its statement's first revision.
        statements: The slug of its statement.
        asked: The moment at which its question was last changed, while it was a draft; EARLIEST if it never was.
        opens: When its window opens.
        closes: The end of its scheduled horizon: the end of the window, or ``closes_at`` if it has one.
        limit: The moment from which forecasts no longer count: ``closes``, or when the answer was public if earlier.
        grain: ONE_DAY if forecasts on the claim count by whole days, 0 if they count by the moment.
        by_day_after_all: True if it has ``closes_at``, so that forecasts should count by the moment, but they count by
            whole days because its verdict only has a day before that moment.
        known_at: The moment at which its answer was public; NaN if only a day is known, or nothing.
        deadline: The last day of its window.
        settles_on: Its settle day.
        verdict: NO_OUTCOME, ANNULLED, AMBIGUOUS or RESOLVED.
        verdict_entry: The ledger entry of the verdict that stands; NaN where there is none.
        types: What each claim asks, if that is not yes or no.
        outcome: NaN without an outcome; 1 for yes, 0 for no, a fraction for partly. For other types: the number of an
            option; a value; the day within the window, from 1, or the day after it if the event did not happen.
        scored: True for the one reading of its statement that enters means.
        at_least: How many events it asks for; 0 if it does not count events.
        units: Which claims make one observation together.
        has_evidence: True if there is evidence on file for it, or it has parts; if not, a tally has nothing to count.
    """

    slugs: Sequence[str]
    entries: IndexArray
    statement: IndexArray
    statements: Sequence[str]
    asked: IndexArray
    opens: FloatArray
    closes: FloatArray
    limit: FloatArray
    grain: FloatArray
    by_day_after_all: BoolArray
    known_at: FloatArray
    deadline: IndexArray
    settles_on: IndexArray
    types: ClaimTypes
    verdict: NDArray[np.int8]
    verdict_entry: FloatArray
    outcome: FloatArray
    scored: BoolArray
    at_least: IndexArray
    units: Units
    has_evidence: BoolArray

    @cached_property
    def statement_order(self) -> IndexArray:
        """The position of each claim's statement among all statements, in the order of their slugs."""
        return np.unique(self.statements, return_inverse=True)[1]

    @property
    def for_kernel(self) -> Claims:
        """The columns that :mod:`forecasts.kernel` needs."""
        return Claims(self.opens, self.closes, self.limit, self.outcome, self.grain)


class _Verdicts(NamedTuple):
    """The current verdict on each claim, shape (claims,) each; NaN without one.

    Attributes:
        verdict: ANNULLED, AMBIGUOUS or RESOLVED.
        outcome: 1 for yes, 0 for no, a fraction for partly.
        known_on: The beginning of the day on which the answer was public.
        known_at: The moment at which it was; NaN if only the day is known.
        entry: The ledger entry.
    """

    verdict: FloatArray
    outcome: FloatArray
    known_on: FloatArray
    known_at: FloatArray
    entry: FloatArray


class _Counting(NamedTuple):
    """When forecasts count on each claim; the fields are those of ClaimColumns."""

    closes: FloatArray
    limit: FloatArray
    grain: FloatArray
    by_day_after_all: BoolArray


def claim_columns(store: Store, connection: sqlite3.Connection, size: int, today: date) -> ClaimColumns:
    """Read the claims from the first *size* entries; a verdict known after *today* is left out."""
    entries, revisions, claims = claim_rows(connection, size)
    verdicts = _verdicts_on(entries, connection, size, today)
    types, outcome = _types_and_outcomes(connection, size, today, claims, entries, verdicts)
    lost_basis = np.isin(entries, _without_basis(entries, claims["given"], verdicts))
    deadline = claims["deadline"]
    counting = _when_forecasts_count(deadline, _moments(claims["closes_at"]), verdicts.known_on, verdicts.known_at)
    opens = claims["opens_on"].astype(np.float64) * ONE_DAY
    begun_on = ((opens + TENTH * (counting.closes - opens)) // ONE_DAY).astype(np.intp)
    return ClaimColumns(
        slugs=claims["slug"].tolist(), entries=entries,
        statement=claims["statement"], statements=claims["statement_slug"].tolist(),
        asked=_last_asked(store, connection, size, claims["slug"], revisions),
        opens=opens,
        **counting._asdict(), known_at=verdicts.known_at,
        deadline=deadline,
        # No claim settles before the day after its deadline: reports come late.
        settles_on=np.minimum(deadline + np.maximum(claims["settle_days"], 1), LAST_DAY_NUMBER),
        verdict=np.where(lost_basis, ANNULLED, np.nan_to_num(verdicts.verdict, nan=NO_OUTCOME)).astype(np.int8),
        verdict_entry=verdicts.entry, types=types, outcome=np.where(lost_basis, np.nan, outcome),
        scored=claims["scored"].astype(np.bool_), at_least=claims["at_least"],
        units=units_of(
            connection, size, entries, claims["statement"], claims["given"], claims["supersedes"], begun_on
        ),
        has_evidence=np.isin(entries, [entry for (entry,) in connection.execute(_WITH_EVIDENCE)]),
    )  # fmt: skip


def _verdicts_on(entries: IndexArray, connection: sqlite3.Connection, size: int, today: date) -> _Verdicts:
    """Read the current verdict on each claim; one known after *today* is left out."""
    rows = rows_in_order(read_columns(connection, _LAST_VERDICTS, (size, str(today)), **_VERDICT), "number")
    words, positions = rows["outcome"], looked_up(ranks(entries), rows["claim"])
    on_file = positions >= 0
    columns = (
        np.select([words == Outcome.ANNULLED, words == Outcome.AMBIGUOUS], [ANNULLED, AMBIGUOUS], RESOLVED),
        np.select([words == Outcome.YES, words == Outcome.NO], [1.0, 0.0], rows["fraction"]),
        rows["known_on"].astype(np.float64) * ONE_DAY,
        _moments(rows["known_at"]),
        rows["entry"],
    )
    by_claim = np.full((len(columns), entries.size), np.nan)
    for target, column in zip(by_claim, columns, strict=True):
        target[positions[on_file]] = column[on_file]  # rows come in order, so the last verdict of a claim remains
    return _Verdicts(*by_claim)


def _types_and_outcomes(
    connection: sqlite3.Connection, size: int, today: date, claims: Mapping[str, NDArray[Any]], entries: IndexArray,
    verdicts: _Verdicts,
) -> tuple[ClaimTypes, FloatArray]:  # fmt: skip
    """Read what each claim asks, and its outcome as a number of its type (see ``ClaimColumns.outcome``)."""
    terms = Terms(*(claims[name] for name in ("entry", "type", "low", "high", "scale", "opens_on", "deadline")))
    types = claim_types(connection, size, terms)
    if types.one_kind:
        return types, verdicts.outcome
    numbers = dict(zip(entries.tolist(), range(entries.size), strict=True))
    came_out, last_day = outcomes_of_types(connection, size, today, types, numbers, claims["opens_on"])
    types = types._replace(last=last_day)
    return types, _outcomes_by_type(verdicts, types, came_out)


def _outcomes_by_type(verdicts: _Verdicts, types: ClaimTypes, came_out: Mapping[int, float]) -> FloatArray:
    """Return the outcomes of all claims; *came_out* holds those of types other than yes or no, by claim.

    A resolved claim about a date that is not in *came_out* did not happen in its window.
    """
    resolved = verdicts.verdict == RESOLVED
    # "Not in the window" is stored as the day after the last: the ranked score over days then has one more day.
    never = np.where(types.kind == DATE, types.days + 1, np.nan)
    outcome = np.where(resolved & (types.kind != YES_OR_NO), never, verdicts.outcome)
    for number, value in came_out.items():
        if resolved[number]:
            outcome[number] = value
    return outcome


def _when_forecasts_count(
    deadline: IndexArray, closes_at: FloatArray, known_on: FloatArray, known_at: FloatArray
) -> _Counting:
    """Decide for each claim until when forecasts count, as :func:`predictions.status.counts_until` does for one.

    If they count by the moment, they count until the answer was public. If they count by whole days, a day counts if
    the answer was not public when it began. So the day of the answer counts, for yes and no alike, with the forecast
    that stood at its beginning. The weight of every instant is then known before it begins, and does not depend on how
    the claim came out.

    Args:
        deadline: The last day of the window.
        closes_at: The moment from which forecasts no longer count; NaN for none.
        known_on: The beginning of the day on which the answer was public; NaN for none.
        known_at: The moment at which it was public; NaN if only the day is known.
    """
    # The last day that a date can name has no following midnight, so it ends with its last microsecond.
    end = ((deadline + 1) * ONE_DAY - (deadline >= LAST_DAY_NUMBER)).astype(np.float64)
    closes = np.fmin(end, closes_at)  # fmin ignores NaN
    day_after = known_on + ONE_DAY
    by_day_after_all = np.isnan(known_at) & (closes_at > day_after)
    grain = np.where(np.isnan(closes_at) | by_day_after_all, float(ONE_DAY), 0.0)
    midnight = np.where(np.isnan(known_at), day_after, np.ceil(known_at / ONE_DAY) * ONE_DAY)
    return _Counting(closes, np.fmin(np.where(grain > 0, midnight, known_at), closes), grain, by_day_after_all)


def _moments(texts: NDArray[np.object_]) -> FloatArray:
    """Read moments as they are stored; NaN for None."""
    moments = np.full(texts.size, np.nan)
    given = np.flatnonzero(texts != np.array(None))
    if given.size:
        moments[given] = microseconds(tuple(texts[given]))
    return moments


def _last_asked(
    store: Store, connection: sqlite3.Connection, size: int, slugs: NDArray[np.object_], revisions: IndexArray
) -> IndexArray:
    """Return the moment at which the question of each claim was last changed; EARLIEST if it never was.

    Forecasts made before that moment answered another question. *revisions* is the number of revisions of each claim.
    Only the few claims with several revisions are read.
    """
    positions, entries = [], []
    for position in np.flatnonzero(revisions > 1).tolist():
        rows = [row for row in store.rows_under(Claim, slug=slugs[position]) if row.entry < size]
        questions = [terms_of(record_of(Claim, row)) for row in rows]
        changed = [row.entry for row, (old, new) in zip(rows[1:], pairwise(questions), strict=True) if old != new]
        if changed:
            positions.append(position)
            entries.append(changed[-1])
    moments = np.full(slugs.size, EARLIEST)
    if positions:
        moments[positions] = recorded_at(connection, np.array(entries), size)
    return moments


def _without_basis(entries: IndexArray, given: IndexArray, verdicts: _Verdicts) -> list[int]:
    """Return the entries of conditional claims that are annulled because the claim they depend on came out no.

    *given* is the entry of the claim that each one depends on, which was recorded before it; -1 for none. A claim that
    is itself annulled in this way did not come out no, so claims that depend on it keep their basis.
    """
    conditional = given >= 0
    if not conditional.any():
        return []
    came_out_no = set(entries[verdicts.outcome == 0.0].tolist())
    lost: set[int] = set()
    # In ledger order, so that what a claim is given is decided before the claim itself.
    for entry, basis in sorted(zip(entries[conditional].tolist(), given[conditional].tolist(), strict=True)):
        if basis in came_out_no and basis not in lost:
            lost.add(entry)
    return list(lost)
