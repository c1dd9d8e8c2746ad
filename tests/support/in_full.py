"""A scorecard with all that it can show."""

from __future__ import annotations

from dataclasses import replace

from predictions.views.scorecard import Scorecard


def in_full(card: Scorecard) -> Scorecard:
    """The same card, which shows everything."""
    return replace(card, full=True).saying(card.lacks)
