"""What each verb that writes records: it builds the record, checks it against the ledger, and enters it once."""
