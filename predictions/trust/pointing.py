"""Which entries a person means: by number, by slug, by "kind slug", or by "claim forecaster" for a forecast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from predictions.errors import InvalidValue, NotFound, shown
from predictions.records import RECORDS, Bearing, Forecast, Import, Record, Resolution
from predictions.snapshot import missing
from predictions.store import Store

MOST_DIGITS = 19  # those of 2**63, the first number that SQLite cannot keep
PAIRS: tuple[type[Record], ...] = (Forecast, Bearing, Resolution)
SLUGS = tuple(cls for cls in RECORDS if cls.key == ("slug",))


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
        raise InvalidValue(f"{shown(name)} names no record; say a slug, 'claim forecaster' or an entry's number")
    words = str(name).split() if str(name).isascii() else []  # no key has other letters
    found = list(_meant(store, words))
    if isinstance(name, int):
        found = [one for one in found if one.noun == "entry"]
    if len(found) == 1:
        (meant,) = found
        return meant if meant.noun != "entry" else _entry(store, meant.entries[0])
    if found:
        said = " or ".join(f"'{one.noun} {one.name}'" for one in found)
        raise NotFound(f"{shown(name)} may mean several records; say {said}")
    raise NotFound(missing("record", str(name), [slug for cls in SLUGS for slug in store.slugs(cls)]))


def _meant(store: Store, words: list[str]) -> Iterator[Meant]:
    nouns = {cls.noun for cls in RECORDS} | {"entry"}
    kind = words[0] if len(words) > 1 and words[0] in nouns else None
    yield from _of_kind(store, words[1:] if kind else words, kind)
    if kind:  # a claim may be called `import`, or `event`
        yield from _of_kind(store, words, None)


def _of_kind(store: Store, words: list[str], kind: str | None) -> Iterator[Meant]:
    if len(words) == 1:
        (word,) = words
        number = _number(word)
        if kind in {None, "entry"} and number is not None:
            yield Meant("entry", word, (number,))
        for cls in SLUGS:
            if kind in {None, cls.noun}:
                yield from _by_key(store, cls, {"slug": word}, word)
        if kind == Import.noun and number is not None:
            yield from _by_key(store, Import, {"number": number}, word)
    elif len(words) == 2:
        for cls in PAIRS:
            if kind in {None, cls.noun}:
                yield from _pair(store, cls, words)


def _pair(store: Store, cls: type[Record], words: list[str]) -> Iterator[Meant]:
    first, second = cls.key[:2]
    key: dict[str, str | int | None] = {first: words[0], second: words[1]}
    if cls is Resolution:
        key[second] = _number(words[1])
        if key[second] is None:
            return
    yield from _by_key(store, cls, key, " ".join(words))


def _number(word: str) -> int | None:
    """The number that a word is, of those an entry can have."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < MOST_DIGITS else None


def _by_key(store: Store, cls: type[Record], key: dict[str, str | int | None], name: str) -> Iterator[Meant]:
    try:
        rows = list(store.entered(cls, **key))
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
