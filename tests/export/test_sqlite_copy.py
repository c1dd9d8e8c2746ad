"""The flat copy in SQLite: the same facts by name, blocks as rows, whole or absent."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from invented import EVERYTHING, write
from tampering import tamper

from predictions import InvalidValue, Ledger, Tampered
from predictions.cli import cli
from predictions.importing.forecasts import RECORDS_AT_MOST
from predictions.records import Claim, Forecast, Forecaster, Resolution

MANY = RECORDS_AT_MOST + 200


def copied(ledger: Ledger, path: Path, **said: object) -> dict[str, list[dict[str, object]]]:
    """Every table of the copy, as rows."""
    ledger.export("sqlite", path, **said)
    with closing(sqlite3.connect(path)) as copy:
        copy.row_factory = sqlite3.Row
        assert copy.execute("pragma foreign_key_check").fetchall() == []
        assert copy.execute("pragma integrity_check").fetchone()[0] == "ok"
        names = [name for (name,) in copy.execute("select name from sqlite_schema where type = 'table'")]
        return {name: [dict(row) for row in copy.execute(f"select * from {name}")] for name in names}


def meta(tables: dict[str, list[dict[str, object]]]) -> dict[str, str]:
    return {str(row["key"]): str(row["value"]) for row in tables["meta"]}


def dump(count: int) -> dict[str, list[object]]:
    start = datetime(2025, 12, 1, tzinfo=UTC)
    return {
        "claim": ["rain", "snow"] * (count // 2), "forecaster": [f"model-{n % 50}" for n in range(count)],
        "made_at": [start + timedelta(seconds=n) for n in range(count)],
        "probability": [None if n % 97 == 0 else n % 100 / 100 for n in range(count)],
        "withdrawn": [n % 97 == 0 for n in range(count)],
    }  # fmt: skip


@pytest.fixture
def weather(ledger: Ledger) -> Ledger:
    for slug in ("rain", "snow"):
        ledger.add(f"A day of {slug}", deadline="2026-12-31", opens_on="2025-12-01", slug=slug)
    return ledger


def test_everything_recorded_stands_in_the_copy(tmp_path: Path) -> None:
    write(tmp_path / "ledger.db", EVERYTHING)
    with Ledger(tmp_path / "ledger.db") as ledger:
        tables = copied(ledger, tmp_path / "copy.db", today="2100-01-01")
        revisions = {cls: list(ledger._store.rows(cls)) for cls in (Claim, Forecaster, Forecast, Resolution)}

    assert set(tables) == {"claims", "forecasters", "forecasts", "resolutions", "meta"}
    for cls, table in ((Claim, "claims"), (Forecaster, "forecasters")):
        latest = {row.fields["slug"]: row for row in revisions[cls]}
        assert {row["slug"]: row["entry"] for row in tables[table]} == {slug: row.entry for slug, row in latest.items()}
    for cls, table in ((Forecast, "forecasts"), (Resolution, "resolutions")):
        assert [row["entry"] for row in tables[table]] == [row.entry for row in revisions[cls]]
    rows = {cls.noun: {row.entry: row.fields for row in found} for cls, found in revisions.items()}
    for table in ("claims", "forecasters", "forecasts", "resolutions"):
        for row in tables[table]:
            fields = rows[table.removesuffix("s")][row.pop("entry")]
            assert row.pop("recorded_at") >= "2026"
            said = {name: value for name, value in row.items() if value is not None}
            assert said == {
                name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
                for name, value in fields.items()
            }


def test_forecasts_in_blocks_are_rows_like_the_others(weather: Ledger, tmp_path: Path) -> None:
    weather.import_forecasts(dump(MANY))
    weather.forecast("rain", 0.3)
    assert weather._store.in_blocks(weather.head().size) == MANY

    tables = copied(weather, tmp_path / "copy.db")

    assert len(tables["forecasts"]) == MANY + 1
    given = dump(MANY)
    moments = [moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for moment in given["made_at"]]
    asked = Counter(zip(given["claim"], given["forecaster"], moments, given["probability"], strict=True))
    found = Counter(
        (row["claim"], row["forecaster"], row["made_at"], row["probability"])
        for row in tables["forecasts"]
        if row["forecaster"] != "ana"
    )
    assert found == asked
    assert all((row["withdrawn"] == 1) == (row["probability"] is None) for row in tables["forecasts"])
    of_import = {row["entry"] for row in tables["forecasts"]} - {tables["forecasts"][0]["entry"]}
    assert len(of_import) == 1, "each row says under which entry it stands"
    assert {row["revision"] for row in tables["forecasts"]} == {1}
    assert all(row["recorded_by"] == "ana" and row["recorded_at"] for row in tables["forecasts"])


def test_a_small_import_reads_as_a_large_one(weather: Ledger, tmp_path: Path) -> None:
    """The same dump in two steps: first as records, then, beside many others, as blocks."""
    first = {name: values[:100] for name, values in dump(MANY).items()}
    weather.import_forecasts(first)
    few = copied(weather, tmp_path / "few.db")["forecasts"]
    weather.import_forecasts(dump(MANY + 200))
    many = copied(weather, tmp_path / "many.db")["forecasts"]

    def key(row: dict[str, object]) -> tuple[object, ...]:
        return row["claim"], row["forecaster"], row["made_at"], row["probability"], row["withdrawn"], row["revision"]

    assert len(few) == 100
    assert len({key(row) for row in many}) == len(many) == MANY + 200
    assert {key(row) for row in few} <= {key(row) for row in many}


def test_the_copy_says_of_which_head_and_day_it_is_and_holds_no_more(weather: Ledger, tmp_path: Path) -> None:
    weather.forecast("rain", 0.3)
    head = weather.head()
    weather.forecast("rain", 0.4, again=True)
    weather.import_forecasts(dump(MANY))

    before = copied(weather, tmp_path / "before.db", as_of=head)
    early = copied(weather, tmp_path / "early.db", today="2025-12-01")

    assert [row["probability"] for row in before["forecasts"]] == [0.3]
    assert meta(before)["head"] == str(head)
    assert meta(before)["ledger"] == head.ledger_id
    assert meta(early)["today"] == "2025-12-01"
    assert max(str(row["made_at"]) for row in early["forecasts"]) < "2025-12-02"
    assert early["forecasts"], "the control: those of that day are there"


def test_a_redacted_ledgers_copy_says_what_is_missing(weather: Ledger, tmp_path: Path) -> None:
    weather.forecast("rain", 0.3)
    weather.forecast("snow", 0.4)
    weather.redact("rain ana", to=tmp_path / "redacted.db")

    whole = copied(weather, tmp_path / "whole.copy")
    with Ledger(tmp_path / "redacted.db") as ledger:
        part = copied(ledger, tmp_path / "part.copy")

    assert meta(whole)["redacted"] == "0"
    assert meta(part)["redacted"] == "1"
    gone = json.loads(meta(part)["redacted_records"])
    assert [one["kind"] for one in gone] == ["forecast"]
    assert len(part["forecasts"]) == len(whole["forecasts"]) - 1


def test_a_name_that_is_taken_is_refused(weather: Ledger, tmp_path: Path) -> None:
    weather.import_forecasts(dump(MANY))
    (tmp_path / "taken.db").write_text("mine")
    with pytest.raises(InvalidValue, match="is there already"):
        weather.export("sqlite", tmp_path / "taken.db")
    with pytest.raises(InvalidValue, match="is there already"):
        weather.export("sqlite", tmp_path / "ledger.db")

    assert (tmp_path / "taken.db").read_text() == "mine"


@pytest.mark.parametrize(
    "change",
    [
        "update block set content = zeroblob(length(content))",
        "update block set content = cast(substr(content, 1, 100) as blob)",
        "update import_list set claims = zeroblob(length(claims))",
        "update import_list set forecasters = x'00'",
        "delete from import_list",
        "update forecaster set revision = 2",
    ],
)
def test_a_ledger_that_was_changed_by_hand_is_not_copied_and_nothing_is_left(
    weather: Ledger, tmp_path: Path, change: str
) -> None:
    weather.import_forecasts(dump(MANY))
    weather.close()
    tamper(tmp_path / "ledger.db", change)

    with Ledger(tmp_path / "ledger.db") as ledger, pytest.raises(Tampered, match="run verify"):
        ledger.export("sqlite", tmp_path / "copy.db")

    assert {path.name for path in tmp_path.iterdir()} == {"ledger.db"}


def test_a_full_disk_is_said_of_the_copy(weather: Ledger, tmp_path: Path) -> None:
    weather.import_forecasts(dump(MANY))
    script = f"""
import resource, signal
from predictions import Ledger, StorageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Ledger({str(tmp_path / "ledger.db")!r}) as ledger:
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    try:
        ledger.export("sqlite", {str(tmp_path / "copy.db")!r})
    except StorageError as error:
        print(error)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert "copy.db" in said
    assert {path.name for path in tmp_path.iterdir()} == {"ledger.db"}


def test_it_can_be_typed(weather: Ledger, tmp_path: Path) -> None:
    weather.close()

    typed = ["--ledger", str(tmp_path / "ledger.db"), "export", "sqlite", str(tmp_path / "copy.db")]
    done = CliRunner().invoke(cli, typed)

    assert done.exit_code == 0, done.output
    assert " ".join(done.output.split()).startswith(f"wrote {tmp_path / 'copy.db'}")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert [row[0] for row in copy.execute("select slug from claims order by slug")] == ["rain", "snow"]
        found = copy.execute("explain query plan select * from forecasts where claim = 'rain'").fetchone()[-1]
        assert "INDEX" in found
