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
from predictions.recording.other_kinds import NOTHING_ELSE, of_another_kind
from predictions.recording.revisions import ABOUT_THE_RECORDING, Entering, about, warn_of_oddities, warn_of_repeat
from predictions.records import AnyRecord, Record, Resolution
from predictions.records.record import ItemColumn
from predictions.slugs import match_slug, slug_of
from predictions.storage.batch import Batch, batches_of, hashed_fields
from predictions.storage.rows import record_of
from predictions.storage.seals import Writing
from predictions.storage.store import Store

Checked = TypeVar("Checked")
VERDICT_FIELDS = ("outcome", "known_on", "happened_on")
VERB_WORDS = ("text", "between", "ordered")  # arguments of `add` that become fields of other names
ALLOWED = {  # for pydantic's name of a fault, what the field allows
    "tuple_type": "a list; say several as a list", "model_type": "a name with its value",
    "bool_type": "True or False", "string_type": "text",
}  # fmt: skip
TOGETHER = 400  # records compared with the ledger and put into it at once; few, to hold little in memory


def build(cls: type[AnyRecord], fields: Mapping[str, object]) -> AnyRecord:
    """Build a record from fields, leaving out those that are None.

    Raises InvalidValue, which names the first field that is wrong, and why.
    """
    try:
        # What model_validate calls inside; calling it directly saves time for each record.
        record: AnyRecord = cls.__pydantic_validator__.validate_python(
            {name: value for name, value in fields.items() if value is not None}
        )
        return record
    except ValidationError as error:
        raise InvalidValue(refusal_sentence(cls, error, fields)) from None


def refusal_sentence(
    cls: type[Record], error: ValidationError, fields: Mapping[str, object] = MappingProxyType({})
) -> str:
    """Return the fault that pydantic found in a record as one plain sentence: the field, then the fault.

    *fields* are those given, for the call that is offered if one of them belongs elsewhere.
    """
    noun = cls.noun
    faults = error.errors(include_url=False)
    # The title and the criteria may be made from the wording: a fault in it would be named as one of theirs.
    first = next((fault for fault in faults if fault["loc"] == ("wording",)), faults[0])
    where = " ".join(str(part) for part in first["loc"] if not isinstance(part, int))
    where = "note" if noun == "claim" and where == "notes" else where
    if first["type"] == "extra_forbidden":
        return f"{noun} has no field {short_repr(where)}{_meant(cls, where, fields)}"
    if first["type"] == "missing":
        typed = " (the text)" if where == "wording" else ""
        return f"{noun} needs {where}{typed}, which cannot be left empty"
    if first["type"] in {"enum", "string_unicode"}:
        words = first.get("ctx", {}).get("expected", "the known words")
        return f"{where}: {short_repr(first['input'])} is not one of {words}"
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] != "value_error":  # pydantic's own words, not those of our checks
        allowed = ALLOWED.get(first["type"], message.removeprefix("Input should be "))
        message = f"{short_repr(first['input'])} is not {allowed}"
    return f"{where}: {message}" if where else message


# Fields of a claim that nobody types: they follow from other words, or are its identity.
NOT_TYPED = frozenset(
    ("asked_as", "edtf", "high", "horizon_read", "low", "scale", "slug", "statement", "supersedes", "type", "wording")
)


def _meant(cls: type[Record], name: str, given: Mapping[str, object]) -> str:
    """Suggest what a name that is not a field of this record may mean: a field, or the call that takes it."""
    claim, value = given.get("claim") or given.get("slug") or "CLAIM", given.get(name)
    if keyword_meant(name, ["p"]):
        chance = short_repr(value) if value else 0.7
        return f"; how likely it is, is said with: ledger.forecast({short_repr(claim)}, {chance})"
    if cls.noun == "claim" and keyword_meant(name, VERDICT_FIELDS):
        outcome = short_repr(value) if keyword_meant(name, ["outcome"]) else "OUTCOME"
        return f'; how it came out, is said with: ledger.resolve({short_repr(claim)}, {outcome}, reason="...")'
    fields = [*cls.model_fields.keys() - ABOUT_THE_RECORDING, *(VERB_WORDS if "wording" in cls.model_fields else [])]
    suggestion = field_meant(cls.noun, name) or keyword_meant(name, fields)
    near = f"; did you mean {suggestion!r}?" if suggestion else did_you_mean(name, fields)
    listed = {"note" if field == "notes" else field for field in fields}
    return near or f"; it has {', '.join(sorted(listed - NOT_TYPED if cls.noun == 'claim' else listed))}"


