"""What a redacted copy lacks, in words.

A redacted copy has the head of its original, so everything drawn from it must say that records are missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from predictions.numerals import counted, plural, some_of

ENTRIES_LISTED, ENTRIES_NAMED = 20, 5
PLURALS = {"evidence": "evidence"}  # kinds whose plural is not made with an s


class Missing(NamedTuple):
    """One entry whose body this copy lacks.

    Attributes:
        kind: The kind of its record.
        recorded_at: When it was recorded.
    """

    kind: str
    recorded_at: str


class Redacted(NamedTuple):
    """The entries under a head whose bodies this copy lacks.

    Attributes:
        bodies: These entries, by number.
        size: The number of all entries under the head.
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
        """Return the notice above everything that is shown."""
        listed = some_of([*map(str, self.bodies)], ENTRIES_LISTED)
        missing = len(self.bodies)
        have, entries = plural(missing, "has", "have"), plural(missing, "entry", "entries")
        return (
            f"REDACTED COPY  {missing:,} of {self.size:,} records {have} no text: {entries} {listed}\n"
            f"head {self.head}, the same as in the whole ledger"
        )

    @property
    def beyond(self) -> str:
        """Return the sentence that nobody knows what the missing records, of these kinds, would change."""
        kinds = Counter(missing.kind for missing in self.bodies.values())
        counts = ", ".join(counted(count, kind, PLURALS.get(kind)) for kind, count in kinds.items())
        return f"what the missing ones would change cannot be known: {counts}"

    def told_of(self, kind: str) -> str:
        """Return a remark on which entries of a kind are gone, as nobody can tell their claims; "" if none are."""
        gone = [str(entry) for entry, missing in self.bodies.items() if missing.kind == kind]
        entries = plural(len(gone), "entry", "entries")
        return f"(redacted, {entries} {some_of(gone, ENTRIES_NAMED, ', ')})" if gone else ""

    def to_dict(self) -> dict[str, int | list[int]]:
        """Return the notice as plain values."""
        return {"records": len(self.bodies), "of": self.size, "entries": list(self.bodies)}


def none_on_file(plain_noun: str, kind: str, lacks: Redacted | None) -> str:
    """Say that there is nothing of a kind on file; of a redacted copy, nothing that can be read.

    >>> none_on_file("evidence", "evidence", None)
    'no evidence on file'
    """
    gone = lacks.told_of(kind) if lacks else ""
    return f"no {plain_noun} on file that can be read {gone}" if gone else f"no {plain_noun} on file"
