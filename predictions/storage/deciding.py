"""Reading what is needed to check verdicts on claims, and no more: their terms, parts, verdicts and evidence.

An import of a million verdicts checks each of them; reading whole records for that would take most of its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from predictions.enums import ClaimType
from predictions.errors import Tampered
from predictions.recorded import Recorded
from predictions.records import Bearing, Claim, Event, Evidence, Record, Resolution
from predictions.storage.canonical import Plain
from predictions.storage.claim_queries import TREES
from predictions.storage.rows import changed_row, record_of
from predictions.storage.store import Store, batches, placeholders

_EMPTY_CLAIM = Claim.model_construct()  # it has the values of the fields that are not looked up
_TERM_COLUMNS = ("type", "opens_on", "deadline", "slug", "revision", "settle_days", "given")
_TREES = {ClaimType.ALL_OF, ClaimType.ANY_OF}
_BY_TERMS = {str(kind): kind for kind in (ClaimType.YES_NO, *_TREES)}  # yes or no without events: terms are enough
_TERMS = f"""select c.entry, {", ".join(f"c.{name}" for name in _TERM_COLUMNS[:-1])}, given.slug
from main.claim c left join main.claim given on given.entry = c.given where c.{{}} order by c.entry"""
_PARTS = """select p.claim, part.slug from main.claim_parts p join main.claim part on part.entry = p.part
where p.claim in ({}) order by p.claim, p.position"""
_UNTOUCHED = """select slug, entry, opens_on, deadline, settle_days from main.claim c
where slug in ({}) and type = 'yes-no' and revision = 1
and not exists (select 1 from main.claim later where later.slug = c.slug and later.revision > 1)
and not exists (select 1 from main.resolution r where r.claim = c.entry)
and not exists (select 1 from main.bearing b where b.claim = c.entry)"""
_BEARS = "slug in (select o.slug from main.{0} o join main.bearing b on o.entry = b.{0} where b.claim in ({1}))"


class ClaimWindow(NamedTuple):
    """The window of a claim: its first and last day in ISO form, the days for late reports, and the claim's entry."""

    entry: int
    opens_on: str
    deadline: str
    settle_days: int


def untouched(store: Store, claims: Iterable[str]) -> dict[str, ClaimWindow]:
    """Return the windows of the yes-or-no claims that were never corrected, resolved or given evidence, by slug."""
    windows: dict[str, ClaimWindow] = {}
    for batch in batches(sorted(claims)):
        rows = store.connection.execute(_UNTOUCHED.format(placeholders(batch)), batch)
        windows.update((slug, ClaimWindow(*window)) for slug, *window in rows)
    return windows


def deciding(store: Store, claims: Iterable[str], moment: datetime) -> Iterator[Recorded[Record]]:
    """Read the records that decide how *claims* may be resolved.

    These are the claims themselves, their parts and the claims they are conditional on, with the verdicts and evidence
    on all of them; and the trees that the claims are part of, without verdicts. Claims that no events decide have only
    the fields in which their terms are.

    Args:
        store: The ledger; records of an open transaction are read too.
        claims: The slugs of the claims.
        moment: The time of recording that all records get: it does not matter here, and records that are not sealed
            yet have none.
    """
    slugs, done, beginnings = set(claims), set[str](), dict[str, int]()
    to_read = slugs
    while to_read:
        done |= to_read
        terms = list(_terms(store, "slug in ({})", sorted(to_read)))
        yield from (Recorded(claim, entry, moment) for entry, claim in terms)
        beginnings.update((claim.slug, entry) for entry, claim in terms if claim.revision == 1)
        to_read = {slug for _, claim in terms for slug in (*claim.parts, claim.given) if slug} - done
    for entries in batches(list(beginnings.values())):
        listed = placeholders(entries)
        kinds: tuple[type[Record], ...] = (Resolution, Bearing)
        rows = {cls: store.rows_where(cls, f"claim in ({listed})", entries) for cls in kinds}
        for cls in (Evidence, Event) if rows[Bearing] else ():
            rows[cls] = store.rows_where(cls, _BEARS.format(cls.noun, listed), entries)
        for kind, rows_of_kind in rows.items():
            yield from (Recorded(record_of(kind, row), row.entry, moment) for row in rows_of_kind)
    trees = dict(_terms(store, TREES, [beginnings[slug] for slug in slugs if slug in beginnings]))
    yield from (Recorded(tree, entry, moment) for entry, tree in trees.items() if tree.slug not in done)


def _terms(store: Store, where: str, values: Sequence[Plain]) -> Iterator[tuple[int, Claim]]:
    """Read the claims for which the condition *where* holds of one of the values, each with its entry.

    Yes-or-no claims are many in an import of verdicts, and a verdict on them is checked against a few of their fields:
    only these are read. Claims that events decide, or with another kind of outcome, are read as whole records.
    """
    for batch in batches(values):
        rows = store.connection.execute(_TERMS.format(where.format(placeholders(batch))), batch).fetchall()
        read_whole = [entry for entry, kind, *_ in rows if kind not in _BY_TERMS]
        if read_whole:
            for row in store.rows_where(Claim, f"entry in ({placeholders(read_whole)})", read_whole):
                yield row.entry, record_of(Claim, row)
        parts = _parts(store, [entry for entry, kind, *_ in rows if kind in _TREES])
        for entry, kind, opens_on, deadline, *more_terms in rows:
            if kind in _BY_TERMS:
                try:
                    window = date.fromisoformat(opens_on), date.fromisoformat(deadline)
                except (TypeError, ValueError):
                    raise Tampered(changed_row(entry, Claim)) from None
                terms = zip(_TERM_COLUMNS, (_BY_TERMS[kind], *window, *more_terms), strict=True)
                yield entry, _with_terms({**dict(terms), "parts": tuple(parts.get(entry, ()))})


def _parts(store: Store, trees: Sequence[int]) -> dict[int, list[str]]:
    """Return the slugs of the parts of each of some trees, in their order, by the tree's entry."""
    parts: dict[int, list[str]] = {}
    for entry, part in store.connection.execute(_PARTS.format(placeholders(trees)), trees) if trees else ():
        parts.setdefault(entry, []).append(part)
    return parts


def _with_terms(terms: Mapping[str, Any]) -> Claim:
    """Make a claim from terms that were checked when it was recorded; its other fields have their defaults.

    pydantic's ``model_construct`` goes through every field, which alone would take a tenth of an import of verdicts.
    """
    claim = Claim.__new__(Claim)
    object.__setattr__(claim, "__dict__", {**vars(_EMPTY_CLAIM), **terms})
    for name in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        object.__setattr__(claim, name, getattr(_EMPTY_CLAIM, name))
    return claim
