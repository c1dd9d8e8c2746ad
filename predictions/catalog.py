"""Catalogues: sources, statements, claims, evidence and more, written as one TOML file (``docs/catalog.md``).

Nothing here knows a ledger: a catalogue may refer to records outside of it, which ``register`` then looks up.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files

from pydantic import ValidationError

from forecasts.verbal import impute
from predictions.catalog_tables import CATALOG_KINDS, CatalogEntry, CatalogTables, list_of_tables, read_tables
from predictions.dates import read_day
from predictions.errors import InvalidValue, check_field, did_you_mean, short_repr
from predictions.other_words import OTHER_KEYWORDS, keyword_meant
from predictions.records import Part, Record
from predictions.storage.files import path_of
from predictions.storage.layout import field_columns
from predictions.text_files import read_text
from predictions.timestamps import read_made_at
from predictions.windows import read_window

SIZE_LIMIT = 5_000_000


_SortKey = tuple[str, tuple[object, ...], int]


@dataclass(frozen=True)
class Catalog:
    """The records of a catalogue in the file's order, except that each comes after those it refers to."""

    records: tuple[Record, ...]
    file: str = "the catalogue"  # the name of its file, for messages

    def __repr__(self) -> str:
        nouns = [record.noun for record in self.records]
        return f"<Catalog: {', '.join(f'{noun} {nouns.count(noun)}' for noun in CATALOG_KINDS)}>"


def read_catalog(path: str | os.PathLike[str]) -> Catalog:
    """Read the catalogue in the TOML file at *path*.

    Raises InvalidValue for anything that cannot be recorded, with the file, the entry and the field.
    """
    file = path_of(path)
    text = read_text(
        file, SIZE_LIMIT, refused=f"{short_repr(str(file))} is no catalogue that can be read",
        too_long=f"{file.name}: more than {SIZE_LIMIT // 10**6} MB; split it into several catalogues",
    )  # fmt: skip
    return _catalog(text, file.name)


@cache
def ainews() -> Catalog:
    """Return the packaged catalogue: what AINews said on 2026-04-13, how it is read, and the evidence so far.

    >>> ainews().records[0].name
    'ainews'
    """
    return _catalog((files("predictions") / "ainews.toml").read_text("utf-8"), "ainews.toml")


def _catalog(content: str, file: str) -> Catalog:
    """Build the records from the text of a catalogue, and put each after those it needs."""
    tables = read_tables(content, file)
    _say_scored(tables.get("claim", []))
    index = {f"{noun} {entry.get('slug')}": entry for noun in tables for entry in tables[noun]}
    records: dict[_SortKey, Record] = {}
    for noun, entry, where in _entries(tables, file):
        record = _record(noun, entry, where, index)
        key = noun, tuple(getattr(record, field) for field in record.key), record.revision
        if key in records:
            raise InvalidValue(f"{where}: it is here twice; a correction needs a revision and a reason")
        records[key] = record
    return Catalog(_ordered(records, file), file)


def _say_scored(claims: Sequence[CatalogEntry]) -> None:
    """Fill in whether the claims of a catalogue are scored, as `quote` would record them.

    The first reading of a statement is scored and later ones are not, unless one of them has ``scored = true``. A claim
    that supersedes another is scored if that one is, and a correction if the claim was before; parts of a tree are not.

    >>> claims = [{"slug": "a", "statement": "s"}, {"slug": "b", "statement": "s"}]
    >>> _say_scored(claims)
    >>> [claim["scored"] for claim in claims]
    [True, False]
    """
    parts: set[str] = set()
    for claim in claims:
        listed = claim.get("parts")
        if isinstance(listed, list):
            parts.update(map(str, listed))
    statements_done = {str(claim.get("statement")) for claim in claims if claim.get("scored") is True}
    scored: dict[str, object] = {}  # by slug, so far
    for claim in claims:
        slug, supersedes, statement = (str(claim.get(name)) for name in ("slug", "supersedes", "statement"))
        if "scored" not in claim and slug in parts:
            claim["scored"] = False
        else:
            is_first = statement not in statements_done
            claim.setdefault("scored", scored.get(slug, scored.get(supersedes, is_first)))
            statements_done.add(statement)
        scored[slug] = claim["scored"]


