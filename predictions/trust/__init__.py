"""Why a ledger can be believed, and how it is kept: verify, proofs, signatures, backup, merge, redaction."""
