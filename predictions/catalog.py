"""Reads a catalogue: sources, statements, claims, events, evidence and forecasts, written down as TOML.

``docs/catalog.md`` describes the format. Nothing here knows a ledger: a catalogue may refer to records that
it does not hold, and whoever registers it checks that they exist.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import get_args, get_type_hints

from pydantic import ValidationError

from forecasts.words import impute
from predictions.dates import read_day, read_window
from predictions.errors import InvalidValue, shown
from predictions.moments import read_made_at
from predictions.records import RECORDS, Record, Ref, Resolution

FORMAT = 1
SIZE_LIMIT = 5_000_000
DEPTH_LIMIT = 32

_KINDS = {kind.noun: kind for kind in RECORDS if kind is not Resolution}
_HINTS = {noun: get_type_hints(kind, include_extras=True) for noun, kind in _KINDS.items()}
_EXTRA = {"claim": {"made_on"}, "evidence": {"bearing"}}

_Fields = dict[str, object]
_Tables = dict[str, list[_Fields]]
_Key = tuple[str, tuple[object, ...], int]


@dataclass(frozen=True)
class Catalog:
    """What a catalogue holds: every record after the ones it refers to, otherwise in the file's order."""

    records: tuple[Record, ...]

    def __repr__(self) -> str:
        nouns = [record.noun for record in self.records]
        return f"<Catalog: {', '.join(f'{noun} {nouns.count(noun)}' for noun in _KINDS)}>"


def read_catalog(path: str | os.PathLike[str]) -> Catalog:
    """The catalogue kept in the TOML file at *path*.

    Raises InvalidValue, naming the file, the entry and the field, for whatever cannot be recorded.
    """
    with _at(shown(os.fspath(path))):
        try:
            if Path(path).exists() and not Path(path).is_file():
                raise InvalidValue("this is not a file; name a catalogue, a TOML file")
            with Path(path).open("rb") as file:
                content = file.read(SIZE_LIMIT + 1)
        except FileNotFoundError:
            raise InvalidValue("there is no such file; name a catalogue, a TOML file") from None
        except OSError as refused:
            raise InvalidValue(f"the file cannot be read ({refused.strerror})") from None
    return _catalog(content, Path(path).name)


@cache
def ainews() -> Catalog:
    """The packaged catalogue: what AINews said on 2026-04-13, how it is read, and the evidence so far.

    >>> ainews().records[0].name
    'ainews'
    """
    return _catalog((files("predictions") / "ainews.toml").read_bytes(), "ainews.toml")


def _catalog(content: bytes, file: str) -> Catalog:
    tables = _tables(content, file)
    records: dict[_Key, Record] = {}
    for noun, entry, where in _entries(tables, file):
        record = _record(noun, entry, where, tables)
        key = _key(noun, [getattr(record, field) for field in record.key], record.revision)
        if key in records:
            raise InvalidValue(f"{where}: it is here twice; a correction needs a revision and a reason")
        records[key] = record
    return Catalog(tuple(_in_order(records, file)))


def _tables(content: bytes, file: str) -> _Tables:
    """The file as lists of plain tables, each list known by its noun."""
    import tomllib  # noqa: PLC0415 - only a reader of catalogues needs it

    if len(content) > SIZE_LIMIT:
        raise InvalidValue(f"{file}: more than {SIZE_LIMIT // 10**6} MB; split it into several catalogues")
    try:
        found: _Fields = tomllib.loads(content.decode("utf-8-sig"))
        if _depth(found) > DEPTH_LIMIT:
            raise RecursionError
    except UnicodeDecodeError as odd:
        line = content.count(b"\n", 0, odd.start) + 1
        raise InvalidValue(f"{file}, line {line}: this is not UTF-8 text; save the file as UTF-8") from None
    except RecursionError:
        raise InvalidValue(f"{file}: nested deeper than {DEPTH_LIMIT} levels; write it flat") from None
    except ValueError as bad:
        what, _, at = str(bad).partition(" (at ")
        raise InvalidValue(f"{file}, {at.rstrip(')') or 'a value'}: this is not TOML: {what}") from None
    number = found.pop("format", None)
    if type(number) is not int or number != FORMAT:
        raise InvalidValue(f"{file}, format: {shown(number)} is not read; write format = {FORMAT} at the top")
    if "resolution" in found:
        raise InvalidValue(f"{file}, resolution: verdicts are not part of a catalogue; resolve the claim")
    for noun in found.keys() - _KINDS:
        raise InvalidValue(f"{file}: {shown(noun)} is not a table of a catalogue{_meant(noun, _KINDS)}")
    return {noun: _list_of_tables(found[noun], f"{file}, {noun}", f"[[{noun}]]") for noun in found}


