"""Which of one forecaster's records on a claim count, and from when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from predictions.records import Claim, Forecast
from predictions.scoring.places import Mark
from predictions.snapshot import Recorded, Snapshot, asked_at, numbers
from predictions.status import Timing, public_from, published, timing, witnessed


class Counted(NamedTuple):
    """Forecasts that count; what sets all of them apart; whether there are others, set apart from these."""

    forecasts: list[Forecast]
    mark: Mark
    apart: bool

    def mark_of(self, forecast: Forecast) -> Mark:
        """What sets one of them apart."""
        return self.mark | (Mark.IMPUTED if forecast.imputed else Mark(0))


def counting(snapshot: Snapshot, claim: Claim, forecaster: str) -> Counted:
    """Select the forecasts of one forecaster on a claim that count, in order of time.

    Those whose times are not backdated count, else all. Numbers that were corrected later count from their correction,
    and those that were witnessed or published until then. What was said first counts first, in words as in numbers;
    but words that were read when the answer was public, or when the forecaster had given a number, begin nothing:
    whoever reads them then could choose what they shall have meant.
    """
    mine = [item.record for item in snapshot.forecasts_on(claim) if item.record.forecaster == forecaster]
    read_late = [one for one in mine if one.words is not None and _read_late(snapshot, claim, one, mine)]
    said = [one for one in mine if one not in read_late] or read_late
    parts = [as_witnessed(snapshot, one) for one in said]
    known = sorted((part for some in parts for part in some), key=lambda one: one.made_at)
    mark = (Mark(0) if known else Mark.BACKDATED) | (Mark.READ_LATE if said is read_late else Mark(0))
    return Counted(known or said, mark, len(said) < len(mine) or (bool(known) and not all(parts)))


def _read_late(snapshot: Snapshot, claim: Claim, words: Forecast, mine: Sequence[Forecast]) -> bool:
    read_at, verdict = snapshot.numbers_recorded_at(words), snapshot.verdict(claim)
    stated = [one for one in mine if one.probability is not None and one.words is None]
    return bool(verdict and read_at >= public_from(verdict)) or any(
        snapshot.revisions(Forecast, one.claim, one.forecaster, one.made_at)[0].recorded_at < read_at for one in stated
    )


def as_witnessed(snapshot: Snapshot, forecast: Forecast) -> list[Forecast]:
    """The forecast; or what of it was witnessed or published before it was corrected, and after; or nothing.

    What was witnessed while the claim was a draft that asked something else counts from when that was changed.
    """
    if (known := timing(snapshot, forecast)) is not Timing.BACKDATED:
        since = asked_at(snapshot, snapshot.find(Claim, forecast.claim))
        if known is Timing.PUBLISHED or published(snapshot, forecast) or forecast.made_at >= since:
            return [forecast]
        return [Forecast(**{**dict(forecast), "made_at": since})]
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
