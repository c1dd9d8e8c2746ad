"""The file: its schema and connection, the journal of entries and seals, and records as rows of typed tables."""
