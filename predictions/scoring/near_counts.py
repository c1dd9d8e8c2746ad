"""Count in plain numbers how often somebody was near, on claims that are not yes or no."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from forecasts.choices import Choice
from forecasts.dates import Date
from forecasts.inputs import BoolArray
from forecasts.known_rows import positions
from forecasts.numbers import Number
from forecasts.undoubted import ROUNDING
from predictions.scoring.track_record import ScoredColumns, TrackRecord

MIDDLE_RANGE = (0.1, 0.9)  # the middle 80 % of a distribution


class NearCount(NamedTuple):
    """How many of somebody's settled claims of some types came out as they said.

    Attributes:
        near: How many did: the option held likeliest came true, the number lay in the middle 80 %, it happened in the
            window as more than 50 % said, or it did not as less said.
        of: Of how many; one without a likeliest option, or exactly 50 %, is on no side.
        observations: How many observations these make; claims that hang together are one.
        neither: How many are on no side.
    """

    near: int
    of: int
    observations: int
    neither: int = 0


def near_count(record: TrackRecord) -> NearCount:
    """Count the claims that are scored, of a record on claims of one type."""
    near, sided = nearness(record)
    count, observations = int(sided.sum()), np.unique(record.series.cluster[sided]).size
    return NearCount(int((near & sided).sum()), count, observations, sided.size - count)


def nearness(record: TrackRecord) -> tuple[BoolArray, BoolArray]:
    """Return of each scored claim whether it came out as said, and whether that is on a side."""
    scoring, scored = record.scoring, record.series
    if isinstance(scoring, Choice):
        return _likeliest_named(scoring, scored)
    if isinstance(scoring, Number):
        return _in_middle_range(scoring, scored)
    if isinstance(scoring, Date):
        return _happened_in_time(scoring, scored)
    nothing = np.zeros(scored.claim.size, np.bool_)
    return nothing, nothing  # yes or no is right or wrong


def _likeliest_named(scoring: Choice, scored: ScoredColumns) -> tuple[BoolArray, BoolArray]:
    """Return whether the likeliest option came true, and whether there was one."""
    said = scoring.said.part(positions(scored.probability))
    largest = np.maximum.reduceat(said.share, said.first) if said.size.size else np.zeros(0)
    likeliest = said.share >= largest[said.owner] - ROUNDING
    alone = np.bincount(said.owner[likeliest], minlength=said.size.size) == 1
    return likeliest[said.first + positions(scored.value)], alone


def _in_middle_range(scoring: Number, scored: ScoredColumns) -> tuple[BoolArray, BoolArray]:
    """Return which numbers came out in the middle 80 % of their forecast, and which forecasts take a side: all."""
    place = scoring.places(scored.probability, scored.value, scored.claim.astype(np.intp))
    near = (place[:, 0] <= MIDDLE_RANGE[1] + ROUNDING) & (place[:, 1] >= MIDDLE_RANGE[0] - ROUNDING)
    return near, np.ones(near.size, np.bool_)


def _happened_in_time(scoring: Date, scored: ScoredColumns) -> tuple[BoolArray, BoolArray]:
    """Return whether it was on the right side of 50 % that it happens in the window, and whether it was on a side."""
    claim = scored.claim.astype(np.intp)
    chance = scoring.in_window(scored.probability, claim)
    return (chance > 0.5) == (scored.value <= scoring.days[claim]), np.abs(chance - 0.5) > ROUNDING
