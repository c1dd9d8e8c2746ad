"""Decide where the forecasts on one claim are counted, from the records of that claim and of those in its chain.

A receipt needs this after one verdict, when reading every forecast of the ledger would take too long. The rules are
those of :mod:`predictions.scoring.eligibility`, and tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from predictions.enums import SourceKind
from predictions.records import Claim, Forecast
from predictions.scoring.claim_statement import speaker_of, stood_as_said
from predictions.scoring.eligibility import Category, SeriesState, SetApart, eligibility_of
from predictions.scoring.eligible_forecasts import eligible_forecasts
from predictions.slugs import slug_of_name
from predictions.snapshot import Snapshot, said_numbers
from predictions.status import (
    WITNESSED_WITHIN,
    Timing,
    by_day,
    comes_late,
    counts_until,
    on_the_day,
    stands_at,
    status,
    timing,
)
from predictions.timestamps import in_microseconds, start_of


class _Series(NamedTuple):
    """The forecasts of one forecaster on one claim; in a chain of claims the series with the least `rank` is scored."""

    rank: tuple[int, int, int, int]
    claim: Claim
    mark: SetApart
    state: SeriesState
    stood: bool


class Fate(NamedTuple):
    """Where the forecasts of one forecaster on one claim count once its settle day has come.

    Attributes:
        category: In the mean, or the reason why not.
        counted: True if they are in the plain counts; words that were read afterwards are, although in no mean.
    """

    category: Category
    counted: bool


def fates_on(snapshot: Snapshot, claim: Claim) -> dict[str, Fate]:
    """Return for each forecaster on a claim where scorecards will count their forecasts on it.

    The *snapshot* holds the claims that the claim supersedes, those that supersede it, and the forecasts on all these.
    """
    chain = _chain(snapshot, claim)
    forecasters = dict.fromkeys(item.record.forecaster for item in snapshot.forecasts_on(claim))
    fates = {forecaster: _fate_in(snapshot, chain, claim, forecaster) for forecaster in forecasters}
    return {forecaster: fate for forecaster, fate in fates.items() if fate}


def fate_of_forecast(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> Fate | None:
    """Return where one forecast counts; unlike its series it can be backdated, read late or late by itself.

    If it is kept out for several reasons, the category is the one that scorecards give. None if its series has no
    forecast yet that counts or is set apart.
    """
    series = _marked(snapshot, _chain(snapshot, claim), claim, forecast.forecaster)
    if series is None:
        return None
    mark, state = series
    if timing(snapshot, forecast) is Timing.BACKDATED:
        mark |= SetApart.BACKDATED
    if _read_beside_a_number(snapshot, claim, forecast):
        mark |= SetApart.READ_LATE
    if comes_late(claim, snapshot.verdict(claim), forecast.made_at):
        state = SeriesState.LATE
    category = eligibility_of(status(snapshot, claim), mark, state, waits=False).category
    return Fate(category, _fate(snapshot, claim, *series).counted)


def _read_beside_a_number(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> bool:
    """Return True if the forecast's words were read too late to count, while other forecasts of its series do."""
    if not forecast.imputed:
        return False
    eligible, numbers = eligible_forecasts(snapshot, claim, forecast.forecaster), said_numbers(forecast)
    return eligible.others_apart and all(said_numbers(counted) != numbers for counted in eligible.forecasts)


def counted_as_said(snapshot: Snapshot, claim: Claim) -> str | None:
    """Return the speaker whose statement counts on this claim without a number; None if nobody's does.

    In a chain of claims a statement counts on the first one only. A number of the speaker that counts takes its place.
    """
    speaker = speaker_of(snapshot, claim)
    if speaker is None or not stood_as_said(snapshot, claim) or _said_before(snapshot, claim, speaker):
        return None
    forecaster = slug_of_name(speaker, snapshot.forecaster_titles)
    fate = _fate_in(snapshot, _chain(snapshot, claim), claim, forecaster) if forecaster else None
    return None if fate and fate.counted else speaker


def _said_before(snapshot: Snapshot, claim: Claim, speaker: str) -> bool:
    """Return True if the speaker already counts on an earlier claim of the chain, by a number or by the statement."""
    chain, forecaster = _chain(snapshot, claim), slug_of_name(speaker, snapshot.forecaster_titles)
    for earlier in takewhile(lambda chained: chained.slug != claim.slug, chain):
        fate = _fate_in(snapshot, chain, earlier, forecaster) if forecaster else None
        as_said = speaker_of(snapshot, earlier) == speaker and stood_as_said(snapshot, earlier)
        if fate.counted if fate else as_said:
            return True
    return False


def _fate_in(snapshot: Snapshot, claims: Sequence[Claim], claim: Claim, forecaster: str) -> Fate | None:
    """Return where a forecaster's series on one claim of the chain *claims* counts; None without a series."""
    series = _marked(snapshot, claims, claim, forecaster)
    return series and _fate(snapshot, claim, *series)