def _depth(value: object) -> int:
    """How deep tables and arrays are nested."""
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, (dict, list))]:
        depth += 1
        level = [part for item in level for part in (item.values() if isinstance(item, dict) else item)]
    return depth


def _list_of_tables(value: object, where: str, written: str) -> list[_Fields]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise InvalidValue(f"{where}: this is not a list of tables; write {written} above each of them")
    return value


def _entries(tables: _Tables, file: str) -> Iterator[tuple[str, _Fields, str]]:
    """Every entry in file order, with its noun and with where it stands, as a message says it."""
    for noun, entries in tables.items():
        for number, entry in enumerate(entries, 1):
            where = f"{file}, {noun} {shown(entry['slug']) if 'slug' in entry else number}"
            below = entry.get("bearing", []) if noun == "evidence" else []
            yield noun, {field: value for field, value in entry.items() if value is not below}, where
            for count, nested in enumerate(_list_of_tables(below, where, "[[evidence.bearing]]"), 1):
                yield "bearing", {"evidence": entry.get("slug")} | nested, f"{where}, bearing {count}"


def _record(noun: str, entry: _Fields, where: str, tables: _Tables) -> Record:
    known = (_KINDS[noun].model_fields.keys() - {"recorded_by"}) | {"claim": {"made_on"}}.get(noun, set())
    for field, value in entry.items():
        if field not in known:
            raise InvalidValue(f"{where}: {shown(field)} is not a field of {noun}{_meant(field, known)}")
        hint = _HINTS[noun].get(field)
        if bool in (hint, *get_args(hint)) and not isinstance(value, bool):
            raise InvalidValue(f"{where}, {field}: {shown(value)} is neither true nor false")
    match noun:
        case "claim":
            fields = _with_window(entry, where, tables)
        case "bearing" if "meets" in entry:
            fields = entry | {"meets": _meets(entry, where, _find(tables, "claim", entry.get("claim")))}
        case "forecast":
            fields = _with_numbers(entry, where)
        case _:
            fields = entry
    try:
        return _KINDS[noun].model_validate(fields)
    except ValidationError as refused:
        raise InvalidValue(f"{where}{_sentence(refused)}") from None


def _with_window(entry: _Fields, where: str, tables: _Tables) -> _Fields:
    """Days for a horizon that stands alone; beside explicit days it is kept as the source's own words."""
    fields = dict(entry)
    said, made_on = fields.get("horizon"), fields.pop("made_on", None)
    if "opens_on" in fields or "resolves_by" in fields:
        if made_on is not None:
            raise InvalidValue(f"{where}, made_on: it belongs to a horizon without days; leave it out")
        if said is not None and "horizon_read" not in fields:
            raise InvalidValue(f"{where}, horizon_read: say how {shown(said)} was read as these days")
        return fields
    if not isinstance(said, str):
        raise InvalidValue(f"{where}: no window; give opens_on and resolves_by, or a horizon in words")
    if made_on is None:
        source = _find(tables, "statement", fields.get("statement")).get("source")
        made_on = _find(tables, "source", source).get("published")
    if not isinstance(made_on, (date, str)):
        raise InvalidValue(f"{where}, made_on: say on which day {shown(said)} was said")
    with _at(f"{where}, made_on"):
        day = read_day(made_on)
    with _at(f"{where}, horizon"):
        window = read_window(said, made_on=day)
    read = {"horizon_read": window.reading, "edtf": window.edtf}
    return read | fields | {"opens_on": window.opens_on, "resolves_by": window.resolves_by}


