"""How much of what claims ask was hardly in doubt, which raises every skill: as a mean, and in words."""

from __future__ import annotations

import numpy as np

from forecasts.inputs import ClaimArray, IndexArray
from forecasts.undoubted import OUTER, SURE, Undoubted
from predictions.numerals import percent
from predictions.scoring.columns.claim_types import NUMBER
from predictions.scoring.track_record import unit_means

BARELY = f"{percent(SURE)} or less from everybody, or {percent(1 - SURE)} or more"
ALONG_AN_ORDER = f"outside everybody's middle {percent(1 - 2 * OUTER)}"
HARDLY = (BARELY, BARELY, ALONG_AN_ORDER, ALONG_AN_ORDER, ALONG_AN_ORDER)  # by the kinds of ClaimTypes
QUESTIONED = ("claims", "options", "cuts", "range", "days")  # what may be in doubt, likewise


def mean_undoubted(found: Undoubted, claim: ClaimArray, unit: IndexArray) -> float | None:
    """Return the mean share over units of some claims; None where nobody forecast any of them."""
    shares = found.part(claim).shares
    known = ~np.isnan(shares)
    return float(unit_means(unit[known], shares[known]).mean()) if known.any() else None


def undoubted_told(kind: int, found: Undoubted) -> str:
    """Tell how much of what claims of one kind ask was hardly in doubt; empty where it is nothing.

    >>> one = np.ones(1)
    >>> undoubted_told(1, Undoubted(one, 3 * one, 8 * one)), undoubted_told(NUMBER, Undoubted(one, 0.4 * one, one))
    ('3 of 8 options', '40 % of the range')
    """
    questions, of = float(np.nansum(found.questions)), float(np.nansum(found.of))
    if kind == NUMBER:
        share = questions / of if of else 0.0
        return f"{percent(share)} of the range" if share >= 0.005 else ""
    return f"{questions:,.0f} of {of:,.0f} {QUESTIONED[kind]}" if questions else ""
