"""Choose the units in which the losses of two forecasters are compared, and the range of each difference.

On claims of one type these are its scores. Over several types a loss is divided by what "knows nothing" expects to lose
on the claim. Units and ranges are known before any answer, which intervals that hold at any time need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from forecasts.curves import in_own_list
from forecasts.inputs import FloatArray, IndexArray
from predictions.scoring.anytime import ANY, BESIDE_HALF
from predictions.scoring.columns.claim_types import CHOICE, DATE, NUMBER, ORDERED, WORD_OF_KIND
from predictions.scoring.pool import Pool
from predictions.scoring.statistics import Ends

EXPECTED = 1 / 6  # the least that "knows nothing" expects to lose on a claim, of whatever type
NOTHING_AT_MOST: Mapping[int, float] = {NUMBER: 1 / 3, DATE: 7 / 12}  # the most that "knows nothing" can lose


class Scale(NamedTuple):
    """How losses on some claims are compared.

    Attributes:
        types: The types of the claims, in words.
        unit: The number by which the loss on each claim of the ledger is divided.
        within: The range in which every difference of losses lies, in these units.
    """

    types: tuple[str, ...]
    unit: FloatArray
    within: Ends


def scale_of(pool: Pool, claims: IndexArray, *, beside_nothing: bool) -> Scale:
    """Return how losses on these claims are compared, of two forecasters or, with *beside_nothing*, of one alone."""
    types, scoring = pool.table.claims.types, pool.table.scoring
    kinds, unit = np.unique(types.kind[claims]).tolist(), np.ones(types.kind.size)
    words = tuple(WORD_OF_KIND[kind] for kind in kinds)
    if len(kinds) > 1:
        unit[claims] = scoring.spread(claims)
        most = 1 / EXPECTED
        return Scale(words, unit, (-max(NOTHING_AT_MOST.values()) * most if beside_nothing else -most, most))
    if not beside_nothing:
        return Scale(words, unit, ANY)
    if kinds in ([CHOICE], [ORDERED]):
        options = types.options[claims]
        losses = scoring.reference_losses(in_own_list(options).astype(np.float64), np.repeat(claims, options))
        return Scale(words, unit, (-float(losses.max()), 1 - float(losses.min())))
    most = NOTHING_AT_MOST.get(kinds[0], 0.0) if kinds else 0.0
    return Scale(words, unit, (-most, 1.0) if most else BESIDE_HALF)