def said_content(record: Record) -> dict[str, object]:
    """Return the content of a record: its fields, except who recorded it and why it was corrected."""
    aside = about(record)
    return {name: getattr(record, name) for name in type(record).model_fields if name not in aside}


class Desk(NamedTuple):
    """An open transaction, who writes in it (None if nobody said), and the moment of the ledger's clock."""

    store: Store
    writing: Writing
    me: str | None
    now: datetime

    @property
    def today(self) -> date:
        """The day of the ledger's clock, UTC."""
        return self.now.date()


class Undone(LedgerError):
    """Raised to end a trial run, so that its transaction is rolled back."""


def enter(desk: Desk, record: AnyRecord, *, reason: str | None = None) -> AnyRecord:
    """Put a record into the ledger, unless it is there already, and return the record that is on file.

    A record with the same key and other content is a correction, and needs a *reason*.

    Raises Conflict for a correction without a reason, and for one of a field that may not change; InvalidValue for a
    record that is dated later than today or does not fit the type of its claim.
    """
    entering = Entering(*desk, [record])
    standing = entering.take(record, reason) or entering.known(record)[-1]
    entering.put()
    return record if standing.fields == hashed_fields(record) else record_of(type(record), standing)


def enter_all(desk: Desk, records: Iterable[Record]) -> int:
    """Put many records into the ledger, each as :func:`enter` does, and return how many of them were new."""
    before = desk.writing.entries
    waiting = iter(records)
    while group := list(islice(waiting, TOGETHER)):
        entering = Entering(*desk, group)
        if not entering.put_fresh():
            for record in group:
                entering.take(record)
            entering.put()
    return desk.writing.entries - before


def put_new(desk: Desk, records: Iterable[Record]) -> None:
    """Put many records into the ledger that are known to be new; InvalidValue for one dated later than today."""
    waiting = iter(records)
    while group := list(islice(waiting, TOGETHER)):
        desk.store.put_batches(desk.writing, laid_out_new(desk, group))


def laid_out_new(desk: Desk, records: Sequence[Record]) -> list[tuple[list[int], Batch]]:
    """Lay out new records in batches of one kind, each with the numbers of its records, checked as in `put_new`."""
    laid_out = list(batches_of(records))
    for numbers, batch in laid_out:
        of_kind = [records[number] for number in numbers]
        # The checks of whole columns are fast; single records are looked at only if those do not settle it.
        if not surely_past(batch, desk.now):
            for record in of_kind:
                check_not_ahead(record, desk.now)
        if not batch.is_ascii():
            for record, fields in zip(of_kind, batch.fields(), strict=True):
                warn_of_oddities(record, fields, desk.writing)
    return laid_out


