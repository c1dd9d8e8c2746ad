"""Which options of a choice have a place of their own where it is shown in short, and what the others have together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from predictions.enums import ClaimType
from predictions.records import Claim, Forecast

MOST_OPTIONS = 10  # that are shown; the rest are one


def few_options(claim: Claim, standing: Iterable[Forecast], came_true: str | None = None) -> list[str]:
    """Choose the options that are shown, in their order: all of a few.

    Of many those that are given most, and what came true; where they are ordered the first, so that the rest stays the
    end of the order.
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
    """Return the shares of some options by name, and that of all others together."""
    own = [(share.option, share.share) for share in forecast.shares if share.option in options]
    rest = [share.share for share in forecast.shares if share.option not in options]
    return [*own, (f"{len(rest)} others", sum(rest))] if rest else own
