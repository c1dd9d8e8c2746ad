"""An import put into a ledger by hand, with lists and blocks that may be wrong, all hashed and sealed as if right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from struct import pack

from invented import STARTED, opened

from predictions.records import Claim, Forecaster, Import, Source, Statement
from predictions.storage.merkle import root

HALF, SURE, WITHDRAWAL = 0x3FE0000000000000, 0x3FF0000000000000, 0x7FF8000000000000
NOON = int(STARTED.timestamp()) * 1_000_000
CLAIMS, FORECASTERS = ("rain", "snow", "sun"), ("ana", "ben")
Row = tuple[int, int, int, int]  # ranks of claim and forecaster, microseconds, bits of the probability


@dataclass
class Block:
    """One block; what is None is as it should be."""

    rows: list[Row]
    kind: int = 1
    size: int | None = None
    tail: bytes = b""
    position: int | None = None
    forecasts: int | None = None
    first_claim: str | None = None
    last_claim: str | None = None

    def content(self) -> bytes:
        """The bytes of the block, laid out as docs/format.md says, and by no code of the library."""
        size = len(self.rows) if self.size is None else self.size
        columns = zip("IIqQ", zip(*self.rows, strict=True), strict=True)
        cells = (pack(f"<{len(column)}{kind}", *column) for kind, column in columns)
        return pack("<2I", self.kind, size) + b"".join(cells) + self.tail


@dataclass
class Draft:
    """An import as it is going to be written."""

    blocks: list[Block] = field(
        default_factory=lambda: [
            Block([(0, 0, NOON, HALF), (0, 0, NOON + 1, SURE), (0, 1, NOON, WITHDRAWAL), (1, 0, NOON, 0)]),
            Block([(1, 1, NOON, HALF), (2, 0, NOON, HALF)]),
        ]
    )
    claims: tuple[str, ...] = CLAIMS
    forecasters: tuple[str, ...] = FORECASTERS
    tail: bytes = b""  # after the list of claims
    forecasts: int = 6
    with_lists: bool = True


def write_import(path: Path, change: Callable[[Draft], object] = lambda draft: None) -> None:
    """Write a new ledger with one import, changed before it is hashed."""
    draft = Draft()
    change(draft)
    contents = [block.content() for block in draft.blocks]
    digests = [sha256(b"\0" + content).digest() for content in contents]
    with opened(path) as (journal, store):
        put = journal.connection.execute
        with journal.writing() as writing:
            store.put(writing, Source(slug="own", title="Own"))
            store.put(writing, Statement(slug="weather", source="own", text="There will be weather"))
            entries = {slug: store.put(writing, claim(slug)) for slug in CLAIMS}
            entries |= {slug: store.put(writing, Forecaster(slug=slug, title=slug)) for slug in FORECASTERS}
        with journal.writing() as writing:
            entry = store.put(writing, record(draft, digests))
            lists = [pack(f"<{len(slugs)}I", *map(entries.get, slugs)) for slugs in (draft.claims, draft.forecasters)]
            if draft.with_lists:
                put("insert into import_list values (?, ?, ?)", (entry, lists[0] + draft.tail, lists[1]))
            for place, (block, content, digest) in enumerate(zip(draft.blocks, contents, digests, strict=True)):
                beside = [draft.claims[min(row[0], 2)] for row in (block.rows[0], block.rows[-1])]
                put(
                    "insert into block values (?, ?, ?, ?, ?, ?, ?)",
                    (
                        entry,
                        place if block.position is None else block.position,
                        len(block.rows) if block.forecasts is None else block.forecasts,
                        entries[block.first_claim or beside[0]],
                        entries[block.last_claim or beside[1]],
                        digest,
                        content,
                    ),
                )


def claim(slug: str) -> Claim:
    return Claim(
        slug=slug, statement="weather", reading=slug, title=slug, wording=slug, criteria=slug,
        opens_on="2026-01-01", deadline="2026-12-31",
    )  # fmt: skip


def record(draft: Draft, digests: list[bytes]) -> Import:
    sealed = {
        noun: sha256("".join(f"{slug}\n" for slug in slugs).encode()).hexdigest()
        for noun, slugs in (("claims", draft.claims), ("forecasters", draft.forecasters))
    }
    return Import(
        number=1, forecasts=draft.forecasts, already=0, left_out=0, rounded=0, claims=len(draft.claims),
        claims_sha256=sealed["claims"], forecasters=len(draft.forecasters), forecasters_sha256=sealed["forecasters"],
        blocks=len(digests), blocks_root=root(digests).hex(),
    )  # fmt: skip
