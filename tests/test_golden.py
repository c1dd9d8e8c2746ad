"""The format holds for ever: fixed records, clock and salts give exactly these bytes, hashes, heads and tables.

A difference here means that old files no longer verify. Only before the first release, or when a kind of record or
a table is added, may the golden file be written anew: ``python tests/test_golden.py``; its change is then reviewed.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from invented import EVERY_KIND, IMPORTED, MERGED, opened, write

from predictions import schema
from predictions.canonical import canonical
from predictions.records import RECORDS
from predictions.store import Store, plain
from predictions.trust.verify import verify

GOLDEN = Path(__file__).parent / "data" / "golden.json"


def observed(folder: Path) -> dict[str, object]:
    """Everything the golden file holds, made anew."""
    path = folder / "golden.db"
    write(path, EVERY_KIND, together=3)
    with opened(path) as (journal, store):
        connection = journal.connection
        head = journal.head()
        seals = connection.execute(
            "select entry, number, recorded_at, first, size_before, hex(root_before), hex(salt), size, hex(root), "
            "hex(frontier) from seal order by entry"
        )
        return {
            "records": {record.noun: canonical(record.noun, plain(record)).decode() for record in _samples()},
            "entries": [
                f"{n} {kind} {leaf.lower()}"
                for n, kind, leaf in connection.execute("select n, kind, hex(leaf) from entry order by n")
            ],
            "seals": [" ".join(str(value).lower() for value in row) for row in seals],
            "head": str(head),
            "checkpoint": head.checkpoint(),
            "application_id": connection.execute("pragma application_id").fetchone()[0],
            "user_version": connection.execute("pragma user_version").fetchone()[0],
            "encoding": connection.execute("pragma encoding").fetchone()[0],
            "words": {table: list(words) for table, words in schema.WORDS.items()},
            "schema": _schema(connection),
            "verified": verify(journal, Store(journal)).ok and bool(store.slugs(RECORDS[0])),
        }


def _samples() -> dict[object, None]:
    """One record of each kind: the first of each among the invented."""
    kinds = {record.noun: record for record in reversed((*EVERY_KIND, IMPORTED, MERGED))}
    return dict.fromkeys(kinds[cls.noun] for cls in RECORDS)


def _schema(connection: sqlite3.Connection) -> dict[str, str]:
    """Each table, trigger, view and index, with the digest of its definition."""
    query = "select type, name, coalesce(sql, '') from sqlite_schema where name not like '%migrations%' order by 1, 2"
    return {f"{kind} {name}": sha256(sql.encode()).hexdigest() for kind, name, sql in connection.execute(query)}


@pytest.fixture(scope="module")
def now(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    return observed(tmp_path_factory.mktemp("golden"))


@pytest.mark.parametrize("part", sorted(json.loads(GOLDEN.read_text(encoding="utf-8"))) if GOLDEN.exists() else [])
def test_every_part_of_the_format_is_as_it_was(part: str, now: dict[str, object]) -> None:
    assert now[part] == json.loads(GOLDEN.read_text(encoding="utf-8"))[part]


def test_the_golden_file_leaves_nothing_out(now: dict[str, object]) -> None:
    assert set(json.loads(GOLDEN.read_text(encoding="utf-8"))) == set(now)
    assert now["verified"] is True
    assert set(now["records"]) == {cls.noun for cls in RECORDS}


@pytest.mark.parametrize(
    "setting",
    [
        {"TZ": "Asia/Kathmandu", "LC_ALL": "C"},
        {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"},
    ],
    ids=lambda setting: setting["TZ"],
)
def test_the_format_is_the_same_in_every_time_zone_and_language(setting: dict[str, str]) -> None:
    command = [sys.executable, str(Path(__file__)), "--head"]

    done = subprocess.run(command, env={**os.environ, **setting}, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == json.loads(GOLDEN.read_text(encoding="utf-8"))["head"]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        found = observed(Path(scratch))
    if "--head" in sys.argv:
        sys.stdout.write(f"{found['head']}\n")
    else:
        GOLDEN.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write(f"wrote {GOLDEN}\n")
