"""Damaged files: flipped bits, noise, exchanged and missing pages are found, and nothing crashes or hangs."""

from __future__ import annotations

import random
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from invented import EVERYTHING, write
from tampering import checked, problem

from predictions import LedgerError, schema

PAGE = 4096


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flips") / "ledger.db"
    write(path, EVERYTHING)
    return path


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
    """What the views show."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as stranger:
        try:
            return [
                sorted(stranger.execute(f"select * from {view}").fetchall(), key=repr)
                for view in ("claims", "forecasts", "evidence_by_claim", "resolutions")
            ]
        except (sqlite3.Error, UnicodeDecodeError):
            return None


def flip_bits(original: Path, folder: Path, count: int, seed: int) -> dict[str, int]:
    """Flip single bits, half of them where something stands; how many changed what was recorded, and were found."""
    raw, before, view = original.read_bytes(), contents(original), shown(original)
    written = [at for at, byte in enumerate(raw) if byte]
    generator = random.Random(seed)
    counts = {"flips": 0, "changed": 0, "found": 0, "found deep": 0}
    path = folder / "flipped.db"
    for number in range(count):
        at = generator.choice(written) if number % 2 else generator.randrange(len(raw))
        flipped = bytearray(raw)
        flipped[at] ^= 1 << generator.randrange(8)
        path.write_bytes(flipped)
        changed = contents(path) != before
        started = time.perf_counter()
        try:
            ok, deep = checked(path).ok, checked(path, deep=True).ok
        except LedgerError:
            ok = deep = False
        assert time.perf_counter() - started < 10, f"byte {at}: too slow"
        assert not (changed and ok), f"byte {at}: {raw[at]:#x} became {flipped[at]:#x}, and verify says ok"
        assert not deep or shown(path) == view, f"byte {at}: another view, and the deep check says ok"
        counts["flips"] += 1
        counts["changed"] += changed
        counts["found"] += not ok
        counts["found deep"] += not deep
    return counts


def test_every_flipped_bit_that_changes_what_was_recorded_is_found(original: Path, tmp_path: Path) -> None:
    counts = flip_bits(original, tmp_path, 200, seed=1)

    assert counts["changed"] >= 20, counts


@pytest.mark.campaign
def test_two_thousand_flipped_bits_are_found_where_they_change_what_was_recorded(
    original: Path, tmp_path: Path
) -> None:
    counts = flip_bits(original, tmp_path, 2_000, seed=2)

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
