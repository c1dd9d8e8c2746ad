"""Keep what the files of one run have been counted for, so that what several of them say is counted once."""

from __future__ import annotations

import numpy as np

from predictions.exchange.questions import Verdict
from predictions.exchange.taking.placed_forecasts import PlacedForecasts


class CountedOnce:
    """What earlier files of a run said.

    A run of one file keeps nothing of its forecasts, because a file is checked for repeats when it is read.
    """

    def __init__(self, files: int) -> None:
        """Begin a run of so many *files*."""
        self._has_several = files > 1
        self._claims: set[str] = set()
        self._evidence: set[str] = set()
        self._verdicts: set[tuple[str, Verdict]] = set()
        self._forecasts: set[tuple[str, str, int, str]] = set()

    def is_first_claim(self, slug: str) -> bool:
        """Return whether no earlier file has this claim, and remember it."""
        return _is_added(self._claims, slug)

    def is_first_evidence(self, slug: str) -> bool:
        """Return whether this piece of evidence was not yet counted in the run, and remember it."""
        return _is_added(self._evidence, slug)

    def is_first_verdict(self, claim: str, verdict: Verdict) -> bool:
        """Return whether no earlier file gives the claim this same verdict, and remember it."""
        return not self._has_several or _is_added(self._verdicts, (claim, verdict._replace(row=0, cell=None)))

    def forecasts(self, forecasts: PlacedForecasts) -> PlacedForecasts:
        """Return the forecasts that no earlier file says in the same words, and remember them."""
        if not self._has_several:
            return forecasts
        columns = forecasts.columns.forecasts
        keys = [
            (forecasts.claims[claim], forecasts.forecasters[forecaster], made_at, repr(forecasts.columns.fields(place)))
            for place, (claim, forecaster, made_at) in enumerate(
                zip(columns.claim.tolist(), columns.forecaster.tolist(), columns.made_at.tolist(), strict=True)
            )
        ]
        is_first = np.array([key not in self._forecasts for key in keys], np.bool_)
        self._forecasts.update(keys)
        return forecasts.chosen(is_first)


def _is_added(known: set, item: object) -> bool:  # type: ignore[type-arg]  # of slugs, or of verdicts with their claims
    """Add an item to a set, and return whether it was not in it."""
    size_before = len(known)
    known.add(item)
    return len(known) > size_before
