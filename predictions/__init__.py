"""Keeps track of what was predicted, and of who was right."""
