"""The typed tables of one open ledger: records are put into their rows, and looked up.

A field that names another record is kept as the entry under which that record began.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from predictions.enums import ClaimType
from predictions.errors import NotFound, Tampered, short_repr
from predictions.records import RECORDS, Bearing, Claim, Event, Evidence, Forecast, Record, Resolution
from predictions.slugs import same_words, words_digest
from predictions.snapshot import Recorded
from predictions.storage.canonical import Plain
from predictions.storage.journal import Journal, Writing
from predictions.storage.layout import Fields, Key, Row, class_of, columns, inserts, key_of, plain, rows_of
from predictions.storage.rows import Rows, StoredRow, changed, record_of
from predictions.storage.seals import Seal
from predictions.timestamps import parse_moment_text

AT_ONCE = 200  # keys looked up, or records put, by one statement
_UNSAID = Claim.model_construct()  # what is not looked up stands as if it were left out
_DECIDING = ("slug", "revision", "type", "opens_on", "deadline", "settle_days", "given")
_TERMS = f"""select c.entry, {", ".join(f"c.{name}" for name in _DECIDING[:-1])}, given.slug
from main.claim c left join main.claim given on given.entry = c.given
where c.{{}} and c.type <> 'events' order by c.entry"""
_PARTS = """select c.entry, part.slug from main.claim c join main.claim_parts p on p.claim = c.entry
join main.claim part on part.entry = p.part where c.{} order by c.entry, p.position"""
_BEARS = "slug in (select o.slug from main.{0} o join main.bearing b on o.entry = b.{0} where b.claim in ({1}))"
TREES = "slug in (select slug from main.claim where entry in (select claim from main.claim_parts where part in ({})))"
AnyRecord = TypeVar("AnyRecord", bound=Record)
Given = TypeVar("Given")


class Store(Rows):
    """The rows of one open ledger, to be read and put."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal.connection)
        self._journal = journal
        self.connection = journal.connection

    def put(self, writing: Writing, record: Record) -> int:
        """Enter the record and write its rows, inside an open transaction; its entry's number comes back."""
        (entry,) = self.put_all(writing, [record])
        return entry

    def put_all(self, writing: Writing, records: Iterable[Record | tuple[type[Record], Fields]]) -> range:
        """Enter records one after the other, each built or as a class with its fields; their entries come back.

        Raises NotFound where one names a record that is neither on file nor among those before it.
        """
        first, began, waiting = writing.last + 1, partial(self._began, writing), iter(records)
        while some := [(type(one), plain(one)) if isinstance(one, Record) else one for one in islice(waiting, AT_ONCE)]:
            rows: dict[str, list[Row]] = {}
            try:
                for entry, (cls, fields) in enumerate(some, writing.last + 1):
                    for statement, row in rows_of(cls, entry, fields, began):
                        rows.setdefault(statement, []).append(row)
                    if "slug" in fields and fields["revision"] == 1:
                        writing.beginnings[cls.noun, str(fields["slug"])] = entry
            except NotFound:
                writing.beginnings.clear()
                raise
            writing.append_all([(cls.noun, fields) for cls, fields in some])
            for statement in filter(rows.__contains__, inserts()):
                self._connection.executemany(statement, rows[statement])
        return range(first, writing.last + 1)

    def _began(self, writing: Writing, noun: str, slug: str) -> int:
        """The entry under which the record of that slug began, looked up once in a transaction; else NotFound."""
        entry = writing.beginnings.get((noun, slug))
        if entry is None:
            entry = writing.beginnings[noun, slug] = self.first_entry(noun, slug)
        return entry

    def find(self, noun: str, slug: str) -> int | None:
        """The entry under which the record of that slug began; None where there is none."""
        entry: int | None = self._first(f"select entry from main.{noun} where slug = ? and revision = 1", slug)
        return entry

    def first_entry(self, noun: str, slug: str) -> int:
        """The entry under which the record of that slug began; NotFound where there is none."""
        entry = self.find(noun, slug)
        if entry is None:
            raise NotFound(f"no {noun} {slug!r} in this ledger")
        return entry

    def _first(self, query: str, *values: Plain) -> Any:
        """The first value that a query finds, or None."""
        row = self._connection.execute(query, values).fetchone()
        return row[0] if row else None

    def slugs(self, cls: type[Record], size: int = 2**62) -> list[str]:
        """Every slug of that kind of record among the first *size* entries, in ledger order."""
        query = f"select slug from main.{cls.noun} where revision = 1 and entry < ? order by entry"
        return [slug for (slug,) in self._connection.execute(query, (size,)).fetchall()]

    def revisions(self, cls: type[AnyRecord], **key: str | float | None) -> list[AnyRecord]:
        """What was recorded under a key or part of one, oldest first."""
        return [record_of(cls, row) for row in self.entered(cls, **key)]

    def entered(self, cls: type[Record], **key: str | float | None) -> list[StoredRow]:
        """The rows of what was recorded under a key or part of one, oldest first."""
        tests, values = [], []
        for name, value in key.items():
            refers_to = next(column.refers_to for column in columns(cls) if column.name == name)
            tests.append(f"{name} is ?")
            values.append(self.first_entry(refers_to, str(value)) if refers_to else value)
        return self.some(cls, " and ".join(tests), values)

    def under(self, cls: type[Record], keys: Iterable[Key]) -> dict[Key, list[StoredRow]]:
        """What was recorded under some keys, oldest first; a key that names a record not on file has nothing."""
        named = {column.name: column.refers_to for column in columns(cls)}
        of = "(select entry from main.{} where slug = ? and revision = 1)"
        tests = [f"{name} = {of.format(named[name]) if named[name] else '?'}" for name in cls.key]
        query = f"select entry from main.{cls.noun} where {' and '.join(tests)}"
        entries = [entry for key in keys for (entry,) in self._connection.execute(query, key)]
        found: dict[Key, list[StoredRow]] = {}
        for numbers in batches(sorted(entries)):
            for row in self.some(cls, f"entry in ({marks(numbers)})", numbers):
                found.setdefault(key_of(cls, row.fields), []).append(row)
        return found

    def content(self, entry: int) -> tuple[str, dict[str, Plain] | None]:
        """The kind of the record under an entry, and its fields as they are hashed; None where they were redacted."""
        kind = self._first("select kind from main.entry where n = ?", entry) if 0 <= entry < 2**62 else None
        if kind is None:
            raise NotFound(f"no entry {short_repr(entry)} in this ledger")
        if kind == "seal":
            return kind, self._journal.seal_over(entry).fields()
        if kind == "genesis":
            return kind, self._journal.genesis()
        cls = class_of(kind)
        rows = list(self.some(cls, "entry = ?", (entry,))) if cls else []
        return kind, rows[0].fields if rows else None

    def readings(self, statement: str) -> list[str]:
        """The slugs of the claims that are read out of a statement."""
        query = "select distinct slug from main.claim where statement = ?"
        return [slug for (slug,) in self._connection.execute(query, (self.first_entry("statement", statement),))]

    def standing(self, cls: type[AnyRecord]) -> list[AnyRecord]:
        """The latest revision of every record of one kind, in the order they began."""
        return list({key_of(cls, row.fields): record_of(cls, row) for row in self.rows(cls)}.values())

    def seal_over(self, entry: int) -> Seal:
        """The seal over an entry; NotFound where there is none yet."""
        return self._journal.seal_over(entry)

    def trees_over(self, began: int) -> list[Claim]:
        """The trees that have, or had, the claim that began there among their parts, as they stand."""
        trees = {row.fields["slug"]: row for row in self.some(Claim, TREES.format("?"), (began,))}
        return [record_of(Claim, row) for row in trees.values()]

    def slug_of_link(self, link: str) -> str | None:
        """The slug of the evidence recorded under that very link, if any."""
        slug: str | None = self._first("select slug from main.evidence where link = ? limit 1", link)
        return slug

    def claims_worded(self, wording: str) -> Iterator[Claim]:
        """The claims of these words, in ledger order: readings of a statement of these words, or superseding ones."""
        query = """select entry, slug, wording from main.claim indexed by claim_superseding where supersedes is not null
        union select c.entry, c.slug, wording from main.statement s
        join main.statement first on first.slug = s.slug and first.revision = 1
        join main.claim c on c.statement = first.entry where s.words = ? order by 1"""
        rows = self._connection.execute(query, (words_digest(wording),))
        for slug in dict.fromkeys(slug for _, slug, words in rows if same_words(words, wording)):
            yield self.revisions(Claim, slug=slug)[-1]

    def statement_of(self, claim: str) -> str | None:
        """The statement that a claim is a reading of; None where there is no such claim."""
        query = """select s.slug from main.claim c join main.statement s on s.entry = c.statement
        where c.slug = ? order by c.entry desc limit 1"""
        slug: str | None = self._first(query, claim)
        return slug

    def scored_claim(self, statement: str) -> str | None:
        """The scored reading of a statement, the last where one superseded another."""
        query = """select c.slug from main.statement s join main.claim c on c.statement = s.entry
        where s.slug = ? and s.revision = 1 and c.scored = 1 and not exists
        (select 1 from main.claim later where later.slug = c.slug and later.revision > c.revision)
        order by (select entry from main.claim first where first.slug = c.slug and first.revision = 1) desc limit 1"""
        slug: str | None = self._first(query, statement)
        return slug

    def titles(self, cls: type[Record]) -> dict[str, str]:
        """The titles that stand of one kind of record, by slug, in the order they began."""
        query = f"select slug, title from main.{cls.noun} order by entry"
        return dict(self._connection.execute(query).fetchall())

    def said(self, claim: str, forecaster: str, *, last: bool) -> Forecast | None:
        """The earliest forecast of a series, as it was first recorded; or the *last*, as it stands."""
        order = "made_at desc, revision desc" if last else "made_at, revision"
        test = (
            "entry = (select entry from main.forecast where claim = ? and forecaster = ? "
            f"order by {order} limit 1)"  # by the index of the key
        )
        series = self.first_entry("claim", claim), self.first_entry("forecaster", forecaster)
        return next((record_of(Forecast, row) for row in self.some(Forecast, test, series)), None)

    def may_be_late_from(self, claim: str) -> str:
        """The first day a forecast of which may not count: the window's last, that of closing, or of an answer."""
        query = """select min(deadline, coalesce(date(closes_at), deadline), coalesce((
            select min(known_on) from main.resolution where claim = ? and dissent is not 1
        ), deadline)) from main.claim where slug = ? order by revision desc limit 1"""
        return str(self._first(query, self.first_entry("claim", claim), claim))

    def has_blocks(self) -> bool:
        """Whether any import stands in blocks."""
        return self._first("select 1 from main.block limit 1") is not None

    def said_in_blocks(self, series: Collection[tuple[str, str]]) -> list[Forecast]:
        """What blocks hold of some series, pairs of claim and forecaster, in the order of time."""
        if not series or not self.has_blocks():
            return []
        from predictions.storage.imports import Imports

        return Imports(self._connection).series(series)

    def imported(self, size: int) -> int:
        """How many forecasts the imports of the first *size* entries brought."""
        return int(self._first("select coalesce(sum(forecasts), 0) from main.import where entry < ?", size))

    def in_blocks(self, size: int) -> int:
        """How many forecasts stand in the blocks of the first *size* entries, and so are no records."""
        return int(self._first("select coalesce(sum(forecasts), 0) from main.block where import < ?", size))

    def recorded(self, size: int, kinds: Sequence[type[Record]] = RECORDS) -> Iterator[Recorded[Record]]:
        """Every record of the first *size* entries, with when the ledger learned it, one kind after the other."""
        seals = self._connection.execute("select entry, recorded_at from main.seal order by entry").fetchall()
        ends = [entry for entry, _ in seals]
        moments = [parse_moment_text(text) for _, text in seals]
        for cls in kinds:
            for row in self.rows(cls, before=size):
                yield Recorded(record_of(cls, row), row.entry, moments[bisect_left(ends, row.entry)])

    def deciding(self, claims: Iterable[str], moment: datetime) -> Iterator[Recorded[Record]]:
        """What decides how claims may be resolved: they, their parts, what these are given, verdicts, evidence.

        Beside them the trees that they are a part of, without their verdicts; of a claim that no events decide no more
        than decides. When the ledger learned of it decides nothing, and some may not be sealed yet: all stand as of
        that *moment*.
        """
        asked, done, beginnings = set(claims), set[str](), dict[str, int]()
        waiting = asked
        while waiting:
            done |= waiting
            found = list(self._terms("slug in ({})", sorted(waiting)))
            yield from (Recorded(claim, entry, moment) for entry, claim in found)
            beginnings.update((claim.slug, entry) for entry, claim in found if claim.revision == 1)
            waiting = {name for _, claim in found for name in (*claim.parts, claim.given) if name} - done
        for some in batches(list(beginnings.values())):
            these = marks(some)
            kinds: dict[type[Record], str] = {
                Resolution: f"claim in ({these})", Bearing: f"claim in ({these})",
                Evidence: _BEARS.format("evidence", these), Event: _BEARS.format("event", these),
            }  # fmt: skip
            for cls, where in kinds.items():
                for row in self.some(cls, where, some):
                    yield Recorded(record_of(cls, row), row.entry, moment)
        trees = dict(self._terms(TREES, [beginnings[slug] for slug in asked if slug in beginnings]))
        yield from (Recorded(tree, entry, moment) for entry, tree in trees.items() if tree.slug not in done)

    def _terms(self, where: str, values: Sequence[Plain]) -> Iterator[tuple[int, Claim]]:
        """The terms of claims, each after its entry, without the checks they passed when entered; of events, all."""
        for some in batches(values):
            which = where.format(marks(some))
            for row in self.some(Claim, f"{which} and type = 'events'", some):
                yield row.entry, record_of(Claim, row)
            parts: dict[int, list[str]] = {}
            for entry, part in self._connection.execute(_PARTS.format(which), some):
                parts.setdefault(entry, []).append(part)
            for entry, *terms in self._connection.execute(_TERMS.format(which), some).fetchall():
                said: dict[str, Any] = dict(zip(_DECIDING, terms, strict=True))
                try:
                    said["type"] = ClaimType(said["type"])
                    said |= {name: date.fromisoformat(said[name]) for name in ("opens_on", "deadline")}
                except (TypeError, ValueError):
                    raise Tampered(changed(entry, Claim)) from None
                yield entry, _with_terms({**said, "parts": tuple(parts.get(entry, ()))})


def _with_terms(terms: Mapping[str, Any]) -> Claim:
    """A claim of some terms, which were checked when it was entered; the rest stands as if it were left out.

    What pydantic has for this goes over every field, and takes a tenth of the time of an import of verdicts.
    """
    claim = Claim.__new__(Claim)
    object.__setattr__(claim, "__dict__", {**vars(_UNSAID), **terms})
    for name in ("__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        object.__setattr__(claim, name, getattr(_UNSAID, name))
    return claim


def marks(values: Sequence[object]) -> str:
    """The SQL that stands for some values."""
    return ", ".join("?" * len(values))


def batches(values: Sequence[Given]) -> Iterator[list[Given]]:
    """The values, as many at a time as one statement looks up."""
    for start in range(0, len(values), AT_ONCE):
        yield list(values[start : start + AT_ONCE])
