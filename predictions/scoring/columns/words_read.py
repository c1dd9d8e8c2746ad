"""Read which words a forecaster used in place of numbers, and who read them as numbers when."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import NamedTuple

from predictions.storage.seals import SEALED_AT

WORDS_NAMED = 4  # kinds of words, at most

_WORDS_ON_CLAIMS = f"""select f.forecaster, f.claim, f.words, f.recorded_by, date({SEALED_AT.format("f")})
from main.forecast f where f.words is not null and f.entry < ?1 and not exists (
    select 1 from main.forecast later where later.claim = f.claim and later.forecaster = f.forecaster
    and later.made_at = f.made_at and later.revision > f.revision and later.entry < ?1
) order by f.made_at, f.entry"""


class WordsRead(NamedTuple):
    """The words of one forecaster, the first on each claim.

    Attributes:
        used: The words, each with the number of claims, the most frequent first.
        by: Who recorded how they are read; empty if that is not on file.
        first_on: The day on which the first was recorded, in ISO form.
        last_on: The day of the last.
    """

    used: tuple[tuple[str, int], ...]
    by: tuple[str, ...]
    first_on: str
    last_on: str

    @property
    def counts(self) -> str:
        """The words with their counts.

        >>> WordsRead((("will", 12), ("may", 9)), ("ed",), "2026-01-05", "2026-03-01").counts
        '12 "will", 9 "may"'
        """
        more = sum(count for _, count in self.used[WORDS_NAMED:])
        told = [f'{count:,} "{word}"' for word, count in self.used[:WORDS_NAMED]]
        return ", ".join([*told, *([f"{more:,} others"] if more else [])])

    @property
    def reading(self) -> str:
        """Who read them as numbers, and when.

        >>> WordsRead((("will", 1),), ("ed",), "2026-01-05", "2026-01-05").reading
        'read by ed on 2026-01-05'
        """
        when = f"on {self.first_on}" if self.first_on == self.last_on else f"from {self.first_on} to {self.last_on}"
        return f"read by {' and '.join(self.by)} {when}" if self.by else f"read {when}"


def words_read(connection: sqlite3.Connection, size: int, claims: Collection[int]) -> dict[int, WordsRead]:
    """Return the words of each forecaster, by ledger entry, on some claims, as they stood at *size* entries."""
    first: dict[int, dict[int, tuple[str, str | None, str]]] = defaultdict(dict)
    for forecaster, claim, words, by, day in connection.execute(_WORDS_ON_CLAIMS, (size,)):
        if claim in claims:
            first[forecaster].setdefault(claim, (words, by, day))
    found = {}
    for forecaster, read in first.items():
        words, by, days = zip(*read.values(), strict=True)
        used = sorted(Counter(words).items(), key=lambda word: (-word[1], word[0]))
        found[forecaster] = WordsRead(tuple(used), tuple(sorted({one for one in by if one})), min(days), max(days))
    return found