def _marked(
    snapshot: Snapshot, claims: Sequence[Claim], claim: Claim, forecaster: str
) -> tuple[SetApart, SeriesState] | None:
    """Return what keeps a forecaster's series on one claim of a chain apart, and whether it stood; None without one."""
    chain = [series for chained in claims for series in _series_on(snapshot, chained, forecaster)]
    own = next((series for series in chain if series.claim == claim), None)
    if own is None:
        return None
    return own.mark | (SetApart.SUPERSEDED if _replaced(own, min(chain)) else SetApart(0)), own.state


def _fate(snapshot: Snapshot, claim: Claim, mark: SetApart, state: SeriesState) -> Fate:
    """Return where a series with this mark and state counts, once the settle day of its claim has come."""
    category = eligibility_of(status(snapshot, claim), mark, state, waits=False).category
    apart = SetApart.BACKDATED in mark or SetApart.SUPERSEDED in mark
    return Fate(category, state is SeriesState.STOOD and not apart)


def _chain(snapshot: Snapshot, claim: Claim) -> list[Claim]:
    """List the scored claims of the claim's chain, in which one supersedes the other, from the first one on."""
    while claim.supersedes:
        claim = snapshot.find(Claim, claim.supersedes)
    chain = [claim]
    for chained in chain:  # the list grows while it is read, until nothing supersedes its last claims
        chain += [successor for successor in snapshot.all(Claim) if successor.supersedes == chained.slug]
    return [chained for chained in chain if chained.scored]


def _series_on(snapshot: Snapshot, claim: Claim, forecaster: str) -> Iterator[_Series]:
    """Yield the one series of a forecaster on a claim; nothing if there is no forecast on it yet."""
    eligible = eligible_forecasts(snapshot, claim, forecaster)
    if eligible.forecasts:
        state, began = _stood_or_why_not(snapshot, claim, eligible.forecasts)
        eligibility = eligibility_of(status(snapshot, claim), eligible.mark, state, waits=False)
        # In a chain a series whose time can be verified goes first, then a backdated one, then one that never stood.
        order = (1 if eligibility.backdated else 0) if eligibility.stood else 2
        entry = snapshot.revisions(Claim, claim.slug)[0].entry
        on_file = _recorded_first(snapshot, claim, forecaster)
        yield _Series((order, on_file, began, entry), claim, eligible.mark, state, eligibility.stood)


def _recorded_first(snapshot: Snapshot, claim: Claim, forecaster: str) -> int:
    """Return when the first forecast that can count was made, by the platform that asked; of others when recorded.

    It is what :mod:`predictions.scoring.columns.recorded_first` reads for all claims at once.
    """
    asked_by = snapshot.source_of(claim)
    moments = []
    for item in snapshot.forecasts_on(claim):
        if item.record.forecaster != forecaster:
            continue
        for revision in snapshot.revisions(Forecast, claim.slug, forecaster, item.record.made_at):
            forecast = revision.record
            own = asked_by.kind is SourceKind.PLATFORM and forecast.published_in == asked_by.slug
            dated = forecast.published_in or forecast.published_in_evidence
            if dated or revision.recorded_at - forecast.made_at <= WITNESSED_WITHIN:
                moments.append(forecast.made_at if own else revision.recorded_at)
    return in_microseconds(min(moments)) if moments else 0


def _stood_or_why_not(snapshot: Snapshot, claim: Claim, forecasts: Sequence[Forecast]) -> tuple[SeriesState, int]:
    """Decide whether one of the forecasts stood inside the window.

    Returns:
        STOOD and the moment from which the first one stood; or else why none did, and when the first one began.
    """
    verdict = snapshot.verdict(claim)
    whole_days, limit = by_day(claim, verdict), in_microseconds(counts_until(claim, verdict))
    opens = in_microseconds(start_of(claim.opens_on))
    begins = [in_microseconds(stands_at(forecast.made_at, by_day=whole_days)) for forecast in forecasts]
    for forecast, begin, end in zip(forecasts, begins, [*begins[1:], limit], strict=True):
        start = stood_from(begin, end, opens, limit)
        if start is not None and not forecast.withdrawn:
            return SeriesState.STOOD, start
    late = SeriesState.LAST_DAY if on_the_day(claim, verdict, forecasts[0].made_at) else SeriesState.LATE
    return (late if begins[0] >= limit else SeriesState.WITHDRAWN), begins[0]


def stood_from(begin: int, end: int, opens: int, limit: int) -> int | None:
    """Return the moment from which a forecast stood inside its window, for a single one; None if it never did.

    It is what :func:`forecasts.standing.intervals` does for arrays, without numpy, which a typed `forecast` would load
    for this alone.

    >>> stood_from(1, 3, 0, 5), stood_from(5, 9, 0, 5), stood_from(0, 9, 2, 2)
    (1, None, 2)
    """
    if limit <= opens:  # the answer was known by the opening: what was said last before it stands there
        return opens if begin < limit <= end else None
    start = max(begin, opens)
    return start if start < min(end, limit) else None


def _replaced(own: _Series, first: _Series) -> bool:
    """Return True if the forecaster is scored on another claim of the chain, that of the series with the least rank."""
    return own is not first and first.stood and (own.stood or own.rank[-1] > first.rank[-1])
