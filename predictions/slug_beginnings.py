"""Shortening slugs to beginnings that no other slug has, for commands to type."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property

from predictions.slugs import OF_TABLE

LEAST_WORDS = 2  # words in the beginning of a slug, for a command to type


class Beginnings:
    """Shortens slugs to a beginning that no other slug has.

    >>> Beginnings(["two-labs-publish-prices", "two-suns-set"]).of("two-labs-publish-prices")
    'two-labs'
    """

    def __init__(self, slugs: Iterable[str]) -> None:
        """Take the slugs of all records of a kind; they are not read before the first call."""
        self._slugs = slugs

    @cached_property
    def _typed(self) -> list[tuple[str, str]]:
        """All texts of which the beginnings are accepted for a slug, each with the slug, sorted."""
        slugs = list(self._slugs)
        return sorted([*((slug, slug) for slug in slugs), *((slug.removeprefix(OF_TABLE), slug) for slug in slugs)])

    def of(self, slug: str) -> str:
        """Return the shortest beginning of whole words, at least two, that only this slug has; else the slug itself."""
        words = slug.split("-")
        beginnings = ("-".join(words[:count]) for count in range(LEAST_WORDS, len(words)))
        return next((beginning for beginning in beginnings if self._reaches_one(beginning)), slug)

    def within(self, slug: str, most: int) -> str:
        """Return a slug if it has at most *most* letters; else as many words of it as fit, if only it begins so.

        If others begin with these words too, it is the shortest beginning of *most* letters or more that only it has.

        >>> Beginnings(["two-labs-publish-prices", "two-labs-publish-plans"]).within("two-labs-publish-prices", 22)
        'two-labs-publish-price'
        """
        if len(slug) <= most:
            return slug
        bare = slug.removeprefix(OF_TABLE)
        words = bare.split("-")
        of_whole_words = ("-".join(words[:count]) for count in range(len(words), LEAST_WORDS - 1, -1))
        fitting = [beginning for beginning in of_whole_words if len(beginning) <= most]
        longer = (bare[:count] for count in range(most, len(bare) + 1) if bare[count - 1] != "-")
        return next(filter(self._reaches_one, (*fitting, *longer)), slug)

    def _reaches_one(self, beginning: str) -> bool:
        """Return whether exactly one slug begins so."""
        start = bisect_left(self._typed, (beginning, ""))
        next_texts = self._typed[start : start + 3]  # three, because a single slug may be there twice
        return len({slug for typed, slug in next_texts if typed.startswith(beginning)}) == 1
