"""The two scripts in docs/, which know nothing of the library, against verify: on a zoo of good and bad files."""

from __future__ import annotations

import ast
import doctest
import importlib.util
import json
import shutil
import sqlite3
import sys
import warnings
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from forged_proofs import FORGERIES, GOOD, NO_SEALS, SEAL, changed, forged
from invented import EVERYTHING, HOSTILE, write
from prefixes import prefix_proof
from verify_scripts import BLOCKS, DOCS, FILES, PROOFS, run

from predictions import Head, Ledger, LedgerError, LedgerWarning, ainews
from predictions.storage.journal import Journal
from predictions.trust.verification_report import Verification


def verdict(path: Path, head: Head | str | None = None) -> Verification | None:
    """What verify finds; None where the file does not even open."""
    with suppress(LedgerError), Ledger(path, create=False) as ledger:
        return ledger.verify(head=head)
    return None


def agree(path: Path, head: Head | str | None = None) -> bool:
    """Whether the file is good, as verify and the script say alike."""
    found, said = verdict(path, head), run(FILES, str(path), *([] if head is None else [str(head)]))
    good = found is not None and found.ok
    assert said.returncode == (0 if good else 1), (said, found)
    assert "Traceback" not in said.stderr
    if found is not None and good:
        assert f"ok: head {found.head}, bodies redacted: {len(found.redacted)}" in said.stdout
    return good


def crowd(who: str, count: int) -> dict[str, list[Any]]:
    start = datetime(2025, 12, 1, tzinfo=UTC)
    return {
        "claim": ["rain", "snow"] * (count // 2), "forecaster": [f"{who}-{n % 50}" for n in range(count)],
        "made_at": [start + timedelta(seconds=n) for n in range(count)],
        "probability": [None if n % 97 == 0 else n % 100 / 100 for n in range(count)],
        "withdrawn": [n % 97 == 0 for n in range(count)],
    }  # fmt: skip


def empty(path: Path) -> None:
    Ledger(path).close()


def everything(path: Path) -> None:
    write(path, EVERYTHING)


def each_alone(path: Path) -> None:
    write(path, EVERYTHING, together=1)


def catalogue(path: Path) -> None:
    with Ledger(path, me="ana") as ledger:
        ledger.register(ainews())


def hostile(path: Path) -> None:
    with Ledger(path, me="ana") as ledger:
        for number, text in enumerate(HOSTILE):
            with suppress(LedgerError), warnings.catch_warnings(action="ignore", category=LedgerWarning):
                ledger.add(f"{text} {number}", deadline="2990", p=10 ** -(number % 13), tags=["a", "b"])


def imported(path: Path) -> None:
    with Ledger(path, me="ana") as ledger:
        ledger.add("It rains in Lisbon", deadline="2990", slug="rain")
        ledger.add("It snows in Lisbon", deadline="2990", slug="snow")
        ledger.import_forecasts(crowd("a", 10_200))
        ledger.import_forecasts(crowd("b", 20))
        ledger.forecast("rain", 0.3)


def of_any_script(path: Path) -> None:
    """Options in four scripts, in records and in blocks."""
    options = ["Ёлка и Ко", "東京 (都)", "حزب العدل", "Łódź"]
    with Ledger(path, me="ana") as ledger:
        ledger.add("Which?", deadline="2990", options=options, p=dict.fromkeys(options, 0.25), slug="which")
        rows = 4 * 10_200
        ledger.import_forecasts({
            "claim": ["which"] * rows, "forecaster": [f"who-{row // 4 % 50}" for row in range(rows)],
            "made_at": [datetime(2025, 12, 1, tzinfo=UTC) + timedelta(seconds=row // 4) for row in range(rows)],
            "option": options * (rows // 4), "probability": [0.1, 0.2, 0.3, 0.4] * (rows // 4),
        })  # fmt: skip


def backed_up(path: Path) -> None:
    imported(path.with_suffix(".first"))
    with Ledger(path.with_suffix(".first")) as ledger:
        ledger.backup(path)


def merged(path: Path) -> None:
    with Ledger(path, me="ana") as here:
        here.add("It rains in Lisbon", deadline="2990", slug="rain")
        here.backup(path.with_suffix(".other"))
        with Ledger(path.with_suffix(".other"), me="ben") as there:
            there.forecast("rain", 0.4)
        here.forecast("rain", 0.3)
        here.merge(path.with_suffix(".other"))


def merged_imports(path: Path) -> None:
    """Two copies that took one dump in different steps, one as blocks, the other first as records."""
    with Ledger(path, me="ana") as here:
        for slug in ("rain", "snow"):
            here.add(f"It is {slug} in Lisbon", deadline="2990", slug=slug)
        here.backup(path.with_suffix(".other"))
        here.import_forecasts(crowd("a", 500))
        with Ledger(path.with_suffix(".other"), me="ben") as there:
            there.import_forecasts(crowd("a", 10_200))
            there.correct("rain a-4", reason="a slip", probability=0.99)
        here.merge(path.with_suffix(".other"))


def redacted(path: Path) -> None:
    everything(path.with_suffix(".whole"))
    with Ledger(path.with_suffix(".whole")) as ledger:
        ledger.redact(["forecaster crowd", 7], to=path, with_references=True)


def redacted_and_gone_on(path: Path) -> None:
    redacted(path.with_suffix(".once"))
    with Ledger(path.with_suffix(".once"), me="ana") as ledger:
        ledger.add("It rains in Lisbon", deadline="2990", p=0.3, slug="rain")
        ledger.redact("rain ana", to=path)


def redacted_import(path: Path) -> None:
    imported(path.with_suffix(".whole"))
    with Ledger(path.with_suffix(".whole")) as ledger:
        ledger.redact("import 1", to=path)


ANIMALS = [
    empty, everything, each_alone, catalogue, hostile, imported, backed_up, merged, redacted, redacted_and_gone_on,
    redacted_import, merged_imports, of_any_script,
]  # fmt: skip


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Path], None]], Path]:
    """A fresh copy of a good file, built once."""
    folder, built = tmp_path_factory.mktemp("zoo"), {}

    def fetch(animal: Callable[[Path], None]) -> Path:
        name = animal.__name__
        if name not in built:
            built[name] = folder / f"{name}.db"
            animal(built[name])
        return Path(shutil.copy(built[name], folder / f"{name}.copy"))

    return fetch


