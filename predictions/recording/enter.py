"""How a record enters the ledger: once, as a correction with its reason, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from predictions.errors import InvalidValue, LedgerError, NotFound, check_field, did_you_mean, short_repr
from predictions.other_words import field_meant, keyword_meant
from predictions.recording.days_ahead import check_not_ahead, surely_past
from predictions.recording.revisions import ABOUT_THE_RECORDING, Entering, about, warn_of_oddities, warn_of_repeat
from predictions.records import AnyRecord, Record, Resolution
from predictions.records.record import ItemColumn
from predictions.slugs import match_slug, slug_of
from predictions.storage.batch import Batch, batches_of, hashed_fields
from predictions.storage.rows import record_of
from predictions.storage.seals import Writing
from predictions.storage.store import Store

Checked = TypeVar("Checked")
SAID_OF_A_VERDICT = ("outcome", "known_on", "happened_on")
VERB_WORDS = ("text", "between", "ordered")  # of `add`, which a claim takes for its fields
TAKEN = {  # by pydantic's name of a fault: what would be taken
    "tuple_type": "a list; say several as a list", "model_type": "a name with its value",
    "bool_type": "True or False", "string_type": "text",
}  # fmt: skip
TOGETHER = 200  # records held against the ledger and put into it at once: few, so that they are soon forgotten


def build(cls: type[AnyRecord], fields: Mapping[str, object]) -> AnyRecord:
    """Build the record of these fields, without those that are None; InvalidValue says which is wrong and why."""
    try:
        # What model_validate calls, without a second look at its arguments, as where records are read.
        record: AnyRecord = cls.__pydantic_validator__.validate_python(
            {name: value for name, value in fields.items() if value is not None}
        )
        return record
    except ValidationError as error:
        raise InvalidValue(refusal_sentence(cls, error, fields)) from None


def refusal_sentence(
    cls: type[Record], error: ValidationError, fields: Mapping[str, object] = MappingProxyType({})
) -> str:
    """Say what pydantic found wrong with a record of some fields, as one plain sentence: the field, then the fault."""
    noun = cls.noun
    faults = error.errors(include_url=False)
    first = next((one for one in faults if one["loc"] == ("wording",)), faults[0])  # of which others are made
    where = " ".join(str(part) for part in first["loc"] if not isinstance(part, int))
    where = "note" if noun == "claim" and where == "notes" else where
    if first["type"] == "extra_forbidden":
        return f"{noun} has no field {short_repr(where)}{_meant(cls, where, fields)}"
    if first["type"] == "missing":
        return f"{noun} needs {where}"
    if first["type"] in {"enum", "string_unicode"}:
        words = first.get("ctx", {}).get("expected", "the known words")
        return f"{where}: {short_repr(first['input'])} is not one of {words}"
    fault = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] != "value_error":  # in the words of pydantic
        wanted = TAKEN.get(first["type"], fault.removeprefix("Input should be "))
        fault = f"{short_repr(first['input'])} is not {wanted}"
    return f"{where}: {fault}" if where else fault


def _meant(cls: type[Record], name: str, said: Mapping[str, object]) -> str:
    """Lead on from a name that is no field of a record: to the field, or to the verb that says such a thing."""
    claim, value = said.get("claim") or said.get("slug") or "CLAIM", said.get(name)
    if keyword_meant(name, ["p"]):
        chance = short_repr(value) if value else 0.7
        return f"; how likely it is, is said with: ledger.forecast({short_repr(claim)}, {chance})"
    if cls.noun == "claim" and keyword_meant(name, SAID_OF_A_VERDICT):
        outcome = short_repr(value) if keyword_meant(name, ["outcome"]) else "OUTCOME"
        return f'; how it came out, is said with: ledger.resolve({short_repr(claim)}, {outcome}, reason="...")'
    fields = [*cls.model_fields.keys() - ABOUT_THE_RECORDING, *(VERB_WORDS if "wording" in cls.model_fields else [])]
    meant = field_meant(cls.noun, name) or keyword_meant(name, fields)
    return f"; did you mean {meant!r}?" if meant else did_you_mean(name, fields)


def said_content(record: Record) -> dict[str, object]:
    """Return what a record says, apart from who recorded it and why it was corrected."""
    aside = about(record)
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


class Undone(LedgerError):
    """Ends a trial run, so that its transaction is undone."""


def enter(desk: Desk, record: AnyRecord, *, reason: str | None = None) -> AnyRecord:
    """Record it, unless it stands already; a different one under the same key needs a *reason*.

    Raises Conflict where another stands and no reason is given, and where a correction reaches for a field that
    may not change; InvalidValue for what is dated later than today, and for what no verb offers yet.
    """
    entering = Entering(*desk, [record])
    standing = entering.take(record, reason) or entering.known(record)[-1]
    entering.put()
    return record if standing.fields == hashed_fields(record) else record_of(type(record), standing)


def enter_all(desk: Desk, records: Iterable[Record]) -> int:
    """Record many, each as :func:`enter` does; how many of them were new."""
    before = desk.writing.entries
    waiting = iter(records)
    while some := list(islice(waiting, TOGETHER)):
        entering = Entering(*desk, some)
        if not entering.put_fresh():
            for record in some:
                entering.take(record)
            entering.put()
    return desk.writing.entries - before


def put_new(desk: Desk, records: Iterable[Record]) -> None:
    """Record many of which it is known that nothing has their keys; InvalidValue for what is dated later than today."""
    waiting = iter(records)
    while some := list(islice(waiting, TOGETHER)):
        desk.store.put_batches(desk.writing, laid_out_new(desk, some))


def laid_out_new(desk: Desk, records: Sequence[Record]) -> list[tuple[list[int], Batch]]:
    """Lay out records of which nothing has the keys, and check them as :func:`put_new` does."""
    laid_out = list(batches_of(records))
    for numbers, batch in laid_out:
        alike = [records[number] for number in numbers]
        for record in alike if not surely_past(batch, desk.now) else ():
            check_not_ahead(record, desk.now)
        for record, fields in zip(alike, batch.fields(), strict=True) if not batch.is_ascii() else ():
            warn_of_oddities(record, fields, desk.writing)
    return laid_out


def correct(
    desk: Desk, record: AnyRecord, changes: Mapping[str, object], *, reason: str | None, act: str = "a correction"
) -> AnyRecord:
    """Record the standing revision with some fields changed, unless that correction was made before.

    Without a reason the refusal names the *act*.

    *record* may be an older revision of it: only the named fields change. Raises NotFound for a record that is
    not on file, InvalidValue for a verdict, which is replaced by a new one instead.
    """
    if not isinstance(record, Record):
        raise InvalidValue(f"{short_repr(record)} is no record; say a record, its slug, or 'kind slug'")
    if not isinstance(reason, str) or not reason.strip():
        raise InvalidValue(f"{act} needs its reason: reason=")
    if isinstance(record, Resolution):
        raise InvalidValue("a verdict is not corrected but replaced: resolve again, with the reason")
    revisions = known_as(desk, record)
    if not revisions:
        raise NotFound(f"no {record.noun} {record.name} in this ledger to correct")
    for name in changes:
        if name in record.key or name in ABOUT_THE_RECORDING:
            raise InvalidValue(f"the {name} of {record.noun} {record.name} is not to be corrected")
    standing, changes = revisions[-1], _lists_read(type(record), changes)
    fields = {name: getattr(standing, name) for name in type(record).model_fields if name not in ABOUT_THE_RECORDING}
    wanted = build(type(record), {**fields, **changes})
    # The same change for the same reason was made before: a notebook that runs twice corrects once.
    if any(
        revision.reason == reason and all(getattr(revision, n) == getattr(wanted, n) for n in changes)
        for revision in revisions
    ):
        if said_content(wanted) != said_content(standing):
            warn_of_repeat(standing, standing.reason)
        return standing
    return enter(desk, wanted, reason=reason)


def _lists_read(cls: type[Record], changes: Mapping[str, object]) -> dict[str, object]:
    """Return the changes with one value for several where a field is a list of single values, as verbs take them."""
    lists = {name for name, field in cls.model_fields.items() if any(isinstance(m, ItemColumn) for m in field.metadata)}
    return {
        name: tags_from(value) if name == "tags" else several(value, name) if name in lists else value
        for name, value in changes.items()
    }


def tags_from(tags: object) -> tuple[str, ...]:
    """Return tags as slugs, as a table has them; what may be several in one text, or has no letter, stays as it is.

    >>> tags_from(["City works", "rain"]), tags_from("a, b")
    (('city-works', 'rain'), ('a, b',))
    """
    named = several(tags, "tags")
    is_one = [isinstance(tag, str) and any(map(str.isalnum, tag)) and not {*",;/\\"} & {*tag} for tag in named]
    return tuple(slug_of(tag, "tag") if one else tag for tag, one in zip(named, is_one, strict=True))


def known_as(desk: Desk, record: AnyRecord) -> list[AnyRecord]:
    """Return what stands under the record's key, oldest first."""
    return [record_of(type(record), row) for row in Entering(*desk, [record]).known(record)]


