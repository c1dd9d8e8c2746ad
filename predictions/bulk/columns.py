"""The forecasts of a ledger as sorted numpy columns, and what scoring must know of each scored claim.

An open ledger holds them while its head is unchanged. They are for ledgers with many imported forecasts; what was
logged by hand, with its ranges, words and corrections, is first brought to what counts by the rules of `scoring`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forecasts.batches import Claims, Rows
from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.bulk.blocks import Ranks
from predictions.bulk.checked import EARLIEST, EPOCH, LATEST, MICROSECOND
from predictions.bulk.fetch import fetch
from predictions.bulk.imports import blocks_of, imports, looked_up
from predictions.bulk.ordering import sorted_rows
from predictions.dates import read_period
from predictions.kinds import Outcome, SourceKind
from predictions.moments import parse_moment_text
from predictions.status import WITNESSED_WITHIN

DAY = 86_400_000_000
LAST_DAY = date.max.toordinal() - date(1970, 1, 1).toordinal()
NO_OUTCOME, ANNULLED, AMBIGUOUS, RESOLVED = range(4)
_STANDS = {Outcome.ANNULLED.value: ANNULLED, Outcome.AMBIGUOUS.value: AMBIGUOUS}
_VALUES = {Outcome.YES.value: 1.0, Outcome.NO.value: 0.0}
_Verdict: TypeAlias = "tuple[str, float | None, str]"

_CLAIMS = """select c.entry, c.slug, c.statement, c.opens_on, c.resolves_by, c.settle_days, c.scored
from main.claim c where c.revision = 1 and (c.scored or ?) and c.entry < ? order by c.slug"""
_VERDICTS = """select claim, number, outcome, fraction, known_on, dissent, entry from main.resolution
where entry < ? and known_on <= ? order by entry"""
_DATED = """select i.entry, s.recorded_at, o.kind, o.published from main.import i
join main.seal s on s.entry = (select min(entry) from main.seal where entry >= i.entry)
left join main.source o on o.entry = (
    select entry from main.source later where later.slug = (select slug from main.source where entry = i.published_in)
    and later.entry < ? order by entry desc limit 1
) where i.entry < ? order by i.entry"""


@dataclass(frozen=True, eq=False)
class ScoredClaims:
    """The scored claims in the order of their slugs; days are counted from 1970, moments in microseconds."""

    slugs: Sequence[str]
    entries: IndexArray
    statement: IndexArray  # the entry of each claim's statement
    opens: FloatArray
    closes: FloatArray
    resolves_by: IndexArray
    settles_on: IndexArray
    stands: NDArray[np.int8]  # NO_OUTCOME to RESOLVED
    outcome: FloatArray  # NaN where there is none
    limit: FloatArray  # the earlier of the deadline and the moment the answer became public
    superseded: BoolArray
    scored: BoolArray

    def for_batches(self, kind: IndexArray) -> Claims:
        """What the kernel needs, with a kind for each claim."""
        return Claims(self.opens, self.closes, self.limit, self.outcome, kind)


@dataclass(frozen=True, eq=False)
class Columns:
    """The forecasts on scored claims, sorted by claim, forecaster and time; both numbered in the order of slugs."""

    size: int  # of the ledger they were read from
    claims: ScoredClaims
    forecasters: Sequence[str]
    rows: Rows
    aside: IndexArray  # series some of whose times are only claimed and set aside: claim * forecasters + forecaster

    def of(self, slugs: Collection[str]) -> Columns:
        """Only what concerns some claims."""
        kept = np.array([slug in slugs for slug in self.claims.slugs], np.bool_)
        claims = ScoredClaims(
            [slug for slug in self.claims.slugs if slug in slugs],
            *(getattr(self.claims, one.name)[kept] for one in fields(ScoredClaims)[1:]),
        )
        rows = self.rows.part(kept[self.rows.claim])
        numbers = (np.cumsum(kept) - 1).astype(np.int32)
        claim, forecaster = np.divmod(self.aside, max(len(self.forecasters), 1))
        aside = numbers[claim].astype(np.int64) * len(self.forecasters) + forecaster
        rows = rows._replace(claim=numbers[rows.claim])
        return Columns(self.size, claims, self.forecasters, rows, aside[kept[claim]])

    @property
    def bytes(self) -> int:
        """The memory the rows take."""
        return sum(column.nbytes for column in self.rows if column is not None)


def read_columns(
    connection: sqlite3.Connection, size: int, today: date, *, forecasters: Sequence[str] | None = None,
    unscored: bool = False,
) -> Columns:  # fmt: skip
    """The imported forecasts of the first *size* entries, by some forecasters or all; none made after *today*.

    On scored claims, or with *unscored* on all.
    """
    claims = scored_claims(connection, size, today, unscored=unscored)
    query = "select slug, entry from main.forecaster where revision = 1 and entry < ? order by slug"
    known = [row for row in connection.execute(query, (size,)) if forecasters is None or row[0] in forecasters]
    claim_numbers, numbers = _numbers(claims.entries), _numbers(np.array([entry for _, entry in known], np.intp))
    whom = None if forecasters is None else [entry for _, entry in known]
    pieces = _pieces(connection, size, whom, (claim_numbers, numbers), (today - EPOCH.date()).days + 1)
    most = sum(one.forecasts for one in imports(connection, size)) if whom is None else None
    rows, aside = sorted_rows(_joined(pieces, most), len(known))
    return Columns(size, claims, [slug for slug, _ in known], rows, aside)


def scored_claims(connection: sqlite3.Connection, size: int, today: date, *, unscored: bool = False) -> ScoredClaims:
    """The scored claims as they stood at *size* entries, seen on *today*."""
    rows = connection.execute(_CLAIMS, (unscored, size)).fetchall()
    entries, slugs, statement, opens_on, resolves_by, settle_days, scored = (
        zip(*rows, strict=True) if rows else ((),) * 7
    )
    opens, last = _days(opens_on), _days(resolves_by)
    closes = np.where(last < LAST_DAY, (last + 1) * DAY, (last + 1) * DAY - 1).astype(np.float64)
    verdicts = _verdicts(connection, size, today)
    conditions = dict(connection.execute("select entry, given from main.claim where given is not null").fetchall())
    stands, outcome, known = _stand(entries, conditions, verdicts)
    superseded = {
        entry
        for (entry,) in connection.execute(
            "select supersedes from main.claim where supersedes is not null and entry < ?", (size,)
        )
    }
    return ScoredClaims(
        slugs=slugs,
        entries=np.array(entries, np.intp),
        statement=np.array(statement, np.intp),
        opens=opens.astype(np.float64) * DAY,
        closes=closes,
        resolves_by=last,
        settles_on=np.minimum(last + np.array(settle_days, np.intp), LAST_DAY),
        stands=stands,
        outcome=outcome,
        limit=np.minimum(known, closes),
        superseded=np.array([entry in superseded for entry in entries], np.bool_),
        scored=np.array(scored, np.bool_),
    )


def _verdicts(connection: sqlite3.Connection, size: int, today: date) -> dict[int, _Verdict]:
    """The verdict that stands on each claim: the last one, as last corrected, that is no dissent."""
    latest: dict[tuple[int, int], tuple[str, float | None, str, object]] = {}
    for claim, number, outcome, fraction, known_on, dissent, _ in connection.execute(_VERDICTS, (size, str(today))):
        latest[claim, number] = (outcome, fraction, known_on, dissent)
    return {
        claim: (outcome, fraction, known_on)
        for (claim, _), (outcome, fraction, known_on, dissent) in latest.items()
        if not dissent
    }


def _stand(
    entries: Sequence[int], conditions: Mapping[int, int], verdicts: Mapping[int, _Verdict]
) -> tuple[NDArray[np.int8], FloatArray, FloatArray]:
    """How each claim stands, its outcome as a number, and the moment the answer became public."""
    stands = np.zeros(len(entries), np.int8)
    outcome, known = np.full(len(entries), np.nan), np.full(len(entries), np.inf)
    days = _days([verdicts[entry][2] if entry in verdicts else "1970-01-01" for entry in entries])
    for place, entry in enumerate(entries):
        if conditions and _lost_its_basis(entry, conditions, verdicts):
            stands[place] = ANNULLED
        elif entry in verdicts:
            word, fraction, _ = verdicts[entry]
            stands[place] = _STANDS.get(word, RESOLVED)
            known[place] = days[place] * DAY
            if stands[place] == RESOLVED:
                outcome[place] = _VALUES.get(word, fraction)
    return stands, outcome, known


def _lost_its_basis(entry: int, conditions: Mapping[int, int], verdicts: Mapping[int, _Verdict]) -> bool:
    """Whether the claim this one is given came out no."""
    given = conditions.get(entry)
    if given is None or given not in verdicts:
        return False
    return verdicts[given][0] == Outcome.NO and not _lost_its_basis(given, conditions, verdicts)


def _pieces(
    connection: sqlite3.Connection, size: int, whom: Sequence[int] | None, numbers: tuple[Ranks, Ranks], days: int
) -> Iterator[Rows]:
    """Import by import the rows on scored claims, made before that day; those marked apart are only claimed."""
    dated = connection.execute(_DATED, (size, size)).fetchall()
    for one, (_, recorded_at, kind, published) in zip(imports(connection, size), dated, strict=True):
        begin, end = _vouched(kind, published)
        moment, within = (parse_moment_text(recorded_at) - EPOCH) // MICROSECOND, WITNESSED_WITHIN // MICROSECOND
        kept = blocks_of(connection, one.entry)
        for piece in fetch(connection, kept[0].first, kept[-1].last, forecasters=whom):
            vouched = (begin <= piece.made_at) & (piece.made_at < end)
            claimed = ~vouched & (abs(piece.made_at - moment) > within)
            claim, forecaster = looked_up(numbers[0], piece.claim), looked_up(numbers[1], piece.forecaster)
            rows = Rows(claim, forecaster, piece.made_at, piece.probability, claimed.astype(np.uint8))
            fits = np.asarray((rows.claim >= 0) & (rows.time < days * DAY))
            yield rows if fits.all() else rows.part(fits)


def _vouched(kind: str | None, published: str | None) -> tuple[int, int]:
    """From which moment to which a source vouches for the times of what it published; nothing without one.

    A platform dates its own forecasts, up to the day of its dump; any other source those of its own day.
    """
    if kind == SourceKind.PLATFORM and not published:
        return EARLIEST, LATEST + 1
    if kind is None or not published or (kind != SourceKind.PLATFORM and len(published) < len("2026-01-01")):
        return 0, 0
    period = read_period(published)
    first, last = ((day - EPOCH.date()).days for day in (period.first, period.last))
    return (EARLIEST if kind == SourceKind.PLATFORM else first * DAY), (last + 1) * DAY


def _joined(pieces: Iterator[Rows], most: int | None) -> Rows:
    """All pieces in one, copied into columns made beforehand, so that memory holds them once."""
    if most is None:
        kept = list(pieces)
        pieces, most = iter(kept), sum(piece.claim.size for piece in kept)
    apart = np.empty(most, np.uint8)
    claim, forecaster = np.empty(most, np.int32), np.empty(most, np.int32)
    whole = Rows(claim, forecaster, np.empty(most, np.int64), np.empty(most), apart)
    done = 0
    for piece in pieces:
        here = slice(done, done + piece.claim.size)
        whole.claim[here], whole.forecaster[here] = piece.claim, piece.forecaster
        whole.time[here], whole.probability[here] = piece.time, piece.probability
        apart[here] = 0 if piece.apart is None else piece.apart
        done = here.stop
    whole = whole.part(slice(0, done))
    return whole if apart[:done].any() else whole._replace(apart=None)


def _numbers(entries: IndexArray) -> Ranks:
    """The place of each entry in a list of them; -1 for one that is not in it."""
    found = np.full(int(entries.max(initial=0)) + 2, -1, np.int32)
    found[entries] = np.arange(entries.size, dtype=np.int32)
    return found


def _days(texts: Sequence[str]) -> IndexArray:
    return np.array(texts, "M8[D]").astype(np.intp)
