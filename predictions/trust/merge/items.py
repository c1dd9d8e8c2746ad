"""The records of two copies as a merge compares them, and the settlements under which some get another slug."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from predictions.differing_values import shown_apart
from predictions.errors import InvalidValue, short_repr
from predictions.fields import check_slug
from predictions.recording.revisions import ABOUT_THE_RECORDING
from predictions.records import Import, Record, Resolution
from predictions.storage.canonical import Plain, canonical
from predictions.storage.layout import NounSlug, field_columns, references

THIS, OTHER = "this", "other"
SETTLEMENTS = frozenset({THIS, OTHER})


@dataclass(frozen=True)
class MergeItem:
    """One record of one copy.

    Attributes:
        entry: Its entry there.
        cls: Its kind.
        fields: Its fields as they are hashed.
        in_block: Whether it is a forecast in a block, under the entry of its import. It is then only compared with
            records of the same key; it comes in with its block.
    """

    entry: int
    cls: type[Record]
    fields: Mapping[str, Plain]
    in_block: bool = False

    @cached_property
    def body(self) -> bytes:
        """Return the canonical bytes of what it says, apart from who recorded it and in which turn."""
        aside = (
            # Numbers count what each copy recorded, so one verdict may be number 1 here and 2 there.
            (ABOUT_THE_RECORDING - {"reason"}) | {"number"} if self.cls in {Resolution, Import} else ABOUT_THE_RECORDING
        )
        return canonical(self.cls.noun, {name: value for name, value in self.fields.items() if name not in aside})

    @cached_property
    def name(self) -> str:
        """Return the name of the record that this is a revision of; all verdicts on a claim are one."""
        key = self.cls.key[:1] if self.cls is Resolution else self.cls.key
        return " ".join([self.cls.noun, *(str(self.fields[part]) for part in key)])

    @cached_property
    def refers(self) -> tuple[NounSlug, ...]:
        """Return the records it names."""
        return tuple(references(self.cls, self.fields))


def settled_slugs(theirs: Sequence[MergeItem], common: int, settle: Mapping[str, str]) -> dict[NounSlug, str]:
    """Return the slugs under which some of the other's records are to stand here."""
    slugs: dict[NounSlug, str] = {}
    for name, word in settle.items():
        if word in SETTLEMENTS:
            continue
        matches = [item for item in theirs if item.name == name]
        if not matches or matches[0].cls.key != ("slug",) or matches[0].entry < common:
            raise InvalidValue(f"{short_repr(name)} cannot be settled by {short_repr(word)}; say {THIS!r} or {OTHER!r}")
        try:
            slugs[matches[0].cls.noun, str(matches[0].fields["slug"])] = check_slug(word)
        except ValueError as error:
            raise InvalidValue(f"{name}: {error}") from None
    return slugs


def renamed(item: MergeItem, slugs: Mapping[NounSlug, str]) -> MergeItem:
    """Return a record under the slugs that were settled, wherever it names one."""

    def new(noun: str, slug: Plain) -> Plain:
        return slugs.get((noun, str(slug)), slug)

    fields = dict(item.fields)
    named = {column.name: column.refers_to for column in field_columns(item.cls) if column.refers_to}
    for name, noun in ({"slug": item.cls.noun} | named).items():
        if name in fields:
            value = fields[name]
            fields[name] = [new(noun, slug) for slug in value] if isinstance(value, list) else new(noun, value)
    return replace(item, fields=fields)


def nothing_to_settle(name: str) -> str:
    """Word that a settlement decides nothing."""
    return (
        f"there is nothing to settle about {short_repr(name)}; leave it out, or name a record as the refused merge does"
    )


def changes(ours: MergeItem, theirs: MergeItem) -> list[str]:
    """List the fields in which two records differ, apart from who recorded them and in which turn."""
    names = [name for name in ours.cls.model_fields if name not in ABOUT_THE_RECORDING | {"number"}]
    if ours.cls is Resolution:
        names.append("reason")
    return [name for name in names if ours.fields.get(name) != theirs.fields.get(name)]


def difference(ours: MergeItem, theirs: MergeItem, aside: Collection[str] = ()) -> str:
    """Word the first field in which two records differ, other than those in *aside*."""
    name = [*(name for name in changes(ours, theirs) if name not in aside), "revision"][0]
    here, there = shown_apart(ours.fields.get(name), theirs.fields.get(name))
    return f"{name} {here} here, {there} there"
