"""The file: what is stored, in which bytes."""
