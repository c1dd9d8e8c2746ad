"""What came in as a whole: forecasts from one file, and another copy of a ledger."""

from __future__ import annotations

from predictions.fields import Count, Digest, LedgerId, Line, Total
from predictions.records.record import Record, SourceRef


class Import(Record):
    """Many forecasts from one file at once.

    Attributes:
        number: 1 for the first import of a ledger, one more for each later one.
        file: The name of the file.
        sha256: The SHA-256 of the file's bytes; without a file the blocks alone tell what was imported.
        forecasts: How many forecasts were new.
        already: How many were on file before.
        left_out: How many rows were bad and left out.
        rounded: How many chances had more than 12 decimals.
        claims: How many claims they are on.
        claims_sha256: The digest of the sorted slugs of these claims, each followed by a new line.
        forecasters: How many forecasters they are by.
        forecasters_sha256: The digest of the forecasters' slugs, likewise.
        blocks: How many blocks hold them; 0 where they follow as records of their own.
        blocks_root: The Merkle root of the blocks, in hexadecimal.
        published_in: The source whose dates the forecasts' times are.
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
    """The head of another copy of this ledger, or of another ledger, whose records stand under the same seal.

    Attributes:
        ledger_id: Its ledger's id; that of this ledger where it is a copy.
        size: How many entries it had.
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
        """Return the head, shortened to what a person compares at a glance."""
        return f"{self.size}:{self.root[:12]}"
