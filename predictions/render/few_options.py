"""Choose the options of a choice that are shown one by one where room is short; the others are summed up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from predictions.enums import ClaimType
from predictions.records import Claim, Forecast

MOST_OPTIONS = 10  # rows: nine options and one for the rest


def few_options(claim: Claim, standing: Iterable[Forecast], came_true: str | None = None) -> list[str]:
    """Return the options that are shown, in the order of the claim: all if they are few.

    Of many options: those with the largest shares of the *standing* forecasts, and the one that *came_true*. Of ordered
    ones the first, so that the rest is the end of the order.
    """
    options = list(claim.options)
    if len(options) <= MOST_OPTIONS:
        return options
    if claim.type is ClaimType.ORDERED:
        return options[: MOST_OPTIONS - 1]
    given = dict.fromkeys(options, 0.0)
    for share in (share for forecast in standing for share in forecast.shares):
        given[share.option] = given.get(share.option, 0.0) + share.share
    most = sorted(options, key=lambda option: (option != came_true, -given[option]))[: MOST_OPTIONS - 1]
    return [option for option in options if option in most]


def shares_of(forecast: Forecast, options: Sequence[str]) -> list[tuple[str, float]]:
    """Return the share of each of these options, then the sum of all others, if there are any."""
    own = [(share.option, share.share) for share in forecast.shares if share.option in options]
    rest = [share.share for share in forecast.shares if share.option not in options]
    return [*own, (f"{len(rest)} others", sum(rest))] if rest else own