def _meets(entry: _Fields, where: str, claim: _Fields) -> object:
    """The conditions met, ``all`` written out, and checked where the claim stands in this file."""
    meets, conditions = entry["meets"], claim.get("conditions")
    named = [c.get("name") for c in conditions if isinstance(c, dict)] if isinstance(conditions, list) else []
    if meets == "all" and not named:
        raise InvalidValue(f"{where}, meets: 'all' needs a claim in this file, with conditions; name them")
    for name in meets if isinstance(meets, list) and claim else []:
        if name not in named:
            hint = _meant(name, map(str, named))
            raise InvalidValue(f"{where}, meets: {shown(name)} is not a condition of that claim{hint}")
    return named if meets == "all" else meets


def _with_numbers(entry: _Fields, where: str) -> _Fields:
    """Words read as numbers, and a whole day as the moment at its end."""
    fields = dict(entry)
    words, scale, made_at = fields.get("words"), fields.get("scale"), fields.get("made_at")
    bare = not fields.keys() & {"probability", "low", "high"}
    if bare and isinstance(words, str) and isinstance(scale, str):
        with _at(f"{where}, words"):
            read = impute(words, scale=scale)
        fields |= {"low": read.low, "probability": read.point, "high": read.high, "words": read.words}
    if isinstance(made_at, (date, str)):
        with _at(f"{where}, made_at"):
            fields["made_at"] = read_made_at(made_at)
    return fields


def _find(tables: _Tables, noun: str, slug: object) -> _Fields:
    """The first entry of that slug, or an empty one."""
    return next((entry for entry in tables.get(noun, []) if entry.get("slug") == slug), {})


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Puts *place* before the message of whatever is refused inside."""
    try:
        yield
    except (ValueError, LookupError) as refused:
        raise InvalidValue(f"{place}: {refused}") from None


def _key(noun: str, names: Iterable[object], revision: int = 1) -> _Key:
    return noun, tuple(names), revision


def _in_order(records: Mapping[_Key, Record], file: str) -> Iterator[Record]:
    """Depth first, without recursion: what a record needs, then the record."""
    done: set[_Key] = set()
    for first in records:
        path = {first: iter(_needs(first, records))} if first not in done else {}
        while path:
            key, needs = next(reversed(path.items()))
            need = next((need for need in needs if need not in done), None)
            if need is None:
                yield records[key]
                done.add(key)
                del path[key]
            elif need in path:
                circle = " -> ".join(records[step].name for step in [*path, need][[*path].index(need) :])
                raise InvalidValue(f"{file}, {need[0]} {records[need].name!r}: it refers to itself: {circle}")
            else:
                path[need] = iter(_needs(need, records))


def _needs(key: _Key, records: Mapping[_Key, Record]) -> list[_Key]:
    """What of this file must come first: the revisions before a correction, and what a record refers to."""
    needs = [_key(key[0], key[1], revision) for revision in range(1, key[2])]
    for field, hint in _HINTS[key[0]].items():
        if noun := _noun(hint):
            value = getattr(records[key], field)
            needs += [_key(noun, [slug]) for slug in (value if isinstance(value, tuple) else [value])]
    return [need for need in needs if need in records]


def _noun(hint: object) -> str | None:
    """The kind of record that a field of this type refers to."""
    return hint.noun if isinstance(hint, Ref) else next(filter(None, map(_noun, get_args(hint))), None)


def _meant(word: object, choices: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(word), sorted(choices), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _sentence(refused: ValidationError) -> str:
    """What is wrong first of all: ``, field: message``; or ``: message`` about the whole entry."""
    error = refused.errors(include_url=False)[0]
    kind, value, context = error["type"], shown(error["input"]), error.get("ctx", {})
    what = {
        "value_error": f"{context.get('error')}",
        "missing": "this field is missing",
        "extra_forbidden": "this field is not known here",
        "enum": f"{value} is not one of {context.get('expected')}",
        "tuple_type": f"{value} is not a list; write [...]",
        "model_type": f"{value} is not a table; write {{ name = ..., text = ... }}",
    }.get(kind, f"{value} is refused: {error['msg']}")
    place = " ".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"])
    return f", {place}: {what}" if place else f": {what}"
