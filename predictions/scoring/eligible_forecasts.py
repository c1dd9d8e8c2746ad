"""Which of one forecaster's records on a claim count, and from when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from predictions.records import Claim, Forecast
from predictions.scoring.eligibility import SetApart
from predictions.snapshot import Recorded, Snapshot, asked_at, learned, numbers
from predictions.status import public_from, published, witnessed


class EligibleForecasts(NamedTuple):
    """Forecasts that count; what sets all of them apart; whether there are others, set apart from these."""

    forecasts: list[Forecast]
    mark: SetApart
    others_apart: bool

    def mark_of(self, forecast: Forecast) -> SetApart:
        """What sets one of them apart."""
        return self.mark | (SetApart.IMPUTED if forecast.imputed else SetApart(0))


def eligible_forecasts(snapshot: Snapshot, claim: Claim, forecaster: str) -> EligibleForecasts:
    """Select the forecasts of one forecaster on a claim that count, in order of time.

    Those whose times are not backdated count, else all. Numbers that were corrected later count from their correction,
    and those that were witnessed or published until then. What was said first counts first, in words as in numbers;
    but words that were read when the answer was public, or when the forecaster had given a number, begin nothing:
    whoever reads them then could choose what they shall have meant. So does a range that was recorded then for an
    earlier day. Where words take the place of a number, or a number that of words, it is a correction.
    """
    mine = [item.record for item in snapshot.forecasts_on(claim) if item.record.forecaster == forecaster]
    histories = [snapshot.revisions(Forecast, one.claim, one.forecaster, one.made_at) for one in mine]
    kept = _in_time(snapshot, claim, histories)
    said = [revisions for revisions in kept if revisions] or histories
    parts = [_dated(snapshot, claim, revisions) for revisions in said]
    known = [part for some in parts for part in some if part.made_at.date() <= snapshot.today]  # a later change is none
    known.sort(key=lambda one: one.made_at)
    mark = (SetApart(0) if known else SetApart.BACKDATED) | (SetApart(0) if any(kept) else SetApart.READ_LATE)
    return EligibleForecasts(
        known or [revisions[-1].record for revisions, part in zip(said, parts, strict=True) if not part], mark,
        len(said) < len(mine) or (bool(known) and not all(parts)),
    )  # fmt: skip


Revisions: TypeAlias = list[Recorded[Forecast]]  # of one forecast, oldest first


def _in_time(snapshot: Snapshot, claim: Claim, histories: Sequence[Revisions]) -> list[Revisions]:
    """Each history without the numbers of ours that were read too late: then what was said before them stands."""
    verdict = snapshot.verdict(claim)
    stated = [item.recorded_at for one in histories for item in one if not _ours(item.record)]
    ends = [*stated, *([public_from(verdict)] if verdict else [])]

    def late(revisions: Revisions, place: int) -> bool:
        said, read_at = revisions[place].record, learned(revisions[: place + 1])
        if not said.imputed or (said.words is None and witnessed(read_at, said.made_at)):
            return False
        return any(moment < read_at for moment in stated) or any(moment <= read_at for moment in ends[len(stated) :])

    return [[item for place, item in enumerate(one) if not late(one, place)] for one in histories]


def _ours(forecast: Forecast) -> bool:
    """Whether it says no number that was stated."""
    return forecast.imputed or forecast.probability is None


def as_witnessed(snapshot: Snapshot, forecast: Forecast) -> list[Forecast]:
    """The forecast; or what of it was witnessed or published before it was corrected, and after; or nothing."""
    revisions = snapshot.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at)
    return _dated(snapshot, snapshot.find(Claim, forecast.claim), revisions)


def _dated(snapshot: Snapshot, claim: Claim, revisions: Revisions) -> list[Forecast]:
    """What these revisions of one forecast come to, each part with the time from which it counts.

    What was witnessed while the claim was a draft that asked something else counts from when that was changed.
    """
    forecast = revisions[-1].record
    if published(snapshot, forecast):
        return [forecast]
    if witnessed(learned(revisions), forecast.made_at):
        return [Forecast(**{**dict(forecast), "made_at": max(forecast.made_at, asked_at(snapshot, claim))})]
    said = _corrected(snapshot, revisions)
    at_once = [item.record for item in said[:1]]
    return at_once + [Forecast(**{**dict(item.record), "made_at": item.recorded_at}) for item in said[1:]]


def corrected_later(snapshot: Snapshot, forecast: Forecast) -> Revisions:
    """The last revision of a forecast that was witnessed or published, and each later one with other numbers."""
    return _corrected(snapshot, snapshot.revisions(Forecast, forecast.claim, forecast.forecaster, forecast.made_at))


def _corrected(snapshot: Snapshot, revisions: Revisions) -> Revisions:
    dated = (witnessed(item.recorded_at, item.record.made_at) or published(snapshot, item.record) for item in revisions)
    said = [item for item, is_dated in zip(revisions, dated, strict=True) if is_dated][-1:]
    for item in revisions if said else []:
        if item.recorded_at > said[-1].recorded_at and numbers(item.record) != numbers(said[-1].record):
            said.append(item)
    return said
