"""The claims of a ledger as columns: when forecasts count, how each came out, what it hangs together with."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from forecasts.kernel import Claims
from predictions.enums import Outcome
from predictions.records import Claim
from predictions.scoring.filters import Filter
from predictions.scoring.units import Units, units_of
from predictions.snapshot import asked
from predictions.storage.forecast_records import microseconds, recorded_at
from predictions.storage.imports import looked_up, ranks
from predictions.storage.rows import record_of
from predictions.storage.store import Store
from predictions.timestamps import EARLIEST

DAY = 86_400_000_000
LAST_DAY = date.max.toordinal() - date(1970, 1, 1).toordinal()
NO_OUTCOME, ANNULLED, AMBIGUOUS, RESOLVED = range(4)

_DAYS = "cast(julianday({0}) - 2440587.5 as integer)"
_CLAIMS = f"""select c.entry, c.slug, c.statement, s.slug, {_DAYS.format("c.opens_on")}, {_DAYS.format("c.deadline")},
c.settle_days, c.scored, coalesce(c.at_least, 0), coalesce(c.given, -1), coalesce(c.supersedes, -1), c.closes_at
from main.claim c join main.statement s on s.entry = c.statement where c.entry < ? order by c.slug, c.revision"""
_CLAIM = np.dtype(
    [
        ("entry", np.intp), ("slug", "O"), ("statement", np.intp), ("of", "O"), ("opens_on", np.intp),
        ("deadline", np.intp), ("settle_days", np.intp), ("scored", np.intp), ("at_least", np.intp),
        ("given", np.intp), ("supersedes", np.intp), ("closes_at", "O"),
    ]
)  # fmt: skip
_VERDICTS = f"""select claim, outcome, case outcome when 'annulled' then {ANNULLED} when 'ambiguous' then {AMBIGUOUS}
else {RESOLVED} end, case outcome when 'yes' then 1.0 when 'no' then 0.0 else fraction end, {_DAYS.format("known_on")},
known_at
from main.resolution r where entry < ?1 and known_on <= ?2 and not coalesce(dissent, 0) and not exists (
    select 1 from main.resolution later where later.claim = r.claim and later.number = r.number
    and later.revision > r.revision and later.entry < ?1
) order by claim, number"""
_VERDICT = np.dtype(
    [
        ("claim", np.intp), ("said", "O"), ("stands", np.float64), ("outcome", np.float64), ("known_on", np.float64),
        ("known_at", "O"),
    ]
)  # fmt: skip
_NOTED = """select claim from main.bearing union select r.claim from main.resolution_because b
join main.resolution r on r.entry = b.resolution union select f.entry from main.claim_parts p
join main.claim c on c.entry = p.claim join main.claim f on f.slug = c.slug and f.revision = 1"""
_ABOUT = """select f.entry, c.statement, c.reading, c.type, c.opens_on, c.deadline from main.claim c
join main.claim f on f.slug = c.slug and f.revision = 1 where c.entry < ? order by c.entry"""
_SOURCES = """select f.entry, o.slug from main.statement s join main.statement f on f.slug = s.slug and f.revision = 1
join main.source o on o.entry = s.source where s.entry < ? order by s.entry"""
_TAGS = """select f.entry, t.tag from main.claim_tags t join main.claim c on c.entry = t.claim
join main.claim f on f.slug = c.slug and f.revision = 1 where c.revision = (
    select max(revision) from main.claim where slug = c.slug and entry < ?1
)"""


@dataclass(frozen=True, eq=False)
class ClaimColumns:
    """All claims in the order of their slugs, as they were last worded; days count from 1970, moments in microseconds.

    Attributes:
        entries: Where each claim began.
        statement: The entry of its statement, whose slug stands in *statements*.
        asked: When what it asks was last changed, while it was a draft; long ago where it never was.
        opens: When its window opens.
        closes: The end of its scheduled horizon: of the window, or ``closes_at``.
        limit: From when on no forecast counts: the earlier of that and the moment the answer was public.
        grain: A day, where it is told by the day; 0 by the moment.
        by_day_after_all: Whether it has ``closes_at`` and its verdict only a day before that.
        verdict: NO_OUTCOME to RESOLVED.
        outcome: NaN where there is none.
        at_least: How many events it asks for; 0 where it asks for none.
        units: What hangs together with what.
        has_evidence: Whether there is evidence on file, or a part, that may say more of it.
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
    deadline: IndexArray
    settles_on: IndexArray
    verdict: NDArray[np.int8]
    outcome: FloatArray
    scored: BoolArray
    at_least: IndexArray
    units: Units
    has_evidence: BoolArray

    @property
    def for_batches(self) -> Claims:
        """What the kernel needs."""
        return Claims(self.opens, self.closes, self.limit, self.outcome, self.grain)


class _Counting(NamedTuple):
    """When forecasts count on each claim."""

    closes: FloatArray
    limit: FloatArray
    grain: FloatArray
    by_day_after_all: BoolArray


