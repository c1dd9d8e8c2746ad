"""Read who said the statements that scored claims are readings of, and since when this is known.

That is the speaker that a statement names; where it names none, the publication as a whole, in its own words. What a
platform, another ledger or one's own list holds are questions: whoever asked one has predicted nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, FloatArray, IndexArray
from predictions.dates import read_period
from predictions.enums import ForecasterKind
from predictions.scoring.claim_statement import ASKS, ASSERTS
from predictions.scoring.columns.claim_types import YES_OR_NO
from predictions.scoring.columns.claims import ONE_DAY, ClaimColumns
from predictions.scoring.columns.forecasts import ForecasterEntry
from predictions.slugs import Titles, slug_of, slug_of_name
from predictions.storage.forecast_records import recorded_at
from predictions.timestamps import day_number

_SOURCES = "select entry, slug, title, publisher, kind, published from main.source where entry < ? order by entry"
_STATEMENTS = """select first.entry, s.speaker, s.source, s.words, s.not_resolvable is not null from main.statement s
join main.statement first on first.slug = s.slug and first.revision = 1
where s.entry < ?1 and ((s.speaker is not null and s.source in (select value from json_each(?2)))
    or (s.speaker is null and s.paraphrased is not 1 and s.source in (select value from json_each(?3))))
