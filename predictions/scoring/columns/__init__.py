"""The ledger as numpy columns: its claims, the forecasts on them, and what else scoring reads of the file."""
