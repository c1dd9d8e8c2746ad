"""What a redacted copy no longer holds, in words: it has the head of the whole, and must nowhere pass for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from predictions.numerals import counted, plural

LISTED = 20
PLURALS = {"evidence": "evidence"}  # one needs none


class Missing(NamedTuple):
    """One entry whose body is gone: its kind, and when it was recorded."""

    kind: str
    recorded_at: str


class Redacted(NamedTuple):
    """The entries under a head whose bodies are gone from this copy."""

    bodies: Mapping[int, Missing]
    size: int
    head: str

    @property
    def line(self) -> str:
        """The same where there is one line only."""
        return f"[redacted: {len(self.bodies):,} of {self.size:,}]"

    @property
    def banner(self) -> str:
        """What stands above everything that is shown."""
        listed = ", ".join(map(str, list(self.bodies)[:LISTED]))
        more = f" and {len(self.bodies) - LISTED:,} more" if len(self.bodies) > LISTED else ""
        records, of = len(self.bodies), self.size
        have, entries = plural(records, "has", "have"), plural(records, "entry", "entries")
        return (
            f"REDACTED COPY  {records:,} of {of:,} records {have} no text: {entries} {listed}{more}\n"
            f"head {self.head}, the same as in the whole ledger"
        )

    @property
    def beyond(self) -> str:
        """What nobody can tell without them."""
        kinds = Counter(missing.kind for missing in self.bodies.values())
        told = ", ".join(counted(count, kind, PLURALS.get(kind)) for kind, count in kinds.items())
        return f"what the missing ones would change cannot be known: {told}"

    def to_dict(self) -> dict[str, int | list[int]]:
        """The same as plain values."""
        return {"records": len(self.bodies), "of": self.size, "entries": list(self.bodies)}
