"""Find the forecasts of imports in blocks that a link dates, and that came in when the answer was known, or nearly.

An import has one source for all its forecasts. It dates what it holds of claims that it asked, if it is a platform; on
other claims its name is a link like any other, and only the person who imported them says when they were made.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from forecasts.inputs import BoolArray, IndexArray
from predictions.storage.blocks import Forecasts
from predictions.storage.forecast_records import microseconds
from predictions.storage.imports import Lists, blocks_of, contents, lists_of
from predictions.storage.seals import SEALED_AT

_WITH_SOURCE = f"""select i.entry, {SEALED_AT.format("i")}, i.published_in, s.kind = 'platform'
from main.import i join main.source s on s.entry = i.published_in
where i.entry < ? and i.blocks order by i.entry"""
_SOURCES_OF_CLAIMS = """select c.entry, statement.source from main.claim c
join main.statement statement on statement.entry = c.statement where c.revision = 1 and c.entry < ?"""


class LateImports(NamedTuple):
    """What came in late in blocks.

    Attributes:
        on_platforms_word: The entries of claims on which a platform that asked them had forecasts after the answer.
        after: Forecasts on other claims that were made before an answer and imported after it: three columns, with the
            entries of claim and forecaster, and the time in microseconds since 1970.
        before: Those imported before the first answer, or without any, in the same columns; and when they came in.
    """

    on_platforms_word: set[int]
    after: IndexArray
    before: IndexArray


def late_imports(connection: sqlite3.Connection, size: int, answers: Mapping[int, list[str]]) -> LateImports:
    """Look through the imports among the first *size* entries.

    Args:
        connection: To the file.
        size: How many entries count.
        answers: When each verdict on a claim says that the answer was public, by the claim's entry, as text.
    """
    imports = connection.execute(_WITH_SOURCE, (size,)).fetchall()
    public = {claim: [when_public(text) for text in texts] for claim, texts in answers.items()} if imports else {}
    asked_by = dict(connection.execute(_SOURCES_OF_CLAIMS, (size,)).fetchall()) if imports else {}
    on_platforms_word: set[int] = set()
    parts = defaultdict[str, list[IndexArray]](list)
    for entry, sealed_at, source, is_platform in imports:
        lists = lists_of(connection, entry)
        claims = lists.claims.astype(np.int64)
        recorded_at = int(microseconds((sealed_at,))[0])
        own = np.array([bool(is_platform) and asked_by.get(claim) == source for claim in claims.tolist()], np.bool_)
        # The last answer that was public when the import was recorded: what was made before it came in after it.
        answered, is_public = _last_public(claims, public, recorded_at)
        on_platforms_word |= set(claims[own & is_public].tolist())
        untouched = ~own & np.array([claim in public for claim in claims.tolist()], np.bool_) & ~is_public
        for rows in _block_rows(connection, entry, ~own & is_public):
            parts["after"].append(_columns(lists, rows.rows(rows.made_at < answered[rows.claim])))
        for rows in _block_rows(connection, entry, untouched):
            came_in = np.full((1, rows.size), recorded_at)
            parts["before"].append(np.concatenate([_columns(lists, rows), came_in]))
    after, before = (
        np.concatenate([np.empty((height, 0), np.int64), *parts[name]], axis=1)
        for name, height in (("after", 3), ("before", 4))
    )
    return LateImports(on_platforms_word, after, before)


def when_public(text: str) -> int:
    """Return a moment, or the beginning of a day, a month or a year, in microseconds since 1970."""
    return int(np.datetime64(text.removesuffix("Z"), "us").astype(np.int64))


def _last_public(
    claims: IndexArray, public: Mapping[int, Sequence[int]], recorded_at: int
) -> tuple[IndexArray, BoolArray]:
    """Return the last answer to each claim that was public at a moment, and whether there was one."""
    known = [[moment for moment in public.get(claim, ()) if moment <= recorded_at] for claim in claims.tolist()]
    return np.array([max(moments, default=0) for moments in known], np.int64), np.array([*map(bool, known)], np.bool_)


def _block_rows(connection: sqlite3.Connection, entry: int, wanted: BoolArray) -> Iterator[Forecasts]:
    """Yield the forecasts of an import on the wanted claims of its list, block by block."""
    blocks = blocks_of(connection, entry) if wanted.any() else []
    for rows in contents(connection, entry, 0, len(blocks) - 1) if blocks else ():
        yield rows.rows(wanted[rows.claim])


def _columns(lists: Lists, rows: Forecasts) -> IndexArray:
    """Return the entries of claims and forecasters, and the times, of some forecasts of an import with these lists."""
    return np.array([lists.claims[rows.claim], lists.forecasters[rows.forecaster], rows.made_at], np.int64)