def _entries(tables: CatalogTables, file: str) -> Iterator[tuple[str, CatalogEntry, str]]:
    """Yield every entry in file order: its noun, its fields, and its place in the file as messages name it.

    Bearings that are nested under their evidence are entries of their own.
    """
    for noun, entries in tables.items():
        for number, entry in enumerate(entries, 1):
            where = f"{file}, {noun} {short_repr(entry['slug']) if 'slug' in entry else number}"
            bearings = entry.get("bearing", []) if noun == "evidence" else []
            yield noun, {field: value for field, value in entry.items() if value is not bearings}, where
            for count, nested in enumerate(list_of_tables(bearings, where, "[[evidence.bearing]]"), 1):
                if "evidence" in nested:
                    raise InvalidValue(f"{where}, bearing {count}, evidence: it is the one above, left out")
                yield "bearing", {"evidence": entry.get("slug")} | nested, f"{where}, bearing {count}"


def _field_meant(word: str, field_names: Iterable[str]) -> str:
    """Return the end of a message: the field that an unknown name may mean, as a keyword of verbs or a misspelling."""
    names = sorted(field_names)
    # Only these two keywords of verbs have other names in records.
    synonyms = OTHER_KEYWORDS[word] if word in {"p", "by"} else ()
    meant = next((name for name in synonyms if name in names), None) or keyword_meant(word, names)
    return f"; did you mean {meant!r}?" if meant else did_you_mean(word, names)


def _record(noun: str, entry: CatalogEntry, where: str, index: Mapping[str, CatalogEntry]) -> Record:
    """Build the record of an entry: check its fields, and read its window, conditions or words.

    *where* is its place as messages name it. *index* has all entries of the file by "noun slug"; a claim finds there
    on which day its statement was made.
    """
    field_names = (CATALOG_KINDS[noun].model_fields.keys() - {"recorded_by"}) | {"claim": {"made_on"}}.get(noun, set())
    flags = {column.name for column in field_columns(CATALOG_KINDS[noun]) if column.flag}
    for field, value in entry.items():
        if field not in field_names:
            raise InvalidValue(
                f"{where}: {short_repr(field)} is not a field of {noun}{_field_meant(field, field_names)}"
            )
        if field in flags and not isinstance(value, bool):
            raise InvalidValue(f"{where}, {field}: {short_repr(value)} is neither true nor false")
    if noun == "claim":
        entry = _with_window(entry, where, index)
    elif noun == "bearing" and "meets" in entry:
        entry = entry | {"meets": _meets(entry["meets"], where, index.get(f"claim {entry.get('claim')}"))}
    elif noun == "forecast":
        entry = _with_numbers(entry, where)
    try:
        return CATALOG_KINDS[noun].model_validate(entry)
    except ValidationError as refused:
        raise InvalidValue(f"{where}{_first_fault(refused)}") from None


def _with_window(entry: CatalogEntry, where: str, index: Mapping[str, CatalogEntry]) -> CatalogEntry:
    """Return a claim's entry with its window: the days given or, if none are, those that its horizon means.

    A horizon beside given days is kept as the source's own words. *where* and *index* are as in :func:`_record`.
    """
    horizon, made_on = entry.get("horizon"), entry.get("made_on")
    entry = {field: value for field, value in entry.items() if field != "made_on"}
    if "opens_on" in entry or "deadline" in entry:
        if horizon is not None and "horizon_read" not in entry:
            raise InvalidValue(f"{where}, horizon_read: say how {short_repr(horizon)} was read as these days")
        return entry
    if not isinstance(horizon, str):
        raise InvalidValue(f"{where}: no window; give opens_on and deadline, or a horizon in words")
    if made_on is None:
        statement = index.get(f"statement {entry.get('statement')}", {})
        made_on = index.get(f"source {statement.get('source')}", {}).get("published")
        if "source" in statement and f"source {statement['source']}" not in index:
            problem = f"its statement names the source {short_repr(statement['source'])}, which is not in this file"
            raise InvalidValue(
                f"{where}: {problem}; mend that, or say on which day {short_repr(horizon)} was said: made_on"
            )
    if not isinstance(made_on, (date, str)):
        raise InvalidValue(f"{where}, made_on: say on which day {short_repr(horizon)} was said")
    day = check_field(f"{where}, made_on", read_day, made_on)
    window = check_field(f"{where}, horizon", lambda text: read_window(text, made_on=day), horizon)
    reading = {"horizon_read": window.reading, "edtf": window.edtf}
    return reading | entry | {"opens_on": window.opens_on, "deadline": window.deadline}


