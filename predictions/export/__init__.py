"""The ledger in other forms: Parquet files, a plain SQLite copy."""
