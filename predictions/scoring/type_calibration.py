"""Judge whether somebody's distributions of numbers or dates are calibrated: where the outcomes fell in them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.distribution_calibration import Coverage, PlacesHistogram, coverage_of_ranges, places_histogram
from forecasts.distributions import Date, Number
from forecasts.questions import Mixed
from predictions.scoring.columns.claim_types import DATE, NUMBER
from predictions.scoring.score_columns import LEVEL, SEED
from predictions.scoring.track_record import TrackRecord

JUDGED = {NUMBER, DATE}  # the types whose values have an order fine enough for ranges
RANGES = (0.5, 0.8, 0.9)  # the middle ranges of a distribution that are told


class TypeCalibration(NamedTuple):
    """Where the outcomes fell in somebody's distributions; one observation a unit, with every declared cluster.

    Attributes:
        spread: How many fell in each fifth.
        ranges: How many lay in the middle ranges.
    """

    spread: PlacesHistogram
    ranges: tuple[Coverage, ...]


def type_calibration(record: TrackRecord, kind: int) -> TypeCalibration | None:
    """Judge the forecasts that are scored, of a record on claims of one type; None of few, and of other types."""
    scoring = record.table.scoring
    of_type = scoring.of_type(kind) if isinstance(scoring, Mixed) else scoring
    if record.few or not isinstance(of_type, Number | Date):
        return None
    scored = record.series
    place = of_type.places(scored.probability, scored.value, scored.claim.astype(np.intp))
    histogram = places_histogram(place, scored.cluster, level=LEVEL, seed=SEED)
    return TypeCalibration(histogram, tuple(coverage_of_ranges(place, scored.cluster, levels=RANGES)))