Zoo = Callable[[Callable[[Path], None]], Path]


@pytest.mark.parametrize("animal", ANIMALS, ids=lambda animal: animal.__name__)
def test_good_files_are_good_to_both_with_and_without_a_head(zoo: Zoo, animal: Callable[[Path], None]) -> None:
    path = zoo(animal)
    with Ledger(path, create=False) as ledger:
        heads = [Head(size, root, ledger.head().ledger_id) for size, root in ledger._journal.heads()]

    assert agree(path)
    for head in (heads[0], heads[-1]):
        assert agree(path, head)
    path.with_suffix(".head").write_text(heads[-1].checkpoint())
    assert run(FILES, str(path), str(path.with_suffix(".head"))).returncode == 0


def tampered(path: Path, sql: str) -> None:
    """The file, changed while its triggers were away."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("pragma synchronous = off")
        triggers = connection.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"drop trigger {name}")
        connection.executescript(f"begin; {sql}; commit")
        for name, trigger in triggers:
            if f"without {name}" not in sql:
                connection.execute(trigger)


FIRST, LAST = "where entry = (select min(entry) from {})", "where entry = (select max(entry) from {})"
SECOND = "where number = 2"
BAD = {
    everything: [
        f"update claim set title = 'else' {FIRST.format('claim')}",
        f"update forecast set probability = 0.26 {FIRST.format('forecast')}",
        f"update forecast set made_at = '2026-03-01T00:00:00.000000Z' {FIRST.format('forecast')}",
        "update claim set scored = 2 where scored",
        "update claim set scored = 0 where scored",
        "update evidence set retracted = null",
        f"update evidence set slug = slug || '-x' {FIRST.format('evidence')}",
        "update resolution_because set evidence = (select max(entry) from evidence)",
        "update bearing set why = coalesce(why, '') || '!'",
        "update claim_conditions set position = position + 1 where position = 1",
        "update claim_conditions set text = upper(text)",
        "update claim_tags set tag = 'else' where position = 0",
        "delete from claim_tags where position = 0",
        "delete from forecast_because",
        "insert into claim_tags values (999, 0, 'stray')",
        f"update claim set statement = (select max(entry) from statement) {FIRST.format('claim')}",
        f"update bearing set event = (select max(entry) from event) {FIRST.format('bearing')}",
        f"update source set revision = revision + 1 {LAST.format('source')}",
        "update statement set text = text || ' '",
        "update statement set words = zeroblob(32)",
        "update statement set words = (select words from statement where slug = 'vague')",
        "update event set notes = ''",
        "update source set publisher = null",
        f"delete from event {LAST.format('event')}",
        "delete from entry where n = 9",
        "delete from entry where n = (select max(n) from entry)",
        "update entry set kind = 'event' where kind = 'claim'",
        "update entry set leaf = zeroblob(32) where n = 5",
        "update entry set n = n + 1 where n = (select max(n) from entry)",
        "insert into entry select n + 1, 'event', zeroblob(32) from entry order by n desc limit 1",
        "insert into event values (999, 'stray', 'A stray', '2026', null, null, 1, null)",
        f"update seal set root = zeroblob(32) {SECOND}",
        f"update seal set frontier = zeroblob(length(frontier)) {SECOND}",
        f"update seal set salt = zeroblob(16) {SECOND}",
        f"update seal set salt = null {SECOND}",
        f"update seal set number = number + 1 {LAST.format('seal')}",
        f"update seal set size = size + 1 {SECOND}",
        f"update seal set recorded_at = '2020-01-01T00:00:00.000000Z' {SECOND}",
        f"update seal set first = 0 {SECOND}",
        f"update seal set size_before = 0 {SECOND}",
        f"update seal set root_before = zeroblob(32) {SECOND}",
        f"delete from seal {SECOND}",
        f"delete from seal {LAST.format('seal')}",
        "update genesis set ledger_id = 'else'",
        "update genesis set format = 2",
        "delete from genesis",
        "insert into genesis values (5, 'second', 1)",
        "insert into redacted values (5)",
        "insert into kept_salt values (5, zeroblob(16))",
        "insert into redacted values (999)",
        "select 'without claim_no_update'",
        "create table extra (a)",
        "drop view claims",
        "drop view claims; create view claims as select 1 as slug",
        "create index fast on claim (slug)",
        "update outcome set word = 'maybe' where word = 'yes'",
        "insert into outcome values ('maybe')",
        "create trigger sly after insert on claim begin select 1; end",
        "pragma user_version = 2",
        "pragma user_version = 0",
        "pragma application_id = 1",
        "drop index statement_of_words",
    ],
    imported: [
        *(
            f"update block set content = cast(substr(content, 1, {at}) || x'7f' || substr(content, {at + 2}) as blob) "
            "where position = 1"
            for at in (0, 4, 8, 12, 4000, 9000, 15_000, 21_000)
        ),
        "update block set content = cast(content || x'00' as blob) where position = 0",
        "update block set content = x'' where position = 0",
        "update block set digest = zeroblob(32) where position = 0",
        "update block set forecasts = forecasts - 1 where position = 0",
        "update block set last_claim = first_claim where position = 1",
        "update block set first_claim = last_claim where position = 1",
        "update block set position = 5 where position = 1",
        "update block set position = 1 - position + 10; update block set position = position - 10",
        "delete from block where position = 1",
        "delete from block",
        "insert into block select import, 99, forecasts, first_claim, last_claim, digest, content from block limit 1",
        "insert into block select 999, 0, forecasts, first_claim, last_claim, digest, content from block limit 1",
        "update import_list set claims = cast(substr(claims, 5) || substr(claims, 1, 4) as blob)",
        "update import_list set forecasters = substr(forecasters, 5)",
        "update import_list set forecasters = substr(forecasters, 2)",
        "update import_list set claims = forecasters, forecasters = claims",
        "delete from import_list",
        "insert into import_list values (999, x'', x'')",
        "update import set forecasts = forecasts + 1",
        "update import set blocks = 0 where blocks > 0",
        "update import set number = number + 1 where number = 2",
        "delete from import where number = 2",
        f"update forecast set probability = 0.26 {FIRST.format('forecast')}",
        *(
            f"update {table} set {column} = {value} where rowid = (select min(rowid) from {table})"
            for value in (1 << 40, -(1 << 40), 1 << 62)
            for table, columns in (
                ("import", ("number", "forecasts", "claims", "forecasters", "blocks")),
                ("import_list", ("import",)),
                ("block", ("import", "position", "forecasts", "first_claim", "last_claim")),
            )
            for column in columns
        ),
    ],
    redacted: [
        "delete from redacted",
        "delete from kept_salt",
        "update kept_salt set salt = zeroblob(16)",
        "insert into kept_salt select entry, zeroblob(16) from redacted",
        "update seal set salt = zeroblob(16) where salt is null",
        "insert into redacted select min(n) from entry where kind = 'event'",
        "insert into redacted values (0)",
        "insert into redacted select max(entry) from seal",
        "update source set title = 'else'",
    ],
}
CASES = [
    pytest.param(animal, sql, id=f"{animal.__name__}: {sql[:60]}") for animal, lines in BAD.items() for sql in lines
]


@pytest.mark.parametrize(("animal", "sql"), CASES)
def test_bad_files_are_bad_to_both(zoo: Zoo, animal: Callable[[Path], None], sql: str) -> None:
    path = zoo(animal)
    tampered(path, sql)

    assert not agree(path)


PLANTED = [
    "create index idx__sqlite_migrations_migration_set_name on forecast (abs(probability))",
    "create unique index idx__sqlite_migrations_migration_set_name on forecast (note) where note is not null",
    "create view _sqlite_migrations as select 1",
    "create trigger idx__sqlite_migrations_migration_set_name after insert on entry begin select 1; end",
]


@pytest.mark.parametrize("sql", PLANTED)
def test_what_bears_the_name_of_something_kept_aside_is_looked_at(zoo: Zoo, sql: str) -> None:
    path = zoo(empty)
    gone = "drop table _sqlite_migrations" if "view" in sql else "drop index idx__sqlite_migrations_migration_set_name"

    with closing(sqlite3.connect(path)) as connection:
        connection.execute(gone)
        assert agree(path), "nobody needs it"
        connection.execute(sql)

    assert not agree(path)


def test_the_zoo_is_large_enough() -> None:
    assert len(ANIMALS) + len(CASES) + len(FORGERIES) >= 100


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\x00" + bytes(4080), bytes(10_000)])
def test_what_is_no_ledger_is_none_to_both(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ledger.db").write_bytes(content)

    assert not agree(tmp_path / "ledger.db")
    assert not agree(tmp_path / "missing.db")


def test_another_programs_file_is_no_ledger_to_both(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as connection:
        connection.execute("create table entry (n integer primary key)")

    assert not agree(tmp_path / "ledger.db")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_a_file_cut_short_is_bad_to_both(zoo: Zoo, share: float) -> None:
    path = zoo(everything)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    assert not agree(path)


def test_a_ledger_cut_at_its_end_or_written_anew_is_found_by_both_only_with_a_head(zoo: Zoo) -> None:
    path = zoo(merged)
    with Ledger(path, create=False) as ledger:
        head = ledger.head()
    tables = {"forecast": "entry", "forecaster": "entry", "merge": "entry", "seal": "entry", "entry": "n"}
    size = "select size_before from seal order by entry desc limit 1"
    cuts = [f"delete from main.{table} where {entry} >= (select size from cut)" for table, entry in tables.items()]
    tampered(path, ";".join([f"create temp table cut as select ({size}) as size", *cuts]))
    other = zoo(hostile)

    assert agree(path)
    assert agree(other)
    assert not agree(path, head)
    assert not agree(other, head)
    assert not agree(other, str(head))


def script() -> Any:
    """The script as a module, to try it many times over."""
    spec = importlib.util.spec_from_file_location("verify_ledger", FILES)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def says(module: Any, connection: sqlite3.Connection) -> bool:
    try:
        module.verify(connection)
    except (ValueError, TypeError, LookupError, OverflowError, AttributeError, module.error, sqlite3.Error):
        return False
    return True


COLUMNS = """select m.name, p.name from sqlite_schema m join pragma_table_info(m.name) p
where m.type = 'table' and m.name not like 'sqlite%' and m.name not like '\\_sqlite%' escape '\\' order by 1, 2"""


@pytest.mark.parametrize(
    ("animal", "tables"),
    [(everything, ""), (imported, "import block"), (redacted, "redacted kept_salt seal")],
    ids=["everything", "imported", "redacted"],
)
def test_one_changed_value_in_any_column_is_judged_alike(zoo: Zoo, animal: Callable[[Path], None], tables: str) -> None:
    path, module = zoo(animal), script()
    with closing(sqlite3.connect(path)) as connection:
        columns = [
            (table, column)
            for table, column in connection.execute(COLUMNS)
            if not tables or table.startswith(tuple(tables.split()))
        ]
    judged = [judgement for table, column in columns for judgement in judgements(path, module, table, column)]

    assert [what for what, ours, theirs in judged if ours != theirs] == []
    assert sum(not ours for _, ours, _ in judged) > len(columns)


def judgements(path: Path, module: Any, table: str, column: str) -> Iterator[tuple[str, bool, bool]]:
    """What verify and the script say of a value changed in the first and in the last row of a column."""
    other = (
        f"case typeof({column}) when 'text' then {column} || 'x' when 'blob' then zeroblob(length({column})) "
        f"when 'null' then 'x' else {column} + 1 end"
    )
    for last in ("min", "max"):
        with suppress(LedgerError), Ledger(path, create=False) as ledger, ledger._journal.reading():
            connection = ledger._journal.connection
            (guard,) = connection.execute(
                "select sql from sqlite_schema where name = ?", (f"{table}_no_update",)
            ).fetchone()
            query = "select group_concat(name, ' || '' '' || ') from pragma_table_info(?) where pk"
            (key,) = connection.execute(query, (table,)).fetchone()
            for setting in ("ignore_check_constraints", "defer_foreign_keys"):
                connection.execute(f"pragma {setting} = 1")
            connection.execute(f"drop trigger {table}_no_update")
            connection.execute(
                f"update {table} set {column} = {other} where {key} = (select {last}({key}) from {table})"
            )
            connection.execute(guard)
            yield f"{table}.{column}", ledger.verify().ok, says(module, connection)


def accepts(path: Path, text: str) -> bool:
    """Whether the script for proofs takes a text for a good one."""
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    said = run(PROOFS, str(path))
    assert "Traceback" not in said.stderr
    assert said.returncode in {0, 1}
    return said.returncode == 0


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path = tmp_path_factory.mktemp("proofs") / "ledger.db"
    everything(path)
    with Ledger(path) as ledger:
        yield ledger


def test_every_proof_is_good_to_the_script(proofs: Ledger, tmp_path: Path) -> None:
    for n in range(0, proofs.head().size, 3):
        assert accepts(tmp_path / "proof.json", proofs.prove(n).text)


def test_a_proof_is_held_against_the_head_that_was_given(proofs: Ledger, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_text(proofs.prove(5).text)
    (tmp_path / "head").write_text(proofs.head().checkpoint())
    (tmp_path / "other").write_text(proofs.head()._replace(ledger_id="f" * 32).checkpoint())

    said = [
        run(PROOFS, str(tmp_path / "proof.json"), head).returncode
        for head in (str(proofs.head()), str(tmp_path / "head"), proofs.head().checkpoint(), str(tmp_path / "other"),
                     "9:" + "ab" * 32, "nothing")
    ]  # fmt: skip

    assert said == [0, 0, 0, 1, 1, 1]


def test_of_which_ledger_a_proof_is_only_a_checkpoint_from_elsewhere_says(proofs: Ledger, tmp_path: Path) -> None:
    path, head = tmp_path / "proof.json", proofs.head()
    foreign = f"predictions.invalid/{'f' * 32}"
    path.write_text(proofs.prove(5).text.replace(head.origin, foreign))

    for given in ([], [str(head)]):
        assert run(PROOFS, str(path), *given).stdout.endswith(f"given; of {foreign}, as the proof says\n")
    assert run(PROOFS, str(path), head.checkpoint()).returncode == 1
    path.write_text(proofs.prove(5).text)
    assert run(PROOFS, str(path), head.checkpoint()).stdout.endswith(f"; of {head.origin}, as given\n")


@pytest.mark.parametrize("what", FORGERIES)
def test_a_changed_proof_is_refused_by_the_script(proofs: Ledger, tmp_path: Path, what: str) -> None:
    assert not accepts(tmp_path / "proof.json", changed(proofs.prove(5).text, FORGERIES[what]))


@pytest.mark.parametrize(
    "content",
    [
        GOOD, '{"probability":0.000001,"record":"forecast"}', '{"record":"event","title":"é\u202e漢"}',
        '{"list":[1,true,"a",{"b":0.5}],"record":"event"}', '{"n":-1,"record":"event"}',
        '{"low":1e+21,"record":"claim"}', '{"low":2.5e-7,"record":"claim"}',
    ],
)  # fmt: skip
def test_a_canonical_content_is_taken_by_the_script(tmp_path: Path, content: str) -> None:
    proof = forged([content, SEAL])

    assert proof.fault() is None
    assert accepts(tmp_path / "proof.json", proof.text)


@pytest.mark.parametrize(
    "content",
    [
        GOOD.replace(",", ", "), GOOD.replace("{", "{ "), '{"slug":"a","record":"event"}',
        '{"record":"event","record":"event"}', '{"record":"event","slug":"a","slug":"b"}',
        '{"record":"event","title":null}', '{"record":"event","tags":[],"x":{}}', '{"list":[null],"record":"event"}',
        '{"probability":0.10,"record":"forecast"}', '{"probability":1e-3,"record":"forecast"}',
        '{"probability":NaN,"record":"forecast"}', '{"probability":Infinity,"record":"forecast"}',
        '{"probability":-0,"record":"forecast"}', '{"low":1e21,"record":"claim"}', '{"low":2.5e-07,"record":"claim"}',
        '{"low":100000000000000000000,"record":"claim"}', '{"low":9007199254740992,"record":"claim"}',
        '{"low":1.0,"record":"claim"}', '{"n":1e999,"record":"x"}', '{"n":' + "9" * 5_000 + ',"record":"x"}',
        '{"record":"event","title":"\\u0041"}', '{"record":1}', '{"slug":"a"}', "[]", "1", "", "{", '"record"',
        "[" * 100_000, '{"record":' * 1_000,
    ],
)  # fmt: skip
def test_a_content_that_can_be_read_in_two_ways_is_refused_by_the_script(tmp_path: Path, content: str) -> None:
    assert not accepts(tmp_path / "proof.json", forged([content, SEAL]).text)


@pytest.mark.parametrize("seal", [*NO_SEALS, SEAL.replace(",", ", ")])
def test_what_is_no_seal_is_refused_by_the_script(tmp_path: Path, seal: str) -> None:
    assert not accepts(tmp_path / "proof.json", forged([GOOD, seal]).text)


@pytest.mark.parametrize("text", ["", "[]", "null", "{}", '{"format": []}', "{" * 100_000, "\ufeff{}"])
def test_what_is_no_proof_is_refused_by_the_script(tmp_path: Path, text: str) -> None:
    assert not accepts(tmp_path / "proof.json", text)


def test_every_step_from_head_to_head_is_checked_by_the_script_too(proofs: Ledger, tmp_path: Path) -> None:
    path, now = tmp_path / "step.json", proofs.head()
    for size, root in proofs._journal.heads():
        text = prefix_proof(proofs, Head(size, root, now.ledger_id)).text
        path.write_text(text)
        assert run(PROOFS, str(path), str(now)).returncode == 0
        said = json.loads(text)
        shorter = said["path"][:-1] if said["path"] else ["ab" * 32]
        for spoilt in (
            {**said, "path": shorter},
            {**said, "path": [*said["path"], "ab" * 32]},
            {**said, "path": {}},
            {**said, "old": Head(size, bytes(32), now.ledger_id).checkpoint()},
            {**said, "old": said["new"], "path": ["ab" * 32]},
            {**said, "new": now._replace(ledger_id="f" * 32).checkpoint()},
        ):
            path.write_text(json.dumps(spoilt))
            assert run(PROOFS, str(path)).returncode == 1


def spoilt(content: str, change: Callable[[bytes], bytes]) -> str:
    return b64encode(change(b64decode(content))).decode()


SPOILT = {
    "another cell": lambda said: said | {"content": spoilt(said["content"], lambda block: bytes(24) + block[24:])},
    "another header": lambda said: said | {"content": spoilt(said["content"], lambda block: b"\2" + block[1:])},
    "a cell cut": lambda said: said | {"content": spoilt(said["content"], lambda block: block[:-1])},
    "loose base64": lambda said: said | {"content": said["content"][:40] + "\n" + said["content"][40:]},
    "the lists swapped": lambda said: said | {"claims": said["forecasters"], "forecasters": said["claims"]},
    "a name more": lambda said: said | {"claims": [*said["claims"], "zebra"]},
    "another claim": lambda said: said | {"claim": "nothing"},
    "one who said nothing": lambda said: said | {"forecaster": "silent"},
    "another block": lambda said: said | {"block": said["block"] ^ 1},
    "no block's number": lambda said: said | {"block": True},
    "no path": lambda said: said | {"path": []},
    "another record": lambda said: said | {"import": said["import"] | {"record": said["import"]["seal"]}},
    "another format": lambda said: said | {"format": "prediction-ledger-block-proof/2"},
    "one part less": lambda said: {key: value for key, value in said.items() if key != "path"},
    "one part more": lambda said: said | {"note": ""},
    "a head of another": lambda said: said | {"import": said["import"] | {"checkpoint": "x\n1\ny\n"}},
}


@pytest.fixture(scope="module")
def block_proof(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Head]:
    with warnings.catch_warnings(), Ledger(tmp_path_factory.mktemp("block") / "ledger.db", me="ana") as ledger:
        warnings.simplefilter("ignore", LedgerWarning)
        for slug in ("rain", "snow"):
            ledger.add(f"A day of {slug}", deadline="2026-12-31", opens_on="2025-12-01", slug=slug)
        ledger.import_forecasts(crowd("model", 12_000))
        return ledger.prove("snow model-7").text, ledger.head()


def test_the_proof_of_an_imported_forecast_is_good_to_its_script(block_proof: tuple[str, Head], tmp_path: Path) -> None:
    text, head = block_proof
    (tmp_path / "proof.json").write_text(text)

    said = run(BLOCKS, str(tmp_path / "proof.json"), str(head))

    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("ok: model-7 on snow: 0.")
    assert f"head {head}, as given; of {head.origin}, as the proof says" in said.stdout
    assert run(BLOCKS, str(tmp_path / "proof.json"), "9:" + "ab" * 32).returncode == 1
    assert run(PROOFS, str(tmp_path / "proof.json")).returncode == 1, "a proof of another kind"


@pytest.mark.parametrize("what", SPOILT)
def test_a_changed_proof_of_a_block_is_bad_to_its_script(
    block_proof: tuple[str, Head], tmp_path: Path, what: str
) -> None:
    (tmp_path / "proof.json").write_text(json.dumps(SPOILT[what](json.loads(block_proof[0]))))

    said = run(BLOCKS, str(tmp_path / "proof.json"))

    assert said.returncode == 1
    assert said.stderr.startswith("not ok: ")


def test_a_key_twice_is_read_by_no_script(block_proof: tuple[str, Head], proofs: Ledger, tmp_path: Path) -> None:
    """Other readers take the first: a proof would say one thing to them, and another here."""
    path = tmp_path / "proof.json"
    for script, text, key in ((BLOCKS, block_proof[0], '"claim":'), (PROOFS, proofs.prove(5).text, '"checkpoint":')):
        path.write_text(text)
        assert run(script, str(path)).returncode == 0, "the control"
        path.write_text(text.replace(key, f'{key} "else", {key}', 1))
        assert "a key is there twice" in run(script, str(path)).stderr


@pytest.mark.parametrize(
    "loosened",
    [
        lambda head: f"+{head}",
        lambda head: f" {head}",
        lambda head: f"{head.size}:{head.root.hex().upper()}",
        lambda head: f"{head.size:06}:{head.root.hex()}",
        lambda head: head.checkpoint().replace("\n", "\n0", 1),
        lambda head: head.checkpoint().replace("=", ""),
        lambda head: head.checkpoint().replace("=", "=="),
    ],
)
def test_a_head_is_read_in_one_spelling_only(zoo: Zoo, loosened: Callable[[Head], str]) -> None:
    path = zoo(empty)
    with Ledger(path, create=False) as ledger:
        head = ledger.head()

    assert run(FILES, str(path), str(head)).returncode == 0, "the control"
    assert run(FILES, str(path), loosened(head)).returncode == 1


@pytest.mark.parametrize(("path", "most"), [(PROOFS, 135), (FILES, 280), (BLOCKS, 85)])
def test_the_scripts_are_short_and_use_the_standard_library_only(path: Path, most: int) -> None:
    text = path.read_text("utf-8")
    imported_names = {
        (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else alias.name.split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }

    assert imported_names <= sys.stdlib_module_names | {PROOFS.stem}
    assert len(text.splitlines()) <= most


def test_the_examples_of_the_format_run() -> None:
    results = doctest.testfile(str(DOCS / "format.md"), module_relative=False)

    assert (results.failed, results.attempted >= 5) == (0, True)


def test_the_smallest_ledger_of_the_format_is_the_one_that_is_made(tmp_path: Path) -> None:
    nine = datetime(2026, 1, 1, 9, tzinfo=UTC)
    journal = Journal(tmp_path / "ledger.db", create=True, clock=lambda: nine, salts=lambda: bytes(range(16)))
    head = journal.head()
    journal.close()

    text = (DOCS / "format.md").read_text("utf-8")
    assert f"'{head.root.hex()}'" in text
    assert all(f"    {line}\n" in text for line in head.checkpoint().splitlines())


def test_the_digest_of_the_schema_is_the_one_that_is_documented(zoo: Zoo) -> None:
    with closing(sqlite3.connect(zoo(empty))) as connection:
        found = script().schema_digest(connection)

    for path in (DOCS / "format.md", FILES):
        assert found in path.read_text("utf-8"), f"write {found} into {path.name}: the schema was changed"