def several(values: object, field: str) -> tuple[str, ...]:
    """Return one slug or several, as a tuple; None is none of them. InvalidValue for what is neither."""
    if values is None or isinstance(values, str):
        return () if values is None else (str.__str__(values),)
    if isinstance(values, Record):
        return (str(name_of(values)),)
    try:
        if isinstance(values, Iterable) and not isinstance(values, (bytes, Mapping)):
            return tuple(str.__str__(value) if isinstance(value, str) else value for value in map(name_of, values))
    except TypeError:  # an array of no dimension says that it can be walked over, and cannot
        pass
    raise InvalidValue(f"{field}: {short_repr(values)} is neither a slug nor a list of them")


def name_of(value: Any) -> Any:  # whatever a person gives; who asked checks it
    """Return the name of a record, of a receipt its slug alone; anything else as it is."""
    if isinstance(value, Record):
        return getattr(value, "slug", None) or f"{value.noun} {value.name}"
    return str.__str__(value) if isinstance(value, str) else value


def the_slug(store: Store, cls: type[Record], slug: object, size: int = 2**62) -> str:
    """Return the slug meant by what was typed: itself or the only one that begins so; NotFound says what is near.

    Only the first *size* entries are looked at.
    """
    slug = getattr(slug, cls.noun, None) or name_of(slug) if isinstance(slug, Record) else name_of(slug)
    began = store.find(cls.noun, slug) if isinstance(slug, str) and slug.isascii() else None
    if isinstance(slug, str) and began is not None and began < size:
        return slug
    return match_slug(cls.noun, slug, store.slugs(cls, size))


class Slugs:
    """The slugs that are taken by records of some kinds, looked up one at a time."""

    def __init__(self, store: Store, *kinds: type[Record]) -> None:
        self._store, self._kinds = store, kinds

    def __contains__(self, slug: object) -> bool:
        return any(self._store.find(cls.noun, str(slug)) is not None for cls in self._kinds)


def check_named(check: Callable[[object], Checked], value: object, field: str) -> Checked | None:
    """Return the value as *check* lets it pass, None as it is; InvalidValue names the field."""
    return None if value is None else check_field(field, check, value)
