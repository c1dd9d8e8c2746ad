"""Claims, statements and series looked up in SQL: by their words, by how they are linked, and by what they ask.

"As they stand" is said of the latest revision.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from predictions.records import Claim, Forecast
from predictions.slugs import same_words, words_digest
from predictions.storage.rows import record_of
from predictions.storage.store import Store, batches, placeholders

TREES = "slug in (select slug from main.claim where entry in (select claim from main.claim_parts where part in ({})))"
_AS_THEY_STAND = """select entry, slug, type, low, high, scale, opens_on, deadline from main.claim c
where slug in ({}) and type in ({}) and not exists
(select 1 from main.claim later where later.slug = c.slug and later.revision > c.revision)"""
_OPTIONS_OF = "select claim, option from main.claim_options where claim in ({}) order by claim, position"


def readings_of(store: Store, statement: str) -> list[str]:
    """List the slugs of the claims that are readings of a statement."""
    query = "select distinct slug from main.claim where statement = ?"
    return [slug for (slug,) in store.connection.execute(query, (store.first_entry("statement", statement),))]


def trees_over(store: Store, began: int) -> list[Claim]:
    """List the trees that have, or had, the claim that began at entry *began* among their parts, as they stand."""
    trees = {row.fields["slug"]: row for row in store.rows_where(Claim, TREES.format("?"), (began,))}
    return [record_of(Claim, row) for row in trees.values()]


def conditional_on(store: Store, claim: str) -> list[str]:
    """List the slugs of the claims that are, as they stand, conditional on a claim."""
    query = """select slug from main.claim c where given = ? and not exists
    (select 1 from main.claim later where later.slug = c.slug and later.revision > c.revision) order by entry"""
    return [slug for (slug,) in store.connection.execute(query, (store.first_entry("claim", claim),))]


def evidence_of_link(store: Store, link: str) -> str | None:
    """Return the slug of the evidence recorded with exactly that link; None if there is none."""
    slug: str | None = store.first_value("select slug from main.evidence where link = ? limit 1", link)
    return slug


def statements_worded(store: Store, text: str) -> list[str]:
    """List the slugs of the statements that have these words, in their latest or an earlier revision."""
    query = "select distinct slug from main.statement where words = ?"
    return [slug for (slug,) in store.connection.execute(query, (words_digest(text),))]


def claims_worded(store: Store, wording: str) -> Iterator[Claim]:
    """Yield the claims with this wording, as they stand.

    Looked at are the readings of statements with these words, and the claims that supersede others: only their
    statements may have other words than they have.
    """
    query = """select entry, slug, wording from main.claim indexed by claim_superseding where supersedes is not null
    union select c.entry, c.slug, wording from main.statement s
    join main.statement first on first.slug = s.slug and first.revision = 1
    join main.claim c on c.statement = first.entry where s.words = ? order by 1"""
    rows = store.connection.execute(query, (words_digest(wording),))
    for slug in dict.fromkeys(slug for _, slug, words in rows if same_words(words, wording)):
        yield store.revisions(Claim, slug=slug)[-1]


def claims_said(store: Store, text: str) -> list[Claim]:
    """List the claims, as they stand, that are readings of statements with these words in any revision."""
    query = """select distinct c.slug from main.statement s
    join main.statement first on first.slug = s.slug and first.revision = 1
    join main.claim c on c.statement = first.entry where s.words = ? order by c.entry"""
    slugs = store.connection.execute(query, (words_digest(text),)).fetchall()
    return [store.revisions(Claim, slug=slug)[-1] for (slug,) in slugs]


def choices_of(store: Store, options: Collection[str]) -> dict[str | bytes, tuple[str, ...]]:
    """Return the options of each claim that has one of some options, by its slug and by the digest of its words.

    Claims are taken as they stand, their statements in any revision.
    """
    found: dict[str | bytes, tuple[str, ...]] = {}
    for some in batches(sorted(options)):
        query = f"""select c.entry, c.slug, s.words from main.claim c
        join main.statement first on first.entry = c.statement join main.statement s on s.slug = first.slug
        where c.entry in (select claim from main.claim_options where option in ({placeholders(some)}))
        and not exists (select 1 from main.claim later where later.slug = c.slug and later.revision > c.revision)
        order by c.entry"""
        for entry, slug, words in store.connection.execute(query, some).fetchall():
            rows = store.connection.execute(_OPTIONS_OF.format("?"), (entry,))
            found[slug] = found[words] = tuple(option for _, option in rows)
    return found


def texts_until(store: Store, deadlines: Collection[str]) -> dict[str, str]:
    """Return the text of the statement of each scored claim with one of some deadlines, by the claim's slug.

    Claims and statements are taken as they stand.
    """
    texts: dict[str, str] = {}
    for batch in batches(sorted(deadlines)):
        query = f"""select c.slug, s.text from main.claim c
        join main.statement first on first.entry = c.statement join main.statement s on s.slug = first.slug
        where c.scored = 1 and c.deadline in ({placeholders(batch)})
        and not exists (select 1 from main.claim later where later.slug = c.slug and later.revision > c.revision)
        and not exists (select 1 from main.statement later where later.slug = s.slug and later.revision > s.revision)
        order by c.entry"""
        texts.update(store.connection.execute(query, batch).fetchall())
    return texts


def supersedings(store: Store) -> list[tuple[str, str]]:
    """List the slugs of each superseded claim and of the claim that superseded it, in the order of recording."""
    query = """select old.slug, new.slug from main.claim new indexed by claim_superseding
    join main.claim old on old.entry = new.supersedes where new.supersedes is not null order by new.entry"""
    return store.connection.execute(query).fetchall()


def chain_of(store: Store, claim: str) -> list[str]:
    """List a claim, those that it supersedes and those that supersede it, over any number of steps, by slug."""
    chain, pairs = {claim}, supersedings(store)
    while linked := {slug for pair in pairs if chain & {*pair} for slug in pair} - chain:
        chain |= linked
    return sorted(chain)


def claims_of_types(store: Store, claims: Collection[str], types: Collection[str]) -> set[str]:
    """Return those of some claims that have one of these types, in any revision."""
    of_types: set[str] = set()
    for batch in batches(sorted(claims)):
        query = f"""select slug from main.claim
        where slug in ({placeholders(batch)}) and type in ({placeholders([*types])})"""
        of_types.update(slug for (slug,) in store.connection.execute(query, [*batch, *types]))
    return of_types


def statement_of(store: Store, claim: str) -> str | None:
    """Return the slug of the statement that a claim is a reading of; None if there is no such claim."""
    query = """select s.slug from main.claim c join main.statement s on s.entry = c.statement
    where c.slug = ? order by c.entry desc limit 1"""
    slug: str | None = store.first_value(query, claim)
    return slug


def sources_of(store: Store, claims: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return the slug and the kind of the source of each of some claims, by the claim's slug, all as they stand."""
    sources: dict[str, tuple[str, str]] = {}
    for batch in batches(claims):
        query = f"""select c.slug, o.slug, o.kind from main.claim c
        join main.statement b on b.entry = c.statement join main.statement s on s.slug = b.slug
        join main.source f on f.entry = s.source join main.source o on o.slug = f.slug
        where c.slug in ({placeholders(batch)}) order by c.entry, s.entry, o.entry"""
        # In the order of revisions, so that the latest ones win.
        sources.update((claim, (slug, kind)) for claim, slug, kind in store.connection.execute(query, batch))
    return sources


