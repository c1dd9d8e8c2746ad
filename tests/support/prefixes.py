"""The proof that an earlier head is a prefix of a ledger, as `verify(head=, proof=)` writes it."""

from __future__ import annotations

from predictions import Head, Ledger
from predictions.trust.proofs import Comparison, prove_prefix


def prefix_proof(ledger: Ledger, head: Head | str) -> Comparison:
    """Prove that a head is a prefix of what the ledger holds now."""
    with ledger._journal.reading():
        return prove_prefix(ledger._journal, head).saying(ledger.lacks)
