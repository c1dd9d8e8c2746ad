"""Count in plain numbers how often a forecaster was near the outcome, on claims that are not yes or no."""

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
    """How many of a forecaster's scored claims came out as forecast.

    A forecast of a date takes the side of "in the window" if it gave that more than 50 %. It is on no side with exactly
    50 %; so is a forecast of a choice without a single likeliest option.

    Attributes:
        near: How many came out as forecast: the likeliest option came true, the number lay in the middle 80 %, or the
            event came in the window or not as the forecast's side said.
        sided: How many forecasts are on a side.
        observations: How many observations these make; claims that hang together are one.
        neither: How many forecasts are on no side.
    """

    near: int
    sided: int
    observations: int
    neither: int = 0


def near_count(record: TrackRecord) -> NearCount:
    """Count how often a record was near, over its scored claims, which are all of one type."""
    near, sided = nearness(record)
    count, observations = int(sided.sum()), np.unique(record.series.cluster[sided]).size
    return NearCount(int((near & sided).sum()), count, observations, sided.size - count)


def nearness(record: TrackRecord) -> tuple[BoolArray, BoolArray]:
    """Return for each scored claim whether it came out as forecast, and whether the forecast is on a side."""
    scoring, scored = record.scoring, record.series
    if isinstance(scoring, Choice):
        return _likeliest_named(scoring, scored)
    if isinstance(scoring, Number):
        return _in_middle_range(scoring, scored)
    if isinstance(scoring, Date):
        return _happened_in_time(scoring, scored)
    nothing = np.zeros(scored.claim.size, np.bool_)
    return nothing, nothing  # claims of yes or no are right or wrong, and counted elsewhere


def _likeliest_named(scoring: Choice, scored: ScoredColumns) -> tuple[BoolArray, BoolArray]:
    """Return whether the likeliest option came true, and whether a single option was likeliest."""
    shares = scoring.shares.part(positions(scored.probability))
    largest = np.maximum.reduceat(shares.share, shares.first) if shares.size.size else np.zeros(0)
    likeliest = shares.share >= largest[shares.owner] - ROUNDING
    has_one = np.bincount(shares.owner[likeliest], minlength=shares.size.size) == 1
    return likeliest[shares.first + positions(scored.value)], has_one


def _in_middle_range(scoring: Number, scored: ScoredColumns) -> tuple[BoolArray, BoolArray]:
    """Return which numbers came out in the middle 80 % of their forecast; every forecast of a number is on a side."""
    place = scoring.places(scored.probability, scored.value, scored.claim.astype(np.intp))
    near = (place[:, 0] <= MIDDLE_RANGE[1] + ROUNDING) & (place[:, 1] >= MIDDLE_RANGE[0] - ROUNDING)
    return near, np.ones(near.size, np.bool_)


def _happened_in_time(scoring: Date, scored: ScoredColumns) -> tuple[BoolArray, BoolArray]:
    """Return whether the chance that it happens in the window was on the right side of 50 %, and on a side at all."""
    claim = scored.claim.astype(np.intp)
    chance = scoring.in_window(scored.probability, claim)
    return (chance > 0.5) == (scored.value <= scoring.days[claim]), np.abs(chance - 0.5) > ROUNDING
