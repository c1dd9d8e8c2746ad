"""Damaged files: flipped bits, noise, exchanged and missing pages are found, and nothing crashes or hangs."""

from __future__ import annotations

import random
import shutil
import sqlite3
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path
from typing import Any

import pytest
from invented import EVERYTHING, counted_salts, ticking, write
from tampering import checked, problem

from predictions import Ledger, LedgerError
from predictions.storage import schema
from predictions.storage.imports import Imports

PAGE = 4096
STARTED = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of record, and two imports: one of two blocks, one whose forecasts follow as records."""
    path = tmp_path_factory.mktemp("flips") / "ledger.db"
    write(path, EVERYTHING)
    random_numbers = random.Random(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 500)
        patch.setattr("predictions.storage.journal.system_clock", ticking(STARTED))
        patch.setattr("predictions.storage.journal.random_bytes", counted_salts())
        for me, size in (("ana", 4_500), ("ben", 150)):
            rows = [imported(f"{me}-{number % 12}", number, random_numbers) for number in range(size)]
            with Ledger(path, me=me) as ledger:
                ledger.import_forecasts(rows)
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
                for table in (*schema.UNIQUE, *schema.WORD_TABLES)
            }
        except (sqlite3.Error, UnicodeDecodeError):
            return None


def shown(path: Path) -> list[object] | None:
    """What the views show a reader, and what the library reads."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)) as stranger:
        try:
            views = [
                sorted(stranger.execute(f"select * from {view}").fetchall(), key=repr)
                for view in ("claims", "forecasts", "imports", "evidence_by_claim", "resolutions")
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
    yield list(Imports(ledger._journal.connection).records(series={("storm", "ana-3")}))
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
    """Every bit of the few bytes in which the rows of `block` say whose they are, and what stands beside them."""
    raw = original.read_bytes()
    digests = [digest for (digest,) in asked(original, "select digest from block")]
    return product((at for one in digests for at in range(raw.index(one) - 20, raw.index(one))), range(8))


def in_the_lists(original: Path) -> Flips:
    """Every bit of the lists of claims and forecasters."""
    raw, ((claims, forecasters),) = (
        original.read_bytes(),
        asked(original, "select claims, forecasters from import_list"),
    )
    start = raw.index(claims + forecasters)
    return product(range(start, start + len(claims + forecasters)), range(8))


def in_the_blocks(original: Path, count: int, seed: int) -> Flips:
    """So many bits of the contents of blocks, some in the header and some in each column."""
    raw, generator = original.read_bytes(), random.Random(seed)
    (content,) = asked(original, "select content from block where position = 1")[0]
    for number in range(count):
        at = number % 8 if number < 24 else generator.randrange(len(content) - 16)
        piece = content[max(0, at - 60) : at + 16]  # so long that it stands once, and mostly on one page
        if raw.count(piece) == 1:
            yield raw.index(piece) + at - max(0, at - 60), generator.randrange(8)


def asked(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as stranger:
        return stranger.execute(query).fetchall()


def flip_bits(original: Path, folder: Path, flips: Flips) -> dict[str, int]:
    """Flip single bits, one at a time; how many changed what was recorded, and how many were found."""
    raw, before, view = original.read_bytes(), contents(original), shown(original)
    counts = {"flips": 0, "changed": 0, "found": 0}
    path = folder / original.name  # which stands on cards
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
    counts = flip_bits(original, tmp_path, anywhere(original, 50, seed=1))

    assert counts["changed"] >= 15, counts


# Every fifth bit meets each byte, and each of the eight bits of a byte in turn.
@pytest.mark.parametrize("each", [5, pytest.param(1, marks=pytest.mark.campaign)])
def test_every_flipped_bit_that_moves_a_block_to_another_import_is_found(
    each: int, original: Path, tmp_path: Path
) -> None:
    counts = flip_bits(original, tmp_path, islice(before_the_digests(original), 0, None, each))

    assert counts["changed"] >= 100 / each, counts


@pytest.mark.parametrize("each", [5, pytest.param(1, marks=pytest.mark.campaign)])
@pytest.mark.parametrize(
    ("flips", "words"),
    [(in_the_lists, "import 1: its list of "), (lambda path: in_the_blocks(path, 150, 5), "import 1: block 1 is not")],
    ids=["lists", "blocks"],
)
def test_every_flipped_bit_of_a_list_or_block_is_named(
    flips: Callable[[Path], Flips], words: str, each: int, original: Path, path: Path
) -> None:
    raw, tried = original.read_bytes(), 0
    for at, bit in islice(flips(original), 0, None, each):
        flipped = bytearray(raw)
        flipped[at] ^= 1 << bit
        path.write_bytes(flipped)
        assert words in "; ".join(map(str, checked(path).faults)), f"byte {at}, bit {bit}"
        tried += 1

    assert tried >= 100 / each
    assert not problem(original, deep=True), "the control"


def test_a_row_whose_number_was_changed_in_its_place_is_found(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    ((root,),) = asked(path, "select rootpage from sqlite_schema where name = 'entry'")
    top = (root - 1) * PAGE
    (below,) = struct.unpack_from(">H", raw, top + 12)
    (first_leaf,) = struct.unpack_from(">I", raw, top + below)
    leaf = (first_leaf - 1) * PAGE
    (cell,) = struct.unpack_from(">H", raw, leaf + 8 + 2 * 20)
    assert raw[leaf + cell + 1] == 20, "the row numbered 20"

    raw[leaf + cell + 1] = 19
    path.write_bytes(raw)

    assert "table entry is not sound" in "; ".join(map(str, checked(path).faults))


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