and not exists (
    select 1 from main.statement later where later.slug = s.slug and later.revision > s.revision and later.entry < ?1
) order by first.entry"""
_SPOKEN_FOR = """select distinct claim, published_in from main.forecast where entry < ?1
and published_in in (select value from json_each(?2))"""
_IMPORTED = "select published_in from main.import where entry < ?"
_ALIKE = """select first.entry, s.words from main.statement s
join main.statement first on first.slug = s.slug and first.revision = 1
where s.entry < ?1 and s.words in (select words from main.statement where entry in (select value from json_each(?2)))"""


@dataclass(frozen=True, eq=False)
class Spoken:
    """The claims that are readings of what somebody said, in the order in which they were recorded: shape (n,) each.

    Attributes:
        claim: The number of the claim.
        forecaster: The number of who said it, among the forecasters of a ledger and, after these, *others*.
        since: From when it is known to have been said, in microseconds since 1970: the day of its source if that has
            one, else when the ledger learned it.
        dated: True if its source has the day.
        alike: For every claim of the ledger a number that those of yes or no with the same words and last day share;
            -1 if it reads like none of these.
        others: Who has said something and made no forecast; their entries are below 0.
    """

    claim: IndexArray
    forecaster: IndexArray
    since: FloatArray
    dated: BoolArray
    alike: IndexArray
    others: Sequence[ForecasterEntry]

    def numbered_for(self, forecasters: int, entries: int) -> Spoken:
        """Return the same for a table of *entries*, of which the first are the *forecasters*, the last the others."""
        shift = entries - len(self.others) - forecasters
        numbers = np.where(self.forecaster < forecasters, self.forecaster, self.forecaster + shift)
        return replace(self, forecaster=numbers)

    def with_alike(self, wanted: BoolArray) -> BoolArray:
        """Return the claims that are wanted, or read like one that is."""
        return wanted | ((self.alike >= 0) & np.isin(self.alike, self.alike[wanted]))


class _Source(NamedTuple):
    """A source as it stands."""

    slug: str
    name: str
    kind: str
    published: str | None


class _StatementLine(NamedTuple):
    """One statement: its entry, who said it, where, and whether no claim can be read out of it."""

    statement: int
    speaker: str | None
    source: int
    words: bytes
    never: int


def statements_said(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, forecasters: Sequence[ForecasterEntry]
) -> Spoken:
    """Read what was said among the first *size* entries."""
    sources = _sources(connection, size)
    named = [entry for entry, source in sources.items() if source.kind not in ASKS]
    whole = [entry for entry, source in sources.items() if source.kind in ASSERTS]
    rows = connection.execute(_STATEMENTS, (size, json.dumps(named), json.dumps(whole))).fetchall() if named else []
    lines = [_StatementLine(*row) for row in rows]
    numbers, others = _numbered_speakers(lines, sources, forecasters)
    line_of = {line.statement: place for place, line in enumerate(lines)}
    spoken_for = _spoken_for(connection, size, [line.source for line in lines if line.speaker is None])
    wanted = claims.scored & (claims.types.kind == YES_OR_NO) & np.isin(claims.statement, [*line_of])
    chosen = [
        claim
        for claim in np.flatnonzero(wanted)[np.argsort(claims.entries[wanted])].tolist()
        if not _is_spoken_for(lines[line_of[int(claims.statement[claim])]], int(claims.entries[claim]), spoken_for)
    ]
    claim = np.array(chosen, np.intp)
    of_claims = [line_of[int(statement)] for statement in claims.statement[claim]]
    since, dated = _since(connection, size, [lines[place] for place in of_claims], sources)
    since = np.where(dated, since, np.maximum(since, claims.asked[claim]))
    forecaster = np.array([numbers[place] for place in of_claims], np.intp)
    alike = _same_words(connection, size, claims, claims.statement[claim].tolist())
    return Spoken(claim, forecaster, since, dated, alike, others)


def _sources(connection: sqlite3.Connection, size: int) -> dict[int, _Source]:
    """Return every source as it stands, under the entry of each of its revisions."""
    rows = connection.execute(_SOURCES, (size,)).fetchall()
    latest = {
        slug: _Source(slug, publisher or title, kind, published) for _, slug, title, publisher, kind, published in rows
    }
    return {entry: latest[slug] for entry, slug, *_ in rows}


def _numbered_speakers(
    lines: Sequence[_StatementLine], sources: Mapping[int, _Source], forecasters: Sequence[ForecasterEntry]
) -> tuple[list[int], list[ForecasterEntry]]:
    """Return for each statement the number of who said it, and those who are no forecasters of the ledger."""
    titles = Titles({forecaster.slug: forecaster.title for forecaster in forecasters})
    number = {forecaster.slug: place for place, forecaster in enumerate(forecasters)}
    known: dict[tuple[str | None, int | None], int] = {}
    others: list[ForecasterEntry] = []
    for speaker, source in dict.fromkeys(_who(line) for line in lines):
        where = sources[source] if source is not None else None
        name = speaker or (where.name if where else "")
        slug = slug_of_name(where.slug, titles) if where else None
        slug = slug or slug_of_name(name, titles)
        if slug is None:
            slug, kind = slug_of(name), ForecasterKind.PUBLICATION if where else ForecasterKind.PERSON
            others.append(ForecasterEntry(slug, -1 - len(others), name, kind))
            titles[slug], number[slug] = name, len(number)
        known[speaker, source] = number[slug]
    return [known[_who(line)] for line in lines], others


def _who(line: _StatementLine) -> tuple[str | None, int | None]:
    """Return the speaker of a statement, or else its source."""
    return line.speaker, line.source if line.speaker is None else None


def _spoken_for(connection: sqlite3.Connection, size: int, sources: Sequence[int]) -> set[tuple[int | None, int]]:
    """Return which claims have a forecast that one of some sources carries, with the source; None for any claim."""
    if not sources:
        return set()
    asked = json.dumps(sorted({*sources}))
    imported = {(None, source) for (source,) in connection.execute(_IMPORTED, (size,)) if source is not None}
    return {*connection.execute(_SPOKEN_FOR, (size, asked)), *imported}


def _is_spoken_for(line: _StatementLine, claim: int, spoken_for: set[tuple[int | None, int]]) -> bool:
    """Tell whether a source that speaks as a whole has its number on a claim, under whatever name."""
    return line.speaker is None and bool({(claim, line.source), (None, line.source)} & spoken_for)


def _since(
    connection: sqlite3.Connection, size: int, lines: Sequence[_StatementLine], sources: Mapping[int, _Source]
) -> tuple[FloatArray, BoolArray]:
    """Return from when each statement is known to have been said, and whether its source says so."""
    if not lines:
        return np.zeros(0), np.zeros(0, np.bool_)
    learned = recorded_at(connection, np.array([line.statement for line in lines]), size).astype(np.float64)
    ends = np.full(learned.size, np.inf)
    for place, line in enumerate(lines):
        published = sources[line.source].published
        period = read_period(published) if published else None
        if period and period.exact:
            ends[place] = (day_number(period.last) + 1) * ONE_DAY - 1
    return np.minimum(learned, ends), np.isfinite(ends)


def _same_words(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, statements: Sequence[int]
) -> IndexArray:
    """Give one number to the claims of yes or no that read like one of some statements and have the same last day."""
    alike = np.full(claims.statement.size, -1)
    if statements:
        words = dict(connection.execute(_ALIKE, (size, json.dumps([*statements]))).fetchall())
        known: dict[tuple[bytes, int], int] = {}
        read = np.isin(claims.statement, [*words]) & (claims.types.kind == YES_OR_NO)
        for claim in np.flatnonzero(read).tolist():
            asked = words[int(claims.statement[claim])], int(claims.deadline[claim])
            alike[claim] = known.setdefault(asked, len(known))
    return alike
