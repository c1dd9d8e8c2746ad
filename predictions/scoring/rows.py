"""Which forecasts are scored on which claims, and what each scores: the rows under a scorecard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from predictions.doubts import doubts
from predictions.kinds import Outcome
from predictions.moments import end_of, start_of
from predictions.records import Claim, Forecast, Resolution
from predictions.snapshot import Recorded, Snapshot, numbers
from predictions.status import (
    Status,
    Timing,
    outcome_of,
    scorable_until,
    settled,
    status,
    timing,
    witnessed,
)
from predictions.tally import written_after


class Cohort(StrEnum):
    SETTLED = "settled"  # claims whose settle day has come, whatever their outcome
    RESOLVED = "resolved"  # whatever has a verdict: by-date claims say yes early and no late, so it is biased


class Rule(StrEnum):
    FIRST = "first"  # the first forecast that stood: plain and proper
    LAST = "last"  # the last one before the answer: it rewards shouting


class Place(StrEnum):
    """Why a forecaster's claim is in the mean, or where else it is counted."""

    SCORED = "scored"
    NOT_DUE = "not due"
    DUE = "due, no verdict"
    OVERDUE = "overdue"
    ANNULLED = "annulled"
    AMBIGUOUS = "ambiguous"
    CLAIMED = "claimed"  # only with times that nobody witnessed
    TOO_LATE = "too late"  # only forecasts made once the answer was public or the window over
    WITHDRAWN = "withdrawn"  # nothing stood inside the window


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
    place: Place
    outcome: Outcome | None
    value: float | None
    imputed: bool
    claimed: bool
    claimed_apart: bool  # some of his forecasts are only claimed, and set apart from the others
    coverage: float
    low: Reading
    middle: Reading
    high: Reading
    written_after: tuple[str, ...]
    superseded: bool
    early: bool = False  # annulled or ambiguous, and its settle day is still to come
    doubts: tuple[str, ...] = ()

    def at(self, end: str) -> Reading:
        """The reading at one end of the range: low, middle or high."""
        return {"low": self.low, "middle": self.middle, "high": self.high}[end]

    @property
    def settled(self) -> bool:
        """Whether the claim is due by the cohort's own clock."""
        return self.place not in {Place.NOT_DUE, Place.DUE} and not self.early


@dataclass(frozen=True)
class _Series:
    claim: Claim
    forecaster: str
    counted: Counted
    verdict: Resolution | None

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
    """Forecasts that count; whether their times are only claimed; whether there are others, claimed and set apart."""

    forecasts: list[Forecast]
    claimed: bool
    apart: bool


def counting(snapshot: Snapshot, claim: Claim, forecaster: str) -> Counted:
    """One forecaster's forecasts on a claim as they count, in order of time.

    Those whose times are more than claimed count, else all; and of these the stated ones, else all. Numbers that
    were corrected later count from their correction, and those that were witnessed until then.
    """
    mine = [item.record for item in snapshot.forecasts_on(claim) if item.record.forecaster == forecaster]
    parts = [as_witnessed(snapshot, one) for one in mine]
    known = sorted((part for some in parts for part in some), key=lambda one: one.made_at)
    stated = [one for one in known or mine if not one.imputed]
    forecasts = stated if any(not one.withdrawn for one in stated) else known or mine
    return Counted(forecasts, not known, bool(known) and not all(parts))


def as_witnessed(snapshot: Snapshot, forecast: Forecast) -> list[Forecast]:
    """The forecast; or what of it was witnessed before its numbers were corrected, and after; else nothing."""
    if timing(snapshot, forecast) is not Timing.CLAIMED:
        return [forecast]
    said = corrected_later(snapshot, forecast)
    at_once = [item.record for item in said[:1]]
    return at_once + [Forecast(**{**dict(item.record), "made_at": item.recorded_at}) for item in said[1:]]


def corrected_later(snapshot: Snapshot, forecast: Forecast) -> list[Recorded[Forecast]]:
    """The revision of a forecast that was witnessed, and each later one with other numbers; nothing without it."""
    revisions = snapshot.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at)
    said = [item for item in revisions if witnessed(item.recorded_at, forecast.made_at)][-1:]
    for item in revisions if said else []:
        if item.recorded_at > said[-1].recorded_at and numbers(item.record) != numbers(said[-1].record):
            said.append(item)
    return said


