"""What one run of an import came to, counted as it goes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from predictions.exchange.questions import LeftOut
from predictions.exchange.taking.changes import Change
from predictions.exchange.taking.likeness import LikelyPair

BY_PLATFORM = "platform"  # how the times of a platform's forecasts are known


@dataclass
class RunCounts:
    """What one run came to, counted as it goes."""

    new: Counter[str] = field(default_factory=Counter)  # by noun
    stand: Counter[str] = field(default_factory=Counter)
    by: Counter[str] = field(default_factory=Counter)  # new forecasts by the forecaster's title; on a platform by slug
    kinds: Counter[str] = field(default_factory=Counter)  # of these forecasters
    new_people: list[str] = field(default_factory=list)  # likewise
    types: Counter[str] = field(default_factory=Counter)
    deadlines: list[date] = field(default_factory=list)
    times: Counter[str] = field(default_factory=Counter)
    backdated: Counter[str] = field(default_factory=Counter)  # by the forecaster's title
    words: Counter[str] = field(default_factory=Counter)
    scales: Counter[str] = field(default_factory=Counter)
    counts_from: Counter[str] = field(default_factory=Counter)  # claims with a verdict, by their settle day
    without: int = 0  # new claims without a verdict
    known_when_over: int = 0  # verdicts of no that the file dates by the last day of their windows
    not_scored: int = 0  # new claims that end on the day they were asked
    dissents: list[str] = field(default_factory=list)  # claims on which a verdict stands beside another
    cut_short: int = 0  # new claims that may have closed when they were answered
    repeated: int = 0
    left_out: list[LeftOut] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    alike: list[tuple[str, str]] = field(default_factory=list)  # a new forecaster's name, and who it may be
    kept_apart: list[str] = field(default_factory=list)  # forecasters who are said to be others now
    pairs: list[LikelyPair] = field(default_factory=list)
    uncompared: int = 0  # new forecasters, being too many to look for such names
    first: str = ""  # the first row, as it was read
