"""Nothing but errors of ours comes out of a verb: whatever it is given, and whatever its file holds."""

from __future__ import annotations

import inspect
import math
import shutil
import sqlite3
import warnings
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date, datetime
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pytest
from invented import EVERYTHING, write
from prefixes import prefix_proof
from refusing import check

from predictions import Ledger, LedgerError, LedgerWarning, Tampered
from predictions.errors import short_repr
from predictions.importing import forecasts

LOOP: list[object] = []
LOOP.append(LOOP)
STRANGE: tuple[object, ...] = (
    "", " ", "x" * 100_000, "\0", "\ud800", "a\nb", b"x", 0, -1, 2**70, 10**5000, 1e308, math.nan, math.inf, True,
    object(), [], {}, set(), LOOP, [None], [b"x"], {"a": LOOP}, {1: 2}, datetime(2026, 1, 1), datetime.max, date.max,
    date.min, Path("nowhere"), np.array([1, 2]), np.array("x"), np.array(["rain"]), np.float32(0.5),
    np.datetime64("NaT"), pd.NA, pd.NaT, pd.Timestamp("2026-01-01"), pd.DataFrame({"a": [1]}), Exception, 1j,
    "9" * 5000, "rain", "2026-01-01", {"claim": [1], "probability": LOOP}, "0:" + "a" * 64, "5:" + "ab" * 32, "1e5",
    "２０２６",
)  # fmt: skip
NEEDED: dict[str, object] = {
    "text": "W", "deadline": "2099", "by": "Ben", "claims": "rain", "claim": "rain", "link": "https://e.org/b",
    "title": "T",
    "evidence": "e-org", "bears": "context", "outcome": "yes", "known_on": "2026-01-01", "reason": "r",
    "record": "claim rain", "slug": "rain", "source": [("rain", "bob", "2026-01-02", 0.5)], "path": "out",
    "folder": "out", "what": "rain ana", "file": "out", "a": "ana", "figure": "brier", "earlier": "2026-01-01",
    "to": "out", "other": "other.db", "statement": "rain", "key": "k",
}  # fmt: skip
VERBS = sorted(
    name for name, verb in inspect.getmembers(Ledger, inspect.isfunction) if name[0] != "_" and name != "close"
)


