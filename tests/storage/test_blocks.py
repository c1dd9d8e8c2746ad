"""Blocks: stored as the bytes that are hashed, every changed byte named by its block, nothing half-written."""

from __future__ import annotations

import contextlib
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scored_ledgers import MICROSECONDS, many_forecasts
from tampering import tamper

from predictions import Ledger, Tampered
from predictions.storage.blocks import (
    BLOCK_ROWS,
    Forecasts,
    blocks_root,
    decode,
    digest,
    encode,
    fault_of,
    in_strict_order,
)
from predictions.storage.imports import Imports, blocks_of, imports
from predictions.timestamps import EARLIEST, LATEST

HEADER = 8
ROW = st.tuples(
    st.integers(0, 5),
    st.integers(0, 2),
    st.integers(EARLIEST, LATEST),
    st.sampled_from([0.0, 1.0, 0.5, 1e-12, float("nan")]),
)


@pytest.fixture(autouse=True)
def _as_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Store every import as blocks, however short."""
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 0)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with six claims."""
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        for number in range(6):
            ledger.add(f"Event number {number} happens", deadline="2027-06-30", slug=f"claim-{number}")
        yield ledger


def rows_of(*rows: tuple[int, int, int, float]) -> Forecasts:
    columns = zip(*rows, strict=True)
    return Forecasts(*(np.array(column, kind) for column, kind in zip(columns, ("i4", "i4", "i8", "f8"), strict=True)))


@given(st.lists(ROW, min_size=1, max_size=50, unique_by=lambda row: row[:3]))
def test_a_block_reads_back_as_what_was_laid_out(rows: list[tuple[int, int, int, float]]) -> None:
    forecasts = rows_of(*sorted(rows, key=lambda row: row[:3]))

    content = encode(forecasts)

    for column, again in zip(forecasts, decode(content), strict=True):
        np.testing.assert_array_equal(column, again)
    assert struct.unpack("<II", content[:HEADER]) == (1, len(rows))
    assert len(content) == HEADER + 24 * len(rows)
    assert fault_of(decode(content), 6, 3) is None


def test_every_nan_is_laid_out_as_the_one_withdrawal() -> None:
    negative = np.array([0xFFF8000000000001], np.uint64).view(np.float64)

    content = encode(Forecasts(np.zeros(1, np.int32), np.zeros(1, np.int32), np.zeros(1, np.int64), negative))

    assert content[-8:] == struct.pack("<Q", 0x7FF8000000000000)


@given(st.lists(ROW, min_size=1, max_size=6))
def test_strict_order_is_that_of_claim_forecaster_and_time(rows: list[tuple[int, int, int, float]]) -> None:
    keys = [row[:3] for row in rows]

    assert in_strict_order(rows_of(*rows)) == all(one < other for one, other in pairwise(keys))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "it has no header"),
        (struct.pack("<II", 5, 1) + bytes(24), "its kind is 5, which this version cannot read"),
        (struct.pack("<II", 1, 2) + bytes(24), "its length is not that of its rows"),
        (struct.pack("<II", 1, 0), "its length is not that of its rows"),
        (struct.pack("<II", 1, 4097) + bytes(24 * 4097), "its length is not that of its rows"),
    ],
)
def test_what_is_no_block_is_refused(content: bytes, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        decode(content)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([(6, 0, 0, 0.5)], "a rank beyond the import's lists"),
        ([(0, 3, 0, 0.5)], "a rank beyond the import's lists"),
        ([(1, 0, 0, 0.5), (0, 0, 0, 0.5)], "not in order"),
        ([(0, 1, 0, 0.5), (0, 0, 0, 0.5)], "not in order"),
        ([(0, 0, 1, 0.5), (0, 0, 0, 0.5)], "not in order"),
        ([(0, 0, 0, 0.5), (0, 0, 0, 0.5)], "not in order"),
        ([(0, 0, EARLIEST - 1, 0.5)], "a time outside the years 0001 to 9999"),
        ([(0, 0, LATEST + 1, 0.5)], "a time outside the years 0001 to 9999"),
        ([(0, 0, 0, 1.5)], "a value that is no probability"),
        ([(0, 0, 0, -0.1)], "a value that is no probability"),
        ([(0, 0, 0, float("inf"))], "a value that is no probability"),
    ],
)
def test_rows_that_no_import_can_have_written_are_told(rows: list[tuple[int, int, int, float]], fault: str) -> None:
    assert fault in str(fault_of(rows_of(*rows), 6, 3))


