"""What decides how claims may be resolved: their terms, parts, verdicts and evidence, and no more than that.

An import of a million verdicts checks each of them; reading whole records for that would take most of its time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from predictions.enums import ClaimType
from predictions.errors import Tampered
from predictions.records import Bearing, Claim, Event, Evidence, Record, Resolution
from predictions.snapshot import Recorded
from predictions.storage.canonical import Plain
from predictions.storage.rows import changed, record_of
from predictions.storage.store import TREES, Store, batches, placeholders

_EMPTY_CLAIM = Claim.model_construct()  # its fields stand for those that are not looked up
_TERM_COLUMNS = ("slug", "revision", "type", "opens_on", "deadline", "settle_days", "given")
_BY_TERMS = "'yes-no', 'all-of', 'any-of'"  # the types that come out yes or no and are decided by no events
_TERMS = f"""select c.entry, {", ".join(f"c.{name}" for name in _TERM_COLUMNS[:-1])}, given.slug
from main.claim c left join main.claim given on given.entry = c.given
where c.{{}} and c.type in ({_BY_TERMS}) order by c.entry"""
_PARTS = """select c.entry, part.slug from main.claim c join main.claim_parts p on p.claim = c.entry
join main.claim part on part.entry = p.part where c.{} order by c.entry, p.position"""
_BEARS = "slug in (select o.slug from main.{0} o join main.bearing b on o.entry = b.{0} where b.claim in ({1}))"


def deciding(store: Store, claims: Iterable[str], moment: datetime) -> Iterator[Recorded[Record]]:
    """Read what decides how *claims* may be resolved.

    That is: the claims, their parts and what these are given, verdicts on them and evidence; and the trees that the
    claims are a part of, without their verdicts. A claim that no events decide comes with its terms only.

    Args:
        store: The ledger; records of an open transaction are read too.
        claims: The slugs of the claims.
        moment: When everything is said to have been recorded. When the ledger learned it decides nothing, and what is
            not sealed yet has no time.
    """
    slugs, done, beginnings = set(claims), set[str](), dict[str, int]()
    waiting = slugs
    while waiting:
        done |= waiting
        terms = list(_terms(store, "slug in ({})", sorted(waiting)))
        yield from (Recorded(claim, entry, moment) for entry, claim in terms)
        beginnings.update((claim.slug, entry) for entry, claim in terms if claim.revision == 1)
        waiting = {slug for _, claim in terms for slug in (*claim.parts, claim.given) if slug} - done
    for entries in batches(list(beginnings.values())):
        listed = placeholders(entries)
        kinds: dict[type[Record], str] = {
            Resolution: f"claim in ({listed})", Bearing: f"claim in ({listed})",
            Evidence: _BEARS.format("evidence", listed), Event: _BEARS.format("event", listed),
        }  # fmt: skip
        for cls, where in kinds.items():
            for row in store.rows_where(cls, where, entries):
                yield Recorded(record_of(cls, row), row.entry, moment)
    trees = dict(_terms(store, TREES, [beginnings[slug] for slug in slugs if slug in beginnings]))
    yield from (Recorded(tree, entry, moment) for entry, tree in trees.items() if tree.slug not in done)


def _terms(store: Store, where: str, values: Sequence[Plain]) -> Iterator[tuple[int, Claim]]:
    """Read claims, each after its entry: of those that come out yes or no without events their terms, others whole."""
    for batch in batches(values):
        which = where.format(placeholders(batch))
        for row in store.rows_where(Claim, f"{which} and type not in ({_BY_TERMS})", batch):
            yield row.entry, record_of(Claim, row)
        parts: dict[int, list[str]] = {}
        for entry, part in store.connection.execute(_PARTS.format(which), batch):
            parts.setdefault(entry, []).append(part)
        for entry, *values_read in store.connection.execute(_TERMS.format(which), batch).fetchall():
            terms: dict[str, Any] = dict(zip(_TERM_COLUMNS, values_read, strict=True))
            try:
                terms["type"] = ClaimType(terms["type"])
                terms |= {name: date.fromisoformat(terms[name]) for name in ("opens_on", "deadline")}
            except (TypeError, ValueError):
                raise Tampered(changed(entry, Claim)) from None
            yield entry, _with_terms({**terms, "parts": tuple(parts.get(entry, ()))})


def _with_terms(terms: Mapping[str, Any]) -> Claim:
    """Make a claim of terms that were checked when it was recorded; its other fields are empty.

    pydantic's ``model_construct`` goes over every field, which alone would take a tenth of an import of verdicts.
    """
    claim = Claim.__new__(Claim)
    object.__setattr__(claim, "__dict__", {**vars(_EMPTY_CLAIM), **terms})
    for name in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        object.__setattr__(claim, name, getattr(_EMPTY_CLAIM, name))
    return claim