@pytest.mark.parametrize("verb", VERBS)
def test_no_value_whatever_brings_out_another_error(verb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Ledger("seed.db", me="ana") as ledger:
        ledger.add("It rains", deadline="2099-12-31", slug="rain", p=0.3)
        ledger.log_evidence("rain", "https://e.org", "T", slug="e-org")
    parameters = list(inspect.signature(getattr(Ledger, verb)).parameters.values())[1:]
    parameters = [one for one in parameters if one.kind is not one.VAR_POSITIONAL]
    needed = {one.name: NEEDED.get(one.name) for one in parameters if one.default is one.empty and one.kind != 4}
    ledger = Ledger(shutil.copy("seed.db", "l.db"), me="ana")
    for parameter in parameters:
        name = "notes" if parameter.kind == parameter.VAR_KEYWORD else parameter.name
        for value in STRANGE:
            if name == "progress" and callable(value):
                continue  # a function that is given is called
            given = {**needed, name: value}
            where = f"{verb}({name}={short_repr(value)})"
            if check(lambda given=given, ledger=ledger: str(getattr(ledger, verb)(**given)), where):
                ledger.close()
                Path("l.db").unlink()
                for left in map(Path, ("out", "0", "1")):
                    shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
                ledger = Ledger(shutil.copy("seed.db", "l.db"), me="ana")
    assert ledger.verify().ok
    ledger.close()


def forge(path: Path, *statements: str) -> None:
    """Put anything into any column, as a stranger can who lays a table's strictness aside and puts it back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        parts = stranger.execute("select type, name, sql from sqlite_schema where type in ('table', 'trigger')")
        schema = parts.fetchall()
        for kind, name, _ in schema:
            if kind == "trigger":
                stranger.execute(f"drop trigger {name}")
        stranger.execute("pragma ignore_check_constraints = 1")
        loosely = "replace(replace(sql, ') strict, without rowid', ') without rowid'), ') strict', ')')"
        stranger.execute("pragma writable_schema = 1")
        stranger.execute(f"update sqlite_schema set sql = {loosely} where type = 'table'")
        stranger.execute("pragma writable_schema = reset")
        for statement in statements:
            with suppress(sqlite3.IntegrityError):  # a row's own number stays whole, even if it is forged
                stranger.execute(statement)
        stranger.execute("pragma writable_schema = 1")
        for kind, name, sql in schema:
            if kind == "table":
                stranger.execute("update sqlite_schema set sql = ? where name = ?", (sql, name))
        stranger.execute("pragma writable_schema = reset")
        for kind, _, sql in schema:
            if kind == "trigger":
                stranger.execute(sql)


def looks(ledger: Ledger) -> list[Callable[[], object]]:
    """Every verb, as it is used on the invented ledger."""
    claim, out = "captains", ledger._journal.path.with_name
    return [
        lambda: ledger.board(full=True), lambda: ledger.claim(claim), lambda: ledger.claim(claim).tally,
        lambda: ledger.claim(claim).readings, ledger.due, lambda: ledger.due(by="ana", stale=True),
        ledger.history, ledger.scorecard,
        lambda: ledger.scorecard(crowds=True), lambda: ledger.scorecard().compare("ana", "half"),
        lambda: ledger.scorecard(as_of=ledger.head().short).diff(ledger.scorecard()), ledger.head,
        lambda: ledger.prove(3), lambda: ledger.prove("captains n1"),
        lambda: prefix_proof(ledger, ledger._journal.head(2)),
        lambda: ledger.report(out("new")), lambda: ledger.export("calendar", out("new")),
        lambda: ledger.export("sqlite", out("new")), lambda: ledger.export("parquet", out("new")),
        lambda: ledger.export("csv", out("new")), lambda: ledger.export("fatebook", out("new"), by="ana"),
        lambda: ledger.export("forecastbench", out("new")),
        lambda: ledger.backup(out("new")), lambda: ledger.redact(5, to=out("new"), with_references=True),
        lambda: ledger.verify(deep=True), lambda: ledger.board(as_of="2026-01-01"),
        lambda: ledger.forecast(claim, 0.5, again=True), lambda: ledger.resolve(claim, "no", reason="r"),
        lambda: ledger.correct(f"claim {claim}", reason="r", notes="n"), lambda: ledger.add("New", deadline="2099"),
        lambda: ledger.import_forecasts([(claim, "bob", "2026-01-02", 0.5)]),
        lambda: ledger.import_resolutions([(claim, "yes", "2026-01-01")]), lambda: ledger.merge(out("good.db")),
    ]  # fmt: skip


def in_every_form(act: Callable[[], object]) -> None:
    result = act()
    for form in ("__str__", "_repr_html_", "rows", "to_dict"):
        getattr(result, form, str)()


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with every kind of record, imports as records and one in blocks; beside it a copy that went on."""
    path = tmp_path_factory.mktemp("forged") / "seed.db"
    write(path, EVERYTHING)
    start = 1_767_200_000_000_000
    with warnings.catch_warnings(), pytest.MonkeyPatch.context() as patch, Ledger(path, me="ana") as ledger:
        warnings.simplefilter("ignore", LedgerWarning)
        for prefix, most in (("m", 1_000), ("n", 10)):
            patch.setattr(forecasts, "RECORDS_AT_MOST", most)
            rows = [("captains", f"{prefix}{n % 9}", start + n * 10**6, n / 300) for n in range(300)]
            ledger.import_forecasts(rows)
        assert ledger._store.has_blocks()
        ledger.backup(path.with_name("good.db"))
    with Ledger(path.with_name("good.db"), me="ben") as copy:
        copy.add("Other", deadline="2099")
    return path


VALUES = ("'x'", "null", "5", "-1", "9223372036854775807", "1e300", "x'00ff'", "4611686018427387904", "'9999-99-99'")
NAMED = {
    "a claim that is given itself": "update claim set given = entry, supersedes = entry",
    "an import of more than memory holds": "update import set forecasts = 4611686018427387904",
    "a flag that is a word": "update claim set scored = 'yes'",
    "days that are a word": "update claim set settle_days = 'many'",
    "a day that is a word": "update claim set opens_on = 'x'",
    "a fraction that is a word": "update resolution set fraction = 'x'",
    "a salt that is a number": "update seal set salt = 5",
    "a time that is bytes": "update seal set recorded_at = x'00ff'",
    "no seals": "delete from seal",
    "no entries": "delete from entry",
    "no genesis": "delete from genesis",
}


def columns(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as reader:
        tables = reader.execute("select name from sqlite_schema where type = 'table' and sql like '%strict%'")
        found = [
            (table, row[1]) for (table,) in tables.fetchall() for row in reader.execute(f"pragma table_info({table})")
        ]
        full = {table for table, _ in found if reader.execute(f"select count(*) from {table}").fetchone()[0]}
    return [one for one in found if one[0] in full]


def amiss(path: Path, folder: Path, statement: str) -> list[str]:
    """What is wrong with each verb on a forged file, which must be known as forged."""
    forge(Path(shutil.copy(path, folder / "seed.db")), statement)
    found = []
    for place in range(30):
        for old in folder.iterdir():
            if old.name != "seed.db":
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        shutil.copy(path.with_name("good.db"), folder / "good.db")
        shutil.copy(folder / "seed.db", folder / "forged.db")
        try:
            check(lambda place=place: in_use(folder / "forged.db", place), f"{statement}, verb {place}")
        except AssertionError as error:
            found.append(str(error))
    with Ledger(folder / "seed.db", read_only=True) as ledger:
        same = list(ledger._journal.connection.iterdump()) == dump(path)
        assert ledger.verify().ok == same, statement
    return found


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as reader:
        return list(reader.iterdump())


def in_use(path: Path, place: int) -> None:
    with Ledger(path, me="ana", create=False) as ledger:
        in_every_form(looks(ledger)[place])


@pytest.mark.parametrize("forgery", NAMED)
def test_what_no_ledger_can_hold_is_tampering_to_every_verb(forgery: str, everything: Path, tmp_path: Path) -> None:
    assert amiss(everything, tmp_path, NAMED[forgery]) == []


def test_anything_in_any_column_brings_out_no_other_error(everything: Path, tmp_path: Path) -> None:
    random = Random(7)

    for table, column in random.sample(columns(everything), 3):
        assert amiss(everything, tmp_path, f"update or ignore {table} set {column} = {random.choice(VALUES)}") == []


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(20))
def test_anything_in_any_of_many_columns_brings_out_no_other_error(seed: int, everything: Path, tmp_path: Path) -> None:
    random = Random(seed)

    for table, column in random.sample(columns(everything), 20):
        assert amiss(everything, tmp_path, f"update or ignore {table} set {column} = {random.choice(VALUES)}") == []


def test_what_is_forged_is_named_and_the_first_error_kept(everything: Path, tmp_path: Path) -> None:
    forge(Path(shutil.copy(everything, tmp_path / "forged.db")), NAMED["a flag that is a word"])

    with Ledger(tmp_path / "forged.db", read_only=True) as ledger, pytest.raises(Tampered, match="run verify") as told:
        ledger.export("parquet", tmp_path / "new")

    assert not isinstance(told.value.__cause__, LedgerError)


def test_control_without_the_boundary_other_errors_come_out(everything: Path, tmp_path: Path) -> None:
    forge(Path(shutil.copy(everything, tmp_path / "forged.db")), NAMED["a salt that is a number"])

    with Ledger(tmp_path / "forged.db", read_only=True) as ledger:
        inner = inspect.unwrap(type(ledger).prove)
        with pytest.raises(AssertionError, match="TypeError"):
            check(lambda: inner(ledger, 3), "prove")


def test_a_wrong_call_is_pythons_own_error(everything: Path) -> None:
    with Ledger(everything, read_only=True) as ledger:
        for call in (lambda: ledger.board(alll=True), ledger.claim, lambda: ledger.head(1)):
            with pytest.raises(TypeError, match=r"argument"):
                call()
