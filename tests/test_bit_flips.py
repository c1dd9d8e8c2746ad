"""Damaged files: flipped bits, noise, exchanged and missing pages are found, and nothing crashes or hangs."""

from __future__ import annotations

import random
import shutil
import sqlite3
import struct
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import product
from pathlib import Path

import pytest
from invented import EVERYTHING, opened, write
from tampering import problem

from predictions import Ledger, LedgerError, schema
from predictions.bulk.importing import Options, import_forecasts
from predictions.bulk.imports import as_records
from predictions.verbs.recording import Desk

PAGE = 4096


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of record, and two imports, the first of more than one block."""
    path = tmp_path_factory.mktemp("flips") / "ledger.db"
    write(path, EVERYTHING)
    random_numbers = random.Random(1)
    for me, size in (("ana", 4_500), ("ben", 700)):
        rows = [imported(f"{me}-{number % 12}", number, random_numbers) for number in range(size)]
        with opened(path) as (journal, store), journal.writing() as writing:
            import_forecasts(Desk(store, writing, me, journal.now()), journal.connection, rows, Options())
    return path


def imported(whose: str, number: int, random_numbers: random.Random) -> tuple[str, str, str, float]:
    made_at = f"2026-02-{random_numbers.randrange(1, 28):02}T09:00:00.{number:06}Z"
    return random_numbers.choice(["captains", "storm"]), whose, made_at, round(random_numbers.random(), 3)


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "ledger.db"))


def contents(path: Path) -> dict[str, list[tuple[object, ...]]] | None:
    """Every row of every table, read without indexes; None where that cannot be."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as stranger:
        stranger.text_factory = bytes
        try:
            return {
                table: stranger.execute(f"select * from {table} not indexed").fetchall()
                for table in (*schema.UNIQUE, *schema.UNGUARDED, *schema.WORDS)
            }
        except (sqlite3.Error, UnicodeDecodeError):
            return None


def shown(path: Path) -> list[object] | None:
    """What the views show a reader, and what the library reads."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as stranger:
        try:
            views = [
                sorted(stranger.execute(f"select * from {view}").fetchall(), key=repr)
                for view in ("claims", "forecasts", "evidence_by_claim", "resolutions")
            ]
        except (sqlite3.Error, UnicodeDecodeError):
            return None
    try:
        with Ledger(path, create=False) as ledger:
            return [*views, *map(str, read(ledger))]
    except LedgerError:
        return None


def read(ledger: Ledger) -> Iterator[object]:
    """What the library reads, by other ways than verify: a claim's card, the scorecard, one series, single records."""
    yield from (ledger.claim(slug, today="2026-06-01") for slug in ("captains", "storm"))
    yield ledger.scorecard(today="2026-06-01")
    yield list(as_records(ledger._journal.connection, 2**62, {("storm", "ben-3")}))
    yield from (ledger._store.content(entry) for entry in range(0, ledger.head().size, 5))


Flips = Iterable[tuple[int, int]]


def anywhere(original: Path, count: int, seed: int) -> Flips:
    """So many single bits, half of them where something stands."""
    raw, generator = original.read_bytes(), random.Random(seed)
    written = [at for at, byte in enumerate(raw) if byte]
    for number in range(count):
        at = generator.choice(written) if number % 2 else generator.randrange(len(raw))
        yield at, generator.randrange(8)


def before_the_digests(original: Path) -> Flips:
    """Every bit of the few bytes in which the rows of `block` say which rows are whose."""
    raw = original.read_bytes()
    with closing(sqlite3.connect(original)) as stranger:
        digests = [digest for (digest,) in stranger.execute("select digest from block")]
    return product((at for one in digests for at in range(raw.index(one) - 11, raw.index(one))), range(8))


def flip_bits(original: Path, folder: Path, flips: Flips) -> dict[str, int]:
    """Flip single bits, one at a time; how many changed what was recorded, and how many were found."""
    raw, before, view = original.read_bytes(), contents(original), shown(original)
    counts = {"flips": 0, "changed": 0, "found": 0}
    path = folder / "flipped.db"
    for at, bit in flips:
        flipped = bytearray(raw)
        flipped[at] ^= 1 << bit
        path.write_bytes(flipped)
        changed = contents(path) != before
        started = time.perf_counter()
        found = problem(path, deep=False)
        assert time.perf_counter() - started < 10, f"byte {at}: too slow"
        assert found or not changed, f"byte {at}: {raw[at]:#x} became {flipped[at]:#x}, and verify says ok"
        assert found or shown(path) == view, f"byte {at}: another view, and verify says ok"
        counts["flips"] += 1
        counts["changed"] += changed
        counts["found"] += bool(found)
    return counts


