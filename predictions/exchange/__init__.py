"""What comes in from tables and platforms, and goes out to them: readers, one taker, writers."""