def correct(
    desk: Desk, record: AnyRecord, changes: Mapping[str, object], *, reason: str | None, act: str = "a correction"
) -> AnyRecord:
    """Record the latest revision with some fields changed, unless that correction was made before.

    *record* may be an older revision: all fields but the named ones are as in the latest. *act* is what a message
    calls the correction. Raises InvalidValue for a missing reason and for a verdict, which is replaced by a new one
    instead; NotFound for a record that is not on file.
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
    for revision in revisions:
        if revision.reason == reason and all(getattr(revision, name) == getattr(wanted, name) for name in changes):
            if said_content(wanted) != said_content(standing):
                warn_of_repeat(standing, standing.reason, "; to have it so again, say a reason that is new: reason=")
            return standing
    return enter(desk, wanted, reason=reason)


def _lists_read(cls: type[Record], changes: Mapping[str, object]) -> dict[str, object]:
    """Return changes in which the fields that hold a list are lists, also if a single value was given for one."""
    lists = {
        name
        for name, field in cls.model_fields.items()
        if any(isinstance(annotation, ItemColumn) for annotation in field.metadata)
    }
    return {
        name: tags_from(value) if name == "tags" else several(value, name) if name in lists else value
        for name, value in changes.items()
    }


def tags_from(tags: object) -> tuple[str, ...]:
    """Return tags as slugs, as an imported table has them.

    A tag that may be several in one text, or has no letter, stays as it is: the record's own check refuses it.

    >>> tags_from(["City works", "rain"]), tags_from("a, b")
    (('city-works', 'rain'), ('a, b',))
    """
    separators = set(",;/\\")
    slugs = []
    for tag in several(tags, "tags"):
        is_single = isinstance(tag, str) and any(map(str.isalnum, tag)) and separators.isdisjoint(tag)
        slugs.append(slug_of(tag, "tag") if is_single else tag)
    return tuple(slugs)


def known_as(desk: Desk, record: AnyRecord) -> list[AnyRecord]:
    """Return all revisions on file of the record with this key, oldest first."""
    return [record_of(type(record), row) for row in Entering(*desk, [record]).known(record)]


def several(values: object, field: str) -> tuple[str, ...]:
    """Return one value or several as a tuple of names; None is an empty tuple.

    Raises InvalidValue, naming the *field*, for anything that is neither a slug, a record nor a list of these.
    """
    if values is None:
        return ()
    if isinstance(values, str):
        return (str.__str__(values),)  # plain text also of an enum's member
    if isinstance(values, Record):
        return (str(name_of(values)),)
    try:
        if isinstance(values, Iterable) and not isinstance(values, (bytes, Mapping)):
            return tuple(str.__str__(value) if isinstance(value, str) else value for value in map(name_of, values))
    except TypeError:  # a numpy array without dimensions passes for an Iterable, and is none
        pass
    raise InvalidValue(f"{field}: {short_repr(values)} is neither a slug nor a list of them")


def name_of(value: Any) -> Any:  # whatever a person gives; who asked checks it
    """Return the slug of a record, or its noun and name if it has none; text as plain text; anything else as it is."""
    if isinstance(value, Record):
        return getattr(value, "slug", None) or f"{value.noun} {value.name}"
    return str.__str__(value) if isinstance(value, str) else value


def the_slug(
    store: Store, cls: type[Record], slug: object, size: int = 2**62,
    instead: Mapping[type[Record], str] = NOTHING_ELSE,
) -> str:  # fmt: skip
    """Return the slug on file that was typed, in full or as a beginning that only one slug has.

    A record may be given for its slug, or for that of the record it is about: a forecast for its claim. Only records
    among the first *size* entries are found. Raises NotFound, with the slugs that are nearest; of a record of another
    kind it says that it is one, with what a verb says of that kind *instead*.
    """
    about_slug = getattr(slug, cls.noun, None) if isinstance(slug, Record) else None
    slug = about_slug or name_of(slug)
    entry = store.find(cls.noun, slug) if isinstance(slug, str) and slug.isascii() else None
    if isinstance(slug, str) and entry is not None and entry < size:
        return slug
    try:
        return match_slug(cls.noun, slug, store.slugs(cls, size))
    except NotFound as error:
        raise of_another_kind(store, cls, slug, instead, size) or error from None


class Slugs:
    """The slugs that are taken by records of some kinds, looked up one at a time."""

    def __init__(self, store: Store, *kinds: type[Record]) -> None:
        self._store, self._kinds = store, kinds

    def __contains__(self, slug: object) -> bool:
        return any(self._store.find(cls.noun, str(slug)) is not None for cls in self._kinds)


def check_named(check: Callable[[object], Checked], value: object, field: str) -> Checked | None:
    """Return the value as *check* returns it, or None if it is None; InvalidValue names the *field*."""
    return None if value is None else check_field(field, check, value)