def _series(snapshot: Snapshot, claim: Claim, forecaster: str) -> list[_Series]:
    counted = counting(snapshot, claim, forecaster)
    verdict = snapshot.verdict(claim) if outcome_of(snapshot, claim) is not Outcome.ANNULLED else None
    return [_Series(claim, forecaster, counted, verdict)] if counted.forecasts else []


@dataclass(frozen=True)
class _Measured:
    reading: Reading
    coverage: float


def _measure(series: Sequence[_Series], name: str, rule: Rule) -> list[_Measured]:
    """The scores of every series at once, reading each forecast at the named end of its range."""
    import numpy as np

    from forecasts.scores import brier, log_score
    from forecasts.standing import first_forecast, last_forecast, standing, time_skill

    flat = [(place, one) for place, item in enumerate(series) for one in item.forecasts]
    record = standing(
        [one.made_at.timestamp() for _, one in flat],
        [_number(one, name) for _, one in flat],
        opens=[start_of(item.claim.opens_on).timestamp() for item in series],
        closes=[end_of(item.claim.resolves_by).timestamp() for item in series],
        known=[_known(item.verdict) for item in series],
        series=[place for place, _ in flat],
    )
    chosen = np.atleast_1d(np.asarray(first_forecast(record) if rule is Rule.FIRST else last_forecast(record)))
    coverage = np.atleast_1d(np.asarray(record.coverage))
    values = [_value(item.verdict) for item in series]
    outcomes = np.array([0.0 if value is None else value for value in values])
    saved = np.atleast_1d(np.asarray(time_skill(record, outcomes)))
    numbers_there = np.where(np.isnan(chosen), 0.5, chosen)
    squared, logs = brier(numbers_there, outcomes).tolist(), log_score(numbers_there, outcomes).tolist()
    found = []
    for place, value in enumerate(values):
        number = None if np.isnan(chosen[place]) else float(chosen[place])
        if number is None or value is None:
            reading = Reading(number, None, None, None)
        else:
            reading = Reading(number, squared[place], logs[place], float(saved[place]))
        found.append(_Measured(reading, float(coverage[place])))
    return found


def _number(forecast: Forecast, name: str) -> float:
    number = forecast.point if name == "point" or forecast.low is None else getattr(forecast, name)
    return float("nan") if number is None else float(number)


def _known(verdict: Resolution | None) -> float:
    return start_of(verdict.known_on).timestamp() if verdict else float("inf")


def _value(verdict: Resolution | None) -> float | None:
    return verdict.value if verdict else None


def _row(snapshot: Snapshot, one: _Series, cohort: Cohort, low: _Measured, middle: _Measured, high: _Measured) -> Row:
    claim, place = one.claim, _place(snapshot, one, cohort, middle.reading)
    waits = cohort is Cohort.SETTLED and not settled(snapshot, claim)
    return Row(
        claim=claim,
        forecaster=one.forecaster,
        place=place,
        outcome=outcome_of(snapshot, claim),
        value=_value(one.verdict),
        imputed=any(forecast.imputed for forecast in one.forecasts),
        claimed=one.counted.claimed,
        claimed_apart=one.counted.apart,
        coverage=middle.coverage,
        low=low.reading,
        middle=middle.reading,
        high=high.reading,
        written_after=tuple(written_after(snapshot, claim)),
        superseded=snapshot.superseded_by(claim) is not None,
        early=waits and place in {Place.ANNULLED, Place.AMBIGUOUS},
        doubts=tuple(doubts(snapshot, claim)),
    )


def in_cohort(snapshot: Snapshot, claim: Claim, cohort: Cohort) -> bool:
    """Whether the claim has an outcome that the cohort takes."""
    return status(snapshot, claim) is Status.RESOLVED and (cohort is Cohort.RESOLVED or settled(snapshot, claim))


def _place(snapshot: Snapshot, one: _Series, cohort: Cohort, reading: Reading) -> Place:
    stands = status(snapshot, one.claim)
    if stands is Status.ANNULLED:
        return Place.ANNULLED
    if stands is Status.AMBIGUOUS:
        return Place.AMBIGUOUS
    if stands is Status.OVERDUE:
        return Place.OVERDUE
    if stands is Status.DUE:
        return Place.DUE
    if not in_cohort(snapshot, one.claim, cohort):
        return Place.NOT_DUE
    if one.counted.claimed:
        return Place.CLAIMED
    if reading.probability is None:
        cutoff = scorable_until(one.claim, one.verdict)
        return Place.TOO_LATE if all(forecast.made_at >= cutoff for forecast in one.forecasts) else Place.WITHDRAWN
    return Place.SCORED
