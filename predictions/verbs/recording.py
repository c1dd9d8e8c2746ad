"""How a record enters the ledger: once, as a correction with its reason, or not at all."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar

from pydantic import ValidationError

from predictions.dates import read_period
from predictions.errors import Conflict, InvalidValue, LedgerError, LedgerWarning, NotFound, named, shown
from predictions.journal import Writing
from predictions.records import Bearing, Claim, Forecast, Record, Resolution
from predictions.snapshot import missing, unique
from predictions.store import Store, columns
from predictions.values import oddities

AnyRecord = TypeVar("AnyRecord", bound=Record)
Checked = TypeVar("Checked")
ABOUT_THE_RECORDING = frozenset({"recorded_by", "revision", "reason"})
AHEAD = timedelta(minutes=5)  # how far clocks may differ
DATED = ("published", "happened", "happened_on", "known_on")


def build(cls: type[AnyRecord], fields: Mapping[str, object]) -> AnyRecord:
    """The record of these fields, those that are None left out; InvalidValue says which field is wrong and why."""
    try:
        return cls.model_validate({name: value for name, value in fields.items() if value is not None})
    except ValidationError as error:
        raise InvalidValue(sentence(cls.noun, error)) from None


def sentence(noun: str, error: ValidationError) -> str:
    """What pydantic found wrong, as one plain sentence: the field, then the fault."""
    first = error.errors(include_url=False)[0]
    where = " ".join(str(part) for part in first["loc"] if not isinstance(part, int))
    if first["type"] == "extra_forbidden":
        return f"{noun} has no field {shown(where)}"
    if first["type"] == "missing":
        return f"{noun} needs {where}"
    if first["type"] in {"enum", "string_unicode"}:
        return (
            f"{where}: {shown(first['input'])} is not one of {first.get('ctx', {}).get('expected', 'the known words')}"
        )
    fault = str(first["msg"]).removeprefix("Value error, ").replace("Input should", f"{shown(first['input'])} should")
    return f"{where}: {fault}" if where else fault


def content(record: Record) -> dict[str, object]:
    """What a record says, apart from who recorded it and why it was corrected."""
    aside = ABOUT_THE_RECORDING - {"reason"} if isinstance(record, Resolution) else ABOUT_THE_RECORDING
    return {name: getattr(record, name) for name in type(record).model_fields if name not in aside}


class Desk(NamedTuple):
    """An open transaction, who writes in it, and when."""

    store: Store
    writing: Writing
    me: str | None
    now: datetime

    @property
    def today(self) -> date:
        """The day of the ledger's clock, UTC."""
        return self.now.date()


def enter(desk: Desk, record: AnyRecord, *, reason: str | None = None) -> AnyRecord:
    """Record it, unless it stands already; a different one under the same key needs a *reason*.

    Raises Conflict where another stands and no reason is given, and where a correction reaches for a field that
    may not change; InvalidValue for what is dated later than today.
    """
    revisions = known_as(desk.store, record)
    said = content(record)
    if revisions and said == content(revisions[-1]):
        return revisions[-1]
    _not_ahead(desk, record)
    if not revisions:
        return _put(desk, record, {"revision": 1, "reason": reason or record.reason})
    standing = revisions[-1]
    reason = reason or record.reason
    repeats = [earlier for earlier in revisions if said == content(earlier)]
    if repeats and (reason is None or any(reason == earlier.reason for earlier in repeats)):
        _warn_of_repeat(standing)
        return standing
    changes = [name for name in said if said[name] != content(standing)[name]]
    if not reason:
        raise Conflict(
            f"{record.noun} {record.name} stands with {_difference(standing, record, changes)}; "
            "to change that, correct it and say why: reason="
        )
    if record.amendable is not None and not set(changes) <= record.amendable:
        fixed = ", ".join(sorted(set(changes) - record.amendable))
        raise Conflict(
            f"the {fixed} of {record.noun} {record.name} cannot be corrected; record a new slug that supersedes it"
        )
    return _put(desk, record, {"revision": standing.revision + 1, "reason": reason})


def correct(desk: Desk, record: AnyRecord, changes: Mapping[str, object], *, reason: str) -> AnyRecord:
    """Record the standing revision with some fields changed, unless that correction was made before.

    *record* may be an older revision of it: only the named fields change. Raises NotFound for a record that is
    not on file, InvalidValue for a verdict, which is replaced by a new one instead.
    """
    if not isinstance(record, Record):
        raise InvalidValue(f"{shown(record)} is no record; say a record, its slug, or 'kind slug'")
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidValue("a correction needs its reason: reason=")
    if isinstance(record, Resolution):
        raise InvalidValue("a verdict is not corrected but replaced: resolve again, with the reason")
    revisions = known_as(desk.store, record)
    if not revisions:
        raise NotFound(f"no {record.noun} {record.name} in this ledger to correct")
    standing, wanted = revisions[-1], corrected(revisions[-1], changes)
    if any(one.reason == reason and all(getattr(one, n) == getattr(wanted, n) for n in changes) for one in revisions):
        if content(wanted) != content(standing):
            _warn_of_repeat(standing)
        return standing
    return enter(desk, wanted, reason=reason)