def test_another_nan_than_the_withdrawal_is_no_value() -> None:
    other = np.array([0x7FF8000000000001], np.uint64).view(np.float64)
    rows = Forecasts(np.zeros(1, np.int32), np.zeros(1, np.int32), np.zeros(1, np.int64), other)

    assert fault_of(rows, 1, 1) == "it has a value that is no probability"


def test_a_block_must_go_on_where_the_one_before_it_ends() -> None:
    before, after = rows_of((1, 0, 5, 0.5)), rows_of((1, 0, 5, 0.5))

    assert fault_of(after, 6, 3) is None
    assert fault_of(after, 6, 3, before) == "its rows are not in order"


def test_a_whole_file_stays_whole(book: Ledger) -> None:
    book.import_forecasts(many_forecasts(9000))
    connection = book._journal.connection

    assert book.verify(deep=True).ok
    blocks = blocks_of(connection, imports(connection)[0].entry)
    assert [block.forecasts for block in blocks] == [BLOCK_ROWS, BLOCK_ROWS, 808]


def test_what_is_hashed_is_what_is_stored(book: Ledger) -> None:
    book.import_forecasts(many_forecasts(9000))
    connection = book._journal.connection

    stored = connection.execute("select digest, content from block order by position").fetchall()
    ((root,),) = connection.execute("select blocks_root from import").fetchall()

    assert all(sha256(b"\0" + content).digest() == kept for kept, content in stored)
    assert blocks_root(kept for kept, _ in stored) == root