def earliest_known(store: Store, claims: Sequence[str]) -> dict[str, date]:
    """Return, by claim, the earliest day on which a verdict, dissents apart, has its answer public."""
    days: dict[str, str] = {}
    for batch in batches(claims):
        query = f"""select c.slug, min(r.known_on) from main.claim c cross join main.resolution r on r.claim = c.entry
        where c.slug in ({placeholders(batch)}) and c.revision = 1 and not coalesce(r.dissent, 0) group by c.entry"""
        days.update(store.connection.execute(query, batch))
    return {slug: date.fromisoformat(day) for slug, day in days.items()}


def scored_claims(store: Store, statements: Iterable[str], size: int = 2**62) -> dict[str, str]:
    """Return the scored reading of each of some statements, by the statement's slug; the last of several.

    Several are scored only if each superseded the one before. A statement without a scored reading is left out. Only
    the first *size* entries are looked at.
    """
    scored: dict[str, str] = {}
    for batch in batches(sorted(statements)):
        query = f"""select s.slug, c.slug from main.statement s join main.claim c on c.statement = s.entry
        where s.slug in ({placeholders(batch)}) and s.revision = 1 and c.scored = 1 and c.entry < ? and not exists
        (select 1 from main.claim later where later.slug = c.slug and later.revision > c.revision and later.entry < ?)
        order by (select entry from main.claim first where first.slug = c.slug and first.revision = 1)"""
        scored.update(store.connection.execute(query, [*batch, size, size]).fetchall())
    return scored


