"""Which entries a person means: by number, by slug, by "kind slug", or by "claim forecaster" for a forecast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from predictions.errors import InvalidValue, NotFound, short_repr
from predictions.records import RECORDS, Forecast, Import, Merge, Record
from predictions.snapshot import not_found
from predictions.storage.canonical import Plain
from predictions.storage.layout import class_of
from predictions.storage.rows import record_of
from predictions.storage.store import Store

MOST_DIGITS = 19  # those of 2**63, the first number that SQLite cannot keep


class Meant(NamedTuple):
    """A record that was named: its kind, its key, and its entries, those of earlier revisions first."""

    noun: str
    name: str
    entries: tuple[int, ...]


def pointed_at(store: Store, name: str | int) -> Meant:
    """The record of that name, with every revision; of an entry's number, that entry alone.

    A forecast's name is its claim and forecaster, meaning the one that stands; that of a bearing its claim and
    evidence, of a verdict its claim and number. NotFound says what is near, or how to tell two apart.
    """
    if isinstance(name, bool) or not isinstance(name, (str, int)):
        raise InvalidValue(f"{short_repr(name)} names no record; say a slug, 'claim forecaster' or an entry's number")
    if isinstance(name, int):
        return _entry(store, name)
    found = list(_meant(store, name.split()))
    if len(found) == 1:
        (meant,) = found
        return meant if meant.noun != "entry" else _entry(store, meant.entries[0])
    if found:
        said = " or ".join(f"'{one.noun} {one.name}'" for one in found)
        raise NotFound(f"{short_repr(name)} may mean several records; say {said}")
    slugs = [slug for cls in RECORDS if cls.key == ("slug",) for slug in store.slugs(cls)]
    raise NotFound(not_found("record", str(name), slugs))


def standing(store: Store, name: str) -> dict[str, Record]:
    """What stands under a name, by its kind; of forecasts, in blocks as well, what was said last."""
    if not isinstance(name, str):
        raise InvalidValue(f"{short_repr(name)} names no record; say a slug, 'kind slug' or 'claim forecaster'")
    kinds = [(cls, one.entries[-1:]) for one in _meant(store, name.split()) if (cls := class_of(one.noun))]
    found = {cls.noun: record_of(cls, row) for cls, last in kinds for row in store.rows_where(cls, "entry = ?", last)}
    words = series_in(name)
    if len(words) == 2 and (said := store.imported_forecasts({(words[0], words[1])})):
        by_hand = found.get(Forecast.noun)
        if not isinstance(by_hand, Forecast) or by_hand.made_at < said[-1].made_at:
            found[Forecast.noun] = said[-1]
    return found


def called(noun: str, fields: Mapping[str, Plain]) -> str:
    """What a record is called, from its fields as they stand, perhaps in a damaged file."""
    cls, revision = class_of(noun), fields.get("revision", 1)
    key = [str(fields.get(field, "?")) for field in cls.key] if cls else []
    return " ".join([noun, *key]) + (f" (revision {revision})" if revision != 1 else "")


def series_in(name: str | int) -> list[str]:
    """The claim and the forecaster that a name may mean, of a forecast in a block; else other than two words."""
    return name.removeprefix("forecast ").split() if isinstance(name, str) else []


def _meant(store: Store, words: list[str]) -> Iterator[Meant]:
    if not all(map(str.isascii, words)):
        return  # no key has other letters
    if len(words) > 1 and (words[0] == "entry" or class_of(words[0])):
        yield from _of_kind(store, words[1:], words[0])
    yield from _of_kind(store, words, None)  # a claim may be called `import`, or `event`


def _of_kind(store: Store, words: list[str], kind: str | None) -> Iterator[Meant]:
    """The records of a kind, or of any, whose key these words are."""
    number = _number(words[-1]) if words else None
    if len(words) == 1 and number is not None and kind in {None, "entry"}:
        yield Meant("entry", words[0], (number,))
    for cls in RECORDS:
        names = cls.key[:2]
        if len(names) != len(words) or cls is Merge or kind not in ({cls.noun} if cls is Import else {None, cls.noun}):
            continue
        key: dict[str, str | int | None] = dict(zip(names, words, strict=True))
        if "number" in key:
            key["number"] = number
        if number is not None or "number" not in key:
            yield from _by_key(store, cls, key, " ".join(words))


def _number(word: str) -> int | None:
    """The number that a word is, of those an entry can have."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < MOST_DIGITS else None


def _by_key(store: Store, cls: type[Record], key: dict[str, str | int | None], name: str) -> Iterator[Meant]:
    try:
        rows = list(store.rows_under(cls, **key))
    except NotFound:
        return
    if cls is Forecast and rows:
        latest = max(str(row.fields["made_at"]) for row in rows)
        rows = [row for row in rows if row.fields["made_at"] == latest]
    if rows:
        yield Meant(cls.noun, name, tuple(row.entry for row in rows))


def _entry(store: Store, number: int) -> Meant:
    kind, _ = store.content(number)
    return Meant(kind, f"entry {number}", (number,))
