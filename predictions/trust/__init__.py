"""Why a sceptic may believe a ledger, and how it survives: verify, proofs, backup, merge, redaction, signatures."""
