"""Read the speakers of the statements behind scored claims, and since when each statement is known.

The speaker is the person whom a statement names. If it names nobody and is quoted word for word, the publication is the
speaker. Platforms, other ledgers and one's own list hold questions, and asking a question predicts nothing.
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
_STATEMENTS = """select first.entry, s.speaker, s.source from main.statement s
join main.statement first on first.slug = s.slug and first.revision = 1
where s.entry < ?1 and ((s.speaker is not null and s.source in (select value from json_each(?2)))
    or (s.speaker is null and s.paraphrased is not 1 and s.source in (select value from json_each(?3))))
and not exists (
    select 1 from main.statement later where later.slug = s.slug and later.revision > s.revision and later.entry < ?1
) order by first.entry"""
_SPOKEN_FOR = """select distinct claim, published_in from main.forecast where entry < ?1
and published_in in (select value from json_each(?2))"""
_IMPORTED = "select published_in from main.import where entry < ?"
_SAME_WORDS = """select first.entry, s.words from main.statement s
join main.statement first on first.slug = s.slug and first.revision = 1
where s.entry < ?1 and s.words in (select words from main.statement where entry in (select value from json_each(?2)))"""


@dataclass(frozen=True, eq=False)
class Spoken:
    """The claims whose statement has a speaker, in the order of their recording: shape (n,) each.

    Attributes:
        claim: The number of the claim.
        forecaster: The number of the speaker, among the forecasters of a ledger and then those *without_forecast*.
        since: When the statement is known to have been made, in microseconds since 1970: the end of the day of its
            source if that is exact, or its recording if that was earlier or the day is not exact.
        dated: Whether its source has an exact day.
        same_words: For every claim of the ledger, the number of its group of yes-or-no claims with the same words and
            last day; -1 if it is in no group with a claim above.
        without_forecast: Speakers who made no forecast; their entries are below 0.
    """

    claim: IndexArray
    forecaster: IndexArray
    since: FloatArray
    dated: BoolArray
    same_words: IndexArray
    without_forecast: Sequence[ForecasterEntry]

    def numbered_for(self, forecasters: int, entries: int) -> Spoken:
        """Return the same with speakers numbered for a table that has computed crowds too.

        That table has *entries* rows: first the ledger's *forecasters*, then the crowds, and last the speakers without
        a forecast.
        """
        shift = entries - len(self.without_forecast) - forecasters
        numbers = np.where(self.forecaster < forecasters, self.forecaster, self.forecaster + shift)
        return replace(self, forecaster=numbers)

    def with_same_words(self, wanted: BoolArray) -> BoolArray:
        """Return the claims that are wanted, or have the words and the last day of one that is."""
        return wanted | ((self.same_words >= 0) & np.isin(self.same_words, self.same_words[wanted]))


class _Source(NamedTuple):
    """The latest revision of a source; its name is the publisher, or else the title."""

    slug: str
    name: str
    kind: str
    published: str | None


class _StatementLine(NamedTuple):
    """One statement: its first entry, the speaker whom it names or None, and the entry of its source."""

    statement: int
    speaker: str | None
    source: int


def statements_said(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, forecasters: Sequence[ForecasterEntry]
) -> Spoken:
    """Read the claims whose statements have a speaker, among the first *size* entries."""
    sources = _sources(connection, size)
    not_asking = [entry for entry, source in sources.items() if source.kind not in ASKS]
    asserting = [entry for entry, source in sources.items() if source.kind in ASSERTS]
    parameters = size, json.dumps(not_asking), json.dumps(asserting)
    rows = connection.execute(_STATEMENTS, parameters).fetchall() if not_asking else []
    lines = [_StatementLine(*row) for row in rows]
    numbers, without_forecast = _numbered_speakers(lines, sources, forecasters)
    position_of = {line.statement: position for position, line in enumerate(lines)}
    spoken_for = _spoken_for(connection, size, [line.source for line in lines if line.speaker is None])
    wanted = claims.scored & (claims.types.kind == YES_OR_NO) & np.isin(claims.statement, [*position_of])
    chosen = []
    for number in np.flatnonzero(wanted)[np.argsort(claims.entries[wanted])].tolist():
        line = lines[position_of[int(claims.statement[number])]]
        if not _is_spoken_for(line, int(claims.entries[number]), spoken_for):
            chosen.append(number)
    claim = np.array(chosen, np.intp)
    positions = [position_of[int(statement)] for statement in claims.statement[claim]]
    since, dated = _since(connection, size, [lines[position] for position in positions], sources)
    # Without an exact day, a statement cannot count before its claim asked what it asks now.
    since = np.where(dated, since, np.maximum(since, claims.asked[claim]))
    forecaster = np.array([numbers[position] for position in positions], np.intp)
    same_words = _same_words(connection, size, claims, claims.statement[claim].tolist())
    return Spoken(claim, forecaster, since, dated, same_words, without_forecast)


def _sources(connection: sqlite3.Connection, size: int) -> dict[int, _Source]:
    """Return the latest revision of every source, under the entry of each of its revisions."""
    rows = connection.execute(_SOURCES, (size,)).fetchall()
    latest = {
        slug: _Source(slug, publisher or title, kind, published) for _, slug, title, publisher, kind, published in rows
    }
    return {entry: latest[slug] for entry, slug, *_ in rows}


def _numbered_speakers(
    lines: Sequence[_StatementLine], sources: Mapping[int, _Source], forecasters: Sequence[ForecasterEntry]
) -> tuple[list[int], list[ForecasterEntry]]:
    """Return the number of each statement's speaker, and new entries for the speakers who are not forecasters yet.

    A speaker is a forecaster if the slug or the title of one fits the name.
    """
    titles = Titles({forecaster.slug: forecaster.title for forecaster in forecasters})
    number_of_slug = {forecaster.slug: number for number, forecaster in enumerate(forecasters)}
    number_of_speaker: dict[tuple[str | None, int | None], int] = {}
    without_forecast: list[ForecasterEntry] = []
    for speaker, source in dict.fromkeys(_speaker_of(line) for line in lines):
        publication = sources[source] if source is not None else None
        name = speaker or (publication.name if publication else "")
        slug = slug_of_name(publication.slug, titles) if publication else None
        slug = slug or slug_of_name(name, titles)
        if slug is None:
            slug, kind = slug_of(name), ForecasterKind.PUBLICATION if publication else ForecasterKind.PERSON
            without_forecast.append(ForecasterEntry(slug, -1 - len(without_forecast), name, kind))
            titles[slug], number_of_slug[slug] = name, len(number_of_slug)
        number_of_speaker[speaker, source] = number_of_slug[slug]
    return [number_of_speaker[_speaker_of(line)] for line in lines], without_forecast


def _speaker_of(line: _StatementLine) -> tuple[str | None, int | None]:
    """Return the person whom a statement names and None, or None and the entry of the source that speaks instead."""
    return line.speaker, line.source if line.speaker is None else None


def _spoken_for(connection: sqlite3.Connection, size: int, sources: Sequence[int]) -> set[tuple[int | None, int]]:
    """Return pairs of a claim and a source that published a forecast on it; None in place of the claim means any."""
    if not sources:
        return set()
    entries = json.dumps(sorted({*sources}))
    imported = {(None, source) for (source,) in connection.execute(_IMPORTED, (size,)) if source is not None}
    return {*connection.execute(_SPOKEN_FOR, (size, entries)), *imported}


def _is_spoken_for(line: _StatementLine, claim: int, spoken_for: set[tuple[int | None, int]]) -> bool:
    """Return True if the publication that would be the speaker has published a number on the claim instead."""
    return line.speaker is None and bool({(claim, line.source), (None, line.source)} & spoken_for)


def _since(
    connection: sqlite3.Connection, size: int, lines: Sequence[_StatementLine], sources: Mapping[int, _Source]
) -> tuple[FloatArray, BoolArray]:
    """Return ``since`` and ``dated`` of :class:`Spoken` for each statement."""
    if not lines:
        return np.zeros(0), np.zeros(0, np.bool_)
    recorded = recorded_at(connection, np.array([line.statement for line in lines]), size).astype(np.float64)
    ends = np.full(recorded.size, np.inf)
    for position, line in enumerate(lines):
        published = sources[line.source].published
        period = read_period(published) if published else None
        if period and period.exact:
            ends[position] = (day_number(period.last) + 1) * ONE_DAY - 1
    return np.minimum(recorded, ends), np.isfinite(ends)


def _same_words(
    connection: sqlite3.Connection, size: int, claims: ClaimColumns, statements: Sequence[int]
) -> IndexArray:
    """Number the groups of yes-or-no claims with the same words and last day; -1 for claims in no group.

    Only claims in the words of one of *statements* are in a group.
    """
    groups = np.full(claims.statement.size, -1)
    if statements:
        words = dict(connection.execute(_SAME_WORDS, (size, json.dumps([*statements]))).fetchall())
        number_of_group: dict[tuple[bytes, int], int] = {}
        in_group = np.isin(claims.statement, [*words]) & (claims.types.kind == YES_OR_NO)
        for claim in np.flatnonzero(in_group).tolist():
            group = words[int(claims.statement[claim])], int(claims.deadline[claim])
            groups[claim] = number_of_group.setdefault(group, len(number_of_group))
    return groups
