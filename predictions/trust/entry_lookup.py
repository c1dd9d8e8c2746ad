"""Looking up a record by what a person typed: a slug, "kind slug", "claim forecaster", or the number of an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from predictions.errors import InvalidValue, NotFound, short_repr
from predictions.records import RECORDS, Claim, Evidence, Forecast, Forecaster, Import, Merge, Record, Resolution
from predictions.slugs import begins, match_slug, not_found
from predictions.storage.canonical import Plain
from predictions.storage.layout import class_of
from predictions.storage.rows import record_of
from predictions.storage.store import Store

WITH_SLUGS: tuple[type[Record], ...] = (  # kinds that have a slug; a claim is looked for first
    Claim, *(cls for cls in RECORDS if cls.key == ("slug",) and cls is not Claim)
)  # fmt: skip
MOST_DIGITS = 19  # of 2**63, the first number that SQLite cannot store


class NamedEntries(NamedTuple):
    """The entries of a record that was named.

    Attributes:
        noun: The kind of the record.
        name: Its key, as it was typed.
        entries: The entries of its revisions, oldest first.
    """

    noun: str
    name: str
    entries: tuple[int, ...]


def find_entries(store: Store, name: str | int, *, several: str = "") -> NamedEntries:
    """Find all entries of the record with that name, or the single entry with that number.

    "claim forecaster" means the last forecast, "claim evidence" a bearing, "claim number" a resolution, and
    "resolution claim" the last one on that claim.

    Raises NotFound if there is no such record, with the nearest name; and if there are several, with their full names
    and then the advice *several*.
    """
    if isinstance(name, bool) or not isinstance(name, (str, int)):
        raise InvalidValue(f"{short_repr(name)} names no record; say a slug, 'claim forecaster' or an entry's number")
    if isinstance(name, int):
        return _numbered_entry(store, name)
    matches = list(_matches(store, name.split())) or list(_matches(store, whole_name(store, name).split()))
    if len(matches) != 1:
        if not matches and (near := _near_kinds(store, name)):
            raise NotFound(f"no record {short_repr(name)} in this ledger; did you mean {near}?")
        choices = [f"{match.noun} {match.name}" for match in matches]
        advice = several if matches else ""
        raise NotFound(_not_one(store, name, choices) + advice)
    (match,) = matches
    return match if match.noun != "entry" else _numbered_entry(store, match.entries[0])


def record_named(store: Store, name: str) -> Record:
    """Return the latest revision of the record with this name.

    For a series of forecasts it is the forecast made last, whether recorded singly or imported in a block. Raises
    NotFound as :func:`find_entries` does.
    """
    if not isinstance(name, str):
        raise InvalidValue(f"{short_repr(name)} names no record; say a slug, 'kind slug' or 'claim forecaster'")
    name = whole_name(store, name)
    records: dict[str, Record] = {}  # by noun
    for match in _matches(store, name.split()):
        cls = class_of(match.noun)
        rows = store.rows_where(cls, "entry = ?", [match.entries[-1]]) if cls else []
        if cls and rows:  # a redacted record has no row
            records[cls.noun] = record_of(cls, rows[0])
    series = series_named(store, name)
    if series and (imported := store.imported_forecasts({series})):
        recorded = records.get(Forecast.noun)
        # A forecast recorded by hand may be older than an import that came after it.
        if not isinstance(recorded, Forecast) or recorded.made_at < imported[-1].made_at:
            records[Forecast.noun] = imported[-1]
    if len(records) != 1:
        raise NotFound(_not_one(store, name, [f"{noun} {name}" for noun in records]))
    return records.popitem()[1]


def whole_name(store: Store, name: str, size: int = 2**62) -> str:
    """Complete the slugs of which a name has only the beginning, among the first *size* entries.

    A word that begins no slug is left as it is. Raises NotFound for one that begins several.
    """
    words = name.split()
    if not name.isascii() or not words:
        return name
    kind = class_of(words[0]) if len(words) > 1 else None  # "forecast claim ana" begins with its kind
    slugs = words[1:] if kind else words
    is_pair = kind not in WITH_SLUGS and (kind or len(words) > 1)  # a claim and a forecaster or evidence
    kinds_of_words = [(Claim,), (Forecaster, Evidence)] if is_pair else [(kind,) if kind else WITH_SLUGS]
    if len(slugs) > len(kinds_of_words):
        return name
    completed = [_slug_begun(store, word, kinds, size) for word, kinds in zip(slugs, kinds_of_words, strict=False)]
    return " ".join([*([words[0]] if kind else []), *completed])


def _slug_begun(store: Store, word: str, kinds: Sequence[type[Record]], size: int) -> str:
    """Return the slug that a word is, or begins, in the first kind that has one; the word itself if none has."""
    if any(store.find(cls.noun, word) is not None for cls in kinds):
        return word
    for cls in kinds:
        slugs = store.slugs(cls, size)
        if any(begins(slug, word) for slug in slugs):
            return match_slug(cls.noun, word, slugs)
    return word


def record_label(noun: str, fields: Mapping[str, Plain]) -> str:
    """Return the name of a record for a report: its kind, its key, and its revision if that is not the first.

    The fields may come from a damaged file, and lack some.
    """
    cls, revision = class_of(noun), fields.get("revision", 1)
    key = [str(fields.get(field, "?")) for field in cls.key] if cls else []
    return " ".join([noun, *key]) + (f" (revision {revision})" if revision != 1 else "")


def series_named(store: Store, name: str | int) -> tuple[str, str] | None:
    """Return the claim and the forecaster that a name means or begins; None if it does not have two words."""
    words = whole_name(store, name).removeprefix("forecast ").split() if isinstance(name, str) else []
    return (words[0], words[1]) if len(words) == 2 else None


def _not_one(store: Store, name: str, choices: list[str]) -> str:
    """Return the message that a name means no record or, with *choices*, one of several."""
    if choices:
        return f"{short_repr(name)} may mean several records; say {' or '.join(f'{choice!r}' for choice in choices)}"
    noun, _, rest = name.partition(" ")
    kind = class_of(noun)
    if kind in WITH_SLUGS and rest:
        return not_found(noun, rest, store.slugs(kind))
    if kind is Forecast and rest:
        series = {f"{row.fields['claim']} {row.fields['forecaster']}" for row in store.rows(Forecast)}
        return not_found(noun, rest, sorted(series))
    return not_found("record", name, [slug for cls in WITH_SLUGS for slug in store.slugs(cls)])


def _near_kinds(store: Store, name: str) -> str:
    """Return the full names of the records that have the nearest slug, if these are several; else "".

    A claim and its statement often have the same slug, so that the slug alone is not enough.
    """
    slugs = {slug for cls in WITH_SLUGS for slug in store.slugs(cls)}
    near = get_close_matches(name, sorted(slugs), n=1)
    matches = list(_matches(store, near)) if near else []
    return " or ".join(f"'{match.noun} {match.name}'" for match in matches) if len(matches) > 1 else ""


def _matches(store: Store, words: list[str]) -> Iterator[NamedEntries]:
    """Yield the records, of any kind, that these words name."""
    if not all(map(str.isascii, words)):
        return  # all keys are ASCII
    if len(words) > 1 and (words[0] == "entry" or class_of(words[0])):
        yield from _of_kind(store, words[1:], words[0])
    yield from _of_kind(store, words, None)  # without a kind: a claim may have the slug `import`, or `event`


def _of_kind(store: Store, words: list[str], kind: str | None) -> Iterator[NamedEntries]:
    """Yield the records of a *kind*, or of any kind if it is None, whose key these words are."""
    number = _entry_number(words[-1]) if words else None
    if len(words) == 1 and number is not None and kind in {None, "entry"}:
        yield NamedEntries("entry", words[0], (number,))
    if len(words) == 1 and kind == Resolution.noun:
        yield from _by_key(store, Resolution, {"claim": words[0]}, words[0])
    for cls in RECORDS:
        fields = cls.key[:2]
        # An import is named by its number, as an entry is; so only "import 3" means an import.
        kinds = {cls.noun} if cls is Import else {None, cls.noun}
        if len(fields) != len(words) or cls is Merge or kind not in kinds:
            continue
        key: dict[str, str | int | None] = dict(zip(fields, words, strict=True))
        if "number" in key:
            key["number"] = number
        if number is not None or "number" not in key:
            yield from _by_key(store, cls, key, " ".join(words))


def _entry_number(word: str) -> int | None:
    """Return the word as a number, if an entry can have it; else None."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < MOST_DIGITS else None


def _by_key(store: Store, cls: type[Record], key: dict[str, str | int | None], name: str) -> Iterator[NamedEntries]:
    """Yield the record with this key; if the key lacks its last part, the last forecast or resolution of several."""
    try:
        rows = list(store.rows_under(cls, **key))
    except NotFound:
        return
    if cls in {Forecast, Resolution} and rows:
        # By moment or number, as text: moments have one length, and numbers are padded.
        order = [str(row.fields[cls.key[-1]]).zfill(MOST_DIGITS) for row in rows]
        last = max(order)
        rows = [row for row, position in zip(rows, order, strict=True) if position == last]
    if rows:
        yield NamedEntries(cls.noun, name, tuple(row.entry for row in rows))


def _numbered_entry(store: Store, number: int) -> NamedEntries:
    """Return the entry with that number alone, without other revisions of its record."""
    kind, _ = store.content(number)
    return NamedEntries(kind, f"entry {number}", (number,))
