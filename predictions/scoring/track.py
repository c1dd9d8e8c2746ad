"""One forecaster's record over the claims that are scored: means, bounds, and what fell out on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from predictions.records import Forecaster
from predictions.scoring.rows import Place, Reading, Row

FEW = 10
FUNNEL = (
    "forecast",
    "due",
    "resolved",
    "scored",
    "annulled",
    "ambiguous",
    "overdue",
    "no verdict yet",
    "claimed (apart)",
    "imputed (apart)",
    "too late",
    "withdrawn",
    "superseded",
    "ended before due",
    "with claimed ones apart",
)


@dataclass(frozen=True)
class TrackRecord:
    """One forecaster's record: figures over the claims that are scored, one observation a statement."""

    forecaster: Forecaster
    rows: tuple[Row, ...]

    @cached_property
    def scored(self) -> list[Row]:
        """The rows in the mean: stated forecasts with times that are more than claimed."""
        return [row for row in self.rows if row.place is Place.SCORED and not row.imputed]

    @property
    def n(self) -> int:
        """How many statements are in the mean."""
        return len(by_statement(self.scored))

    @property
    def few(self) -> bool:
        """Whether that is too few to say anything."""
        return self.n < FEW

    def mean(self, name: str, end: str = "middle", *, rows: Sequence[Row] | None = None) -> float | None:
        """A mean over statements; None with nothing to take it of."""
        found = by_statement(self.scored if rows is None else rows)
        means = [fmean([row.at(end).figures()[name] for row in group]) for group in found]
        return fmean(means) if means else None

    def bounds(self, *, every_open: bool, end: str = "middle") -> tuple[float, float] | None:
        """The mean Brier if all claims without a verdict went for him, and if all went against him.

        Over claims whose window is over, or with *every_open* over those still open too.
        """
        groups = by_statement(self.possible(every_open=every_open, end=end))
        if not groups:
            return None
        best = fmean([fmean([min(possible_scores(row.at(end))) for row in group]) for group in groups])
        worst = fmean([fmean([max(possible_scores(row.at(end))) for row in group]) for group in groups])
        return best, worst

    def possible(self, *, every_open: bool, end: str = "middle") -> list[Row]:
        """The rows of those bounds: scored ones, and those that can still be."""
        places = {Place.SCORED, Place.DUE, Place.OVERDUE} | ({Place.NOT_DUE} if every_open else set())
        return [
            row
            for row in self.rows
            if row.place in places
            and not row.claimed
            and row.imputed == self.words_only
            and row.at(end).probability is not None
        ]

    @property
    def words_only(self) -> bool:
        """Whether every number here is ours, read from words or ranges."""
        return bool(self.rows) and all(row.imputed for row in self.rows)

    @property
    def funnel(self) -> dict[str, int]:
        """How many scored claims fell out on the way to the mean, and why; nothing is hidden.

        Those due are resolved, annulled, ambiguous, overdue or without a verdict yet, less the annulled and ambiguous
        whose settle day is to come (ended before due); those resolved are scored, claimed, imputed, too late or
        withdrawn. Superseded ones are among all of these, as are those with forecasts that count and others, only
        claimed, apart from them.
        """
        due = [row for row in self.rows if row.settled or row.place is Place.DUE]
        count = {place: sum(row.place is place for row in self.rows) for place in Place}
        return dict(
            zip(
                FUNNEL,
                (
                    len(self.rows),
                    len(due),
                    sum(row.value is not None for row in due),
                    len(self.scored),
                    count[Place.ANNULLED],
                    count[Place.AMBIGUOUS],
                    count[Place.OVERDUE],
                    count[Place.DUE],
                    count[Place.CLAIMED],
                    count[Place.SCORED] - len(self.scored),
                    count[Place.TOO_LATE],
                    count[Place.WITHDRAWN],
                    sum(row.superseded for row in self.rows),
                    sum(row.early for row in self.rows),
                    sum(row.claimed_apart for row in self.rows),
                ),
                strict=True,
            )
        )


def by_statement(rows: Sequence[Row]) -> list[list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.claim.statement, []).append(row)
    return list(groups.values())


def possible_scores(reading: Reading) -> list[float]:
    """The Brier scores a forecast can still have: the one it has, or those of a no and of a yes."""
    from forecasts.scores import brier

    if reading.brier is not None or reading.probability is None:
        return [reading.brier or 0.0]
    return [brier(reading.probability, 0), brier(reading.probability, 1)]
