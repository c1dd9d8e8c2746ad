"""Where the forecasts on one claim are counted, told from the records of that claim and of those in its chain.

A receipt asks this after one verdict, when reading every forecast of the ledger would take too long. The rules are
those of :mod:`predictions.scoring.eligibility`, and tests hold both to the same answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from predictions.records import Claim, Forecast
from predictions.scoring.claim_statement import speaker_of, stood_as_said
from predictions.scoring.eligibility import Category, SeriesState, SetApart, eligibility_of
from predictions.scoring.eligible_forecasts import eligible_forecasts
from predictions.slugs import slug_of_name
from predictions.snapshot import Snapshot, said_numbers
from predictions.status import Timing, by_day, comes_late, counts_until, on_the_day, stands_at, status, timing
from predictions.timestamps import in_microseconds, start_of


class _Series(NamedTuple):
    """The forecasts of one forecaster on one claim; in a chain of claims the one of least `rank` is scored."""

    rank: tuple[int, int, int]
    claim: Claim
    mark: SetApart
    state: SeriesState
    stood: bool


class Fate(NamedTuple):
    """Where the forecasts of one forecaster on one claim count once its settle day has come.

    Attributes:
        category: Where, or why they do not.
        counted: True if they are in the plain counts, as words are that were read afterwards and are in no mean.
    """

    category: Category
    counted: bool


def fates_on(snapshot: Snapshot, claim: Claim) -> dict[str, Fate]:
    """Say for each forecaster on a claim what becomes of their forecasts on scorecards.

    The *snapshot* holds the claims that the claim supersedes, those that supersede it, and the forecasts on all these.
    """
    chain = _chain(snapshot, claim)
    said = dict.fromkeys(item.record.forecaster for item in snapshot.forecasts_on(claim))
    fates = {who: _fate_in(snapshot, chain, claim, who) for who in said}
    return {who: fate for who, fate in fates.items() if fate}


def fate_of_forecast(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> Fate | None:
    """Say what becomes of one forecast: what keeps its series apart, or itself beside others of theirs that count.

    Of several reasons the one that scorecards give is named. None where it does not fit its claim.
    """
    found = _marked(snapshot, _chain(snapshot, claim), claim, forecast.forecaster)
    if found is None:
        return None
    mark, state = found
    if timing(snapshot, forecast) is Timing.BACKDATED:
        mark |= SetApart.BACKDATED
    if _read_beside_a_number(snapshot, claim, forecast):
        mark |= SetApart.READ_LATE
    if comes_late(claim, snapshot.verdict(claim), forecast.made_at):
        state = SeriesState.LATE
    category = eligibility_of(status(snapshot, claim), mark, state, waits=False).category
    return Fate(category, _fate(snapshot, claim, *found).counted)


def _read_beside_a_number(snapshot: Snapshot, claim: Claim, forecast: Forecast) -> bool:
    """Tell whether words were read too late beside forecasts that count."""
    if not forecast.imputed:
        return False
    eligible, said = eligible_forecasts(snapshot, claim, forecast.forecaster), said_numbers(forecast)
    return eligible.others_apart and all(said_numbers(one) != said for one in eligible.forecasts)


def counted_as_said(snapshot: Snapshot, claim: Claim) -> str | None:
    """Return the speaker who counts on a claim as having said it, without a number that counts there; None if nobody.

    What they said counts where it was said first in a chain of claims.
    """
    speaker = speaker_of(snapshot, claim)
    if speaker is None or not stood_as_said(snapshot, claim) or _said_before(snapshot, claim, speaker):
        return None
    who = slug_of_name(speaker, snapshot.forecaster_titles)
    fate = _fate_in(snapshot, _chain(snapshot, claim), claim, who) if who else None
    return None if fate and fate.counted else speaker


def _said_before(snapshot: Snapshot, claim: Claim, speaker: str) -> bool:
    """Tell whether what a speaker said counts on an earlier claim of the chain, by a number or as said."""
    chain, who = _chain(snapshot, claim), slug_of_name(speaker, snapshot.forecaster_titles)
    for one in takewhile(lambda one: one.slug != claim.slug, chain):
        fate = _fate_in(snapshot, chain, one, who) if who else None
        as_said = speaker_of(snapshot, one) == speaker and stood_as_said(snapshot, one)
        if fate.counted if fate else as_said:
            return True
    return False


def _fate_in(snapshot: Snapshot, claims: Sequence[Claim], claim: Claim, who: str) -> Fate | None:
    """Say what becomes of a forecaster's forecasts on one claim of a chain."""
    found = _marked(snapshot, claims, claim, who)
    return found and _fate(snapshot, claim, *found)


def _marked(
    snapshot: Snapshot, claims: Sequence[Claim], claim: Claim, who: str
) -> tuple[SetApart, SeriesState] | None:  # fmt: skip
    """Return what keeps the series of a forecaster on one claim of a chain apart, and whether it stood."""
    chain = [series for chained in claims for series in _series_on(snapshot, chained, who)]
    own = next((series for series in chain if series.claim == claim), None)
    if own is None:
        return None
    return own.mark | (SetApart.SUPERSEDED if _replaced(own, min(chain)) else SetApart(0)), own.state


def _fate(snapshot: Snapshot, claim: Claim, mark: SetApart, state: SeriesState) -> Fate:
    category = eligibility_of(status(snapshot, claim), mark, state, waits=False).category
    apart = SetApart.BACKDATED in mark or SetApart.SUPERSEDED in mark
    return Fate(category, state is SeriesState.STOOD and not apart)


def _chain(snapshot: Snapshot, claim: Claim) -> list[Claim]:
    """List the scored claims that supersede each other, from the first one on."""
    while claim.supersedes:
        claim = snapshot.find(Claim, claim.supersedes)
    chain = [claim]
    for chained in chain:
        chain += [later for later in snapshot.all(Claim) if later.supersedes == chained.slug]
    return [chained for chained in chain if chained.scored]


def _series_on(snapshot: Snapshot, claim: Claim, who: str) -> Iterator[_Series]:
    """Yield the series of a forecaster on a claim, if they said anything of it that is known by now."""
    eligible = eligible_forecasts(snapshot, claim, who)
    if eligible.forecasts:
        state, began = _stood_or_why_not(snapshot, claim, eligible.forecasts)
        found = eligibility_of(status(snapshot, claim), eligible.mark, state, waits=False)
        # In a chain the claim with a forecast that can be verified goes first; the ledger's order decides the rest.
        order = (1 if found.backdated else 0) if found.stood else 2
        entry = snapshot.revisions(Claim, claim.slug)[0].entry
        yield _Series((order, began, entry), claim, eligible.mark, state, found.stood)


def _stood_or_why_not(snapshot: Snapshot, claim: Claim, forecasts: Sequence[Forecast]) -> tuple[SeriesState, int]:
    """Tell whether one of the forecasts stood inside the window, if none did, why, and when the first one began."""
    verdict = snapshot.verdict(claim)
    told_by_day, limit = by_day(claim, verdict), in_microseconds(counts_until(claim, verdict))
    opens = in_microseconds(start_of(claim.opens_on))
    begins = [in_microseconds(stands_at(forecast.made_at, by_day=told_by_day)) for forecast in forecasts]
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
    """Tell whether the forecaster is scored on another claim of the chain, the *first* on which a forecast stood."""
    return own is not first and first.stood and (own.stood or own.rank[-1] > first.rank[-1])