def test_every_flipped_bit_that_changes_what_was_recorded_is_found(original: Path, tmp_path: Path) -> None:
    counts = flip_bits(original, tmp_path, anywhere(original, 150, seed=1))

    assert counts["changed"] >= 50, counts


def test_every_flipped_bit_that_moves_a_block_to_another_import_is_found(original: Path, tmp_path: Path) -> None:
    counts = flip_bits(original, tmp_path, before_the_digests(original))

    assert counts["changed"] >= 100, counts


def test_a_row_whose_number_was_changed_in_its_place_is_found(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as stranger:
        query = "select rootpage from sqlite_schema where name = 'imported_forecast'"
        (root,) = stranger.execute(query).fetchone()
    top = (root - 1) * PAGE
    (below,) = struct.unpack_from(">H", raw, top + 12)
    (first_leaf,) = struct.unpack_from(">I", raw, top + below)
    leaf = (first_leaf - 1) * PAGE
    (cell,) = struct.unpack_from(">H", raw, leaf + 8 + 2 * 99)
    assert raw[leaf + cell + 1] == 100, "the row numbered 100"

    raw[leaf + cell + 1] = 99
    path.write_bytes(raw)

    assert "table imported_forecast is not sound" in problem(path, deep=False)


@pytest.mark.campaign
def test_two_thousand_flipped_bits_are_found_where_they_change_what_was_recorded(
    original: Path, tmp_path: Path
) -> None:
    counts = flip_bits(original, tmp_path, anywhere(original, 2_000, seed=2))

    print(counts)
    assert counts["changed"] >= 200, counts


@pytest.mark.parametrize("page", range(60))
def test_a_page_of_noise_is_found_by_the_deep_check_and_crashes_nothing(page: int, path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[page * 4096 : (page + 1) * 4096] = random.Random(page).randbytes(4096)
    path.write_bytes(raw)

    problem(path, deep=False)
    assert problem(path, deep=True)


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_found(share: float, path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])

    assert problem(path, deep=True)


def damaged(raw: bytes, generator: random.Random) -> bytes:
    """A file in which something larger went wrong."""
    pages = [raw[at : at + PAGE] for at in range(0, len(raw), PAGE)]
    place, other = generator.sample(range(len(pages)), 2)
    match generator.randrange(6):
        case 0:
            pages[place], pages[other] = pages[other], pages[place]
        case 1:
            pages[place] = pages[other]
        case 2:
            pages[place] = bytes(PAGE)
        case 3:
            return raw[: generator.randrange(len(raw))]
        case 4:
            return b"".join(pages) + generator.randbytes(generator.randrange(1, 3 * PAGE))
        case _:
            kept = bytearray(pages[place])
            for _ in range(generator.randrange(2, 40)):
                kept[generator.randrange(PAGE)] = generator.randrange(256)
            pages[place] = bytes(kept)
    return b"".join(pages)


def damage_files(original: Path, path: Path, count: int, seed: int) -> dict[str, int]:
    """Damage so many files; each is found where what was recorded changed, within ten seconds."""
    raw, before = original.read_bytes(), contents(original)
    generator = random.Random(seed)
    counts = {"files": 0, "changed": 0, "found": 0}
    for number in range(count):
        path.write_bytes(damaged(raw, generator))
        changed = contents(path) != before
        started = time.perf_counter()
        found = problem(path, deep=False)
        assert time.perf_counter() - started < 10, f"file {number} of seed {seed}: too slow"
        assert found or not changed, f"file {number} of seed {seed}: verify says ok"
        counts["files"] += 1
        counts["changed"] += changed
        counts["found"] += bool(found)
    return counts


def test_larger_damage_is_found_and_crashes_nothing(original: Path, tmp_path: Path) -> None:
    counts = damage_files(original, tmp_path / "ledger.db", 60, seed=3)

    assert counts["changed"] > 20, counts


@pytest.mark.campaign
def test_a_thousand_damaged_files_are_found_and_crash_nothing(original: Path, tmp_path: Path) -> None:
    counts = damage_files(original, tmp_path / "ledger.db", 1_000, seed=4)

    print(counts)
    assert counts["changed"] > 300, counts
