"""Judge whether a forecaster's distributions of numbers or dates are calibrated: where the outcomes fell in them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.dates import Date
from forecasts.distribution_calibration import Coverage, PlacesHistogram, coverage_of_ranges, places_histogram
from forecasts.inputs import FloatArray
from forecasts.numbers import Number
from predictions.scoring.columns.claim_types import DATE, NUMBER
from predictions.scoring.score_columns import LEVEL, SEED
from predictions.scoring.track_record import TrackRecord

JUDGED = {NUMBER, DATE}  # the types whose values have an order fine enough for ranges
RANGES = (0.5, 0.8, 0.9)  # the middle ranges of a distribution for which outcomes are counted
FIFTHS, DRAWS = 5, 2_000  # into how many parts a distribution is cut; how many calibrated records are drawn to compare


class TypeCalibration(NamedTuple):
    """Where the outcomes fell in a forecaster's distributions; a unit with every declared cluster is one observation.

    Attributes:
        spread: How many outcomes fell in each fifth.
        ranges: How many outcomes lay in each middle range.
    """

    spread: PlacesHistogram
    ranges: tuple[Coverage, ...]


def type_calibration(record: TrackRecord) -> TypeCalibration | None:
    """Judge the scored forecasts of a record on claims of one type.

    None if there are too few statements, or the type is neither number nor date.
    """
    if record.few or not isinstance(record.scoring, Number | Date):
        return None
    place, cluster = places_of(record), record.series.cluster
    histogram = places_histogram(place, cluster, bins=FIFTHS, level=LEVEL, draws=DRAWS, seed=SEED)
    return TypeCalibration(histogram, tuple(coverage_of_ranges(place, cluster, levels=RANGES)))


def places_of(record: TrackRecord) -> FloatArray:
    """Return where the outcomes fell in the scored distributions: the chances below and up to each, shape (claims, 2).

    No rows for types other than number and date.
    """
    scoring, scored = record.scoring, record.series
    if not isinstance(scoring, Number | Date):
        return np.zeros((0, 2))
    return scoring.places(scored.probability, scored.value, scored.claim.astype(np.intp))