def claim_columns(store: Store, connection: sqlite3.Connection, size: int, today: date) -> ClaimColumns:
    """Read the claims as they stood at *size* entries, seen on *today*."""
    revisions = np.fromiter(connection.execute(_CLAIMS, (size,)), _CLAIM)
    new = np.ones(revisions.size + 1, np.bool_)
    new[1:-1] = revisions["slug"][1:] != revisions["slug"][:-1]
    entries, claims = revisions["entry"][new[:-1]], revisions[new[1:]]  # the first revision names it, the last tells
    verdicts = np.fromiter(connection.execute(_VERDICTS, (size, str(today))), _VERDICT)
    place = looked_up(ranks(entries), verdicts["claim"].astype(np.int32))
    there = place >= 0
    stands, outcome, known_on, known_at = found = np.full((4, entries.size), np.nan)
    verdict = {
        "stands": verdicts["stands"], "outcome": verdicts["outcome"], "known_on": verdicts["known_on"] * DAY,
        "known_at": _moments(verdicts["known_at"]),
    }  # fmt: skip
    for kept, column in zip(found, verdict.values(), strict=True):
        kept[place[there]] = column[there]  # of several on one claim the last
    conditional = claims["given"] >= 0
    given = dict(zip(entries[conditional].tolist(), claims["given"][conditional].tolist(), strict=True))
    said = dict(zip(verdicts["claim"].tolist(), verdicts["said"].tolist(), strict=True)) if given else {}
    lost = np.isin(entries, _without_basis(given, said))
    last = claims["deadline"]
    end = np.where(last < LAST_DAY, (last + 1) * DAY, (last + 1) * DAY - 1).astype(np.float64)
    counting = _when_forecasts_count(end, _moments(claims["closes_at"]), known_on, known_at)
    return ClaimColumns(
        slugs=claims["slug"].tolist(),
        entries=entries,
        statement=claims["statement"],
        statements=claims["of"].tolist(),
        asked=_last_asked(store, connection, size, claims["slug"], np.diff(np.flatnonzero(new))),
        opens=claims["opens_on"].astype(np.float64) * DAY,
        **counting._asdict(),
        deadline=last,
        settles_on=np.minimum(last + np.maximum(claims["settle_days"], 1), LAST_DAY),
        verdict=np.where(lost, ANNULLED, np.nan_to_num(stands, nan=NO_OUTCOME)).astype(np.int8),
        outcome=np.where(lost, np.nan, outcome),
        scored=claims["scored"].astype(np.bool_),
        at_least=claims["at_least"],
        units=units_of(connection, size, entries, claims["statement"], claims["given"], claims["supersedes"]),
        has_evidence=np.isin(entries, [entry for (entry,) in connection.execute(_NOTED)]),
    )


def _when_forecasts_count(
    end: FloatArray, closes_at: FloatArray, known_on: FloatArray, known_at: FloatArray
) -> _Counting:
    """Tell each claim by the moment or by the day, as :func:`predictions.status.counts_until` tells one.

    By the day a day counts whole, if the answer was not public when it began: the day on which the answer came does,
    for yes and no alike, with what stood at its beginning.
    """
    closes = np.fmin(end, closes_at)
    day_after = known_on + DAY
    by_day_after_all = np.isnan(known_at) & (closes_at > day_after)
    grain = np.where(np.isnan(closes_at) | by_day_after_all, float(DAY), 0.0)
    midnight = np.where(np.isnan(known_at), day_after, np.ceil(known_at / DAY) * DAY)
    return _Counting(closes, np.fmin(np.where(grain > 0, midnight, known_at), closes), grain, by_day_after_all)


def _moments(texts: NDArray[np.object_]) -> FloatArray:
    """Read moments as they are kept; NaN for none."""
    found = np.full(texts.size, np.nan)
    there = np.flatnonzero(texts != np.array(None))
    if there.size:
        found[there] = microseconds(tuple(texts[there]))
    return found


def _last_asked(
    store: Store, connection: sqlite3.Connection, size: int, slugs: NDArray[np.object_], revisions: IndexArray
) -> IndexArray:
    """When what each claim asks was last changed, of those that have several revisions."""
    places, entries = [], []
    for place in np.flatnonzero(revisions > 1).tolist():
        rows = [row for row in store.rows_under(Claim, slug=slugs[place]) if row.entry < size]
        said = [asked(record_of(Claim, row)) for row in rows]
        changed = [row.entry for row, old, new in zip(rows[1:], said, said[1:], strict=False) if old != new]
        if changed:
            places.append(place)
            entries.append(changed[-1])
    found = np.full(slugs.size, EARLIEST)
    if places:
        found[places] = recorded_at(connection, np.array(entries), size)
    return found


def _without_basis(given: Mapping[int, int], said: Mapping[int, str]) -> list[int]:
    """Return the claims whose basis came out no; what they are given was recorded before them."""
    lost: set[int] = set()
    for entry in sorted(given):
        if said.get(given[entry]) == Outcome.NO and given[entry] not in lost:
            lost.add(entry)
    return list(lost)


def chosen_claims(connection: sqlite3.Connection, size: int, claims: ClaimColumns, only: Filter) -> BoolArray:
    """Say which claims a filter lets through."""
    sources = connection.execute("select distinct slug from main.source where entry < ?", (size,)).fetchall()
    tags: dict[int, set[str]] = {}
    for entry, tag in connection.execute(_TAGS, (size,)) if only.tag is not None else ():
        tags.setdefault(entry, set()).add(tag)
    about = {entry: rest for entry, *rest in connection.execute(_ABOUT, (size,))}  # the last revision stands
    fits = only.test(
        sources=[slug for (slug,) in sources],
        tags=set().union(*tags.values()),
        readings={reading for _, reading, *_ in about.values()},
    )
    source_of = dict(connection.execute(_SOURCES, (size,)).fetchall()) if only.source is not None else {}
    fitting = [
        entry
        for entry, (statement, reading, type_, opens_on, deadline) in about.items()
        if fits(
            _About(reading, type_, tags.get(entry, ()), date.fromisoformat(opens_on), date.fromisoformat(deadline)),
            source_of.get(statement, ""),
        )
    ]
    return np.isin(claims.entries, fitting)


class _About(NamedTuple):
    reading: str
    type: str
    tags: Collection[str]
    opens_on: date
    deadline: date
