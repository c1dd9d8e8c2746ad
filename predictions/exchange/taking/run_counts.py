"""What one run of an import came to, counted as it goes; the card of the run says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from predictions.exchange.questions import LeftOut
from predictions.exchange.taking.changes import Change
from predictions.exchange.taking.likeness import LikelyPair
from predictions.exchange.taking.mended_rows import MendedDay

COUNTED_UNITS = ("question", "forecast", "verdict")
BESIDE_THEM = ("comment", "text")
BY_PLATFORM = "platform"  # how the times of a platform's forecasts are known


@dataclass(repr=False)  # the card shows itself
class RunCounts:
    """What one run came to.

    Attributes:
        new: How many records of each kind are new.
        stand: How many of each kind stood already.
        by: How many new forecasts each forecaster has, by title; on a platform by slug.
        withdrew: How many of these are withdrawals, likewise.
        kinds: How many of these forecasters are of each kind.
        new_forecasters: Those of them who are new.
        types: How many new claims there are of each type.
        deadlines: The first and the last of their deadlines.
        times: How many new forecasts there are by how their time is known.
        backdated: How many of each forecaster are backdated, by title.
        made: How many were made into what is not said to the letter, by how, such as mended shares.
        words: How often each word stands for a number.
        scales: The scales on which words are read.
        counts_from: How many new claims with a verdict count from which day.
        undecided: How many new claims came out ambiguous or annulled, and never count.
        without: How many new claims have no verdict.
        known_when_over: How many of no are dated by the last day of their windows, and known from the day after.
        not_scored: How many new claims end on the day they were asked.
        overturned: Verdicts of earlier runs that the files replace, each with its claim and what it is now.
        put_on: Questions that were put onto claims on file just now, each with its claim.
        dissents: Claims on file on which the platform's verdict differs, and stands beside theirs.
        cut_short: How many new claims may have closed when they were answered.
        repeated: How many forecasts or rows say again what was said.
        left_out: What has no place in a ledger, by unit and reason.
        unsaid: What was left out of what is recorded, likewise: comments, and texts that are too long.
        changes: What the file says otherwise than the ledger; it was left as it is.
        alike: New names, each with the forecaster on file that it may be.
        kept_apart: Forecasters, and claims of questions, that are said to be others now, and keep what is on file.
        pairs: New questions, each with the claim on file that it may be.
        days: New forecasts of a table that may be those of another day on file, which was mended.
        uncompared: How many new forecasters there are, being too many to look for such names.
        first: The first row, as it was read.
        briefly: By which beginning a slug is named where a line to type would be too long.
    """

    new: Counter[str] = field(default_factory=Counter)
    stand: Counter[str] = field(default_factory=Counter)
    by: Counter[str] = field(default_factory=Counter)
    withdrew: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    new_forecasters: tuple[str, ...] = ()
    types: Counter[str] = field(default_factory=Counter)
    deadlines: tuple[date, ...] = ()
    times: Counter[str] = field(default_factory=Counter)
    backdated: Counter[str] = field(default_factory=Counter)
    made: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    scales: tuple[str, ...] = ()
    counts_from: Counter[str] = field(default_factory=Counter)
    undecided: int = 0
    without: int = 0
    known_when_over: int = 0
    not_scored: int = 0
    overturned: tuple[str, ...] = ()
    put_on: tuple[tuple[str, str], ...] = ()
    dissents: tuple[str, ...] = ()
    cut_short: int = 0
    repeated: int = 0
    left_out: dict[str, dict[str, int]] = field(default_factory=dict)
    unsaid: dict[str, dict[str, int]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    alike: tuple[tuple[str, str], ...] = ()
    kept_apart: tuple[str, ...] = ()
    pairs: tuple[LikelyPair, ...] = ()
    days: tuple[MendedDay, ...] = ()
    uncompared: int = 0
    first: str = ""
    briefly: dict[str, str] = field(default_factory=dict, repr=False)

    def leave_out(self, left_out: Iterable[LeftOut]) -> None:
        """Count what has no place in a ledger, by its unit and reason, both in their order."""
        for item in left_out:
            whys = (self.left_out if item.unit in COUNTED_UNITS else self.unsaid).setdefault(item.unit, {})
            whys[item.why] = whys.get(item.why, 0) + item.count
        self.left_out = _by_unit(COUNTED_UNITS, self.left_out)
        self.unsaid = _by_unit(BESIDE_THEM, self.unsaid)


def _by_unit(units: Sequence[str], counted: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {unit: dict(sorted(counted[unit].items())) for unit in units if unit in counted}
