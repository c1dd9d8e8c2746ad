"""Compute the values of a forecaster's reliability diagram: the CORP curve, its band, and bins with their counts."""

from __future__ import annotations

from dataclasses import dataclass

from forecasts.corp import ConsistencyTest
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.track_record import ScoredColumns

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The forecasts in one tenth of the scale.

    Attributes:
        count: How many forecasts.
        mean_probability: Their mean probability.
        frequency: The share that came true.
        lower: The low end of the interval of that frequency.
        upper: The high end of that interval.
    """

    count: int
    mean_probability: float
    frequency: float
    lower: float
    upper: float


@dataclass(frozen=True)
class ReliabilityDiagram:
    """A reliability diagram.

    Attributes:
        probability: The distinct probabilities, ascending.
        recalibrated: How often each came true, by the best rising curve.
        band: Where the curve would lie for a calibrated forecaster, as (probability, lower, upper); empty without a
            test.
        bins: The forecasts in each tenth of the scale; None for a tenth without any.
        n: How many forecasts there are in all.
    """

    probability: tuple[float, ...]
    recalibrated: tuple[float, ...]
    band: tuple[tuple[float, float, float], ...]
    bins: tuple[Bin | None, ...]
    n: int

    @property
    def counts(self) -> tuple[int, ...]:
        """How many forecasts are in each bin."""
        return tuple(tenth.count if tenth else 0 for tenth in self.bins)


def reliability(scored: ScoredColumns, test: ConsistencyTest | None) -> ReliabilityDiagram:
    """Return the diagram of some scored series, with the band of their calibration test if there is one.

    Raises:
        ValueError: There is no series.
    """
    from forecasts.bins import display_bins
    from forecasts.corp import reliability_curve

    curve = reliability_curve(scored.probability, scored.value)
    tenths = display_bins(scored.probability, scored.value, bins=BINS)
    if curve is None or tenths is None:
        raise ValueError("there is no scored claim to draw")
    lower, upper = tenths.interval(LEVEL)
    columns = (tenths.count, tenths.mean_probability, tenths.frequency, lower, upper)
    bins = [
        Bin(int(count), mean, frequency, low, high) if count else None
        for count, mean, frequency, low, high in zip(*(column.tolist() for column in columns), strict=True)
    ]
    band = zip(test.probability.tolist(), test.lower.tolist(), test.upper.tolist(), strict=True) if test else ()
    return ReliabilityDiagram(
        tuple(curve.probability.tolist()),
        tuple(curve.recalibrated.tolist()),
        tuple(band),
        tuple(bins),
        scored.probability.size,
    )