def _not_ahead(desk: Desk, record: Record) -> None:
    """InvalidValue where a day, month or year has not begun, or a forecast is still to be made."""
    for field, period in record:
        if field in DATED and period and read_period(period).first > desk.today:
            raise InvalidValue(f"{record.noun} {record.name}: {field} {period} lies in the future")
    if isinstance(record, Forecast) and record.made_at > desk.now + AHEAD:
        raise InvalidValue(
            f"forecast on {record.claim} by {record.forecaster}: made_at {record.made_at:%Y-%m-%d %H:%M:%SZ} lies in "
            "the future; a forecast is recorded once it is made"
        )


def known_as(store: Store, record: AnyRecord) -> list[AnyRecord]:
    """What stands under the record's key, oldest first; a key that names an unknown record is NotFound."""
    key: dict[str, str | int | None] = {}
    for column in columns(type(record)):
        if column.name in record.key:
            value = getattr(record, column.name)
            key[column.name] = value if isinstance(value, (str, int)) else store.text(value)
    return store.revisions(type(record), **key)


def corrected(record: AnyRecord, changes: Mapping[str, object]) -> AnyRecord:
    """The record with some fields changed, checked as a new one is."""
    for name in changes:
        if name in record.key or name in ABOUT_THE_RECORDING:
            raise InvalidValue(f"the {name} of {record.noun} {record.name} is not to be corrected")
    fields = {name: getattr(record, name) for name in type(record).model_fields if name not in ABOUT_THE_RECORDING}
    return build(type(record), {**fields, **changes})


def several(values: str | Iterable[str] | None, field: str) -> tuple[str, ...]:
    """One slug or several, as a tuple; None is none of them. InvalidValue for what is neither."""
    if values is None or isinstance(values, str):
        return () if values is None else (values,)
    if not isinstance(values, Iterable) or isinstance(values, (bytes, Mapping)):
        raise InvalidValue(f"{field}: {shown(values)} is neither a slug nor a list of them")
    return tuple(values)


def the_slug(store: Store, cls: type[Record], slug: object) -> str:
    """The slug meant by what was typed: itself or the only one that begins so; NotFound says what is near."""
    try:
        if isinstance(slug, str) and slug.isascii():
            store.first_entry(cls.noun, slug)
            return slug
    except NotFound:
        pass
    return unique(cls.noun, slug, store.slugs(cls))


def checked(check: Callable[[object], Checked], value: object, field: str) -> Checked | None:
    """The value as *check* lets it pass, None as it is; InvalidValue names the field."""
    return None if value is None else named(field, check, value)


def _put(desk: Desk, record: AnyRecord, changes: Mapping[str, object]) -> AnyRecord:
    if isinstance(record, Bearing):
        _check_conditions(desk, record)
    fields = {name: getattr(record, name) for name in type(record).model_fields}
    wanted = {**fields, "recorded_by": record.recorded_by or desk.me, **changes}
    final = record if wanted == fields else build(type(record), wanted)
    try:
        desk.store.put(desk.writing, final)
    except NotFound as error:
        raise _with_hint(desk.store, final, error) from None
    for name, value in content(final).items():
        if isinstance(value, str):
            for oddity in oddities(value):
                warnings.warn(f"the {name} of {final.noun} {final.name} has {oddity}", LedgerWarning, stacklevel=2)
    return final


def _with_hint(store: Store, record: Record, error: NotFound) -> LedgerError:
    """The same error, with the nearest slug that exists."""
    for column in columns(type(record)):
        value = getattr(record, column.name)
        for slug in value if isinstance(value, tuple) else (value,):
            cls = store.class_of(column.refers_to)
            if cls and slug is not None and slug not in store.slugs(cls):
                return NotFound(f"{record.noun} {record.name}: {missing(cls.noun, slug, store.slugs(cls))}")
    return error


def _difference(standing: Record, record: Record, changes: list[str]) -> str:
    """What stands and what is said now, for the first three fields that differ."""
    told = [f"{name} {_told(getattr(standing, name))}, now {_told(getattr(record, name))}" for name in changes[:3]]
    more = f"; and {len(changes) - 3} more" if len(changes) > 3 else ""
    return "; ".join(told) + more


def _told(value: object) -> str:
    if value is None or value == ():
        return "nothing"
    return value.isoformat() if isinstance(value, date) else shown(str(value) if isinstance(value, str) else value)


def _warn_of_repeat(standing: Record) -> None:
    warnings.warn(
        f"{standing.noun} {standing.name} was recorded so before and since corrected "
        f"({standing.reason}); nothing was written",
        LedgerWarning,
        stacklevel=3,
    )


def _check_conditions(desk: Desk, bearing: Bearing) -> None:
    """Evidence meets only conditions that its claim names."""
    for claim in desk.store.revisions(Claim, slug=bearing.claim)[-1:]:
        known = [condition.name for condition in claim.conditions]
        for name in bearing.meets:
            if name not in known:
                raise InvalidValue(f"{claim.slug} has no condition {name!r}; it has {', '.join(known) or 'none'}")
