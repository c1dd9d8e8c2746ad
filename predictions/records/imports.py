"""Records of what came in as a whole: forecasts from one file, or another copy of a ledger."""

from __future__ import annotations

from predictions.fields import Count, Digest, LedgerId, Line, Total
from predictions.records.record import Record, SourceRef


class Import(Record):
    """Many forecasts from one file at once.

    Attributes:
        number: 1 for the first import of a ledger, one more for each later one.
        file: The name of the file.
        sha256: The SHA-256 of the file's bytes; None if the forecasts did not come from a file.
        forecasts: The number of new forecasts.
        already: The number of those that were on file before.
        left_out: The number of rows that had faults and were left out.
        rounded: The number of chances with more than 12 decimals.
        claims: The number of claims in the new forecasts.
        claims_sha256: The digest of the sorted slugs of these claims, each followed by a new line.
        forecasters: The number of forecasters in them.
        forecasters_sha256: The digest of the forecasters' slugs, likewise.
        blocks: The number of blocks that hold them; 0 if they follow as records of their own.
        blocks_root: The Merkle root of the blocks, in hexadecimal.
        published_in: The source that published the forecasts, and dates them.
    """

    noun = "import"
    key = ("number",)
    amendable = frozenset[str]()
    number: Count
    file: Line | None = None
    sha256: Digest | None = None
    forecasts: Total
    already: Total
    left_out: Total
    rounded: Total
    claims: Total
    claims_sha256: Digest
    forecasters: Total
    forecasters_sha256: Digest
    blocks: Total
    blocks_root: Digest
    published_in: SourceRef | None = None


class Merge(Record):
    """The head of another copy of this ledger, or of another ledger, whose records were taken in under the same seal.

    Attributes:
        ledger_id: The other ledger's id, which for a copy is that of this one.
        size: The number of its entries.
        root: Its Merkle root, in hexadecimal.
    """

    noun = "merge"
    key = ("size", "root")
    amendable = frozenset[str]()
    ledger_id: LedgerId
    size: Total
    root: Digest

    @property
    def name(self) -> str:
        """Return the head, shortened so that a person can compare it at a glance."""
        return f"{self.size}:{self.root[:12]}"
