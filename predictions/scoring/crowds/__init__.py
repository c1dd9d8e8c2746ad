"""Crowds as forecasters: combined numbers and distributions, which are never stored."""
