"""Crowds as forecasters: what the standing numbers of several people come to, computed and never stored.

A crowd says something new whenever a member does. It stands while at least two members do. Members are the
forecasters of other kinds than crowd and reference; numbers read from words, and times that are backdated,
stay out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from predictions.errors import Conflict
from predictions.kinds import DERIVED, ForecasterKind
from predictions.records import Claim, Forecast, Forecaster, Record
from predictions.scoring.rows import counting
from predictions.snapshot import Recorded, Snapshot

CLIP = 0.001
FEWEST = 2
PLACES = 12
METHODS = {
    "crowd-median": "the median of the standing forecasts",
    "crowd-odds": f"the geometric mean of the odds, members kept {CLIP} away from 0 and 1",
    "crowd-recent": "the median weighted by recency: exp(sqrt(k) - sqrt(n)), k = 1 for the oldest of n forecasts",
}


def with_crowds(snapshot: Snapshot) -> Snapshot:
    """The snapshot with a forecaster of kind crowd for each method, and its forecasts on the scored claims.

    Raises Conflict where a forecaster of the ledger bears the name of one.
    """
    taken = [one.slug for one in snapshot.all(Forecaster) if one.slug in METHODS]
    if taken:
        raise Conflict(f"forecaster {taken[0]!r} of this ledger has the name of a computed crowd; leave the crowds out")
    extra: list[Recorded[Record]] = [
        Recorded(Forecaster(slug=slug, title=slug, kind=ForecasterKind.CROWD, method=method), -1, snapshot.as_of)
        for slug, method in METHODS.items()
    ]
    members = {one.slug for one in snapshot.all(Forecaster) if one.kind not in DERIVED}
    for claim in snapshot.all(Claim):
        if claim.scored:
            extra += _crowds(snapshot, claim, members)
    return snapshot.also(extra)


def _crowds(snapshot: Snapshot, claim: Claim, members: set[str]) -> Iterator[Recorded[Record]]:
    standing: dict[str, float] = {}  # by forecaster, the oldest forecast first
    said = False
    speaking = {item.record.forecaster for item in snapshot.forecasts_on(claim)} & members
    told: list[Forecast] = []
    for member in sorted(speaking):
        forecasts, backdated, _ = counting(snapshot, claim, member)
        if not backdated and not any(one.imputed for one in forecasts):
            told += forecasts
    told.sort(key=lambda one: one.made_at)
    for place, one in enumerate(told):
        standing.pop(one.forecaster, None)
        if one.probability is not None:
            standing[one.forecaster] = one.probability
        if place + 1 < len(told) and told[place + 1].made_at == one.made_at:
            continue  # several at one moment make one change
        if len(standing) < FEWEST and not said:
            continue
        said = len(standing) >= FEWEST
        for slug, combine in _combiners().items():
            value = round(combine(list(standing.values())), PLACES) if said else None
            forecast = Forecast(
                claim=claim.slug,
                forecaster=slug,
                made_at=one.made_at,
                probability=value,
                withdrawn=None if said else True,
                note=f"{len(standing)} members" if said else None,
            )
            yield Recorded(forecast, -1, one.made_at)


def _combiners() -> dict[str, Callable[[Sequence[float]], float]]:
    from forecasts.aggregation import geometric_mean_odds, median, recency_weighted_median

    return {
        "crowd-median": lambda members: _number(median(members)),
        "crowd-odds": lambda members: _number(geometric_mean_odds(members, clip=CLIP)),
        "crowd-recent": lambda members: _number(recency_weighted_median(members)),
    }


def _number(combined: object) -> float:
    """What some members came to: one number, because there are some, and one moment."""
    if not isinstance(combined, float):
        raise TypeError(f"a crowd came to {combined!r}, which is not one number")
    return combined
