"""The forecasts of one forecaster on one claim that count for scoring, and the time from which each counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from predictions.fits import fits
from predictions.recorded import Recorded
from predictions.records import Claim, Forecast
from predictions.scoring.eligibility import SetApart
from predictions.snapshot import Snapshot, asked_at, learned, said_numbers
from predictions.status import public_from, published, witnessed

Revisions: TypeAlias = list[Recorded[Forecast]]  # of one forecast, oldest first


class EligibleForecasts(NamedTuple):
    """The forecasts of one series that count.

    Attributes:
        forecasts: The forecasts, oldest first.
        mark: What sets all of them apart from forecasts that are scored; 0 if nothing does.
        others_apart: True if the series has further forecasts, which do not count.
    """

    forecasts: list[Forecast]
    mark: SetApart
    others_apart: bool

    def mark_of(self, forecast: Forecast) -> SetApart:
        """Return what sets one of the forecasts apart; 0 if nothing does."""
        return self.mark | (SetApart.IMPUTED if forecast.imputed else SetApart(0))


def eligible_forecasts(snapshot: Snapshot, claim: Claim, forecaster: str) -> EligibleForecasts:
    """Select the forecasts by *forecaster* on *claim* that count for scoring, oldest first.

    Forecasts that no longer fit the claim, because a draft was changed since, are left out. If there are no others,
    they are returned without their numbers and marked MISFIT. The rules for the rest, in this order:

    1. Words that were read after the answer was public, or after the forecaster gave a number, are left out: a reader
       who knows that much could choose what the words meant. Ranges that were recorded then for an earlier day are
       left out too. If nothing else is left, they are returned and marked READ_LATE.
    2. Forecasts with a time that was witnessed or published are used if there are any. Otherwise the backdated ones
       are returned and marked BACKDATED.
    3. The earliest forecast comes first, whether its number was stated or read from words.

    A number that was corrected counts from the moment of its correction, so that nobody can improve an old forecast;
    until then the earlier number counts, if its own time was witnessed or published. Reading a number from words
    again, or stating it later, is such a correction. If a dated source was copied wrongly and the slip was put right
    soon, the forecast keeps the day of its source.
    """
    own = [item.record for item in snapshot.forecasts_by(forecaster, claim)]
    fitting = [forecast for forecast in own if fits(claim, forecast)]
    if own and not fitting:
        return EligibleForecasts([_as_withdrawal(forecast) for forecast in own], SetApart.MISFIT, others_apart=False)
    histories = [
        snapshot.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at) for forecast in fitting
    ]
    in_time = _without_late_readings(snapshot, claim, histories)
    # If there is nothing but late words, they are kept and marked: a forecaster must not vanish from the funnel.
    used = [revisions for revisions in in_time if revisions] or histories
    dated = [_dated_parts(snapshot, claim, revisions) for revisions in used]
    # A correction made after today is not known yet; and an earlier revision may be of another type than the claim.
    parts_by_today = [part for parts in dated for part in parts if part.made_at.date() <= snapshot.today]
    counted = sorted((part for part in parts_by_today if fits(claim, part)), key=lambda part: part.made_at)
    mark = SetApart(0)
    if not counted:
        mark |= SetApart.BACKDATED
    if not any(in_time):
        mark |= SetApart.READ_LATE
    backdated = [revisions[-1].record for revisions, parts in zip(used, dated, strict=True) if not parts]
    others_apart = len(fitting) < len(own) or len(used) < len(histories) or bool(counted and backdated)
    return EligibleForecasts(counted or backdated, mark, others_apart)


def _without_late_readings(snapshot: Snapshot, claim: Claim, histories: Sequence[Revisions]) -> list[Revisions]:
    """Drop from each forecast's history the revisions whose numbers were read from words too late.

    The last revision that is left then counts. If it does not fit the claim, the history is returned empty.
    """
    verdict = snapshot.verdict(claim)
    public_at = public_from(verdict) if verdict else None
    stated_at = [item.recorded_at for revisions in histories for item in revisions if not _has_no_number(item.record)]

    def read_late(revisions: Revisions, position: int) -> bool:
        forecast, read_at = revisions[position].record, learned(revisions[: position + 1])
        # A range that was recorded when it was made is the forecaster's own; only its midpoint is ours.
        if not forecast.imputed or (forecast.words is None and witnessed(read_at, forecast.made_at)):
            return False
        return any(moment < read_at for moment in stated_at) or (public_at is not None and public_at <= read_at)

    in_time = [
        [item for position, item in enumerate(revisions) if not read_late(revisions, position)]
        for revisions in histories
    ]
    return [revisions if revisions and fits(claim, revisions[-1].record) else [] for revisions in in_time]


def _as_withdrawal(forecast: Forecast) -> Forecast:
    """Return the forecast without its number, as a withdrawal, because the number does not fit its claim."""
    return Forecast(claim=forecast.claim, forecaster=forecast.forecaster, made_at=forecast.made_at, withdrawn=True)


def _has_no_number(forecast: Forecast) -> bool:
    """Return True if the forecaster stated no number."""
    return forecast.imputed or forecast.probability is None


def as_witnessed(snapshot: Snapshot, forecast: Forecast) -> list[Forecast]:
    """Return the forecast as it counts: one record, several around its corrections, or none if it is backdated."""
    revisions = snapshot.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at)
    return _dated_parts(snapshot, snapshot.find(Claim, forecast.claim), revisions)


def _dated_parts(snapshot: Snapshot, claim: Claim, revisions: Revisions) -> list[Forecast]:
    """Return the parts of one forecast, each with the time from which it counts as ``made_at``; empty if backdated.

    A forecast that was witnessed while its claim was a draft counts from the last change of what the draft asks.
    """
    forecast = revisions[-1].record
    # The source itself shows the number and its day, so a slip in copying it that was put right soon keeps the day.
    if published(snapshot, forecast):
        return [forecast]
    if witnessed(learned(revisions), forecast.made_at):
        return [_made_at(forecast, max(forecast.made_at, asked_at(snapshot, claim)))]
    parts = _dated_and_corrections(snapshot, revisions)
    # Revisions before the first dated one are left out: nobody can verify them, they may have been made up since.
    first = [item.record for item in parts[:1]]
    return first + [_made_at(item.record, item.recorded_at) for item in parts[1:]]


def _made_at(forecast: Forecast, moment: datetime) -> Forecast:
    """Return the forecast as if it had been made at that moment."""
    return forecast if moment == forecast.made_at else Forecast(**{**dict(forecast), "made_at": moment})


def corrected_later(snapshot: Snapshot, forecast: Forecast) -> Revisions:
    """Return the last revision of a forecast with a verifiable time, and each later one that corrects its numbers.

    Empty if no revision has a verifiable time.
    """
    revisions = snapshot.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at)
    return _dated_and_corrections(snapshot, revisions)


def _dated_and_corrections(snapshot: Snapshot, revisions: Revisions) -> Revisions:
    """Return the last revision with a verifiable time, then each later one that changed the numbers.

    A correction without a verifiable time must not replace what was verifiably said before it. So both are kept: the
    caller lets the correction count only from its recording. Empty if no revision has a verifiable time.
    """
    dated = [
        item
        for item in revisions
        if witnessed(item.recorded_at, item.record.made_at) or published(snapshot, item.record)
    ]
    if not dated:
        return []
    kept = [dated[-1]]
    for item in revisions:
        if item.recorded_at > kept[-1].recorded_at and said_numbers(item.record) != said_numbers(kept[-1].record):
            kept.append(item)
    return kept
