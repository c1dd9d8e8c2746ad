"""Faults of imports: each list and block is decoded, hashed and compared with what its import sealed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from predictions.errors import Tampered
from predictions.storage.blocks import blocks_root, decode, digest, fault_of, slugs_sha256
from predictions.storage.imports import (
    CONTENTS,
    LIST_NOUNS,
    Block,
    ImportRow,
    Lists,
    blocks_of,
    imports,
    lists_of,
    slugs_by_entry,
)
from predictions.storage.merkle import HASH_LENGTH

_STRAYS = """select 'block', count(*) from main.block where import not in (select entry from main.import)
union all select 'import_list', count(*) from main.import_list where import not in (select entry from main.import)"""
_STORED = """select exists (select 1 from main.block where import = ?1)
or exists (select 1 from main.import_list where import = ?1)"""


class ImportFault(NamedTuple):
    """Something in the file that is not as an import sealed it.

    Attributes:
        entry: The import's entry; None for rows that belong to no import.
        record: The name of the import in a report; empty for such rows.
        what: The fault, as a sentence.
    """

    entry: int | None
    record: str
    what: str


def faults(connection: sqlite3.Connection) -> Iterator[ImportFault]:
    """Decode and hash each block of each import, and yield everything that is not as it was sealed."""
    slugs = [slugs_by_entry(connection, noun) for noun in LIST_NOUNS]
    for imported in imports(connection):
        name = f"import {imported.number}"
        # Blocks of an import that was sealed without any are a fault as well: no hash covers them, but they are read.
        if imported.blocks or connection.execute(_STORED, (imported.entry,)).fetchone() != (0,):
            for what in _faults_of(connection, imported, slugs):
                yield ImportFault(imported.entry, name, what)
    for table, count in connection.execute(_STRAYS):
        if count:
            have = f"{count} rows that belong" if count > 1 else "a row that belongs"
            yield ImportFault(None, "", f"{table} has {have} to no import")


def _faults_of(connection: sqlite3.Connection, imported: ImportRow, slugs: Sequence[dict[int, str]]) -> Iterator[str]:
    """Yield a sentence for each thing in the lists and blocks of one import that is not as it was sealed.

    *slugs* has, for claims and for forecasters, the slug by the entry where the record began.
    """
    try:
        lists = lists_of(connection, imported.entry)
    except Tampered:
        yield "its lists are no lists of entries"
        return
    wrong_lists = list(_list_faults(imported, lists, slugs))
    yield from wrong_lists
    blocks = blocks_of(connection, imported.entry)
    if not _sealed(imported, blocks):
        yield "the digests of its blocks are not what was sealed"
    if sum(block.forecasts for block in blocks if isinstance(block.forecasts, int)) > imported.forecasts:
        yield "its blocks hold more rows than were sealed"
    before = None
    for block, (content,) in zip(blocks, connection.execute(CONTENTS, (imported.entry, -1, 2**62)), strict=False):
        name, rows = f"block {block.position}", None
        if not isinstance(content, bytes) or digest(content) != block.digest:
            yield f"{name} is not what was sealed"
        else:
            try:
                rows = decode(content)
            except ValueError as error:
                yield f"{name} cannot be read: {error}"
        # With wrong lists the ranks mean nothing: every fault in the rows would only repeat that one.
        if rows and not wrong_lists:
            fault = fault_of(rows, lists.claims.size, lists.forecasters.size, before)
            columns = (block.forecasts, block.first_claim, block.last_claim)
            # These columns are not hashed, but blocks are looked up by them: a wrong value would hide forecasts.
            if not fault and columns != (rows.size, *lists.claims[rows.claim[[0, -1]]].tolist()):
                fault = "its number of rows, or its first or last claim, is not what stands beside it"
            if fault:
                yield f"{name}: {fault}"
        before = rows


def _list_faults(imported: ImportRow, lists: Lists, slugs: Sequence[dict[int, str]]) -> Iterator[str]:
    """Yield a sentence for each list of an import, of claims or forecasters, that was changed or is not in order."""
    sealed = (imported.claims, imported.claims_sha256), (imported.forecasters, imported.forecasters_sha256)
    for noun, entries, slug_of, (count, sha256) in zip(LIST_NOUNS, lists, slugs, sealed, strict=True):
        listed = [slug_of.get(entry, "") for entry in entries.tolist()]
        if len(listed) != count or slugs_sha256(listed) != sha256:
            yield f"its list of {noun}s is not what was sealed"
        elif any(slug >= next_slug for slug, next_slug in pairwise(listed)):
            yield f"its list of {noun}s is not in order"


def _sealed(imported: ImportRow, blocks: Sequence[Block]) -> bool:
    """Return whether the digests of the blocks, in order, have the root that the import sealed."""
    digests = [block.digest for block in blocks]
    are_hashes = all(isinstance(stored, bytes) and len(stored) == HASH_LENGTH for stored in digests)
    in_place = [block.position for block in blocks] == list(range(len(blocks)))
    return are_hashes and in_place and (len(digests), blocks_root(digests)) == (imported.blocks, imported.blocks_root)
