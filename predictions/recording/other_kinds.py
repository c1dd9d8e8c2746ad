"""What to say where the name of one kind of record is given for another: which kind it is, and the verb for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from predictions.errors import NotFound, short_repr
from predictions.records import Claim, Event, Evidence, Forecaster, Record, Source, Statement
from predictions.slugs import NEXT, begins
from predictions.storage.store import Store

_WITH_VERBS = Claim, Evidence, Forecaster, Source, Statement, Event
_INSTEAD = {  # what the kind that is wanted leads to
    Claim: NEXT,
    Evidence: "evidence of a claim is listed by: ledger.claim(CLAIM, full=True)",
}
NOTHING_ELSE: Mapping[type[Record], str] = {}
TAKES_EVIDENCE_BACK: Mapping[type[Record], str] = {  # what another kind is taken back with
    Claim: 'to annul it: ledger.resolve(CLAIM, "annulled", reason="...")',
}
TAKES_A_FORECAST_BACK: Mapping[type[Record], str] = {
    Evidence: 'it is taken back with: ledger.retract(EVIDENCE, reason="...")',
}


def of_another_kind(
    store: Store, wanted: type[Record], name: object, instead: Mapping[type[Record], str], size: int = 2**62
) -> NotFound | None:  # fmt: skip
    """Return the refusal of a name that is no record of the kind that is wanted, but of another; None where of none.

    Args:
        store: The ledger.
        wanted: The kind.
        name: What was given for a slug.
        instead: What a verb says of some other kinds.
        size: Up to which entry the ledger is read.
    """
    if not isinstance(name, str) or not name or _is_one(store.slugs(wanted, size), name):  # or begins several
        return None
    for other in _WITH_VERBS:
        if other is not wanted and _is_one(store.slugs(other, size), name):
            lead = instead.get(other, _INSTEAD.get(wanted, ""))
            kind = other.noun if other is Evidence else f"{'an' if other is Event else 'a'} {other.noun}"
            return NotFound(f"{short_repr(name)} is {kind}, and no {wanted.noun}" + (f"; {lead}" if lead else ""))
    return None


def _is_one(slugs: Sequence[str], name: str) -> bool:
    """Tell whether a name is one of some slugs, or begins one."""
    return any(slug == name or begins(slug, name) for slug in slugs)