def change(path: Path, edit: Callable[[bytearray], None], *, position: int = 1, hashed: bool) -> None:
    """Edit the bytes of one block, and with *hashed* all digests above it, as a forger would."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        (content,) = connection.execute("select content from block where position = ?", (position,)).fetchone()
    changed = bytearray(content)
    edit(changed)
    assert bytes(changed) != content
    tamper(path, f"update block set content = x'{changed.hex()}' where position = {position}")
    if hashed:
        tamper(path, f"update block set digest = x'{digest(bytes(changed)).hex()}' where position = {position}")


def swap(columns: int, first: int, second: int) -> Callable[[bytearray], None]:
    """Swap two rows in a column: 0 claims, 1 forecasters, 2 times, 3 values."""
    width, start = [(4, 0), (4, 4), (8, 8), (8, 16)][columns]

    def edit(content: bytearray) -> None:
        at = [HEADER + start * BLOCK_ROWS + width * row for row in (first, second)]
        one, other = (bytes(content[where : where + width]) for where in at)
        content[at[0] : at[0] + width], content[at[1] : at[1] + width] = other, one

    return edit


def put(columns: int, row: int, value: bytes) -> Callable[[bytearray], None]:
    """Write other bytes in a column of one row."""
    width, start = [(4, 0), (4, 4), (8, 8), (8, 16)][columns]

    def edit(content: bytearray) -> None:
        at = HEADER + start * BLOCK_ROWS + width * row
        content[at : at + width] = value

    return edit


def reverse_forecasters(content: bytearray) -> None:
    start, end = HEADER + 4 * BLOCK_ROWS, HEADER + 8 * BLOCK_ROWS
    content[start:end] = np.frombuffer(content[start:end], "<u4")[::-1].tobytes()


EDITS: dict[str, tuple[Callable[[bytearray], None], str]] = {
    "order of claims": (swap(0, 0, 4095), "its rows are not in order"),
    "order of forecasters": (reverse_forecasters, "its rows are not in order"),
    "order of times": (swap(2, 10, 11), "its rows are not in order"),
    "rank of a claim": (put(0, 4095, struct.pack("<I", 6)), "a rank beyond the import's lists"),
    "rank of a forecaster": (put(1, 4095, struct.pack("<I", 99)), "a rank beyond the import's lists"),
    "time": (put(2, 4095, struct.pack("<q", 2**62)), "a time outside the years 0001 to 9999"),
    "value": (put(3, 7, struct.pack("<d", 1.5)), "a value that is no probability"),
    "withdrawal": (put(3, 7, struct.pack("<Q", 0xFFF8000000000000)), "a value that is no probability"),
    "kind": (lambda content: content.__setitem__(slice(0, 4), struct.pack("<I", 5)), "its kind is 5"),
    "rows": (lambda content: content.__setitem__(slice(4, 8), struct.pack("<I", 4095)), "its length is not that"),
    "bytes at the end": (lambda content: content.extend(bytes(24)), "its length is not that"),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_changed_byte_of_a_block_is_located_to_it(book: Ledger, tmp_path: Path, name: str) -> None:
    book.import_forecasts(many_forecasts(9000))
    book.close()

    change(tmp_path / "ledger.db", EDITS[name][0], hashed=False)

    with Ledger(tmp_path / "ledger.db") as ledger:
        told = [fault.what for fault in ledger.verify().faults]
    assert "block 1 is not what was sealed" in told
    assert not any(what.startswith(("block 0", "block 2")) for what in told if "order" not in what)


@pytest.mark.parametrize("name", EDITS)
def test_a_block_that_is_hashed_anew_is_named_for_what_it_holds(book: Ledger, tmp_path: Path, name: str) -> None:
    book.import_forecasts(many_forecasts(9000))
    book.close()
    edit, fault = EDITS[name]

    change(tmp_path / "ledger.db", edit, hashed=True)

    with Ledger(tmp_path / "ledger.db") as ledger:
        told = [fault.what for fault in ledger.verify().faults]
    assert "the digests of its blocks are not what was sealed" in told
    assert any(what.startswith("block 1") and fault in what for what in told), told


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("update block set digest = zeroblob(32) where position = 1", "block 1 is not what was sealed"),
        ("update block set first_claim = last_claim where position = 0", "block 0: its number of rows, or its first"),
        ("update block set last_claim = first_claim where position = 0", "block 0: its number of rows, or its first"),
        ("update block set forecasts = forecasts - 1 where position = 2", "block 2: its number of rows, or its first"),
        ("update block set position = 9 where position = 2", "the digests of its blocks are not what was sealed"),
        ("delete from block where position = 2", "the digests of its blocks are not what was sealed"),
        ("update import_list set claims = substr(claims, 5)", "its list of claims is not what was sealed"),
        ("update import_list set claims = substr(claims, 1, 5)", "its lists are no lists of entries"),
        (
            "update import_list set forecasters = cast(substr(forecasters, 5) || substr(forecasters, 1, 4) as blob)",
            "its list of forecasters is not what was sealed",
        ),
        (
            "update import_list set forecasters = cast(x'ffffffff' || substr(forecasters, 5) as blob)",
            "its list of forecasters is",
        ),
        ("delete from import_list", "its list of claims is not what was sealed"),
        ("insert into import_list values (3, x'', x'')", "import_list has a row that belongs to no import"),
        (
            "insert into block select 3, position, forecasts, first_claim, last_claim, digest, content from block "
            "where position = 0",
            "block has a row that belongs to no import",
        ),
        ("update import set blocks = 0", "the digests of its blocks are not what was sealed"),
    ],
)
def test_a_change_beside_the_blocks_is_named(book: Ledger, tmp_path: Path, statement: str, fault: str) -> None:
    book.import_forecasts(many_forecasts(9000))
    book.close()

    tamper(tmp_path / "ledger.db", statement)

    with Ledger(tmp_path / "ledger.db") as ledger:
        told = [f"{fault.record} {fault.what}" for fault in ledger.verify().faults]
    assert any(fault in what for what in told), told


@pytest.mark.parametrize("name", EDITS)
def test_a_block_that_no_import_can_have_written_is_named_when_it_is_read(
    book: Ledger, tmp_path: Path, name: str
) -> None:
    book.import_forecasts(many_forecasts(9000))
    book.close()
    change(tmp_path / "ledger.db", EDITS[name][0], hashed=True)

    with Ledger(tmp_path / "ledger.db") as ledger:
        for read in (ledger.scorecard, lambda: [ledger.claim(f"claim-{number}") for number in range(6)]):
            with pytest.raises(Tampered, match="an import was changed by hand: no forecast can be so; run verify"):
                read()


def test_nothing_imported_is_updated_deleted_or_replaced(book: Ledger) -> None:
    book.import_forecasts([("claim-0", "ben", MICROSECONDS, 0.5)])
    connection = book._journal.connection

    for statement in (
        "update block set forecasts = 2",
        "delete from block",
        "insert or replace into block select * from block",
        "update import_list set claims = x''",
        "delete from import_list",
        "insert or replace into import_list select * from import_list",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="what is written stays written"):
            connection.execute(statement)


def killed_import(path: Path, first: str = "") -> int:
    """Import in another process, which ends once all blocks are written and before they are kept; its exit code."""
    script = f"""
