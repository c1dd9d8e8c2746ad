"""The ledger in other forms: Parquet files, a plain SQLite copy, a calendar, files for Datasette."""
