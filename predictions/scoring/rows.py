"""Which forecasts are scored on which claims, and what each scores: the rows under a scorecard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from predictions.doubts import doubts
from predictions.kinds import Outcome
from predictions.moments import end_of, in_microseconds, start_of
from predictions.records import Claim, Forecast, Resolution
from predictions.scoring.places import Cohort, Fate, Place, fate
from predictions.snapshot import Recorded, Snapshot, numbers
from predictions.status import (
    Status,
    Timing,
    outcome_of,
    published,
    scorable_until,
    settled,
    status,
    timing,
    witnessed,
)
from predictions.tally import written_after


class Rule(StrEnum):
    FIRST = "first"  # the first forecast that stood: plain and proper
    LAST = "last"  # the last one before the answer: it rewards shouting


@dataclass(frozen=True)
class Reading:
    """One forecaster's number on one claim under one reading of it, and its scores once the claim has an outcome."""

    probability: float | None
    brier: float | None
    log_score: float | None
    time_skill: float | None

    def figures(self) -> dict[str, float]:
        """The scores there are, by name."""
        scores = {"brier": self.brier, "log_score": self.log_score, "time_skill": self.time_skill}
        return {name: value for name, value in scores.items() if value is not None}


@dataclass(frozen=True)
class Row:
    """One forecaster on one scored claim."""

    claim: Claim
    forecaster: str
    fate: Fate
    outcome: Outcome | None
    value: float | None
    backdated_apart: bool  # some of his forecasts are backdated, and set apart from the others
    coverage: float
    low: Reading
    middle: Reading
    high: Reading
    written_after: tuple[str, ...]
    superseded: bool
    doubts: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """Why it is in the mean, or where else it is counted."""
        return self.fate.place

    def at(self, end: str) -> Reading:
        """The reading at one end of the range: low, middle or high."""
        return {"low": self.low, "middle": self.middle, "high": self.high}[end]


@dataclass(frozen=True)
class _Series:
    claim: Claim
    forecaster: str
    counted: Counted
    verdict: Resolution | None
    value: float | None  # of the verdict; none where the claim lost its basis

    @property
    def forecasts(self) -> Sequence[Forecast]:
        return self.counted.forecasts


def score(snapshot: Snapshot, *, by: Sequence[str], cohort: Cohort, rule: Rule) -> list[Row]:
    """A row for each forecaster and each scored claim he forecast, claims in ledger order."""
    series = [
        one
        for claim in snapshot.all(Claim)
        if claim.scored
        for present in [snapshot.forecasters_on(claim)]
        for forecaster in by
        if forecaster in present
        for one in _series(snapshot, claim, forecaster)
    ]
    if not series:
        return []
    ranges = any(forecast.low is not None for one in series for forecast in one.forecasts)
    points = _measure(series, "point", rule)
    readings = {name: _measure(series, name, rule) if ranges else points for name in ("low", "high")}
    readings["point"] = points
    return [
        _row(snapshot, one, cohort, *(readings[name][place] for name in ("low", "point", "high")))
        for place, one in enumerate(series)
    ]


class Counted(NamedTuple):
    """Forecasts that count; whether their times are backdated; whether there are others, backdated and set apart."""

    forecasts: list[Forecast]
    backdated: bool
    apart: bool


def counting(snapshot: Snapshot, claim: Claim, forecaster: str) -> Counted:
    """One forecaster's forecasts on a claim as they count, in order of time.

    Those whose times are not backdated count, else all; and of these the stated ones, else all. Numbers that
    were corrected later count from their correction, and those that were witnessed or published until then.
    """
    mine = [item.record for item in snapshot.forecasts_on(claim) if item.record.forecaster == forecaster]
    parts = [as_witnessed(snapshot, one) for one in mine]
    known = sorted((part for some in parts for part in some), key=lambda one: one.made_at)
    stated = [one for one in known or mine if not one.imputed]
    forecasts = stated if any(not one.withdrawn for one in stated) else known or mine
    return Counted(forecasts, not known, bool(known) and not all(parts))


def as_witnessed(snapshot: Snapshot, forecast: Forecast) -> list[Forecast]:
    """The forecast; or what of it was witnessed or published before it was corrected, and after; or nothing."""
    if timing(snapshot, forecast) is not Timing.BACKDATED:
        return [forecast]
    said = corrected_later(snapshot, forecast)
    at_once = [item.record for item in said[:1]]
    return at_once + [Forecast(**{**dict(item.record), "made_at": item.recorded_at}) for item in said[1:]]


