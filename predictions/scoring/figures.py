"""What a card says of a forecaster: the figures, and the plain rules they are set beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reference(StrEnum):
    """A forecaster without insight, to be compared with."""

    HALF = "always 50 %"
    BASE_RATE = "base rate"  # of the outcomes of the other statements: hindsight
    CLOCK = "the clock"  # the base rate at the opening, then only time passing: for claims that ask for events
    CROWD = "the others"  # the median of everybody else's standing forecasts


HINDSIGHT = "base rate: how often the other statements came true, which was not known at the time"


@dataclass(frozen=True)
class Against:
    """Skill over time against one reference: the loss saved, over how many statements."""

    skill: float
    statements: int


@dataclass(frozen=True)
class Figures:
    """The figures of one forecaster's scored rows; None where there is nothing to take a figure of."""

    forecaster: str
    n: int  # statements, each one observation
    brier: float | None
    interval: tuple[float, float] | None  # for the mean Brier, from resampled statements
    log_score: float | None
    coverage: float | None
    skill: Mapping[Reference, Against]
    miscalibration: float | None
    discrimination: float | None
    uncertainty: float | None
    p_value: float | None  # of being calibrated
    shrunk: float | None  # the mean Brier drawn towards the others'
    verdict: str


@dataclass(frozen=True)
class Plain:
    """What saying the same of every claim would have scored on all statements of a card."""

    name: Reference
    n: int
    brier: float
    log_score: float
