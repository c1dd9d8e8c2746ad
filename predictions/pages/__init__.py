"""What is published from a ledger: the report, the files for Datasette, the calendar."""
