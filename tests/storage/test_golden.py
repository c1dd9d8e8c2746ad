"""The format holds for ever: fixed records, clock and salts give exactly these bytes, hashes, heads and tables.

A difference here means that old files no longer verify. Only before the first release, or when a kind of record or
a table is added, may the golden file be written again
(``PYTHONPATH=tests/support python tests/storage/test_golden.py``); its change is then reviewed.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from invented import EVERYTHING, MERGED, counted_salts, opened, ticking, write

from predictions import Ledger
from predictions.importing.forecasts import RECORDS_AT_MOST
from predictions.records import RECORDS, Import, Merge
from predictions.storage import schema
from predictions.storage.blocks import BLOCK_KINDS, BLOCK_ROWS
from predictions.storage.store import Store
from predictions.trust.verify import verify

GOLDEN = Path(__file__).parents[1] / "data" / "golden.json"
IN_BLOCKS = max(RECORDS_AT_MOST + 1, 2 * BLOCK_ROWS + 1)
MIDNIGHT = int(datetime(2026, 2, 1, tzinfo=UTC).timestamp()) * 1_000_000


def observed(folder: Path) -> dict[str, object]:
    """Everything the golden file holds, made again."""
    path = folder / "golden.db"
    write(path, (*EVERYTHING, MERGED), together=3)
    import_dumps(path)
    with opened(path) as (journal, store):
        connection = journal.connection
        head = journal.head()
        seals = connection.execute(
            "select entry, number, recorded_at, first, size_before, hex(root_before), hex(salt), size, hex(root), "
            "hex(frontier) from seal order by entry"
        )
        return {
            "records": {cls.noun: [row.content().decode() for row in store.raw_rows(cls)][:12] for cls in RECORDS},
            "entries": [
                f"{n} {kind} {leaf.lower()}"
                for n, kind, leaf in connection.execute("select n, kind, hex(leaf) from entry order by n")
            ],
            "seals": [" ".join(str(value).lower() for value in row) for row in seals],
            "words": [row[0].lower() for row in connection.execute("select hex(words) from statement order by entry")],
            "lists": [
                list(row) for row in connection.execute("select import, hex(claims), hex(forecasters) from import_list")
            ],
            "blocks": _blocks(connection),
            "head": str(head),
            "checkpoint": head.checkpoint(),
            "application_id": connection.execute("pragma application_id").fetchone()[0],
            "user_version": connection.execute("pragma user_version").fetchone()[0],
            "encoding": connection.execute("pragma encoding").fetchone()[0],
            "closed sets": {table: list(words) for table, words in schema.WORD_TABLES.items()},
            "schema": _schema(connection),
            "verified": verify(journal, Store(journal)).ok,
        }


def import_dumps(path: Path) -> None:
    """Import one dump of more than two blocks, and a small file whose forecasts follow it as records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("predictions.storage.journal.system_clock", ticking(datetime(2026, 4, 1, tzinfo=UTC)))
        patch.setattr("predictions.storage.journal.random_bytes", counted_salts())
        patch.delenv("PREDICTIONS_ME", raising=False)
        with Ledger(path, me="ana") as ledger:
            ledger.import_forecasts(dump("model", IN_BLOCKS), kind="model", published_in="essay")
            few = path.with_name("few.csv")
            few.write_text("claim,forecaster,made_at,probability\n" + "".join(
                f"storm,few-{number},2026-02-0{number + 1}T08:00:00Z,0.{number}\n" for number in range(5)
            ))  # fmt: skip
            ledger.import_forecasts(few)


def dump(who: str, count: int) -> dict[str, list[object]]:
    """Forecasts on two claims by three forecasters, withdrawals among them; then distributions of every type."""
    numbers = range(count)
    rows = [
        ((("storm", "captains")[number % 2], number), None if number % 89 == 1 else number % 1001 / 1000, {})
        for number in numbers
    ]
    rows += [((claim, number), chance, of) for number in range(6) for claim, chance, of in distributions(number)]
    return {
        "claim": [claim for (claim, _), *_ in rows],
        "forecaster": [f"{who}-{number % 3}" for (_, number), *_ in rows],
        "made_at": [MIDNIGHT + number * 1_000_003 for (_, number), *_ in rows],
        "probability": [chance for _, chance, _ in rows],
        "withdrawn": [chance is None for _, chance, _ in rows],
        **{name: [of.get(name) for *_, of in rows] for name in ("option", "at", "day")},
    }


def distributions(number: int) -> list[tuple[str, float | None, dict[str, object]]]:
    """One forecast on a claim of each type in long rows: claim, chance, and what that is of; the last withdraw."""
    if number == 5:
        return [(claim, None, {}) for claim in ("helm", "catch", "landing")]
    shares = {"captain": 0.5, "cook": number / 8, "nobody": 0.5 - number / 8}
    points = {0.5: 0.0, 1.5 + number: 0.25, 1e15: 1.0}
    days = {f"2026-03-0{1 + number}": 0.125, "2027-01-31": 0.5}
    told = (("helm", "option", shares), ("catch", "at", points), ("landing", "day", days))
    return [(claim, chance, {name: part}) for claim, name, said in told for part, chance in said.items()]


def _blocks(connection: sqlite3.Connection) -> list[str]:
    """Each block as it stands, its content by its first bytes and its SHA-256."""
    query = "select import, position, forecasts, first_claim, last_claim, hex(digest), content from block order by 1, 2"
    return [
        " ".join([*map(str, row), digest.lower(), content[:16].hex(), sha256(content).hexdigest()])
        for *row, digest, content in connection.execute(query)
    ]


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
    """Every kind of record, every field of each, every kind of entry, blocks, and forecasts that follow an import."""
    assert set(json.loads(GOLDEN.read_text(encoding="utf-8"))) == set(now)
    assert now["verified"] is True
    for cls in RECORDS:
        told = set().union(*(json.loads(text) for text in now["records"][cls.noun]))
        never = {"reason"} if cls in {Import, Merge} else set()  # what is never corrected has none
        assert told == {"record", *cls.model_fields} - never, cls.noun
    assert {line.split()[1] for line in now["entries"]} == set(schema.WORD_TABLES["entry_kind"])
    assert len(now["blocks"]) > 2
    assert len(now["lists"]) == 1
    large, small = (json.loads(text) for text in now["records"]["import"])
    assert (large["forecasts"], large["blocks"]) == (IN_BLOCKS + 3 * 6, len(now["blocks"]))
    assert {int.from_bytes(bytes.fromhex(line.split()[6][:8]), "little") for line in now["blocks"]} == {*BLOCK_KINDS}
    assert (small["forecasts"], small["blocks"]) == (5, 0)


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
    path = os.pathsep.join(filter(None, sys.path))  # where the invented records lie

    done = subprocess.run(
        command, env={**os.environ, **setting, "PYTHONPATH": path}, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == json.loads(GOLDEN.read_text(encoding="utf-8"))["head"]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        found = observed(Path(scratch))
    if "--head" in sys.argv:
        sys.stdout.write(f"{found['head']}\n")
    else:
        GOLDEN.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write(f"wrote {GOLDEN}\n")