import contextlib, os, predictions.importing.forecasts as importing
from predictions import Ledger
from predictions.storage.journal import Journal
{first}
record = importing.NewForecasts.record
importing.NewForecasts.record = lambda self: (record(self), os._exit(9))
with Ledger({str(path)!r}) as ledger:
    ledger.import_forecasts([("claim-0", "ben", {MICROSECONDS} + number, 0.5) for number in range(20000)])
"""
    return subprocess.run([sys.executable, "-c", script], check=False).returncode


def test_a_killed_import_leaves_the_ledger_as_it_was(book: Ledger) -> None:
    path, head = book._journal.path, book.head()
    book.close()

    ended = killed_import(path)

    with Ledger(path) as ledger:
        assert ended == 9
        assert ledger.head() == head
        assert ledger.verify().ok
        assert not list(Imports(ledger._journal.connection).records())


def test_control_without_a_transaction_a_killed_import_leaves_its_blocks(book: Ledger) -> None:
    path = book._journal.path
    book.close()

    # Deferred references are checked where a transaction ends; without one that would be after each row.
    ended = killed_import(
        path,
        """
def bare(self, begin):
    self.connection.execute("pragma foreign_keys = off")
    yield
Journal._transaction = contextlib.contextmanager(bare)
""",
    )

    with Ledger(path) as ledger:
        assert ended == 9
        assert not ledger.verify().ok
        assert ledger._journal.connection.execute("select sum(forecasts) from block").fetchone() == (20_000,)


def test_an_imported_forecast_is_proved_by_its_block(book: Ledger) -> None:
    book.import_forecasts(many_forecasts(9000))
    book.import_forecasts([("claim-3", "eve", MICROSECONDS, 0.75)])

    early, late = book.prove("claim-3 ben"), book.prove("claim-3 eve")

    assert early.fault() is None
    assert late.fault() is None
    assert late.series() == [("2026-05-01T09:30:00.000000Z", 0.75)]
    assert len(early.content) in {HEADER + 24 * BLOCK_ROWS, HEADER + 24 * 808}
    assert "it discloses the" in str(early)
    assert '"format": "prediction-ledger-block-proof/1"' in late.text


def test_a_changed_proof_of_a_block_does_not_hold(book: Ledger) -> None:
    book.import_forecasts(many_forecasts(5000))
    proof = book.prove("claim-3 ben")
    changed = bytearray(proof.content)
    changed[-1] ^= 1

    assert replace(proof, content=bytes(changed)).fault() == "the block does not stand in the import"
    assert replace(proof, claims=proof.claims[::-1]).fault() == "the list of claims is not the import's"
    assert replace(proof, position=proof.position ^ 1).fault() == "the block does not stand in the import"
