"""Tell how much of the questions was hardly in doubt, which raises everybody's skill: as a mean, and in words."""

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
QUESTIONED = ("claims", "options", "cuts", "range", "days")  # the parts that may be in doubt, by the same kinds


def mean_undoubted(undoubted: Undoubted, claim: ClaimArray, unit: IndexArray) -> float | None:
    """Return the mean over units of the share that was hardly in doubt; None if nobody is scored on these claims.

    *unit* is the unit of each claim in *claim*.
    """
    shares = undoubted.part(claim).shares
    has_share = ~np.isnan(shares)
    return float(unit_means(unit[has_share], shares[has_share]).mean()) if has_share.any() else None


def undoubted_told(kind: int, undoubted: Undoubted) -> str:
    """Return in words how much of the questions on claims of one kind was hardly in doubt; empty if nothing was.

    >>> one = np.ones(1)
    >>> undoubted_told(1, Undoubted(one, 3 * one, 8 * one)), undoubted_told(NUMBER, Undoubted(one, 0.4 * one, one))
    ('3 of 8 options', '40 % of the range')
    """
    questions, asked = float(np.nansum(undoubted.questions)), float(np.nansum(undoubted.asked))
    if kind == NUMBER:
        share = questions / asked if asked else 0.0
        return f"{percent(share)} of the range" if share >= 0.005 else ""
    return f"{questions:,.0f} of {asked:,.0f} {QUESTIONED[kind]}" if questions else ""
