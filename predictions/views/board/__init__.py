"""The board, and a ledger in one line or three: where every statement stands."""
