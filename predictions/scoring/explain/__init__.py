"""The arithmetic behind a figure, written out for a reader to repeat."""
