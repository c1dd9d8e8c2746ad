"""Looking up all records that concern some claims; the card of one claim reads nothing else."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from functools import cache

from predictions.errors import Tampered
from predictions.recorded import Recorded
from predictions.records import (
    Bearing,
    Claim,
    Event,
    Evidence,
    Forecast,
    Forecaster,
    Record,
    Resolution,
    Source,
    Statement,
)
from predictions.slugs import source_named
from predictions.storage.canonical import Plain
from predictions.storage.claim_queries import TREES
from predictions.storage.layout import references, referring
from predictions.storage.rows import StoredRow, changed_row, record_of
from predictions.storage.seals import SEALED_AT
from predictions.storage.store import Store, batches, placeholders
from predictions.timestamps import parse_moment_text

_NEEDED_ENTRIES = """with recursive needed (entry) as (
select entry from main.claim where revision = 1 and slug in ({})
union select p.part from needed join main.claim first on first.entry = needed.entry
join main.claim c on c.slug = first.slug join main.claim_parts p on p.claim = c.entry
union select c.given from needed join main.claim first on first.entry = needed.entry
join main.claim c on c.slug = first.slug where c.given is not null)
select slug, entry from main.claim where entry in needed"""
_LATER = "slug in (select slug from main.claim where supersedes in ({}))"
_SEALED_AT = f"select entry, {SEALED_AT.format('wanted')} from (select column1 as entry from (values {{}})) wanted"
_NOT_RESOLVABLE = """select s.speaker, o.slug from main.statement s join main.source o on o.entry = s.source
where s.not_resolvable is not null and s.entry < ?1 and s.revision = (
    select max(revision) from main.statement where slug = s.slug and entry < ?1
) and not exists (
    select 1 from main.statement began join main.claim c on c.statement = began.entry
    where began.slug = s.slug and began.revision = 1 and c.scored and c.entry < ?1
)"""
_SOURCES = "select slug, title from main.source where entry < ? order by entry"
_SPEAKERS = "select distinct speaker from main.statement where speaker is not null and entry < ?"
_VOUCHING = "select slug from main.source where entry in (select published_in from main.import)"


def concerning(
    store: Store, claims: Collection[str], size: int, *, with_forecasts: bool = True, by: str | None = None,
    statement: str | None = None, forecasters: Collection[str] = (),
) -> list[Recorded[Record]]:  # fmt: skip
    """List the records that concern some claims, one kind after the other.

    These are the claims; their parts, and the claims that they or these are conditional on; evidence and verdicts on
    all of these; the trees of which the claims are a part, and the claims that supersede them; the forecasts on them
    and their forecasters; and the statements, events, evidence and sources that any of these name.

    Args:
        store: The ledger.
        claims: The slugs of the claims.
        size: How many entries are looked at, from the first.
        with_forecasts: Whether to read forecasts.
        by: The only forecaster whose forecasts are read; None for all.
        statement: The slug of a statement to read as well.
        forecasters: The slugs of forecasters to read as well: those with forecasts in blocks, which no row names.
    """
    gathered = _Gathered(store, size)
    gathered.named.update((Forecaster.noun, slug) for slug in forecasters)
    needed: dict[str, int] = {}
    for batch in batches(list(claims)):
        needed.update(store.connection.execute(_NEEDED_ENTRIES.format(placeholders(batch)), batch))
    asked = [entry for slug in claims if (entry := needed.get(slug)) is not None]
    gathered.take(Claim, "slug in ({})", needed)
    for where in (_LATER, TREES):
        gathered.take(Claim, where, asked)
    gathered.take(Bearing, "claim in ({})", needed.values())
    gathered.take(Resolution, "claim in ({})", needed.values())
    if with_forecasts:
        own = "" if by is None else f" and forecaster = {store.first_entry(Forecaster.noun, by)}"
        gathered.take(Forecast, f"claim in ({{}}){own}", asked)
        # A forecast in a block is dated by the source of its import, which no row of a forecast names.
        gathered.named.update((Source.noun, slug) for (slug,) in store.connection.execute(_VOUCHING))
    if statement is not None:
        gathered.named.add((Statement.noun, statement))
    for cls in (Statement, Event, Evidence, Forecaster, Source):
        gathered.take(cls, "slug in ({})", sorted([slug for noun, slug in gathered.named if noun == cls.noun]))
    return gathered.recorded()


class _Gathered:
    """Rows read from one ledger, and the records that they name and that are to be read next."""

    def __init__(self, store: Store, size: int) -> None:
        self._store, self._size = store, size
        self._rows: dict[type[Record], dict[int, StoredRow]] = {}  # by kind and entry
        self.named: set[tuple[str, str]] = set()  # nouns and slugs

    def take(self, cls: type[Record], where: str, values: Iterable[Plain]) -> None:
        """Add the rows of one kind for which the SQL condition *where* holds with one of the values."""
        rows = self._rows.setdefault(cls, {})
        for batch in batches(list(values)):
            for row in self._store.rows_where(cls, where.format(placeholders(batch)), batch):
                # Filtered here and not in SQL: the claims have few rows, and the queries are the same for each `as_of`.
                if row.entry < self._size:
                    rows[row.entry] = row
                    if referring(cls):
                        self.named.update(references(cls, row.fields))

    def recorded(self) -> list[Recorded[Record]]:
        """List the records of all rows, those of one kind in ledger order, each with its time of recording."""
        recorded, moment_of = list[Recorded[Record]](), cache(parse_moment_text)
        sealed_at = self._sealed_at([entry for rows in self._rows.values() for entry in rows])
        for cls, rows in self._rows.items():
            for entry, row in sorted(rows.items()):
                if (text := sealed_at[entry]) is None:
                    raise Tampered(changed_row(entry, cls))
                recorded.append(Recorded(record_of(cls, row), entry, moment_of(text)))
        return recorded

    def _sealed_at(self, entries: Sequence[int]) -> dict[int, str | None]:
        """Return the time of the seal over each of some entries; None for one without a seal."""
        sealed_at: dict[int, str | None] = {}
        for batch in batches(entries):
            listed = ", ".join(["(?)"] * len(batch))
            sealed_at.update(self._store.connection.execute(_SEALED_AT.format(listed), batch).fetchall())
        return sealed_at


def speakers(store: Store, size: int = 2**62) -> list[str]:
    """List the names of all speakers of statements."""
    return [name for (name,) in store.connection.execute(_SPEAKERS, (size,))]


def source_titles(connection: sqlite3.Connection, size: int) -> dict[str, str]:
    """Return the last title of each source, by slug."""
    return dict(connection.execute(_SOURCES, (size,)).fetchall())


def not_resolvable(store: Store, size: int, source: str | None = None) -> list[tuple[str | None, str]]:
    """List the speaker, None if not named, and the source of each statement that is not resolvable.

    One that a scored claim reads is counted by that, whatever was written of the statement afterwards. *source* is the
    slug or title of the only source to look at, or a beginning of its slug; None for all.
    """
    rows = store.connection.execute(_NOT_RESOLVABLE, (size,)).fetchall()
    if source is None:
        return rows
    wanted = source_named(source, source_titles(store.connection, size))
    return [(speaker, slug) for speaker, slug in rows if slug == wanted]
