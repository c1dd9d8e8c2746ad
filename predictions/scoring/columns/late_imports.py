"""Find the imported forecasts that are dated by a link, and were imported when the answer was known, or nearly known.

An import has one source for all its forecasts. If the source is a platform, it vouches for the times of forecasts on
its own questions. On other claims the source is a link like any other, and only the person who imported the forecasts
says when they were made.
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
    """The forecasts of imports that came in late or may have.

    Attributes:
        on_platforms_word: The entries of claims with forecasts that were imported after the answer, and whose times the
            platform that asked the question vouches for.
        after: The forecasts on other claims that were made before an answer and imported after it. Three rows: the
            entry of the claim, the entry of the forecaster, and the time in microseconds since 1970.
        before: The forecasts on other claims with an answer that were imported before it was public. The same three
            rows, and a fourth: the time of the import.
    """

    on_platforms_word: set[int]
    after: IndexArray
    before: IndexArray


def late_imports(connection: sqlite3.Connection, size: int, answers: Mapping[int, list[str]]) -> LateImports:
    """Find the late forecasts in the imports among the first *size* entries.

    Args:
        connection: An open ledger.
        size: How many entries count.
        answers: The days or moments on which the answer to each claim was public, one for each verdict, by the entry of
            the claim.
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
        is_own = np.array([bool(is_platform) and asked_by.get(claim) == source for claim in claims.tolist()], np.bool_)
        # Forecasts made before the last answer that was public at the import were imported after that answer.
        answered, is_public = _last_public(claims, public, recorded_at)
        on_platforms_word |= set(claims[is_own & is_public].tolist())
        answered_later = np.array([claim in public for claim in claims.tolist()], np.bool_) & ~is_public
        for rows in _block_rows(connection, entry, ~is_own & is_public):
            parts["after"].append(_columns(lists, rows.rows(rows.made_at < answered[rows.claim])))
        for rows in _block_rows(connection, entry, ~is_own & answered_later):
            imported_at = np.full((1, rows.size), recorded_at)
            parts["before"].append(np.concatenate([_columns(lists, rows), imported_at]))
    after, before = (
        np.concatenate([np.empty((height, 0), np.int64), *parts[name]], axis=1)
        for name, height in (("after", 3), ("before", 4))
    )
    return LateImports(on_platforms_word, after, before)


def when_public(text: str) -> int:
    """Convert the text of a moment, or of a day, month or year, to microseconds since 1970: when it begins."""
    return int(np.datetime64(text.removesuffix("Z"), "us").astype(np.int64))


def _last_public(
    claims: IndexArray, public: Mapping[int, Sequence[int]], recorded_at: int
) -> tuple[IndexArray, BoolArray]:
    """Return when the last answer to each claim until *recorded_at* became public, or 0; and whether there was one."""
    answers = [[moment for moment in public.get(claim, ()) if moment <= recorded_at] for claim in claims.tolist()]
    last = np.array([max(moments, default=0) for moments in answers], np.int64)
    return last, np.array([bool(moments) for moments in answers], np.bool_)


def _block_rows(connection: sqlite3.Connection, entry: int, wanted: BoolArray) -> Iterator[Forecasts]:
    """Yield the forecasts of an import on the claims of its list that are *wanted*, block by block."""
    blocks = blocks_of(connection, entry) if wanted.any() else []
    for rows in contents(connection, entry, 0, len(blocks) - 1) if blocks else ():
        yield rows.rows(wanted[rows.claim])


def _columns(lists: Lists, rows: Forecasts) -> IndexArray:
    """Return three rows for some forecasts of an import: the entries of claim and forecaster, and the time."""
    return np.array([lists.claims[rows.claim], lists.forecasters[rows.forecaster], rows.made_at], np.int64)
