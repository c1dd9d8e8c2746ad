"""Count what one run of an import did, for its card."""

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
BESIDE_THEM = ("withdrawal", "comment", "text")  # units left out of records, not records left out
BY_PLATFORM = "platform"  # key in `times`: the platform says when each forecast was made


@dataclass(repr=False)  # the card shows itself
class RunCounts:
    """What one run of an import did.

    Attributes:
        new: How many records of each kind are new.
        stand: How many records of each kind were on file already.
        by: How many new forecasts each forecaster has, by title; on a platform by slug.
        withdrew: How many of these are withdrawals, likewise.
        kinds: How many of these forecasters are of each kind.
        new_forecasters: The forecasters who are new.
        types: How many new claims there are of each type.
        deadlines: The first and the last deadline of new claims; empty if there are none.
        times: How many new forecasts there are by how their time is known.
        backdated: How many new forecasts of each forecaster are backdated, by title.
        another_day: How many of these have a link, and were made on another day than it was said.
        too_late: How many new forecasts are in no mean, by whether they were made or read from words too late.
        made: How many forecasts were changed when they were read, by how, such as shares that did not sum to 1.
        words: How often each word was read as a number.
        scales: The scales on which words were read.
        counts_from: How many new claims with a verdict count from which day.
        undecided: How many new claims are ambiguous or annulled, and never count.
        without: How many new claims have no verdict.
        known_when_over: How many verdicts of no were dated by the last day of the window, and count from the next.
        not_scored: How many new claims end on the day they were asked.
        overturned: Verdicts of earlier runs that were replaced, each with its claim and the new verdict.
        put_on: Questions that this run put onto claims on file, each with its claim.
        dissents: Claims on file beside whose verdict a different one of the platform was recorded.
        cut_short: How many new claims may have been closed early by their answers.
        repeated: How many forecasts or rows say the same as another.
        left_out: How many questions, forecasts and verdicts were left out, by unit and reason.
        unsaid: How many comments and texts were left out of records, likewise.
        changes: What the files say otherwise than the ledger, and was not changed.
        alike: New names, each with the forecaster on file whom it may mean.
        kept_apart: Forecasters and claims whose names or questions are said to be others now; they stay as they are.
        twice: The claims among these, each with the claim onto which its question is put now.
        pairs: New questions, each with the claim on file that it may be.
        days: New forecasts of a table, each with one on file that may be the same under an earlier, corrected day.
        uncompared: How many new forecasters there are, if that is too many to compare names; else 0.
        first: The first row, as it was read.
        briefly: Abbreviations of slugs for commands that would be too long.
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
    another_day: int = 0
    too_late: Counter[str] = field(default_factory=Counter)
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
    twice: tuple[LikelyPair, ...] = ()
    pairs: tuple[LikelyPair, ...] = ()
    days: tuple[MendedDay, ...] = ()
    uncompared: int = 0
    first: str = ""
    briefly: dict[str, str] = field(default_factory=dict, repr=False)

    def leave_out(self, left_out: Iterable[LeftOut]) -> None:
        """Count what was left out by unit and reason, and keep both sorted."""
        for item in left_out:
            reasons = (self.left_out if item.unit in COUNTED_UNITS else self.unsaid).setdefault(item.unit, {})
            reasons[item.why] = reasons.get(item.why, 0) + item.count
        self.left_out = _by_unit(COUNTED_UNITS, self.left_out)
        self.unsaid = _by_unit(BESIDE_THEM, self.unsaid)


def _by_unit(units: Sequence[str], counted: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Return the counts in the order of *units*, sorted by reason."""
    return {unit: dict(sorted(counted[unit].items())) for unit in units if unit in counted}
