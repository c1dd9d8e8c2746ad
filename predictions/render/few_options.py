"""Choose which options of a choice are shown one by one if there is little room; the others are added up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from predictions.enums import ClaimType
from predictions.records import Claim, Forecast

MOST_OPTIONS = 10  # rows: if there are more options, nine of them and one row for the rest


def few_options(claim: Claim, standing: Iterable[Forecast], came_true: str | None = None) -> list[str]:
    """Return the options that are shown, in the order of the claim: all if they are few.

    If they are many, it is those with the largest shares in the *standing* forecasts, and the one that *came_true*. If
    they are ordered, it is the first ones, so that the rest is the end of the order.
    """
    options = list(claim.options)
    if len(options) <= MOST_OPTIONS:
        return options
    if claim.type is ClaimType.ORDERED:
        return options[: MOST_OPTIONS - 1]
    sums = dict.fromkeys(options, 0.0)
    for forecast in standing:
        for share in forecast.shares:
            sums[share.option] = sums.get(share.option, 0.0) + share.share
    largest = sorted(options, key=lambda option: (option != came_true, -sums[option]))[: MOST_OPTIONS - 1]
    return [option for option in options if option in largest]


def shares_of(forecast: Forecast, options: Sequence[str]) -> list[tuple[str, float]]:
    """Return each of these options with its share, then the others as one, if there are any: ``3 others``."""
    own = [(share.option, share.share) for share in forecast.shares if share.option in options]
    rest = [share.share for share in forecast.shares if share.option not in options]
    return [*own, (f"{len(rest)} others", sum(rest))] if rest else own