def taken_off(store: Store, size: int) -> list[str]:
    """List the claims that a correction took from scoring, if no other reading of their statement is scored.

    Only the first *size* entries are looked at.
    """
    # From the few that are not scored by a correction: to look each claim's revisions up takes longer than the card.
    query = """select distinct c.slug, s.slug from main.claim later
    cross join main.claim c on c.slug = later.slug and c.revision < later.revision and c.scored = 1
    join main.statement s on s.entry = c.statement
    where later.scored = 0 and later.revision > 1 and later.entry < ?1 and later.revision = (
        select max(revision) from main.claim last where last.slug = later.slug and last.entry < ?1
    ) order by c.entry"""
    statement_of_claim = dict(store.connection.execute(query, (size,)).fetchall())
    scored = scored_claims(store, statement_of_claim.values(), size)
    return [claim for claim, statement in statement_of_claim.items() if statement not in scored]


def first_or_last_forecast(store: Store, claim: str, forecaster: str, *, last: bool) -> Forecast | None:
    """Return the earliest forecast of a series as first recorded, or the *last* one as it stands; None for none.

    Forecasts in blocks are not looked at.
    """
    order = "made_at desc, revision desc" if last else "made_at, revision"
    test = (
        "entry = (select entry from main.forecast where claim = ? and forecaster = ? "
        f"order by {order} limit 1)"  # by the index of the key
    )
    series = store.first_entry("claim", claim), store.first_entry("forecaster", forecaster)
    return next((record_of(Forecast, row) for row in store.rows_where(Forecast, test, series)), None)


def may_be_late_from(store: Store, claim: str) -> str:
    """Return the first day, in ISO form, on which a forecast may come too late to count.

    It is the deadline, the day of closing or the day of a verdict, whichever comes first.
    """
    query = """select min(deadline, coalesce(date(closes_at), deadline), coalesce((
        select min(known_on) from main.resolution where dissent is not 1
        and claim = (select entry from main.claim first where first.slug = last.slug and first.revision = 1)
    ), deadline)) from main.claim last where slug = ? order by revision desc limit 1"""
    return str(store.first_value(query, claim))


class ClaimTerms(NamedTuple):
    """The terms of one claim, as they stand.

    Attributes:
        slug: Its slug.
        type: Its type.
        low: The low end of a number's range.
        high: The high end.
        scale: The axis of a number; None for the plain one.
        opens_on: The first day of its window, in ISO form.
        deadline: The last day.
        options: The options of a choice; empty for other types.
    """

    slug: str
    type: str
    low: float | None
    high: float | None
    scale: str | None
    opens_on: str
    deadline: str
    options: tuple[str, ...]


def claim_terms(
    connection: sqlite3.Connection, claims: Collection[str], types: Collection[str]
) -> Iterator[ClaimTerms]:
    """Yield the terms of those of some claims that are of one of some types."""
    for slugs in batches(sorted(claims)):
        query = _AS_THEY_STAND.format(placeholders(slugs), placeholders([*types]))
        rows = connection.execute(query, [*slugs, *types]).fetchall()
        options: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
        for claim, option in connection.execute(_OPTIONS_OF.format(placeholders(rows)), [entry for entry, *_ in rows]):
            options[claim] += (option,)
        for entry, *terms in rows:
            yield ClaimTerms._make((*terms, options[entry]))
