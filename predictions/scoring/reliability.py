"""What a reliability diagram shows of one forecaster: the CORP curve, its band, and bins with their counts."""

from __future__ import annotations

from dataclasses import dataclass

from forecasts.corp import ConsistencyTest
from predictions.scoring.score_columns import LEVEL
from predictions.scoring.track_record import ScoredColumns

BINS = 10


@dataclass(frozen=True)
class Bin:
    """One tenth of the scale: how many forecasts, how often they came true, and how sure that is."""

    count: int
    mean_probability: float
    frequency: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Reliability:
    """The curve at each distinct probability, and where it would lie for a calibrated forecaster."""

    probability: tuple[float, ...]
    recalibrated: tuple[float, ...]
    band: tuple[tuple[float, float, float], ...]  # probability, lower, upper
    bins: tuple[Bin | None, ...]
    n: int

    @property
    def counts(self) -> tuple[int, ...]:
        return tuple(one.count if one else 0 for one in self.bins)


def reliability(said: ScoredColumns, test: ConsistencyTest | None) -> Reliability:
    """The diagram of some scored series, with the band of their test if there is one; ValueError without any."""
    from forecasts.bins import display_bins
    from forecasts.corp import reliability_curve

    chances, truth = said.probability, said.value
    curve, shown = reliability_curve(chances, truth), display_bins(chances, truth, bins=BINS)
    if curve is None or shown is None:
        raise ValueError("there is no scored claim to draw")
    lower, upper = shown.interval(LEVEL)
    columns = (shown.count, shown.mean_probability, shown.frequency, lower, upper)
    bins = [
        Bin(int(count), mean, share, low, high) if count else None
        for count, mean, share, low, high in zip(*(column.tolist() for column in columns), strict=True)
    ]
    band = zip(test.probability.tolist(), test.lower.tolist(), test.upper.tolist(), strict=True) if test else ()
    return Reliability(
        tuple(curve.probability.tolist()), tuple(curve.recalibrated.tolist()), tuple(band), tuple(bins), chances.size
    )
