"""Whom and what the figures of a card are set beside: everybody and every outcome, whoever is listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from predictions.kinds import DERIVED
from predictions.records import Claim
from predictions.scoring.places import Cohort
from predictions.scoring.rows import Row, Rule, in_cohort
from predictions.scoring.track import TrackRecord
from predictions.snapshot import Snapshot


@dataclass(frozen=True)
class Company:
    """The records a card lists, those it does not, and how the statements it could be about came out.

    A figure that needs others takes all of them, so that nobody's figure changes with who is listed beside him.
    """

    snapshot: Snapshot
    listed: tuple[TrackRecord, ...]
    unlisted: tuple[TrackRecord, ...]
    outcomes: Mapping[str, float]  # by statement, whether anybody forecast it or not
    rule: Rule

    @property
    def rows(self) -> list[Row]:
        """Every scored row: the listed records' first, record by record."""
        return [row for record in (*self.listed, *self.unlisted) for row in record.scored]

    @property
    def people(self) -> list[TrackRecord]:
        """The records of those who speak for themselves: a crowd or a rule says what it takes from others."""
        return [record for record in (*self.listed, *self.unlisted) if record.forecaster.kind not in DERIVED]


def outcomes_of(snapshot: Snapshot, claims: Sequence[Claim], cohort: Cohort) -> dict[str, float]:
    """How statements came out, by their claims in the cohort: one mean a statement."""
    groups: dict[str, list[float]] = {}
    for claim in claims:
        verdict = snapshot.verdict(claim) if in_cohort(snapshot, claim, cohort) else None
        if verdict and verdict.truth is not None:
            groups.setdefault(claim.statement, []).append(verdict.truth)
    return {statement: fmean(values) for statement, values in groups.items()}