def _meets(meets: object, where: str, claim: CatalogEntry | None) -> object:
    """Return the conditions that evidence meets, with ``all`` written out.

    If the *claim* is in this file, the names are checked against its conditions; None means that it is not.
    """
    conditions = (claim or {}).get("conditions")
    tables = (
        [condition for condition in conditions if isinstance(condition, dict)] if isinstance(conditions, list) else []
    )
    names = [condition.get("name") for condition in tables]
    if meets == "all" and not names:
        raise InvalidValue(f"{where}, meets: 'all' needs a claim in this file, with conditions; name them")
    for name in meets if isinstance(meets, list) and claim else []:
        if name not in names:
            raise InvalidValue(
                f"{where}, meets: no condition {short_repr(name)}{did_you_mean(name, sorted(map(str, names)))}"
            )
    return names if meets == "all" else meets


def _with_numbers(entry: CatalogEntry, where: str) -> CatalogEntry:
    """Return a forecast's entry with its words read as numbers, and a day without a time as the end of that day."""
    words, scale, made_at = entry.get("words"), entry.get("scale", ""), entry.get("made_at")
    if isinstance(words, str) and not entry.keys() & {"probability", "low", "high"}:
        imputed = check_field(f"{where}, words", lambda text: impute(text, scale=str(scale)), words)
        entry = entry | {"low": imputed.low, "probability": imputed.point, "high": imputed.high, "words": imputed.words}
    if isinstance(made_at, (date, str)):
        entry = entry | {"made_at": check_field(f"{where}, made_at", read_made_at, made_at)}
    return entry


def _ordered(records: dict[_SortKey, Record], file: str) -> tuple[Record, ...]:
    """Return the records in file order, except that each comes after those it needs.

    Raises InvalidValue for records that refer to each other in a circle.
    """
    needs = {key: _needs(key, records) for key in records}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as circle:
        names = " -> ".join(records[key].name for key in reversed(circle.args[1]))
        raise InvalidValue(f"{file}: these {circle.args[1][0][0]}s refer to each other: {names}") from None
    # A stack with the next record on top: what it still needs goes above it. Without circles this ends.
    done: dict[_SortKey, None] = {}  # a dictionary for its order
    stack = list(reversed(records))
    while stack:
        missing = [need for need in needs[stack[-1]] if need not in done]
        stack += reversed(missing)
        if not missing:
            done[stack.pop()] = None
    return tuple(records[key] for key in done)


def _needs(key: _SortKey, records: Mapping[_SortKey, Record]) -> list[_SortKey]:
    """List the records of this file that must come before one: its revision before, and those it refers to."""
    noun, name, revision = key
    references = {column.name: column.refers_to for column in field_columns(CATALOG_KINDS[noun]) if column.refers_to}
    needs: list[_SortKey] = [(noun, name, revision - 1)]
    for field, other_noun in references.items():
        value = getattr(records[key], field)
        needs += [(other_noun, (slug,), 1) for slug in (value if isinstance(value, tuple) else [value])]
    return [need for need in needs if need in records]


def _first_fault(refused: ValidationError) -> str:
    """Return the end of a message with the first fault: ``, field: fault``, or ``: fault`` about the whole entry."""
    error = refused.errors(include_url=False)[0]
    kind, value, context = error["type"], short_repr(error["input"]), error.get("ctx", {})
    part = next((cls for cls in Part.__subclasses__() if cls.__name__ == context.get("class_name")), Part)
    fields = ", ".join(f"{field} = ..." for field in part.model_fields)
    missing = [
        ".".join(map(str, fault["loc"])) for fault in refused.errors(include_url=False) if fault["type"] == "missing"
    ]
    if kind == "missing" and len(missing) > 1:
        return f": these fields are missing: {', '.join(missing)}"
    message = {
        "value_error": f"{context.get('error')}",
        "missing": "this field is missing",
        "enum": f"{value} is not one of {context.get('expected')}",
        "tuple_type": f"{value} is not a list; write [...]",
        "model_type": f"{value} is not a table; write {{ {fields} }}",
    }.get(kind, f"{value} is refused: {error['msg']}")
    location = " ".join(str(part + 1) if isinstance(part, int) else part for part in error["loc"])
    return f", {location}: {message}" if location else f": {message}"