def corrected_later(snapshot: Snapshot, forecast: Forecast) -> list[Recorded[Forecast]]:
    """The last revision of a forecast that was witnessed or published, and each later one with other numbers."""
    revisions = snapshot.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at)
    dated = (witnessed(item.recorded_at, forecast.made_at) or published(snapshot, item.record) for item in revisions)
    said = [item for item, is_dated in zip(revisions, dated, strict=True) if is_dated][-1:]
    for item in revisions if said else []:
        if item.recorded_at > said[-1].recorded_at and numbers(item.record) != numbers(said[-1].record):
            said.append(item)
    return said


def _series(snapshot: Snapshot, claim: Claim, forecaster: str) -> list[_Series]:
    counted = counting(snapshot, claim, forecaster)
    verdict = snapshot.verdict(claim)
    value = verdict.truth if verdict and outcome_of(snapshot, claim) is not Outcome.ANNULLED else None
    return [_Series(claim, forecaster, counted, verdict, value)] if counted.forecasts else []


@dataclass(frozen=True)
class _Measured:
    reading: Reading
    coverage: float
    late: bool


def _measure(series: Sequence[_Series], name: str, rule: Rule) -> list[_Measured]:
    """The scores of every series at once, reading each forecast at the named end of its range."""
    import numpy as np

    from forecasts.batches import LATE, Claims, Rows, batches, losses

    flat = [(place, one) for place, item in enumerate(series) for one in item.forecasts]
    size = len(flat)
    rows = Rows(
        claim=np.array([place for place, _ in flat], np.int32),
        forecaster=np.zeros(size, np.int32),
        time=np.array([in_microseconds(one.made_at) for _, one in flat], np.int64),
        probability=np.array([_number(one, name) for _, one in flat]),
        apart=np.zeros(size, np.uint8),
    )
    claims = Claims(
        opens=np.array([in_microseconds(start_of(one.claim.opens_on)) for one in series], np.float64),
        closes=np.array([in_microseconds(end_of(one.claim.deadline)) for one in series], np.float64),
        limit=np.array([in_microseconds(scorable_until(one.claim, one.verdict)) for one in series], np.float64),
        outcome=np.array([np.nan if one.value is None else one.value for one in series]),
    )
    found = []
    for part in batches(rows, claims, last=rule is Rule.LAST):
        squared, logs = losses(part.probability, claims.outcome[part.claim])
        for *scores, share, state in zip(
            part.probability, squared, logs, part.saved, part.share, part.state, strict=True
        ):
            reading = Reading(*(None if np.isnan(score) else float(score) for score in scores))
            found.append(_Measured(reading, float(share), bool(state == LATE)))
    return found


def _number(forecast: Forecast, name: str) -> float:
    number = forecast.point if name == "point" or forecast.low is None else getattr(forecast, name)
    return float("nan") if number is None else float(number)


def _row(snapshot: Snapshot, one: _Series, cohort: Cohort, low: _Measured, middle: _Measured, high: _Measured) -> Row:
    claim = one.claim
    return Row(
        claim=claim,
        forecaster=one.forecaster,
        fate=fate(
            status(snapshot, claim),
            waits=cohort.waits(settled=settled(snapshot, claim)),
            backdated=one.counted.backdated,
            imputed=any(forecast.imputed for forecast in one.forecasts),
            stood=middle.reading.probability is not None,
            late=middle.late,
        ),
        outcome=outcome_of(snapshot, claim),
        value=one.value,
        backdated_apart=one.counted.apart,
        coverage=middle.coverage,
        low=low.reading,
        middle=middle.reading,
        high=high.reading,
        written_after=tuple(written_after(snapshot, claim)),
        superseded=snapshot.superseded_by(claim) is not None,
        doubts=tuple(doubts(snapshot, claim)),
    )


def in_cohort(snapshot: Snapshot, claim: Claim, cohort: Cohort) -> bool:
    """Whether the claim has an outcome that the cohort takes."""
    return status(snapshot, claim) is Status.RESOLVED and not cohort.waits(settled=settled(snapshot, claim))
