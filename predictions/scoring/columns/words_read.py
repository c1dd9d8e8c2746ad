"""Read which words each forecaster used instead of numbers, and who turned them into numbers when."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import NamedTuple

from predictions.storage.seals import SEALED_AT

WORDS_NAMED = 4  # how many different words are listed at most; the rest is counted together

_WORDS_ON_CLAIMS = f"""select f.forecaster, f.claim, f.words, f.recorded_by, date({SEALED_AT.format("f")})
from main.forecast f where f.words is not null and f.entry < ?1 and not exists (
    select 1 from main.forecast later where later.claim = f.claim and later.forecaster = f.forecaster
    and later.made_at = f.made_at and later.revision > f.revision and later.entry < ?1
) order by f.made_at, f.entry"""


class WordsRead(NamedTuple):
    """The words that one forecaster used, counting the first on each claim.

    Attributes:
        used: The words, each with its number of claims, the most frequent first.
        by: The names of those who recorded the numbers for them; empty if that is not on file.
        first_on: The day on which the first number was recorded, in ISO form.
        last_on: The day on which the last number was recorded.
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
        parts = [f'{count:,} "{word}"' for word, count in self.used[:WORDS_NAMED]]
        if more:
            parts.append(f"{more:,} others")
        return ", ".join(parts)

    @property
    def reading(self) -> str:
        """Who read them as numbers, and when.

        >>> WordsRead((("will", 1),), ("ed",), "2026-01-05", "2026-01-05").reading
        'read by ed on 2026-01-05'
        """
        when = f"on {self.first_on}" if self.first_on == self.last_on else f"from {self.first_on} to {self.last_on}"
        return f"read by {' and '.join(self.by)} {when}" if self.by else f"read {when}"


def words_read(connection: sqlite3.Connection, size: int, claims: Collection[int]) -> dict[int, WordsRead]:
    """Return the words that each forecaster, by ledger entry, used on some claims, among the first *size* entries."""
    first: dict[int, dict[int, tuple[str, str | None, str]]] = defaultdict(dict)
    for forecaster, claim, words, recorder, day in connection.execute(_WORDS_ON_CLAIMS, (size,)):
        if claim in claims:
            first[forecaster].setdefault(claim, (words, recorder, day))
    words_of = {}
    for forecaster, first_on_claims in first.items():
        words, recorders, days = zip(*first_on_claims.values(), strict=True)
        used = sorted(Counter(words).items(), key=lambda word: (-word[1], word[0]))
        names = sorted({name for name in recorders if name})
        words_of[forecaster] = WordsRead(tuple(used), tuple(names), min(days), max(days))
    return words_of
