"""Say how a record differs from the one that stands under its key, and by which call that one is corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from predictions.differing_values import shown_apart
from predictions.recording.drafts import as_said, spelled_fields
from predictions.records import Bearing, Claim, Record

FIELDS_SHOWN = 3  # of a conflict, at most


def correction(record: Record, changes: Sequence[str]) -> str:
    """Say by which call a record is corrected; what is said anew takes its reason where it is said."""
    if isinstance(record, Bearing):
        told = {name: getattr(record, name) for name in changes}
        return f': ledger.correct("{record.noun} {record.name}", {spelled_fields(told)}, reason="...")'
    name = record.name if isinstance(record, Claim) else f"{record.noun} {record.name}"
    if isinstance(record, Claim):
        return f': ledger.correct("{name}", {spelled_fields(_first(as_said(record, changes)))}, reason="...")'
    fields = ", ".join(f'{field}="..."' for field in changes[:FIELDS_SHOWN])
    return f': ledger.correct("{name}", {fields}, reason="...")'


def difference(standing: Record, record: Record, changes: list[str]) -> str:
    """Say what stands and what is said now, for the first three fields that differ."""
    before, now = _changed_fields(standing, changes), _changed_fields(record, changes)
    shown = ((name, *shown_apart(before.get(name), now[name])) for name in _first(now))
    told = [f"{name} {stands}, now {said}" for name, stands, said in shown]
    more = f"; and {len(now) - FIELDS_SHOWN} more" if len(now) > FIELDS_SHOWN else ""
    return "; ".join(told) + more


def _first(fields: Mapping[str, object]) -> dict[str, object]:
    return dict(islice(fields.items(), FIELDS_SHOWN))


def _changed_fields(record: Record, names: Sequence[str]) -> dict[str, object]:
    """Return changed fields of a record; those of a claim as `add` names them."""
    return as_said(record, names) if isinstance(record, Claim) else {name: getattr(record, name) for name in names}
