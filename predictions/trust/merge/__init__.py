"""Merging: what another copy of a ledger recorded, or an independent ledger says of the same claims."""
