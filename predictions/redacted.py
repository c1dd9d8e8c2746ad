"""What a redacted copy lacks, in words.

A redacted copy has the head of the whole ledger, so everything drawn from it must say that it is not the whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from predictions.numerals import counted, plural, some_of

ENTRIES_LISTED = 20
PLURALS = {"evidence": "evidence"}  # one needs none


class Missing(NamedTuple):
    """One entry whose body is gone from this copy.

    Attributes:
        kind: Its kind of record.
        recorded_at: When it was recorded.
    """

    kind: str
    recorded_at: str


class Redacted(NamedTuple):
    """The entries under a head whose bodies are gone from this copy.

    Attributes:
        bodies: These entries, by number.
        size: How many entries the head has.
        head: The head, as short text.
    """

    bodies: Mapping[int, Missing]
    size: int
    head: str

    @property
    def line(self) -> str:
        """Return the notice for places with room for one line."""
        return f"[redacted: {len(self.bodies):,} of {self.size:,}]"

    @property
    def banner(self) -> str:
        """Return the notice that stands above everything that is shown."""
        listed = some_of([*map(str, self.bodies)], ENTRIES_LISTED)
        records, of = len(self.bodies), self.size
        have, entries = plural(records, "has", "have"), plural(records, "entry", "entries")
        return (
            f"REDACTED COPY  {records:,} of {of:,} records {have} no text: {entries} {listed}\n"
            f"head {self.head}, the same as in the whole ledger"
        )

    @property
    def beyond(self) -> str:
        """Word what nobody can tell without the missing records."""
        kinds = Counter(missing.kind for missing in self.bodies.values())
        counts = ", ".join(counted(count, kind, PLURALS.get(kind)) for kind, count in kinds.items())
        return f"what the missing ones would change cannot be known: {counts}"

    def to_dict(self) -> dict[str, int | list[int]]:
        """Return the notice as plain values."""
        return {"records": len(self.bodies), "of": self.size, "entries": list(self.bodies)}
