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

WITH_SLUGS: tuple[type[Record], ...] = (  # claims are meant first
    Claim, *(cls for cls in RECORDS if cls.key == ("slug",) and cls is not Claim)
)  # fmt: skip
MOST_DIGITS = 19  # those of 2**63, the first number that SQLite cannot keep


class NamedEntries(NamedTuple):
    """A record that was named.

    Attributes:
        noun: Its kind.
        name: Its key, as it was typed.
        entries: Its entries, those of earlier revisions first.
    """

    noun: str
    name: str
    entries: tuple[int, ...]


def find_entries(store: Store, name: str | int, *, several: str = "") -> NamedEntries:
    """Find the record of that name, with every revision; for the number of an entry, that entry alone.

    "claim forecaster" names the last forecast, "claim evidence" a bearing, "claim number" a resolution, and
    "resolution claim" the last on it. Raises NotFound where there is none, with what is near, and where there are
    several, with how to tell them apart, and what else to say: *several*.
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
        raise NotFound(_not_one(store, name, choices) + several * bool(matches))
    (match,) = matches
    return match if match.noun != "entry" else _numbered_entry(store, match.entries[0])


def record_named(store: Store, name: str) -> Record:
    """Return what stands under a name; of a series of forecasts, those in blocks included, what was said last.

    Raises NotFound as :func:`find_entries` does.
    """
    if not isinstance(name, str):
        raise InvalidValue(f"{short_repr(name)} names no record; say a slug, 'kind slug' or 'claim forecaster'")
    name = whole_name(store, name)
    latest = [(cls, match.entries[-1]) for match in _matches(store, name.split()) if (cls := class_of(match.noun))]
    records = {cls.noun: record_of(cls, row) for cls, n in latest for row in store.rows_where(cls, "entry = ?", [n])}
    series = series_named(store, name)
    if series and (imported := store.imported_forecasts({series})):
        recorded = records.get(Forecast.noun)
        # What stands is what was said last, wherever it is kept:
        # a record may be older than the dump that came after it.
        if not isinstance(recorded, Forecast) or recorded.made_at < imported[-1].made_at:
            records[Forecast.noun] = imported[-1]
    if len(records) != 1:
        raise NotFound(_not_one(store, name, [f"{noun} {name}" for noun in records]))
    return records.popitem()[1]


def whole_name(store: Store, name: str, size: int = 2**62) -> str:
    """Write out the slugs that a name only begins, those of the first *size* entries; one that begins none stands.

    Raises NotFound where it begins several.
    """
    words = name.split()
    if not name.isascii() or not words:
        return name
    kind = class_of(words[0]) if len(words) > 1 else None
    slugs = words[1:] if kind else words
    of_series = kind not in WITH_SLUGS and (kind or len(words) > 1)
    kinds = [(Claim,), (Forecaster, Evidence)] if of_series else [(kind,) if kind else WITH_SLUGS]
    if len(slugs) > len(kinds):
        return name
    whole = [_slug_begun(store, word, of, size) for word, of in zip(slugs, kinds, strict=False)]
    return " ".join([*words[: len(words) - len(slugs)], *whole])


def _slug_begun(store: Store, word: str, kinds: Sequence[type[Record]], size: int) -> str:
    """Return the slug that a word is or begins, of the first kind with such a one; else the word."""
    if any(store.find(cls.noun, word) is not None for cls in kinds):
        return word
    for cls in kinds:
        slugs = store.slugs(cls, size)
        if any(begins(slug, word) for slug in slugs):
            return match_slug(cls.noun, word, slugs)
    return word


def record_label(noun: str, fields: Mapping[str, Plain]) -> str:
    """Return what to call a record, from its fields as they stand, perhaps in a damaged file."""
    cls, revision = class_of(noun), fields.get("revision", 1)
    key = [str(fields.get(field, "?")) for field in cls.key] if cls else []
    return " ".join([noun, *key]) + (f" (revision {revision})" if revision != 1 else "")


def series_named(store: Store, name: str | int) -> tuple[str, str] | None:
    """Return the claim and the forecaster that a name means or begins; None where it has not two words."""
    words = whole_name(store, name).removeprefix("forecast ").split() if isinstance(name, str) else []
    return (words[0], words[1]) if len(words) == 2 else None


def _not_one(store: Store, name: str, choices: list[str]) -> str:
    """Word that a name means no record, or one of several."""
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
    """Return the names of the several records that the nearest slug stands for; empty where it stands for one."""
    slugs = {slug for cls in WITH_SLUGS for slug in store.slugs(cls)}
    near = get_close_matches(name, sorted(slugs), n=1)
    found = list(_matches(store, near)) if near else []
    return " or ".join(f"'{match.noun} {match.name}'" for match in found) if len(found) > 1 else ""


def _matches(store: Store, words: list[str]) -> Iterator[NamedEntries]:
    """Yield every record that these words name, of whatever kind."""
    if not all(map(str.isascii, words)):
        return  # no key has other letters
    if len(words) > 1 and (words[0] == "entry" or class_of(words[0])):
        yield from _of_kind(store, words[1:], words[0])
    yield from _of_kind(store, words, None)  # a claim may be called `import`, or `event`


def _of_kind(store: Store, words: list[str], kind: str | None) -> Iterator[NamedEntries]:
    """Yield the records of a kind, or of any kind, whose key these words are."""
    number = _entry_number(words[-1]) if words else None
    if len(words) == 1 and number is not None and kind in {None, "entry"}:
        yield NamedEntries("entry", words[0], (number,))
    if len(words) == 1 and kind == Resolution.noun:
        yield from _by_key(store, Resolution, {"claim": words[0]}, words[0])
    for cls in RECORDS:
        fields = cls.key[:2]
        # An import is named by its number, as an entry is: only "import 3" means one.
        kinds = {cls.noun} if cls is Import else {None, cls.noun}
        if len(fields) != len(words) or cls is Merge or kind not in kinds:
            continue
        key: dict[str, str | int | None] = dict(zip(fields, words, strict=True))
        if "number" in key:
            key["number"] = number
        if number is not None or "number" not in key:
            yield from _by_key(store, cls, key, " ".join(words))


def _entry_number(word: str) -> int | None:
    """Return the number that a word is, of those an entry can have."""
    return int(word) if word.isascii() and word.isdigit() and len(word) < MOST_DIGITS else None


def _by_key(store: Store, cls: type[Record], key: dict[str, str | int | None], name: str) -> Iterator[NamedEntries]:
    """Yield what stands under a key or the beginning of one: of forecasts and resolutions the last."""
    try:
        rows = list(store.rows_under(cls, **key))
    except NotFound:
        return
    if cls in {Forecast, Resolution} and rows:
        order = [str(row.fields[cls.key[-1]]).zfill(MOST_DIGITS) for row in rows]  # moments are of one length
        rows = [row for row, place in zip(rows, order, strict=True) if place == max(order)]
    if rows:
        yield NamedEntries(cls.noun, name, tuple(row.entry for row in rows))


def _numbered_entry(store: Store, number: int) -> NamedEntries:
    kind, _ = store.content(number)
    return NamedEntries(kind, f"entry {number}", (number,))
