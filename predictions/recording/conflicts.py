"""How a record differs from the one on file with its key, and the call that corrects that one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

from predictions.differing_values import shown_apart
from predictions.recording.spelled_fields import as_said, spelled_fields
from predictions.records import Bearing, Claim, Record

FIELDS_SHOWN = 3  # of those that differ, at most


def correction(record: Record, changes: Sequence[str]) -> str:
    """Return the end of a message: the call that corrects the record on file to be like *record*.

    The values are filled in for bearings and claims, whose verbs have the same names for them.
    """
    if isinstance(record, Bearing):
        arguments = spelled_fields({name: getattr(record, name) for name in changes})
        return f': ledger.correct("{record.noun} {record.name}", {arguments}, reason="...")'
    if isinstance(record, Claim):
        arguments = spelled_fields(_first(as_said(record, changes)))
        return f': ledger.correct("{record.name}", {arguments}, reason="...")'
    fields = ", ".join(f'{field}="..."' for field in changes[:FIELDS_SHOWN])
    return f': ledger.correct("{record.noun} {record.name}", {fields}, reason="...")'


def difference(standing: Record, record: Record, changes: list[str]) -> str:
    """Write the old and the new value of the first three fields that differ, and the number of the others."""
    old_values, new_values = _changed_fields(standing, changes), _changed_fields(record, changes)
    differences = []
    for name in _first(new_values):
        old, new = shown_apart(old_values.get(name), new_values[name])
        differences.append(f"{name} {old}, now {new}")
    more = f"; and {len(new_values) - FIELDS_SHOWN} more" if len(new_values) > FIELDS_SHOWN else ""
    return "; ".join(differences) + more


def _first(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the first of these fields, as many as are shown."""
    return dict(islice(fields.items(), FIELDS_SHOWN))


def _changed_fields(record: Record, names: Sequence[str]) -> dict[str, object]:
    """Return the values of these fields; those of a claim under the names that `add` has for them."""
    return as_said(record, names) if isinstance(record, Claim) else {name: getattr(record, name) for name in names}
