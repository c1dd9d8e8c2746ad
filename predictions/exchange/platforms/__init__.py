"""Readers and writers of platforms' files, and the rules that are the same for all of them."""
